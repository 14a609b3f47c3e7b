//! Elastic Cloud Enterprise: `/api/v1/user`, and `/api/v1/users` around it.

use std::{collections::BTreeSet, sync::Arc, time::Instant};

use axum::{
    Router,
    extract::{Path, State},
    http::HeaderMap,
    response::{IntoResponse, Response},
    routing::any,
};
use zeroize::Zeroizing;

use super::{
    app::App,
    asked::{Asked, Asking, By, Request, answered, decides, show, update},
    faults::Answered,
    seed::Caller,
    served::{Served, credentials},
    sessions::Sessions,
    store::{Key, StoreError, Users},
};
use crate::{
    elastic::{CODES_HEADER, Context, ROLES, Refusal, User, Violations, outside},
    engine::{Json, ObjectWriter, Pointer, write_array, write_string},
    report::{Outside, Reply},
    vendor::{Elastic, UpdateModel},
};

const VENDOR: &str = Elastic::VENDOR.name();

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/api/v1/user", any(current))
        .route("/api/v1/users", any(users))
        .route("/api/v1/users/{user_name}", any(user))
}

/// A path that the API does not have.
pub(super) fn no_route() -> Response {
    outside(Outside::BadPath).into_response()
}

pub(super) fn key(name: &str) -> Key {
    Key { vendor: VENDOR, account: String::new(), id: name.to_owned() }
}

/// Lets a request in: with a key, or with the token of one who has logged in; of one who is not disabled.
pub(super) async fn admit(app: &App, headers: &HeaderMap, decides: bool) -> Result<Asked<Elastic>, Answered> {
    let is_token = |token: &&str| Sessions::is_token(token) && app.elastic.named(token).is_none();
    let token = credentials(headers, "Bearer").filter(is_token);
    let caller = match token {
        Some(token) => logged_in(app, token).await,
        None => by_key(app, headers).await,
    };
    let mut asked = Asked::<Elastic>::admit_as(app, caller, headers, decides)?;
    asked.token = token.map(str::to_owned);
    asked.ctx.actor.get_or_insert_with(|| asked.who.to_string());
    Ok(asked)
}

/// Whose key it is. What was a token, or is nearly one, is not any key. Who is not there is let in, and told so; who is disabled is
/// not, but where the seed has a context: what is asked is decided in that then, as the page has it of a disabled user too.
async fn by_key(app: &App, headers: &HeaderMap) -> Option<Caller<Elastic>> {
    let given = Elastic::key(headers)?;
    let caller = match Sessions::is_like_a_token(given) {
        true => app.elastic.named(given),
        false => app.elastic.get(given),
    };
    let (caller, key) = caller.map(|caller| (caller.clone(), key(&caller.who)))?;
    if caller.has_context {
        return Some(caller);
    }
    // Where the users cannot be read, what is asked will say so.
    let is_let_in = app.store.read(move |users| Ok(stored(users, &key)?.is_none_or(|user| user.is_enabled())));
    is_let_in.await.unwrap_or(true).then_some(caller)
}

/// Whose token it is, where that has not ended.
async fn logged_in(app: &App, token: &str) -> Option<Caller<Elastic>> {
    let who = app.sessions.who(token, Instant::now())?;
    let (key, sessions, token) = (key(&who), Arc::clone(&app.sessions), token.to_owned());
    // Where the users cannot be read, what is asked will say so.
    let is_let_in = app.store.read(move |users| {
        let is_enabled = stored(users, &key)?.is_some_and(|user| user.is_enabled());
        Ok(is_enabled && sessions.who(&token, Instant::now()).is_some())
    });
    is_let_in.await.unwrap_or(true).then(|| Caller { ctx: app.logged_in.clone(), who, has_context: false })
}

async fn current(State(app): State<App>, request: Request) -> Response {
    let asked = match admit(&app, request.headers(), decides(request.method())).await {
        Ok(asked) => asked,
        Err(response) => return *response,
    };
    let key = key(&asked.who);
    match request.method().as_str() {
        "GET" | "HEAD" => show(&app, asked, key).await,
        "PATCH" => update(&app, asked, key, request, By::Page).await,
        _ => asked.method_not_allowed("GET, HEAD, PATCH"),
    }
}

async fn users(State(app): State<App>, request: Request) -> Response {
    let asked = match admit(&app, request.headers(), decides(request.method())).await {
        Ok(asked) => asked,
        Err(response) => return *response,
    };
    match request.method().as_str() {
        "GET" | "HEAD" => {
            let query = request.uri().query().unwrap_or_default();
            list(&app, asked, query.split('&').any(|pair| pair == "include_disabled=true")).await
        }
        "POST" => create(&app, asked, request).await,
        _ => asked.method_not_allowed("GET, HEAD, POST"),
    }
}

/// A user by name: oneself, or for a platform admin anybody.
async fn user(State(app): State<App>, name: Asking<String>, request: Request) -> Response {
    let mut asked = match admit(&app, request.headers(), decides(request.method())).await {
        Ok(asked) => asked,
        Err(response) => return *response,
    };
    let Ok(Path(name)) = name else { return asked.outside(Outside::BadPath) };
    let is_other = *name != *asked.who;
    if is_other || request.method().as_str() == "DELETE" {
        match is_admin(&app, &asked.who).await {
            Ok(true) => {}
            Ok(false) => return asked.outside(Outside::Forbidden),
            Err(wrong) => return answered::<Elastic>(Err(wrong), &asked.ctx),
        }
    }
    match request.method().as_str() {
        "GET" | "HEAD" => show(&app, asked, key(&name)).await,
        "PATCH" if is_other => {
            grant(&mut asked.ctx);
            update(&app, asked, key(&name), request, By::Admin).await
        }
        "PATCH" => update(&app, asked, key(&name), request, By::Page).await,
        "DELETE" => delete(&app, asked, name).await,
        _ => asked.method_not_allowed("DELETE, GET, HEAD, PATCH"),
    }
}

/// Whether the current user is a platform admin.
async fn is_admin(app: &App, who: &Arc<str>) -> Result<bool, StoreError> {
    let key = key(who);
    app.store.read(move |users| Ok(stored(users, &key)?.is_some_and(|user| user.is_platform_admin()))).await
}

pub(super) fn stored(users: &Users<'_>, key: &Key) -> Result<Option<User>, StoreError> {
    let text = users.get(key)?;
    text.map(|text| User::from_json(text.as_bytes()).map_err(|_| StoreError::NoUser)).transpose()
}

/// A platform admin may assign every role that there is; the update model knows that of the current user alone.
fn grant(ctx: &mut Context) {
    if ctx.assignable_roles.is_none() {
        let all = || ROLES.iter().map(|role| (*role).to_owned()).collect::<BTreeSet<_>>();
        ctx.assignable_roles = Some(ctx.service.known_roles.clone().unwrap_or_else(all));
    }
}

async fn list(app: &App, asked: Asked<Elastic>, with_disabled: bool) -> Response {
    match is_admin(app, &asked.who).await {
        Ok(true) => {}
        Ok(false) => return asked.outside(Outside::Forbidden),
        Err(wrong) => return answered::<Elastic>(Err(wrong), &asked.ctx),
    }
    let listed = app.store.read(move |users| {
        let mut shown = Vec::new();
        for (_, _, text) in users.all(VENDOR)? {
            let user = User::from_json(text.as_bytes()).map_err(|_| StoreError::NoUser)?;
            if with_disabled || user.is_enabled() {
                shown.push(text);
            }
        }
        let mut body = String::new();
        let mut writer = ObjectWriter::new(&mut body);
        write_array(writer.plain("users"), shown, |out, user| out.push_str(&user));
        writer.end();
        Ok(Reply::new(200, body))
    });
    answered::<Elastic>(listed.await, &asked.ctx)
}

async fn delete(app: &App, asked: Asked<Elastic>, name: String) -> Response {
    let (ctx, key, sessions) = (asked.ctx.clone(), key(&name), Arc::clone(&app.sessions));
    let deleted = app.store.write(move |users| {
        let Some(user) = stored(users, &key)? else { return Ok(Elastic::outside(Outside::NotFound, &ctx)) };
        if user.is_builtin() {
            return Ok(Violations::one(Refusal::Builtin, Pointer::root()).reply());
        }
        users.remove(&key)?;
        sessions.end_of(&name);
        Ok(Reply::new(200, "{}".to_owned()))
    });
    answered::<Elastic>(deleted.await, &asked.ctx)
}

/// Makes a user: an update, by the platform admin, of one that has only a name.
async fn create(app: &App, mut asked: Asked<Elastic>, request: Request) -> Response {
    if let Some(broken) = asked.broken() {
        return broken;
    }
    match is_admin(app, &asked.who).await {
        Ok(true) => {}
        Ok(false) => return asked.outside(Outside::Forbidden),
        Err(wrong) => return answered::<Elastic>(Err(wrong), &asked.ctx),
    }
    grant(&mut asked.ctx);
    let (patch, ctx) = match asked.body(request).await {
        Ok(body) => body.into_parts(),
        Err(refused) => return refused.into_response(),
    };
    let body = Zeroizing::new(patch.to_json());
    let name = Json::parse(body.as_bytes(), &crate::engine::Limits::STORED)
        .ok()
        .and_then(|body| body.members().find(|(name, _)| name == "user_name")?.1.as_str().map(|name| name.into_owned()))
        .filter(|name| !name.is_empty());
    let Some(name) = name else {
        return error(400, "user.user_name.invalid", "The user name is invalid.", &["user_name"]).into_response();
    };
    let Some(mut user) = new(&name, &ctx) else {
        return answered::<Elastic>(Err(StoreError::NoUser), &asked.ctx);
    };
    let password = match Elastic::apply_by_admin(&patch, &mut user, &ctx) {
        Ok(applied) => applied.into_password(),
        Err(violations) => return violations.reply().into_response(),
    };
    let hashed = match password {
        Some(password) => match app.passwords.hashed(password).await {
            Ok(hashed) => Some(hashed),
            Err(wrong) => return answered::<Elastic>(Err(wrong.into()), &asked.ctx),
        },
        None => None,
    };
    let key = key(&name);
    let added = app.store.write(move |users| {
        Ok(match users.add(&key, &user.to_json())? {
            true => {
                if let Some(hashed) = hashed {
                    users.set_password(&key, &hashed)?;
                }
                user.reply()
            }
            false => error(409, "user.user_name.conflict", "There is a user of this name.", &["user_name"]),
        })
    });
    answered::<Elastic>(added.await, &asked.ctx)
}

/// A user of the native realm who has only a name; nothing where it would be no user, which is not to be expected.
fn new(name: &str, ctx: &Context) -> Option<User> {
    let user = User::new(name).ok()?;
    let user = user.with(&["builtin"], false).ok()?.with(&["security", "enabled"], true).ok()?;
    let user = user.with(&["security", "security_realm", "id"], "native").ok()?;
    let user = user.with(&["security", "security_realm", "type"], "native").ok()?;
    match ctx.now {
        Some(now) => user.with(&["metadata", "created_at"], &*now.to_proto_json()).ok(),
        None => Some(user),
    }
}

/// An error that the page of the update does not have: the code is one of another page.
pub(super) fn error(status: u16, code: &'static str, message: &str, fields: &[&str]) -> Reply {
    let mut body = String::new();
    let mut writer = ObjectWriter::new(&mut body);
    write_array(writer.plain("errors"), [code], |out, code| {
        let mut writer = ObjectWriter::new(out);
        writer.string("code", code);
        writer.string("message", message);
        if !fields.is_empty() {
            write_array(writer.plain("fields"), fields, |out, field| write_string(out, field));
        }
        writer.end();
    });
    writer.end();
    Reply { status, headers: vec![(CODES_HEADER, code.to_owned())], body }
}
