use std::io::IsTerminal;

use indicatif::{ProgressBar, ProgressStyle};

/// Bytes that were sent and the time left, on a terminal only.
pub(super) struct Progress(Option<ProgressBar>);

impl Progress {
    /// A bar for so many bytes.
    pub fn new(quiet: bool, bytes: u64) -> Self {
        if quiet || bytes == 0 || !std::io::stderr().is_terminal() {
            return Self(None);
        }
        let bar = ProgressBar::new(bytes);
        let style = ProgressStyle::with_template("sending {bar:40} {bytes}/{total_bytes}, {eta} left");
        bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
        Self(Some(bar))
    }

    /// So many more are sent.
    pub fn sent(&self, bytes: u64) {
        if let Some(bar) = &self.0 {
            bar.inc(bytes);
        }
    }

    /// No more will be.
    pub fn finish(&self) {
        if let Some(bar) = &self.0 {
            bar.finish_and_clear();
        }
    }
}
