//! The body of an update: how it is read, and how it is written again.

use std::fmt;

use super::{
    context::{Context, EmptyBody},
    member::{Member, Members},
    rules::{Refusal, Violations},
};
use crate::engine::{Builder, Document, Name, Pointer, Value};

/// The body of a `PATCH /users/{user}`, borrowed.
///
/// `Debug` names the members it mentions, never their values.
///
/// ```
/// use user_patch::trusted_twin::{Context, Patch, User};
///
/// let mut user = User::from_json(br#"{"uuid":"f63d5c5c-0c5e-4c1a-9b1e-0d7a2f6f9a11","name":"Operator","role":"5b1c7f5a-2d3e-4c7b-9a52-0f6a1e3d9c10","description":{"a":1,"b":2}}"#)?;
/// let ctx = Context::default();
///
/// // The dictionary is replaced whole, and a null in it is a value.
/// let applied = Patch::parse(br#"{"description":{"a":null}}"#, &ctx)?.apply(&mut user, &ctx)?;
/// assert_eq!(user.description().unwrap().text(), r#"{"a":null}"#);
/// assert_eq!(applied.changed()[0].as_str(), "/description");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Patch<'a> {
    body: Document<'a>,
    members: Members,
    has_unknown: bool,
}

impl<'a> Patch<'a> {
    /// Reads a body within the limits of the context.
    ///
    /// # Errors
    /// That the caller may not update users, before a byte is read; or the one violation of a body that cannot be read as an
    /// object. Everything else that is wrong with a body is told by [`check`](Self::check), together.
    #[inline] // A patch is large enough that a move of it shows.
    pub fn parse(body: &'a [u8], ctx: &Context) -> Result<Self, Violations> {
        if !ctx.statement.allows_update() {
            return Err(Violations::one(Refusal::NotAllowed, Pointer::root()));
        }
        let policy = ctx.policy();
        let mut patch = Self { body: Document::empty(), members: Members::new(), has_unknown: false };
        if body.is_empty() && policy.empty_body == EmptyBody::Unchanged {
            return Ok(patch);
        }
        patch.body.read_object(body, &policy.limits())?;
        patch.note_members();
        Ok(patch)
    }

    /// The patch that an object is as a body.
    pub(super) fn of(body: Document<'a>) -> Self {
        let mut patch = Self { body, members: Members::new(), has_unknown: false };
        patch.note_members();
        patch
    }

    /// Notes where the members of the body are.
    #[inline]
    fn note_members(&mut self) {
        let body = self.body.value();
        for glance in body.glances() {
            match glance.name.map_or_else(|| Member::of(body.name_at(glance.index)), Member::named) {
                Some(member) => _ = self.members.note_at(member as usize, glance.index),
                None => self.has_unknown = true,
            }
        }
    }

    /// The body that the patch stands for, without white space: the page's members in its order, then the others by name.
    pub fn to_json(&self) -> String {
        let document = Builder::document(self.body.text().len(), 0, |out| {
            for &member in Member::ALL {
                if let Some(value) = self.get(member) {
                    out.member(Name::plain(member.name()), |out| out.copy(value));
                }
            }
            let members = self.has_unknown.then(|| self.body.value().sorted());
            for (name, value) in unnamed(members.into_iter().flatten()) {
                out.member(name, |out| out.copy(value));
            }
        });
        document.into_text()
    }

    /// The same patch, with the text as its own.
    pub fn into_owned(self) -> Patch<'static> {
        Patch { body: self.body.into_owned(), members: self.members, has_unknown: self.has_unknown }
    }

    /// Whether the body mentions nothing.
    pub fn is_empty(&self) -> bool {
        self.body.value().is_empty()
    }

    /// The members that the page names and the body has, null ones too, in the page's order.
    ///
    /// ```
    /// use user_patch::trusted_twin::{Context, Patch};
    ///
    /// let patch = Patch::parse(br#"{"description":null,"name":"Operator","x":1}"#, &Context::default())?;
    /// let mentioned: Vec<_> = patch.mentioned().map(|pointer| pointer.to_string()).collect();
    /// assert_eq!(mentioned, ["/name", "/description"]);
    /// # Ok::<(), user_patch::trusted_twin::Violations>(())
    /// ```
    pub fn mentioned(&self) -> impl Iterator<Item = Pointer> {
        self.named().map(|(member, _)| member.pointer())
    }

    pub(super) const fn body(&self) -> &Document<'a> {
        &self.body
    }

    /// What the body has for a member, be it null.
    #[inline]
    pub(super) fn get(&self, member: Member) -> Option<Value<'_>> {
        self.members.value(member as usize, &self.body)
    }

    /// The members that the page names and the body has, in the page's order.
    #[inline]
    pub(super) fn named(&self) -> impl Iterator<Item = (Member, Value<'_>)> {
        self.members.present().filter_map(|number| {
            let member = *Member::ALL.get(number)?;
            Some((member, self.get(member)?))
        })
    }

    /// Whether the body has nothing but members that an update may set.
    #[inline]
    pub(super) const fn says_nothing_in_vain(&self) -> bool {
        !self.has_unknown && self.members.bits() & Member::READ_ONLY == 0
    }

    /// The members that the page does not name.
    pub(super) fn unknown(&self) -> impl Iterator<Item = (Name<'_>, Value<'_>)> {
        let members = self.has_unknown.then(|| self.body.value().named());
        unnamed(members.into_iter().flatten())
    }
}

/// Those members that the page does not name.
fn unnamed<'b>(members: impl Iterator<Item = (Name<'b>, Value<'b>)>) -> impl Iterator<Item = (Name<'b>, Value<'b>)> {
    members.filter(|&(name, _)| Member::of(name).is_none())
}

/// The same body, whatever the order of its members.
impl PartialEq for Patch<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.body == other.body
    }
}

impl Eq for Patch<'_> {}

impl fmt::Debug for Patch<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Patch ")?;
        f.debug_set().entries(self.body.value().members().map(|(name, _)| name)).finish()
    }
}
