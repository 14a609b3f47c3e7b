use std::borrow::Cow;

use super::{
    Applied, Context, Password, Policy, StringBody, User, Violations,
    check::{is_restricted_in_metadata, is_restricted_in_security, name_at},
    roles::{RoleSet, without_duplicates},
    rules,
};
use crate::{
    engine::{Fault, Field, Json, Kind, Malformed, Node, Object, Pointer, Reader, merge_into, merge_members},
    report::{self, Notice},
};

/// The media types of a body: RFC 7386 registers the second, the vendor's client sends the first.
pub const MEDIA_TYPES: [&str; 2] = ["application/json", "application/merge-patch+json"];

pub(super) const ROLES_AT: Pointer = Pointer::fixed("/security/roles");
pub(super) const ENABLED_AT: Pointer = Pointer::fixed("/security/enabled");
pub(super) const SECURITY: Pointer = Pointer::fixed("/security");

/// The body of a `PATCH /user`, borrowed: a JSON Merge Patch on the current user.
///
/// `Debug` names the members it mentions, never their values.
///
/// ```
/// use user_patch::elastic::{Context, Patch, User};
///
/// let mut user = User::from_json(br#"{"user_name":"ada","security":{"enabled":true},"email":"ada@example.com"}"#)?;
/// let patch = Patch::parse(br#"{"full_name":"Ada","email":null,"security":{"password":"correct horse"}}"#)?;
/// let mut applied = patch.apply(&mut user, &Context::default())?;
///
/// assert_eq!(user.to_json(), r#"{"user_name":"ada","security":{"enabled":true},"full_name":"Ada"}"#);
/// assert_eq!(applied.take_password().unwrap().expose(), "correct horse");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Patch<'a> {
    /// The whole body, an object.
    pub(super) body: Json<'a>,
    pub(super) documented: Documented<'a>,
    /// The members at the top level that the page does not have, in the order of the body.
    pub(super) unknown: Vec<(Box<str>, Json<'a>)>,
}

/// What the body has for the members that a rule looks into.
#[derive(Clone, PartialEq, Eq, Default)]
pub(super) struct Documented<'a> {
    pub user_name: Field<Json<'a>>,
    pub full_name: Field<Json<'a>>,
    pub email: Field<Json<'a>>,
    pub builtin: Field<Json<'a>>,
    pub metadata: Field<Json<'a>>,
    pub security: Field<Json<'a>>,
    pub roles: Field<Json<'a>>,
    /// What `roles` holds, where it is an array of strings.
    pub role_set: Option<RoleSet<'a>>,
    pub enabled: Field<Json<'a>>,
    pub password: Field<Json<'a>>,
    /// Whether `metadata` or `security` has a member that nobody sets by an update.
    pub mentions_restricted: bool,
    /// Whether `security` has a member that is merged as it comes.
    pub has_more_security: bool,
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
        let mut patch = Self::empty();
        match patch.read(body, policy) {
            Ok(()) => Ok(patch),
            Err(wrong) => Self::parse_string(body, policy, wrong),
        }
    }

    /// The second chance of a body that is no object: under the policy, a string that holds one.
    #[cold]
    fn parse_string(body: &[u8], policy: &Policy, wrong: Malformed) -> Result<Self, Violations> {
        if policy.string_body == StringBody::Decode && wrong.fault() == Fault::NotAnObject {
            let text = Json::parse(body, &policy.limits())?;
            if let Some(inner) = text.as_str() {
                let mut patch = Patch::empty();
                patch.read(inner.as_bytes(), policy)?;
                return Ok(patch.into_owned());
            }
        }
        Err(wrong.into())
    }

    /// Fills an empty patch.
    fn read(&mut self, body: &'a [u8], policy: &Policy) -> Result<(), Malformed> {
        let Self { documented, unknown, .. } = self;
        let body = Reader::read_object(body, &policy.limits(), |name, reader| {
            let place = match name {
                "user_name" => &mut documented.user_name,
                "full_name" => &mut documented.full_name,
                "email" => &mut documented.email,
                "builtin" => &mut documented.builtin,
                "metadata" => {
                    let metadata = reader.value_with(|name, reader| {
                        documented.mentions_restricted |= is_restricted_in_metadata(name);
                        reader.value().map(drop)
                    })?;
                    documented.metadata = Field::of(metadata);
                    return Ok(());
                }
                "security" => {
                    let security = reader.value_with(|name, reader| {
                        if name == "roles" {
                            let mut set = Some(RoleSet::default());
                            let roles = reader.value_with_strings(|role| match (role, &mut set) {
                                (Some(role), Some(set)) => set.insert(role),
                                _ => set = None,
                            })?;
                            documented.role_set = set.filter(|_| roles.kind() == Kind::Array);
                            documented.roles = Field::of(roles);
                            return Ok(());
                        }
                        let value = Field::of(reader.value()?);
                        match name {
                            "enabled" => documented.enabled = value,
                            "password" => documented.password = value,
                            other => {
                                documented.has_more_security = true;
                                documented.mentions_restricted |= is_restricted_in_security(other);
                            }
                        }
                        Ok(())
                    })?;
                    documented.security = Field::of(security);
                    return Ok(());
                }
                _ => {
                    unknown.push((name.into(), reader.value()?));
                    return Ok(());
                }
            };
            *place = Field::of(reader.value()?);
            Ok(())
        })?;
        self.body = body;
        Ok(())
    }

    /// The patch that an object is as a body.
    pub(super) fn of_object(body: &Object) -> Patch<'static> {
        let text = body.to_string();
        // What is written here is read without fail.
        let mut patch = Patch::empty();
        let _ = patch.read(text.as_bytes(), &Policy { max_bytes: None, max_depth: u8::MAX, ..Policy::default() });
        patch.into_owned()
    }

    #[inline]
    fn empty() -> Self {
        Self { body: Json::fixed("{}"), documented: Documented::default(), unknown: Vec::new() }
    }

    /// The body that the patch stands for, without white space, the members of each object by name. A password that is in it
    /// is in this text.
    pub fn to_json(&self) -> String {
        Node::of(&self.body).sorted().to_json().to_string()
    }

    /// The same patch, with the text as its own.
    pub fn into_owned(self) -> Patch<'static> {
        let owned = |field: Field<Json<'a>>| field.map(Json::into_owned);
        let Documented {
            user_name,
            full_name,
            email,
            builtin,
            metadata,
            security,
            roles,
            role_set,
            enabled,
            password,
            mentions_restricted,
            has_more_security,
        } = self.documented;
        Patch {
            body: self.body.into_owned(),
            documented: Documented {
                user_name: owned(user_name),
                full_name: owned(full_name),
                email: owned(email),
                builtin: owned(builtin),
                metadata: owned(metadata),
                security: owned(security),
                roles: owned(roles),
                role_set: role_set.map(RoleSet::into_owned),
                enabled: owned(enabled),
                password: owned(password),
                mentions_restricted,
                has_more_security,
            },
            unknown: self.unknown.into_iter().map(|(name, value)| (name, value.into_owned())).collect(),
        }
    }

    /// Whether the update may be done to `user`. Nothing changes.
    ///
    /// # Errors
    /// Every violation, in the order of their pointers.
    pub fn check(&self, user: &User, ctx: &Context) -> Result<(), Violations> {
        Violations::of(self.violations(user, ctx))
    }

    /// What the update would do to `user` unasked, were it accepted.
    pub fn notices(&self, _user: &User, _ctx: &Context) -> Vec<Notice> {
        let mut found = Vec::new();
        if self.has_duplicate_roles() {
            found.push(Notice::new(&rules::ROLES_ONCE, ROLES_AT));
        }
        found
    }

    /// Updates `user`, or leaves it as it was. A member that the user did not have comes last: those that the page names in
    /// its order of them, then the others in the body's.
    ///
    /// # Errors
    /// As [`check`](Self::check).
    pub fn apply(&self, user: &mut User, ctx: &Context) -> Result<Applied, Violations> {
        self.check(user, ctx)?;
        let notices = self.notices(user, ctx);
        let password = self.documented.password.set().and_then(Password::of);
        let changed = self.merge(user);
        // A new password is an update too, though no user shows it.
        if let (Some(now), true) = (ctx.now, password.is_some() || !changed.is_empty()) {
            user.set_updated_at(&now.to_string());
        }
        Ok(Applied::new(report::Applied::new(changed, notices), password))
    }

    /// Changes the document, for a patch that has been checked, and tells where it is different.
    pub(super) fn merge(&self, user: &mut User) -> Vec<Pointer> {
        let mut changed = Vec::new();
        let documented = &self.documented;
        for (place, field) in [
            ("/user_name", &documented.user_name),
            ("/metadata", &documented.metadata),
            ("/full_name", &documented.full_name),
            ("/email", &documented.email),
            ("/builtin", &documented.builtin),
        ] {
            if let Some(value) = field.said() {
                merge_into(&mut user.document, name_at(place), &value, &|| Pointer::fixed(place), &mut changed);
            }
        }
        let unknown = self.unknown.iter().map(|(name, value)| (Cow::Borrowed(&**name), value.borrowed()));
        merge_members(&mut user.document, unknown, &Pointer::root, &mut Some(&mut changed));
        let Some(Node::Object(security)) = user.document.get_mut("security") else { return changed };
        if documented.has_more_security {
            merge_members(security, self.in_security(), &|| SECURITY, &mut Some(&mut changed));
        }
        for (name, value, pointer) in
            [("roles", self.new_roles(), ROLES_AT), ("enabled", self.new_enabled(), ENABLED_AT)]
        {
            let value = match (value, security.get(name)) {
                (New::Same, _) | (New::Default(_), None) => continue,
                (New::Default(value) | New::Value(value), Some(old)) if old.same_as(&value) => continue,
                (New::Default(value) | New::Value(value), _) => value,
            };
            security.set(name, Node::Leaf(value.into_owned()));
            changed.push(pointer);
        }
        // The other facts rest on restricted members, which have the same value after an update.
        if documented.roles.is_present() {
            user.facts.roles = documented.role_set.clone().unwrap_or_default().into_owned();
        }
        if documented.enabled.is_present() {
            user.facts.is_enabled = documented.enabled.set().and_then(Json::as_bool).unwrap_or(true);
        }
        changed
    }

    /// The members that are merged as they come.
    pub(super) fn outside_security(&self) -> impl Iterator<Item = (Cow<'_, str>, Json<'_>)> {
        self.body.members().filter(|(name, _)| name != "security")
    }

    /// The same inside `security`: all but those with a default, and the password, which no document keeps.
    pub(super) fn in_security(&self) -> impl Iterator<Item = (Cow<'_, str>, Json<'_>)> {
        let members = self.documented.security.set().into_iter().flat_map(Json::members);
        members.filter(|(name, _)| !matches!(&**name, "roles" | "enabled" | "password"))
    }

    fn has_duplicate_roles(&self) -> bool {
        self.documented.role_set.as_ref().is_some_and(|roles| roles.has_duplicates)
    }

    fn new_roles(&self) -> New<'_> {
        match &self.documented.roles {
            Field::Absent => New::Same,
            Field::Null => New::Default(Json::fixed("[]")),
            Field::Set(roles) if self.has_duplicate_roles() => New::Value(without_duplicates(roles)),
            Field::Set(roles) => New::Value(roles.borrowed().compact()),
        }
    }

    fn new_enabled(&self) -> New<'_> {
        match &self.documented.enabled {
            Field::Absent => New::Same,
            Field::Null => New::Default(Json::fixed("true")),
            Field::Set(enabled) => New::Value(enabled.borrowed()),
        }
    }
}

/// The stored `security`.
pub(super) fn in_security(user: &User) -> Option<&Object> {
    user.document.get("security").and_then(Node::as_object)
}

/// What a member with a default becomes.
enum New<'v> {
    /// What it was.
    Same,
    /// The default, which need not be written where nothing is.
    Default(Json<'v>),
    /// A value.
    Value(Json<'v>),
}

impl User {
    fn set_updated_at(&mut self, time: &str) {
        let time = Node::Leaf(Json::string(time));
        if let Some(Node::Object(metadata)) = self.document.get_mut("metadata") {
            return metadata.set("updated_at", time);
        }
        let mut metadata = Object::default();
        metadata.push("updated_at", time);
        self.document.set("metadata", Node::Object(metadata));
    }
}

/// The same body, whatever the order of its members.
impl PartialEq for Patch<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.body == other.body
    }
}

impl Eq for Patch<'_> {}

impl std::fmt::Debug for Patch<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Patch")?;
        f.debug_set().entries(self.body.members().map(|(name, _)| name)).finish()
    }
}
