//! Every violation of an update, or of the body that makes a user, and what an accepted one says in vain or does unasked.

use super::{
    context::{Context, LeavingCustom, ReadOnly, RolePresence, Roles, UnknownMembers},
    form::{CUSTOM, Form, InStatus, ROLES, in_status, is_too_long},
    mask::{Mask, place},
    member::Member,
    patch::Patch,
    reading::{Effect, Reading},
    rules::{self, Refusal, Violations},
    set::MemberSet,
    update::Update,
    user::User,
};
use crate::{
    engine::{Limits, Pointer, Value, Writer},
    report::{Finding, Findings, LISTED_MAX, Search},
};

/// What a body is held against.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    Update,
    /// `POST`: no mask, and nothing there before.
    Create,
}

impl Patch<'_> {
    /// Whether the update may be done to `user`. Nothing changes. Gives what the update would say in vain or do unasked, in the
    /// order of the pointers.
    ///
    /// # Errors
    /// Every violation, in the order of their pointers; where the caller may not do it, that alone.
    pub fn check(&self, user: &User, ctx: &Context) -> Result<Findings, Violations> {
        Ok(self.judged(user, ctx)?.notices().settled())
    }

    /// The update, where it may be done.
    #[inline]
    pub(super) fn judged<'u>(&'u self, user: &'u User, ctx: &Context) -> Result<Update<'u>, Violations> {
        let mut search = Search::new();
        self.judge_body(user, ctx, &mut search);
        // Without a mask that names fields, nothing can be said of what is updated.
        let Ok(reading) = self.reading() else {
            self.judge_read_only(user, None, ctx, &mut search);
            return Err(search.refused(Refusal::Mask, Pointer::root()));
        };
        if let Some(mask) = self.mask_as_sent() {
            if mask.has_camel_case() && !ctx.policy().camel_case_mask {
                self.judge_read_only(user, None, ctx, &mut search);
                let message = "the field mask must be in snake_case";
                return Err(search.refused_saying(Refusal::Mask, Pointer::root(), message));
            }
            let mut unnamed = mask.unknown();
            if let Some(first) = unnamed.next() {
                // They come in the order in which they are listed, so that no more of them can be.
                unnamed.by_ref().take(LISTED_MAX).for_each(|path| search.refuse(Refusal::MaskPath, place(path)));
                search.omit(unnamed.count());
                self.judge_read_only(user, Some(mask), ctx, &mut search);
                return Err(search.refused(Refusal::MaskPath, place(first)));
            }
        }
        let update = Update::of(self, user, reading);
        update.judge(ctx, Purpose::Update, search)?;
        Ok(update)
    }

    /// What is wrong with the shape of the body: it is decoded as a User before the mask applies.
    #[inline]
    pub(super) fn judge_body(&self, user: &User, ctx: &Context, search: &mut Search<Refusal>) {
        if self.body().bytes() + user.document().bytes() > Limits::MAX_BYTES {
            search.refuse(Refusal::TooLong, Pointer::root());
        }
        if ctx.policy().unknown_members == UnknownMembers::Refuse {
            for (name, _) in self.unknown() {
                search.refuse_member(Refusal::UnknownMember, &Pointer::root(), &name.decoded());
            }
        }
        // Most values need no more than the look that they had when the body was read.
        for (member, value) in self.values(self.said().doubtful()) {
            let form = member.form();
            // What stands may stay, whatever it is: a value that repeats the stored one is read as that was. Of a member that an
            // update sets, what is stored has the type that is asked for.
            let stands = || member.writer() != Writer::Update && repeats(user, member, value);
            if form == Form::Status && value.is_object() {
                judge_status(value, stands(), ctx, search);
            } else if !stands() && !form.takes(value) {
                search.refuse_saying(Refusal::WrongType, member.pointer(), form.expected());
            }
        }
    }

    /// What is said of members that no update sets. In the body and in the mask is one violation.
    #[inline]
    fn judge_read_only(&self, user: &User, mask: Option<&Mask>, ctx: &Context, search: &mut Search<Refusal>) {
        match ctx.policy().read_only {
            ReadOnly::Ignore => {}
            policy @ (ReadOnly::Refuse | ReadOnly::RefuseChanged) => self.refuse_read_only(user, mask, policy, search),
        }
    }

    fn refuse_read_only(&self, user: &User, mask: Option<&Mask>, policy: ReadOnly, search: &mut Search<Refusal>) {
        for member in MemberSet::READ_ONLY.iter() {
            let is_refused = match self.get(member) {
                Some(value) => policy == ReadOnly::Refuse || !repeats(user, member, value),
                None => policy == ReadOnly::Refuse && mask.is_some_and(|mask| mask.names().has(member)),
            };
            if is_refused {
                search.refuse(Refusal::ReadOnly, member.pointer());
            }
        }
    }
}

/// Whether a value says what the user has. An absent member has the default of its form.
fn repeats(user: &User, member: Member, value: Value<'_>) -> bool {
    match user.get(member) {
        Some(stored) => stored == value,
        None => member.form().is_default(value),
    }
}

fn judge_status(status: Value<'_>, stands: bool, ctx: &Context, search: &mut Search<Refusal>) {
    for (name, value) in status.named() {
        let (name, pointer) = (name.decoded(), |name: &str| Member::Status.pointer().child(name));
        match in_status(&name, value) {
            InStatus::Unknown if ctx.policy().unknown_members == UnknownMembers::Refuse => {
                search.refuse(Refusal::UnknownMember, pointer(&name));
            }
            InStatus::Wrong(expected) if !stands => {
                search.refuse_saying(Refusal::WrongType, pointer(&name), expected);
            }
            InStatus::Fine | InStatus::Unknown | InStatus::Wrong(_) => {}
        }
    }
}

impl Update<'_> {
    /// Judges what the update changes. `search` has what has been found before.
    ///
    /// # Errors
    /// Every violation; where the caller may not do it, that alone, once nothing is wrong with the request's shape.
    #[inline]
    pub(super) fn judge(&self, ctx: &Context, purpose: Purpose, mut search: Search<Refusal>) -> Result<(), Violations> {
        if !ctx.admin && self.changes(Member::ServiceAccount) {
            search.verdict()?;
            return Err(Violations::one(Refusal::NotAdmin, Member::ServiceAccount.pointer()));
        }
        let mask = if purpose == Purpose::Update { self.patch.mask_as_sent() } else { None };
        self.patch.judge_read_only(self.user, mask, ctx, &mut search);
        let doubtful = self.patch.said().doubtful();
        let is_immutable = ctx.policy().immutable && purpose == Purpose::Update;
        for member in self.meant.iter() {
            let refusal = match member {
                Member::DisplayName => match self.effect(member) {
                    Effect::Set(name) if is_too_long(name) => Refusal::DisplayNameTooLong,
                    Effect::Set(_) | Effect::Clear | Effect::Keep => continue,
                },
                // A value of another type is refused as such.
                Member::Email | Member::ServiceAccount if is_immutable && !doubtful.has(member) => Refusal::Immutable,
                Member::Email | Member::ServiceAccount => continue,
                // Judged together.
                Member::Role | Member::PermissionPreset => continue,
                // No update sets them.
                Member::Name | Member::CreateTime | Member::State | Member::Status | Member::UpdateTime => continue,
            };
            // What stands may stay: a rule judges what an update changes.
            if self.changes(member) {
                search.refuse(refusal, member.pointer());
            }
        }
        // Role and preset are one pair: where neither changes, no rule speaks, but that the role has to be given.
        let changes = || self.changes(Member::Role) || self.changes(Member::PermissionPreset);
        match self.wrong_in_pair(ctx, purpose) {
            Some((refusal, member)) if refusal == Refusal::RoleRequired || changes() => {
                search.refuse(refusal, member.pointer());
            }
            Some(_) | None => {}
        }
        search.verdict()
    }

    /// What is wrong with the role and the preset after the update, if either of them changes.
    #[inline]
    fn wrong_in_pair(&self, ctx: &Context, purpose: Purpose) -> Option<(Refusal, Member)> {
        let policy = ctx.policy();
        let role = match self.effect(Member::Role) {
            Effect::Clear => return Some((Refusal::RoleRequired, Member::Role)),
            Effect::Keep => {
                let is_asked_for = policy.role == RolePresence::InBody && self.patch.explicit_mask().is_none();
                if purpose == Purpose::Create || is_asked_for {
                    return Some((Refusal::RoleRequired, Member::Role));
                }
                None
            }
            Effect::Set(role) => Some(role),
        };
        // A role that is refused itself says nothing about the preset.
        let name = role.or(self.user.get(Member::Role))?.as_str()?;
        let is_custom = name == CUSTOM;
        // The stored role may be repeated, whatever it is.
        if !is_custom && policy.roles == Roles::Closed && !ROLES.contains(&&*name) && self.changes(Member::Role) {
            return Some((Refusal::RoleUnknown, Member::Role));
        }
        let refusal = match self.effect(Member::PermissionPreset) {
            // A preset of another type is refused as such.
            Effect::Set(_) if self.patch.said().doubtful().has(Member::PermissionPreset) => return None,
            Effect::Set(_) if is_custom => return None,
            Effect::Set(_) => Refusal::PresetWithoutCustom,
            // A preset that is kept lay dormant beside another role, and counts as none.
            Effect::Clear | Effect::Keep if is_custom && policy.custom_needs_preset => Refusal::CustomWithoutPreset,
            Effect::Keep if policy.leaving_custom == LeavingCustom::Refuse && self.leaves_preset() => {
                Refusal::PresetLeft
            }
            Effect::Clear | Effect::Keep => return None,
        };
        Some((refusal, Member::PermissionPreset))
    }

    /// What the update, which has been judged, says in vain or does unasked.
    #[inline]
    pub(super) fn notices(&self) -> Findings {
        let mut notices = Findings::new();
        // Where they are refused, there are none left.
        for (name, _) in self.patch.unknown() {
            notices.push(Finding::new(rules::UNKNOWN_IGNORED, Pointer::root().child(&name.decoded())));
        }
        if let Some(status) = self.patch.get(Member::Status) {
            let unknown = status.named().map(|(name, value)| (name.decoded(), value));
            for (name, _) in unknown.filter(|(name, value)| matches!(in_status(name, *value), InStatus::Unknown)) {
                notices.push(Finding::new(rules::UNKNOWN_IGNORED, Member::Status.pointer().child(&name)));
            }
        }
        let (named, ignores) = match self.reading {
            Reading::Masked(mask) => (mask.names(), Some(rules::OUTSIDE_MASK)),
            Reading::Populated => (MemberSet::EMPTY, Some(rules::MASK_POPULATED)),
            Reading::FromBody | Reading::Replace | Reading::Nothing => (MemberSet::EMPTY, None),
        };
        let mentioned = self.patch.said().mentioned();
        if let Some(rule) = ignores {
            let ignored = mentioned.and(MemberSet::WRITABLE).minus(self.meant);
            notices.extend(ignored.iter().map(|member| Finding::new(rule, member.pointer())));
        }
        let read_only = mentioned.or(named).and(MemberSet::READ_ONLY);
        let in_order = Member::BY_POINTER.into_iter().filter(|&member| read_only.has(member));
        notices.extend(in_order.map(|member| Finding::new(rules::READ_ONLY_IGNORED, member.pointer())));
        if self.leaves_preset() {
            notices.push(Finding::new(rules::PRESET_CLEARED, Member::PermissionPreset.pointer()));
        }
        if self.patch.is_empty() {
            notices.push(Finding::new(rules::NOTHING_SAID, Pointer::root()));
        }
        notices
    }
}
