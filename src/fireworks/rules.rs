//! The rule catalogue: what each rule says and what it rests on.

use super::Refusal;
use crate::report::{
    Basis::{self, Chosen, Inferred, Standard, Stated},
    Effect, Refuses, Rule, rule_body as body,
};

/// The newest revision of the page.
const UPDATE: &str = "fireworks-update-user";
/// The older revision, with the status codes.
const OPENAPI: &str = "fireworks-update-user-openapi";
/// The page of the POST that makes a user.
const CREATE: &str = "fireworks-create-user";

/// Every rule of the room: first those that refuse, then those that decide what an accepted patch does.
pub fn rules() -> impl Iterator<Item = &'static Rule> {
    Refusal::ALL.iter().map(|refusal| refusal.rule()).chain(DECISIONS.iter().copied())
}

const fn refuses(id: &'static str, says: &'static str, basis: Basis, page: &'static str) -> Rule {
    Rule { id, says, effect: Effect::Refuses, basis, page }
}

const fn decides(id: &'static str, says: &'static str, basis: Basis, page: &'static str) -> Rule {
    Rule { id, says, effect: Effect::Decides, basis, page }
}

impl Refusal {
    pub(super) const fn entry(self) -> &'static Rule {
        match self {
            Self::Malformed => &const { body::malformed("fireworks.body.malformed", UPDATE) },
            Self::Duplicate => &const { body::duplicate("fireworks.body.duplicate", UPDATE) },
            Self::TooDeep => &const { body::depth("fireworks.body.depth", UPDATE) },
            Self::TooLong => {
                const REASON: &str = "the page names no limit, and there is none unless policy `maxBytes` sets one";
                &const { body::size("fireworks.body.size", UPDATE, Chosen { reason: REASON }) }
            }
            Self::NotAnObject => {
                const REASON: &str =
                    "the body holds \"the properties of the User being updated\", and only an object has properties";
                &const { body::object("fireworks.body.object", UPDATE, REASON) }
            }
            Self::UnknownMember => {
                &const {
                    refuses(
                        "fireworks.unknown_member",
                        "must be a member that the page names",
                        Standard {
                            reference: "ProtoJSON: \"parsers should reject unknown fields by default\"; a gateway decodes the body so; policy `unknownMembers`",
                        },
                        UPDATE,
                    )
                }
            }
            Self::WrongType => {
                &const {
                    refuses(
                        "fireworks.type",
                        "must have the JSON type that the page gives",
                        Standard {
                            reference: "ProtoJSON: the body is decoded as a User before the mask applies, read-only members included",
                        },
                        UPDATE,
                    )
                }
            }
            Self::ReadOnly => {
                &const {
                    refuses(
                        "fireworks.read_only",
                        "must not stand in an update, being read-only",
                        Chosen {
                            reason: "AIP-203 has servers ignore output-only fields; policy `readOnly: refuse` is for callers who want to hear of it",
                        },
                        OPENAPI,
                    )
                }
            }
            Self::Mask => {
                &const {
                    refuses(
                        "fireworks.mask.syntax",
                        "the field mask must be paths joined by commas, or `*` alone",
                        Standard {
                            reference: "google.protobuf.FieldMask, JSON encoding; AIP-161 for `*`; policy `camelCaseMask`",
                        },
                        UPDATE,
                    )
                }
            }
            Self::MaskPath => {
                &const {
                    refuses(
                        "fireworks.mask.path",
                        "a path of the field mask must name a field of the user",
                        Standard {
                            reference: "AIP-161: a field mask path that does not match a field is INVALID_ARGUMENT",
                        },
                        UPDATE,
                    )
                }
            }
            Self::RoleRequired => {
                &const {
                    refuses(
                        "fireworks.role.required",
                        "must be given",
                        Stated { quote: "role string required" },
                        UPDATE,
                    )
                }
            }
            Self::RoleUnknown => {
                &const {
                    refuses(
                        "fireworks.role.known",
                        "must be admin, user, contributor, inference-user or custom",
                        Stated { quote: "The user's role: admin, user, contributor, inference-user, or custom." },
                        UPDATE,
                    )
                }
            }
            Self::DisplayNameTooLong => {
                &const {
                    refuses(
                        "fireworks.display_name.length",
                        "must be fewer than 64 characters long (Unicode scalar values)",
                        Stated { quote: "Must be fewer than 64 characters long." },
                        UPDATE,
                    )
                }
            }
            Self::NotAdmin => {
                &const {
                    refuses(
                        "fireworks.service_account.admin",
                        "can only be changed by admins",
                        Stated { quote: "Whether this user is a service account (can only be set by admins)" },
                        OPENAPI,
                    )
                }
            }
            Self::PresetWithoutCustom => {
                &const {
                    refuses(
                        "fireworks.preset.only_custom",
                        "is only valid when role is custom",
                        Stated { quote: "Only valid when role is \"custom\"." },
                        UPDATE,
                    )
                }
            }
            Self::CustomWithoutPreset => {
                &const {
                    refuses(
                        "fireworks.preset.needed",
                        "must be given for the role custom",
                        Inferred {
                            reason: "\"the user's permissions are governed by permission_preset\": without one nothing governs them; policy `customNeedsPreset`",
                        },
                        UPDATE,
                    )
                }
            }
            Self::PresetLeft => {
                &const {
                    refuses(
                        "fireworks.preset.left",
                        "must be cleared by an update that takes the role away from custom",
                        Chosen {
                            reason: "policy `leavingCustom: refuse`, for callers who want nothing cleared unasked",
                        },
                        UPDATE,
                    )
                }
            }
            Self::Immutable => {
                &const {
                    refuses(
                        "fireworks.immutable",
                        "must not change",
                        Chosen {
                            reason: "the page lists email and serviceAccount among the body's parameters, the vendor's SDK marks them IMMUTABLE; the page wins unless policy `immutable`",
                        },
                        UPDATE,
                    )
                }
            }
            Self::AccountId => {
                &const {
                    refuses(
                        "fireworks.create.account",
                        "the account id must be 1 to 63 of a-z, 0-9 and -, with no hyphen at either end",
                        Standard { reference: "the vendor's concepts page on resource names; AIP-122" },
                        CREATE,
                    )
                }
            }
            Self::UserId => {
                &const {
                    refuses(
                        "fireworks.create.user_id",
                        "the user id must be 1 to 63 of a-z, 0-9 and -, with no hyphen at either end",
                        Standard { reference: "the vendor's concepts page on resource names; AIP-122" },
                        CREATE,
                    )
                }
            }
            Self::NoUserId => {
                &const {
                    refuses(
                        "fireworks.create.user_id_source",
                        "a user id must be given, or an email that one can be made of",
                        Stated { quote: "If not specified, a default ID is generated from user.email." },
                        CREATE,
                    )
                }
            }
        }
    }
}

const DECISIONS: &[&Rule] = &[
    &PATH_NAMES_THE_USER,
    &MASK_DERIVED,
    &MASK_CLEARS,
    &OUTSIDE_MASK,
    &NULL_CLEARS,
    &BOTH_SPELLINGS,
    &READ_ONLY_IGNORED,
    &UNKNOWN_IGNORED,
    &PRESET_CLEARED,
    &NOTHING_SAID,
    &UNCHANGED,
    &USER_ID_DERIVED,
];

pub(super) const PATH_NAMES_THE_USER: Rule = decides(
    "fireworks.path",
    "the path names the user that is updated; a name in the body is read-only",
    Stated { quote: "user.name must be populated with the updated resource's name." },
    UPDATE,
);
pub(super) const MASK_DERIVED: Rule = decides(
    "fireworks.mask.derived",
    "without an explicit field mask, each member of the body is a path of it",
    Standard { reference: "gateway PATCH: an empty update mask is filled in from the body; AIP-134" },
    UPDATE,
);
pub(super) const MASK_CLEARS: Rule = decides(
    "fireworks.mask.clears",
    "a field in an explicit mask that the body does not hold is cleared",
    Standard { reference: "AIP-134, AIP-161: the mask says which fields are set from the request" },
    UPDATE,
);
pub(super) const OUTSIDE_MASK: Rule = decides(
    "fireworks.mask.outside",
    "ignored, as the explicit field mask does not name it",
    Standard { reference: "AIP-134: only the fields in the mask are updated" },
    UPDATE,
);
pub(super) const NULL_CLEARS: Rule = decides(
    "fireworks.null",
    "a member that is null is set to its default: empty, or false; an empty string and an absent one are the same",
    Standard { reference: "ProtoJSON: null is an accepted value for all field types and stands for the default value" },
    UPDATE,
);
pub(super) const BOTH_SPELLINGS: Rule = decides(
    "fireworks.spelling",
    "displayName and display_name are one member; any other case is unknown",
    Standard { reference: "ProtoJSON: parsers accept both the lowerCamelCase name and the original proto field name" },
    UPDATE,
);
pub(super) const READ_ONLY_IGNORED: Rule = decides(
    "fireworks.read_only.ignored",
    "ignored, being read-only",
    Standard {
        reference: "AIP-203: output-only fields in a request are ignored, also in a mask (AIP-161); the older page marks them `readOnly: true`; policy `readOnly`",
    },
    OPENAPI,
);
pub(super) const UNKNOWN_IGNORED: Rule = decides(
    "fireworks.unknown_member.ignored",
    "ignored, as the page does not name it",
    Chosen { reason: "policy `unknownMembers: ignore`, for callers ahead of the page" },
    UPDATE,
);
pub(super) const PRESET_CLEARED: Rule = decides(
    "fireworks.preset.cleared",
    "cleared, as it is only valid for the role custom",
    Inferred {
        reason: "the vendor's command line can set the role and not the preset, so that leaving custom must be possible without naming it; policy `leavingCustom`",
    },
    UPDATE,
);
pub(super) const NOTHING_SAID: Rule = decides(
    "fireworks.nothing",
    "the body mentions no member, so nothing is updated",
    Chosen { reason: "under policy `role: whenMasked` an empty body asks for nothing" },
    UPDATE,
);
pub(super) const UNCHANGED: Rule = decides(
    "fireworks.unchanged",
    "a value equal to the current one is no change, and updateTime stays",
    Chosen { reason: "\"The update time for the user\" is of use when it tells that something is different" },
    UPDATE,
);
pub(super) const USER_ID_DERIVED: Rule = decides(
    "fireworks.create.user_id.derived",
    "the default user id is the local part of the email, lowercased, with a hyphen for each other character, trimmed to the rule of ids",
    Chosen { reason: "the page says from what the id is generated, not how" },
    CREATE,
);
