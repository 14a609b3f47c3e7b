//! Every violation of an update, and what an accepted one says in vain or does unasked.

use super::{
    context::{Context, UnknownMembers},
    member::{Form, Member, place},
    patch::Patch,
    roles::{Roles, Wrong},
    rules::{self, Refusal, Violations},
    user::User,
};
use crate::{
    engine::{Index, Limits, Pointer, Value, repeats},
    report::{Finding, Findings, Search},
};

/// The shortest password, in Unicode scalar values.
pub const PASSWORD_MIN: usize = 8;

impl Patch<'_> {
    /// Whether the update may be done to `user`. Nothing changes. Gives what the update would say in vain or do unasked, in the
    /// order of the pointers.
    ///
    /// ```
    /// use user_patch::elastic::{Context, Patch, Refusal, User};
    ///
    /// let user = User::from_json(br#"{"user_name":"ada","security":{"roles":["ece_platform_viewer"]}}"#)?;
    /// let ctx = Context::default();
    /// let refused = Patch::parse(br#"{"user_name":"bob","security":{"enabled":false}}"#, &ctx)?.check(&user, &ctx).unwrap_err();
    /// assert!(refused.contains(Refusal::Restricted) && refused.contains(Refusal::EnabledRestricted));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// Every violation, in the order of their pointers; of a user that cannot be modified at all, that alone.
    pub fn check(&self, user: &User, ctx: &Context) -> Result<Findings, Violations> {
        self.check_with(self.roles(user).as_ref(), user, ctx)
    }

    /// The roles that the update gives, unless it says null.
    #[inline(always)] // It is large enough that a move of it shows.
    pub(super) fn roles<'r>(&'r self, user: &'r User) -> Option<Roles<'r>> {
        let given = self.get(Member::Roles).filter(|given| !given.is_null())?;
        Some(Roles::of(given, user.get(Member::Roles), user.platform_roles()))
    }

    /// As [`check`](Self::check), where the roles have been looked at.
    pub(super) fn check_with(
        &self,
        roles: Option<&Roles<'_>>,
        user: &User,
        ctx: &Context,
    ) -> Result<Findings, Violations> {
        self.judge(roles, user, ctx)?;
        Ok(self.notices(roles).settled())
    }

    fn judge(&self, roles: Option<&Roles<'_>>, user: &User, ctx: &Context) -> Result<(), Violations> {
        if user.is_builtin() {
            return Err(Violations::one(Refusal::Builtin, Pointer::root()));
        }
        if user.is_external() {
            return Err(Violations::one(Refusal::External, Pointer::root()));
        }
        let mut search = Search::new();
        if self.body().bytes() + user.document().bytes() > Limits::MAX_BYTES {
            search.refuse(Refusal::TooLong, Pointer::root());
        }
        let (body, user_has) = (self.fields(), user.fields());
        if ctx.policy().unknown_members == UnknownMembers::Refuse {
            for (name, _) in body.others(None) {
                search.refuse(Refusal::UnknownMember, place(None, name));
            }
        }
        body.documented().for_each(|(member, said)| {
            // What stands may stay: what is repeated to the letter breaks no rule.
            if user_has.get(member).is_some_and(|stored| stored.is_written_as(said)) {
                return;
            }
            match roles.filter(|_| member == Member::Roles) {
                Some(roles) => judge_roles(roles, user, ctx, &mut search),
                None => self.judge_member(member, said, user, &mut search),
            }
        });
        // A documented member has a password inside where it is of a wrong type.
        if body.others_hold_passwords() || !search.is_empty() {
            self.judge_misplaced(user, ctx, &mut search);
        }
        search.verdict()
    }

    #[inline(never)] // So that its caller stays small.
    fn judge_member(&self, member: Member, said: Value<'_>, user: &User, search: &mut Search<Refusal>) {
        let is_of_type = said.is_null() || member.form().fits(said);
        if !is_of_type {
            search.refuse_saying(Refusal::WrongType, member.pointer(), member.form().expected());
        }
        match member {
            Member::Security | Member::Metadata => {
                if said.is_null() && member.is_required() {
                    search.refuse(Refusal::Required, member.pointer());
                }
                if !said.is_object() {
                    // What is inside of it goes.
                    let stored = |&child: &Member| user.get(child).is_some_and(|value| !value.is_null());
                    for child in Member::children(Some(member)).filter(|child| child.is_restricted()).filter(stored) {
                        search.refuse(Refusal::Restricted, child.pointer());
                    }
                    if member == Member::Security && !user.is_enabled() && !user.is_platform_admin() {
                        search.refuse(Refusal::EnabledRestricted, Member::Enabled.pointer());
                    }
                }
            }
            Member::Enabled if is_of_type => {
                // A null is the default.
                let enabled = said.as_bool().unwrap_or(true);
                if enabled != user.is_enabled() && !user.is_platform_admin() {
                    search.refuse(Refusal::EnabledRestricted, member.pointer());
                }
            }
            Member::Password => {
                if said.characters().is_some_and(|password| password.take(PASSWORD_MIN).count() < PASSWORD_MIN) {
                    search.refuse(Refusal::PasswordTooShort, member.pointer());
                }
            }
            // Roles that are given are judged by themselves.
            Member::Roles | Member::Enabled | Member::FullName | Member::Email => {}
            Member::UserName
            | Member::Permissions
            | Member::ElevatedPermissions
            | Member::ElevatedEnabled
            | Member::ElevatedExpiresAt
            | Member::SecurityRealm
            | Member::RealmType
            | Member::RealmId
            | Member::CreatedBy
            | Member::CreatedAt
            | Member::UpdatedBy
            | Member::UpdatedAt
            | Member::FirstLoginAt
            | Member::LastLoginAt
            | Member::Builtin => self.restrict(member, said, user, search),
        }
    }

    /// Refuses what gives a restricted member another value.
    fn restrict(&self, member: Member, said: Value<'_>, user: &User, search: &mut Search<Refusal>) {
        // Where an object comes new, or where there was none, it is told as one.
        let is_told_above =
            member.above().is_some_and(|above| above.is_restricted() && user.object(Some(above)).is_none());
        if is_told_above {
            return;
        }
        let stored = user.object(Some(member)).filter(|_| said.is_object() && member.form() == Form::Object);
        if let Some(stored) = stored {
            // The members that the page names are judged by themselves.
            let there = Index::of_names_in(stored, said);
            for (name, value) in self.fields().others(Some(member)) {
                if !repeats(there.get(name), value) {
                    search.refuse(Refusal::Restricted, place(Some(member), name));
                }
            }
        } else if member.changes(user.get(member), said) {
            search.refuse(Refusal::Restricted, member.pointer());
        }
    }

    fn notices(&self, roles: Option<&Roles<'_>>) -> Findings {
        let mut notices = Findings::new();
        if roles.is_some_and(|roles| roles.have_duplicates()) {
            notices.push(Finding::new(rules::ROLES_ONCE, Member::Roles.pointer()));
        }
        if self.get(Member::Password).is_some_and(|password| password.is_null()) {
            notices.push(Finding::new(rules::PASSWORD_NULL, Member::Password.pointer()));
        }
        notices
    }
}

fn judge_roles(roles: &Roles<'_>, user: &User, ctx: &Context, search: &mut Search<Refusal>) {
    let (member, form) = (Member::Roles, Member::Roles.form());
    if !roles.are_strings() {
        return search.refuse_saying(Refusal::WrongType, member.pointer(), form.expected());
    }
    let Wrong { unknown, exclusive, forbidden } = roles.wrong(user.is_platform_admin(), ctx);
    for (is_wrong, refusal) in
        [(unknown, Refusal::RoleUnknown), (exclusive, Refusal::RoleCombination), (forbidden, Refusal::RoleForbidden)]
    {
        if is_wrong {
            search.refuse(refusal, member.pointer());
        }
    }
}
