//! One patch for two.

use super::{
    context::WithoutMask,
    form::{CUSTOM, Form, ROLES},
    mask::Mask,
    member::Member,
    patch::Patch,
    update::{Effect, Reading},
};
use crate::engine::{Builder, Index, Name, NotComposable, Pointer, Value, Writer};

/// What an update does to each member that it may set.
#[derive(Clone, Copy)]
struct Effects<'v>([Effect<'v>; Member::COUNT]);

impl<'v> Effects<'v> {
    fn get(&self, member: Member) -> Effect<'v> {
        self.0.get(member as usize).copied().unwrap_or(Effect::Keep)
    }

    fn of(effect: impl Fn(Member) -> Effect<'v>) -> Self {
        let mut effects = Self([Effect::Keep; Member::COUNT]);
        for (place, &member) in effects.0.iter_mut().zip(Member::ALL) {
            if member.writer() == Writer::Update {
                *place = effect(member);
            }
        }
        effects
    }

    /// What a patch does where this policy says what it means without a mask; `None` where it is refused under it, whatever
    /// the user is: its mask names no field, or it means the role and does not give it.
    fn under(patch: &'v Patch<'_>, policy: WithoutMask) -> Option<Self> {
        let reading = match patch.mask_as_sent() {
            Some(mask) => Reading::Masked(mask.paths().ok()?),
            None => Reading::without_mask(policy),
        };
        if patch.mask_as_sent().is_some_and(|mask| mask.named().any(|(_, member)| member.is_none())) {
            return None;
        }
        let effects = Self::of(|member| reading.effect(member, patch.get(member)));
        (effects.get(Member::Role) != Effect::Clear).then_some(effects)
    }

    /// What two updates do in turn, on every user on which both are accepted.
    ///
    /// A role that changes clears a preset of which nothing is said, so that role and preset are looked at together. What makes
    /// it hard is a preset that lies dormant beside another role, and a role that the page no longer lists.
    fn then(&self, next: &Self) -> Result<Self, NotComposable> {
        let mut both = Self::of(|member| self.get(member).then(next.get(member)));
        let (role, preset) = (self.get(Member::Role), self.get(Member::PermissionPreset));
        let (next_role, next_preset) = (next.get(Member::Role), next.get(Member::PermissionPreset));
        let impossible = |member: Member| Err(NotComposable::at(member.pointer()));

        if let (Effect::Set(last), Effect::Keep) = (next_role, next_preset) {
            match (role, preset) {
                // On the way the role is another one, and whatever preset there is goes.
                (Effect::Set(first), _) if first != last => both.set(Member::PermissionPreset, Effect::Clear),
                (Effect::Set(_), _) | (Effect::Clear | Effect::Keep, Effect::Keep | Effect::Clear) => {}
                // Where the role was custom the preset is the new one; where it was another, a preset that lay dormant was
                // repeated, and goes.
                (Effect::Clear | Effect::Keep, Effect::Set(_)) if last.as_str().as_deref() == Some(CUSTOM) => {
                    return impossible(Member::PermissionPreset);
                }
                // The role was no other, and the preset lay dormant and was repeated; or it goes with the role.
                (Effect::Clear | Effect::Keep, Effect::Set(_)) => both.set(Member::PermissionPreset, Effect::Keep),
            }
        }
        // A role that is not listed may only be repeated by an update that does not change the preset; one that does must not
        // say it. So no single update both repeats it, for users who have it, and sets it, for those who have another.
        let is_listed = |role: Value<'_>| role.as_str().is_some_and(|role| ROLES.contains(&&*role));
        let apart = match (role, next_role) {
            (Effect::Set(role), Effect::Keep) => !is_listed(role) && next_preset == Effect::Clear,
            (Effect::Keep, Effect::Set(role)) => !is_listed(role) && preset == Effect::Clear,
            (Effect::Keep | Effect::Clear | Effect::Set(_), _) => false,
        };
        if apart { impossible(Member::Role) } else { Ok(both) }
    }

    fn set(&mut self, member: Member, effect: Effect<'v>) {
        if let Some(place) = self.0.get_mut(member as usize) {
            *place = effect;
        }
    }
}

/// What a body has for a member.
#[derive(Clone, Copy)]
enum Said<'v> {
    Absent,
    Default,
    Value(Value<'v>),
}

impl<'v> Said<'v> {
    /// What a body without a mask does by it.
    const fn effect(self, policy: WithoutMask) -> Effect<'v> {
        match (self, policy) {
            (Self::Value(value), _) => Effect::Set(value),
            (Self::Default, WithoutMask::FromBody | WithoutMask::Replace) | (Self::Absent, WithoutMask::Replace) => {
                Effect::Clear
            }
            (Self::Default, WithoutMask::Populated)
            | (Self::Absent, WithoutMask::FromBody | WithoutMask::Populated) => Effect::Keep,
        }
    }
}

/// What two updates do in turn, for each policy under which they can both be accepted: what a patch without a mask means is
/// decided by a context that is not known here.
struct Plans<'v>(Vec<(WithoutMask, Effects<'v>)>);

impl<'v> Plans<'v> {
    fn of(first: &'v Patch<'_>, next: &'v Patch<'_>) -> Result<Self, NotComposable> {
        let both = |policy| Some((policy, Effects::under(first, policy)?, Effects::under(next, policy)?));
        let plans = WithoutMask::ALL.iter().filter_map(|&policy| both(policy));
        let plans: Vec<_> =
            plans.map(|(policy, first, next)| Ok((policy, first.then(&next)?))).collect::<Result<_, _>>()?;
        // Nobody is updated by both.
        if plans.is_empty() { Err(NotComposable::at(Pointer::root())) } else { Ok(Self(plans)) }
    }

    fn effects(&self, member: Member) -> impl Iterator<Item = (WithoutMask, Effect<'v>)> {
        self.0.iter().map(move |(policy, effects)| (*policy, effects.get(member)))
    }

    /// What a body without a mask has to say of a member, so that it does the same under each policy.
    fn said(&self, member: Member) -> Option<Said<'v>> {
        let value = self.effects(member).find_map(|(_, effect)| effect.set());
        let ways = [Some(Said::Absent), Some(Said::Default), value.map(Said::Value)];
        let does = |said: &Said<'v>| self.effects(member).all(|(policy, effect)| said.effect(policy) == effect);
        ways.into_iter().flatten().find(does)
    }

    /// What a mask and its body have to do to a member: the same under each policy.
    fn masked(&self, member: Member) -> Option<Effect<'v>> {
        let (_, first) = self.effects(member).next()?;
        self.effects(member).all(|(_, effect)| effect == first).then_some(first)
    }
}

impl Patch<'_> {
    /// One patch that does what this one and then `next` do.
    ///
    /// On every user on which both are accepted in turn, under one context, it is accepted and makes the same user (where
    /// the two undo each other, but for the time of the update). Its body may be longer than either, and than a limit.
    ///
    /// An explicit mask says by itself what a patch means; what a patch without one means is for the context to say (policy
    /// `withoutMask`), so that fewer of these compose: what the first sets and the second does not mention stays under one
    /// policy and is cleared under another.
    ///
    /// ```
    /// use user_patch::fireworks::{Context, Patch};
    ///
    /// let ctx = Context::default();
    /// let first = Patch::parse_masked(br#"{"role":"custom","permissionPreset":"read-only"}"#, "role,permission_preset", &ctx)?;
    /// let next = Patch::parse_masked(br#"{"role":"user"}"#, "role,email", &ctx)?;
    /// let both = first.then(&next)?;
    /// assert_eq!((&*both.to_json(), both.explicit_mask()), (r#"{"role":"user"}"#, Some("role,email,permission_preset")));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// The first member that no single patch treats as these two do, for every user and under every policy.
    pub fn then(&self, next: &Patch<'_>) -> Result<Patch<'static>, NotComposable> {
        let plans = Plans::of(self, next)?;
        let mut untold = None;
        if self.explicit_mask().is_none() || next.explicit_mask().is_none() {
            untold = Member::writable().find(|&member| plans.said(member).is_none());
            if untold.is_none() {
                return Ok(self.composed(next, None, |member| plans.said(member)));
            }
        }
        let mut paths = Vec::new();
        for member in Member::writable() {
            match plans.masked(member) {
                None => return Err(NotComposable::at(untold.unwrap_or(member).pointer())),
                Some(Effect::Keep) => {}
                Some(Effect::Clear | Effect::Set(_)) => paths.push(member.name_in_masks()),
            }
        }
        for mask in [self, next].into_iter().filter_map(Patch::mask_as_sent) {
            let read_only = |member: &Member| member.writer() != Writer::Update;
            paths.extend(
                mask.named().filter(|(_, member)| member.as_ref().is_some_and(read_only)).map(|(path, _)| path),
            );
        }
        let said = |member| plans.masked(member).and_then(Effect::set).map(Said::Value);
        Ok(self.composed(next, Mask::read(&paths.join(",")), said))
    }

    /// The patch that says this of the members that it may set, and what the two say of the others.
    fn composed<'v>(
        &self,
        next: &Patch<'_>,
        mask: Option<Box<Mask>>,
        said: impl Fn(Member) -> Option<Said<'v>>,
    ) -> Patch<'static> {
        let (first, later) = (self.body().value(), next.body().value());
        let body = Builder::document(first.text().len() + later.text().len(), 0, |out| {
            for &member in Member::ALL {
                let name = Name::plain(member.name());
                let value = match member.writer() {
                    Writer::Update => match said(member) {
                        Some(Said::Value(value)) => Some(value),
                        Some(Said::Default) => {
                            let default = if member.form() == Form::Flag { "false" } else { "\"\"" };
                            out.member(name, |out| out.fixed(default));
                            None
                        }
                        Some(Said::Absent) | None => None,
                    },
                    Writer::Vendor => next.get(member).or(self.get(member)),
                    // A time that `next` repeats may be the one that this patch moves, which the user before does not have.
                    Writer::VendorItself => self.get(member),
                };
                if let Some(value) = value {
                    out.member(name, |out| out.copy(value));
                }
            }
            let (earlier, said_later) = (Index::of(first), Index::of(later));
            out.copy_except(
                first,
                |name, _| match Member::named(&name.decoded()) {
                    Some(_) => Some(None),
                    None => said_later.get(name).map(Some),
                },
                |name, _, later, out| {
                    if let Some(later) = later {
                        out.member(name, |out| out.copy(later));
                    }
                },
            );
            let is_known = |name: Name<'_>| Member::named(&name.decoded()).is_some();
            out.copy_except(
                later,
                |name, _| (is_known(name) || earlier.get(name).is_some()).then_some(()),
                |_, _, (), _| {},
            );
        });
        Patch::built(body, mask)
    }
}
