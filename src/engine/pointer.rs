use std::{borrow::Cow, fmt};

use super::text::contains_either;

/// A place in a document: a JSON Pointer (RFC 6901), such as `/security/roles`; the empty one is the whole document.
///
/// Pointers order by their text. `Display` escapes control characters, so that a member's name cannot break a log line.
///
/// ```
/// use user_patch::engine::Pointer;
///
/// assert_eq!(Pointer::root().child("a/b").as_str(), "/a~1b");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Pointer(Cow<'static, str>);

impl Pointer {
    /// The whole document.
    pub const fn root() -> Self {
        Self(Cow::Borrowed(""))
    }

    /// A pointer that is known when the crate is built. The text is taken as it stands.
    pub(crate) const fn fixed(text: &'static str) -> Self {
        Self(Cow::Borrowed(text))
    }

    /// The pointer of this text, if it is one: RFC 6901 section 3.
    pub(crate) fn read(text: &str) -> Option<Self> {
        let is_escaped = |rest: &str| rest.starts_with(['0', '1']);
        let is_pointer = text.is_empty() || text.starts_with('/') && text.split('~').skip(1).all(is_escaped);
        is_pointer.then(|| Self(Cow::Owned(text.to_owned())))
    }

    /// The member `name` (or the element with that index) of what this points to.
    #[must_use]
    pub fn child(&self, name: &str) -> Self {
        let mut text = String::with_capacity(self.0.len() + 1 + name.len());
        text.push_str(&self.0);
        push_token(&mut text, name);
        Self(Cow::Owned(text))
    }

    /// Whether the member `name` of what this points to comes behind `other`. `scratch` spares an allocation.
    pub(crate) fn child_is_behind(&self, name: &str, other: &Self, scratch: &mut String) -> bool {
        scratch.clear();
        scratch.push_str(&self.0);
        push_token(scratch, name);
        **scratch > *other.0
    }

    /// As [`child`](Self::child), in the same text.
    #[must_use]
    pub(crate) fn into_child(self, name: &str) -> Self {
        let mut text = match self.0 {
            Cow::Owned(text) => text,
            // Room for a further name or two.
            Cow::Borrowed(text) => {
                let mut longer = String::with_capacity(text.len() + name.len() + 24);
                longer.push_str(text);
                longer
            }
        };
        push_token(&mut text, name);
        Self(Cow::Owned(text))
    }

    /// The pointer's text, as RFC 6901 section 3 writes it.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The member names on the way, unescaped.
    pub fn tokens(&self) -> impl Iterator<Item = Cow<'_, str>> {
        self.0.split('/').skip(1).map(|token| match token.contains('~') {
            true => Cow::Owned(token.replace("~1", "/").replace("~0", "~")),
            false => Cow::Borrowed(token),
        })
    }

    /// The same place as a path of names joined by dots, the way field violations write it.
    pub fn dotted(&self) -> Cow<'_, str> {
        let path = self.0.strip_prefix('/').unwrap_or(&self.0);
        if !path.bytes().any(|byte| matches!(byte, b'/' | b'~')) {
            return Cow::Borrowed(path);
        }
        let mut dotted = String::with_capacity(path.len());
        let mut characters = path.chars();
        while let Some(character) = characters.next() {
            dotted.push(match character {
                '/' => '.',
                '~' if characters.next() == Some('1') => '/',
                other => other,
            });
        }
        Cow::Owned(dotted)
    }
}

impl fmt::Display for Pointer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for character in self.0.chars() {
            match character.is_control() {
                true => write!(f, "{}", character.escape_default())?,
                false => write!(f, "{character}")?,
            }
        }
        Ok(())
    }
}

fn push_token(text: &mut String, name: &str) {
    text.push('/');
    if !contains_either(name.as_bytes(), b'~', b'/') {
        return text.push_str(name);
    }
    for character in name.chars() {
        match character {
            '~' => text.push_str("~0"),
            '/' => text.push_str("~1"),
            other => text.push(other),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_of_a_pointer_is_read_back() {
        for text in ["", "/", "//", "/a", "/a~1b/m~0n", "/~01/é😀", "/ /\\\"", "/~0~1"] {
            let pointer = Pointer::read(text).unwrap();
            assert_eq!(pointer.as_str(), text);
            assert_eq!(pointer.tokens().fold(Pointer::root(), |pointer, name| pointer.child(&name)), pointer);
        }
        for text in ["a", " /a", "#/a", "/~", "/a~", "/~2", "/~~0", "/a~/b"] {
            assert_eq!(Pointer::read(text), None, "{text}");
        }
    }

    #[test]
    fn a_pointer_grows_in_its_own_text_and_stands_within_another() {
        let pointer = Pointer::fixed("/a").into_child("b/c").into_child("~");
        assert_eq!(pointer.as_str(), "/a/b~1c/~0");
    }
}
