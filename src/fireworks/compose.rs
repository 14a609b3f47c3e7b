//! One patch for two.

use super::{
    context::WithoutMask,
    form::{CUSTOM, Form},
    mask::Mask,
    member::Member,
    patch::Patch,
    reading::Effect,
    set::MemberSet,
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

    /// What a patch does; `None` where it is refused whatever the user is: its mask names no field, or it means the role and
    /// does not give it.
    fn of_patch(patch: &'v Patch<'_>) -> Option<Self> {
        let reading = patch.reading().ok()?;
        if patch.mask_as_sent().is_some_and(|mask| mask.unknown().next().is_some()) {
            return None;
        }
        let meant = reading.meant(patch.said());
        let effects = Self::of(|member| patch.effect(member, meant));
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
        Ok(both)
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

/// What a body without a mask has to say of a member, so that it has this effect.
fn said(effect: Effect<'_>, policy: WithoutMask) -> Option<Said<'_>> {
    let ways = [Some(Said::Absent), Some(Said::Default), effect.set().map(Said::Value)];
    ways.into_iter().flatten().find(|said| said.effect(policy) == effect)
}

impl Patch<'_> {
    /// One patch that does what this one and then `next` do.
    ///
    /// On every user on which both are accepted in turn, under one context, it is accepted and makes the same user (where
    /// the two undo each other, but for the time of the update). Its body may be longer than either, and than a limit.
    ///
    /// Two patches without an explicit mask make one without, where a body can say what both do; else there is a mask, which
    /// has to be sent beside the body.
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
    /// The first member that no single patch treats as these two do, for every user.
    pub fn then(&self, next: &Patch<'_>) -> Result<Patch<'static>, NotComposable> {
        // Nobody is updated by a patch that is refused whatever the user is.
        let refused = || NotComposable::at(Pointer::root());
        let (first, later) = Effects::of_patch(self).zip(Effects::of_patch(next)).ok_or_else(refused)?;
        let both = first.then(&later)?;
        let policy = self.without_mask();
        if self.explicit_mask().is_none() && next.explicit_mask().is_none() && next.without_mask() == policy {
            let said = |member| said(both.get(member), policy);
            if MemberSet::WRITABLE.iter().all(|member| said(member).is_some()) {
                return Ok(self.composed(next, None, said));
            }
        }
        let means = |member: &Member| both.get(*member) != Effect::Keep;
        let mut paths: Vec<_> = MemberSet::WRITABLE.iter().filter(means).map(Member::name_in_masks).collect();
        for mask in [self, next].into_iter().filter_map(Patch::mask_as_sent) {
            let read_only = |member: &Member| member.writer() != Writer::Update;
            paths.extend(
                mask.named().filter(|(_, member)| member.as_ref().is_some_and(read_only)).map(|(path, _)| path),
            );
        }
        let said = |member| both.get(member).set().map(Said::Value);
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
                |name, _| match Member::of(name) {
                    Some(_) => Some(None),
                    None => said_later.get(name).map(Some),
                },
                |name, _, later, out| {
                    if let Some(later) = later {
                        out.member(name, |out| out.copy(later));
                    }
                },
            );
            let is_known = |name: Name<'_>| Member::of(name).is_some();
            out.copy_except(
                later,
                |name, _| (is_known(name) || earlier.get(name).is_some()).then_some(()),
                |_, _, (), _| {},
            );
        });
        Patch::built(body, mask, self.without_mask())
    }
}
