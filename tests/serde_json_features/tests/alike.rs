//! Contexts read alike, and a member named like one of serde_json's private ones is an unknown member.

use serde_json::Value;
use user_patch::{elastic, exchange::answer, fireworks, trusted_twin};

#[test]
fn the_features_are_on() {
    let text = "{\"b\":123456789012345678901234567890.5,\"a\":1}";
    assert_eq!(serde_json::from_str::<Value>(text).unwrap().to_string(), text);
}

#[test]
fn a_fractional_time_reads_as_elsewhere() {
    for (now, seconds) in
        [("1700000000.123", "1700000000.123"), ("1700000000", "1700000000"), ("1700000000.1239", "1700000000.123")]
    {
        let ctx: trusted_twin::Context = serde_json::from_str(&format!("{{\"now\":{now}}}")).unwrap();
        assert_eq!(ctx.now.unwrap().to_seconds(), seconds);
        let value: Value = serde_json::from_str(&format!("{{\"now\":{now}}}")).unwrap();
        let ctx: trusted_twin::Context = serde_json::from_value(value).unwrap();
        assert_eq!(ctx.now.unwrap().to_seconds(), seconds);
    }
    let ctx: fireworks::Context = serde_json::from_str(r#"{"now":1700000000.5}"#).unwrap();
    assert_eq!(ctx.now.unwrap().to_seconds(), "1700000000.5");
    let ctx: elastic::Context = serde_json::from_str(r#"{"now":"2023-11-14T22:13:20Z","policy":{"maxBytes":10}}"#).unwrap();
    assert_eq!((ctx.now.unwrap().to_seconds(), ctx.policy().max_bytes), ("1700000000".to_owned(), Some(10)));
}

#[test]
fn what_is_no_context_elsewhere_is_none_here() {
    for text in [r#"{"now":true}"#, r#"{"now":{}}"#, r#"{"now":{"a":1}}"#, r#"{"policy":[]}"#, r#"{"policy":{"maxBytes":1.5}}"#] {
        assert!(serde_json::from_str::<trusted_twin::Context>(text).is_err(), "{text}");
    }
}

#[test]
fn a_private_name_is_an_unknown_member() {
    let operator = r#"{"uuid":"f63d5c5c-0c5e-4c1a-9b1e-0d7a2f6f9a11","name":"Operator","role":"5b1c7f5a-2d3e-4c7b-9a52-0f6a1e3d9c10"}"#;
    for private in ["$serde_json::private::RawValue", "$serde_json::private::Number"] {
        let body = format!("{{\"description\":{{\"{private}\":\"{{}}\"}}}}");
        let ctx = trusted_twin::Context::default();
        let user = trusted_twin::User::from_json(operator.as_bytes()).unwrap();
        let refused = trusted_twin::Patch::parse(body.as_bytes(), &ctx).unwrap().check(&user, &ctx).unwrap_err();
        assert!(refused.contains(trusted_twin::Refusal::Key));

        let line = format!(r#"{{"vendor":"elastic","user":{{"user_name":"ada","security":{{}}}},"patch":{{"{private}":"1"}}}}"#);
        let told: Value = serde_json::from_str(&answer(1, line.as_bytes()).line).unwrap();
        assert_eq!(told["changed"][0], format!("/{private}"));
    }
}

#[test]
fn no_digit_is_lost_on_the_way_from_a_value() {
    let value: Value = serde_json::from_str(r#"{"user_name":"ada","security":{},"n":123456789012345678901234567890,"m":1.0}"#).unwrap();
    let user = elastic::User::from_value(&value).unwrap();
    assert_eq!(user.to_json(), r#"{"user_name":"ada","security":{},"n":123456789012345678901234567890,"m":1.0}"#);
}
