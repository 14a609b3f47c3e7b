//! A patch renders back to the body it stands for, and its mask travels beside it.

use user_patch::report::Diff;

use super::{
    Case, Law, Page, Request, applied, decisions::does_the_same, same, telling::is_json, tree::Tree, unlimited,
};

/// The request that carries a patch is that patch.
fn travels<M: Page>(patch: &M::Patch<'_>, ctx: &M::Context) -> Law {
    let request = Request::of::<M>(patch);
    let body = M::patch_json(patch);
    is_json(&body)?;
    let again = request.parse::<M>(ctx).map_err(|wrong| format!("what is rendered is read: {wrong}: {request:?}"))?;
    ensure!(same::<M>(&again, patch), "{request:?}");
    ensure_eq!(Request::of::<M>(&again), request);
    Ok(())
}

/// Parse∘render∘parse is parse, and rendering twice is rendering once.
pub(crate) fn parse_render_parse_is_stable<M: Page>(case: &Case<M::Context>) -> Law {
    let ctx = unlimited::<M>(&case.ctx);
    let Ok(patch) = case.ours.parse::<M>(&ctx) else { return Ok(()) };
    travels::<M>(&patch, &ctx)?;
    // Within the limits it was read in: what is rendered is no longer than what was read.
    if let Ok(patch) = case.ours.parse::<M>(&case.ctx) {
        ensure!(M::patch_json(&patch).len() <= case.ours.body.len().max(2), "{}", M::patch_json(&patch));
    }
    Ok(())
}

/// What is rendered is the body that was read, under the names of the page.
pub(crate) fn a_rendered_body_says_the_same<M: Page>(case: &Case<M::Context>) -> Law {
    let ctx = unlimited::<M>(&case.ctx);
    let (Some(user), Ok(patch)) = (case.stored::<M>(), case.ours.parse::<M>(&ctx)) else { return Ok(()) };
    let written = Tree::read(&M::patch_json(&patch));
    if let Some(Tree::Object(body)) = Tree::try_read(&case.ours.body) {
        let camel = |name: &String| {
            M::DOCUMENTED
                .iter()
                .find(|known| snake_case(known) == *name)
                .map_or(name.clone(), |known| (*known).to_owned())
        };
        let expected = body.into_iter().map(|(name, value)| (camel(&name), value)).collect();
        ensure_eq!(written, Tree::Object(expected));
    }
    let request = Request::of::<M>(&patch);
    let again = request.parse::<M>(&ctx).map_err(|wrong| wrong.to_string())?;
    does_the_same::<M>(&patch, &again, &user, &ctx, &request)
}

/// The name of a member in `snake_case`.
fn snake_case(name: &str) -> String {
    let letter = |letter: char| match letter.is_ascii_uppercase() {
        true => format!("_{}", letter.to_ascii_lowercase()),
        false => letter.to_string(),
    };
    name.chars().map(letter).collect()
}

/// A patch that this crate has made can be put on a queue and read back: what a diff, an undoing, a composition or a moving
/// gives.
pub(crate) fn a_patch_that_was_made_can_be_queued<M: Page>(case: &Case<M::Context>) -> Law {
    let ctx = unlimited::<M>(&case.ctx);
    if let Some((before, after)) = case.both::<M>()
        && let Ok(Diff::Patch(patch)) = M::diff(&before, &after, &ctx)
    {
        travels::<M>(&patch, &ctx).map_err(|wrong| format!("diff: {wrong}"))?;
    }
    let (Some(user), Ok(ours)) = (case.stored::<M>(), case.ours.parse::<M>(&ctx)) else { return Ok(()) };
    let Ok(next) = case.next.parse::<M>(&ctx) else { return Ok(()) };
    if let Ok(both) = M::then(&ours, &next) {
        travels::<M>(&both, &ctx).map_err(|wrong| format!("then: {wrong}"))?;
    }
    if let Some(after) = applied::<M>(&ours, &user, &ctx)
        && let Ok(Diff::Patch(back)) = M::undo(&user, &after, &ctx)
    {
        travels::<M>(&back, &ctx).map_err(|wrong| format!("undo: {wrong}"))?;
    }
    if let Some(theirs) = applied::<M>(&next, &user, &ctx)
        && let Ok(Diff::Patch(moved)) = M::rebase(&user, &ours, &theirs)
    {
        travels::<M>(&moved, &ctx).map_err(|wrong| format!("rebase: {wrong}"))?;
    }
    Ok(())
}
