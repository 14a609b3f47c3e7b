//! The strict reading, on documents in any spelling and on what is left of one.

use proptest::{prelude::*, sample::Index};

use user_patch::proptest::documents;

use super::holds;
use crate::laws::{self, tree::Tree};

fn trees() -> impl Strategy<Value = Tree> {
    documents().prop_map(|text| Tree::read(&text))
}

#[test]
fn a_document_is_read_as_serde_json_reads_it() {
    holds((trees(), any::<u64>()), |(document, seed)| laws::json::hold(document.spelled(*seed).as_bytes()));
}

/// One byte goes, comes or changes.
#[test]
fn a_broken_document_is_refused_as_serde_json_refuses_it() {
    let faults = (trees(), any::<u64>(), any::<Index>(), any::<Option<u8>>(), any::<bool>());
    holds(faults, |(document, seed, at, byte, replaces)| {
        let mut body = document.spelled(*seed).into_bytes();
        let at = at.index(body.len());
        match byte {
            Some(byte) if *replaces => body[at] = *byte,
            Some(byte) => body.insert(at, *byte),
            None => _ = body.remove(at),
        }
        laws::json::hold(&body)
    });
}

#[test]
fn any_bytes_are_decided() {
    holds(any::<Vec<u8>>(), |body| laws::json::hold(body));
}

/// The envelope of a line leaves to a strict reading what is wrong inside it.
#[test]
fn any_line_is_answered() {
    holds(any::<Vec<u8>>(), |line| laws::exchange::any_line_is_answered(line));
    let lines = (trees(), any::<u64>(), any::<Index>(), any::<u8>(), any::<bool>());
    holds(lines, |(document, seed, at, byte, replaces)| {
        let (text, ends) = (document.spelled(*seed), br#","id":"any"}"#);
        let mut line = [br#"{"vendor":"trusted-twin","patch":{},"user":"#, text.as_bytes(), ends].concat();
        if *replaces {
            let at = at.index(line.len());
            line[at] = *byte;
        }
        laws::exchange::any_line_is_answered(&line)
    });
}
