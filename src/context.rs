//! What the contexts of the three vendors have in common: how their JSON is read.

use std::{fmt, marker::PhantomData};

use serde::{Deserialize, Deserializer, de};

/// Reads a struct from a JSON object and from nothing else: derived code would also take an array for the members in their
/// order.
pub(crate) fn from_object<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<T, D::Error> {
    struct Object<T>(PhantomData<T>);

    impl<'de, T: Deserialize<'de>> de::Visitor<'de> for Object<T> {
        type Value = T;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("an object")
        }

        fn visit_map<A: de::MapAccess<'de>>(self, members: A) -> Result<T, A::Error> {
            T::deserialize(de::value::MapAccessDeserializer::new(members))
        }
    }

    deserializer.deserialize_map(Object(PhantomData))
}

/// Makes an enum of the values that a switch of a policy has, the default first, each with its name in JSON. `in` says which
/// vendor's module has it, for its example.
macro_rules! switch {
    (in $vendor:literal; $(#[$doc:meta])* $switch:ident { $(#[$first_doc:meta])* $first:ident = $first_name:literal,
        $($(#[$variant_doc:meta])* $variant:ident = $name:literal,)* }) => {
        $(#[$doc])*
        #[doc = concat!(
            "\n\n```\nuse user_patch::", $vendor, "::", stringify!($switch), ";\n\nassert_eq!(",
            stringify!($switch), "::default().name(), \"", $first_name, "\");\n```"
        )]
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
        #[non_exhaustive]
        pub enum $switch {
            $(#[$first_doc])*
            #[default]
            $first,
            $($(#[$variant_doc])* $variant,)*
        }

        impl $switch {
            /// Every value, the default first.
            pub const ALL: &'static [Self] = &[Self::$first, $(Self::$variant),*];

            /// The name in JSON.
            pub const fn name(self) -> &'static str {
                match self {
                    Self::$first => $first_name,
                    $(Self::$variant => $name,)*
                }
            }
        }

        impl<'de> serde::Deserialize<'de> for $switch {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                $crate::context::from_name(deserializer, Self::ALL, &[$first_name, $($name),*])
            }
        }
    };
}
pub(crate) use switch;

/// Reads one of these values by its name, which is a string and nothing else.
pub(crate) fn from_name<'de, D: Deserializer<'de>, T: Copy>(
    deserializer: D,
    values: &[T],
    names: &'static [&'static str],
) -> Result<T, D::Error> {
    struct Name<'v, T>(&'v [T], &'static [&'static str]);

    impl<T: Copy> de::Visitor<'_> for Name<'_, T> {
        type Value = T;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            write!(f, "one of `{}`", self.1.join("`, `"))
        }

        fn visit_str<E: de::Error>(self, text: &str) -> Result<T, E> {
            let found = self.0.iter().zip(self.1).find(|(_, name)| **name == text).map(|(value, _)| *value);
            found.ok_or_else(|| E::unknown_variant(text, self.1))
        }
    }

    deserializer.deserialize_str(Name(values, names))
}
