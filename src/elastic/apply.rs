//! The changed user: what changes.

use smallvec::SmallVec;

use super::{
    context::Context,
    member::{Form, Member, MemberSet},
    patch::Patch,
    rules::Violations,
    user::User,
    write::{Edit, Update, What},
};
use crate::{
    engine::{Finder, Pointer, changes},
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
        let mut updated = None;
        let applied = self.update_into(&mut updated, user, ctx)?;
        if let Some(updated) = updated {
            *user = updated;
        }
        Ok(applied)
    }

    /// Puts the user after the update into `updated`, where it is another one.
    #[inline] // A user is large enough that a move of it shows.
    pub(super) fn update_into(
        &self,
        updated: &mut Option<User>,
        user: &User,
        ctx: &Context,
    ) -> Result<Applied, Violations> {
        let roles = self.roles(user);
        let notices = self.check_with(roles.as_ref(), user, ctx)?;
        let mut update = Update {
            patch: self,
            user,
            ctx,
            roles: roles.as_ref(),
            rewritten: MemberSet::default(),
            added: MemberSet::default(),
            edits: SmallVec::new(),
            new_others: SmallVec::new(),
            new_places: 0,
        };
        let changed = update.find();
        let password = self.get(Member::Password).and_then(|password| password.as_str());
        let stamps = ctx.now.is_some() || ctx.actor.is_some();
        let is_written = changed.len() > usize::from(password.is_some()) || stamps && changed.len() > 0;
        if is_written {
            *updated = Some(update.write());
        }
        Ok(Applied::found(changed, notices).with_password(password.map(Password::new)))
    }
}

/// Room for the places of a usual update.
const FEW: usize = 8;

/// Room for a usual name, in bytes.
const USUAL_NAME: usize = 16;

impl Update<'_> {
    /// Finds what changes. What is restricted does not, in an update that has been checked.
    fn find(&mut self) -> Places {
        let mut places = Places::with_capacity(FEW);
        let (body, user) = (self.patch.fields(), self.user.fields());
        for (member, said) in body.documented().filter(|(member, _)| !member.is_restricted()) {
            let stored = user.get(member);
            let is_inside = said.is_object() && stored.is_some_and(|stored| stored.is_object());
            let changes = || match self.roles_of(member) {
                Some(roles) => roles.differ(),
                None => member.changes(stored, said),
            };
            if !is_inside && changes() {
                self.rewrite(Some(member));
                places.push(member.pointer());
            }
        }
        for above in [None, Some(Member::Security), Some(Member::Metadata)] {
            if body.has_others(above) {
                self.find_others(above, &mut places);
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
        for member in self.rewritten.iter() {
            match user.get(member) {
                Some(stored) => {
                    let at = stored.index_of();
                    let place = self.edits.partition_point(|edit| edit.at < at);
                    self.edits.insert(place, Edit { at, what: What::Documented(member) });
                }
                None => {
                    self.added.insert(Some(member));
                    self.new_places += 1;
                }
            }
        }
        places
    }

    /// Finds what changes of the members of an object that the page does not name.
    fn find_others(&mut self, above: Option<Member>, places: &mut Places) {
        let (body, user) = (self.patch.fields(), self.user.fields());
        let Some(said) = body.object(above) else { return };
        let stored = user.object(above);
        let mut there = stored.map(|stored| Finder::of_names_in(stored, said));
        let (pointer, members) = (above.map_or(Pointer::root(), Member::pointer), said.len());
        // Often all of them change, and what grows by doubling is twice as long.
        if there.is_some() && members > FEW {
            places.reserve(members, said.text().len().min(members * USUAL_NAME));
        }
        places.begin(pointer);
        let mut is_rewritten = false;
        for (name, new) in body.others(above) {
            match there.as_mut().map(|there| there.get(name)) {
                Some(old) if !changes(old, new) => continue,
                Some(old) => {
                    places.push_child(&name.decoded());
                    match old {
                        Some(old) => self.edits.push(Edit { at: old.index_of(), what: What::Other(new.index_of()) }),
                        None => self.new_others.push((above, new.index_of())),
                    }
                }
                // The object comes new, and is told as one.
                None => self.new_others.push((above, new.index_of())),
            }
            is_rewritten = true;
            self.new_places += 1 + new.indices().len();
        }
        if is_rewritten {
            self.rewrite(above);
        }
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
