//! The floor plan, held by tests: who may name whom, which files a room has, which words stay out of the ground floor.
//!
//! The sources are read as text. Names are looked for in code alone: comments and string literals may mention what they
//! like, except in the engine, where no vendor is mentioned at all.

mod common;

use std::{fs, path::Path};

use common::{Elastic, Fireworks, Room, TrustedTwin};

const ROOMS: [&str; 3] = ["fireworks", "trusted_twin", "elastic"];
/// The nouns that each room has, by their files.
const NOUNS: [&str; 7] = ["context.rs", "mod.rs", "patch.rs", "refusal.rs", "reply.rs", "rules.rs", "user.rs"];

/// A source file: its path below `src`, its text, and the names and keywords of its code.
struct Source {
    path: String,
    text: String,
    words: Vec<String>,
}

impl Source {
    fn all() -> Vec<Self> {
        let mut sources = Vec::new();
        collect(&root().join("src"), "", &mut sources);
        assert!(sources.len() > 30, "the sources are found");
        sources
    }

    /// The first part of the path: `engine`, `elastic`, `lib.rs`.
    fn floor(&self) -> &str {
        self.path.split('/').next().unwrap()
    }

    #[track_caller]
    fn never_names(&self, names: &[&str]) {
        for name in names {
            assert!(!self.words.iter().any(|word| word == name), "src/{} names {name}", self.path);
        }
    }
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn collect(folder: &Path, prefix: &str, sources: &mut Vec<Source>) {
    for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let path = format!("{prefix}{}", entry.file_name().to_str().unwrap());
        if entry.path().is_dir() {
            collect(&entry.path(), &format!("{path}/"), sources);
        } else if path.ends_with(".rs") {
            let text = fs::read_to_string(entry.path()).unwrap();
            let words = words(&Parts::of(&text).code);
            sources.push(Source { path, text, words });
        }
    }
}

/// The text of a source file, taken apart.
#[derive(Default)]
struct Parts {
    code: String,
    comments: String,
}

impl Parts {
    /// Takes comments out, and leaves string and character literals empty.
    fn of(text: &str) -> Self {
        let mut parts = Self::default();
        let mut rest = text;
        while let Some(next) = rest.chars().next() {
            let length = match next {
                '/' if rest.starts_with("//") => {
                    let length = rest.find('\n').unwrap_or(rest.len());
                    parts.comments.push_str(rest[..length].trim_start_matches(['/', '!']));
                    parts.comments.push('\n');
                    length
                }
                '/' if rest.starts_with("/*") => {
                    let length = rest.find("*/").expect("a comment ends") + 2;
                    parts.comments.push_str(&rest[2..length - 2]);
                    length
                }
                'r' if raw_string(rest).is_some() && !parts.code.ends_with(is_of_name) => raw_string(rest).unwrap(),
                '"' => 1 + quoted(&rest[1..], '"'),
                '\'' if is_character(rest) => 1 + quoted(&rest[1..], '\''),
                _ => {
                    parts.code.push(next);
                    rest = &rest[next.len_utf8()..];
                    continue;
                }
            };
            parts.code.push(' ');
            rest = &rest[length..];
        }
        parts
    }

    /// The comments without what stands in backquotes or in fences: examples may use any name.
    fn prose(&self) -> String {
        let spans = self.comments.split("```").step_by(2).flat_map(|text| text.split('`').step_by(2));
        spans.collect::<Vec<_>>().join(" ")
    }
}

/// The length of the raw string that comes next.
fn raw_string(rest: &str) -> Option<usize> {
    let fence = rest[1..].split_once('"')?.0;
    let is_fence = fence.chars().all(|mark| mark == '#');
    let open = 2 + fence.len();
    let close = format!("\"{fence}");
    is_fence.then(|| open + rest[open..].find(&close).expect("a raw string ends") + close.len())
}

/// The length of what comes before the closing quote, the quote included.
fn quoted(inside: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, next) in inside.char_indices() {
        match next {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            _ if next == quote => return at + 1,
            _ => {}
        }
    }
    panic!("a literal ends")
}

/// Whether a character literal comes next, and not a lifetime.
fn is_character(rest: &str) -> bool {
    let mut inside = rest.chars().skip(1);
    inside.next() == Some('\\') || inside.next() == Some('\'')
}

fn is_of_name(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || letter == '_'
}

fn words(code: &str) -> Vec<String> {
    code.split(|letter| !is_of_name(letter)).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

#[test]
fn the_sources_are_taken_apart_correctly() {
    let parts = Parts::of(
        r##"use a; // one "b"
/* two */ let c = "d \" e" ; let f = r#"g " h"#; let i: &'j str = 'k'; let l = '\''; for r in m {} "##,
    );
    assert_eq!(words(&parts.code), "use a let c let f let i j str let l for r in m".split(' ').collect::<Vec<_>>());
    assert_eq!(words(&parts.comments), ["one", "b", "two"]);
    assert_eq!(words(&Parts::of("// a `b` c\n// ```\n// d\n// ```\n// e").prose()), ["a", "c", "e"]);
}

#[test]
fn imports_run_downwards_only() {
    for source in Source::all() {
        match source.floor() {
            "engine" => source.never_names(&["report", "fireworks", "trusted_twin", "elastic", "external"]),
            "report" => source.never_names(&["fireworks", "trusted_twin", "elastic", "external"]),
            room if ROOMS.contains(&room) => {
                source.never_names(&["external"]);
                source.never_names(&ROOMS.into_iter().filter(|other| *other != room).collect::<Vec<_>>());
            }
            _ => {}
        }
    }
}

#[test]
fn the_examples_of_a_floor_use_nothing_above_it() {
    for source in Source::all() {
        let above: &[&str] = match source.floor() {
            "engine" => &["report", "fireworks", "trusted_twin", "elastic"],
            "report" => &ROOMS,
            "fireworks" => &["trusted_twin", "elastic"],
            "trusted_twin" => &["fireworks", "elastic"],
            "elastic" => &["fireworks", "trusted_twin"],
            _ => &[],
        };
        for name in above {
            assert!(!source.text.contains(&format!("user_patch::{name}")), "an example in {} uses {name}", source.path);
        }
    }
}

#[test]
fn only_the_command_line_uses_what_a_command_line_uses() {
    for source in Source::all().iter().filter(|source| source.floor() != "bin") {
        source.never_names(&["clap", "indicatif"]);
    }
}

/// Any mention of a vendor is one too many. A role or a preset may be the sample of an example, but neither code nor prose
/// may know what it is.
#[test]
fn the_ground_floor_knows_no_vendor() {
    for source in Source::all().iter().filter(|source| source.floor() == "engine") {
        let text = source.text.to_lowercase();
        for vendor in ["fireworks", "trusted_twin", "trusted twin", "trustedtwin", "trusted-twin", "elastic"] {
            assert!(!text.contains(vendor), "src/{} mentions {vendor}", source.path);
        }
        for word in source.words.iter().cloned().chain(words(&Parts::of(&source.text).prose())) {
            let parts: Vec<_> = word.split('_').map(str::to_lowercase).collect();
            let known = |part: &String| ["role", "roles", "preset", "presets"].contains(&&**part);
            assert!(!parts.iter().any(known), "src/{} knows {word}", source.path);
        }
    }
}

#[test]
fn each_room_has_the_same_nouns() {
    let sources = Source::all();
    for room in ROOMS {
        for noun in NOUNS {
            let path = format!("{room}/{noun}");
            assert!(sources.iter().any(|source| source.path == path), "src/{path} is missing");
        }
    }
}

#[test]
fn nothing_is_unsafe() {
    for source in Source::all() {
        source.never_names(&["unsafe"]);
    }
}

/// Features unify over a whole build: what is switched on here is switched on for everybody.
#[test]
fn no_feature_of_serde_json_is_ours_to_switch_on() {
    let manifest = fs::read_to_string(root().join("Cargo.toml")).unwrap();
    let settings = manifest.lines().map(|line| line.split('#').next().unwrap_or_default());
    for line in settings {
        for feature in ["raw_value", "arbitrary_precision"] {
            assert!(!line.contains(feature), "Cargo.toml: {line}");
        }
    }
}

#[test]
fn every_refusal_is_listed() {
    fn check<R: Room>() {
        let path = root().join("src").join(R::NAME).join("refusal.rs");
        let code = Parts::of(&fs::read_to_string(path).unwrap()).code;
        let (_, body) = code.split_once("pub enum Refusal {").expect("the enum");
        let (body, _) = body.split_once('}').unwrap();
        let variants: Vec<_> = body.split(',').map(str::trim).filter(|variant| !variant.is_empty()).collect();
        let listed: Vec<_> = R::refusals().iter().map(|refusal| format!("{refusal:?}")).collect();
        assert_eq!(variants, listed, "{}: `ALL` has every variant, in its order", R::NAME);
    }
    check::<Fireworks>();
    check::<TrustedTwin>();
    check::<Elastic>();
}

/// The rooms share their verbs; this uses each of them, of each room, by way of the one trait.
#[test]
fn each_room_has_the_same_verbs() {
    fn check<R: Room>(stored: &str, body: &str, refused: &str) {
        let ctx = R::Context::default();
        let value = serde_json::from_str(stored).unwrap();
        let mut user = R::user(stored.as_bytes()).unwrap();
        assert_eq!(R::user_of(&value).unwrap(), user);

        let patch = R::with_mask(R::parse(body.as_bytes(), &ctx).unwrap(), "");
        R::check(&patch, &user, &ctx).unwrap();
        let (changed, notices) = R::apply(&patch, &mut user, &ctx).unwrap();
        assert_eq!((changed.len(), notices.len()), (1, 0));
        assert_eq!(R::accepted(&user).body, R::to_json(&user));
        let owned: R::Patch<'static> = R::into_owned(patch);
        assert!(R::notices(&owned, &user, &ctx).is_empty());
        assert!(R::apply(&owned, &mut user, &ctx).unwrap().0.is_empty(), "the second time nothing changes");

        let patch = R::parse(refused.as_bytes(), &ctx).unwrap();
        let violations = R::check(&patch, &user, &ctx).unwrap_err();
        assert_eq!(R::refused(&violations, &ctx).status, 400);
        assert!(R::rules().len() > R::refusals().len(), "{} has rules that decide", R::NAME);
    }
    check::<Fireworks>(r#"{"role":"user"}"#, r#"{"role":"admin"}"#, r#"{"role":1}"#);
    check::<TrustedTwin>(
        r#"{"uuid":"f63d5c5c-0c5e-4c1a-9b1e-0d7a2f6f9a11","name":"Operator","role":"5b1c7f5a-2d3e-4c7b-9a52-0f6a1e3d9c10"}"#,
        r#"{"name":"Night Operator"}"#,
        r#"{"name":1}"#,
    );
    check::<Elastic>(r#"{"user_name":"ada","security":{}}"#, r#"{"email":"ada@example.com"}"#, r#"{"email":1}"#);
}
