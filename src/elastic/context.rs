//! Who asks, when, and how the points are decided on which the page is silent.

use std::{collections::BTreeSet, sync::Arc};

use serde::{Deserialize, Deserializer};

use crate::{
    context::{from_object, switch},
    engine::{Limits, Timestamp},
};

/// Who asks, and when, of which service. Making one for a request copies nothing of the service.
///
/// `Deserialize` reads it as the JSON object that the command line takes:
/// `{"assignableRoles":[…],"knownRoles":[…],"actor":"…","now":"…","policy":{…}}`.
///
/// ```
/// use user_patch::elastic::Context;
///
/// let mut ctx = Context::default();
/// ctx.assignable_roles = Some(["ece_deployment_viewer".to_owned()].into());
/// ctx.actor = Some("ada".to_owned());
/// ```
#[non_exhaustive]
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Context {
    /// The roles that there are, and the policy.
    pub service: Arc<Service>,
    /// The roles that the caller may assign. Default: all that are known where the current user is a platform admin,
    /// else none.
    pub assignable_roles: Option<BTreeSet<String>>,
    /// The identifier of the user that updates. Given, `metadata.updated_by` moves to it when something changes.
    pub actor: Option<String>,
    /// The time of the update. Given, `metadata.updated_at` moves to it when something changes.
    pub now: Option<Timestamp>,
}

/// What is the same for every request to a service.
///
/// ```
/// use std::sync::Arc;
/// use user_patch::elastic::{Context, Patch, Refusal, Service, User};
///
/// let mut service = Service::default();
/// service.known_roles = Some(["ece_platform_admin".to_owned()].into());
/// let service = Arc::new(service); // Once for all requests.
///
/// let ctx = Context::of(Arc::clone(&service));
/// let user = User::from_json(br#"{"user_name":"ada","security":{"roles":["ece_platform_admin"]}}"#)?;
/// let patch = Patch::parse(br#"{"security":{"roles":["ece_platform_viewer"]}}"#, &ctx)?;
/// assert!(patch.check(&user, &ctx).unwrap_err().contains(Refusal::RoleUnknown));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[non_exhaustive]
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Service {
    /// The roles that there are. Default: [`ROLES`](super::ROLES).
    pub known_roles: Option<BTreeSet<String>>,
    /// The switches.
    pub policy: Policy,
}

impl Context {
    /// The context of a request to this service: by nobody, at no time, what may be assigned as the current user tells.
    pub fn of(service: Arc<Service>) -> Self {
        Self { service, assignable_roles: None, actor: None, now: None }
    }

    /// The context of a request to a service with this policy and the roles of [`ROLES`](super::ROLES).
    pub fn with_policy(policy: Policy) -> Self {
        Self::of(Arc::new(Service { known_roles: None, policy }))
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
            assignable_roles: Option<BTreeSet<String>>,
            known_roles: Option<BTreeSet<String>>,
            actor: Option<String>,
            now: Option<Timestamp>,
            #[serde(deserialize_with = "from_object")]
            policy: Policy,
        }

        let Written { assignable_roles, known_roles, actor, now, policy } = from_object(deserializer)?;
        Ok(Self { service: Arc::new(Service { known_roles, policy }), assignable_roles, actor, now })
    }
}

/// The points on which a sane server could differ.
///
/// ```
/// use user_patch::elastic::{Context, Patch, Policy, StringBody};
///
/// // The page has a body of the type "string", which holds the JSON.
/// let mut policy = Policy::default();
/// policy.string_body = StringBody::Decode;
/// let patch = Patch::parse(br#""{\"full_name\":\"Ada\"}""#, &Context::with_policy(policy))?;
/// assert_eq!(patch.to_json(), r#"{"full_name":"Ada"}"#);
/// # Ok::<(), user_patch::elastic::Violations>(())
/// ```
#[non_exhaustive]
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct Policy {
    /// The length in bytes above which a body is refused unread. Default: 1,048,576.
    pub max_bytes: Option<usize>,
    /// How deep a body may be nested. Default: 128.
    pub max_depth: u8,
    /// What becomes of members of the user itself that the page does not name.
    pub unknown_members: UnknownMembers,
    /// What becomes of a body that is a JSON string holding JSON.
    pub string_body: StringBody,
    /// Whether roles that exclude each other are refused. Default: yes.
    pub role_combinations: bool,
    /// What becomes of a member named `password` that is not `security.password`.
    pub misplaced_password: MisplacedPassword,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            max_bytes: Some(1_048_576),
            max_depth: Limits::default().max_depth,
            unknown_members: UnknownMembers::default(),
            string_body: StringBody::default(),
            role_combinations: true,
            misplaced_password: MisplacedPassword::default(),
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
    in "elastic";
    /// What becomes of members of the user itself that the page does not name.
    UnknownMembers {
        /// They are merged like the others.
        Keep = "keep",
        /// The update is refused.
        Refuse = "refuse",
    }
}

switch! {
    in "elastic";
    /// What becomes of a body that is a JSON string holding JSON.
    StringBody {
        /// The update is refused: it is no object.
        Refuse = "refuse",
        /// The text in the string is the body.
        Decode = "decode",
    }
}

switch! {
    in "elastic";
    /// What becomes of a member named `password`, in whatever case and at whatever depth, that is not `security.password`.
    MisplacedPassword {
        /// The update is refused, unless it repeats what is stored or says null.
        Refuse = "refuse",
        /// It is merged like any member that the page does not name: stored and answered in clear. An [`audit`](super::audit)
        /// leaves it out.
        Keep = "keep",
    }
}
