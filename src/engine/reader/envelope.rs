//! The envelope around bodies that are read on their own later: a request of one line.

use super::{
    Fault, Limits, Malformed, checked,
    cursor::{Cursor, Passed},
    explain::{Reader, Rigor},
};
use crate::engine::Document;

impl<'a> Document<'a> {
    /// The envelope around values that are read on their own, which may be 255 levels deep: the names of the object are read
    /// strictly, the values have to be grammatical and no more. Where it cannot be read to its end, the document has the
    /// members before the fault.
    pub(crate) fn parse_envelope(text: &'a [u8]) -> (Self, Result<(), Malformed>) {
        let (document, read) = read_envelope(text);
        let read = read.and_then(|()| match document.value().is_object() {
            true => Ok(()),
            false => Err(Malformed::at(Fault::NotAnObject, text, document.value().offset())),
        });
        (document, read)
    }
}

/// Reads an envelope as far as it can be read: the document has the outermost members before the fault.
fn read_envelope(text: &[u8]) -> (Document<'_>, Result<(), Malformed>) {
    let mut document = Document::empty();
    let text = match checked(text, &Limits::STORED) {
        Ok(text) => text,
        Err(wrong) => return (document, Err(wrong)),
    };
    // Mostly all of it may stand, which costs a third of a reading that explains.
    if let Some(Passed { range, is_compact, is_plain }) =
        Cursor::new(text, Limits::STORED.max_depth, document.entries()).whole()
    {
        document.is_read(text, range, is_compact, is_plain);
        return (document, Ok(()));
    }
    document.entries().clear();
    let mut reader = Reader::of(text, Limits::STORED.max_depth, Rigor::Envelope, document.entries());
    let (range, told) = match reader.whole() {
        Ok((range, _)) => (range, Ok(())),
        Err(wrong) => {
            // The members whose values end: the last one that was begun has no end yet. In an array they are no envelope's.
            let mut whole = 0;
            let is_object = text.trim_start().starts_with('{');
            while let Some(entry) = reader.tape.get(whole).filter(|entry| is_object && entry.next != 0) {
                whole = entry.next as usize;
            }
            reader.tape.truncate(whole);
            (0..reader.scan.at.min(text.len()), Err(wrong.told(text.as_bytes())))
        }
    };
    document.is_read(text, range, false, false);
    (document, told)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::Place;

    /// The members of an envelope, each with its exact text.
    fn envelope(body: &str) -> Result<Vec<(String, String)>, Malformed> {
        let (document, read) = Document::parse_envelope(body.as_bytes());
        read.map(|()| members(&document))
    }

    /// The members that stand before the fault.
    fn before_fault(body: &str) -> Vec<(String, String)> {
        let (document, read) = Document::parse_envelope(body.as_bytes());
        assert!(read.is_err());
        members(&document)
    }

    fn members(document: &Document<'_>) -> Vec<(String, String)> {
        document.value().members().map(|(name, value)| (name.into_owned(), value.text().to_owned())).collect()
    }

    #[track_caller]
    fn strict(body: &str) -> Fault {
        Document::parse(body.as_bytes(), &Limits::default()).unwrap_err().fault()
    }

    #[test]
    fn an_envelope_hands_out_the_exact_text_of_its_members() {
        let members = envelope(r#" { "b\u006fdy" : { "a" : 1.0 } , "x":[ ] } "#).unwrap();
        let members: Vec<_> = members.iter().map(|(name, text)| (&**name, &**text)).collect();
        assert_eq!(members, [("body", r#"{ "a" : 1.0 }"#), ("x", "[ ]")]);
    }

    #[test]
    fn an_envelope_lets_nested_duplicates_pass() {
        for body in [r#"{"body":{"a":1,"a":2}}"#, r#"{"body":[{"x":{"a":1,"\u0061":2}}]}"#] {
            envelope(body).unwrap();
            assert_eq!(strict(body), Fault::Duplicate);
        }
    }

    #[test]
    fn an_envelope_lets_nested_lone_surrogates_pass() {
        for body in [
            r#"{"body":"\ud800"}"#,
            r#"{"body":["\udead"]}"#,
            r#"{"body":{"\ud83d\ud83d\ude00":1}}"#,
            r#"{"body":"\ud83dx"}"#,
            r#"{"body":"\ud83d\n"}"#,
        ] {
            envelope(body).unwrap();
            assert_eq!(strict(body), Fault::LoneSurrogate);
        }
    }

    #[test]
    fn an_envelope_refuses_its_own_duplicates() {
        let wrong = envelope(r#"{"body":{},"b\u006fdy":{}}"#).unwrap_err();
        assert_eq!((wrong.fault(), wrong.pointer().as_str()), (Fault::Duplicate, "/body"));
    }

    #[test]
    fn an_envelope_refuses_lone_surrogates_in_its_own_names() {
        let wrong = envelope(r#"{"\ud800":1}"#).unwrap_err();
        assert_eq!(wrong.fault(), Fault::LoneSurrogate);
    }

    #[test]
    fn an_envelope_refuses_what_is_no_json() {
        for (body, fault) in [
            (r#"{"body":{"a":1,}}"#, Fault::Expected { expected: "a member's name" }),
            (r#"{"body":[01]}"#, Fault::InvalidNumber),
            (r#"{"body":"\x"}"#, Fault::InvalidEscape),
            (r#"{"body":"\ud83d\u12"}"#, Fault::InvalidEscape),
            ("{\"body\":\"\n\"}", Fault::ControlCharacter),
            (r#"{"body":{}} x"#, Fault::TrailingData),
            ("", Fault::Empty),
            ("\u{FEFF}{}", Fault::ByteOrderMark),
        ] {
            assert_eq!(envelope(body).unwrap_err().fault(), fault, "{body}");
        }
        assert_eq!(Document::parse_envelope(b"{\"a\":\"\xFF\"}").1.unwrap_err().fault(), Fault::NotUtf8);
    }

    #[test]
    fn an_envelope_may_be_255_levels_deep() {
        let arrays = |levels: usize| "[".repeat(levels) + &"]".repeat(levels);
        envelope(&format!(r#"{{"body":{}}}"#, arrays(254))).unwrap();
        let wrong = envelope(&format!(r#"{{"body":{}}}"#, arrays(255))).unwrap_err();
        assert_eq!(wrong.fault(), Fault::TooDeep { limit: 255 });
    }

    #[test]
    fn an_envelope_is_an_object() {
        for body in ["[]", r#"["Zed","r",null]"#, "1", r#""{}""#, "null", "true", "\n [1]"] {
            assert_eq!(envelope(body).unwrap_err().fault(), Fault::NotAnObject, "{body}");
        }
        assert_eq!(envelope("\n [1]").unwrap_err().place(), Place { line: 2, column: 2 });
    }

    #[test]
    fn a_million_levels_in_an_envelope_are_refused_without_an_overflow() {
        for open in ["[", r#"{"a":"#, r#"[{"a":"#] {
            let wrong = envelope(&format!(r#"{{"m":{}"#, open.repeat(1_000_000))).unwrap_err();
            assert_eq!(wrong.fault(), Fault::TooDeep { limit: 255 });
        }
    }

    /// So that an answer to an envelope that cannot be read can name it.
    #[test]
    fn the_members_before_the_fault_are_handed_out() {
        let id = || vec![("id".to_owned(), "7".to_owned())];
        for body in [
            r#"{"id":7,"body":x}"#,
            r#"{"id":7,"body":{"a":1,"b":[2,{"c":3}"#,
            r#"{"id":7,"body":[{"id":1},{"id":2,"c":"#,
            r#"{"id":7,"body"}"#,
            r#"{"id":7,}"#,
            r#"{"id":7"#,
            r#"{"id":7 "body":1}"#,
            r#" {"id":7} x"#,
            r#"{"id":7,"\ud800":1}"#,
        ] {
            assert_eq!(before_fault(body), id(), "{body}");
        }
        for body in [r#"{"id":"#, r#"{"id":[7"#, r#"{"id":{"id":7}"#[..10].into(), "{", "", "x", r#"{"id"}"#] {
            assert_eq!(before_fault(body), [], "{body}");
        }
    }

    /// Nor are those of the elements of an array, which is no envelope.
    #[test]
    fn the_members_inside_another_value_are_no_members_of_the_envelope() {
        for body in [
            r#"[{"id":7,x"#,
            r#"[{"id":7}"#,
            r#"[{"id":7,"a":[{"id":1"#,
            r#"{"a":{"id":7,"b":x}}"#,
            r#"{"a":[{"id":7,"b":x}]}"#,
        ] {
            assert_eq!(before_fault(body), [], "{body}");
        }
    }
}
