//! What can be said of patches without applying them.

use super::{
    check::repeats,
    context::{Context, UnknownMembers},
    member::Member,
    patch::Patch,
    rules::{Refusal, Violations},
    user::User,
};
use crate::{
    engine::{Builder, Conflict, Index, Name, Pointer, Value, Writer, keeps},
    report::{Audit, Diff, Finding, Findings, Refuses, Unreachable},
};

/// The smallest patch that makes `after` of `before` and is accepted in `ctx`: the members that differ, a description whole, as
/// null where it goes and as `{}` where it is emptied. The two times, which the vendor keeps by itself, are not compared.
///
/// ```
/// use user_patch::trusted_twin::{Context, User, diff};
///
/// let user = |rest: &str| User::from_json(format!(
///     r#"{{"uuid":"f63d5c5c-0c5e-4c1a-9b1e-0d7a2f6f9a11","name":"Operator","role":"5b1c7f5a-2d3e-4c7b-9a52-0f6a1e3d9c10"{rest}}}"#
/// ).as_bytes());
/// let (before, ctx) = (user(r#","description":{"a":1}"#)?, Context::default());
/// assert_eq!(diff(&before, &user("")?, &ctx)?.patch().unwrap().to_json(), r#"{"description":null}"#);
/// assert_eq!(diff(&before, &user(r#","description":{}"#)?, &ctx)?.patch().unwrap().to_json(), r#"{"description":{}}"#);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// Every reason why no patch gets there: a member differs that an update does not have, or the patch would be refused.
pub fn diff(before: &User, after: &User, ctx: &Context) -> Result<Diff<Patch<'static>>, Unreachable> {
    let mut reasons = Findings::new();
    let reason = |refusal: Refusal, pointer, message| Finding::saying(refusal.rule(), pointer, message);
    let body = Builder::document(64, 0, |out| {
        for &member in Member::ALL.iter().filter(|&&member| !before.agrees(after, member)) {
            match (member.writer(), after.get(member)) {
                (Writer::Update, Some(value)) => out.member(Name::plain(member.name()), |out| out.copy(value)),
                (Writer::Update, None) => out.member(Name::plain(member.name()), |out| out.fixed("null")),
                (Writer::Vendor, _) => {
                    reasons.push(reason(Refusal::ReadOnly, member.pointer(), "differs, and only the response has it"));
                }
                (Writer::VendorItself, _) => {}
            }
        }
        let (old, new) = (Index::of(before.document().value()), Index::of(after.document().value()));
        let gone = before.unnamed().filter(|&(name, _)| new.get(name).is_none()).map(|(name, _)| (name, None));
        let differing = after.unnamed().filter(|&(name, value)| old.get(name) != Some(value));
        for (name, value) in gone.chain(differing.map(|(name, value)| (name, Some(value)))) {
            match value {
                Some(value) if ctx.policy().unknown_members == UnknownMembers::Keep => {
                    out.member(name, |out| out.copy(value));
                }
                _ => {
                    let pointer = Pointer::root().child(&name.decoded());
                    reasons.push(reason(Refusal::UnknownMember, pointer, "differs, and an update does not have it"));
                }
            }
        }
    });
    let patch = Patch::of(body);
    if reasons.is_empty() && patch.is_empty() {
        return Ok(Diff::Unchanged);
    }
    if let Err(wrong) = patch.body().within(&ctx.policy().limits()) {
        reasons.extend(Violations::from(wrong).iter().map(|violation| violation.finding().clone()));
    }
    if let Err(violations) = patch.check(before, ctx) {
        reasons.extend(violations.iter().map(|violation| violation.finding().clone()));
    }
    Unreachable::of(reasons)?;
    Ok(Diff::Patch(patch))
}

/// The patch that leads back from `after`, which an update has made, to `before`.
///
/// ```
/// use user_patch::trusted_twin::{Context, Patch, User, undo};
///
/// let before = User::from_json(br#"{"uuid":"f63d5c5c-0c5e-4c1a-9b1e-0d7a2f6f9a11","name":"Operator","role":"5b1c7f5a-2d3e-4c7b-9a52-0f6a1e3d9c10"}"#)?;
/// let (mut after, mut ctx) = (before.clone(), Context::default());
/// ctx.now = Some("2026-01-01T00:00:00Z".parse()?);
/// let _ = Patch::parse(br#"{"name":"Operator-7"}"#, &ctx)?.apply(&mut after, &ctx)?;
/// assert_eq!(undo(&before, &after, &ctx)?.patch().unwrap().to_json(), r#"{"name":"Operator"}"#);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// As [`diff`] from `after` to `before`.
pub fn undo(before: &User, after: &User, ctx: &Context) -> Result<Diff<Patch<'static>>, Unreachable> {
    diff(after, before, ctx)
}

/// What an update changed, as an RFC 6902 patch from one rendering to the other and its inverse. A description changes
/// attribute by attribute here.
///
/// ```
/// use user_patch::trusted_twin::{Context, Patch, User, audit};
///
/// let before = User::from_json(br#"{"uuid":"f63d5c5c-0c5e-4c1a-9b1e-0d7a2f6f9a11","name":"Operator","role":"5b1c7f5a-2d3e-4c7b-9a52-0f6a1e3d9c10","description":{"a":1,"b":2}}"#)?;
/// let (mut after, ctx) = (before.clone(), Context::default());
/// let _ = Patch::parse(br#"{"description":{"b":2}}"#, &ctx)?.apply(&mut after, &ctx)?;
/// assert_eq!(audit(&before, &after).to_json(), r#"[{"op":"remove","path":"/description/a"}]"#);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn audit(before: &User, after: &User) -> Audit {
    Audit::between(before.document().value(), after.document().value())
}

/// The patch `ours`, made on `base`, for `theirs`, which somebody else has made of `base`: without what `theirs` has already
/// and without repetitions of what `theirs` has changed. A description is one member, as it is replaced whole. The patch has
/// still to be checked on `theirs`.
///
/// ```
/// use user_patch::trusted_twin::{Context, Patch, User, rebase};
///
/// let user = |name: &str| User::from_json(format!(
///     r#"{{"uuid":"f63d5c5c-0c5e-4c1a-9b1e-0d7a2f6f9a11","name":"{name}","role":"5b1c7f5a-2d3e-4c7b-9a52-0f6a1e3d9c10"}}"#
/// ).as_bytes());
/// let ours = Patch::parse(br#"{"name":"Operator","description":{}}"#, &Context::default())?;
/// let moved = rebase(&user("Operator")?, &ours, &user("Operator-2")?)?.patch().unwrap();
/// assert_eq!(moved.to_json(), r#"{"description":{}}"#);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// The members that both changed, and differently.
pub fn rebase(base: &User, ours: &Patch<'_>, theirs: &User) -> Result<Diff<Patch<'static>>, Conflict> {
    let mut conflicts = Vec::new();
    let [in_base, in_theirs] = [base, theirs].map(|user| Index::of(user.document().value()));
    let body = ours.body().value();
    let document = Builder::document(body.text().len(), 0, |out| {
        let mut stays = |name: Name<'_>, value: Value<'_>| match Member::of(name) {
            Some(member) if member.writer() != Writer::Update => true,
            Some(member) => keeps(
                !base.agrees(theirs, member),
                || !repeats(base.get(member), value, member),
                || repeats(theirs.get(member), value, member),
                || conflicts.push(member.pointer()),
            ),
            None => keeps(
                in_base.get(name) != in_theirs.get(name),
                || in_base.get(name) != Some(value),
                || in_theirs.get(name) == Some(value),
                || conflicts.push(Pointer::root().child(&name.decoded())),
            ),
        };
        out.copy_except(body, |name, value| (!stays(name, value)).then_some(()), |_, _, (), _| {});
    });
    Conflict::of(conflicts)?;
    let moved = Patch::of(document);
    Ok(if moved.is_empty() { Diff::Unchanged } else { Diff::Patch(moved) })
}

impl Patch<'_> {
    /// One patch that does what this one and then `next` do: every member is replaced whole, so the later one counts.
    ///
    /// On every user on which both are accepted in turn, under one context, it is accepted and makes the same user (where
    /// the two undo each other, but for the time of the update): no check
    /// depends on the state in between. Its body may be longer than either, and than a limit.
    ///
    /// ```
    /// use user_patch::trusted_twin::{Context, Patch};
    ///
    /// let ctx = Context::default();
    /// let first = Patch::parse(br#"{"name":"Operator","description":{"a":1}}"#, &ctx)?;
    /// let both = first.then(&Patch::parse(br#"{"description":null}"#, &ctx)?);
    /// assert_eq!(both.to_json(), r#"{"name":"Operator","description":null}"#);
    /// # Ok::<(), user_patch::trusted_twin::Violations>(())
    /// ```
    #[must_use]
    pub fn then(&self, next: &Patch<'_>) -> Patch<'static> {
        // A time that `next` repeats may be the one that this patch moves, which the user before does not have yet.
        let is_kept_by_vendor =
            |name: Name<'_>| Member::of(name).is_some_and(|member| member.writer() == Writer::VendorItself);
        let (first, next) = (self.body().value(), next.body().value());
        Patch::of(Builder::document(first.text().len() + next.text().len(), 0, |out| {
            out.overlay(first, next, |name| !is_kept_by_vendor(name));
        }))
    }
}
