//! What a fixture cannot hold: bodies too long to print, texts byte for byte, stored users that are none.

// The helpers of a test may stop where it is wrong, as the test itself may.
#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use std::{
    collections::BTreeSet,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use user_patch::{
    engine::{Json, Limits},
    report::InvalidUser,
    trusted_twin::{
        Context, Effect, EmptyBody, Patch, Policy, ReadOnly, Refusal, Service, Statement, Subcode, UnknownMembers,
        User, Violations, audit, diff, is_key, is_name, parse_uuid, undo,
    },
};

const UUID: &str = "f63d5c5c-0c5e-4c1a-9b1e-0d7a2f6f9a11";
const ROLE: &str = "5b1c7f5a-2d3e-4c7b-9a52-0f6a1e3d9c10";

/// A user with these members beside `uuid`, `name` and `role`.
fn stored(others: &str) -> Result<User, InvalidUser> {
    User::from_json(format!(r#"{{"uuid":"{UUID}","name":"Operator","role":"{ROLE}"{others}}}"#).as_bytes())
}

/// Reads a body in the context that is given to nobody in particular.
fn parse(body: &[u8]) -> Result<Patch<'_>, Violations> {
    Patch::parse(body, &Context::default())
}

/// A context with one switch of its policy turned.
fn policy(turn: impl FnOnce(&mut Policy)) -> Context {
    let mut policy = Policy::default();
    turn(&mut policy);
    Context::with_policy(policy)
}

/// What becomes of the description of a user by this body.
#[track_caller]
fn described(body: &str) -> String {
    let mut user = stored("").unwrap();
    let applied = parse(body.as_bytes()).unwrap().apply(&mut user, &Context::default()).unwrap();
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
    assert!(parse(fits.as_bytes()).is_ok());

    let violations = parse(too_long.as_bytes()).unwrap_err();
    let reply = violations.reply(&Context::default());
    assert_eq!(reply.status, 400);
    assert!(reply.body.starts_with(r#"{"subcode":"400141","trace":null,"description":""#), "{}", reply.body);
    assert_eq!(refusals::<()>(Err(violations)), [(Refusal::TooLong, String::new())]);
}

#[test]
fn a_body_too_long_is_refused_whatever_it_is() {
    for body in [vec![b' '; 65_537], vec![0xFF; 65_537], vec![b'['; 65_537]] {
        assert_eq!(refusals(parse(&body)), [(Refusal::TooLong, String::new())]);
    }
    assert_eq!(refusals(parse(&[b' '; 65_536])), [(Refusal::Malformed, String::new())]);
}

#[test]
fn without_a_limit_any_length_is_read() {
    let ctx = policy(|policy| policy.max_bytes = None);
    let body = body_of(3_000_000);
    let mut user = stored("").unwrap();
    let applied = Patch::parse(body.as_bytes(), &ctx).unwrap().apply(&mut user, &ctx).unwrap();
    assert_eq!(applied.changed().len(), 1);
    assert_eq!(user.description().unwrap().text().len(), 3_000_000 - r#"{"description":}"#.len());
}

#[test]
fn a_description_of_128_levels_comes_back() {
    let inside = |levels: usize| format!(r#"{{"a":{}{}}}"#, "[".repeat(levels), "]".repeat(levels));
    let body = |levels| format!(r#"{{"description":{}}}"#, inside(levels));
    assert_eq!(described(&body(126)), inside(126));
    assert_eq!(refusals(parse(body(127).as_bytes())), [(Refusal::TooDeep, String::new())]);
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
    let mut service = Service::default();
    service.roles = Some(BTreeSet::new());
    let mut ctx = Context::of(Arc::new(service));
    ctx.trace = Some("4f2a".to_owned());
    let body = format!(r#"{{"name":"!","description":[],"role":"{UUID}"}}"#);
    let violations = Patch::parse(body.as_bytes(), &ctx).unwrap().check(&stored("").unwrap(), &ctx).unwrap_err();
    assert_eq!(
        violations.reply(&ctx).body,
        r#"{"subcode":"400589","trace":"4f2a","description":"/description: must be a dictionary or null; /name: must match [0-9A-Za-z][0-9A-Za-z_ \\-]{0,30}[0-9A-Za-z], from its first character to its last"}"#
    );
}

#[test]
fn a_key_may_not_end_in_a_newline() {
    let patch = parse(b"{\"description\":{\"quota\\n\":1}}").unwrap();
    let outcome = patch.check(&stored("").unwrap(), &Context::default());
    let reply = outcome.as_ref().unwrap_err().reply(&Context::default());
    assert!(Json::parse(reply.body.as_bytes(), &Limits::default()).is_ok(), "{}", reply.body);
    assert_eq!(refusals(outcome), [(Refusal::Key, "/description/quota\n".to_owned())]);
}

/// The places that make a stored user none, in their order.
#[track_caller]
fn faults(outcome: Result<User, InvalidUser>) -> Vec<String> {
    match outcome {
        Err(InvalidUser::Members(members)) => members.iter().map(|(pointer, _)| pointer.to_string()).collect(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_stored_user_has_a_uuid_and_a_role() {
    let good = r#"{"uuid":"f63d5c5c-0c5e-4c1a-9b1e-0d7a2f6f9a11","name":"Operator","role":"5b1c7f5a-2d3e-4c7b-9a52-0f6a1e3d9c10"}"#;
    assert_eq!(User::from_json(good.as_bytes()).unwrap().to_json(), good);
    for member in ["uuid", "role"] {
        let without = good.replace(&format!(r#""{member}":"#), &format!(r#""no_{member}":"#));
        assert_eq!(faults(User::from_json(without.as_bytes())), [format!("/{member}")]);
        let null = without.replace(r#""name":"#, &format!(r#""{member}":null,"name":"#));
        assert_eq!(faults(User::from_json(null.as_bytes())), [format!("/{member}")]);
    }
    // The vendor makes users without one.
    let nameless = good.replace(r#""name":"Operator","#, "");
    let user = User::from_json(nameless.as_bytes()).unwrap();
    assert_eq!((user.name(), user.to_json()), (None, nameless));
}

#[test]
fn a_stored_member_that_cannot_be_read_is_told() {
    for (others, place) in [
        (r#","account":5"#, "/account"),
        (r#","description":[]"#, "/description"),
        (r#","description":"A""#, "/description"),
        (r#","created_ts":"2022""#, "/created_ts"),
        (r#","updated_ts":{}"#, "/updated_ts"),
    ] {
        assert_eq!(faults(stored(others)), [place]);
    }
    let all = br#"{"updated_ts":true,"description":[1],"created_ts":[],"name":5,"account":{},"role":1}"#;
    let places = ["/account", "/created_ts", "/description", "/name", "/role", "/updated_ts", "/uuid"];
    assert_eq!(faults(User::from_json(all)), places);
    assert!(matches!(stored(r#","name":"Operator""#), Err(InvalidUser::Malformed(_))));
    assert!(matches!(User::from_json(b"[]"), Err(InvalidUser::Malformed(_))));
}

#[test]
fn a_stored_value_that_breaks_a_rule_is_read_and_written_again() {
    for others in [
        r#","account":"acme""#,
        r#","description":{"A":1}"#,
        r#","created_ts":1.1234"#,
        r#","updated_ts":1e9"#,
        r#","updated_ts":-0"#,
    ] {
        let user = stored(others).unwrap();
        assert!(user.to_json().contains(others), "{}", user.to_json());
        // Nor does an update that says it again change it.
        let mut echoed = user.clone();
        let ctx = policy(|policy| policy.read_only = ReadOnly::RefuseChanged);
        let echo = user.to_json();
        let applied = Patch::parse(echo.as_bytes(), &ctx).unwrap().apply(&mut echoed, &ctx).unwrap();
        assert_eq!((applied.changed(), echoed.to_json()), (&[][..], echo.clone()));
    }
    // What is null is not there.
    for others in [r#","account":null"#, r#","updated_ts":null"#, r#","description":null"#] {
        assert_eq!(stored(others).unwrap(), stored("").unwrap());
    }
}

#[test]
fn a_name_that_breaks_the_pattern_may_stay_and_can_be_mended() {
    let broken = format!(r#"{{"uuid":"{UUID}","name":"-x","role":"root","description":{{"A":1}}}}"#);
    let user = User::from_json(broken.as_bytes()).unwrap();
    assert!(
        parse(br#"{"name":"-x","role":"root","description":{"A":1}}"#)
            .unwrap()
            .check(&user, &Context::default())
            .is_ok()
    );
    let mut mended = user.clone();
    let body = format!(r#"{{"name":"Operator","role":"{ROLE}","description":{{"a":1}}}}"#);
    let applied = parse(body.as_bytes()).unwrap().apply(&mut mended, &Context::default()).unwrap();
    assert_eq!((applied.changed().len(), mended), (3, stored(r#","description":{"a":1}"#).unwrap()));
    // A description is one value: one new key, and all are judged.
    let patch = parse(br#"{"name":"-y","description":{"A":1,"b":2}}"#).unwrap();
    assert_eq!(
        refusals(patch.check(&user, &Context::default())),
        [(Refusal::Key, "/description/A".to_owned()), (Refusal::Name, "/name".to_owned())]
    );
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
    for (effect, is_allowed) in [("allow", false), ("deny", true)] {
        // The vendor's default.
        let context = format!(r#"{{"statement":{{"effect":"{effect}","actions":null}}}}"#);
        let ctx: Context = serde_json::from_str(&context).unwrap();
        assert_eq!(ctx.statement.allows_update(), is_allowed);
    }
}

#[test]
fn who_may_not_update_is_told_that_alone_and_before_a_byte_is_read() {
    let mut ctx = policy(|policy| policy.max_bytes = Some(4));
    let allowed = parse(br#"{"name":"!","x":1}"#).unwrap();
    ctx.statement = Statement { effect: Effect::Deny, actions: vec!["update_user".to_owned()] };
    for body in [&b""[..], b"{}", b"\xFF", b"[[[", br#"{"name":"!","x":1}"#, &[b' '; 100]] {
        let violations = Patch::parse(body, &ctx).unwrap_err();
        assert_eq!(violations.reply(&ctx).status, 403);
        assert_eq!(refusals::<()>(Err(violations)), [(Refusal::NotAllowed, String::new())]);
    }
    // A patch that was read for somebody else is refused all the same.
    assert_eq!(refusals(allowed.check(&stored("").unwrap(), &ctx)), [(Refusal::NotAllowed, String::new())]);
}

#[test]
fn a_body_of_no_bytes_is_none_unless_the_policy_reads_it() {
    assert_eq!(refusals(parse(b"")), [(Refusal::Malformed, String::new())]);
    let ctx = policy(|policy| policy.empty_body = EmptyBody::Unchanged);
    let mut user = stored("").unwrap();
    let applied = Patch::parse(b"", &ctx).unwrap().apply(&mut user, &ctx).unwrap();
    assert_eq!((applied.changed(), user), (&[][..], stored("").unwrap()));
    assert_eq!(refusals(Patch::parse(b" ", &ctx)), [(Refusal::Malformed, String::new())]);
}

#[test]
fn a_subcode_is_a_string_or_a_number() {
    let ctx = policy(|policy| policy.subcode = Subcode::Number);
    let reply = Patch::parse(b"nope", &ctx).unwrap_err().reply(&ctx);
    assert!(reply.body.starts_with(r#"{"subcode":400415,"trace":null,"description":""#), "{}", reply.body);
}

/// By itself each, all of them, and all but one: none hides another.
#[test]
fn each_read_only_member_that_is_ignored_is_told() {
    let members = ["account", "created_ts", "updated_ts", "uuid"];
    let ctx = policy(|policy| policy.read_only = ReadOnly::Ignore);
    let user = stored("").unwrap();
    for chosen in 0_u32..1 << members.len() {
        let said: Vec<_> = (0..members.len()).filter(|at| chosen >> at & 1 == 1).map(|at| members[at]).collect();
        let body = format!("{{{}}}", said.iter().map(|name| format!(r#""{name}":1"#)).collect::<Vec<_>>().join(","));
        let findings = Patch::parse(body.as_bytes(), &ctx).unwrap().check(&user, &ctx).unwrap();
        let told: Vec<_> = findings.iter().map(|finding| finding.pointer().as_str().to_owned()).collect();
        assert_eq!(told, said.iter().map(|name| format!("/{name}")).collect::<Vec<_>>(), "{body}");
    }
}

#[test]
fn unknown_members_are_kept_where_the_policy_says_so() {
    let ctx = policy(|policy| policy.unknown_members = UnknownMembers::Keep);
    let mut user = stored(r#","activity":{"a":1},"z":1"#).unwrap();
    let body = br#"{"new":null,"activity":{"b":[1.0]},"z":1}"#;
    let applied = Patch::parse(body, &ctx).unwrap().apply(&mut user, &ctx).unwrap();
    let changed: Vec<_> = applied.changed().iter().map(ToString::to_string).collect();
    assert_eq!(changed, ["/activity", "/new"]);
    assert_eq!(user.to_json(), stored(r#","activity":{"b":[1.0]},"z":1,"new":null"#).unwrap().to_json());
}

#[test]
fn a_thousand_violations_are_told_by_the_first_256_and_a_number() {
    let keys: Vec<_> = (0..1000).map(|at| format!(r#""A{at:03}":0"#)).collect();
    let body = format!(r#"{{"description":{{{}}}}}"#, keys.join(","));
    let violations = parse(body.as_bytes()).unwrap().check(&stored("").unwrap(), &Context::default()).unwrap_err();
    assert_eq!((violations.len(), violations.omitted()), (256, 744));
    assert_eq!(violations.iter().last().unwrap().pointer().as_str(), "/description/A255");
    let reply = violations.reply(&Context::default());
    assert!(reply.body.ends_with(r#"; and 744 more"}"#), "{}", reply.body);
}

#[test]
fn an_update_is_undone_after_the_clock_has_moved() {
    let before = stored(r#","description":{"a":1},"created_ts":1.5,"updated_ts":2.5"#).unwrap();
    let mut ctx = Context::default();
    ctx.now = Some("2026-01-01T00:00:00.123987Z".parse().unwrap());
    let mut after = before.clone();
    let applied = parse(br#"{"name":"Operator-7","description":null}"#).unwrap().apply(&mut after, &ctx).unwrap();
    assert_eq!(applied.changed().len(), 2);
    assert_eq!(after.updated_ts().unwrap().text(), "1767225600.123");
    let back = undo(&before, &after, &ctx).unwrap().patch().unwrap();
    assert_eq!(back.to_json(), r#"{"name":"Operator","description":{"a":1}}"#);
    assert_eq!(diff(&after, &before, &ctx).unwrap().patch().unwrap(), back);
    assert!(audit(&before, &after).to_json().contains("/updated_ts"));
}

#[test]
fn a_context_says_nothing_that_is_not_known() {
    let read = |text: &str| serde_json::from_str::<Context>(text);
    assert_eq!(read("{}").unwrap(), Context::default());
    for wrong in [
        r#"{"statment":{}}"#,
        r#"[]"#,
        r#"{"statement":{}}"#,
        r#"{"statement":["allow",["update_user"]]}"#,
        r#"{"statement":{"effect":{"allow":null},"actions":[]}}"#,
        r#"{"statement":{"effect":"allow","actions":"update_user"}}"#,
        r#"{"statement":{"actions":[]}}"#,
        r#"{"statement":{"effect":"Allow","actions":[]}}"#,
        r#"{"statement":{"effect":"allow","actions":[],"resources":[]}}"#,
        r#"{"roles":["admin"]}"#,
        r#"{"roles":["{5b1c7f5a-2d3e-4c7b-9a52-0f6a1e3d9c10}"]}"#,
        r#"{"policy":{"unknownMembers":"drop"}}"#,
        r#"{"policy":{"unknownMembers":{"keep":null}}}"#,
        r#"{"policy":[65536]}"#,
        r#"{"policy":null}"#,
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

/// A member that changes keeps its name as it was spelled, and one that is repeated its value, whoever keeps it.
#[test]
fn a_change_writes_nothing_but_what_changes() {
    let ctx = policy(|policy| policy.unknown_members = UnknownMembers::Keep);
    for (others, body, expected) in [
        (r#""n\u0061me":"Oper""#, r#"{"name":"Oper 2"}"#, r#""n\u0061me":"Oper 2""#),
        (r#""x":{"a":1,"b":"\u0061"}"#, r#"{"x":{"b":"a","a":1},"name":"Oper 2"}"#, r#""x":{"a":1,"b":"\u0061"}"#),
        (r#""x":1,"y":2"#, r#"{"y":3,"x":1,"z":4}"#, r#""x":1,"y":3,"z":4"#),
    ] {
        let mut user = User::from_json(format!(r#"{{"uuid":"{UUID}","role":"{ROLE}",{others}}}"#).as_bytes()).unwrap();
        let _ = Patch::parse(body.as_bytes(), &ctx).unwrap().apply(&mut user, &ctx).unwrap();
        assert!(user.to_json().contains(expected), "{user:?} is {}", user.to_json());
        assert_eq!(User::from_json(user.to_json().as_bytes()).unwrap(), user);
    }
}

/// Wherever in a key it stands, and however long the key is: eight bytes are looked at at once.
#[test]
fn each_byte_of_a_key_counts() {
    for length in 1..=66 {
        let key = "k".repeat(length);
        assert_eq!(is_key(&key), length <= 64, "{length}");
        for at in 0..length {
            let with = |byte: char| format!("{}{byte}{}", &key[..at], &key[at + 1..]);
            for byte in ['A', 'Z', '@', '[', '^', '`', '{', '/', ':', '-', ' ', '.', '\0', '\x7f'] {
                assert!(!is_key(&with(byte)), "{byte:?} at {at} of {length}");
            }
            for byte in ['a', 'z', '_', '0', '9'] {
                let begins_well = at > 0 || !byte.is_ascii_digit();
                assert_eq!(is_key(&with(byte)), length <= 64 && begins_well, "{byte:?} at {at} of {length}");
            }
        }
    }
}
