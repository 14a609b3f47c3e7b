//! What the rules about the body as such rest on, which every vendor has under its own name.

use super::rule::Basis::{self, Chosen, Standard};

pub(crate) const MALFORMED: Basis =
    Standard { reference: "RFC 8259: the grammar, UTF-8 without a byte order mark (8.1), no lone surrogates (8.2)" };
pub(crate) const DUPLICATE: Basis = Chosen {
    reason: "where the last of two members wins, a check and a store can disagree on which that is; RFC 8259 section 4: names should be unique, and readers differ where they are not",
};
pub(crate) const DEPTH: Basis = Chosen {
    reason: "RFC 8259 section 9 lets a reader limit the depth; 128 is what serde_json allows; policy `maxDepth`",
};
