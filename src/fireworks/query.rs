//! The field mask in the query of a request.

/// The field mask that the query of an update has: `updateMask`, or `update_mask`, as a gateway takes either name of a field. Its
/// paths are joined by commas, in one parameter or in several; where no path is given there is no mask.
///
/// The names and values are `application/x-www-form-urlencoded`. What is no UTF-8 names no field, so that the mask is refused.
///
/// ```
/// use user_patch::fireworks::mask_of_query;
///
/// assert_eq!(mask_of_query("updateMask=role%2CdisplayName").as_deref(), Some("role,displayName"));
/// assert_eq!(mask_of_query("updateMask=role&v=1&update_mask=email").as_deref(), Some("role,email"));
/// assert_eq!(mask_of_query("updateMask="), None);
/// ```
// The gateway's own parser refuses a second parameter; to join them is what its `repeated paths` means.
pub fn mask_of_query(query: &str) -> Option<String> {
    let masks = parameters(query).filter(|(name, _)| ["updateMask", "update_mask"].contains(&&**name));
    let masks: Vec<_> = masks.map(|(_, mask)| mask).filter(|mask| !mask.is_empty()).collect();
    (!masks.is_empty()).then(|| masks.join(","))
}

/// The names and values of a query.
pub(crate) fn parameters(query: &str) -> impl Iterator<Item = (String, String)> {
    let pairs = query.split('&').filter(|pair| !pair.is_empty());
    pairs.map(|pair| pair.split_once('=').unwrap_or((pair, ""))).map(|(name, value)| (decoded(name), decoded(value)))
}

fn decoded(text: &str) -> String {
    let (mut bytes, mut rest) = (Vec::with_capacity(text.len()), text.as_bytes());
    while let Some((&first, after)) = rest.split_first() {
        let (byte, after) = escaped(rest).unwrap_or((if first == b'+' { b' ' } else { first }, after));
        bytes.push(byte);
        rest = after;
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// The byte that a text begins with as `%` and two digits, and what comes behind it.
fn escaped(text: &[u8]) -> Option<(u8, &[u8])> {
    let [b'%', high, low, behind @ ..] = text else { return None };
    Some((digit(*high)? << 4 | digit(*low)?, behind))
}

/// The value of a hexadecimal digit.
fn digit(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}

#[cfg(test)]
mod tests {
    use super::mask_of_query;

    #[track_caller]
    fn is(query: &str, mask: &str) {
        assert_eq!(mask_of_query(query).unwrap_or_default(), mask, "{query}");
    }

    #[test]
    fn a_mask_is_found_whatever_stands_around_it() {
        is("", "");
        is("&&", "");
        is("a=b&updatemask=role&updateMasks=role&updateMask", "");
        is("updateMask=role", "role");
        is("a&updateMask=role,email&b=%", "role,email");
        is("update%4Dask=role", "role");
        is("updateMask=&updateMask=role&updateMask=&update_mask=email,role", "role,email,role");
    }

    #[test]
    fn what_is_escaped_is_decoded_and_nothing_else() {
        is("updateMask=display%5fname%2cRole", "display_name,Role");
        is("updateMask=a+b%20c%2B", "a b c+");
        is("updateMask=%&updateMask=%2&updateMask=%g0&updateMask=%0g&updateMask=%%2c", "%,%2,%g0,%0g,%,");
        is("updateMask=%C3%A9é%FF", "éé\u{fffd}");
        is("updateMask=a=b", "a=b");
    }
}
