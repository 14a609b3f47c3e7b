//! A value of a filter: a text, with a wildcard at either end.

/// A text, and whether more may stand before and behind it.
#[derive(Debug, Clone, Default)]
pub(super) struct Pattern {
    pub(super) text: String,
    /// `*` at the begin.
    pub(super) is_open_before: bool,
    /// `*` at the end.
    pub(super) is_open_behind: bool,
}

impl Pattern {
    /// Whether it is `*` alone.
    pub(super) fn is_anything(&self) -> bool {
        self.text.is_empty() && (self.is_open_before || self.is_open_behind)
    }

    /// The text as it was written, where a `*` is one character like any other.
    pub(super) fn literal(&self) -> String {
        let star = |is_open: bool| if is_open { "*" } else { "" };
        let behind = self.is_open_behind && !(self.text.is_empty() && self.is_open_before);
        format!("{}{}{}", star(self.is_open_before), self.text, star(behind))
    }

    /// Whether a whole text is meant.
    pub(super) fn is(&self, text: &str) -> bool {
        match (self.is_open_before, self.is_open_behind) {
            (false, false) => text == self.text,
            (false, true) => text.starts_with(&self.text),
            (true, false) => text.ends_with(&self.text),
            (true, true) => text.contains(&self.text),
        }
    }

    /// The same in small letters, and anywhere in a text where it has no wildcard.
    pub(super) fn folded(&self) -> Folded {
        let is_open = self.is_open_before || self.is_open_behind;
        Folded(Self {
            text: folded(&self.text),
            is_open_before: self.is_open_before || !is_open,
            is_open_behind: self.is_open_behind || !is_open,
        })
    }
}

/// A text in small letters, each by itself, so that a part of a text is a part of it here too. Both small sigmas are one.
pub(super) fn folded(text: &str) -> String {
    let small = |letter| if letter == 'ς' { 'σ' } else { letter };
    text.chars().flat_map(char::to_lowercase).map(small).collect()
}

/// What is looked for in a text in whatever case.
#[derive(Debug)]
pub(super) struct Folded(Pattern);

impl Folded {
    /// Whether a text that is folded has it.
    pub(super) fn is_in(&self, folded: &str) -> bool {
        self.0.is(folded)
    }
}
