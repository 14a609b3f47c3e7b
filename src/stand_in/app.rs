//! What every endpoint of a stand-in has.

use std::{collections::BTreeSet, ops::Deref, sync::Arc};

use super::{passwords::Passwords, requests::Requests, seed::Callers, sessions::Sessions, store::Store};
use crate::{
    elastic,
    report::Rule,
    vendor::{Elastic, Fireworks, TrustedTwin},
};

/// What every endpoint has.
#[derive(Clone)]
pub(super) struct App(pub(super) Arc<Parts>);

pub(super) struct Parts {
    pub(super) store: Store,
    pub(super) requests: Requests,
    pub(super) fireworks: Callers<Fireworks>,
    pub(super) accounts: BTreeSet<String>,
    pub(super) trusted_twin: Callers<TrustedTwin>,
    pub(super) account: String,
    pub(super) elastic: Callers<Elastic>,
    /// The context of one who has logged in.
    pub(super) logged_in: elastic::Context,
    /// Those begin and end within the work on users that is the reason for it, and so in the order of that.
    pub(super) sessions: Arc<Sessions>,
    pub(super) passwords: Passwords,
    pub(super) faults: bool,
    pub(super) left_out: Option<&'static Rule>,
}

impl Deref for App {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}
