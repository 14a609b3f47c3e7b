use super::Code;
use crate::{
    engine::Fault,
    report::{Refuses, Rule},
};

/// Why a patch can be refused: one variant a rule. [`rules`](super::rules) has what each says and rests on.
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Refusal {
    /// The body is not well-formed JSON text.
    Malformed,
    /// A member comes twice.
    Duplicate,
    /// The body is nested too deep.
    TooDeep,
    /// The body is too long.
    TooLong,
    /// The body is not an object.
    NotAnObject,
    /// A member that the page does not name.
    UnknownMember,
    /// A member of another type than the page gives.
    WrongType,
    /// A read-only member, under `readOnly: refuse`.
    ReadOnly,
    /// An explicit mask that is none.
    Mask,
    /// A path of the mask that names no field.
    MaskPath,
    /// `role` is missing, null or empty.
    RoleRequired,
    /// `role` is none of the five.
    RoleUnknown,
    /// `displayName` has 64 characters or more.
    DisplayNameTooLong,
    /// `serviceAccount` changed by a caller who is not an admin.
    NotAdmin,
    /// A preset for another role than `custom`.
    PresetWithoutCustom,
    /// The role `custom` without a preset.
    CustomWithoutPreset,
    /// A preset left behind by a role that leaves `custom`, under `leavingCustom: refuse`.
    PresetLeft,
    /// `email` or `serviceAccount` changed, under `immutable: true`.
    Immutable,
    /// An account id that is none.
    AccountId,
    /// A user id that is none.
    UserId,
    /// Neither a user id nor an email to make one of.
    NoUserId,
}

impl Refusal {
    /// Every refusal.
    pub const ALL: &[Self] = &[
        Self::Malformed,
        Self::Duplicate,
        Self::TooDeep,
        Self::TooLong,
        Self::NotAnObject,
        Self::UnknownMember,
        Self::WrongType,
        Self::ReadOnly,
        Self::Mask,
        Self::MaskPath,
        Self::RoleRequired,
        Self::RoleUnknown,
        Self::DisplayNameTooLong,
        Self::NotAdmin,
        Self::PresetWithoutCustom,
        Self::CustomWithoutPreset,
        Self::PresetLeft,
        Self::Immutable,
        Self::AccountId,
        Self::UserId,
        Self::NoUserId,
    ];

    /// The status code that the vendor's page has for it.
    pub(super) const fn code(self) -> Code {
        match self {
            Self::NotAdmin => Code::PermissionDenied,
            Self::Malformed
            | Self::Duplicate
            | Self::TooDeep
            | Self::TooLong
            | Self::NotAnObject
            | Self::UnknownMember
            | Self::WrongType
            | Self::ReadOnly
            | Self::Mask
            | Self::MaskPath
            | Self::RoleRequired
            | Self::RoleUnknown
            | Self::DisplayNameTooLong
            | Self::PresetWithoutCustom
            | Self::CustomWithoutPreset
            | Self::PresetLeft
            | Self::Immutable
            | Self::AccountId
            | Self::UserId
            | Self::NoUserId => Code::InvalidArgument,
        }
    }
}

impl Refuses for Refusal {
    fn rule(self) -> &'static Rule {
        self.entry()
    }

    fn of_body(fault: Fault) -> Self {
        match fault {
            Fault::TooLong { .. } => Self::TooLong,
            Fault::TooDeep { .. } => Self::TooDeep,
            Fault::Duplicate => Self::Duplicate,
            Fault::NotAnObject => Self::NotAnObject,
            _ => Self::Malformed,
        }
    }
}
