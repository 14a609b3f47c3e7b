//! The changed user: how it is written.

use std::{borrow::Cow, cell::Cell, ops::Range};

use smallvec::SmallVec;

use super::{
    context::Context,
    member::{Form, Member, MemberSet},
    patch::Patch,
    roles::Roles,
    user::User,
};
use crate::engine::{Builder, Kept, Name, StringSet, Value, merge_member};

/// An update that has been checked, and what changes by it.
pub(super) struct Update<'u> {
    pub(super) patch: &'u Patch<'u>,
    pub(super) user: &'u User,
    pub(super) ctx: &'u Context,
    /// The roles that it gives.
    pub(super) roles: Option<&'u Roles<'u>>,
    /// The documented members that are written anew, and not copied, with the objects that they are inside of.
    pub(super) rewritten: MemberSet,
    /// Those of them that the user does not have.
    pub(super) added: MemberSet,
    /// The stored members that are not copied, in their order.
    pub(super) edits: SmallVec<[Edit; 16]>,
    /// The members that the page does not name and the user does not have: what each is inside of, and its index in the body.
    pub(super) new_others: SmallVec<[(Option<Member>, u32); 8]>,
    /// How many members come to those that are stored, at most.
    pub(super) new_places: usize,
}

/// A stored member that is not copied.
#[derive(Clone, Copy)]
pub(super) struct Edit {
    /// Its index among the members of the stored user.
    pub(super) at: u32,
    pub(super) what: What,
}

/// What comes in the place of a stored member.
#[derive(Clone, Copy)]
pub(super) enum What {
    /// A member that the page names.
    Documented(Member),
    /// What the member of the body makes of it that has this index.
    Other(u32),
}

/// Edits that are still to be made.
struct Edits<'e>(Cell<&'e [Edit]>);

impl Edits<'_> {
    /// The first one among these members. What comes before is over.
    fn next_in(&self, members: Range<u32>) -> Option<Edit> {
        while let [edit, rest @ ..] = self.0.get() {
            if edit.at >= members.end {
                break;
            }
            self.0.set(rest);
            if edit.at >= members.start {
                return Some(*edit);
            }
        }
        None
    }
}

impl<'u> Update<'u> {
    /// The user after the update.
    pub(super) fn write(&self) -> User {
        let (stored, body) = (self.user.document(), self.patch.body());
        // No member is written that is not in one of them, but for the stamps.
        let stamped = [Member::UpdatedBy, Member::UpdatedAt].into_iter().filter(|&member| self.is_stamped(member));
        let stamps: usize = stamped.map(|_| 64 + self.ctx.actor.as_ref().map_or(0, String::len)).sum();
        let (bytes, places) = (stored.bytes() + body.bytes() + stamps, stored.places() + self.new_places);
        let edits = Edits(Cell::new(&self.edits));
        User::of(Builder::document(bytes, places, |out| self.write_inside(None, Some(stored.value()), &edits, out)))
    }

    /// Writes the members of an object: those that stay or change in their order, then the new ones.
    fn write_inside(&self, above: Option<Member>, stored: Option<Value<'_>>, edits: &Edits<'_>, out: &mut Builder) {
        if let Some(stored) = stored {
            let Range { start: mut at, end } = stored.indices();
            while let Some(edit) = edits.next_in(at..end) {
                out.copy_members(stored, at..edit.at);
                let Some((name, old)) = stored.member(edit.at) else { break };
                match edit.what {
                    What::Documented(member) => self.write_member(member, Some(old), edits, out),
                    What::Other(index) => {
                        if let Some(new) = self.patch.body().member(index) {
                            write_changed(name, old, new, out);
                        }
                    }
                }
                at = old.indices().end;
            }
            out.copy_members(stored, at..end);
        }
        let new = if stored.is_some() { self.added } else { self.rewritten };
        if !new.is_empty() {
            for member in Member::children(above).filter(|&member| new.contains(Some(member))) {
                self.write_member(member, None, edits, out);
            }
        }
        self.write_new_others(above, out);
    }

    /// Writes the new members of an object that the page does not name: what holds no null in neighbouring ones as it stands.
    fn write_new_others(&self, above: Option<Member>, out: &mut Builder) {
        if self.new_others.is_empty() {
            return;
        }
        let Some(said) = self.patch.object(above) else { return };
        let mut kept = Kept::of(said);
        for (_, index) in self.new_others.iter().filter(|(inside, _)| *inside == above) {
            let Some((name, new)) = said.member(*index) else { continue };
            if new.is_object() || new.is_null() {
                kept.flush(out);
                merge_member(name, None, new, out);
            } else {
                kept.keep(new, out);
            }
        }
        kept.flush(out);
    }

    /// Whether the context says what becomes of a member in any update that changes something.
    pub(super) fn is_stamped(&self, member: Member) -> bool {
        member == Member::UpdatedBy && self.ctx.actor.is_some() || member == Member::UpdatedAt && self.ctx.now.is_some()
    }

    /// What the context says.
    fn stamp(&self, member: Member) -> Option<Cow<'u, str>> {
        let actor = self.ctx.actor.as_deref().filter(|_| member == Member::UpdatedBy).map(Cow::Borrowed);
        actor.or_else(|| self.ctx.now.filter(|_| member == Member::UpdatedAt).map(|now| Cow::Owned(now.to_string())))
    }

    /// The roles that the update gives, where the member is the roles.
    pub(super) fn roles_of(&self, member: Member) -> Option<&'u Roles<'u>> {
        self.roles.filter(|_| member == Member::Roles)
    }

    /// Writes a member anew: what is stored there is `old`.
    fn write_member(&self, member: Member, old: Option<Value<'_>>, edits: &Edits<'_>, out: &mut Builder) {
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
                    out.member(name, |out| out.object(|out| self.write_inside(Some(member), stored, edits, out)));
                }
            }
            Form::Text | Form::Flag | Form::Time | Form::Set if is_removed => {
                if let Some(default) = member.default() {
                    out.member(name, |out| out.fixed(default));
                }
            }
            Form::Set => out.member(name, |out| match (said, self.roles_of(member)) {
                (Some(said), Some(roles)) if !roles.have_duplicates() => out.copy(said),
                (said, _) => write_set(said.or(old), out),
            }),
            Form::Text | Form::Flag | Form::Time => {
                if let Some(said) = said {
                    out.member(name, |out| out.copy(said));
                }
            }
        }
    }
}

/// Writes what the body makes of a stored member that the page does not name, and which changes.
fn write_changed(name: Name<'_>, old: Value<'_>, new: Value<'_>, out: &mut Builder) {
    match new.is_object() {
        true => merge_member(name, Some(old), new, out),
        false if new.is_null() => {}
        false => out.member(name, |out| out.copy(new)),
    }
}

/// Writes an array of strings, each once, in the order in which they come first.
pub(super) fn write_set(array: Option<Value<'_>>, out: &mut Builder) {
    let Some(array) = array else { return out.fixed("[]") };
    let strings = StringSet::of(Some(array));
    match strings.has_duplicates() {
        false => out.copy(array),
        true => out.strings(&strings),
    }
}
