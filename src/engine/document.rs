use std::{collections::HashMap, fmt};

use serde_json::Value;

use super::{Json, Kind, Limits, Malformed, ObjectWriter, Pointer, Reader, text::is_plain};

/// A JSON object that can be changed member by member. The members keep their order; what is not an object is kept as
/// [`Json`], the exact text.
///
/// Equality is that of JSON values; see [`Json`].
///
/// ```
/// use user_patch::engine::{Limits, Object};
///
/// let document = Object::parse(br#"{"n": 1.0, "in": {"side": [1, 2]}}"#, &Limits::default())?;
/// assert_eq!(document.at(&["in", "side"]).unwrap().to_string(), "[1,2]");
/// assert_eq!(document.to_string(), r#"{"n":1.0,"in":{"side":[1,2]}}"#);
/// # Ok::<(), user_patch::engine::Malformed>(())
/// ```
#[derive(Clone, Default)]
pub struct Object {
    members: Vec<Member>,
}

#[derive(Clone)]
struct Member {
    name: Box<str>,
    /// Whether the name is written as it is: nothing in it has to be escaped. Found out once, as a name stays.
    is_plain: bool,
    value: Node,
}

impl Member {
    fn new(name: impl Into<Box<str>>, value: Node) -> Self {
        let name = name.into();
        Self { is_plain: is_plain(&name), name, value }
    }
}

/// Up to this many members are looked through one by one.
pub(super) const FEW: usize = 16;

/// What stands in a document: another object, or anything else. RFC 7386 makes no other distinction.
#[derive(Clone, PartialEq, Eq)]
pub enum Node {
    /// An object, which a patch can go into.
    Object(Object),
    /// Anything else, which a patch can only replace.
    Leaf(Json<'static>),
}

/// A value built by a program that does not fit: nested deeper than 128 levels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidValue {
    /// Nested deeper than 128 levels.
    #[error("nested deeper than 128 levels")]
    TooDeep,
    /// Not a JSON object.
    #[error("not a JSON object")]
    NotAnObject,
}

impl Object {
    /// Reads an object strictly.
    ///
    /// # Errors
    /// What makes the text unreadable, or that it is not an object.
    pub fn parse(text: &[u8], limits: &Limits) -> Result<Self, Malformed> {
        let mut object = Self::default();
        Reader::read_object(text, limits, |name, reader| object.read_member(name, reader))?;
        Ok(object)
    }

    /// Reads a member's value and puts it last.
    pub(crate) fn read_member(&mut self, name: &str, reader: &mut Reader<'_>) -> Result<(), Malformed> {
        let value = Node::read(reader)?;
        self.members.push(Member::new(name, value));
        Ok(())
    }

    /// How many members there are.
    pub fn len(&self) -> usize {
        self.members.len()
    }

    /// Whether there is no member.
    pub fn is_empty(&self) -> bool {
        self.members.is_empty()
    }

    /// The members in their order.
    pub fn members(&self) -> impl ExactSizeIterator<Item = (&str, &Node)> {
        self.members.iter().map(|member| (&*member.name, &member.value))
    }

    pub(super) fn into_members(self) -> impl Iterator<Item = (Box<str>, Node)> {
        self.members.into_iter().map(|member| (member.name, member.value))
    }

    /// The member `name`.
    pub fn get(&self, name: &str) -> Option<&Node> {
        self.value_at(self.position(name)?)
    }

    /// What stands at the end of a path of names.
    pub fn at(&self, path: &[&str]) -> Option<&Node> {
        let (first, rest) = path.split_first()?;
        match (self.get(first)?, rest) {
            (node, []) => Some(node),
            (Node::Object(inner), rest) => inner.at(rest),
            (Node::Leaf(_), _) => None,
        }
    }

    /// Where the member `name` stands.
    pub(super) fn position(&self, name: &str) -> Option<usize> {
        self.members.iter().position(|member| *member.name == *name)
    }

    pub(crate) fn get_mut(&mut self, name: &str) -> Option<&mut Node> {
        self.value_at_mut(self.position(name)?)
    }

    /// Sets the member `name`, in its place if it has one, else as the last.
    pub(crate) fn set(&mut self, name: &str, value: Node) {
        match self.get_mut(name) {
            Some(old) => *old = value,
            None => self.push(name, value),
        }
    }

    /// Adds a member that is known not to be there.
    pub(crate) fn push(&mut self, name: &str, value: Node) {
        self.members.push(Member::new(name, value));
    }

    /// Takes the member `name` out.
    pub(crate) fn remove(&mut self, name: &str) -> Option<Node> {
        let at = self.position(name)?;
        Some(self.members.remove(at).value)
    }

    /// Drops the members at these positions, which must ascend.
    pub(super) fn drop_all(&mut self, positions: &[usize]) {
        let mut positions = positions.iter().copied().peekable();
        let mut at = 0;
        self.members.retain(|_| {
            let gone = positions.next_if_eq(&at).is_some();
            at += 1;
            !gone
        });
    }

    /// Drops the members that are null, at every level.
    pub(super) fn drop_nulls(&mut self) {
        self.members.retain_mut(|member| match &mut member.value {
            Node::Object(inner) => {
                inner.drop_nulls();
                true
            }
            Node::Leaf(value) => !value.is_null(),
        });
    }

    pub(crate) fn value_at(&self, position: usize) -> Option<&Node> {
        self.members.get(position).map(|member| &member.value)
    }

    pub(super) fn value_at_mut(&mut self, position: usize) -> Option<&mut Node> {
        self.members.get_mut(position).map(|member| &mut member.value)
    }

    /// The members in which two objects differ.
    pub(crate) fn differing(&self, other: &Self) -> Vec<Pointer> {
        let (ours, theirs) = (self.index(), other.index());
        let gone = self.members().filter(|(name, _)| theirs.get(name).is_none());
        let differs = |(name, value): &(&str, &Node)| ours.get(name).and_then(|at| self.value_at(at)) != Some(*value);
        gone.chain(other.members().filter(differs)).map(|(name, _)| Pointer::root().child(name)).collect()
    }

    /// A way to find members that stays cheap when many are looked up.
    pub(crate) fn index(&self) -> Index<'_> {
        match self.members.len() {
            ..=FEW => Index::Few(self),
            _ => Index::Many(self.members.iter().enumerate().map(|(at, member)| (&*member.name, at)).collect()),
        }
    }

    /// Writes the object as JSON without white space.
    pub(crate) fn write(&self, out: &mut String) {
        let mut writer = ObjectWriter::new(out);
        self.write_members(&mut writer);
        writer.end();
    }

    /// Writes the members into an object that may have others before them.
    pub(crate) fn write_members(&self, writer: &mut ObjectWriter<'_>) {
        for member in &self.members {
            let out = if member.is_plain { writer.plain(&member.name) } else { writer.member(&member.name) };
            member.value.write(out);
        }
    }

    /// The object as `serde_json` holds it; see [`Json::to_value`] for what becomes of numbers.
    ///
    /// # Errors
    /// As [`Json::to_value`].
    pub fn to_value(&self) -> serde_json::Result<Value> {
        let member = |member: &Member| Ok((member.name.to_string(), member.value.to_value()?));
        self.members.iter().map(member).collect::<Result<_, _>>().map(Value::Object)
    }
}

impl Node {
    pub(super) fn read(reader: &mut Reader<'_>) -> Result<Self, Malformed> {
        if !reader.at_object() {
            return Ok(Self::Leaf(reader.value()?.compact().into_owned()));
        }
        let mut object = Object::default();
        reader.object(|name, reader| object.read_member(name, reader))?;
        Ok(Self::Object(object))
    }

    /// Reads any value strictly.
    ///
    /// # Errors
    /// What makes the text unreadable.
    pub fn parse(text: &[u8], limits: &Limits) -> Result<Self, Malformed> {
        Reader::read_value(text, limits, Self::read)
    }

    /// A value that has been read before, with every member of its objects, nulls included.
    pub(crate) fn of(value: &Json<'_>) -> Self {
        match value.kind() {
            Kind::Object => {
                let members = value.members().map(|(name, value)| Member::new(name, Self::of(&value)));
                Self::Object(Object { members: members.collect() })
            }
            _ => Self::Leaf(value.borrowed().compact().into_owned()),
        }
    }

    /// The object this is.
    pub fn as_object(&self) -> Option<&Object> {
        match self {
            Self::Object(object) => Some(object),
            Self::Leaf(_) => None,
        }
    }

    /// The value this is, where it is no object.
    pub fn as_leaf(&self) -> Option<&Json<'static>> {
        match self {
            Self::Object(_) => None,
            Self::Leaf(value) => Some(value),
        }
    }

    /// Whether this is the same JSON value as `value`.
    pub(crate) fn same_as(&self, value: &Json<'_>) -> bool {
        match self {
            Self::Leaf(ours) => ours == value,
            Self::Object(_) => value.kind() == Kind::Object && *self == Self::of(value),
        }
    }

    pub(crate) fn write(&self, out: &mut String) {
        match self {
            Self::Object(object) => object.write(out),
            Self::Leaf(value) => out.push_str(value.text()),
        }
    }

    /// The same value with the members of each object in the order of their names.
    pub(crate) fn sorted(self) -> Self {
        match self {
            Self::Object(mut object) => {
                object.members.sort_by(|one, other| one.name.cmp(&other.name));
                let sorted = |member: Member| Member { value: member.value.sorted(), ..member };
                Self::Object(Object { members: object.members.into_iter().map(sorted).collect() })
            }
            leaf @ Self::Leaf(_) => leaf,
        }
    }

    /// The value as exact text.
    pub(crate) fn to_json(&self) -> Json<'static> {
        match self {
            Self::Object(object) => Json::written(object.to_string()),
            Self::Leaf(value) => value.clone(),
        }
    }

    /// As [`Object::to_value`].
    ///
    /// # Errors
    /// As [`Json::to_value`].
    pub fn to_value(&self) -> serde_json::Result<Value> {
        match self {
            Self::Object(object) => object.to_value(),
            Self::Leaf(value) => value.to_value(),
        }
    }

    fn from_value(value: &Value, levels: u8) -> Result<Self, InvalidValue> {
        let inside = || levels.checked_sub(1).ok_or(InvalidValue::TooDeep);
        match value {
            Value::Object(members) => {
                let inside = inside()?;
                let member =
                    |(name, value): (&String, &Value)| Ok(Member::new(name.as_str(), Self::from_value(value, inside)?));
                Ok(Self::Object(Object { members: members.iter().map(member).collect::<Result<_, _>>()? }))
            }
            Value::Array(elements) => {
                let inside = inside()?;
                let mut out = String::from("[");
                for (at, element) in elements.iter().enumerate() {
                    if at > 0 {
                        out.push(',');
                    }
                    Self::from_value(element, inside)?.write(&mut out);
                }
                out.push(']');
                Ok(Self::Leaf(Json::written(out)))
            }
            scalar => Ok(Self::Leaf(Json::written(scalar.to_string()))),
        }
    }
}

/// A value that a program built. It may be nested as deep as memory goes: the depth is counted, not trusted.
impl TryFrom<&Value> for Node {
    type Error = InvalidValue;

    fn try_from(value: &Value) -> Result<Self, InvalidValue> {
        Self::from_value(value, Limits::default().max_depth)
    }
}

/// As for [`Node`], of an object.
impl TryFrom<&Value> for Object {
    type Error = InvalidValue;

    fn try_from(value: &Value) -> Result<Self, InvalidValue> {
        match Node::try_from(value)? {
            Node::Object(object) => Ok(object),
            Node::Leaf(_) => Err(InvalidValue::NotAnObject),
        }
    }
}

impl PartialEq for Object {
    fn eq(&self, other: &Self) -> bool {
        if self.members.len() != other.members.len() {
            return false;
        }
        // Every value is compared once: twice at each level would be 2^128 times at the deepest.
        if self.members().map(|(name, _)| name).eq(other.members().map(|(name, _)| name)) {
            return self.members().zip(other.members()).all(|((_, ours), (_, theirs))| ours == theirs);
        }
        let theirs = other.index();
        self.members().all(|(name, value)| theirs.get(name).and_then(|at| other.value_at(at)) == Some(value))
    }
}

impl Eq for Object {}

impl fmt::Display for Object {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = String::new();
        self.write(&mut out);
        f.write_str(&out)
    }
}

/// The names alone, since a value may be a secret.
impl fmt::Debug for Object {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.members()).finish()
    }
}

impl fmt::Display for Node {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Object(object) => object.fmt(f),
            Self::Leaf(value) => value.fmt(f),
        }
    }
}

impl fmt::Debug for Node {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Object(object) => object.fmt(f),
            Self::Leaf(value) => value.fmt(f),
        }
    }
}

/// Finds members by name.
pub(crate) enum Index<'a> {
    /// One after the other.
    Few(&'a Object),
    /// By hash, keyed anew in each process.
    Many(HashMap<&'a str, usize>),
}

impl Index<'_> {
    /// The position of the member `name`.
    pub fn get(&self, name: &str) -> Option<usize> {
        match self {
            Self::Few(object) => object.position(name),
            Self::Many(positions) => positions.get(name).copied(),
        }
    }
}
