//! The filter of a list: "Only users satisfying the provided filter (if specified) will be returned. See
//! <https://google.aip.dev/160> for the filter grammar."
//!
//! The published parsers of that grammar keep no places, so that what is no field could not be pointed at.

mod expression;
mod parser;
mod pattern;
mod seen;

use expression::Expression;
pub(super) use parser::InvalidFilter;
use seen::Seen;

use crate::fireworks::User;

/// Which users are meant.
#[derive(Debug)]
pub(super) struct Filter(Option<Expression>);

impl Filter {
    /// Reads a filter. The empty one means everybody.
    pub(super) fn read(text: &str) -> Result<Self, InvalidFilter> {
        parser::parse(text).map(Self)
    }

    /// Whether it means everybody.
    pub(super) const fn is_empty(&self) -> bool {
        self.0.is_none()
    }

    pub(super) fn takes(&self, user: &User) -> bool {
        self.0.as_ref().is_none_or(|expression| expression.takes(&Seen::of(user)))
    }
}

#[cfg(test)]
mod tests {
    use proptest::{prelude::*, strategy::Union};

    use super::{Filter, parser::InvalidFilter};
    use crate::fireworks::User;

    const ALICE: &str = r#"{"role":"admin","name":"accounts/acme/users/alice","displayName":"Alice \"A\" Ünal","serviceAccount":true,"createTime":"2024-02-01T00:00:00.5Z","email":"alice@example.com","state":"READY","status":{"code":"NOT_FOUND","message":"gone"}}"#;
    const BOB: &str = r#"{"role":"custom","name":"accounts/acme/users/bob","createTime":"2024-03-01T01:00:00+01:00","email":"bob@example.org","state":2,"permissionPreset":"read*only"}"#;
    const EVE: &str = r#"{"role":"user","name":"accounts/acme/users/eve","state":"MADE_UP","status":{}}"#;

    fn users() -> [User; 3] {
        [ALICE, BOB, EVE].map(|text| User::from_json(text.as_bytes()).unwrap())
    }

    /// The initials of those whom a filter means.
    fn meant(filter: &str) -> String {
        let filter = Filter::read(filter).unwrap_or_else(|wrong| panic!("{filter}: {wrong}"));
        let named = users().into_iter().zip(["a", "b", "e"]);
        named.filter(|(user, _)| filter.takes(user)).map(|(_, name)| name).collect()
    }

    #[test]
    fn a_filter_means_what_the_grammar_says() {
        for (filter, names) in [
            ("", "abe"),
            (" \t\n", "abe"),
            // Comparisons, with or without white space, the fields under either name.
            ("role = admin", "a"),
            ("role=admin", "a"),
            ("role != admin", "be"),
            (r#"role = "admin""#, "a"),
            ("role='admin'", "a"),
            ("role > admin", "be"),
            ("role >= custom", "be"),
            ("role < custom", "a"),
            ("role <= custom", "ab"),
            ("displayName = \"\"", "be"),
            (r#"display_name = "Alice \"A\" Ünal""#, "a"),
            ("role = Admin", ""),
            // Wildcards at an end, and a star that is none.
            ("email = *.org", "b"),
            ("email = \"alice*\"", "a"),
            ("email = \"*example*\"", "ab"),
            ("email != *example*", "e"),
            ("email = *", "abe"),
            (r#"permissionPreset = "read\*only""#, "b"),
            (r#"permissionPreset = "read\**""#, "b"),
            // Flags, enums by their names, however they are stored, times in whatever zone.
            ("serviceAccount = true", "a"),
            ("service_account = false", "be"),
            ("serviceAccount != true", "be"),
            ("serviceAccount:true", "a"),
            ("state = READY", "ab"),
            ("state:READY", "ab"),
            // What is stored in no form of the page is nothing, and nothing is not another value.
            ("state != READY", ""),
            ("NOT state = READY", "e"),
            ("createTime > 2024-02-15T00:00:00Z", "b"),
            ("createTime >= \"2024-03-01T00:00:00Z\"", "b"),
            ("createTime = 2024-02-01T01:00:00.500+01:00", "a"),
            ("createTime != 2024-02-01T00:00:00.5Z", "b"),
            ("createTime < 2024-02-15T00:00:00Z", "a"),
            // What is there.
            ("createTime:*", "ab"),
            ("displayName:*", "a"),
            ("-displayName:*", "be"),
            ("serviceAccount:*", "a"),
            ("state:*", "ab"),
            ("status:*", "ae"),
            ("status.code:*", "a"),
            // Fields in an object; one that is not there has none.
            ("status.code = NOT_FOUND", "a"),
            ("status.code = OK", "e"),
            ("status.code != OK", "a"),
            ("status.message : GONE", "a"),
            ("status.message = \"\"", "e"),
            // A text in a text, in whatever case.
            ("email:EXAMPLE", "ab"),
            ("display_name:ünal", "a"),
            ("email:\"ALICE*\"", "a"),
            ("email:*.ORG", "b"),
            // Values that stand alone.
            ("alice", "a"),
            ("\"a\\\" ü\"", "a"),
            ("example.org", "b"),
            ("bob@example.org", "b"),
            ("eve", "e"),
            ("*/eve", "e"),
            ("\".com\"", "a"),
            ("nobody", ""),
            // Joined: OR binds more strongly than AND, and nothing is AND.
            ("role = admin OR role = custom", "ab"),
            ("role = user OR role = admin AND state = READY", "a"),
            ("(role = user) OR (role = admin AND state = READY)", "ae"),
            ("state = READY role = custom", "b"),
            ("acme example NOT org", "a"),
            ("alice OR bob AND custom OR org", "b"),
            ("NOT (role = admin OR role = custom)", "e"),
            ("NOT(role=admin)", "be"),
            ("-role = admin", "be"),
            ("-(role = admin)", "be"),
            ("((( alice )))", "a"),
            // In small letters they are values like any other.
            ("role = admin and email:x", ""),
            ("ANDROID", ""),
        ] {
            assert_eq!(meant(filter), names, "{filter}");
        }
    }

    #[track_caller]
    fn is_refused(filter: &str, at: usize, what: &str) {
        let begin: String = filter.chars().take(80).collect();
        let InvalidFilter { at: found, what: told } = Filter::read(filter).expect_err(&begin);
        assert!(found == at && told.contains(what), "{begin}: {found}: {told}");
    }

    #[test]
    fn what_is_no_filter_is_refused_where_it_is_wrong() {
        is_refused("nick = x", 1, "no field of a user; there are role, name, displayName,");
        is_refused("role = admin AND nick = x", 18, "no field");
        is_refused("\"ü\" AND nick = x", 9, "no field");
        is_refused("status.nick = x", 1, "no field");
        is_refused("role.x = x", 1, "no field");
        is_refused("role =", 7, "a value must stand here");
        is_refused("role = AND", 8, "a value must stand here");
        is_refused("= admin", 1, "a field or a value");
        is_refused("AND role = admin", 1, "a field or a value");
        is_refused("role = admin AND", 17, "a field or a value");
        is_refused("role = admin OR OR alice", 17, "a field or a value");
        is_refused("NOT NOT alice", 5, "a field or a value");
        is_refused("NOT", 4, "a field or a value");
        is_refused("- alice", 2, "a field or a value");
        is_refused("role == admin", 7, "a value must stand here");
        is_refused("role ! admin", 6, "a field or a value");
        is_refused("a, b", 2, "white space, AND or OR");
        is_refused("role = \"admin\"x", 15, "white space, AND or OR");
        is_refused("(alice)(bob)", 8, "white space, AND or OR");
        is_refused("(alice", 1, "not closed");
        is_refused("alice)", 6, "no parenthesis is open");
        is_refused("()", 2, "a field or a value");
        is_refused("role = (admin OR user)", 8, "join comparisons by OR");
        is_refused("role = \"admin", 8, "this quote is not closed");
        is_refused("role = \"a\\n\"", 10, "a backslash stands before");
        is_refused("role = \"a\\", 10, "a backslash stands before");
        is_refused("role = a*n", 8, "a * may stand at the begin and at the end");
        is_refused("\"role\" = admin", 1, "not quoted");
        is_refused("alice AND.x", 10, "must stand behind a keyword");
        is_refused("AND.x", 1, "a field or a value");
        is_refused("alice AND\"bob\"", 10, "must stand behind a keyword");
        is_refused("alice OR\"bob\"", 9, "must stand behind a keyword");
        is_refused("NOT\"alice\"", 4, "must stand behind a keyword");
        is_refused("role = a:b", 9, "white space, AND or OR");
        is_refused("role = admin.", 8, "is to be quoted");
        is_refused("alice OR .com", 10, "is to be quoted");
        is_refused("a..b", 1, "is to be quoted");
        is_refused("prefix(role, \"a\")", 1, "there are no functions");
        is_refused("serviceAccount = yes", 18, "true or false");
        is_refused("serviceAccount > false", 18, "no order");
        is_refused("state = ready", 9, "must be one of STATE_UNSPECIFIED, CREATING, READY");
        is_refused("state < READY", 9, "no order");
        is_refused("status.code = 5", 15, "must be one of OK, CANCELLED");
        is_refused("createTime > yesterday", 14, "RFC 3339");
        is_refused("createTime > 2024-01-01", 14, "RFC 3339");
        is_refused("createTime:2024-01-01T00:00:00Z", 12, "* alone");
        is_refused("status = OK", 10, "a path with a dot names a field in it");
    }

    /// A letter is folded by itself: what a text ends with is found in a longer one too.
    #[test]
    fn a_text_is_found_in_whatever_case() {
        let finds = |name: &str, text: &str| {
            let user = User::new("user").unwrap().with(&["displayName"], name).unwrap();
            [format!("displayName:\"{text}\""), format!("\"{text}\"")]
                .map(|filter| Filter::read(&filter).unwrap().takes(&user))
        };
        let letters = ["ΟΔΟΣ", "οδοσ", "οδος", "Οδος"];
        for text in letters {
            assert_eq!(finds("ΟΔΟΣΑ", text), [true; 2], "{text}");
            assert_eq!(letters.map(|name| finds(name, text)), [[true; 2]; 4], "{text}");
        }
        assert_eq!(finds("\u{130}I", "\u{130}"), [true; 2]);
        assert_eq!(finds("ΟΔΟΣ", "ΟΔΟΣΑ"), [false; 2]);
    }

    /// A filter is anyone's text: it is refused or read, at a cost that grows as its length does.
    #[test]
    fn a_filter_of_any_length_is_answered() {
        let deep = |depth: usize| format!("{}a{}", "(".repeat(depth), ")".repeat(depth));
        assert_eq!(meant(&deep(64)), "abe");
        is_refused(&deep(65), 65, "more than 64 parentheses");
        is_refused(&"(".repeat(65_000), 65, "more than 64 parentheses");
        is_refused(&"(".repeat(1_000_000), 1, "longer than 65536 bytes");
        is_refused(&"- ".repeat(32_000), 2, "a field or a value");
        is_refused(&"NOT ".repeat(16_000), 5, "a field or a value");
        is_refused(&"a ".repeat(257), 513, "more than 256 terms");
        is_refused(&"a OR ".repeat(257), 1281, "more than 256 terms");
        assert_eq!(meant(&"a ".repeat(256)), "abe");
        // One is the sign, the others are what nobody's texts have.
        assert_eq!(meant(&"-".repeat(65_000)), "abe");
        for text in
            [format!("a{}", " ".repeat(60_000)), format!("a{}", " ".repeat(60_000) + "OR b"), "a".repeat(65_536)]
        {
            assert!(Filter::read(&text).is_ok());
        }
        is_refused(&format!("\"{}", "\\\\".repeat(32_000)), 1, "not closed");
    }

    /// A text is read and folded once, however many terms ask for it.
    #[test]
    fn many_terms_fold_a_text_once() {
        let preset = "A\\u00c9".repeat(20_000);
        let user = User::from_json(format!(r#"{{"role":"custom","permissionPreset":"{preset}"}}"#).as_bytes()).unwrap();
        let takes = |filter: &str| {
            let filter = Filter::read(filter).unwrap();
            let once = || {
                let begin = std::time::Instant::now();
                assert!(filter.takes(&user));
                begin.elapsed()
            };
            (0..5).map(|_| once()).min().unwrap()
        };
        let one = takes("aé permissionPreset:aé permissionPreset=A*");
        let many = ["aé ", "permissionPreset:aé ", "permissionPreset=A* "].map(|term| takes(&term.repeat(256)));
        assert!(many.iter().all(|&many| many < one * 32), "{one:?}, {many:?}");
    }

    /// A filter, and whom it means, told without reading it.
    type Told = (String, [bool; 3]);

    fn simple() -> impl Strategy<Value = Told> {
        Union::new(
            [
                ("role = admin", [true, false, false]),
                ("email:example", [true, true, false]),
                ("\"users/eve\"", [false, false, true]),
                ("state!=READY", [false, false, false]),
                ("serviceAccount=false", [false, true, true]),
                ("createTime >= 2024-02-15T00:00:00Z", [false, true, false]),
                ("nobody", [false, false, false]),
            ]
            .map(|(text, told)| Just((text.to_owned(), told))),
        )
    }

    fn both(one: [bool; 3], other: [bool; 3], join: fn(bool, bool) -> bool) -> [bool; 3] {
        std::array::from_fn(|at| join(one[at], other[at]))
    }

    fn any_filter() -> impl Strategy<Value = Told> {
        simple().prop_recursive(6, 40, 3, |inner| {
            let space = prop_oneof![Just(" "), Just("  "), Just("\t"), Just("\n")];
            prop_oneof![
                (inner.clone(), space.clone())
                    .prop_map(|((text, told), space)| (format!("({space}{text}{space})"), told)),
                (inner.clone(), prop_oneof![Just("NOT "), Just("-"), Just("NOT")])
                    .prop_map(|((text, told), not)| (format!("{not}({text})"), told.map(|is_meant| !is_meant))),
                (inner.clone(), inner.clone(), space.clone()).prop_map(|((one, told), (other, also), space)| {
                    (format!("({one}){space}OR{space}({other})"), both(told, also, |one, other| one || other))
                }),
                (inner.clone(), inner, space, prop_oneof![Just(""), Just("AND ")]).prop_map(
                    |((one, told), (other, also), space, and)| {
                        (format!("({one}){space}{and}({other})"), both(told, also, |one, other| one && other))
                    }
                ),
            ]
        })
    }

    proptest! {
        #[test]
        fn parts_are_joined_as_they_are_told((text, told) in any_filter()) {
            let filter = Filter::read(&text);
            prop_assert!(filter.is_ok(), "{text}: {filter:?}");
            prop_assert_eq!(users().map(|user| filter.as_ref().unwrap().takes(&user)), told, "{}", text);
        }

        /// Without parentheses: terms joined by OR, and those by AND.
        #[test]
        fn or_binds_more_strongly_than_and(terms in prop::collection::vec((simple(), any::<bool>()), 1..8)) {
            let (mut text, mut all, mut any) = (String::new(), [true; 3], [false; 3]);
            for (at, ((term, told), is_or)) in terms.iter().enumerate() {
                if at > 0 {
                    text.push_str(if *is_or { " OR " } else { " AND " });
                    if !is_or {
                        all = both(all, any, |one, other| one && other);
                        any = [false; 3];
                    }
                }
                text.push_str(term);
                any = both(any, *told, |one, other| one || other);
            }
            all = both(all, any, |one, other| one && other);
            let filter = Filter::read(&text).unwrap();
            prop_assert_eq!(users().map(|user| filter.takes(&user)), all, "{}", text);
        }

        /// Any text, of what a filter is made of and of anything: it is read or refused within it.
        #[test]
        fn any_text_is_read_or_refused(text in "([()\"'*\\\\:=<>!,. -]|role|state|AND|OR|NOT|true|READY|ü|\\PC){0,40}") {
            match Filter::read(&text) {
                Ok(filter) => users().iter().for_each(|user| { filter.takes(user); }),
                Err(InvalidFilter { at, .. }) => prop_assert!((1..=text.chars().count() + 1).contains(&at), "{at}"),
            }
        }

        /// A value in quotes is any text, and means the user who has it.
        #[test]
        fn a_quoted_value_is_any_text(name in "\\PC{0,20}") {
            let escaped: String = name.chars().flat_map(|letter| match letter {
                '"' | '\\' | '*' => vec!['\\', letter],
                _ => vec![letter],
            }).collect();
            let user = User::new("user").unwrap().with(&["displayName"], name.as_str()).unwrap();
            for filter in [format!("displayName = \"{escaped}\""), format!("NOT displayName != \"{escaped}\"")] {
                prop_assert!(Filter::read(&filter).unwrap().takes(&user), "{filter}");
            }
        }
    }
}
