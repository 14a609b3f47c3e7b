//! Holds every rule to where it comes from: its quotation stands in the page, fixtures show it both ways, and every
//! sentence of the pages is claimed by a rule or set aside with a reason. `cargo test --test provenance elastic` asks
//! one room alone.
//!
//! `tests/fixtures/<room>/sentences.json` has, for each page, its sentences in their order: `{"text": …}` in the page's
//! words or, for a longer run, `{"from": …, "to": …}`, its first and its last words (the run ends where `to` comes first
//! after `from`); and either `"rules": [ids]` or `"not": "why no rule claims it"`. White space is folded throughout.

// The helpers of a test may stop where it is wrong, as the test itself may.
#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use user_patch::{
    conformance::cases,
    engine::{Json, Limits},
    report::{Basis, Rule},
    vendor::UpdateModel,
};

macro_rules! of_each_room {
    ($($module:ident: $room:ident),*) => {$(
        mod $module {
            use user_patch::vendor::$room;

            #[test]
            fn rules_have_proper_names_and_words() {
                super::rules_have_proper_names_and_words::<$room>();
            }
            #[test]
            fn quotations_stand_in_their_pages() {
                super::quotations_stand_in_their_pages::<$room>();
            }
            #[test]
            fn each_rule_is_shown_both_ways() {
                super::each_rule_is_shown_both_ways::<$room>();
            }
            #[test]
            fn each_sentence_is_claimed_or_set_aside() {
                super::each_sentence_is_claimed_or_set_aside::<$room>();
            }
            #[test]
            fn cases_quote_the_page() {
                super::cases_quote_the_page::<$room>();
            }
        }
    )*};
}

of_each_room!(fireworks: Fireworks, trusted_twin: TrustedTwin, elastic: Elastic);

/// The vendor's module, and its folder of fixtures.
fn module<M: UpdateModel>() -> String {
    M::VENDOR.module().to_owned()
}

fn rules_have_proper_names_and_words<M: UpdateModel>() {
    let mut faults = Vec::new();
    let mut seen = BTreeSet::new();
    for Rule { id, says, basis, .. } in M::rules() {
        if !seen.insert(id) {
            faults.push(format!("{id} names two rules"));
        }
        if id.strip_prefix(&*module::<M>()).and_then(|rest| rest.strip_prefix('.')).is_none_or(str::is_empty) {
            faults.push(format!("{id} must begin with {}.", module::<M>()));
        }
        // A member's name may begin with a backquote.
        if !says.starts_with(|first: char| first.is_ascii_lowercase() || first == '`') {
            faults.push(format!("{id}: what it says must begin in lower case: {says:?}"));
        }
        if says.ends_with('.') || says.contains(". ") {
            faults.push(format!("{id}: what it says must have no full stop: {says:?}"));
        }
        if basis.words().is_empty() {
            faults.push(format!("{id} rests on nothing"));
        }
    }
    assert!(!seen.is_empty(), "{} has no rules", module::<M>());
    assert_none(&faults);
}

/// Under which name the text of a vendor's page is kept in `tests/fixtures/<room>/`.
const FILES: [(&str, &str); 5] = [
    ("https://docs.fireworks.ai/api-reference/update-user", "fireworks-update-user"),
    ("https://docs.fireworks.ai/api-reference/update-user.md", "fireworks-update-user-openapi"),
    ("https://docs.fireworks.ai/api-reference/create-user", "fireworks-create-user"),
    ("https://trustedtwin.com/docs", "trusted-twin-update-a-user"),
    (
        "https://www.elastic.co/docs/api/doc/cloud-enterprise/operation/operation-update-current-user",
        "elastic-update-current-user",
    ),
];

fn quotations_stand_in_their_pages<M: UpdateModel>() {
    let pages = pages::<M>();
    let faults = M::rules().into_iter().filter_map(|rule| {
        let Rule { id, page, .. } = rule;
        let Some((_, file)) = FILES.iter().find(|(address, _)| address == page) else {
            return Some(format!("{id}: nothing is kept of {page}"));
        };
        let Some(text) = pages.get(*file) else { return Some(format!("{id}: there is no page {file}.txt")) };
        match rule.basis {
            Basis::Stated { quote } if quote != fold(quote) => {
                Some(format!("{id}: white space must be folded: {quote:?}"))
            }
            Basis::Stated { quote } if !text.contains(quote) => Some(format!("{id}: not in {file}.txt: {quote:?}")),
            _ => None,
        }
    });
    assert_none(&faults.collect::<Vec<_>>());
}

fn each_rule_is_shown_both_ways<M: UpdateModel>() {
    let ids = ids::<M>();
    let mut faults = Vec::new();
    let (mut accepted, mut refused) = (BTreeSet::new(), BTreeSet::new());
    for case in cases(M::VENDOR) {
        if case.expected().is_accepted() { &mut accepted } else { &mut refused }.insert(case.rule().id);
    }
    for id in ids {
        if !accepted.contains(id) {
            faults.push(format!("{id}: no case is accepted that shows it"));
        }
        if !refused.contains(id) {
            faults.push(format!("{id}: no case is refused that shows it"));
        }
    }
    assert_none(&faults);
}

fn each_sentence_is_claimed_or_set_aside<M: UpdateModel>() {
    let file = folder::<M>().join("sentences.json");
    let text = fs::read(&file).unwrap_or_else(|wrong| panic!("{}/sentences.json: {wrong}", module::<M>()));
    let all = Json::parse(&text, &Limits::default())
        .unwrap_or_else(|wrong| panic!("{}/sentences.json: {wrong}", module::<M>()));
    let sentences: BTreeMap<_, Vec<_>> = all
        .members()
        .map(|(page, entries)| (page.into_owned(), entries.elements().map(|entry| Entry::read(&entry)).collect()))
        .collect();
    let (ids, pages) = (ids::<M>(), pages::<M>());
    let mut faults: Vec<_> = pages
        .keys()
        .filter(|&page| !sentences.contains_key(page))
        .map(|page| format!("{page}: none of its sentences is in sentences.json"))
        .collect();
    for (page, entries) in &sentences {
        match pages.get(page) {
            Some(text) => faults.extend(walk(text, entries).err().map(|fault| format!("{page}: {fault}"))),
            None => faults.push(format!("{page}: there is no {page}.txt")),
        }
        for entry in entries {
            let Some(rules) = &entry.rules else {
                let words = &entry.first;
                faults.push(format!("{page}: {words:?} needs either rules (at least one) or not (why there is none)"));
                continue;
            };
            for rule in rules.iter().filter(|rule| !ids.contains(&***rule)) {
                faults.push(format!("{page}: {:?} is claimed by a rule that is none: {rule}", entry.first));
            }
        }
    }
    assert_none(&faults);
}

fn cases_quote_the_page<M: UpdateModel>() {
    let pages = pages::<M>();
    let faults = cases(M::VENDOR).iter().filter_map(|case| {
        let words = fold(case.page());
        let must_quote = matches!(case.rule().basis, Basis::Stated { .. });
        let quotes = !words.is_empty() && pages.values().any(|text| text.contains(&words));
        match () {
            () if words.is_empty() => Some(format!("{} has no page", case.title())),
            () if must_quote && !quotes => Some(format!(
                "{} shows {}, which a page states, but its `page` is not in the words of one: {words:?}",
                case.title(),
                case.rule().id
            )),
            () => None,
        }
    });
    assert_none(&faults.collect::<Vec<_>>());
}

/// A run of a page's words, and what becomes of it.
struct Entry {
    first: String,
    last: Option<String>,
    /// The rules that claim it: none of them where it is set aside with a reason, nothing where it says neither or both.
    rules: Option<Vec<String>>,
}

impl Entry {
    fn read(entry: &Json<'_>) -> Self {
        const KNOWN: [&str; 5] = ["text", "from", "to", "rules", "not"];
        for (name, _) in entry.members() {
            assert!(KNOWN.contains(&&*name), "unknown member {name} in the sentence {entry}");
        }
        let member = |name| entry.members().find_map(|(member, value)| (member == name).then(|| value.into_owned()));
        let words = |name| member(name).map(|value| fold(&value.as_str().expect("a sentence is a string")));
        let (first, last) = match (words("text"), words("from"), words("to")) {
            (Some(text), None, None) => (text, None),
            (None, Some(from), Some(to)) => (from, Some(to)),
            _ => panic!("a sentence has either text, or from and to: {entry}"),
        };
        assert!(!first.is_empty() && last.as_deref() != Some(""), "a sentence has words: {entry}");
        let rules = member("rules").map(|rules| {
            rules.elements().map(|id| id.as_str().expect("a rule's id is a string").into_owned()).collect::<Vec<_>>()
        });
        let rules = match (rules, words("not")) {
            (Some(rules), None) if !rules.is_empty() => Some(rules),
            (None, Some(reason)) if !reason.is_empty() => Some(Vec::new()),
            _ => None,
        };
        Self { first, last, rules }
    }
}

/// Goes through a page, whose white space is folded, entry by entry: nothing may be left between two of them.
fn walk(page: &str, entries: &[Entry]) -> Result<(), String> {
    let mut rest = page;
    for Entry { first, last, .. } in entries {
        rest = rest.trim_start();
        rest = rest.strip_prefix(&**first).ok_or_else(|| {
            format!("the first words not covered are {:?}, where the next entry is {first:?}", start_of(rest))
        })?;
        if let Some(last) = last {
            let (_, after) =
                rest.split_once(&**last).ok_or_else(|| format!("the run from {first:?} does not come to {last:?}"))?;
            rest = after;
        }
    }
    match rest.trim_start() {
        "" => Ok(()),
        rest => Err(format!("the first words not covered are {:?}, where there is no further entry", start_of(rest))),
    }
}

fn start_of(text: &str) -> String {
    text.split(' ').take(12).collect::<Vec<_>>().join(" ")
}

/// The pages of a room by name, white space folded.
fn pages<M: UpdateModel>() -> BTreeMap<String, String> {
    let files = fs::read_dir(folder::<M>()).unwrap().map(|entry| entry.unwrap().path());
    let pages: BTreeMap<_, _> = files
        .filter(|file| file.extension().is_some_and(|kind| kind == "txt"))
        .map(|file| {
            let name = file.file_stem().unwrap().to_str().unwrap().to_owned();
            (name, fold(&fs::read_to_string(&file).unwrap()))
        })
        .collect();
    assert!(!pages.is_empty(), "{} has no page", module::<M>());
    pages
}

fn folder<M: UpdateModel>() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(module::<M>())
}

fn ids<M: UpdateModel>() -> BTreeSet<&'static str> {
    M::rules().into_iter().map(|rule| rule.id).collect()
}

fn fold(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn assert_none(faults: &[String]) {
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}
