//! What threads may share: every public type, and one context for all of them.

// The helpers of a test may stop where it is wrong, as the test itself may.
#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use std::{collections::BTreeSet, fmt::Debug, fs, path::Path, thread};

use user_patch::{
    elastic::{self, Refusal},
    engine, exchange, fireworks, intent, report, trusted_twin, vendor,
};
use vendor::{Elastic, Fireworks, TrustedTwin, UpdateModel};

/// Asserts of each type that threads may share it. Gives the types' names.
macro_rules! shared {
    ($($module:ident::$name:ident $(<$parameter:tt>)?,)*) => {{
        fn shared<T: Send + Sync>() {}
        $(shared::<$module::$name$(<$parameter>)?>();)*
        [$(concat!("user_patch::", stringify!($module), "::", stringify!($name))),*]
    }};
}

#[test]
fn every_public_type_may_be_shared() {
    let shared = shared![
        elastic::Code,
        elastic::Context,
        elastic::MisplacedPassword,
        elastic::Patch<'static>,
        elastic::PatchBuilder,
        elastic::Policy,
        elastic::Refusal,
        elastic::Service,
        elastic::StringBody,
        elastic::UnknownMembers,
        elastic::User,
        elastic::Violation,
        elastic::Violations,
        engine::Conflict,
        engine::Document<'static>,
        engine::Fault,
        engine::FieldMask,
        engine::InvalidMask,
        engine::InvalidTimestamp,
        engine::InvalidValue,
        engine::Json<'static>,
        engine::Kind,
        engine::Limits,
        engine::Malformed,
        engine::MergePatch<'static>,
        engine::NotComposable,
        engine::Place,
        engine::Pointer,
        engine::Timestamp,
        engine::Unrepresentable,
        engine::Value<'static>,
        exchange::Answer,
        exchange::Decision,
        exchange::InvalidPart,
        exchange::Pair<'static>,
        exchange::Part,
        exchange::Patch,
        exchange::Question<'static>,
        exchange::Update<'static>,
        exchange::Verdict,
        fireworks::AccountId,
        fireworks::Code,
        fireworks::Context,
        fireworks::EmptyMembers,
        fireworks::InvalidName,
        fireworks::LeavingCustom,
        fireworks::Patch<'static>,
        fireworks::PatchBuilder,
        fireworks::Policy,
        fireworks::ReadOnly,
        fireworks::Refusal,
        fireworks::RolePresence,
        fireworks::Roles,
        fireworks::Service,
        fireworks::UnknownMembers,
        fireworks::User,
        fireworks::UserId,
        fireworks::UserName,
        fireworks::Violation,
        fireworks::Violations,
        fireworks::WithoutMask,
        intent::Capability,
        intent::Intent,
        intent::NoPatch<()>,
        intent::Unsaid,
        intent::Wish,
        report::Applied,
        report::Audit,
        report::Basis,
        report::Change,
        report::Changes,
        report::Diff<()>,
        report::Effect,
        report::Failure<()>,
        report::FieldError,
        report::Finding,
        report::Findings,
        report::Inapplicable,
        report::InvalidAudit,
        report::InvalidUser,
        report::NotStored<Refusal>,
        report::Operation,
        report::Outside,
        report::Password,
        report::Reply,
        report::Rule,
        report::Stored<'static>,
        report::Unreachable,
        report::VendorError<()>,
        trusted_twin::Code,
        trusted_twin::Context,
        trusted_twin::Effect,
        trusted_twin::EmptyBody,
        trusted_twin::Patch<'static>,
        trusted_twin::PatchBuilder,
        trusted_twin::Policy,
        trusted_twin::ReadOnly,
        trusted_twin::Refusal,
        trusted_twin::Service,
        trusted_twin::Statement,
        trusted_twin::Subcode,
        trusted_twin::UnknownMembers,
        trusted_twin::User,
        trusted_twin::Violation,
        trusted_twin::Violations,
        vendor::Elastic,
        vendor::Fireworks,
        vendor::TrustedTwin,
        vendor::Vendor,
    ];
    // A type that is added has to be asserted here too.
    let shared: BTreeSet<_> = shared.into_iter().map(str::to_owned).collect();
    for name in public_types() {
        assert!(shared.contains(&name), "{name} is not in the list");
    }
}

/// The structs and enums of `docs/public-api.txt` in the modules that are always there.
fn public_types() -> BTreeSet<String> {
    let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/public-api.txt")).unwrap();
    let modules = ["elastic", "engine", "exchange", "fireworks", "intent", "report", "trusted_twin", "vendor"];
    let types: BTreeSet<_> = text
        .lines()
        .filter_map(|line| {
            let item = line.strip_prefix("#[non_exhaustive] ").unwrap_or(line);
            let path = item.strip_prefix("pub struct ").or_else(|| item.strip_prefix("pub enum "))?;
            let name = path.split(['<', '(', ' ']).next()?;
            let is_always_there = modules.contains(&name.split("::").nth(1)?);
            // The two whose parameter is a vendor's refusal have a name in each of its modules.
            let has_other_names = ["user_patch::report::Violation", "user_patch::report::Violations"].contains(&name);
            (is_always_there && !has_other_names).then(|| name.to_owned())
        })
        .collect();
    assert!(types.len() > 70, "the types are found");
    types
}

/// One context, used by eight threads at once, gives each the verdicts that it gives one.
#[test]
fn a_context_decides_alike_in_eight_threads() {
    decides_alike::<Fireworks>(
        r#"{"role":"user","displayName":"Alice"}"#,
        &[
            r#"{"role":"admin"}"#,
            r#"{"role":"root"}"#,
            r#"{"role":"custom"}"#,
            r#"{"role":"user","state":"READY"}"#,
            "{",
        ],
    );
    decides_alike::<TrustedTwin>(
        r#"{"uuid":"f63d5c5c-0c5e-4c1a-9b1e-0d7a2f6f9a11","name":"Operator","role":"5b1c7f5a-2d3e-4c7b-9a52-0f6a1e3d9c10"}"#,
        &[
            r#"{"name":"Night Operator"}"#,
            r##"{"name":"#\u0000"}"##,
            r#"{"description":{"a":1,"b c":2}}"#,
            r#"{"role":"5b1c7f5a-2d3e-4c7b-9a52-0f6a1e3d9c10"}"#,
            "",
        ],
    );
    decides_alike::<Elastic>(
        r#"{"user_name":"ada","security":{"roles":["ece_platform_admin"]}}"#,
        &[
            r#"{"full_name":"Ada"}"#,
            r#"{"security":{"roles":["ece_platform_viewer"],"password":"short"}}"#,
            r#"{"metadata":{"a":{"b":[1,2,3]}}}"#,
            r#"{"builtin":true}"#,
            "[]",
        ],
    );
}

fn decides_alike<M: UpdateModel>(stored: &str, bodies: &[&str]) {
    let ctx = M::Context::default();
    let decide = || {
        let decisions = bodies.iter().map(|body| {
            let mut user = M::user(stored.as_bytes()).unwrap();
            let applied = M::parse(body.as_bytes(), &ctx).and_then(|patch| M::apply(&patch, &mut user, &ctx));
            (applied.map_err(|violations| M::refused(&violations, &ctx)), M::user_json(&user))
        });
        decisions.collect::<Vec<_>>()
    };
    let expected = decide();
    assert!(
        expected.iter().any(|(applied, _)| applied.is_ok()) && expected.iter().any(|(applied, _)| applied.is_err())
    );
    fn same<T: PartialEq + Debug>(one: &T, other: &T) {
        assert_eq!(one, other);
    }
    thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                for _ in 0..200 {
                    same(&decide(), &expected);
                }
            });
        }
    });
}
