use super::{
    AccountId, Context, Patch, Refusal, User, UserId, UserName, Violation, Violations, check::Purpose, member::Member,
};
use crate::{engine::Pointer, report::Applied};

impl Patch<'_> {
    /// Makes the user that a `POST /v1/accounts/{account_id}/users?userId=…` with this body makes. A mask plays no part.
    ///
    /// ```
    /// use user_patch::fireworks::{Context, Patch};
    ///
    /// let body = Patch::parse(br#"{"role":"user","email":"Ada.Lovelace@example.com"}"#)?;
    /// let (user, _) = body.create("acme", None, &Context::default())?;
    /// assert_eq!(user.name(), "accounts/acme/users/ada-lovelace");
    /// # Ok::<(), user_patch::fireworks::Violations>(())
    /// ```
    ///
    /// # Errors
    /// Every violation: those of an update, of the account id, and of the user id or the email it is generated from.
    pub fn create(&self, account: &str, user_id: Option<&str>, ctx: &Context) -> Result<(User, Applied), Violations> {
        let patch = self.clone().with_mask("");
        let mut user = User::default();
        let mut found = patch.violations(&user, ctx, Purpose::Create);
        let account: Result<AccountId, _> = account.parse();
        if account.is_err() {
            found.push(Violation::new(Refusal::AccountId, Pointer::root()));
        }
        let email = patch.string(Member::Email);
        let id: Option<UserId> = match (user_id.filter(|id| !id.is_empty()), &email) {
            (Some(id), _) => {
                let id = id.parse().ok();
                if id.is_none() {
                    found.push(Violation::new(Refusal::UserId, Pointer::root()));
                }
                id
            }
            (None, Some(email)) => {
                let id = UserId::from_email(email);
                if id.is_none() {
                    found.push(Violation::new(Refusal::NoUserId, Member::Email.pointer()));
                }
                id
            }
            // An email of another type is refused as such.
            (None, None) => None,
        };
        Violations::of(found)?;
        let notices = patch.notices(&user, ctx);
        let changed = patch.write(&mut user);
        if let (Ok(account), Some(id)) = (account, id) {
            user.name = UserName::new(account, id).to_string();
        }
        if let Some(now) = ctx.now {
            user.create_time = now.to_string();
            user.update_time = now.to_string();
        }
        Ok((user, Applied::new(changed, notices)))
    }
}
