//! Requests and decisions as text: a line is answered by what the verbs say, and any line is answered.

use user_patch::{
    engine::{Json, Limits, Pointer},
    exchange::{Verdict, answer},
    report::Diff,
    vendor::UpdateModel,
};

use super::{
    Case, Law, Page, Request,
    telling::{BESIDE, TIMES},
    tree::Tree,
};

/// Whatever the bytes, the answer is one line of strict JSON, no longer than six times what came in and 64 kB. What is no
/// request gets an error with the number of its line.
pub(crate) fn any_line_is_answered(line: &[u8]) -> Law {
    let answer = answer(7, line);
    // The `id` has the white space that it was sent with, but for the ends of lines.
    let strict = Json::parse(answer.line.as_bytes(), &Limits::STORED);
    ensure!(strict.is_ok() && !answer.line.contains(['\n', '\r']), "{strict:?}: {}", answer.line);
    let most = TIMES * line.len() + BESIDE;
    ensure!(answer.line.len() <= most, "{} bytes for {}", answer.line.len(), line.len());
    let told = Tree::read(&answer.line);
    ensure!(told.at(&["id"]).is_some(), "{}", answer.line);
    ensure_eq!(told.at(&["error"]).is_some(), answer.verdict == Verdict::Error, "{}", answer.line);
    if answer.verdict == Verdict::Error {
        ensure_eq!(told.at(&["line"]), Some(&Tree::Number("7".to_owned())), "{}", answer.line);
    }
    // A strict reading of an object finds the `id` too.
    if let Some(Tree::Object(members)) = Tree::try_read(line)
        && let Some(id) = members.get("id")
    {
        ensure_eq!(told.at(&["id"]), Some(id), "{}", answer.line);
    }
    Ok(())
}

/// A line of `batch`, whose values stand as they are written.
fn line<M: UpdateModel>(op: &str, members: &[(&str, &str)]) -> String {
    let vendor = M::VENDOR.name();
    let members =
        members.iter().filter(|(_, value)| !value.is_empty()).map(|(name, value)| format!(",\"{name}\":{value}"));
    format!(r#"{{"id":["any",1.0],"vendor":"{vendor}","op":"{op}"{}}}"#, members.collect::<String>())
}

/// The answer to a line that is a request.
fn asked<M: UpdateModel>(op: &str, members: &[(&str, &str)]) -> Result<(Verdict, Tree), String> {
    let line = line::<M>(op, members);
    any_line_is_answered(line.as_bytes())?;
    let answer = answer(1, line.as_bytes());
    ensure!(answer.line.starts_with(r#"{"id":["any",1.0],"#), "{}", answer.line);
    Ok((answer.verdict, Tree::read(&answer.line)))
}

fn quoted(text: &str) -> String {
    Json::string(text).text().to_owned()
}

fn listed<'p>(pointers: impl IntoIterator<Item = &'p Pointer>) -> Tree {
    Tree::Array(pointers.into_iter().map(|pointer| Tree::string(pointer.as_str())).collect())
}

/// What a line says of a patch that was made.
fn difference<M: UpdateModel>(diff: Diff<M::Patch<'static>>) -> Vec<(&'static str, Tree)> {
    match diff {
        Diff::Unchanged => vec![("patch", Tree::empty()), ("unchanged", Tree::Bool(true))],
        Diff::Patch(patch) => {
            let mask = M::mask(&patch).map(|mask| ("mask", Tree::String(mask)));
            [("patch", Tree::read(&M::patch_json(&patch)))].into_iter().chain(mask).collect()
        }
    }
}

fn says(told: &Tree, expected: &[(&str, Tree)]) -> Law {
    for (name, value) in expected {
        ensure_eq!(told.at(&[name]), Some(value), "{name} of {told:?}");
    }
    Ok(())
}

/// What a line asks, under a context that says nothing, is answered by what the verbs say.
pub(crate) fn an_answer_is_the_decision<M: Page>(case: &Case<M::Context>) -> Law {
    let ctx = M::Context::default();
    let texts = [&case.user, &case.other, &case.ours.body, &case.next.body].map(|text| std::str::from_utf8(text).ok());
    let [Some(user), Some(other), Some(body), Some(next)] = texts else { return Ok(()) };
    let (Some((before, after)), Ok(_)) = (case.both::<M>(), M::parse(b"{}", &ctx)) else { return Ok(()) };
    // A line has a field mask where the vendor knows them.
    let masked =
        |request: &Request| if M::VENDOR.has_mask_and_create() { quoted(&request.mask) } else { String::new() };
    let (text, mask, next_mask) = (quoted(body), masked(&case.ours), masked(&case.next));
    let update = [("user", user), ("patchText", &*text), ("mask", &mask)];

    let (verdict, told) = asked::<M>("apply", &update)?;
    let mut user_after = before.clone();
    let outcome = case.ours.parse::<M>(&ctx).and_then(|patch| M::apply(&patch, &mut user_after, &ctx));
    let (reply, expected) = match &outcome {
        Ok(applied) => (M::accepted(&user_after, &ctx), vec![("changed", listed(applied.changed()))]),
        Err(violations) => (M::refused(violations, &ctx), vec![("changed", listed([]))]),
    };
    ensure_eq!(verdict, if outcome.is_ok() { Verdict::Accepted } else { Verdict::Refused });
    says(&told, &[("status", Tree::Number(reply.status.to_string())), ("body", Tree::read(&reply.body))])?;
    says(&told, &expected)?;
    let (of_check, _) = asked::<M>("check", &update)?;
    ensure_eq!(of_check, verdict);
    if outcome.is_ok() {
        let (_, told) = asked::<M>("audit", &update)?;
        says(&told, &[("audit", Tree::read(&M::audit(&before, &user_after).to_json()))])?;
    }

    for (op, diff) in [("diff", M::diff(&before, &after, &ctx)), ("undo", M::undo(&before, &after, &ctx))] {
        let (verdict, told) = asked::<M>(op, &[("from", user), ("to", other)])?;
        ensure_eq!(verdict, if diff.is_ok() { Verdict::Accepted } else { Verdict::Refused });
        match diff {
            Ok(diff) => says(&told, &difference::<M>(diff))?,
            Err(_) => ensure!(told.at(&["unreachable"]).is_some(), "{told:?}"),
        }
    }

    let (Ok(ours), Ok(theirs)) = (case.ours.parse::<M>(&ctx), case.next.parse::<M>(&ctx)) else { return Ok(()) };
    let (_, told) =
        asked::<M>("then", &[("patchText", &text), ("mask", &mask), ("next", next), ("nextMask", &next_mask)])?;
    match M::then(&ours, &theirs) {
        Ok(both) => says(&told, &difference::<M>(Diff::Patch(both)))?,
        Err(none) => says(&told, &[("notComposable", Tree::string(none.pointer().as_str()))])?,
    }
    let (_, told) = asked::<M>("rebase", &[("base", user), ("patchText", &text), ("mask", &mask), ("theirs", other)])?;
    match M::rebase(&before, &ours, &after) {
        Ok(moved) => says(&told, &difference::<M>(moved)),
        Err(conflict) => says(&told, &[("conflicts", listed(conflict.pointers()))]),
    }
}
