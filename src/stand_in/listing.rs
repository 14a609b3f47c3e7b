//! How a list of Fireworks is asked for: which users, in which order, from where on, and which of their fields.

use std::{cmp::Ordering, fmt};

use super::{
    field::{Field, Form, Got},
    filter::Filter,
};
use crate::{
    engine::{FieldMask, Json, Limits, ObjectWriter},
    fireworks::{User, UserId, parameters},
};

/// How many users a page has, and the most that it has: "The maximum page_size is 200, values above 200 will be coerced to 200.
/// If unspecified, the default is 50."
const PAGE_SIZE: usize = 50;
const PAGE_SIZE_MOST: usize = 200;

/// Why a list or its form cannot be had: what is wrong with which argument.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(super) struct InvalidArgument(String);

/// What a list is asked for by.
#[derive(Debug)]
pub(super) struct Listing {
    pub(super) size: usize,
    pub(super) filter: Filter,
    pub(super) order: Order,
    pub(super) fields: ReadMask,
    /// Behind whom the page begins.
    pub(super) after: Option<Last>,
    /// What a token is bound to.
    arguments: u64,
}

/// The last argument of one of two names, as a gateway takes either.
pub(super) fn argument(query: &str, names: [&str; 2]) -> Option<String> {
    parameters(query).filter(|(name, _)| names.contains(&&**name)).map(|(_, value)| value).last()
}

/// How many users a page is to have: an int32, of which 0 is none that was asked for.
fn size(text: &str) -> Result<usize, InvalidArgument> {
    let is_digits = text.bytes().all(|byte| byte.is_ascii_digit());
    match text.parse::<i32>() {
        _ if text.is_empty() => Ok(PAGE_SIZE),
        Ok(0) if is_digits => Ok(PAGE_SIZE),
        Ok(size) if is_digits => Ok(usize::try_from(size).unwrap_or(PAGE_SIZE_MOST).min(PAGE_SIZE_MOST)),
        _ => Err(InvalidArgument(format!("pageSize must be a number from 0 to {}, of digits alone", i32::MAX))),
    }
}

impl Listing {
    /// Reads a query on the users of an account.
    pub(super) fn read(account: &str, query: &str) -> Result<Self, InvalidArgument> {
        let argument = |names: [&str; 2]| argument(query, names).unwrap_or_default();
        let size = size(&argument(["pageSize", "page_size"]))?;
        let (filter, order) = (argument(["filter"; 2]), argument(["orderBy", "order_by"]));
        let fields = argument(READ_MASK);
        let arguments = digest([account, &filter, &order, &fields]);
        let filter = Filter::read(&filter).map_err(|wrong| InvalidArgument(wrong.to_string()))?;
        let (order, fields) = (order.parse()?, fields.parse()?);
        let after = match &*argument(["pageToken", "page_token"]) {
            "" => None,
            token => Some(Last::read(token, arguments, &order)?),
        };
        Ok(Self { size, filter, order, fields, after, arguments })
    }

    /// Whether the store has its pages as they are: everybody, by name.
    pub(super) fn is_by_name(&self) -> bool {
        self.filter.is_empty() && self.order.0.is_empty()
    }

    /// The token of the page behind this user.
    pub(super) fn token(&self, id: &str, user: &User) -> String {
        Last { id: id.to_owned(), values: self.order.values(user) }.token(self.arguments)
    }

    /// Of users in the order of their names those whom the filter means, in the order that is asked for.
    pub(super) fn selected(&self, users: Vec<(String, User)>) -> Vec<(String, User)> {
        let meant = users.into_iter().filter(|(_, user)| self.filter.takes(user));
        let mut meant: Vec<_> = meant.map(|named| (self.order.values(&named.1), named)).collect();
        // Those that are equal stay in the order of their names.
        meant.sort_by(|(one, _), (other, _)| self.order.of(one, other));
        meant.into_iter().map(|(_, named)| named).collect()
    }

    /// Where in a list the page begins: at the first user who comes behind the one whom the last page ended with, as that one was
    /// then. It does not matter where that one, or anybody else who was told, is now.
    pub(super) fn begin(&self, list: &[(String, User)]) -> usize {
        let Some(after) = &self.after else { return 0 };
        list.partition_point(|(id, user)| {
            self.order.of(&self.order.values(user), &after.values).then_with(|| (**id).cmp(&*after.id)).is_le()
        })
    }
}

/// What a user is ordered by: what it has in each field of an order.
type Values = Vec<Option<Got<'static>>>;

/// "A comma-separated list of fields to order by. […] The default sort order is ascending. To specify a descending order for a
/// field, append a " desc" suffix. […] Subfields are specified with a "." character. […] If not specified, the default order is
/// by "name"."
#[derive(Debug, Default)]
pub(super) struct Order(Vec<(Field, bool)>);

impl Order {
    fn values(&self, user: &User) -> Values {
        self.0.iter().map(|(field, _)| field.ordered(user)).collect()
    }

    /// What is not there comes first.
    fn of(&self, one: &Values, other: &Values) -> Ordering {
        let values = one.iter().zip(other).zip(&self.0);
        let mut orders = values.map(|((one, other), (_, is_descending))| {
            let order = match (one, other) {
                (Some(one), Some(other)) => one.order(other).unwrap_or(Ordering::Equal),
                (one, other) => one.is_some().cmp(&other.is_some()),
            };
            if *is_descending { order.reverse() } else { order }
        });
        orders.find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
    }
}

impl std::str::FromStr for Order {
    type Err = InvalidArgument;

    /// White space around a name or between it and its suffix is of no meaning (AIP-132).
    fn from_str(text: &str) -> Result<Self, InvalidArgument> {
        let mut fields: Vec<(Field, bool)> = Vec::new();
        if text.trim().is_empty() {
            return Ok(Self(fields));
        }
        for (at, part) in text.split(',').enumerate() {
            let wrong = |what: fmt::Arguments<'_>| InvalidArgument(format!("orderBy, field {}: {what}", at + 1));
            let mut words = part.split_whitespace();
            let path = words.next().ok_or_else(|| wrong(format_args!("a field must stand here")))?;
            let is_descending = match (words.next(), words.next()) {
                (None, _) => false,
                (Some("desc"), None) => true,
                _ => return Err(wrong(format_args!("behind the path of a field desc may stand, and nothing else"))),
            };
            let Some(field) = Field::named(path) else {
                return Err(wrong(format_args!("no field of a user; there are {}", Field::paths())));
            };
            if field.form() == Form::Message {
                return Err(wrong(format_args!("an object has no order; a path with a dot names a field in it")));
            }
            if fields.iter().any(|(earlier, _)| *earlier == field) {
                return Err(wrong(format_args!("must not come twice")));
            }
            fields.push((field, is_descending));
        }
        Ok(Self(fields))
    }
}

const READ_MASK: [&str; 2] = ["readMask", "read_mask"];

/// "The fields to be returned in the response. If empty or "*", all fields will be returned."
#[derive(Debug, Default)]
pub(super) struct ReadMask(Option<FieldMask>);

impl ReadMask {
    /// The mask of a query.
    pub(super) fn of_query(query: &str) -> Result<Self, InvalidArgument> {
        argument(query, READ_MASK).unwrap_or_default().parse()
    }

    /// What a user's JSON has of the fields. What the page does not name is there where all is.
    pub(super) fn of(&self, user: String) -> String {
        let Some(mask) = &self.0 else { return user };
        let Ok(whole) = Json::parse(user.as_bytes(), &Limits::STORED) else { return user };
        let mut out = String::new();
        let mut writer = ObjectWriter::new(&mut out);
        for (name, value) in whole.members() {
            let Some((_, path, _)) = Field::ALL.iter().find(|(camel, _, _)| *camel == name) else { continue };
            if mask.covers(path) {
                writer.json(&name, &value);
            } else if mask.paths().any(|inner| inner.strip_prefix(path).is_some_and(|rest| rest.starts_with('.'))) {
                let mut inside = ObjectWriter::new(writer.member(&name));
                for (inner, value) in value.members().filter(|(inner, _)| mask.covers(&format!("{path}.{inner}"))) {
                    inside.json(&inner, &value);
                }
                inside.end();
            }
        }
        writer.end();
        out
    }
}

impl std::str::FromStr for ReadMask {
    type Err = InvalidArgument;

    fn from_str(text: &str) -> Result<Self, InvalidArgument> {
        let wrong = |what: fmt::Arguments<'_>| InvalidArgument(format!("readMask: {what}"));
        let mask: FieldMask = text.parse().map_err(|invalid| wrong(format_args!("{invalid}")))?;
        if mask.is_empty() || mask.is_all() {
            return Ok(Self(None));
        }
        let is_known = |path: &str| Field::ALL.iter().any(|(_, known, _)| *known == path);
        let every_is_known = mask.given().all(is_known);
        if !every_is_known {
            return Err(wrong(format_args!("a path names no field of a user; there are {}", Field::paths())));
        }
        Ok(Self(Some(mask)))
    }
}

/// Whom a page ended with, and what that one was ordered by.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Last {
    pub(super) id: String,
    values: Values,
}

impl Last {
    /// In hexadecimal, so that nobody takes it for an id: the arguments, the values with their lengths, who.
    fn token(&self, arguments: u64) -> String {
        let mut whole = format!("{arguments:016x}");
        for value in &self.values {
            let text = value.as_ref().map(Got::text);
            whole.push_str(&text.map_or("-".to_owned(), |text| format!("{}:{text}", text.len())));
        }
        whole.push_str(&self.id);
        whole.bytes().map(|byte| format!("{byte:02x}")).collect()
    }

    /// "When paginating, all other parameters provided to ListUsers must match the call that provided the page token." The size
    /// of a page alone may be another (AIP-158).
    fn read(token: &str, arguments: u64, order: &Order) -> Result<Self, InvalidArgument> {
        let no_token = || InvalidArgument("pageToken must be the nextPageToken of a list".to_owned());
        let whole = text_of(token).ok_or_else(no_token)?;
        let (given, rest) = whole.split_at_checked(16).ok_or_else(no_token)?;
        if given != format!("{arguments:016x}") {
            let is_digest = given.bytes().all(|digit| matches!(digit, b'0'..=b'9' | b'a'..=b'f'));
            let what = "pageToken must come with the filter, orderBy and readMask of the list that gave it";
            return Err(if is_digest { InvalidArgument(what.to_owned()) } else { no_token() });
        }
        // What could be written otherwise, no list has given.
        Self::parts(rest, order).filter(|last| last.token(arguments) == token).ok_or_else(no_token)
    }

    fn parts(mut rest: &str, order: &Order) -> Option<Self> {
        let mut values = Vec::new();
        for (field, _) in &order.0 {
            if let Some(behind) = rest.strip_prefix('-') {
                values.push(None);
                rest = behind;
                continue;
            }
            let (length, behind) = rest.split_once(':')?;
            let (text, behind) = behind.split_at_checked(length.parse().ok()?)?;
            values.push(Some(Got::read(field.form(), text)?));
            rest = behind;
        }
        let id: UserId = rest.parse().ok()?;
        Some(Self { id: id.as_str().to_owned(), values })
    }
}

/// The text that is written in hexadecimal.
fn text_of(hexadecimal: &str) -> Option<String> {
    let digits: Option<Vec<u32>> = hexadecimal.chars().map(|digit| digit.to_digit(16)).collect();
    let bytes: Option<Vec<u8>> = digits?
        .chunks(2)
        .map(|pair| match pair {
            [high, low] => u8::try_from(high << 4 | low).ok(),
            _ => None,
        })
        .collect();
    String::from_utf8(bytes?).ok()
}

/// A number that other arguments do not have, but by chance: FNV-1a, the same in every process, so that a token outlives one. It
/// guards nothing: whoever has a token may ask for the whole list.
fn digest(arguments: [&str; 4]) -> u64 {
    let bytes = arguments.iter().flat_map(|text| text.bytes().map(u16::from).chain([256]));
    bytes.fold(0xcbf2_9ce4_8422_2325_u64, |digest, byte| (digest ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::{Got, Listing, Order, ReadMask};
    use crate::fireworks::User;

    const USERS: [(&str, &str); 4] = [
        (
            "alice",
            r#"{"role":"user","displayName":"Z","createTime":"2024-03-01T00:00:00Z","state":"READY","status":{"code":"NOT_FOUND"}}"#,
        ),
        (
            "bob",
            r#"{"role":"admin","displayName":"A","createTime":"2024-03-01T00:00:00+01:00","serviceAccount":true,"state":1}"#,
        ),
        ("carol", r#"{"role":"user","displayName":"é","status":{"message":"m"}}"#),
        ("dave", r#"{"role":"admin","createTime":"2024-01-01T00:00:00Z","state":"MADE_UP"}"#),
    ];

    fn users() -> Vec<(String, User)> {
        USERS.map(|(id, text)| (id.to_owned(), User::from_json(text.as_bytes()).unwrap())).into()
    }

    fn listing(query: &str) -> Listing {
        Listing::read("acme", query).unwrap_or_else(|wrong| panic!("{query}: {wrong}"))
    }

    /// The initials, in their order.
    #[track_caller]
    fn ordered(order: &str) -> String {
        let listing = Listing { order: order.parse().unwrap(), ..listing("") };
        listing.selected(users()).iter().map(|(id, _)| &id[..1]).collect()
    }

    #[test]
    fn users_are_ordered_by_fields() {
        for (order, names) in [
            ("", "abcd"),
            (" ", "abcd"),
            ("role", "bdac"),
            ("role desc", "acbd"),
            ("role,displayName", "dbac"),
            ("role , display_name  desc", "bdca"),
            ("create_time", "cdba"),
            ("createTime desc", "abdc"),
            ("serviceAccount desc", "bacd"),
            // By the numbers of the enum; what is stored in no form of the page comes first, as what is not there does.
            ("state", "dcba"),
            ("status.code", "bdca"),
            ("status.code desc,role", "acbd"),
            ("status.message desc", "cabd"),
        ] {
            assert_eq!(ordered(order), names, "{order}");
        }
    }

    #[test]
    fn what_is_no_order_is_refused() {
        for (order, told) in [
            ("nick", "orderBy, field 1: no field of a user; there are role, name,"),
            ("role,,email", "orderBy, field 2: a field must stand here"),
            ("role asc", "orderBy, field 1: behind the path of a field desc may stand, and nothing else"),
            ("role desc desc", "orderBy, field 1: behind the path"),
            ("role,status", "orderBy, field 2: an object has no order"),
            ("createTime,create_time desc", "orderBy, field 2: must not come twice"),
            ("role DESC", "orderBy, field 1: behind the path"),
        ] {
            let wrong = order.parse::<Order>().unwrap_err().to_string();
            assert!(wrong.starts_with(told), "{order}: {wrong}");
        }
    }

    #[test]
    fn a_mask_leaves_fields_out() {
        let user = r#"{"role":"user","displayName":"A","status":{"code":"OK","message":"m","x":1},"x":1}"#;
        for (mask, left) in [
            ("", user),
            ("*", user),
            ("role", r#"{"role":"user"}"#),
            ("displayName,role", r#"{"role":"user","displayName":"A"}"#),
            ("display_name", r#"{"displayName":"A"}"#),
            ("email", "{}"),
            ("status.code", r#"{"status":{"code":"OK"}}"#),
            ("status.code,status", r#"{"status":{"code":"OK","message":"m","x":1}}"#),
        ] {
            assert_eq!(mask.parse::<ReadMask>().unwrap().of(user.to_owned()), left, "{mask}");
        }
        for (mask, told) in [
            ("nick", "readMask: a path names no field of a user; there are role, name,"),
            ("role,status.nick", "readMask: a path names no field"),
            ("role,", "readMask: a path of the field mask has an empty part"),
            ("role,*", "readMask: `*` must be the whole field mask"),
        ] {
            let wrong = mask.parse::<ReadMask>().unwrap_err().to_string();
            assert!(wrong.starts_with(told), "{mask}: {wrong}");
        }
    }

    fn user(text: &str) -> User {
        User::from_json(text.as_bytes()).unwrap()
    }

    #[test]
    fn a_token_is_bound_to_its_arguments() {
        let asked = "filter=role%3Duser&orderBy=email&readMask=role";
        let token = listing(asked).token("bob", &user(r#"{"role":"user","email":"b@x.org"}"#));
        let again = listing(&format!("{asked}&pageToken={token}")).after.unwrap();
        assert_eq!((&*again.id, again.values), ("bob", vec![Some(Got::Text("b@x.org".into()))]));
        assert!(
            Listing::read("acme", &format!("{asked}&page_size=3&page_token={token}")).is_ok(),
            "the size may change"
        );
        let wrong = |account: &str, query: &str| {
            Listing::read(account, &format!("{query}&pageToken={token}")).unwrap_err().to_string()
        };
        let bound = "pageToken must come with the filter, orderBy and readMask of the list that gave it";
        assert_eq!(wrong("other", asked), bound);
        for query in [
            "",
            "filter=role%3Dadmin&orderBy=email&readMask=role",
            "filter=role%3Duser&readMask=role",
            "filter=role%3Duser&orderBy=email",
            "filter=role%3Duseremail&orderBy=&readMask=role",
        ] {
            assert_eq!(wrong("acme", query), bound, "{query}");
        }
        for token in ["zz", "abc", "00", "é", "fffe", &token[..20]] {
            let wrong = Listing::read("acme", &format!("pageToken={token}")).unwrap_err().to_string();
            assert_eq!(wrong, "pageToken must be the nextPageToken of a list", "{token}");
        }
    }

    /// What nobody was given: other writings of a token, and what no user has.
    #[test]
    fn a_token_that_no_list_gave_is_refused() {
        let query = "orderBy=displayName,createTime,serviceAccount,state";
        let asked = listing(query);
        let hexadecimal = |text: &str| text.bytes().map(|byte| format!("{byte:02x}")).collect::<String>();
        let digest = format!("{:016x}", asked.arguments);
        let forged = |rest: &str| hexadecimal(&format!("{digest}{rest}"));
        let told = user(r#"{"role":"user","displayName":"é:-","createTime":"2024-03-01T01:00:00+01:00","state":1}"#);
        assert_eq!(asked.token("bob", &told), forged("4:é:-20:2024-03-01T00:00:00Z5:false1:1bob"));
        assert_eq!(asked.token("bob", &user(r#"{"role":"user"}"#)), forged("0:-5:false1:0bob"));
        let long = "é".repeat(257);
        let cut = user(&format!(r#"{{"role":"user","displayName":"{long}"}}"#));
        assert_eq!(asked.token("bob", &cut), forged(&format!("512:{}-5:false1:0bob", &long[..512])));
        for right in ["0:-5:false1:0bob", "-----bob"] {
            let read = Listing::read("acme", &format!("{query}&pageToken={}", forged(right)));
            assert_eq!(read.is_ok(), right.starts_with('0'), "{right}");
        }
        let wrong = [
            "bob",
            "0:-5:false1:0",
            "0:-5:false1:0B",
            "+0:-5:false1:0bob",
            "00:-5:false1:0bob",
            "0:-4:fals1:0bob",
            "0:-5:false2:+0bob",
            "0:20:2024-03-01t00:00:00Z5:false1:0bob",
            "1:é-5:false1:0bob",
            "9:-5:false1:0bob",
            "99999999999999999999999:-5:false1:0bob",
            "0:0:5:false1:0bob",
        ];
        let long = format!("514:{long}-5:false1:0bob");
        let wrong = wrong.into_iter().chain([&*long]).map(forged);
        let right = forged("0:-5:false1:0bob");
        let others = [
            right.to_uppercase(),
            format!("2b{}", &right[2..]),
            hexadecimal(&digest.to_uppercase()) + &right[32..],
            right.clone() + "0",
        ];
        for token in wrong.chain(others) {
            let wrong = Listing::read("acme", &format!("{query}&pageToken={token}")).unwrap_err().to_string();
            assert_eq!(wrong, "pageToken must be the nextPageToken of a list", "{token}");
        }
    }

    /// Whom a page ended with may be elsewhere or gone when the next one is asked for.
    #[test]
    fn a_page_begins_behind_the_last_one() {
        let first = listing("orderBy=role");
        let mut list = first.selected(users());
        assert_eq!(first.begin(&list), 0);
        let (id, dave) = &list[1];
        let next = listing(&format!("orderBy=role&pageToken={}", first.token(id, dave)));
        assert_eq!(next.begin(&list), 2);
        list.remove(0);
        assert_eq!(next.begin(&list), 1, "bob is gone, dave is not");
        list.remove(0);
        assert_eq!(next.begin(&list), 0, "both are gone");
        list.push(("dave".to_owned(), user(r#"{"role":"viewer"}"#)));
        assert_eq!(next.begin(&list), 0, "dave comes again at the end");
        list.clear();
        assert_eq!(next.begin(&list), 0);
    }

    fn any_user() -> impl Strategy<Value = String> {
        ("user|admin|viewer", "[ab]{0,2}", "[1-3]").prop_map(|(role, name, day)| {
            format!(r#"{{"role":"{role}","displayName":"{name}","createTime":"2024-03-0{day}T00:00:00Z"}}"#)
        })
    }

    /// The names on a page, and the token of the next one.
    fn page(asked: &Listing, list: &[(String, User)]) -> (Vec<String>, Option<String>) {
        let begin = asked.begin(list);
        let end = (begin + asked.size).min(list.len());
        let next = list[begin..end].last().filter(|_| end < list.len());
        let token = next.map(|(id, last)| asked.token(id, last));
        (list[begin..end].iter().map(|(id, _)| id.clone()).collect(), token)
    }

    proptest! {
        /// Whatever is asked for, the pages are the list, whatever their sizes.
        #[test]
        fn pages_are_the_list(
            filter in prop_oneof![Just(""), Just("role=user"), Just("NOT createTime:*"), Just("nobody")],
            order in prop_oneof![Just(""), Just("role desc"), Just("state,displayName desc"), Just("createTime")],
            sizes in prop::collection::vec(1_usize..4, 1..8),
        ) {
            let query = format!("filter={filter}&orderBy={order}");
            let whole = listing(&query);
            let whole: Vec<_> = whole.selected(users()).into_iter().map(|(id, _)| id).collect();
            let (mut seen, mut token, mut sizes) = (Vec::new(), String::new(), sizes.iter().cycle());
            loop {
                let asked = listing(&format!("{query}&pageSize={}&pageToken={token}", sizes.next().unwrap()));
                let list = asked.selected(users());
                let (page, next) = page(&asked, &list);
                seen.extend(page);
                let Some(next) = next else { break };
                token = next;
            }
            prop_assert_eq!(seen, whole);
        }

        /// Whoever does not change while a list is walked is told once, whatever happens to the others.
        #[test]
        fn who_does_not_change_is_told_once(
            filter in prop_oneof![Just(""), Just("role=user OR role=admin"), Just("displayName:a")],
            order in prop_oneof![Just(""), Just("displayName"), Just("role desc,displayName desc"), Just("createTime")],
            begin in prop::collection::btree_map("[a-h]", any_user(), 1..9),
            changes in prop::collection::vec(prop::collection::vec(("[a-h]", prop::option::of(any_user())), 0..4), 8),
            size in 1_usize..4,
        ) {
            let query = format!("filter={filter}&orderBy={order}&pageSize={size}");
            let mut now = begin.clone();
            let (mut seen, mut token, mut changed) = (Vec::new(), String::new(), BTreeSet::new());
            let mut changes = changes.into_iter();
            loop {
                let asked = listing(&format!("{query}&pageToken={token}"));
                let list = asked.selected(now.iter().map(|(id, text)| (id.clone(), user(text))).collect());
                let (page, next) = page(&asked, &list);
                seen.extend(page);
                let Some(next) = next else { break };
                token = next;
                for (id, text) in changes.next().into_iter().flatten() {
                    changed.insert(id.clone());
                    match text {
                        Some(text) => now.insert(id, text),
                        None => now.remove(&id),
                    };
                }
            }
            let whole = listing(&query).selected(begin.iter().map(|(id, text)| (id.clone(), user(text))).collect());
            let whole: Vec<_> = whole.into_iter().map(|(id, _)| id).filter(|id| !changed.contains(id)).collect();
            seen.retain(|id| !changed.contains(id));
            prop_assert_eq!(seen, whole);
        }

        #[test]
        fn any_query_is_read_or_refused(query in "(filter|orderBy|readMask|pageToken|pageSize)=[ -~]{0,20}") {
            let _ = Listing::read("acme", &query);
        }
    }
}
