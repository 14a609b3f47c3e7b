//! The body of an update: how it is read, and how it is written again.

use std::{fmt, mem};

use zeroize::Zeroizing;

use super::{
    context::{Context, StringBody},
    member::{Fields, Member, Members},
    rules::Violations,
};
use crate::engine::{Document, Fault, Malformed, Pointer, Value};

/// The body of a `PATCH /user`, borrowed: a JSON Merge Patch on the current user.
///
/// `Debug` names the members it mentions, never their values. A patch that has its text as its own wipes it when it is dropped,
/// since it may hold a password; a borrowed one leaves that to whoever has the text.
///
/// ```
/// use user_patch::elastic::{Context, Patch, User};
///
/// let mut user = User::from_json(br#"{"user_name":"ada","security":{"enabled":true},"email":"ada@example.com"}"#)?;
/// let ctx = Context::default();
/// let patch = Patch::parse(br#"{"full_name":"Ada","email":null,"security":{"password":"correct horse"}}"#, &ctx)?;
/// let applied = patch.apply(&mut user, &ctx)?;
///
/// assert_eq!(user.to_json(), r#"{"user_name":"ada","security":{"enabled":true},"full_name":"Ada"}"#);
/// assert_eq!(applied.into_password().unwrap().expose(), "correct horse");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Patch<'a> {
    body: Document<'a>,
    members: Members,
}

impl<'a> Patch<'a> {
    /// Reads a body within the limits of the context.
    ///
    /// # Errors
    /// The one violation of a body that cannot be read as an object. Everything else that is wrong with a body is told by
    /// [`check`](Self::check), together.
    #[inline] // A patch is large enough that a move of it shows.
    pub fn parse(body: &'a [u8], ctx: &Context) -> Result<Self, Violations> {
        let mut patch = Self { body: Document::empty(), members: Members::none() };
        match patch.body.read_object(body, &ctx.policy().limits()) {
            Ok(()) => {}
            Err(wrong) => patch.body = decoded(body, ctx, wrong)?,
        }
        patch.members.note(&patch.body);
        Ok(patch)
    }

    /// The patch that an object is as a body.
    #[inline]
    pub(super) fn of(body: Document<'a>) -> Self {
        let members = Members::of(&body);
        Self { body, members }
    }

    /// The body that the patch stands for, without white space, the members of each object by name. A password that is in it
    /// is in this text.
    pub fn to_json(&self) -> String {
        let mut out = String::with_capacity(self.body.bytes());
        self.body.value().write_sorted(&mut out);
        out
    }

    /// The same patch, with the text as its own.
    pub fn into_owned(mut self) -> Patch<'static> {
        let body = mem::replace(&mut self.body, Document::empty());
        Patch { body: body.into_owned(), members: self.members }
    }

    /// Whether the body mentions nothing.
    pub fn is_empty(&self) -> bool {
        self.body.value().is_empty()
    }

    /// The members that the page names and the body has, null ones too, in the page's order. An object and what is inside of it are members each.
    ///
    /// ```
    /// use user_patch::elastic::{Context, Patch};
    ///
    /// let patch = Patch::parse(br#"{"email":null,"security":{"roles":[]},"x":1}"#, &Context::default())?;
    /// let mentioned: Vec<_> = patch.mentioned().map(|pointer| pointer.to_string()).collect();
    /// assert_eq!(mentioned, ["/security", "/security/roles", "/email"]);
    /// # Ok::<(), user_patch::elastic::Violations>(())
    /// ```
    pub fn mentioned(&self) -> impl Iterator<Item = Pointer> {
        self.fields().documented().map(|(member, _)| member.pointer())
    }

    /// Whether it sets a password, which [`to_json`](Self::to_json) then shows.
    pub fn has_password(&self) -> bool {
        self.get(Member::Password).is_some_and(|password| !password.is_null())
    }

    pub(super) const fn body(&self) -> &Document<'a> {
        &self.body
    }

    /// What the body has for the members.
    #[inline]
    pub(super) fn fields(&self) -> Fields<'_> {
        Fields::of(&self.body, &self.members)
    }

    /// What the body has for a member, be it null.
    #[inline]
    pub(super) fn get(&self, member: Member) -> Option<Value<'_>> {
        self.fields().get(member)
    }

    /// What the body has for `above`, or the body itself, where that is an object.
    pub(super) fn object(&self, above: Option<Member>) -> Option<Value<'_>> {
        self.fields().object(above)
    }
}

/// The second chance of a body that is no object: under the policy, a string that holds one.
#[cold]
fn decoded(body: &[u8], ctx: &Context, wrong: Malformed) -> Result<Document<'static>, Malformed> {
    if wrong.fault() != Fault::NotAnObject || ctx.policy().string_body != StringBody::Decode {
        return Err(wrong);
    }
    let limits = ctx.policy().limits();
    let outer = Document::parse(body, &limits)?;
    let inner = Zeroizing::new(outer.value().as_str().ok_or(wrong)?.into_owned());
    Ok(Document::parse_object(inner.as_bytes(), &limits)?.into_owned())
}

/// A text of its own may hold a password, and is wiped.
impl Drop for Patch<'_> {
    #[inline]
    fn drop(&mut self) {
        self.body.wipe();
    }
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
