//! The codes of errors.

use std::fmt;

use crate::report::ErrorCode;

/// Makes of one list of codes the enum, its texts and its statuses.
macro_rules! codes {
    (
        vendor { $($code:ident = $text:literal, $status:literal, $doc:literal;)* }
        own { $($own:ident = $own_text:literal, $own_status:literal, $own_doc:literal;)* }
    ) => {
        /// "A structured code representing the error type that occurred": those of the vendor, the page's first and in its
        /// order, and, since the page's list is closed, those of this library for what it has no code for, whose texts begin
        /// with `user_patch.`.
        ///
        /// ```
        /// use user_patch::elastic::{Code, Refusal};
        ///
        /// assert_eq!(Refusal::RoleUnknown.code(), Code::RolesInvalid);
        /// assert_eq!((Code::RolesInvalid.text(), Code::RolesInvalid.is_own()), ("user.roles.invalid", false));
        /// assert!(Refusal::WrongType.code().is_own());
        /// ```
        #[non_exhaustive]
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code {
            $(#[doc = concat!("`", $text, "`, ", $status, ": ", $doc)] $code,)*
            $(#[doc = concat!("`", $own_text, "`, ", $own_status, ": ", $own_doc)] $own,)*
        }

        impl Code {
            /// Every code.
            pub const ALL: &'static [Self] = &[$(Self::$code,)* $(Self::$own,)*];

            /// The code as bodies have it.
            pub const fn text(self) -> &'static str {
                match self {
                    $(Self::$code => $text,)*
                    $(Self::$own => $own_text,)*
                }
            }

            /// The HTTP status that comes with it.
            pub const fn status(self) -> u16 {
                match self {
                    $(Self::$code => $status,)*
                    $(Self::$own => $own_status,)*
                }
            }

            /// Whether it is one of this library, which the header does not carry.
            pub const fn is_own(self) -> bool {
                match self {
                    $(Self::$code => false,)*
                    $(Self::$own => true,)*
                }
            }
        }
    };
}

codes! {
    vendor {
        RolesInvalid = "user.roles.invalid", 400, "\"Some of the provided roles are invalid.\"";
        RolesForbidden = "user.roles.forbidden", 400, "\"Some of the provided roles are forbidden.\"";
        RestrictedField = "user.restricted_field", 400, "\"Trying to set a restricted field.\"";
        CannotModifyExternal = "user.cannot_modify_external", 400, "\"External users cannot be modified.\"";
        CannotModify = "user.cannot_modify", 400, "\"Built-in users cannot be modified.\"";
        NotFound = "user.not_found", 404, "\"User not found.\"";
        Unauthenticated = "root.unauthenticated", 401,
            "\"The supplied authentication is invalid.\", on the vendor's page of the login.";
        ResourceNotFound = "root.resource_not_found", 404,
            "\"The requested resource could not be found\", in the tests of the vendor's published client.";
        Internal = "internal.server.error", 500,
            "\"There was an internal server error\", in the vendor's published client.";
    }
    own {
        Malformed = "user_patch.body.malformed", 400, "the body is no JSON.";
        Duplicate = "user_patch.body.duplicate", 400, "the body has a member twice.";
        TooDeep = "user_patch.body.depth", 400, "the body is nested too deep.";
        TooLong = "user_patch.body.size", 400, "the body is too long.";
        NotAnObject = "user_patch.body.object", 400, "the body is no object.";
        WrongType = "user_patch.type", 400, "a member has another type than the page gives.";
        Required = "user_patch.required", 400, "a member is missing.";
        PasswordTooShort = "user_patch.password.length", 400, "the password is too short.";
        PasswordMisplaced = "user_patch.password.misplaced", 400, "a password where none is kept.";
        UnknownMember = "user_patch.unknown_member", 400, "a member that the page does not name.";
        Forbidden = "user_patch.forbidden", 403, "the caller may not do this.";
        MethodNotAllowed = "user_patch.method_not_allowed", 405, "the path is not known with this method.";
        UnsupportedMediaType = "user_patch.media_type", 415, "the body is of another type than the endpoint takes.";
        TooManyRequests = "user_patch.too_many_requests", 429, "the caller asks too often.";
        Unavailable = "user_patch.unavailable", 503, "the server cannot answer for the time being.";
    }
}

impl ErrorCode for Code {
    const ALL: &'static [Self] = Self::ALL;

    fn status(self) -> u16 {
        self.status()
    }

    fn of_text(text: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|code| code.text() == text)
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text())
    }
}
