//! The user that a POST makes.

use super::{
    apply::{ByVendor, written},
    check::Purpose,
    context::Context,
    member::Member,
    patch::Patch,
    reading::Reading,
    resource::{AccountId, UserId, UserName},
    rules::{Refusal, Violations},
    update::Update,
    user::User,
};
use crate::{
    engine::{Json, Pointer},
    report::{Applied, Search},
};

impl Patch<'_> {
    /// Makes the user that a `POST /v1/accounts/{account_id}/users?userId=…` with this body makes. A mask plays no part.
    ///
    /// ```
    /// use user_patch::fireworks::{Context, Patch};
    ///
    /// let ctx = Context::default();
    /// let body = Patch::parse(br#"{"role":"user","email":"Ada.Lovelace@example.com"}"#, &ctx)?;
    /// let (user, _) = body.create("acme", None, &ctx)?;
    /// assert_eq!(user.name(), "accounts/acme/users/ada-lovelace");
    /// # Ok::<(), user_patch::fireworks::Violations>(())
    /// ```
    ///
    /// # Errors
    /// Every violation: those of an update, of the account id, and of the user id or the email it is generated from; where the
    /// caller may not do it, that alone.
    pub fn create(&self, account: &str, user_id: Option<&str>, ctx: &Context) -> Result<(User, Applied), Violations> {
        let nobody = User::nobody();
        let update = Update::of(self, &nobody, Reading::FromBody);
        let mut search = Search::new();
        self.judge_body(&nobody, ctx, &mut search);
        let account: Option<AccountId> = account.parse().ok();
        if account.is_none() {
            search.refuse(Refusal::AccountId, Pointer::root());
        }
        let user_id: Option<UserId> = match user_id.filter(|id| !id.is_empty()) {
            Some(id) => {
                let id = id.parse().ok();
                if id.is_none() {
                    search.refuse(Refusal::UserId, Pointer::root());
                }
                id
            }
            None => {
                let email = update.effect(Member::Email).set().map(|email| email.as_str());
                let id = email.as_ref().and_then(|email| UserId::from_email(email.as_ref()?));
                // An email of another type is refused as such.
                if id.is_none() && email != Some(None) {
                    search.refuse(Refusal::NoUserId, Member::Email.pointer());
                }
                id
            }
        };
        update.judge(ctx, Purpose::Create, search)?;
        let name = account.zip(user_id).map(|(account, user)| UserName::new(account, user).to_string());
        let time = ctx.now.map(written);
        let by_vendor =
            ByVendor { name: name.as_deref().map(Json::string), create_time: time.clone(), update_time: time };
        let (changed, notices) = (update.changed(), update.notices());
        let mut user = User::nobody();
        self.write(changed, &by_vendor, &mut user);
        Ok((user, Applied::new(changed.places(), notices)))
    }
}
