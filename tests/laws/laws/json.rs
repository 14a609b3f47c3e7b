//! The strict reading of any bytes against `serde_json`.

use serde_json::{Number, Value};
use user_patch::engine::{self, Document, Fault, Json, Kind, Limits, Malformed};

use super::{Law, tree::Tree};

/// As deep as `serde_json` reads.
const LIMITS: Limits = Limits { max_bytes: None, max_depth: 127 };

/// Every law of a reading.
pub(crate) fn hold(body: &[u8]) -> Law {
    is_what_serde_json_reads(body)?;
    is_one_reading(body)?;
    keeps_within_limits(body)?;
    is_one_level_deeper_by_default(body)
}

/// What we accept, `serde_json` accepts with the same meaning; what only we refuse is a duplicate.
pub(crate) fn is_what_serde_json_reads(body: &[u8]) -> Law {
    let theirs = serde_json::from_slice::<Value>(body);
    match (&Json::parse(body, &LIMITS), &theirs) {
        (Ok(json), Ok(value)) => means(json, value)?,
        // We keep a number as it is written; they have no room for one beyond an `f64`.
        (Ok(json), Err(wrong)) => ensure!(is_out_of_range(wrong) && has_huge_number(json), "{wrong}"),
        // A lone surrogate and a byte order mark they refuse as well.
        (Err(wrong), Ok(_)) => ensure_eq!(wrong.fault(), Fault::Duplicate),
        (Err(_), Err(_)) => {}
    }
    Ok(())
}

/// The value and what `serde_json` made of the same text.
fn means(json: &Json<'_>, value: &Value) -> Law {
    ensure_eq!(json.to_value().ok().as_ref(), Some(value));
    ensure_eq!(json.is_null(), value.is_null());
    ensure_eq!(json.as_bool(), value.as_bool());
    ensure_eq!(json.as_str().as_deref(), value.as_str());
    ensure_eq!(json.clone().into_str().as_deref(), value.as_str());
    match value {
        Value::Number(number) => {
            ensure_eq!(json.kind(), Kind::Number);
            ensure_eq!(json.text().parse::<Number>().ok().as_ref(), Some(number));
            ensure!(json.is_integer() || number.is_f64(), "{number}");
        }
        Value::Array(elements) => {
            ensure_eq!((json.kind(), json.elements().count()), (Kind::Array, elements.len()));
            ensure_eq!(json.strings().count(), elements.len());
            for ((json, string), value) in json.elements().zip(json.strings()).zip(elements) {
                ensure_eq!(string.as_deref(), value.as_str());
                means(&json, value)?;
            }
        }
        Value::Object(members) => {
            ensure_eq!((json.kind(), json.members().count()), (Kind::Object, members.len()));
            for (name, json) in json.members() {
                means(&json, members.get(&*name).ok_or("a name of its own")?)?;
            }
        }
        _ => ensure_eq!(json.members().count() + json.elements().count(), 0),
    }
    Ok(())
}

/// As [`means`], of a document.
fn document_means(value: &engine::Value<'_>, expected: &Value) -> Law {
    match expected {
        Value::Object(members) => {
            ensure_eq!((value.kind(), value.is_object()), (Kind::Object, true));
            ensure_eq!((value.len(), value.is_empty()), (members.len(), members.is_empty()));
            for (name, inside) in value.members() {
                ensure!(value.get(&name) == Some(inside) && value.at(&[&name]) == Some(inside), "{name:?}");
                document_means(&inside, members.get(&*name).ok_or("a name of its own")?)?;
            }
        }
        _ => {
            ensure_eq!((value.is_object(), value.len()), (false, 0));
            ensure_eq!((value.as_bool(), value.as_str().as_deref()), (expected.as_bool(), expected.as_str()));
            means(&value.to_json(), expected)?;
        }
    }
    Ok(())
}

/// `serde_json` has one message for it.
fn is_out_of_range(wrong: &serde_json::Error) -> bool {
    wrong.to_string().starts_with("number out of range")
}

fn has_huge_number(json: &Json<'_>) -> bool {
    match json.kind() {
        Kind::Number => json.text().parse::<f64>().is_ok_and(|number| number.abs() >= 1.797e308),
        Kind::Array => json.elements().any(|element| has_huge_number(&element)),
        Kind::Object => json.members().any(|(_, value)| has_huge_number(&value)),
        _ => false,
    }
}

/// Every fault is somewhere in the body, and its message repeats none of it.
fn has_a_place(wrong: &Malformed, body: &[u8]) -> Law {
    let place = wrong.place();
    let line = place.line.checked_sub(1).and_then(|line| body.split(|&byte| byte == b'\n').nth(line));
    ensure!((1..=line.ok_or("no line of the body")?.len() + 1).contains(&place.column), "{wrong}");
    ensure_eq!(wrong.pointer().as_str().is_empty(), wrong.fault() != Fault::Duplicate);
    let place = format!("{} at line {} column {}", wrong.fault(), place.line, place.column);
    ensure_eq!((wrong.to_string(), format!("{wrong:?}")), (place.clone(), format!("Malformed({place})")));
    Ok(())
}

/// A value and a document are read alike, and what they are written as is read as the same.
pub(crate) fn is_one_reading(body: &[u8]) -> Law {
    let json = Json::parse(body, &LIMITS);
    let document = Document::parse(body, &LIMITS);
    ensure_eq!(document.as_ref().err(), json.as_ref().err());
    let object = Document::parse_object(body, &LIMITS);
    let (json, document) = match (json, document) {
        (Ok(json), Ok(document)) => (json, document),
        (json, _) => {
            ensure_eq!(object.err(), json.as_ref().err().cloned());
            return json.err().map_or(Ok(()), |wrong| has_a_place(&wrong, body));
        }
    };
    match object {
        Ok(object) => ensure!(object == document && json.kind() == Kind::Object, "{document}"),
        Err(wrong) => {
            ensure_eq!(wrong.fault(), Fault::NotAnObject);
            ensure_ne!(json.kind(), Kind::Object);
            has_a_place(&wrong, body)?;
        }
    }
    ensure_eq!(document.text(), json.text());
    if let Ok(value) = json.to_value() {
        document_means(&document.value(), &value)?;
        ensure_eq!(document.value().to_value().ok(), Some(value));
    }
    without_space(&json, &document)?;
    // Members in another order and strings in another spelling are the same value.
    let tree = Tree::of(&json);
    for seed in [1, 7, body.len() as u64] {
        let other = tree.spelled(seed);
        ensure_eq!(Json::parse(other.as_bytes(), &LIMITS).as_ref(), Ok(&json), "{other}");
        ensure_eq!(Document::parse(other.as_bytes(), &LIMITS).as_ref(), Ok(&document), "{other}");
    }
    let owned = document.clone().into_owned();
    ensure_eq!((&owned, owned.text()), (&document, document.text()));
    ensure_eq!(json.clone().into_owned().text(), json.text());
    Ok(())
}

/// Compact is the same value, with no white space left between its tokens.
fn without_space(json: &Json<'_>, document: &Document<'_>) -> Law {
    let (mut inside, mut escaped) = (false, false);
    let kept = json.text().chars().filter(|&character| {
        let quote = character == '"' && !escaped;
        escaped = inside && character == '\\' && !escaped;
        inside ^= quote;
        inside || !character.is_ascii_whitespace()
    });
    let kept: String = kept.collect();
    let compact = json.clone().compact();
    ensure_eq!((compact.text(), &compact), (&*kept, json));
    ensure_eq!(Json::parse(compact.text().as_bytes(), &LIMITS), Ok(compact.clone()));
    let compact = document.compact();
    ensure_eq!((compact.text(), &compact), (&*kept, document));
    ensure_eq!(Json::from(compact).text(), kept);
    Ok(())
}

/// Narrower limits refuse what is beyond them and nothing else.
pub(crate) fn keeps_within_limits(body: &[u8]) -> Law {
    let Ok(json) = Json::parse(body, &LIMITS) else { return Ok(()) };
    let limits = Limits { max_bytes: Some(64), max_depth: 3 };
    let expected = match (body.len(), depth(&json)) {
        (65.., _) => Err(Fault::TooLong { limit: 64 }),
        (_, 4..) => Err(Fault::TooDeep { limit: 3 }),
        _ => Ok(json.text()),
    };
    let narrow = Json::parse(body, &limits);
    ensure_eq!(narrow.as_ref().map(Json::text).map_err(Malformed::fault), expected);
    Ok(())
}

fn depth(json: &Json<'_>) -> usize {
    match json.kind() {
        Kind::Array => 1 + json.elements().map(|element| depth(&element)).max().unwrap_or(0),
        Kind::Object => 1 + json.members().map(|(_, value)| depth(&value)).max().unwrap_or(0),
        _ => 0,
    }
}

/// One level more than `serde_json` reads.
pub(crate) fn is_one_level_deeper_by_default(body: &[u8]) -> Law {
    match (Json::parse(body, &Limits::default()), Json::parse(body, &LIMITS)) {
        (Ok(deeper), Ok(json)) => ensure_eq!(deeper.text(), json.text()),
        (Ok(deeper), Err(wrong)) => {
            ensure_eq!((wrong.fault(), depth(&deeper)), (Fault::TooDeep { limit: 127 }, 128));
            let theirs = serde_json::from_slice::<Value>(body).err().ok_or("it is too deep for both")?;
            let told = theirs.to_string();
            ensure!(told.starts_with("recursion limit exceeded") || is_out_of_range(&theirs), "{theirs}");
        }
        (Err(wrong), Err(other)) => {
            ensure!(wrong == other || other.fault() == Fault::TooDeep { limit: 127 }, "{wrong} is not {other}");
        }
        (Err(wrong), Ok(_)) => return Err(format!("a wider limit accepts more: {wrong}")),
    }
    Ok(())
}
