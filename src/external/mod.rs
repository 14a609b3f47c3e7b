//! The traits of other crates, each behind its feature.

#[cfg(feature = "arbitrary")]
pub mod arbitrary;
#[cfg(feature = "proptest")]
pub mod proptest;
#[cfg(any(feature = "arbitrary", feature = "proptest"))]
mod request;
