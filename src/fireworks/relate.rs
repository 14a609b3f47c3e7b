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
    engine::{Builder, Conflict, Index, Name, Pointer, Value, Writer, keeps},
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
    let wanted = Wanted::of(before, after, ctx);
    if wanted.changing.is_empty() {
        Unreachable::of(reasons)?;
        return Ok(Diff::Unchanged);
    }
    let (patch, told) = wanted.patch();
    reasons.extend(told.iter().cloned());
    Unreachable::of(reasons)?;
    Ok(Diff::Patch(patch))
}

/// A user that is to be made of another.
struct Wanted<'u> {
    before: &'u User,
    after: &'u User,
    ctx: &'u Context,
    /// The members that a patch has to mean.
    changing: MemberSet,
}

impl<'u> Wanted<'u> {
    fn of(before: &'u User, after: &'u User, ctx: &'u Context) -> Self {
        let preset = Member::PermissionPreset;
        let differing = MemberSet::WRITABLE.filter(|member| !before.agrees(after, member));
        // A role that changes takes the preset along: to be kept it has to be said, to go it has not.
        let goes_along = before.has().has(preset) && differing.has(Member::Role);
        let is_said = match ctx.policy().leaving_custom {
            LeavingCustom::ClearPreset if goes_along => after.has().has(preset),
            LeavingCustom::Refuse if goes_along => true,
            LeavingCustom::ClearPreset | LeavingCustom::Refuse => differing.has(preset),
        };
        let changing = if is_said { differing.with(preset) } else { differing.without(preset) };
        Self { before, after, ctx, changing }
    }

    /// The shortest patch that is accepted; where none is, one that is not, and why.
    fn patch(&self) -> (Patch<'static>, Findings) {
        let unmasked = || self.said_without_mask().map(|members| self.saying(members, None));
        let accepted = || unmasked().filter(|patch| self.refused(patch).is_empty());
        // A body that says nothing but what has to change is the shortest, and needs no mask beside it.
        let said_with_mask = self.changing.and(self.after.has());
        let is_shortest = self.said_without_mask() == Some(said_with_mask);
        if let Some(patch) = is_shortest.then(accepted).flatten() {
            return (patch, Findings::new());
        }
        let masked = self.saying(said_with_mask, self.mask());
        let told = self.refused(&masked);
        let otherwise = if told.is_empty() { None } else { accepted() };
        otherwise.map_or((masked, told), |patch| (patch, Findings::new()))
    }

    /// The mask that names what has to change.
    fn mask(&self) -> Option<Box<Mask>> {
        let mut paths: Vec<_> = self.changing.iter().map(Member::name_in_masks).collect();
        paths.sort_unstable();
        Mask::read(&paths.join(","))
    }

    /// The members that a body without a mask has, where the policy lets one say it: at least those that it has with one.
    fn said_without_mask(&self) -> Option<MemberSet> {
        let (policy, has) = (self.ctx.policy(), self.after.has());
        let with_role = match policy.role {
            RolePresence::InBody => self.changing.with(Member::Role),
            RolePresence::WhenMasked => self.changing,
        };
        match policy.without_mask {
            WithoutMask::FromBody => Some(with_role),
            WithoutMask::Populated => with_role.minus(has).is_empty().then_some(with_role),
            WithoutMask::Replace => Some(has.and(MemberSet::WRITABLE)),
        }
    }

    /// The patch whose body has these members, set to a value or cleared.
    fn saying(&self, members: MemberSet, mask: Option<Box<Mask>>) -> Patch<'static> {
        let body = Builder::document(128, 0, |out| {
            for member in members.iter() {
                out.member(Name::plain(member.name()), |out| match (self.after.get(member), member.form()) {
                    (Some(value), _) => out.copy(value),
                    (None, Form::Flag) => out.fixed("false"),
                    (None, Form::Text | Form::Time | Form::State | Form::Status) => out.fixed("\"\""),
                });
            }
        });
        Patch::built(body, mask, self.ctx.policy().without_mask)
    }

    /// Why a patch is not accepted.
    fn refused(&self, patch: &Patch<'_>) -> Findings {
        let (mut reasons, mut limits) = (Findings::new(), self.ctx.policy().limits());
        limits.max_bytes = Some(limits.bytes().saturating_sub(patch.explicit_mask().map_or(0, str::len)));
        let measured = patch.body().within(&limits).map_err(Violations::from);
        for violations in [measured.err(), patch.judged(self.before, self.ctx).err()].into_iter().flatten() {
            reasons.extend(violations.iter().map(|violation| violation.finding().clone()));
        }
        reasons
    }
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
