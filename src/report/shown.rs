//! Text that others have written, for a terminal or a log: nothing in it acts, and there is no end of it to wait for.

use std::fmt::{self, Write};

/// A text, of which at most `most` characters are shown, with the number of the rest.
pub(crate) struct Shown<'t> {
    pub(crate) text: &'t str,
    pub(crate) most: usize,
}

/// Whether a character would do something other than be seen: a control character, or one of those that turn the direction of
/// what is around them, end a line, or have no width.
pub(crate) fn acts(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
                | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}'
        )
}

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut rest = self.text.chars();
        for character in rest.by_ref().take(self.most) {
            match acts(character) {
                // As JSON spells it, so that JSON stays JSON.
                true => character.encode_utf16(&mut [0; 2]).iter().try_for_each(|unit| write!(f, "\\u{unit:04x}"))?,
                false => f.write_char(character)?,
            }
        }
        match rest.count() {
            0 => Ok(()),
            more => write!(f, "… ({more} more)"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str, most: usize) -> String {
        Shown { text, most }.to_string()
    }

    #[test]
    fn what_would_act_is_spelled_out() {
        assert_eq!(shown("a é😀 \"\\", 9), "a é😀 \"\\");
        assert_eq!(shown("\x1b[31m\r\n\t\x07\x7f\u{9b}", 99), r"\u001b[31m\u000d\u000a\u0009\u0007\u007f\u009b");
        assert_eq!(shown("\u{202e}\u{2066}\u{2028}\u{feff}\u{200b}", 99), r"\u202e\u2066\u2028\ufeff\u200b");
        assert_eq!(shown("\u{e0041}", 9), r"\udb40\udc41");
    }

    #[test]
    fn what_is_too_long_is_counted() {
        assert_eq!(shown("äöü", 3), "äöü");
        assert_eq!(shown("äöüß", 3), "äöü… (1 more)");
        assert_eq!(shown(&"x".repeat(1_000), 0), "… (1000 more)");
    }

    /// No character becomes more than six times its length.
    #[test]
    fn what_is_shown_is_bounded() {
        for character in (0..=0xe_0080).filter_map(char::from_u32) {
            let text = character.to_string();
            assert!(shown(&text, 1).len() <= 6 * text.len(), "{character:?}");
        }
    }
}
