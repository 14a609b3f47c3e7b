//! The changed user: how it is written.

use std::borrow::Cow;

use smallvec::SmallVec;

use super::{
    context::Context,
    member::{Form, Member, MemberSet},
    patch::Patch,
    user::User,
};
use crate::engine::{Builder, Changing, Document, End, Name, StringSet, Value, merge_member, without_nulls};

/// An update, and what changes by it.
pub(super) struct Update<'u> {
    pub(super) patch: &'u Patch<'u>,
    pub(super) ctx: &'u Context,
    /// Whether anything is written.
    pub(super) is_written: bool,
    /// Whether a role may be given twice.
    pub(super) has_duplicate_roles: bool,
    /// The documented members that are written anew, with the objects that they are inside of.
    pub(super) rewritten: MemberSet,
    /// Those of them that the user does not have.
    pub(super) added: MemberSet,
    /// The stored members that change, in their order.
    pub(super) edits: SmallVec<[Edit; 16]>,
    /// The members that the page does not name and that come new into a stored object: the index of the object, in the order of
    /// which they are, and theirs in the body.
    pub(super) new_others: SmallVec<[(u32, u32); 8]>,
    /// How many members come to those that are stored, at most, but for what the page names.
    pub(super) entries: usize,
}

/// A stored member that changes.
#[derive(Clone, Copy)]
pub(super) struct Edit {
    /// Its index among the members of the stored user.
    pub(super) at: u32,
    pub(super) what: What,
}

/// What becomes of a stored member.
#[derive(Clone, Copy)]
pub(super) enum What {
    /// It is an object and stays one, of which members change. Where the page names it, it is this.
    Inside(Option<Member>),
    /// A member that the page names is written anew.
    Documented(Member),
    /// In its place comes the member of the body that has this index.
    Other(u32),
}

/// What comes in the place of a member.
enum New<'n> {
    Said(Value<'n>),
    Made(Box<Document<'static>>),
}

impl<'n> New<'n> {
    fn made(bytes: usize, write: impl FnOnce(&mut Builder)) -> Self {
        let mut out = Builder::with_capacity(bytes, 0);
        write(&mut out);
        Self::Made(Box::new(out.finish()))
    }

    fn value(&self) -> Value<'_> {
        match self {
            Self::Said(value) => *value,
            Self::Made(document) => document.value(),
        }
    }
}

impl<'u> Update<'u> {
    /// An update of which nothing has been found yet.
    #[inline]
    pub(super) fn of(patch: &'u Patch<'u>, ctx: &'u Context) -> Self {
        Self {
            patch,
            ctx,
            is_written: false,
            has_duplicate_roles: false,
            rewritten: MemberSet::default(),
            added: MemberSet::default(),
            edits: SmallVec::new(),
            new_others: SmallVec::new(),
            entries: 0,
        }
    }

    /// Changes the user.
    pub(super) fn write(&self, user: &mut User) {
        // No member is written that is not in one of them, but for the stamps.
        let stamped = [Member::UpdatedBy, Member::UpdatedAt].into_iter().filter(|&member| self.is_stamped(member));
        let stamps: usize = stamped.map(|_| 64 + self.ctx.actor.as_ref().map_or(0, String::len)).sum();
        let (bytes, root) = (self.patch.body().bytes() + stamps, user.document().value().index_of());
        user.change(bytes, self.entries, |out, end| {
            self.change_inside(Some(None), (root, end), &mut self.edits.as_slice(), out);
        });
    }

    /// Changes the members of a stored object: those that stay or change in their order, then the new ones. `above` is the
    /// object where the page names it.
    fn change_inside(
        &self,
        above: Option<Option<Member>>,
        (object, end): (u32, End),
        edits: &mut &[Edit],
        out: &mut Changing<'_>,
    ) {
        while let Some(Edit { at, what }) = next_before(edits, end.index) {
            let behind = match what {
                What::Inside(member) => {
                    out.inside(at, |out, end| self.change_inside(member.map(Some), (at, end), edits, out));
                    continue;
                }
                What::Other(index) => match self.patch.body().member(index).filter(|said| !said.is_null()) {
                    Some(said) => match without_nulls(said) {
                        Some(made) => out.replace(at, made.value()),
                        None => out.replace(at, said),
                    },
                    None => out.remove(at, end),
                },
                What::Documented(member) => match self.made(member) {
                    Some(new) => out.replace(at, new.value()),
                    None => out.remove(at, end),
                },
            };
            // What was inside of it is over.
            while next_before(edits, behind).is_some() {}
        }
        if let Some(above) = above.filter(|_| !self.added.is_empty()) {
            for member in Member::children(above).filter(|&member| self.added.contains(Some(member))) {
                if let Some(new) = self.made(member) {
                    out.insert(end.index, end, Name::plain(member.name()), new.value());
                }
            }
        }
        self.add_others(object, end, out);
    }

    /// Writes the new members of a stored object that the page does not name: neighbours that hold no null in one piece, as they
    /// stand.
    fn add_others(&self, object: u32, end: End, out: &mut Changing<'_>) {
        let first = self.new_others.partition_point(|(inside, _)| *inside < object);
        let new = self.new_others.iter().skip(first).take_while(|(inside, _)| *inside == object);
        let body = self.patch.body().value();
        // The first of those that wait, the last, and the index behind that.
        let mut run = (0, 0, 0);
        let flush = |run: &mut (u32, u32, u32), out: &mut Changing<'_>| {
            if run.2 != 0 {
                out.append(end, body, run.0, run.1);
                run.2 = 0;
            }
        };
        for &(_, index) in new {
            let Some(value) = body.value_at(index) else { continue };
            if let Some(made) = without_nulls(value) {
                flush(&mut run, out);
                out.insert(end.index, end, body.name_at(index), made.value());
                continue;
            }
            if run.2 != index {
                flush(&mut run, out);
                run.0 = index;
            }
            (run.1, run.2) = (index, value.indices().end);
        }
        flush(&mut run, out);
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

    /// What comes in the place of a member that is written anew, if anything does.
    fn made(&self, member: Member) -> Option<New<'_>> {
        if let Some(stamp) = self.stamp(member) {
            return Some(New::made(stamp.len() + 2, |out| out.string(&stamp)));
        }
        let said = self.patch.get(member);
        let is_removed = said.is_some_and(|said| said.is_null());
        match member.form() {
            Form::Secret => None,
            Form::Object if is_removed && !Member::children(Some(member)).any(|child| self.is_stamped(child)) => None,
            Form::Object => {
                let bytes = said.map_or(0, |said| said.text().len());
                Some(New::made(bytes, |out| out.object(|out| self.write_inside(member, out))))
            }
            Form::Text | Form::Flag | Form::Time | Form::Set if is_removed => {
                member.default().map(|default| New::made(default.len(), |out| out.fixed(default)))
            }
            Form::Set if self.has_duplicate_roles => said.map(|said| New::made(0, |out| write_set(Some(said), out))),
            Form::Text | Form::Flag | Form::Time | Form::Set => said.map(New::Said),
        }
    }

    /// Writes the members of an object that comes new.
    fn write_inside(&self, above: Member, out: &mut Builder) {
        for member in Member::children(Some(above)).filter(|&member| self.rewritten.contains(Some(member))) {
            if let Some(new) = self.made(member) {
                out.member(Name::plain(member.name()), |out| out.copy(new.value()));
            }
        }
        for (name, new) in self.patch.fields().others(Some(above)) {
            merge_member(name, None, new, out);
        }
    }
}

/// The next edit, where it comes before this index.
fn next_before(edits: &mut &[Edit], index: u32) -> Option<Edit> {
    let (edit, rest) = edits.split_first().filter(|(edit, _)| edit.at < index)?;
    *edits = rest;
    Some(*edit)
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
