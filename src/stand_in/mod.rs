//! The vendors' endpoints on one port, with users that are kept: what a client is tested against.
//!
//! A [`StandIn`] runs in the process of a test, on a free port, or as the command `user-patch serve`. Every update is decided by
//! the [models](crate::vendor) of this crate; what is around them (keys, paths, lists, new users) is answered in the vendors'
//! voices too. Users are in SQLite, in memory or in a [file](Data); who is let in says the [`Seed`].
//!
#![doc = include_str!("../../docs/stand-in.md")]

mod app;
mod asked;
mod config;
mod elastic;
mod faults;
mod field;
mod filter;
mod fireworks;
mod listing;
mod log;
mod login;
mod own;
mod page;
mod passwords;
mod requests;
mod rest;
mod running;
mod seed;
mod served;
mod sessions;
mod store;
mod trusted_twin;

pub use config::{Config, Data};
pub use running::{Running, StandIn, StartError};
pub use seed::{InvalidSeed, Seed};
