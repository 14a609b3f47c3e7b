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
    engine::{Document, Index, Json, Value, Writer},
    report::{Applied, Places},
};

impl Patch<'_> {
    /// Updates `user`, or leaves it as it was.
    ///
    /// # Errors
    /// As [`check`](Self::check).
    pub fn apply(&self, user: &mut User, ctx: &Context) -> Result<Applied, Violations> {
        let (changing, applied) = self.decided(user, ctx)?;
        if let Some(repeated) = changing {
            self.write(repeated, user, ctx);
        }
        Ok(applied)
    }

    /// What the update does where it may be done: what it repeats, if it changes anything, and how that is told.
    #[inline]
    pub(super) fn decided(&self, user: &User, ctx: &Context) -> Result<(Option<Repeated>, Applied), Violations> {
        let repeated = self.repeated(user);
        let notices = self.check_with(|member, _| repeated.has(member), user, ctx)?;
        let mut changed = Places::new(Member::POINTERS);
        self.set_by(repeated).for_each(|(member, _)| changed.push(member as usize));
        if self.keeps_unknown(ctx) {
            changed.begin(None, 0);
            let stored = Index::of(user.document().value());
            let differing = self.unknown().filter(|&(name, value)| stored.get(name) != Some(value));
            let body = self.body().value();
            differing.for_each(|(_, value)| changed.push_child(body.quoted_name_at(value.index_of())));
        }
        Ok(((changed.len() > 0).then_some(repeated), Applied::new(changed, notices)))
    }

    /// The members that the page names and that the update sets to another value.
    fn set_by(&self, repeated: Repeated) -> impl Iterator<Item = (Member, Value<'_>)> {
        self.named().filter(move |&(member, _)| member.writer() == Writer::Update && !repeated.has(member))
    }

    /// Whether there are members that the page does not name, and that are stored.
    fn keeps_unknown(&self, ctx: &Context) -> bool {
        ctx.policy().unknown_members == UnknownMembers::Keep && self.unknown().next().is_some()
    }

    /// Changes the user as the update says, which has been checked. What repeats the stored value stays as it is written.
    pub(super) fn write(&self, repeated: Repeated, user: &mut User, ctx: &Context) {
        if self.keeps_unknown(ctx) {
            user.overlay(self.body().value());
        }
        user.change(self.body().text().len() + ROOM_FOR_TIME, |change| {
            for (member, value) in self.set_by(repeated) {
                change(member, Some(value).filter(|value| !value.is_null()));
            }
            if let Some(now) = ctx.now {
                change(Member::UpdatedTs, Some(Document::leaf(&Json::written(now.to_seconds())).value()));
            }
        });
    }
}

/// Bytes that the time of the update may take, with its name.
const ROOM_FOR_TIME: usize = 32;
