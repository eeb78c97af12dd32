//! `dossier theme`: lists which files of the theme the site overrides, and copies some for editing.

use std::io;

use crate::diag::plain;
use crate::disk::{Content, Existing, Folder, NewFiles};
use crate::pipeline::THEME;
use crate::source::{Files, SitePath};

use super::args::ThemeArgs;
use super::{DONE, INPUT_ERRORS, USAGE, error_text, open_site, say, say_err, shown, waiting};

/// Lists the files of the theme, or copies some of them into the site.
pub(super) fn theme(args: &ThemeArgs) -> u8 {
    let Some(site) = open_site(&args.root) else { return USAGE };
    match args.files.is_empty() {
        true => list(&site),
        false => copy(args, &site),
    }
}

fn list(site: &Folder) -> u8 {
    let mut list = String::new();
    for (path, built_in) in THEME {
        let own = SitePath::new(path).map_err(|_| io::ErrorKind::InvalidInput.into()).and_then(|path| site.read(&path));
        let origin = match own {
            Ok(own) if own == *built_in => "the site's, identical to the program's",
            Ok(_) => "the site's own",
            Err(error) if error.kind() == io::ErrorKind::NotFound => "the program's",
            Err(error) => {
                say_err(&format!("error: `{path}` cannot be read: {}\n", plain(&error)));
                return INPUT_ERRORS;
            }
        };
        list.push_str(&format!("{path:<40} {origin}\n"));
    }
    say(&list);
    DONE
}

fn copy(args: &ThemeArgs, site: &Folder) -> u8 {
    let mut wanted = Vec::new();
    for name in &args.files {
        let Some((path, bytes)) = THEME.iter().find(|(path, _)| path == name) else {
            let near = crate::diag::did_you_mean(name, THEME.iter().map(|(path, _)| *path));
            say_err(&format!("error: the theme has no file `{name}`\n"));
            say_err(&format!(
                "help: {}\n",
                near.map_or("`dossier theme` lists them".into(), |near| format!("did you mean `{near}`?"))
            ));
            return USAGE;
        };
        wanted.extend(SitePath::new(path).map(|path| (path, Content::Bytes(bytes))));
    }
    let paths: Vec<SitePath> = wanted.iter().map(|(path, _)| path.clone()).collect();
    let added = NewFiles::open(site.root(), "dossier theme", waiting).map_err(error_text);
    match added.and_then(|files| files.add(wanted, Existing::Refuse).map_err(error_text)) {
        Ok(()) => {
            say(&paths.iter().map(|path| format!("{}\n", shown(&args.root.join(path.as_str())))).collect::<String>());
            DONE
        }
        Err(message) => {
            say_err(&format!("error: {message}; nothing was written\n"));
            INPUT_ERRORS
        }
    }
}
