/// What a body may measure.
///
/// ```
/// use user_patch::engine::{Document, Fault, Limits};
///
/// let limits = Limits { max_bytes: Some(64), max_depth: 2 };
/// assert_eq!(Document::parse(b"[[[1]]]", &limits).unwrap_err().fault(), Fault::TooDeep { limit: 2 });
/// assert!(Document::parse(b"[[1]]", &limits).is_ok());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// The length in bytes above which a body is refused unread; `None` for no limit but [`Limits::MAX_BYTES`].
    pub max_bytes: Option<usize>,
    /// How many arrays and objects may stand inside each other, the outermost counted. The type is the upper bound: at
    /// 255 levels no recursion over a document overflows a thread's stack.
    pub max_depth: u8,
}

impl Limits {
    /// The length in bytes that no text may exceed: places in it are kept in 32 bits, and what an update makes of a user and
    /// a body has to fit as well.
    pub const MAX_BYTES: usize = 1 << 30;

    /// For what is stored: a policy may have let in more than the default, and what was accepted has to be readable.
    pub const STORED: Self = Self { max_bytes: None, max_depth: u8::MAX };

    /// The limit in effect.
    pub(crate) const fn bytes(&self) -> usize {
        match self.max_bytes {
            Some(limit) if limit < Self::MAX_BYTES => limit,
            _ => Self::MAX_BYTES,
        }
    }
}

impl Default for Limits {
    /// No limit on bytes, 128 levels.
    fn default() -> Self {
        Self { max_bytes: None, max_depth: 128 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_limit_is_above_what_a_place_can_be_kept_of() {
        let bytes = |max_bytes| Limits { max_bytes, ..Limits::default() }.bytes();
        assert_eq!(bytes(None), Limits::MAX_BYTES);
        assert_eq!(bytes(Some(0)), 0);
        assert_eq!(bytes(Some(65_536)), 65_536);
        assert_eq!(bytes(Some(Limits::MAX_BYTES - 1)), Limits::MAX_BYTES - 1);
        assert_eq!(bytes(Some(Limits::MAX_BYTES)), Limits::MAX_BYTES);
        assert_eq!(bytes(Some(usize::MAX)), Limits::MAX_BYTES);
        assert_eq!(Limits::STORED.bytes(), Limits::MAX_BYTES);
    }
}
