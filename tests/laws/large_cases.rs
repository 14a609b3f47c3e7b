//! Cases that are large in one way: many members, long names, letters that are written longer than they are.

use proptest::{prelude::*, sample::select};
use user_patch::{
    engine::Limits,
    proptest::{Strategies, contexts, drafts, users},
    vendor::{Elastic, Fireworks, TrustedTwin},
};

use crate::{
    cases::request_of,
    laws::{Case, Page, Request, tree::Tree},
};

/// Where a vendor's users and bodies can have many members.
pub(crate) trait Roomy: Strategies + Page {
    /// The objects that can have them.
    const OBJECTS: &'static [&'static [&'static str]];
    /// How the paths of a large mask begin; none for no mask.
    const MASKS: &'static [Option<&'static str>] = &[None];
}

impl Roomy for Fireworks {
    const OBJECTS: &'static [&'static [&'static str]] = &[&[], &["status"]];
    const MASKS: &'static [Option<&'static str>] =
        &[None, None, None, Some("nickname."), Some("role."), Some("a"), Some("status.")];
}

impl Roomy for TrustedTwin {
    const OBJECTS: &'static [&'static [&'static str]] = &[&[], &["description"]];
}

impl Roomy for Elastic {
    const OBJECTS: &'static [&'static [&'static str]] = &[
        &[],
        &["x"],
        &["metadata"],
        &["security"],
        &["security", "extra"],
        &["security", "security_realm"],
        &["security", "elevated_permissions"],
    ];
}

/// Letters of names: plain, with an escape in JSON, in a pointer, in a log.
const LETTERS: [&str; 8] = ["a", "\u{1}", "\"", "~", "/", "\u{7f}", "\u{85}", "𝄞"];

/// What is large.
#[derive(Clone, Debug)]
struct Shape {
    /// The object that has the members.
    place: &'static [&'static str],
    /// The name of one object more around them.
    inside: Option<String>,
    letter: &'static str,
    members: usize,
    /// How long a name is, in letters.
    name: usize,
    value: Tree,
}

impl Shape {
    /// Puts members into a document, each with this value.
    fn fill(&self, tree: &mut Tree, value: &Tree, every: usize) {
        let path: Vec<_> = self.place.iter().map(|name| (*name).to_owned()).chain(self.inside.clone()).collect();
        let mut object = tree.at(&path).filter(|there| there.members().is_some()).cloned().unwrap_or(Tree::empty());
        for at in (0..self.members).step_by(every) {
            object.set(&[format!("{}{at}", self.letter.repeat(self.name))], value.clone());
        }
        tree.set(&path, object);
    }
}

fn shapes(places: &'static [&'static [&'static str]]) -> impl Strategy<Value = Shape> {
    let size =
        prop_oneof![(200..1500_usize, 0..4_usize), (1..4_usize, 2000..30_000_usize), (260..400_usize, 20..60_usize),];
    let values = select(&["1", "null", "\"x\"", "{}", r#"{"a":1,"b":null}"#, "[null]"][..]).prop_map(Tree::read);
    let inside = prop_oneof![Just(0), Just(1), 1000..30_000_usize];
    (select(places), inside, select(&LETTERS[..]), size, values).prop_map(
        |(place, inside, letter, (members, name), value)| {
            let inside = (inside > 0).then(|| letter.repeat(inside));
            Shape { place, inside, letter, members, name, value }
        },
    )
}

/// A user, another, and two updates, each of them with or without the members.
pub(crate) fn large_cases<M: Roomy>() -> BoxedStrategy<Case<M::Context>> {
    let bodies = (drafts::<M>(), drafts::<M>(), any::<[u8; 4]>());
    (users::<M>(), bodies, contexts::<M>(), shapes(M::OBJECTS), select(M::MASKS))
        .prop_map(|(user, (ours, next, choices), ctx, shape, mask)| {
            let part = |mut tree: Tree, choice: u8| {
                let value = match choice % 4 {
                    0 => return tree,
                    1 => shape.value.clone(),
                    2 => Tree::Null,
                    _ => Tree::Number("7".to_owned()),
                };
                shape.fill(&mut tree, &value, 1 + usize::from(choice / 4 % 2));
                tree
            };
            let [of_user, of_other, of_ours, of_next] = choices;
            let mask = mask.map(|path| {
                let name = shape.letter.repeat(shape.name);
                Vec::from_iter((0..shape.members).map(|at| format!("{path}{name}{at}"))).join(",")
            });
            let body = |draft, choice| {
                let body = request_of::<M>(draft, &user).body;
                part(Tree::try_read(&body).expect("a body is JSON"), choice)
            };
            let ours = Request::new(&body(&ours, of_ours), &mask.unwrap_or_default());
            let next = Request::new(&body(&next, of_next), "");
            let user = Tree::read(user.text());
            let [user, other] =
                [part(user.clone(), of_user), part(user, of_other)].map(|user| user.text().into_bytes());
            let ctx = M::limited(&ctx, Limits { max_bytes: None, max_depth: 128 });
            Case { user, other, last: next.clone(), ours, next, ctx, seed: u64::from(of_user) }
        })
        .boxed()
}
