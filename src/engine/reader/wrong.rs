//! What stops a reading, while it is on its way out.

use super::malformed::{Fault, Malformed};
use crate::engine::Pointer;

/// What stops a reading.
pub(super) struct Wrong {
    pub fault: Fault,
    pub offset: usize,
    /// The names on the way to the member that comes twice, the innermost first.
    pub path: Vec<Box<str>>,
}

pub(super) type Step<T> = Result<T, Box<Wrong>>;

impl Wrong {
    #[cold]
    pub(super) fn told(self, text: &[u8]) -> Malformed {
        let path = self.path.iter().rev().fold(Pointer::root(), |pointer, name| pointer.into_child(name));
        Malformed::at(self.fault, text, self.offset).of_member(path)
    }
}
