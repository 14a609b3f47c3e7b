//! Updates on a queue: stored as text, combined, and moved to a user that somebody else has changed meanwhile:
//! `cargo run --example queue`.

use std::error::Error;

use user_patch::{
    fireworks::{Context, Patch, User, rebase},
    report::Diff,
};

/// A patch as a queue keeps it: its body, and the mask, which travels beside it.
struct Queued {
    body: String,
    mask: String,
}

impl Queued {
    fn of(patch: &Patch<'_>) -> Self {
        Self { body: patch.to_json(), mask: patch.explicit_mask().unwrap_or("").to_owned() }
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let ctx = Context::default();
    let base = User::from_json(br#"{"role":"user","displayName":"Alice","email":"alice@example.com"}"#)?;

    let queue = [
        Queued::of(&Patch::parse_masked(br#"{"displayName":"Alice A."}"#, "display_name", &ctx)?),
        Queued::of(&Patch::parse(br#"{"role":"contributor"}"#, &ctx)?),
    ];

    // Read back they are the same patches, and one does what the two do.
    let mut patches = Vec::new();
    for queued in &queue {
        patches.push(Patch::parse_masked(queued.body.as_bytes(), &queued.mask, &ctx)?);
    }
    let [first, next] = patches.as_slice() else { return Err("two were queued".into()) };
    let both = first.then(next)?;
    println!("one for two: {} with the mask {}", both.to_json(), both.mask()?);

    // Meanwhile somebody else has changed the email address: ours can be moved to that user, and is checked there.
    let theirs = base.with(&["email"], "alice@acme.example")?;
    match rebase(&base, &both, &theirs)? {
        Diff::Unchanged => println!("they had done the same"),
        Diff::Patch(moved) => {
            let mut user = theirs.clone();
            let applied = moved.apply(&mut user, &ctx)?;
            println!("moved and done: {} members changed, {}", applied.changed().len(), user.to_json());
        }
    }

    // Where both changed one member, and differently, somebody has to decide.
    let theirs = base.with(&["displayName"], "Al")?;
    if let Err(conflict) = rebase(&base, &both, &theirs) {
        println!("conflict: {conflict}");
    }
    Ok(())
}
