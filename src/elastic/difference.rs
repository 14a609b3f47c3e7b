//! What lies between two users: the members of the patch that leads from one to the other.

use super::{
    member::{Form, Member, place},
    rules::{self, Refusal},
    user::User,
    write::write_set,
};
use crate::{
    engine::{Builder, Document, Name, Pointer, Writer, diff_members},
    report::{Finding, Findings, Refuses, Rule},
};

/// What lies between two users.
pub(super) struct Difference<'u> {
    before: &'u User,
    after: &'u User,
    reasons: Findings,
}

impl<'u> Difference<'u> {
    /// The members of the patch, and why there is none.
    pub(super) fn between(before: &'u User, after: &'u User) -> (Document<'static>, Findings) {
        let mut difference = Self { before, after, reasons: Findings::new() };
        let body = Builder::document(64, 0, |out| difference.write_inside(None, out));
        (body, difference.reasons)
    }

    fn cannot(&mut self, rule: &'static Rule, pointer: Pointer, why: &'static str) {
        self.reasons.push(Finding::saying(rule, pointer, why));
    }

    fn cannot_be_null(&mut self, pointer: Pointer) {
        self.cannot(rules::NULL, pointer, "holds a null that a merge patch cannot write");
    }

    /// Writes the members of the patch for an object.
    fn write_inside(&mut self, above: Option<Member>, out: &mut Builder) {
        for member in Member::children(above) {
            match (member.writer(), member.form()) {
                (Writer::VendorItself, _) | (Writer::Update, Form::Secret) => {}
                (Writer::Vendor, _) => {
                    if !self.before.agrees(self.after, Some(member)) {
                        self.cannot(Refusal::Restricted.rule(), member.pointer(), "differs, and no update sets it");
                    }
                }
                (Writer::Update, Form::Object) => self.write_object(member, out),
                (Writer::Update, Form::Text | Form::Flag | Form::Time | Form::Set) => self.write_value(member, out),
            }
        }
        let (before, after) = (self.before.object(above), self.after.object(above));
        let skips = |name: Name<'_>| Member::of(above, name).is_some();
        diff_members(before, after, skips, out, &mut |name| self.cannot_be_null(place(above, name)));
    }

    fn write_value(&mut self, member: Member, out: &mut Builder) {
        let (before, after) = (self.before.get(member), self.after.get(member));
        if member.agrees(before, after) {
            return;
        }
        let name = Name::plain(member.name());
        match (after, member.form()) {
            (Some(after), Form::Set) if !after.is_null() => out.member(name, |out| write_set(Some(after), out)),
            (Some(after), _) if !after.is_null() => out.member(name, |out| out.copy(after)),
            (Some(_), _) => self.cannot_be_null(member.pointer()),
            (None, _) if member.default().is_some() => {
                self.cannot(rules::NULL, member.pointer(), "has a default, and cannot be removed");
            }
            (None, _) => out.member(name, |out| out.fixed("null")),
        }
    }

    /// Writes an object with members that the vendor keeps by itself. Where it holds some, it neither comes nor goes for them.
    fn write_object(&mut self, member: Member, out: &mut Builder) {
        let is_there = |user: &User| user.object(Some(member)).is_some();
        let (before, after) = (self.before, self.after);
        if is_there(after) || is_there(before) && holds_kept(before, member) {
            let mark = out.mark();
            out.member(Name::plain(member.name()), |out| out.object(|out| self.write_inside(Some(member), out)));
            if out.ends_empty() && (is_there(before) || holds_kept(after, member)) {
                out.rewind(mark);
            }
        } else if !before.agrees(after, Some(member)) {
            match after.get(member) {
                Some(_) => self.cannot_be_null(member.pointer()),
                None => out.member(Name::plain(member.name()), |out| out.fixed("null")),
            }
        }
    }
}

/// Whether an object holds what the vendor keeps by itself.
fn holds_kept(user: &User, member: Member) -> bool {
    let mut kept = Member::children(Some(member)).filter(|child| child.writer() == Writer::VendorItself);
    kept.any(|child| user.get(child).is_some_and(|value| !value.is_null()))
}

#[cfg(test)]
mod tests {
    use super::super::{
        context::Context,
        relate::diff,
        samples::{Dice, TRIES, settled},
        user::User,
    };
    use crate::report::Diff;

    fn user(text: &str) -> User {
        User::from_json(text.as_bytes()).unwrap()
    }

    #[test]
    fn a_diff_arrives_and_is_nothing_where_nothing_differs() {
        let mut dice = Dice::new();
        let (mut patches, mut unchanged) = (0, 0);
        for _ in 0..TRIES {
            let (before, mut after, mut ctx) = (dice.user(), dice.user(), dice.context());
            if dice.below(3) > 0 {
                after = before.clone();
                _ = dice.patch().apply(&mut after, &ctx);
            }
            ctx.now = ctx.now.filter(|_| dice.below(2) == 0);
            let told = || format!("from {}\nto {}", before.to_json(), after.to_json());
            let is_same = settled(&before) == settled(&after);
            match diff(&before, &after, &ctx) {
                Ok(Diff::Unchanged) => {
                    assert!(is_same, "{}", told());
                    unchanged += 1;
                }
                Ok(Diff::Patch(patch)) => {
                    let mut there = before.clone();
                    let applied = patch.apply(&mut there, &ctx);
                    assert!(!applied.unwrap().changed().is_empty());
                    assert_eq!(settled(&there), settled(&after), "{}\nby {}", told(), patch.to_json());
                    patches += 1;
                }
                Err(unreachable) => assert!(!is_same || before.is_builtin(), "{}\n{unreachable}", told()),
            }
            if before == after {
                assert!(is_same, "{}", told());
            }
        }
        assert!(patches > TRIES / 10 && unchanged > TRIES / 100, "{patches} and {unchanged} of {TRIES}");
    }

    #[test]
    fn why_no_patch_gets_there() {
        let ctx = Context::default();
        let why = |before: &str, after: &str| match diff(&user(before), &user(after), &ctx) {
            Ok(Diff::Patch(patch)) => patch.to_json(),
            Ok(Diff::Unchanged) => "nothing".to_owned(),
            Err(reasons) => reasons
                .iter()
                .map(|reason| format!("{} {}", reason.rule().id, reason.pointer()))
                .collect::<Vec<_>>()
                .join("; "),
        };
        for (before, after, expected) in [
            (
                r#"{"user_name":"ada","security":{}}"#,
                r#"{"user_name":"bob","security":{"permissions":["a"]}}"#,
                "elastic.restricted /user_name",
            ),
            (
                r#"{"user_name":"ada","security":{"roles":[],"enabled":true}}"#,
                r#"{"user_name":"ada","security":{}}"#,
                "elastic.null /security/enabled; elastic.null /security/roles",
            ),
            (
                r#"{"user_name":"ada","security":{}}"#,
                r#"{"user_name":"ada","security":{"x":{"y":null}},"email":null}"#,
                "elastic.null /email; elastic.null /security/x",
            ),
            (
                r#"{"user_name":"ada","security":{}}"#,
                r#"{"user_name":"ada","security":{},"password":"x"}"#,
                "elastic.password.misplaced /password",
            ),
            (
                r#"{"user_name":"ada","security":{"roles":["a","b"]}}"#,
                r#"{"user_name":"ada","security":{"roles":["b","a"]}}"#,
                "nothing",
            ),
            (
                r#"{"user_name":"ada","security":{"roles":["ece_platform_viewer"]}}"#,
                r#"{"user_name":"ada","security":{"roles":[]}}"#,
                r#"{"security":{"roles":[]}}"#,
            ),
            (
                r#"{"user_name":"ada","security":{}}"#,
                r#"{"user_name":"ada","security":{},"metadata":{}}"#,
                r#"{"metadata":{}}"#,
            ),
            (
                r#"{"user_name":"ada","security":{}}"#,
                r#"{"user_name":"ada","security":{},"metadata":{"updated_at":"x"}}"#,
                "nothing",
            ),
            (
                r#"{"user_name":"ada","security":{},"metadata":{"updated_at":"x","note":1}}"#,
                r#"{"user_name":"ada","security":{}}"#,
                r#"{"metadata":{"note":null}}"#,
            ),
            (
                r#"{"user_name":"ada","security":{},"metadata":{"note":1}}"#,
                r#"{"user_name":"ada","security":{}}"#,
                r#"{"metadata":null}"#,
            ),
            (r#"{"user_name":"ada","security":{}}"#, r#"{"user_name":"ada","security":{},"builtin":false}"#, "nothing"),
        ] {
            assert_eq!(why(before, after), expected, "from {before} to {after}");
        }
    }
}
