//! What other people's code meets, a feature a folder. It rests on everything else, and nothing rests on it.

#[cfg(feature = "conformance")]
pub mod conformance;
