//! What each vendor answers outside of a patch, and what is read of its errors: the documented forms, and whatever else comes
//! back.

// The helpers of a test may stop where it is wrong, as the test itself may.
#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use std::collections::BTreeSet;

use user_patch::{
    elastic, engine, fireworks,
    report::{ErrorCode, Failure, FieldError, Outside, Refuses, Reply},
    trusted_twin,
    vendor::{CodeOf, Elastic, Fireworks, TrustedTwin, UpdateModel},
};

fn read<M: UpdateModel>(reply: &Reply) -> Failure<CodeOf<M>> {
    let headers = reply.headers.iter().map(|(name, value)| (*name, value.as_str()));
    M::failure(reply.status, headers, reply.body.as_bytes())
}

/// The answers by their status and their code.
#[track_caller]
fn answers<M: UpdateModel>(expected: [(u16, CodeOf<M>); 10]) {
    assert_eq!(Outside::ALL.len(), expected.len());
    for (&which, (status, code)) in Outside::ALL.iter().zip(expected) {
        let reply = M::outside(which, &M::Context::default());
        assert_eq!(reply.status, status, "{which}");
        let failure = read::<M>(&reply);
        assert!(failure.is_in_form() && failure.codes().eq([code]), "{which}: {}", reply.body);
        assert_eq!((failure.status(), code.status()), (status, status), "{which}");
        assert!(failure.errors()[0].message().is_some_and(|message| !message.is_empty()), "{which}");
        let json = engine::Json::parse(reply.body.as_bytes(), &engine::Limits::default()).unwrap();
        assert_eq!(json.text(), reply.body);
    }
}

#[test]
fn fireworks_answers_with_the_codes_of_its_page() {
    use fireworks::Code;
    answers::<Fireworks>([
        (400, Code::InvalidArgument),
        (401, Code::Unauthenticated),
        (403, Code::PermissionDenied),
        (404, Code::NotFound),
        (501, Code::Unimplemented),
        (400, Code::InvalidArgument),
        (400, Code::InvalidArgument),
        (429, Code::ResourceExhausted),
        (500, Code::Internal),
        (503, Code::Unavailable),
    ]);
}

#[test]
fn trusted_twin_answers_with_its_subcodes() {
    use trusted_twin::Code;
    answers::<TrustedTwin>([
        (400, Code::Format),
        (401, Code::Unauthorized),
        (403, Code::Forbidden),
        (404, Code::NotFound),
        (405, Code::MethodNotAllowed),
        (415, Code::UnsupportedMediaType),
        (400, Code::TooLarge),
        (429, Code::TooManyRequests),
        (500, Code::Internal),
        (503, Code::Unavailable),
    ]);
    let mut ctx = trusted_twin::Context::default();
    assert_eq!(trusted_twin::invalid_path(&ctx), trusted_twin::outside(Outside::BadPath, &ctx));
    ctx.trace = Some("a \"trace\"".to_owned());
    for &which in Outside::ALL {
        assert_eq!(read::<TrustedTwin>(&trusted_twin::outside(which, &ctx)).trace(), ctx.trace.as_deref(), "{which}");
    }
    // The six-digit numbers of the vendor's status page and client, and that no two are one.
    let numbers: BTreeSet<_> = Code::ALL.iter().map(|code| code.subcode()).collect();
    assert_eq!(numbers.len(), Code::ALL.len());
    for known in [400_141, 400_314, 400_415, 400_589, 401_000, 403_535, 404_653, 500_000] {
        assert!(numbers.contains(&known), "{known}");
    }
}

#[test]
fn elastic_answers_with_its_codes_in_the_header_and_its_own_in_the_body_alone() {
    use elastic::Code;
    answers::<Elastic>([
        (404, Code::ResourceNotFound),
        (401, Code::Unauthenticated),
        (403, Code::Forbidden),
        (404, Code::NotFound),
        (405, Code::MethodNotAllowed),
        (415, Code::UnsupportedMediaType),
        (400, Code::TooLong),
        (429, Code::TooManyRequests),
        (500, Code::Internal),
        (503, Code::Unavailable),
    ]);
    assert_eq!(elastic::not_found(), elastic::outside(Outside::NotFound));
    for &which in Outside::ALL {
        let reply = elastic::outside(which);
        let code = read::<Elastic>(&reply).codes().next().unwrap();
        let headers: Vec<_> =
            (!code.is_own()).then(|| (elastic::CODES_HEADER, code.text().to_owned())).into_iter().collect();
        assert_eq!(reply.headers, headers, "{which}");
        assert_eq!(code.is_own(), code.text().starts_with("user_patch."));
    }
}

/// So that a server may stop reading at the limit and still say what the reader would have said.
#[test]
fn too_large_is_what_a_refusal_of_such_a_body_is() {
    fn check<M: UpdateModel>(ctx: &M::Context) {
        let body = vec![b' '; M::body_limits(ctx).max_bytes.unwrap() + 1];
        let violations = M::parse(&body, ctx).unwrap_err();
        let (refused, outside) = (M::refused(&violations, ctx), M::outside(Outside::TooLarge, ctx));
        assert_eq!((refused.status, refused.headers.clone()), (outside.status, outside.headers.clone()));
        assert!(read::<M>(&refused).codes().eq(read::<M>(&outside).codes()));
    }
    check::<Fireworks>(&fireworks::Context::default());
    check::<TrustedTwin>(&trusted_twin::Context::default());
    check::<Elastic>(&elastic::Context::default());
}

#[test]
fn a_caller_who_may_update_nobody_is_known_before_there_is_a_body() {
    let mut ctx = trusted_twin::Context::default();
    assert!(TrustedTwin::denied(&ctx).is_none());
    ctx.statement.actions.clear();
    let denied = TrustedTwin::denied(&ctx).unwrap();
    assert_eq!(denied, TrustedTwin::parse(b"no JSON", &ctx).unwrap_err());
    assert!(Fireworks::denied(&Default::default()).is_none() && Elastic::denied(&Default::default()).is_none());
}

#[test]
fn every_code_is_read_by_the_text_that_bodies_have() {
    fn check<C: ErrorCode>(text: impl Fn(C) -> String) {
        for &code in C::ALL {
            assert_eq!(C::of_text(&text(code)), Some(code), "{code}");
            assert!((200..600).contains(&code.status()), "{code}");
        }
        assert_eq!((C::of_text(""), C::of_text("no"), C::of_text("99")), (None, None, None));
    }
    check::<fireworks::Code>(|code| code.number().to_string());
    check::<fireworks::Code>(|code| code.name().to_owned());
    check::<trusted_twin::Code>(|code| code.subcode().to_string());
    check::<elastic::Code>(|code| code.text().to_owned());
    let own: Vec<_> = elastic::Refusal::ALL.iter().filter(|refusal| refusal.code().is_own()).collect();
    assert!(!own.is_empty() && own.iter().all(|refusal| refusal.status() == 400));
}

#[test]
fn media_types_are_those_of_the_pages() {
    assert!(Fireworks::takes(Some("application/json")) && !Fireworks::takes(Some("application/merge-patch+json")));
    assert!(TrustedTwin::takes(Some("application/json")) && !TrustedTwin::takes(Some("application/merge-patch+json")));
    assert!(Elastic::takes(Some("application/json")) && Elastic::takes(Some("application/merge-patch+json")));
    for takes in [Fireworks::takes, TrustedTwin::takes, Elastic::takes] {
        assert!(
            takes(None)
                && takes(Some("application/json; charset=utf-8"))
                && !takes(Some(""))
                && !takes(Some("text/plain"))
        );
    }
}

/// An error as it was read: its code as it was sent, the known code, the message, the fields.
type Part<'f, C> = (Option<&'f str>, Option<C>, Option<&'f str>, Vec<&'f str>);

fn parts<C: ErrorCode>(failure: &Failure<C>) -> Vec<Part<'_, C>> {
    let parts: Vec<Part<'_, C>> = failure
        .errors()
        .iter()
        .map(|error| {
            (error.code_text(), error.code(), error.message(), error.fields().iter().map(FieldError::field).collect())
        })
        .collect();
    let fields: Vec<_> = parts.iter().flat_map(|(_, _, _, fields)| fields.clone()).collect();
    assert!(failure.fields().map(FieldError::field).eq(fields));
    assert!(failure.codes().eq(parts.iter().filter_map(|(_, code, _, _)| *code)));
    parts
}

#[test]
fn what_fireworks_says_is_read() {
    use fireworks::{Code, Failure};
    let read = |body: &str| Failure::read(400, [], body.as_bytes());
    let known = Some(Code::InvalidArgument);

    let body = r#"{"code":3,"message":"m","details":[{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"r","fieldViolations":[{"field":"no"}]},
        {"@type":"type.googleapis.com/google.rpc.BadRequest","fieldViolations":[{"field":"role","description":"d","reason":"R"},{"field":"a.b"},{"description":"no field"},5]},7],"more":{}}"#;
    let failure = read(body);
    assert_eq!(parts(&failure), [(Some("3"), known, Some("m"), vec!["role", "a.b"])]);
    assert_eq!(failure.fields().map(FieldError::message).collect::<Vec<_>>(), [Some("d"), None]);

    for (body, code, known, message) in [
        (r#"{"code":3}"#, Some("3"), known, None),
        (r#"{"message":"m"}"#, None, None, Some("m")),
        (r#"{"code":"3","message":5,"details":{}}"#, Some("3"), known, None),
        (r#"{"code":"INVALID_ARGUMENT","details":null}"#, Some("INVALID_ARGUMENT"), known, None),
        (r#"{"code":4711,"message":"m"}"#, Some("4711"), None, Some("m")),
        (r#"{"code":3.5}"#, Some("3.5"), None, None),
        (r#"{"code":null,"message":null}"#, None, None, None),
        (r#"{"error":"m","code":3,"message":"n"}"#, Some("3"), known, Some("n")),
        (r#"{"error":"m"}"#, None, None, Some("m")),
        (
            r#"{"error":{"code":400,"message":"m","status":"INVALID_ARGUMENT"}}"#,
            Some("INVALID_ARGUMENT"),
            known,
            Some("m"),
        ),
        (r#"{"error":{"code":400,"message":"m","status":"new"}}"#, Some("400"), None, Some("m")),
        ("\u{FEFF}{\"code\":3}", Some("3"), known, None),
    ] {
        let failure = read(body);
        assert!(failure.is_in_form(), "{body}");
        assert_eq!(parts(&failure), [(code, known, message, vec![])], "{body}");
    }
    for body in [
        "",
        "<html>no</html>",
        "{}",
        "[]",
        "[{\"code\":3}]",
        "\"m\"",
        "{\"code\":3",
        "{\"code\":3,\"code\":5}",
        "null",
        r#"{"error":{}}"#,
    ] {
        let failure = read(body);
        assert!(!failure.is_in_form() && failure.errors().is_empty() && failure.status() == 400, "{body}");
    }
}

#[test]
fn what_trusted_twin_says_is_read() {
    use trusted_twin::{Code, Failure};
    let read = |body: &str| Failure::read(404, [], body.as_bytes());
    for (body, trace, part) in [
        (
            r#"{"subcode":"404653","trace":"t","description":"d","more":[]}"#,
            Some("t"),
            (Some("404653"), Some(Code::NotFound), Some("d"), vec![]),
        ),
        (r#"{"subcode":404653,"trace":null}"#, None, (Some("404653"), Some(Code::NotFound), None, vec![])),
        (r#"{"subcode":123456,"description":{}}"#, None, (Some("123456"), None, None, vec![])),
        (r#"{"description":"d","trace":5}"#, None, (None, None, Some("d"), vec![])),
        (r#"{"subcode":null}"#, None, (None, None, None, vec![])),
    ] {
        let failure = read(body);
        assert!(failure.is_in_form(), "{body}");
        assert_eq!((failure.trace(), parts(&failure)), (trace, vec![part]), "{body}");
    }
    for body in
        ["", "Not Found", "{}", "404653", "[]", r#"{"trace":"t"}"#, r#"{"message":"Endpoint request timed out"}"#]
    {
        assert!(!read(body).is_in_form() && read(body).errors().is_empty(), "{body}");
    }
}

#[test]
fn what_elastic_says_is_read() {
    use elastic::{CODES_HEADER, Code, Failure};
    let read = |headers: &[(&str, &str)], body: &str| Failure::read(400, headers.iter().copied(), body.as_bytes());

    let body = r#"{"errors":[{"code":"user.restricted_field","message":"m","fields":["user_name",5,"builtin"],"more":1},{"code":"new.code"},{}],"more":2}"#;
    let failure = read(&[], body);
    assert!(failure.is_in_form());
    assert_eq!(
        parts(&failure),
        [
            (Some("user.restricted_field"), Some(Code::RestrictedField), Some("m"), vec!["user_name", "builtin"]),
            (Some("new.code"), None, None, vec![]),
            (None, None, None, vec![]),
        ]
    );

    // The header alone, and beside the body.
    let header = [("X-Cloud-Error-Codes", "user.roles.invalid, new.code,,user.roles.invalid"), ("other", "no")];
    for body in ["", "<html>", r#"{"error":"no"}"#, r#"{"errors":{}}"#] {
        let failure = read(&header, body);
        assert!(!failure.is_in_form(), "{body}");
        let codes = [
            (Some("user.roles.invalid"), Some(Code::RolesInvalid), None, vec![]),
            (Some("new.code"), None, None, vec![]),
        ];
        assert_eq!(parts(&failure), codes, "{body}");
    }
    let failure = read(&[(CODES_HEADER, "new.code"), (CODES_HEADER, "user.not_found")], body);
    assert_eq!(failure.errors().len(), 4);
    assert_eq!(failure.codes().collect::<Vec<_>>(), [Code::RestrictedField, Code::NotFound]);
    assert!(read(&[], r#"{"errors":[]}"#).is_in_form());
}

#[test]
fn a_failure_shows_no_text_of_a_reply() {
    let texts = ["hush", "new.code"];
    let elastic = elastic::Failure::read(
        400,
        [("x-cloud-error-codes", "hush.a")],
        br#"{"errors":[{"code":"user.roles.invalid","message":"hush","fields":["hush"]},{"code":"new.code"}]}"#,
    );
    let twin = trusted_twin::Failure::read(400, [], br#"{"subcode":"hush","trace":"hush","description":"hush"}"#);
    let fireworks = fireworks::Failure::read(
        400,
        [],
        br#"{"code":"hush","message":"hush","details":[{"@type":"type.googleapis.com/google.rpc.BadRequest","fieldViolations":[{"field":"hush","description":"hush"}]}]}"#,
    );
    assert_eq!((elastic.errors().len(), twin.trace(), fireworks.fields().count()), (3, Some("hush"), 1));
    let shown = format!("{elastic} {elastic:?} {twin} {twin:?} {fireworks} {fireworks:?}");
    assert!(texts.iter().all(|text| !shown.contains(text)), "{shown}");
    assert_eq!(elastic.to_string(), "status 400: user.roles.invalid");
    assert_eq!(twin.to_string(), "status 400");
    assert!(format!("{fireworks:?}").contains("has_message: true"));
}

/// Neither a deep nor a long body is more than it is.
#[test]
fn a_large_answer_is_read_as_a_small_one_is() {
    let deep = "[".repeat(100_000);
    let long = format!(r#"{{"errors":[{}{{}}]}}"#, r#"{"code":"a","fields":["b"]},"#.repeat(50_000));
    let codes = "a,b,".repeat(50_000);
    for body in [deep.as_bytes(), long.as_bytes(), &[0xFF; 1000]] {
        let _ = Fireworks::failure(400, [], body);
        let _ = TrustedTwin::failure(400, [], body);
        let failure = Elastic::failure(400, [("x-cloud-error-codes", &*codes)], body);
        assert!(failure.errors().iter().any(|error| error.code_text() == Some("b")));
    }
}
