//! A vendor's error reply, read: the other direction of what a vendor's module writes.

use std::{borrow::Cow, collections::HashSet, fmt};

use super::ErrorCode;
use crate::engine::{Json, Kind, Limits};

/// A vendor's error reply, ours or the vendor's own, read back into codes, fields and messages: the same shape for every
/// vendor. Each vendor's module reads its own form (`Failure::read`).
///
/// Nothing that is read fails: what is missing is `None`, what is not known stays as it was sent, what is more is ignored,
/// and where the body is not of the vendor's form there are no errors in it. What the vendor says is handed out as data;
/// `Debug` and `Display` tell the status and the known codes, never a text of the reply.
///
/// ```
/// use user_patch::report::{ErrorCode, Failure};
///
/// /// What a form shows beside each of its fields.
/// fn beside_fields<C: ErrorCode>(failure: &Failure<C>) -> Vec<(&str, &str)> {
///     let told = failure.errors().iter().flat_map(|error| {
///         error.fields().iter().map(move |field| (field.field(), field.message().or(error.message())))
///     });
///     told.filter_map(|(field, message)| Some((field, message?))).collect()
/// }
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Failure<C> {
    status: u16,
    errors: Vec<VendorError<C>>,
    trace: Option<String>,
    is_in_form: bool,
}

/// One error of a vendor's reply.
///
/// `Debug` tells the known code, never a text of the reply.
///
/// ```
/// use user_patch::elastic::{Code, Failure};
///
/// let failure = Failure::read(400, [], br#"{"errors":[{"code":"user.restricted_field","message":"no","fields":["builtin"]}]}"#);
/// let error = &failure.errors()[0];
/// assert_eq!((error.code(), error.message()), (Some(Code::RestrictedField), Some("no")));
/// assert_eq!(error.fields()[0].field(), "builtin");
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct VendorError<C> {
    code: Option<C>,
    code_text: Option<String>,
    message: Option<String>,
    fields: Vec<FieldError>,
}

/// A field of a request that an error is about.
///
/// `Debug` tells whether it has a message, no text of the reply.
///
/// ```
/// use user_patch::fireworks::Failure;
///
/// let failure = Failure::read(400, [], br#"{"code":3,"message":"invalid","details":[{
///     "@type":"type.googleapis.com/google.rpc.BadRequest",
///     "fieldViolations":[{"field":"role","description":"must be given"}]}]}"#);
/// let field = failure.fields().next().unwrap();
/// assert_eq!((field.field(), field.message()), ("role", Some("must be given")));
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct FieldError {
    field: String,
    message: Option<String>,
}

impl<C: ErrorCode> Failure<C> {
    /// A reply whose body is not of the vendor's form.
    pub(crate) const fn new(status: u16) -> Self {
        Self { status, errors: Vec::new(), trace: None, is_in_form: false }
    }

    /// A reply whose body is of the vendor's form.
    pub(crate) const fn in_form(status: u16, errors: Vec<VendorError<C>>, trace: Option<String>) -> Self {
        Self { status, errors, trace, is_in_form: true }
    }

    /// Notes the codes that stand beside the body and not in it, each once.
    pub(crate) fn note_codes<'t>(&mut self, texts: impl Iterator<Item = &'t str>) {
        let known: HashSet<_> = self.errors.iter().filter_map(VendorError::code_text).collect();
        let mut new = HashSet::new();
        let texts: Vec<_> = texts.filter(|text| !known.contains(text) && new.insert(*text)).collect();
        self.errors.extend(texts.into_iter().map(|text| VendorError::new(Some(text.to_owned()), None, Vec::new())));
    }

    /// The HTTP status.
    pub const fn status(&self) -> u16 {
        self.status
    }

    /// Whether the body is of the vendor's form: if not, somebody else has answered, such as a proxy.
    pub const fn is_in_form(&self) -> bool {
        self.is_in_form
    }

    /// The errors, in the order of the reply.
    pub fn errors(&self) -> &[VendorError<C>] {
        &self.errors
    }

    /// The known codes, in the order of the reply.
    pub fn codes(&self) -> impl Iterator<Item = C> {
        self.errors.iter().filter_map(VendorError::code)
    }

    /// Whether a code is among them.
    pub fn has(&self, code: C) -> bool {
        self.codes().any(|known| known == code)
    }

    /// The fields that the errors are about, in the order of the reply.
    pub fn fields(&self) -> impl Iterator<Item = &FieldError> {
        self.errors.iter().flat_map(VendorError::fields)
    }

    /// The vendor's identifier of the request, where the reply has one.
    pub fn trace(&self) -> Option<&str> {
        self.trace.as_deref()
    }
}

impl<C: ErrorCode> VendorError<C> {
    pub(crate) fn new(code_text: Option<String>, message: Option<String>, fields: Vec<FieldError>) -> Self {
        Self { code: code_text.as_deref().and_then(C::of_text), code_text, message, fields }
    }

    /// The code, where it is one that is known.
    pub const fn code(&self) -> Option<C> {
        self.code
    }

    /// The code as it was sent, a number without quotes.
    pub fn code_text(&self) -> Option<&str> {
        self.code_text.as_deref()
    }

    /// What the vendor says, for a person.
    pub fn message(&self) -> Option<&str> {
        self.message.as_deref()
    }

    /// The fields of the request that it is about.
    pub fn fields(&self) -> &[FieldError] {
        &self.fields
    }
}

impl FieldError {
    pub(crate) const fn new(field: String, message: Option<String>) -> Self {
        Self { field, message }
    }

    /// The field, as the vendor writes it.
    pub fn field(&self) -> &str {
        &self.field
    }

    /// What the vendor says of it, for a person.
    pub fn message(&self) -> Option<&str> {
        self.message.as_deref()
    }
}

impl<C: ErrorCode> fmt::Display for Failure<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "status {}", self.status)?;
        for (at, code) in self.codes().enumerate() {
            write!(f, "{}{code}", if at == 0 { ": " } else { ", " })?;
        }
        Ok(())
    }
}

impl<C: ErrorCode> std::error::Error for Failure<C> {}

impl<C: ErrorCode> fmt::Debug for Failure<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Failure")
            .field("status", &self.status)
            .field("errors", &self.errors)
            .field("has_trace", &self.trace.is_some())
            .field("is_in_form", &self.is_in_form)
            .finish()
    }
}

impl<C: ErrorCode> fmt::Debug for VendorError<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("VendorError").field("code", &self.code).field("fields", &self.fields).finish_non_exhaustive()
    }
}

impl fmt::Debug for FieldError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FieldError").field("has_message", &self.message.is_some()).finish_non_exhaustive()
    }
}

/// The body of a vendor's reply as JSON, with or without a byte order mark; `None` where it is none, or has a member twice.
pub(crate) fn read_body(body: &[u8]) -> Option<Json<'_>> {
    let body = body.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(body);
    Json::parse(body, &Limits::STORED).ok()
}

/// A member of an object.
pub(crate) fn member<'j>(object: &'j Json<'_>, name: &str) -> Option<Json<'j>> {
    object.members().find_map(|(known, value)| (known == name).then_some(value))
}

/// A code, which vendors write as a string or as a number.
pub(crate) fn code_text(value: &Json<'_>) -> Option<String> {
    match value.kind() {
        Kind::String => text(value),
        Kind::Number => Some(value.text().to_owned()),
        Kind::Null | Kind::Boolean | Kind::Array | Kind::Object => None,
    }
}

/// A string.
pub(crate) fn text(value: &Json<'_>) -> Option<String> {
    value.as_str().map(Cow::into_owned)
}
