//! The three vendors and how they are called outside.

use clap::ValueEnum;
use user_patch::{elastic, fireworks, report::Rule, trusted_twin};

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Vendor {
    Fireworks,
    TrustedTwin,
    Elastic,
}

impl Vendor {
    pub const ALL: [Self; 3] = [Self::Fireworks, Self::TrustedTwin, Self::Elastic];

    /// The name on the command line and in requests.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Fireworks => "fireworks",
            Self::TrustedTwin => "trusted-twin",
            Self::Elastic => "elastic",
        }
    }

    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|vendor| vendor.name() == name)
    }

    /// Whether the vendor knows field masks, and documents how a user is made.
    pub const fn has_mask_and_create(self) -> bool {
        matches!(self, Self::Fireworks)
    }

    pub fn rules(self) -> Box<dyn Iterator<Item = &'static Rule>> {
        match self {
            Self::Fireworks => Box::new(fireworks::rules()),
            Self::TrustedTwin => Box::new(trusted_twin::rules()),
            Self::Elastic => Box::new(elastic::rules()),
        }
    }
}
