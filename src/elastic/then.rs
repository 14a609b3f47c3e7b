//! One patch for two.

use super::{
    member::{Form, Member, place},
    patch::Patch,
    roles::has_platform_admin,
    write::write_set,
};
use crate::engine::{Builder, Name, NotComposable, compose_members};

impl Patch<'_> {
    /// One patch that does what this one and then `next` do.
    ///
    /// On every user on which both are accepted in turn, under one context, it is accepted, makes the same user (where the two
    /// undo each other, but for the time and the author of the update) and hands over the last password. Its body may be longer
    /// than either, and than a limit.
    ///
    /// ```
    /// use user_patch::elastic::{Context, Patch};
    ///
    /// let ctx = Context::default();
    /// let first = Patch::parse(br#"{"email":"ada@example.com","metadata":{"office":"zrh"}}"#, &ctx)?;
    /// let both = first.then(&Patch::parse(br#"{"email":null,"metadata":{"floor":2}}"#, &ctx)?)?;
    /// assert_eq!(both.to_json(), r#"{"email":null,"metadata":{"floor":2,"office":"zrh"}}"#);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// Where no single merge patch does both: this one removes or replaces what `next` puts members into; or this one makes a
    /// platform admin, and `next` sets `security.enabled`, which only one who is an admin before may.
    pub fn then(&self, next: &Patch<'_>) -> Result<Patch<'static>, NotComposable> {
        if self.is_empty() {
            return Ok(next.clone().into_owned());
        }
        let pair = Pair { first: self, next };
        pair.admin_in_between()?;
        let (first, next) = (self.body(), next.body());
        let mut composed = Ok(());
        let body = Builder::document(first.bytes() + next.bytes(), first.places() + next.places(), |out| {
            composed = pair.write_inside(None, out);
        });
        composed.map(|()| Patch::of(body))
    }
}

/// Two patches, of which the first mentions something.
struct Pair<'p> {
    first: &'p Patch<'p>,
    next: &'p Patch<'p>,
}

impl<'p> Pair<'p> {
    /// Fails where the second may do what only an admin may since the first has made one.
    fn admin_in_between(&self) -> Result<(), NotComposable> {
        let makes_admin = has_platform_admin(self.first.get(Member::Roles));
        let enables = |patch: &'p Patch<'p>| Some(patch.get(Member::Enabled)?.as_bool().unwrap_or(true));
        match enables(self.next) {
            Some(enabled) if makes_admin && enables(self.first) != Some(enabled) => {
                Err(NotComposable::at(Member::Enabled.pointer()))
            }
            Some(_) | None => Ok(()),
        }
    }

    /// Writes the members of an object, which the second patch mentions as one, and the first as none but an object.
    fn write_inside(&self, above: Option<Member>, out: &mut Builder) -> Result<(), NotComposable> {
        for member in Member::children(above) {
            self.write_member(member, out)?;
        }
        let skips = |name: Name<'_>| Member::of(above, name).is_some();
        match (self.first.object(above), self.next.object(above)) {
            (Some(first), Some(next)) => {
                compose_members(first, next, skips, out).map_err(|name| NotComposable::at(place(above, name)))
            }
            (first, next) => {
                if let Some(only) = first.or(next) {
                    out.copy_except(only, |name, _| skips(name).then_some(()), |_, _, (), _| {});
                }
                Ok(())
            }
        }
    }

    fn write_member(&self, member: Member, out: &mut Builder) -> Result<(), NotComposable> {
        let (first, next) = (self.first.get(member), self.next.get(member));
        let name = Name::plain(member.name());
        let Some(later) = next else {
            if let Some(only) = first {
                out.member(name, |out| out.copy(only));
            }
            return Ok(());
        };
        if member.form() == Form::Object && later.is_object() {
            return match first.is_none_or(|first| first.is_object()) {
                true => out.member(name, |out| out.object(|out| self.write_inside(Some(member), out))),
                false => Err(NotComposable::at(member.pointer())),
            };
        }
        match (member.form(), first) {
            // What the second repeats, the first may have moved: on the user before, what the first says of it holds.
            (_, None) if member.moves_with_updates() => {}
            (_, Some(earlier)) if member.moves_with_updates() => out.member(name, |out| out.copy(earlier)),
            // A null sets no password, so that the earlier one stays.
            (Form::Secret, Some(earlier)) if later.is_null() => out.member(name, |out| out.copy(earlier)),
            // Where they are the same set, the order of the first stays.
            (Form::Set, Some(earlier)) if member.agrees(first, next) => {
                out.member(name, |out| write_set(Some(earlier), out));
            }
            // A null writes the default where something is, and here the first has put something.
            (Form::Flag | Form::Set, Some(earlier)) if later.is_null() && !earlier.is_null() => {
                match member.default() {
                    Some(default) => out.member(name, |out| out.fixed(default)),
                    None => out.member(name, |out| out.copy(later)),
                }
            }
            (Form::Text | Form::Secret | Form::Flag | Form::Time | Form::Set | Form::Object, _) => {
                out.member(name, |out| out.copy(later));
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::{
        super::{
            context::Context,
            samples::{Dice, TRIES, settled},
        },
        *,
    };

    fn patch(text: &str) -> Patch<'_> {
        Patch::parse(text.as_bytes(), &Context::default()).unwrap()
    }

    #[test]
    fn one_patch_is_accepted_and_does_what_two_do() {
        let (mut dice, mut tried) = (Dice::new(), 0);
        while tried < TRIES / 2 {
            let (user, first, next, ctx) = (dice.user(), dice.patch(), dice.patch(), dice.context());
            let mut after = user.clone();
            let Ok(one) = first.apply(&mut after, &ctx) else { continue };
            let Ok(two) = next.apply(&mut after, &ctx) else { continue };
            let Ok(both) = first.then(&next) else { continue };
            tried += 1;
            let told = format!("{}\nthen {}\nis {}", first.to_json(), next.to_json(), both.to_json());
            let mut at_once = user.clone();
            let done = both
                .apply(&mut at_once, &ctx)
                .unwrap_or_else(|wrong| panic!("{told}\nis refused on {}: {wrong}", user.to_json()));
            let password =
                |done: crate::report::Applied| done.into_password().map(|password| password.expose().to_owned());
            let last = password(two).or_else(|| password(one));
            assert_eq!(password(done), last, "{told}");
            if ctx.now.is_none() {
                assert_eq!(at_once, after, "{told}\nmakes {} and not {}", at_once.to_json(), after.to_json());
            }
            assert_eq!(settled(&at_once), settled(&after), "{told}");
        }
    }

    #[test]
    fn the_empty_patch_is_neutral() {
        let (mut dice, empty) = (Dice::new(), patch("{}"));
        for _ in 0..TRIES {
            let patch = dice.patch();
            assert_eq!(patch.then(&empty).unwrap(), patch);
            assert_eq!(empty.then(&patch).unwrap(), patch);
        }
    }

    #[test]
    fn two_patches_are_mostly_one() {
        let then = |first, next| match patch(first).then(&patch(next)) {
            Ok(both) => both.to_json(),
            Err(none) => none.pointer().to_string(),
        };
        let admin = r#"{"security":{"roles":["ece_platform_admin"]}}"#;
        assert_eq!(then(admin, r#"{"security":{"enabled":false}}"#), "/security/enabled");
        assert_eq!(
            then(r#"{"security":{"roles":["ece_platform_admin"],"enabled":null}}"#, r#"{"security":{"enabled":true}}"#),
            r#"{"security":{"enabled":true,"roles":["ece_platform_admin"]}}"#
        );
        assert_eq!(then(r#"{"metadata":null}"#, r#"{"metadata":{"a":1}}"#), "/metadata");
        assert_eq!(then(r#"{"x":{"y":null}}"#, r#"{"x":{"y":{"z":1}}}"#), "/x");
        assert_eq!(then(r#"{"security":{"seat":5}}"#, r#"{"security":{"seat":{}}}"#), "/security/seat");
        assert_eq!(
            then(r#"{"email":"a"}"#, r#"{"metadata":{"updated_at":"x","note":1}}"#),
            r#"{"email":"a","metadata":{"note":1}}"#
        );
        assert_eq!(
            then(r#"{"metadata":{"updated_at":"x"}}"#, r#"{"metadata":{"updated_at":"y"}}"#),
            r#"{"metadata":{"updated_at":"x"}}"#
        );
        assert_eq!(
            then(
                r#"{"security":{"roles":["a"],"enabled":false,"password":"correct horse"}}"#,
                r#"{"security":{"roles":null,"enabled":null,"password":null}}"#
            ),
            r#"{"security":{"enabled":true,"password":"correct horse","roles":[]}}"#
        );
        // What is nothing by default is nothing then.
        assert_eq!(
            then(r#"{"security":{"permissions":["a"]}}"#, r#"{"security":{"permissions":null}}"#),
            r#"{"security":{"permissions":null}}"#
        );
    }
}
