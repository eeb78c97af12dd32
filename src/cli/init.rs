//! `dossier init`: a new folder with a sample to edit, with nothing in it, or with what came from another generator.

use std::fs;
use std::io;
use std::path::Path;

use crate::pipeline::THEME;

use super::args::InitArgs;
use super::{DONE, INPUT_ERRORS, USAGE, import, starter};

/// Starts an explainer in a folder that is empty or not there yet.
pub(super) fn init(args: &InitArgs) -> u8 {
    match is_free(&args.dir) {
        Ok(true) => {}
        Ok(false) => {
            eprintln!("error: `{}` is not empty", args.dir.display());
            eprintln!("help: name a new folder; `dossier init` never writes over anything");
            return USAGE;
        }
        Err(error) => {
            eprintln!("error: cannot use `{}`: {error}", args.dir.display());
            return USAGE;
        }
    }
    if let Some(from) = &args.from_markdown {
        return import::import(from, args);
    }
    let (own, what): (Vec<_>, _) = match args.empty {
        true => (starter::empty(&title_of(&args.dir)).collect(), "A site with an empty home page"),
        false => (starter::sample().collect(), "A sample explainer to edit"),
    };
    let own = own.iter().map(|(path, text)| (path.clone(), text.as_bytes()));
    let theme = THEME.iter().filter(|_| !args.no_theme).map(|(path, bytes)| ((*path).to_owned(), *bytes));
    let ignore = (starter::GITIGNORE.0.to_owned(), starter::GITIGNORE.1.as_bytes());
    let written = write(&args.dir, own)
        .and_then(|()| write(&args.dir, [ignore].into_iter().chain(starter::schemas()).chain(theme)));
    if let Err(code) = written {
        return code;
    }
    println!("{what} is in `{}`. Next:", args.dir.display());
    println!("    dossier serve --root {} --watch --open", args.dir.display());
    DONE
}

/// A title from the name of a folder.
fn title_of(dir: &Path) -> String {
    let whole = std::path::absolute(dir).unwrap_or_else(|_| dir.to_owned());
    let name = whole.file_name().map(|name| name.to_string_lossy().into_owned());
    crate::parse::title_from_name(&name.unwrap_or_else(|| "A site".to_owned()))
}

/// Writes files into a new folder, by their path in it.
pub(super) fn write<'a>(dir: &Path, files: impl Iterator<Item = (String, &'a [u8])>) -> Result<(), u8> {
    for (path, bytes) in files {
        let place = dir.join(path);
        let made = place.parent().map_or(Ok(()), fs::create_dir_all).and_then(|()| fs::write(&place, bytes));
        made.map_err(|error| {
            eprintln!("error: cannot write `{}`: {error}", place.display());
            INPUT_ERRORS
        })?;
    }
    Ok(())
}

fn is_free(dir: &Path) -> io::Result<bool> {
    match fs::read_dir(dir) {
        Ok(mut entries) => Ok(entries.next().is_none()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(true),
        Err(error) => Err(error),
    }
}
