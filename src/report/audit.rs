use std::fmt;

use crate::engine::{Index, Json, Name, ObjectWriter, Pointer, Value, write_array};

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
    /// Arrays are compared whole; the members of objects one by one, as deep as that is shorter than replacing the object.
    pub(crate) fn between(before: Value<'_>, after: Value<'_>) -> Self {
        Self { forward: operations(before, after), inverse: operations(after, before) }
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

/// An operation before its path is written: a list of paths copies the names above once for each member.
struct Planned<'d> {
    /// The object that the member stands in, by its index among those that have been gone into; none for the whole.
    inside: Option<usize>,
    name: Option<Name<'d>>,
    /// What was there.
    before: Option<Value<'d>>,
    /// What is there now.
    after: Option<Value<'d>>,
}

/// The operations from one value to another.
struct Plan<'d> {
    /// The objects that have been gone into: what each stands in, and its name there.
    objects: Vec<(Option<usize>, Name<'d>)>,
    operations: Vec<Planned<'d>>,
}

/// What an operation takes beside its path and its value: `{"op":"replace","path":"","value":},`.
const FRAME: usize = 36;

impl<'d> Plan<'d> {
    /// Plans what makes `after` of `before`, two objects, and gives about how long the operations are as text. `path` is the
    /// length of the path to them.
    fn compare(&mut self, before: Value<'d>, after: Value<'d>, inside: Option<usize>, path: usize) -> usize {
        let (begin, whole) = (self.operations.len(), FRAME + path + after.text().len());
        let mut length = 0;
        let (old, new) = (Index::of(before), Index::of(after));
        let mut operation = |plan: &mut Self, name: Name<'d>, before: Option<Value<'d>>, after: Option<Value<'d>>| {
            plan.operations.push(Planned { inside, name: Some(name), before, after });
            FRAME + path + name_length(name) + after.map_or(0, |value| value.text().len())
        };
        for (name, value) in before.named().filter(|&(name, _)| new.get(name).is_none()) {
            length += operation(self, name, Some(value), None);
            if length > whole {
                break;
            }
        }
        for (name, value) in after.named() {
            if length > whole {
                break;
            }
            length += match old.get(name) {
                Some(before) if before.is_object() && value.is_object() => {
                    let objects = self.objects.len();
                    self.objects.push((inside, name));
                    self.compare(before, value, Some(objects), path + name_length(name))
                }
                Some(before) if before == value => 0,
                before => operation(self, name, before, Some(value)),
            };
        }
        if length <= whole {
            return length;
        }
        // Replacing the object is shorter than telling of its members.
        self.operations.truncate(begin);
        let (inside, name) = match inside.and_then(|object| self.objects.get(object)) {
            Some(&(inside, name)) => (inside, Some(name)),
            None => (None, None),
        };
        self.operations.push(Planned { inside, name, before: Some(before), after: Some(after) });
        whole
    }

    fn operations(&self) -> Vec<Operation> {
        self.operations.iter().map(|planned| self.operation(planned)).collect()
    }

    fn operation(&self, planned: &Planned<'d>) -> Operation {
        let (mut names, mut inside) = (Vec::new(), planned.inside);
        names.extend(planned.name);
        while let Some(&(further, name)) = inside.and_then(|object| self.objects.get(object)) {
            names.push(name);
            inside = further;
        }
        let path = names.into_iter().rev().fold(Pointer::root(), |path, name| path.into_child(&name.decoded()));
        let exact = |value: Value<'_>| value.to_json().compact().into_owned();
        match (planned.before, planned.after) {
            (_, None) => Operation::Remove { path },
            (None, Some(value)) => Operation::Add { path, value: exact(value) },
            (Some(_), Some(value)) => Operation::Replace { path, value: exact(value) },
        }
    }
}

/// About how long a name is in a path, with its slash.
fn name_length(name: Name<'_>) -> usize {
    let name = name.decoded();
    1 + name.len() + name.bytes().filter(|byte| matches!(byte, b'~' | b'/' | b'"' | b'\\' | 0..0x20)).count()
}

fn operations(before: Value<'_>, after: Value<'_>) -> Vec<Operation> {
    let mut plan = Plan { objects: Vec::new(), operations: Vec::new() };
    plan.compare(before, after, None, 0);
    plan.operations()
}
