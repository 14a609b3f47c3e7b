//! The strict reading against `serde_json`. The bytes are one body.

use serde_json::{Number, Value};
use user_patch::engine::{Fault, Json, Kind, Limits, Malformed, Node, Object, Reader};

/// As deep as `serde_json` reads.
const LIMITS: Limits = Limits { max_bytes: None, max_depth: 127 };
const DEEPEST: Limits = Limits { max_bytes: None, max_depth: u8::MAX };

/// What we accept, `serde_json` accepts with the same meaning; what only we refuse is a duplicate, a depth or a size.
pub fn run(body: &[u8]) {
    let theirs = serde_json::from_slice::<Value>(body);
    let ours = Json::parse(body, &LIMITS);
    match (&ours, &theirs) {
        (Ok(json), Ok(value)) => means(json, value),
        // We keep a number as it is written; they have no room for one beyond an `f64`.
        (Ok(json), Err(wrong)) => assert!(is_out_of_range(wrong) && has_huge_number(json), "{wrong}"),
        // A lone surrogate and a byte order mark they refuse as well.
        (Err(wrong), Ok(_)) => assert_eq!(wrong.fault(), Fault::Duplicate),
        (Err(_), Err(_)) => {}
    }
    if let Err(wrong) = &ours {
        has_a_place(wrong, body);
    }
    as_node(body, &ours);
    as_object(body, &ours);
    if let Ok(json) = &ours {
        without_space(json);
        within_limits(body, json);
    }
    at_the_default_depth(body, &ours, &theirs);
    as_envelope(body);
}

/// The value and what `serde_json` made of the same text.
fn means(json: &Json<'_>, value: &Value) {
    assert_eq!(&json.to_value().expect("it was read"), value);
    assert_eq!(json.is_null(), value.is_null());
    assert_eq!(json.as_bool(), value.as_bool());
    assert_eq!(json.as_str().as_deref(), value.as_str());
    match value {
        Value::Number(number) => {
            assert_eq!(json.kind(), Kind::Number);
            assert_eq!(json.text().parse::<Number>().expect("a number"), *number);
            assert!(json.is_integer() || number.is_f64());
        }
        Value::Array(elements) => {
            assert_eq!((json.kind(), json.elements().count()), (Kind::Array, elements.len()));
            json.elements().zip(elements).for_each(|(json, value)| means(&json, value));
        }
        Value::Object(members) => {
            assert_eq!((json.kind(), json.members().count()), (Kind::Object, members.len()));
            json.members().for_each(|(name, json)| means(&json, &members[&*name]));
        }
        _ => assert_eq!(json.members().count() + json.elements().count(), 0),
    }
}

/// As [`means`], of a document.
fn node_means(node: &Node, value: &Value) {
    match (node, value) {
        (Node::Object(object), Value::Object(members)) => {
            assert_eq!(object.len(), members.len());
            for (name, node) in object.members() {
                assert!(object.get(name) == Some(node) && object.at(&[name]) == Some(node));
                node_means(node, &members[name]);
            }
        }
        (Node::Leaf(leaf), value) => means(leaf, value),
        (Node::Object(_), _) => panic!("an object is read as an object"),
    }
}

/// `serde_json` has one message for it.
fn is_out_of_range(wrong: &serde_json::Error) -> bool {
    wrong.to_string().starts_with("number out of range")
}

fn has_huge_number(json: &Json<'_>) -> bool {
    match json.kind() {
        Kind::Number => json.text().parse::<f64>().expect("a number").abs() >= 1.797e308,
        Kind::Array => json.elements().any(|element| has_huge_number(&element)),
        Kind::Object => json.members().any(|(_, value)| has_huge_number(&value)),
        _ => false,
    }
}

/// Every fault is somewhere in the body, and its message repeats none of it.
fn has_a_place(wrong: &Malformed, body: &[u8]) {
    let line = wrong.line().checked_sub(1).and_then(|line| body.split(|&byte| byte == b'\n').nth(line));
    assert!((1..=line.expect("a line of the body").len() + 1).contains(&wrong.column()));
    assert_eq!(wrong.pointer().as_str().is_empty(), wrong.fault() != Fault::Duplicate);
    let place = format!("{} at line {} column {}", wrong.fault(), wrong.line(), wrong.column());
    assert_eq!((wrong.to_string(), format!("{wrong:?}")), (place.clone(), format!("Malformed({place})")));
}

fn as_node(body: &[u8], json: &Result<Json<'_>, Malformed>) {
    let node = Node::parse(body, &LIMITS);
    assert_eq!(node.as_ref().err(), json.as_ref().err());
    let (Ok(node), Ok(json)) = (node, json) else { return };
    let text = node.to_string();
    assert_eq!(Node::parse(text.as_bytes(), &LIMITS).as_ref(), Ok(&node));
    assert_eq!(Json::parse(text.as_bytes(), &LIMITS).as_ref(), Ok(json));
    if let Ok(value) = json.to_value() {
        node_means(&node, &value);
        assert_eq!(node.to_value().expect("as the text"), value);
    }
}

fn as_object(body: &[u8], json: &Result<Json<'_>, Malformed>) {
    let object = Object::parse(body, &LIMITS);
    match (&object, json) {
        (Ok(object), Ok(json)) => {
            assert_eq!(json.kind(), Kind::Object);
            assert_eq!(Json::parse(object.to_string().as_bytes(), &LIMITS).as_ref(), Ok(json));
            // Looked up with and without an index.
            let reversed: Vec<_> = object.members().map(|(name, value)| (name, value.to_string())).collect();
            let members = reversed.iter().rev().map(|(name, value)| format!("{}:{value}", Json::string(name)));
            let reversed = format!("{{{}}}", members.collect::<Vec<_>>().join(","));
            assert_eq!(Object::parse(reversed.as_bytes(), &LIMITS).as_ref(), Ok(object));
            assert_eq!(Json::parse(reversed.as_bytes(), &LIMITS).as_ref(), Ok(json));
        }
        (Err(wrong), Ok(json)) => {
            assert_eq!(wrong.fault(), Fault::NotAnObject);
            assert_ne!(json.kind(), Kind::Object);
        }
        (object, Err(wrong)) => assert_eq!(object.as_ref().err(), Some(wrong)),
    }
    // Who drops what is wrong with a value does not make the body well-formed.
    let careless = Reader::read_object(body, &LIMITS, |_, reader| {
        let _ = reader.value();
        Ok(())
    });
    assert_eq!(careless.is_ok(), object.is_ok());
}

/// Compact is the same value, with no white space left between its tokens.
fn without_space(json: &Json<'_>) {
    let compact = json.clone().compact();
    let (mut inside, mut escaped) = (false, false);
    let kept = json.text().chars().filter(|&character| {
        let quote = character == '"' && !escaped;
        escaped = inside && character == '\\' && !escaped;
        inside ^= quote;
        inside || !character.is_ascii_whitespace()
    });
    assert_eq!(compact.text(), kept.collect::<String>());
    assert_eq!(compact, *json);
    assert_eq!(Json::parse(compact.text().as_bytes(), &LIMITS), Ok(compact.clone()));
}

/// Narrower limits refuse what is beyond them and nothing else.
fn within_limits(body: &[u8], json: &Json<'_>) {
    let limits = Limits { max_bytes: Some(64), max_depth: 3 };
    let expected = match (body.len(), depth(json)) {
        (65.., _) => Err(Fault::TooLong { limit: 64 }),
        (_, 4..) => Err(Fault::TooDeep { limit: 3 }),
        _ => Ok(json.text()),
    };
    let narrow = Json::parse(body, &limits);
    assert_eq!(narrow.as_ref().map(Json::text).map_err(Malformed::fault), expected);
}

fn depth(json: &Json<'_>) -> usize {
    match json.kind() {
        Kind::Array => 1 + json.elements().map(|element| depth(&element)).max().unwrap_or(0),
        Kind::Object => 1 + json.members().map(|(_, value)| depth(&value)).max().unwrap_or(0),
        _ => 0,
    }
}

/// One level more than `serde_json` reads.
fn at_the_default_depth(body: &[u8], json: &Result<Json<'_>, Malformed>, theirs: &serde_json::Result<Value>) {
    match (Json::parse(body, &Limits::default()), json) {
        (Ok(deeper), Ok(json)) => assert_eq!(deeper.text(), json.text()),
        (Ok(deeper), Err(wrong)) => {
            assert_eq!((wrong.fault(), depth(&deeper)), (Fault::TooDeep { limit: 127 }, 128));
            let theirs = theirs.as_ref().expect_err("it is too deep for both");
            assert!(theirs.to_string().starts_with("recursion limit exceeded") || is_out_of_range(theirs), "{theirs}");
        }
        (Err(wrong), json) => {
            let json = json.as_ref().expect_err("a wider limit accepts more");
            assert!(wrong == *json || json.fault() == Fault::TooDeep { limit: 127 });
        }
    }
}

/// An envelope has the members that a strict reading has, and leaves to it what is wrong inside them.
fn as_envelope(body: &[u8]) {
    let mut members = Vec::new();
    let envelope = Reader::read_envelope(body, |name, text| {
        members.push((name.to_owned(), text));
        Ok(())
    });
    let strict = Reader::read_object(body, &DEEPEST, |_, reader| reader.value().map(|_| ()));
    match (strict, envelope) {
        (Ok(object), Ok(())) => {
            let read: Vec<_> = object.members().collect();
            assert_eq!(read.len(), members.len());
            for ((name, value), (in_envelope, text)) in read.iter().zip(&members) {
                assert_eq!((&**name, value.text()), (&**in_envelope, *text));
            }
        }
        (Ok(_), Err(wrong)) => panic!("an envelope asks for less: {wrong}"),
        (Err(wrong), Ok(())) => {
            assert!(matches!(wrong.fault(), Fault::Duplicate | Fault::LoneSurrogate), "{wrong}");
            let faults = members.iter().filter_map(|(_, text)| Json::parse(text.as_bytes(), &DEEPEST).err());
            assert!(faults.map(|inside| inside.fault()).any(|fault| fault == wrong.fault()));
        }
        (Err(_), Err(wrong)) => has_a_place(&wrong, body),
    }
}
