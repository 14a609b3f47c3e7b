//! The stored user.

use std::{borrow::Cow, fmt, mem};

use super::member::{Member, Members};
use crate::{
    engine::{Builder, Document, Edits, Index, Json, Kept, Limits, Name, Value, object_text_of},
    report::InvalidUser,
};

/// A user as the vendor's page describes it in the response.
///
/// It is kept as the text that the vendor answers: the page's members in the page's order, each name as it was spelled, then the others as they are. A
/// stored value may break a rule, since rules arrive later than users; it only has to be of a type that can be read.
///
/// ```
/// use user_patch::trusted_twin::User;
///
/// let text = r#"{"uuid":"f63d5c5c-0c5e-4c1a-9b1e-0d7a2f6f9a11","name":"Backup Operator","role":"5b1c7f5a-2d3e-4c7b-9a52-0f6a1e3d9c10","description":{"quota":1.0}}"#;
/// let user = User::from_json(text.as_bytes())?;
/// assert_eq!(user.description().unwrap().text(), r#"{"quota":1.0}"#);
/// assert_eq!(user.to_json(), text);
/// # Ok::<(), user_patch::report::InvalidUser>(())
/// ```
#[derive(Clone)]
pub struct User {
    document: Document<'static>,
    members: Members,
}

impl User {
    /// Reads a user as the vendor writes it. `uuid` and `role` have to be there; a member that is null is one that is not
    /// there.
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

    /// A user with these two, which every user has, and with no other member.
    ///
    /// # Errors
    /// As [`from_json`](Self::from_json).
    pub fn new(uuid: &str, role: &str) -> Result<Self, InvalidUser> {
        let mut made = Edits::default();
        made.set(&[Member::Uuid.name()], Json::string(uuid));
        made.set(&[Member::Role.name()], Json::string(role));
        Self::from_json(made.text(None, &Limits::STORED)?.as_bytes())
    }

    /// The same user with this value at a path of names, in place of what is there; objects on the way come into being. Every
    /// other member stays as it is, to the digit.
    ///
    /// ```
    /// use user_patch::{engine::{Json, Limits}, trusted_twin::User};
    ///
    /// let quota = Json::parse(b"123456789012345678901234567890", &Limits::default())?; // not a digit is lost
    /// let user = User::new("f63d5c5c-0c5e-4c1a-9b1e-0d7a2f6f9a11", "5b1c7f5a-2d3e-4c7b-9a52-0f6a1e3d9c10")?
    ///     .with(&["name"], "Operator")?
    ///     .with(&["description", "quota"], quota)?;
    /// assert_eq!(user.description().unwrap().text(), r#"{"quota":123456789012345678901234567890}"#);
    /// assert_eq!(user.with(&["name"], 7).unwrap_err().to_string(), "not a user: /name must be a string");
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
        let mut members = Members::new();
        // Whether the members stand in the page's order, before the others, and none is null.
        let (mut is_in_order, mut last) = (true, 0);
        for (name, value) in document.value().named() {
            let member = Member::of(name);
            let place = member.map_or(Member::COUNT, |member| member as usize);
            is_in_order &= last <= place;
            last = place;
            match member {
                Some(_) if value.is_null() => is_in_order = false,
                Some(member) => _ = members.note(member as usize, value),
                None => {}
            }
        }
        let mut faults = Vec::new();
        for &member in Member::ALL {
            let expected = match members.value(member as usize, document) {
                Some(value) if member.form().takes(value) => continue,
                Some(_) => member.form().expected(),
                None if member.is_required() => "must be there",
                None => continue,
            };
            faults.push((member.pointer(), expected));
        }
        InvalidUser::of(faults)?;
        if is_in_order && document.is_bare() {
            return Ok(Self { document: mem::replace(document, Document::empty()).into_owned(), members });
        }
        let whole = document.value();
        Ok(Self::written(whole.text().len(), |out| {
            let mut kept = Kept::of(whole);
            Member::ALL
                .iter()
                .filter_map(|&member| members.value(member as usize, document))
                .chain(unnamed(whole).map(|(_, value)| value))
                .for_each(|value| kept.keep(value, out));
            kept.flush(out);
        }))
    }

    /// A user of members that are written in the page's order.
    pub(super) fn written(bytes: usize, write: impl FnOnce(&mut Builder)) -> Self {
        let document = Builder::document(bytes, 0, write);
        let mut members = Members::new();
        for (name, value) in document.value().named() {
            if let Some(member) = Member::of(name) {
                members.note(member as usize, value);
            }
        }
        Self { document, members }
    }

    /// Changes members in the page's order: `change` sets each, or takes it away. `bytes` is about how much longer the text gets.
    #[inline]
    pub(super) fn change(&mut self, bytes: usize, change: impl FnOnce(&mut dyn FnMut(Member, Option<Value<'_>>))) {
        self.members.change(&mut self.document, bytes, |set| {
            change(&mut |member, value| set(member as usize, member.name(), value));
        });
    }

    /// Takes over the members of a body that the page does not name.
    pub(super) fn overlay(&mut self, body: Value<'_>) {
        let stored = self.document.value();
        *self = Self::written(stored.text().len() + body.text().len(), |out| {
            out.overlay(stored, body, |name| Member::of(name).is_none());
        });
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

    /// "User UUID."
    pub fn uuid(&self) -> Cow<'_, str> {
        self.text(Member::Uuid).unwrap_or(Cow::Borrowed(""))
    }

    /// "Name of the User.", where the stored user has it.
    pub fn name(&self) -> Option<Cow<'_, str>> {
        self.text(Member::Name)
    }

    /// "Account UUID.", where the stored user has it.
    pub fn account(&self) -> Option<Cow<'_, str>> {
        self.text(Member::Account)
    }

    /// "Role UUID."
    pub fn role(&self) -> Cow<'_, str> {
        self.text(Member::Role).unwrap_or(Cow::Borrowed(""))
    }

    /// "Attributes of the User in form of key-value pairs": an object, where there is one.
    pub fn description(&self) -> Option<Value<'_>> {
        self.get(Member::Description)
    }

    /// "Time at which the User was created", a number of seconds.
    pub fn created_ts(&self) -> Option<Value<'_>> {
        self.get(Member::CreatedTs)
    }

    /// Time at which the User was last updated, a number of seconds.
    pub fn updated_ts(&self) -> Option<Value<'_>> {
        self.get(Member::UpdatedTs)
    }

    /// The members that the page does not name.
    pub fn others(&self) -> impl Iterator<Item = (Cow<'_, str>, Value<'_>)> {
        self.unnamed().map(|(name, value)| (name.decoded(), value))
    }

    pub(super) fn unnamed(&self) -> impl Iterator<Item = (Name<'_>, Value<'_>)> {
        unnamed(self.document.value())
    }

    #[inline]
    pub(super) fn get(&self, member: Member) -> Option<Value<'_>> {
        self.members.value(member as usize, &self.document)
    }

    fn text(&self, member: Member) -> Option<Cow<'_, str>> {
        self.get(member)?.as_str()
    }

    /// Whether a member says the same in two users.
    pub(super) fn agrees(&self, other: &Self, member: Member) -> bool {
        match (self.get(member), other.get(member)) {
            (Some(ours), Some(theirs)) => member.form().same(ours, theirs),
            (ours, theirs) => ours.is_none() && theirs.is_none(),
        }
    }
}

/// The members that the page does not name.
fn unnamed(user: Value<'_>) -> impl Iterator<Item = (Name<'_>, Value<'_>)> {
    user.named().filter(|&(name, _)| Member::of(name).is_none())
}

/// UUIDs are equal in whichever case they are written.
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
