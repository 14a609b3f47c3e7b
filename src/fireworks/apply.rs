//! The changed user.

use super::{
    context::Context, member::Member, patch::Patch, rules::Violations, set::MemberSet, update::Changed, user::User,
};
use crate::{
    engine::{Document, Json, Timestamp},
    report::Applied,
};

impl Patch<'_> {
    /// Updates `user`, or leaves it as it was.
    ///
    /// # Errors
    /// As [`check`](Self::check).
    pub fn apply(&self, user: &mut User, ctx: &Context) -> Result<Applied, Violations> {
        let (changed, applied) = self.decided(user, ctx)?;
        if !changed.is_empty() {
            self.write(changed, &ByVendor::of_update(ctx), user);
        }
        Ok(applied)
    }

    /// What changes by the update, where it may be done, and how that is told.
    #[inline]
    pub(super) fn decided(&self, user: &User, ctx: &Context) -> Result<(Changed, Applied), Violations> {
        let update = self.judged(user, ctx)?;
        let (notices, changed) = (update.notices(), update.changed());
        Ok((changed, Applied::new(changed.places(), notices)))
    }

    /// Changes the user as the update says, which has been judged. What repeats the stored value stays as it is written.
    pub(super) fn write(&self, changed: Changed, by_vendor: &ByVendor, user: &mut User) {
        let set = changed.said.and(self.said().populated());
        user.change(self.body().text().len() + by_vendor.bytes(), |change| {
            for member in changed.all().or(by_vendor.has()).iter() {
                match by_vendor.get(member) {
                    Some(value) => change(member, Some(Document::leaf(value).value())),
                    None => change(member, self.get(member).filter(|_| set.has(member))),
                }
            }
        });
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
    /// What it sets in an update: the time of it.
    pub(super) fn of_update(ctx: &Context) -> Self {
        Self { update_time: ctx.now.map(written), ..Self::default() }
    }

    /// The members that it sets.
    fn has(&self) -> MemberSet {
        self.values().fold(MemberSet::EMPTY, |set, (member, _)| set.with(member))
    }

    fn get(&self, member: Member) -> Option<&Json<'static>> {
        self.values().find(|(set, _)| *set == member).map(|(_, value)| value)
    }

    fn values(&self) -> impl Iterator<Item = (Member, &Json<'static>)> {
        let Self { name, create_time, update_time } = self;
        let all = [(Member::Name, name), (Member::CreateTime, create_time), (Member::UpdateTime, update_time)];
        all.into_iter().filter_map(|(member, value)| Some((member, value.as_ref()?)))
    }

    /// How long they are with their names.
    fn bytes(&self) -> usize {
        self.values().map(|(member, value)| member.name().len() + value.text().len() + 4).sum()
    }
}
