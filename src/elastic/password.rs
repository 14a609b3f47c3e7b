use std::fmt;

use crate::engine::Json;

/// The shortest password, in Unicode scalar values.
pub const PASSWORD_MIN: usize = 8;

/// The new password of an accepted update: handed over once, for the caller to hash; no user, reply or message has it.
///
/// It has no `Display`, and `Debug` does not show it.
#[derive(Clone, PartialEq, Eq)]
pub struct Password(String);

impl Password {
    /// The password of a body, where it is one that passes.
    pub(super) fn of(value: &Json<'_>) -> Option<Self> {
        value.as_str().map(|text| Self(text.into_owned()))
    }

    /// The password itself.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// The password itself, for the caller to keep.
    pub fn into_string(self) -> String {
        self.0
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(…)")
    }
}

/// Whether a string is long enough for a password.
pub(super) fn is_long_enough(text: &str) -> bool {
    text.chars().take(PASSWORD_MIN).count() == PASSWORD_MIN
}
