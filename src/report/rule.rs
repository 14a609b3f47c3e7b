use std::fmt;

/// One decision of a vendor's update model, with what it rests on.
///
/// ```
/// use user_patch::fireworks;
///
/// for rule in fireworks::rules() {
///     println!("{rule}"); // What it asks, and the words of the page that it rests on.
/// }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Rule {
    /// Names the rule, the same in every version: `fireworks.role.required`.
    pub id: &'static str,
    /// What the rule asks or does, as a sentence without a full stop. A refusal by this rule says it.
    pub says: &'static str,
    /// Whether the rule can refuse a patch.
    pub effect: Effect,
    /// What the rule rests on.
    pub basis: Basis,
    /// The address of the vendor's page that the rule comes from, or that is silent on it.
    pub page: &'static str,
}

/// What a rule can do to a patch.
///
/// ```
/// use user_patch::{report::Effect, trusted_twin};
///
/// let refusing = trusted_twin::rules().filter(|rule| rule.effect == Effect::Refuses);
/// assert!(refusing.count() > 10);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Effect {
    /// Refuse it.
    Refuses,
    /// Say what an accepted patch does.
    Decides,
}

impl Effect {
    /// `refuses` or `decides`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Refuses => "refuses",
            Self::Decides => "decides",
        }
    }
}

/// What a rule rests on.
///
/// ```
/// use user_patch::{elastic, report::Basis};
///
/// let stated = elastic::rules().filter_map(|rule| match rule.basis {
///     Basis::Stated { quote } => Some(quote),
///     _ => None,
/// });
/// assert!(stated.into_iter().any(|quote| quote.contains("Trying to set a restricted field")));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Basis {
    /// The vendor's page says it.
    Stated {
        /// The page's own words, white space folded.
        quote: &'static str,
    },
    /// A public standard that the page rests on says it.
    Standard {
        /// The standard and the place in it.
        reference: &'static str,
    },
    /// It follows from what the page says.
    Inferred {
        /// How.
        reason: &'static str,
    },
    /// The page is silent and something had to be done.
    Chosen {
        /// Why this.
        reason: &'static str,
    },
}

impl Basis {
    /// `stated`, `standard`, `inferred` or `chosen`.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Stated { .. } => "stated",
            Self::Standard { .. } => "standard",
            Self::Inferred { .. } => "inferred",
            Self::Chosen { .. } => "chosen",
        }
    }

    /// The quotation, the reference or the reason.
    pub const fn words(&self) -> &'static str {
        match self {
            Self::Stated { quote } => quote,
            Self::Standard { reference } => reference,
            Self::Inferred { reason } | Self::Chosen { reason } => reason,
        }
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} ({}: {})", self.id, self.says, self.basis.name(), self.basis.words())
    }
}
