//! The rule catalogue: what each rule says and what it rests on.

use super::Refusal;
use crate::report::{
    Basis::{self, Chosen, Inferred, Standard, Stated},
    Effect, Refuses, Rule, rule_body as body,
};

const PAGE: &str = "elastic-update-current-user";

/// Every rule of the room: first those that refuse, then those that decide what an accepted patch does.
pub fn rules() -> impl Iterator<Item = &'static Rule> {
    Refusal::ALL.iter().map(|refusal| refusal.rule()).chain(DECISIONS.iter().copied())
}

const fn refuses(id: &'static str, says: &'static str, basis: Basis) -> Rule {
    Rule { id, says, effect: Effect::Refuses, basis, page: PAGE }
}

const fn decides(id: &'static str, says: &'static str, basis: Basis) -> Rule {
    Rule { id, says, effect: Effect::Decides, basis, page: PAGE }
}

impl Refusal {
    pub(super) const fn entry(self) -> &'static Rule {
        match self {
            Self::Malformed => &const { body::malformed("elastic.body.malformed", PAGE) },
            Self::Duplicate => &const { body::duplicate("elastic.body.duplicate", PAGE) },
            Self::TooDeep => &const { body::depth("elastic.body.depth", PAGE) },
            Self::TooLong => {
                &const {
                    let reason = "the page names no limit, and there is none unless policy `maxBytes` sets one";
                    body::size("elastic.body.size", PAGE, Chosen { reason })
                }
            }
            Self::NotAnObject => {
                &const {
                    let reason = "the page has \"All changes in the specified object\"; by RFC 7386 anything else would replace the whole user; policy `stringBody` for the page's \"string\"";
                    body::object("elastic.body.object", PAGE, reason)
                }
            }
            Self::Builtin => {
                &const {
                    refuses(
                        "elastic.builtin",
                        "a built-in user cannot be modified",
                        Stated { quote: "Built-in users cannot be modified. (code: user.cannot_modify)" },
                    )
                }
            }
            Self::External => {
                &const {
                    refuses(
                        "elastic.external",
                        "a user of another realm than native cannot be modified",
                        Stated { quote: "External users cannot be modified. (code: user.cannot_modify_external)" },
                    )
                }
            }
            Self::Restricted => {
                &const {
                    refuses(
                        "elastic.restricted",
                        "must not have another value after the merge",
                        Stated { quote: "Trying to set a restricted field. (code: user.restricted_field)" },
                    )
                }
            }
            Self::EnabledRestricted => {
                &const {
                    refuses(
                        "elastic.restricted.enabled",
                        "can only be changed by a platform admin",
                        Inferred {
                            reason: "the vendor's manual has the platform admin disable users; the code is that of restricted fields",
                        },
                    )
                }
            }
            Self::RoleUnknown => {
                &const {
                    refuses(
                        "elastic.roles.known",
                        "must be roles of the platform",
                        Stated { quote: "Some of the provided roles are invalid. (code: user.roles.invalid)" },
                    )
                }
            }
            Self::RoleCombination => {
                &const {
                    refuses(
                        "elastic.roles.combination",
                        "ece_platform_admin must stand alone, and ece_deployment_manager without ece_deployment_viewer",
                        Inferred {
                            reason: "the vendor's SDK refuses roles that include each other before it sends them; policy `roleCombinations`",
                        },
                    )
                }
            }
            Self::RoleForbidden => {
                &const {
                    refuses(
                        "elastic.roles.assignable",
                        "must not gain a role that the caller may not assign",
                        Stated { quote: "Some of the provided roles are forbidden. (code: user.roles.forbidden)" },
                    )
                }
            }
            Self::WrongType => {
                &const {
                    refuses(
                        "elastic.type",
                        "must have the JSON type that the page gives",
                        Chosen {
                            reason: "the page types its members, and its closed list of codes has none for another type",
                        },
                    )
                }
            }
            Self::Required => {
                &const {
                    refuses(
                        "elastic.required",
                        "must be there after the merge",
                        Stated { quote: "security object Required" },
                    )
                }
            }
            Self::PasswordTooShort => {
                &const {
                    refuses(
                        "elastic.password.length",
                        "must have at least 8 characters",
                        Standard { reference: "the vendor's manual on user settings; the page has no code for it" },
                    )
                }
            }
            Self::UnknownMember => {
                &const {
                    refuses(
                        "elastic.unknown_member",
                        "must be a member that the page names",
                        Chosen {
                            reason: "the page allows additional properties inside security and metadata and is silent about the user itself; policy `unknownMembers: refuse`",
                        },
                    )
                }
            }
        }
    }
}

const DECISIONS: &[&Rule] = &[
    &MERGE,
    &OMITTED,
    &NULL,
    &UNKNOWN_KEPT,
    &ROLES_REAPPLIED,
    &ROLES_ONCE,
    &PASSWORD_ONCE,
    &UNCHANGED,
    &UPDATED_AT,
    &CODES,
    &FIELDS,
    &NOT_FOUND,
];

const MERGE: Rule = decides(
    "elastic.merge",
    "the body is a JSON Merge Patch (RFC 7386) on the current user; the members that the page names are checked on the result",
    Stated {
        quote: "All changes in the specified object are applied to the current user according to the JSON Merge Patch processing rules.",
    },
);
const OMITTED: Rule = decides(
    "elastic.omitted",
    "a member that the body does not have stays, and one that repeats the current value passes",
    Stated { quote: "Omitting existing fields causes the same values to be reapplied." },
);
pub(super) const NULL: Rule = decides(
    "elastic.null",
    "null sets security.enabled to true and security.roles to [], and removes any other member",
    Stated {
        quote: "Specifying a null value reverts the field to the default value, or removes the field when no default value exists.",
    },
);
const UNKNOWN_KEPT: Rule = decides(
    "elastic.unknown_member.kept",
    "a member that the page does not name is merged like the others, at every level",
    Stated { quote: "Additional properties are allowed." },
);
const ROLES_REAPPLIED: Rule = decides(
    "elastic.roles.reapplied",
    "roles that are the current ones as a set are not checked",
    Stated { quote: "The set of roles assigned to a user" },
);
pub(super) const ROLES_ONCE: Rule = decides(
    "elastic.roles.once",
    "a role given twice is kept once, in the first place",
    Inferred { reason: "the page calls them \"the set of roles\"" },
);
const PASSWORD_ONCE: Rule = decides(
    "elastic.password.once",
    "security.password is handed to the caller once and is in no user, reply or message",
    Stated { quote: "The user's password. Only used when modifying a user." },
);
const UNCHANGED: Rule = decides(
    "elastic.unchanged",
    "a value equal to the current one is no change, and metadata.updated_at stays",
    Chosen {
        reason: "\"The date and time when the user was last updated\" is of use when it tells that something is different",
    },
);
const UPDATED_AT: Rule = decides(
    "elastic.updated_at",
    "metadata.updated_at moves to the time of an update that changes something",
    Stated { quote: "The date and time when the user was last updated" },
);
const CODES: Rule = decides(
    "elastic.codes",
    "the header x-cloud-error-codes has each of the page's codes once, joined by commas; what the page has no code for has one of this library in the body alone",
    Stated { quote: "The error codes associated with the response" },
);
const FIELDS: Rule = decides(
    "elastic.fields",
    "an error lists its members as paths with dots",
    Stated {
        quote: "If the error can be tied to a specific field or fields in the user request, this lists those fields",
    },
);
const NOT_FOUND: Rule = decides(
    "elastic.not_found",
    "where there is no current user the reply is 404, which the caller knows and makes",
    Stated { quote: "User not found. (code: user.not_found)" },
);
