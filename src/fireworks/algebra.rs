//! What can be said of patches without applying them.

use std::collections::BTreeMap;

use super::{
    Context, LeavingCustom, Patch, Refusal, RolePresence, User, check::Purpose, member::Member, patch::CUSTOM,
};
use crate::{
    engine::{Conflict, Field, FieldMask, Json, Limits, NotComposable, Object, Pointer},
    report::{Audit, Diff, Reason, Refuses, Unreachable},
};

/// The smallest patch that makes `after` of `before` under the default context: the members that differ, and `role`, which
/// the page requires. Its field mask is [`Patch::mask`]. What is cleared is set to the empty value.
///
/// ```
/// use user_patch::fireworks::{User, diff};
///
/// let before = User::from_json(br#"{"role":"user","email":"a@example.com","displayName":"A"}"#)?;
/// let after = User::from_json(br#"{"role":"user","email":"a@example.com"}"#)?;
/// let patch = diff(&before, &after)?.patch().unwrap();
/// assert_eq!(patch.to_json(), r#"{"role":"user","displayName":""}"#);
/// assert_eq!(patch.mask()?.to_string(), "display_name,role");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// Every reason why no patch gets there: a read-only or unknown member differs, or the patch would be refused.
pub fn diff(before: &User, after: &User) -> Result<Diff<Patch<'static>>, Unreachable> {
    diff_with(before, after, &Context::default())
}

/// As [`diff`], for a patch that is to be accepted in `ctx`.
///
/// # Errors
/// As [`diff`].
pub fn diff_with(before: &User, after: &User, ctx: &Context) -> Result<Diff<Patch<'static>>, Unreachable> {
    if before == after {
        return Ok(Diff::Unchanged);
    }
    let mut reasons = Vec::new();
    for member in Member::ALL.into_iter().filter(|member| !member.is_writable()) {
        if before.text(member) != after.text(member) || before.exact(member) != after.exact(member) {
            reasons.push(Reason::new(Refusal::ReadOnly.rule(), member.pointer(), "differs, and is read-only"));
        }
    }
    for pointer in before.others.differing(&after.others) {
        let message = "differs, and an update does not have it";
        reasons.push(Reason::new(Refusal::UnknownMember.rule(), pointer, message));
    }
    let mut patch = Patch::default();
    let leaves = before.role() == CUSTOM && after.role() != CUSTOM && !before.permission_preset().is_empty();
    for member in Member::WRITABLE {
        let differs = match member {
            Member::ServiceAccount => before.service_account() != after.service_account(),
            _ => before.text(member) != after.text(member),
        };
        let wanted = match member {
            Member::Role => differs || ctx.policy.role == RolePresence::InBody,
            // Leaving custom clears the preset; only keeping it would have to be said, and that is refused.
            Member::PermissionPreset if leaves && ctx.policy.leaving_custom == LeavingCustom::ClearPreset => {
                !after.permission_preset().is_empty()
            }
            _ => differs,
        };
        if wanted {
            patch.set(member, Field::Set(after.value(member)));
        }
    }
    if patch.to_json().len() > ctx.policy.max_bytes.unwrap_or(usize::MAX) {
        reasons.push(Reason::new(Refusal::TooLong.rule(), Pointer::root(), Refusal::TooLong.rule().says));
    }
    reasons.extend(patch.violations(before, ctx, Purpose::Update).iter().map(Reason::from));
    Unreachable::of(reasons)?;
    Ok(Diff::Patch(patch))
}

/// What an update changed, as an RFC 6902 patch from one rendering to the other and its inverse.
///
/// ```
/// use user_patch::fireworks::{User, audit};
///
/// let before = User::from_json(br#"{"role":"user"}"#)?;
/// let after = User::from_json(br#"{"role":"admin"}"#)?;
/// assert_eq!(audit(&before, &after).to_json(), r#"[{"op":"replace","path":"/role","value":"admin"}]"#);
/// # Ok::<(), user_patch::report::InvalidUser>(())
/// ```
pub fn audit(before: &User, after: &User) -> Audit {
    Audit::between(&before.to_object(), &after.to_object())
}

/// The patch `ours`, made on `base`, for `theirs`, which somebody else has made of `base`: without what `theirs` has already
/// and without repetitions of what `theirs` has changed. `role`, which has to be there, follows `theirs` where it only
/// repeated `base`.
///
/// ```
/// use user_patch::fireworks::{Patch, User, rebase};
///
/// let base = User::from_json(br#"{"role":"user","displayName":"A"}"#)?;
/// let theirs = User::from_json(br#"{"role":"admin","displayName":"A"}"#)?;
/// let ours = Patch::parse(br#"{"role":"user","displayName":"B"}"#)?;
/// assert_eq!(rebase(&base, &ours, &theirs)?.to_json(), r#"{"role":"admin","displayName":"B"}"#);
///
/// let ours = Patch::parse(br#"{"role":"contributor"}"#)?;
/// assert_eq!(rebase(&base, &ours, &theirs).unwrap_err().pointers()[0].as_str(), "/role");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// The members that both changed, and differently.
pub fn rebase(base: &User, ours: &Patch<'_>, theirs: &User) -> Result<Patch<'static>, Conflict> {
    let mut result = base.clone();
    ours.write(&mut result);
    let mut moved = ours.clone().into_owned();
    let mut conflicts = Vec::new();
    let mut dropped = Vec::new();
    for member in Member::WRITABLE {
        let (base, ours_now, theirs_now) = (base.value(member), result.value(member), theirs.value(member));
        if theirs_now == base {
            continue;
        }
        if ours_now != base && ours_now != theirs_now {
            conflicts.push(member.pointer());
        } else if member == Member::Role && ours.means(member) {
            moved.set(member, Field::Set(theirs_now));
        } else {
            moved.set(member, Field::Absent);
            dropped.push(member);
        }
    }
    Conflict::of(conflicts)?;
    if let Some(Ok(mask)) = &ours.mask {
        let kept = Member::WRITABLE
            .into_iter()
            .filter(|&member| mask.covers(member.path_in_mask()) && !dropped.contains(&member));
        if !dropped.is_empty() {
            moved.mask = Some(Ok(FieldMask::derive(kept.map(Member::path_in_mask))));
        }
    }
    Ok(moved)
}

impl Patch<'_> {
    /// One patch that does what this one and then `next` do.
    ///
    /// On every user on which both are accepted in turn, under one context, it is accepted and makes the same user (where
    /// the two undo each other, but for the time of the update). The
    /// checks that depend on the state in between are made on the state before: a preset that this patch sets and `next`
    /// leaves behind is cleared, so that nothing of it is left to check.
    ///
    /// ```
    /// use user_patch::fireworks::Patch;
    ///
    /// let first = Patch::parse(br#"{"role":"custom","permissionPreset":"read-only"}"#)?;
    /// let next = Patch::parse(br#"{"role":"user","email":"a@example.com"}"#)?;
    /// let both = first.then(&next)?;
    /// assert_eq!(both.to_json(), r#"{"role":"user","email":"a@example.com","permissionPreset":""}"#);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// Where this patch takes the role away from `custom`, which clears a preset, and `next` makes it `custom` again, and
    /// neither mentions the preset: one patch cannot clear what it does not know.
    pub fn then(&self, next: &Patch<'_>) -> Result<Patch<'static>, NotComposable> {
        let becomes = |patch: &Patch<'_>, custom: bool| {
            patch.means(Member::Role) && patch.string(Member::Role).is_some_and(|role| (role == CUSTOM) == custom)
        };
        let mentions_preset = self.means(Member::PermissionPreset);
        let next_mentions_preset = next.means(Member::PermissionPreset);
        if becomes(self, false) && !mentions_preset && becomes(next, true) && !next_mentions_preset {
            return Err(NotComposable::at(Member::PermissionPreset.pointer()));
        }
        let mut both = self.clone().into_owned();
        let next = next.clone().into_owned();
        for member in Member::ALL {
            let (ours, theirs) = (both.field(member).clone(), next.field(member).clone());
            both.set(
                member,
                match (next.mask.is_some() || self.mask.is_some(), member.is_writable()) {
                    // A masked member that the body does not hold is cleared, so absence says something.
                    (true, true) if next.means(member) => theirs,
                    (true, true) if self.means(member) => ours,
                    (true, true) => Field::Absent,
                    _ => theirs.or(ours),
                },
            );
        }
        let mask = match (&self.mask, &next.mask) {
            (None, None) => None,
            _ => Some(self.mask().and_then(|mask| Ok(mask.union(&next.mask()?)))),
        };
        both.mask = mask;
        if becomes(&next, false) && !next_mentions_preset && (mentions_preset || becomes(self, true)) {
            if let Some(Ok(mask)) = &both.mask {
                both.mask = Some(Ok(mask.union(&FieldMask::derive([Member::PermissionPreset.path_in_mask()]))));
            }
            both.set(Member::PermissionPreset, Field::Set(Json::string("")));
        }
        let unknown: BTreeMap<_, _> = both.unknown.into_iter().chain(next.unknown).collect();
        both.unknown = unknown.into_iter().collect();
        Ok(both)
    }
}

impl User {
    /// The value of a writable member as a patch would set it.
    fn value(&self, member: Member) -> Json<'static> {
        match member {
            Member::ServiceAccount => Json::written(self.service_account().to_string()),
            _ => Json::string(self.text(member)),
        }
    }

    fn to_object(&self) -> Object {
        // What is written here is read without fail.
        Object::parse(self.to_json().as_bytes(), &Limits::STORED).unwrap_or_default()
    }
}
