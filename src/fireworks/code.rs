//! The status codes of the older page.

use std::fmt;

use crate::report::ErrorCode;

/// The status codes of the older page, in its order, each with its first sentence there.
///
/// Their numbers are those of `google/rpc/code.proto`, which the page mimics.
///
/// ```
/// use user_patch::fireworks::Code;
///
/// let code = Code::PermissionDenied;
/// assert_eq!((code.number(), code.name(), code.http_status()), (7, "PERMISSION_DENIED", 403));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Code {
    /// "Not an error; returned on success."
    Ok = 0,
    /// "The operation was cancelled, typically by the caller."
    Cancelled = 1,
    /// "Unknown error."
    Unknown = 2,
    /// "The client specified an invalid argument."
    InvalidArgument = 3,
    /// "The deadline expired before the operation could complete."
    DeadlineExceeded = 4,
    /// "Some requested entity (e.g., file or directory) was not found."
    NotFound = 5,
    /// "The entity that a client attempted to create (e.g., file or directory) already exists."
    AlreadyExists = 6,
    /// "The caller does not have permission to execute the specified operation."
    PermissionDenied = 7,
    /// "The request does not have valid authentication credentials for the operation."
    Unauthenticated = 16,
    /// "Some resource has been exhausted, perhaps a per-user quota, or perhaps the entire file system is out of space."
    ResourceExhausted = 8,
    /// "The operation was rejected because the system is not in a state required for the operation's execution."
    FailedPrecondition = 9,
    /// "The operation was aborted, typically due to a concurrency issue such as a sequencer check failure or transaction abort."
    Aborted = 10,
    /// "The operation was attempted past the valid range."
    OutOfRange = 11,
    /// "The operation is not implemented or is not supported/enabled in this service."
    Unimplemented = 12,
    /// "Internal errors."
    Internal = 13,
    /// "The service is currently unavailable."
    Unavailable = 14,
    /// "Unrecoverable data loss or corruption."
    DataLoss = 15,
}

impl Code {
    /// All seventeen.
    pub const ALL: &[Self] = &[
        Self::Ok,
        Self::Cancelled,
        Self::Unknown,
        Self::InvalidArgument,
        Self::DeadlineExceeded,
        Self::NotFound,
        Self::AlreadyExists,
        Self::PermissionDenied,
        Self::Unauthenticated,
        Self::ResourceExhausted,
        Self::FailedPrecondition,
        Self::Aborted,
        Self::OutOfRange,
        Self::Unimplemented,
        Self::Internal,
        Self::Unavailable,
        Self::DataLoss,
    ];

    /// The number, as error bodies carry it.
    pub const fn number(self) -> u8 {
        self as u8
    }

    /// The name on the page.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Ok => "OK",
            Self::Cancelled => "CANCELLED",
            Self::Unknown => "UNKNOWN",
            Self::InvalidArgument => "INVALID_ARGUMENT",
            Self::DeadlineExceeded => "DEADLINE_EXCEEDED",
            Self::NotFound => "NOT_FOUND",
            Self::AlreadyExists => "ALREADY_EXISTS",
            Self::PermissionDenied => "PERMISSION_DENIED",
            Self::Unauthenticated => "UNAUTHENTICATED",
            Self::ResourceExhausted => "RESOURCE_EXHAUSTED",
            Self::FailedPrecondition => "FAILED_PRECONDITION",
            Self::Aborted => "ABORTED",
            Self::OutOfRange => "OUT_OF_RANGE",
            Self::Unimplemented => "UNIMPLEMENTED",
            Self::Internal => "INTERNAL",
            Self::Unavailable => "UNAVAILABLE",
            Self::DataLoss => "DATA_LOSS",
        }
    }

    /// The "HTTP Mapping" of the page.
    pub const fn http_status(self) -> u16 {
        match self {
            Self::Ok => 200,
            Self::InvalidArgument | Self::FailedPrecondition | Self::OutOfRange => 400,
            Self::Unauthenticated => 401,
            Self::PermissionDenied => 403,
            Self::NotFound => 404,
            Self::AlreadyExists | Self::Aborted => 409,
            Self::ResourceExhausted => 429,
            Self::Cancelled => 499,
            Self::Unknown | Self::Internal | Self::DataLoss => 500,
            Self::Unimplemented => 501,
            Self::Unavailable => 503,
            Self::DeadlineExceeded => 504,
        }
    }
}

impl ErrorCode for Code {
    const ALL: &'static [Self] = Self::ALL;

    fn status(self) -> u16 {
        self.http_status()
    }

    /// The number, as `google.rpc.Status` has it, or the name.
    fn of_text(text: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|code| code.name() == text || code.number().to_string() == text)
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
