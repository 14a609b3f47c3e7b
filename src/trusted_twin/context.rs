//! Who asks, when, and how the points are decided on which the page is silent.

use std::{collections::BTreeSet, sync::Arc};

use serde::{Deserialize, Deserializer};
use uuid::Uuid;

use super::patterns::parse_uuid;
use crate::{
    context::{from_object, switch},
    engine::{Limits, Timestamp},
};

/// The operation of the page.
pub(super) const UPDATE_USER: &str = "update_user";

/// Who asks, and when, of which service. Making one for a request copies nothing of the service.
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
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Context {
    /// The roles of the account, and the policy.
    pub service: Arc<Service>,
    /// The statement of the caller's role. Default: it allows `update_user`.
    pub statement: Statement,
    /// The identifier of the request that error replies carry.
    pub trace: Option<String>,
    /// The time of the update. Given, `updated_ts` moves to it when something changes.
    pub now: Option<Timestamp>,
}

/// What is the same for every request to a service.
///
/// ```
/// use std::sync::Arc;
/// use user_patch::trusted_twin::{Context, Patch, Refusal, Service, User, parse_uuid};
///
/// let mut service = Service::default();
/// service.roles = Some(parse_uuid("5b1c7f5a-2d3e-4c7b-9a52-0f6a1e3d9c10").into_iter().collect());
/// let service = Arc::new(service); // Once for all requests.
///
/// let ctx = Context::of(Arc::clone(&service));
/// let user = User::from_json(br#"{"uuid":"f63d5c5c-0c5e-4c1a-9b1e-0d7a2f6f9a11","name":"Operator","role":"5b1c7f5a-2d3e-4c7b-9a52-0f6a1e3d9c10"}"#)?;
/// let patch = Patch::parse(br#"{"role":"00000000-0000-4000-8000-000000000000"}"#, &ctx)?;
/// assert!(patch.check(&user, &ctx).unwrap_err().contains(Refusal::NoSuchRole));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[non_exhaustive]
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Service {
    /// The roles of the account. Default: not known, and the existence of a role is not checked.
    pub roles: Option<BTreeSet<Uuid>>,
    /// The switches.
    pub policy: Policy,
}

impl Context {
    /// The context of a request to this service: allowed, without a trace, at no time.
    pub fn of(service: Arc<Service>) -> Self {
        Self { service, statement: Statement::default(), trace: None, now: None }
    }

    /// The context of a request to a service with this policy, whose roles are not known.
    pub fn with_policy(policy: Policy) -> Self {
        Self::of(Arc::new(Service { roles: None, policy }))
    }

    /// The switches.
    pub fn policy(&self) -> &Policy {
        &self.service.policy
    }
}

impl<'de> Deserialize<'de> for Context {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        /// The context as it is written.
        #[derive(Deserialize, Default)]
        #[serde(default, rename_all = "camelCase", deny_unknown_fields)]
        struct Written {
            #[serde(deserialize_with = "from_object")]
            statement: Statement,
            #[serde(deserialize_with = "uuids")]
            roles: Option<BTreeSet<Uuid>>,
            trace: Option<String>,
            now: Option<Timestamp>,
            #[serde(deserialize_with = "from_object")]
            policy: Policy,
        }

        let Written { statement, roles, trace, now, policy } = from_object(deserializer)?;
        Ok(Self { service: Arc::new(Service { roles, policy }), statement, trace, now })
    }
}

/// The statement of a role: which operations its users may perform.
///
/// ```
/// use user_patch::trusted_twin::{Effect, Statement};
///
/// let statement = Statement { effect: Effect::Allow, actions: vec!["create_user".into()] };
/// assert!(!statement.allows_update());
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Statement {
    /// What the list of actions means.
    pub effect: Effect,
    /// The names of operations. In JSON, null is an empty list: a statement that denies nothing is the vendor's default.
    #[serde(deserialize_with = "actions")]
    pub actions: Vec<String>,
}

fn actions<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    Ok(Option::<Vec<String>>::deserialize(deserializer)?.unwrap_or(Vec::new()))
}

switch! {
    in "trusted_twin";
    /// What the list of actions of a statement means.
    Effect {
        /// The listed operations are allowed, and no other.
        Allow = "allow",
        /// The listed operations are denied, and no other.
        Deny = "deny",
    }
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
///
/// ```
/// use user_patch::trusted_twin::{Context, EmptyBody, Patch, Policy};
///
/// // The vendor's own client sends a body without bytes where there is nothing to update.
/// let mut policy = Policy::default();
/// policy.empty_body = EmptyBody::Unchanged;
/// assert!(Patch::parse(b"", &Context::with_policy(policy))?.is_empty());
/// # Ok::<(), user_patch::trusted_twin::Violations>(())
/// ```
#[non_exhaustive]
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct Policy {
    /// The length in bytes above which a body is refused unread. Default: 65,536.
    pub max_bytes: Option<usize>,
    /// How deep a body may be nested. Default: 128.
    pub max_depth: u8,
    /// What becomes of members that the page does not name.
    pub unknown_members: UnknownMembers,
    /// What becomes of members that only the response has.
    pub read_only: ReadOnly,
    /// What a body of no bytes means.
    pub empty_body: EmptyBody,
    /// How the subcode of an error is written.
    pub subcode: Subcode,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            max_bytes: Some(65_536),
            max_depth: Limits::default().max_depth,
            unknown_members: UnknownMembers::default(),
            read_only: ReadOnly::default(),
            empty_body: EmptyBody::default(),
            subcode: Subcode::default(),
        }
    }
}

impl Policy {
    /// What a body may measure.
    pub const fn limits(&self) -> Limits {
        Limits { max_bytes: self.max_bytes, max_depth: self.max_depth }
    }
}

switch! {
    in "trusted_twin";
    /// What becomes of members that the page does not name.
    UnknownMembers {
        /// The update is refused.
        Refuse = "refuse",
        /// They have no effect, with a notice.
        Ignore = "ignore",
        /// They are stored and returned, a null too.
        Keep = "keep",
    }
}

switch! {
    in "trusted_twin";
    /// What becomes of members that only the response has: `uuid`, `account` and the two times.
    ReadOnly {
        /// The update is refused.
        Refuse = "refuse",
        /// The update is refused where they have another value than the user; else they have no effect, with a notice.
        RefuseChanged = "refuseChanged",
        /// They have no effect, with a notice.
        Ignore = "ignore",
    }
}

switch! {
    in "trusted_twin";
    /// What a body of no bytes means.
    EmptyBody {
        /// The update is refused: it is not JSON.
        Refuse = "refuse",
        /// Nothing changes.
        Unchanged = "unchanged",
    }
}

switch! {
    in "trusted_twin";
    /// How the subcode of an error is written.
    Subcode {
        /// As a string.
        String = "string",
        /// As a number, by which an old client of the vendor finds its exceptions.
        Number = "number",
    }
}

fn uuids<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<BTreeSet<Uuid>>, D::Error> {
    let Some(texts) = Option::<Vec<String>>::deserialize(deserializer)? else { return Ok(None) };
    let roles = texts.iter().map(|text| parse_uuid(text)).collect::<Option<_>>();
    roles.map(Some).ok_or_else(|| serde::de::Error::custom("a role must be a hyphenated UUID"))
}
