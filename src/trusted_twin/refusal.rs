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
    /// The body is not UTF-8.
    NotUtf8,
    /// A member comes twice.
    Duplicate,
    /// The body is nested too deep.
    TooDeep,
    /// The body is too long.
    TooLong,
    /// The body is not an object.
    NotAnObject,
    /// The caller's statement does not allow `update_user`.
    NotAllowed,
    /// A member that the page does not name.
    UnknownMember,
    /// A member of the response that an update does not have.
    ReadOnly,
    /// `name` or `role` is null or no string.
    WrongType,
    /// `name` does not match its pattern.
    Name,
    /// `role` is no hyphenated UUID.
    Role,
    /// The account has no such role.
    NoSuchRole,
    /// `description` is neither null nor a dictionary.
    Description,
    /// A key of the description does not match its pattern.
    Key,
}

impl Refusal {
    /// Every refusal.
    pub const ALL: &[Self] = &[
        Self::Malformed,
        Self::NotUtf8,
        Self::Duplicate,
        Self::TooDeep,
        Self::TooLong,
        Self::NotAnObject,
        Self::NotAllowed,
        Self::UnknownMember,
        Self::ReadOnly,
        Self::WrongType,
        Self::Name,
        Self::Role,
        Self::NoSuchRole,
        Self::Description,
        Self::Key,
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
            Fault::NotUtf8 => Self::NotUtf8,
            _ => Self::Malformed,
        }
    }
}
