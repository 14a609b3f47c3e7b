/// The HTTP response that the vendor documents: for an accepted update the user, for a refused one the error.
///
/// The body is JSON ([`CONTENT_TYPE`](Self::CONTENT_TYPE)); whoever sends it sets that header.
///
/// ```
/// use user_patch::elastic::{Context, Patch, User};
///
/// let user = User::from_json(br#"{"user_name":"ada","security":{}}"#)?;
/// let ctx = Context::default();
/// let refused = Patch::parse(br#"{"builtin":true}"#, &ctx)?.check(&user, &ctx).unwrap_err().reply();
/// assert_eq!(refused.status, 400);
/// assert_eq!(refused.headers, [("x-cloud-error-codes", "user.restricted_field".to_owned())]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Reply {
    /// The HTTP status code.
    pub status: u16,
    /// The headers that the page documents for this response, names in lower case.
    pub headers: Vec<(&'static str, String)>,
    /// The body, JSON text without white space.
    pub body: String,
}

impl Reply {
    /// The media type of every body.
    pub const CONTENT_TYPE: &'static str = "application/json";

    pub(crate) const fn new(status: u16, body: String) -> Self {
        Self { status, headers: Vec::new(), body }
    }
}
