//! Replays `tests/fixtures/<room>/*.json`: one named test a case. What a case holds stands in `common/case.rs`.

// The helpers of a test may stop where it is wrong, as the test itself may.
#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

#[path = "common/case.rs"]
mod case;

use case::{Case, matches};
use libtest_mimic::{Arguments, Failed, Trial};
use user_patch::{
    engine::{Json, Limits},
    fireworks,
    report::{Findings, Refuses, Reply, Violations},
    vendor::{Elastic, Fireworks, TrustedTwin, UpdateModel},
};

fn main() {
    let mut trials = Vec::new();
    trials.extend(trials_of::<Fireworks>());
    trials.extend(trials_of::<TrustedTwin>());
    trials.extend(trials_of::<Elastic>());
    libtest_mimic::run(&Arguments::from_args(), trials).exit();
}

/// The vendor's module, and its folder of fixtures.
fn module<M: UpdateModel>() -> String {
    M::VENDOR.module().to_owned()
}

fn trials_of<M: UpdateModel>() -> impl Iterator<Item = Trial> {
    Case::all(&module::<M>()).into_iter().map(|case| {
        Trial::test(case.title(&module::<M>()), move || {
            match case.get("create") {
                Some(request) => replay_create(&case, request),
                None => replay::<M>(&case),
            }
            Ok::<(), Failed>(())
        })
    })
}

fn context<M: UpdateModel>(case: &Case) -> M::Context {
    case.get("context").map_or_else(M::Context::default, |text| serde_json::from_str(text.text()).unwrap())
}

/// Decides the case and holds every way of deciding it against what is expected.
fn replay<M: UpdateModel>(case: &Case) {
    let ctx = context::<M>(case);
    let before = M::user(case.get("user").expect("a case has a user").text().as_bytes()).unwrap();
    let before_text = M::user_json(&before);
    let body = case.body();
    let mut user = before.clone();

    let patch = match case.string("mask") {
        Some(mask) => M::parse_masked(&body, &mask, &ctx).expect("the vendor has field masks"),
        None => M::parse(&body, &ctx),
    };
    let outcome = patch.and_then(|patch| {
        let checked = M::check(&patch, &user, &ctx);
        assert_eq!(M::user_json(&user), before_text, "check changes nothing");
        let owned = M::into_owned(patch.clone());
        assert_eq!(M::check(&owned, &user, &ctx), checked, "an owned patch is the same patch");
        let done = M::apply(&patch, &mut user, &ctx);
        assert_eq!(done.as_ref().err(), checked.as_ref().err(), "check and apply agree");
        if let (Ok(applied), Ok(notices)) = (&done, &checked) {
            assert_eq!(applied.notices(), notices);
            let again = M::user(M::user_json(&user).as_bytes()).expect("an accepted user is a valid stored user");
            assert_eq!(again, user, "what is written is what is read");
        }
        done
    });
    match outcome {
        Ok(applied) => {
            let changed: Vec<_> = applied.changed().iter().map(|pointer| pointer.as_str().to_owned()).collect();
            assert_accepted(case, &M::accepted(&user, &ctx), &changed, applied.notices());
        }
        Err(violations) => {
            assert_eq!(user, before, "a refusal leaves the user equal");
            assert_eq!(M::user_json(&user), before_text, "byte for byte");
            assert_refused(case, &M::refused(&violations, &ctx), &violations);
        }
    }
}

fn replay_create(case: &Case, request: &Json<'_>) {
    let ctx = context::<Fireworks>(case);
    let member = |name: &str| {
        let value = request.members().find_map(|(member, value)| (member == name).then(|| value.into_owned()));
        value.and_then(|value| value.as_str().map(|text| text.into_owned()))
    };
    let body = case.body();
    let account = member("account").expect("create has an account");
    let made = fireworks::Patch::parse(&body, &ctx)
        .and_then(|patch| patch.create(&account, member("userId").as_deref(), &ctx));
    match made {
        Ok((user, applied)) => {
            let changed: Vec<_> = applied.changed().iter().map(|pointer| pointer.as_str().to_owned()).collect();
            assert_accepted(case, &user.reply(&ctx), &changed, applied.notices());
        }
        Err(violations) => assert_refused(case, &violations.reply(), &violations),
    }
}

fn assert_accepted(case: &Case, reply: &Reply, changed: &[String], notices: &Findings) {
    assert_reply(case, reply);
    assert_eq!(case.strings("changed"), changed, "changed");
    let notices: Vec<_> = notices
        .iter()
        .map(|notice| format!("{} {}", notice.rule().id, notice.pointer()).trim_end().to_owned())
        .collect();
    assert_eq!(case.strings("notices"), notices, "notices");
    assert!(case.get("violations").is_none(), "an accepted case has no violations");
}

fn assert_refused<R: Refuses>(case: &Case, reply: &Reply, violations: &Violations<R>) {
    let told = violations.iter().map(|violation| format!("{} {}", violation.rule().id, violation.pointer().as_str()));
    let told: Vec<_> = told.map(|line| line.trim_end().to_owned()).collect();
    assert_eq!(case.strings("violations"), told, "violations");
    assert_reply(case, reply);
}

fn assert_reply(case: &Case, reply: &Reply) {
    assert_eq!(case.reply("status").map(|status| status.to_string()), Some(reply.status.to_string()), "{}", reply.body);
    let headers: Vec<_> = reply.headers.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
    let expected: Vec<_> = case
        .reply("headers")
        .iter()
        .flat_map(|headers| {
            headers
                .members()
                .map(|(name, value)| (name.into_owned(), value.as_str().unwrap().into_owned()))
                .collect::<Vec<_>>()
        })
        .collect();
    assert_eq!(expected, headers, "headers");
    let body = Json::parse(reply.body.as_bytes(), &Limits::default()).expect("a reply is strict JSON");
    let expected = case.reply("body").expect("a case has the reply's body");
    assert!(matches(&expected, &body), "body\n  expected {expected}\n    actual {body}");
}
