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
    /// The user is built-in.
    Builtin,
    /// The user is of another realm than `native`.
    External,
    /// A member that nobody sets by an update has another value after the merge.
    Restricted,
    /// `security.enabled` changed by a user who is not a platform admin.
    EnabledRestricted,
    /// A role that is not known.
    RoleUnknown,
    /// Roles that exclude each other.
    RoleCombination,
    /// A role added that the caller may not assign.
    RoleForbidden,
    /// A member that the page names is of another type after the merge.
    WrongType,
    /// A member that the page requires would be gone after the merge.
    Required,
    /// `security.password` is too short.
    PasswordTooShort,
    /// A member that the page does not name, under `unknownMembers: refuse`.
    UnknownMember,
}

impl Refusal {
    /// Every refusal.
    pub const ALL: &[Self] = &[
        Self::Malformed,
        Self::Duplicate,
        Self::TooDeep,
        Self::TooLong,
        Self::NotAnObject,
        Self::Builtin,
        Self::External,
        Self::Restricted,
        Self::EnabledRestricted,
        Self::RoleUnknown,
        Self::RoleCombination,
        Self::RoleForbidden,
        Self::WrongType,
        Self::Required,
        Self::PasswordTooShort,
        Self::UnknownMember,
    ];
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
