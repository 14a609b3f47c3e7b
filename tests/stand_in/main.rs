//! The stand-in, asked over HTTP: each endpoint of each vendor, the pages' cases, walks of many requests, many at the same time.

// The helpers of a test may stop where it is wrong, as the test itself may.
#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

mod cases;
mod client;
mod command;
mod elastic;
mod faults;
mod fireworks;
mod kept;
mod load;
mod outside;
mod process;
mod together;
mod trusted_twin;
mod walk;
