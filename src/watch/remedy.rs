//! Why the file system cannot be watched, and what to do.

use notify::ErrorKind;

/// The message if changes cause no events.
pub(super) fn explain(error: &notify::Error) -> String {
    let (why, help) = match &error.kind {
        ErrorKind::MaxFilesWatch => (
            "the limit on watched folders is reached".to_owned(),
            Some("`sudo sysctl fs.inotify.max_user_watches=524288` raises it"),
        ),
        // EMFILE, for which there is no `io::ErrorKind`.
        ErrorKind::Io(error) if cfg!(target_os = "linux") && error.raw_os_error() == Some(24) => (
            "the limit on watching programs, or on open files, is reached".to_owned(),
            Some("`sudo sysctl fs.inotify.max_user_instances=512` raises the first, `ulimit -n 4096` the second"),
        ),
        ErrorKind::Io(error) => (crate::diag::plain(error), None),
        _ => (error.to_string(), None),
    };
    let place = error.paths.first().map(|path| format!(" below `{}`", path.display())).unwrap_or_default();
    let help = help.map(|help| format!("\nhelp: {help}")).unwrap_or_default();
    format!("changes cannot be watched{place}: {why}; all files are looked at every half second instead{help}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_is_reported_with_its_remedy() {
        let full = notify::Error::new(ErrorKind::MaxFilesWatch).add_path("/site/content".into());
        assert_eq!(
            explain(&full),
            "changes cannot be watched below `/site/content`: the limit on watched folders is reached; all files are \
             looked at every half second instead\nhelp: `sudo sysctl fs.inotify.max_user_watches=524288` raises it"
        );
        let refused = notify::Error::io(std::io::ErrorKind::PermissionDenied.into()).add_path("/site/static/x".into());
        assert_eq!(
            explain(&refused),
            "changes cannot be watched below `/site/static/x`: permission is denied; all files are looked at every half \
             second instead"
        );
    }
}
