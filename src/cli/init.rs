//! `dossier init`: a new folder with a sample to write over, or with what came from another generator.

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
    let theme = THEME.iter().filter(|_| !args.no_theme).map(|(path, bytes)| ((*path).to_owned(), *bytes));
    if let Err(code) = write(&args.dir, starter::files().chain(theme)) {
        return code;
    }
    println!("An explainer to write over is in `{}`. Next:", args.dir.display());
    println!("    dossier serve --root {} --watch --open", args.dir.display());
    DONE
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
