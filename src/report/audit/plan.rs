//! Which operations lead from one value to another: as deep as that is shorter than replacing, both ways.

use super::operation::Operation;
use crate::engine::{Index, Name, Pointer, Value};

/// The operations that make the object `after` of `before`. Those that lead back are of the same members.
pub(super) fn operations(before: Value<'_>, after: Value<'_>) -> Vec<Operation> {
    let mut plan = Plan { objects: Vec::new(), operations: Vec::new() };
    plan.compare(before, after, None, 0);
    plan.operations.iter().map(|planned| plan.operation(planned)).collect()
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

/// How long operations are as text, there and back.
#[derive(Clone, Copy, Default)]
struct Length {
    there: usize,
    back: usize,
}

impl Length {
    /// What an operation takes beside its path and its value: `{"op":"replace","path":"","value":},`.
    const FRAME: usize = 36;

    /// The length of the operation for a member whose path is so long.
    fn of(path: usize, before: Option<Value<'_>>, after: Option<Value<'_>>) -> Self {
        let value = |value: Option<Value<'_>>| value.map_or(0, |value| value.text().len());
        Self { there: Self::FRAME + path + value(after), back: Self::FRAME + path + value(before) }
    }

    fn add(&mut self, other: Self) {
        self.there += other.there;
        self.back += other.back;
    }

    const fn exceeds(self, other: Self) -> bool {
        self.there > other.there || self.back > other.back
    }
}

impl<'d> Plan<'d> {
    /// Plans what makes `after` of `before`, two objects, and gives about how long the operations are as text. `path` is the
    /// length of the path to them.
    fn compare(&mut self, before: Value<'d>, after: Value<'d>, inside: Option<usize>, path: usize) -> Length {
        let (begin, whole) = (self.operations.len(), Length::of(path, Some(before), Some(after)));
        let mut length = Length::default();
        let (old, new) = (Index::of(before), Index::of(after));
        let operation = |plan: &mut Self, name: Name<'d>, before: Option<Value<'d>>, after: Option<Value<'d>>| {
            plan.operations.push(Planned { inside, name: Some(name), before, after });
            Length::of(path + name_length(name), before, after)
        };
        for (name, value) in before.named().filter(|&(name, _)| new.get(name).is_none()) {
            length.add(operation(self, name, Some(value), None));
            if length.exceeds(whole) {
                break;
            }
        }
        for (name, value) in after.named() {
            if length.exceeds(whole) {
                break;
            }
            length.add(match old.get(name) {
                Some(before) if before.is_object() && value.is_object() => {
                    let objects = self.objects.len();
                    self.objects.push((inside, name));
                    self.compare(before, value, Some(objects), path + name_length(name))
                }
                Some(before) if before == value => Length::default(),
                before => operation(self, name, before, Some(value)),
            });
        }
        if !length.exceeds(whole) {
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

/// How long a name is in a path that stands in a JSON string, with its slash.
fn name_length(name: Name<'_>) -> usize {
    let length = |byte| match byte {
        b'~' | b'/' | b'"' | b'\\' | b'\n' | b'\r' | b'\t' | 0x08 | 0x0C => 2,
        0..0x20 => 6,
        _ => 1,
    };
    1 + name.decoded().bytes().map(length).sum::<usize>()
}
