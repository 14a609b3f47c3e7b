use once_cell::sync::Lazy;
use regex::Regex;

/// "Name of the User. It must match the regular expression", in the page's words.
pub const NAME_PATTERN: &str = r"[0-9A-Za-z][0-9A-Za-z_ \-]{0,30}[0-9A-Za-z]";

/// "key: It must match the regular expression", in the page's words.
pub const KEY_PATTERN: &str = r"[a-z_][0-9a-z_]{0,63}";

/// The longest key, in bytes, which are characters here.
const KEY_MAX: usize = 64;

// Anchored, as the page has it of the name and not of a part of it. A pattern that does not compile matches nothing, and
// no test passes.
static NAME: Lazy<Result<Regex, regex::Error>> = Lazy::new(|| Regex::new(&format!(r"\A(?:{NAME_PATTERN})\z")));

thread_local! {
    /// A regex keeps what a search works on in a pool. Threads that share one meet there, and the later one allocates.
    static OWN_NAME: Option<Regex> = NAME.as_ref().ok().cloned();
}

/// Whether the whole of `text` matches [`NAME_PATTERN`]: 2 to 32 ASCII characters.
///
/// ```
/// use user_patch::trusted_twin::is_name;
///
/// assert!(is_name("Backup Operator-7"));
/// assert!(!is_name("A") && !is_name("Operator\n"));
/// ```
pub fn is_name(text: &str) -> bool {
    let matches = |name: &Regex| name.is_match(text);
    // A thread that is about to end has lost its own.
    OWN_NAME.try_with(|name| name.as_ref().is_some_and(matches)).unwrap_or_else(|_| NAME.as_ref().is_ok_and(matches))
}

/// Whether the whole of `text` matches [`KEY_PATTERN`]: 1 to 64 ASCII characters.
///
/// A body may hold thousands of keys, so this is a loop over bytes; a law holds it equal to the pattern.
///
/// ```
/// use user_patch::trusted_twin::is_key;
///
/// assert!(is_key("quota_0001"));
/// assert!(!is_key("") && !is_key("0a") && !is_key("\u{212A}"));
/// ```
pub fn is_key(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() <= KEY_MAX
        && bytes.first().is_some_and(|first| !first.is_ascii_digit())
        && bytes.iter().all(|&byte| IN_KEY.get(usize::from(byte)) == Some(&true))
}

/// Which bytes a key may have.
const IN_KEY: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0;
    #[allow(clippy::indexing_slicing)] // While the crate is built, within the table.
    while byte < table.len() {
        table[byte] = matches!(byte as u8, b'a'..=b'z' | b'0'..=b'9' | b'_');
        byte += 1;
    }
    table
};
