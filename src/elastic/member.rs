//! THE table: each member of the user, its place, what it is, who sets it, and what it is where it is not there.

use crate::engine::{
    Absence, Document, Glance, Json, Kind, Name, Pointer, Slots, StringSet, Timestamp, Value, Writer, bits, changes,
    nested_members,
};

nested_members! {
    UserName = "user_name": Form::Text, Writer::Vendor, Absence::Never;
    Security = "security": Form::Object, Writer::Update, Absence::Never;
    Roles = "security" / "roles": Form::Set, Writer::Update, Absence::Means("[]");
    Permissions = "security" / "permissions": Form::Set, Writer::VendorItself, Absence::Nothing;
    ElevatedPermissions = "security" / "elevated_permissions": Form::Object, Writer::VendorItself, Absence::Nothing;
    ElevatedEnabled = "security" / "elevated_permissions" / "enabled": Form::Flag, Writer::VendorItself, Absence::Nothing;
    ElevatedExpiresAt = "security" / "elevated_permissions" / "expires_at": Form::Time, Writer::VendorItself, Absence::Nothing;
    Password = "security" / "password": Form::Secret, Writer::Update, Absence::Nothing;
    Enabled = "security" / "enabled": Form::Flag, Writer::Update, Absence::Means("true");
    SecurityRealm = "security" / "security_realm": Form::Object, Writer::Vendor, Absence::Nothing;
    RealmType = "security" / "security_realm" / "type": Form::Text, Writer::Vendor, Absence::Nothing;
    RealmId = "security" / "security_realm" / "id": Form::Text, Writer::Vendor, Absence::Nothing;
    Metadata = "metadata": Form::Object, Writer::Update, Absence::Nothing;
    CreatedBy = "metadata" / "created_by": Form::Text, Writer::VendorItself, Absence::Nothing;
    CreatedAt = "metadata" / "created_at": Form::Time, Writer::VendorItself, Absence::Nothing;
    UpdatedBy = "metadata" / "updated_by": Form::Text, Writer::VendorItself, Absence::Nothing;
    UpdatedAt = "metadata" / "updated_at": Form::Time, Writer::VendorItself, Absence::Nothing;
    FirstLoginAt = "metadata" / "first_login_at": Form::Time, Writer::VendorItself, Absence::Nothing;
    LastLoginAt = "metadata" / "last_login_at": Form::Time, Writer::VendorItself, Absence::Nothing;
    FullName = "full_name": Form::Text, Writer::Update, Absence::Nothing;
    Email = "email": Form::Text, Writer::Update, Absence::Nothing;
    Builtin = "builtin": Form::Flag, Writer::Vendor, Absence::Means("false");
}

/// The name of a member that holds a password, in whatever case.
pub(super) const PASSWORD: &str = "password";

/// What the page says of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// "string"
    Text,
    /// "string", "Only used when modifying a user": no user has it.
    Secret,
    /// "boolean"
    Flag,
    /// "string(date-time)"
    Time,
    /// "array\[string\]": "The set of roles", "The distinct set of permissions"
    Set,
    /// "object"
    Object,
}

impl Form {
    /// Whether a value has the JSON type of this form. What the string of a date and time holds is no matter of type.
    #[inline]
    pub(super) fn fits(self, value: Value<'_>) -> bool {
        match self {
            Self::Text | Self::Secret | Self::Time => value.kind() == Kind::String,
            Self::Flag => value.kind() == Kind::Boolean,
            Self::Set => value.is_array_of_strings(),
            Self::Object => value.is_object(),
        }
    }

    pub(super) const fn expected(self) -> &'static str {
        match self {
            Self::Text | Self::Secret => "must be a string",
            Self::Flag => "must be a boolean",
            Self::Time => "must be a date and time, which is a string",
            Self::Set => "must be an array of strings",
            Self::Object => "must be an object",
        }
    }

    /// Whether two values of this form say the same.
    pub(super) fn same(self, one: Value<'_>, other: Value<'_>) -> bool {
        one == other
            || match self {
                Self::Time => same_moment(one, other),
                Self::Set => {
                    let (one, other) = (StringSet::of(Some(one)), StringSet::of(Some(other)));
                    one.is_array_of_strings() && other.is_array_of_strings() && one == other
                }
                Self::Text | Self::Secret | Self::Flag | Self::Object => false,
            }
    }
}

/// Whether two strings are dates and times of one moment.
fn same_moment(one: Value<'_>, other: Value<'_>) -> bool {
    let moment = |value: Value<'_>| value.as_str()?.parse::<Timestamp>().ok();
    moment(one).is_some_and(|one| moment(other) == Some(one))
}

impl Member {
    /// The member of an object that a look has been taken at.
    #[inline(always)] // It is asked of each member of a body.
    pub(super) fn of_glance(above: Option<Self>, bits: u64, object: Value<'_>, glance: &Glance<'_>) -> Option<Self> {
        match glance.name {
            Some(name) => Self::inside_of(above, bits, name),
            None => Self::of(above, object.name_at(glance.index)),
        }
    }

    /// Whether each user has it.
    pub(super) const fn is_required(self) -> bool {
        match self.absence() {
            Absence::Never => true,
            Absence::Nothing | Absence::Means(_) => false,
        }
    }

    /// Whether an update that gives it another value is refused.
    pub(super) const fn is_restricted(self) -> bool {
        match self.writer() {
            Writer::Vendor | Writer::VendorItself => true,
            Writer::Update => false,
        }
    }

    /// Whether an update moves it without saying so.
    pub(super) const fn moves_with_updates(self) -> bool {
        matches!(self, Self::UpdatedBy | Self::UpdatedAt)
    }

    /// What it is where it is not there, as JSON text.
    pub(super) const fn default(self) -> Option<&'static str> {
        match self.absence() {
            Absence::Means(text) => Some(text),
            Absence::Never | Absence::Nothing => None,
        }
    }

    fn is_default(self, value: Value<'_>) -> bool {
        self.default().is_some_and(|default| value.to_json() == Json::fixed(default))
    }

    /// Whether two users say the same of it. Where no update sets it, a null is no member, and the default is nothing.
    pub(super) fn agrees(self, one: Option<Value<'_>>, other: Option<Value<'_>>) -> bool {
        let is_there = |value: &Value<'_>| !(self.is_restricted() && value.is_null());
        match (one.filter(is_there), other.filter(is_there)) {
            (Some(one), Some(other)) => self.form().same(one, other),
            (Some(only), None) | (None, Some(only)) => self.is_restricted() && self.is_default(only),
            (None, None) => true,
        }
    }

    /// Whether it makes a difference to say this where `stored` is. Of an object in place of an object this tells nothing that
    /// its members do not.
    pub(super) fn changes(self, stored: Option<Value<'_>>, said: Value<'_>) -> bool {
        let is_there = |stored: Value<'_>| !stored.is_null();
        match (self.is_restricted(), self.form()) {
            (true, _) if said.is_null() => stored.is_some_and(is_there),
            // No user tells which it was.
            (false, Form::Secret) => !said.is_null(),
            // The default need not be written where nothing is.
            (false, Form::Flag | Form::Set) if said.is_null() => {
                stored.is_some_and(|stored| is_there(stored) && !self.is_default(stored))
            }
            (true, _) | (false, Form::Set) => !self.agrees(stored, Some(said)),
            (false, Form::Text | Form::Flag | Form::Time | Form::Object) => changes(stored, said),
        }
    }
}

/// Some of the members, and the document itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct MemberSet(u32);

impl MemberSet {
    const fn bit(member: Option<Member>) -> u32 {
        match member {
            Some(member) => 2 << member as u32,
            None => 1,
        }
    }

    pub(super) const fn insert(&mut self, member: Option<Member>) {
        self.0 |= Self::bit(member);
    }

    pub(super) const fn contains(self, member: Option<Member>) -> bool {
        self.0 & Self::bit(member) != 0
    }

    pub(super) const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The members in the set, in the page's order.
    pub(super) fn iter(self) -> impl Iterator<Item = Member> {
        bits(self.0 >> 1).filter_map(|at| Member::ALL.get(at).copied())
    }
}

/// Where the documented members are in a document.
#[derive(Debug, Clone, Copy)]
pub(super) struct Members {
    slots: Slots<{ Member::COUNT }>,
    /// The objects that hold members which the page does not name.
    with_others: MemberSet,
    /// Whether a member that the page does not name is named as a password, or one inside of it.
    others_hold_passwords: bool,
}

impl Members {
    /// Those of a document without members.
    #[inline]
    pub(super) const fn none() -> Self {
        Self { slots: Slots::new(), with_others: MemberSet(0), others_hold_passwords: false }
    }

    #[inline]
    pub(super) fn of(document: &Document<'_>) -> Self {
        let mut members = Self::none();
        members.note(document);
        members
    }

    /// Notes where the members of a document are.
    #[inline]
    pub(super) fn note(&mut self, document: &Document<'_>) {
        self.note_inside(None, document.value());
    }

    /// Notes where the members of an object are. It goes no deeper than the table does.
    fn note_inside(&mut self, above: Option<Member>, object: Value<'_>) {
        let mut has_others = false;
        let bits = Member::bits_inside(above);
        for glance in object.glances() {
            match Member::of_glance(above, bits, object, &glance) {
                Some(member) => {
                    self.slots.note_at(member as usize, glance.index);
                    if let Some(value) = object.value_at(glance.index).filter(|_| glance.is_object()) {
                        if member.form() == Form::Object {
                            self.note_inside(Some(member), value);
                        }
                    }
                }
                None => {
                    has_others = true;
                    let may_be_password = glance.name.is_none_or(|name| name.len() == PASSWORD.len());
                    if may_be_password || glance.is_container() {
                        self.others_hold_passwords |= holds_password(object, glance.index);
                    }
                }
            }
        }
        if has_others {
            self.with_others.insert(above);
        }
    }
}

/// Whether a member is named as a password, or one inside of it.
fn holds_password(document: Value<'_>, index: u32) -> bool {
    let member = document.member(index);
    member.is_some_and(|(name, value)| name.is_in_any_case(PASSWORD) || value.has_member(PASSWORD))
}

/// A document with its members: the body of an update, or a user.
#[derive(Clone, Copy)]
pub(super) struct Fields<'d> {
    document: Value<'d>,
    members: &'d Members,
}

impl<'d> Fields<'d> {
    #[inline]
    pub(super) fn of(document: &'d Document<'_>, members: &'d Members) -> Self {
        Self { document: document.value(), members }
    }

    /// The value of a member, be it null.
    #[inline]
    pub(super) fn get(&self, member: Member) -> Option<Value<'d>> {
        self.document.value_at(self.members.slots.get(member as usize)?)
    }

    /// The members that are there, with their values, in the page's order.
    #[inline]
    pub(super) fn documented(&self) -> impl Iterator<Item = (Member, Value<'d>)> + use<'d> {
        let document = self.document;
        let entries = self.members.slots.entries();
        entries.filter_map(move |(member, at)| Some((*Member::ALL.get(member)?, document.value_at(at)?)))
    }

    /// The object that `above` is, or the document itself.
    #[inline]
    pub(super) fn object(&self, above: Option<Member>) -> Option<Value<'d>> {
        match above {
            None => Some(self.document),
            Some(member) => self.get(member).filter(Value::is_object),
        }
    }

    /// Whether an object holds members that the page does not name.
    #[inline]
    pub(super) const fn has_others(&self, above: Option<Member>) -> bool {
        self.members.with_others.contains(above)
    }

    /// Whether a member that the page does not name is named as a password, or one inside of it.
    pub(super) const fn others_hold_passwords(&self) -> bool {
        self.members.others_hold_passwords
    }

    /// The members of an object that the page does not name.
    #[inline]
    pub(super) fn others(&self, above: Option<Member>) -> impl Iterator<Item = (Name<'d>, Value<'d>)> + use<'d> {
        let object = self.object(above).filter(|_| self.has_others(above));
        let mut members = object.map(|object| object.named());
        let is_other = move |&(name, _): &(Name<'d>, _)| Member::of(above, name).is_none();
        std::iter::from_fn(move || members.as_mut()?.find(is_other))
    }
}

/// The place of a member, be it documented or not.
pub(super) fn place(above: Option<Member>, name: Name<'_>) -> Pointer {
    above.map_or(Pointer::root(), Member::pointer).child(&name.decoded())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::Limits;

    #[test]
    fn each_member_is_found_by_its_path() {
        for &member in Member::ALL {
            assert_eq!(Member::inside(member.above(), member.name().as_bytes()), Some(member));
            assert_eq!(member.pointer().as_str(), format!("/{}", member.path().join("/")));
            assert!(member.above().is_none_or(|above| above.form() == Form::Object));
            assert!(MemberSet::bit(Some(member)).count_ones() == 1, "the bits are enough");
        }
        assert_eq!(Member::inside(Some(Member::Metadata), b"roles"), None);
        assert_eq!(Member::children(None).filter(|member| member.above().is_some()).count(), 0);
        assert_eq!(Member::children(Some(Member::Security)).count(), 6);
    }

    #[test]
    fn what_agrees() {
        let doc = |text: &str| Document::parse(text.as_bytes(), &Limits::default()).map(Document::into_owned).unwrap();
        let agrees = |member: Member, one: &str, other: &str| {
            let (one, other) = (doc(&format!("{{{one}}}")), doc(&format!("{{{other}}}")));
            member.agrees(one.value().get("m"), other.value().get("m"))
        };
        for (member, one, other, is_same) in [
            (Member::UpdatedAt, r#""m":"2024-05-04T09:42:00+00:00""#, r#""m":"2024-05-04T11:42:00.000+02:00""#, true),
            (Member::UpdatedAt, r#""m":"2024-05-04T09:42:00Z""#, r#""m":"2024-05-04T09:42:00.001Z""#, false),
            (Member::UpdatedAt, r#""m":"then""#, r#""m":"Then""#, false),
            (Member::CreatedBy, r#""m":null"#, "", true),
            (Member::CreatedBy, r#""m":"2024-05-04T09:42:00Z""#, r#""m":"2024-05-04T09:42:00+00:00""#, false),
            (Member::Permissions, r#""m":["a","b"]"#, r#""m":["b","a","b"]"#, true),
            (Member::Permissions, r#""m":[]"#, "", false),
            (Member::Roles, r#""m":["a","b","a"]"#, r#""m":["b","a"]"#, true),
            (Member::Roles, r#""m":[]"#, "", false),
            (Member::Roles, r#""m":null"#, r#""m":[]"#, false),
            (Member::Builtin, r#""m":false"#, "", true),
            (Member::Builtin, r#""m":true"#, "", false),
            (Member::Enabled, r#""m":true"#, "", false),
            (Member::Enabled, r#""m":null"#, "", false),
            (Member::Email, r#""m":"a""#, r#""m":"a""#, true),
            (Member::Email, r#""m":null"#, "", false),
        ] {
            assert_eq!(agrees(member, one, other), is_same, "{member:?} of {one} and {other}");
            assert_eq!(agrees(member, other, one), is_same, "{member:?} of {other} and {one}");
        }
    }
}
