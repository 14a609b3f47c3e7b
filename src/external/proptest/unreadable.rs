//! Bodies that cannot be read, made of bodies that are accepted.

use ::proptest::{prelude::*, sample::select};

use super::{
    broken::{Attempt, Fine},
    tree::Tree,
};
use crate::engine::Limits;

/// What is wrong with a body that cannot be read as one.
#[derive(Clone, Copy, Debug)]
pub(super) enum Unreadable {
    Malformed,
    NotUtf8,
    Duplicate,
    TooDeep,
    TooLong,
    NotAnObject,
}

/// Makes bodies unreadable that a vendor accepts; `limit` sets the limits of a context.
pub(super) fn unreadable<C: Clone + std::fmt::Debug + 'static>(
    fine: Fine<C>,
    what: Unreadable,
    limit: fn(&mut C, Limits),
) -> BoxedStrategy<Attempt<C>> {
    (fine, any::<u16>(), faults(what), select(&["", "/zz", "/zz/a~1b", "/zz/0"][..]))
        .prop_map(move |((user, mut ctx, body), cut, fault, place)| {
            let text = body.text();
            let body = match what {
                Unreadable::Malformed => malformed(&text, place, usize::from(cut), fault),
                Unreadable::NotUtf8 => not_utf8(&text, place, fault),
                Unreadable::Duplicate => around(&text, place, fault).into_bytes(),
                Unreadable::TooLong => {
                    limit(&mut ctx, Limits { max_bytes: Some(text.len() - 1), ..Limits::default() });
                    text.into_bytes()
                }
                Unreadable::TooDeep => {
                    let max_depth = 4 + u8::try_from(cut % 125).unwrap_or(0);
                    limit(&mut ctx, Limits { max_bytes: None, max_depth });
                    // What opens too often need not close: the depth is told first.
                    format!("{}\"q\":{}", open(&text), fault.repeat(max_depth.into())).into_bytes()
                }
                Unreadable::NotAnObject if fault == "in" => format!("[{text}]").into_bytes(),
                Unreadable::NotAnObject => fault.as_bytes().to_vec(),
            };
            let pointer = if let Unreadable::Duplicate = what { format!("{place}/k") } else { String::new() };
            Attempt { body, ..Attempt::new(user, ctx, &Tree::Null, pointer) }
        })
        .boxed()
}

/// An object that goes on.
pub(super) fn open(text: &str) -> String {
    match text.strip_suffix('}') {
        Some("{") => "{".to_owned(),
        Some(open) => format!("{open},"),
        None => text.to_owned(),
    }
}

/// An object with more in it, at a place.
fn around(text: &str, place: &str, inner: &str) -> String {
    let open = open(text);
    match place {
        "" => format!("{open}{inner}}}"),
        "/zz" => format!("{open}\"zz\":{{{inner}}}}}"),
        "/zz/a~1b" => format!("{open}\"zz\":{{\"a/b\":{{{inner}}}}}}}"),
        _ => format!("{open}\"zz\":[{{{inner}}}]}}"),
    }
}

fn malformed(text: &str, place: &str, cut: usize, fault: &str) -> Vec<u8> {
    match fault {
        "cut" => {
            let ends: Vec<_> = text.char_indices().map(|(at, _)| at).collect();
            let end = ends.get(cut % ends.len().max(1)).copied().unwrap_or(0);
            text.get(..end).unwrap_or("").as_bytes().to_vec()
        }
        "bom" => format!("\u{feff}{text}").into_bytes(),
        "more" => format!("{text} {{}}").into_bytes(),
        _ => around(text, place, fault).into_bytes(),
    }
}

/// The characters of the fault stand for bytes.
fn not_utf8(text: &str, place: &str, fault: &str) -> Vec<u8> {
    const HOLE: &str = "\u{1}";
    let whole = around(text, place, &format!("\"q\":\"{HOLE}\""));
    let (before, after) = whole.rsplit_once(HOLE).unwrap_or((&whole, ""));
    let bytes = fault.chars().filter_map(|byte| u8::try_from(u32::from(byte)).ok());
    before.bytes().chain(bytes).chain(after.bytes()).collect()
}

fn faults(what: Unreadable) -> impl Strategy<Value = &'static str> {
    select(match what {
        Unreadable::Malformed => &[
            "cut",
            "bom",
            "more",
            r#""q":"\ud800""#,
            r#""q":{"\udc00":1}"#,
            "\"q\":\"\u{1}\"",
            r#""q":01"#,
            r#""q":1."#,
            r#""q":NaN"#,
            r#""q":tru"#,
            r#""q":"\x""#,
            r#""q":[1,]"#,
            r#""q":{"a":1,}"#,
            r#""q" 1"#,
            "q:1",
            r#""q":1 /**/"#,
        ][..],
        // Bytes, written as characters.
        Unreadable::NotUtf8 => &["\u{ff}", "\u{c3}", "\u{c3}(", "\u{ed}\u{a0}\u{80}", "\u{c0}\u{af}"],
        Unreadable::Duplicate => {
            &[r#""k":1,"k":1"#, r#""k":1,"j":2,"\u006b":null"#, r#""\u006B":1,"k":{"a":1}"#, r#""k":[],"k":{}"#]
        }
        Unreadable::TooDeep => &["[", "{\"a\":"],
        Unreadable::TooLong => &[""],
        Unreadable::NotAnObject => &["in", "[]", "5", "\"text\"", "true", "1e400"],
    })
}
