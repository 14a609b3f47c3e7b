use super::{Context, Policy, User, Violations, is_key, parse_uuid, rules, user::DESCRIPTION};
use crate::{
    engine::{Field, Json, ObjectWriter, Pointer, Reader},
    report::{Applied, Notice},
};

pub(super) const NAME: Pointer = Pointer::fixed("/name");
pub(super) const ROLE: Pointer = Pointer::fixed("/role");

/// The body of a `PATCH /users/{user}`, borrowed.
///
/// `Debug` names the members it mentions, never their values.
///
/// ```
/// use user_patch::trusted_twin::{Context, Patch, User};
///
/// let mut user = User::from_json(br#"{"uuid":"f63d5c5c-0c5e-4c1a-9b1e-0d7a2f6f9a11","name":"Operator","role":"5b1c7f5a-2d3e-4c7b-9a52-0f6a1e3d9c10","description":{"a":1,"b":2}}"#)?;
///
/// // The dictionary is replaced whole, and a null in it is a value.
/// let applied = Patch::parse(br#"{"description":{"a":null}}"#)?.apply(&mut user, &Context::default())?;
/// assert_eq!(user.description().unwrap().text(), r#"{"a":null}"#);
/// assert_eq!(applied.changed()[0].as_str(), "/description");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Patch<'a> {
    pub(super) name: Field<Json<'a>>,
    pub(super) role: Field<Json<'a>>,
    pub(super) description: Field<Json<'a>>,
    /// The keys of the description that are none.
    pub(super) bad_keys: Vec<Box<str>>,
    /// The members that the page does not name, in the order of their names.
    pub(super) unknown: Vec<(Box<str>, Json<'a>)>,
}

impl<'a> Patch<'a> {
    /// Reads a body under the default policy.
    ///
    /// # Errors
    /// The one violation of a body that cannot be read as an object. Everything else that is wrong with a body is told by
    /// [`check`](Self::check), together.
    #[inline] // A patch is large enough that a move of it shows.
    pub fn parse(body: &'a [u8]) -> Result<Self, Violations> {
        Self::parse_with(body, &Policy::default())
    }

    /// Reads a body within the limits of a policy.
    ///
    /// # Errors
    /// As [`parse`](Self::parse).
    #[inline]
    pub fn parse_with(body: &'a [u8], policy: &Policy) -> Result<Self, Violations> {
        let mut patch = Self::default();
        let bad_keys = &mut patch.bad_keys;
        Reader::read_object(body, &policy.limits(), |name, reader| {
            let place = match name {
                "name" => &mut patch.name,
                "role" => &mut patch.role,
                "description" => &mut patch.description,
                _ => {
                    patch.unknown.push((name.into(), reader.value()?));
                    return Ok(());
                }
            };
            let value = match name {
                "description" => reader.value_with(|key, reader| {
                    if !is_key(key) {
                        bad_keys.push(key.into());
                    }
                    reader.value().map(|_| ())
                })?,
                _ => reader.value()?,
            };
            *place = Field::of(value);
            Ok(())
        })?;
        patch.unknown.sort_by(|(one, _), (other, _)| one.cmp(other));
        patch.bad_keys.sort_unstable();
        Ok(patch)
    }

    /// The body that the patch stands for, without white space: the page's members in its order, then the others by name.
    pub fn to_json(&self) -> String {
        let description = self.description.set().map_or(0, |value| value.text().len());
        let mut out = String::with_capacity(96 + description);
        let mut writer = ObjectWriter::new(&mut out);
        for (name, field) in [("name", &self.name), ("role", &self.role), ("description", &self.description)] {
            match field {
                Field::Absent => {}
                Field::Null => writer.json(name, &Json::null()),
                Field::Set(value) => writer.json(name, &value.borrowed().compact()),
            }
        }
        for (name, value) in &self.unknown {
            writer.json(name, &value.borrowed().compact());
        }
        writer.end();
        out
    }

    /// The same patch, with the text as its own.
    pub fn into_owned(self) -> Patch<'static> {
        Patch {
            name: self.name.map(Json::into_owned),
            role: self.role.map(Json::into_owned),
            description: self.description.map(Json::into_owned),
            bad_keys: self.bad_keys,
            unknown: self.unknown.into_iter().map(|(name, value)| (name, value.into_owned())).collect(),
        }
    }

    /// Whether the update may be done to `user`. Nothing changes.
    ///
    /// # Errors
    /// Every violation, in the order of their pointers.
    pub fn check(&self, _user: &User, ctx: &Context) -> Result<(), Violations> {
        Violations::of(self.violations(ctx))
    }

    /// What the update would say to `user` in vain, were it accepted: in the order of the pointers.
    pub fn notices(&self, _user: &User, _ctx: &Context) -> Vec<Notice> {
        let notice = |name: &str| Notice::new(&rules::UNKNOWN_IGNORED, Pointer::root().child(name));
        let mut found: Vec<_> = self.unknown.iter().map(|(name, _)| notice(name)).collect();
        Notice::sort(&mut found);
        found
    }

    /// Updates `user`, or leaves it as it was.
    ///
    /// # Errors
    /// As [`check`](Self::check).
    pub fn apply(&self, user: &mut User, ctx: &Context) -> Result<Applied, Violations> {
        self.check(user, ctx)?;
        let changed = self.write(user);
        if let (Some(now), false) = (ctx.now, changed.is_empty()) {
            user.updated_ts = Some(Json::written(now.to_seconds()));
        }
        Ok(Applied::new(changed, self.notices(user, ctx)))
    }

    /// Sets what the patch has, which has been checked, and tells what is different.
    pub(super) fn write(&self, user: &mut User) -> Vec<Pointer> {
        let mut changed = Vec::new();
        if let Some(name) = self.name.set().and_then(Json::as_str).filter(|name| **name != *user.name) {
            user.name = name.into_owned();
            changed.push(NAME);
        }
        // The same UUID in another case is the same role.
        if let Some(role) =
            self.role.set().and_then(Json::as_str).filter(|role| parse_uuid(role) != parse_uuid(&user.role))
        {
            user.role = role.into_owned();
            changed.push(ROLE);
        }
        let description = match &self.description {
            Field::Absent => None,
            Field::Null => Some(None),
            Field::Set(value) => Some(Some(value)),
        };
        if let Some(description) = description.filter(|new| *new != user.description.as_ref()) {
            user.description = description.map(|value| value.borrowed().compact().into_owned());
            changed.push(DESCRIPTION);
        }
        changed
    }
}

impl std::fmt::Debug for Patch<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let known = [("name", &self.name), ("role", &self.role), ("description", &self.description)];
        let mentioned = known.iter().filter(|(_, field)| field.is_present()).map(|(name, _)| name);
        write!(f, "Patch")?;
        f.debug_set().entries(mentioned).entries(self.unknown.iter().map(|(name, _)| name)).finish()
    }
}
