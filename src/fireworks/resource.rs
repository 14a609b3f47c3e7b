//! The names of users, and the ids in them.

use std::{fmt, str::FromStr};

/// The name of a user: `accounts/{account_id}/users/{user_id}`, the path of the request without its version.
///
/// ```
/// use user_patch::fireworks::UserName;
///
/// let name: UserName = "accounts/my-account/users/my-user".parse()?;
/// assert_eq!((name.account().as_str(), name.user().as_str()), ("my-account", "my-user"));
/// assert!("accounts/my-account/users/-me".parse::<UserName>().is_err());
/// # Ok::<(), user_patch::fireworks::InvalidName>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct UserName {
    account: AccountId,
    user: UserId,
}

/// Not a resource name: ids are 1 to 63 of `a-z`, `0-9` and `-`, without a hyphen at either end.
///
/// ```
/// use user_patch::fireworks::UserId;
///
/// let wrong = "No Such".parse::<UserId>().unwrap_err();
/// assert!(!wrong.to_string().contains("No Such")); // What was given is not shown.
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a name of the form accounts/{{account_id}}/users/{{user_id}}, ids being 1 to 63 of a-z, 0-9 and -")]
pub struct InvalidName;

/// "The Account Id" of the path.
///
/// ```
/// use user_patch::fireworks::AccountId;
///
/// assert_eq!("acme".parse::<AccountId>()?.as_str(), "acme");
/// assert!("acme/users".parse::<AccountId>().is_err());
/// # Ok::<(), user_patch::fireworks::InvalidName>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct AccountId(Box<str>);

/// "The user ID to use in the user name. e.g. my-user"
///
/// ```
/// use user_patch::fireworks::UserId;
///
/// assert_eq!("alice".parse::<UserId>()?.as_str(), "alice");
/// assert!("".parse::<UserId>().is_err());
/// # Ok::<(), user_patch::fireworks::InvalidName>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct UserId(Box<str>);

/// The longest id.
const ID_MAX: usize = 63;

fn is_id(text: &str) -> bool {
    (1..=ID_MAX).contains(&text.len())
        && text.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-'))
        && !text.starts_with('-')
        && !text.ends_with('-')
}

impl AccountId {
    /// The id as it stands in the name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for AccountId {
    type Err = InvalidName;

    fn from_str(text: &str) -> Result<Self, InvalidName> {
        is_id(text).then(|| Self(text.into())).ok_or(InvalidName)
    }
}

impl UserId {
    /// The id as it stands in the name.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The id that is generated where none is given: the local part of the email, lowercased, each other character a
    /// hyphen, cut and trimmed to the rule of ids. `None` where nothing is left.
    pub fn from_email(email: &str) -> Option<Self> {
        let local = email.rsplit_once('@').map_or(email, |(local, _)| local);
        let id: String = local
            .chars()
            .map(|letter| match letter.to_ascii_lowercase() {
                letter @ ('a'..='z' | '0'..='9') => letter,
                _ => '-',
            })
            .skip_while(|&letter| letter == '-')
            .take(ID_MAX)
            .collect();
        id.trim_end_matches('-').parse().ok()
    }
}

impl FromStr for UserId {
    type Err = InvalidName;

    fn from_str(text: &str) -> Result<Self, InvalidName> {
        is_id(text).then(|| Self(text.into())).ok_or(InvalidName)
    }
}

impl UserName {
    /// The name of that user in that account.
    pub const fn new(account: AccountId, user: UserId) -> Self {
        Self { account, user }
    }

    /// The account.
    pub const fn account(&self) -> &AccountId {
        &self.account
    }

    /// The user.
    pub const fn user(&self) -> &UserId {
        &self.user
    }
}

impl FromStr for UserName {
    type Err = InvalidName;

    fn from_str(text: &str) -> Result<Self, InvalidName> {
        let (account, user) =
            text.strip_prefix("accounts/").and_then(|rest| rest.split_once("/users/")).ok_or(InvalidName)?;
        Ok(Self { account: account.parse()?, user: user.parse()? })
    }
}

impl fmt::Display for UserName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "accounts/{}/users/{}", self.account.as_str(), self.user.as_str())
    }
}
