//! The verbs of the crate, by name. This is the only file here that knows how they are called.

use std::str::FromStr;

use user_patch::{
    engine::{FieldMask, Pointer},
    report::{Diff, Notice, Reply},
};

use super::{Room, Texts, Verb, Verdict};

/// Does what it is given, once. What is counted or measured is what happens inside.
pub type Meter<'m> = &'m mut dyn FnMut(&mut dyn FnMut());

/// Lists and replies, by name, with the bytes of each when it is written out.
pub type Written = Vec<(&'static str, usize)>;

/// Does a verb once. Everything that it only reads is made outside of the meter.
pub fn perform(verb: Verb, texts: &Texts, meter: Meter<'_>) -> Verdict {
    perform_and_write(verb, texts, meter, None)
}

/// As [`perform`]; then, outside of the meter, finds how long each list and reply is that came of it.
pub fn perform_and_write(verb: Verb, texts: &Texts, meter: Meter<'_>, written: Option<&mut Written>) -> Verdict {
    match (verb, texts.room) {
        (Verb::Mask, _) => match once(meter, || FieldMask::from_str(&texts.mask)) {
            Ok(mask) => {
                if let Some(written) = written {
                    written.push(("mask", mask.to_string().len()));
                }
                Verdict::Done
            }
            Err(_) => Verdict::NoMask,
        },
        (Verb::Create, _) => create(texts, meter, written),
        (_, Room::Fireworks) => fireworks::perform(verb, texts, meter, written),
        (_, Room::TrustedTwin) => trusted_twin::perform(verb, texts, meter, written),
        (_, Room::Elastic) => elastic::perform(verb, texts, meter, written),
    }
}

fn once<T>(meter: Meter<'_>, mut work: impl FnMut() -> T) -> T {
    let mut result = None;
    meter(&mut || result = Some(work()));
    result.unwrap()
}

/// Each as a JSON string, with a comma.
fn pointers<'p>(pointers: impl IntoIterator<Item = &'p Pointer>) -> usize {
    pointers.into_iter().map(|pointer| pointer.as_str().len() + 3).sum()
}

fn notices(notices: &[Notice]) -> usize {
    notices.iter().map(|notice| notice.to_string().len() + 3).sum()
}

fn reply(reply: &Reply) -> usize {
    reply.body.len() + reply.headers.iter().map(|(name, value)| name.len() + value.len()).sum::<usize>()
}

macro_rules! room {
    ($room:ident $(, $with_mask:ident)?) => {
        mod $room {
            use user_patch::$room::{Context, Patch, User, Violations, audit, diff_with as diff, rebase};

            use super::*;

            pub(super) fn parse<'t>(body: &'t str, texts: &'t Texts, ctx: &Context) -> Result<Patch<'t>, Violations> {
                let patch = Patch::parse_with(body.as_bytes(), &ctx.policy)?;
                $(let patch = if texts.mask.is_empty() { patch } else { patch.$with_mask(&texts.mask) };)?
                let _ = texts;
                Ok(patch)
            }

            pub(super) fn refused(violations: &Violations, ctx: &Context, written: Option<&mut Written>) -> Verdict {
                if let Some(written) = written {
                    written.push(("violations", violations.to_string().len()));
                    written.push(("refusal", reply(&violations.reply(ctx))));
                }
                Verdict::Refused
            }

            pub fn perform(verb: Verb, texts: &Texts, meter: Meter<'_>, written: Option<&mut Written>) -> Verdict {
                let ctx: Context = serde_json::from_str(&texts.context).unwrap();
                let user = |text: &str| User::from_json(text.as_bytes()).unwrap();
                let patch = |body| parse(body, texts, &ctx);
                let (mut nowhere, told) = (Written::new(), written.is_some());
                let written = written.unwrap_or(&mut nowhere);
                match verb {
                    Verb::Parse => match once(meter, || patch(&texts.body)) {
                        Ok(_) => Verdict::Done,
                        Err(violations) => refused(&violations, &ctx, told.then_some(written)),
                    },
                    Verb::Check => {
                        let (patch, user) = (patch(&texts.body).unwrap(), user(&texts.user));
                        match once(meter, || patch.check(&user, &ctx)) {
                            Ok(()) => Verdict::Done,
                            Err(violations) => refused(&violations, &ctx, told.then_some(written)),
                        }
                    }
                    Verb::Apply => {
                        let (patch, mut user) = (patch(&texts.body).unwrap(), user(&texts.user));
                        match once(meter, || patch.apply(&mut user, &ctx)) {
                            Ok(applied) => {
                                if told {
                                    written.push(("changed", pointers(applied.changed())));
                                    written.push(("notices", notices(applied.notices())));
                                    written.push(("reply", reply(&user.reply())));
                                }
                                Verdict::Done
                            }
                            Err(violations) => refused(&violations, &ctx, told.then_some(written)),
                        }
                    }
                    Verb::Reply => {
                        let mut user = user(&texts.user);
                        match patch(&texts.body).and_then(|patch| patch.apply(&mut user, &ctx)) {
                            Ok(_) => {
                                let _ = once(meter, || user.reply());
                                Verdict::Done
                            }
                            Err(violations) => {
                                let _ = once(meter, || violations.reply(&ctx));
                                Verdict::Refused
                            }
                        }
                    }
                    Verb::FromJson => {
                        let _ = once(meter, || user(&texts.user));
                        Verdict::Done
                    }
                    Verb::ToJson => {
                        let user = user(&texts.user);
                        written.push(("to_json", once(meter, || user.to_json()).len()));
                        Verdict::Done
                    }
                    Verb::Diff => {
                        let (before, after) = (user(&texts.user), user(&texts.after));
                        match once(meter, || diff(&before, &after, &ctx)) {
                            Ok(Diff::Unchanged) => Verdict::Done,
                            Ok(Diff::Patch(patch)) => {
                                if told {
                                    written.push(("patch", patch.to_json().len()));
                                }
                                Verdict::Done
                            }
                            Err(unreachable) => {
                                if told {
                                    written.push(("reasons", unreachable.to_string().len()));
                                }
                                Verdict::Unreachable
                            }
                        }
                    }
                    Verb::Then => {
                        let (first, next) = (patch(&texts.body).unwrap(), patch(&texts.next).unwrap());
                        let both = once(meter, || first.then(&next)).unwrap();
                        if told {
                            written.push(("patch", both.to_json().len()));
                        }
                        Verdict::Done
                    }
                    Verb::Rebase => {
                        let (base, theirs) = (user(&texts.user), user(&texts.theirs));
                        let ours = patch(&texts.body).unwrap();
                        match once(meter, || rebase(&base, &ours, &theirs)) {
                            Ok(moved) => {
                                if told {
                                    written.push(("patch", moved.to_json().len()));
                                }
                                Verdict::Done
                            }
                            Err(conflict) => {
                                if told {
                                    written.push(("conflicts", pointers(conflict.pointers())));
                                }
                                Verdict::Conflict
                            }
                        }
                    }
                    Verb::Audit => {
                        let (before, after) = (user(&texts.user), user(&texts.after));
                        let audited = once(meter, || audit(&before, &after));
                        if told {
                            written.push(("audit", audited.to_json().len()));
                            written.push(("audit inverted", audited.inverted().to_json().len()));
                        }
                        Verdict::Done
                    }
                    Verb::AuditToJson => {
                        let audited = audit(&user(&texts.user), &user(&texts.after));
                        written.push(("audit", once(meter, || audited.to_json()).len()));
                        Verdict::Done
                    }
                    Verb::PatchToJson => {
                        let patch = patch(&texts.body).unwrap();
                        written.push(("patch", once(meter, || patch.to_json()).len()));
                        Verdict::Done
                    }
                    Verb::Mask | Verb::Create => unreachable!("no verb of every room"),
                }
            }
        }
    };
}

room!(fireworks, with_mask);
room!(trusted_twin);
room!(elastic);

fn create(texts: &Texts, meter: Meter<'_>, written: Option<&mut Written>) -> Verdict {
    let ctx = serde_json::from_str(&texts.context).unwrap();
    let patch = fireworks::parse(&texts.body, texts, &ctx).unwrap();
    match once(meter, || patch.create("acme", Some("ada"), &ctx)) {
        Ok((user, applied)) => {
            if let Some(written) = written {
                written.push(("changed", pointers(applied.changed())));
                written.push(("notices", notices(applied.notices())));
                written.push(("reply", reply(&user.reply())));
            }
            Verdict::Done
        }
        Err(violations) => fireworks::refused(&violations, &ctx, written),
    }
}
