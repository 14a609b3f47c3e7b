//! The floor plan, held by tests: who may name whom, which files a room has, which words stay out of the ground floor.
//!
//! The sources are read as text. Names are looked for in code alone: comments and string literals may mention what they
//! like, except in the engine, where no vendor is mentioned at all.

// The helpers of a test may stop where it is wrong, as the test itself may.
#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use user_patch::{
    engine::Json,
    report::{Outside, Refuses},
    vendor::{Elastic, Fireworks, TrustedTwin, UpdateModel},
};

const ROOMS: [&str; 3] = ["fireworks", "trusted_twin", "elastic"];
/// The nouns that each room has, by their files.
const NOUNS: [&str; 11] = [
    "apply.rs",
    "build.rs",
    "check.rs",
    "context.rs",
    "member.rs",
    "mod.rs",
    "patch.rs",
    "relate.rs",
    "reply.rs",
    "rules.rs",
    "user.rs",
];

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
                'r' if raw_string(rest).is_some() && !is_of_longer_name(&parts.code) => raw_string(rest).unwrap(),
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

/// Whether the code so far ends in a name that goes on: a `b` by itself belongs to the literal of bytes that it begins.
fn is_of_longer_name(code: &str) -> bool {
    code.strip_suffix('b').unwrap_or(code).ends_with(is_of_name)
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
    // Each floor, and what lies above it.
    let floors = ["engine", "report", "rooms", "vendor", "exchange", "intent", "external", "stand_in"];
    for source in Source::all() {
        let is_room = ROOMS.contains(&source.floor());
        let floor = if is_room { "rooms" } else { source.floor() };
        let Some(at) = floors.iter().position(|name| *name == floor) else { continue };
        // `vendor` is also a word of theirs.
        source.never_names(&floors[at + 1..].iter().copied().filter(|name| *name != "vendor").collect::<Vec<_>>());
        if at < 2 {
            source.never_names(&ROOMS);
        }
        if is_room {
            source.never_names(&["UpdateModel"]);
            source.never_names(&ROOMS.into_iter().filter(|other| *other != source.floor()).collect::<Vec<_>>());
        }
    }
}

/// The modules of the library by their paths, and what their names lead to.
struct Modules {
    /// The file of each module: `engine::document::value`.
    files: BTreeMap<Vec<String>, String>,
    /// What a module takes from elsewhere under a name, be it public or not.
    aliases: BTreeMap<(Vec<String>, String), Vec<String>>,
}

impl Modules {
    fn of(sources: &[Source]) -> Self {
        let mut modules = Self { files: BTreeMap::new(), aliases: BTreeMap::new() };
        for source in sources.iter().filter(|source| source.floor() != "bin") {
            modules.files.insert(module_of(&source.path), source.path.clone());
        }
        for source in sources.iter().filter(|source| source.floor() != "bin") {
            let module = module_of(&source.path);
            for path in uses(&code_of(&source.text)) {
                if let Some(path) = absolute(&module, &path, &modules)
                    && let Some(name) = path.last().cloned()
                {
                    modules.aliases.insert((module.clone(), name), path);
                }
            }
        }
        modules
    }

    /// The file that has what a path leads to, through whatever modules hand it on.
    fn file(&self, path: &[String]) -> Option<&str> {
        let mut path = path.to_vec();
        for _ in 0..16 {
            let known = (0..=path.len()).rev().find(|&length| self.files.contains_key(&path[..length]))?;
            let Some(name) = path.get(known) else { return self.files.get(&path).map(String::as_str) };
            match self.aliases.get(&(path[..known].to_vec(), name.clone())) {
                Some(target) if target[..] != path[..known + 1] => {
                    path = target.iter().chain(&path[known + 1..]).cloned().collect();
                }
                _ => return self.files.get(&path[..known]).map(String::as_str),
            }
        }
        panic!("{path:?} is handed round");
    }
}

/// The path of a file's module.
fn module_of(path: &str) -> Vec<String> {
    let path = path.strip_suffix(".rs").unwrap();
    let path = path.strip_suffix("/mod").unwrap_or(if path == "lib" { "" } else { path });
    path.split('/').filter(|part| !part.is_empty()).map(str::to_owned).collect()
}

/// The `use` declarations of a code, each without its last semicolon, and whether it hands on what it takes.
fn declarations(code: &str) -> Vec<(String, bool)> {
    let is_begin = |at: usize| {
        let before = code[..at].trim_end();
        before.is_empty() || before.ends_with([';', '}', '{', ']']) || before.ends_with("pub") || before.ends_with(')')
    };
    code.match_indices("use ")
        .filter(|&(at, _)| !code[..at].ends_with(is_of_name) && is_begin(at))
        .filter_map(|(at, _)| {
            let before = code[..at].trim_end();
            let hands_on = before.ends_with("pub") || before.ends_with(')');
            Some((code[at + 4..].split(';').next()?.to_owned(), hands_on))
        })
        .collect()
}

/// The paths of a code's `use` declarations, braces taken apart; what `as` calls them is left out.
fn uses(code: &str) -> Vec<Vec<String>> {
    declarations(code).iter().flat_map(|(tree, _)| expanded(tree)).collect()
}

fn expanded(tree: &str) -> Vec<Vec<String>> {
    fn expand(tree: &str, prefix: &[String], found: &mut Vec<Vec<String>>) {
        let tree = tree.trim();
        if let Some((before, inside)) = tree.split_once('{') {
            let mut prefix = prefix.to_vec();
            prefix.extend(before.split("::").map(str::trim).filter(|part| !part.is_empty()).map(str::to_owned));
            let (inside, mut depth, mut begin) = (inside.trim_end().strip_suffix('}').unwrap(), 0, 0);
            for (at, letter) in inside.char_indices() {
                match letter {
                    '{' => depth += 1,
                    '}' => depth -= 1,
                    ',' if depth == 0 => {
                        expand(&inside[begin..at], &prefix, found);
                        begin = at + 1;
                    }
                    _ => {}
                }
            }
            expand(&inside[begin..], &prefix, found);
        } else if !tree.is_empty() {
            let path = tree.split(" as ").next().unwrap();
            let mut whole = prefix.to_vec();
            whole.extend(path.split("::").map(|part| part.trim().to_owned()).filter(|part| part != "self"));
            found.push(whole);
        }
    }

    let mut found = Vec::new();
    expand(tree, &[], &mut found);
    found
}

/// The code of a file without its tests.
fn code_of(text: &str) -> String {
    Parts::of(text.split("#[cfg(test)]").next().unwrap()).code
}

/// A path from the root of the library; none where it leads out of it.
fn absolute(module: &[String], path: &[String], modules: &Modules) -> Option<Vec<String>> {
    let mut base = module.to_vec();
    let mut rest = path;
    match path.first()?.as_str() {
        "crate" => {
            base.clear();
            rest = &path[1..];
        }
        "super" => {
            while rest.first().is_some_and(|part| part == "super") {
                base.pop();
                rest = &rest[1..];
            }
        }
        first => {
            let mut child = base.clone();
            child.push(first.to_owned());
            if !modules.files.contains_key(&child) {
                return None;
            }
        }
    }
    base.extend(rest.iter().cloned());
    Some(base)
}

/// The paths that a file names, in `use` declarations and elsewhere. What a file only hands on is not what it rests on.
fn named(source: &Source) -> Vec<Vec<String>> {
    let code = code_of(&source.text);
    let own = declarations(&code).into_iter().filter(|(_, hands_on)| !hands_on);
    let mut paths: Vec<Vec<String>> = own.flat_map(|(tree, _)| expanded(&tree)).collect();
    let trees: Vec<_> = declarations(&code).into_iter().map(|(tree, _)| tree).collect();
    let elsewhere = trees.iter().fold(code, |code, tree| code.replacen(tree.as_str(), "", 1));
    for root in ["crate::", "super::"] {
        for (at, _) in elsewhere.match_indices(root).filter(|(at, _)| !elsewhere[..*at].ends_with("::")) {
            let path = elsewhere[at..].split(|letter: char| !is_of_name(letter) && letter != ':').next().unwrap();
            paths.push(path.split("::").filter(|part| !part.is_empty()).map(str::to_owned).collect());
        }
    }
    paths
}

/// Which files each file rests on.
fn arrows(sources: &[Source]) -> BTreeMap<String, BTreeSet<String>> {
    let modules = Modules::of(sources);
    let mut arrows = BTreeMap::new();
    for source in sources.iter().filter(|source| source.floor() != "bin") {
        let module = module_of(&source.path);
        let files = named(source).into_iter().filter_map(|path| {
            let path = absolute(&module, &path, &modules)?;
            modules.file(&path).map(str::to_owned)
        });
        // The root only says which modules there are.
        let files: BTreeSet<_> = files.filter(|file| *file != source.path && file != "lib.rs").collect();
        arrows.insert(source.path.clone(), files);
    }
    arrows
}

/// A way along the arrows that comes back to where it began.
fn circle(arrows: &BTreeMap<String, BTreeSet<String>>) -> Option<Vec<String>> {
    fn visit(
        file: &str,
        arrows: &BTreeMap<String, BTreeSet<String>>,
        way: &mut Vec<String>,
        done: &mut BTreeSet<String>,
    ) -> Option<Vec<String>> {
        if let Some(at) = way.iter().position(|earlier| earlier == file) {
            return Some(way[at..].to_vec());
        }
        if done.contains(file) {
            return None;
        }
        way.push(file.to_owned());
        let found = arrows.get(file).into_iter().flatten().find_map(|next| visit(next, arrows, way, done));
        way.pop();
        done.insert(file.to_owned());
        found
    }
    let mut done = BTreeSet::new();
    arrows.keys().find_map(|file| visit(file, arrows, &mut Vec::new(), &mut done))
}

#[test]
fn no_file_rests_on_itself() {
    let arrows = arrows(&Source::all());
    assert!(arrows["trusted_twin/apply.rs"].contains("trusted_twin/check.rs"), "arrows are found");
    assert!(arrows["trusted_twin/check.rs"].contains("report/finding.rs"), "through what hands on: {arrows:#?}");
    assert_eq!(circle(&arrows), None, "a circle of files");
}

#[test]
fn a_circle_is_found() {
    let source = |path: &str, text: &str| Source { path: path.to_owned(), text: text.to_owned(), words: Vec::new() };
    let circle_of = |sources: &[Source]| circle(&arrows(sources));
    let lib = || source("lib.rs", "mod a;");
    let a = || source("a/mod.rs", "mod b; mod c; pub use b::B; pub(crate) use c::{C, D as E};");
    let c = || source("a/c.rs", "pub struct C; // super::b::B");
    assert_eq!(circle_of(&[lib(), a(), source("a/b.rs", "use super::c::C;"), c()]), None);
    let b = || source("a/b.rs", "use super::{ C, c as d };");
    let back = source("a/c.rs", "fn f() { crate::a::B::g() }");
    assert_eq!(circle_of(&[lib(), a(), b(), back]).unwrap(), ["a/b.rs", "a/c.rs"]);
}

#[test]
fn the_examples_of_a_floor_use_nothing_above_it() {
    for source in Source::all() {
        let above: &[&str] = match source.floor() {
            "engine" => &["report", "fireworks", "trusted_twin", "elastic"],
            // How a decision is told is shown on decisions.
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

#[test]
fn only_the_module_of_a_feature_uses_what_it_brings() {
    for source in Source::all().iter().filter(|source| !["external", "stand_in"].contains(&source.floor())) {
        source.never_names(&["axum_core", "http_body", "StatusCode"]);
    }
}

#[test]
fn only_the_stand_in_uses_what_a_server_uses() {
    for source in Source::all().iter().filter(|source| !["stand_in", "bin"].contains(&source.floor())) {
        source.never_names(&["rusqlite", "tokio", "tracing"]);
    }
}

/// A feature that is off is not compiled: what has its traits stands apart, and nothing rests on it.
#[test]
fn the_traits_of_other_crates_stay_behind_their_features() {
    for source in Source::all() {
        // The last is a module of unit tests.
        let is_door = ["lib.rs", "external/mod.rs", "engine/random.rs"].contains(&&*source.path);
        for feature in ["arbitrary", "proptest"] {
            if !is_door && !source.path.starts_with(&format!("external/{feature}/")) {
                let code = words(&code_of(&source.text));
                assert!(!code.iter().any(|word| word == feature), "src/{} names {feature}", source.path);
            }
        }
        if source.floor() != "external" && source.path != "lib.rs" {
            source.never_names(&["external"]);
        }
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

/// The models share their verbs; this uses each of them, by way of the one trait.
#[test]
fn each_model_has_the_same_verbs() {
    fn check<M: UpdateModel>(stored: &str, body: &str, refused: &str) {
        let ctx = M::Context::default();
        let value = serde_json::from_str(stored).unwrap();
        let before = M::user(stored.as_bytes()).unwrap();
        let mut user = before.clone();
        assert_eq!(M::user_from_value(&value).unwrap(), user);
        let larger = M::user_with(&user, &["x", "y"], Json::null()).unwrap();
        assert_ne!(larger, user);
        assert_eq!(M::user_without(&larger, &["x"]).unwrap(), user);

        let patch = M::parse(body.as_bytes(), &ctx).unwrap();
        assert_eq!(M::check(&patch, &user, &ctx).unwrap().len(), 0);
        assert_eq!(M::mentioned(&patch).len(), 1);
        let applied = M::apply(&patch, &mut user, &ctx).unwrap();
        assert_eq!((applied.changed().len(), applied.notices().len()), (1, 0));
        assert_eq!(M::accepted(&user, &ctx).body, M::user_json(&user));
        assert_eq!(M::audit(&before, &user).operations().len(), 1);
        let owned: M::Patch<'static> = M::into_owned(patch);
        assert!(M::apply(&owned, &mut user, &ctx).unwrap().changed().is_empty(), "the second time nothing changes");
        let back = M::undo(&before, &user, &ctx).unwrap().patch().unwrap();
        let both = M::then(&owned, &back).unwrap();
        assert!(M::apply(&both, &mut before.clone(), &ctx).unwrap().changed().is_empty());
        assert!(M::rebase(&before, &owned, &before).unwrap().patch().is_some());

        let patch = M::parse(refused.as_bytes(), &ctx).unwrap();
        let violations = M::check(&patch, &user, &ctx).unwrap_err();
        let reply = M::refused(&violations, &ctx);
        assert_eq!((reply.status, violations.first().unwrap().refusal().status()), (400, 400));
        assert!(M::failure(400, [], reply.body.as_bytes()).has(violations.first().unwrap().refusal().code()));
        assert_eq!(M::outside(Outside::NotFound, &ctx).status, 404);
        assert!(
            M::takes(Some(M::MEDIA_TYPES[0])) && M::body_limits(&ctx).max_bytes.is_some() && M::denied(&ctx).is_none()
        );
        assert_eq!(M::mask_of_query("updateMask=role").is_some(), M::VENDOR.has_mask_and_create());
        assert!(M::rules().len() > M::Refusal::ALL.len(), "{} has rules that decide", M::VENDOR);
    }
    check::<Fireworks>(r#"{"role":"user"}"#, r#"{"role":"admin"}"#, r#"{"role":1}"#);
    check::<TrustedTwin>(
        r#"{"uuid":"f63d5c5c-0c5e-4c1a-9b1e-0d7a2f6f9a11","name":"Operator","role":"5b1c7f5a-2d3e-4c7b-9a52-0f6a1e3d9c10"}"#,
        r#"{"name":"Night Operator"}"#,
        r#"{"name":1}"#,
    );
    check::<Elastic>(r#"{"user_name":"ada","security":{}}"#, r#"{"email":"ada@example.com"}"#, r#"{"email":1}"#);
}

/// A forgotten member or refusal has to be an error of the compiler.
#[test]
fn nothing_falls_through() {
    for source in Source::all() {
        let decides = ["member.rs", "check.rs", "apply.rs", "reply.rs", "rules.rs"];
        if !ROOMS.contains(&source.floor()) || !decides.iter().any(|file| source.path.ends_with(file)) {
            continue;
        }
        let wild = source.text.lines().find(|line| line.trim_start().starts_with("_ =>"));
        assert_eq!(wild, None, "src/{}", source.path);
        // `matches!` has an arm for everything else that is not seen.
        let asks = |line: &&str| line.contains("matches!(member") || line.contains("matches!(refusal");
        assert_eq!(source.text.lines().find(asks), None, "src/{}", source.path);
    }
    // A rule that no request is made to break: the arms of `match refusal` are indented by eight.
    let sources = Source::all();
    let breaking = sources.iter().filter(|source| source.path.ends_with("/breaking.rs")).collect::<Vec<_>>();
    assert_eq!(breaking.len(), ROOMS.len());
    for source in breaking {
        let wild = source.text.lines().find(|line| line.starts_with("        _ =>"));
        assert_eq!(wild, None, "src/{}", source.path);
    }
}
