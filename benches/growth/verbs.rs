//! The verbs of the crate, by name. This is the only file here that knows how they are called.

use std::str::FromStr;

use user_patch::{
    engine::{FieldMask, Pointer},
    report::{Diff, Findings, NotStored, Reply, Unreachable, Violations},
    vendor::{Elastic, Fireworks, TrustedTwin, UpdateModel},
};

use super::{Texts, Vendor, Verb, Verdict};

/// Does what it is given, once. What is counted or measured is what happens inside.
pub(crate) type Meter<'m> = &'m mut dyn FnMut(&mut dyn FnMut());

/// Lists and replies, by name, with the bytes of each when it is written out.
pub(crate) type Written = Vec<(&'static str, usize)>;

/// Does a verb once. Everything that it only reads is made outside of the meter.
pub(crate) fn perform(verb: Verb, texts: &Texts, meter: Meter<'_>) -> Verdict {
    perform_and_write(verb, texts, meter, &mut Written::new())
}

/// As [`perform`]; then, outside of the meter, finds how long each list and reply is that came of it.
pub(crate) fn perform_and_write(verb: Verb, texts: &Texts, meter: Meter<'_>, written: &mut Written) -> Verdict {
    match (verb, texts.vendor) {
        (Verb::Mask, _) => mask(texts, meter, written),
        (Verb::Create, _) => create(texts, meter, written),
        (_, Vendor::Fireworks) => perform_of::<Fireworks>(verb, texts, meter, written),
        (_, Vendor::TrustedTwin) => perform_of::<TrustedTwin>(verb, texts, meter, written),
        (_, Vendor::Elastic) => perform_of::<Elastic>(verb, texts, meter, written),
    }
}

fn once<T>(meter: Meter<'_>, mut work: impl FnMut() -> T) -> T {
    let mut result = None;
    meter(&mut || result = Some(work()));
    result.unwrap()
}

fn parse<'t, M: UpdateModel>(
    body: &'t str,
    texts: &Texts,
    ctx: &M::Context,
) -> Result<M::Patch<'t>, Violations<M::Refusal>> {
    match &*texts.mask {
        "" => M::parse(body.as_bytes(), ctx),
        mask => M::parse_masked(body.as_bytes(), mask, ctx).expect("a shape with a mask is one of a vendor with masks"),
    }
}

fn perform_of<M: UpdateModel>(verb: Verb, texts: &Texts, meter: Meter<'_>, written: &mut Written) -> Verdict {
    let ctx: M::Context = serde_json::from_str(&texts.context).unwrap();
    let user = |text: &str| M::user(text.as_bytes()).unwrap();
    let patch = |body| parse::<M>(body, texts, &ctx);
    match verb {
        Verb::Parse => match once(meter, || patch(&texts.body)) {
            Ok(_) => Verdict::Done,
            Err(violations) => refused::<M>(&violations, &ctx, written),
        },
        Verb::Check => {
            let (patch, user) = (patch(&texts.body).unwrap(), user(&texts.user));
            match once(meter, || M::check(&patch, &user, &ctx)) {
                Ok(notices) => {
                    written.push(("notices", findings(&notices)));
                    Verdict::Done
                }
                Err(violations) => refused::<M>(&violations, &ctx, written),
            }
        }
        Verb::Apply => {
            let (patch, mut user) = (patch(&texts.body).unwrap(), user(&texts.user));
            match once(meter, || M::apply(&patch, &mut user, &ctx)) {
                Ok(applied) => {
                    written.push(("changed", pointers(applied.changed())));
                    written.push(("notices", findings(applied.notices())));
                    written.push(("reply", reply(&M::accepted(&user, &ctx))));
                    Verdict::Done
                }
                Err(violations) => refused::<M>(&violations, &ctx, written),
            }
        }
        Verb::Reply => {
            let mut user = user(&texts.user);
            match patch(&texts.body).and_then(|patch| M::apply(&patch, &mut user, &ctx)) {
                Ok(_) => {
                    written.push(("reply", reply(&once(meter, || M::accepted(&user, &ctx)))));
                    Verdict::Done
                }
                Err(violations) => {
                    written.push(("refusal", reply(&once(meter, || M::refused(&violations, &ctx)))));
                    Verdict::Refused
                }
            }
        }
        Verb::Store => {
            let (stored, body) = (texts.user.as_bytes(), texts.body.as_bytes());
            match once(meter, || M::store(stored, body, &ctx)) {
                Ok(done) => {
                    written.push(("stored", done.text().len()));
                    written.push(("changed", pointers(done.applied().changed())));
                    written.push(("reply", reply(done.reply())));
                    Verdict::Done
                }
                Err(NotStored::Refused { violations, .. }) => refused::<M>(&violations, &ctx, written),
                Err(wrong) => panic!("the stored user of a shape can be read: {wrong}"),
            }
        }
        Verb::FromJson => {
            drop(once(meter, || user(&texts.user)));
            Verdict::Done
        }
        Verb::ToJson => {
            let user = user(&texts.user);
            written.push(("to_json", once(meter, || M::user_json(&user)).len()));
            Verdict::Done
        }
        Verb::Diff => {
            let (before, after) = (user(&texts.user), user(&texts.after));
            compared::<M>(once(meter, || M::diff(&before, &after, &ctx)), written)
        }
        Verb::Undo => {
            let (before, after) = (user(&texts.after), user(&texts.user));
            compared::<M>(once(meter, || M::undo(&before, &after, &ctx)), written)
        }
        Verb::Then => {
            let (first, next) = (patch(&texts.body).unwrap(), patch(&texts.next).unwrap());
            let both = once(meter, || M::then(&first, &next)).unwrap();
            written.push(("patch", M::patch_json(&both).len()));
            Verdict::Done
        }
        Verb::Rebase => {
            let (base, theirs) = (user(&texts.user), user(&texts.theirs));
            let ours = patch(&texts.body).unwrap();
            match once(meter, || M::rebase(&base, &ours, &theirs)) {
                Ok(Diff::Unchanged) => Verdict::Done,
                Ok(Diff::Patch(moved)) => {
                    written.push(("patch", M::patch_json(&moved).len()));
                    Verdict::Done
                }
                Err(conflict) => {
                    written.push(("conflicts", pointers(conflict.pointers())));
                    Verdict::Conflict
                }
            }
        }
        Verb::Audit => {
            let (before, after) = (user(&texts.user), user(&texts.after));
            let audit = once(meter, || M::audit(&before, &after));
            written.push(("audit", audit.to_json().len()));
            written.push(("audit inverted", audit.inverted().to_json().len()));
            Verdict::Done
        }
        Verb::AuditToJson => {
            let audit = M::audit(&user(&texts.user), &user(&texts.after));
            written.push(("audit", once(meter, || audit.to_json()).len()));
            Verdict::Done
        }
        Verb::PatchToJson => {
            let patch = patch(&texts.body).unwrap();
            written.push(("patch", once(meter, || M::patch_json(&patch)).len()));
            Verdict::Done
        }
        Verb::Mask => mask(texts, meter, written),
        Verb::Create => create(texts, meter, written),
    }
}

fn mask(texts: &Texts, meter: Meter<'_>, written: &mut Written) -> Verdict {
    match once(meter, || FieldMask::from_str(&texts.mask)) {
        Ok(mask) => {
            written.push(("mask", mask.to_string().len()));
            Verdict::Done
        }
        Err(_) => Verdict::NoMask,
    }
}

/// The one verb that one vendor has.
fn create(texts: &Texts, meter: Meter<'_>, written: &mut Written) -> Verdict {
    let ctx = serde_json::from_str(&texts.context).unwrap();
    let patch = parse::<Fireworks>(&texts.body, texts, &ctx).unwrap();
    match once(meter, || patch.create("acme", Some("ada"), &ctx)) {
        Ok((user, applied)) => {
            written.push(("changed", pointers(applied.changed())));
            written.push(("notices", findings(applied.notices())));
            written.push(("reply", reply(&user.reply(&ctx))));
            Verdict::Done
        }
        Err(violations) => refused::<Fireworks>(&violations, &ctx, written),
    }
}

fn refused<M: UpdateModel>(violations: &Violations<M::Refusal>, ctx: &M::Context, written: &mut Written) -> Verdict {
    written.push(("violations", violations.to_string().len()));
    written.push(("refusal", reply(&M::refused(violations, ctx))));
    Verdict::Refused
}

fn compared<M: UpdateModel>(diff: Result<Diff<M::Patch<'static>>, Unreachable>, written: &mut Written) -> Verdict {
    match diff {
        Ok(Diff::Unchanged) => Verdict::Done,
        Ok(Diff::Patch(patch)) => {
            written.push(("patch", M::patch_json(&patch).len()));
            Verdict::Done
        }
        Err(unreachable) => {
            written.push(("reasons", unreachable.to_string().len()));
            Verdict::Unreachable
        }
    }
}

/// Each as a JSON string, with a comma.
fn pointers<'p>(pointers: impl IntoIterator<Item = &'p Pointer>) -> usize {
    pointers.into_iter().map(|pointer| pointer.as_str().len() + 3).sum()
}

fn findings(findings: &Findings) -> usize {
    findings.iter().map(|finding| finding.to_string().len() + 3).sum()
}

fn reply(reply: &Reply) -> usize {
    reply.body.len() + reply.headers.iter().map(|(name, value)| name.len() + value.len()).sum::<usize>()
}
