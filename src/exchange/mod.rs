//! A request and its decision as text: what the command line's `batch` and a test in another language speak.
//!
//! A request is a JSON object:
//!
//! ```text
//! {"id": any, "vendor": "fireworks" | "trusted-twin" | "elastic", "op": "apply", "user": {…}, "patch": {…}, "context": {…}}
//! ```
//!
//! | `op` | members beside `id`, `vendor` and `context` | answered by |
//! | --- | --- | --- |
//! | `apply` (default) | `user`, `patch`, `mask` | `status`, `headers`, `body`, `changed`, `notices`, `violations` |
//! | `check` | as `apply` | as `apply`; nothing is done, and an accepted update has no body |
//! | `audit` | as `apply` | `audit`: the RFC 6902 patch |
//! | `create` | `account`, `userId`, `patch` (Fireworks) | as `apply` |
//! | `diff` | `from`, `to` | `patch` (and `mask`), `unchanged`, or `unreachable` |
//! | `undo` | `from` (before the update), `to` (after it) | as `diff`: the patch that leads back |
//! | `then` | `patch`, `mask`, `next`, `nextMask` | `patch` (and `mask`), or `notComposable` |
//! | `rebase` | `base`, `patch`, `mask`, `theirs` | `patch` (and `mask`), `unchanged`, or `conflicts` |
//!
//! `patchText`, a string, stands in for `patch` where the body is not JSON. `mask` and `nextMask` are for Fireworks. `id` comes
//! back as it was sent. A list that was capped has `"omitted":N` beside it. What is no request is answered by
//! `{"id":…,"error":"…","line":N}`.
//!
//! ```
//! use user_patch::exchange::{Verdict, answer};
//!
//! let answer = answer(1, br#"{"id":7,"vendor":"fireworks","user":{"role":"user"},"patch":{"role":"root"}}"#);
//! assert_eq!(answer.verdict, Verdict::Refused);
//! assert!(answer.line.starts_with(r#"{"id":7,"status":400,"#));
//! ```

mod decision;
mod part;
mod question;
mod request;

pub use decision::{Decision, Verdict};
pub use part::{InvalidPart, Part};
pub use question::{Pair, Question, Update};
pub use request::{Answer, answer, error};
