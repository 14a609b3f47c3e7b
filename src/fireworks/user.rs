//! The stored user.

use std::{borrow::Cow, fmt, mem};

use super::{
    member::{Member, Members},
    set::MemberSet,
};
use crate::{
    engine::{Builder, Document, Edits, Index, Json, Kept, Limits, Name, Value, object_text_of},
    report::InvalidUser,
};

/// A user as the vendor's page describes it: what `GET` and `PATCH` answer.
///
/// It is kept as the text that the vendor answers: the page's members in the page's order and under its names, then the others
/// as they are. A value that is the default of its type and one that is absent are the same, as in every proto3 message, and left out. A stored
/// value may break a rule, since rules arrive later than users; it only has to be of a type that can be read.
///
/// ```
/// use user_patch::fireworks::User;
///
/// let user = User::from_json(br#"{"role":"user","display_name":"Alice","email":"","x":1.0}"#)?;
/// assert_eq!((&*user.role(), &*user.display_name(), &*user.email()), ("user", "Alice", ""));
/// assert_eq!(user.to_json(), r#"{"role":"user","displayName":"Alice","x":1.0}"#);
/// # Ok::<(), user_patch::report::InvalidUser>(())
/// ```
#[derive(Clone)]
pub struct User {
    document: Document<'static>,
    members: Members,
}

impl User {
    /// Reads a user as the vendor writes it. `role`, "required" in the page's response, has to be there; a member that is null
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

    /// A user with this role, which every user has, and with no other member.
    ///
    /// # Errors
    /// As [`from_json`](Self::from_json).
    pub fn new(role: &str) -> Result<Self, InvalidUser> {
        let mut made = Edits::default();
        made.set(&[Member::Role.name()], Json::string(role));
        Self::from_json(made.text(None, &Limits::STORED)?.as_bytes())
    }

    /// The same user with this value at a path of names, in place of what is there; objects on the way come into being. Every
    /// other member stays as it is, to the digit.
    ///
    /// ```
    /// use user_patch::{engine::{Json, Limits}, fireworks::User};
    ///
    /// let badge = Json::parse(b"123456789012345678901234567890", &Limits::default())?; // not a digit is lost
    /// let user = User::new("user")?.with(&["displayName"], "Alice")?.with(&["badge"], badge)?;
    /// assert_eq!(user.to_json(), r#"{"role":"user","displayName":"Alice","badge":123456789012345678901234567890}"#);
    /// assert_eq!(user.without(&["role"]).unwrap_err().to_string(), "not a user: /role must be there");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// As [`from_json`](Self::from_json), or where it would be nested too deep.
    pub fn with<'v>(&self, path: &[&str], value: impl Into<Json<'v>>) -> Result<Self, InvalidUser> {
        Self::from_json(self.document.edited(&Member::spelled(path), Some(value.into()))?.as_bytes())
    }

    /// The same user without what is at a path of names, if anything is.
    ///
    /// # Errors
    /// As [`with`](Self::with): some members every user has.
    pub fn without(&self, path: &[&str]) -> Result<Self, InvalidUser> {
        Self::from_json(self.document.edited(&Member::spelled(path), None)?.as_bytes())
    }

    /// The user that a document is. Where it is written as a user is, the document itself is taken.
    pub(super) fn read(document: &mut Document<'_>) -> Result<Self, InvalidUser> {
        let mut members = Members::new();
        // Whether the members stand under the page's names, and whether they stand in its order, before the others.
        let (mut is_named_so, mut is_in_order, mut last) = (true, true, None);
        for (name, value) in document.value().named() {
            let member = Member::of(name);
            if let Some(member) = member {
                is_named_so &= name.raw() == member.name(); // Which has no escape.
                if !members.note(member as usize, value) {
                    return Err(document.repeated(name).into());
                }
            }
            let place = member.map_or(Member::COUNT, |member| member as usize);
            is_in_order &= last.is_none_or(|last| last <= place);
            last = Some(place);
        }
        let value = |member: Member| members.value(member as usize, document);
        let is_kept = |member: Member, value: Value<'_>| !member.form().is_default(value);
        let mut faults = Vec::new();
        for &member in Member::ALL {
            match value(member).filter(|value| !value.is_null()) {
                Some(value) if !member.form().reads(value) => {
                    faults.push((member.pointer(), member.form().expected_of_stored()));
                }
                value if member == Member::Role && !value.is_some_and(|value| is_kept(member, value)) => {
                    faults.push((member.pointer(), "must be there"));
                }
                Some(value) => is_in_order &= is_kept(member, value),
                None => is_in_order &= value(member).is_none(),
            }
        }
        InvalidUser::of(faults)?;
        if is_named_so && is_in_order && document.is_bare() {
            return Ok(Self { document: mem::replace(document, Document::empty()).into_owned(), members });
        }
        let whole = document.value();
        let named = MemberSet::of_bits(members.bits())
            .filter(|member| value(member).is_some_and(|value| is_kept(member, value)));
        Ok(Self::written(whole.text().len(), named, |out| {
            let mut kept = Kept::of(whole);
            for member in named.iter() {
                match value(member) {
                    Some(value) if is_named_so => kept.keep(value, out),
                    Some(value) => out.member(Name::plain(member.name()), |out| out.copy(value)),
                    None => {}
                }
            }
            let unnamed = whole.named().filter(|&(name, _)| Member::of(name).is_none());
            unnamed.for_each(|(_, value)| kept.keep(value, out));
            kept.flush(out);
        }))
    }

    /// A user of members that are written in the page's order: these, and behind them those that the page does not name.
    pub(super) fn written(bytes: usize, named: MemberSet, write: impl FnOnce(&mut Builder)) -> Self {
        let document = Builder::document(bytes, 0, write);
        Self { members: Members::of_first(named.bits(), document.value()), document }
    }

    /// Changes members in the page's order: `change` sets each, or takes it away. `bytes` is about how much longer the text gets.
    #[inline]
    pub(super) fn change(&mut self, bytes: usize, change: impl FnOnce(&mut dyn FnMut(Member, Option<Value<'_>>))) {
        self.members.change(&mut self.document, bytes, |set| {
            change(&mut |member, value| set(member as usize, member.name(), value));
        });
    }

    /// The user before there is one.
    pub(super) fn nobody() -> Self {
        Self { document: Document::empty(), members: Members::new() }
    }

    /// The user as the vendor writes it: the page's members in the page's order, then the others.
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

    /// "The user's role: admin, user, contributor, inference-user, or custom."
    pub fn role(&self) -> Cow<'_, str> {
        self.text(Member::Role)
    }

    /// The resource name, `accounts/my-account/users/my-user`, or empty.
    pub fn name(&self) -> Cow<'_, str> {
        self.text(Member::Name)
    }

    /// "Human-readable display name of the user", or empty.
    pub fn display_name(&self) -> Cow<'_, str> {
        self.text(Member::DisplayName)
    }

    /// "Whether this user is a service account".
    pub fn service_account(&self) -> bool {
        self.flag(Member::ServiceAccount)
    }

    /// "The creation time of the user", or empty.
    pub fn create_time(&self) -> Cow<'_, str> {
        self.text(Member::CreateTime)
    }

    /// "The user's email address", or empty.
    pub fn email(&self) -> Cow<'_, str> {
        self.text(Member::Email)
    }

    /// "The state of the user", a name or a number, where the stored user has it.
    pub fn state(&self) -> Option<Value<'_>> {
        self.get(Member::State)
    }

    /// "Contains information about the user status": an object, where the stored user has it.
    pub fn status(&self) -> Option<Value<'_>> {
        self.get(Member::Status)
    }

    /// "The update time for the user", or empty.
    pub fn update_time(&self) -> Cow<'_, str> {
        self.text(Member::UpdateTime)
    }

    /// "The permission preset for this user", or empty. It governs nothing unless the role is `custom`.
    pub fn permission_preset(&self) -> Cow<'_, str> {
        self.text(Member::PermissionPreset)
    }

    /// The members that the page does not name.
    pub fn others(&self) -> impl Iterator<Item = (Cow<'_, str>, Value<'_>)> {
        self.unnamed().map(|(name, value)| (name.decoded(), value))
    }

    pub(super) fn unnamed(&self) -> impl Iterator<Item = (Name<'_>, Value<'_>)> {
        // They stand behind the others.
        self.document.value().named().skip(self.has().len())
    }

    /// The members that the page names and the user has.
    #[inline]
    pub(super) const fn has(&self) -> MemberSet {
        MemberSet::of_bits(self.members.bits())
    }

    #[inline]
    pub(super) fn get(&self, member: Member) -> Option<Value<'_>> {
        self.members.value(member as usize, &self.document)
    }

    fn text(&self, member: Member) -> Cow<'_, str> {
        self.get(member).and_then(|value| value.as_str()).unwrap_or(Cow::Borrowed(""))
    }

    /// Absent, it is false.
    pub(super) fn flag(&self, member: Member) -> bool {
        self.get(member).and_then(|value| value.as_bool()) == Some(true)
    }

    /// Whether a member says the same in two users.
    pub(super) fn agrees(&self, other: &Self, member: Member) -> bool {
        self.get(member) == other.get(member)
    }
}

/// A service account that is `false` and one that is absent are the same.
impl PartialEq for User {
    fn eq(&self, other: &Self) -> bool {
        if self.document.text() == other.document.text() {
            return true;
        }
        let theirs = Index::of(other.document.value());
        Member::ALL.iter().all(|&member| self.agrees(other, member))
            && self.unnamed().count() == other.unnamed().count()
            && self.unnamed().all(|(name, value)| theirs.get(name) == Some(value))
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
