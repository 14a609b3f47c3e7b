//! The subcodes of errors.

use std::fmt;

use crate::report::ErrorCode;

/// Makes of one list of subcodes the enum and its numbers.
macro_rules! codes {
    ($($code:ident = $subcode:literal, $doc:literal;)*) => {
        /// The subcodes of errors: those of the vendor's status page and of its published client, and the statuses that
        /// neither has a subcode for under the number that 401000 and 500000 suggest.
        ///
        /// ```
        /// use user_patch::trusted_twin::{Code, Refusal};
        ///
        /// let code = Refusal::TooLong.code();
        /// assert_eq!((code, code.subcode(), code.status()), (Code::TooLarge, 400141, 400));
        /// ```
        #[non_exhaustive]
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Code {
            $(#[doc = concat!($subcode, ": ", $doc)] $code,)*
        }

        impl Code {
            /// Every code.
            pub const ALL: &'static [Self] = &[$(Self::$code),*];

            /// The number of six digits, which bodies have as a string or as a number.
            pub const fn subcode(self) -> u32 {
                match self {
                    $(Self::$code => $subcode,)*
                }
            }
        }
    };
}

codes! {
    TooLarge = 400_141, "the body is too large.";
    NotUtf8 = 400_314, "the body is not UTF-8.";
    NotJson = 400_415, "the body is not JSON.";
    Format = 400_589, "the format of the request.";
    Unauthorized = 401_000, "the request does not say who asks, or not credibly.";
    Forbidden = 403_535, "\"The User is not authorized\".";
    NotFound = 404_653, "there is no such resource: no such user, or no such role.";
    MethodNotAllowed = 405_000, "the path is not known with this method. Inferred: no page has the number.";
    UnsupportedMediaType = 415_000, "the body is not said to be JSON. Inferred: no page has the number.";
    TooManyRequests = 429_000, "the caller asks too often. Inferred: no page has the number.";
    Internal = 500_000, "the server failed.";
    Unavailable = 503_000, "the server cannot answer for the time being. Inferred: no page has the number.";
}

impl Code {
    /// The HTTP status, which the subcode begins with.
    pub const fn status(self) -> u16 {
        (self.subcode() / 1000) as u16
    }
}

impl ErrorCode for Code {
    const ALL: &'static [Self] = Self::ALL;

    fn status(self) -> u16 {
        self.status()
    }

    fn of_text(text: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|code| code.to_string() == text)
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.subcode().fmt(f)
    }
}
