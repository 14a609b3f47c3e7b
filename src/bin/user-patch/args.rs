//! The arguments: what `--help` tells and nothing else.

use std::{ffi::OsString, path::PathBuf};

use clap::{Parser, Subcommand};

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use user_patch::vendor::Vendor;

/// What a user looks like after this PATCH, or precisely why it is refused, exactly as three vendors document it.
#[derive(Parser)]
#[command(
    name = "user-patch",
    version,
    after_help = "\
Exit status: 0 accepted, 1 refused, 2 usage or unreadable input.
`-` as a FILE is standard input."
)]
pub(crate) struct Args {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Update a user: the vendor's reply, as one line of JSON
    #[command(after_help = "\
Example:
  user-patch apply elastic --user user.json --patch patch.json
  echo '{\"role\":\"admin\"}' | user-patch apply fireworks --user user.json --patch - --context '{\"admin\":false}'")]
    Apply(Update),

    /// Say whether an update may be done: each violation with its rule, its place and the page's words
    #[command(after_help = "\
Example:
  user-patch check trusted-twin --user user.json --patch patch.json
  user-patch check fireworks --user user.json --patch patch.json --mask role,displayName --json")]
    Check(Check),

    /// Find the smallest patch that turns one user into another, or each reason why none does
    #[command(after_help = "\
Example:
  user-patch diff fireworks --from before.json --to after.json")]
    Diff(Diff),

    /// Show what an update would change: the RFC 6902 patch from the old user to the new, or the refusal
    #[command(after_help = "\
Example:
  user-patch audit elastic --user user.json --patch patch.json
  user-patch audit elastic --user user.json --patch patch.json --human")]
    Audit(Audit),

    /// List the rules: what each asks or does, what it rests on, and the page
    #[command(after_help = "\
Example:
  user-patch rules elastic
  user-patch rules --json")]
    Rules(Rules),

    /// Answer requests, one a line on standard input, with replies, one a line on standard output
    #[command(after_help = "\
Example:
  user-patch batch --jobs 4 < requests.ndjson > replies.ndjson

A request is a line like
  {\"id\":1,\"vendor\":\"elastic\",\"op\":\"apply\",\"user\":{…},\"patch\":{…},\"context\":{…}}

`op` is apply (default), check or audit; diff or undo, with `from` and `to`; then, with `patch` and `next`; rebase, with
`base`, `patch` and `theirs`; or for fireworks create, with `account` and `userId` instead of `user`. `patchText`, a string, stands in for `patch` where the body is not JSON. `mask` is
a string, for fireworks. A line that is not a request is answered by {\"id\":…,\"error\":\"…\",\"line\":N}, with its id where
that can be read and null otherwise; the run goes on, and the exit status is 1 at the end. So is a line that is longer than
--max-line: it is answered as soon as that is known, and the rest of it is passed over.")]
    Batch(Batch),

    /// Stand in for the vendors: their endpoints on one port, with users that are kept, and a page to try it at /
    #[cfg(feature = "serve")]
    #[command(after_help = "\
Example:
  user-patch serve
  user-patch serve --addr 127.0.0.1:0 --data users.sqlite --sync --seed seed.json --no-faults

It says on standard error where it listens. Without --seed any key in the vendor's form is taken, and there are the users
accounts/acme/users/alice (fireworks), f63d5c5c-0c5e-4c1a-9b1e-0d7a2f6f9a11 (trusted-twin) and admin (elastic). The header
x-user-patch-break, with 401, 429, 500, 503 or the id of a rule, makes that the answer; x-user-patch-policy has a policy.")]
    Serve(Serve),
}

/// A user, an update of it, and who asks.
#[derive(clap::Args)]
pub(crate) struct Update {
    /// Whose update model
    #[arg(value_parser = vendor())]
    pub vendor: Vendor,

    /// The current user, as the vendor writes it
    #[arg(long, value_name = "FILE")]
    pub user: PathBuf,

    /// The body of the update, whatever its bytes are
    #[arg(long, value_name = "FILE")]
    pub patch: PathBuf,

    /// The update mask of the request, paths joined by commas (fireworks only)
    #[arg(long, value_name = "PATHS")]
    pub mask: Option<String>,

    /// Who asks, when, and the policy: a file, or the JSON object itself
    #[arg(long, value_name = "FILE|JSON")]
    pub context: Option<OsString>,
}

#[derive(clap::Args)]
pub(crate) struct Check {
    #[command(flatten)]
    pub update: Update,

    /// The reply object of `apply` on standard output, instead of words on standard error
    #[arg(long)]
    pub json: bool,
}

#[derive(clap::Args)]
pub(crate) struct Audit {
    #[command(flatten)]
    pub update: Update,

    /// A line a member for a person, before and after, without passwords; a refusal in words on standard error
    #[arg(long)]
    pub human: bool,
}

#[derive(clap::Args)]
pub(crate) struct Diff {
    /// Whose update model
    #[arg(value_parser = vendor())]
    pub vendor: Vendor,

    /// The user as it is
    #[arg(long, value_name = "FILE")]
    pub from: PathBuf,

    /// The user as it should be
    #[arg(long, value_name = "FILE")]
    pub to: PathBuf,
}

#[derive(clap::Args)]
pub(crate) struct Rules {
    /// Only the rules of this vendor
    #[arg(value_parser = vendor())]
    pub vendor: Option<Vendor>,

    /// A JSON array
    #[arg(long)]
    pub json: bool,
}

#[derive(clap::Args)]
pub(crate) struct Batch {
    /// How many requests are answered at the same time [default: one for each processor]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub jobs: Option<u16>,

    /// How long a line may be, its end not counted
    #[arg(long, value_name = "BYTES", default_value_t = 16 * 1024 * 1024, value_parser = clap::value_parser!(u32).range(1..))]
    pub max_line: u32,
}

#[cfg(feature = "serve")]
#[derive(clap::Args)]
pub(crate) struct Serve {
    /// Where to listen; port 0 is any free one
    #[arg(long, value_name = "IP:PORT", default_value = "127.0.0.1:8080")]
    pub addr: std::net::SocketAddr,

    /// The SQLite database that keeps the users
    #[arg(long, value_name = "FILE|:memory:", default_value = ":memory:")]
    pub data: PathBuf,

    /// Who is let in, and the users of a database that is new: a JSON file
    #[arg(long, value_name = "FILE")]
    pub seed: Option<PathBuf>,

    /// Answer an update when the disk has it: it outlives a loss of power, not the process alone
    #[arg(long)]
    pub sync: bool,

    /// Take no header that asks for an error, a refusal or a policy
    #[arg(long)]
    pub no_faults: bool,
}

/// Reads a vendor by its name, or by that of its module in the library.
fn vendor() -> impl TypedValueParser<Value = Vendor> {
    let values = Vendor::ALL.iter().map(|vendor| PossibleValue::new(vendor.name()).alias(vendor.module()));
    PossibleValuesParser::new(values).try_map(|name| Vendor::named(&name).ok_or("no such vendor"))
}
