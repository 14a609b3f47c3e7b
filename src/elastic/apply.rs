//! The changed user.

use std::borrow::Cow;

use super::{
    context::Context,
    member::{Form, Member, MemberSet, place},
    patch::Patch,
    roles::Roles,
    rules::Violations,
    user::User,
};
use crate::{
    engine::{Builder, Index, Name, Pointer, StringSet, Value, changes, merge_member},
    report::{Applied, Password},
};

impl Patch<'_> {
    /// Updates `user`, or leaves it as it was. A member that the user did not have comes last in its object: those that the
    /// page names in its order of them, then the others in the body's.
    ///
    /// ```
    /// use user_patch::elastic::{Context, Patch, User};
    ///
    /// let mut user = User::from_json(br#"{"user_name":"ada","security":{},"metadata":{"updated_by":"root"}}"#)?;
    /// let mut ctx = Context::default();
    /// ctx.actor = Some("ada".to_owned());
    /// let applied = Patch::parse(br#"{"email":"ada@example.com"}"#, &ctx)?.apply(&mut user, &ctx)?;
    /// assert_eq!(applied.changed()[0].as_str(), "/email");
    /// assert!(user.to_json().contains(r#""metadata":{"updated_by":"ada"}"#));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// As [`check`](Self::check).
    pub fn apply(&self, user: &mut User, ctx: &Context) -> Result<Applied, Violations> {
        let roles = self.roles(user);
        let notices = self.check_with(roles.as_ref(), user, ctx)?;
        let (rewritten, others) = (MemberSet::default(), MemberSet::default());
        let mut update = Update { patch: self, user, ctx, roles: roles.as_ref(), rewritten, others };
        let changed = update.find();
        let password = self.get(Member::Password).and_then(|password| password.as_str());
        let stamps = ctx.now.is_some() || ctx.actor.is_some();
        if changed.len() > usize::from(password.is_some()) || stamps && !changed.is_empty() {
            *user = update.write();
        }
        Ok(Applied::new(changed, notices).with_password(password.map(Password::new)))
    }
}

/// An update that has been checked.
struct Update<'u> {
    patch: &'u Patch<'u>,
    user: &'u User,
    ctx: &'u Context,
    /// The roles that it gives.
    roles: Option<&'u Roles<'u>>,
    /// The documented members that are written anew, and not copied, with the objects that they are inside of.
    rewritten: MemberSet,
    /// The objects in which members that the page does not name have another value afterwards.
    others: MemberSet,
}

impl<'u> Update<'u> {
    /// Finds what changes. What is restricted does not, in an update that has been checked.
    fn find(&mut self) -> Vec<Pointer> {
        let mut places = Vec::new();
        let (patch, user) = (self.patch, self.user);
        for (member, said) in patch.documented().filter(|(member, _)| !member.is_restricted()) {
            let stored = user.get(member);
            let is_inside = said.is_object() && stored.is_some_and(|stored| stored.is_object());
            let changes = || match self.roles.filter(|_| member == Member::Roles) {
                Some(roles) => roles.differ(),
                None => member.changes(stored, said),
            };
            if !is_inside && changes() {
                self.rewrite(Some(member));
                places.push(member.pointer());
            }
        }
        for above in [None, Some(Member::Security), Some(Member::Metadata)] {
            let Some(said) = patch.object(above).filter(|_| patch.has_others(above)) else { continue };
            let Some(stored) = user.object(above) else {
                // The object comes new, and is told as one.
                self.others.insert(above);
                self.rewrite(above);
                continue;
            };
            let there = Index::of_names_in(stored, said);
            // Often all of them change, and a list that grows by doubling is twice as long.
            places.reserve_exact(patch.others(above).count());
            for (name, _) in patch.others(above).filter(|&(name, value)| changes(there.get(name), value)) {
                self.others.insert(above);
                self.rewrite(above);
                places.push(place(above, name));
            }
        }
        for member in [Member::UpdatedBy, Member::UpdatedAt] {
            if self.is_stamped(member) {
                self.rewrite(Some(member));
            }
        }
        places
    }

    /// Has a member written anew, and what it is inside of.
    fn rewrite(&mut self, member: Option<Member>) {
        // Nothing is written of a password, and for its sake nothing else.
        let mut next = member.filter(|member| member.form() != Form::Secret);
        while let Some(member) = next {
            self.rewritten.insert(Some(member));
            next = member.above();
        }
    }

    fn rewrites(&self, member: Member) -> bool {
        self.rewritten.contains(Some(member))
    }

    /// The user after the update.
    fn write(&self) -> User {
        let (stored, body) = (self.user.document(), self.patch.body());
        let (bytes, places) = (stored.bytes() + body.bytes() + 128, stored.places() + body.places() + 3);
        User::of(Builder::document(bytes, places, |out| self.write_inside(None, Some(stored.value()), out)))
    }

    /// Writes the members of an object: those that stay or change in their order, then the new ones.
    fn write_inside(&self, above: Option<Member>, stored: Option<Value<'_>>, out: &mut Builder) {
        let others = || self.patch.object(above).filter(|_| self.others.contains(above));
        if let Some(stored) = stored {
            let said = others().map(Index::of);
            out.copy_except(
                stored,
                |name, _| match Member::inside(above, &name.decoded()) {
                    Some(member) => self.rewrites(member).then_some(Ok(member)),
                    None => said.as_ref()?.get(name).map(Err),
                },
                |name, old, new, out| match new {
                    Ok(member) => self.write_member(member, Some(old), out),
                    Err(new) => merge_member(name, Some(old), new, out),
                },
            );
        }
        let is_new = |member: &Member| stored.is_none() || self.user.get(*member).is_none();
        for member in Member::children(above).filter(|&member| self.rewrites(member)).filter(is_new) {
            self.write_member(member, None, out);
        }
        if let Some(said) = others() {
            self.write_new(above, stored, said, out);
        }
    }

    /// Writes the new members of an object that the page does not name: what holds no null in neighbouring ones as it stands.
    fn write_new(&self, above: Option<Member>, stored: Option<Value<'_>>, said: Value<'_>, out: &mut Builder) {
        let there = stored.map(|stored| Index::of_names_in(stored, said));
        let is_known = |name: Name<'_>| {
            there.as_ref().is_some_and(|there| there.get(name).is_some())
                || Member::inside(above, &name.decoded()).is_some()
        };
        out.copy_except(
            said,
            |name, value| match is_known(name) || value.is_null() {
                true => Some(None),
                false => value.is_object().then_some(Some(value)),
            },
            |name, _, new, out| {
                if let Some(new) = new {
                    merge_member(name, None, new, out);
                }
            },
        );
    }

    /// Whether the context says what becomes of a member in any update that changes something.
    fn is_stamped(&self, member: Member) -> bool {
        member == Member::UpdatedBy && self.ctx.actor.is_some() || member == Member::UpdatedAt && self.ctx.now.is_some()
    }

    /// What the context says.
    fn stamp(&self, member: Member) -> Option<Cow<'u, str>> {
        let actor = self.ctx.actor.as_deref().filter(|_| member == Member::UpdatedBy).map(Cow::Borrowed);
        actor.or_else(|| self.ctx.now.filter(|_| member == Member::UpdatedAt).map(|now| Cow::Owned(now.to_string())))
    }

    /// Writes a member anew: what is stored there is `old`.
    fn write_member(&self, member: Member, old: Option<Value<'_>>, out: &mut Builder) {
        if let Some(stamp) = self.stamp(member) {
            return out.string_member(member.name(), &stamp);
        }
        let (name, said) = (Name::plain(member.name()), self.patch.get(member));
        let is_removed = said.is_some_and(|said| said.is_null());
        match member.form() {
            Form::Secret => {}
            Form::Object => {
                let stored = old.filter(|old| old.is_object() && !is_removed);
                if !is_removed || Member::children(Some(member)).any(|child| self.is_stamped(child)) {
                    out.member(name, |out| out.object(|out| self.write_inside(Some(member), stored, out)));
                }
            }
            Form::Text | Form::Flag | Form::Time | Form::Set if is_removed => {
                if let Some(default) = member.default() {
                    out.member(name, |out| out.fixed(default));
                }
            }
            Form::Set => out.member(name, |out| match (said, self.roles.filter(|_| member == Member::Roles)) {
                (Some(said), Some(roles)) => write_strings(said, roles.given(), out),
                (said, _) => write_set(said.or(old), out),
            }),
            Form::Text | Form::Flag | Form::Time => {
                if let Some(said) = said {
                    merge_member(name, old, said, out);
                }
            }
        }
    }
}

/// Writes an array of strings, each once, in the order in which they come first.
pub(super) fn write_set(array: Option<Value<'_>>, out: &mut Builder) {
    match array {
        Some(array) => write_strings(array, &StringSet::of(Some(array)), out),
        None => out.fixed("[]"),
    }
}

fn write_strings(array: Value<'_>, strings: &StringSet<'_>, out: &mut Builder) {
    match strings.has_duplicates() {
        false => out.copy(array),
        true => out.strings(strings.iter()),
    }
}
