//! The command under load, and killed in the middle of it. `tests/stand_in/run_load` runs this and prints the figures.

use std::{
    env, thread,
    time::{Duration, Instant},
};

use super::{
    client::Client,
    process::{Folder, Process},
};

const CONNECTIONS: usize = 64;

fn created(client: &mut Client) -> String {
    let answer = client.post("/users", r#"{"role":"5b1c7f5a-2d3e-4c7b-9a52-0f6a1e3d9c10"}"#);
    answer.is(201, "uuid");
    format!("/users/{}", answer.json()["uuid"].as_str().unwrap())
}

/// The counters that a reply of the shared user has, by their connections.
fn counters(text: &str) -> Vec<u64> {
    let user: serde_json::Value = serde_json::from_str(text).unwrap();
    (0..CONNECTIONS).map(|number| user[format!("c{number}")].as_u64().unwrap_or(0)).collect()
}

/// What one connection saw.
#[derive(Default)]
struct Seen {
    latencies: Vec<Duration>,
    accepted: u64,
    refused: u64,
    replies: Vec<Vec<u64>>,
    shared: u64,
    own: u64,
}

/// In turn: an update of the shared user, one of its own, one that is refused.
fn connection(process: &Process, number: usize, until: Instant) -> impl FnOnce() -> Seen + Send + use<> {
    let (mut elastic, mut trusted_twin) = (process.elastic(), process.trusted_twin());
    move || {
        let own = created(&mut trusted_twin);
        let mut seen = Seen::default();
        while Instant::now() < until {
            let mut timed = |client: &mut Client, path: &str, body: &str, status: u16| {
                let begin = Instant::now();
                let answer = client.patch(path, body);
                seen.latencies.push(begin.elapsed());
                assert_eq!(answer.status, status, "{}", answer.text());
                answer
            };
            let answer = timed(&mut elastic, "/api/v1/user", &format!(r#"{{"c{number}":{}}}"#, seen.shared + 1), 200);
            let answer_own =
                timed(&mut trusted_twin, &own, &format!(r#"{{"description":{{"n":{}}}}}"#, seen.own + 1), 200);
            match seen.own % 2 {
                0 => timed(&mut elastic, "/api/v1/user", &format!(r#"{{"c{number}":0,"builtin":true}}"#), 400),
                _ => timed(&mut trusted_twin, &own, r#"{"description":{"N":0}}"#, 400),
            };
            answer_own.is(200, &format!(r#""n":{}"#, seen.own + 1));
            seen.replies.push(counters(answer.text()));
            seen.shared += 1;
            seen.own += 1;
            seen.accepted += 2;
            seen.refused += 1;
        }
        trusted_twin.get(&own).is(200, &format!(r#"{{"n":{}}}"#, seen.own));
        seen
    }
}

#[test]
#[ignore = "half a minute of load; tests/stand_in/run_load"]
fn under_load_nothing_is_lost() {
    let seconds = env::var("LOAD_SECONDS").ok().and_then(|text| text.parse().ok()).unwrap_or(30);
    let folder = Folder::new("load");
    let process = Process::start(&folder.0);
    thread::sleep(Duration::from_millis(500));
    let idle = process.resident();
    let lone = alone(&process);
    let begin = Instant::now();
    let until = begin + Duration::from_secs(seconds);
    let connections: Vec<_> =
        (0..CONNECTIONS).map(|number| thread::spawn(connection(&process, number, until))).collect();
    let seen: Vec<Seen> = connections.into_iter().map(|connection| connection.join().unwrap()).collect();
    let elapsed = begin.elapsed();

    // The accepted updates of the shared user, each of which adds one to one counter, have one order.
    let mut replies: Vec<&Vec<u64>> = seen.iter().flat_map(|seen| &seen.replies).collect();
    replies.sort_by_key(|reply| reply.iter().sum::<u64>());
    let mut before = &vec![0; CONNECTIONS];
    for (at, reply) in replies.into_iter().enumerate() {
        assert_eq!(reply.iter().sum::<u64>(), at as u64 + 1, "an update is lost");
        assert_eq!(before.iter().zip(reply).filter(|(before, after)| before != after).count(), 1);
        before = reply;
    }
    let last = counters(process.elastic().get("/api/v1/user").text());
    assert_eq!(last, seen.iter().map(|seen| seen.shared).collect::<Vec<_>>());

    let mut latencies: Vec<_> = seen.iter().flat_map(|seen| seen.latencies.iter().copied()).collect();
    latencies.sort_unstable();
    println!("started in {:.1} ms, idle at {:.1} MB", millis(process.started_in), idle as f64 / 1024.0);
    println!("one connection: {}", told(&lone));
    let per_second = latencies.len() as f64 / elapsed.as_secs_f64();
    println!("{CONNECTIONS} connections: {}, {per_second:.0} requests a second", told(&latencies));
    let [accepted, refused] =
        [|seen: &Seen| seen.accepted, |seen: &Seen| seen.refused].map(|count| seen.iter().map(count).sum::<u64>());
    println!(
        "{accepted} accepted, {refused} refused, 0 others; {:.1} MB afterwards",
        process.resident() as f64 / 1024.0
    );
    process.kill();
}

/// The latencies of updates one after the other.
fn alone(process: &Process) -> Vec<Duration> {
    let mut client = process.trusted_twin();
    let own = created(&mut client);
    let mut latencies: Vec<_> = (0..2000)
        .map(|number| {
            let begin = Instant::now();
            let answer = client.patch(&own, &format!(r#"{{"description":{{"n":{number}}}}}"#));
            let latency = begin.elapsed();
            assert_eq!(answer.status, 200);
            latency
        })
        .collect();
    latencies.sort_unstable();
    latencies
}

fn millis(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1000.0
}

fn told(sorted: &[Duration]) -> String {
    let at = |share: f64| millis(sorted[((sorted.len() - 1) as f64 * share) as usize]);
    format!("p50 {:.3} ms, p99 {:.3} ms", at(0.5), at(0.99))
}

/// Counts up until the stand-in is gone. Gives what was acknowledged last and what was sent last, of the shared user and of the
/// own one.
fn until_gone(mut client: Client, path: String, body: impl Fn(u64) -> String, from: u64) -> (u64, u64) {
    let mut acknowledged = from;
    loop {
        match client.try_send("PATCH", &path, &[], body(acknowledged + 1).as_bytes()) {
            Ok(answer) => {
                assert_eq!(answer.status, 200);
                acknowledged += 1;
            }
            Err(_) => return (acknowledged, acknowledged + 1),
        }
    }
}

#[test]
#[ignore = "kills the command twenty times; tests/stand_in/run_load"]
fn what_was_acknowledged_is_there_after_a_kill() {
    const WRITERS: usize = 8;
    let folder = Folder::new("kill");
    let mut own: Vec<String> = Vec::new();
    // What is known to be there, of the shared user and of each own one.
    let (mut shared, mut kept) = ([0; WRITERS], [0; WRITERS]);
    let mut acknowledged = 0;
    for round in 0..20 {
        let process = Process::start(&folder.0);
        if own.is_empty() {
            own = (0..WRITERS).map(|_| created(&mut process.trusted_twin())).collect();
        }
        let writers: Vec<_> = (0..WRITERS)
            .map(|number| {
                let (client, from) = (process.elastic(), shared[number]);
                let body = move |count| format!(r#"{{"c{number}":{count}}}"#);
                let shared = thread::spawn(move || until_gone(client, "/api/v1/user".to_owned(), body, from));
                let (client, path, from) = (process.trusted_twin(), own[number].clone(), kept[number]);
                let body = |count| format!(r#"{{"description":{{"n":{count}}}}}"#);
                (shared, thread::spawn(move || until_gone(client, path, body, from)))
            })
            .collect();
        thread::sleep(Duration::from_millis(100 + 37 * (round % 7)));
        process.kill();
        let seen: Vec<_> =
            writers.into_iter().map(|(shared, own)| (shared.join().unwrap(), own.join().unwrap())).collect();

        let database = rusqlite::Connection::open(folder.0.join("users.sqlite")).unwrap();
        let check: String = database.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
        assert_eq!(check, "ok");
        drop(database);

        let process = Process::start(&folder.0);
        let counters = counters(process.elastic().get("/api/v1/user").text());
        for (number, ((least, most), (own_least, own_most))) in seen.into_iter().enumerate() {
            assert!((least..=most).contains(&counters[number]), "round {round}: an acknowledged update is gone");
            acknowledged += least - shared[number] + own_least - kept[number];
            shared[number] = counters[number];
            let user = process.trusted_twin().get(&own[number]).json();
            kept[number] = user["description"]["n"].as_u64().unwrap_or(0);
            assert!((own_least..=own_most).contains(&kept[number]), "round {round}: an acknowledged update is gone");
        }
        process.kill();
    }
    println!("killed 20 times amid {acknowledged} acknowledged updates: each is there, and the database is sound");
}
