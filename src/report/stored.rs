use std::{borrow::Cow, error::Error, fmt};

use super::{Applied, Findings, InvalidUser, Refuses, Reply, Violations};
use crate::engine::Pointer;

/// What is to be stored after an accepted update, and what is to be answered: what a backend needs between its `SELECT` and its
/// `UPDATE`.
///
/// ```
/// use user_patch::elastic::{Context, store};
///
/// let stored = br#"{ "user_name": "ada", "security": {}, "badge": 7e0 }"#;
/// let done = store(stored, br#"{"full_name":"Ada"}"#, &Context::default())?;
/// // What the update does not touch is copied byte for byte, white space too.
/// assert_eq!(done.text(), r#"{ "user_name": "ada", "security": {}, "badge": 7e0, "full_name":"Ada" }"#);
/// assert_eq!(done.reply().body, r#"{"user_name":"ada","security":{},"badge":7e0,"full_name":"Ada"}"#);
/// assert!(done.is_changed() && done.applied().changed().len() == 1);
///
/// let done = store(stored, br#"{"user_name":"ada"}"#, &Context::default())?;
/// assert!(!done.is_changed() && done.text().as_bytes() == stored); // There is nothing to write.
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(PartialEq, Eq)]
#[must_use]
pub struct Stored<'s> {
    text: Text<'s>,
    reply: Reply,
    applied: Applied,
}

/// The text to store. Mostly it is the body of the reply, which is then kept once.
#[derive(PartialEq, Eq)]
enum Text<'s> {
    AsItWas(&'s str),
    OfReply,
    Written(String),
}

impl<'s> Stored<'s> {
    /// Nothing has to be stored anew.
    pub(crate) fn as_it_was(text: &'s [u8], reply: Reply, applied: Applied) -> Self {
        // What has been read as a user is UTF-8.
        Self { text: Text::AsItWas(std::str::from_utf8(text).unwrap_or_default()), reply, applied }
    }

    /// The body of the reply is to be stored.
    pub(crate) const fn as_replied(reply: Reply, applied: Applied) -> Self {
        Self { text: Text::OfReply, reply, applied }
    }

    pub(crate) const fn written(text: String, reply: Reply, applied: Applied) -> Self {
        Self { text: Text::Written(text), reply, applied }
    }

    /// The text to store.
    pub fn text(&self) -> &str {
        match &self.text {
            Text::AsItWas(text) => text,
            Text::OfReply => &self.reply.body,
            Text::Written(text) => text,
        }
    }

    /// Whether the text differs from what was stored: whether anything has to be written. A password that is set is no part of
    /// the text.
    pub const fn is_changed(&self) -> bool {
        match self.text {
            Text::AsItWas(_) => false,
            Text::OfReply | Text::Written(_) => true,
        }
    }

    /// The vendor's reply to the accepted update.
    pub const fn reply(&self) -> &Reply {
        &self.reply
    }

    /// What the update did.
    pub const fn applied(&self) -> &Applied {
        &self.applied
    }

    /// The members that have another value now: [`Applied::changed`].
    pub fn changed(&self) -> &[Pointer] {
        self.applied.changed()
    }

    /// What was ignored, or done unasked: [`Applied::notices`].
    pub const fn notices(&self) -> &Findings {
        self.applied.notices()
    }

    /// The text to store, the reply, and what the update did, with the password where it sets one.
    pub fn into_parts(self) -> (Cow<'s, str>, Reply, Applied) {
        let text = match self.text {
            Text::AsItWas(text) => Cow::Borrowed(text),
            Text::OfReply => Cow::Owned(self.reply.body.clone()),
            Text::Written(text) => Cow::Owned(text),
        };
        (text, self.reply, self.applied)
    }
}

/// The members that changed, and no value of the user.
impl fmt::Debug for Stored<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Stored")
            .field("is_changed", &self.is_changed())
            .field("applied", &self.applied)
            .finish_non_exhaustive()
    }
}

/// Why nothing is to be stored.
///
/// ```
/// use user_patch::{elastic::{Context, Refusal, store}, report::NotStored};
///
/// let ctx = Context::default();
/// let refused = store(br#"{"user_name":"ada","security":{}}"#, br#"{"builtin":true}"#, &ctx).unwrap_err();
/// assert_eq!(refused.reply().unwrap().status, 400);
/// assert!(refused.violations().unwrap().contains(Refusal::Restricted));
///
/// // What is stored is the service's own fault, whatever the body is: there is no reply to it.
/// assert!(matches!(store(b"{}", b"", &ctx), Err(NotStored::InvalidUser(_))));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum NotStored<R: Refuses> {
    /// What is stored is no user; the body has not been looked at.
    InvalidUser(InvalidUser),
    /// The update is refused: every violation, and the vendor's reply.
    Refused {
        /// The violations.
        violations: Violations<R>,
        /// The reply that tells them.
        reply: Reply,
    },
}

impl<R: Refuses> NotStored<R> {
    pub(crate) const fn refused(violations: Violations<R>, reply: Reply) -> Self {
        Self::Refused { violations, reply }
    }

    /// The vendor's reply, where the update is refused.
    pub const fn reply(&self) -> Option<&Reply> {
        match self {
            Self::InvalidUser(_) => None,
            Self::Refused { reply, .. } => Some(reply),
        }
    }

    /// The violations, where the update is refused.
    pub const fn violations(&self) -> Option<&Violations<R>> {
        match self {
            Self::InvalidUser(_) => None,
            Self::Refused { violations, .. } => Some(violations),
        }
    }
}

impl<R: Refuses> From<InvalidUser> for NotStored<R> {
    fn from(wrong: InvalidUser) -> Self {
        Self::InvalidUser(wrong)
    }
}

impl<R: Refuses> fmt::Display for NotStored<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::InvalidUser(wrong) => wrong.fmt(f),
            Self::Refused { violations, .. } => violations.fmt(f),
        }
    }
}

/// The message says what is wrong, and no source says it again.
impl<R: Refuses> Error for NotStored<R> {}
