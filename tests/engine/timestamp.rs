//! RFC 3339, and seconds since the Unix epoch.

use std::time::{Duration, SystemTime};

use serde::{
    Deserialize,
    de::{
        IntoDeserializer,
        value::{F64Deserializer, MapDeserializer},
    },
};
use user_patch::engine::{InvalidTimestamp, Timestamp};

#[track_caller]
fn moment(text: &str) -> Timestamp {
    match text.parse() {
        Ok(moment) => moment,
        Err(wrong) => panic!("{text:?} was refused: {wrong}"),
    }
}

#[track_caller]
fn same(one: &str, other: &str) {
    assert_eq!(moment(one), moment(other));
}

#[track_caller]
fn refuses(text: &str) {
    assert_eq!(text.parse::<Timestamp>(), Err(InvalidTimestamp), "{text:?}");
    assert!(!Timestamp::is_rfc3339(text));
}

#[track_caller]
fn accepts(text: &str) {
    moment(text);
    assert!(Timestamp::is_rfc3339(text));
}

#[track_caller]
fn seconds(text: &str, expected: &str) {
    assert_eq!(moment(text).to_seconds(), expected);
}

#[track_caller]
fn from_json(text: &str) -> Option<Timestamp> {
    serde_json::from_str(text).ok()
}

// RFC 3339, section 5.6.

/// The examples of section 5.8.
#[test]
fn the_examples_of_section_5_8_are_accepted() {
    same("1985-04-12T23:20:50.52Z", "1985-04-12T23:20:50.520Z");
    same("1996-12-19T16:39:57-08:00", "1996-12-20T00:39:57Z");
    accepts("1990-12-31T23:59:60Z");
    accepts("1990-12-31T15:59:60-08:00");
    same("1937-01-01T12:00:27.87+00:20", "1937-01-01T11:40:27.87Z");
}

#[test]
fn an_offset_is_another_spelling_of_the_moment() {
    same("2023-11-07T05:31:56Z", "2023-11-07T05:31:56+00:00");
    same("2023-11-07T05:31:56Z", "2023-11-07T05:31:56-00:00");
    same("2023-11-07T05:31:56Z", "2023-11-07T11:01:56+05:30");
    same("2023-11-07T05:31:56Z", "2023-11-06T21:31:56-08:00");
    same("2023-11-07T05:31:56Z", "2023-11-08T05:30:56+23:59");
}

#[test]
fn a_fraction_may_have_any_number_of_digits() {
    for fraction in ["0", "5", "25", "123", "123456", "123456789", "1234567891234"] {
        accepts(&format!("2023-11-07T05:31:56.{fraction}Z"));
    }
    same("2023-11-07T05:31:56.5Z", "2023-11-07T05:31:56.500000Z");
}

/// "… the "T" and "Z" characters in this syntax may alternatively be lower case "t" or "z" respectively."
#[test]
fn the_letters_may_be_lower_case() {
    same("2023-11-07t05:31:56z", "2023-11-07T05:31:56Z");
}

#[test]
fn a_leap_day_exists_in_leap_years_only() {
    accepts("2024-02-29T00:00:00Z");
    accepts("2000-02-29T00:00:00Z");
    refuses("2023-02-29T00:00:00Z");
    refuses("1900-02-29T00:00:00Z");
}

#[test]
fn a_day_that_no_month_has_is_refused() {
    for day in ["02-30", "04-31", "01-32", "01-00", "00-01", "13-01"] {
        refuses(&format!("2023-{day}T00:00:00Z"));
    }
}

#[test]
fn a_time_that_no_day_has_is_refused() {
    for time in ["24:00:00", "23:60:00", "23:59:61", "12:00:60"] {
        refuses(&format!("2023-06-15T{time}Z"));
    }
}

#[test]
fn a_missing_zone_is_refused() {
    refuses("2023-11-07T05:31:56");
    refuses("2023-11-07T05:31:56.5");
}

#[test]
fn an_offset_of_another_form_is_refused() {
    for offset in
        ["+0530", "+05", "05:30", "+5:30", "+05:60", "+24:00", "+25:00", "UTC", " Z", "+05:30:00", "ZZ", "Z+01:00"]
    {
        refuses(&format!("2023-11-07T05:31:56{offset}"));
    }
}

#[test]
fn a_date_alone_is_refused() {
    for text in ["2023-11-07", "2023-11-07T", "2023-11-07Z", "05:31:56Z"] {
        refuses(text);
    }
}

#[test]
fn another_form_is_refused() {
    for text in [
        "",
        "now",
        "1699335116",
        "2023-11-07T05:31Z",
        "2023-11-07T5:31:56Z",
        "2023-11-7T05:31:56Z",
        "23-11-07T05:31:56Z",
        "20231107T053156Z",
        "2023/11/07T05:31:56Z",
        "2023-11-07T05:31:56.Z",
        "2023-11-07T05:31:56,5Z",
        "2023-W45-2T05:31:56Z",
        "2023-311T05:31:56Z",
        "Tue, 07 Nov 2023 05:31:56 GMT",
        "２023-11-07T05:31:56Z",
    ] {
        refuses(text);
    }
}

#[test]
fn nothing_may_stand_around_it() {
    for text in [
        " 2023-11-07T05:31:56Z",
        "2023-11-07T05:31:56Z ",
        "2023-11-07T05:31:56Z\n",
        "\"2023-11-07T05:31:56Z\"",
        "2023-11-07T05:31:56Z\0",
    ] {
        refuses(text);
    }
}

#[test]
fn the_years_are_0000_to_9999() {
    accepts("0000-01-01T00:00:00Z");
    accepts("9999-12-31T23:59:59.999999999Z");
    for text in ["-0001-01-01T00:00:00Z", "10000-01-01T00:00:00Z", "+2023-01-01T00:00:00Z"] {
        refuses(text);
    }
}

#[test]
fn an_offset_may_not_lead_out_of_these_years() {
    refuses("0000-01-01T00:00:00+00:01");
    refuses("0000-01-01T22:59:59+23:59");
    refuses("9999-12-31T23:59:59-00:01");
    refuses("9999-12-31T00:01:00-23:59");
}

#[test]
fn an_offset_may_lead_to_the_edge_of_these_years() {
    same("0000-01-01T01:00:00+01:00", "0000-01-01T00:00:00Z");
    same("0000-01-01T00:00:00-01:00", "0000-01-01T01:00:00Z");
    same("9999-12-31T22:59:59-01:00", "9999-12-31T23:59:59Z");
    same("9999-12-31T23:59:59+01:00", "9999-12-31T22:59:59Z");
}

#[test]
fn a_leap_second_at_the_edge_of_these_years_is_no_panic() {
    for text in
        ["9999-12-31T23:59:60Z", "9999-12-31T23:59:60-23:59", "0000-01-01T00:00:60+23:59", "0000-01-01T23:59:60+23:59"]
    {
        let _ = text.parse::<Timestamp>();
    }
}

// How it is written.

#[test]
fn display_is_rfc_3339_in_utc() {
    assert_eq!(moment("2023-11-07T05:31:56+05:30").to_string(), "2023-11-07T00:01:56Z");
    assert_eq!(moment("2023-11-07T05:31:56.250Z").to_string(), "2023-11-07T05:31:56.25Z");
    assert_eq!(moment("0000-01-01T00:00:00Z").to_string(), "0000-01-01T00:00:00Z");
}

#[test]
fn what_is_written_is_read_as_the_same_moment() {
    for text in [
        "0000-01-01T00:00:00Z",
        "1969-12-31T23:59:59.999Z",
        "9999-12-31T23:59:59.999999999Z",
        "2023-11-07T05:31:56-08:00",
    ] {
        same(&moment(text).to_string(), text);
    }
}

#[test]
fn debug_shows_the_moment() {
    assert_eq!(format!("{:?}", moment("2023-11-07T05:31:56Z")), "Timestamp(2023-11-07T05:31:56Z)");
}

#[test]
fn seconds_have_up_to_three_decimals() {
    seconds("2023-11-07T05:31:56Z", "1699335116");
    seconds("2023-11-07T05:31:56.5Z", "1699335116.5");
    seconds("2023-11-07T05:31:56.25Z", "1699335116.25");
    seconds("2023-11-07T05:31:56.123Z", "1699335116.123");
    seconds("2023-11-07T05:31:56.001Z", "1699335116.001");
}

#[test]
fn seconds_have_no_trailing_zeros_behind_the_point_and_all_before_it() {
    seconds("1970-01-01T00:16:40Z", "1000");
    seconds("1970-01-01T00:16:40.100Z", "1000.1");
    seconds("1970-01-01T00:00:00Z", "0");
}

#[test]
fn seconds_are_cut_and_not_rounded() {
    seconds("2023-11-07T05:31:56.1239Z", "1699335116.123");
    seconds("2023-11-07T05:31:56.9999999Z", "1699335116.999");
    seconds("1970-01-01T00:00:00.0009Z", "0");
}

#[test]
fn seconds_before_the_epoch_are_negative() {
    seconds("1969-12-31T23:59:59Z", "-1");
    seconds("1969-12-31T23:59:59.750Z", "-0.25");
    seconds("1969-12-31T23:59:58.999Z", "-1.001");
    seconds("0000-01-01T00:00:00Z", "-62167219200");
}

// ProtoJSON: "Uses RFC 3339, where generated output will always be Z-normalized and uses 0, 3, 6 or 9 fractional digits.
// Offsets other than "Z" are also accepted."

#[test]
fn proto_json_has_0_3_6_or_9_digits_of_a_second() {
    for (fraction, expected) in [
        ("", ""),
        (".0", ""),
        (".5", ".500"),
        (".123", ".123"),
        (".001", ".001"),
        (".1230", ".123"),
        (".1239", ".123900"),
        (".000001", ".000001"),
        (".1234567", ".123456700"),
        (".000000001", ".000000001"),
        (".123456789", ".123456789"),
        (".1234567899", ".123456789"),
        (".0000000009", ""),
    ] {
        let text = moment(&format!("2023-11-07T05:31:56{fraction}Z")).to_proto_json();
        assert_eq!(text, format!("2023-11-07T05:31:56{expected}Z"));
        assert!(Timestamp::is_proto_json(&text));
    }
}

#[test]
fn proto_json_is_written_in_utc() {
    assert_eq!(moment("2023-11-07T05:31:56+05:30").to_proto_json(), "2023-11-07T00:01:56Z");
    assert_eq!(moment("0001-01-01T00:00:00Z").to_proto_json(), "0001-01-01T00:00:00Z");
    assert_eq!(moment("9999-12-31T23:59:59.999999999Z").to_proto_json(), "9999-12-31T23:59:59.999999999Z");
}

#[test]
fn proto_json_is_a_part_of_rfc_3339() {
    for text in [
        "2023-11-07T05:31:56Z",
        "2023-11-07T05:31:56.1Z",
        "2023-11-07T05:31:56.123456789Z",
        "2023-11-07T05:31:56.123456789-08:00",
        "2023-11-07T05:31:56+00:00",
        "0001-01-01T00:00:00Z",
        "9999-12-31T23:59:59.999999999Z",
        // In UTC this is in the year 1.
        "0000-12-31T23:30:00-01:00",
    ] {
        assert!(Timestamp::is_proto_json(text), "{text}");
    }
    for text in [
        "2023-11-07t05:31:56Z",
        "2023-11-07T05:31:56z",
        "2023-11-07T05:31:56.1234567890Z",
        "2023-11-07T05:31:56.1234567890+01:00",
        "2016-12-31T23:59:60Z",
        "2016-12-31T15:59:60.5-08:00",
        "0000-12-31T23:59:59Z",
        "0001-01-01T00:30:00+01:00",
        "9999-12-31T23:30:00-01:00",
        "2023-11-07 05:31:56Z",
        "2023-11-07T05:31:56",
        "2023-11-07",
        "２０２３-11-07T05:31:56Z",
        "",
    ] {
        assert!(!Timestamp::is_proto_json(text), "{text}");
    }
}

// Where it comes from.

#[test]
fn equal_moments_are_equal_however_they_are_written() {
    for text in
        ["2020-01-01T00:00:00+00:00", "2020-01-01T00:00:00.000Z", "2020-01-01t00:00:00z", "2019-12-31T19:00:00-05:00"]
    {
        same(text, "2020-01-01T00:00:00Z");
        assert_eq!(moment(text).cmp(&moment("2020-01-01T00:00:00Z")), std::cmp::Ordering::Equal);
    }
    assert_ne!(moment("2020-01-01T00:00:00.000000001Z"), moment("2020-01-01T00:00:00Z"));
}

/// RFC 3339 has any number of digits; a moment has nine of them.
#[test]
fn digits_beyond_the_nanosecond_are_cut() {
    same("2020-01-01T00:00:00.1234567899999999999999999999999999999Z", "2020-01-01T00:00:00.123456789Z");
    same("2020-01-01T00:00:00.0000000009Z", "2020-01-01T00:00:00Z");
    same("1969-12-31T23:59:59.9999999999Z", "1969-12-31T23:59:59.999999999Z");
}

#[test]
fn a_leap_second_is_the_last_nanosecond_before_its_end() {
    same("2016-12-31T23:59:60Z", "2016-12-31T23:59:59.999999999Z");
    assert!(moment("2016-12-31T23:59:60Z") < moment("2017-01-01T00:00:00Z"));
}

#[test]
fn moments_order_by_time() {
    assert!(moment("2023-11-07T05:31:56+01:00") < moment("2023-11-07T05:31:56Z"));
    assert!(moment("2023-11-07T05:31:56.001Z") > moment("2023-11-07T05:31:56Z"));
}

#[test]
fn milliseconds_count_from_the_epoch() {
    let from = |millis| Timestamp::from_unix_millis(millis).unwrap();
    assert_eq!(from(0), moment("1970-01-01T00:00:00Z"));
    assert_eq!(from(1_699_335_116_250), moment("2023-11-07T05:31:56.25Z"));
    assert_eq!(from(-1), moment("1969-12-31T23:59:59.999Z"));
}

#[test]
fn milliseconds_reach_from_year_0000_to_9999() {
    let (first, last) = (-62_167_219_200_000, 253_402_300_799_999);
    assert_eq!(Timestamp::from_unix_millis(first), Ok(moment("0000-01-01T00:00:00Z")));
    assert_eq!(Timestamp::from_unix_millis(last), Ok(moment("9999-12-31T23:59:59.999Z")));
    for millis in [first - 1, last + 1, i64::MIN, i64::MIN + 1, i64::MAX, i64::MAX - 1] {
        assert_eq!(Timestamp::from_unix_millis(millis), Err(InvalidTimestamp));
    }
}

#[test]
fn a_system_time_is_a_moment() {
    let after = SystemTime::UNIX_EPOCH + Duration::from_millis(1_699_335_116_250);
    assert_eq!(Timestamp::try_from(after), Ok(moment("2023-11-07T05:31:56.25Z")));
    let before = SystemTime::UNIX_EPOCH - Duration::from_millis(250);
    assert_eq!(Timestamp::try_from(before), Ok(moment("1969-12-31T23:59:59.75Z")));
    assert_eq!(Timestamp::try_from(SystemTime::UNIX_EPOCH), Ok(moment("1970-01-01T00:00:00Z")));
}

#[test]
fn a_system_time_that_no_calendar_has_is_an_error() {
    for seconds in [253_402_300_800, 1 << 40, 1 << 55, 1 << 62, i64::MAX as u64] {
        let away = Duration::from_secs(seconds);
        // Not every platform has a system time that far away.
        let (after, before) = (SystemTime::UNIX_EPOCH.checked_add(away), SystemTime::UNIX_EPOCH.checked_sub(away));
        for moment in after.into_iter().chain(before) {
            assert_eq!(Timestamp::try_from(moment), Err(InvalidTimestamp));
        }
    }
}

#[test]
fn a_json_string_is_rfc_3339() {
    assert_eq!(from_json(r#""2023-11-07T05:31:56Z""#), Some(moment("2023-11-07T05:31:56Z")));
    for text in [r#""""#, r#""1699335116""#, r#""2023-11-07""#, r#""0000-01-01T00:00:00+01:00""#] {
        assert_eq!(from_json(text), None);
    }
}

#[test]
fn a_json_integer_is_seconds() {
    assert_eq!(from_json("1699335116"), Some(moment("2023-11-07T05:31:56Z")));
    assert_eq!(from_json("-1"), Some(moment("1969-12-31T23:59:59Z")));
    assert_eq!(from_json("0"), Some(moment("1970-01-01T00:00:00Z")));
}

#[test]
fn a_json_float_is_seconds_to_the_millisecond() {
    assert_eq!(from_json("1646305837.123").unwrap().to_seconds(), "1646305837.123");
    assert_eq!(from_json("1699335116.0"), Some(moment("2023-11-07T05:31:56Z")));
    assert_eq!(from_json("-0.25"), Some(moment("1969-12-31T23:59:59.75Z")));
    assert_eq!(from_json("1e3").unwrap().to_seconds(), "1000");
}

#[test]
fn a_json_number_is_cut_and_not_rounded() {
    assert_eq!(from_json("1700000000.1239"), Some(moment("2023-11-14T22:13:20.1239Z")));
    assert_eq!(from_json("1700000000.1239").unwrap().to_seconds(), "1700000000.123");
    assert_eq!(from_json("1700000000.9999").unwrap().to_seconds(), "1700000000.999");
    assert_eq!(from_json("0.0009").unwrap().to_seconds(), "0");
    assert_eq!(from_json("1e-9"), Some(moment("1970-01-01T00:00:00.000000001Z")));
    assert_eq!(from_json("1.9e-9"), Some(moment("1970-01-01T00:00:00.000000001Z")));
    assert_eq!(from_json("1e-300"), Some(moment("1970-01-01T00:00:00Z")));
    assert_eq!(from_json("-1.0000000019"), Some(moment("1969-12-31T23:59:58.999999999Z")));
}

/// A number and a text that say the same are the same.
#[test]
fn a_number_and_a_text_of_one_moment_are_cut_alike() {
    for digits in ["1", "12", "123", "1234", "1239", "9999", "000009"] {
        let (number, text) = (format!("1700000000.{digits}"), format!("2023-11-14T22:13:20.{digits}Z"));
        assert_eq!(from_json(&number), Some(moment(&text)), "{digits}");
    }
}

#[test]
fn what_is_no_time_is_told_what_would_be_one() {
    let wrong = serde_json::from_str::<Timestamp>("[]").unwrap_err().to_string();
    assert!(wrong.contains("expected an RFC 3339 date and time, or seconds since the Unix epoch"), "{wrong}");
}

/// As `serde_json` hands over a number with a fraction where its `arbitrary_precision` is on.
#[test]
fn a_number_of_arbitrary_precision_is_seconds() {
    let from = |number: &str| {
        let members = [("$serde_json::private::Number", number)].into_iter();
        Timestamp::deserialize(MapDeserializer::<_, serde::de::value::Error>::new(members)).ok()
    };
    assert_eq!(from("1700000000.1239").unwrap().to_seconds(), "1700000000.123");
    assert_eq!(from("1.7000000001239E+9").unwrap().to_seconds(), "1700000000.123");
    assert_eq!(from("17000000001239e-4").unwrap().to_seconds(), "1700000000.123");
    assert_eq!(from("1700000000.123456789999"), Some(moment("2023-11-14T22:13:20.123456789Z")));
    assert_eq!(from("-0.250"), Some(moment("1969-12-31T23:59:59.75Z")));
    assert_eq!(from("0e99999999999999999999"), Some(moment("1970-01-01T00:00:00Z")));
    assert_eq!(from("1e-99999999999999999999"), Some(moment("1970-01-01T00:00:00Z")));
    for text in
        ["1e400", "1e99999999999999999999", "-1e13", "", "x", "007", "1.", "+1", "NaN", "inf", "\"1\"", "[1]", "1 2"]
    {
        assert_eq!(from(text), None, "{text}");
    }
}

#[test]
fn a_number_is_read_in_whatever_way_it_is_handed_over() {
    type Wrong = serde::de::value::Error;
    let expected = moment("2023-11-07T05:31:56Z");
    let read = [
        Timestamp::deserialize(IntoDeserializer::<Wrong>::into_deserializer(1_699_335_116_i64)),
        Timestamp::deserialize(IntoDeserializer::<Wrong>::into_deserializer(1_699_335_116_u64)),
        Timestamp::deserialize(IntoDeserializer::<Wrong>::into_deserializer(1_699_335_116_u32)),
        Timestamp::deserialize(IntoDeserializer::<Wrong>::into_deserializer(1_699_335_116_f64)),
        Timestamp::deserialize(IntoDeserializer::<Wrong>::into_deserializer("2023-11-07T05:31:56Z")),
        Timestamp::deserialize(IntoDeserializer::<Wrong>::into_deserializer("2023-11-07T05:31:56Z".to_owned())),
    ];
    for read in read {
        assert_eq!(read.unwrap(), expected);
    }
    assert_eq!(serde_json::from_value::<Timestamp>(serde_json::json!(1_699_335_116.0)).unwrap(), expected);
}

/// What we write as seconds we read as the same moment, for every millisecond of a second and far from the epoch.
#[test]
fn seconds_make_the_round_trip() {
    for base in [0, 1_646_305_837_000, -62_167_219_200_000, 253_402_300_799_000] {
        for millis in base..base + 1000 {
            let before = Timestamp::from_unix_millis(millis).unwrap();
            assert_eq!(from_json(&before.to_seconds()), Some(before));
        }
    }
}

#[test]
fn a_number_out_of_range_is_an_error() {
    for text in [
        "253402300800",
        "-62167219201",
        "9223372036854775807",
        "-9223372036854775808",
        "18446744073709551615",
        "1e300",
        "-1e300",
        "1e18",
    ] {
        assert_eq!(from_json(text), None, "{text}");
    }
}

#[test]
fn a_number_that_is_none_is_an_error() {
    for number in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        let deserializer: F64Deserializer<serde::de::value::Error> = number.into_deserializer();
        assert!(Timestamp::deserialize(deserializer).is_err(), "{number}");
    }
}

#[test]
fn any_other_json_is_an_error() {
    for text in ["null", "true", "[]", "{}", r#"["2023-11-07T05:31:56Z"]"#, r#"{"seconds":"1"}"#, r#"{"seconds":1}"#] {
        assert_eq!(from_json(text), None);
    }
}

#[test]
fn the_refusal_does_not_repeat_the_text() {
    let wrong = serde_json::from_str::<Timestamp>(r#""hunter2""#).unwrap_err();
    assert!(!wrong.to_string().contains("hunter2"));
    assert_eq!(InvalidTimestamp.to_string(), "not an RFC 3339 date and time between the years 0 and 9999");
}
