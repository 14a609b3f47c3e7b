//! What a stand-in is started with.

use std::{
    net::{Ipv4Addr, SocketAddr},
    path::PathBuf,
    time::Duration,
};

use super::seed::Seed;
use crate::report::Rule;

/// What a stand-in is started with. Default: a free port of the loopback interface, users in memory, the seed of
/// [`Seed::default`], faults on demand.
///
/// ```
/// use user_patch::stand_in::{Config, Data};
///
/// let mut config = Config::default();
/// config.data = Data::File("users.sqlite".into());
/// config.faults = false;
/// assert!(config.addr.ip().is_loopback());
/// ```
#[non_exhaustive]
#[derive(Debug, Clone)]
pub struct Config {
    /// Where it listens. Port 0 is any free one: [`Running::addr`](super::Running::addr) tells which.
    pub addr: SocketAddr,
    /// Where the users are kept.
    pub data: Data,
    /// Whether an update in a file is on the disk before it is answered, so that it is there after a loss of power. An update takes as
    /// long as the disk then; without it, the system has it, which outlives the process.
    pub synced: bool,
    /// Who is let in, and the users of a database that is new.
    pub seed: Seed,
    /// Whether a request may ask for a refusal, an error or a policy by a header.
    pub faults: bool,
    /// How long the token of a login to Elastic is good. An hour, unless a test wants to see one end.
    pub token_lasts: Duration,
    /// A rule that is left out, to see whether a test finds that. What a rule that refuses would refuse alone is answered as
    /// accepted, and changes nothing; without a rule that decides, every update is answered so.
    pub left_out: Option<&'static Rule>,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            addr: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            data: Data::Memory,
            synced: false,
            seed: Seed::default(),
            faults: true,
            token_lasts: Duration::from_secs(60 * 60),
            left_out: None,
        }
    }
}

/// Where the users are kept.
///
/// ```
/// use user_patch::stand_in::Data;
///
/// assert_eq!(Data::default(), Data::Memory);
/// ```
#[non_exhaustive]
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Data {
    /// In memory: they are gone with the stand-in.
    #[default]
    Memory,
    /// In a SQLite database, with its write-ahead log beside it. An update that was answered is there after the process was
    /// killed; with [`Config::synced`] also after a loss of power.
    File(PathBuf),
}
