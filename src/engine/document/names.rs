//! A table of names that stay in their text.

use super::name::{Name, Secret, hash};

/// Numbers of names, found by the names: a table with open addresses that is at most half full. Names are hashed with a secret,
/// so that no body can be made to collide.
pub(in crate::engine) struct Names {
    /// One more than the number of the name that has its place here, or nothing.
    slots: Vec<u32>,
    secret: Secret,
}

impl Names {
    /// Room for this many names.
    pub(crate) fn with_capacity(names: usize) -> Self {
        Self { slots: vec![0; (names * 2).next_power_of_two()], secret: Secret::new() }
    }

    /// Gives the number of the name that equals `name`; adds `number` where there is none. `at` is the name of a number.
    #[inline]
    pub(crate) fn add<'a>(&mut self, name: Name<'_>, number: u32, at: impl Fn(u32) -> Option<Name<'a>>) -> Option<u32> {
        let is_it = |name: &[u8], number| at(number).is_some_and(|known| known.is(name));
        let place = match name.with_bytes(|name| self.search(name, |number| is_it(name, number))) {
            Ok(known) => return Some(known),
            Err(place) => place,
        };
        if let Some(slot) = self.slots.get_mut(place) {
            *slot = number + 1;
        }
        None
    }

    /// Adds a name that is none of those that are there.
    #[inline]
    pub(crate) fn add_new(&mut self, name: &[u8], number: u32) {
        let last = self.slots.len() - 1;
        let mut place = self.place(name);
        while let Some(slot) = self.slots.get_mut(place) {
            if *slot == 0 {
                *slot = number + 1;
                break;
            }
            place = (place + 1) & last;
        }
    }

    /// The number of the name that is these bytes. `is_it` tells whether that of a number is.
    #[inline]
    pub(crate) fn find(&self, name: &[u8], is_it: impl Fn(u32) -> bool) -> Option<u32> {
        self.search(name, is_it).ok()
    }

    #[inline]
    fn place(&self, name: &[u8]) -> usize {
        (hash(name, self.secret) >> 32) as usize & (self.slots.len() - 1)
    }

    /// The number of a name, or the place where it would be.
    #[inline]
    fn search(&self, name: &[u8], is_it: impl Fn(u32) -> bool) -> Result<u32, usize> {
        let last = self.slots.len() - 1;
        let mut place = self.place(name);
        loop {
            match self.slots.get(place) {
                None | Some(0) => return Err(place),
                Some(&number) if is_it(number - 1) => return Ok(number - 1),
                Some(_) => place = (place + 1) & last,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_found_however_it_is_written() {
        let texts: Vec<_> = (0..100).map(|number| format!("name_{number}")).collect();
        let at = |number: u32| texts.get(number as usize).map(|raw| Name { raw, escaped: false });
        let mut names = Names::with_capacity(texts.len());
        for number in 0..100 {
            assert_eq!(names.add(at(number).unwrap(), number, at), None);
        }
        for (number, text) in (0..).zip(&texts) {
            let escaped = text.replacen('n', "\\u006e", 1);
            let escaped = Name { raw: &escaped, escaped: true };
            assert_eq!(
                escaped.with_bytes(|name| names.find(name, |number| at(number).unwrap().is(name))),
                Some(number)
            );
            assert_eq!(names.add(Name { raw: text, escaped: false }, 7, at), Some(number));
        }
        assert_eq!(names.find(b"other", |number| at(number).unwrap().is(b"other")), None);
        assert_eq!(Names::with_capacity(0).find(b"", |_| true), None);
    }
}
