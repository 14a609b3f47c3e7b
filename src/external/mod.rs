//! What other people's code meets, a feature a module. It rests on everything else, and nothing rests on it.

#[cfg(feature = "axum")]
pub mod axum;
#[cfg(feature = "conformance")]
pub mod conformance;
#[cfg(feature = "http")]
pub mod http;
