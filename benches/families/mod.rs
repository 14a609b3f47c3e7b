//! Bodies by family, and what is done to each: generated, so that no file can be tuned to.
//!
//! A family is a kind of body that clients send. Each is made for each vendor that takes it, with a stored user to hold it
//! against, from a seed that is the same in every run.

mod texts;

use std::hint::black_box;

use jsonschema::Validator;
use serde::de::IgnoredAny;
use serde_json::{Value, json};
use user_patch::{
    engine::Limits,
    vendor::{Elastic, Fireworks, TrustedTwin, UpdateModel, Vendor},
};

/// What kind of body it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    /// One member.
    Smallest,
    /// A few members that change.
    Usual,
    /// The stored user, with another name: clients send back what they read.
    Echo,
    /// The same with line breaks and indentation.
    Pretty,
    /// The usual body, each character that is no letter or digit as an escape.
    Escaped,
    /// A dictionary of 50 members.
    Flat50,
    /// The same in objects of four.
    Nested50,
    /// A dictionary of 1,000 members.
    Flat1000,
    /// The same in objects of four.
    Nested1000,
}

impl Kind {
    pub(crate) const ALL: [Self; 9] = [
        Self::Smallest,
        Self::Usual,
        Self::Echo,
        Self::Pretty,
        Self::Escaped,
        Self::Flat50,
        Self::Nested50,
        Self::Flat1000,
        Self::Nested1000,
    ];

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Smallest => "smallest",
            Self::Usual => "usual",
            Self::Echo => "echo",
            Self::Pretty => "pretty",
            Self::Escaped => "escaped",
            Self::Flat50 => "flat_50",
            Self::Nested50 => "nested_50",
            Self::Flat1000 => "flat_1000",
            Self::Nested1000 => "nested_1000",
        }
    }

    /// How many members its dictionary has, and how many stand in one object.
    const fn members(self) -> Option<(usize, usize)> {
        match self {
            Self::Smallest | Self::Usual | Self::Echo | Self::Pretty | Self::Escaped => None,
            Self::Flat50 => Some((50, 50)),
            Self::Nested50 => Some((50, 4)),
            Self::Flat1000 => Some((1_000, 1_000)),
            Self::Nested1000 => Some((1_000, 4)),
        }
    }

    pub(crate) const fn is_large(self) -> bool {
        self.members().is_some()
    }
}

/// What is done to a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Step {
    /// `serde_json` walks it and keeps nothing.
    Ignored,
    /// `sonic-rs` walks it and keeps the text.
    Lazy,
    /// `serde_json` makes a `Value` of it.
    Value,
    /// `Value` held against a schema, in whichever form.
    Validated(Form),
    /// `Validated`, merged onto a clone of the user in memory, written as the reply.
    Pipeline(Form),
    /// The stored bytes and the body as `Value`s, validated, merged, written.
    PipelineStored(Form),
    /// Ours: to the verdict.
    Check,
    /// Ours: to the changed user and the reply.
    Update,
    /// Ours: from the stored bytes to the bytes to store and the reply.
    Store,
}

/// The two forms of `jsonschema`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Form {
    /// A `Validator` that is made when the program starts.
    Built,
    /// The code that its attribute makes of a schema.
    Compiled,
}

impl Step {
    pub(crate) const ALL: [Self; 12] = [
        Self::Ignored,
        Self::Lazy,
        Self::Value,
        Self::Validated(Form::Built),
        Self::Validated(Form::Compiled),
        Self::Pipeline(Form::Built),
        Self::Pipeline(Form::Compiled),
        Self::PipelineStored(Form::Built),
        Self::PipelineStored(Form::Compiled),
        Self::Check,
        Self::Update,
        Self::Store,
    ];

    pub(crate) const fn label(self) -> &'static str {
        match self {
            Self::Ignored => "serde_json IgnoredAny",
            Self::Lazy => "sonic-rs lazy value",
            Self::Value => "serde_json Value",
            Self::Validated(Form::Built) => "Value + jsonschema",
            Self::Validated(Form::Compiled) => "Value + jsonschema compiled",
            Self::Pipeline(Form::Built) => "Value + jsonschema + merge + write",
            Self::Pipeline(Form::Compiled) => "Value + jsonschema compiled + merge + write",
            Self::PipelineStored(Form::Built) => "stored as Value + jsonschema + merge + write",
            Self::PipelineStored(Form::Compiled) => "stored as Value + jsonschema compiled + merge + write",
            Self::Check => "ours check",
            Self::Update => "ours update",
            Self::Store => "ours store",
        }
    }
}

/// A body of a family, and a stored user.
pub(crate) struct Sample {
    pub vendor: Vendor,
    pub kind: Kind,
    pub stored: Vec<u8>,
    pub body: Vec<u8>,
    /// The user after the update, made without this crate.
    after: Value,
}

impl Sample {
    /// Every family of every vendor. Fireworks takes no members but its own.
    pub(crate) fn all() -> Vec<Self> {
        let mut all = Vec::new();
        for &vendor in Vendor::ALL {
            let takes = |kind: &Kind| vendor != Vendor::Fireworks || !kind.is_large();
            all.extend(Kind::ALL.into_iter().filter(takes).map(|kind| Self::of(vendor, kind)));
        }
        all
    }

    pub(crate) fn of(vendor: Vendor, kind: Kind) -> Self {
        let texts::Texts { stored, body } = texts::texts(vendor, kind);
        let stored = match vendor {
            Vendor::Fireworks => as_written::<Fireworks>(&stored),
            Vendor::TrustedTwin => as_written::<TrustedTwin>(&stored),
            Vendor::Elastic => as_written::<Elastic>(&stored),
        };
        let (mut after, patch) = (value(stored.as_bytes()), value(body.as_bytes()));
        json_patch::merge(&mut after, &patch);
        if vendor == Vendor::TrustedTwin {
            if let Some(description) = patch.get("description") {
                after["description"] = description.clone();
            }
        }
        Self { vendor, kind, stored: stored.into_bytes(), body: body.into_bytes(), after }
    }

    pub(crate) fn name(&self) -> String {
        format!("{}.{}", self.vendor.module(), self.kind.name())
    }

    /// The name for people.
    pub(crate) fn title(&self) -> String {
        format!("{}, {}", self.vendor.name(), self.kind.name().replace('_', " "))
    }

    /// Does a step a few times, and then once inside of `meter`. Panics where the outcome is not the right one.
    pub(crate) fn perform(&self, step: Step, meter: &mut dyn FnMut(&mut dyn FnMut())) {
        match self.vendor {
            Vendor::Fireworks => self.perform_of::<Fireworks>(step, meter),
            Vendor::TrustedTwin => self.perform_of::<TrustedTwin>(step, meter),
            Vendor::Elastic => self.perform_of::<Elastic>(step, meter),
        }
    }

    fn perform_of<M: UpdateModel>(&self, step: Step, meter: &mut dyn FnMut(&mut dyn FnMut())) {
        let Self { stored, body, after, .. } = self;
        let is_after = |text: &str| assert!(value(text.as_bytes()) == *after, "{} {step:?}: {text}", self.name());
        let ctx = self.context::<M>();
        let user = M::user(stored).unwrap();
        let schema = || jsonschema::validator_for(&value(schema(self.vendor).as_bytes())).unwrap();
        match step {
            Step::Ignored => {
                let read = repeated(meter, || (), |()| serde_json::from_slice::<IgnoredAny>(body));
                assert!(read.is_ok());
            }
            Step::Lazy => {
                let read = repeated(meter, || (), |()| sonic_rs::from_slice::<sonic_rs::LazyValue<'_>>(body));
                assert!(read.is_ok());
            }
            Step::Value => {
                let read = repeated(meter, || (), |()| serde_json::from_slice::<Value>(body));
                assert!(read.is_ok());
            }
            Step::Validated(form) => {
                let is_valid = validity(form, self.vendor, schema());
                assert!(repeated(meter, || (), |()| validated(body, &*is_valid)).is_some());
            }
            Step::Pipeline(form) => {
                let (is_valid, user) = (validity(form, self.vendor, schema()), value(stored));
                let (written, _) = repeated(
                    meter,
                    || (),
                    |()| {
                        let patch = validated(body, &*is_valid).unwrap();
                        let mut user = user.clone();
                        json_patch::merge(&mut user, &patch);
                        (serde_json::to_string(&user).unwrap(), user)
                    },
                );
                self.is_merged(&written);
            }
            Step::PipelineStored(form) => {
                let is_valid = validity(form, self.vendor, schema());
                let written = repeated(
                    meter,
                    || (),
                    |()| {
                        let mut user: Value = serde_json::from_slice(stored).unwrap();
                        let patch = validated(body, &*is_valid).unwrap();
                        json_patch::merge(&mut user, &patch);
                        serde_json::to_string(&user).unwrap()
                    },
                );
                self.is_merged(&written);
            }
            Step::Check => {
                let verdict =
                    repeated(meter, || (), |()| M::parse(body, &ctx).and_then(|patch| M::check(&patch, &user, &ctx)));
                assert!(verdict.is_ok());
            }
            Step::Update => {
                let (reply, _) = repeated(
                    meter,
                    || user.clone(),
                    |mut user| {
                        let applied = M::parse(body, &ctx).and_then(|patch| M::apply(&patch, &mut user, &ctx));
                        (M::accepted(&user, &ctx), (applied.unwrap(), user))
                    },
                );
                is_after(&reply.body);
            }
            Step::Store => {
                let done = repeated(meter, || (), |()| M::store(stored, body, &ctx));
                let done = done.unwrap();
                is_after(done.text());
                is_after(&done.reply().body);
            }
        }
    }

    /// What the assembled pipeline makes of the user: it merges the dictionary of Trusted Twin, where the page replaces it.
    fn is_merged(&self, written: &str) {
        let mut user = value(&self.stored);
        json_patch::merge(&mut user, &value(&self.body));
        assert!(value(written.as_bytes()) == user, "{}", self.name());
    }

    /// The default context, but for its limit, and for what a client that echoes needs of Trusted Twin.
    fn context<M: UpdateModel>(&self) -> M::Context {
        let mut policy = json!({});
        if self.vendor == Vendor::TrustedTwin {
            policy["readOnly"] = json!("refuseChanged");
        }
        if self.body.len() > 65_536 {
            policy["maxBytes"] = json!(Limits::MAX_BYTES);
        }
        serde_json::from_value(json!({ "policy": policy })).unwrap()
    }
}

/// Does something, until what happens only at first is over, and then once inside of the meter, what comes of it being dropped
/// there. What it is done to is made outside, the first time. Gives what came of it before.
fn repeated<I, T>(meter: &mut dyn FnMut(&mut dyn FnMut()), prepare: impl Fn() -> I, work: impl Fn(I) -> T) -> T {
    for _ in 0..2 {
        drop(black_box(work(prepare())));
    }
    let (result, mut input) = (work(prepare()), Some(prepare()));
    // A clock does it often, and then what is prepared is timed too.
    meter(&mut || drop(black_box(work(black_box(input.take().unwrap_or_else(&prepare))))));
    result
}

/// A user as this crate has stored it.
fn as_written<M: UpdateModel>(stored: &str) -> String {
    M::user_json(&M::user(stored.as_bytes()).unwrap())
}

fn value(text: &[u8]) -> Value {
    serde_json::from_slice(text).unwrap()
}

fn validated(body: &[u8], is_valid: &dyn Fn(&Value) -> bool) -> Option<Value> {
    let patch = serde_json::from_slice(body).ok()?;
    is_valid(&patch).then_some(patch)
}

/// What the rules of the vendor say, as far as a schema can say it: neither what depends on the user nor what is to be a
/// duplicate.
fn schema(vendor: Vendor) -> &'static str {
    match vendor {
        Vendor::Fireworks => include_str!("../schemas/fireworks.json"),
        Vendor::TrustedTwin => include_str!("../schemas/trusted_twin.json"),
        Vendor::Elastic => include_str!("../schemas/elastic.json"),
    }
}

#[jsonschema::validator(path = "benches/schemas/fireworks.json")]
struct OfFireworks;
#[jsonschema::validator(path = "benches/schemas/trusted_twin.json")]
struct OfTrustedTwin;
#[jsonschema::validator(path = "benches/schemas/elastic.json")]
struct OfElastic;

fn validity(form: Form, vendor: Vendor, built: Validator) -> Box<dyn Fn(&Value) -> bool> {
    match (form, vendor) {
        (Form::Built, _) => Box::new(move |body| built.is_valid(body)),
        (Form::Compiled, Vendor::Fireworks) => Box::new(OfFireworks::is_valid),
        (Form::Compiled, Vendor::TrustedTwin) => Box::new(OfTrustedTwin::is_valid),
        (Form::Compiled, Vendor::Elastic) => Box::new(OfElastic::is_valid),
    }
}
