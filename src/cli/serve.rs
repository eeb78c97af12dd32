//! `dossier serve`: the development server.

use std::io::IsTerminal;
use std::process::Stdio;
use std::sync::Arc;

use crate::diag::{Diagnostics, Severity};
use crate::disk::Folder;
use crate::pipeline::Request;
use crate::serve::{Observer, Options, serve as run};

use super::args::ServeArgs;
use super::baseline;
use super::build::{counted, open, reporter, request};
use super::template_watch::watch_templates;
use super::today::today;
use super::{DONE, Format, INPUT_ERRORS, USAGE, say, say_err, visible};

/// Serves until interrupted.
pub(super) fn serve(args: &ServeArgs) -> u8 {
    let Some(folder) = open(&args.site.root) else { return USAGE };
    let baseline = match baseline::read(&folder, None) {
        Ok(baseline) => baseline,
        Err(problems) => {
            say_err(&reporter(&folder, &args.site.root).report(&problems, Format::Text));
            return INPUT_ERRORS;
        }
    };
    let given = args.site.source_date_epoch;
    let options = Options {
        root: args.site.root.clone(),
        request: Request { baseline, ..request(&args.site, &args.levels) },
        today: Arc::new(move || today(given)),
        host: args.host.clone(),
        allow_hosts: args.allow_host.clone(),
        port: args.port,
        watch: args.watch,
        poll: args.poll,
        follow: args.follow,
    };
    let observer = Arc::new(Terminal { root: args.site.root.clone(), quiet: args.site.quiet, open: args.open });
    let (root, shown) = (args.site.root.clone(), observer.clone());
    watch_templates(move |problem| {
        if let Some(files) = open(&root) {
            shown.problems(&files, &std::iter::once(problem).collect());
        }
        INPUT_ERRORS
    });
    match run(&options, observer) {
        Ok(()) => DONE,
        Err(error) => {
            say_err(&format!("error: {error}\n"));
            INPUT_ERRORS
        }
    }
}

struct Terminal {
    root: std::path::PathBuf,
    quiet: bool,
    open: bool,
}

impl Observer for Terminal {
    fn listening(&self, address: &str, busy: Option<u16>) {
        if let Some(busy) = busy {
            say_err(&format!("port {busy} is in use, so the next free one is used; choose one with `--port`\n"));
        }
        say(&format!("serving {address} (press Ctrl-C to stop)\n"));
        if self.open {
            browse(address);
        }
    }

    fn made(&self, line: &str) {
        if !self.quiet {
            say(&format!("{}\n", visible(line)));
        }
    }

    fn problems(&self, files: &Folder, problems: &Diagnostics) {
        say_err(&reporter(files, &self.root).report(problems, Format::Text));
        let (errors, warnings) = (problems.count(Severity::Error), problems.count(Severity::Warning));
        if errors > 0 {
            say_err(&format!("{} and {}\n", counted(errors, "error"), counted(warnings, "warning")));
        } else if std::io::stderr().is_terminal() {
            say_err(&format!("no error, {}\n", counted(warnings, "warning")));
        }
    }

    fn trouble(&self, message: &str) {
        say_err(&format!("warning: {message}\n"));
    }
}

/// Opens the address in the user's browser, if there is a program for that.
fn browse(address: &str) {
    let program = if cfg!(target_os = "macos") {
        "open"
    } else if cfg!(windows) {
        "explorer"
    } else {
        "xdg-open"
    };
    let started = std::process::Command::new(program)
        .arg(address)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn();
    if started.is_err() {
        say_err(&format!("warning: `{program}` could not be started; open the address in a browser\n"));
    }
}
