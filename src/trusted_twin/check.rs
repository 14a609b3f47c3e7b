//! Every violation of an update.

use std::borrow::Cow;

use super::{
    Context, Patch, Refusal, UnknownMembers, Violation, is_name, parse_uuid,
    patch::{NAME, ROLE},
    user::DESCRIPTION,
};
use crate::engine::{Field, Json, Kind, Pointer};

impl Patch<'_> {
    pub(super) fn violations(&self, ctx: &Context) -> Vec<Violation> {
        let mut found = Vec::new();
        let mut refuse = |refusal, pointer| found.push(Violation::new(refusal, pointer));
        if !ctx.statement.allows_update() {
            refuse(Refusal::NotAllowed, Pointer::root());
        }
        if ctx.policy.unknown_members == UnknownMembers::Refuse {
            for (name, _) in &self.unknown {
                let refusal = match &**name {
                    "uuid" | "account" | "created_ts" | "updated_ts" => Refusal::ReadOnly,
                    _ => Refusal::UnknownMember,
                };
                refuse(refusal, Pointer::root().child(name));
            }
        }
        match text(&self.name) {
            Text::Absent => {}
            Text::Wrong => refuse(Refusal::WrongType, NAME),
            Text::Set(name) if is_name(&name) => {}
            Text::Set(_) => refuse(Refusal::Name, NAME),
        }
        match text(&self.role) {
            Text::Absent => {}
            Text::Wrong => refuse(Refusal::WrongType, ROLE),
            Text::Set(role) => match (parse_uuid(&role), &ctx.roles) {
                (None, _) => refuse(Refusal::Role, ROLE),
                (Some(role), Some(known)) if !known.contains(&role) => refuse(Refusal::NoSuchRole, ROLE),
                _ => {}
            },
        }
        if self.description.set().is_some_and(|value| value.kind() != Kind::Object) {
            refuse(Refusal::Description, DESCRIPTION);
        }
        for key in &self.bad_keys {
            refuse(Refusal::Key, DESCRIPTION.child(key));
        }
        found
    }
}

/// A member that is a string where it is there at all.
enum Text<'v> {
    Absent,
    Wrong,
    Set(Cow<'v, str>),
}

fn text<'v>(field: &'v Field<Json<'_>>) -> Text<'v> {
    match field {
        Field::Absent => Text::Absent,
        Field::Null => Text::Wrong,
        Field::Set(value) => value.as_str().map_or(Text::Wrong, Text::Set),
    }
}
