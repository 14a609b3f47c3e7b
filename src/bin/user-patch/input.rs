//! The files of a command: read whole, and named in what is said of them.

use std::{
    ffi::OsStr,
    fs,
    io::{self, Read},
    path::Path,
};

use crate::{
    args::{Diff, Update as UpdateArgs},
    failure::Failure,
};
use user_patch::exchange::{InvalidPart, Pair, Part, Update};

/// A text and what to call it.
pub(crate) struct Input {
    pub(crate) name: String,
    pub(crate) bytes: Vec<u8>,
}

impl Input {
    pub(crate) fn file(path: &Path) -> Result<Self, Failure> {
        let name = if is_stdin(path) { "standard input".to_owned() } else { path.display().to_string() };
        let bytes = if is_stdin(path) { stdin() } else { fs::read(path) };
        match bytes {
            Ok(bytes) => Ok(Self { name, bytes }),
            Err(wrong) => Err(Failure::new(format!("{name}: cannot be read: {wrong}"))),
        }
    }

    /// The JSON object itself, a file, or the default where nothing is given.
    fn context(given: Option<&OsStr>) -> Result<Self, Failure> {
        let name = "--context".to_owned();
        match given {
            None => Ok(Self { name, bytes: b"null".to_vec() }),
            Some(given) => match inline(given) {
                Some(text) => Ok(Self { name, bytes: text.as_bytes().to_vec() }),
                None => Self::file(Path::new(given)),
            },
        }
    }
}

/// What `apply`, `check` and `audit` are about.
pub(crate) struct UpdateInput<'a> {
    user: Input,
    patch: Input,
    mask: &'a str,
    context: Input,
}

impl<'a> UpdateInput<'a> {
    pub(crate) fn read(args: &'a UpdateArgs) -> Result<Self, Failure> {
        if args.mask.is_some() && !args.vendor.has_mask_and_create() {
            return Err(Failure::new(format!("{} has no field masks: --mask is for fireworks", args.vendor.name())));
        }
        let context = args.context.as_deref();
        let context_file = context.filter(|given| inline(given).is_none()).map(Path::new);
        stdin_once([Some(&*args.user), Some(&*args.patch), context_file])?;
        Ok(Self {
            user: Input::file(&args.user)?,
            patch: Input::file(&args.patch)?,
            mask: args.mask.as_deref().unwrap_or_default(),
            context: Input::context(context)?,
        })
    }

    pub(crate) fn update(&self) -> Update<'_> {
        Update {
            user: &self.user.bytes,
            patch: self.patch.bytes.as_slice().into(),
            mask: self.mask.into(),
            context: &self.context.bytes,
        }
    }

    /// Why the files cannot be asked about, with the name of the one that is at fault.
    pub(crate) fn failure(&self, wrong: &InvalidPart) -> Failure {
        let name = if wrong.part() == Part::Context { &self.context.name } else { &self.user.name };
        Failure::new(format!("{name}: {wrong}"))
    }
}

/// What `diff` is about.
pub(crate) struct PairInput {
    from: Input,
    to: Input,
}

impl PairInput {
    pub(crate) fn read(args: &Diff) -> Result<Self, Failure> {
        stdin_once([Some(&*args.from), Some(&*args.to)])?;
        Ok(Self { from: Input::file(&args.from)?, to: Input::file(&args.to)? })
    }

    pub(crate) fn pair(&self) -> Pair<'_> {
        Pair { from: &self.from.bytes, to: &self.to.bytes, context: b"null" }
    }

    /// Why the files cannot be asked about, with the name of the one that is at fault.
    pub(crate) fn failure(&self, wrong: &InvalidPart) -> Failure {
        let name = if wrong.part() == Part::To { &self.to.name } else { &self.from.name };
        Failure::new(format!("{name}: {wrong}"))
    }
}

fn is_stdin(path: &Path) -> bool {
    path.as_os_str() == "-"
}

fn stdin_once<'p>(files: impl IntoIterator<Item = Option<&'p Path>>) -> Result<(), Failure> {
    match files.into_iter().flatten().filter(|file| is_stdin(file)).count() {
        0 | 1 => Ok(()),
        _ => Err(Failure::new("only one file can be standard input")),
    }
}

fn stdin() -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    io::stdin().lock().read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// The text of an argument that is a JSON object and not the name of a file.
fn inline(given: &OsStr) -> Option<&str> {
    given.to_str().filter(|text| text.trim_start().starts_with('{'))
}
