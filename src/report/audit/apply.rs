//! Doing the operations of an audit to a user, exactly.

use std::{borrow::Cow, collections::HashMap};

use super::operation::Operation;
use crate::engine::{Builder, Document, Json, Limits, Malformed, Pointer, Value};

/// A user to which an audit does not apply. Holds no value of it.
///
/// ```
/// use user_patch::{fireworks::{User, audit}, report::Inapplicable};
///
/// let user = |role: &str| User::from_json(format!(r#"{{"role":"{role}"}}"#).as_bytes());
/// let guarded = audit(&user("user")?, &user("admin")?).with_tests();
/// let wrong = guarded.apply(r#"{"role":"contributor"}"#).unwrap_err();
/// assert!(matches!(wrong, Inapplicable::Differs(at) if at.as_str() == "/role"));
/// # Ok::<(), user_patch::report::InvalidUser>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Inapplicable {
    /// The text cannot be read.
    #[error(transparent)]
    Unreadable(#[from] Malformed),
    /// A member that is replaced, removed or tested is not there.
    #[error("nothing is at {}", shown(.0))]
    Missing(Pointer),
    /// A member that is added is there already.
    #[error("something is at {} already", shown(.0))]
    Present(Pointer),
    /// A member has another value than the one it is tested for.
    #[error("another value is at {}", shown(.0))]
    Differs(Pointer),
}

/// Applies operations to the text of a user. They are of different members, none of which is inside another.
pub(super) fn apply(operations: &[Operation], user: &str) -> Result<String, Inapplicable> {
    let document = Document::parse(user.as_bytes(), &Limits::STORED)?;
    let mut root = Node::default();
    for operation in operations {
        let node = root.at(operation.path());
        match operation {
            Operation::Test { value, .. } => node.test = Some(value),
            operation => node.operation = Some(operation),
        }
    }
    let mut out = Builder::with_capacity(document.bytes(), 0);
    root.write_whole(document.value(), &mut out).map_err(Stop::told)?;
    Ok(out.finish().into_text())
}

/// What is to be done to a value, or inside it.
#[derive(Default)]
struct Node<'o> {
    test: Option<&'o Json<'static>>,
    operation: Option<&'o Operation>,
    /// The members that are named, with the order in which they are.
    members: HashMap<Cow<'o, str>, (usize, Node<'o>)>,
}

/// Why nothing is done, and the names on the way to where, the innermost first.
struct Stop {
    why: fn(Pointer) -> Inapplicable,
    names: Vec<String>,
}

impl Stop {
    const fn at_once(why: fn(Pointer) -> Inapplicable) -> Self {
        Self { why, names: Vec::new() }
    }

    fn inside(mut self, name: &str) -> Self {
        self.names.push(name.to_owned());
        self
    }

    fn told(self) -> Inapplicable {
        (self.why)(self.names.iter().rev().fold(Pointer::root(), |pointer, name| pointer.into_child(name)))
    }
}

/// What becomes of a member.
enum Fate<'n, 'o> {
    /// It stays, but for what is inside.
    Stays(&'n Node<'o>),
    Becomes(&'o Json<'static>),
    Goes,
}

impl<'o> Node<'o> {
    /// The node of a place, which is made where there is none.
    fn at(&mut self, path: &'o Pointer) -> &mut Self {
        path.tokens().fold(self, |node, name| {
            let next = node.members.len();
            &mut node.members.entry(name).or_insert_with(|| (next, Self::default())).1
        })
    }

    /// What becomes of what is there.
    fn fate(&self, there: Option<Value<'_>>) -> Result<Fate<'_, 'o>, Stop> {
        if let Some(test) = self.test {
            let value = there.ok_or_else(|| Stop::at_once(Inapplicable::Missing))?;
            if value.to_json() != *test {
                return Err(Stop::at_once(Inapplicable::Differs));
            }
        }
        match (self.operation, there) {
            (Some(Operation::Add { .. }), Some(_)) => Err(Stop::at_once(Inapplicable::Present)),
            (Some(Operation::Add { value, .. }), None) | (Some(Operation::Replace { value, .. }), Some(_)) => {
                Ok(Fate::Becomes(value))
            }
            (Some(Operation::Remove { .. }), Some(_)) => Ok(Fate::Goes),
            (None | Some(Operation::Test { .. }), Some(_)) => Ok(Fate::Stays(self)),
            (_, None) => Err(Stop::at_once(Inapplicable::Missing)),
        }
    }

    fn write_whole(&self, value: Value<'_>, out: &mut Builder) -> Result<(), Stop> {
        match self.fate(Some(value))? {
            Fate::Stays(node) => return node.write_inside(value, out),
            Fate::Becomes(value) => out.leaf(value),
            // Nothing is left where a whole user goes.
            Fate::Goes => out.leaf(&Json::null()),
        }
        Ok(())
    }

    /// Writes a value that stays, with what becomes of its members.
    fn write_inside(&self, value: Value<'_>, out: &mut Builder) -> Result<(), Stop> {
        let mut members: Vec<_> = self.members.iter().map(|(name, (order, node))| (*order, name, node)).collect();
        members.sort_unstable_by_key(|&(order, ..)| order);
        match members.first() {
            None => {
                out.copy(value);
                return Ok(());
            }
            Some((_, name, _)) if !value.is_object() => return Err(Stop::at_once(Inapplicable::Missing).inside(name)),
            Some(_) => {}
        }
        let mut found = vec![false; members.len()];
        out.object(|out| {
            let mut told = Ok(());
            out.copy_except(
                value,
                |name, _| self.members.get(&*name.decoded()),
                |name, old, (order, node), out| {
                    if let Some(found) = found.get_mut(*order) {
                        *found = true;
                    }
                    if told.is_ok() {
                        let write = |fate| match fate {
                            Fate::Stays(node) => out.member(name, |out| node.write_inside(old, out)),
                            Fate::Becomes(value) => {
                                out.member(name, |out| out.leaf(value));
                                Ok(())
                            }
                            Fate::Goes => Ok(()),
                        };
                        told = node.fate(Some(old)).and_then(write).map_err(|stop| stop.inside(&name.decoded()));
                    }
                },
            );
            told?;
            let new = members.iter().zip(&found).filter(|&(_, &found)| !found);
            for (&(_, name, node), _) in new {
                match node.fate(None).map_err(|stop| stop.inside(name))? {
                    Fate::Becomes(value) => out.member_named(name, |out| out.leaf(value)),
                    Fate::Stays(_) | Fate::Goes => {}
                }
            }
            Ok(())
        })
    }
}

/// A place in words.
fn shown(pointer: &Pointer) -> String {
    if pointer.as_str().is_empty() { "the top".to_owned() } else { pointer.to_string() }
}
