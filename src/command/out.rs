//! Standard output and standard error.

use std::io::{self, Write as _};

use anstream::{AutoStream, ColorChoice};
use signin_sleuth::report::{Layout, visible};

use super::Trouble;

/// Columns of a line where nobody says how wide the terminal is.
const WIDTH: usize = 100;

/// How text for standard output is laid out: to the width of the terminal, but no wider than reads
/// well; in colour on a terminal, unless `NO_COLOR` is set.
pub(crate) fn layout(all: bool) -> Layout {
    let width = terminal_size::terminal_size_of(io::stdout()).map_or(WIDTH, |(width, _)| usize::from(width.0));
    Layout { width: width.clamp(40, WIDTH), colour: AutoStream::choice(&io::stdout()) != ColorChoice::Never, all }
}

/// Writes to standard output. A reader that went away, as `head` does, is no error.
///
/// # Errors
/// When it cannot be written for another reason.
pub(crate) fn write(bytes: &[u8]) -> Result<(), Trouble> {
    let mut out = io::stdout().lock();
    match out.write_all(bytes).and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(Trouble(format!("the output could not be written: {error}")))
        }
        _ => Ok(()),
    }
}

/// Writes laid-out text to standard output; its colours reach old Windows consoles too.
///
/// # Errors
/// When it cannot be written, other than to a reader that went away.
pub(crate) fn write_text(text: &str, layout: Layout) -> Result<(), Trouble> {
    if !layout.colour {
        return write(text.as_bytes());
    }
    let mut out = AutoStream::always(io::stdout().lock());
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(Trouble(format!("the output could not be written: {error}")))
        }
        _ => Ok(()),
    }
}

/// Tells a person on standard error what went wrong and what to do.
pub(crate) fn error(text: &str) {
    // A name of a file or a value in it may hold anything; where nobody listens, nothing is lost.
    let _ = writeln!(io::stderr().lock(), "signin-sleuth: {}", visible(text));
}
