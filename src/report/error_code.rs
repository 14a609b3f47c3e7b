use std::{fmt, hash::Hash};

/// A code by which a vendor tells its errors apart.
///
/// ```
/// use user_patch::report::ErrorCode;
///
/// /// The codes that say that it was the caller's fault.
/// fn of_callers<C: ErrorCode>() -> Vec<C> {
///     C::ALL.iter().copied().filter(|code| (400..500).contains(&code.status())).collect()
/// }
/// ```
pub trait ErrorCode: Copy + Eq + Hash + fmt::Debug + fmt::Display + Send + Sync + 'static {
    /// Every code that is known.
    const ALL: &'static [Self];

    /// The HTTP status that comes with it.
    fn status(self) -> u16;

    /// The code that a vendor's error has in this spelling, a number without quotes; `None` where it is not known.
    fn of_text(text: &str) -> Option<Self>;
}
