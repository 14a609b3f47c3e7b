//! Merge patches. The bytes are up to three documents separated by NUL: a target, a patch, and the patch that follows.

use super::{holds, laws};

/// Every law, with every choice of the documents that can be read.
pub fn run(data: &[u8]) {
    let texts: Vec<_> = data.splitn(3, |&byte| byte == 0).collect();
    holds(laws::merge::hold(&texts), &String::from_utf8_lossy(data));
}
