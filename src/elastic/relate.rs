//! What can be said of users and patches without applying them.

use std::borrow::Cow;

use super::{
    apply::write_set,
    context::Context,
    member::{Form, Member, place},
    misplaced::PASSWORD,
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
    if !document.value().has_member(PASSWORD) {
        return Cow::Borrowed(document);
    }
    let mut out = Builder::with_capacity(document.bytes(), document.places());
    out.copy_without(document.value(), PASSWORD);
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

#[cfg(test)]
mod tests {
    use super::{
        super::samples::{Dice, TRIES, settled},
        *,
    };

    fn user(text: &str) -> User {
        User::from_json(text.as_bytes()).unwrap()
    }

    #[test]
    fn a_diff_arrives_and_is_nothing_where_nothing_differs() {
        let mut dice = Dice::new();
        let (mut patches, mut unchanged) = (0, 0);
        for _ in 0..TRIES {
            let (before, mut after, mut ctx) = (dice.user(), dice.user(), dice.context());
            if dice.below(3) > 0 {
                after = before.clone();
                _ = dice.patch().apply(&mut after, &ctx);
            }
            ctx.now = ctx.now.filter(|_| dice.below(2) == 0);
            let told = || format!("from {}\nto {}", before.to_json(), after.to_json());
            let is_same = settled(&before) == settled(&after);
            match diff(&before, &after, &ctx) {
                Ok(Diff::Unchanged) => {
                    assert!(is_same, "{}", told());
                    unchanged += 1;
                }
                Ok(Diff::Patch(patch)) => {
                    let mut there = before.clone();
                    let applied = patch.apply(&mut there, &ctx);
                    assert!(!applied.unwrap().changed().is_empty());
                    assert_eq!(settled(&there), settled(&after), "{}\nby {}", told(), patch.to_json());
                    patches += 1;
                }
                Err(unreachable) => assert!(!is_same || before.is_builtin(), "{}\n{unreachable}", told()),
            }
            if before == after {
                assert!(is_same, "{}", told());
            }
        }
        assert!(patches > TRIES / 10 && unchanged > TRIES / 100, "{patches} and {unchanged} of {TRIES}");
    }

    #[test]
    fn an_undoing_leads_back_whatever_the_clock_did() {
        let mut dice = Dice::new();
        for _ in 0..TRIES {
            let (before, ctx) = (dice.user(), dice.context());
            let mut after = before.clone();
            if dice.patch().apply(&mut after, &ctx).is_err() {
                continue;
            }
            let mut back = after.clone();
            match undo(&before, &after, &ctx) {
                Ok(Diff::Unchanged) => {}
                Ok(Diff::Patch(patch)) => drop(patch.apply(&mut back, &ctx).unwrap()),
                // What may be taken away, and not given back.
                Err(_) => continue,
            }
            assert_eq!(settled(&back), settled(&before), "from {}", after.to_json());
        }
    }

    #[test]
    fn a_rebased_patch_loses_nothing_that_either_changed() {
        let mut dice = Dice::new();
        for _ in 0..TRIES {
            let (base, ours, ctx) = (dice.user(), dice.patch(), dice.context());
            let (mut alone, mut theirs) = (base.clone(), base.clone());
            if ours.apply(&mut alone, &ctx).is_err() || dice.patch().apply(&mut theirs, &ctx).is_err() {
                continue;
            }
            let Ok(moved) = rebase(&base, &ours, &theirs) else { continue };
            let mut both = theirs.clone();
            if let Diff::Patch(moved) = moved
                && moved.apply(&mut both, &ctx).is_err()
            {
                continue; // It has still to be checked.
            }
            let told = format!("{} on {}\nfor {}", ours.to_json(), base.to_json(), theirs.to_json());
            let [base, alone, theirs, both] = [&base, &alone, &theirs, &both].map(settled);
            for (name, there) in both.as_object().unwrap().iter().chain(base.as_object().unwrap()) {
                _ = there;
                let at = |user: &serde_json::Value| user.get(name).cloned();
                if at(&base) == at(&theirs) {
                    assert_eq!(at(&both), at(&alone), "{name} of {told}");
                } else if at(&base) == at(&alone) {
                    assert_eq!(at(&both), at(&theirs), "{name} of {told}");
                }
            }
        }
    }

    #[test]
    fn two_that_changed_one_member_differently_are_in_conflict() {
        let ctx = Context::default();
        let base = user(
            r#"{"user_name":"ada","security":{"roles":["a","b"],"enabled":true},"metadata":{"updated_at":"2024-05-04T09:42:00Z"}}"#,
        );
        let theirs = user(
            r#"{"user_name":"ada","security":{"roles":["b"],"enabled":true,"seat":1},"metadata":{"updated_at":"2025-05-04T09:42:00Z","note":1}}"#,
        );
        let moved = |body: &str| match rebase(&base, &Patch::parse(body.as_bytes(), &ctx).unwrap(), &theirs) {
            Ok(Diff::Patch(patch)) => patch.to_json(),
            Ok(Diff::Unchanged) => "nothing".to_owned(),
            Err(conflict) => conflict.pointers().iter().map(Pointer::as_str).collect::<Vec<_>>().join(" "),
        };
        assert_eq!(moved(r#"{"security":{"roles":["b","a"]}}"#), "nothing");
        assert_eq!(moved(r#"{"security":{"roles":["b","b"]}}"#), "nothing");
        assert_eq!(
            moved(r#"{"security":{"roles":["a"],"seat":2},"metadata":{"note":{"x":1}}}"#),
            "/metadata/note /security/roles /security/seat"
        );
        assert_eq!(
            moved(
                r#"{"security":{"enabled":true,"password":"correct horse"},"metadata":{"updated_at":"2024-05-04T09:42:00.000Z","office":1}}"#
            ),
            r#"{"metadata":{"office":1},"security":{"enabled":true,"password":"correct horse"}}"#
        );
    }

    #[test]
    fn why_no_patch_gets_there() {
        let ctx = Context::default();
        let why = |before: &str, after: &str| match diff(&user(before), &user(after), &ctx) {
            Ok(Diff::Patch(patch)) => patch.to_json(),
            Ok(Diff::Unchanged) => "nothing".to_owned(),
            Err(reasons) => reasons
                .iter()
                .map(|reason| format!("{} {}", reason.rule().id, reason.pointer()))
                .collect::<Vec<_>>()
                .join("; "),
        };
        for (before, after, expected) in [
            (
                r#"{"user_name":"ada","security":{}}"#,
                r#"{"user_name":"bob","security":{"permissions":["a"]}}"#,
                "elastic.restricted /user_name",
            ),
            (
                r#"{"user_name":"ada","security":{"roles":[],"enabled":true}}"#,
                r#"{"user_name":"ada","security":{}}"#,
                "elastic.null /security/enabled; elastic.null /security/roles",
            ),
            (
                r#"{"user_name":"ada","security":{}}"#,
                r#"{"user_name":"ada","security":{"x":{"y":null}},"email":null}"#,
                "elastic.null /email; elastic.null /security/x",
            ),
            (
                r#"{"user_name":"ada","security":{}}"#,
                r#"{"user_name":"ada","security":{},"password":"x"}"#,
                "elastic.password.misplaced /password",
            ),
            (
                r#"{"user_name":"ada","security":{"roles":["a","b"]}}"#,
                r#"{"user_name":"ada","security":{"roles":["b","a"]}}"#,
                "nothing",
            ),
            (
                r#"{"user_name":"ada","security":{"roles":["ece_platform_viewer"]}}"#,
                r#"{"user_name":"ada","security":{"roles":[]}}"#,
                r#"{"security":{"roles":[]}}"#,
            ),
            (
                r#"{"user_name":"ada","security":{}}"#,
                r#"{"user_name":"ada","security":{},"metadata":{}}"#,
                r#"{"metadata":{}}"#,
            ),
            (
                r#"{"user_name":"ada","security":{}}"#,
                r#"{"user_name":"ada","security":{},"metadata":{"updated_at":"x"}}"#,
                "nothing",
            ),
            (
                r#"{"user_name":"ada","security":{},"metadata":{"updated_at":"x","note":1}}"#,
                r#"{"user_name":"ada","security":{}}"#,
                r#"{"metadata":{"note":null}}"#,
            ),
            (
                r#"{"user_name":"ada","security":{},"metadata":{"note":1}}"#,
                r#"{"user_name":"ada","security":{}}"#,
                r#"{"metadata":null}"#,
            ),
            (r#"{"user_name":"ada","security":{}}"#, r#"{"user_name":"ada","security":{},"builtin":false}"#, "nothing"),
        ] {
            assert_eq!(why(before, after), expected, "from {before} to {after}");
        }
    }

    #[test]
    fn an_audit_shows_no_password() {
        let before =
            user(r#"{"user_name":"ada","security":{"Password":"hush"},"list":[{"password":"hush","n":1}],"x":1}"#);
        let after = user(
            r#"{"user_name":"ada","security":{"Password":"hush2"},"list":[{"password":"hush2","n":2}],"password":"hush","x":2}"#,
        );
        let told = audit(&before, &after);
        assert_eq!(
            told.to_json(),
            r#"[{"op":"replace","path":"/list","value":[{"n":2}]},{"op":"replace","path":"/x","value":2}]"#
        );
        assert!(!format!("{told:?} {:?} {}", told.inverted(), told.inverted().to_json()).contains("hush"));
    }
}
