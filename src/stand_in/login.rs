//! Elastic Cloud Enterprise: `/api/v1/users/auth`, a token for a name and a password.

use std::{fmt::Write, sync::Arc, time::Instant};

use axum::{
    Router,
    extract::State,
    http::{HeaderMap, Method, header},
    response::{IntoResponse, Response},
    routing::any,
};
use zeroize::Zeroizing;

use super::{
    app::App,
    asked::{Request, answered, body, heard, method_not_allowed, outside},
    elastic::{admit, error, key, stored},
    passwords::{HashError, Hashed},
    served::{Served, credentials},
    store::StoreError,
};
use crate::{
    elastic::{Context, Refusal, User, Violations},
    engine::{Json, Limits, ObjectWriter, Pointer},
    report::{Outside, Password, Reply, Search},
    vendor::Elastic,
};

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/api/v1/users/auth/_login", any(login))
        .route("/api/v1/users/auth/_refresh", any(refresh))
        .route("/api/v1/users/auth/_logout", any(logout))
}

/// "Authenticates against available users." Asks for no key.
async fn login(State(app): State<App>, request: Request) -> Response {
    let ctx = match posted(&app, &request) {
        Ok(ctx) => ctx,
        Err(response) => return *response,
    };
    let asked = match body::<Elastic>(&ctx, request).await {
        Ok(body) => Zeroizing::new(body.patch().to_json()),
        Err(refused) => return refused.into_response(),
    };
    let Credentials { user_name, password, path } = match Credentials::read(&asked) {
        Ok(credentials) => credentials,
        Err(violations) => return violations.reply().into_response(),
    };
    let who: Arc<str> = user_name.into();
    let begun = match checked(&app, &who, password).await {
        Ok(Some(known)) => begin(&app, who, known, &ctx).await,
        Ok(None) => Ok(None),
        Err(wrong) => Err(wrong),
    };
    match begun {
        Ok(Some(token)) => told(&token, path.as_deref()),
        Ok(None) => outside::<Elastic>(Outside::Unauthenticated, &ctx),
        Err(wrong) => answered::<Elastic>(Err(wrong), &ctx),
    }
}

/// The context of a request that asks for no key, which has to be a `POST`.
fn posted(app: &App, request: &Request) -> Result<Context, Box<Response>> {
    let (_, ctx, _) = heard::<Elastic>(app, None, request.headers(), false)?;
    match *request.method() {
        Method::POST => Ok(ctx),
        _ => Err(Box::new(method_not_allowed::<Elastic>("POST", &ctx))),
    }
}

/// What a login has in its body.
struct Credentials {
    user_name: String,
    password: Password,
    /// `login_state.path`: "Configures how the API responds after a successful login".
    path: Option<String>,
}

/// The longest path of a login, in bytes. A header of the answer has it, three times as long where each byte is escaped.
const PATH_MOST: usize = 2000;

impl Credentials {
    fn read(body: &str) -> Result<Self, Violations> {
        let body = Json::parse(body.as_bytes(), &Limits::STORED)?;
        // Nothing of it is copied, as one of its texts is a password.
        let text = |name: &str| {
            let text = member(&body, name).and_then(Json::into_str).filter(|text| !text.is_empty());
            text.ok_or_else(|| {
                let place = Pointer::root().child(name);
                Search::new().refused_saying(Refusal::Required, place, "must be there, a text that is not empty")
            })
        };
        let user_name = text("username")?.into_owned();
        let password = Password::new(text("password")?);
        let state = member(&body, "login_state");
        let path = state.as_ref().and_then(|state| member(state, "path")).and_then(Json::into_str);
        if path.as_ref().is_some_and(|path| path.len() > PATH_MOST) {
            let place = Pointer::root().child("login_state").child("path");
            return Err(Search::new().refused_saying(Refusal::TooLong, place, "must be of at most 2,000 bytes"));
        }
        Ok(Self { user_name, password, path: path.map(|path| path.into_owned()) })
    }
}

/// The member of an object.
fn member<'j>(of: &'j Json<'_>, name: &str) -> Option<Json<'j>> {
    of.members().find(|(member, _)| member == name).map(|(_, value)| value)
}

/// What is kept of the password of a user who may log in, and nothing where none was set.
type Known = Option<Hashed>;

fn may_log_in(user: &User) -> bool {
    user.is_enabled() && !user.is_external()
}

/// What the password was checked against, where it is that of a user who may log in. Where any key is taken, so is any password of
/// one who has none. To say no takes as long whoever it is.
async fn checked(app: &App, who: &str, password: Password) -> Result<Option<Known>, StoreError> {
    let key = key(who);
    let known = app.store.read(move |users| {
        let user = stored(users, &key)?.filter(may_log_in);
        user.map(|_| users.password(&key)).transpose()
    });
    match known.await? {
        Some(Some(hashed)) => Ok(app.passwords.is(hashed, password).await?.then_some(Some(hashed))),
        Some(None) if app.elastic.takes_any() => Ok(Some(None)),
        Some(None) | None => {
            app.passwords.is_nobodys(password).await?;
            Ok(None)
        }
    }
}

/// A token, where the user is still the one whose password was checked; nothing where they may not log in any more. It begins while
/// the users are held: what ends the tokens of this user comes before and is seen here, or comes after and ends this one too.
async fn begin(app: &App, who: Arc<str>, known: Known, ctx: &Context) -> Result<Option<String>, StoreError> {
    let (sessions, now) = (Arc::clone(&app.sessions), ctx.now.map(|now| now.to_proto_json()));
    let begun = app.store.write(move |users| {
        let key = key(&who);
        let Some(user) = stored(users, &key)?.filter(may_log_in) else { return Ok(None) };
        if users.password(&key)? != known {
            return Ok(None);
        }
        if let Some(now) = now {
            users.put(&key, &noted(user, now.as_str())?.to_json())?;
        }
        Ok(Some(sessions.begin(who, Instant::now()).map_err(HashError::Random)?))
    });
    begun.await
}

/// Notes "the date and time when the user first logged in", and last.
fn noted(mut user: User, now: &str) -> Result<User, StoreError> {
    let times = if has_logged_in(&user) { &["last_login_at"][..] } else { &["first_login_at", "last_login_at"] };
    for name in times {
        user = user.with(&["metadata", name], now).map_err(|_| StoreError::NoUser)?;
    }
    Ok(user)
}

fn has_logged_in(user: &User) -> bool {
    let metadata = user.document().value().members().find(|(name, _)| name == "metadata");
    metadata.is_some_and(|(_, times)| times.members().any(|(name, time)| name == "first_login_at" && !time.is_null()))
}

/// A token, in the body; or, where the login has a path, in a redirection.
fn told(token: &str, path: Option<&str>) -> Response {
    if let Some(path) = path {
        let location = format!("/sso/token#{token}?state={}", escaped(path));
        return Reply { status: 302, headers: vec![("location", location)], body: String::new() }.into_response();
    }
    let mut body = String::new();
    let mut writer = ObjectWriter::new(&mut body);
    writer.string("token", token);
    writer.end();
    Reply::new(200, body).into_response()
}

/// A text as a part of a URL.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            out.push(char::from(byte));
        } else {
            // To write to a text does not fail.
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

/// The token of a request.
fn token(headers: &HeaderMap) -> Option<&str> {
    credentials(headers, "Bearer")
}

/// "Issues a new authentication token." The one that it is asked with stays as long as it would.
async fn refresh(State(app): State<App>, request: Request) -> Response {
    let ctx = match posted(&app, &request) {
        Ok(ctx) => ctx,
        Err(response) => return *response,
    };
    let renewed = match (admit(&app, request.headers(), false).await, token(request.headers())) {
        (Ok(_), Some(token)) => app.sessions.renew(token, Instant::now()),
        _ => Ok(None),
    };
    match renewed {
        Ok(Some(token)) => told(&token, None),
        Err(wrong) => answered::<Elastic>(Err(HashError::Random(wrong).into()), &ctx),
        Ok(None) => {
            let mut response =
                error(401, "root.unauthorized", "The authentication token is invalid or expired.", &[]).into_response();
            response.headers_mut().insert(header::WWW_AUTHENTICATE, Elastic::CHALLENGE);
            response
        }
    }
}

/// "Destroys the current session."
async fn logout(State(app): State<App>, request: Request) -> Response {
    let asked = match admit(&app, request.headers(), false).await {
        Ok(asked) => asked,
        Err(response) => return *response,
    };
    if request.method() != Method::POST {
        return asked.method_not_allowed("POST");
    }
    if let Some(token) = token(request.headers()) {
        app.sessions.end(token);
    }
    Reply::new(200, "{}".to_owned()).into_response()
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::{Credentials, PATH_MOST, escaped};

    #[test]
    fn a_login_is_read() {
        let read =
            |body| Credentials::read(body).map(|read| (read.user_name, read.password.expose().to_owned(), read.path));
        let whole = r#"{"login_state":{"path":"/a b"},"password":"p","username":"ada"}"#;
        assert_eq!(read(whole).unwrap(), ("ada".to_owned(), "p".to_owned(), Some("/a b".to_owned())));
        assert_eq!(read(r#"{"login_state":null,"password":"p","username":"ada"}"#).unwrap().2, None);
        let with_path =
            |most| format!(r#"{{"username":"a","password":"p","login_state":{{"path":"{}"}}}}"#, "a".repeat(most));
        let [longest, too_long] = [PATH_MOST, PATH_MOST + 1].map(with_path);
        assert!(read(&longest).is_ok());
        for (body, place) in [
            (r#"{"password":"p"}"#, "/username"),
            (r#"{"username":"","password":"p"}"#, "/username"),
            (r#"{"username":"ada"}"#, "/password"),
            (r#"{"username":"ada","password":1}"#, "/password"),
            (&too_long, "/login_state/path"),
        ] {
            assert_eq!(read(body).unwrap_err().first().unwrap().pointer().as_str(), place, "{body}");
        }
    }

    #[test]
    fn a_path_is_a_part_of_a_url() {
        assert_eq!(escaped("/a-b?c=d#é\r\n"), "/a-b%3Fc%3Dd%23%C3%A9%0D%0A");
        // In time that grows as it does.
        let begin = Instant::now();
        assert_eq!(escaped(&"é".repeat(1 << 20)).len(), 6 << 20);
        assert!(begin.elapsed() < Duration::from_secs(10));
    }
}
