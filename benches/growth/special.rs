//! Shapes that are there for a reason of their own: each was a cost out of proportion once, or is made like one.

use std::fmt::Write;

use super::{
    Texts, Vendor,
    Verb::{
        self, Apply, Audit, AuditToJson, Check, Create, Diff, FromJson, Mask, Parse, PatchToJson, Rebase, Reply, Store,
        Then, Undo,
    },
    Verdict,
    shapes::{elastic, fireworks, listed, object, trusted_twin},
};

pub(crate) struct Special {
    pub name: &'static str,
    /// The verbs that it is for.
    pub verbs: &'static [Verb],
    /// The texts with about this many members; `None` where there are none as large.
    pub texts: fn(usize) -> Option<Texts>,
}

impl PartialEq for Special {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for Special {}

impl std::fmt::Debug for Special {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name)
    }
}

const IGNORE: &str = r#"{"policy":{"maxBytes":null,"unknownMembers":"ignore"}}"#;
const REFUSE: &str = r#"{"policy":{"maxBytes":null,"unknownMembers":"refuse"}}"#;

const ACCEPTED: Option<Verdict> = Some(Verdict::Done);
const REFUSED: Option<Verdict> = Some(Verdict::Refused);

impl Special {
    pub(crate) const ALL: &'static [Self] = &[
        // Each of many members breaks a rule, or is worth a notice.
        Self {
            name: "fireworks.unknown-refused",
            verbs: &[Parse, Check, Reply],
            texts: |n| unknown(Vendor::Fireworks, n, true),
        },
        Self {
            name: "fireworks.unknown-ignored",
            verbs: &[Apply, Create],
            texts: |n| unknown(Vendor::Fireworks, n, false),
        },
        Self { name: "elastic.unknown-refused", verbs: &[Check], texts: |n| unknown(Vendor::Elastic, n, true) },
        Self { name: "fireworks.unknown-in-status", verbs: &[Check], texts: unknown_in_status },
        Self { name: "trusted_twin.bad-keys", verbs: &[Check, Reply], texts: bad_keys },
        Self { name: "elastic.passwords", verbs: &[Check], texts: passwords },
        // Stored members that no update has.
        Self { name: "fireworks.others-stored", verbs: &[FromJson, Undo], texts: others_stored },
        Self { name: "fireworks.others-differ", verbs: &[Diff], texts: others_differ },
        // Masks.
        Self {
            name: "fireworks.mask-of-one-path",
            verbs: &[Mask, Check],
            texts: |n| mask(vec!["a"; n].join("."), REFUSED),
        },
        Self {
            name: "fireworks.mask-of-many-paths",
            verbs: &[Mask, Check],
            texts: |n| mask(paths(n, "path_"), REFUSED),
        },
        Self {
            name: "fireworks.mask-of-covered-paths",
            verbs: &[Mask],
            texts: |n| mask(paths(n, "role.path_") + ",role", None),
        },
        Self {
            name: "fireworks.mask-of-paths-that-cover-each-other",
            verbs: &[Mask],
            texts: |n| mask(staircase(n), REFUSED),
        },
        Self {
            name: "fireworks.mask-repeated",
            verbs: &[Check, Then],
            texts: |n| mask(vec!["role,displayName"; n / 2].join(","), ACCEPTED),
        },
        // Values.
        Self { name: "fireworks.long-email", verbs: &[Create], texts: long_email },
        Self { name: "elastic.escapes", verbs: &[Parse], texts: escapes },
        Self { name: "elastic.array", verbs: &[Diff], texts: array },
        Self { name: "elastic.roles-added", verbs: &[Apply], texts: |n| roles(n, false) },
        Self { name: "elastic.roles-reversed", verbs: &[Check], texts: |n| roles(n, true) },
        Self { name: "elastic.permissions-reversed", verbs: &[Check], texts: permissions },
        // Restricted members.
        Self { name: "elastic.restricted-nulls", verbs: &[Check, Rebase], texts: |n| restricted(n, Restricted::Nulls) },
        Self {
            name: "elastic.restricted-nulls-nested",
            verbs: &[Check],
            texts: |n| restricted(n, Restricted::NullsInObjects),
        },
        Self { name: "elastic.restricted-changed", verbs: &[Check], texts: |n| restricted(n, Restricted::Changed) },
        Self { name: "elastic.restricted-removed", verbs: &[Check], texts: |n| restricted(n, Restricted::Removed) },
        // Two updates.
        Self { name: "elastic.conflicts-under-long-name", verbs: &[Rebase], texts: conflicts },
        Self {
            name: "elastic.unreachable-nulls-under-long-name",
            verbs: &[Diff, AuditToJson],
            texts: unreachable_nulls,
        },
        // Stored names with an escape, which get longer as there is more to ask of them.
        Self { name: "elastic.escaped-name-as-long", verbs: &[Apply, Diff], texts: |n| escaped_names(n, 1) },
        Self { name: "elastic.escaped-names-as-long", verbs: &[Apply, Audit], texts: |n| escaped_names(n, 20) },
        // What comes late, and what is deep: 60 levels, and 120.
        Self { name: "elastic.duplicate-last", verbs: &[Parse], texts: duplicate_last },
        Self { name: "elastic.deep-duplicate", verbs: &[Parse], texts: deep_duplicate },
        Self {
            name: "elastic.deep-reordered",
            verbs: &[Check, Apply, Diff, Then, Rebase, Audit],
            texts: |n| deep(n, Deep::Reordered),
        },
        Self {
            name: "elastic.deep-changed",
            verbs: &[Store, Diff, Undo, Audit, PatchToJson],
            texts: |n| deep(n, Deep::Changed),
        },
        Self { name: "elastic.deep-restricted", verbs: &[Check], texts: |n| deep(n, Deep::Restricted) },
        // Stored texts that are written otherwise than this crate writes, into which the change is put.
        Self {
            name: "elastic.stored-with-space",
            verbs: &[Store],
            texts: |n| Some(spaced(elastic_value(&members_of(n, "1"), &members_of(n, "2"), "3"))),
        },
        Self { name: "elastic.stored-deep-with-space", verbs: &[Store], texts: |n| deep(n, Deep::Changed).map(spaced) },
        Self { name: "elastic.stored-with-long-space", verbs: &[Store], texts: stored_with_long_space },
        Self { name: "fireworks.stored-in-another-order", verbs: &[Store], texts: stored_in_another_order },
        Self { name: "trusted_twin.deep-reordered", verbs: &[Diff], texts: deep_description },
    ];
}

fn unknown(vendor: Vendor, n: usize, refused: bool) -> Option<Texts> {
    let texts = Texts::new(vendor);
    let members = listed(n, |text, at| write!(text, r#""unknown_{at:06}":{at}"#).unwrap());
    Some(Texts {
        body: format!("{},{members}}}", texts.body.strip_suffix('}')?),
        context: if refused { REFUSE } else { IGNORE }.to_owned(),
        parsed: None,
        checked: if refused { REFUSED } else { ACCEPTED },
        ..texts
    })
}

fn unknown_in_status(n: usize) -> Option<Texts> {
    let members = listed(n, |text, at| write!(text, r#""unknown_{at:06}":{at}"#).unwrap());
    Some(Texts {
        body: format!(r#"{{"role":"user","status":{{{members}}}}}"#),
        checked: REFUSED,
        ..Texts::new(Vendor::Fireworks)
    })
}

fn bad_keys(n: usize) -> Option<Texts> {
    let members = listed(n, |text, at| write!(text, r#""Key-{at:06}":{at}"#).unwrap());
    Some(Texts {
        body: format!(r#"{{"description":{{{members}}}}}"#),
        checked: REFUSED,
        ..Texts::new(Vendor::TrustedTwin)
    })
}

/// In places where there is no password.
fn passwords(n: usize) -> Option<Texts> {
    let members = listed(n, |text, at| write!(text, r#""member_{at:06}":{{"password":"x"}}"#).unwrap());
    Some(Texts {
        body: format!(r#"{{"metadata":{{{members}}}}}"#),
        parsed: None,
        checked: None,
        ..Texts::new(Vendor::Elastic)
    })
}

fn others(n: usize, value: &str) -> String {
    listed(n, |text, at| write!(text, r#""other_{at:06}":"{value} {at}""#).unwrap())
}

fn others_stored(n: usize) -> Option<Texts> {
    let others = others(n, "value");
    let after = fireworks(&format!(r#""displayName":"Ada L",{others}"#));
    Some(Texts { user: fireworks(&others), after, ..Texts::new(Vendor::Fireworks) })
}

fn others_differ(n: usize) -> Option<Texts> {
    let (user, after) = (fireworks(&others(n, "value")), fireworks(&others(n, "another")));
    Some(Texts { user, after, compared: Some(Verdict::Unreachable), ..Texts::new(Vendor::Fireworks) })
}

fn mask(mask: String, verdict: Option<Verdict>) -> Option<Texts> {
    // Whether a mask that names what is not there is refused where it is read or where it is checked is open.
    let parsed = verdict.filter(|verdict| *verdict == Verdict::Done);
    Some(Texts { mask, parsed, checked: verdict, ..Texts::new(Vendor::Fireworks) })
}

fn paths(n: usize, prefix: &str) -> String {
    listed(n, |text, at| write!(text, "{prefix}{at:06}").unwrap())
}

/// Paths of which each covers the next: a step for each eight bytes of the text, as they get longer.
fn staircase(n: usize) -> String {
    let steps = (2 * n).isqrt() * 2;
    listed(steps, |text, at| text.push_str(&vec!["a"; at + 1].join(".")))
}

fn long_email(n: usize) -> Option<Texts> {
    let body = |word: &str| format!(r#"{{"role":"user","email":"{}@example.com"}}"#, word.repeat(n));
    Some(Texts {
        user: fireworks(r#""displayName":"Ada""#),
        body: body(r"ada\u002elove"),
        next: body("ada.lovely"),
        ..Texts::new(Vendor::Fireworks)
    })
}

fn elastic_value(one: &str, other: &str, next: &str) -> Texts {
    let member = |value: &str| format!(r#""metadata":{{"member":{value}}}"#);
    Texts {
        user: elastic(&member(one)),
        body: object(&member(other)),
        next: object(&member(next)),
        after: elastic(&member(other)),
        theirs: elastic(&format!("{},\"theirs\":1", member(one))),
        ..Texts::new(Vendor::Elastic)
    }
}

fn escapes(n: usize) -> Option<Texts> {
    let value = |end: char| format!("\"{}{end}\"", r"\u00e9\ud83d\ude00\n".repeat(n));
    Some(elastic_value(&value('a'), &value('b'), &value('c')))
}

/// So many stored names that have together eight bytes for each of the members that come beside them.
fn escaped_names(n: usize, names: usize) -> Option<Texts> {
    let long = "x".repeat(8 * n / names);
    let stored = listed(names, |text, at| write!(text, r#""\u0061{at}{long}":1"#).unwrap());
    let members = |value: &str| listed(n, |text, at| write!(text, r#""member_{at:06}":{value}"#).unwrap());
    Some(Texts {
        user: elastic(&format!(r#""metadata":{{{stored}}}"#)),
        body: object(&format!(r#""metadata":{{{}}}"#, members("2"))),
        next: object(&format!(r#""metadata":{{{}}}"#, members("3"))),
        after: elastic(&format!(r#""metadata":{{{stored},{}}}"#, members("2"))),
        ..Texts::new(Vendor::Elastic)
    })
}

fn array(n: usize) -> Option<Texts> {
    let value =
        |last: &str| format!("[{},{last}]", listed(n, |text, at| write!(text, r#"{{"element":{at}}}"#).unwrap()));
    Some(elastic_value(&value("1"), &value("2"), &value("3")))
}

fn roles(n: usize, are_stored: bool) -> Option<Texts> {
    let role = |text: &mut String, at: usize| write!(text, r#""role_{at:06}""#).unwrap();
    let (in_order, reversed) = (listed(n, role), listed(n, |text, at| role(text, n - 1 - at)));
    let user = |roles: &str| format!(r#"{{"user_name":"ada","security":{{"roles":[{roles}],"enabled":true}}}}"#);
    let body = |roles: &str| format!(r#"{{"security":{{"roles":[{roles}]}}}}"#);
    Some(Texts {
        user: user(if are_stored { &in_order } else { "" }),
        body: body(&reversed),
        next: body(&in_order),
        after: user(&reversed),
        context: format!(
            r#"{{"knownRoles":[{in_order}],"assignableRoles":[{in_order}],"policy":{{"maxBytes":null}}}}"#
        ),
        ..Texts::new(Vendor::Elastic)
    })
}

/// The same permissions in another order: whether that is another value is for the rules to say.
fn permissions(n: usize) -> Option<Texts> {
    let permission = |text: &mut String, at: usize| write!(text, r#""permission_{at:06}""#).unwrap();
    let (in_order, reversed) = (listed(n, permission), listed(n, |text, at| permission(text, n - 1 - at)));
    let security = |permissions: &str| format!(r#""security":{{"permissions":[{permissions}]}}"#);
    Some(Texts {
        user: format!(r#"{{"user_name":"ada",{}}}"#, security(&in_order)),
        body: object(&security(&reversed)),
        checked: None,
        ..Texts::new(Vendor::Elastic)
    })
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Restricted {
    Nulls,
    NullsInObjects,
    Changed,
    Removed,
}

/// Members inside of an object that no update changes.
fn restricted(n: usize, how: Restricted) -> Option<Texts> {
    let members = |value: &str| match how {
        Restricted::NullsInObjects => listed(n / 4, |text, at| {
            write!(text, r#""group_{at:06}":{{"a":{value},"b":{value},"c":{value},"d":{value}}}"#).unwrap();
        }),
        _ => listed(n, |text, at| write!(text, r#""member_{at:06}":{value}"#).unwrap()),
    };
    let within = |members: &str| format!(r#""security":{{"elevated_permissions":{members}}}"#);
    let old = if matches!(how, Restricted::Nulls | Restricted::NullsInObjects) { "null" } else { "1" };
    let new = match how {
        Restricted::Removed => "null".to_owned(),
        Restricted::Changed => object(&members("2")),
        _ => object(&members(old)),
    };
    let user = |members: &str| format!(r#"{{"user_name":"ada",{}}}"#, within(members));
    let is_accepted = old == "null";
    Some(Texts {
        user: user(&object(&members(old))),
        body: object(&within(&new)),
        next: object(&within(&new)),
        after: user(&new),
        theirs: format!(
            r#"{{"full_name":"Ada",{}}}"#,
            user(&object(&members(old))).strip_prefix('{')?.strip_suffix('}')?
        ),
        checked: if is_accepted { ACCEPTED } else { REFUSED },
        // What the vendor keeps by itself need not be compared.
        compared: None,
        ..Texts::new(Vendor::Elastic)
    })
}

/// Members with this value in `metadata`, or there in an object whose name has ten bytes for each.
fn in_metadata(n: usize, is_long: bool, value: &str) -> String {
    let members = listed(n, |text, at| write!(text, r#""member_{at:06}":{value}"#).unwrap());
    match is_long {
        true => format!(r#""metadata":{{"{}":{{{members}}}}}"#, "long_name_".repeat(n)),
        false => format!(r#""metadata":{{{members}}}"#),
    }
}

fn conflicts(n: usize) -> Option<Texts> {
    Some(Texts {
        user: elastic(&in_metadata(n, true, "1")),
        body: object(&in_metadata(n, true, "2")),
        theirs: elastic(&in_metadata(n, true, "3")),
        rebased: Some(Verdict::Conflict),
        ..Texts::new(Vendor::Elastic)
    })
}

/// No merge patch writes a null.
fn unreachable_nulls(n: usize) -> Option<Texts> {
    Some(Texts {
        user: elastic(&in_metadata(n, true, "1")),
        after: elastic(&in_metadata(n, true, "null")),
        compared: Some(Verdict::Unreachable),
        ..Texts::new(Vendor::Elastic)
    })
}

fn duplicate_last(n: usize) -> Option<Texts> {
    let metadata = in_metadata(n, false, "1");
    let body = format!(r#"{{{},"member_{:06}":2}}}}"#, metadata.strip_suffix('}')?, n - 1);
    Some(Texts { body, parsed: REFUSED, ..Texts::new(Vendor::Elastic) })
}

/// Objects inside each other, 60 levels for 1,000 and 120 for 2,000, which is about as deep as a body may be. In each there
/// are eight members beside the next level; in the innermost stands the value.
fn levels(n: usize, is_reversed: bool, innermost: &str) -> Option<String> {
    let depth = n * 60 / 1_000;
    let mut text = innermost.to_owned();
    for level in (0..depth).rev() {
        let members = listed(8, |text, at| {
            let at = if is_reversed { 7 - at } else { at };
            write!(text, r#""member_{at}":"value {level}""#).unwrap();
        });
        text = match is_reversed {
            true => format!(r#"{{"next":{text},{members}}}"#),
            false => format!(r#"{{{members},"next":{text}}}"#),
        };
    }
    (depth <= 120).then_some(text)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Deep {
    Reordered,
    Changed,
    Restricted,
}

fn deep(n: usize, how: Deep) -> Option<Texts> {
    let is_changed = how == Deep::Changed;
    let (old, reordered) = (levels(n, false, "1")?, levels(n, true, if is_changed { "2" } else { "1" })?);
    let newer = levels(n, false, "3")?;
    if how == Deep::Restricted {
        let security = |value: &str| format!(r#""security":{{"elevated_permissions":{{"deep":{value}}}}}"#);
        return Some(Texts {
            user: format!(r#"{{"user_name":"ada",{}}}"#, security(&old)),
            body: object(&security(&reordered)),
            ..Texts::new(Vendor::Elastic)
        });
    }
    Some(elastic_value(&old, &reordered, &newer))
}

fn deep_duplicate(n: usize) -> Option<Texts> {
    let body = object(&format!(r#""metadata":{{"deep":{}}}"#, levels(n, false, r#"{"a":1,"a":2}"#)?));
    Some(Texts { body, parsed: REFUSED, ..Texts::new(Vendor::Elastic) })
}

/// Members with this value.
fn members_of(n: usize, value: &str) -> String {
    object(&listed(n, |text, at| write!(text, r#""member_{at:06}":{value}"#).unwrap()))
}

/// The stored user with white space between its members. No string here has such a mark inside.
fn spaced(texts: Texts) -> Texts {
    Texts { user: texts.user.replace("\":", "\" : ").replace(",\"", " ,\n\""), ..texts }
}

/// Between the first two members as much white space as all new ones are long.
fn stored_with_long_space(n: usize) -> Option<Texts> {
    let space = " ".repeat(10 * n);
    Some(Texts {
        user: elastic(&format!(r#""metadata":{{"one":1,{space}"other":2}}"#)),
        body: object(&format!(r#""metadata":{}"#, members_of(n, "1"))),
        ..Texts::new(Vendor::Elastic)
    })
}

/// A user whose name comes behind all that the page does not name.
fn stored_in_another_order(n: usize) -> Option<Texts> {
    Some(Texts {
        user: format!(r#"{{"email":"ada@example.com",{},"role":"user"}}"#, others(n, "value")),
        ..Texts::new(Vendor::Fireworks)
    })
}

fn deep_description(n: usize) -> Option<Texts> {
    let description = |value: &str| format!(r#""description":{{"deep":{value}}}"#);
    let (one, other) = (levels(n, false, "1")?, levels(n, true, "1")?);
    Some(Texts {
        user: trusted_twin(&description(&one)),
        body: object(&description(&other)),
        after: trusted_twin(&description(&other)),
        ..Texts::new(Vendor::TrustedTwin)
    })
}
