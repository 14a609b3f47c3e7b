use std::fmt;

/// What a server answers to a request before a patch is judged, or without one: each vendor's module writes it as the vendor
/// does (`outside`), and says there what that rests on.
///
/// ```
/// use user_patch::report::Outside;
///
/// assert_eq!(Outside::ALL.len(), 10);
/// assert_eq!(Outside::NotFound.to_string(), "not found");
/// ```
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Outside {
    /// The path names nothing that there could be.
    BadPath,
    /// The request does not say who asks, or not credibly. RFC 9110 section 15.5.2 asks for a header `www-authenticate`,
    /// which whoever authenticates has to add: no page has it.
    Unauthenticated,
    /// Who asks is known, and may not do this at all. A denial that depends on the patch is a refusal of it.
    Forbidden,
    /// There is no such user.
    NotFound,
    /// The path is known, and not with this method. RFC 9110 section 15.5.6 asks for a header `allow`, which whoever routes
    /// has to add.
    MethodNotAllowed,
    /// The body is said to be of a type that the endpoint does not take.
    UnsupportedMediaType,
    /// The body is longer than the limit: answered as the refusal of such a body is.
    TooLarge,
    /// The caller asks too often.
    TooManyRequests,
    /// The server failed.
    Internal,
    /// The server cannot answer for the time being.
    Unavailable,
}

impl Outside {
    /// Each of them.
    pub const ALL: &'static [Self] = &[
        Self::BadPath,
        Self::Unauthenticated,
        Self::Forbidden,
        Self::NotFound,
        Self::MethodNotAllowed,
        Self::UnsupportedMediaType,
        Self::TooLarge,
        Self::TooManyRequests,
        Self::Internal,
        Self::Unavailable,
    ];

    /// What it is, in words.
    pub const fn name(self) -> &'static str {
        match self {
            Self::BadPath => "bad path",
            Self::Unauthenticated => "unauthenticated",
            Self::Forbidden => "forbidden",
            Self::NotFound => "not found",
            Self::MethodNotAllowed => "method not allowed",
            Self::UnsupportedMediaType => "unsupported media type",
            Self::TooLarge => "too large",
            Self::TooManyRequests => "too many requests",
            Self::Internal => "internal error",
            Self::Unavailable => "unavailable",
        }
    }
}

impl fmt::Display for Outside {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
