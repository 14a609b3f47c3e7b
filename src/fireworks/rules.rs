//! THE catalogue: one entry a rule makes the variant, its words, its code, its basis and its documentation.

use super::code::Code;
use crate::{
    engine::Fault,
    report::{
        Basis::{Chosen, Inferred, Standard, Stated},
        rule_body as body, rules,
    },
};

/// The newest revision of the page.
const UPDATE: &str = "https://docs.fireworks.ai/api-reference/update-user";
/// The older revision, with the status codes.
const OPENAPI: &str = "https://docs.fireworks.ai/api-reference/update-user.md";
/// The page of the POST that makes a user.
const CREATE: &str = "https://docs.fireworks.ai/api-reference/create-user";

/// A reason why an update is refused.
pub type Violation = crate::report::Violation<Refusal>;
/// Every reason why an update is refused.
pub type Violations = crate::report::Violations<Refusal>;

rules! {
    refuse with Code {
    Malformed = "fireworks.body.malformed", "the body must be well-formed JSON text",
        Code::InvalidArgument, body::MALFORMED, UPDATE;
    Duplicate = "fireworks.body.duplicate", "no member may come twice, at any depth",
        Code::InvalidArgument, body::DUPLICATE, UPDATE;
    TooDeep = "fireworks.body.depth", "the body must not be nested deeper than the limit",
        Code::InvalidArgument, body::DEPTH, UPDATE;
    TooLong = "fireworks.body.size", "the body, with its field mask, must not be longer than the limit",
        Code::InvalidArgument,
        Chosen { reason: "the page names no limit, and a reader without one can be stopped by a body; 1,048,576 bytes unless policy `maxBytes` says otherwise" },
        UPDATE;
    NotAnObject = "fireworks.body.object", "the body must be a JSON object",
        Code::InvalidArgument,
        Chosen {
            reason: "the body holds \"the properties of the User being updated\", and only an object has properties",
        },
        UPDATE;
    UnknownMember = "fireworks.unknown_member", "must be a member that the page names",
        Code::InvalidArgument,
        Chosen {
            reason: "a misspelled member would be lost without a word; the gateway's library refuses it where it fills in the mask and discards it under an explicit one, and here both are answered alike; policy `unknownMembers`",
        },
        UPDATE;
    WrongType = "fireworks.type", "must have the JSON type that the page gives",
        Code::InvalidArgument,
        Standard {
            reference: "ProtoJSON: the body is decoded as a User before the mask applies, read-only members included",
        },
        UPDATE;
    ReadOnly = "fireworks.read_only", "must not stand in an update, being read-only",
        Code::InvalidArgument,
        Chosen {
            reason: "AIP-203 has servers ignore output-only fields; policies `readOnly: refuse`, and `refuseChanged` for another value than the user has, are for callers who want to hear of it",
        },
        OPENAPI;
    Mask = "fireworks.mask.syntax", "the field mask must be paths joined by commas, or `*` alone",
        Code::InvalidArgument,
        Standard {
            reference: "google.protobuf.FieldMask, its JSON encoding; AIP-134 and AIP-161 for `*`; policy `camelCaseMask`",
        },
        UPDATE;
    MaskPath = "fireworks.mask.path", "a path of the field mask must name a field of the user",
        Code::InvalidArgument,
        Standard {
            reference: "AIP-161, invalid field mask entries: INVALID_ARGUMENT where an entry points to a value that can not exist; each is judged as it was given, also where another covers it",
        },
        UPDATE;
    RoleRequired = "fireworks.role.required", "must be given",
        Code::InvalidArgument, Stated { quote: "role string required" }, UPDATE;
    RoleUnknown = "fireworks.role.known", "must be admin, user, contributor, inference-user or custom",
        Code::InvalidArgument,
        Stated { quote: "The user's role: admin, user, contributor, inference-user, or custom." },
        UPDATE;
    DisplayNameTooLong = "fireworks.display_name.length",
        "must be fewer than 64 characters long (Unicode scalar values)",
        Code::InvalidArgument, Stated { quote: "Must be fewer than 64 characters long." }, UPDATE;
    NotAdmin = "fireworks.service_account.admin", "can only be changed by admins",
        Code::PermissionDenied,
        Stated { quote: "Whether this user is a service account (can only be set by admins)" },
        OPENAPI;
    PresetWithoutCustom = "fireworks.preset.only_custom", "is only valid when role is custom",
        Code::InvalidArgument, Stated { quote: "Only valid when role is \"custom\"." }, UPDATE;
    CustomWithoutPreset = "fireworks.preset.needed", "must be given for the role custom",
        Code::InvalidArgument,
        Inferred {
            reason: "\"the user's permissions are governed by permission_preset\": without one nothing governs them; policy `customNeedsPreset`",
        },
        UPDATE;
    PresetLeft = "fireworks.preset.left", "must be cleared by an update that changes the role and leaves it behind",
        Code::InvalidArgument,
        Chosen { reason: "policy `leavingCustom: refuse`, for callers who want nothing cleared unasked" },
        UPDATE;
    Immutable = "fireworks.immutable", "must not change",
        Code::InvalidArgument,
        Chosen {
            reason: "the page lists email and serviceAccount among the body's parameters, the vendor's SDK marks them IMMUTABLE; the page wins unless policy `immutable`",
        },
        UPDATE;
    AccountId = "fireworks.create.account",
        "the account id must be 1 to 63 of a-z, 0-9 and -, with no hyphen at either end",
        Code::InvalidArgument,
        Standard { reference: "the vendor's concepts page on resource names; AIP-122" },
        CREATE;
    UserId = "fireworks.create.user_id",
        "the user id must be 1 to 63 of a-z, 0-9 and -, with no hyphen at either end",
        Code::InvalidArgument,
        Standard { reference: "the vendor's concepts page on resource names; AIP-122" },
        CREATE;
    NoUserId = "fireworks.create.user_id_source", "a user id must be given, or an email that one can be made of",
        Code::InvalidArgument,
        Stated { quote: "If not specified, a default ID is generated from user.email." },
        CREATE;
    }
    decide {
    PATH_NAMES_THE_USER = "fireworks.path",
        "the path names the user that is updated; a name in the body is read-only",
        Stated { quote: "user.name must be populated with the updated resource's name." }, UPDATE;
    MASK_DERIVED = "fireworks.mask.derived",
        "without an explicit field mask, each member of the body is a path of it, null and empty ones too",
        Standard {
            reference: "grpc-gateway, runtime/fieldmask.go: an empty update mask of a PATCH is filled in from the body; AIP-134 implies another mask, which is policy `withoutMask: populated`",
        },
        UPDATE;
    MASK_POPULATED = "fireworks.mask.populated",
        "ignored, as null, an empty string and false are in no mask that is implied",
        Standard {
            reference: "AIP-134: an omitted field mask is an implied one of \"all fields that are populated (have a non-empty value)\"; policy `withoutMask: populated`",
        },
        UPDATE;
    MASK_REPLACES = "fireworks.mask.replaces",
        "under policy `withoutMask: replace` an update without an explicit field mask means every member that it may set: what the body does not have is cleared",
        Chosen { reason: "the vendor's SDK warns of it for another resource of the same gateway" }, UPDATE;
    MASK_CLEARS = "fireworks.mask.clears",
        "a field in an explicit mask that the body does not hold is cleared",
        Standard {
            reference: "google.protobuf.FieldMask, field masks in update operations: a field is reset by a mask that has it and a resource in which it has its default",
        },
        UPDATE;
    OUTSIDE_MASK = "fireworks.mask.outside",
        "ignored, as the explicit field mask does not name it",
        Standard { reference: "AIP-134: only the fields in the mask are updated" }, UPDATE;
    NULL_CLEARS = "fireworks.null",
        "a member that is null is set to its default: empty, or false; an empty string and an absent one are the same",
        Standard {
            reference: "ProtoJSON: null is an accepted value for all field types and stands for the default value",
        },
        UPDATE;
    BOTH_SPELLINGS = "fireworks.spelling",
        "displayName and display_name are one member; any other case is unknown",
        Standard {
            reference: "ProtoJSON: parsers accept both the lowerCamelCase name and the original proto field name",
        },
        UPDATE;
    READ_ONLY_IGNORED = "fireworks.read_only.ignored", "ignored, being read-only",
        Standard {
            reference: "AIP-203: output-only fields in a request are ignored, also in a mask (AIP-161); the older page marks them `readOnly: true`; policy `readOnly`",
        },
        OPENAPI;
    UNKNOWN_IGNORED = "fireworks.unknown_member.ignored", "ignored, as the page does not name it",
        Chosen { reason: "policy `unknownMembers: ignore`, for callers ahead of the page" }, UPDATE;
    PRESET_CLEARED = "fireworks.preset.cleared",
        "cleared, as the role changes and it is only valid for the role custom that it was given for",
        Inferred {
            reason: "\"Only valid when role is \"custom\"\" must hold of the result, and a client that sets the role alone, as the vendor's SDK and command line do, must be able to leave; policy `leavingCustom`",
        },
        UPDATE;
    PRESET_DORMANT = "fireworks.preset.dormant",
        "a preset that is stored beside another role than custom counts as none: the role custom does not awake it, and may come with it again",
        Inferred {
            reason: "\"Only valid when role is \"custom\"\": beside another role it governs nothing, and rights must not come back unsaid",
        },
        UPDATE;
    NOTHING_SAID = "fireworks.nothing", "the body mentions no member, so nothing is updated",
        Chosen { reason: "under policy `role: whenMasked` an empty body asks for nothing" }, UPDATE;
    UNCHANGED = "fireworks.unchanged",
        "a value equal to the current one is no change and passes every rule on values, and updateTime stays; role and preset are one value",
        Chosen {
            reason: "clients send back what they read, and rules arrive later than users; \"The update time for the user\" is of use when it tells that something is different",
        },
        UPDATE;
    TIMES = "fireworks.times",
        "updateTime moves to the time of an update that changes something, in UTC with 0, 3, 6 or 9 digits of a second",
        Standard {
            reference: "ProtoJSON, google.protobuf.Timestamp: generated output will always be Z-normalized and uses 0, 3, 6 or 9 fractional digits",
        },
        UPDATE;
    EMPTY_MEMBERS = "fireworks.reply.empty",
        "members with their default value are left out of a reply; under policy `emptyMembers: emit` they are written, times and the status as null",
        Chosen {
            reason: "the page shows every member with a value; ProtoJSON leaves defaults out, and gateways may be set to emit them",
        },
        UPDATE;
    USER_ID_DERIVED = "fireworks.create.user_id.derived",
        "the default user id is the local part of the email, lowercased, with a hyphen for each other character, trimmed to the rule of ids",
        Chosen { reason: "the page says from what the id is generated, not how" }, CREATE;
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
