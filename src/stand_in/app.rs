//! What every endpoint of a stand-in has.

use std::{collections::BTreeSet, ops::Deref, sync::Arc};

use super::{requests::Requests, seed::Callers, store::Store};
use crate::{
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
    pub(super) faults: bool,
    pub(super) left_out: Option<&'static Rule>,
}

impl Deref for App {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}
