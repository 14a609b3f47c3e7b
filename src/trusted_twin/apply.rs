//! The changed user.

use super::{
    check::Repeated,
    context::{Context, UnknownMembers},
    member::Member,
    patch::Patch,
    rules::Violations,
    user::User,
};
use crate::{
    engine::{Index, Json, Kept, Name, Pointer, Value, Writer},
    report::Applied,
};

impl Patch<'_> {
    /// Updates `user`, or leaves it as it was.
    ///
    /// # Errors
    /// As [`check`](Self::check).
    pub fn apply(&self, user: &mut User, ctx: &Context) -> Result<Applied, Violations> {
        let mut updated = None;
        let applied = self.update_into(&mut updated, user, ctx)?;
        if let Some(updated) = updated {
            *user = updated;
        }
        Ok(applied)
    }

    /// Puts the user after the update into `updated`, where it is another one.
    #[inline] // A user is large enough that a move of it shows.
    pub(super) fn update_into(
        &self,
        updated: &mut Option<User>,
        user: &User,
        ctx: &Context,
    ) -> Result<Applied, Violations> {
        let repeated = self.repeated(user);
        let notices = self.check_with(|member, _| repeated.has(member), user, ctx)?;
        let keeps_unknown = ctx.policy().unknown_members == UnknownMembers::Keep;
        let changed = self.changed(repeated, user, keeps_unknown);
        if !changed.is_empty() {
            *updated = Some(self.write(repeated, user, ctx, keeps_unknown));
        }
        Ok(Applied::new(changed, notices))
    }

    /// The members that have another value after the update.
    fn changed(&self, repeated: Repeated, user: &User, keeps_unknown: bool) -> Vec<Pointer> {
        let changes = |&(member, _): &(Member, Value<'_>)| member.writer() == Writer::Update && !repeated.has(member);
        let mut changed: Vec<_> = self.named().filter(changes).map(|(member, _)| member.pointer()).collect();
        if keeps_unknown && self.unknown().next().is_some() {
            let stored = Index::of(user.document().value());
            let differing = self.unknown().filter(|&(name, value)| stored.get(name) != Some(value));
            changed.extend(differing.map(|(name, _)| Pointer::root().child(&name.decoded())));
        }
        changed
    }

    /// The user after the update, which has been checked.
    fn write(&self, repeated: Repeated, user: &User, ctx: &Context, keeps_unknown: bool) -> User {
        let stored = user.document();
        User::written(stored.bytes() + self.body().bytes() + 64, |out| {
            let mut kept = Kept::of(stored.value());
            for &member in Member::ALL {
                let old = user.get(member);
                // What repeats the stored value stays as it is written.
                let new = match member.writer() {
                    Writer::Update => self.get(member).filter(|_| !repeated.has(member)),
                    Writer::Vendor | Writer::VendorItself => None,
                };
                let name = Name::plain(member.name());
                if let (Member::UpdatedTs, Some(now)) = (member, ctx.now) {
                    kept.flush(out);
                    out.member(name, |out| out.leaf(&Json::written(now.to_seconds())));
                } else if let Some(new) = new {
                    kept.flush(out);
                    if !new.is_null() {
                        out.member(name, |out| out.copy(new));
                    }
                } else if let Some(old) = old {
                    kept.keep(old, out);
                }
            }
            let said = (keeps_unknown && self.unknown().next().is_some()).then(|| Index::of(self.body().value()));
            for (name, old) in user.unnamed() {
                match said.as_ref().and_then(|said| said.get(name)) {
                    None => kept.keep(old, out),
                    Some(new) => {
                        kept.flush(out);
                        out.member(name, |out| out.copy(new));
                    }
                }
            }
            kept.flush(out);
            if said.is_some() {
                let there = Index::of(stored.value());
                for (name, new) in self.unknown().filter(|&(name, _)| there.get(name).is_none()) {
                    out.member(name, |out| out.copy(new));
                }
            }
        })
    }
}
