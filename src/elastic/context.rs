use std::collections::BTreeSet;

use serde::Deserialize;

use crate::engine::{Limits, Timestamp};

/// What the server knows, when, and how the points are decided on which the page is silent.
///
/// `Deserialize` reads it as the JSON object that the command line takes:
/// `{"assignableRoles":[…],"knownRoles":[…],"now":"…","policy":{…}}`.
///
/// ```
/// use user_patch::elastic::Context;
///
/// let mut ctx = Context::default();
/// ctx.assignable_roles = Some(["ece_deployment_viewer".to_owned()].into());
/// ```
#[non_exhaustive]
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Default)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct Context {
    /// The roles that the caller may assign. Default: all that are known where the current user is a platform admin,
    /// else none.
    pub assignable_roles: Option<BTreeSet<String>>,
    /// The roles that there are. Default: [`ROLES`](super::ROLES).
    pub known_roles: Option<BTreeSet<String>>,
    /// The time of the update. Given, `metadata.updated_at` moves to it when something changes.
    pub now: Option<Timestamp>,
    /// The switches.
    pub policy: Policy,
}

/// The points on which a sane server could differ. Each enum's first variant is the default.
#[non_exhaustive]
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct Policy {
    /// The length in bytes above which a body is refused unread. Default: no limit.
    pub max_bytes: Option<usize>,
    /// How deep a body may be nested. Default: 128.
    pub max_depth: u8,
    /// What becomes of members of the user itself that the page does not name.
    pub unknown_members: UnknownMembers,
    /// What becomes of a body that is a JSON string holding JSON.
    pub string_body: StringBody,
    /// Whether roles that exclude each other are refused. Default: yes.
    pub role_combinations: bool,
}

impl Default for Policy {
    fn default() -> Self {
        let Limits { max_bytes, max_depth } = Limits::default();
        Self {
            max_bytes,
            max_depth,
            unknown_members: UnknownMembers::Keep,
            string_body: StringBody::Refuse,
            role_combinations: true,
        }
    }
}

impl Policy {
    /// What a body may measure.
    pub const fn limits(&self) -> Limits {
        Limits { max_bytes: self.max_bytes, max_depth: self.max_depth }
    }
}

/// What becomes of members of the user itself that the page does not name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum UnknownMembers {
    /// They are merged like the others.
    Keep,
    /// The patch is refused.
    Refuse,
}

/// What becomes of a body that is a JSON string holding JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum StringBody {
    /// The patch is refused: it is no object.
    Refuse,
    /// The text in the string is the body.
    Decode,
}
