use super::Json;

/// The three states of a member: not mentioned, mentioned as `null`, or set to a value.
///
/// `Option` has no room for the middle one: serde reads `null` as `None`, and a PATCH that clears a member becomes a
/// PATCH that leaves it alone.
///
/// ```
/// use user_patch::engine::Field;
///
/// let name: Field<&str> = Field::Null;
/// assert!(name.is_present());
/// assert_eq!(name.set(), None);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Field<T> {
    /// The body does not mention the member.
    #[default]
    Absent,
    /// The body holds the member with the value `null`.
    Null,
    /// The body holds the member with a value.
    Set(T),
}

impl<T> Field<T> {
    /// Whether the body mentions the member, be it with `null`.
    pub const fn is_present(&self) -> bool {
        !matches!(self, Self::Absent)
    }

    /// The value, where there is one.
    pub const fn set(&self) -> Option<&T> {
        match self {
            Self::Set(value) => Some(value),
            Self::Absent | Self::Null => None,
        }
    }

    /// Borrows what is inside.
    pub const fn as_ref(&self) -> Field<&T> {
        match self {
            Self::Absent => Field::Absent,
            Self::Null => Field::Null,
            Self::Set(value) => Field::Set(value),
        }
    }

    /// Turns the value, where there is one, into another.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Field<U> {
        match self {
            Self::Absent => Field::Absent,
            Self::Null => Field::Null,
            Self::Set(value) => Field::Set(change(value)),
        }
    }

    /// This state, or `earlier` where this one says nothing: what two updates in turn come to, for a member that is
    /// replaced whole.
    #[must_use]
    pub fn or(self, earlier: Self) -> Self {
        match self {
            Self::Absent => earlier,
            said => said,
        }
    }
}

impl<'a> Field<Json<'a>> {
    /// The state of a member that has this value in a body.
    #[inline]
    pub(crate) fn of(value: Json<'a>) -> Self {
        if value.is_null() { Self::Null } else { Self::Set(value) }
    }

    /// What the body has for the member, be it `null`.
    pub(crate) fn said(&self) -> Option<Json<'_>> {
        match self {
            Self::Absent => None,
            Self::Null => Some(Json::null()),
            Self::Set(value) => Some(value.borrowed()),
        }
    }
}
