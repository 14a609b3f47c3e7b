//! The body of an update: how it is read, and how it is written again.

use std::fmt;

use super::{
    context::{Context, WithoutMask},
    mask::Mask,
    member::Member,
    reading::{Effect, Reading},
    rules::Violations,
    said::Said,
    set::MemberSet,
};
use crate::engine::{Builder, Document, Fault, FieldMask, Index, InvalidMask, Kept, Malformed, Name, Pointer, Value};

/// The body of a `PATCH /v1/accounts/{account_id}/users/{user_id}`, borrowed, with its field mask.
///
/// `Debug` names the members it mentions, never their values.
///
/// ```
/// use user_patch::fireworks::{Context, Patch, Refusal, User};
///
/// let mut user = User::from_json(br#"{"role":"user","displayName":"Alice"}"#)?;
/// let ctx = Context::default();
///
/// let patch = Patch::parse(br#"{"role":"custom","permissionPreset":"read-only"}"#, &ctx)?;
/// let applied = patch.apply(&mut user, &ctx)?;
/// assert_eq!(applied.changed().len(), 2);
///
/// let refused = Patch::parse(br#"{"role":"user","permissionPreset":"read-only"}"#, &ctx)?.check(&user, &ctx).unwrap_err();
/// assert!(refused.contains(Refusal::PresetWithoutCustom));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Patch<'a> {
    body: Document<'a>,
    said: Said,
    has_unknown: bool,
    mask: Option<Box<Mask>>,
    /// What the patch means where it has no mask, as the context of its reading says.
    without_mask: WithoutMask,
}

impl<'a> Patch<'a> {
    /// Reads a body within the limits of the context.
    ///
    /// # Errors
    /// The one violation of a body that cannot be read as an object. Everything else that is wrong with a body is told by
    /// [`check`](Self::check), together.
    #[inline] // A patch is large enough that a move of it shows.
    pub fn parse(body: &'a [u8], ctx: &Context) -> Result<Self, Violations> {
        let policy = ctx.policy();
        let mut patch = Self::empty(None, policy.without_mask);
        patch.body.read_object(body, &policy.limits())?;
        patch.note_members()?;
        Ok(patch)
    }

    /// Reads a body with an explicit field mask, the `updateMask` of the request, within the limits of the context: the mask
    /// counts as the body does. The empty text is no mask, as a gateway fills in an empty one from the body. What is wrong
    /// with a mask is told by [`check`](Self::check).
    ///
    /// ```
    /// use user_patch::fireworks::{Context, Patch, User};
    ///
    /// let mut user = User::from_json(br#"{"role":"user","displayName":"Alice","email":"a@example.com"}"#)?;
    /// let ctx = Context::default();
    ///
    /// // A member that the mask names and the body lacks is cleared.
    /// let patch = Patch::parse_masked(br#"{"email":"b@example.com"}"#, "display_name,email", &ctx)?;
    /// let _ = patch.apply(&mut user, &ctx)?;
    /// assert_eq!(user.to_json(), r#"{"role":"user","email":"b@example.com"}"#);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// As [`parse`](Self::parse).
    pub fn parse_masked(body: &'a [u8], mask: &str, ctx: &Context) -> Result<Self, Violations> {
        let limit = ctx.policy().limits().bytes();
        if body.len().saturating_add(mask.len()) > limit {
            return Err(Malformed::at(Fault::TooLong { limit }, &[], 0).into());
        }
        Ok(Self { mask: Mask::read(mask), ..Self::parse(body, ctx)? })
    }

    #[inline]
    fn empty(mask: Option<Box<Mask>>, without_mask: WithoutMask) -> Self {
        Self { body: Document::empty(), said: Said::nothing(), has_unknown: false, mask, without_mask }
    }

    /// The patch of a body that has been built, which has no member under both of its names.
    pub(super) fn built(body: Document<'a>, mask: Option<Box<Mask>>, without_mask: WithoutMask) -> Self {
        let mut patch = Self { body, ..Self::empty(mask, without_mask) };
        for (name, value) in patch.body.value().named() {
            match Member::of(name) {
                Some(member) => _ = patch.said.note(member, value),
                None => patch.has_unknown = true,
            }
        }
        patch
    }

    /// Notes where the members of the body are. Its two names are one member.
    #[inline]
    fn note_members(&mut self) -> Result<(), Malformed> {
        for (name, value) in self.body.value().named() {
            match Member::of(name) {
                Some(member) if self.said.note(member, value) => {}
                Some(_) => return Err(self.body.repeated(name)),
                None => self.has_unknown = true,
            }
        }
        Ok(())
    }

    /// The body that the patch stands for, without white space: the page's members in the order of its response and under
    /// its names, then the others as they come. An explicit mask is no part of a body.
    pub fn to_json(&self) -> String {
        let document = Builder::document(self.body.text().len(), 0, |out| {
            for (member, value) in self.values(self.said.mentioned()) {
                out.member(Name::plain(member.name()), |out| out.copy(value));
            }
            let mut kept = Kept::of(self.body.value());
            self.unknown().for_each(|(_, value)| kept.keep(value, out));
            kept.flush(out);
        });
        document.into_text()
    }

    /// The explicit field mask, as it was sent: it has to travel beside the body. `None` where there is none, and the context
    /// says which members the update means.
    pub fn explicit_mask(&self) -> Option<&str> {
        self.mask.as_ref().map(|mask| mask.text())
    }

    /// The field mask in effect: the explicit one, else the one that the policy `withoutMask` of the context implies, in which
    /// the patch was read.
    ///
    /// ```
    /// use user_patch::fireworks::{Context, Patch};
    ///
    /// let patch = Patch::parse(br#"{"role":"user","displayName":""}"#, &Context::default())?;
    /// assert_eq!(patch.mask()?.to_string(), "display_name,role");
    /// assert_eq!(patch.explicit_mask(), None);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// What is wrong with an explicit mask.
    pub fn mask(&self) -> Result<FieldMask, InvalidMask> {
        match &self.mask {
            Some(mask) => mask.paths().cloned(),
            None => {
                let meant = Reading::without_mask(self.without_mask).meant(&self.said);
                let ignored = self.said.mentioned().and(MemberSet::READ_ONLY);
                Ok(FieldMask::derive(meant.iter().chain(ignored.iter()).map(Member::name_in_masks)))
            }
        }
    }

    /// The same patch, with the text as its own.
    pub fn into_owned(self) -> Patch<'static> {
        let Self { body, said, has_unknown, mask, without_mask } = self;
        Patch { body: body.into_owned(), said, has_unknown, mask, without_mask }
    }

    /// Whether the body mentions nothing, and there is no explicit mask.
    pub fn is_empty(&self) -> bool {
        self.mask.is_none() && self.body.value().is_empty()
    }

    /// The members that the page names and the body has, null ones too, in the page's order. What an explicit mask names beside them is told by [`mask`](Self::mask).
    ///
    /// ```
    /// use user_patch::fireworks::{Context, Patch};
    ///
    /// let patch = Patch::parse(br#"{"email":null,"display_name":"Al","x":1}"#, &Context::default())?;
    /// let mentioned: Vec<_> = patch.mentioned().map(|pointer| pointer.to_string()).collect();
    /// assert_eq!(mentioned, ["/displayName", "/email"]);
    /// # Ok::<(), user_patch::fireworks::Violations>(())
    /// ```
    pub fn mentioned(&self) -> impl Iterator<Item = Pointer> {
        self.said.mentioned().iter().map(Member::pointer)
    }

    /// How it is decided which members the update means.
    ///
    /// # Errors
    /// What is wrong with an explicit mask.
    #[inline]
    pub(super) fn reading(&self) -> Result<Reading<'_>, InvalidMask> {
        match &self.mask {
            Some(mask) => mask.paths().map(|_| Reading::Masked(mask)),
            None => Ok(Reading::without_mask(self.without_mask)),
        }
    }

    pub(super) const fn body(&self) -> &Document<'a> {
        &self.body
    }

    pub(super) const fn without_mask(&self) -> WithoutMask {
        self.without_mask
    }

    pub(super) fn mask_as_sent(&self) -> Option<&Mask> {
        self.mask.as_deref()
    }

    /// What the body has for a member, be it null.
    #[inline]
    pub(super) fn get(&self, member: Member) -> Option<Value<'_>> {
        self.said.value(member, &self.body)
    }

    /// What the body says of the members that the page names.
    #[inline]
    pub(super) const fn said(&self) -> &Said {
        &self.said
    }

    /// The members of a set that the body has, in the page's order, each with its value.
    #[inline]
    pub(super) fn values(&self, members: MemberSet) -> impl Iterator<Item = (Member, Value<'_>)> {
        members.iter().filter_map(|member| Some((member, self.get(member)?)))
    }

    /// What an update does to a member, of which it means these.
    #[inline]
    pub(super) fn effect(&self, member: Member, meant: MemberSet) -> Effect<'_> {
        if !meant.has(member) {
            return Effect::Keep;
        }
        let value = if self.said.populated().has(member) { self.get(member) } else { None };
        value.map_or(Effect::Clear, Effect::Set)
    }

    /// The members that the page does not name.
    #[inline]
    pub(super) fn unknown(&self) -> impl Iterator<Item = (Name<'_>, Value<'_>)> {
        let mut members = self.has_unknown.then(|| self.body.value().named());
        std::iter::from_fn(move || members.as_mut()?.find(|&(name, _)| Member::of(name).is_none()))
    }
}

/// The same body, whatever the order of its members and their spelling, and the same explicit mask, or none and the same
/// meaning without one.
impl PartialEq for Patch<'_> {
    fn eq(&self, other: &Self) -> bool {
        let unknown = |patch: &Self| patch.unknown().count();
        self.mask == other.mask
            && (self.mask.is_some() || self.without_mask == other.without_mask)
            && Member::ALL.iter().all(|&member| self.get(member) == other.get(member))
            && unknown(self) == unknown(other)
            && {
                let theirs = Index::of(other.body.value());
                self.unknown().all(|(name, value)| theirs.get(name) == Some(value))
            }
    }
}

impl Eq for Patch<'_> {}

impl fmt::Debug for Patch<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Patch ")?;
        f.debug_set().entries(self.body.value().members().map(|(name, _)| name)).finish()
    }
}
