//! The stored user.

use std::{borrow::Cow, fmt, mem, sync::OnceLock};

use super::{
    member::{Fields, Form, Member, Members},
    roles::{PlatformRoles, has_platform_admin},
};
use crate::{
    engine::{Builder, Changing, Document, Edits, End, Index, Json, Limits, StringSet, Value, object_text_of},
    report::InvalidUser,
};

/// A user as the vendor's page describes it: a document, as "Additional properties are allowed".
///
/// It is kept as the text that the vendor answers, the members in the order in which they were read. A stored value may break
/// a rule, since rules arrive later than users; it only has to be of a type that can be read. The password is "only used when
/// modifying a user": one that stands in the text is dropped while it is read.
///
/// Two users are equal where they say the same: roles and permissions are sets, a date and time is a moment.
///
/// ```
/// use user_patch::elastic::User;
///
/// let user = User::from_json(br#"{"user_name":"ada","security":{"roles":["ece_platform_viewer"]},"badge":7e0}"#)?;
/// assert_eq!(user.user_name(), "ada");
/// assert!(user.is_enabled() && !user.is_platform_admin());
/// assert!(user.to_json().ends_with(r#""badge":7e0}"#));
///
/// let wrong = User::from_json(br#"{"security":{"roles":"ece_platform_viewer"}}"#).unwrap_err();
/// assert_eq!(wrong.to_string(), "not a user: /security/roles must be an array of strings; /user_name must be there");
/// # Ok::<(), user_patch::report::InvalidUser>(())
/// ```
#[derive(Clone)]
pub struct User {
    document: Document<'static>,
    /// Found out when it is asked for first: what an update makes is often only stored.
    facts: OnceLock<Facts>,
}

/// What every check asks.
#[derive(Clone, Copy)]
struct Facts {
    members: Members,
    is_builtin: bool,
    is_external: bool,
    is_enabled: bool,
    is_platform_admin: bool,
    platform_roles: Option<PlatformRoles>,
}

impl Facts {
    fn of(document: &Document<'_>, members: Members) -> Self {
        let fields = Fields::of(document, &members);
        let flag = |member| fields.get(member).and_then(|value| value.as_bool());
        let realm = fields.get(Member::RealmType).and_then(|realm| realm.as_str());
        Self {
            members,
            is_builtin: flag(Member::Builtin).unwrap_or(false),
            is_external: realm.is_some_and(|realm| realm != "native"),
            is_enabled: flag(Member::Enabled).unwrap_or(true),
            is_platform_admin: has_platform_admin(fields.get(Member::Roles)),
            platform_roles: PlatformRoles::of(fields.get(Member::Roles)),
        }
    }
}

impl User {
    /// Reads a user as the vendor writes it. `user_name` and `security` have to be there ("Required"); a member that is null
    /// is one that is not there.
    ///
    /// # Errors
    /// Where the text is no strict JSON object; else every member that is missing or of another type than the page gives.
    pub fn from_json(text: &[u8]) -> Result<Self, InvalidUser> {
        Self::read(&mut Document::parse_object(text, &Limits::STORED)?)
    }

    /// Takes a user that a program has built.
    ///
    /// # Errors
    /// As [`from_json`](Self::from_json), or where the value is nested deeper than 128 levels.
    pub fn from_value(value: &serde_json::Value) -> Result<Self, InvalidUser> {
        Self::from_json(object_text_of(value)?.as_bytes())
    }

    /// A user of this name with nothing in `security`: these two every user has, and this one no other member.
    ///
    /// # Errors
    /// As [`from_json`](Self::from_json).
    pub fn new(user_name: &str) -> Result<Self, InvalidUser> {
        let mut made = Edits::default();
        made.set(Member::UserName.path(), Json::string(user_name));
        made.set(Member::Security.path(), Json::fixed("{}"));
        Self::from_json(made.text(None, &Limits::STORED)?.as_bytes())
    }

    /// The same user with this value at a path of names, in place of what is there; objects on the way come into being. Every
    /// other member stays as it is, to the digit.
    ///
    /// ```
    /// use user_patch::{elastic::User, engine::{Json, Limits}};
    ///
    /// let badge = Json::parse(b"123456789012345678901234567890", &Limits::default())?; // not a digit is lost
    /// let user = User::new("ada")?.with(&["security", "enabled"], false)?.with(&["metadata", "badge"], badge)?;
    /// assert_eq!(
    ///     user.to_json(),
    ///     r#"{"user_name":"ada","security":{"enabled":false},"metadata":{"badge":123456789012345678901234567890}}"#,
    /// );
    /// assert_eq!(user.without(&["security"]).unwrap_err().to_string(), "not a user: /security must be there");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// As [`from_json`](Self::from_json), or where it would be nested too deep.
    pub fn with<'v>(&self, path: &[&str], value: impl Into<Json<'v>>) -> Result<Self, InvalidUser> {
        Self::from_json(self.document.edited(path, Some(value.into()))?.as_bytes())
    }

    /// The same user without what is at a path of names, if anything is.
    ///
    /// # Errors
    /// As [`with`](Self::with): some members every user has.
    pub fn without(&self, path: &[&str]) -> Result<Self, InvalidUser> {
        Self::from_json(self.document.edited(path, None)?.as_bytes())
    }

    /// The user that a document is. Where it is written as a user is, the document itself is taken.
    pub(super) fn read(document: &mut Document<'_>) -> Result<Self, InvalidUser> {
        let members = Members::of(document);
        let fields = Fields::of(document, &members);
        let mut faults = Vec::new();
        for (member, value) in fields.documented().filter(|(_, value)| !value.is_null()) {
            if member.form() != Form::Secret && !member.form().fits(value) {
                faults.push((member.pointer(), member.form().expected()));
            }
        }
        for &member in Member::ALL.iter().filter(|member| member.is_required()) {
            if fields.get(member).is_none_or(|value| value.is_null()) {
                faults.push((member.pointer(), "must be there"));
            }
        }
        InvalidUser::of(faults)?;
        if fields.get(Member::Password).is_none() && document.is_bare() {
            let facts = OnceLock::from(Facts::of(document, members));
            return Ok(Self { document: mem::replace(document, Document::empty()).into_owned(), facts });
        }
        let written = Builder::document(document.bytes(), document.places(), |out| {
            let is_password = |name| Member::of(Some(Member::Security), name) == Some(Member::Password);
            out.copy_except(
                document.value(),
                |name, _| (Member::of(None, name) == Some(Member::Security)).then_some(()),
                |name, security, (), out| {
                    out.member(name, |out| {
                        out.object(|out| {
                            out.copy_except(security, |name, _| is_password(name).then_some(()), |_, _, (), _| {});
                        });
                    });
                },
            );
        });
        Ok(Self::of(written))
    }

    /// Changes members where they stand, by a change after which it still is a user.
    #[inline]
    pub(super) fn change(&mut self, bytes: usize, entries: usize, change: impl FnOnce(&mut Changing<'_>, End)) {
        self.document.change(bytes, entries, change);
        self.facts = OnceLock::new();
    }

    /// The user that a document is, which is known to be one.
    pub(super) const fn of(document: Document<'static>) -> Self {
        Self { document, facts: OnceLock::new() }
    }

    /// The roles, where they are of the platform and no others.
    #[inline]
    pub(super) fn platform_roles(&self) -> Option<PlatformRoles> {
        self.facts().platform_roles
    }

    #[inline]
    fn facts(&self) -> &Facts {
        self.facts.get_or_init(|| Facts::of(&self.document, Members::of(&self.document)))
    }

    /// The user as the vendor writes it, the members in the order in which they were read.
    pub fn to_json(&self) -> String {
        self.document.text().to_owned()
    }

    /// The text that [`to_json`](Self::to_json) gives, of a user that has been written.
    pub(super) fn into_text(self) -> String {
        self.document.into_text()
    }

    /// The user as the document that [`to_json`](Self::to_json) writes.
    pub const fn document(&self) -> &Document<'static> {
        &self.document
    }

    /// "The user's identifier".
    pub fn user_name(&self) -> Cow<'_, str> {
        self.text(Member::UserName).unwrap_or(Cow::Borrowed(""))
    }

    /// "The user's optional full name".
    pub fn full_name(&self) -> Option<Cow<'_, str>> {
        self.text(Member::FullName)
    }

    /// "The user's optional email address".
    pub fn email(&self) -> Option<Cow<'_, str>> {
        self.text(Member::Email)
    }

    /// "The set of roles assigned to a user": each once.
    pub fn roles(&self) -> impl Iterator<Item = Cow<'_, str>> {
        let mut roles = Vec::new();
        StringSet::of(self.get(Member::Roles)).for_each(|role| roles.push(role.decoded()));
        roles.into_iter()
    }

    /// "True if the user is enabled", which is the default.
    pub fn is_enabled(&self) -> bool {
        self.facts().is_enabled
    }

    /// "True if the user is a built-in read-only user".
    pub fn is_builtin(&self) -> bool {
        self.facts().is_builtin
    }

    /// "The type of the security realm": `native`, `ldap`, `saml`, or `active_directory`.
    pub fn realm_type(&self) -> Option<Cow<'_, str>> {
        self.text(Member::RealmType)
    }

    /// Whether the user is of another realm than `native`.
    pub fn is_external(&self) -> bool {
        self.facts().is_external
    }

    /// Whether the user holds the role `ece_platform_admin`.
    pub fn is_platform_admin(&self) -> bool {
        self.facts().is_platform_admin
    }

    /// What the user has for the members.
    #[inline]
    pub(super) fn fields(&self) -> Fields<'_> {
        Fields::of(&self.document, &self.facts().members)
    }

    #[inline]
    pub(super) fn get(&self, member: Member) -> Option<Value<'_>> {
        self.fields().get(member)
    }

    /// The object that `above` is, or the document itself.
    pub(super) fn object(&self, above: Option<Member>) -> Option<Value<'_>> {
        self.fields().object(above)
    }

    fn text(&self, member: Member) -> Option<Cow<'_, str>> {
        self.get(member)?.as_str()
    }

    /// Whether two users say the same of a member, or altogether.
    pub(super) fn agrees(&self, other: &Self, of: Option<Member>) -> bool {
        match (self.object(of), other.object(of), of) {
            (Some(_), Some(theirs), _) => {
                let theirs = Index::of(theirs);
                Member::children(of).all(|member| self.agrees(other, Some(member)))
                    && self.fields().others(of).count() == other.fields().others(of).count()
                    && self.fields().others(of).all(|(name, value)| theirs.get(name) == Some(value))
            }
            (_, _, Some(member)) => member.agrees(self.get(member), other.get(member)),
            (_, _, None) => false,
        }
    }
}

impl PartialEq for User {
    fn eq(&self, other: &Self) -> bool {
        self.document.text() == other.document.text() || self.agrees(other, None)
    }
}

impl Eq for User {}

/// The members that are there, and no value of them.
impl fmt::Debug for User {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "User ")?;
        f.debug_set().entries(self.document.value().members().map(|(name, _)| name)).finish()
    }
}
