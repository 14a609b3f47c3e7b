//! From the user that is wanted to the patch that gets there, shown to a person first: `cargo run --example plan`.

use std::error::Error;

use user_patch::elastic::{Context, User, audit, diff, undo};

fn main() -> Result<(), Box<dyn Error>> {
    let user = User::from_json(
        br#"{"user_name":"ada","security":{"roles":["ece_platform_admin"]},"email":"ada@example.com",
             "metadata":{"badge":123456789012345678901234567890}}"#,
    )?;
    let ctx = Context::default();

    // What is wanted, said of the user itself. Every other member stays as it is, to the last digit.
    let wanted =
        user.with(&["full_name"], "Ada Lovelace")?.with(&["metadata", "team"], "engine")?.without(&["email"])?;

    println!("the plan:\n{}", audit(&user, &wanted).changes());
    match diff(&user, &wanted, &ctx)?.patch() {
        None => println!("there is nothing to send"),
        Some(patch) => {
            println!("to be sent: {}", patch.to_json());
            if let Some(back) = undo(&user, &wanted, &ctx)?.patch() {
                println!("the way back: {}", back.to_json());
            }
        }
    }

    // What no patch can do is told before anything is sent, each reason with its rule.
    let renamed = user.with(&["user_name"], "countess")?;
    if let Err(unreachable) = diff(&user, &renamed, &ctx) {
        println!("not possible: {unreachable}");
    }
    Ok(())
}
