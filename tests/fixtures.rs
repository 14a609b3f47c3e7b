//! Replays `tests/fixtures/<room>/*.json`: one named test a case. What a case holds stands in `common/case.rs`.

#[path = "common/case.rs"]
mod case;
mod common;

use case::{Case, matches};
use common::{Elastic, Fireworks, Room, TrustedTwin};
use libtest_mimic::{Arguments, Failed, Trial};
use user_patch::{
    engine::{Json, Limits},
    fireworks,
    report::{Notice, Refuses, Reply, Violations},
};

fn main() {
    let mut trials = Vec::new();
    trials.extend(trials_of::<Fireworks>());
    trials.extend(trials_of::<TrustedTwin>());
    trials.extend(trials_of::<Elastic>());
    libtest_mimic::run(&Arguments::from_args(), trials).exit();
}

fn trials_of<R: Room>() -> impl Iterator<Item = Trial> {
    Case::all(R::NAME).into_iter().map(|case| {
        Trial::test(case.title(R::NAME), move || {
            match case.get("create") {
                Some(request) => replay_create(&case, request),
                None => replay::<R>(&case),
            }
            Ok::<(), Failed>(())
        })
    })
}

fn context<R: Room>(case: &Case) -> R::Context {
    case.get("context").map_or_else(R::Context::default, |text| serde_json::from_str(text.text()).unwrap())
}

/// Decides the case and holds every way of deciding it against what is expected.
fn replay<R: Room>(case: &Case) {
    let ctx = context::<R>(case);
    let before = R::user(case.get("user").expect("a case has a user").text().as_bytes()).unwrap();
    let before_text = R::to_json(&before);
    let body = case.body();
    let mut user = before.clone();

    let patch = R::parse(&body, &ctx).map(|patch| R::with_mask(patch, &case.string("mask").unwrap_or_default()));
    let outcome = patch.and_then(|patch| {
        let checked = R::check(&patch, &user, &ctx);
        assert_eq!(R::to_json(&user), before_text, "check changes nothing");
        let owned = R::into_owned(patch.clone());
        assert_eq!(R::check(&owned, &user, &ctx), checked, "an owned patch is the same patch");
        let notices = R::notices(&patch, &user, &ctx);
        let done = R::apply(&patch, &mut user, &ctx);
        assert_eq!(done.as_ref().err(), checked.as_ref().err(), "check and apply agree");
        if let Ok((_, seen)) = &done {
            assert_eq!(seen.len(), notices.len());
            let again = R::user(R::to_json(&user).as_bytes()).expect("an accepted user is a valid stored user");
            assert_eq!(again, user, "what is written is what is read");
        }
        done
    });
    match outcome {
        Ok((changed, notices)) => {
            let changed: Vec<_> = changed.iter().map(|pointer| pointer.as_str().to_owned()).collect();
            assert_accepted(case, &R::accepted(&user), &changed, &notices);
        }
        Err(violations) => {
            assert_eq!(user, before, "a refusal leaves the user equal");
            assert_eq!(R::to_json(&user), before_text, "byte for byte");
            assert_refused(case, &R::refused(&violations, &ctx), &violations);
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
    let made = fireworks::Patch::parse_with(&body, &ctx.policy)
        .and_then(|patch| patch.create(&account, member("userId").as_deref(), &ctx));
    match made {
        Ok((user, applied)) => {
            let changed: Vec<_> = applied.changed().iter().map(|pointer| pointer.as_str().to_owned()).collect();
            assert_accepted(case, &user.reply(), &changed, applied.notices());
        }
        Err(violations) => assert_refused(case, &violations.reply(&ctx), &violations),
    }
}

fn assert_accepted(case: &Case, reply: &Reply, changed: &[String], notices: &[Notice]) {
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
