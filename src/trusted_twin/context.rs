use std::collections::BTreeSet;

use serde::Deserialize;
use uuid::Uuid;

use crate::engine::{Limits, Timestamp};

/// The operation of the page.
pub(super) const UPDATE_USER: &str = "update_user";

/// Who asks, when, and how the points are decided on which the page is silent.
///
/// `Deserialize` reads it as the JSON object that the command line takes:
/// `{"statement":{"effect":"allow","actions":["update_user"]},"roles":["<uuid>"],"trace":"…","now":1700000000.123,"policy":{…}}`.
///
/// ```
/// use user_patch::trusted_twin::{Context, Effect, Statement};
///
/// let mut ctx = Context::default();
/// ctx.statement = Statement { effect: Effect::Deny, actions: vec!["delete_user".into()] };
/// assert!(ctx.statement.allows_update());
/// ```
#[non_exhaustive]
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Default)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct Context {
    /// The statement of the caller's role. Default: it allows `update_user`.
    pub statement: Statement,
    /// The roles of the account. Default: not known, and the existence of a role is not checked.
    #[serde(deserialize_with = "uuids")]
    pub roles: Option<BTreeSet<Uuid>>,
    /// The identifier of the request that error replies carry.
    pub trace: Option<String>,
    /// The time of the update. Given, `updated_ts` moves to it when something changes.
    pub now: Option<Timestamp>,
    /// The switches.
    pub policy: Policy,
}

/// The statement of a role: which operations its users may perform.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Statement {
    /// What the list of actions means.
    pub effect: Effect,
    /// The names of operations.
    pub actions: Vec<String>,
}

/// What the list of actions of a statement means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Effect {
    /// The listed operations are allowed, and no other.
    Allow,
    /// The listed operations are denied, and no other.
    Deny,
}

impl Statement {
    /// Whether a user with this statement may perform `update_user`.
    pub fn allows_update(&self) -> bool {
        self.actions.iter().any(|action| action == UPDATE_USER) == (self.effect == Effect::Allow)
    }
}

/// The statement that allows `update_user`.
impl Default for Statement {
    fn default() -> Self {
        Self { effect: Effect::Allow, actions: vec![UPDATE_USER.to_owned()] }
    }
}

/// The points on which a sane server could differ.
#[non_exhaustive]
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct Policy {
    /// The length in bytes above which a body is refused unread. Default: 65,536.
    pub max_bytes: Option<usize>,
    /// How deep a body may be nested. Default: 128.
    pub max_depth: u8,
    /// What becomes of members that an update does not have.
    pub unknown_members: UnknownMembers,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            max_bytes: Some(65_536),
            max_depth: Limits::default().max_depth,
            unknown_members: UnknownMembers::Refuse,
        }
    }
}

impl Policy {
    /// What a body may measure.
    pub const fn limits(&self) -> Limits {
        Limits { max_bytes: self.max_bytes, max_depth: self.max_depth }
    }
}

/// What becomes of members that an update does not have, read-only ones among them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum UnknownMembers {
    /// The patch is refused.
    Refuse,
    /// They have no effect, with a notice.
    Ignore,
}

/// Reads a UUID in its hyphenated form, in either case, and in no other form.
///
/// ```
/// use user_patch::trusted_twin::parse_uuid;
///
/// assert!(parse_uuid("5B1C7F5A-2d3e-4c7b-9a52-0f6a1e3d9c10").is_some());
/// assert!(parse_uuid("5b1c7f5a2d3e4c7b9a520f6a1e3d9c10").is_none());
/// ```
pub fn parse_uuid(text: &str) -> Option<Uuid> {
    // Of the forms that `uuid` reads, only the hyphenated one has this length.
    (text.len() == 36).then(|| Uuid::try_parse(text).ok())?
}

fn uuids<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<BTreeSet<Uuid>>, D::Error> {
    let Some(texts) = Option::<Vec<String>>::deserialize(deserializer)? else { return Ok(None) };
    let roles = texts.iter().map(|text| parse_uuid(text)).collect::<Option<_>>();
    roles.map(Some).ok_or_else(|| serde::de::Error::custom("a role must be a hyphenated UUID"))
}
