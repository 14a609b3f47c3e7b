//! Trusted Twin: `/users`.

use axum::{
    Router,
    extract::{Path, State},
    response::{IntoResponse, Response},
    routing::any,
};

use super::{
    app::App,
    asked::{Asked, Asking, By, Request, answered, show, update},
    served::any_uuid,
    store::{Key, StoreError},
};
use crate::{
    engine::{Json, Limits, ObjectWriter, Pointer},
    report::{Outside, Reply, Search},
    trusted_twin::{Context, Effect, Patch, Refusal, Statement, User, Violations, parse_uuid},
    vendor::{TrustedTwin, UpdateModel},
};

const VENDOR: &str = TrustedTwin::VENDOR.name();

pub(super) fn routes() -> Router<App> {
    Router::new().route("/users", any(users)).route("/users/{user}", any(user))
}

/// A path that the API does not have.
pub(super) fn no_route() -> Response {
    crate::trusted_twin::invalid_path(&Context::default()).into_response()
}

/// Whether the statement of the caller's role allows an operation.
fn allows(statement: &Statement, operation: &str) -> bool {
    statement.actions.iter().any(|action| action == operation) == (statement.effect == Effect::Allow)
}

async fn users(State(app): State<App>, request: Request) -> Response {
    let asked = match Asked::<TrustedTwin>::admit(&app, &app.trusted_twin, request.method(), request.headers()) {
        Ok(asked) => asked,
        Err(response) => return *response,
    };
    match request.method().as_str() {
        "GET" | "HEAD" if !allows(&asked.ctx.statement, "get_users") => asked.outside(Outside::Forbidden),
        "GET" | "HEAD" => list(&app, asked).await,
        "POST" => create(&app, asked, request).await,
        _ => asked.method_not_allowed("GET, HEAD, POST"),
    }
}

async fn user(State(app): State<App>, user: Asking<String>, request: Request) -> Response {
    let asked = match Asked::<TrustedTwin>::admit(&app, &app.trusted_twin, request.method(), request.headers()) {
        Ok(asked) => asked,
        Err(response) => return *response,
    };
    let uuid = user.ok().and_then(|Path(user)| parse_uuid(&user));
    let Some(uuid) = uuid else { return asked.outside(Outside::BadPath) };
    let key = Key { vendor: VENDOR, account: String::new(), id: uuid.to_string() };
    match request.method().as_str() {
        "GET" | "HEAD" if !allows(&asked.ctx.statement, "get_user") => asked.outside(Outside::Forbidden),
        "GET" | "HEAD" => show(&app, asked, key).await,
        "PATCH" => update(&app, asked, key, request, By::Page).await,
        "DELETE" if !allows(&asked.ctx.statement, "delete_user") => asked.outside(Outside::Forbidden),
        "DELETE" => delete(&app, asked, key).await,
        _ => asked.method_not_allowed("DELETE, GET, HEAD, PATCH"),
    }
}

async fn list(app: &App, asked: Asked<TrustedTwin>) -> Response {
    let listed = app.store.read(|users| {
        let mut body = String::new();
        let mut writer = ObjectWriter::new(&mut body);
        let mut inner = ObjectWriter::new(writer.plain("users"));
        for (_, id, user) in users.all(VENDOR)? {
            inner.member(&id).push_str(&user);
        }
        inner.end();
        writer.end();
        Ok(Reply::new(200, body))
    });
    answered::<TrustedTwin>(listed.await, &asked.ctx)
}

async fn delete(app: &App, asked: Asked<TrustedTwin>, key: Key) -> Response {
    let ctx = asked.ctx.clone();
    let deleted = app.store.write(move |users| {
        let Some(user) = users.get(&key)? else { return Ok(TrustedTwin::outside(Outside::NotFound, &ctx)) };
        users.remove(&key)?;
        Ok(Reply::new(200, user))
    });
    answered::<TrustedTwin>(deleted.await, &asked.ctx)
}

/// Makes a user: an update of one that has nothing yet, which needs a role. Answers 201.
async fn create(app: &App, mut asked: Asked<TrustedTwin>, request: Request) -> Response {
    if let Some(broken) = asked.broken() {
        return broken;
    }
    if !allows(&asked.ctx.statement, "create_user") {
        return asked.outside(Outside::Forbidden);
    }
    asked.ctx.statement = Statement::default();
    let (patch, ctx) = match asked.body(request).await {
        Ok(body) => body.into_parts(),
        Err(refused) => return refused.into_response(),
    };
    let made = match made(&patch, &app.account, &ctx) {
        Ok(made) => made,
        Err(violations) => return violations.reply(&ctx).into_response(),
    };
    let added = match made {
        Some(user) => {
            let key = Key { vendor: VENDOR, account: String::new(), id: user.uuid().into_owned() };
            app.store
                .write(move |users| {
                    let reply = Reply { status: 201, ..user.reply() };
                    if users.add(&key, &user.to_json())? { Ok(reply) } else { Err(StoreError::NoUser) }
                })
                .await
        }
        None => Err(StoreError::NoUser),
    };
    answered::<TrustedTwin>(added, &asked.ctx)
}

/// The user that a body makes; nothing where it would be no user, which is not to be expected.
fn made(patch: &Patch<'_>, account: &str, ctx: &Context) -> Result<Option<User>, Violations> {
    let time = ctx.now.map(|now| now.to_seconds());
    let time = time.as_deref().and_then(|time| Json::parse(time.as_bytes(), &Limits::default()).ok());
    let new = || {
        // What repeats what a user has is not judged. So the role that it has so far is one that no body can name.
        let user =
            User::new(&any_uuid().to_string(), &any_uuid().to_string()).ok()?.with(&["account"], account).ok()?;
        match time {
            Some(time) => user.with(&["created_ts"], time.borrowed()).ok()?.with(&["updated_ts"], time).ok(),
            None => Some(user),
        }
    };
    let Some(mut user) = new() else { return Ok(None) };
    patch.check(&user, ctx)?;
    let role = Pointer::root().child("role");
    if !patch.mentioned().any(|member| member == role) {
        return Err(Search::new().refused_saying(Refusal::Role, role, "must be there, a hyphenated UUID"));
    }
    let _ = patch.apply(&mut user, ctx)?;
    Ok(Some(user))
}
