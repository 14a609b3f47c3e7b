use std::{borrow::Cow, fmt, time::SystemTime};

use time::{Duration, OffsetDateTime, UtcOffset, format_description::well_known::Rfc3339};

use super::{Json, Kind, Limits};

/// A moment, as JSON APIs write it: RFC 3339 text, or a number of seconds since the Unix epoch.
///
/// The crate has no clock: a moment comes from the caller. Years 0 to 9999, which is all RFC 3339 can write, to the nanosecond:
/// further digits of a second are cut, whether they come as text or as a number. A leap second is the last nanosecond of the
/// second before it.
///
/// Equality is that of moments, however they were written.
///
/// ```
/// use user_patch::engine::Timestamp;
///
/// let now: Timestamp = "2023-11-07T06:31:56.250+01:00".parse()?;
/// assert_eq!(now, "2023-11-07T05:31:56.25Z".parse()?);
/// assert_eq!(now, Timestamp::from_unix_millis(1_699_335_116_250)?);
///
/// assert_eq!(now.to_string(), "2023-11-07T05:31:56.25Z");
/// assert_eq!(now.to_proto_json(), "2023-11-07T05:31:56.250Z");
/// assert_eq!(now.to_seconds(), "1699335116.25");
/// # Ok::<(), user_patch::engine::InvalidTimestamp>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(OffsetDateTime);

/// Not a moment that RFC 3339 can write.
///
/// ```
/// use user_patch::engine::Timestamp;
///
/// assert!("2026-02-29T00:00:00Z".parse::<Timestamp>().is_err()); // No leap year.
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an RFC 3339 date and time between the years 0 and 9999")]
pub struct InvalidTimestamp;

impl Timestamp {
    /// The moment this many milliseconds after the Unix epoch.
    ///
    /// # Errors
    /// Where RFC 3339 cannot write the year.
    pub fn from_unix_millis(millis: i64) -> Result<Self, InvalidTimestamp> {
        OffsetDateTime::UNIX_EPOCH
            .checked_add(Duration::milliseconds(millis))
            .ok_or(InvalidTimestamp)
            .and_then(Self::writable)
    }

    /// The moment this many nanoseconds after the Unix epoch.
    fn from_unix_nanos(nanos: i128) -> Result<Self, InvalidTimestamp> {
        // Not `from_unix_timestamp_nanos`: in `time` 0.3.45 a number that is out of range becomes one within it.
        let seconds = i64::try_from(nanos.div_euclid(1_000_000_000)).map_err(|_| InvalidTimestamp)?;
        let rest = Duration::nanoseconds(nanos.rem_euclid(1_000_000_000) as i64);
        let second = OffsetDateTime::from_unix_timestamp(seconds).map_err(|_| InvalidTimestamp)?;
        second.checked_add(rest).ok_or(InvalidTimestamp).and_then(Self::writable)
    }

    /// The moment this many seconds after the Unix epoch, a JSON number.
    fn from_seconds(number: &str) -> Result<Self, InvalidTimestamp> {
        let is_number = |value: &Json<'_>| value.kind() == Kind::Number;
        let number = Json::parse(number.as_bytes(), &Limits::default()).ok().filter(is_number);
        number.and_then(|number| nanos(number.text())).ok_or(InvalidTimestamp).and_then(Self::from_unix_nanos)
    }

    /// RFC 3339 in UTC, with 0, 3, 6 or 9 digits of a second, as a `google.protobuf.Timestamp` is written in JSON: "Uses RFC
    /// 3339, where generated output will always be Z-normalized and uses 0, 3, 6 or 9 fractional digits." Its years begin with
    /// 1.
    ///
    /// ```
    /// use user_patch::engine::Timestamp;
    ///
    /// let written = |text: &str| Ok::<_, user_patch::engine::InvalidTimestamp>(text.parse::<Timestamp>()?.to_proto_json());
    /// assert_eq!(written("2023-11-07T05:31:56.0Z")?, "2023-11-07T05:31:56Z");
    /// assert_eq!(written("2023-11-07T05:31:56.1239Z")?, "2023-11-07T05:31:56.123900Z");
    /// # Ok::<(), user_patch::engine::InvalidTimestamp>(())
    /// ```
    pub fn to_proto_json(self) -> String {
        let moment = self.0;
        let (year, month, day) = (moment.year(), u8::from(moment.month()), moment.day());
        let (hour, minute, second) = moment.to_hms();
        let fraction = match moment.nanosecond() {
            0 => String::new(),
            nanos if nanos % 1_000_000 == 0 => format!(".{:03}", nanos / 1_000_000),
            nanos if nanos % 1000 == 0 => format!(".{:06}", nanos / 1000),
            nanos => format!(".{nanos:09}"),
        };
        format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}{fraction}Z")
    }

    /// Seconds since the Unix epoch, cut to three decimal places, without trailing zeros: `1646305837.123`.
    pub fn to_seconds(self) -> String {
        let millis = self.0.unix_timestamp_nanos().div_euclid(1_000_000);
        let sign = if millis < 0 { "-" } else { "" };
        let (whole, rest) = (millis.unsigned_abs() / 1000, millis.unsigned_abs() % 1000);
        match rest {
            0 => format!("{sign}{whole}"),
            _ => format!("{sign}{whole}.{rest:03}").trim_end_matches('0').to_owned(),
        }
    }

    /// Whether `text` is an RFC 3339 date and time.
    pub fn is_rfc3339(text: &str) -> bool {
        text.parse::<Self>().is_ok()
    }

    /// Whether `text` is a date and time as a `google.protobuf.Timestamp` is read from JSON: RFC 3339 in the years 1 to 9999,
    /// with upper-case `T` and `Z` (or a numeric offset), at most nine digits of a second, and no second 60, since "all minutes
    /// are 60 seconds long".
    ///
    /// ```
    /// use user_patch::engine::Timestamp;
    ///
    /// assert!(Timestamp::is_proto_json("2023-11-07T05:31:56.123456789Z"));
    /// assert!(Timestamp::is_proto_json("2023-11-07T05:31:56+01:00"));
    /// assert!(!Timestamp::is_proto_json("2023-11-07t05:31:56z"));
    /// assert!(!Timestamp::is_proto_json("0000-11-07T05:31:56Z"));
    /// ```
    pub fn is_proto_json(text: &str) -> bool {
        // Behind `2023-11-07T05:31:56`, the length of which RFC 3339 fixes.
        let fraction = text.get(19..).and_then(|behind| behind.strip_prefix('.')).unwrap_or("");
        text.parse::<Self>().is_ok_and(|Self(moment)| moment.year() > 0)
            && !text.contains(['t', 'z'])
            && text.get(17..19) != Some("60")
            && fraction.bytes().take_while(u8::is_ascii_digit).count() <= 9
    }

    fn writable(moment: OffsetDateTime) -> Result<Self, InvalidTimestamp> {
        match moment.to_offset(UtcOffset::UTC) {
            utc if (0..=9999).contains(&utc.year()) => Ok(Self(utc)),
            _ => Err(InvalidTimestamp),
        }
    }
}

impl TryFrom<SystemTime> for Timestamp {
    type Error = InvalidTimestamp;

    fn try_from(moment: SystemTime) -> Result<Self, InvalidTimestamp> {
        let offset = match moment.duration_since(SystemTime::UNIX_EPOCH) {
            Ok(after) => Duration::try_from(after),
            Err(before) => Duration::try_from(before.duration()).map(|duration| -duration),
        };
        OffsetDateTime::UNIX_EPOCH
            .checked_add(offset.map_err(|_| InvalidTimestamp)?)
            .ok_or(InvalidTimestamp)
            .and_then(Self::writable)
    }
}

impl std::str::FromStr for Timestamp {
    type Err = InvalidTimestamp;

    fn from_str(text: &str) -> Result<Self, InvalidTimestamp> {
        // RFC 3339 section 5.6 has a `T` here; the parser takes any character.
        if !matches!(text.as_bytes().get(10), Some(b'T' | b't')) {
            return Err(InvalidTimestamp);
        }
        // An offset may carry a moment of year 0 or 9999 over the edge, where `to_offset` would panic.
        let moment = OffsetDateTime::parse(text, &Rfc3339).map_err(|_| InvalidTimestamp)?;
        let utc = moment.checked_to_offset(UtcOffset::UTC).ok_or(InvalidTimestamp)?;
        Self::writable(utc)
    }
}

/// RFC 3339 in UTC.
impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.format(&Rfc3339).map_err(|_| fmt::Error)?)
    }
}

impl fmt::Debug for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Timestamp({self})")
    }
}

/// The nanoseconds in a JSON number of seconds, further digits cut. `None` where there are too many for any year.
fn nanos(number: &str) -> Option<i128> {
    let unsigned = number.strip_prefix('-').unwrap_or(number);
    let (mantissa, exponent) = unsigned.split_once(['e', 'E']).unwrap_or((unsigned, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    // An exponent that no integer holds is as good as the largest that one does.
    let furthest = if exponent.starts_with('-') { i64::MIN } else { i64::MAX };
    let exponent = exponent.parse().unwrap_or(furthest);
    let digits = || whole.bytes().chain(fraction.bytes());
    let zeros = digits().take_while(|&digit| digit == b'0').count();
    // How many digits stand before the decimal point, from the first one on that counts.
    let before_point = (whole.len() as i64 - zeros as i64).saturating_add(exponent);
    if digits().nth(zeros).is_none() {
        return Some(0);
    }
    if before_point > 12 {
        return None;
    }
    let nanos = digits().skip(zeros).chain(std::iter::repeat(b'0'));
    let nanos = nanos.take(before_point.saturating_add(9).max(0) as usize);
    let nanos = nanos.fold(0, |nanos, digit| nanos * 10 + i128::from(digit - b'0'));
    Some(if number.starts_with('-') { -nanos } else { nanos })
}

/// Reads RFC 3339 text, or a number of seconds since the Unix epoch.
impl<'de> serde::Deserialize<'de> for Timestamp {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;

        impl<'de> serde::de::Visitor<'de> for Visitor {
            type Value = Timestamp;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an RFC 3339 date and time, or seconds since the Unix epoch")
            }

            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Timestamp, E> {
                text.parse().map_err(E::custom)
            }

            fn visit_u64<E: serde::de::Error>(self, seconds: u64) -> Result<Timestamp, E> {
                Timestamp::from_unix_nanos(i128::from(seconds) * 1_000_000_000).map_err(E::custom)
            }

            fn visit_i64<E: serde::de::Error>(self, seconds: i64) -> Result<Timestamp, E> {
                Timestamp::from_unix_nanos(i128::from(seconds) * 1_000_000_000).map_err(E::custom)
            }

            /// By the shortest text that means this float, which is the one it was read from: 1700000000.1239 is a little
            /// less than it says.
            fn visit_f64<E: serde::de::Error>(self, seconds: f64) -> Result<Timestamp, E> {
                Timestamp::from_seconds(&seconds.to_string()).map_err(E::custom)
            }

            /// With `arbitrary_precision`, which another crate of the build may have switched on, `serde_json` hands over a
            /// number with a fraction as an object with this member.
            fn visit_map<A: serde::de::MapAccess<'de>>(self, mut members: A) -> Result<Timestamp, A::Error> {
                use serde::de::Error;
                match members.next_entry::<Cow<'_, str>, Cow<'_, str>>()? {
                    Some((name, number)) if name == "$serde_json::private::Number" => {
                        Timestamp::from_seconds(&number).map_err(A::Error::custom)
                    }
                    _ => Err(A::Error::invalid_type(serde::de::Unexpected::Map, &self)),
                }
            }
        }

        deserializer.deserialize_any(Visitor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn gives(number: &str, expected: i128) {
        assert_eq!(nanos(number), Some(expected), "{number}");
    }

    #[test]
    fn a_number_is_cut_at_the_ninth_decimal() {
        gives("1", 1_000_000_000);
        gives("1.5", 1_500_000_000);
        gives("1.123456789", 1_123_456_789);
        gives("1.1234567899", 1_123_456_789);
        gives("-1.1234567899", -1_123_456_789);
        gives("0.0000000009", 0);
        gives("-0", 0);
        gives("0.000", 0);
    }

    #[test]
    fn an_exponent_moves_the_point() {
        gives("1e3", 1_000_000_000_000);
        gives("1E+3", 1_000_000_000_000);
        gives("15e-1", 1_500_000_000);
        gives("0.0015e3", 1_500_000_000);
        gives("0.000000000000000000001e21", 1_000_000_000);
        gives("100000000000000000000000000e-26", 1_000_000_000);
        gives("1e-9", 1);
        gives("1e-10", 0);
        gives("0e999999999999999999999", 0);
        gives("1e-999999999999999999999", 0);
    }

    #[test]
    fn what_is_beyond_any_year_is_none() {
        gives("999999999999", 999_999_999_999_000_000_000);
        for number in ["1000000000000", "1e12", "-1e12", "1e999999999999999999999", "9e9223372036854775807"] {
            assert_eq!(nanos(number), None, "{number}");
        }
    }

    /// The shortest text of a float is the one it was read from, up to 15 digits.
    #[test]
    fn a_float_means_its_shortest_text() {
        for millis in 0..1000 {
            let number = format!("1700000000.{millis:03}9");
            let float: f64 = number.parse().unwrap();
            assert_eq!(nanos(&float.to_string()), nanos(&number));
        }
    }
}
