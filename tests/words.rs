//! Getters, names, and the words that types say of themselves: what nothing else would miss.

// The helpers of a test may stop where it is wrong, as the test itself may.
#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use std::fmt::Write;

use user_patch::{
    elastic,
    engine::{Document, FieldMask, Json, Limits, Pointer},
    exchange::{Pair, Part, Question, Update, answer},
    fireworks,
    intent::{Intent, NoPatch},
    report::{Audit, Effect, LISTED_MAX, Outside, Refuses, Rule, Violations},
    trusted_twin,
    vendor::{Elastic, Fireworks, TrustedTwin, UpdateModel, Vendor},
};

const OPERATOR: &str = r#"{"uuid":"f63d5c5c-0c5e-4c1a-9b1e-0d7a2f6f9a11","name":"Operator","account":"f63d5c5c-0c5e-4c1a-9b1e-0d7a2f6f9a12","role":"5b1c7f5a-2d3e-4c7b-9a52-0f6a1e3d9c10","description":{"k":1},"created_ts":1.5,"updated_ts":2.5,"x":[1]}"#;

#[test]
fn a_fireworks_user_has_each_member_of_its_page() {
    let text = r#"{"name":"accounts/acme/users/ada","displayName":"Ada","serviceAccount":true,"createTime":"2024-01-01T00:00:00Z","role":"custom","email":"ada@example.com","state":"READY","status":{"code":"OK"},"updateTime":"2024-01-02T00:00:00Z","permissionPreset":"READ_ONLY","x":[1]}"#;
    let user = fireworks::User::from_json(text.as_bytes()).unwrap();
    let told = [
        user.name(),
        user.display_name(),
        user.create_time(),
        user.role(),
        user.email(),
        user.update_time(),
        user.permission_preset(),
    ];
    let expected = [
        "accounts/acme/users/ada",
        "Ada",
        "2024-01-01T00:00:00Z",
        "custom",
        "ada@example.com",
        "2024-01-02T00:00:00Z",
        "READ_ONLY",
    ];
    assert_eq!(told, expected);
    assert!(user.service_account());
    assert_eq!([user.state(), user.status()].map(|value| value.unwrap().text()), [r#""READY""#, r#"{"code":"OK"}"#]);
    let others: Vec<_> = user.others().map(|(name, value)| (name.into_owned(), value.text().to_owned())).collect();
    assert_eq!(others, [("x".to_owned(), "[1]".to_owned())]);

    let least = fireworks::User::from_json(br#"{"role":"user"}"#).unwrap();
    assert_eq!([least.email(), least.create_time(), least.update_time(), least.name()], ["", "", "", ""]);
    assert!(least.state().is_none() && least.status().is_none() && least.others().next().is_none());
    assert!(!least.service_account());
}

#[test]
fn a_trusted_twin_user_has_each_member_of_its_page() {
    let user = trusted_twin::User::from_json(OPERATOR.as_bytes()).unwrap();
    assert_eq!(user.uuid(), "f63d5c5c-0c5e-4c1a-9b1e-0d7a2f6f9a11");
    assert_eq!(user.account().as_deref(), Some("f63d5c5c-0c5e-4c1a-9b1e-0d7a2f6f9a12"));
    assert_eq!((user.name().as_deref(), &*user.role()), (Some("Operator"), "5b1c7f5a-2d3e-4c7b-9a52-0f6a1e3d9c10"));
    let values = [user.description(), user.created_ts(), user.updated_ts()];
    assert_eq!(values.map(|value| value.unwrap().text()), [r#"{"k":1}"#, "1.5", "2.5"]);
    let others: Vec<_> = user.others().map(|(name, value)| (name.into_owned(), value.text().to_owned())).collect();
    assert_eq!(others, [("x".to_owned(), "[1]".to_owned())]);

    let least = user.without(&["account"]).and_then(|user| user.without(&["created_ts"])).unwrap();
    assert!(least.account().is_none() && least.created_ts().is_none() && least.updated_ts().is_some());
}

#[test]
fn what_lies_outside_has_a_name_of_its_own() {
    let names: Vec<_> = Outside::ALL.iter().map(Outside::to_string).collect();
    let expected = [
        "bad path",
        "unauthenticated",
        "forbidden",
        "not found",
        "method not allowed",
        "unsupported media type",
        "too large",
        "too many requests",
        "internal error",
        "unavailable",
    ];
    assert_eq!(names, expected);
}

#[test]
fn rules_codes_and_masks_say_what_they_are() {
    fn tell(rule: &Rule, shown: &mut String) {
        writeln!(shown, "{rule}").unwrap();
    }
    let mut shown = String::new();
    tell(fireworks::Refusal::RoleRequired.rule(), &mut shown);
    assert_eq!(shown, "fireworks.role.required: must be given (stated: role string required)\n");
    assert_eq!([Effect::Refuses, Effect::Decides].map(Effect::name), ["refuses", "decides"]);
    for code in fireworks::Code::ALL {
        assert_eq!(code.to_string(), code.name());
    }
    assert_eq!((fireworks::Refusal::RoleRequired.status(), elastic::Refusal::Restricted.status()), (400, 400));
    assert_eq!(trusted_twin::Refusal::NotAllowed.status(), 403);
    fn status<R: Refuses>(refusal: R) -> u16 {
        refusal.status()
    }
    assert_eq!([status(elastic::Refusal::Restricted), status(trusted_twin::Refusal::NotAllowed)], [400, 403]);
    let mask: FieldMask = "role,displayName".parse().unwrap();
    assert_eq!(format!("{mask:?}"), "FieldMask(display_name,role)");
    let name: fireworks::UserName = "accounts/acme/users/ada".parse().unwrap();
    for none in ["accounts/Acme/users/ada", "accounts/acme/users/Ada", "accounts/acme", "acme/ada", ""] {
        assert!(none.parse::<fireworks::UserName>().is_err(), "{none}");
    }
    assert_eq!((name.account().as_str(), name.user().as_str()), ("acme", "ada"));
    let document = Document::parse(b"{\"a\": [1, 2]}", &Limits::default()).unwrap();
    assert_eq!(Json::from(document.value().get("a").unwrap()).text(), "[1, 2]");
}

#[test]
fn a_failure_has_the_codes_that_it_has() {
    let reply = fireworks::Code::NotFound.reply("user not found");
    let failure = fireworks::Failure::read(reply.status, [], reply.body.as_bytes());
    assert!(failure.has(fireworks::Code::NotFound));
    assert!(!failure.has(fireworks::Code::InvalidArgument));
}

/// Masks are sets: what is equal has one hash.
#[test]
fn masks_are_equal_where_they_mean_the_same() {
    use std::hash::{BuildHasher, RandomState};
    let hasher = RandomState::new();
    let mask = |text: &str| text.parse::<FieldMask>().unwrap();
    for (one, other) in
        [("role,email", "email,role"), ("role", "role,role"), ("displayName", "display_name"), ("*", "*")]
    {
        assert_eq!(mask(one), mask(other));
        assert_eq!(hasher.hash_one(mask(one)), hasher.hash_one(mask(other)));
    }
    for (one, other) in [("role", "email"), ("role", "role,email"), ("*", "role"), ("", "role")] {
        assert_ne!(mask(one), mask(other));
        assert_ne!(hasher.hash_one(mask(one)), hasher.hash_one(mask(other)));
    }
}

#[test]
fn each_switch_of_a_policy_has_the_name_that_reads_as_it() {
    fn name<T: serde::de::DeserializeOwned + PartialEq + std::fmt::Debug>(value: &T, name: &str) {
        assert_eq!(serde_json::from_str::<T>(&format!("\"{name}\"")).unwrap(), *value);
    }
    elastic::MisplacedPassword::ALL.iter().for_each(|value| name(value, value.name()));
    elastic::StringBody::ALL.iter().for_each(|value| name(value, value.name()));
    elastic::UnknownMembers::ALL.iter().for_each(|value| name(value, value.name()));
    fireworks::RolePresence::ALL.iter().for_each(|value| name(value, value.name()));
    fireworks::WithoutMask::ALL.iter().for_each(|value| name(value, value.name()));
    fireworks::ReadOnly::ALL.iter().for_each(|value| name(value, value.name()));
    trusted_twin::ReadOnly::ALL.iter().for_each(|value| name(value, value.name()));
    trusted_twin::UnknownMembers::ALL.iter().for_each(|value| name(value, value.name()));
}

#[test]
fn a_question_that_cannot_be_asked_says_which_text_is_wrong() {
    let create = Question::Create { account: "acme".into(), user_id: None, patch: b"{}"[..].into(), context: b"null" };
    assert_eq!(format!("{create:?}"), "Create");
    let update = Update {
        user: br#"{"user_name":"ada","security":{}}"#,
        patch: b"{}"[..].into(),
        mask: "role".into(),
        context: b"null",
    };
    assert_eq!(format!("{update:?}"), "Update { .. }");
    let pair = Pair { from: br#"{"role":"user"}"#, to: br#"{"role":"admin"}"#, context: b"null" };
    assert_eq!(format!("{pair:?}"), "Pair { .. }");
    let decision = Question::Diff(pair).ask(Vendor::Fireworks).unwrap();
    assert_eq!(format!("{decision:?}"), r#"Difference(Patch(Patch { mask: Some("role"), .. }))"#);
    assert_eq!(format!("{:?}", answer(1, b"")), "Answer { verdict: Error, .. }");
    let ada = update.user;
    let (masked, none) = (|| update.clone(), b"{}"[..].into());
    let then = |mask: &'static str, next_mask: &'static str| Question::Then {
        patch: b"{}"[..].into(),
        mask: mask.into(),
        next: b"{}"[..].into(),
        next_mask: next_mask.into(),
        context: b"null",
    };
    for masked in [
        Question::Apply(masked()),
        Question::Check(masked()),
        Question::Audit(masked()),
        Question::Rebase { ours: masked(), theirs: ada },
        then("role", ""),
        then("", "role"),
    ] {
        let wrong = masked.ask(Vendor::Elastic).unwrap_err();
        assert_eq!((wrong.part(), wrong.message()), (Part::Mask, "elastic has no field masks"), "{masked:?}");
    }
    let unmasked = Question::Rebase { ours: Update { mask: "".into(), patch: none, ..masked() }, theirs: ada };
    assert!(unmasked.ask(Vendor::Elastic).is_ok() && then("", "").ask(Vendor::Elastic).is_ok());

    let line = br#"{"vendor":"fireworks","op":"diff","from":{"role":5},"to":{"role":"user"}}"#;
    let told = answer(1, line).line;
    assert!(told.starts_with(r#"{"id":null,"error":"`from`: "#), "{told}");
    // A member that no model reads is read strictly.
    let told = answer(1, br#"{"id":{"a":1,"a":2},"vendor":"fireworks","user":{},"patch":{}}"#).line;
    assert_eq!(told, r#"{"id":null,"error":"`id`: the same member twice at column 14","line":1}"#);
}

#[test]
fn what_an_intent_cannot_say_is_named() {
    let wish = Intent::new().attributes([("a/b", "x")]);
    match wish.patch::<Fireworks>(&fireworks::Context::default()).unwrap_err() {
        NoPatch::Unsaid(unsaid) => {
            assert!(
                unsaid[0].to_string().starts_with("attributes: no member holds attributes (inferred: "),
                "{}",
                unsaid[0]
            );
        }
        other => panic!("{other}"),
    }
    assert_eq!(format!("{wish:?}"), "Intent {Attributes}");
    let ctx = serde_json::from_str(r#"{"statement":{"effect":"deny","actions":["update_user"]}}"#).unwrap();
    let refused = Intent::new().display_name("Ada").patch::<TrustedTwin>(&ctx).unwrap_err();
    match &refused {
        NoPatch::Refused(violations) => assert_eq!(refused.to_string(), violations.to_string()),
        other => panic!("{other}"),
    }
}

/// Of more than a list has room for, those are told that come first, in whatever order the body has them.
#[test]
fn the_first_violations_of_many_are_told_whatever_their_order() {
    #[track_caller]
    fn first<R: Refuses>(violations: &Violations<R>, count: usize, place: impl Fn(usize) -> String) {
        let told: Vec<_> = violations.iter().map(|told| told.pointer().as_str().to_owned()).collect();
        assert_eq!(told, (0..LISTED_MAX).map(place).collect::<Vec<_>>());
        assert_eq!(violations.omitted(), count - LISTED_MAX);
    }
    let count = 2 * LISTED_MAX + 7;
    let name = |at: usize| format!("{}{at:04}", 'k');
    let up: Vec<_> = (0..count).map(|at| format!("\"{}\":1", name(at))).collect();
    let down: Vec<_> = up.iter().rev().cloned().collect();
    // In no order, and with the first where a list that is not in order yet would have its last.
    let mixed: Vec<_> = (0..count).map(|at| up[at * 197 % count].clone()).collect();
    let mut moved = down.clone();
    moved.swap(LISTED_MAX - 1, count - 1);
    for members in [up, down, mixed, moved] {
        let members = members.join(",");
        let user = fireworks::User::from_json(br#"{"role":"user"}"#).unwrap();
        let body = format!("{{\"role\":\"user\",{members}}}");
        let ctx = fireworks::Context::default();
        let violations = fireworks::Patch::parse(body.as_bytes(), &ctx).unwrap().check(&user, &ctx).unwrap_err();
        first(&violations, count, |at| format!("/{}", name(at)));

        let user = trusted_twin::User::from_json(OPERATOR.as_bytes()).unwrap();
        let ctx = trusted_twin::Context::default();
        let body = format!("{{{members}}}");
        let violations = trusted_twin::Patch::parse(body.as_bytes(), &ctx).unwrap().check(&user, &ctx).unwrap_err();
        first(&violations, count, |at| format!("/{}", name(at)));
        // Keys that break the pattern.
        let body = format!("{{\"description\":{{{}}}}}", members.replace('k', "K"));
        let violations = trusted_twin::Patch::parse(body.as_bytes(), &ctx).unwrap().check(&user, &ctx).unwrap_err();
        first(&violations, count, |at| format!("/description/{}", name(at).replace('k', "K")));
    }
}

/// Those that no list has room for are counted too.
#[test]
fn each_path_that_names_no_field_is_counted() {
    for count in [1, 2, LISTED_MAX, LISTED_MAX + 1, LISTED_MAX + 2, 3 * LISTED_MAX] {
        let mask = (0..count).map(|at| format!("k{at:04}")).collect::<Vec<_>>().join(",");
        let ctx = fireworks::Context::default();
        let user = fireworks::User::from_json(br#"{"role":"user"}"#).unwrap();
        let patch = fireworks::Patch::parse_masked(br#"{"role":"admin"}"#, &mask, &ctx).unwrap();
        let violations = patch.check(&user, &ctx).unwrap_err();
        assert_eq!(violations.len() + violations.omitted(), count);
        assert_eq!(violations.len(), count.min(LISTED_MAX));
        assert_eq!(violations.first().unwrap().refusal(), fireworks::Refusal::MaskPath);
    }
}

/// A field in a field is named in `status` alone.
#[test]
fn a_path_into_a_member_that_has_no_fields_names_none() {
    let ctx = fireworks::Context::default();
    let user = fireworks::User::from_json(br#"{"role":"user"}"#).unwrap();
    let check = |mask: &str| {
        let patch = fireworks::Patch::parse_masked(br#"{"role":"admin"}"#, mask, &ctx).unwrap();
        patch.check(&user, &ctx).map_err(|violations| violations.to_string())
    };
    assert!(check("role,status.code,status.message").is_ok());
    for (path, place) in [("email.code", "/email/code"), ("role.message", "/role/message"), ("status.x", "/status/x")] {
        let told = check(&format!("role,{path}")).unwrap_err();
        assert!(told.starts_with(&format!("fireworks.mask.path at {place}: ")), "{told}");
    }
}

#[test]
fn findings_are_gone_through_by_reference() {
    let user = fireworks::User::from_json(br#"{"role":"user"}"#).unwrap();
    let ctx = serde_json::from_str(r#"{"policy":{"unknownMembers":"ignore"}}"#).unwrap();
    let patch = fireworks::Patch::parse(br#"{"role":"admin","x":1,"y":2}"#, &ctx).unwrap();
    let notices = patch.check(&user, &ctx).unwrap();
    let mut places = Vec::new();
    for notice in &notices {
        places.push(notice.pointer().as_str());
    }
    assert_eq!(places, ["/x", "/y"]);
}

#[test]
fn an_audit_and_what_is_in_the_way_say_what_they_are() {
    let user = |text: &str| elastic::User::from_json(text.as_bytes()).unwrap();
    let ada = user(r#"{"user_name":"ada","security":{}}"#);
    let (bob, named) =
        (user(r#"{"user_name":"bob","security":{}}"#), user(r#"{"user_name":"ada","security":{},"full_name":"Ada"}"#));
    let audit = elastic::audit(&ada, &named);
    assert_eq!(audit.to_string(), r#"[{"op":"add","path":"/full_name","value":"Ada"}]"#);
    assert_eq!(audit.to_string(), audit.to_json());
    let whole = br#"{"forward":[{"op":"test","path":"","value":{"a":1}},{"op":"replace","path":"","value":{}}],"inverse":[{"op":"replace","path":"","value":{"a":1}}]}"#;
    let whole = Audit::from_record(whole).unwrap();
    assert_eq!(whole.apply(r#"{ "a": 1 }"#), Ok("{}".to_owned()));
    assert_eq!(whole.apply(r#"{"a":2}"#).unwrap_err().to_string(), "another value is at the top");
    let unreachable = elastic::diff(&ada, &bob, &elastic::Context::default()).unwrap_err();
    assert_eq!(unreachable.to_string(), unreachable.reasons().to_string());
    let mut places = Vec::new();
    for reason in &unreachable {
        places.push(reason.pointer().as_str());
    }
    assert_eq!(places, ["/user_name"]);
    assert!(unreachable.iter().eq(unreachable.reasons()));
}

/// The three ways in which there is a text to store: as it was, as it is answered, and as neither.
#[test]
fn what_is_stored_is_what_was_done() {
    #[track_caller]
    fn tell<M: UpdateModel>(stored: &str, body: &str, text: &str, changed: &[&str]) {
        let ctx = M::Context::default();
        let done = M::store(stored.as_bytes(), body.as_bytes(), &ctx).unwrap();
        let mut user = M::user(stored.as_bytes()).unwrap();
        let applied = M::apply(&M::parse(body.as_bytes(), &ctx).unwrap(), &mut user, &ctx).unwrap();
        assert_eq!((done.text(), done.is_changed()), (text, text != stored));
        assert_eq!((done.reply(), done.applied()), (&M::accepted(&user, &ctx), &applied));
        assert_eq!((done.changed(), done.notices()), (applied.changed(), applied.notices()));
        assert_eq!(done.changed().iter().map(Pointer::as_str).collect::<Vec<_>>(), changed);
        let shown = format!("Stored {{ is_changed: {}, applied: {applied:?}, .. }}", done.is_changed());
        assert_eq!(format!("{done:?}"), shown);
        let reply = done.reply().clone();
        let (parts, replied, did) = done.into_parts();
        assert_eq!((&*parts, replied, did), (text, reply, applied));
    }
    let spaced = r#"{ "user_name": "ada", "security": {} }"#;
    tell::<Elastic>(spaced, r#"{"user_name":"ada"}"#, spaced, &[]);
    tell::<Elastic>(
        spaced,
        r#"{"full_name":"Ada"}"#,
        r#"{ "user_name": "ada", "security": {}, "full_name":"Ada" }"#,
        &["/full_name"],
    );
    let close = r#"{"user_name":"ada","security":{}}"#;
    let named = r#"{"user_name":"ada","security":{},"full_name":"Ada"}"#;
    tell::<Elastic>(close, r#"{"full_name":"Ada"}"#, named, &["/full_name"]);
    tell::<Fireworks>(r#"{"role":"user"}"#, r#"{"role":"admin"}"#, r#"{"role":"admin"}"#, &["/role"]);
    tell::<Fireworks>(r#"{"role":"user"}"#, r#"{"role":"user","state":"READY"}"#, r#"{"role":"user"}"#, &[]);
    tell::<Fireworks>(r#"{ "role": "user" }"#, r#"{"role":"admin"}"#, r#"{ "role": "admin" }"#, &["/role"]);
    tell::<TrustedTwin>(OPERATOR, r#"{"name":"Night"}"#, &OPERATOR.replace("Operator", "Night"), &["/name"]);
    let spaced = OPERATOR.replace(':', ": ");
    tell::<TrustedTwin>(&spaced, r#"{"name":"Night"}"#, &spaced.replace("Operator", "Night"), &["/name"]);
}

#[test]
fn what_is_not_stored_says_why() {
    let ctx = elastic::Context::default();
    let refused = elastic::store(br#"{"user_name":"ada","security":{}}"#, br#"{"builtin":true}"#, &ctx).unwrap_err();
    let violations = refused.violations().unwrap();
    assert_eq!(refused.reply(), Some(&violations.reply()));
    assert_eq!(refused.to_string(), violations.to_string());
    assert_eq!(refused.to_string(), "elastic.restricted at /builtin: must not have another value after the merge");
    fn unreadable<M: UpdateModel>() {
        for stored in [&b"{"[..], b"[]", b"{}", b"\xFF", b"{\"a\":1,\"a\":2}"] {
            let ctx = M::Context::default();
            let told = M::user(stored).unwrap_err().to_string();
            let masked = M::store_masked(stored, b"{}", "role", &ctx);
            for not in [Some(M::store(stored, b"{}", &ctx)), masked].into_iter().flatten() {
                let not = not.unwrap_err();
                assert!(not.reply().is_none() && not.violations().is_none());
                assert_eq!(not.to_string(), told);
            }
        }
    }
    unreadable::<Fireworks>();
    unreadable::<TrustedTwin>();
    unreadable::<Elastic>();
    let no_user = elastic::store(b"{}", b"{}", &ctx).unwrap_err();
    assert!(no_user.reply().is_none() && no_user.violations().is_none());
    assert_eq!(no_user.to_string(), elastic::User::from_json(b"{}").unwrap_err().to_string());
}

/// Equal are users whose members are, whatever the order of those that no page names.
#[test]
fn users_are_compared_by_their_members() {
    #[track_caller]
    fn compare<M: UpdateModel>(least: &str, member: &str, shown: &str) {
        let user = |rest: &str| M::user(format!("{{{least}{rest}}}").as_bytes()).unwrap();
        let (plain, named) = (user(""), user(&format!(",{member}")));
        let (one, other) = (user(r#","x":1,"y":2"#), user(r#","y":2,"x":1"#));
        assert_eq!(one, other);
        assert_eq!(plain, plain.clone());
        for (one, other) in [
            (&plain, &named),
            (&plain, &one),
            (&one, &user(r#","x":1"#)),
            (&one, &user(r#","x":1,"y":3"#)),
            (&one, &user(r#","x":1,"z":2"#)),
            (&one, &user(&format!(r#","x":1,"y":2,{member}"#))),
        ] {
            assert_ne!(one, other);
            assert_ne!(other, one);
        }
        assert_eq!(format!("{one:?}"), shown);
    }
    let twin = r#""uuid":"f63d5c5c-0c5e-4c1a-9b1e-0d7a2f6f9a11","role":"5b1c7f5a-2d3e-4c7b-9a52-0f6a1e3d9c10""#;
    compare::<Elastic>(
        r#""user_name":"ada","security":{}"#,
        r#""email":"b""#,
        r#"User {"user_name", "security", "x", "y"}"#,
    );
    compare::<Fireworks>(r#""role":"user""#, r#""email":"b""#, r#"User {"role", "x", "y"}"#);
    compare::<TrustedTwin>(twin, r#""name":"b""#, r#"User {"uuid", "role", "x", "y"}"#);
}

/// However it was written, a user is written as the vendor writes it.
#[test]
fn a_user_is_written_as_its_vendor_writes_it() {
    let fireworks = |text: &str| fireworks::User::from_json(text.as_bytes()).unwrap().to_json();
    let written = r#"{"role":"user","email":"b"}"#;
    for text in [written, r#"{"email":"b","role":"user"}"#, r#"{"r\u006fle":"user","\u0065mail":"b"}"#] {
        assert_eq!(fireworks(text), written);
        assert_eq!(fireworks(&format!(" {text}\n")), written);
        assert_eq!(fireworks(&format!("{text}\n")), written);
        assert_eq!(fireworks(&text.replace(',', " , ")), written);
    }
    assert_eq!(fireworks(r#"{"role":"user","display_name":"A","x":1}"#), r#"{"role":"user","displayName":"A","x":1}"#);
    let (uuid, role) =
        (r#""uuid":"f63d5c5c-0c5e-4c1a-9b1e-0d7a2f6f9a11""#, r#""role":"5b1c7f5a-2d3e-4c7b-9a52-0f6a1e3d9c10""#);
    for text in [format!("{{{uuid},{role}}}"), format!("{{{role},{uuid}}}"), format!(" {{ {role}, {uuid}}}")] {
        assert_eq!(trusted_twin::User::from_json(text.as_bytes()).unwrap().to_json(), format!("{{{uuid},{role}}}"));
    }
}

#[test]
fn what_is_no_trusted_twin_user_is_told_what_would_be_one() {
    let wrong = |text: &str| trusted_twin::User::from_json(text.as_bytes()).unwrap_err().to_string();
    let told = wrong(r#"{"uuid":1,"role":[],"name":{},"description":"d","created_ts":"now"}"#);
    for fault in [
        "/uuid must be a string",
        "/role must be a string",
        "/name must be a string",
        "/description must be a dictionary",
        "/created_ts must be a number of seconds",
    ] {
        assert!(told.contains(fault), "{told}");
    }
}

/// The keys are those of the description, and not the members behind it.
#[test]
fn a_description_ends_where_it_ends() {
    let ctx = serde_json::from_str(r#"{"policy":{"unknownMembers":"keep"}}"#).unwrap();
    let user = trusted_twin::User::from_json(OPERATOR.as_bytes()).unwrap();
    let check = |body: &str| trusted_twin::Patch::parse(body.as_bytes(), &ctx).unwrap().check(&user, &ctx).is_ok();
    assert!(check(r#"{"description":{"k":{"K-":1}},"No key":1}"#));
    assert!(check(r#"{"description":{},"No key":1}"#));
    assert!(!check(r#"{"description":{"k":1,"No key":1},"name":"A"}"#));
}

#[test]
fn what_is_no_context_is_told_what_would_be_one() {
    let wrong = |text: &str| serde_json::from_str::<elastic::Context>(text).unwrap_err().to_string();
    assert!(wrong("[]").contains("expected an object"), "{}", wrong("[]"));
    let told = wrong(r#"{"policy":{"stringBody":5}}"#);
    assert!(told.contains("expected one of `refuse`, `decode`"), "{told}");
}

/// Those that the list leaves out are counted in the last error.
#[test]
fn an_elastic_refusal_tells_at_its_end_how_many_more_there_are() {
    let ctx: elastic::Context = serde_json::from_str(r#"{"policy":{"unknownMembers":"refuse"}}"#).unwrap();
    let user = elastic::User::from_json(br#"{"user_name":"ada","security":{}}"#).unwrap();
    let members: Vec<_> = (0..LISTED_MAX + 2).map(|at| format!("\"k{at}\":1")).collect();
    let body = format!(r#"{{"email":5,{}}}"#, members.join(","));
    let reply = elastic::Patch::parse(body.as_bytes(), &ctx).unwrap().check(&user, &ctx).unwrap_err().reply();
    let reply: serde_json::Value = serde_json::from_str(&reply.body).unwrap();
    let messages: Vec<_> = reply["errors"].as_array().unwrap().iter().map(|error| error["message"].clone()).collect();
    assert_eq!(messages, ["must be a string", "must be a member that the page names; and 3 more"]);
}

/// The same body, whatever the order of its members.
#[test]
fn patches_are_compared_by_what_they_say() {
    #[track_caller]
    fn compare<M: UpdateModel>(one: &str, other: &str, another: &str) {
        let ctx = M::Context::default();
        let patch = |body: &str| M::into_owned(M::parse(body.as_bytes(), &ctx).unwrap());
        assert_eq!(patch(one), patch(other));
        assert_ne!(patch(one), patch(another));
    }
    compare::<Elastic>(r#"{"full_name":"A","email":"b"}"#, r#"{"email":"b","full_name":"A"}"#, r#"{"full_name":"A"}"#);
    compare::<Fireworks>(r#"{"role":"user","email":"b"}"#, r#"{"email":"b","role":"user"}"#, r#"{"role":"user"}"#);
    compare::<TrustedTwin>(r#"{"name":"A","role":"b"}"#, r#"{"role":"b","name":"A"}"#, r#"{"name":"A"}"#);
    let ctx = trusted_twin::Context::default();
    let named = trusted_twin::Patch::parse(br#"{"name":"A","role":"b"}"#, &ctx).unwrap();
    assert_eq!(format!("{named:?}"), r#"Patch {"name", "role"}"#);
    let ctx = fireworks::Context::default();
    let masked = fireworks::Patch::parse_masked(br#"{"role":"user","email":"b"}"#, "role,email", &ctx).unwrap();
    assert_ne!(masked, fireworks::Patch::parse(br#"{"role":"user","email":"b"}"#, &ctx).unwrap());
    assert_eq!(format!("{masked:?}"), r#"Patch {"role", "email"}"#);
}

/// A list ends by how many more there are.
#[test]
fn violations_are_told_by_rule_place_and_message() {
    fn told<M: UpdateModel>(user: &str, body: &str) -> String {
        let ctx = M::Context::default();
        let user = M::user(user.as_bytes()).unwrap();
        M::check(&M::parse(body.as_bytes(), &ctx).unwrap(), &user, &ctx).unwrap_err().to_string()
    }
    assert_eq!(
        told::<Elastic>(r#"{"user_name":"ada","security":{}}"#, r#"{"builtin":true,"email":5}"#),
        "elastic.restricted at /builtin: must not have another value after the merge; elastic.type at /email: must be a string"
    );
    let members: Vec<_> = (0..LISTED_MAX + 3).map(|at| format!("\"k{at}\":1")).collect();
    let told = told::<Fireworks>(r#"{"role":"user"}"#, &format!("{{\"role\":\"user\",{}}}", members.join(",")));
    assert!(told.starts_with("fireworks.unknown_member at /k0: must be a member that the page names; "), "{told:.200}");
    assert!(told.ends_with("and 3 more"), "{}", &told[told.len() - 100..]);
}

#[test]
fn a_fireworks_refusal_names_each_field_once() {
    let user = fireworks::User::from_json(br#"{"role":"user"}"#).unwrap();
    let ctx = fireworks::Context::default();
    let message = |body: &str| {
        let violations = fireworks::Patch::parse(body.as_bytes(), &ctx).and_then(|patch| patch.check(&user, &ctx));
        let reply: serde_json::Value = serde_json::from_str(&violations.unwrap_err().reply().body).unwrap();
        reply["message"].as_str().unwrap().to_owned()
    };
    assert_eq!(message(r#"{"email":5}"#), "email: must be a string; role: must be given");
    let whole = message("[]");
    assert_eq!(whole, "not a JSON object at line 1 column 1");
}

#[test]
fn members_that_no_page_names_are_compared_moved_and_joined() {
    let ctx = serde_json::from_str(r#"{"policy":{"unknownMembers":"keep"}}"#).unwrap();
    let base = trusted_twin::User::from_json(OPERATOR.as_bytes()).unwrap();
    let with = |name: &str, value: &str| {
        base.with(&[name], Json::parse(value.as_bytes(), &Limits::default()).unwrap()).unwrap()
    };
    let other = with("x", "2");
    let diff = trusted_twin::diff(&base, &other, &ctx).unwrap().patch().unwrap();
    assert_eq!(diff.to_json(), r#"{"x":2}"#);
    let unreachable = trusted_twin::diff(&base, &other, &trusted_twin::Context::default()).unwrap_err();
    let reason = unreachable.reasons().iter().next().unwrap();
    assert_eq!((reason.pointer().as_str(), reason.message()), ("/x", "differs, and an update does not have it"));

    let patch = |body: &'static str| trusted_twin::Patch::parse(body.as_bytes(), &ctx).unwrap();
    let moved = |body: &'static str, theirs: &trusted_twin::User| {
        trusted_twin::rebase(&base, &patch(body), theirs).map(|moved| moved.patch().map(|patch| patch.to_json()))
    };
    let same = |body: &str| Ok(Some(body.to_owned()));
    assert_eq!(moved(r#"{"x":2}"#, &base), same(r#"{"x":2}"#));
    assert_eq!(moved(r#"{"x":2,"name":"Night"}"#, &other), same(r#"{"name":"Night"}"#));
    assert_eq!(moved(r#"{"x":[1],"name":"Night"}"#, &other), same(r#"{"name":"Night"}"#));
    let conflict = moved(r#"{"x":3}"#, &other).unwrap_err();
    assert_eq!(conflict.pointers()[0].as_str(), "/x");
    // What only the vendor sets is sent back as it was.
    let later = with("updated_ts", "9.5");
    let body = r#"{"name":"Night","updated_ts":2.5}"#;
    assert_eq!(moved(body, &later), same(body));

    let both = |first, next| patch(first).then(&patch(next)).to_json();
    assert_eq!(both(r#"{"x":1,"name":"A"}"#, r#"{"name":"B","y":2}"#), r#"{"name":"B","x":1,"y":2}"#);
    assert_eq!(both(r#"{"x":1}"#, r#"{"x":2}"#), r#"{"x":2}"#);
    assert_eq!(both(r#"{"description":{"k":1}}"#, r#"{"description":null}"#), r#"{"description":null}"#);
}

#[test]
fn what_only_the_vendor_sets_is_not_repeated_where_it_has_moved() {
    let user = |time: &str| {
        let text = format!(r#"{{"role":"user","email":"a@example.com","createTime":"{time}T00:00:00Z"}}"#);
        fireworks::User::from_json(text.as_bytes()).unwrap()
    };
    let (base, theirs) = (user("2024-01-01"), user("2024-01-02"));
    let ctx = fireworks::Context::default();
    let moved = |body: &str, theirs: &fireworks::User| {
        let patch = fireworks::Patch::parse(body.as_bytes(), &ctx).unwrap();
        fireworks::rebase(&base, &patch, theirs).unwrap().patch().unwrap().to_json()
    };
    let repeated = r#"{"role":"admin","createTime":"2024-01-01T00:00:00Z"}"#;
    assert_eq!(moved(repeated, &base), repeated);
    assert_eq!(moved(repeated, &theirs), r#"{"role":"admin"}"#);
    let another = r#"{"role":"admin","createTime":"2024-01-03T00:00:00Z"}"#;
    assert_eq!(moved(another, &theirs), another);
}
