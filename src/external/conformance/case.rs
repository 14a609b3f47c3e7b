//! A case: what is asked, and what has to come of it.

use std::fmt;

use crate::{
    engine::{Json, Pointer},
    exchange::{Question, Update},
    report::Rule,
    vendor::Vendor,
};

/// A request to a vendor's API, and what has to come of it. Every text is as exact as the file that it stands in.
///
/// ```
/// use user_patch::{conformance::{Target, cases}, vendor::Vendor};
///
/// let case = cases(Vendor::TrustedTwin).iter().find(|case| case.name() == "a user by an upper case UUID").unwrap();
/// assert_eq!(case.title(), "trusted_twin::path::a user by an upper case UUID");
/// assert_eq!((case.page(), case.rule().id), ("string path User UUID.", "trusted_twin.path"));
/// assert_eq!(case.body(), br#"{"name":"Operator-7"}"#);
/// let Target::User(stored) = case.target() else { panic!("a PATCH") };
/// assert!(stored.text().contains(r#""name":"Operator""#));
/// assert_eq!(case.expected().status(), 200);
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Case {
    pub(super) vendor: Vendor,
    pub(super) file: &'static str,
    pub(super) name: String,
    pub(super) page: String,
    pub(super) rule: &'static Rule,
    pub(super) target: Target,
    pub(super) body: Vec<u8>,
    pub(super) mask: Option<String>,
    pub(super) context: Json<'static>,
    pub(super) expected: Expected,
}

/// What a request is about.
///
/// ```
/// use user_patch::{conformance::{Target, cases}, vendor::Vendor};
///
/// let makes_users = cases(Vendor::Fireworks).iter().filter(|case| matches!(case.target(), Target::Account { .. }));
/// assert!(makes_users.count() > 5);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Target {
    /// A PATCH of this user, as it is stored.
    User(Json<'static>),
    /// A POST that makes a user. Of Fireworks alone.
    Account {
        /// The account of the path.
        account: String,
        /// The user id of the query.
        user_id: Option<String>,
    },
}

/// What has to come of a request.
///
/// ```
/// use user_patch::{conformance::cases, vendor::Vendor};
///
/// let refused = cases(Vendor::Elastic).iter().filter(|case| case.expected().status() >= 400);
/// assert!(refused.count() > 100);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expected {
    pub(super) status: u16,
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: Json<'static>,
    pub(super) changed: Vec<Pointer>,
    pub(super) notices: Vec<(&'static Rule, Pointer)>,
    pub(super) violations: Vec<(&'static Rule, Pointer)>,
}

impl Case {
    /// Whose API it is.
    pub const fn vendor(&self) -> Vendor {
        self.vendor
    }

    /// The name of its file, without its ending: what the case is about, in a word.
    pub const fn file(&self) -> &'static str {
        self.file
    }

    /// What is special about it.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The vendor's module, the file and the name, joined by `::`. Of no two cases it is the same.
    pub fn title(&self) -> String {
        format!("{}::{}::{}", self.vendor.module(), self.file, self.name)
    }

    /// The page's words, or the decision where the page is silent.
    pub fn page(&self) -> &str {
        &self.page
    }

    /// The rule that the case shows, be it by obeying it.
    pub const fn rule(&self) -> &'static Rule {
        self.rule
    }

    /// The method of the request: PATCH, or POST where a user is made.
    pub const fn method(&self) -> &'static str {
        match self.target {
            Target::User(_) => "PATCH",
            Target::Account { .. } => "POST",
        }
    }

    /// The user that is updated, or where one is made.
    pub const fn target(&self) -> &Target {
        &self.target
    }

    /// The body of the request, which need not be JSON, nor even text.
    pub fn body(&self) -> &[u8] {
        &self.body
    }

    /// The update mask of the query. Of Fireworks alone.
    pub fn mask(&self) -> Option<&str> {
        self.mask.as_deref()
    }

    /// Who asks, when, of which service: the context of the vendor's module as JSON, `null` for the default one.
    pub const fn context(&self) -> &Json<'static> {
        &self.context
    }

    /// Whether the case is of the default policy, as most are. The others show what a service does that decides otherwise
    /// where the page is silent.
    pub fn is_of_default_policy(&self) -> bool {
        !self.context.members().any(|(name, _)| name == "policy")
    }

    /// What has to come of it.
    pub const fn expected(&self) -> &Expected {
        &self.expected
    }

    /// The request as a question to this library.
    pub fn question(&self) -> Question<'_> {
        let context = self.context.text().as_bytes();
        match &self.target {
            Target::User(user) => Question::Apply(Update {
                user: user.text().as_bytes(),
                patch: self.body.as_slice().into(),
                mask: self.mask().unwrap_or_default().into(),
                context,
            }),
            Target::Account { account, user_id } => Question::Create {
                account: account.as_str().into(),
                user_id: user_id.as_deref().map(Into::into),
                patch: self.body.as_slice().into(),
                context,
            },
        }
    }
}

/// Which case, and nothing of its texts.
impl fmt::Debug for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Case({:?})", self.title())
    }
}

impl Expected {
    /// Whether the request is accepted.
    pub const fn is_accepted(&self) -> bool {
        self.status == 200
    }

    /// The HTTP status code.
    pub const fn status(&self) -> u16 {
        self.status
    }

    /// The headers that the page documents for the reply, their names in lower case.
    pub fn headers(&self) -> impl Iterator<Item = (&str, &str)> {
        self.headers.iter().map(|(name, value)| (&**name, &**value))
    }

    /// The body of the reply. A string `"*"` in it stands for any string: the page does not say which.
    pub const fn body(&self) -> &Json<'static> {
        &self.body
    }

    /// The members that have another value afterwards.
    pub fn changed(&self) -> &[Pointer] {
        &self.changed
    }

    /// What an accepted request does in vain or unasked: by which rule, and where.
    pub fn notices(&self) -> &[(&'static Rule, Pointer)] {
        &self.notices
    }

    /// Why the request is refused: by which rules, and where.
    pub fn violations(&self) -> &[(&'static Rule, Pointer)] {
        &self.violations
    }
}
