//! Every violation of an update, or of the body that makes a user.

use std::borrow::Cow;

use super::{
    Context, LeavingCustom, Patch, Policy, ReadOnly, Refusal, RolePresence, Roles, UnknownMembers, User, Violation,
    member::{InStatus, Member, in_status},
    patch::{CUSTOM, ROLES},
    user::{DISPLAY_NAME_MAX, is_too_long},
};
use crate::engine::{Field, Json, Kind, Pointer};

/// What a body is held against.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    Update,
    /// `POST`: no mask, and nothing there before.
    Create,
}

impl Patch<'_> {
    pub(super) fn violations(&self, user: &User, ctx: &Context, purpose: Purpose) -> Vec<Violation> {
        let mut found = Vec::new();
        self.check_shape(&ctx.policy, &mut found);
        if purpose == Purpose::Update && !self.check_mask(&ctx.policy, &mut found) {
            return found;
        }
        let mut refuse = |refusal, member: Member| found.push(Violation::new(refusal, member.pointer()));
        if self.may_be_too_long() && self.new_string(Member::DisplayName).is_some_and(|name| is_too_long(&name)) {
            refuse(Refusal::DisplayNameTooLong, Member::DisplayName);
        }
        let immutable = ctx.policy.immutable && purpose == Purpose::Update;
        let flag = self.flag(Member::ServiceAccount).filter(|_| self.means(Member::ServiceAccount));
        if flag.is_some_and(|flag| flag != user.service_account()) {
            if !ctx.admin {
                refuse(Refusal::NotAdmin, Member::ServiceAccount);
            }
            if immutable {
                refuse(Refusal::Immutable, Member::ServiceAccount);
            }
        }
        if immutable && self.new_string(Member::Email).is_some_and(|email| email != user.email()) {
            refuse(Refusal::Immutable, Member::Email);
        }
        match self.resulting_role(user, &ctx.policy, purpose) {
            Ok(Some(role)) => {
                let preset = self.preset_violation(&role, user, &ctx.policy);
                found.extend(preset.map(|refusal| Violation::new(refusal, Member::PermissionPreset.pointer())));
            }
            // A role that is refused itself says nothing about the preset.
            Ok(None) => {}
            Err(refusal) => refuse(refusal, Member::Role),
        }
        found
    }

    /// Escapes only make a text longer, so that most names need no decoding to be short enough.
    fn may_be_too_long(&self) -> bool {
        self.field(Member::DisplayName).set().is_some_and(|name| name.text().len() > DISPLAY_NAME_MAX + "\"\"".len())
    }

    /// The role after the update; none where the body has one of another type.
    fn resulting_role<'v>(
        &'v self,
        user: &'v User,
        policy: &Policy,
        purpose: Purpose,
    ) -> Result<Option<Cow<'v, str>>, Refusal> {
        if !self.means(Member::Role) {
            let needed = purpose == Purpose::Create || policy.role == RolePresence::InBody && self.mask.is_none();
            return if needed { Err(Refusal::RoleRequired) } else { Ok(Some(Cow::Borrowed(user.role()))) };
        }
        match self.string(Member::Role) {
            Some(role) if role.is_empty() => Err(Refusal::RoleRequired),
            Some(role) if policy.roles == Roles::Closed && !ROLES.contains(&&*role) => Err(Refusal::RoleUnknown),
            role => Ok(role),
        }
    }

    /// What is wrong with the preset after the update, given the role after it.
    fn preset_violation(&self, role: &str, user: &User, policy: &Policy) -> Option<Refusal> {
        let mentioned = self.means(Member::PermissionPreset);
        let has_preset = match self.field(Member::PermissionPreset) {
            _ if !mentioned => !user.permission_preset().is_empty(),
            Field::Absent | Field::Null => false,
            Field::Set(value) if value.kind() == Kind::String => value.text() != "\"\"",
            // A preset of another type is refused as such.
            Field::Set(_) => return None,
        };
        if role == CUSTOM {
            // A user that is stored without one is not this update's doing, unless it says the role or the preset again.
            let is_doing = mentioned || self.means(Member::Role);
            return (!has_preset && is_doing && policy.custom_needs_preset).then_some(Refusal::CustomWithoutPreset);
        }
        if mentioned && has_preset {
            return Some(Refusal::PresetWithoutCustom);
        }
        (policy.leaving_custom == LeavingCustom::Refuse && self.leaves_preset(user)).then_some(Refusal::PresetLeft)
    }

    /// What is wrong with the body as such: it is decoded as a User before the mask applies.
    fn check_shape(&self, policy: &Policy, found: &mut Vec<Violation>) {
        if policy.unknown_members == UnknownMembers::Refuse {
            let names = self.unknown.iter().map(|(name, _)| Pointer::root().child(name));
            found.extend(names.map(|pointer| Violation::new(Refusal::UnknownMember, pointer)));
        }
        let mut look_at = |member: Member, field: &Field<Json<'_>>| {
            if field.set().is_some_and(|value| !member.takes(value)) {
                found.push(Violation::saying(Refusal::WrongType, member.pointer(), member.expected()));
            }
        };
        look_at(Member::DisplayName, &self.display_name);
        look_at(Member::Email, &self.email);
        look_at(Member::PermissionPreset, &self.permission_preset);
        look_at(Member::Role, &self.role);
        look_at(Member::ServiceAccount, &self.service_account);
        for (member, field) in &self.read_only {
            look_at(*member, field);
        }
        if policy.read_only == ReadOnly::Refuse {
            let members = self.read_only.iter().map(|(member, _)| member.pointer());
            found.extend(members.map(|pointer| Violation::new(Refusal::ReadOnly, pointer)));
        }
        for (name, value) in self.field(Member::Status).set().into_iter().flat_map(Json::members) {
            let pointer = || Member::Status.pointer().child(&name);
            match in_status(&name, &value) {
                InStatus::Unknown if policy.unknown_members == UnknownMembers::Refuse => {
                    found.push(Violation::new(Refusal::UnknownMember, pointer()));
                }
                InStatus::Wrong(expected) => {
                    found.push(Violation::saying(Refusal::WrongType, pointer(), expected));
                }
                InStatus::Fine | InStatus::Unknown => {}
            }
        }
    }

    /// What is wrong with the explicit mask. Without a mask that names fields, nothing can be said of what is updated:
    /// then the answer is false.
    fn check_mask(&self, policy: &Policy, found: &mut Vec<Violation>) -> bool {
        let Some(mask) = &self.mask else { return true };
        let Ok(mask) = mask else {
            found.push(Violation::new(Refusal::Mask, Pointer::root()));
            return false;
        };
        if mask.has_camel_case() && !policy.camel_case_mask {
            found.push(Violation::saying(Refusal::Mask, Pointer::root(), "the field mask must be in snake_case"));
        }
        let before = found.len();
        for path in mask.paths().filter(|&path| path != "*") {
            let member = Member::ALL.into_iter().find(|member| {
                let rest = path.strip_prefix(member.path_in_mask());
                rest == Some("") || *member == Member::Status && matches!(rest, Some(".code" | ".message"))
            });
            match member {
                None => {
                    let pointer = path.split('.').fold(Pointer::root(), |pointer, part| pointer.child(part));
                    found.push(Violation::new(Refusal::MaskPath, pointer));
                }
                // In the body and in the mask is one violation.
                Some(member) if !member.is_writable() && policy.read_only == ReadOnly::Refuse => {
                    let pointer = member.pointer();
                    if !found.iter().any(|old| old.refusal() == Refusal::ReadOnly && *old.pointer() == pointer) {
                        found.push(Violation::new(Refusal::ReadOnly, pointer));
                    }
                }
                Some(_) => {}
            }
        }
        !found.iter().skip(before).any(|violation| violation.refusal() == Refusal::MaskPath)
    }
}
