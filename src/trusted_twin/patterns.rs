//! The two regular expressions of the page, and the form of UUIDs.

use std::str;

use once_cell::sync::Lazy;
use regex::Regex;
use uuid::Uuid;

/// "Name of the User. It must match the regular expression", in the page's words.
pub const NAME_PATTERN: &str = r"[0-9A-Za-z][0-9A-Za-z_ \-]{0,30}[0-9A-Za-z]";

/// "key: It must match the regular expression", in the page's words.
pub const KEY_PATTERN: &str = r"[a-z_][0-9a-z_]{0,63}";

// Anchored, as the page has it of the name and not of a part of it. A pattern that does not compile matches nothing, and
// no test passes.
static NAME: Lazy<Result<Regex, regex::Error>> = Lazy::new(|| Regex::new(&format!(r"\A(?:{NAME_PATTERN})\z")));
static KEY: Lazy<Result<Regex, regex::Error>> = Lazy::new(|| Regex::new(&format!(r"\A(?:{KEY_PATTERN})\z")));

/// Whether the whole of `text` matches [`NAME_PATTERN`]: 2 to 32 ASCII characters.
///
/// Every update has a name to look at, and the engine of a regex costs more than the rest of a small body, so this is a loop
/// over bytes. The regex is the definition: a debug build asks it too, each time, and a law holds the two equal.
///
/// ```
/// use user_patch::trusted_twin::is_name;
///
/// assert!(is_name("Backup Operator-7"));
/// assert!(!is_name("A") && !is_name("Operator\n"));
/// ```
pub fn is_name(text: &str) -> bool {
    is_name_in_bytes(text.as_bytes())
}

/// As [`is_name`], of the bytes of a text.
pub(super) fn is_name_in_bytes(text: &[u8]) -> bool {
    let matches = match text {
        [first, inside @ .., last] => {
            let is_inside = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b' ' | b'-');
            inside.len() <= 30
                && first.is_ascii_alphanumeric()
                && last.is_ascii_alphanumeric()
                && inside.iter().all(is_inside)
        }
        _ => false,
    };
    debug_assert!(
        NAME.as_ref().is_ok_and(|name| str::from_utf8(text).is_ok_and(|text| name.is_match(text) == matches))
    );
    matches
}

/// Whether the whole of `text` matches [`KEY_PATTERN`]: 1 to 64 ASCII characters.
///
/// A body may hold thousands of keys, so this is a loop over bytes, held equal to the pattern as [`is_name`] is.
///
/// ```
/// use user_patch::trusted_twin::is_key;
///
/// assert!(is_key("quota_0001"));
/// assert!(!is_key("") && !is_key("0a") && !is_key("\u{212A}"));
/// ```
pub fn is_key(text: &str) -> bool {
    let matches = is_key_in_bytes(text.as_bytes());
    debug_assert!(KEY.as_ref().is_ok_and(|key| key.is_match(text) == matches));
    matches
}

/// As [`is_key`], of the bytes of a text.
pub(super) fn is_key_in_bytes(bytes: &[u8]) -> bool {
    is_key_of_word(bytes) && bytes.iter().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_'))
}

/// As [`is_key`], of a text that has only characters which stand in keys.
#[inline]
pub(super) fn is_key_of_word(word: &[u8]) -> bool {
    /// The longest key, in bytes, which are characters here.
    const KEY_MAX: usize = 64;

    word.len() <= KEY_MAX && word.first().is_some_and(|first| !first.is_ascii_digit())
}

/// Reads a UUID in its hyphenated form, in either case, and in no other form.
///
/// ```
/// use user_patch::trusted_twin::parse_uuid;
///
/// assert!(parse_uuid("5B1C7F5A-2d3e-4c7b-9a52-0f6a1e3d9c10").is_some());
/// assert!(parse_uuid("5b1c7f5a2d3e4c7b9a520f6a1e3d9c10").is_none());
/// ```
pub fn parse_uuid(text: &str) -> Option<Uuid> {
    parse_uuid_in_bytes(text.as_bytes())
}

/// As [`parse_uuid`], of the bytes of a text.
pub(super) fn parse_uuid_in_bytes(text: &[u8]) -> Option<Uuid> {
    // Of the forms that `uuid` reads, only the hyphenated one has this length.
    (text.len() == 36).then(|| Uuid::try_parse_ascii(text).ok())?
}
