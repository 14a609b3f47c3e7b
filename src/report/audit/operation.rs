//! One operation of an RFC 6902 patch, and how it is written.

use std::cmp::Ordering;

use crate::engine::{Json, ObjectWriter, Pointer, write_array};

/// One operation of an RFC 6902 patch.
///
/// ```
/// use user_patch::{report::Operation, trusted_twin::{User, audit}};
///
/// let user = |name: &str| User::from_json(format!(
///     r#"{{"uuid":"f63d5c5c-0c5e-4c1a-9b1e-0d7a2f6f9a11","name":"{name}","role":"5b1c7f5a-2d3e-4c7b-9a52-0f6a1e3d9c10"}}"#
/// ).as_bytes());
/// let audit = audit(&user("Operator")?, &user("Operator-7")?);
/// assert!(matches!(&audit.operations()[0], Operation::Replace { path, value }
///     if path.as_str() == "/name" && value.text() == r#""Operator-7""#));
/// # Ok::<(), user_patch::report::InvalidUser>(())
/// ```
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
    /// A member that has to have this value, or no operation is done.
    Test {
        /// The member.
        path: Pointer,
        /// The value it has to have.
        value: Json<'static>,
    },
}

impl Operation {
    /// The name of the operation, the member, and the value where it has one.
    pub const fn parts(&self) -> (&'static str, &Pointer, Option<&Json<'static>>) {
        match self {
            Self::Add { path, value } => ("add", path, Some(value)),
            Self::Remove { path } => ("remove", path, None),
            Self::Replace { path, value } => ("replace", path, Some(value)),
            Self::Test { path, value } => ("test", path, Some(value)),
        }
    }

    /// The member.
    pub const fn path(&self) -> &Pointer {
        self.parts().1
    }

    pub(super) const fn is_test(&self) -> bool {
        matches!(self, Self::Test { .. })
    }
}

/// Writes operations as the JSON array of RFC 6902, every value exact.
pub(super) fn write(out: &mut String, operations: &[Operation]) {
    write_array(out, operations, |out, operation| {
        let (op, path, value) = operation.parts();
        let mut writer = ObjectWriter::new(out);
        writer.string("op", op);
        writer.string("path", path.as_str());
        if let Some(value) = value {
            writer.json("value", value);
        }
        writer.end();
    });
}

/// The order of places in which one comes right before those inside it.
pub(super) fn order(one: &Pointer, other: &Pointer) -> Ordering {
    one.as_str().split('/').cmp(other.as_str().split('/'))
}
