//! Who is let in, and the users that there are at first.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    fmt,
    sync::Arc,
};

use super::served::Served;
use crate::{
    elastic,
    engine::{Json, Kind, Limits, Malformed, Pointer},
    exchange::context,
    fireworks::{self, UserName},
    report::Password,
    trusted_twin::{self, parse_uuid},
    vendor::{Elastic, Fireworks, TrustedTwin, UpdateModel},
};

/// Who is let in, and the users that a new database has at first.
///
/// The default takes any key in the vendor's form for one that may do everything, and has a user of each vendor: `alice` in the
/// account `acme` of Fireworks, `f63d5c5c-0c5e-4c1a-9b1e-0d7a2f6f9a11` of Trusted Twin, whose roles are not looked up, and the
/// current user `admin` of Elastic, who holds `ece_platform_admin`.
///
/// A seed that is read lets in the keys that it names and nobody else. For each vendor there are `callers`, each with a `key`, and
/// `users` by what the path calls them. `context` is the context of a caller's requests, as `batch` and the command line take it,
/// and where it has no `now` the time is that of the system; without one the caller may do everything that the `roles` allow.
/// `passwords` are those with which users of Elastic log in; a new database has their hashes.
///
/// ```
/// use user_patch::stand_in::Seed;
///
/// let seed = Seed::from_json(br#"{
///   "fireworks": {
///     "accounts": ["acme", "empty"],
///     "callers": [
///       {"key": "fw-admin"},
///       {"key": "fw-user", "account": "acme", "context": {"admin": false}}
///     ],
///     "users": {"accounts/acme/users/alice": {"name": "accounts/acme/users/alice", "role": "user"}}
///   },
///   "trustedTwin": {
///     "account": "3d0d8f2c-6d3b-4a65-8b0e-6d4a5b7c8d9e",
///     "roles": {"5b1c7f5a-2d3e-4c7b-9a52-0f6a1e3d9c10": {"effect": "allow", "actions": ["get_user", "update_user"]}},
///     "callers": [{"key": "tt-secret", "role": "5b1c7f5a-2d3e-4c7b-9a52-0f6a1e3d9c10"}],
///     "users": {
///       "f63d5c5c-0c5e-4c1a-9b1e-0d7a2f6f9a11": {
///         "uuid": "f63d5c5c-0c5e-4c1a-9b1e-0d7a2f6f9a11", "role": "5b1c7f5a-2d3e-4c7b-9a52-0f6a1e3d9c10"
///       }
///     }
///   },
///   "elastic": {
///     "roles": ["ece_platform_admin", "ece_platform_viewer"],
///     "callers": [{"key": "ece-key", "user": "ada"}],
///     "users": {"ada": {"user_name": "ada", "security": {"roles": ["ece_platform_viewer"]}}},
///     "passwords": {"ada": "correct horse"}
///   }
/// }"#)?;
///
/// let wrong = Seed::from_json(br#"{"elastic": {"users": {"ada": {"security": {}}}}}"#).unwrap_err();
/// assert_eq!(wrong.to_string(), "/elastic/users/ada: not a user: /user_name must be there");
/// # Ok::<(), user_patch::stand_in::InvalidSeed>(())
/// ```
#[derive(Clone)]
pub struct Seed {
    pub(super) fireworks: Callers<Fireworks>,
    /// The accounts of Fireworks, those of users too.
    pub(super) accounts: BTreeSet<String>,
    pub(super) trusted_twin: Callers<TrustedTwin>,
    /// The account of Trusted Twin, which new users are in.
    pub(super) account: String,
    pub(super) elastic: Callers<Elastic>,
    /// The context of one who has logged in.
    pub(super) logged_in: elastic::Context,
    pub(super) users: Vec<SeedUser>,
}

/// A user of a new database.
#[derive(Clone)]
pub(super) struct SeedUser {
    pub(super) vendor: &'static str,
    /// The account, where the path has one, or nothing.
    pub(super) account: String,
    pub(super) id: String,
    pub(super) text: String,
    /// The password, of a user of Elastic who has one.
    pub(super) password: Option<Arc<Password>>,
}

/// Who may ask.
#[derive(Clone)]
pub(super) struct Callers<M: Served> {
    known: HashMap<String, Caller<M>>,
    /// Who everybody is, where any key is taken.
    anyone: Option<Caller<M>>,
}

/// One who may ask.
#[derive(Clone)]
pub(super) struct Caller<M: Served> {
    pub(super) ctx: M::Context,
    pub(super) who: M::Who,
    /// Whether the seed says itself in what context requests are decided.
    pub(super) has_context: bool,
}

impl<M: Served> Callers<M> {
    fn anyone(who: M::Who) -> Self {
        Self { known: HashMap::new(), anyone: Some(Caller { ctx: M::unbound(), who, has_context: false }) }
    }

    fn nobody() -> Self {
        Self { known: HashMap::new(), anyone: None }
    }

    fn add(&mut self, at: &At<'_>, caller: Caller<M>) -> Result<(), InvalidSeed> {
        let key = at.member("key").ok_or_else(|| at.wrong("`key` is missing"))?;
        match self.known.insert(key.string()?, caller) {
            Some(_) => Err(key.wrong("must not be the key of another caller")),
            None => Ok(()),
        }
    }

    /// Whether any key is taken.
    pub(super) const fn takes_any(&self) -> bool {
        self.anyone.is_some()
    }

    /// Whose key it is, of those that the seed has.
    pub(super) fn named(&self, key: &str) -> Option<&Caller<M>> {
        self.known.get(key)
    }

    /// Whose key it is.
    pub(super) fn get(&self, key: &str) -> Option<&Caller<M>> {
        self.known.get(key).or(self.anyone.as_ref()).filter(|_| !key.is_empty())
    }
}

/// The current user of Elastic, where there is no seed.
const ADMIN: &str = "admin";
const ACCOUNT: &str = "3d0d8f2c-6d3b-4a65-8b0e-6d4a5b7c8d9e";

impl Default for Seed {
    fn default() -> Self {
        let user = |vendor: &'static str, account: &str, id: &str, text: &str| SeedUser {
            vendor,
            account: account.to_owned(),
            id: id.to_owned(),
            text: text.to_owned(),
            password: None,
        };
        let users = vec![
            user(
                Fireworks::VENDOR.name(),
                "acme",
                "alice",
                r#"{"role":"user","name":"accounts/acme/users/alice","displayName":"Alice","createTime":"2026-01-01T00:00:00Z","email":"alice@example.com","state":"READY","updateTime":"2026-01-01T00:00:00Z"}"#,
            ),
            user(
                TrustedTwin::VENDOR.name(),
                "",
                "f63d5c5c-0c5e-4c1a-9b1e-0d7a2f6f9a11",
                r#"{"uuid":"f63d5c5c-0c5e-4c1a-9b1e-0d7a2f6f9a11","name":"Operator","account":"3d0d8f2c-6d3b-4a65-8b0e-6d4a5b7c8d9e","role":"5b1c7f5a-2d3e-4c7b-9a52-0f6a1e3d9c10","description":{"shift":"day"},"created_ts":1767225600,"updated_ts":1767225600}"#,
            ),
            user(
                Elastic::VENDOR.name(),
                "",
                ADMIN,
                r#"{"user_name":"admin","full_name":"Admin","email":"admin@example.com","builtin":false,"security":{"enabled":true,"roles":["ece_platform_admin"],"security_realm":{"id":"native","type":"native"}},"metadata":{"created_at":"2026-01-01T00:00:00Z"}}"#,
            ),
        ];
        Self {
            fireworks: Callers::anyone(None),
            accounts: BTreeSet::from(["acme".to_owned()]),
            trusted_twin: Callers::anyone(true),
            account: ACCOUNT.to_owned(),
            elastic: Callers::anyone(ADMIN.into()),
            logged_in: Elastic::unbound(),
            users,
        }
    }
}

/// How many users, and no key.
impl fmt::Debug for Seed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Seed").field("users", &self.users.len()).finish_non_exhaustive()
    }
}

/// Why a text is no seed, and where. Holds no value of it.
///
/// ```
/// use user_patch::stand_in::Seed;
///
/// let wrong = Seed::from_json(br#"{"fireworks": {"callers": [{"key": ""}]}}"#).unwrap_err();
/// assert_eq!(wrong.to_string(), "/fireworks/callers/0/key: must not be empty");
/// let wrong = Seed::from_json(b"{\n  \"elastic\": {]}").unwrap_err();
/// assert!(wrong.to_string().starts_with("line 2, column 15: "), "{wrong}");
/// ```
#[non_exhaustive]
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidSeed {
    /// It is not strict JSON.
    #[error("line {}, column {}: {}", .0.place().line, .0.place().column, .0.fault())]
    Malformed(Malformed),
    /// A value that does not belong where it is.
    #[error("{pointer}: {message}", pointer = if .pointer.as_str().is_empty() { "the seed" } else { .pointer.as_str() })]
    At {
        /// Where.
        pointer: Pointer,
        /// What is wrong.
        message: String,
    },
}

impl Seed {
    /// Reads a seed.
    ///
    /// # Errors
    /// The first thing that is wrong, with its place.
    pub fn from_json(text: &[u8]) -> Result<Self, InvalidSeed> {
        let json = Json::parse(text, &Limits::STORED).map_err(InvalidSeed::Malformed)?;
        let root = At { json, pointer: Pointer::root() };
        root.only(&["fireworks", "trustedTwin", "elastic"])?;
        let mut seed = Self {
            fireworks: Callers::nobody(),
            accounts: BTreeSet::new(),
            trusted_twin: Callers::nobody(),
            account: ACCOUNT.to_owned(),
            elastic: Callers::nobody(),
            logged_in: Elastic::unbound(),
            users: Vec::new(),
        };
        root.member("fireworks").map_or(Ok(()), |part| seed.read_fireworks(&part))?;
        root.member("trustedTwin").map_or(Ok(()), |part| seed.read_trusted_twin(&part))?;
        root.member("elastic").map_or(Ok(()), |part| seed.read_elastic(&part))?;
        Ok(seed)
    }

    fn read_fireworks(&mut self, part: &At<'_>) -> Result<(), InvalidSeed> {
        part.only(&["accounts", "callers", "users"])?;
        let account = |at: &At<'_>| {
            let id: Option<fireworks::AccountId> = at.string()?.parse().ok();
            id.ok_or_else(|| at.wrong("must be an account id: 1 to 63 of a-z, 0-9 and -, with no hyphen at either end"))
        };
        for at in part.elements("accounts")? {
            self.accounts.insert(account(&at)?.as_str().to_owned());
        }
        for at in part.elements("callers")? {
            at.only(&["key", "account", "context"])?;
            let who = at.member("account").map(|at| account(&at)).transpose()?;
            let ctx = at.context::<Fireworks>()?.unwrap_or_else(Fireworks::unbound);
            self.fireworks.add(&at, Caller { ctx, who, has_context: at.member("context").is_some() })?;
        }
        for at in part.members("users")? {
            let name: UserName = at.name().parse().map_err(|_| at.wrong(fireworks::InvalidName.to_string()))?;
            let account = name.account().as_str().to_owned();
            self.accounts.insert(account.clone());
            self.users.push(at.user::<Fireworks>(account, name.user().as_str().to_owned())?);
        }
        Ok(())
    }

    fn read_trusted_twin(&mut self, part: &At<'_>) -> Result<(), InvalidSeed> {
        part.only(&["account", "roles", "callers", "users"])?;
        let uuid = |at: &At<'_>, text: &str| parse_uuid(text).ok_or_else(|| at.wrong("must be a hyphenated UUID"));
        if let Some(at) = part.member("account") {
            self.account = uuid(&at, &at.string()?)?.to_string();
        }
        let mut statements = BTreeMap::new();
        for at in part.members("roles")? {
            let wrapped = format!(r#"{{"statement":{}}}"#, at.json.text());
            let ctx: trusted_twin::Context = context(wrapped.as_bytes()).map_err(|wrong| at.wrong(wrong.message()))?;
            statements.insert(uuid(&at, &at.name())?, ctx.statement);
        }
        let roles = part.member("roles").map(|_| statements.keys().copied().collect());
        let service = Arc::new(trusted_twin::Service { roles, ..Default::default() });
        for at in part.elements("callers")? {
            at.only(&["key", "role", "context"])?;
            let ctx = match (at.context::<TrustedTwin>()?, at.member("role")) {
                (Some(_), Some(role)) => {
                    return Err(role.wrong("must not stand beside `context`, which has a statement"));
                }
                (Some(ctx), None) => ctx,
                (None, role) => {
                    let mut ctx = TrustedTwin::unbound();
                    ctx.service = Arc::clone(&service);
                    if let Some(role) = role {
                        let statement = statements.get(&uuid(&role, &role.string()?)?);
                        ctx.statement = statement.cloned().ok_or_else(|| role.wrong("must be one of `roles`"))?;
                    }
                    ctx
                }
            };
            let is_traced = at.member("context").is_none();
            self.trusted_twin.add(&at, Caller { ctx, who: is_traced, has_context: !is_traced })?;
        }
        for at in part.members("users")? {
            let id = uuid(&at, &at.name())?.to_string();
            self.users.push(at.user::<TrustedTwin>(String::new(), id)?);
        }
        Ok(())
    }

    fn read_elastic(&mut self, part: &At<'_>) -> Result<(), InvalidSeed> {
        part.only(&["roles", "callers", "users", "passwords"])?;
        let roles = part.elements("roles")?;
        let mut service = elastic::Service::default();
        if part.member("roles").is_some() {
            service.known_roles = Some(roles.iter().map(At::string).collect::<Result<_, _>>()?);
        }
        let service = Arc::new(service);
        self.logged_in = elastic::Context::of(Arc::clone(&service));
        for at in part.elements("callers")? {
            at.only(&["key", "user", "context"])?;
            let who =
                at.member("user").ok_or_else(|| at.wrong("`user` is missing: the current user's name"))?.string()?;
            let ctx = at.context::<Elastic>()?.unwrap_or_else(|| elastic::Context::of(Arc::clone(&service)));
            self.elastic.add(&at, Caller { ctx, who: who.into(), has_context: at.member("context").is_some() })?;
        }
        let mut passwords = BTreeMap::new();
        for at in part.members("passwords")? {
            passwords.insert(at.name(), (Password::new(at.string()?.into()), at));
        }
        for at in part.members("users")? {
            let user = at.user::<Elastic>(String::new(), at.name())?;
            let password = passwords.remove(&user.id).map(|(password, _)| Arc::new(password));
            self.users.push(SeedUser { password, ..user });
        }
        match passwords.into_values().next() {
            Some((_, at)) => Err(at.wrong("must be the password of one of `users`")),
            None => Ok(()),
        }
    }
}

/// A value of the seed, and where it is.
struct At<'j> {
    json: Json<'j>,
    pointer: Pointer,
}

impl At<'_> {
    fn wrong(&self, message: impl Into<String>) -> InvalidSeed {
        InvalidSeed::At { pointer: self.pointer.clone(), message: message.into() }
    }

    /// The last name on the way to the value.
    fn name(&self) -> String {
        self.pointer.tokens().last().map(|name| name.into_owned()).unwrap_or_default()
    }

    /// That it is an object with no other members.
    fn only(&self, known: &[&str]) -> Result<(), InvalidSeed> {
        if self.json.kind() != Kind::Object {
            return Err(self.wrong("must be an object"));
        }
        match self.json.members().find(|(name, _)| !known.contains(&&**name)) {
            Some((name, _)) => Err(InvalidSeed::At {
                pointer: self.pointer.child(&name),
                message: format!("unknown member, there are `{}`", known.join("`, `")),
            }),
            None => Ok(()),
        }
    }

    fn member(&self, name: &str) -> Option<At<'static>> {
        let (_, json) = self.json.members().find(|(member, _)| member == name)?;
        Some(At { json: json.into_owned(), pointer: self.pointer.child(name) })
    }

    /// The elements of a member that is an array, or not there.
    fn elements(&self, name: &str) -> Result<Vec<At<'static>>, InvalidSeed> {
        let Some(array) = self.member(name) else { return Ok(Vec::new()) };
        if array.json.kind() != Kind::Array {
            return Err(array.wrong("must be an array"));
        }
        let elements = array.json.elements().enumerate();
        Ok(elements
            .map(|(at, json)| At { json: json.into_owned(), pointer: array.pointer.child(&at.to_string()) })
            .collect())
    }

    /// The members of a member that is an object, or not there.
    fn members(&self, name: &str) -> Result<Vec<At<'static>>, InvalidSeed> {
        let Some(object) = self.member(name) else { return Ok(Vec::new()) };
        if object.json.kind() != Kind::Object {
            return Err(object.wrong("must be an object"));
        }
        let members = object.json.members();
        Ok(members.map(|(name, json)| At { json: json.into_owned(), pointer: object.pointer.child(&name) }).collect())
    }

    fn string(&self) -> Result<String, InvalidSeed> {
        let text = self.json.as_str().ok_or_else(|| self.wrong("must be a string"))?;
        if text.is_empty() { Err(self.wrong("must not be empty")) } else { Ok(text.into_owned()) }
    }

    fn context<M: UpdateModel>(&self) -> Result<Option<M::Context>, InvalidSeed> {
        let Some(at) = self.member("context") else { return Ok(None) };
        context(at.json.text().as_bytes()).map(Some).map_err(|wrong| at.wrong(wrong.message()))
    }

    fn user<M: UpdateModel>(&self, account: String, id: String) -> Result<SeedUser, InvalidSeed> {
        let user = M::user(self.json.text().as_bytes()).map_err(|wrong| self.wrong(wrong.to_string()))?;
        Ok(SeedUser { vendor: M::VENDOR.name(), account, id, text: M::user_json(&user), password: None })
    }
}
