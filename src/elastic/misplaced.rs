//! Passwords that stand elsewhere than in `security.password`: a typing error would store them, and answer them in clear.
//!
//! A member is meant by its name alone, in whatever case of ASCII letters, at any depth, inside arrays too. What is inside of
//! `security.password` itself is no matter of place: there an object is of the wrong type.

use super::{
    context::{Context, MisplacedPassword},
    member::{Form, Member, PASSWORD, place},
    patch::Patch,
    rules::Refusal,
    user::User,
};
use crate::{
    engine::{Index, Name, Value, repeats},
    report::Search,
};

impl Patch<'_> {
    /// Refuses the passwords that the update would put where they do not belong. A place is told as the first member on the way
    /// that the page does not name.
    pub(super) fn judge_misplaced(&self, user: &User, ctx: &Context, search: &mut Search<Refusal>) {
        if ctx.policy().misplaced_password == MisplacedPassword::Refuse {
            self.judge_inside(None, self.body().value(), user, search);
        }
    }

    fn judge_inside(&self, above: Option<Member>, said: Value<'_>, user: &User, search: &mut Search<Refusal>) {
        if !said.has_member(PASSWORD) {
            return;
        }
        let stored = user.object(above).map(|stored| Index::of_names_in(stored, said));
        for (name, value) in said.named() {
            match Member::of(above, name) {
                Some(Member::Password) => {}
                Some(member) if member.form() == Form::Object && value.is_object() => {
                    self.judge_inside(Some(member), value, user, search);
                }
                Some(_) | None => {
                    let stored = || stored.as_ref()?.get(name);
                    if (name.is_in_any_case(PASSWORD) || value.has_member(PASSWORD)) && slips_in(name, value, stored())
                    {
                        search.refuse(Refusal::PasswordMisplaced, place(above, name));
                    }
                }
            }
        }
    }
}

/// Whether a member brings a password in that is not stored there already.
fn slips_in(name: Name<'_>, said: Value<'_>, stored: Option<Value<'_>>) -> bool {
    if name.is_in_any_case(PASSWORD) {
        return !said.is_null() && !repeats(stored, said);
    }
    if !said.is_object() {
        // An array is replaced whole.
        return said.has_member(PASSWORD) && stored != Some(said);
    }
    let there = stored.filter(|stored| stored.is_object()).map(|stored| Index::of_names_in(stored, said));
    said.named().any(|(name, value)| slips_in(name, value, there.as_ref().and_then(|there| there.get(name))))
}
