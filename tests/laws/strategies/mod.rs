//! What the laws are tried on: users, patches and contexts of each room, and patches that break exactly one rule.

mod elastic;
mod fireworks;
pub mod json;
mod trusted_twin;

use std::fmt::Debug;

use proptest::{
    collection::vec,
    prelude::*,
    sample::select,
    test_runner::{TestCaseResult, TestRunner},
};
use user_patch::report::Violations;

use crate::common::Room;
use json::Tree;

/// Tries a law.
#[track_caller]
pub fn holds<S: Strategy>(strategy: S, law: impl Fn(S::Value) -> TestCaseResult) {
    // What fails is kept in `found.rs`, not in a file beside it.
    let config = ProptestConfig { failure_persistence: None, ..ProptestConfig::default() };
    if let Err(failure) = TestRunner::new(config).run(&strategy, law) {
        panic!("{failure}");
    }
}

/// Makes a test of each of these generic functions in each room.
macro_rules! in_every_room {
    ($($law:ident),* $(,)?) => {
        crate::strategies::in_room!(fireworks Fireworks: $($law),*);
        crate::strategies::in_room!(trusted_twin TrustedTwin: $($law),*);
        crate::strategies::in_room!(elastic Elastic: $($law),*);
    };
}
macro_rules! in_room {
    ($module:ident $room:ident: $($law:ident),*) => {
        mod $module {
            $(#[test]
            fn $law() {
                super::$law::<crate::common::$room>();
            })*
        }
    };
}
pub(crate) use {in_every_room, in_room};

/// The users, patches and contexts of a room.
pub trait Strategies: Room<Context: 'static> + Sized {
    /// Where a user has the time of its last update.
    const UPDATED: &'static [&'static str];
    /// The members of the user that a rule can point at.
    const DOCUMENTED: &'static [&'static str];

    /// Users as the vendor may have stored them.
    fn users() -> BoxedStrategy<Tree>;
    /// What makes another user of a user: mostly members that an update has.
    fn edits() -> BoxedStrategy<Vec<Edit>>;
    /// Patches, most of them valid for the user they are made for.
    fn wishes() -> BoxedStrategy<Wish>;
    /// Who asks, and under which policy; the limits on bodies are the default ones.
    fn contexts() -> BoxedStrategy<Self::Context>;
    /// The same without the time of the update.
    fn clockless(ctx: Self::Context) -> Self::Context;
    /// The same with these limits on bodies.
    fn limited(ctx: Self::Context, max_bytes: Option<usize>, max_depth: u8) -> Self::Context;
    /// Requests that break this rule and no other; none where the rule has no strategy.
    fn breaks(refusal: Self::Refusal) -> Option<BoxedStrategy<Broken<Self::Context>>>;
    /// A user as a document in which what the room holds to be equal is equal.
    fn tree(user: &Self::User) -> Tree;
    /// What an accepted update makes of such a document, read off the page without a thought for speed.
    fn result(before: &Tree, request: &Request) -> Tree;

    /// What a request that breaks a rule comes to, checked and applied.
    fn decide(broken: &Broken<Self::Context>) -> [Result<(), Violations<Self::Refusal>>; 2] {
        let mut user = stored::<Self>(&broken.user);
        match Self::parse(&broken.body, &broken.ctx) {
            Err(violations) => [Err(violations.clone()), Err(violations)],
            Ok(patch) => {
                let patch = Self::with_mask(patch, &broken.mask);
                [Self::check(&patch, &user, &broken.ctx), Self::apply(&patch, &mut user, &broken.ctx).map(|_| ())]
            }
        }
    }
}

/// A place in a user, and what is put there; nothing to take away what is there.
pub type Edit = (Vec<&'static str>, Option<Tree>);

pub fn edited(user: &Tree, edits: &[Edit]) -> Tree {
    let mut other = user.clone();
    for (path, value) in edits {
        match value {
            Some(value) => other.set(path, value.clone()),
            None => other.remove(path),
        }
    }
    other
}

/// What a patch says of one member.
#[derive(Clone, Debug)]
pub enum Say {
    /// What the user has there already.
    Echo,
    Value(Tree),
}

/// A place in a body, and what is said there.
pub type Said = (Vec<&'static str>, Say);

/// A patch that is made for a user: what it says, and its field mask.
#[derive(Clone, Debug, Default)]
pub struct Wish {
    pub says: Vec<Said>,
    pub mask: String,
    /// The names that are spelled otherwise in the body.
    pub spelled: &'static [(&'static str, &'static str)],
}

impl Wish {
    /// The request for this user.
    pub fn on(&self, user: &Tree) -> Request {
        let mut body = Tree::empty();
        for (path, say) in &self.says {
            match say {
                Say::Echo => {
                    if let Some(value) = user.at(path) {
                        body.set(path, value.clone());
                    }
                }
                Say::Value(value) => body.set(path, value.clone()),
            }
        }
        if let Tree::Object(members) = &mut body {
            for (name, spelled) in self.spelled {
                if let Some(value) = members.remove(*name) {
                    members.insert((*spelled).to_owned(), value);
                }
            }
        }
        Request { body, mask: self.mask.clone() }
    }
}

/// A body, and the mask that comes with it.
#[derive(Clone, Debug)]
pub struct Request {
    pub body: Tree,
    pub mask: String,
}

impl Request {
    /// The patch of this request, which is within the limits.
    #[track_caller]
    pub fn patch<R: Room>(&self, ctx: &R::Context) -> R::Patch<'static> {
        spelled::<R>(&self.body.text(), &self.mask, ctx)
    }
}

/// The patch of a body that can be read.
#[track_caller]
pub fn spelled<R: Room>(body: &str, mask: &str, ctx: &R::Context) -> R::Patch<'static> {
    let patch = R::parse(body.as_bytes(), ctx).unwrap_or_else(|violations| panic!("{body}: {violations}"));
    R::with_mask(R::into_owned(patch), mask)
}

#[track_caller]
pub fn stored<R: Room>(user: &Tree) -> R::User {
    R::user(user.text().as_bytes()).unwrap_or_else(|wrong| panic!("{user:?}: {wrong}"))
}

/// The user that a patch makes, where it is accepted.
pub fn applied<R: Room>(patch: &R::Patch<'_>, user: &R::User, ctx: &R::Context) -> Option<R::User> {
    let mut user = user.clone();
    R::apply(patch, &mut user, ctx).ok().map(|_| user)
}

/// A request that breaks exactly one rule, and where.
#[derive(Clone, Debug)]
pub struct Broken<C> {
    pub user: Tree,
    pub ctx: C,
    pub body: Vec<u8>,
    pub mask: String,
    /// The account and the user id of a POST, for the rules that only a POST can break.
    pub create: Option<(String, String)>,
    pub pointer: String,
}

impl<C> Broken<C> {
    pub fn new(user: Tree, ctx: C, body: &Tree, pointer: &str) -> Self {
        let body = body.text().into_bytes();
        Self { user, ctx, body, mask: String::new(), create: None, pointer: pointer.to_owned() }
    }
}

/// Makes an object of members.
pub fn object<'n>(members: impl IntoIterator<Item = (&'n str, Tree)>) -> Tree {
    Tree::Object(members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}

/// A member that may be missing.
pub fn maybe(strategy: impl Strategy<Value = Tree>) -> impl Strategy<Value = Option<Tree>> {
    proptest::option::of(strategy)
}

/// What a patch may say of one member: nothing, what is there, or something else.
pub fn says(path: &'static [&'static str], values: impl Strategy<Value = Tree> + 'static) -> BoxedStrategy<Vec<Said>> {
    prop_oneof![
        3 => Just(Vec::new()),
        1 => Just(vec![(path.to_vec(), Say::Echo)]),
        3 => values.prop_map(move |value| vec![(path.to_vec(), Say::Value(value))]),
    ]
    .boxed()
}

/// The same of a member that an update had better leave alone.
pub fn seldom(
    path: &'static [&'static str],
    values: impl Strategy<Value = Tree> + 'static,
) -> BoxedStrategy<Vec<Said>> {
    prop_oneof![
        40 => Just(Vec::new()),
        2 => Just(vec![(path.to_vec(), Say::Echo)]),
        1 => values.prop_map(move |value| vec![(path.to_vec(), Say::Value(value))]),
    ]
    .boxed()
}

/// What is wrong with a body that cannot be read as one.
#[derive(Clone, Copy, Debug)]
pub enum Unreadable {
    Malformed,
    NotUtf8,
    Duplicate,
    TooDeep,
    TooLong,
    NotAnObject,
}

/// Makes bodies unreadable that a room accepts.
pub fn unreadable<R: Strategies>(
    fine: BoxedStrategy<(Tree, R::Context, Tree)>,
    what: Unreadable,
) -> BoxedStrategy<Broken<R::Context>> {
    (fine, any::<u16>(), faults(what), select(&["", "/zz", "/zz/a~1b", "/zz/0"][..]))
        .prop_map(move |((user, ctx, body), cut, fault, place)| {
            let mut broken = Broken::new(user, ctx, &body, "");
            let text = body.text();
            let open = if text == "{}" { "{".to_owned() } else { format!("{},", &text[..text.len() - 1]) };
            let around = |inner: &str| match place {
                "" => format!("{open}{inner}}}"),
                "/zz" => format!("{open}\"zz\":{{{inner}}}}}"),
                "/zz/a~1b" => format!("{open}\"zz\":{{\"a/b\":{{{inner}}}}}}}"),
                _ => format!("{open}\"zz\":[{{{inner}}}]}}"),
            };
            broken.body = match what {
                Unreadable::Malformed if fault == "cut" => {
                    let ends: Vec<_> = text.char_indices().map(|(at, _)| at).collect();
                    text.as_bytes()[..ends[usize::from(cut) % ends.len()]].to_vec()
                }
                Unreadable::Malformed if fault == "bom" => format!("\u{feff}{text}").into_bytes(),
                Unreadable::Malformed if fault == "more" => format!("{text} {{}}").into_bytes(),
                Unreadable::NotUtf8 => {
                    let mut bytes = around("\"q\":\"?\"").into_bytes();
                    let at = bytes.iter().rposition(|&byte| byte == b'?').unwrap();
                    bytes.splice(at..=at, fault.chars().map(|byte| u8::try_from(u32::from(byte)).unwrap()));
                    bytes
                }
                Unreadable::TooLong => {
                    broken.ctx = R::limited(broken.ctx, Some(text.len() - 1), 128);
                    text.into_bytes()
                }
                Unreadable::TooDeep => {
                    let levels = 4 + usize::from(cut) % 125;
                    broken.ctx = R::limited(broken.ctx, None, u8::try_from(levels).unwrap());
                    // What opens too often need not close: the depth is told first.
                    format!("{open}\"q\":{}", fault.repeat(levels)).into_bytes()
                }
                Unreadable::NotAnObject if fault == "in" => format!("[{text}]").into_bytes(),
                Unreadable::NotAnObject => fault.as_bytes().to_vec(),
                Unreadable::Duplicate => {
                    broken.pointer = format!("{place}/k");
                    around(fault).into_bytes()
                }
                Unreadable::Malformed => around(fault).into_bytes(),
            };
            broken
        })
        .boxed()
}

fn faults(what: Unreadable) -> impl Strategy<Value = &'static str> {
    select(match what {
        Unreadable::Malformed => &[
            "cut",
            "bom",
            "more",
            r#""q":"\ud800""#,
            r#""q":{"\udc00":1}"#,
            "\"q\":\"\u{1}\"",
            r#""q":01"#,
            r#""q":1."#,
            r#""q":NaN"#,
            r#""q":tru"#,
            r#""q":"\x""#,
            r#""q":[1,]"#,
            r#""q":{"a":1,}"#,
            r#""q" 1"#,
            "q:1",
            r#""q":1 /**/"#,
        ][..],
        // Bytes, written as characters.
        Unreadable::NotUtf8 => &["\u{ff}", "\u{c3}", "\u{c3}(", "\u{ed}\u{a0}\u{80}", "\u{c0}\u{af}"],
        Unreadable::Duplicate => {
            &[r#""k":1,"k":1"#, r#""k":1,"j":2,"\u006b":null"#, r#""\u006B":1,"k":{"a":1}"#, r#""k":[],"k":{}"#]
        }
        Unreadable::TooDeep => &["[", "{\"a\":"],
        Unreadable::TooLong => &[""],
        Unreadable::NotAnObject => &["in", "[]", "5", "\"text\"", "true", "1e400"],
    })
}

/// Documents of another type: what fits is put into an array, which does not.
pub fn unfit(fits: impl Fn(&Tree) -> bool + 'static) -> BoxedStrategy<Tree> {
    json::documents().prop_map(move |value| if fits(&value) { Tree::Array(vec![value]) } else { value }).boxed()
}

/// Names that no page has.
pub fn strange_names() -> impl Strategy<Value = &'static str> {
    select(&["nickname", "Role", "DisplayName", "user-name", "a/b", "m~n", "", "é"][..])
}

/// The pointer of a member of the body.
pub fn pointer_of(name: &str) -> String {
    format!("/{}", name.replace('~', "~0").replace('/', "~1"))
}

/// Several strategies for parts of a list, as one.
pub fn all<T: Debug + Clone + 'static>(parts: Vec<BoxedStrategy<Vec<T>>>) -> impl Strategy<Value = Vec<T>> {
    parts.prop_map(|parts| parts.concat())
}

/// Some of these edits.
pub fn some_of(edits: BoxedStrategy<Edit>) -> BoxedStrategy<Vec<Edit>> {
    vec(edits, 1..4).boxed()
}
