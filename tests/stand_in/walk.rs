//! Walks of many requests, each reply of which is held against the library in memory.

use proptest::{
    strategy::{BoxedStrategy, Strategy, ValueTree},
    test_runner::TestRunner,
};
use user_patch::{
    elastic,
    engine::{Json, Limits},
    fireworks,
    proptest::{Draft, Strategies, drafts, users},
    report::{Diff, Reply},
    trusted_twin,
    vendor::{Elastic, Fireworks, TrustedTwin},
};

use super::client::{Answer, Client, Server, encoded};

/// How many users there are at first.
const USERS: usize = 8;

/// What the walk has to know of a vendor.
trait Walked: Strategies {
    /// Who asks, and at what time: the same in the stand-in and in memory.
    const CONTEXT: &'static str;

    /// The seed of these users.
    fn seed(users: &[String]) -> String;

    /// The key that updates a user, and the path of the user.
    fn way(id: &str) -> (String, String);

    /// The name of one of the first users.
    fn name(at: usize) -> String;

    /// The key, the path and the body that make a user. `free` is a name that nobody has.
    fn making(free: &str, body: &str) -> (String, String, String);

    /// What the library makes of it: the user and its name, or the refusal. What the stand-in alone knows is taken from its
    /// answer.
    fn created(free: &str, body: &str, answer: &Answer, ctx: &Self::Context) -> (Option<(String, Self::User)>, Reply);
}

impl Walked for Fireworks {
    const CONTEXT: &'static str = r#"{"admin":true,"now":"2026-02-03T04:05:06.789Z"}"#;

    fn seed(users: &[String]) -> String {
        let users: Vec<_> =
            users.iter().enumerate().map(|(at, user)| format!(r#""accounts/acme/users/u{at}":{user}"#)).collect();
        let context = Self::CONTEXT;
        format!(r#"{{"fireworks":{{"callers":[{{"key":"k","context":{context}}}],"users":{{{}}}}}}}"#, users.join(","))
    }

    fn way(id: &str) -> (String, String) {
        ("Bearer k".to_owned(), format!("/v1/accounts/acme/users/{id}"))
    }

    fn name(at: usize) -> String {
        format!("u{at}")
    }

    fn making(free: &str, body: &str) -> (String, String, String) {
        ("Bearer k".to_owned(), format!("/v1/accounts/acme/users?userId={free}"), body.to_owned())
    }

    fn created(
        free: &str,
        body: &str,
        _: &Answer,
        ctx: &fireworks::Context,
    ) -> (Option<(String, fireworks::User)>, Reply) {
        let made =
            fireworks::Patch::parse(body.as_bytes(), ctx).and_then(|patch| patch.create("acme", Some(free), ctx));
        match made {
            Ok((user, _)) => {
                let reply = user.reply(ctx);
                (Some((free.to_owned(), user)), reply)
            }
            Err(violations) => (None, violations.reply()),
        }
    }
}

impl Walked for TrustedTwin {
    const CONTEXT: &'static str = r#"{"statement":{"effect":"deny","actions":[]},"trace":"a1b2","now":1700000000.123}"#;

    fn seed(users: &[String]) -> String {
        let users: Vec<_> =
            users.iter().enumerate().map(|(at, user)| format!(r#""{}":{user}"#, Self::name(at))).collect();
        let context = Self::CONTEXT;
        format!(
            r#"{{"trustedTwin":{{"account":"3d0d8f2c-6d3b-4a65-8b0e-6d4a5b7c8d9e","callers":[{{"key":"k","context":{context}}}],"users":{{{}}}}}}}"#,
            users.join(",")
        )
    }

    fn way(id: &str) -> (String, String) {
        ("k".to_owned(), format!("/users/{id}"))
    }

    fn name(at: usize) -> String {
        format!("00000000-0000-4000-8000-{at:012}")
    }

    fn making(_: &str, body: &str) -> (String, String, String) {
        ("k".to_owned(), "/users".to_owned(), body.to_owned())
    }

    fn created(
        _: &str,
        body: &str,
        answer: &Answer,
        ctx: &trusted_twin::Context,
    ) -> (Option<(String, trusted_twin::User)>, Reply) {
        // The UUID of the new user.
        let reply = Json::parse(&answer.body, &Limits::STORED).unwrap();
        let uuid =
            reply.members().find(|(name, _)| name == "uuid").and_then(|(_, uuid)| Some(uuid.as_str()?.into_owned()));
        let uuid = uuid.unwrap_or("00000000-0000-4000-8000-000000000000".to_owned());
        let mut user = trusted_twin::User::new(&uuid, "00000000-0000-0000-0000-000000000000").unwrap();
        for (name, value) in [
            ("account", r#""3d0d8f2c-6d3b-4a65-8b0e-6d4a5b7c8d9e""#),
            ("created_ts", "1700000000.123"),
            ("updated_ts", "1700000000.123"),
        ] {
            let value = Json::parse(value.as_bytes(), &Default::default()).unwrap();
            user = user.with(&[name], value).unwrap();
        }
        let patch = match trusted_twin::Patch::parse(body.as_bytes(), ctx) {
            Ok(patch) => patch,
            Err(violations) => return (None, violations.reply(ctx)),
        };
        let has_role = patch.mentioned().any(|member| member.as_str() == "/role");
        match patch.apply(&mut user, ctx) {
            Err(violations) => (None, violations.reply(ctx)),
            Ok(_) if !has_role => {
                let body =
                    r#"{"subcode":"400589","trace":"a1b2","description":"/role: must be there, a hyphenated UUID"}"#;
                let mut reply = user.reply();
                (reply.status, reply.body) = (400, body.to_owned());
                (None, reply)
            }
            Ok(_) => {
                let mut reply = user.reply();
                reply.status = 201;
                (Some((uuid, user)), reply)
            }
        }
    }
}

impl Walked for Elastic {
    const CONTEXT: &'static str = r#"{"assignableRoles":["ece_platform_admin","ece_platform_viewer","ece_deployment_manager","ece_deployment_viewer"],"actor":"walker","now":"2026-02-03T04:05:06.789Z"}"#;

    /// A caller for each user, since they update themselves, and an admin who makes others.
    fn seed(users: &[String]) -> String {
        let context = Self::CONTEXT;
        let callers: Vec<_> = (0..USERS)
            .map(|at| format!(r#"{{"key":"k{at}","user":"u{at}","context":{context}}}"#))
            .chain([format!(r#"{{"key":"k","user":"admin","context":{context}}}"#)])
            .collect();
        let users: Vec<_> = users
            .iter()
            .enumerate()
            .map(|(at, user)| format!(r#""u{at}":{user}"#))
            .chain([r#""admin":{"user_name":"admin","security":{"roles":["ece_platform_admin"]}}"#.to_owned()])
            .collect();
        format!(r#"{{"elastic":{{"callers":[{}],"users":{{{}}}}}}}"#, callers.join(","), users.join(","))
    }

    fn way(id: &str) -> (String, String) {
        match id.strip_prefix('u') {
            Some(at) => (format!("ApiKey k{at}"), "/api/v1/user".to_owned()),
            None => ("ApiKey k".to_owned(), format!("/api/v1/users/{id}")),
        }
    }

    fn name(at: usize) -> String {
        format!("u{at}")
    }

    fn making(free: &str, body: &str) -> (String, String, String) {
        let named = match body {
            "{}" => format!(r#"{{"user_name":"{free}"}}"#),
            // One that has a name already has it twice then.
            _ => body.replacen('{', &format!(r#"{{"user_name":"{free}","#), 1),
        };
        ("ApiKey k".to_owned(), "/api/v1/users".to_owned(), named)
    }

    fn created(free: &str, body: &str, _: &Answer, ctx: &elastic::Context) -> (Option<(String, elastic::User)>, Reply) {
        let new = format!(
            r#"{{"user_name":"{free}","security":{{"enabled":true,"security_realm":{{"id":"native","type":"native"}}}},"builtin":false,"metadata":{{"created_at":"2026-02-03T04:05:06.789Z"}}}}"#
        );
        let mut user = elastic::User::from_json(new.as_bytes()).unwrap();
        let patch = match elastic::Patch::parse(body.as_bytes(), ctx) {
            Ok(patch) => patch,
            Err(violations) => return (None, violations.reply()),
        };
        // An admin may make one who is not enabled, which the update model allows nobody but the admin's own self.
        let decided = patch.apply(&mut user, ctx).or_else(|refused| {
            let is_allowed = refused.iter().all(|violation| violation.refusal() == elastic::Refusal::EnabledRestricted);
            if !is_allowed {
                return Err(refused);
            }
            user = user.with(&["security", "enabled"], false).unwrap();
            let applied = patch.apply(&mut user, ctx)?;
            if applied.changed().is_empty() {
                user = user.with(&["metadata", "updated_by"], "walker").unwrap();
                user = user.with(&["metadata", "updated_at"], "2026-02-03T04:05:06.789Z").unwrap();
            }
            Ok(applied)
        });
        match decided {
            Ok(_) => {
                let reply = user.reply();
                (Some((free.to_owned(), user)), reply)
            }
            Err(violations) => (None, violations.reply()),
        }
    }
}

/// A user in memory, and as it was before its last update.
struct Mirror<M: Walked> {
    id: String,
    user: M::User,
    before: Option<M::User>,
}

/// What came of a walk.
#[derive(Debug, Default)]
struct Counts {
    created: usize,
    read: usize,
    accepted: usize,
    refused: usize,
    undone: usize,
}

struct Walk<M: Walked> {
    client: Client,
    runner: TestRunner,
    drafts: BoxedStrategy<Draft<M>>,
    numbers: BoxedStrategy<usize>,
    ctx: M::Context,
    users: Vec<Mirror<M>>,
    counts: Counts,
}

impl<M: Walked> Walk<M> {
    fn some(&mut self) -> usize {
        self.numbers.new_tree(&mut self.runner).unwrap().current()
    }

    #[track_caller]
    fn same(answer: &Answer, reply: &Reply, asked: &dyn std::fmt::Debug) {
        let told = answer.header("x-cloud-error-codes");
        let expected = reply.headers.first().map(|(_, value)| &**value);
        assert_eq!((answer.status, answer.text(), told), (reply.status, &*reply.body, expected), "{asked:?}");
    }

    fn send(&mut self, (key, method, path): (&str, &str, &str), body: &[u8]) -> Answer {
        self.client.send(method, path, &[("authorization", key)], body)
    }

    fn step(&mut self, number: usize) {
        let at = self.some() % self.users.len();
        match self.some() % 10 {
            0 => self.create(at, number),
            1 | 2 => self.read(at),
            3 | 4 => self.undo(at),
            _ => self.update(at),
        }
    }

    fn read(&mut self, at: usize) {
        let (key, path) = M::way(&self.users[at].id);
        let answer = self.send((&key, "GET", &path), b"");
        Self::same(&answer, &M::accepted(&self.users[at].user, &self.ctx), &path);
        self.counts.read += 1;
    }

    /// A made-up update, that of another user's state, or none.
    fn update(&mut self, at: usize) {
        let draft = self.drafts.new_tree(&mut self.runner).unwrap().current();
        let request = draft.request(&self.users[at].user, &self.ctx);
        let (key, path) = M::way(&self.users[at].id);
        let path = match request.mask.as_deref() {
            // In a query, a mask without a path is none.
            Some("") => return,
            Some(mask) => format!("{path}?updateMask={}", encoded(mask)),
            None => path,
        };
        let answer = self.send((&key, "PATCH", &path), &request.body);
        Self::same(&answer, &request.reply(), &request);
        match request.decide() {
            Ok((user, _)) => {
                let mirror = &mut self.users[at];
                mirror.before = Some(std::mem::replace(&mut mirror.user, user));
                self.counts.accepted += 1;
            }
            Err(_) => self.counts.refused += 1,
        }
    }

    /// The way back from the last update, where there is one.
    fn undo(&mut self, at: usize) {
        let Mirror { id, user, before } = &self.users[at];
        let Some(before) = before else { return self.read(at) };
        let Ok(Diff::Patch(back)) = M::undo(before, user, &self.ctx) else { return self.read(at) };
        let (key, path) = M::way(id);
        let path = match M::explicit_mask(&back) {
            Some(mask) => format!("{path}?updateMask={}", encoded(&mask)),
            None => path,
        };
        // What is sent is the text, and so is what is decided.
        let (body, mut undone) = (M::patch_json(&back), user.clone());
        let masked = M::explicit_mask(&back).and_then(|mask| M::parse_masked(body.as_bytes(), &mask, &self.ctx));
        let sent = masked.unwrap_or_else(|| M::parse(body.as_bytes(), &self.ctx));
        let decided = sent.and_then(|back| M::apply(&back, &mut undone, &self.ctx));
        let expected = match &decided {
            Ok(_) => M::accepted(&undone, &self.ctx),
            Err(violations) => M::refused(violations, &self.ctx),
        };
        let answer = self.send((&key, "PATCH", &path), body.as_bytes());
        Self::same(&answer, &expected, &body);
        self.users[at] = Mirror { id: self.users[at].id.clone(), user: undone, before: None };
        self.counts.undone += 1;
    }

    fn create(&mut self, at: usize, number: usize) {
        let draft = self.drafts.new_tree(&mut self.runner).unwrap().current();
        let request = draft.request(&self.users[at].user, &self.ctx);
        let free = format!("new-{number}");
        let (key, path, body) = M::making(&free, std::str::from_utf8(&request.body).unwrap());
        let answer = self.send((&key, "POST", &path), body.as_bytes());
        let (made, reply) = M::created(&free, &body, &answer, &self.ctx);
        Self::same(&answer, &reply, &body);
        if let Some((id, user)) = made {
            self.counts.created += 1;
            // One who only reads has to find it, and the next walk on it goes on from there.
            let (key, path) = M::way(&id);
            let answer = self.send((&key, "GET", &path), b"");
            Self::same(&answer, &M::accepted(&user, &self.ctx), &path);
            if M::VENDOR != user_patch::vendor::Vendor::Elastic {
                let mirror = Mirror { id, user, before: None };
                if self.users.len() < 4 * USERS { self.users.push(mirror) } else { self.users[at] = mirror }
            }
        } else {
            self.counts.refused += 1;
        }
    }
}

fn walk<M: Walked>(steps: usize) {
    let mut runner = TestRunner::deterministic();
    let stored: Vec<_> = (0..USERS).map(|_| users::<M>().new_tree(&mut runner).unwrap().current()).collect();
    let texts: Vec<_> = stored.iter().map(|user| user.text().to_owned()).collect();
    let server = Server::seeded(&M::seed(&texts));
    let users = stored.into_iter().enumerate().map(|(at, user)| {
        // A stored user as the stand-in reads it.
        let user = M::user(M::user_json(&user.into_user()).as_bytes()).unwrap();
        Mirror { id: M::name(at), user, before: None }
    });
    let mut walk = Walk::<M> {
        client: server.client(),
        runner,
        drafts: drafts::<M>(),
        numbers: (0_usize..1 << 20).boxed(),
        ctx: serde_json::from_str(M::CONTEXT).unwrap(),
        users: users.collect(),
        counts: Counts::default(),
    };
    for number in 0..steps {
        walk.step(number);
    }
    println!("{}: {steps} steps, {:?}", M::VENDOR, walk.counts);
    let Counts { created, read, accepted, refused, undone } = walk.counts;
    for count in [created, read, accepted, refused, undone] {
        assert!(count > steps / 100, "each kind of step is taken: {:?}", walk.counts);
    }
}

#[test]
fn fireworks_agrees_with_the_library_step_by_step() {
    walk::<Fireworks>(1500);
}

#[test]
fn trusted_twin_agrees_with_the_library_step_by_step() {
    walk::<TrustedTwin>(1500);
}

#[test]
fn elastic_agrees_with_the_library_step_by_step() {
    walk::<Elastic>(1500);
}

/// `cargo test --release --all-features --test stand_in -- --ignored --nocapture a_hundred_thousand`
#[test]
#[ignore = "a hundred thousand steps, in a minute of a release build"]
fn a_hundred_thousand_steps_agree_with_the_library() {
    walk::<Fireworks>(34_000);
    walk::<TrustedTwin>(33_000);
    walk::<Elastic>(33_000);
}
