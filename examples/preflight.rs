//! Refuses a bad update before it leaves the building: `cargo run --example preflight`.

use std::error::Error;

use user_patch::fireworks::{Context, Patch, User};

fn main() -> Result<(), Box<dyn Error>> {
    // What the vendor answered when the user was read last.
    let user = User::from_json(br#"{"name":"accounts/acme/users/alice","role":"user","displayName":"Alice"}"#)?;
    let ctx = Context::default();

    for body in [
        r#"{"role":"contributor","displayName":"Alice A."}"#,
        r#"{"role":"custom"}"#,
        r#"{"role":"root","dispalyName":"Al","email":5}"#,
        r#"{"role":"user""#,
    ] {
        println!("{body}");
        match Patch::parse(body.as_bytes(), &ctx).and_then(|patch| patch.check(&user, &ctx)) {
            Ok(notices) => {
                println!("  may be sent");
                for notice in &notices {
                    println!("  note that {notice}");
                }
            }
            Err(violations) => {
                println!("  would be answered with {}:", violations.reply().status);
                for violation in &violations {
                    println!("  {violation}");
                    println!("    {} {}", violation.rule().basis.name(), violation.rule().page);
                }
            }
        }
    }
    Ok(())
}
