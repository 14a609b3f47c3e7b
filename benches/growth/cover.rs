//! The rows of ordinary members: of each two properties of a row (its verb among them) each two values meet in one row, where
//! they can meet at all.

use super::{
    Row, Vendor, Verb,
    shapes::{Change, Form, Members, Names, Shape, Stored, Target},
};

/// How many properties a row has.
const PROPERTIES: usize = 6;

/// The values of a row's properties, by their place among all.
type Values = [usize; PROPERTIES];

/// Two properties with their values.
type Pair = [(usize, usize); 2];

/// The verbs for which it matters where members stand and how they change.
const VERBS: [Verb; 11] = [
    Verb::Parse,
    Verb::Check,
    Verb::Apply,
    Verb::Reply,
    Verb::Store,
    Verb::FromJson,
    Verb::ToJson,
    Verb::Diff,
    Verb::Then,
    Verb::Rebase,
    Verb::Audit,
];

/// Where members stand. A description is one value, and what stands below its keys is not looked into; a body of Fireworks
/// has no members of its own.
const PLACES: [(Vendor, Form); 6] = [
    (Vendor::Elastic, Form::Top),
    (Vendor::Elastic, Form::Flat),
    (Vendor::Elastic, Form::Nested),
    (Vendor::Elastic, Form::LongName),
    (Vendor::TrustedTwin, Form::Flat),
    (Vendor::TrustedTwin, Form::LongName),
];

/// Whether a row of a verb says something of its own. Where the verb never sees a property, one value stands for all.
fn makes_sense(verb: Verb, members: Members) -> bool {
    let Members { change, target, stored, .. } = members;
    let is_seen = match verb {
        // The bodies alone.
        Verb::Parse | Verb::Then => {
            let least = if change == Change::Added { Target::Nothing } else { Target::Many };
            target == least && stored == Stored::Values && change != Change::One
        }
        // The stored user alone.
        Verb::FromJson | Verb::ToJson => change == Change::Deleted,
        _ => true,
    };
    is_seen && members.makes_sense()
}

/// Rows in which three properties meet that were a fault together: what is added to a small object was searched for in all
/// that had been added before, and a long name was copied for each member below it.
const FAULTS: [&str; 6] = [
    "apply elastic.added.to-1.flat.plain.values",
    "apply elastic.added.to-1.long-name.plain.values",
    "apply elastic.changed.of-many.long-name.plain.values",
    "diff elastic.changed.of-many.long-name.plain.values",
    "audit elastic.changed.of-many.long-name.plain.values",
    "rebase elastic.changed.of-many.long-name.plain.values",
];

/// A cover, begun with the known faults and completed greedily: always the same.
pub(crate) fn rows() -> Vec<Row> {
    let candidates = candidates();
    let mut all: Vec<Pair> = candidates.iter().flat_map(|(values, _)| pairs(*values)).collect();
    all.sort_unstable();
    all.dedup();
    // By the place of each pair among all, as they are asked for often.
    let numbers = |(values, _): &(Values, Row)| pairs(*values).map(|pair| all.binary_search(&pair).unwrap()).collect();
    let covered: Vec<Vec<usize>> = candidates.iter().map(numbers).collect();
    let mut is_open = vec![true; all.len()];
    let mut rows = Vec::new();
    let mut used = [[0_usize; VERBS.len()]; PROPERTIES];
    let mut faults = FAULTS.iter().map(|name| Row::named(name).unwrap());
    while is_open.contains(&true) {
        // The most pairs; of those with as many the one whose values are rarest so far.
        let worth = |at: usize| {
            let open = covered[at].iter().filter(|&&pair| is_open[pair]).count();
            let uses: usize = used.iter().zip(candidates[at].0).map(|(used, value)| used[value]).sum();
            (open, usize::MAX - uses)
        };
        let chosen = match faults.next() {
            Some(fault) => candidates.iter().position(|(_, row)| *row == fault),
            None => (0..candidates.len()).max_by_key(|&at| worth(at)),
        };
        let at = chosen.unwrap();
        covered[at].iter().for_each(|&pair| is_open[pair] = false);
        let (values, row) = candidates[at];
        used.iter_mut().zip(values).for_each(|(used, value)| used[value] += 1);
        rows.push(row);
    }
    rows.sort_by_key(|row| row.verb);
    rows
}

/// Each row that there could be.
fn candidates() -> Vec<(Values, Row)> {
    let sizes = [VERBS.len(), PLACES.len(), Change::ALL.len(), Target::ALL.len(), Names::ALL.len(), Stored::ALL.len()];
    let mut candidates = Vec::new();
    for number in 0..sizes.iter().product() {
        let (mut rest, mut values) = (number, [0; PROPERTIES]);
        for (value, size) in values.iter_mut().zip(sizes) {
            (rest, *value) = (rest / size, rest % size);
        }
        let [verb, place, change, target, names, stored] = values;
        let (verb, (vendor, form)) = (VERBS[verb], PLACES[place]);
        let (change, target, names, stored) =
            (Change::ALL[change], Target::ALL[target], Names::ALL[names], Stored::ALL[stored]);
        let members = Members { vendor, change, target, form, names, stored };
        if makes_sense(verb, members) {
            candidates.push((values, Row { verb, shape: Shape::Members(members) }));
        }
    }
    candidates
}

/// Each two properties with their values.
fn pairs(values: Values) -> impl Iterator<Item = Pair> {
    let pair = move |one: usize, other: usize| [(one, values[one]), (other, values[other])];
    (0..PROPERTIES).flat_map(move |one| (one + 1..PROPERTIES).map(move |other| pair(one, other)))
}
