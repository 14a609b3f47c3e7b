//! What can be said of users and patches without applying them; two patches in turn are in `compose.rs`.

use super::{
    context::{Context, LeavingCustom, RolePresence, WithoutMask},
    form::Form,
    mask::Mask,
    member::Member,
    patch::Patch,
    reading::{Effect, Reading},
    rules::{Refusal, Violations},
    set::MemberSet,
    update::Update,
    user::User,
};
use crate::{
    engine::{Builder, Conflict, Document, Index, Name, Pointer, Value, Writer, keeps},
    report::{Audit, Diff, Finding, Findings, Refuses, Unreachable},
};

/// The smallest patch that makes `after` of `before` and is accepted in `ctx`. The times, the state and the status, which the
/// vendor keeps by itself, are not compared.
///
/// It may have an explicit mask ([`Patch::explicit_mask`]), which has to be sent beside the body: where only a mask gets
/// there, and where the body is shorter with one, since what is cleared is then left out, and a role that stays. Where a mask
/// spares nothing there is none.
///
/// ```
/// use user_patch::fireworks::{Context, User, diff};
///
/// let before = User::from_json(br#"{"role":"user","email":"a@example.com","displayName":"A"}"#)?;
/// let after = User::from_json(br#"{"role":"user","email":"b@example.com"}"#)?;
/// let patch = diff(&before, &after, &Context::default())?.patch().unwrap();
/// assert_eq!(patch.to_json(), r#"{"email":"b@example.com"}"#);
/// assert_eq!(patch.explicit_mask(), Some("display_name,email"));
///
/// let after = User::from_json(br#"{"role":"admin","email":"a@example.com","displayName":"A"}"#)?;
/// let patch = diff(&before, &after, &Context::default())?.patch().unwrap();
/// assert_eq!((&*patch.to_json(), patch.explicit_mask()), (r#"{"role":"admin"}"#, None));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// Every reason why no patch gets there: a read-only or unknown member differs, or the patch would be refused.
pub fn diff(before: &User, after: &User, ctx: &Context) -> Result<Diff<Patch<'static>>, Unreachable> {
    let mut reasons = Findings::new();
    let reason = |refusal: Refusal, pointer, message| Finding::saying(refusal.rule(), pointer, message);
    for member in MemberSet::READ_ONLY.iter().filter(|member| member.writer() == Writer::Vendor) {
        if !before.agrees(after, member) {
            reasons.push(reason(Refusal::ReadOnly, member.pointer(), "differs, and is read-only"));
        }
    }
    let (old, new) = (Index::of(before.document().value()), Index::of(after.document().value()));
    let gone = before.unnamed().filter(|&(name, _)| new.get(name).is_none());
    let differing = after.unnamed().filter(|&(name, value)| old.get(name) != Some(value));
    for (name, _) in gone.chain(differing) {
        let message = "differs, and an update does not have it";
        reasons.push(reason(Refusal::UnknownMember, Pointer::root().child(&name.decoded()), message));
    }
    let wanted = Wanted { before, after, ctx };
    if MemberSet::WRITABLE.iter().all(|member| !wanted.has_to_change(member)) {
        Unreachable::of(reasons)?;
        return Ok(Diff::Unchanged);
    }
    let masked = wanted.masked();
    let told = wanted.refused(&masked);
    let unmasked = wanted.unmasked().filter(|patch| wanted.refused(patch).is_empty());
    let patch = match unmasked {
        // Where both get there, the shorter body.
        Some(unmasked) if !told.is_empty() || unmasked.body().bytes() <= masked.body().bytes() => unmasked,
        Some(_) | None => {
            reasons.extend(told.iter().cloned());
            masked
        }
    };
    Unreachable::of(reasons)?;
    Ok(Diff::Patch(patch))
}

/// A user that is to be made of another.
struct Wanted<'u> {
    before: &'u User,
    after: &'u User,
    ctx: &'u Context,
}

impl<'u> Wanted<'u> {
    /// Whether a patch has to mean a member.
    fn has_to_change(&self, member: Member) -> bool {
        // A role that changes takes the preset along: to be kept it has to be said, to go it has not.
        let goes_along = member == Member::PermissionPreset
            && self.before.get(member).is_some()
            && !self.before.agrees(self.after, Member::Role);
        match self.ctx.policy().leaving_custom {
            LeavingCustom::ClearPreset if goes_along => self.after.get(member).is_some(),
            LeavingCustom::Refuse if goes_along => true,
            LeavingCustom::ClearPreset | LeavingCustom::Refuse => !self.before.agrees(self.after, member),
        }
    }

    fn value(&self, member: Member) -> Option<Value<'u>> {
        self.after.get(member).filter(|&value| !member.form().is_default(value))
    }

    /// The patch whose mask is what has to change.
    fn masked(&self) -> Patch<'static> {
        let meant = || MemberSet::WRITABLE.iter().filter(|&member| self.has_to_change(member));
        let mut paths: Vec<_> = meant().map(Member::name_in_masks).collect();
        paths.sort_unstable();
        let body = body(meant().filter_map(|member| Some((member, Some(self.value(member)?)))));
        Patch::built(body, Mask::read(&paths.join(",")), self.ctx.policy().without_mask)
    }

    /// The patch without a mask, where the policy lets one say it.
    fn unmasked(&self) -> Option<Patch<'static>> {
        let policy = self.ctx.policy();
        let meant = |member: Member| match policy.without_mask {
            WithoutMask::FromBody | WithoutMask::Populated => {
                self.has_to_change(member) || member == Member::Role && policy.role == RolePresence::InBody
            }
            WithoutMask::Replace => self.value(member).is_some(),
        };
        let members: Vec<_> = MemberSet::WRITABLE
            .iter()
            .filter(|&member| meant(member))
            .map(|member| (member, self.value(member)))
            .collect();
        let says = |(_, value): &(Member, Option<Value<'_>>)| value.is_some();
        let can_say = policy.without_mask != WithoutMask::Populated || members.iter().all(says);
        can_say.then(|| Patch::built(body(members), None, policy.without_mask))
    }

    /// Why a patch is not accepted.
    fn refused(&self, patch: &Patch<'_>) -> Findings {
        let (mut reasons, mut limits) = (Findings::new(), self.ctx.policy().limits());
        limits.max_bytes = Some(limits.bytes().saturating_sub(patch.explicit_mask().map_or(0, str::len)));
        let measured = patch.body().within(&limits).map_err(Violations::from);
        for violations in [measured.err(), patch.check(self.before, self.ctx).err()].into_iter().flatten() {
            reasons.extend(violations.iter().map(|violation| violation.finding().clone()));
        }
        reasons
    }
}

/// A body of members that are set to a value or cleared.
fn body<'v>(members: impl IntoIterator<Item = (Member, Option<Value<'v>>)>) -> Document<'static> {
    Builder::document(128, 0, |out| {
        for (member, value) in members {
            out.member(Name::plain(member.name()), |out| match (value, member.form()) {
                (Some(value), _) => out.copy(value),
                (None, Form::Flag) => out.fixed("false"),
                (None, Form::Text | Form::Time | Form::State | Form::Status) => out.fixed("\"\""),
            });
        }
    })
}

/// The patch that leads back from `after`, which an update has made, to `before`.
///
/// ```
/// use user_patch::fireworks::{Context, Patch, User, undo};
///
/// let before = User::from_json(br#"{"role":"user","updateTime":"2023-11-07T05:31:56Z"}"#)?;
/// let (mut after, mut ctx) = (before.clone(), Context::default());
/// ctx.now = Some("2026-01-01T00:00:00Z".parse()?);
/// let _ = Patch::parse(br#"{"role":"admin"}"#, &ctx)?.apply(&mut after, &ctx)?;
/// assert_eq!(undo(&before, &after, &ctx)?.patch().unwrap().to_json(), r#"{"role":"user"}"#);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// As [`diff`] from `after` to `before`.
pub fn undo(before: &User, after: &User, ctx: &Context) -> Result<Diff<Patch<'static>>, Unreachable> {
    diff(after, before, ctx)
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
    Audit::between(before.document().value(), after.document().value())
}

/// The patch `ours`, made on `base`, for `theirs`, which somebody else has made of `base`: without what `theirs` has already
/// and without repetitions of what `theirs` has changed. `role`, which has to be there, follows `theirs` where it only
/// repeated `base`. The patch has still to be checked on `theirs`.
///
/// ```
/// use user_patch::fireworks::{Context, Patch, User, rebase};
///
/// let ctx = Context::default();
/// let base = User::from_json(br#"{"role":"user","displayName":"A"}"#)?;
/// let theirs = User::from_json(br#"{"role":"admin","displayName":"A"}"#)?;
/// let ours = Patch::parse(br#"{"role":"user","displayName":"B"}"#, &ctx)?;
/// assert_eq!(rebase(&base, &ours, &theirs)?.patch().unwrap().to_json(), r#"{"role":"admin","displayName":"B"}"#);
///
/// let ours = Patch::parse(br#"{"role":"contributor"}"#, &ctx)?;
/// assert_eq!(rebase(&base, &ours, &theirs).unwrap_err().pointers()[0].as_str(), "/role");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// The members that both changed, and differently.
pub fn rebase(base: &User, ours: &Patch<'_>, theirs: &User) -> Result<Diff<Patch<'static>>, Conflict> {
    let [on_base, on_theirs] = [base, theirs].map(|user| Update::of(ours, user, reading(ours)));
    let mut conflicts = Vec::new();
    let mut moved = Vec::new();
    for member in MemberSet::WRITABLE.iter() {
        let leaves = member == Member::PermissionPreset && on_base.leaves_preset();
        let arrives = || if leaves { theirs.get(member).is_none() } else { !on_theirs.changes(member) };
        let stays = keeps(
            !base.agrees(theirs, member),
            || leaves || on_base.changes(member),
            arrives,
            || conflicts.push(member.pointer()),
        );
        if !stays && on_base.effect(member) != Effect::Keep {
            moved.push(member);
        }
    }
    Conflict::of(conflicts)?;
    // The role of `theirs` stays, so that it no longer takes the preset along.
    let clears =
        on_base.leaves_preset() && moved.contains(&Member::Role) && theirs.get(Member::PermissionPreset).is_some();
    // What a body without a mask may not leave out, as it would clear it, follows `theirs` as the role does.
    let is_replaced = matches!(reading(ours), Reading::Replace);
    let follows = |member: Member| (is_replaced || member == Member::Role) && moved.contains(&member);
    let is_dropped = |member: &Member, value: Value<'_>| match member.writer() {
        Writer::Update => moved.contains(member) || clears && *member == Member::PermissionPreset,
        // What has moved meanwhile is not repeated.
        Writer::Vendor | Writer::VendorItself => !base.agrees(theirs, *member) && base.get(*member) == Some(value),
    };
    let text = ours.body().value();
    let body = Builder::document(text.text().len() + 64, 0, |out| {
        let follow = |member: Member, out: &mut Builder| {
            if let Some(value) = theirs.get(member).filter(|_| follows(member)) {
                out.member(Name::plain(member.name()), |out| out.copy(value));
            }
        };
        out.copy_except(
            text,
            |name, value| Member::of(name).filter(|member| is_dropped(member, value)),
            |_, _, member, out| follow(member, out),
        );
        moved.iter().filter(|&&member| ours.get(member).is_none()).for_each(|&member| follow(member, out));
        if clears {
            out.string_member(Member::PermissionPreset.name(), "");
        }
    });
    let stays = |at: Option<Member>| at.is_none_or(|at| at == Member::Role || !moved.contains(&at));
    let mut paths: Vec<_> = match (ours.mask_as_sent(), reading(ours)) {
        (Some(mask), _) if moved.is_empty() => vec![mask.text()],
        (Some(mask), _) => mask.meant().filter(|&(_, at)| stays(at)).map(|(path, _)| path).collect(),
        // A body alone cannot say that the preset goes.
        (None, Reading::Populated) if clears => {
            let meant = MemberSet::WRITABLE.iter().filter(|&member| stays(Some(member)) && on_base.meant.has(member));
            meant.map(Member::name_in_masks).collect()
        }
        (None, _) => Vec::new(),
    };
    let is_masked = ours.mask_as_sent().is_some() || !paths.is_empty();
    paths.extend((is_masked && clears).then(|| Member::PermissionPreset.name_in_masks()));
    // A mask without a path would be none, and the body would say what is meant.
    if is_masked && paths.is_empty() {
        return Ok(Diff::Unchanged);
    }
    let patch = Patch::built(body, Mask::read(&paths.join(",")), ours.without_mask());
    let does_nothing = || Update::of(&patch, theirs, reading(&patch)).changed().is_empty();
    let is_nothing = patch.is_empty() || !moved.is_empty() && does_nothing();
    Ok(if is_nothing { Diff::Unchanged } else { Diff::Patch(patch) })
}

/// What a patch means. A mask that is none means nothing; it is told when the patch is checked.
fn reading<'p>(patch: &'p Patch<'_>) -> Reading<'p> {
    patch.reading().unwrap_or(Reading::Nothing)
}
