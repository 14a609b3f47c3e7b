//! The last requests, for the page.

use std::{
    collections::VecDeque,
    sync::{Mutex, PoisonError},
};

use crate::engine::{ObjectWriter, Timestamp, write_array};

/// How many requests are remembered.
const KEPT: usize = 100;

/// The last requests.
#[derive(Default)]
pub(super) struct Requests(Mutex<VecDeque<Entry>>);

/// A request: no body, no query, no header.
pub(super) struct Entry {
    pub(super) time: Option<Timestamp>,
    pub(super) method: String,
    pub(super) path: String,
    pub(super) status: u16,
    pub(super) millis: f64,
}

impl Requests {
    pub(super) fn add(&self, entry: Entry) {
        let mut entries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if entries.len() >= KEPT {
            entries.pop_front();
        }
        entries.push_back(entry);
    }

    /// The last requests, the latest first, as a JSON array.
    pub(super) fn json(&self) -> String {
        let entries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut out = String::new();
        write_array(&mut out, entries.iter().rev(), |out, entry| {
            let mut writer = ObjectWriter::new(out);
            writer.string("time", &entry.time.map(Timestamp::to_proto_json).unwrap_or_default());
            writer.string("method", &entry.method);
            writer.string("path", &entry.path);
            writer.plain("status").push_str(&entry.status.to_string());
            writer.plain("ms").push_str(&format!("{:.3}", entry.millis));
            writer.end();
        });
        out
    }
}
