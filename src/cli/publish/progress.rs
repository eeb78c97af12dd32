use std::io::IsTerminal;

use indicatif::{ProgressBar, ProgressStyle};

/// A progress bar of the sent bytes with the remaining time, on a terminal only.
pub(super) struct Progress(Option<ProgressBar>);

impl Progress {
    /// Creates a bar for this number of bytes.
    pub fn new(quiet: bool, bytes: u64) -> Self {
        if quiet || bytes == 0 || !std::io::stderr().is_terminal() {
            return Self(None);
        }
        let bar = ProgressBar::new(bytes);
        let style = ProgressStyle::with_template("sending {bar:40} {bytes}/{total_bytes}, {eta} left");
        bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
        Self(Some(bar))
    }

    /// Adds sent bytes.
    pub fn sent(&self, bytes: u64) {
        if let Some(bar) = &self.0 {
            bar.inc(bytes);
        }
    }

    /// Ends the bar.
    pub fn finish(&self) {
        if let Some(bar) = &self.0 {
            bar.finish_and_clear();
        }
    }
}
