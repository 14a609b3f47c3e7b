//! The changed user.

use super::{
    context::Context,
    member::Member,
    patch::Patch,
    rules::Violations,
    set::MemberSet,
    update::{Changed, Update},
    user::User,
};
use crate::{
    engine::{Json, Kept, Name, Timestamp},
    report::Applied,
};

impl Patch<'_> {
    /// Updates `user`, or leaves it as it was.
    ///
    /// # Errors
    /// As [`check`](Self::check).
    pub fn apply(&self, user: &mut User, ctx: &Context) -> Result<Applied, Violations> {
        let (update, changed, applied) = self.decided(user, ctx)?;
        if !changed.is_empty() {
            *user = update.written(changed, ctx);
        }
        Ok(applied)
    }

    /// The update, where it may be done, what changes by it, and how that is told.
    #[inline]
    pub(super) fn decided<'u>(
        &'u self,
        user: &'u User,
        ctx: &Context,
    ) -> Result<(Update<'u>, Changed, Applied), Violations> {
        let update = self.judged(user, ctx)?;
        let (notices, changed) = (update.notices(), update.changed());
        Ok((update, changed, Applied::in_order(changed.places(), notices)))
    }
}

/// A time as the vendor writes it.
pub(super) fn written(time: Timestamp) -> Json<'static> {
    Json::string(&time.to_proto_json())
}

/// What the vendor sets by itself, where it does.
#[derive(Default)]
pub(super) struct ByVendor {
    pub(super) name: Option<Json<'static>>,
    pub(super) create_time: Option<Json<'static>>,
    pub(super) update_time: Option<Json<'static>>,
}

impl ByVendor {
    /// The members that it sets.
    const fn has(&self) -> MemberSet {
        let mut set = MemberSet::EMPTY;
        if self.name.is_some() {
            set = set.with(Member::Name);
        }
        if self.create_time.is_some() {
            set = set.with(Member::CreateTime);
        }
        if self.update_time.is_some() {
            set = set.with(Member::UpdateTime);
        }
        set
    }

    const fn get(&self, member: Member) -> Option<&Json<'static>> {
        match member {
            Member::Name => self.name.as_ref(),
            Member::CreateTime => self.create_time.as_ref(),
            Member::UpdateTime => self.update_time.as_ref(),
            Member::State | Member::Status => None,
            // An update may set them.
            Member::Role | Member::DisplayName | Member::ServiceAccount | Member::Email | Member::PermissionPreset => {
                None
            }
        }
    }
}

impl Update<'_> {
    /// The user after the update, which has been judged, as the context says.
    #[inline] // A user is large enough that a move of it shows.
    pub(super) fn written(&self, changed: Changed, ctx: &Context) -> User {
        self.write(changed, &ByVendor { update_time: ctx.now.map(written), ..ByVendor::default() })
    }

    /// The user after the update, which has been judged.
    pub(super) fn write(&self, changed: Changed, by_vendor: &ByVendor) -> User {
        let stored = self.user.document();
        // What repeats the stored value stays as it is written.
        let stays = self.user.has().minus(changed.all()).minus(by_vendor.has());
        let named = stays.or(changed.said.and(self.patch.said().populated())).or(by_vendor.has());
        User::written(stored.bytes() + self.patch.body().text().len() + 64, named, |out| {
            let mut kept = Kept::of(stored.value());
            for member in named.iter() {
                if stays.has(member) {
                    self.user.get(member).into_iter().for_each(|old| kept.keep(old, out));
                    continue;
                }
                kept.flush(out);
                let name = Name::plain(member.name());
                if let Some(value) = by_vendor.get(member) {
                    out.member(name, |out| out.leaf(value));
                } else if let Some(value) = self.patch.get(member) {
                    out.member(name, |out| out.copy(value));
                }
            }
            self.user.unnamed().for_each(|(_, old)| kept.keep(old, out));
            kept.flush(out);
        })
    }
}
