//! What is left of a password in the memory of the process once everything that held it is dropped: nothing.
//!
//! The test reads all of its own memory that can be written, as the kernel shows it, so it runs on Linux alone.
#![cfg(target_os = "linux")]
// The helpers of a test may stop where it is wrong, as the test itself may.
#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use std::{
    fs::{self, File},
    io::{Read, Seek, SeekFrom},
};

use user_patch::elastic::{Context, Patch, Policy, StringBody, User, rebase};
use zeroize::{Zeroize, Zeroizing};

/// The password, each byte with its bits turned over, so that the program itself does not hold it.
const HIDDEN: [u8; 24] = {
    let mut hidden = *b"Xr7-qLw2-Zk9p-Tm4v-Bn6s!";
    let mut at = 0;
    while at < hidden.len() {
        hidden[at] = !hidden[at];
        at += 1;
    }
    hidden
};

/// How often the password is in memory.
fn found() -> usize {
    let maps = fs::read_to_string("/proc/self/maps").unwrap();
    let mut memory = File::open("/proc/self/mem").unwrap();
    let mut buffer = vec![0; 1 << 20];
    let own = buffer.as_ptr().addr() as u64;
    let own = own..own + buffer.len() as u64;
    let mut found = 0;
    for line in maps.lines().filter(|line| line.contains(" rw")) {
        let (begin, end) = line.split_once(' ').unwrap().0.split_once('-').unwrap();
        let [mut at, end] = [begin, end].map(|place| u64::from_str_radix(place, 16).unwrap());
        while at < end {
            // What it has read is not to be found in it.
            if own.contains(&at) {
                at = own.end;
                continue;
            }
            let end = if at < own.start { end.min(own.start) } else { end };
            let length = usize::try_from(end - at).unwrap().min(buffer.len());
            memory.seek(SeekFrom::Start(at)).unwrap();
            if memory.read_exact(&mut buffer[..length]).is_err() {
                break; // A mapping that cannot be read holds nothing of ours.
            }
            let is_here = |bytes: &[u8]| bytes.iter().zip(&HIDDEN).all(|(byte, hidden)| *byte == !hidden);
            found += buffer[..length].windows(HIDDEN.len()).filter(|bytes| is_here(bytes)).count();
            // The next part begins where one that is cut in two would.
            at += if at + (length as u64) == end { length as u64 } else { (length - HIDDEN.len() + 1) as u64 };
        }
    }
    buffer.zeroize();
    found
}

/// A text with the password in place of `PASSWORD`.
fn with_password(text: &str) -> Zeroizing<String> {
    let mut body = Zeroizing::new(String::with_capacity(text.len() + HIDDEN.len()));
    let (before, after) = text.split_once("PASSWORD").unwrap();
    body.push_str(before);
    HIDDEN.iter().for_each(|byte| body.push(char::from(!byte)));
    body.push_str(after);
    body
}

const PLAIN: &str = r#"{"security":{"password":"PASSWORD"},"full_name":"Ada"}"#;
const ESCAPED: &str = r#"{"security":{"password":"\u0041PASSWORD"},"full_name":"Ada"}"#;

#[test]
fn nothing_is_left_of_a_password() {
    let user = User::from_json(br#"{"user_name":"ada","security":{}}"#).unwrap();
    let ctx = Context::default();
    let update = |patch: &Patch<'_>, ctx: &Context| {
        let mut after = user.clone();
        let applied = patch.apply(&mut after, ctx).unwrap();
        assert!(format!("{applied:?} {patch:?} {after:?}").len() > 20);
        let password = applied.into_password().unwrap();
        assert!(password.expose().len() >= HIDDEN.len());
    };
    assert_eq!(found(), 0);
    {
        let body = with_password(PLAIN);
        assert_eq!(found(), 1, "what is there is found");
        let _owned = Patch::parse(body.as_bytes(), &ctx).unwrap().into_owned();
        assert_eq!(found(), 2, "in a patch too");
    }
    assert_eq!(found(), 0, "a patch of its own is wiped");

    for text in [PLAIN, ESCAPED] {
        {
            let body = with_password(text);
            update(&Patch::parse(body.as_bytes(), &ctx).unwrap(), &ctx);
        }
        assert_eq!(found(), 0, "an update by {text}");
        {
            let body = with_password(text);
            let patch = Patch::parse(body.as_bytes(), &ctx).unwrap();
            let copy = patch.clone().into_owned().into_owned();
            update(&copy.clone(), &ctx);
            let next = Patch::parse(br#"{"email":"ada@example.com"}"#, &ctx).unwrap();
            update(&patch.then(&next).unwrap(), &ctx);
            update(&next.then(&copy).unwrap(), &ctx);
            update(&rebase(&user, &patch, &user).unwrap().patch().unwrap(), &ctx);
        }
        assert_eq!(found(), 0, "copies, compositions and rebases of {text}");
    }
    {
        let short = with_password(r#"{"security":{"password":"\u0041"},"n":"PASSWORD","user_name":"eve"}"#);
        let refused = Patch::parse(short.as_bytes(), &ctx).unwrap().check(&user, &ctx).unwrap_err();
        assert!(format!("{refused} {refused:?} {:?}", refused.reply()).len() > 20);
    }
    assert_eq!(found(), 0, "a refusal");
    {
        let mut policy = Policy::default();
        policy.string_body = StringBody::Decode;
        let ctx = Context::with_policy(policy);
        let body = with_password(r#""{\"security\":{\"password\":\"PASSWORD\"}}""#);
        update(&Patch::parse(body.as_bytes(), &ctx).unwrap(), &ctx);
    }
    assert_eq!(found(), 0, "a body that is a string");
    // An allocator writes into the beginning of what is free, so that the password is found only further behind.
    for before in ["PASSWORD", "\"\u{1}\\PASSWORD", "further behind than an allocator writes: PASSWORD"] {
        {
            let password = with_password(before);
            let builder = Patch::builder().full_name("Ada").password(&password).with(&["a", "b"], 1);
            update(&builder.clone().build(&ctx).unwrap(), &ctx);
            update(&builder.password(&password).build(&ctx).unwrap(), &ctx);
        }
        assert_eq!(found(), 0, "a patch that is built");
    }
    // What is written behind the password may take many times as many bytes as it has, or more than its names have.
    let (escaped, empty) = ("\u{1}".repeat(200), [""; 100]);
    for paths in
        [[vec!["a", &*escaped], vec![&*escaped, "a"]], [[&["a"][..], &empty].concat(), [&["b"][..], &empty].concat()]]
    {
        {
            let password = with_password("further behind than an allocator writes: PASSWORD");
            let builder = Patch::builder().password(&password).with(&paths[0], 1).with(&paths[1], 2);
            update(&builder.build(&ctx).unwrap(), &ctx);
        }
        assert_eq!(found(), 0, "a patch that is built with long names, or empty ones");
    }
}
