//! `dossier theme`: which templates and stylesheets are the program's, which the site's own, and a copy of one to change.

use std::fs;
use std::io;
use std::path::Path;

use crate::pipeline::THEME;

use super::args::ThemeArgs;
use super::{DONE, INPUT_ERRORS, USAGE, init, say, shown};

/// Lists the files of the theme, or copies some of them into the site.
pub(super) fn theme(args: &ThemeArgs) -> u8 {
    if !args.root.join("site.toml").is_file() {
        eprintln!("error: there is no `site.toml` in `{}`", args.root.display());
        eprintln!("help: name the folder of the site with `--root`, or start one with `dossier init`");
        return USAGE;
    }
    match args.files.is_empty() {
        true => list(&args.root),
        false => copy(args),
    }
}

fn list(root: &Path) -> u8 {
    let mut list = String::new();
    for (path, ours) in THEME {
        let whose = match fs::read(root.join(path)) {
            Ok(own) if own == *ours => "the site's, the same as the program's",
            Ok(_) => "the site's own",
            Err(error) if error.kind() == io::ErrorKind::NotFound => "the program's",
            Err(error) => {
                eprintln!("error: cannot read `{}`: {error}", root.join(path).display());
                return INPUT_ERRORS;
            }
        };
        list.push_str(&format!("{path:<40} {whose}\n"));
    }
    say(&list);
    DONE
}

fn copy(args: &ThemeArgs) -> u8 {
    let mut wanted = Vec::new();
    for name in &args.files {
        let Some((path, bytes)) = THEME.iter().find(|(path, _)| path == name) else {
            let near = crate::diag::did_you_mean(name, THEME.iter().map(|(path, _)| *path));
            eprintln!("error: the theme has no file `{name}`");
            eprintln!(
                "help: {}",
                near.map_or("`dossier theme` lists them".into(), |near| format!("did you mean `{near}`?"))
            );
            return USAGE;
        };
        if args.root.join(path).exists() {
            eprintln!("error: `{}` is there already; nothing was written", shown(&args.root.join(path)));
            return INPUT_ERRORS;
        }
        wanted.push(((*path).to_owned(), *bytes));
    }
    for (path, _) in &wanted {
        say(&format!("{}\n", shown(&args.root.join(path))));
    }
    init::write(&args.root, wanted.into_iter()).map_or_else(|code| code, |()| DONE)
}
