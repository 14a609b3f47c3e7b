//! What can be said of users and patches without applying them.

use std::borrow::Cow;

use super::{
    context::Context,
    difference::Difference,
    member::{Form, Member, PASSWORD, place},
    patch::Patch,
    rules::Violations,
    user::User,
};
use crate::{
    engine::{Builder, Conflict, Document, Name, Pointer, keeps, rebase_members},
    report::{Audit, Diff, Unreachable},
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
    let (body, mut reasons) = Difference::between(before, after);
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
    for (member, said) in ours.fields().documented().filter(|(member, _)| member.above() == above) {
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
    let Some(said) = ours.object(above).filter(|_| ours.fields().has_others(above)) else { return };
    let skips = |name: Name<'_>| Member::of(above, name).is_some();
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
            if moved.patch().is_some_and(|moved| moved.apply(&mut both, &ctx).is_err()) {
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
