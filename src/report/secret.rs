use std::{borrow::Cow, fmt};

use zeroize::Zeroizing;

/// A password that an accepted update sets: handed over once, for the caller to hash; no user, reply or message has it.
///
/// It cannot be copied or serialized, `Debug` does not show it, there is no `Display`, and its memory is wiped when it is
/// dropped. What [`expose`](Self::expose) gives is wiped only as long as nobody copies it.
///
/// ```
/// use user_patch::elastic::{Context, Patch, User};
///
/// let mut user = User::from_json(br#"{"user_name":"ada","security":{}}"#)?;
/// let ctx = Context::default();
/// let applied = Patch::parse(br#"{"security":{"password":"correct horse"}}"#, &ctx)?.apply(&mut user, &ctx)?;
/// let password = applied.into_password().unwrap();
/// assert_eq!(format!("{password:?}"), "Password(…)");
/// assert_eq!(password.expose(), "correct horse"); // To be hashed here.
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// ```compile_fail,E0599
/// fn twice(password: user_patch::report::Password) -> [user_patch::report::Password; 2] {
///     [password.clone(), password]
/// }
/// ```
pub struct Password(Zeroizing<String>);

impl Password {
    /// Takes a text, which is not copied where it is the caller's own.
    pub(crate) fn new(text: Cow<'_, str>) -> Self {
        Self(Zeroizing::new(text.into_owned()))
    }

    /// The password itself.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(…)")
    }
}
