//! The library against the cases that it offers as `conformance`: one named test a case. Beside the reply, which is all that a
//! service is held to, each way of deciding a case is held against the members, notices and violations that are expected.

// The helpers of a test may stop where it is wrong, as the test itself may.
#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use user_patch::{
    conformance::{Case, Response, Target, cases},
    engine::{Json, Pointer},
    fireworks,
    report::{Finding, Findings, Refuses, Reply, Rule, Violations},
    vendor::{Elastic, Fireworks, TrustedTwin, UpdateModel, Vendor},
};

user_patch::conformance_main! {
    cases(Vendor::Fireworks) => replay::<Fireworks>,
    cases(Vendor::TrustedTwin) => replay::<TrustedTwin>,
    cases(Vendor::Elastic) => replay::<Elastic>,
}

fn context<M: UpdateModel>(case: &Case) -> M::Context {
    match case.context().is_null() {
        true => M::Context::default(),
        false => serde_json::from_str(case.context().text()).unwrap(),
    }
}

fn replay<M: UpdateModel>(case: &Case) -> Response {
    match case.target() {
        Target::User(user) => update::<M>(case, user),
        Target::Account { account, user_id } => create(case, account, user_id.as_deref()),
        _ => panic!("what is asked is known"),
    }
}

fn update<M: UpdateModel>(case: &Case, stored: &Json<'_>) -> Response {
    let ctx = context::<M>(case);
    let before = M::user(stored.text().as_bytes()).unwrap();
    let before_text = M::user_json(&before);
    let mut user = before.clone();

    let patch = match case.mask() {
        Some(mask) => M::parse_masked(case.body(), mask, &ctx).expect("the vendor has field masks"),
        None => M::parse(case.body(), &ctx),
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
        Ok(applied) => accepted(case, M::accepted(&user, &ctx), applied.changed(), applied.notices()),
        Err(violations) => {
            assert_eq!(user, before, "a refusal leaves the user equal");
            assert_eq!(M::user_json(&user), before_text, "byte for byte");
            refused(case, M::refused(&violations, &ctx), &violations).with_user_after(M::user_json(&user))
        }
    }
}

fn create(case: &Case, account: &str, user_id: Option<&str>) -> Response {
    let ctx = context::<Fireworks>(case);
    let made = fireworks::Patch::parse(case.body(), &ctx).and_then(|patch| patch.create(account, user_id, &ctx));
    match made {
        Ok((user, applied)) => accepted(case, user.reply(&ctx), applied.changed(), applied.notices()),
        Err(violations) => refused(case, violations.reply(), &violations),
    }
}

fn accepted(case: &Case, reply: Reply, changed: &[Pointer], notices: &Findings) -> Response {
    assert_eq!(case.expected().changed(), changed, "changed");
    assert_eq!(case.expected().notices(), told(notices.iter()), "notices");
    assert!(case.expected().violations().is_empty(), "an accepted case has no violations");
    response(case, reply)
}

fn refused<R: Refuses>(case: &Case, reply: Reply, violations: &Violations<R>) -> Response {
    assert_eq!(
        case.expected().violations(),
        told(violations.iter().map(|violation| violation.finding())),
        "violations"
    );
    assert_eq!(violations.omitted(), 0);
    response(case, reply)
}

fn told<'f>(findings: impl Iterator<Item = &'f Finding>) -> Vec<(&'static Rule, Pointer)> {
    findings.map(|finding| (finding.rule(), finding.pointer().clone())).collect()
}

/// A service may have more headers than the page documents; this one has none.
fn response(case: &Case, reply: Reply) -> Response {
    let headers: Vec<_> = reply.headers.iter().map(|(name, value)| (*name, &**value)).collect();
    assert_eq!(case.expected().headers().collect::<Vec<_>>(), headers, "headers");
    reply.into()
}
