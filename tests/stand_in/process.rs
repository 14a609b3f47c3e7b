//! The command `user-patch serve`, as a process.

use std::{
    env, fs,
    net::SocketAddr,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use super::client::Client;

/// The command, with its database and its log in a folder.
pub(crate) struct Process {
    child: Child,
    addr: SocketAddr,
    /// From the start of the process until the page was answered.
    pub(crate) started_in: Duration,
}

impl Process {
    pub(crate) fn start(folder: &Path) -> Self {
        let log = folder.join("log");
        let begin = Instant::now();
        let child = Command::new(env!("CARGO_BIN_EXE_user-patch"))
            .args(["serve", "--addr", "127.0.0.1:0", "--data"])
            .arg(folder.join("users.sqlite"))
            .args(env::var("SERVE_OPTIONS").unwrap_or_default().split_whitespace())
            .stderr(Stdio::from(fs::File::create(&log).unwrap()))
            .spawn()
            .unwrap();
        let addr = loop {
            let told = fs::read_to_string(&log).unwrap();
            if let Some((_, addr)) = told.split_once("listening addr=") {
                if let Some((addr, _)) = addr.split_once('\n') {
                    break addr.parse().unwrap();
                }
            }
            assert!(begin.elapsed() < Duration::from_secs(20), "it listens: {told}");
            thread::sleep(Duration::from_millis(1));
        };
        assert_eq!(Client::of(addr).get("/").status, 200);
        Self { child, addr, started_in: begin.elapsed() }
    }

    pub(crate) fn elastic(&self) -> Client {
        Client::of(self.addr).with_key("ApiKey k")
    }

    pub(crate) fn trusted_twin(&self) -> Client {
        Client::of(self.addr).with_key("k")
    }

    /// The memory that it has in use, in kilobytes.
    pub(crate) fn resident(&self) -> u64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        line.and_then(|line| line.trim().strip_suffix(" kB")?.parse().ok()).unwrap_or(0)
    }

    /// `kill -TERM`: the exit status, and all that it has logged.
    pub(crate) fn terminate(self, folder: &Path) -> (Option<i32>, String) {
        self.signal("-TERM", folder)
    }

    /// Sends a signal that ends it: the exit status, and all that it has logged.
    pub(crate) fn signal(mut self, signal: &str, folder: &Path) -> (Option<i32>, String) {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args([signal, &pid]).status().unwrap().success());
        let status = self.child.wait().unwrap();
        (status.code(), fs::read_to_string(folder.join("log")).unwrap())
    }

    /// `kill -9`.
    pub(crate) fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

pub(crate) struct Folder(pub(crate) PathBuf);

impl Folder {
    pub(crate) fn new(name: &str) -> Self {
        let path = env::temp_dir().join(format!("user-patch-{name}-{}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }
}

/// A process does not outlive the test that failed.
impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}
