use std::borrow::Cow;

use super::{
    Context, Policy, UnknownMembers, User, Violations,
    check::Purpose,
    member::{InStatus, Member, in_status},
    rules,
};
use crate::{
    engine::{Field, FieldMask, InvalidMask, Json, Malformed, ObjectWriter, Pointer, Reader},
    report::{Applied, Notice, Rule},
};

/// The five roles of the page.
pub const ROLES: [&str; 5] = ["admin", "user", "contributor", "inference-user", CUSTOM];

/// The role whose permissions "are governed by permission_preset".
pub(super) const CUSTOM: &str = "custom";

/// The body of a `PATCH /v1/accounts/{account_id}/users/{user_id}`, borrowed.
///
/// `Debug` names the members it mentions, never their values.
///
/// ```
/// use user_patch::fireworks::{Context, Patch, Refusal, User};
///
/// let mut user = User::from_json(br#"{"role":"user","displayName":"Alice"}"#)?;
/// let ctx = Context::default();
///
/// let patch = Patch::parse(br#"{"role":"custom","permissionPreset":"read-only"}"#)?;
/// let applied = patch.apply(&mut user, &ctx)?;
/// assert_eq!(applied.changed().len(), 2);
///
/// let refused = Patch::parse(br#"{"role":"user","permissionPreset":"read-only"}"#)?.check(&user, &ctx).unwrap_err();
/// assert_eq!(refused.iter().next().unwrap().refusal(), Refusal::PresetWithoutCustom);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Patch<'a> {
    pub(super) role: Field<Json<'a>>,
    pub(super) display_name: Field<Json<'a>>,
    pub(super) service_account: Field<Json<'a>>,
    pub(super) email: Field<Json<'a>>,
    pub(super) permission_preset: Field<Json<'a>>,
    /// The read-only members that the body has, in the order of the page.
    pub(super) read_only: Vec<(Member, Field<Json<'a>>)>,
    /// The members that the page does not name, in the order of their names.
    pub(super) unknown: Vec<(Box<str>, Json<'a>)>,
    /// The explicit mask, or what was wrong with it.
    pub(super) mask: Option<Result<FieldMask, InvalidMask>>,
}

impl<'a> Patch<'a> {
    /// Reads a body under the default policy.
    ///
    /// # Errors
    /// The one violation of a body that cannot be read as an object. Everything else that is wrong with a body is told by
    /// [`check`](Self::check), together.
    #[inline] // A patch is large enough that a move of it shows.
    pub fn parse(body: &'a [u8]) -> Result<Self, Violations> {
        Self::parse_with(body, &Policy::default())
    }

    /// Reads a body within the limits of a policy.
    ///
    /// # Errors
    /// As [`parse`](Self::parse).
    #[inline]
    pub fn parse_with(body: &'a [u8], policy: &Policy) -> Result<Self, Violations> {
        let mut patch = Self::default();
        Reader::read_object(body, &policy.limits(), |name, reader| {
            let place = match name {
                "role" => &mut patch.role,
                "displayName" | "display_name" => &mut patch.display_name,
                "serviceAccount" | "service_account" => &mut patch.service_account,
                "email" => &mut patch.email,
                "permissionPreset" | "permission_preset" => &mut patch.permission_preset,
                _ => return patch.read_other(name, reader),
            };
            if place.is_present() {
                return Err(reader.duplicate());
            }
            *place = Field::of(reader.value()?);
            Ok(())
        })?;
        patch.unknown.sort_by(|(one, _), (other, _)| one.cmp(other));
        Ok(patch)
    }

    /// Reads a member that no update sets: a read-only one, or one that the page does not name.
    fn read_other(&mut self, name: &str, reader: &mut Reader<'a>) -> Result<(), Malformed> {
        let Some(member) = Member::named(name) else {
            self.unknown.push((name.into(), reader.value()?));
            return Ok(());
        };
        if self.field(member).is_present() {
            return Err(reader.duplicate());
        }
        self.set(member, Field::of(reader.value()?));
        Ok(())
    }

    /// The body that the patch stands for, without white space: the page's members in the order of its response and under
    /// its names, then the others by name. An explicit mask is no part of a body.
    pub fn to_json(&self) -> String {
        let mut out = String::new();
        let mut writer = ObjectWriter::new(&mut out);
        for member in Member::ALL {
            match self.field(member) {
                Field::Absent => {}
                Field::Null => writer.json(member.name(), &Json::null()),
                Field::Set(value) => writer.json(member.name(), &value.borrowed().compact()),
            }
        }
        for (name, value) in &self.unknown {
            writer.json(name, &value.borrowed().compact());
        }
        writer.end();
        out
    }

    /// The same patch with an explicit field mask: the `updateMask` of the request. The empty text is no mask, as a gateway
    /// fills in an empty one from the body. What is wrong with a mask is told by [`check`](Self::check).
    #[must_use]
    pub fn with_mask(mut self, mask: &str) -> Self {
        self.mask = match mask {
            "" => None,
            text => Some(text.parse()),
        };
        self
    }

    /// The same patch, with the text as its own.
    pub fn into_owned(self) -> Patch<'static> {
        Patch {
            role: self.role.map(Json::into_owned),
            display_name: self.display_name.map(Json::into_owned),
            service_account: self.service_account.map(Json::into_owned),
            email: self.email.map(Json::into_owned),
            permission_preset: self.permission_preset.map(Json::into_owned),
            read_only: self
                .read_only
                .into_iter()
                .map(|(member, field)| (member, field.map(Json::into_owned)))
                .collect(),
            unknown: self.unknown.into_iter().map(|(name, value)| (name, value.into_owned())).collect(),
            mask: self.mask,
        }
    }

    /// The field mask in effect: the explicit one, else the members of the body.
    ///
    /// # Errors
    /// What is wrong with an explicit mask.
    pub fn mask(&self) -> Result<FieldMask, InvalidMask> {
        self.mask.clone().unwrap_or_else(|| {
            let mentioned = Member::ALL.into_iter().filter(|&member| self.field(member).is_present());
            Ok(FieldMask::derive(mentioned.map(Member::path_in_mask)))
        })
    }

    /// Whether the update may be done to `user`. Nothing changes.
    ///
    /// # Errors
    /// Every violation, in the order of their pointers.
    pub fn check(&self, user: &User, ctx: &Context) -> Result<(), Violations> {
        Violations::of(self.violations(user, ctx, Purpose::Update))
    }

    /// What the update would say to `user` in vain, or do unasked, were it accepted: in the order of the pointers.
    pub fn notices(&self, user: &User, ctx: &Context) -> Vec<Notice> {
        let mut found = Vec::new();
        let mut notice = |rule: &'static Rule, pointer| found.push(Notice::new(rule, pointer));
        for (name, _) in &self.unknown {
            notice(&rules::UNKNOWN_IGNORED, Pointer::root().child(name));
        }
        if let (Some(status), UnknownMembers::Ignore) = (self.field(Member::Status).set(), ctx.policy.unknown_members) {
            for (name, value) in status.members() {
                if let InStatus::Unknown = in_status(&name, &value) {
                    notice(&rules::UNKNOWN_IGNORED, Member::Status.pointer().child(&name));
                }
            }
        }
        for (member, _) in &self.read_only {
            notice(&rules::READ_ONLY_IGNORED, member.pointer());
        }
        if self.mask.is_some() {
            for member in Member::ALL {
                let (mentioned, meant) = (self.field(member).is_present(), self.means(member));
                if member.is_writable() && mentioned && !meant {
                    notice(&rules::OUTSIDE_MASK, member.pointer());
                } else if !member.is_writable() && !mentioned && self.masks_part_of(member) {
                    notice(&rules::READ_ONLY_IGNORED, member.pointer());
                }
            }
        }
        if self.leaves_preset(user) {
            notice(&rules::PRESET_CLEARED, Member::PermissionPreset.pointer());
        }
        if self.says_nothing() {
            notice(&rules::NOTHING_SAID, Pointer::root());
        }
        Notice::sort(&mut found);
        found
    }

    /// Updates `user`, or leaves it as it was.
    ///
    /// # Errors
    /// As [`check`](Self::check).
    pub fn apply(&self, user: &mut User, ctx: &Context) -> Result<Applied, Violations> {
        self.check(user, ctx)?;
        let notices = self.notices(user, ctx);
        let changed = self.write(user);
        if let (Some(now), false) = (ctx.now, changed.is_empty()) {
            user.update_time = now.to_string();
        }
        Ok(Applied::new(changed, notices))
    }

    /// Sets what the patch means, which has been checked, and tells what is different.
    pub(super) fn write(&self, user: &mut User) -> Vec<Pointer> {
        let mut changed = Vec::new();
        let clears_preset = self.leaves_preset(user);
        let mut write = |member: Member, place: &mut String| {
            if let Some(text) = self.new_string(member).filter(|text| **text != **place) {
                *place = text.into_owned();
                changed.push(member.pointer());
            }
        };
        write(Member::DisplayName, &mut user.display_name);
        write(Member::Email, &mut user.email);
        write(Member::PermissionPreset, &mut user.permission_preset);
        write(Member::Role, &mut user.role);
        if clears_preset {
            user.permission_preset.clear();
            changed.push(Member::PermissionPreset.pointer());
        }
        let flag = self.flag(Member::ServiceAccount).filter(|_| self.means(Member::ServiceAccount));
        if flag.is_some_and(|flag| flag != user.service_account()) {
            user.service_account = flag;
            changed.push(Member::ServiceAccount.pointer());
        }
        changed
    }

    /// Whether neither the body nor a mask names anything.
    fn says_nothing(&self) -> bool {
        let is_absent = |member| !self.field(member).is_present();
        self.mask.is_none()
            && self.unknown.is_empty()
            && self.read_only.is_empty()
            && Member::WRITABLE.into_iter().all(is_absent)
    }

    /// Whether the role leaves `custom` while nothing is said of the preset that is there.
    pub(super) fn leaves_preset(&self, user: &User) -> bool {
        user.role() == CUSTOM
            && !user.permission_preset().is_empty()
            && !self.means(Member::PermissionPreset)
            && self.means(Member::Role)
            && self.string(Member::Role).is_some_and(|role| role != CUSTOM)
    }

    /// Whether the update sets this member.
    pub(super) fn means(&self, member: Member) -> bool {
        match &self.mask {
            None => self.field(member).is_present(),
            Some(mask) => mask.as_ref().is_ok_and(|mask| mask.covers(member.path_in_mask())),
        }
    }

    /// Whether the explicit mask names this member or something inside it. `*` means the writable fields alone.
    fn masks_part_of(&self, member: Member) -> bool {
        let Some(Ok(mask)) = &self.mask else { return false };
        mask.paths().any(|path| path.split('.').next() == Some(member.path_in_mask()))
    }

    #[inline]
    pub(super) fn field(&self, member: Member) -> &Field<Json<'a>> {
        match member {
            Member::Role => &self.role,
            Member::DisplayName => &self.display_name,
            Member::ServiceAccount => &self.service_account,
            Member::Email => &self.email,
            Member::PermissionPreset => &self.permission_preset,
            _ => self.read_only.iter().find(|(other, _)| *other == member).map_or(&Field::Absent, |(_, field)| field),
        }
    }

    pub(super) fn set(&mut self, member: Member, field: Field<Json<'a>>) {
        match member {
            Member::Role => self.role = field,
            Member::DisplayName => self.display_name = field,
            Member::ServiceAccount => self.service_account = field,
            Member::Email => self.email = field,
            Member::PermissionPreset => self.permission_preset = field,
            _ => {
                self.read_only.retain(|(other, _)| *other != member);
                if field.is_present() {
                    self.read_only.push((member, field));
                    self.read_only.sort_unstable_by_key(|(member, _)| *member);
                }
            }
        }
    }

    /// The text that a string member is set to, null and absent being the default; none where it has another type.
    pub(super) fn string(&self, member: Member) -> Option<Cow<'_, str>> {
        match self.field(member) {
            Field::Absent | Field::Null => Some(Cow::Borrowed("")),
            Field::Set(value) => value.as_str(),
        }
    }

    /// The text that the update sets a string member to.
    pub(super) fn new_string(&self, member: Member) -> Option<Cow<'_, str>> {
        self.means(member).then(|| self.string(member))?
    }

    /// As [`string`](Self::string), of a boolean.
    pub(super) fn flag(&self, member: Member) -> Option<bool> {
        match self.field(member) {
            Field::Absent | Field::Null => Some(false),
            Field::Set(value) => value.as_bool(),
        }
    }
}

impl std::fmt::Debug for Patch<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let known = Member::ALL.into_iter().filter(|&member| self.field(member).is_present());
        write!(f, "Patch")?;
        f.debug_set().entries(known.map(Member::name)).entries(self.unknown.iter().map(|(name, _)| name)).finish()
    }
}
