//! Passwords, as salted hashes and in no other form.

use std::fmt;

use argon2::Argon2;
use tokio::{sync::Semaphore, task::spawn_blocking};

use crate::report::Password;

const SALT: usize = 16;
const HASH: usize = 32;

/// What is kept of a password: Argon2id with the parameters that the crate has as its default, 19 MiB and two passes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Hashed {
    salt: [u8; SALT],
    hash: [u8; HASH],
}

/// Why there is no hash. Says nothing of the password.
#[derive(Debug, thiserror::Error)]
pub(super) enum HashError {
    #[error("the system has no random bytes: {0}")]
    Random(getrandom::Error),
    #[error("a password that cannot be hashed: {0}")]
    Hash(argon2::Error),
    #[error("the work on a password has ended")]
    Gone,
}

impl Hashed {
    /// Hashes a password with a salt of its own.
    pub(super) fn of(password: &Password) -> Result<Self, HashError> {
        let mut salt = [0; SALT];
        getrandom::fill(&mut salt).map_err(HashError::Random)?;
        Self::salted(password, salt)
    }

    fn salted(password: &Password, salt: [u8; SALT]) -> Result<Self, HashError> {
        let mut hash = [0; HASH];
        let done = Argon2::default().hash_password_into(password.expose().as_bytes(), &salt, &mut hash);
        done.map_err(HashError::Hash)?;
        Ok(Self { salt, hash })
    }

    /// Whether it is the hash of a password.
    fn is_of(&self, password: &Password) -> Result<bool, HashError> {
        let other = Self::salted(password, self.salt)?;
        // As long wherever they differ.
        Ok(self.hash.iter().zip(&other.hash).fold(0, |differs, (one, other)| differs | (one ^ other)) == 0)
    }

    /// The salt and the hash behind each other, as the store has them.
    pub(super) fn bytes(&self) -> Vec<u8> {
        [self.salt.as_slice(), &self.hash].concat()
    }

    /// What [`bytes`](Self::bytes) gave.
    pub(super) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (salt, hash) = bytes.split_at_checked(SALT)?;
        Some(Self { salt: salt.try_into().ok()?, hash: hash.try_into().ok()? })
    }
}

/// No byte of it.
impl fmt::Debug for Hashed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Hashed(…)")
    }
}

/// The hash of no password that anybody knows.
const OF_NOBODY: Hashed = Hashed { salt: [0; SALT], hash: [0; HASH] };

/// How many passwords are hashed at the same time: each takes its 19 MiB and as much of a core as it gets.
const AT_ONCE: usize = 2;

/// The work on passwords, which is done beside everything else.
pub(super) struct Passwords(Semaphore);

impl Default for Passwords {
    fn default() -> Self {
        Self(Semaphore::new(AT_ONCE))
    }
}

impl Passwords {
    pub(super) async fn hashed(&self, password: Password) -> Result<Hashed, HashError> {
        self.beside(move || Hashed::of(&password)).await
    }

    pub(super) async fn is(&self, hashed: Hashed, password: Password) -> Result<bool, HashError> {
        self.beside(move || hashed.is_of(&password)).await
    }

    /// Takes as long as [`is`](Self::is), of a password that is nobody's.
    pub(super) async fn is_nobodys(&self, password: Password) -> Result<(), HashError> {
        self.is(OF_NOBODY, password).await.map(drop)
    }

    async fn beside<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, HashError> + Send + 'static,
    ) -> Result<T, HashError> {
        let _turn = self.0.acquire().await.map_err(|_| HashError::Gone)?;
        spawn_blocking(work).await.map_err(|_| HashError::Gone)?
    }
}

#[cfg(test)]
mod tests {
    use super::{Hashed, Password};

    #[test]
    fn a_hash_is_of_one_password_and_has_a_salt_of_its_own() {
        let password = |text: &'static str| Password::new(text.into());
        let [one, other] = [(); 2].map(|()| Hashed::of(&password("correct horse")).unwrap());
        assert!(one.is_of(&password("correct horse")).unwrap() && other.is_of(&password("correct horse")).unwrap());
        assert!(!one.is_of(&password("correct horses")).unwrap() && !one.is_of(&password("")).unwrap());
        assert!(one.salt != other.salt && one.hash != other.hash);
        assert_eq!(Hashed::from_bytes(&one.bytes()), Some(one));
        assert_eq!([&one.bytes()[1..], &[]].map(Hashed::from_bytes), [None, None]);
        assert_eq!(format!("{one:?}"), "Hashed(…)");
    }
}
