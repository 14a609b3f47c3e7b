//! One wish, three vendors: what a program wants of a user, and how each vendor's update says it, or that it cannot.
//!
//! | wish | Fireworks | Trusted Twin | Elastic |
//! | --- | --- | --- | --- |
//! | [`DisplayName`](Wish::DisplayName) | `/displayName` | `/name` | – |
//! | [`FullName`](Wish::FullName) | – | – | `/full_name` |
//! | [`Email`](Wish::Email) | `/email` | – | `/email` |
//! | [`Role`](Wish::Role) | `/role` | `/role` | `/security/roles` |
//! | [`Enabled`](Wish::Enabled) | – | – | `/security/enabled` |
//! | [`Attributes`](Wish::Attributes) | – | `/description` | – |
//! | [`AddedAttributes`](Wish::AddedAttributes) | – | – | `/metadata` |
//!
//! [`capability`] is this table with the words of the pages that it rests on. What a vendor asks of a value (a pattern, a list
//! of roles) is told by the check of the patch that is made.

use std::{collections::BTreeMap, fmt};

use crate::{
    engine::{Edits, FieldMask, Json, Kind, Limits, Pointer},
    report::{Basis, Refuses, Violations},
    vendor::{UpdateModel, Vendor},
};

/// One thing that can be wished of a user.
///
/// ```
/// use user_patch::{intent::{Capability, Wish, capability}, vendor::Vendor};
///
/// assert!(matches!(capability(Vendor::Elastic, Wish::Enabled), Capability::Said { .. }));
/// let Capability::Unsaid { why, .. } = capability(Vendor::Fireworks, Wish::Enabled) else { panic!() };
/// assert_eq!(why, "no member that an update may set disables a user");
/// ```
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Wish {
    /// The name that is shown.
    DisplayName,
    /// The name of the person.
    FullName,
    /// The email address.
    Email,
    /// One role, and no other.
    Role,
    /// Whether the user is enabled.
    Enabled,
    /// These attributes and no others.
    Attributes,
    /// These attributes, whatever others there are.
    AddedAttributes,
}

impl Wish {
    /// All of them.
    pub const ALL: &'static [Self] = &[
        Self::DisplayName,
        Self::FullName,
        Self::Email,
        Self::Role,
        Self::Enabled,
        Self::Attributes,
        Self::AddedAttributes,
    ];

    /// What is wished, in words.
    pub const fn name(self) -> &'static str {
        match self {
            Self::DisplayName => "display name",
            Self::FullName => "full name",
            Self::Email => "email",
            Self::Role => "role",
            Self::Enabled => "enabled",
            Self::Attributes => "attributes",
            Self::AddedAttributes => "added attributes",
        }
    }
}

impl fmt::Display for Wish {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Whether a vendor's update can say a wish.
///
/// ```
/// use user_patch::{intent::{Capability, Wish, capability}, vendor::Vendor};
///
/// let Capability::Unsaid { why, basis } = capability(Vendor::TrustedTwin, Wish::Email) else { panic!() };
/// assert_eq!(basis.name(), "inferred");
/// println!("{why}");
/// ```
#[non_exhaustive]
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Capability {
    /// It can.
    Said {
        /// Where: for added attributes the object that has them, for any other wish the member itself.
        pointer: Pointer,
        /// The page's words on the member.
        basis: Basis,
    },
    /// It cannot, whatever the value.
    Unsaid {
        /// Why not.
        why: &'static str,
        /// What that rests on.
        basis: Basis,
    },
}

const fn said(pointer: &'static str, quote: &'static str) -> Capability {
    Capability::Said { pointer: Pointer::fixed(pointer), basis: Basis::Stated { quote } }
}

const fn unsaid(why: &'static str, reason: &'static str) -> Capability {
    Capability::Unsaid { why, basis: Basis::Inferred { reason } }
}

/// Whether a vendor's update can say a wish: where and in which words of the page, or why not.
///
/// ```
/// use user_patch::{intent::{Capability, Wish, capability}, vendor::Vendor};
///
/// let Capability::Said { pointer, basis } = capability(Vendor::Elastic, Wish::Role) else { panic!() };
/// assert_eq!((pointer.as_str(), basis.words()), ("/security/roles", "The set of roles assigned to a user"));
/// ```
pub const fn capability(vendor: Vendor, wish: Wish) -> Capability {
    match vendor {
        Vendor::Fireworks => fireworks(wish),
        Vendor::TrustedTwin => trusted_twin(wish),
        Vendor::Elastic => elastic(wish),
    }
}

const fn fireworks(wish: Wish) -> Capability {
    const CLOSED: &str =
        "the body is decoded as a User, whose members the page lists; none of them holds what it does not name";
    match wish {
        Wish::DisplayName => said("/displayName", "Human-readable display name of the user."),
        Wish::FullName => unsaid(
            "no member is a full name",
            "of the body's members, role, displayName, serviceAccount, email and permissionPreset, only displayName is a name, and it is the one that is shown",
        ),
        Wish::Email => said("/email", "The user's email address."),
        Wish::Role => said("/role", "The user's role: admin, user, contributor, inference-user, or custom."),
        Wish::Enabled => unsaid(
            "no member that an update may set disables a user",
            "the page has a state, which the older page marks readOnly, and the body has no member for it",
        ),
        Wish::Attributes | Wish::AddedAttributes => unsaid("no member holds attributes", CLOSED),
    }
}

const fn trusted_twin(wish: Wish) -> Capability {
    const CLOSED: &str =
        "the page lists the parameters of the request, name, role and description, and has it update these alone";
    match wish {
        Wish::DisplayName => said("/name", "Name of the User."),
        Wish::FullName => unsaid("no member is a full name", CLOSED),
        Wish::Email => unsaid("no member is an email address", CLOSED),
        Wish::Role => said("/role", "Role UUID."),
        Wish::Enabled => unsaid("no member disables a user", CLOSED),
        Wish::Attributes => said("/description", "Attributes of the User in form of key-value pairs"),
        Wish::AddedAttributes => Capability::Unsaid {
            why: "the attributes are replaced as a whole",
            basis: Basis::Stated {
                quote: "if \"description\" is provided in the request body, the entire description will be updated",
            },
        },
    }
}

const fn elastic(wish: Wish) -> Capability {
    match wish {
        Wish::DisplayName => unsaid(
            "no member is a display name",
            "of the members that the page names, user_name is \"The user's identifier\", which no update changes, and full_name the name of the person",
        ),
        Wish::FullName => said("/full_name", "The user's optional full name"),
        Wish::Email => said("/email", "The user's optional email address"),
        Wish::Role => said("/security/roles", "The set of roles assigned to a user"),
        Wish::Enabled => said("/security/enabled", "True if the user is enabled"),
        Wish::Attributes => Capability::Unsaid {
            why: "attributes that are not mentioned stay",
            basis: Basis::Standard {
                reference: "RFC 7386 section 2: the members of the target that the patch does not name are kept",
            },
        },
        Wish::AddedAttributes => said("/metadata", "The users metadata Additional properties are allowed."),
    }
}

/// A wish that a vendor's update cannot say.
///
/// `Display` names the wish, and never a value of it.
///
/// ```
/// use user_patch::{intent::{Intent, Wish}, vendor::Vendor};
///
/// let unsaid = Intent::new().email("ada@example.com").unsaid(Vendor::TrustedTwin);
/// assert_eq!(unsaid[0].wish(), Wish::Email);
/// assert!(!unsaid[0].to_string().contains("ada@")); // Never a value.
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unsaid {
    wish: Wish,
    attribute: Option<String>,
    why: &'static str,
    basis: Basis,
}

impl Unsaid {
    /// Which wish.
    pub const fn wish(&self) -> Wish {
        self.wish
    }

    /// The name of the attribute, where one of them alone cannot be said.
    pub fn attribute(&self) -> Option<&str> {
        self.attribute.as_deref()
    }

    /// Why not.
    pub const fn why(&self) -> &'static str {
        self.why
    }

    /// What that rests on.
    pub const fn basis(&self) -> Basis {
        self.basis
    }
}

impl fmt::Display for Unsaid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.wish)?;
        if let Some(name) = &self.attribute {
            write!(f, " {}", Pointer::root().child(name))?;
        }
        write!(f, ": {} ({}: {})", self.why, self.basis.name(), self.basis.words())
    }
}

/// Why there is no patch for an intent.
///
/// ```
/// use user_patch::{fireworks::Context, intent::{Intent, NoPatch}, vendor::Fireworks};
///
/// let wish = Intent::new().display_name("Ada").enabled(false);
/// match wish.patch::<Fireworks>(&Context::default()) {
///     Err(NoPatch::Unsaid(unsaid)) => assert_eq!(unsaid.len(), 1), // Nothing is half done.
///     other => panic!("{other:?}"),
/// }
/// ```
#[non_exhaustive]
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoPatch<R> {
    /// Wishes that the vendor's update cannot say: every one of them, in the order of [`Wish::ALL`].
    Unsaid(Vec<Unsaid>),
    /// The update cannot be read as one in this context: it is too long, nested too deep, or the caller may not update users.
    Refused(Violations<R>),
}

impl<R: Refuses> fmt::Display for NoPatch<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unsaid(unsaid) => {
                f.write_str("the update cannot say: ")?;
                for (at, unsaid) in unsaid.iter().enumerate() {
                    let separator = if at == 0 { "" } else { "; " };
                    write!(f, "{separator}{unsaid}")?;
                }
                Ok(())
            }
            Self::Refused(violations) => violations.fmt(f),
        }
    }
}

/// The message says what is wrong, and no source says it again.
impl<R: Refuses> std::error::Error for NoPatch<R> {}

/// What a program wants of a user, whoever keeps it. What no method names is not wished; the last word on a wish counts.
///
/// `Debug` names the wishes, never their values.
///
/// ```
/// use user_patch::{intent::{Intent, NoPatch, Wish}, vendor::{Elastic, Fireworks, Vendor}};
///
/// let intent = Intent::new().email("ada@example.com").enabled(false).role(|vendor| match vendor {
///     Vendor::Fireworks => Some("user"),
///     Vendor::Elastic => Some("ece_platform_viewer"),
///     Vendor::TrustedTwin => None,
/// });
/// let patch = intent.patch::<Elastic>(&Default::default())?;
/// assert_eq!(patch.to_json(), r#"{"email":"ada@example.com","security":{"enabled":false,"roles":["ece_platform_viewer"]}}"#);
///
/// let NoPatch::Unsaid(unsaid) = intent.patch::<Fireworks>(&Default::default()).unwrap_err() else { panic!() };
/// assert_eq!(unsaid[0].wish(), Wish::Enabled);
/// let patch = intent.without(Wish::Enabled).patch::<Fireworks>(&Default::default())?;
/// assert_eq!(patch.to_json(), r#"{"role":"user","email":"ada@example.com"}"#);
/// assert_eq!(patch.explicit_mask(), Some("email,role")); // nothing else is meant
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Default)]
#[must_use]
pub struct Intent {
    wishes: BTreeMap<Wish, Wished>,
}

/// The value of a wish.
#[derive(Clone)]
enum Wished {
    Value(Json<'static>),
    /// A role by the vendor's name for it.
    Roles(BTreeMap<Vendor, Json<'static>>),
    Attributes(Vec<(String, Json<'static>)>),
    AddedAttributes(Vec<(String, Json<'static>)>),
}

impl Intent {
    /// No wish yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Wishes for a name that is shown.
    pub fn display_name(self, name: &str) -> Self {
        self.wish(Wish::DisplayName, Wished::Value(Json::string(name)))
    }

    /// Wishes for a name of the person.
    pub fn full_name(self, name: &str) -> Self {
        self.wish(Wish::FullName, Wished::Value(Json::string(name)))
    }

    /// Wishes for an email address.
    pub fn email(self, email: &str) -> Self {
        self.wish(Wish::Email, Wished::Value(Json::string(email)))
    }

    /// Wishes for a role, and no other: what each vendor calls it, or none where it has none. Trusted Twin names roles by UUID.
    pub fn role<N: AsRef<str>>(self, name: impl Fn(Vendor) -> Option<N>) -> Self {
        let named = |vendor| Some((vendor, Json::string(name(vendor)?.as_ref())));
        self.wish(Wish::Role, Wished::Roles(Vendor::ALL.iter().copied().filter_map(named).collect()))
    }

    /// Wishes that the user is enabled, or is not.
    pub fn enabled(self, is_enabled: bool) -> Self {
        self.wish(Wish::Enabled, Wished::Value(is_enabled.into()))
    }

    /// Wishes for these attributes and no others.
    pub fn attributes<'n, 'v, V: Into<Json<'v>>>(self, attributes: impl IntoIterator<Item = (&'n str, V)>) -> Self {
        self.wish(Wish::Attributes, Wished::Attributes(owned(attributes)))
    }

    /// Wishes for these attributes, whatever others there are. A merge patch gives none of them the value null or an object.
    pub fn added_attributes<'n, 'v, V: Into<Json<'v>>>(
        self,
        attributes: impl IntoIterator<Item = (&'n str, V)>,
    ) -> Self {
        self.wish(Wish::AddedAttributes, Wished::AddedAttributes(owned(attributes)))
    }

    /// The same without this wish.
    pub fn without(mut self, wish: Wish) -> Self {
        self.wishes.remove(&wish);
        self
    }

    /// What is wished.
    pub fn wishes(&self) -> impl Iterator<Item = Wish> {
        self.wishes.keys().copied()
    }

    fn wish(mut self, wish: Wish, wished: Wished) -> Self {
        self.wishes.insert(wish, wished);
        self
    }

    /// The wishes that a vendor's update cannot say, each once and in the order of [`Wish::ALL`]; attributes one by one.
    pub fn unsaid(&self, vendor: Vendor) -> Vec<Unsaid> {
        self.words(vendor).filter_map(Result::err).collect()
    }

    /// The update that says the wishes and nothing else: for Fireworks with a field mask of them, so that it needs no role.
    ///
    /// # Errors
    /// Every wish that the vendor's update cannot say; else as the vendor's `Patch::parse`.
    pub fn patch<M: UpdateModel>(&self, ctx: &M::Context) -> Result<M::Patch<'static>, NoPatch<M::Refusal>> {
        let (mut body, mut names, mut unsaid) = (Edits::default(), Vec::new(), Vec::new());
        for word in self.words(M::VENDOR) {
            match word {
                Ok((path, value)) => {
                    let path: Vec<_> = path.iter().map(|name| &**name).collect();
                    body.set(&path, value);
                    names.extend(path.first().map(|name| (*name).to_owned()));
                }
                Err(word) => unsaid.push(word),
            }
        }
        if !unsaid.is_empty() {
            return Err(NoPatch::Unsaid(unsaid));
        }
        let body = body.text(None, &Limits::STORED).map_err(|wrong| NoPatch::Refused(wrong.into()))?;
        let mask = FieldMask::derive(names.iter().map(|name| &**name)).to_string();
        let patch = M::parse_masked(body.as_bytes(), &mask, ctx).unwrap_or_else(|| M::parse(body.as_bytes(), ctx));
        patch.map(M::into_owned).map_err(NoPatch::Refused)
    }

    /// What the body has for each wish: a path of names and a value; or why it has nothing.
    fn words(&self, vendor: Vendor) -> impl Iterator<Item = Result<Word<'_>, Unsaid>> {
        self.wishes.iter().flat_map(move |(&wish, wished)| match capability(vendor, wish) {
            Capability::Said { pointer, .. } => wished.words(vendor, wish, &pointer),
            Capability::Unsaid { why, basis } => vec![Err(Unsaid { wish, attribute: None, why, basis })],
        })
    }
}

fn owned<'n, 'v, V: Into<Json<'v>>>(
    attributes: impl IntoIterator<Item = (&'n str, V)>,
) -> Vec<(String, Json<'static>)> {
    attributes.into_iter().map(|(name, value)| (name.to_owned(), value.into().into_owned())).collect()
}

/// A path of names, and a value for it.
type Word<'i> = (Vec<String>, Json<'i>);

impl Wished {
    /// What the body has at a place for it.
    fn words(&self, vendor: Vendor, wish: Wish, place: &Pointer) -> Vec<Result<Word<'_>, Unsaid>> {
        let path: Vec<_> = place.tokens().map(|name| name.into_owned()).collect();
        let inside = |name: &String| path.iter().chain([name]).cloned().collect();
        match self {
            Self::Value(value) => vec![Ok((path, value.borrowed()))],
            Self::Roles(names) => vec![match names.get(&vendor) {
                Some(role) => Ok((path, role_of(vendor, role))),
                None => Err(Unsaid {
                    wish,
                    attribute: None,
                    why: "the caller names no role of this vendor",
                    basis: Basis::Inferred { reason: "each vendor has roles of its own" },
                }),
            }],
            Self::Attributes(attributes) => {
                let all = attributes.iter().map(|(name, value)| (inside(name), value.borrowed()));
                [(path.clone(), Json::fixed("{}"))].into_iter().chain(all).map(Ok).collect()
            }
            Self::AddedAttributes(attributes) => {
                let word = |(name, value): &'_ (String, Json<'static>)| match unmergeable(value) {
                    None => Ok(inside(name)),
                    Some((why, reference)) => {
                        let basis = Basis::Standard { reference };
                        Err(Unsaid { wish, attribute: Some(name.clone()), why, basis })
                    }
                };
                attributes.iter().map(|attribute| Ok((word(attribute)?, attribute.1.borrowed()))).collect()
            }
        }
    }
}

/// What a vendor has for a role.
fn role_of<'r>(vendor: Vendor, role: &'r Json<'_>) -> Json<'r> {
    match vendor {
        Vendor::Fireworks | Vendor::TrustedTwin => role.borrowed(),
        // "array[string]"
        Vendor::Elastic => [role.borrowed()].into_iter().collect(),
    }
}

/// Why a merge patch does not give a member this value, whatever there was.
fn unmergeable(value: &Json<'_>) -> Option<(&'static str, &'static str)> {
    match value.kind() {
        Kind::Null => Some((
            "a null takes the member away",
            "RFC 7386 section 1: null values in the merge patch indicate the removal of existing values",
        )),
        Kind::Object => Some((
            "an object is merged with the one that is there",
            "RFC 7386 section 2: MergePatch is applied to each member of an object",
        )),
        Kind::Boolean | Kind::Number | Kind::String | Kind::Array => None,
    }
}

impl fmt::Debug for Intent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Intent ")?;
        f.debug_set().entries(self.wishes()).finish()
    }
}
