//! A user of whom a filter asks: each field is read once, and each text folded once, however many terms ask for it.

use std::cell::OnceCell;

use super::pattern::folded;
use crate::{
    fireworks::User,
    stand_in::field::{Field, Got},
};

/// How many fields there are.
const FIELDS: usize = Field::ALL.len();

pub(super) struct Seen<'u> {
    user: &'u User,
    got: [OnceCell<Option<Got<'u>>>; FIELDS],
    folded: [OnceCell<String>; FIELDS],
}

impl<'u> Seen<'u> {
    pub(super) fn of(user: &'u User) -> Self {
        Self { user, got: [const { OnceCell::new() }; FIELDS], folded: [const { OnceCell::new() }; FIELDS] }
    }

    /// What the user has in a field.
    pub(super) fn got(&self, field: Field) -> Option<&Got<'u>> {
        self.got.get(field as usize)?.get_or_init(|| field.of(self.user)).as_ref()
    }

    /// The text that the user has in a field, in small letters.
    pub(super) fn folded(&self, field: Field) -> Option<&str> {
        let Got::Text(text) = self.got(field)? else { return None };
        Some(self.folded.get(field as usize)?.get_or_init(|| folded(text)))
    }
}
