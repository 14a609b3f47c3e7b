//! What the laws are tried on: users, updates and contexts of each vendor, and requests that break exactly one rule.

mod elastic;
mod fireworks;
pub(crate) mod json;
mod large;
mod trusted_twin;

use std::fmt::Debug;

use proptest::{collection::vec, prelude::*, sample::select, strategy::ValueTree, test_runner::TestRunner};
use user_patch::{engine::Limits, report::Violations, vendor::UpdateModel};

use crate::laws::{Case, Page, Request, applied, tree::Tree, written};
pub(crate) use large::large_cases;

/// The users, updates and contexts of a vendor.
pub(crate) trait Strategies: UpdateModel {
    /// Users as the vendor may have stored them: most in accord with the page, some as an older or laxer server left them.
    fn users() -> BoxedStrategy<Tree>;
    /// What makes another user of a user: mostly members that an update has.
    fn edits() -> BoxedStrategy<Vec<Edit>>;
    /// Updates, most of them valid for the user they are made for.
    fn wishes() -> BoxedStrategy<Wish>;
    /// Who asks, and under which policy; the limits on bodies are the default ones.
    fn contexts() -> BoxedStrategy<Self::Context>;
    /// The objects that can have many members.
    fn places() -> Vec<Vec<&'static str>> {
        vec![vec![]]
    }
    /// How the paths of a large mask begin; none for no mask.
    fn masks() -> &'static [Option<&'static str>] {
        &[None]
    }
    /// Requests that break this rule and no other; none where the rule has no strategy.
    fn breaks(refusal: Self::Refusal) -> Option<BoxedStrategy<Broken<Self::Context>>>;

    /// What a request that breaks a rule comes to, checked and applied.
    fn decide(broken: &Broken<Self::Context>) -> [Result<(), Violations<Self::Refusal>>; 2] {
        let mut user = stored::<Self>(&broken.user);
        match broken.request.parse::<Self>(&broken.ctx) {
            Err(violations) => [Err(violations.clone()), Err(violations)],
            Ok(patch) => [
                Self::check(&patch, &user, &broken.ctx).map(|_| ()),
                Self::apply(&patch, &mut user, &broken.ctx).map(|_| ()),
            ],
        }
    }
}

/// What every law is tried on: two users of which one may be made of the other, and updates in turn or beside each other.
pub(crate) fn cases<M: Strategies + Page>() -> BoxedStrategy<Case<M::Context>> {
    let users = (M::users(), M::users(), M::edits(), 0..4_u8);
    (users, [M::wishes(), M::wishes(), M::wishes()], M::contexts(), any::<bool>(), any::<u64>())
        .prop_map(|((user, stranger, edits, other), [ours, next, last], ctx, in_turn, seed)| {
            let ours = ours.on(&user);
            let after = if in_turn { after::<M>(&user, &ours, &ctx) } else { user.clone() };
            let next = next.on(&after);
            let last = last.on(&if in_turn { self::after::<M>(&after, &next, &ctx) } else { after });
            let other = if other == 0 { stranger } else { edited(&user, &edits) };
            let [user, other] = [user, other].map(|user| user.text().into_bytes());
            Case { user, other, ours, next, last, ctx, seed }
        })
        .boxed()
}

/// The user that an update makes, or the user as it was where it is refused.
fn after<M: Page>(user: &Tree, request: &Request, ctx: &M::Context) -> Tree {
    let stored = stored::<M>(user);
    let patch = request.parse::<M>(ctx).ok();
    patch.and_then(|patch| applied::<M>(&patch, &stored, ctx)).map_or(user.clone(), |user| written::<M>(&user))
}

#[track_caller]
pub(crate) fn stored<M: UpdateModel>(user: &Tree) -> M::User {
    M::user(user.text().as_bytes()).unwrap_or_else(|wrong| panic!("{user:?}: {wrong}"))
}

/// A place in a user, and what is put there; nothing to take away what is there.
pub(crate) type Edit = (Vec<&'static str>, Option<Tree>);

pub(crate) fn edited(user: &Tree, edits: &[Edit]) -> Tree {
    let mut other = user.clone();
    for (path, value) in edits {
        match value {
            Some(value) => other.set(path, value.clone()),
            None => other.remove(path),
        }
    }
    other
}

/// What an update says of one member.
#[derive(Clone, Debug)]
pub(crate) enum Say {
    /// What the user has there already.
    Echo,
    Value(Tree),
}

/// A place in a body, and what is said there.
pub(crate) type Said = (Vec<&'static str>, Say);

/// An update that is made for a user: what it says, and its field mask.
#[derive(Clone, Debug, Default)]
pub(crate) struct Wish {
    pub says: Vec<Said>,
    pub mask: String,
    /// The names that are spelled otherwise in the body.
    pub spelled: &'static [(&'static str, &'static str)],
}

impl Wish {
    /// The request for this user.
    pub(crate) fn on(&self, user: &Tree) -> Request {
        Request::new(&self.body(user), &self.mask)
    }

    pub(crate) fn body(&self, user: &Tree) -> Tree {
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
        body
    }
}

/// A request that breaks exactly one rule, and where.
#[derive(Clone, Debug)]
pub(crate) struct Broken<C> {
    pub user: Tree,
    pub ctx: C,
    pub request: Request,
    /// The account and the user id of a POST, for the rules that only a POST can break.
    pub create: Option<(String, String)>,
    pub pointer: String,
}

impl<C> Broken<C> {
    pub(crate) fn new(user: Tree, ctx: C, body: &Tree, pointer: &str) -> Self {
        Self { user, ctx, request: Request::new(body, ""), create: None, pointer: pointer.to_owned() }
    }
}

/// One of what a strategy makes, always the same.
pub(crate) fn sample<T: Debug>(strategy: &impl Strategy<Value = T>, runner: &mut TestRunner) -> T {
    strategy.new_tree(runner).expect("a strategy that rejects nothing").current()
}

/// Makes an object of members.
pub(crate) fn object<'n>(members: impl IntoIterator<Item = (&'n str, Tree)>) -> Tree {
    Tree::Object(members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}

/// A member that may be missing.
pub(crate) fn maybe(strategy: impl Strategy<Value = Tree>) -> impl Strategy<Value = Option<Tree>> {
    proptest::option::of(strategy)
}

/// What a patch may say of one member: nothing, what is there, or something else.
pub(crate) fn says(
    path: &'static [&'static str],
    values: impl Strategy<Value = Tree> + 'static,
) -> BoxedStrategy<Vec<Said>> {
    prop_oneof![
        3 => Just(Vec::new()),
        1 => Just(vec![(path.to_vec(), Say::Echo)]),
        3 => values.prop_map(move |value| vec![(path.to_vec(), Say::Value(value))]),
    ]
    .boxed()
}

/// The same of a member that an update had better leave alone.
pub(crate) fn seldom(
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
pub(crate) enum Unreadable {
    Malformed,
    NotUtf8,
    Duplicate,
    TooDeep,
    TooLong,
    NotAnObject,
}

/// Makes bodies unreadable that a vendor accepts.
pub(crate) fn unreadable<M: Page>(
    fine: BoxedStrategy<(Tree, M::Context, Tree)>,
    what: Unreadable,
) -> BoxedStrategy<Broken<M::Context>> {
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
            broken.request.body = match what {
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
                    broken.ctx = M::limited(&broken.ctx, Limits { max_bytes: Some(text.len() - 1), max_depth: 128 });
                    text.into_bytes()
                }
                Unreadable::TooDeep => {
                    let levels = 4 + usize::from(cut) % 125;
                    broken.ctx =
                        M::limited(&broken.ctx, Limits { max_bytes: None, max_depth: u8::try_from(levels).unwrap() });
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
pub(crate) fn unfit(fits: impl Fn(&Tree) -> bool + 'static) -> BoxedStrategy<Tree> {
    json::documents().prop_map(move |value| if fits(&value) { Tree::Array(vec![value]) } else { value }).boxed()
}

/// Names that no page has.
pub(crate) fn strange_names() -> impl Strategy<Value = &'static str> {
    select(&["nickname", "Role", "DisplayName", "user-name", "a/b", "m~n", "", "é"][..])
}

/// The pointer of a member of the body.
pub(crate) fn pointer_of(name: &str) -> String {
    format!("/{}", name.replace('~', "~0").replace('/', "~1"))
}

/// Several strategies for parts of a list, as one.
pub(crate) fn all<T: Debug + Clone + 'static>(parts: Vec<BoxedStrategy<Vec<T>>>) -> impl Strategy<Value = Vec<T>> {
    parts.prop_map(|parts| parts.concat())
}

/// Some of these edits.
pub(crate) fn some_of(edits: BoxedStrategy<Edit>) -> BoxedStrategy<Vec<Edit>> {
    vec(edits, 1..4).boxed()
}
