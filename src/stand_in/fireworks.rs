//! Fireworks AI: `/v1/accounts/{account_id}/users`.

use axum::{
    Router,
    extract::{Path, State},
    response::{IntoResponse, Response},
    routing::any,
};

use super::{
    app::App,
    asked::{Asked, Asking, By, Request, answered, is_left_out, show, update},
    store::{Key, StoreError},
};
use crate::{
    engine::{ObjectWriter, write_array},
    fireworks::{AccountId, Code, Context, User, UserId, UserName, parameters},
    report::{Effect, Outside, Reply},
    vendor::{Fireworks, UpdateModel},
};

const VENDOR: &str = Fireworks::VENDOR.name();

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/v1/accounts/{account_id}/users", any(users))
        // The account of no letters, which a POST is told about like any other that is none.
        .route("/v1/accounts//users", any(users_of_nothing))
        .route("/v1/accounts/{account_id}/users/{user_id}", any(user))
}

/// A path that the API does not have.
pub(super) fn no_route() -> Response {
    Code::NotFound.reply("Not Found").into_response()
}

async fn users_of_nothing(state: State<App>, request: Request) -> Response {
    users(state, Ok(Path(String::new())), request).await
}

async fn users(State(app): State<App>, account: Asking<String>, request: Request) -> Response {
    let asked = match Asked::<Fireworks>::admit(&app, &app.fireworks, request.method(), request.headers()) {
        Ok(asked) => asked,
        Err(response) => return *response,
    };
    let Ok(Path(account)) = account else { return asked.outside(Outside::BadPath) };
    let id = account.parse::<AccountId>().ok();
    let is_post = request.method() == axum::http::Method::POST;
    match &id {
        Some(id) => {
            if let Some(response) = kept_out(&app, &asked, id) {
                return response;
            }
        }
        // The making of a user judges the account with the rest.
        None if is_post => {}
        None => return asked.outside(Outside::BadPath),
    }
    match request.method().as_str() {
        "GET" | "HEAD" => list(&app, asked, account, request.uri().query().unwrap_or_default()).await,
        "POST" => create(&app, asked, account, request).await,
        _ => asked.method_not_allowed("GET, HEAD, POST"),
    }
}

async fn user(State(app): State<App>, names: Asking<(String, String)>, request: Request) -> Response {
    let asked = match Asked::<Fireworks>::admit(&app, &app.fireworks, request.method(), request.headers()) {
        Ok(asked) => asked,
        Err(response) => return *response,
    };
    let Ok(Path((account, user))) = names else { return asked.outside(Outside::BadPath) };
    let (Ok(account), Ok(user)) = (account.parse::<AccountId>(), user.parse::<UserId>()) else {
        return asked.outside(Outside::BadPath);
    };
    if let Some(response) = kept_out(&app, &asked, &account) {
        return response;
    }
    let key = Key { vendor: VENDOR, account: account.as_str().to_owned(), id: user.as_str().to_owned() };
    match request.method().as_str() {
        "GET" | "HEAD" => match request.uri().query().and_then(unsupported) {
            Some(reply) => reply,
            None => show(&app, asked, key).await,
        },
        "PATCH" => update(&app, asked, key, request, By::Page).await,
        _ => asked.method_not_allowed("GET, HEAD, PATCH"),
    }
}

/// The answer to one whose key is not for this account, or where there is no such account.
fn kept_out(app: &App, asked: &Asked<Fireworks>, account: &AccountId) -> Option<Response> {
    if asked.who.as_ref().is_some_and(|own| own != account) {
        return Some(asked.outside(Outside::Forbidden));
    }
    let is_known = app.accounts.contains(account.as_str());
    (!is_known).then(|| Code::NotFound.reply("account not found").into_response())
}

/// The answer to a parameter that would select or sort, which the stand-in does not do: better none than another one.
fn unsupported(query: &str) -> Option<Response> {
    let unsupported = ["filter", "orderBy", "order_by", "readMask", "read_mask"];
    let mut given = parameters(query);
    given.find(|(name, value)| unsupported.contains(&&**name) && !value.is_empty()).map(|_| {
        let mut response =
            Code::Unimplemented.reply("the stand-in has no filter, orderBy and readMask").into_response();
        let never = axum::http::HeaderValue::from_static("false");
        response.headers_mut().insert("x-should-retry", never);
        response
    })
}

/// How many users a page has, and the most that it has.
const PAGE_SIZE: u32 = 50;
const PAGE_SIZE_MOST: u32 = 200;

async fn list(app: &App, asked: Asked<Fireworks>, account: String, query: &str) -> Response {
    if let Some(response) = unsupported(query) {
        return response;
    }
    let parameter = |names: [&str; 2]| {
        parameters(query).filter(|(name, _)| names.contains(&&**name)).map(|(_, value)| value).last()
    };
    let size = match parameter(["pageSize", "page_size"]).as_deref() {
        None | Some("" | "0") => PAGE_SIZE,
        Some(size) => match size.parse::<u32>() {
            Ok(size) => size.min(PAGE_SIZE_MOST),
            Err(_) => {
                return Code::InvalidArgument.reply("pageSize must be a number, and not negative").into_response();
            }
        },
    };
    let token = parameter(["pageToken", "page_token"]).unwrap_or_default();
    let Some(after) = after(&token) else {
        return Code::InvalidArgument.reply("pageToken must be the nextPageToken of a list").into_response();
    };
    let ctx = asked.ctx.clone();
    let listed = app.store.read(move |users| {
        // One more tells whether there is a next page.
        let mut page = users.list(VENDOR, &account, &after, size + 1)?;
        let size = usize::try_from(size).unwrap_or(usize::MAX);
        let has_more = page.len() > size;
        page.truncate(size);
        let next = page.last().filter(|_| has_more).map(|(id, _)| page_token(id)).unwrap_or_default();
        let replies =
            page.iter().map(|(_, text)| Ok(user_of(text)?.reply(&ctx).body)).collect::<Result<Vec<_>, StoreError>>()?;
        let mut body = String::new();
        let mut writer = ObjectWriter::new(&mut body);
        write_array(writer.plain("users"), replies, |out, user| out.push_str(&user));
        writer.string("nextPageToken", &next);
        writer.plain("totalSize").push_str(&users.count(VENDOR, &account)?.to_string());
        writer.end();
        Ok(Reply::new(200, body))
    });
    answered::<Fireworks>(listed.await, &asked.ctx)
}

/// The token of the page after this user: the id in hexadecimal, so that nobody takes it for one.
fn page_token(id: &str) -> String {
    id.bytes().map(|byte| format!("{byte:02x}")).collect()
}

/// The id that a token stands for; empty for the first page.
fn after(token: &str) -> Option<String> {
    let digits: Option<Vec<u32>> = token.chars().map(|digit| digit.to_digit(16)).collect();
    let bytes: Option<Vec<u8>> = digits?
        .chunks(2)
        .map(|pair| match pair {
            [high, low] => u8::try_from(high << 4 | low).ok(),
            _ => None,
        })
        .collect();
    String::from_utf8(bytes?).ok()
}

fn user_of(text: &str) -> Result<User, StoreError> {
    User::from_json(text.as_bytes()).map_err(|_| StoreError::NoUser)
}

async fn create(app: &App, asked: Asked<Fireworks>, account: String, request: Request) -> Response {
    if let Some(broken) = asked.broken() {
        return broken;
    }
    if app.left_out.is_some_and(|rule| rule.effect == Effect::Decides) {
        return Reply::new(200, "{}".to_owned()).into_response();
    }
    let user_id = request.uri().query().and_then(|query| {
        let mut given = parameters(query).filter(|(name, _)| ["userId", "user_id"].contains(&&**name));
        given.next().map(|(_, id)| id)
    });
    let left_out = |refused: &crate::fireworks::Violations| is_left_out(app.left_out, refused);
    let (patch, ctx) = match asked.body(request).await {
        Ok(body) => body.into_parts(),
        Err(refused) if refused.violations().is_some_and(left_out) => {
            return Reply::new(200, "{}".to_owned()).into_response();
        }
        Err(refused) => return refused.into_response(),
    };
    let user = match patch.create(&account, user_id.as_deref(), &ctx) {
        Ok((user, _)) => user,
        Err(violations) if left_out(&violations) => return Reply::new(200, "{}".to_owned()).into_response(),
        Err(violations) => return violations.reply().into_response(),
    };
    answered::<Fireworks>(add(app, user, ctx).await, &asked.ctx)
}

async fn add(app: &App, user: User, ctx: Context) -> Result<Reply, StoreError> {
    let name: UserName = user.name().parse().map_err(|_| StoreError::NoUser)?;
    let key = Key { vendor: VENDOR, account: name.account().as_str().to_owned(), id: name.user().as_str().to_owned() };
    let added = app.store.write(move |users| {
        Ok(match users.add(&key, &user.to_json())? {
            true => user.reply(&ctx),
            false => Code::AlreadyExists.reply("user already exists"),
        })
    });
    added.await
}
