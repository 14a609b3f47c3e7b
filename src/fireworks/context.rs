//! Who asks, when, and how the points are decided on which the page is silent.

use std::sync::Arc;

use serde::{Deserialize, Deserializer};

use crate::{
    context::{from_object, switch},
    engine::{Limits, Timestamp},
};

/// Who asks, and when, of which service. Making one for a request copies nothing of the service.
///
/// `Deserialize` reads it as the JSON object that the command line takes: `{"admin":true,"now":"…","policy":{…}}`.
///
/// ```
/// use user_patch::fireworks::Context;
///
/// let mut ctx = Context::default();
/// ctx.admin = false;
/// ctx.now = Some("2026-01-01T00:00:00Z".parse()?);
/// # Ok::<(), user_patch::engine::InvalidTimestamp>(())
/// ```
#[non_exhaustive]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Context {
    /// The policy.
    pub service: Arc<Service>,
    /// Whether the caller is an admin of the account ("can only be set by admins"). Default: yes.
    pub admin: bool,
    /// The time of the update. Given, `updateTime` moves to it when something changes.
    pub now: Option<Timestamp>,
}

/// What is the same for every request to a service.
///
/// ```
/// use std::sync::Arc;
/// use user_patch::fireworks::{Context, Policy, Service};
///
/// let mut service = Service::default();
/// service.policy.immutable = true;
/// let service = Arc::new(service); // Once for all requests.
///
/// let mut ctx = Context::of(Arc::clone(&service));
/// ctx.admin = false;
/// assert!(ctx.policy().immutable);
/// ```
#[non_exhaustive]
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Service {
    /// The switches.
    pub policy: Policy,
}

impl Default for Context {
    fn default() -> Self {
        Self::of(Arc::default())
    }
}

impl Context {
    /// The context of a request to this service: by an admin, at no time.
    pub fn of(service: Arc<Service>) -> Self {
        Self { service, admin: true, now: None }
    }

    /// The context of a request to a service with this policy.
    pub fn with_policy(policy: Policy) -> Self {
        Self::of(Arc::new(Service { policy }))
    }

    /// The switches.
    pub fn policy(&self) -> &Policy {
        &self.service.policy
    }
}

impl<'de> Deserialize<'de> for Context {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        /// The context as it is written.
        #[derive(Deserialize)]
        #[serde(default, rename_all = "camelCase", deny_unknown_fields)]
        struct Written {
            admin: bool,
            now: Option<Timestamp>,
            #[serde(deserialize_with = "from_object")]
            policy: Policy,
        }

        impl Default for Written {
            fn default() -> Self {
                Self { admin: true, now: None, policy: Policy::default() }
            }
        }

        let Written { admin, now, policy } = from_object(deserializer)?;
        Ok(Self { service: Arc::new(Service { policy }), admin, now })
    }
}

/// The points on which a sane server could differ.
///
/// ```
/// use user_patch::fireworks::{Context, Patch, Policy, RolePresence, User};
///
/// let user = User::from_json(br#"{"role":"user"}"#)?;
/// let mut policy = Policy::default();
/// policy.role = RolePresence::WhenMasked;
/// let ctx = Context::with_policy(policy);
/// assert!(Patch::parse(br#"{"displayName":"Al"}"#, &ctx)?.check(&user, &ctx).is_ok());
/// assert!(Patch::parse(br#"{"displayName":"Al"}"#, &Context::default())?.check(&user, &Context::default()).is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[non_exhaustive]
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct Policy {
    /// The length in bytes above which a body, with its field mask, is refused unread. Default: 1,048,576.
    pub max_bytes: Option<usize>,
    /// How deep a body may be nested. Default: 128.
    pub max_depth: u8,
    /// Where `role` has to stand.
    pub role: RolePresence,
    /// Which roles there are.
    pub roles: Roles,
    /// What becomes of members that the page does not name.
    pub unknown_members: UnknownMembers,
    /// What becomes of members that the page marks read-only.
    pub read_only: ReadOnly,
    /// Which members an update without an explicit field mask means.
    pub without_mask: WithoutMask,
    /// What becomes, in a reply, of members that have their default value.
    pub empty_members: EmptyMembers,
    /// Whether the role `custom` must come with a permission preset. Default: yes.
    pub custom_needs_preset: bool,
    /// What becomes of the preset when the role changes and the update does not mention the preset.
    pub leaving_custom: LeavingCustom,
    /// Whether `email` and `serviceAccount` may only be repeated, not changed. Default: no.
    pub immutable: bool,
    /// Whether a mask may spell its paths in `camelCase`. Default: yes.
    pub camel_case_mask: bool,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            max_bytes: Some(1_048_576),
            max_depth: Limits::default().max_depth,
            role: RolePresence::default(),
            roles: Roles::default(),
            unknown_members: UnknownMembers::default(),
            read_only: ReadOnly::default(),
            without_mask: WithoutMask::default(),
            empty_members: EmptyMembers::default(),
            custom_needs_preset: true,
            leaving_custom: LeavingCustom::default(),
            immutable: false,
            camel_case_mask: true,
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
    in "fireworks";
    /// Where `role`, "required" on the page, has to stand.
    RolePresence {
        /// In every body that comes without an explicit mask.
        InBody = "inBody",
        /// Where it is masked.
        WhenMasked = "whenMasked",
    }
}

switch! {
    in "fireworks";
    /// Which roles there are.
    Roles {
        /// The five that the page lists.
        Closed = "closed",
        /// Any string that is not empty.
        Open = "open",
    }
}

switch! {
    in "fireworks";
    /// What becomes of members that the page does not name.
    UnknownMembers {
        /// The update is refused.
        Refuse = "refuse",
        /// They have no effect, with a notice.
        Ignore = "ignore",
    }
}

switch! {
    in "fireworks";
    /// What becomes of members that the page marks read-only.
    ReadOnly {
        /// They have no effect, with a notice.
        Ignore = "ignore",
        /// The update is refused.
        Refuse = "refuse",
        /// The update is refused where the body has another value than the user; else they have no effect, with a notice.
        RefuseChanged = "refuseChanged",
    }
}

switch! {
    in "fireworks";
    /// Which members an update without an explicit field mask means.
    WithoutMask {
        /// Those that the body has, null and empty ones too, as a gateway fills in the mask.
        FromBody = "fromBody",
        /// Those that the body has with another value than the default, as AIP-134 implies the mask.
        Populated = "populated",
        /// Every member that an update may set: what the body does not have is cleared.
        Replace = "replace",
    }
}

switch! {
    in "fireworks";
    /// What becomes, in a reply, of members that have their default value.
    EmptyMembers {
        /// They are left out.
        Omit = "omit",
        /// They are written: as `""` or false, the state as `STATE_UNSPECIFIED`, times and the status as null.
        Emit = "emit",
    }
}

switch! {
    in "fireworks";
    /// What becomes of a preset when the role leaves `custom`, or changes over a preset that lies dormant.
    LeavingCustom {
        /// It is cleared, with a notice.
        ClearPreset = "clearPreset",
        /// The update is refused.
        Refuse = "refuse",
    }
}
