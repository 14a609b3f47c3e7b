//! Finding many members of one object by name.

use hashbrown::HashTable;

use super::{
    name::{Name, Secret},
    value::Value,
};

/// Up to this many members are looked through one by one.
const FEW: usize = 16;

/// Finds members by name, in a time that does not depend on how many there are.
pub(crate) struct Index<'d> {
    object: Value<'d>,
    /// The indices of the entries by the hash of their names, where there are many.
    table: Option<(HashTable<u32>, Secret)>,
}

impl<'d> Index<'d> {
    pub fn of(object: Value<'d>) -> Self {
        if object.entries().nth(FEW).is_none() {
            return Self { object, table: None };
        }
        let secret = Secret::new();
        let mut table = HashTable::with_capacity(object.len());
        let hash = |&at: &u32| object.member(at).map_or(0, |(name, _)| name.hash(secret));
        for (index, _) in object.entries() {
            table.insert_unique(hash(&index), index, hash);
        }
        Self { object, table: Some((table, secret)) }
    }

    pub fn get(&self, name: Name<'_>) -> Option<Value<'d>> {
        let Some((table, secret)) = &self.table else { return self.object.find(name) };
        let is_it = |&at: &u32| self.object.member(at).is_some_and(|(known, _)| known == name);
        let at = *table.find(name.hash(*secret), is_it)?;
        self.object.member(at).map(|(_, value)| value)
    }
}

/// The index of an object that may not be there.
pub(crate) fn index(object: Option<Value<'_>>) -> Option<Index<'_>> {
    object.map(Index::of)
}
