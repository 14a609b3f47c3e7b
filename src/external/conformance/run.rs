//! Asking a service each case: as named tests, or all at once.

use std::{collections::BTreeMap, fmt, sync::Arc};

use super::{case::Case, mismatch::Mismatch, response::Response};
use crate::{report::Rule, vendor::Vendor};

/// A test for each case: its name, and what runs it. They may run at the same time, so that the service is shared.
///
/// The service answers with a [`Response`], or with an `Option` of one: `None` where it cannot be asked such a case, which then
/// passes. Cases that are not to be tests at all are better left out: [`cases`](super::cases) is a slice to filter.
///
/// ```
/// use user_patch::{conformance::{Case, Response, cases, trials}, vendor::Vendor};
///
/// fn service(case: &Case) -> Response {
///     Response::new(501, "{}") // it is young
/// }
///
/// let (name, run) = trials(cases(Vendor::Elastic), service).next().unwrap();
/// assert!(name.starts_with("elastic::body::"));
/// assert!(run().unwrap_err().to_string().contains("answered 501"));
/// ```
pub fn trials<S, R>(
    cases: impl IntoIterator<Item = &'static Case>,
    service: S,
) -> impl Iterator<Item = (String, impl FnOnce() -> Result<(), Mismatch> + Send + 'static)>
where
    S: Fn(&Case) -> R + Send + Sync + 'static,
    R: Into<Option<Response>>,
{
    let service = Arc::new(service);
    cases.into_iter().map(move |case| {
        let service = Arc::clone(&service);
        (case.title(), move || match service(case).into() {
            Some(response) => case.compare(&response),
            None => Ok(()),
        })
    })
}

/// Makes the `main` of a test without a harness (`harness = false`) in which each case is a test with a name, by way of the
/// crate `libtest-mimic`, which whoever uses this has among its dependencies.
///
/// Each line gives [cases](crate::conformance::cases) and the service that answers them:
///
/// ```
/// use user_patch::{conformance::{Case, Response, cases}, exchange::Decision, vendor::Vendor};
///
/// fn service(case: &Case) -> Response {
///     match case.question().ask(case.vendor()) {
///         Ok(Decision::Done { reply, .. } | Decision::Refused { reply, .. }) => reply.into(),
///         _ => Response::new(500, "{}"),
///     }
/// }
///
/// user_patch::conformance_main! {
///     cases(Vendor::Elastic) => service,
///     cases(Vendor::TrustedTwin).iter().filter(|case| case.is_of_default_policy()) => service,
/// }
/// ```
#[macro_export]
macro_rules! conformance_main {
    ($($cases:expr => $service:expr),+ $(,)?) => {
        fn main() {
            let mut trials = ::std::vec::Vec::new();
            $(trials.extend($crate::conformance::trials($cases, $service).map(|(name, run)| {
                ::libtest_mimic::Trial::test(name, move || ::std::result::Result::Ok(run()?))
            }));)+
            ::libtest_mimic::run(&::libtest_mimic::Arguments::from_args(), trials).exit()
        }
    };
}

/// Asks a service each case, one after the other.
///
/// As with [`trials`], the service answers with a [`Response`], or with an `Option` of one: `None` where it cannot be asked
/// such a case, which is then counted as skipped.
pub fn report<'c, R: Into<Option<Response>>>(
    cases: impl IntoIterator<Item = &'c Case>,
    mut service: impl FnMut(&Case) -> R,
) -> Report {
    let mut rows = BTreeMap::new();
    for case in cases {
        let row: &mut Row = rows.entry((case.vendor(), case.rule().id)).or_insert_with(|| Row::new(case.rule()));
        match service(case).into().map(|response| case.compare(&response)) {
            None => row.skipped += 1,
            Some(Ok(())) => row.passed += 1,
            Some(Err(mismatch)) => row.failures.push(mismatch),
        }
    }
    let rules = Vendor::ALL.iter().flat_map(|&vendor| vendor.rules().into_iter().map(move |rule| (vendor, rule.id)));
    Report { rows: rules.filter_map(|key| rows.remove(&key)).collect() }
}

/// How a service stands to each rule of which it was asked cases. `Display` is a table, and then each failure.
///
/// ```
/// use user_patch::{conformance::{Response, cases, report}, exchange::Decision, vendor::Vendor};
///
/// // A service that lets everybody hand out every role.
/// let report = report(cases(Vendor::Elastic), |case| match case.question().ask(case.vendor()) {
///     Ok(Decision::Done { reply, .. }) => Response::from(reply),
///     Ok(Decision::Refused { reply, violations, .. }) => {
///         match violations.iter().all(|violation| violation.rule().id == "elastic.roles.assignable") {
///             true => Response::new(200, "{}"),
///             false => reply.into(),
///         }
///     }
///     _ => Response::new(500, "{}"),
/// });
/// assert!(!report.is_conformant());
/// let failed: Vec<_> = report.rows().iter().filter(|row| row.failed() > 0).map(|row| row.rule().id).collect();
/// assert!(failed.contains(&"elastic.roles.assignable"));
/// assert!(report.to_string().starts_with("rule "));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub struct Report {
    rows: Vec<Row>,
}

/// How a service stands to one rule: what came of the cases that show it.
///
/// ```
/// use user_patch::{conformance::{Response, cases, report}, vendor::Vendor};
///
/// let report = report(cases(Vendor::TrustedTwin), |_| Response::new(501, "{}"));
/// assert!(report.rows().iter().all(|row| row.passed() == 0));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    rule: &'static Rule,
    passed: usize,
    skipped: usize,
    failures: Vec<Mismatch>,
}

impl Row {
    const fn new(rule: &'static Rule) -> Self {
        Self { rule, passed: 0, skipped: 0, failures: Vec::new() }
    }

    /// The rule.
    pub const fn rule(&self) -> &'static Rule {
        self.rule
    }

    /// How many cases were answered as expected.
    pub const fn passed(&self) -> usize {
        self.passed
    }

    /// How many cases were answered otherwise.
    pub fn failed(&self) -> usize {
        self.failures.len()
    }

    /// How many cases the service could not be asked.
    pub const fn skipped(&self) -> usize {
        self.skipped
    }

    /// The answers that were not as expected.
    pub fn failures(&self) -> &[Mismatch] {
        &self.failures
    }
}

impl Report {
    /// The rules that were asked about, in the order of the catalogue.
    pub fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// The answers that were not as expected, in the order of their rules.
    pub fn failures(&self) -> impl Iterator<Item = &Mismatch> {
        self.rows.iter().flat_map(Row::failures)
    }

    /// Whether every case was answered as expected, but for those that were skipped.
    pub fn is_conformant(&self) -> bool {
        self.failures().next().is_none()
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let width = self.rows.iter().map(|row| row.rule.id.len()).max().unwrap_or_default().max("rule".len());
        let mut line = |rule: &str, [passed, failed, skipped]: [&dyn fmt::Display; 3]| {
            writeln!(f, "{rule:width$}  {passed:>6}  {failed:>6}  {skipped:>7}")
        };
        line("rule", [&"passed", &"failed", &"skipped"])?;
        let (mut all_passed, mut all_failed, mut all_skipped) = (0, 0, 0);
        for row in &self.rows {
            let [passed, failed, skipped] = [row.passed, row.failures.len(), row.skipped];
            line(row.rule.id, [&passed, &failed, &skipped])?;
            (all_passed, all_failed, all_skipped) = (all_passed + passed, all_failed + failed, all_skipped + skipped);
        }
        line("all", [&all_passed, &all_failed, &all_skipped])?;
        self.failures().try_for_each(|mismatch| write!(f, "\n{mismatch}\n"))
    }
}
