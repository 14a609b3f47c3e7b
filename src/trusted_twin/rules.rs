//! THE catalogue: one entry a rule makes the variant, its words, its code, its basis and its documentation.

use super::code::Code;
use crate::{
    engine::Fault,
    report::{
        Basis::{Chosen, Inferred, Standard, Stated},
        rule_body as body, rules,
    },
};

/// "Update a User", in the reference.
const PAGE: &str = "https://trustedtwin.com/docs";

/// A reason why an update is refused.
pub type Violation = crate::report::Violation<Refusal>;
/// Every reason why an update is refused.
pub type Violations = crate::report::Violations<Refusal>;

rules! {
    refuse with Code {
    Malformed = "trusted_twin.body.malformed", "the body must be well-formed JSON text",
        Code::NotJson, body::MALFORMED, PAGE;
    NotUtf8 = "trusted_twin.body.utf8", "the body must be UTF-8",
        Code::NotUtf8,
        Standard { reference: "RFC 8259 section 8.1; the vendor's status page has a subcode of its own for it" },
        PAGE;
    Duplicate = "trusted_twin.body.duplicate", "no member may come twice, at any depth",
        Code::Format, body::DUPLICATE, PAGE;
    TooDeep = "trusted_twin.body.depth", "the body must not be nested deeper than the limit",
        Code::Format, body::DEPTH, PAGE;
    TooLong = "trusted_twin.body.size", "the body must not be longer than the limit",
        Code::TooLarge,
        Standard { reference: "the vendor's status page: bodies over 64 kB are refused; policy `maxBytes`" },
        PAGE;
    NotAnObject = "trusted_twin.body.object", "the body must be a JSON object",
        Code::Format,
        Chosen { reason: "the parameters in the body are named, and only an object has names" },
        PAGE;
    NotAllowed = "trusted_twin.statement", "the statement of the caller's role must allow update_user",
        Code::Forbidden,
        Stated {
            quote: "the \"update_user\" permission must be included in the list of allowed actions in the statement of the User's Role.",
        },
        PAGE;
    UnknownMember = "trusted_twin.unknown_member", "must be name, role or description",
        Code::Format,
        Chosen { reason: "a misspelled member would be lost without a word; policy `unknownMembers`" },
        PAGE;
    ReadOnly = "trusted_twin.read_only", "must not stand in an update, as only the response has it",
        Code::Format,
        Chosen {
            reason: "uuid, account, created_ts and updated_ts are in the page's response and not among its parameters; policy `readOnly`",
        },
        PAGE;
    WrongType = "trusted_twin.type", "must be a string",
        Code::Format,
        Chosen { reason: "the page gives name and role the type string and a null to description alone" },
        PAGE;
    Name = "trusted_twin.name",
        "must match [0-9A-Za-z][0-9A-Za-z_ \\-]{0,30}[0-9A-Za-z], from its first character to its last",
        Code::Format,
        Stated {
            quote: "Name of the User. It must match the regular expression (opens new window) [0-9A-Za-z][0-9A-Za-z_ \\-]{0,30}[0-9A-Za-z].",
        },
        PAGE;
    Role = "trusted_twin.role", "must be a hyphenated UUID",
        Code::Format, Stated { quote: "string body Role UUID." }, PAGE;
    NoSuchRole = "trusted_twin.role.known", "must be a role of the account",
        Code::NotFound,
        Chosen {
            reason: "a role that is not there grants nothing; checked only where the context knows the account's roles",
        },
        PAGE;
    Description = "trusted_twin.description", "must be a dictionary or null",
        Code::Format,
        Stated { quote: "dictionary body Attributes of the User in form of key-value pairs:" },
        PAGE;
    Key = "trusted_twin.description.key", "must match [a-z_][0-9a-z_]{0,63}, from its first character to its last",
        Code::Format,
        Stated { quote: "key: It must match the regular expression (opens new window) [a-z_][0-9a-z_]{0,63}." },
        PAGE;
    }
    decide {
    PATH = "trusted_twin.path",
        "the path names the user by its hyphenated UUID, in either case; the caller reads it and answers where it is none",
        Stated { quote: "string path User UUID." }, PAGE;
    LEFT_UNCHANGED = "trusted_twin.absent",
        "a member that the body does not have is left unchanged; an empty object changes nothing",
        Stated { quote: "Any optional parameters not provided in the request will be left unchanged." }, PAGE;
    EMPTY_BODY = "trusted_twin.body.empty",
        "under policy `emptyBody: unchanged` a body of no bytes changes nothing",
        Chosen {
            reason: "the vendor's published client sends no bytes where it is given no parameters; without the policy a body has to be JSON",
        },
        PAGE;
    REPLACED = "trusted_twin.replaced",
        "a member that the body has replaces the current one",
        Stated { quote: "Any optional parameters provided in the request will replace current parameters." }, PAGE;
    DESCRIPTION_REPLACED = "trusted_twin.description.replaced",
        "a description with attributes replaces the current one whole; nothing is merged",
        Stated {
            quote: "If the \"description\" field with attributes is provided in the request body, the \"description\" field from the request body will replace the current \"description\" field.",
        },
        PAGE;
    DESCRIPTION_EMPTIED = "trusted_twin.description.emptied",
        "a description that is {} removes all attributes and is returned as {}",
        Stated { quote: "The response will return an empty dictionary (\"description\": {})." }, PAGE;
    DESCRIPTION_REMOVED = "trusted_twin.description.removed",
        "a description that is null removes all attributes and is not returned",
        Stated { quote: "The response will not return the \"description\" field." }, PAGE;
    DESCRIPTION_UNTOUCHED = "trusted_twin.description.untouched",
        "without a description in the body the current one stays",
        Stated {
            quote: "If the request body does not contain \"description\", no changes will be made to the \"description\" field.",
        },
        PAGE;
    VALUES_VERBATIM = "trusted_twin.description.value",
        "a value of the description is any JSON value, null and nested objects included, and comes back as it was sent",
        Stated { quote: "value: JSON compliant value." }, PAGE;
    NAME_NOT_UNIQUE = "trusted_twin.name.not_unique",
        "a name may be that of another user",
        Stated { quote: "It does not need to be unique in the context of the Account." }, PAGE;
    UNKNOWN_IGNORED = "trusted_twin.unknown_member.ignored",
        "ignored, as an update does not have it",
        Chosen { reason: "policy `unknownMembers: ignore`, for callers who send more than the page names" }, PAGE;
    UNKNOWN_KEPT = "trusted_twin.unknown_member.kept",
        "under policy `unknownMembers: keep` a member that the page does not name is stored and returned, null too",
        Chosen {
            reason: "the vendor's published client also sends `activity`, which a later page of another endpoint documents",
        },
        PAGE;
    READ_ONLY_IGNORED = "trusted_twin.read_only.ignored",
        "ignored, as only the response has it",
        Chosen { reason: "policies `readOnly: ignore` and `refuseChanged`, for callers who send back what they read" }, PAGE;
    TIMESTAMPS = "trusted_twin.timestamps",
        "updated_ts moves to the time of an update that changes something, in seconds with up to three decimals, cut and never rounded",
        Stated { quote: "Measured in seconds (to three decimal places) that have elapsed since the Unix epoch" }, PAGE;
    UNCHANGED = "trusted_twin.unchanged",
        "a value equal to the current one is no change and passes every rule on values, and updated_ts stays",
        Inferred { reason: "\"Time at which the User was las updated\" tells of updates that left something different" },
        PAGE;
    }
    of body |fault| match fault {
        Fault::TooLong { .. } => Self::TooLong,
        Fault::TooDeep { .. } => Self::TooDeep,
        Fault::Duplicate => Self::Duplicate,
        Fault::NotAnObject => Self::NotAnObject,
        Fault::NotUtf8 => Self::NotUtf8,
        Fault::ByteOrderMark
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
