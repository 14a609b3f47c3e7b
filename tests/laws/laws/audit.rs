//! `audit`: what changed, forwards and backwards.

use user_patch::report::Audit;

use super::{
    Case, Law, Page, accepted,
    telling::is_json,
    tree::{Tree, tokens},
    written,
};

/// RFC 6902, as far as an audit goes, on an exact document.
fn patched(mut document: Tree, audit: &Audit) -> Result<Tree, String> {
    for operation in audit.operations() {
        let (op, path, value) = operation.parts();
        let path = tokens(path.as_str());
        let there = document.at(&path).is_some();
        let around = path.split_last().map(|(_, around)| document.at(around));
        ensure!(
            around.is_none_or(|around| around.is_some_and(|around| around.members().is_some())),
            "{operation:?} goes into an object"
        );
        match (op, value) {
            ("add", Some(value)) => {
                ensure!(!there, "what is added was not there: {operation:?}");
                document.set(&path, Tree::of(value));
            }
            ("replace", Some(value)) => {
                ensure!(there && document.at(&path) != Some(&Tree::of(value)), "what is replaced was another");
                document.set(&path, Tree::of(value));
            }
            ("remove", None) => {
                ensure!(there && !path.is_empty(), "what is removed was there: {operation:?}");
                document.remove(&path);
            }
            other => return Err(format!("{other:?}")),
        }
    }
    Ok(document)
}

/// The user, as far as an audit shows it.
fn shown<M: Page>(user: &M::User) -> Tree {
    M::audited(written::<M>(user))
}

/// Forwards from the one rendering to the other, and back, to the last digit.
fn leads_both_ways(audit: &Audit, old: &Tree, new: &Tree) -> Law {
    ensure_eq!(patched(old.clone(), audit)?, *new);
    ensure_eq!(patched(new.clone(), &audit.inverted())?, *old);
    ensure_eq!(audit.is_empty(), old == new);
    ensure_eq!(audit.inverted().inverted(), *audit);
    is_json(&audit.to_json())?;
    ensure_eq!(audit.to_string(), audit.to_json());
    // Going into an object is for shortness.
    let whole = audit.operations().iter().any(|operation| operation.parts().1.as_str().is_empty());
    ensure!(!whole || audit.operations().len() == 1, "the whole is replaced alone: {audit}");
    Ok(())
}

/// Between any two users.
pub(crate) fn there_and_back<M: Page>(case: &Case<M::Context>) -> Law {
    let Some((before, after)) = case.both::<M>() else { return Ok(()) };
    let audit = M::audit(&before, &after);
    leads_both_ways(&audit, &shown::<M>(&before), &shown::<M>(&after))?;
    ensure_eq!(audit.inverted(), M::audit(&after, &before));
    Ok(())
}

/// The same by `json_patch`, where `serde_json` can hold the values.
pub(crate) fn there_and_back_in_json_patch<M: Page>(case: &Case<M::Context>) -> Law {
    let Some((before, after)) = case.both::<M>() else { return Ok(()) };
    // `serde_json` loses digits, and features of it give a meaning to some names.
    let [before, after] = [&before, &after].map(|user| ordinary(shown::<M>(user)).text());
    let (Ok(before), Ok(after)) = (M::user(before.as_bytes()), M::user(after.as_bytes())) else { return Ok(()) };
    let read = |user| serde_json::from_str::<serde_json::Value>(&M::user_json(user)).ok();
    let (Some(old), Some(new)) = (read(&before), read(&after)) else { return Ok(()) };
    let audit = M::audit(&before, &after);
    let mut document = old.clone();
    for (audit, expected) in [(&audit, &new), (&audit.inverted(), &old)] {
        let patch = audit.to_patch().map_err(|wrong| wrong.to_string())?;
        json_patch::patch(&mut document, &patch).map_err(|wrong| format!("{wrong}: {audit}"))?;
        ensure_eq!(document, *expected, "{audit}");
    }
    Ok(())
}

/// A document with ordinary numbers in place of those that `serde_json` cannot hold.
fn ordinary(tree: Tree) -> Tree {
    match tree {
        Tree::Number(text) if text.len() > 14 || text.contains(['e', 'E']) || text == "-0" => {
            Tree::Number(text.len().to_string())
        }
        Tree::Array(elements) => Tree::Array(elements.into_iter().map(ordinary).collect()),
        Tree::Object(members) => {
            let members = members.into_iter().filter(|(name, _)| !name.starts_with('$'));
            Tree::Object(members.map(|(name, value)| (name, ordinary(value))).collect())
        }
        other => other,
    }
}

/// Of what an update did as well: empty exactly where it left the user as it was.
pub(crate) fn an_audit_tells_of_an_update<M: Page>(case: &Case<M::Context>) -> Law {
    let Some((before, patch)) = case.update::<M>() else { return Ok(()) };
    let Some((after, _)) = accepted::<M>(&patch, &before, &case.ctx) else { return Ok(()) };
    let audit = M::audit(&before, &after);
    leads_both_ways(&audit, &shown::<M>(&before), &shown::<M>(&after))
}
