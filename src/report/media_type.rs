/// Whether a `content-type` is one of these media types (RFC 9110 section 8.3.1): in either case, with or without parameters. A
/// `charset` has to be UTF-8, since JSON has no other (RFC 8259 section 8.1).
///
/// ```
/// use user_patch::report::is_media_type;
///
/// let known = ["application/json", "application/merge-patch+json"];
/// assert!(is_media_type("Application/Merge-Patch+JSON; charset=UTF-8", &known));
/// assert!(!is_media_type("application/json; charset=latin1", &known));
/// assert!(!is_media_type("application/jsonx", &known));
/// ```
pub fn is_media_type(content_type: &str, known: &[&str]) -> bool {
    let end = content_type.find(';').unwrap_or(content_type.len());
    let (name, parameters) = content_type.split_at_checked(end).unwrap_or_default();
    let name = name.trim_matches(OWS);
    known.iter().any(|known| known.eq_ignore_ascii_case(name)) && are_parameters(parameters)
}

/// White space that may stand around a parameter.
const OWS: [char; 2] = [' ', '\t'];

/// Whether this is `*( OWS ";" OWS [ parameter ] )`, with no character set but UTF-8.
fn are_parameters(mut rest: &str) -> bool {
    loop {
        rest = rest.trim_start_matches(OWS);
        if rest.is_empty() {
            return true;
        }
        let Some(after) = rest.strip_prefix(';') else { return false };
        rest = after.trim_start_matches(OWS);
        if rest.is_empty() || rest.starts_with(';') {
            continue;
        }
        let Some((name, after)) = rest.split_once('=') else { return false };
        let Some((value, after)) = value(after) else { return false };
        if !is_token(name) || name.eq_ignore_ascii_case("charset") && !is_utf_8(&value) {
            return false;
        }
        rest = after;
    }
}

/// The value of a parameter, a token or a quoted string, and what comes behind it.
fn value(text: &str) -> Option<(String, &str)> {
    let Some(inside) = text.strip_prefix('"') else {
        let end = text.find(|letter| !is_of_token(letter)).unwrap_or(text.len());
        let (token, rest) = text.split_at_checked(end)?;
        return is_token(token).then(|| (token.to_owned(), rest));
    };
    let (mut value, mut letters) = (String::new(), inside.char_indices());
    while let Some((at, letter)) = letters.next() {
        match letter {
            '"' => return Some((value, inside.get(at + 1..)?)),
            '\\' => value.push(letters.next()?.1),
            letter => value.push(letter),
        }
    }
    None
}

/// The name that is registered, and the one that is widely sent in its place.
fn is_utf_8(charset: &str) -> bool {
    ["utf-8", "utf8"].iter().any(|known| known.eq_ignore_ascii_case(charset))
}

fn is_token(text: &str) -> bool {
    !text.is_empty() && text.chars().all(is_of_token)
}

/// RFC 9110 section 5.6.2.
fn is_of_token(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(letter)
}

#[cfg(test)]
mod tests {
    use super::is_media_type;

    #[test]
    fn a_media_type_is_known_by_its_name_and_not_by_its_spelling() {
        for taken in [
            "application/json",
            "Application/JSON",
            " application/json ",
            "application/json;",
            "application/json ; ;",
            "application/json;charset=utf-8",
            "application/json; charset=UTF-8",
            "application/json; charset=utf8",
            "application/json; Charset=\"utf-8\"",
            "application/json; charset=\"ut\\f-8\"",
            "application/json; odata=verbose; charset=utf-8",
            "application/json; a=\"x;y=\\\"\"; b=c",
        ] {
            assert!(is_media_type(taken, &["application/json"]), "{taken}");
        }
        for other in [
            "",
            ";",
            "application",
            "application/",
            "json",
            "text/json",
            "text/plain",
            "application/jsonx",
            "application/json x",
            "application/json, text/plain",
            "application/json, application/json",
            "application/x-www-form-urlencoded",
            "application/problem+json",
            "application/json; charset=latin1",
            "application/json; charset=utf-16",
            "application/json; charset=utf-8; charset=utf-16",
            "application/json; charset=\"utf-8",
            "application/json; charset=\"utf-8\\",
            "application/json; charset=",
            "application/json; charset",
            "application/json; charset = utf-8",
            "application/json; =utf-8",
            "application/json; é=1",
            "application/json; a=b c",
            "application/json; charset=\"utf-8\" x",
            "application/json; a=é",
        ] {
            assert!(!is_media_type(other, &["application/json"]), "{other}");
        }
    }
}
