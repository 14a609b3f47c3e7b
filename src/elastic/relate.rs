//! What can be said of users and patches without applying them.

use std::borrow::Cow;

use super::{
    apply::write_set,
    context::Context,
    member::{Form, Member, place},
    misplaced::is_password,
    patch::Patch,
    rules::{self, Refusal, Violations},
    user::User,
};
use crate::{
    engine::{Builder, Conflict, Document, Name, Pointer, Writer, diff_members, keeps, rebase_members},
    report::{Audit, Diff, Finding, Findings, Refuses, Rule, Unreachable},
};

/// The smallest patch that makes `after` of `before` and is accepted in `ctx`: a merge patch of the members that differ, with
/// null where a member goes; a default is written as its value. What the vendor keeps by itself is not compared: the documented
/// members of `metadata`, `security.permissions` and `security.elevated_permissions`.
///
/// ```
/// use user_patch::elastic::{Context, User, diff};
///
/// let before = User::from_json(br#"{"user_name":"ada","security":{"roles":["ece_platform_admin"],"enabled":false},"email":"ada@example.com"}"#)?;
/// let after = User::from_json(br#"{"user_name":"ada","security":{"roles":["ece_platform_admin"],"enabled":true}}"#)?;
/// let patch = diff(&before, &after, &Context::default())?.patch().unwrap();
/// assert_eq!(patch.to_json(), r#"{"email":null,"security":{"enabled":true}}"#);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// Every reason why no patch gets there: a restricted member differs, a null that a merge patch cannot write, a member with a
/// default that would have to go, or a patch that would be refused.
pub fn diff(before: &User, after: &User, ctx: &Context) -> Result<Diff<Patch<'static>>, Unreachable> {
    if before.document().text() == after.document().text() {
        return Ok(Diff::Unchanged);
    }
    let mut difference = Difference { before, after, reasons: Findings::new() };
    let patch = Patch::of(Builder::document(64, 0, |out| difference.write_inside(None, out)));
    let mut reasons = difference.reasons;
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

/// What lies between two users.
struct Difference<'u> {
    before: &'u User,
    after: &'u User,
    reasons: Findings,
}

impl Difference<'_> {
    fn cannot(&mut self, rule: &'static Rule, pointer: Pointer, why: &'static str) {
        self.reasons.push(Finding::saying(rule, pointer, why));
    }

    fn cannot_be_null(&mut self, pointer: Pointer) {
        self.cannot(rules::NULL, pointer, "holds a null that a merge patch cannot write");
    }

    /// Writes the members of the patch for an object.
    fn write_inside(&mut self, above: Option<Member>, out: &mut Builder) {
        for member in Member::children(above) {
            match (member.writer(), member.form()) {
                (Writer::VendorItself, _) | (Writer::Update, Form::Secret) => {}
                (Writer::Vendor, _) => {
                    if !self.before.agrees(self.after, Some(member)) {
                        self.cannot(Refusal::Restricted.rule(), member.pointer(), "differs, and no update sets it");
                    }
                }
                (Writer::Update, Form::Object) => self.write_object(member, out),
                (Writer::Update, Form::Text | Form::Flag | Form::Time | Form::Set) => self.write_value(member, out),
            }
        }
        let (before, after) = (self.before.object(above), self.after.object(above));
        let skips = |name: Name<'_>| Member::inside(above, &name.decoded()).is_some();
        diff_members(before, after, skips, out, &mut |name| self.cannot_be_null(place(above, name)));
    }

    fn write_value(&mut self, member: Member, out: &mut Builder) {
        let (before, after) = (self.before.get(member), self.after.get(member));
        if member.agrees(before, after) {
            return;
        }
        let name = Name::plain(member.name());
        match (after, member.form()) {
            (Some(after), Form::Set) if !after.is_null() => out.member(name, |out| write_set(Some(after), out)),
            (Some(after), _) if !after.is_null() => out.member(name, |out| out.copy(after)),
            (Some(_), _) => self.cannot_be_null(member.pointer()),
            (None, _) if member.default().is_some() => {
                self.cannot(rules::NULL, member.pointer(), "has a default, and cannot be removed");
            }
            (None, _) => out.member(name, |out| out.fixed("null")),
        }
    }

    /// Writes an object with members that the vendor keeps by itself. Where it holds some, it neither comes nor goes for them.
    fn write_object(&mut self, member: Member, out: &mut Builder) {
        let is_there = |user: &User| user.object(Some(member)).is_some();
        let (before, after) = (self.before, self.after);
        if is_there(after) || is_there(before) && holds_kept(before, member) {
            let mark = out.mark();
            out.member(Name::plain(member.name()), |out| out.object(|out| self.write_inside(Some(member), out)));
            if out.ends_empty() && (is_there(before) || holds_kept(after, member)) {
                out.rewind(mark);
            }
        } else if !before.agrees(after, Some(member)) {
            match after.get(member) {
                Some(_) => self.cannot_be_null(member.pointer()),
                None => out.member(Name::plain(member.name()), |out| out.fixed("null")),
            }
        }
    }
}

/// Whether an object holds what the vendor keeps by itself.
fn holds_kept(user: &User, member: Member) -> bool {
    let mut kept = Member::children(Some(member)).filter(|child| child.writer() == Writer::VendorItself);
    kept.any(|child| user.get(child).is_some_and(|value| !value.is_null()))
}

/// The patch that leads back from `after`, which an update has made, to `before`.
///
/// ```
/// use user_patch::elastic::{Context, Patch, User, undo};
///
/// let before = User::from_json(br#"{"user_name":"ada","security":{},"metadata":{"updated_at":"2024-05-04T09:42:00Z"}}"#)?;
/// let (mut after, mut ctx) = (before.clone(), Context::default());
/// ctx.now = Some("2026-01-01T00:00:00Z".parse()?);
/// let _ = Patch::parse(br#"{"full_name":"Ada"}"#, &ctx)?.apply(&mut after, &ctx)?;
/// assert_eq!(undo(&before, &after, &ctx)?.patch().unwrap().to_json(), r#"{"full_name":null}"#);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// As [`diff`] from `after` to `before`.
pub fn undo(before: &User, after: &User, ctx: &Context) -> Result<Diff<Patch<'static>>, Unreachable> {
    diff(after, before, ctx)
}

/// What an update changed, as an RFC 6902 patch from one rendering to the other and its inverse. No user holds its password,
/// so no audit does; a member named `password` that is somewhere else is left out, as if no user had it.
///
/// ```
/// use user_patch::elastic::{Context, Patch, User, audit};
///
/// let before = User::from_json(br#"{"user_name":"ada","security":{},"email":"ada@example.com"}"#)?;
/// let (mut after, ctx) = (before.clone(), Context::default());
/// let _ = Patch::parse(br#"{"email":null}"#, &ctx)?.apply(&mut after, &ctx)?;
/// let undo = audit(&before, &after).inverted();
/// assert_eq!(undo.to_json(), r#"[{"op":"add","path":"/email","value":"ada@example.com"}]"#);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn audit(before: &User, after: &User) -> Audit {
    let (before, after) = (shown(before), shown(after));
    Audit::between(before.value(), after.value())
}

/// A user without the passwords that are somewhere in it.
fn shown(user: &User) -> Cow<'_, Document<'static>> {
    let document = user.document();
    if !document.value().has_member(is_password) {
        return Cow::Borrowed(document);
    }
    let mut out = Builder::with_capacity(document.bytes(), document.places());
    out.copy_without(document.value(), &is_password);
    Cow::Owned(out.finish())
}

/// The patch `ours`, made on `base`, for `theirs`, which somebody else has made of `base`: without what `theirs` has already
/// and without repetitions of what `theirs` has changed. A password stays in it, as no user tells whether it is new. The patch
/// has still to be checked on `theirs`.
///
/// ```
/// use user_patch::elastic::{Context, Patch, User, rebase};
///
/// let base = User::from_json(br#"{"user_name":"ada","security":{},"email":"a@example.com"}"#)?;
/// let theirs = User::from_json(br#"{"user_name":"ada","security":{},"email":"b@example.com"}"#)?;
/// let ours = Patch::parse(br#"{"email":"a@example.com","full_name":"Ada"}"#, &Context::default())?;
/// assert_eq!(rebase(&base, &ours, &theirs)?.patch().unwrap().to_json(), r#"{"full_name":"Ada"}"#);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// The members that both changed, and differently.
pub fn rebase(base: &User, ours: &Patch<'_>, theirs: &User) -> Result<Diff<Patch<'static>>, Conflict> {
    let mut conflicts = Vec::new();
    let body = ours.body();
    let document = Builder::document(body.bytes(), body.places(), |out| {
        rebase_inside(None, (base, ours, theirs), out, &mut conflicts);
    });
    Conflict::of(conflicts)?;
    let moved = Patch::of(document);
    Ok(if moved.is_empty() { Diff::Unchanged } else { Diff::Patch(moved) })
}

/// Writes the members of an object that the patch mentions. An object that a user does not have is one without members.
fn rebase_inside(
    above: Option<Member>,
    (base, ours, theirs): (&User, &Patch<'_>, &User),
    out: &mut Builder,
    conflicts: &mut Vec<Pointer>,
) {
    for (member, said) in ours.documented().filter(|(member, _)| member.above() == above) {
        let name = Name::plain(member.name());
        if member.form() == Form::Object && said.is_object() {
            let mark = out.mark();
            out.member(name, |out| out.object(|out| rebase_inside(Some(member), (base, ours, theirs), out, conflicts)));
            if out.ends_empty() && !said.is_empty() {
                out.rewind(mark);
            }
            continue;
        }
        let stays = member.form() == Form::Secret
            || keeps(
                !base.agrees(theirs, Some(member)),
                || member.changes(base.get(member), said),
                || !member.changes(theirs.get(member), said),
                || conflicts.push(member.pointer()),
            );
        if stays {
            out.member(name, |out| out.copy(said));
        }
    }
    let Some(said) = ours.object(above).filter(|_| ours.has_others(above)) else { return };
    let skips = |name: Name<'_>| Member::inside(above, &name.decoded()).is_some();
    let conflict = &mut |name: Name<'_>| conflicts.push(place(above, name));
    rebase_members(base.object(above), said, theirs.object(above), skips, out, conflict);
}
