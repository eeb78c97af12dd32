//! What the program writes to its two streams. A write that fails never panics, and lost output is never a success.

use std::io::{self, ErrorKind, Write};
use std::sync::{Mutex, PoisonError};

use crate::diag::plain;

use super::{DONE, INPUT_ERRORS};

/// Why standard output could not be written, at first.
static WRITE_ERROR: Mutex<Option<io::Error>> = Mutex::new(None);

/// Writes to standard output; the command [fails](exit_code) if that is not possible.
pub(super) fn say(text: &str) {
    let mut out = io::stdout().lock();
    record_write(out.write_all(text.as_bytes()).and_then(|()| out.flush()));
}

/// Remembers why standard output could not be written. A closed pipe, as with `head`, is no error.
pub(super) fn record_write(written: io::Result<()>) {
    if let Some(error) = written.err().filter(|error| error.kind() != ErrorKind::BrokenPipe) {
        WRITE_ERROR.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(error);
    }
}

/// Writes to standard error. If that is not possible, there is no other place to say it.
pub(super) fn say_err(text: &str) {
    let _ = io::stderr().write_all(text.as_bytes());
}

/// The exit code of a command that ended with `code`; a success becomes a failure, and is reported, if output was lost.
pub(super) fn exit_code(code: u8) -> u8 {
    let Some(error) = WRITE_ERROR.lock().unwrap_or_else(PoisonError::into_inner).take() else { return code };
    say_err(&format!("error: standard output cannot be written: {}\n", plain(&error)));
    if code == DONE { INPUT_ERRORS } else { code }
}
