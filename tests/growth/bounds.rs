//! What a verb may take of memory, and how long what comes of it may be, for what it is given.

use allocation_counter::{AllocationInfo, measure};

use crate::growth::{
    Texts, Verb,
    verbs::{Written, perform_and_write},
};

/// What small inputs may take whatever their size.
const SMALL: u64 = 64 * 1024;
/// The bytes held at the same time.
const PEAK: u64 = 8;
/// The bytes of all allocations together.
const TOTAL: u64 = 16;
/// The bytes of one list or reply when it is written out.
const WRITTEN: u64 = 6;

/// Each bound that a verb is beyond, in words.
pub(crate) fn broken(verb: Verb, texts: &Texts) -> Vec<String> {
    let (mut allocated, mut written) = (AllocationInfo::default(), Written::new());
    let verdict = perform_and_write(verb, texts, &mut |work| allocated = measure(work), &mut written);
    let expected = texts.expected(verb);
    assert!(expected.is_none_or(|expected| expected == verdict), "{verb:?}: {verdict:?}, not {expected:?}");
    let given = texts.given(verb) as u64;
    let measured = [("held", PEAK, allocated.bytes_max), ("allocated", TOTAL, allocated.bytes_total)];
    let written = written.iter().map(|&(name, bytes)| (name, WRITTEN, bytes as u64));
    let beyond = measured.into_iter().chain(written).filter(|(_, times, bytes)| *bytes > times * given + SMALL);
    beyond.map(|(name, times, bytes)| format!("{name}: {bytes} B for {given} B, {times} times and 64 kB")).collect()
}
