use std::fmt;

use crate::engine::{Json, Node, Object, ObjectWriter, Pointer, write_array};

/// What an update changed: an RFC 6902 patch from the old rendering to the new one, and the one that undoes it.
///
/// The values are exact text, as everywhere; [`to_patch`](Self::to_patch) gives the types of `json_patch`. Members that are
/// not in a user are not in an audit either: no password is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Audit {
    forward: Vec<Operation>,
    inverse: Vec<Operation>,
}

/// One operation of an RFC 6902 patch.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Operation {
    /// A member that was not there.
    Add {
        /// The member.
        path: Pointer,
        /// Its value.
        value: Json<'static>,
    },
    /// A member that is gone.
    Remove {
        /// The member.
        path: Pointer,
    },
    /// A member with another value.
    Replace {
        /// The member.
        path: Pointer,
        /// Its new value.
        value: Json<'static>,
    },
}

impl Audit {
    /// Arrays are compared whole; the members of objects one by one.
    pub(crate) fn between(before: &Object, after: &Object) -> Self {
        let (mut forward, mut inverse) = (Vec::new(), Vec::new());
        compare(before, after, &Pointer::root(), &mut forward);
        compare(after, before, &Pointer::root(), &mut inverse);
        Self { forward, inverse }
    }

    /// Whether nothing changed.
    pub fn is_empty(&self) -> bool {
        self.forward.is_empty()
    }

    /// The operations that make the new user of the old one.
    pub fn operations(&self) -> &[Operation] {
        &self.forward
    }

    /// The audit of the undoing.
    #[must_use]
    pub fn inverted(&self) -> Self {
        Self { forward: self.inverse.clone(), inverse: self.forward.clone() }
    }

    /// The operations as the JSON array of RFC 6902, every value exact.
    pub fn to_json(&self) -> String {
        let mut out = String::new();
        write_array(&mut out, &self.forward, |out, operation| {
            let (op, path, value) = operation.parts();
            let mut writer = ObjectWriter::new(out);
            writer.string("op", op);
            writer.string("path", path.as_str());
            if let Some(value) = value {
                writer.json("value", value);
            }
            writer.end();
        });
        out
    }

    /// The operations in the types of `json_patch`. Numbers become what `serde_json` holds.
    ///
    /// # Errors
    /// Where `serde_json` cannot hold a value: a number beyond an `f64`, more than 127 levels.
    pub fn to_patch(&self) -> serde_json::Result<json_patch::Patch> {
        serde_json::from_str(&self.to_json())
    }
}

/// The JSON array of RFC 6902.
impl fmt::Display for Audit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_json())
    }
}

impl Operation {
    /// The name of the operation, the member, and the value where it has one.
    pub const fn parts(&self) -> (&'static str, &Pointer, Option<&Json<'static>>) {
        match self {
            Self::Add { path, value } => ("add", path, Some(value)),
            Self::Remove { path } => ("remove", path, None),
            Self::Replace { path, value } => ("replace", path, Some(value)),
        }
    }
}

fn compare(before: &Object, after: &Object, place: &Pointer, found: &mut Vec<Operation>) {
    let (old, new) = (before.index(), after.index());
    for (name, _) in before.members().filter(|(name, _)| new.get(name).is_none()) {
        found.push(Operation::Remove { path: place.child(name) });
    }
    for (name, value) in after.members() {
        let path = place.child(name);
        match (old.get(name).and_then(|at| before.value_at(at)), value) {
            (None, value) => found.push(Operation::Add { path, value: value.to_json() }),
            (Some(Node::Object(before)), Node::Object(after)) => compare(before, after, &path, found),
            (Some(before), after) if before == after => {}
            (Some(_), after) => found.push(Operation::Replace { path, value: after.to_json() }),
        }
    }
}
