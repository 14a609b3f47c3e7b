//! What ends the program with exit status 2, and the one way onto standard output.

use std::{
    fmt,
    io::{self, ErrorKind, Write},
};

/// Usage, or input or output that does not work. The message holds no value of what was read.
pub(crate) struct Failure(String);

impl Failure {
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self(message.into())
    }

    /// Says it on standard error.
    pub(crate) fn tell(&self) {
        // Where standard error is closed there is nobody left to tell.
        let _ = writeln!(io::stderr(), "error: {}", Printable(&self.0));
    }
}

/// Text without control characters: a name from a file must not write to the terminal by itself.
struct Printable<'t>(&'t str);

impl fmt::Display for Printable<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for character in self.0.chars() {
            match character.is_control() {
                true => write!(f, "{}", character.escape_default())?,
                false => write!(f, "{character}")?,
            }
        }
        Ok(())
    }
}

/// Writes to standard output. Nobody listening any more is no failure.
pub(crate) fn print(text: &str) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(wrong) if wrong.kind() != ErrorKind::BrokenPipe => Err(Failure::output(&wrong)),
        _ => Ok(()),
    }
}

impl Failure {
    pub(crate) fn output(wrong: &io::Error) -> Self {
        Self(format!("cannot write to standard output: {wrong}"))
    }
}
