//! The changed user: what changes.

use super::{
    context::Context,
    member::{Form, Member},
    patch::Patch,
    roles::Roles,
    rules::Violations,
    user::User,
    write::{Edit, Update, What},
};
use crate::{
    engine::{Finder, Glance, Value},
    report::{Applied, Password, Places},
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
        let mut update = Update::of(self, ctx);
        let applied = update.decide(user)?;
        if update.is_written {
            update.write(user);
        }
        Ok(applied)
    }
}

/// Room for a usual name, in bytes.
const USUAL_NAME: usize = 16;

impl Update<'_> {
    /// Finds what the update does, where it may be done.
    pub(super) fn decide(&mut self, user: &User) -> Result<Applied, Violations> {
        let roles = self.patch.roles(user);
        let notices = self.patch.check_with(roles.as_ref(), user, self.ctx)?;
        let changed = self.find(user, roles.as_ref());
        let password = self.patch.get(Member::Password).and_then(|password| password.as_str());
        let stamps = self.ctx.now.is_some() || self.ctx.actor.is_some();
        self.is_written = changed.len() > usize::from(password.is_some()) || stamps && changed.len() > 0;
        Ok(Applied::new(changed, notices).with_password(password.map(Password::new)))
    }

    /// Finds what changes. What is restricted does not, in an update that has been checked.
    fn find(&mut self, user: &User, roles: Option<&Roles<'_>>) -> Places {
        let mut places = Places::new(Member::POINTERS);
        let (body, stored) = (self.patch.fields(), user.fields());
        for (member, said) in body.documented().filter(|(member, _)| !member.is_restricted()) {
            let old = stored.get(member);
            let is_inside = said.is_object() && old.is_some_and(|old| old.is_object());
            let changes = || match roles.filter(|_| member == Member::Roles) {
                Some(roles) => roles.differ(),
                None => member.changes(old, said),
            };
            if !is_inside && changes() {
                self.rewrite(Some(member));
                places.push(member as usize);
            }
        }
        for above in [None, Some(Member::Security), Some(Member::Metadata)] {
            if body.has_others(above) {
                self.find_others(user, above, &mut places);
            }
        }
        for member in [Member::UpdatedBy, Member::UpdatedAt] {
            if self.is_stamped(member) {
                self.rewrite(Some(member));
            }
        }
        // Mostly they are.
        if !self.edits.is_sorted_by_key(|edit| edit.at) {
            self.edits.sort_unstable_by_key(|edit| edit.at);
        }
        if !self.new_others.is_sorted_by_key(|(object, _)| object) {
            self.new_others.sort_by_key(|(object, _)| *object);
        }
        for member in self.rewritten.iter() {
            let Some(old) = stored.get(member) else {
                self.added.insert(Some(member));
                self.entries += 1;
                continue;
            };
            let is_removed = || self.patch.get(member).is_some_and(|said| said.is_null());
            let stays = member.form() == Form::Object && old.is_object() && !is_removed();
            let what = if stays { What::Inside(Some(member)) } else { What::Documented(member) };
            let at = old.index_of();
            self.edits.insert(self.edits.partition_point(|edit| edit.at < at), Edit { at, what });
        }
        self.has_duplicate_roles = roles.is_none_or(|roles| roles.have_duplicates());
        places
    }

    /// Finds what changes of the members of an object that the page does not name.
    fn find_others(&mut self, user: &User, above: Option<Member>, places: &mut Places) {
        let body = self.patch.fields();
        let Some(said) = body.object(above) else { return };
        let Some(stored) = user.object(above) else {
            // The object comes new, and is told as one.
            return self.rewrite(above);
        };
        let mut there = Finder::of_names_in(stored, said);
        // Often all of them change, and what grows by doubling is twice as long.
        places.begin(above.map(|above| above as usize), said.text().len().min(said.indices().len() * USUAL_NAME));
        let mut is_rewritten = false;
        let bits = Member::bits_inside(above);
        for glance in said.glances() {
            let mut find = |name: &[u8]| match Member::inside_of(above, bits, name) {
                Some(_) => None,
                None => Some(there.get_bytes(name)),
            };
            let found = match glance.name {
                Some(name) => find(name),
                None => said.name_at(glance.index).with_bytes(find),
            };
            let Some(old) = found else { continue };
            if self.find_member(stored, old, said, glance) {
                places.push_child(said.quoted_name_at(glance.index));
                is_rewritten = true;
            }
        }
        if is_rewritten {
            self.rewrite(above);
        }
    }

    /// Finds what changes in a member that the page does not name, of an object that is stored. Whether anything does.
    #[inline(always)] // It is asked of each member of a body.
    fn find_member(&mut self, stored: Value<'_>, old: Option<Value<'_>>, said: Value<'_>, glance: Glance<'_>) -> bool {
        let (Some(new), is_null) = (said.value_at(glance.index), glance.is_null()) else { return false };
        match old {
            None if is_null => return false,
            None => {
                self.new_others.push((stored.index_of(), glance.index));
                self.entries += 1 + new.indices().len();
            }
            Some(old) if glance.is_object() && old.is_object() => return self.find_inside(old, new),
            Some(old) if !is_null && old == new => return false,
            Some(old) => {
                self.edits.push(Edit { at: old.index_of(), what: What::Other(glance.index) });
                self.entries += new.indices().len();
            }
        }
        true
    }

    fn find_inside(&mut self, stored: Value<'_>, said: Value<'_>) -> bool {
        let before = self.edits.len();
        self.edits.push(Edit { at: stored.index_of(), what: What::Inside(None) });
        let mut there = Finder::of_names_in(stored, said);
        let mut is_changed = false;
        for glance in said.glances() {
            let old = match glance.name {
                Some(name) => there.get_bytes(name),
                None => there.get(said.name_at(glance.index)),
            };
            is_changed |= self.find_member(stored, old, said, glance);
        }
        if !is_changed {
            self.edits.truncate(before);
        }
        is_changed
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
}
