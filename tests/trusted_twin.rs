//! What a fixture cannot hold: bodies too long to print, texts byte for byte, stored users that are none.

use std::sync::atomic::{AtomicUsize, Ordering};

use user_patch::{
    engine::{Json, Limits},
    report::InvalidUser,
    trusted_twin::{Context, Effect, Patch, Refusal, Statement, User, Violations, is_key, is_name, parse_uuid},
};

const UUID: &str = "f63d5c5c-0c5e-4c1a-9b1e-0d7a2f6f9a11";
const ROLE: &str = "5b1c7f5a-2d3e-4c7b-9a52-0f6a1e3d9c10";

/// A user with these members beside `uuid`, `name` and `role`.
fn stored(others: &str) -> Result<User, InvalidUser> {
    User::from_json(format!(r#"{{"uuid":"{UUID}","name":"Operator","role":"{ROLE}"{others}}}"#).as_bytes())
}

/// What becomes of the description of a user by this body.
#[track_caller]
fn described(body: &str) -> String {
    let mut user = stored("").unwrap();
    let applied = Patch::parse(body.as_bytes()).unwrap().apply(&mut user, &Context::default()).unwrap();
    assert_eq!(applied.changed().len(), 1);
    user.description().unwrap().text().to_owned()
}

#[track_caller]
fn refusals<T>(outcome: Result<T, Violations>) -> Vec<(Refusal, String)> {
    let Err(violations) = outcome else { panic!("it is accepted") };
    violations.iter().map(|violation| (violation.refusal(), violation.pointer().as_str().to_owned())).collect()
}

/// A body of so many bytes.
fn body_of(length: usize) -> String {
    let (start, end) = (r#"{"description":{"a":""#, r#""}}"#);
    let body = format!("{start}{}{end}", "x".repeat(length - start.len() - end.len()));
    assert_eq!(body.len(), length);
    body
}

#[test]
fn a_body_of_64_kilobytes_is_read_and_one_byte_more_is_not() {
    let (fits, too_long) = (body_of(65_536), body_of(65_537));
    assert!(Patch::parse(fits.as_bytes()).is_ok());

    let violations = Patch::parse(too_long.as_bytes()).unwrap_err();
    let reply = violations.reply(&Context::default());
    assert_eq!(reply.status, 400);
    assert!(reply.body.starts_with(r#"{"subcode":"400141","trace":null,"description":""#), "{}", reply.body);
    assert_eq!(refusals::<()>(Err(violations)), [(Refusal::TooLong, String::new())]);
}

#[test]
fn a_body_too_long_is_refused_whatever_it_is() {
    for body in [vec![b' '; 65_537], vec![0xFF; 65_537], vec![b'['; 65_537]] {
        assert_eq!(refusals(Patch::parse(&body)), [(Refusal::TooLong, String::new())]);
    }
    assert_eq!(refusals(Patch::parse(&[b' '; 65_536])), [(Refusal::Malformed, String::new())]);
}

#[test]
fn without_a_limit_any_length_is_read() {
    let mut ctx = Context::default();
    ctx.policy.max_bytes = None;
    let body = body_of(3_000_000);
    let mut user = stored("").unwrap();
    let applied = Patch::parse_with(body.as_bytes(), &ctx.policy).unwrap().apply(&mut user, &ctx).unwrap();
    assert_eq!(applied.changed().len(), 1);
    assert_eq!(user.description().unwrap().text().len(), 3_000_000 - r#"{"description":}"#.len());
}

#[test]
fn a_description_of_128_levels_comes_back() {
    let inside = |levels: usize| format!(r#"{{"a":{}{}}}"#, "[".repeat(levels), "]".repeat(levels));
    let body = |levels| format!(r#"{{"description":{}}}"#, inside(levels));
    assert_eq!(described(&body(126)), inside(126));
    assert_eq!(refusals(Patch::parse(body(127).as_bytes())), [(Refusal::TooDeep, String::new())]);
}

#[test]
fn white_space_goes_and_every_digit_stays() {
    let body =
        "{\"description\": {\r\n\t\"a\" : 1.50 , \"b\" :[ 1e400,-0 , \" x  \\u0079 \" ],\"c\":{ } , \"d\" : null }}";
    assert_eq!(described(body), r#"{"a":1.50,"b":[1e400,-0," x  \u0079 "],"c":{},"d":null}"#);
}

#[test]
fn values_come_back_byte_for_byte() {
    let long = format!("0.{}", "1234567890".repeat(40));
    for value in ["null", "1.0", "123456789012345678901234567890", "1e400", "-0", "1E+05", r#""\u0041\/""#, "{}", &long]
    {
        let description = format!(r#"{{"a":{value}}}"#);
        assert_eq!(described(&format!(r#"{{"description":{description}}}"#)), description);
    }
}

#[test]
fn the_reply_has_the_order_of_the_page() {
    let user = stored(&format!(
        r#","updated_ts":2.5,"x":1.0,"created_ts":1646305837.120,"description":{{"a":1}},"account":"{UUID}""#
    ));
    let user = user.unwrap();
    assert_eq!(
        user.reply().body,
        format!(
            r#"{{"uuid":"{UUID}","name":"Operator","account":"{UUID}","role":"{ROLE}","description":{{"a":1}},"created_ts":1646305837.120,"updated_ts":2.5,"x":1.0}}"#
        )
    );
    assert_eq!((user.reply().status, user.reply().headers.len()), (200, 0));
}

#[test]
fn a_refusal_says_what_its_subcode_is_about() {
    let mut ctx = Context::default();
    ctx.trace = Some("4f2a".to_owned());
    ctx.roles = Some([].into());
    let body = format!(r#"{{"name":"!","description":[],"role":"{ROLE}"}}"#);
    let violations = Patch::parse(body.as_bytes()).unwrap().check(&stored("").unwrap(), &ctx).unwrap_err();
    assert_eq!(
        violations.reply(&ctx).body,
        r#"{"subcode":"400589","trace":"4f2a","description":"/description: must be a dictionary or null; /name: must match [0-9A-Za-z][0-9A-Za-z_ \\-]{0,30}[0-9A-Za-z], from its first character to its last"}"#
    );
}

#[test]
fn a_key_may_not_end_in_a_newline() {
    let patch = Patch::parse(b"{\"description\":{\"quota\\n\":1}}").unwrap();
    let outcome = patch.check(&stored("").unwrap(), &Context::default());
    let reply = outcome.as_ref().unwrap_err().reply(&Context::default());
    assert!(Json::parse(reply.body.as_bytes(), &Limits::default()).is_ok(), "{}", reply.body);
    assert_eq!(refusals(outcome), [(Refusal::Key, "/description/quota\n".to_owned())]);
}

#[test]
fn a_stored_user_is_what_the_page_says() {
    let good = r#"{"uuid":"f63d5c5c-0c5e-4c1a-9b1e-0d7a2f6f9a11","name":"Operator","role":"5b1c7f5a-2d3e-4c7b-9a52-0f6a1e3d9c10"}"#;
    assert_eq!(User::from_json(good.as_bytes()).unwrap().to_json(), good);
    for member in ["uuid", "name", "role"] {
        let without = good.replace(&format!(r#""{member}":"#), &format!(r#""no_{member}":"#));
        let Err(InvalidUser::Member { pointer, .. }) = User::from_json(without.as_bytes()) else {
            panic!("{member} must be there")
        };
        assert_eq!(pointer.as_str(), format!("/{member}"));
    }
}

#[test]
fn a_stored_member_that_the_page_does_not_allow_is_told() {
    for (others, place) in [
        (r#","account":"acme""#, "/account"),
        (r#","account":null"#, "/account"),
        (r#","description":[]"#, "/description"),
        (r#","description":{"A":1}"#, "/description/A"),
        (r#","created_ts":"2022""#, "/created_ts"),
        (r#","created_ts":1.1234"#, "/created_ts"),
        (r#","updated_ts":1e9"#, "/updated_ts"),
        (r#","updated_ts":null"#, "/updated_ts"),
    ] {
        match stored(others) {
            Err(InvalidUser::Member { pointer, .. }) => assert_eq!(pointer.as_str(), place),
            other => panic!("{others}: {other:?}"),
        }
    }
    assert!(matches!(stored(r#","name":"Operator""#), Err(InvalidUser::Malformed(_))));
    assert!(matches!(User::from_json(b"[]"), Err(InvalidUser::Malformed(_))));
}

#[test]
fn a_user_built_by_a_program_is_read_like_one_that_was_sent() {
    let value = serde_json::json!({"uuid": UUID, "name": "Operator", "role": ROLE, "description": {"a": [1, null]}});
    let user = User::from_value(&value).unwrap();
    assert_eq!(user, stored(r#","description":{"a":[1,null]}"#).unwrap());
    assert!(matches!(User::from_value(&serde_json::json!([])), Err(InvalidUser::Value(_))));
}

#[test]
fn a_statement_allows_by_its_list_and_denies_by_it() {
    let statement =
        |effect, actions: &[&str]| Statement { effect, actions: actions.iter().map(|&action| action.into()).collect() };
    assert!(statement(Effect::Allow, &["get_user", "update_user"]).allows_update());
    assert!(!statement(Effect::Allow, &["get_user"]).allows_update());
    assert!(!statement(Effect::Deny, &["get_user", "update_user"]).allows_update());
    assert!(statement(Effect::Deny, &["get_user"]).allows_update());
    assert!(statement(Effect::Deny, &[]).allows_update() && !statement(Effect::Allow, &[]).allows_update());
}

#[test]
fn a_context_says_nothing_that_is_not_known() {
    let read = |text: &str| serde_json::from_str::<Context>(text);
    assert_eq!(read("{}").unwrap(), Context::default());
    for wrong in [
        r#"{"statment":{}}"#,
        r#"{"statement":{"effect":"allow"}}"#,
        r#"{"statement":{"effect":"Allow","actions":[]}}"#,
        r#"{"statement":{"effect":"allow","actions":[],"resources":[]}}"#,
        r#"{"roles":["admin"]}"#,
        r#"{"roles":["{5b1c7f5a-2d3e-4c7b-9a52-0f6a1e3d9c10}"]}"#,
        r#"{"policy":{"unknownMembers":"keep"}}"#,
        r#"{"policy":{"maxDepth":256}}"#,
        r#"{"policy":{"maxBites":1}}"#,
    ] {
        assert!(read(wrong).is_err(), "{wrong}");
    }
}

#[test]
fn a_uuid_is_hyphenated() {
    assert_eq!(parse_uuid(ROLE), parse_uuid(&ROLE.to_uppercase()));
    assert!(parse_uuid(ROLE).is_some());
    let simple = ROLE.replace('-', "");
    let others = [format!("{{{ROLE}}}"), format!("urn:uuid:{ROLE}"), simple, format!("{ROLE} "), format!("{ROLE}\n")];
    assert!(others.iter().all(|text| parse_uuid(text).is_none()));
    // Of 36 bytes, and no UUID.
    assert!(["-".repeat(36), "0".repeat(36), "é".repeat(18)].iter().all(|text| parse_uuid(text).is_none()));
}

#[test]
fn names_and_keys_are_ascii_from_end_to_end() {
    for text in (0..=u32::from(char::MAX)).filter_map(char::from_u32) {
        let (alone, inside) = (text.to_string(), format!("a{text}b"));
        assert_eq!(is_key(&alone), matches!(text, 'a'..='z' | '_'), "{text:?}");
        assert_eq!(is_key(&inside), matches!(text, 'a'..='z' | '0'..='9' | '_'), "{text:?}");
        if text.is_ascii() || text.is_alphanumeric() || text.is_whitespace() {
            assert_eq!(is_name(&inside), text.is_ascii_alphanumeric() || matches!(text, '_' | ' ' | '-'), "{text:?}");
            assert_eq!(is_name(&format!("a{text}")), text.is_ascii_alphanumeric(), "{text:?}");
            assert!(!is_name(&alone), "{text:?}");
        }
    }
    assert!(is_name(&"a".repeat(32)) && !is_name(&"a".repeat(33)));
    assert!(is_key(&"a".repeat(64)) && !is_key(&"a".repeat(65)) && !is_key(""));
}

/// What a thread keeps is dropped with it, in whichever order, and what is dropped last may still ask.
#[test]
fn a_name_is_matched_until_its_thread_is_gone() {
    static ASKED: AtomicUsize = AtomicUsize::new(0);
    struct AtTheEnd;
    impl Drop for AtTheEnd {
        fn drop(&mut self) {
            ASKED.fetch_add(usize::from(is_name("Operator") && !is_name("-")), Ordering::Relaxed);
        }
    }
    thread_local! {
        static EARLY: AtTheEnd = const { AtTheEnd };
        static LATE: AtTheEnd = const { AtTheEnd };
    }
    let thread = std::thread::spawn(|| {
        EARLY.with(|_| {});
        assert!(is_name("Operator"));
        LATE.with(|_| {});
    });
    thread.join().unwrap();
    assert_eq!(ASKED.load(Ordering::Relaxed), 2);
}
