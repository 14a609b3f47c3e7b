//! Fireworks AI: `/v1/accounts/{account_id}/users`.

use axum::{
    Router,
    extract::{Path, State},
    response::{IntoResponse, Response},
    routing::any,
};

use super::{
    app::App,
    asked::{Asked, Asking, By, Request, answered, is_left_out, show_as, update},
    listing::{Listing, ReadMask, argument},
    store::{Key, StoreError},
};
use crate::{
    engine::{ObjectWriter, write_array},
    fireworks::{AccountId, Code, Context, User, UserId, UserName},
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
        "GET" | "HEAD" => get(&app, asked, key, request.uri().query().unwrap_or_default()).await,
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

/// A user, or what a mask leaves of it.
async fn get(app: &App, asked: Asked<Fireworks>, key: Key, query: &str) -> Response {
    let fields = match ReadMask::of_query(query) {
        Ok(fields) => fields,
        Err(wrong) => return Code::InvalidArgument.reply(&wrong.to_string()).into_response(),
    };
    show_as(app, asked, key, move |user| fields.of(user)).await
}

async fn list(app: &App, asked: Asked<Fireworks>, account: String, query: &str) -> Response {
    let listing = match Listing::read(&account, query) {
        Ok(listing) => listing,
        Err(wrong) => return Code::InvalidArgument.reply(&wrong.to_string()).into_response(),
    };
    let ctx = asked.ctx.clone();
    let listed = if listing.is_by_name() {
        by_name(app, listing, account, ctx).await
    } else {
        selected(app, listing, account, ctx).await
    };
    answered::<Fireworks>(listed, &asked.ctx)
}

/// A page of everybody, as the store has it.
async fn by_name(app: &App, listing: Listing, account: String, ctx: Context) -> Result<Reply, StoreError> {
    app.store
        .read(move |users| {
            let after = listing.after.as_ref().map_or("", |last| &last.id);
            // One more tells whether there is a next page.
            let most = u32::try_from(listing.size + 1).unwrap_or(u32::MAX);
            let mut page = users.list(VENDOR, &account, after, most)?;
            let has_more = page.len() > listing.size;
            page.truncate(listing.size);
            let page = page.into_iter().map(|(id, text)| user_of(&text).map(|user| (id, user)));
            let page = page.collect::<Result<Vec<_>, _>>()?;
            Ok(page_of(&listing, &page, has_more, users.count(VENDOR, &account)?, &ctx))
        })
        .await
}

/// A page of those whom a filter means, in any order. They are chosen outside of the store, which has other work.
async fn selected(app: &App, listing: Listing, account: String, ctx: Context) -> Result<Reply, StoreError> {
    let every = app.store.read(move |users| users.list(VENDOR, &account, "", u32::MAX)).await?;
    let chosen = tokio::task::spawn_blocking(move || {
        let users = every.into_iter().map(|(id, text)| user_of(&text).map(|user| (id, user)));
        let users = users.collect::<Result<Vec<_>, StoreError>>()?;
        let mut list = listing.selected(users);
        let (count, begin) = (list.len(), listing.begin(&list));
        let mut page = list.split_off(begin);
        let has_more = page.len() > listing.size;
        page.truncate(listing.size);
        Ok(page_of(&listing, &page, has_more, u64::try_from(count).unwrap_or(u64::MAX), &ctx))
    });
    chosen.await.unwrap_or(Err(StoreError::Gone))
}

fn page_of(listing: &Listing, page: &[(String, User)], has_more: bool, count: u64, ctx: &Context) -> Reply {
    let next = page.last().filter(|_| has_more).map(|(id, last)| listing.token(id, last));
    let mut body = String::new();
    let mut writer = ObjectWriter::new(&mut body);
    write_array(writer.plain("users"), page, |out, (_, user)| out.push_str(&listing.fields.of(user.reply(ctx).body)));
    writer.string("nextPageToken", &next.unwrap_or_default());
    writer.plain("totalSize").push_str(&count.to_string());
    writer.end();
    Reply::new(200, body)
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
    let user_id = request.uri().query().and_then(|query| argument(query, ["userId", "user_id"]));
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
