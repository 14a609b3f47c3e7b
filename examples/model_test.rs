//! A property test of somebody else's service, with the strategies and the oracle of this crate:
//! `cargo run --features proptest --example model_test`.

use std::error::Error;

use proptest::{
    prelude::*,
    test_runner::{Config, TestRunner},
};
use serde_json::Value;
use user_patch::{
    proptest::{Request, drafts, users},
    trusted_twin::{Context, NAME_PATTERN},
    vendor::TrustedTwin,
};

/// A service, as a test sees it: the user that is stored and the body that is sent; the status, and the user afterwards.
type Service = fn(Value, &[u8]) -> (u16, Value);

/// Holds a service against what the page says, on requests that are made up. `Err` has the smallest one that is answered
/// otherwise.
fn hold(service: Service) -> Result<(), String> {
    let ctx = Context::default();
    let requests = (users::<TrustedTwin>(), drafts::<TrustedTwin>());
    let requests = requests.prop_map(move |(user, draft)| draft.request(&user, &ctx));
    let mut runner = TestRunner::new(Config { cases: 2_000, failure_persistence: None, ..Config::default() });
    let held = runner.run(&requests, |request: Request<TrustedTwin>| {
        let stored: Value =
            serde_json::from_str(&request.user.to_json()).map_err(|wrong| TestCaseError::reject(wrong.to_string()))?;
        let (status, after) = service(stored.clone(), &request.body);
        prop_assert_eq!(status, request.reply().status);
        // The oracle: the user that the page's update makes, or the user as it was.
        let expected = match request.decide() {
            Ok((user, _)) => {
                serde_json::from_str(&user.to_json()).map_err(|wrong| TestCaseError::fail(wrong.to_string()))?
            }
            Err(_) => stored,
        };
        prop_assert_eq!(after, expected);
        Ok(())
    });
    held.map_err(|wrong| wrong.to_string())
}

/// It replaces the members that the page names, and looks at their types: nearly right.
fn my_service(user: Value, body: &[u8]) -> (u16, Value) {
    let Ok(Value::Object(said)) = serde_json::from_slice(body) else { return (400, user) };
    let fits = |(name, value): (&String, &Value)| match name.as_str() {
        "name" | "role" => value.is_string(),
        "description" => value.is_object() || value.is_null(),
        _ => false,
    };
    match user {
        Value::Object(mut members) if said.iter().all(fits) => {
            members.extend(said);
            (200, Value::Object(members))
        }
        refused => (400, refused),
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    println!(
        "the page: names match {NAME_PATTERN}; null removes a description; a body names members of the page alone"
    );
    match hold(my_service) {
        Ok(()) => Err("2,000 requests did not tell the service from the page".into()),
        Err(found) => {
            println!("my service answers otherwise, on this request at the smallest:\n{found}");
            Ok(())
        }
    }
}
