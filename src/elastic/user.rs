use std::borrow::Cow;

use super::roles::{RoleSet, roles_in};
use crate::{
    engine::{Json, Kind, Limits, Node, Object, Pointer, Timestamp},
    report::InvalidUser,
};

/// A user as the vendor's page describes it: a document, as "Additional properties are allowed".
///
/// The password is "only used when modifying a user": one that stands in the text is dropped while it is read.
///
/// ```
/// use user_patch::elastic::User;
///
/// let user = User::from_json(br#"{"user_name":"ada","security":{"roles":["ece_platform_viewer"]},"badge":007e0}"#);
/// assert!(user.is_err(), "not JSON");
///
/// let user = User::from_json(br#"{"user_name":"ada","security":{"roles":["ece_platform_viewer"]},"badge":7e0}"#)?;
/// assert_eq!(user.user_name(), "ada");
/// assert!(user.is_enabled() && !user.is_platform_admin());
/// assert!(user.to_json().ends_with(r#""badge":7e0}"#));
/// # Ok::<(), user_patch::report::InvalidUser>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct User {
    pub(super) document: Object,
    pub(super) facts: Facts,
}

/// What every check asks of the document: found out once, and again where an update changes it.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Facts {
    /// What `security.roles` holds.
    pub roles: RoleSet<'static>,
    pub is_enabled: bool,
    is_builtin: bool,
    is_external: bool,
}

impl Facts {
    pub fn of(document: &Object) -> Self {
        const NATIVE: Json<'static> = Json::fixed("\"native\"");
        let leaf = |path: &[&str]| document.at(path).and_then(Node::as_leaf);
        let flag = |path: &[&str]| leaf(path).and_then(Json::as_bool);
        let realm = leaf(&["security", "security_realm", "type"]);
        Self {
            roles: leaf(&["security", "roles"]).and_then(RoleSet::of).unwrap_or_default().into_owned(),
            is_enabled: flag(&["security", "enabled"]).unwrap_or(true),
            is_builtin: flag(&["builtin"]).unwrap_or(false),
            is_external: realm.is_some_and(|realm| !realm.is_null() && *realm != NATIVE),
        }
    }
}

/// What the page says of a member.
#[derive(Clone, Copy)]
enum Form {
    String,
    Boolean,
    DateTime,
    Strings,
    Object,
}

impl Form {
    fn fits(self, node: &Node) -> bool {
        match (self, node) {
            (Self::Object, Node::Object(_)) => true,
            (_, Node::Object(_)) => false,
            (_, Node::Leaf(value)) if value.is_null() => true,
            (Self::String, Node::Leaf(value)) => value.kind() == Kind::String,
            (Self::Boolean, Node::Leaf(value)) => value.kind() == Kind::Boolean,
            (Self::DateTime, Node::Leaf(value)) => value.as_str().is_some_and(|text| Timestamp::is_rfc3339(&text)),
            (Self::Strings, Node::Leaf(value)) => {
                value.kind() == Kind::Array && value.strings().all(|string| string.is_some())
            }
            (Self::Object, Node::Leaf(_)) => false,
        }
    }

    const fn expected(self) -> &'static str {
        match self {
            Self::String => "must be a string",
            Self::Boolean => "must be a boolean",
            Self::DateTime => "must be an RFC 3339 date and time",
            Self::Strings => "must be an array of strings",
            Self::Object => "must be an object",
        }
    }
}

/// The members that the page names, with their form.
const FORMS: &[(&[&str], Form)] = &[
    (&["user_name"], Form::String),
    (&["security"], Form::Object),
    (&["security", "roles"], Form::Strings),
    (&["security", "permissions"], Form::Strings),
    (&["security", "elevated_permissions"], Form::Object),
    (&["security", "elevated_permissions", "enabled"], Form::Boolean),
    (&["security", "elevated_permissions", "expires_at"], Form::DateTime),
    (&["security", "enabled"], Form::Boolean),
    (&["security", "security_realm"], Form::Object),
    (&["security", "security_realm", "type"], Form::String),
    (&["security", "security_realm", "id"], Form::String),
    (&["metadata"], Form::Object),
    (&["metadata", "created_by"], Form::String),
    (&["metadata", "created_at"], Form::DateTime),
    (&["metadata", "updated_by"], Form::String),
    (&["metadata", "updated_at"], Form::DateTime),
    (&["metadata", "first_login_at"], Form::DateTime),
    (&["metadata", "last_login_at"], Form::DateTime),
    (&["full_name"], Form::String),
    (&["email"], Form::String),
    (&["builtin"], Form::Boolean),
];

impl User {
    /// Reads a user as the vendor writes it. `user_name` and `security` have to be there ("Required").
    ///
    /// # Errors
    /// Where the text is no strict JSON object, or a member that the page names has another form.
    pub fn from_json(text: &[u8]) -> Result<Self, InvalidUser> {
        Self::of(Object::parse(text, &Limits::STORED)?)
    }

    /// Takes a user that a program has built.
    ///
    /// # Errors
    /// As [`from_json`](Self::from_json), or where the value is nested deeper than 128 levels.
    pub fn from_value(value: &serde_json::Value) -> Result<Self, InvalidUser> {
        Self::of(Object::try_from(value)?)
    }

    fn of(mut document: Object) -> Result<Self, InvalidUser> {
        for (path, form) in FORMS {
            let fits = document.at(path).is_none_or(|node| form.fits(node));
            let is_there = || document.at(path).and_then(Node::as_leaf).is_none_or(|value| !value.is_null());
            let required = matches!(path, ["user_name" | "security"]);
            if !fits || required && !(document.at(path).is_some() && is_there()) {
                let pointer = path.iter().fold(Pointer::root(), |pointer, name| pointer.child(name));
                return Err(InvalidUser::member(pointer, form.expected()));
            }
        }
        if let Some(Node::Object(security)) = document.get_mut("security") {
            security.remove("password");
        }
        Ok(Self { facts: Facts::of(&document), document })
    }

    /// The user as the vendor writes it, the members in the order in which they were read.
    pub fn to_json(&self) -> String {
        let mut out = String::with_capacity(1024);
        self.document.write(&mut out);
        out
    }

    /// The whole document.
    pub fn document(&self) -> &Object {
        &self.document
    }

    /// "The user's identifier".
    pub fn user_name(&self) -> Cow<'_, str> {
        self.text(&["user_name"]).unwrap_or_default()
    }

    /// "The user's optional full name".
    pub fn full_name(&self) -> Option<Cow<'_, str>> {
        self.text(&["full_name"])
    }

    /// "The user's optional email address".
    pub fn email(&self) -> Option<Cow<'_, str>> {
        self.text(&["email"])
    }

    /// "The set of roles assigned to a user".
    pub fn roles(&self) -> impl Iterator<Item = Cow<'_, str>> {
        roles_in(self.leaf(&["security", "roles"]))
    }

    /// "True if the user is enabled", which is the default.
    pub fn is_enabled(&self) -> bool {
        self.facts.is_enabled
    }

    /// "True if the user is a built-in read-only user".
    pub fn is_builtin(&self) -> bool {
        self.facts.is_builtin
    }

    /// "The type of the security realm": `native`, `ldap`, `saml`, or `active_directory`.
    pub fn realm_type(&self) -> Option<Cow<'_, str>> {
        self.text(&["security", "security_realm", "type"])
    }

    /// Whether the user is of another realm than `native`.
    pub fn is_external(&self) -> bool {
        self.facts.is_external
    }

    /// Whether the user holds the role `ece_platform_admin`.
    pub fn is_platform_admin(&self) -> bool {
        self.facts.roles.has_platform_admin()
    }

    pub(super) fn leaf(&self, path: &[&str]) -> Option<&Json<'static>> {
        self.document.at(path).and_then(Node::as_leaf)
    }

    fn text(&self, path: &[&str]) -> Option<Cow<'_, str>> {
        self.leaf(path).and_then(Json::as_str)
    }
}

/// The user as JSON.
impl std::fmt::Debug for User {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "User({})", self.document)
    }
}
