use serde::Deserialize;

use crate::engine::{Limits, Timestamp};

/// Who asks, when, and how the points are decided on which the page is silent.
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
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct Context {
    /// Whether the caller is an admin of the account ("can only be set by admins"). Default: yes.
    pub admin: bool,
    /// The time of the update. Given, `updateTime` moves to it when something changes.
    pub now: Option<Timestamp>,
    /// The switches.
    pub policy: Policy,
}

impl Default for Context {
    fn default() -> Self {
        Self { admin: true, now: None, policy: Policy::default() }
    }
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
    /// Where `role` has to stand.
    pub role: RolePresence,
    /// Which roles there are.
    pub roles: Roles,
    /// What becomes of members that the page does not name.
    pub unknown_members: UnknownMembers,
    /// What becomes of members that the page marks read-only.
    pub read_only: ReadOnly,
    /// Whether the role `custom` must come with a permission preset. Default: yes.
    pub custom_needs_preset: bool,
    /// What becomes of the preset when the role leaves `custom` and the body does not mention the preset.
    pub leaving_custom: LeavingCustom,
    /// Whether `email` and `serviceAccount` may only be repeated, not changed. Default: no.
    pub immutable: bool,
    /// Whether a mask may spell its paths in `camelCase`. Default: yes.
    pub camel_case_mask: bool,
}

impl Default for Policy {
    fn default() -> Self {
        let Limits { max_bytes, max_depth } = Limits::default();
        Self {
            max_bytes,
            max_depth,
            role: RolePresence::InBody,
            roles: Roles::Closed,
            unknown_members: UnknownMembers::Refuse,
            read_only: ReadOnly::Ignore,
            custom_needs_preset: true,
            leaving_custom: LeavingCustom::ClearPreset,
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

/// Where `role`, "required" on the page, has to stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum RolePresence {
    /// In every body that comes without an explicit mask.
    InBody,
    /// Where it is masked.
    WhenMasked,
}

/// Which roles there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Roles {
    /// The five that the page lists.
    Closed,
    /// Any string that is not empty.
    Open,
}

/// What becomes of members that the page does not name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum UnknownMembers {
    /// The patch is refused.
    Refuse,
    /// They have no effect, with a notice.
    Ignore,
}

/// What becomes of members that the page marks read-only.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum ReadOnly {
    /// They have no effect, with a notice.
    Ignore,
    /// The patch is refused.
    Refuse,
}

/// What becomes of the preset when the role leaves `custom`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum LeavingCustom {
    /// It is cleared, with a notice.
    ClearPreset,
    /// The patch is refused.
    Refuse,
}
