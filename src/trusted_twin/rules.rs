//! The rule catalogue: what each rule says and what it rests on.

use super::Refusal;
use crate::report::{
    Basis::{self, Chosen, Inferred, Standard, Stated},
    Effect, Refuses, Rule, rule_body as body,
};

const PAGE: &str = "trusted-twin-update-a-user";

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
            Self::Malformed => &const { body::malformed("trusted_twin.body.malformed", PAGE) },
            Self::NotUtf8 => {
                &const {
                    refuses(
                        "trusted_twin.body.utf8",
                        "the body must be UTF-8",
                        Standard {
                            reference: "RFC 8259 section 8.1; the vendor's status page has a subcode of its own for it",
                        },
                    )
                }
            }
            Self::Duplicate => &const { body::duplicate("trusted_twin.body.duplicate", PAGE) },
            Self::TooDeep => &const { body::depth("trusted_twin.body.depth", PAGE) },
            Self::TooLong => {
                &const {
                    let reference = "the vendor's status page: bodies over 64 kB are refused; policy `maxBytes`";
                    body::size("trusted_twin.body.size", PAGE, Standard { reference })
                }
            }
            Self::NotAnObject => {
                &const {
                    body::object(
                        "trusted_twin.body.object",
                        PAGE,
                        "the parameters in the body are named, and only an object has names",
                    )
                }
            }
            Self::NotAllowed => {
                &const {
                    refuses(
                        "trusted_twin.statement",
                        "the statement of the caller's role must allow update_user",
                        Stated {
                            quote: "the \"update_user\" permission must be included in the list of allowed actions in the statement of the User's Role.",
                        },
                    )
                }
            }
            Self::UnknownMember => {
                &const {
                    refuses(
                        "trusted_twin.unknown_member",
                        "must be name, role or description",
                        Chosen { reason: "a misspelled member would be lost without a word; policy `unknownMembers`" },
                    )
                }
            }
            Self::ReadOnly => {
                &const {
                    refuses(
                        "trusted_twin.read_only",
                        "must not stand in an update, as only the response has it",
                        Chosen {
                            reason: "uuid, account, created_ts and updated_ts are in the page's response and not among its parameters; policy `unknownMembers`",
                        },
                    )
                }
            }
            Self::WrongType => {
                &const {
                    refuses(
                        "trusted_twin.type",
                        "must be a string",
                        Chosen {
                            reason: "the page gives name and role the type string and a null to description alone",
                        },
                    )
                }
            }
            Self::Name => {
                &const {
                    refuses(
                        "trusted_twin.name",
                        "must match [0-9A-Za-z][0-9A-Za-z_ \\-]{0,30}[0-9A-Za-z], from its first character to its last",
                        Stated {
                            quote: "Name of the User. It must match the regular expression (opens new window) [0-9A-Za-z][0-9A-Za-z_ \\-]{0,30}[0-9A-Za-z].",
                        },
                    )
                }
            }
            Self::Role => {
                &const {
                    refuses(
                        "trusted_twin.role",
                        "must be a hyphenated UUID",
                        Stated { quote: "string body Role UUID." },
                    )
                }
            }
            Self::NoSuchRole => {
                &const {
                    refuses(
                        "trusted_twin.role.known",
                        "must be a role of the account",
                        Chosen {
                            reason: "a role that is not there grants nothing; checked only where the context knows the account's roles",
                        },
                    )
                }
            }
            Self::Description => {
                &const {
                    refuses(
                        "trusted_twin.description",
                        "must be a dictionary or null",
                        Stated { quote: "dictionary body Attributes of the User in form of key-value pairs:" },
                    )
                }
            }
            Self::Key => {
                &const {
                    refuses(
                        "trusted_twin.description.key",
                        "must match [a-z_][0-9a-z_]{0,63}, from its first character to its last",
                        Stated {
                            quote: "key: It must match the regular expression (opens new window) [a-z_][0-9a-z_]{0,63}.",
                        },
                    )
                }
            }
        }
    }
}

const DECISIONS: &[&Rule] = &[
    &PATH,
    &LEFT_UNCHANGED,
    &REPLACED,
    &DESCRIPTION_REPLACED,
    &DESCRIPTION_EMPTIED,
    &DESCRIPTION_REMOVED,
    &DESCRIPTION_UNTOUCHED,
    &VALUES_VERBATIM,
    &NAME_NOT_UNIQUE,
    &UNKNOWN_IGNORED,
    &TIMESTAMPS,
    &UNCHANGED,
];

const PATH: Rule = decides(
    "trusted_twin.path",
    "the path names the user by its hyphenated UUID, in either case; the caller reads it and answers where it is none",
    Stated { quote: "string path User UUID." },
);
const LEFT_UNCHANGED: Rule = decides(
    "trusted_twin.absent",
    "a member that the body does not have is left unchanged; an empty body changes nothing",
    Stated { quote: "Any optional parameters not provided in the request will be left unchanged." },
);
const REPLACED: Rule = decides(
    "trusted_twin.replaced",
    "a member that the body has replaces the current one",
    Stated { quote: "Any optional parameters provided in the request will replace current parameters." },
);
const DESCRIPTION_REPLACED: Rule = decides(
    "trusted_twin.description.replaced",
    "a description with attributes replaces the current one whole; nothing is merged",
    Stated {
        quote: "If the \"description\" field with attributes is provided in the request body, the \"description\" field from the request body will replace the current \"description\" field.",
    },
);
const DESCRIPTION_EMPTIED: Rule = decides(
    "trusted_twin.description.emptied",
    "a description that is {} removes all attributes and is returned as {}",
    Stated { quote: "The response will return an empty dictionary (\"description\": {})." },
);
const DESCRIPTION_REMOVED: Rule = decides(
    "trusted_twin.description.removed",
    "a description that is null removes all attributes and is not returned",
    Stated { quote: "The response will not return the \"description\" field." },
);
const DESCRIPTION_UNTOUCHED: Rule = decides(
    "trusted_twin.description.untouched",
    "without a description in the body the current one stays",
    Stated {
        quote: "If the request body does not contain \"description\", no changes will be made to the \"description\" field.",
    },
);
const VALUES_VERBATIM: Rule = decides(
    "trusted_twin.description.value",
    "a value of the description is any JSON value, null and nested objects included, and comes back as it was sent",
    Stated { quote: "value: JSON compliant value." },
);
const NAME_NOT_UNIQUE: Rule = decides(
    "trusted_twin.name.not_unique",
    "a name may be that of another user",
    Stated { quote: "It does not need to be unique in the context of the Account." },
);
pub(super) const UNKNOWN_IGNORED: Rule = decides(
    "trusted_twin.unknown_member.ignored",
    "ignored, as an update does not have it",
    Chosen { reason: "policy `unknownMembers: ignore`, for callers who send back what they read" },
);
const TIMESTAMPS: Rule = decides(
    "trusted_twin.timestamps",
    "updated_ts moves to the time of an update that changes something, in seconds with up to three decimals",
    Stated { quote: "Measured in seconds (to three decimal places) that have elapsed since the Unix epoch" },
);
const UNCHANGED: Rule = decides(
    "trusted_twin.unchanged",
    "a value equal to the current one is no change, and updated_ts stays",
    Inferred { reason: "\"Time at which the User was las updated\" tells of updates that left something different" },
);
