//! Feature `http`: a reply as a response of the crate `http`, a response as a reply, and a vendor's error response read.
//!
//! ```
//! use user_patch::{fireworks::{Code, Context, Patch, User}, http::failure, vendor::Fireworks};
//!
//! // On the side of the server.
//! let (mut user, ctx) = (User::from_json(br#"{"role":"user"}"#)?, Context::default());
//! let refused = Patch::parse(br#"{"role":"root"}"#, &ctx)?.apply(&mut user, &ctx).unwrap_err();
//! let response: http::Response<String> = refused.reply().try_into()?;
//! assert_eq!(response.status(), 400);
//! assert_eq!(response.headers()["content-type"], "application/json");
//!
//! // On the side of the client.
//! let failure = failure::<Fireworks, _>(&response);
//! assert!(failure.has(Code::InvalidArgument));
//! assert_eq!(failure.fields().next().unwrap().field(), "role");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use ::http::{
    HeaderMap, HeaderName, HeaderValue, Response, StatusCode,
    header::{CONTENT_TYPE, Entry},
};

use crate::{
    elastic,
    report::{Failure, Reply},
    vendor::{CodeOf, UpdateModel},
};

/// The headers that the vendors' pages document.
const DOCUMENTED: &[&str] = &[elastic::CODES_HEADER];

/// A reply that no HTTP response can carry: whoever made it has put something into it.
///
/// ```
/// use http::Response;
/// use user_patch::{elastic, http::InvalidReply, report::Outside};
///
/// let mut reply = elastic::outside(Outside::NotFound);
/// reply.status = 42;
/// assert_eq!(Response::<String>::try_from(reply).unwrap_err(), InvalidReply::Status(42));
/// ```
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidReply {
    /// The status is not between 100 and 999.
    #[error("{0} is no HTTP status")]
    Status(u16),
    /// The name is no name of a header.
    #[error("{0:?} is no name of a header")]
    Name(&'static str),
    /// The value of this header is none that a header can have.
    #[error("the header {0} has a value that no header can have")]
    Value(&'static str),
}

/// A response that is no reply.
///
/// ```
/// use http::Response;
/// use user_patch::{http::InvalidResponse, report::Reply};
///
/// assert_eq!(Reply::try_from(Response::new(b"\xff")).unwrap_err(), InvalidResponse::Body);
/// ```
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidResponse {
    /// The body is not UTF-8.
    #[error("the body is not UTF-8")]
    Body,
    /// The value of this header, which a vendor's page documents, is not of visible ASCII characters.
    #[error("the header {0} has a value that is no text")]
    Value(&'static str),
}

/// The status, the headers and the body of the reply, and `content-type: application/json` where it has none of its own.
impl<B: From<String>> TryFrom<Reply> for Response<B> {
    type Error = InvalidReply;

    fn try_from(reply: Reply) -> Result<Self, InvalidReply> {
        let status = StatusCode::from_u16(reply.status).map_err(|_| InvalidReply::Status(reply.status))?;
        let mut response = Self::new(B::from(reply.body));
        *response.status_mut() = status;
        for (name, value) in reply.headers {
            let key = HeaderName::from_bytes(name.as_bytes()).map_err(|_| InvalidReply::Name(name))?;
            let value = HeaderValue::try_from(value).map_err(|_| InvalidReply::Value(name))?;
            response.headers_mut().append(key, value);
        }
        if let Entry::Vacant(vacant) = response.headers_mut().entry(CONTENT_TYPE) {
            vacant.insert(HeaderValue::from_static(Reply::CONTENT_TYPE));
        }
        Ok(response)
    }
}

/// The status, the body, and the headers that a vendor's page documents; any other is no part of a reply.
impl<B: AsRef<[u8]>> TryFrom<Response<B>> for Reply {
    type Error = InvalidResponse;

    fn try_from(response: Response<B>) -> Result<Self, InvalidResponse> {
        let body = std::str::from_utf8(response.body().as_ref()).map_err(|_| InvalidResponse::Body)?;
        let mut reply = Self::new(response.status().as_u16(), body.to_owned());
        for &name in DOCUMENTED {
            for value in response.headers().get_all(name) {
                let value = value.to_str().map_err(|_| InvalidResponse::Value(name))?;
                reply.headers.push((name, value.to_owned()));
            }
        }
        Ok(reply)
    }
}

/// Reads a vendor's error response. Headers whose value is no text are left out.
pub fn failure<M: UpdateModel, B: AsRef<[u8]>>(response: &Response<B>) -> Failure<CodeOf<M>> {
    M::failure(response.status().as_u16(), texts(response.headers()), response.body().as_ref())
}

fn texts(headers: &HeaderMap) -> impl Iterator<Item = (&str, &str)> {
    headers.iter().filter_map(|(name, value)| Some((name.as_str(), value.to_str().ok()?)))
}
