//! THE catalogue: one entry a rule makes the variant, its words, its code, its basis and its documentation.

use super::code::Code;
use crate::{
    engine::Fault,
    report::{
        Basis::{Chosen, Inferred, Standard, Stated},
        rule_body as body, rules,
    },
};

/// "Updates the current user".
const PAGE: &str = "https://www.elastic.co/docs/api/doc/cloud-enterprise/operation/operation-update-current-user";

/// A reason why an update is refused.
pub type Violation = crate::report::Violation<Refusal>;
/// Every reason why an update is refused.
pub type Violations = crate::report::Violations<Refusal>;

rules! {
    refuse with Code {
    Malformed = "elastic.body.malformed", "the body must be well-formed JSON text",
        Code::Malformed, body::MALFORMED, PAGE;
    Duplicate = "elastic.body.duplicate", "no member may come twice, at any depth",
        Code::Duplicate, body::DUPLICATE, PAGE;
    TooDeep = "elastic.body.depth", "the body must not be nested deeper than the limit",
        Code::TooDeep, body::DEPTH, PAGE;
    TooLong = "elastic.body.size", "the body must not be longer than the limit",
        Code::TooLong,
        Chosen {
            reason: "the page names no limit; 1,048,576 bytes leave room for any user, and what a request costs stays known; policy `maxBytes`",
        },
        PAGE;
    NotAnObject = "elastic.body.object", "the body must be a JSON object",
        Code::NotAnObject,
        Chosen {
            reason: "the page has \"All changes in the specified object\"; by RFC 7386 (now RFC 7396) anything else would replace the whole user; policy `stringBody` for the page's \"string\"",
        },
        PAGE;
    Builtin = "elastic.builtin", "a built-in user cannot be modified",
        Code::CannotModify,
        Stated { quote: "Built-in users cannot be modified. (code: user.cannot_modify)" },
        PAGE;
    External = "elastic.external", "a user of another realm than native cannot be modified",
        Code::CannotModifyExternal,
        Stated { quote: "External users cannot be modified. (code: user.cannot_modify_external)" },
        PAGE;
    Restricted = "elastic.restricted", "must not have another value after the merge",
        Code::RestrictedField,
        Stated { quote: "Trying to set a restricted field. (code: user.restricted_field)" },
        PAGE;
    EnabledRestricted = "elastic.restricted.enabled", "can only be changed by a platform admin",
        Code::RestrictedField,
        Inferred {
            reason: "the vendor's manual has the platform admin disable users; the code is that of restricted fields",
        },
        PAGE;
    RoleUnknown = "elastic.roles.known", "must gain no role that the platform does not have",
        Code::RolesInvalid,
        Stated { quote: "Some of the provided roles are invalid. (code: user.roles.invalid)" },
        PAGE;
    RoleCombination = "elastic.roles.combination",
        "where one is added, ece_platform_admin must stand alone, and ece_deployment_manager without ece_deployment_viewer",
        Code::RolesInvalid,
        Inferred {
            reason: "the vendor's SDK refuses roles that include each other before it sends them; policy `roleCombinations`",
        },
        PAGE;
    RoleForbidden = "elastic.roles.assignable", "must not gain a role that the caller may not assign",
        Code::RolesForbidden,
        Stated { quote: "Some of the provided roles are forbidden. (code: user.roles.forbidden)" },
        PAGE;
    WrongType = "elastic.type", "must have the JSON type that the page gives",
        Code::WrongType,
        Chosen { reason: "the page types its members, and its closed list of codes has none for another type" },
        PAGE;
    Required = "elastic.required", "must be there after the merge",
        Code::Required,
        Stated { quote: "security object Required" },
        PAGE;
    PasswordTooShort = "elastic.password.length", "must have at least 8 characters",
        Code::PasswordTooShort,
        Standard { reference: "the vendor's manual on user settings; the page has no code for it" },
        PAGE;
    PasswordMisplaced = "elastic.password.misplaced",
        "must hold no member named password, in whatever case, but security.password",
        Code::PasswordMisplaced,
        Chosen {
            reason: "merged like any other member it would be stored and answered in clear: a leak by typing error; policy `misplacedPassword`",
        },
        PAGE;
    UnknownMember = "elastic.unknown_member", "must be a member that the page names",
        Code::UnknownMember,
        Chosen {
            reason: "the page allows additional properties inside security and metadata and is silent about the user itself; policy `unknownMembers: refuse`",
        },
        PAGE;
    }
    decide {
    MERGE = "elastic.merge",
        "the body is a JSON Merge Patch (RFC 7386, now RFC 7396) on the current user; the members that the page names are checked on the result",
        Stated {
            quote: "All changes in the specified object are applied to the current user according to the JSON Merge Patch processing rules.",
        },
        PAGE;
    OMITTED = "elastic.omitted",
        "a member that the body does not have stays, and one that repeats the current value passes",
        Stated { quote: "Omitting existing fields causes the same values to be reapplied." },
        PAGE;
    NULL = "elastic.null",
        "null sets security.enabled to true and security.roles to [], and removes any other member",
        Stated {
            quote: "Specifying a null value reverts the field to the default value, or removes the field when no default value exists.",
        },
        PAGE;
    UNKNOWN_KEPT = "elastic.unknown_member.kept",
        "a member that the page does not name is merged like the others, at every level",
        Stated { quote: "Additional properties are allowed." },
        PAGE;
    RESTRICTED_REPEATED = "elastic.restricted.repeated",
        "a restricted member passes where it says what is stored, and that stays as it is written: dates and times are moments, permissions a set, a null is no member, an absent builtin is false",
        Inferred {
            reason: "\"The distinct set of permissions\" has no order; the vendor's SDK writes dates and times anew in its own normal form; some servers write null for what is not there",
        },
        PAGE;
    ROLES_REAPPLIED = "elastic.roles.reapplied",
        "roles that are the current ones as a set are no change, and their stored order stays",
        Stated { quote: "The set of roles assigned to a user" },
        PAGE;
    ROLES_KEPT = "elastic.roles.kept",
        "a role that the user holds may stay, whatever it is, and taking roles away is never refused for what remains",
        Chosen {
            reason: "clients send back the roles that they read, and rules arrive later than users; a rule judges what an update changes",
        },
        PAGE;
    ROLES_ONCE = "elastic.roles.once",
        "a role given twice is kept once, in the first place",
        Inferred { reason: "the page calls them \"the set of roles\"" },
        PAGE;
    PASSWORD_ONCE = "elastic.password.once",
        "security.password is handed to the caller once and is in no user, reply or message",
        Stated { quote: "The user's password. Only used when modifying a user." },
        PAGE;
    PASSWORD_CHANGES = "elastic.password.changes",
        "a new password counts as a change: it is among the changed members, and the time of the update moves",
        Chosen {
            reason: "no user shows it, and a caller who writes only what has changed would lose it",
        },
        PAGE;
    PASSWORD_NULL = "elastic.password.null",
        "null sets no password: there is none in the user that it could remove",
        Inferred {
            reason: "null \"removes the field when no default value exists\", and the password is \"only used when modifying a user\"",
        },
        PAGE;
    UNCHANGED = "elastic.unchanged",
        "a value equal to the current one is no change, and metadata.updated_at and metadata.updated_by stay",
        Chosen {
            reason: "\"The date and time when the user was last updated\" is of use when it tells that something is different",
        },
        PAGE;
    UPDATED_AT = "elastic.updated_at",
        "metadata.updated_at moves to the time of an update that changes something",
        Stated { quote: "The date and time when the user was last updated" },
        PAGE;
    UPDATED_BY = "elastic.updated_by",
        "metadata.updated_by moves to the user that makes an update that changes something, where the context names it",
        Stated { quote: "The Id of the user that last updated this user" },
        PAGE;
    CODES = "elastic.codes",
        "the header x-cloud-error-codes has each of the page's codes once, in the page's order, joined by commas; what the page has no code for has one of this library in the body alone",
        Stated { quote: "The error codes associated with the response" },
        PAGE;
    FIELDS = "elastic.fields",
        "an error lists its members as paths with dots",
        Stated {
            quote: "If the error can be tied to a specific field or fields in the user request, this lists those fields",
        },
        PAGE;
    NOT_FOUND = "elastic.not_found",
        "where there is no current user the reply is 404, which the caller knows and makes",
        Stated { quote: "User not found. (code: user.not_found)" },
        PAGE;
    }
    of body |fault| match fault {
        Fault::TooLong { .. } => Self::TooLong,
        Fault::TooDeep { .. } => Self::TooDeep,
        Fault::Duplicate => Self::Duplicate,
        Fault::NotAnObject => Self::NotAnObject,
        Fault::NotUtf8
        | Fault::ByteOrderMark
        | Fault::Empty
        | Fault::UnexpectedEnd { .. }
        | Fault::Expected { .. }
        | Fault::TrailingData
        | Fault::ControlCharacter
        | Fault::InvalidEscape
        | Fault::LoneSurrogate
        | Fault::InvalidNumber => Self::Malformed,
    }
}
