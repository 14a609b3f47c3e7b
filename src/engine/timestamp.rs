use std::{fmt, time::SystemTime};

use time::{Duration, OffsetDateTime, UtcOffset, format_description::well_known::Rfc3339};

/// A moment, as JSON APIs write it: RFC 3339 text, or seconds since the Unix epoch to three decimal places.
///
/// The crate has no clock: a moment comes from the caller. Years 0 to 9999, which is all RFC 3339 can write.
///
/// ```
/// use user_patch::engine::Timestamp;
///
/// let now: Timestamp = "2023-11-07T05:31:56Z".parse()?;
/// assert_eq!(now.to_seconds(), "1699335116");
/// assert_eq!(Timestamp::from_unix_millis(1_699_335_116_250)?.to_seconds(), "1699335116.25");
/// # Ok::<(), user_patch::engine::InvalidTimestamp>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(OffsetDateTime);

/// Not a moment that RFC 3339 can write.
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

/// Reads RFC 3339 text, or a number of seconds since the Unix epoch.
impl<'de> serde::Deserialize<'de> for Timestamp {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;

        impl serde::de::Visitor<'_> for Visitor {
            type Value = Timestamp;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an RFC 3339 date and time, or seconds since the Unix epoch")
            }

            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Timestamp, E> {
                text.parse().map_err(E::custom)
            }

            fn visit_u64<E: serde::de::Error>(self, seconds: u64) -> Result<Timestamp, E> {
                let seconds = i64::try_from(seconds).map_err(|_| E::custom(InvalidTimestamp))?;
                self.visit_i64(seconds)
            }

            fn visit_i64<E: serde::de::Error>(self, seconds: i64) -> Result<Timestamp, E> {
                let millis = seconds.checked_mul(1000).ok_or_else(|| E::custom(InvalidTimestamp))?;
                Timestamp::from_unix_millis(millis).map_err(E::custom)
            }

            fn visit_f64<E: serde::de::Error>(self, seconds: f64) -> Result<Timestamp, E> {
                if seconds.is_nan() {
                    return Err(E::custom(InvalidTimestamp));
                }
                // A float cast saturates, and what saturates is no year that RFC 3339 can write.
                #[allow(clippy::cast_possible_truncation)]
                let millis = (seconds * 1000.0).round() as i64;
                Timestamp::from_unix_millis(millis).map_err(E::custom)
            }
        }

        deserializer.deserialize_any(Visitor)
    }
}
