//! What other people's code meets, a feature a module. It rests on everything else, and nothing rests on it.

#[cfg(feature = "arbitrary")]
pub mod arbitrary;
#[cfg(feature = "axum")]
pub mod axum;
#[cfg(feature = "conformance")]
pub mod conformance;
#[cfg(feature = "http")]
pub mod http;
#[cfg(feature = "proptest")]
pub mod proptest;
#[cfg(any(feature = "arbitrary", feature = "proptest"))]
mod request;
