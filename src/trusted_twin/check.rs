//! Every violation of an update, and what an accepted one says in vain.

use super::{
    context::{Context, ReadOnly, UnknownMembers},
    member::Member,
    patch::Patch,
    patterns::{is_key_in_bytes, is_key_of_word, is_name, parse_uuid},
    rules::{self, Refusal, Violations},
    user::User,
};
use crate::{
    engine::{Limits, Pointer, Value, Writer},
    report::{Finding, Findings, Search},
};

/// Members that say what the user has, found out once: to compare two dictionaries may cost as much as to read them. A bit each.
#[derive(Clone, Copy)]
pub(super) struct Repeated(u32);

impl Repeated {
    pub(super) const fn has(self, member: Member) -> bool {
        self.0 >> member as u32 & 1 == 1
    }
}

impl Patch<'_> {
    /// Whether the update may be done to `user`. Nothing changes. Gives what the update would say in vain, in the order of the
    /// pointers.
    ///
    /// # Errors
    /// Every violation, in the order of their pointers; where the caller may not update users, that alone.
    pub fn check(&self, user: &User, ctx: &Context) -> Result<Findings, Violations> {
        // Each value is compared once, where it is judged.
        self.check_with(|member, value| repeats(user.get(member), value, member), user, ctx)
    }

    /// The members that an update may set, and that say what the user has.
    #[inline]
    pub(super) fn repeated(&self, user: &User) -> Repeated {
        let may_be_set = self.named().filter(|(member, _)| member.writer() == Writer::Update);
        let repeated = may_be_set.filter(|&(member, value)| repeats(user.get(member), value, member));
        Repeated(repeated.fold(0, |bits, (member, _)| bits | 1 << member as u32))
    }

    /// As [`check`](Self::check), where `is_repeated` tells whether a value says what the user has.
    #[inline]
    pub(super) fn check_with(
        &self,
        is_repeated: impl Fn(Member, Value<'_>) -> bool,
        user: &User,
        ctx: &Context,
    ) -> Result<Findings, Violations> {
        if !ctx.statement.allows_update() {
            return Err(Violations::one(Refusal::NotAllowed, Pointer::root()));
        }
        self.judge(is_repeated, user, ctx)?;
        Ok(self.notices(ctx).settled())
    }

    #[inline]
    fn judge(
        &self,
        is_repeated: impl Fn(Member, Value<'_>) -> bool,
        user: &User,
        ctx: &Context,
    ) -> Result<(), Violations> {
        let mut search = Search::new();
        if self.body().bytes() + user.document().bytes() > Limits::MAX_BYTES {
            search.refuse(Refusal::TooLong, Pointer::root());
        }
        if ctx.policy().unknown_members == UnknownMembers::Refuse {
            for (name, _) in self.unknown() {
                search.refuse_member(Refusal::UnknownMember, &Pointer::root(), &name.decoded());
            }
        }
        for (member, value) in self.named() {
            match member.writer() {
                // What stands may stay: a rule judges what an update changes.
                Writer::Update if is_repeated(member, value) => {}
                Writer::Update => judge_value(member, value, ctx, &mut search),
                Writer::Vendor | Writer::VendorItself => {
                    let is_refused = match ctx.policy().read_only {
                        ReadOnly::Refuse => true,
                        ReadOnly::RefuseChanged => !repeats(user.get(member), value, member),
                        ReadOnly::Ignore => false,
                    };
                    if is_refused {
                        search.refuse(Refusal::ReadOnly, member.pointer());
                    }
                }
            }
        }
        search.verdict()
    }

    #[inline]
    fn notices(&self, ctx: &Context) -> Findings {
        if self.says_nothing_in_vain() { Findings::new() } else { self.said_in_vain(ctx) }
    }

    fn said_in_vain(&self, ctx: &Context) -> Findings {
        let mut notices = Findings::new();
        if ctx.policy().unknown_members == UnknownMembers::Ignore {
            for (name, _) in self.unknown() {
                notices.push(Finding::new(rules::UNKNOWN_IGNORED, Pointer::root().child(&name.decoded())));
            }
        }
        let is_read_only = |member: &Member| member.writer() != Writer::Update && self.get(*member).is_some();
        let in_order = Member::BY_POINTER.into_iter().filter(is_read_only);
        notices.extend(in_order.map(|member| Finding::new(rules::READ_ONLY_IGNORED, member.pointer())));
        notices
    }
}

/// Whether a value says what the user has. An absent member is null.
pub(super) fn repeats(stored: Option<Value<'_>>, value: Value<'_>, member: Member) -> bool {
    match stored {
        Some(stored) => member.form().same(stored, value),
        None => value.is_null() && member.takes_null(),
    }
}

/// Judges a value that differs from the stored one.
fn judge_value(member: Member, value: Value<'_>, ctx: &Context, search: &mut Search<Refusal>) {
    match member {
        Member::Name => match value.as_str() {
            None => search.refuse(Refusal::WrongType, member.pointer()),
            Some(name) if is_name(&name) => {}
            Some(_) => search.refuse(Refusal::Name, member.pointer()),
        },
        Member::Role => match value.as_str().map(|role| parse_uuid(&role)) {
            None => search.refuse(Refusal::WrongType, member.pointer()),
            Some(None) => search.refuse(Refusal::Role, member.pointer()),
            Some(Some(role)) => {
                if ctx.service.roles.as_ref().is_some_and(|known| !known.contains(&role)) {
                    search.refuse(Refusal::NoSuchRole, member.pointer());
                }
            }
        },
        Member::Description if value.is_object() => {
            for (word, index) in value.words() {
                if !word.is_some_and(is_key_of_word) {
                    let name = value.name_at(index);
                    if !name.with_bytes(is_key_in_bytes) {
                        search.refuse_member(Refusal::Key, &member.pointer(), &name.decoded());
                    }
                }
            }
        }
        Member::Description => {
            if !value.is_null() {
                search.refuse(Refusal::Description, member.pointer());
            }
        }
        // No update sets them.
        Member::Uuid | Member::Account | Member::CreatedTs | Member::UpdatedTs => {}
    }
}
