//! What a program makes: patches by a builder, users by their setters, users by a POST, times, masks, records of an audit.
//!
//! The bytes are up to five parts separated by NUL: a stored user, a value, an account or time, a user id, and paths of names
//! separated by line ends, the names of each by slashes.

use user_patch::{
    elastic,
    engine::{Json, Limits, Timestamp},
    fireworks,
    report::Audit,
    trusted_twin,
    vendor::{Elastic, Fireworks, TrustedTwin, UpdateModel},
};

use super::{
    holds,
    laws::{self, Case, Law, Page, Request},
    update::{Target, own_user},
};

/// Every law of what is made.
pub fn run(data: &[u8]) {
    let mut parts = data.splitn(5, |&byte| byte == 0);
    let [user, value, account, id, paths] = [(); 5].map(|()| parts.next().unwrap_or_default());
    let [account, id, paths] = [account, id, paths].map(String::from_utf8_lossy);
    let about = [user, value].map(String::from_utf8_lossy);
    let value = match Json::parse(value, &Limits::STORED) {
        Ok(value) => value,
        Err(_) => Json::string(&about[1]),
    };
    let paths: Vec<Vec<&str>> = paths.lines().map(|path| path.split('/').collect()).collect();
    holds(set::<Fireworks>(user, &value, &paths), &about);
    holds(set::<TrustedTwin>(user, &value, &paths), &about);
    holds(set::<Elastic>(user, &value, &paths), &about);
    holds(built(&value, &paths), &about);
    holds(time(&account), &account);
    holds(record(user), &about);
    let case = Case {
        user: own_user::<Fireworks>(0).into_bytes(),
        other: user.to_vec(),
        ours: Request { body: user.to_vec(), mask: String::new() },
        next: Request::default(),
        last: Request::default(),
        ctx: fireworks::Context::default(),
        seed: 1,
    };
    for id in [None, Some(&*id)] {
        holds(laws::fireworks::what_is_made_is_a_stored_user(&account, id, &case), &case);
    }
}

/// A user with a value is a stored user that has it, and one without it has it no more.
fn set<M: Page + Target>(user: &[u8], value: &Json<'_>, paths: &[Vec<&str>]) -> Law {
    let user = M::user(user).or_else(|_| M::user(own_user::<M>(value.text().len() as u8).as_bytes()));
    let mut user = user.map_err(|wrong| wrong.to_string())?;
    for path in paths {
        if let Ok(without) = M::user_without(&user, path) {
            let again = M::user_without(&without, path).map_err(|wrong| wrong.to_string())?;
            ensure!(again == without, "gone once is gone: {path:?}");
            ensure!(laws::written::<M>(&without).at(path).is_none() || path.is_empty(), "{path:?} is there");
        }
        let Ok(with) = M::user_with(&user, path, value.borrowed()) else { continue };
        let text = M::user_json(&with);
        let read = M::user(text.as_bytes()).map_err(|wrong| wrong.to_string())?;
        ensure!(read == with, "{path:?} makes another user than {text}");
        let again = M::user_with(&with, path, value.borrowed()).map_err(|wrong| wrong.to_string())?;
        ensure!(again == with, "set twice is set: {path:?}");
        let shown = format!("{with:?}");
        let secret = laws::telling::secrets(text.as_bytes()).find(|secret| shown.contains(secret));
        ensure!(secret.is_none(), "{shown}");
        user = with;
    }
    Ok(())
}

/// A patch that is built is the one that its text reads as.
fn built(value: &Json<'_>, paths: &[Vec<&str>]) -> Law {
    macro_rules! of {
        ($model:ident, $module:ident) => {{
            let mut builder = $module::Patch::builder();
            for path in paths {
                builder = builder.with(path, value.borrowed());
            }
            let ctx = $module::Context::default();
            let unlimited = <$model as Page>::limited(&ctx, Limits::STORED);
            for ctx in [&ctx, &unlimited] {
                let built = builder.build(ctx);
                ensure!(built == builder.build(ctx), "built twice");
                match built {
                    Ok(patch) => {
                        let text = patch.to_json();
                        let read = $module::Patch::parse(text.as_bytes(), ctx);
                        ensure!(read.as_ref() == Ok(&patch), "{text}: {read:?}");
                    }
                    Err(violations) => {
                        let reply = <$model as UpdateModel>::refused(&violations, ctx);
                        laws::telling::reads_back::<$model>(&violations, &reply)?;
                    }
                }
            }
        }};
    }
    of!(Fireworks, fireworks);
    of!(TrustedTwin, trusted_twin);
    of!(Elastic, elastic);
    Ok(())
}

/// A time reads as itself in each of its spellings.
fn time(text: &str) -> Law {
    let bytes = text.bytes().chain([0; 8]).take(8).fold(0_i64, |number, byte| number << 8 | i64::from(byte));
    let from_bytes = [bytes, bytes >> 16, bytes >> 24].map(|millis| Timestamp::from_unix_millis(millis).ok());
    let from_json = serde_json::from_str::<Timestamp>(text).ok();
    for time in [text.parse().ok(), from_json].into_iter().chain(from_bytes).flatten() {
        ensure_eq!(time.to_string().parse(), Ok(time));
        let written = time.to_proto_json();
        ensure!(Timestamp::is_rfc3339(&time.to_string()), "{time}");
        ensure!(written.parse() == Ok(time) || time.to_string().starts_with("0000"), "{written}");
        let seconds: Timestamp = serde_json::from_str(&time.to_seconds()).map_err(|wrong| wrong.to_string())?;
        ensure!(seconds <= time, "{seconds} for {time}");
    }
    Timestamp::is_proto_json(text);
    Ok(())
}

/// What is no record of an audit is refused; what is one is written as it was read, and applied to anything or refused.
fn record(text: &[u8]) -> Law {
    let Ok(audit) = Audit::from_record(text) else { return Ok(()) };
    let again = Audit::from_record(audit.to_record().as_bytes()).map_err(|wrong| wrong.to_string())?;
    ensure!(again == audit, "{}", audit.to_record());
    let most = laws::telling::TIMES * text.len() + laws::telling::BESIDE;
    let shown = [audit.to_string(), audit.changes().to_string(), audit.to_json(), audit.inverted().to_json()];
    ensure!(shown.iter().all(|shown| shown.len() <= most), "longer than {most} bytes");
    for user in ["{}", r#"{"a":{"b":[1,2]}}"#, &String::from_utf8_lossy(text)] {
        if let Ok(after) = audit.apply(user) {
            laws::telling::is_json(
                &Json::parse(after.as_bytes(), &Limits::STORED)
                    .map_err(|wrong| wrong.to_string())?
                    .compact()
                    .to_string(),
            )?;
        }
    }
    Ok(())
}
