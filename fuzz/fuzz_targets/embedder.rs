#![no_main]
use user_patch::elastic::{Context, Patch, User};
use user_patch::{arbitrary::Request, report::Reply, vendor::Elastic};

/// Yours: what your service answers to a PATCH of this stored user.
fn my_service(mut user: User, body: &[u8]) -> Reply {
    let ctx = Context::default();
    let applied = Patch::parse(body, &ctx).and_then(|patch| patch.apply(&mut user, &ctx));
    applied.map_or_else(|violations| violations.reply(), |_| user.reply())
}

libfuzzer_sys::fuzz_target!(|request: Request<Elastic>| {
    let request = Request { ctx: Context::default(), ..request };
    assert_eq!(my_service(request.user.clone(), &request.body), request.reply(), "{request:?}");
});
