//! A stand-in that runs, and a client of it that sends any bytes.

use std::{
    io::{self, BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpStream},
    sync::OnceLock,
};

use serde_json::Value;
use tokio::runtime::Runtime;
use user_patch::stand_in::{Config, Running, Seed, StandIn};

/// The runtime of all stand-ins.
pub(crate) fn runtime() -> &'static Runtime {
    static RUNTIME: OnceLock<Runtime> = OnceLock::new();
    RUNTIME.get_or_init(|| tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap())
}

/// A stand-in that runs until it is dropped.
pub(crate) struct Server(Option<Running>);

impl Server {
    pub(crate) fn of(config: Config) -> Self {
        Self(Some(runtime().block_on(StandIn::new(config).start()).unwrap()))
    }

    pub(crate) fn new() -> Self {
        Self::of(Config::default())
    }

    pub(crate) fn seeded(seed: &str) -> Self {
        Self::of(seeded(seed))
    }

    pub(crate) fn addr(&self) -> SocketAddr {
        self.0.as_ref().unwrap().addr()
    }

    pub(crate) fn client(&self) -> Client {
        Client::of(self.addr())
    }

    /// Stops it, and waits until it has.
    pub(crate) fn stop(mut self) {
        runtime().block_on(self.0.take().unwrap().shutdown());
    }
}

pub(crate) fn seeded(seed: &str) -> Config {
    let mut config = Config::default();
    config.seed = Seed::from_json(seed.as_bytes()).unwrap_or_else(|wrong| panic!("{wrong}\n{seed}"));
    config
}

/// One connection.
pub(crate) struct Client {
    addr: SocketAddr,
    stream: BufReader<TcpStream>,
    /// What each request has: the key, the type of the body.
    pub(crate) headers: Vec<(String, String)>,
}

/// A response.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }

    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|wrong| panic!("{wrong}: {}", self.text()))
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| &**value)
    }

    /// The status, and whether the body has this text.
    #[track_caller]
    pub(crate) fn is(&self, status: u16, part: &str) -> &Self {
        assert_eq!(self.status, status, "{}", self.text());
        assert!(self.text().contains(part), "{part} is not in {}", self.text());
        self
    }
}

impl Client {
    pub(crate) fn of(addr: SocketAddr) -> Self {
        let headers = vec![("content-type".to_owned(), "application/json".to_owned())];
        Self { addr, stream: connected(addr), headers }
    }

    /// The same, with a key in the vendor's form.
    pub(crate) fn with_key(mut self, authorization: &str) -> Self {
        self.headers.push(("authorization".to_owned(), authorization.to_owned()));
        self
    }

    pub(crate) fn get(&mut self, path: &str) -> Answer {
        self.send("GET", path, &[], b"")
    }

    pub(crate) fn patch(&mut self, path: &str, body: &str) -> Answer {
        self.send("PATCH", path, &[], body.as_bytes())
    }

    pub(crate) fn post(&mut self, path: &str, body: &str) -> Answer {
        self.send("POST", path, &[], body.as_bytes())
    }

    pub(crate) fn delete(&mut self, path: &str) -> Answer {
        self.send("DELETE", path, &[], b"")
    }

    pub(crate) fn send(&mut self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
        self.try_send(method, path, headers, body).unwrap()
    }

    /// The answer, or why there is none: the stand-in may be gone.
    pub(crate) fn try_send(
        &mut self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> io::Result<Answer> {
        let mut head = format!("{method} {path} HTTP/1.1\r\nhost: {}\r\ncontent-length: {}\r\n", self.addr, body.len());
        for (name, value) in &self.headers {
            if !headers.iter().any(|(other, _)| other == name) {
                head.push_str(&format!("{name}: {value}\r\n"));
            }
        }
        for (name, value) in headers.iter().filter(|(_, value)| !value.is_empty()) {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        head.push_str("\r\n");
        let mut bytes = head.into_bytes();
        bytes.extend_from_slice(body);
        self.stream.get_mut().write_all(&bytes)?;
        let answer = self.answer(method == "HEAD")?;
        if answer.header("connection") == Some("close") {
            self.stream = connected(self.addr);
        }
        Ok(answer)
    }

    fn answer(&mut self, is_head: bool) -> io::Result<Answer> {
        let first = self.line()?;
        let status = first.split(' ').nth(1).and_then(|status| status.parse().ok());
        let status = status.ok_or(io::ErrorKind::UnexpectedEof)?;
        let mut headers = Vec::new();
        loop {
            let line = self.line()?;
            let Some((name, value)) = line.split_once(": ") else { break };
            headers.push((name.to_ascii_lowercase(), value.to_owned()));
        }
        let length =
            headers.iter().find(|(name, _)| name == "content-length").map(|(_, length)| length.parse().unwrap());
        let mut body = vec![0; length.filter(|_| !is_head).unwrap_or(0)];
        self.stream.read_exact(&mut body)?;
        Ok(Answer { status, headers, body })
    }

    fn line(&mut self) -> io::Result<String> {
        let mut line = String::new();
        self.stream.read_line(&mut line)?;
        Ok(line.trim_end().to_owned())
    }
}

fn connected(addr: SocketAddr) -> BufReader<TcpStream> {
    let stream = TcpStream::connect(addr).unwrap();
    stream.set_nodelay(true).unwrap();
    BufReader::new(stream)
}

/// A text as a part of a path or a query.
pub(crate) fn encoded(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' => char::from(byte).to_string(),
            _ => format!("%{byte:02X}"),
        })
        .collect()
}
