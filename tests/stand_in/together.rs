//! Many at the same time: no update is lost, and the replies fit one order.

use std::{collections::BTreeMap, thread};

use super::client::{Client, Server};

const TASKS: usize = 64;
const UPDATES: usize = 30;

/// What a reply says that each task has written last.
fn counters(text: &str) -> BTreeMap<String, u64> {
    let user: serde_json::Value = serde_json::from_str(text).unwrap();
    let members = user.as_object().unwrap().iter();
    members
        .filter(|(name, _)| name.starts_with("task_"))
        .map(|(name, value)| (name.clone(), value.as_u64().unwrap()))
        .collect()
}

/// Writes 1, 2, 3, … into a member of its own; each third update is one that is refused. Gives the accepted replies.
fn task(mut client: Client, number: usize) -> Vec<BTreeMap<String, u64>> {
    let mut replies = Vec::new();
    for update in 1..=UPDATES {
        let answer = client.patch("/api/v1/user", &format!(r#"{{"task_{number}":{update}}}"#));
        answer.is(200, &format!(r#""task_{number}":{update}"#));
        replies.push(counters(answer.text()));
        if update % 2 == 0 {
            client.patch("/api/v1/user", &format!(r#"{{"task_{number}":0,"user_name":"other"}}"#)).is(400, "user_name");
        }
    }
    replies
}

#[test]
fn sixty_four_on_one_user_lose_nothing() {
    let server = Server::new();
    let tasks: Vec<_> = (0..TASKS)
        .map(|number| {
            let client = server.client().with_key("ApiKey k");
            thread::spawn(move || task(client, number))
        })
        .collect();
    let mut replies: Vec<_> = tasks.into_iter().flat_map(|task| task.join().unwrap()).collect();
    // Each accepted update adds one to one counter: by their sum they have an order, and each follows from the one before.
    replies.sort_by_key(|reply| reply.values().sum::<u64>());
    assert_eq!(replies.len(), TASKS * UPDATES);
    let mut before = BTreeMap::new();
    for (at, reply) in replies.into_iter().enumerate() {
        assert_eq!(reply.values().sum::<u64>(), at as u64 + 1, "an update is in no other reply");
        let moved: Vec<_> = reply.iter().filter(|&(name, value)| before.get(name) != Some(value)).collect();
        assert!(moved.len() == 1 && *moved[0].1 == before.get(moved[0].0).map_or(1, |value| value + 1));
        before = reply;
    }
    let user = server.client().with_key("ApiKey k").get("/api/v1/user");
    assert_eq!(counters(user.text()), before);
    assert!(before.values().all(|&value| value == UPDATES as u64));
}
