use super::{is_key, is_name, parse_uuid};
use crate::{
    engine::{Json, Kind, Limits, Object, ObjectWriter, Pointer, Reader},
    report::InvalidUser,
};

/// A user as the vendor's page describes it in the response.
///
/// The description is kept as the text it was sent as; a member that the page does not name is kept as it is.
///
/// ```
/// use user_patch::trusted_twin::User;
///
/// let text = r#"{"uuid":"f63d5c5c-0c5e-4c1a-9b1e-0d7a2f6f9a11","name":"Backup Operator","role":"5b1c7f5a-2d3e-4c7b-9a52-0f6a1e3d9c10","description":{"quota":1.0}}"#;
/// let user = User::from_json(text.as_bytes())?;
/// assert_eq!(user.description().unwrap().text(), r#"{"quota":1.0}"#);
/// assert_eq!(user.to_json(), text);
/// # Ok::<(), user_patch::report::InvalidUser>(())
/// ```
#[derive(Clone)]
pub struct User {
    pub(super) uuid: String,
    pub(super) name: String,
    pub(super) account: Option<String>,
    pub(super) role: String,
    pub(super) description: Option<Json<'static>>,
    pub(super) created_ts: Option<Json<'static>>,
    pub(super) updated_ts: Option<Json<'static>>,
    pub(super) others: Object,
}

impl User {
    /// Reads a user as the vendor writes it. `uuid`, `name` and `role` have to be there; a `description` that is null is
    /// one that is not there.
    ///
    /// # Errors
    /// Where the text is no strict JSON object, or a member is not what the page says of it: UUIDs hyphenated, `name` and
    /// the description's keys within their patterns, times in seconds with at most three decimals.
    pub fn from_json(text: &[u8]) -> Result<Self, InvalidUser> {
        let (mut uuid, mut name, mut account, mut role) = (None, None, None, None);
        let (mut description, mut created_ts, mut updated_ts) = (None, None, None);
        let mut others = Object::default();
        let mut bad_key = None;
        Reader::read_object(text, &Limits::STORED, |member, reader| {
            let place = match member {
                "uuid" => &mut uuid,
                "name" => &mut name,
                "account" => &mut account,
                "role" => &mut role,
                "created_ts" => &mut created_ts,
                "updated_ts" => &mut updated_ts,
                "description" => {
                    description = Some(reader.value_with(|key, reader| {
                        if !is_key(key) {
                            bad_key = Some(Box::<str>::from(key));
                        }
                        reader.value().map(|_| ())
                    })?);
                    return Ok(());
                }
                _ => return others.read_member(member, reader),
            };
            *place = Some(reader.value()?);
            Ok(())
        })?;
        if let Some(key) = bad_key {
            let pointer = DESCRIPTION.child(&key);
            return Err(InvalidUser::member(pointer, "must be a key that matches [a-z_][0-9a-z_]{0,63}"));
        }
        let account = account.map(|value| text_of("/account", Some(value), is_uuid, "must be a hyphenated UUID"));
        Ok(Self {
            uuid: text_of("/uuid", uuid, is_uuid, "must be a hyphenated UUID")?,
            name: text_of("/name", name, is_name, "must match [0-9A-Za-z][0-9A-Za-z_ \\-]{0,30}[0-9A-Za-z]")?,
            account: account.transpose()?,
            role: text_of("/role", role, is_uuid, "must be a hyphenated UUID")?,
            description: match description {
                Some(value) if value.kind() == Kind::Object => Some(value.compact().into_owned()),
                Some(value) if !value.is_null() => {
                    return Err(InvalidUser::member(DESCRIPTION, "must be a dictionary"));
                }
                _ => None,
            },
            created_ts: timestamp("/created_ts", created_ts)?,
            updated_ts: timestamp("/updated_ts", updated_ts)?,
            others,
        })
    }

    /// Takes a user that a program has built.
    ///
    /// # Errors
    /// As [`from_json`](Self::from_json), or where the value is nested deeper than 128 levels.
    pub fn from_value(value: &serde_json::Value) -> Result<Self, InvalidUser> {
        Self::from_json(Object::try_from(value)?.to_string().as_bytes())
    }

    /// The user as the vendor writes it: the page's members in the page's order, then the others.
    pub fn to_json(&self) -> String {
        let description = self.description.as_ref().map_or(0, |value| value.text().len());
        let mut out = String::with_capacity(320 + description);
        let mut writer = ObjectWriter::new(&mut out);
        writer.string("uuid", &self.uuid);
        writer.string("name", &self.name);
        if let Some(account) = &self.account {
            writer.string("account", account);
        }
        writer.string("role", &self.role);
        for (name, value) in
            [("description", &self.description), ("created_ts", &self.created_ts), ("updated_ts", &self.updated_ts)]
        {
            if let Some(value) = value {
                writer.plain(name).push_str(value.text());
            }
        }
        self.others.write_members(&mut writer);
        writer.end();
        out
    }

    /// "User UUID."
    pub fn uuid(&self) -> &str {
        &self.uuid
    }

    /// "Name of the User."
    pub fn name(&self) -> &str {
        &self.name
    }

    /// "Account UUID.", where the stored user has it.
    pub fn account(&self) -> Option<&str> {
        self.account.as_deref()
    }

    /// "Role UUID."
    pub fn role(&self) -> &str {
        &self.role
    }

    /// "Attributes of the User in form of key-value pairs": an object, where there is one.
    pub fn description(&self) -> Option<&Json<'static>> {
        self.description.as_ref()
    }

    /// "Time at which the User was created", a number of seconds.
    pub fn created_ts(&self) -> Option<&Json<'static>> {
        self.created_ts.as_ref()
    }

    /// Time at which the User was last updated, a number of seconds.
    pub fn updated_ts(&self) -> Option<&Json<'static>> {
        self.updated_ts.as_ref()
    }

    /// The members that the page does not name.
    pub fn others(&self) -> &Object {
        &self.others
    }
}

pub(super) const DESCRIPTION: Pointer = Pointer::fixed("/description");

fn is_uuid(text: &str) -> bool {
    parse_uuid(text).is_some()
}

fn text_of(
    pointer: &'static str,
    value: Option<Json<'_>>,
    fits: fn(&str) -> bool,
    expected: &'static str,
) -> Result<String, InvalidUser> {
    let text = value.as_ref().and_then(Json::as_str).filter(|text| fits(text));
    text.map(|text| text.into_owned()).ok_or_else(|| InvalidUser::member(Pointer::fixed(pointer), expected))
}

/// "Measured in seconds (to three decimal places) that have elapsed since the Unix epoch."
fn timestamp(pointer: &'static str, value: Option<Json<'_>>) -> Result<Option<Json<'static>>, InvalidUser> {
    let Some(value) = value else { return Ok(None) };
    let decimals = value.text().split_once('.').map_or(0, |(_, decimals)| decimals.len());
    if value.kind() != Kind::Number || value.text().contains(['e', 'E']) || decimals > 3 {
        let expected = "must be a number of seconds with at most three decimals";
        return Err(InvalidUser::member(Pointer::fixed(pointer), expected));
    }
    Ok(Some(value.into_owned()))
}

/// UUIDs are equal in whichever case they are written.
impl PartialEq for User {
    fn eq(&self, other: &Self) -> bool {
        self.uuid.eq_ignore_ascii_case(&other.uuid)
            && self.name == other.name
            && match (&self.account, &other.account) {
                (Some(ours), Some(theirs)) => ours.eq_ignore_ascii_case(theirs),
                (ours, theirs) => ours.is_none() && theirs.is_none(),
            }
            && self.role.eq_ignore_ascii_case(&other.role)
            && self.description == other.description
            && self.created_ts == other.created_ts
            && self.updated_ts == other.updated_ts
            && self.others == other.others
    }
}

impl Eq for User {}

/// The user as JSON.
impl std::fmt::Debug for User {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "User({})", self.to_json())
    }
}
