use super::member::Member;
use crate::{
    engine::{Json, Limits, Object, ObjectWriter, Reader},
    report::InvalidUser,
};

/// The longest display name, in Unicode scalar values: the page has "fewer than 64 characters".
pub const DISPLAY_NAME_MAX: usize = 63;

/// A user as the vendor's page describes it: what `GET` and `PATCH` answer.
///
/// A member that the page does not name is kept as it is and written back. A string that is empty and one that is absent
/// are the same, as in every proto3 message, and left out when written.
///
/// ```
/// use user_patch::fireworks::User;
///
/// let user = User::from_json(br#"{"role":"user","displayName":"Alice","x":1.0}"#)?;
/// assert_eq!((user.role(), user.display_name(), user.email()), ("user", "Alice", ""));
/// assert_eq!(user.to_json(), r#"{"role":"user","displayName":"Alice","x":1.0}"#);
/// # Ok::<(), user_patch::report::InvalidUser>(())
/// ```
#[derive(Clone, Default)]
pub struct User {
    pub(super) role: String,
    pub(super) name: String,
    pub(super) display_name: String,
    /// `None` where the stored user does not say; the same as `false`.
    pub(super) service_account: Option<bool>,
    pub(super) create_time: String,
    pub(super) email: String,
    pub(super) state: Option<Json<'static>>,
    pub(super) status: Option<Json<'static>>,
    pub(super) update_time: String,
    pub(super) permission_preset: String,
    pub(super) others: Object,
}

impl User {
    /// Reads a user as the vendor writes it.
    ///
    /// # Errors
    /// Where the text is no strict JSON object, a member that the page describes has another type, `role` ("required" in
    /// the page's response) is missing, or `displayName` is longer than the page allows.
    pub fn from_json(text: &[u8]) -> Result<Self, InvalidUser> {
        let mut user = Self::default();
        let mut wrong = None;
        let mut seen = Vec::new();
        Reader::read_object(text, &Limits::STORED, |name, reader| match Member::named(name) {
            Some(member) if seen.contains(&member) => Err(reader.duplicate()),
            Some(member) => {
                seen.push(member);
                let value = reader.value()?;
                if let Err(expected) = user.read(member, &value) {
                    wrong.get_or_insert(InvalidUser::member(member.pointer(), expected));
                }
                Ok(())
            }
            None => user.others.read_member(name, reader),
        })?;
        match wrong {
            Some(wrong) => Err(wrong),
            None if user.role.is_empty() => {
                Err(InvalidUser::member(Member::Role.pointer(), "must be a string, not empty"))
            }
            None => Ok(user),
        }
    }

    /// Takes a user that a program has built.
    ///
    /// # Errors
    /// As [`from_json`](Self::from_json), or where the value is nested deeper than 128 levels.
    pub fn from_value(value: &serde_json::Value) -> Result<Self, InvalidUser> {
        Self::from_json(Object::try_from(value)?.to_string().as_bytes())
    }

    /// The user as the vendor writes it: the page's members in the page's order, then the others.
    pub fn to_json(&self) -> String {
        let mut out = String::with_capacity(384);
        let mut writer = ObjectWriter::new(&mut out);
        writer.text("role", &self.role);
        writer.text("name", &self.name);
        writer.text("displayName", &self.display_name);
        if let Some(value) = self.service_account {
            writer.plain("serviceAccount").push_str(if value { "true" } else { "false" });
        }
        writer.text("createTime", &self.create_time);
        writer.text("email", &self.email);
        for (name, value) in [("state", &self.state), ("status", &self.status)] {
            if let Some(value) = value {
                writer.plain(name).push_str(value.text());
            }
        }
        writer.text("updateTime", &self.update_time);
        writer.text("permissionPreset", &self.permission_preset);
        self.others.write_members(&mut writer);
        writer.end();
        out
    }

    /// "The user's role: admin, user, contributor, inference-user, or custom."
    pub fn role(&self) -> &str {
        &self.role
    }

    /// The resource name, `accounts/my-account/users/my-user`, or empty.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// "Human-readable display name of the user", or empty.
    pub fn display_name(&self) -> &str {
        &self.display_name
    }

    /// "Whether this user is a service account".
    pub fn service_account(&self) -> bool {
        self.service_account.unwrap_or(false)
    }

    /// "The creation time of the user", RFC 3339, or empty.
    pub fn create_time(&self) -> &str {
        &self.create_time
    }

    /// "The user's email address", or empty.
    pub fn email(&self) -> &str {
        &self.email
    }

    /// "The state of the user", a name or a number.
    pub fn state(&self) -> Option<&Json<'static>> {
        self.state.as_ref()
    }

    /// "Contains information about the user status."
    pub fn status(&self) -> Option<&Json<'static>> {
        self.status.as_ref()
    }

    /// "The update time for the user", RFC 3339, or empty.
    pub fn update_time(&self) -> &str {
        &self.update_time
    }

    /// "The permission preset for this user", or empty.
    pub fn permission_preset(&self) -> &str {
        &self.permission_preset
    }

    /// The members that the page does not name.
    pub fn others(&self) -> &Object {
        &self.others
    }

    /// The text of a member that is a string.
    pub(super) fn text(&self, member: Member) -> &str {
        match member {
            Member::Role => &self.role,
            Member::Name => &self.name,
            Member::DisplayName => &self.display_name,
            Member::CreateTime => &self.create_time,
            Member::Email => &self.email,
            Member::UpdateTime => &self.update_time,
            Member::PermissionPreset => &self.permission_preset,
            Member::ServiceAccount | Member::State | Member::Status => "",
        }
    }

    pub(super) fn text_mut(&mut self, member: Member) -> Option<&mut String> {
        Some(match member {
            Member::Role => &mut self.role,
            Member::Name => &mut self.name,
            Member::DisplayName => &mut self.display_name,
            Member::CreateTime => &mut self.create_time,
            Member::Email => &mut self.email,
            Member::UpdateTime => &mut self.update_time,
            Member::PermissionPreset => &mut self.permission_preset,
            Member::ServiceAccount | Member::State | Member::Status => return None,
        })
    }

    /// The value of a member that is kept as it stands.
    pub(super) fn exact(&self, member: Member) -> Option<&Json<'static>> {
        match member {
            Member::State => self.state.as_ref(),
            Member::Status => self.status.as_ref(),
            _ => None,
        }
    }

    fn read(&mut self, member: Member, value: &Json<'_>) -> Result<(), &'static str> {
        if value.is_null() {
            return Ok(());
        }
        if !member.takes(value) {
            return Err(member.expected());
        }
        match member {
            Member::ServiceAccount => self.service_account = value.as_bool(),
            Member::State => self.state = Some(value.borrowed().compact().into_owned()),
            Member::Status => self.status = Some(value.borrowed().compact().into_owned()),
            _ => {
                let text = value.as_str().unwrap_or_default();
                if member == Member::DisplayName && is_too_long(&text) {
                    return Err("must be fewer than 64 characters long");
                }
                if let Some(place) = self.text_mut(member) {
                    *place = text.into_owned();
                }
            }
        }
        Ok(())
    }
}

/// "Must be fewer than 64 characters long", counted in Unicode scalar values.
pub(super) fn is_too_long(display_name: &str) -> bool {
    display_name.len() > DISPLAY_NAME_MAX && display_name.chars().count() > DISPLAY_NAME_MAX
}

/// A service account that is `false` and one that is absent are the same.
impl PartialEq for User {
    fn eq(&self, other: &Self) -> bool {
        let same = |member| self.text(member) == other.text(member) && self.exact(member) == other.exact(member);
        Member::ALL.into_iter().all(same)
            && self.service_account() == other.service_account()
            && self.others == other.others
    }
}

impl Eq for User {}

/// The user as JSON.
impl std::fmt::Debug for User {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "User({})", self.to_json())
    }
}
