//! The changed user.

use super::{
    context::Context,
    member::Member,
    patch::Patch,
    reading::Effect,
    rules::Violations,
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
        let update = self.judged(user, ctx)?;
        let (notices, changed) = (update.notices(), update.changed());
        if !changed.is_empty() {
            let by_vendor = ByVendor { update_time: ctx.now.map(written), ..ByVendor::default() };
            *user = update.write(changed, &by_vendor);
        }
        Ok(Applied::new(changed.places(), notices))
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
    /// The user after the update, which has been judged.
    pub(super) fn write(&self, changed: Changed, by_vendor: &ByVendor) -> User {
        let stored = self.user.document();
        User::written(stored.bytes() + self.patch.body().text().len() + 64, |out| {
            let mut kept = Kept::of(stored.value());
            let leaves = |member| member == Member::PermissionPreset && changed.clears_preset;
            for &member in Member::ALL {
                let name = Name::plain(member.name());
                let effect = if changed.has(member) { self.effect(member) } else { Effect::Keep };
                match (by_vendor.get(member), effect) {
                    (Some(value), _) => {
                        kept.flush(out);
                        out.member(name, |out| out.leaf(value));
                    }
                    (None, Effect::Set(value)) => {
                        kept.flush(out);
                        out.member(name, |out| out.copy(value));
                    }
                    (None, Effect::Clear) => {}
                    // What repeats the stored value stays as it is written.
                    (None, Effect::Keep) => {
                        if let Some(old) = self.user.get(member).filter(|_| !leaves(member)) {
                            kept.keep(old, out);
                        }
                    }
                }
            }
            self.user.unnamed().for_each(|(_, old)| kept.keep(old, out));
            kept.flush(out);
        })
    }
}
