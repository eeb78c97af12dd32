//! `dossier init`: an explainer that builds without a change, to write over.

use std::fs;
use std::io;
use std::path::Path;

use crate::build::THEME;

use super::words::InitArgs;
use super::{DONE, INPUT_ERRORS, USAGE};

/// The example's files, by their path in the new folder.
const STARTER: &[(&str, &str)] = &[
    (".gitignore", include_str!("starter/gitignore")),
    ("README.md", include_str!("starter/README.md")),
    ("content/closure.md", include_str!("starter/content/closure.md")),
    ("content/evidence/claims/bridge.yaml", include_str!("starter/content/evidence/claims/bridge.yaml")),
    ("content/evidence/disagreements.yaml", include_str!("starter/content/evidence/disagreements.yaml")),
    ("content/evidence/entities.yaml", include_str!("starter/content/evidence/entities.yaml")),
    ("content/evidence/events.yaml", include_str!("starter/content/evidence/events.yaml")),
    ("content/evidence/sources.yaml", include_str!("starter/content/evidence/sources.yaml")),
    ("content/index.md", include_str!("starter/content/index.md")),
    ("content/repair.md", include_str!("starter/content/repair.md")),
    ("content/timeline.md", include_str!("starter/content/timeline.md")),
    ("site.toml", include_str!("starter/site.toml")),
];

/// Starts an explainer in a folder that is empty or not there yet.
pub(super) fn init(args: &InitArgs) -> u8 {
    match is_free(&args.dir) {
        Ok(true) => {}
        Ok(false) => {
            eprintln!("error: `{}` is not empty", args.dir.display());
            eprintln!("help: name a new folder; `dossier init` never writes over anything");
            return USAGE;
        }
        Err(error) => return failed(&args.dir, &error),
    }
    let starter = STARTER.iter().map(|(path, text)| (*path, text.as_bytes()));
    for (path, bytes) in starter.chain(THEME.iter().copied()) {
        let place = args.dir.join(path);
        let made = place.parent().map_or(Ok(()), fs::create_dir_all).and_then(|()| fs::write(&place, bytes));
        if let Err(error) = made {
            return failed(&place, &error);
        }
    }
    println!("An explainer to write over is in `{}`. Next:", args.dir.display());
    println!("    dossier serve --root {} --watch --open", args.dir.display());
    DONE
}

fn is_free(dir: &Path) -> io::Result<bool> {
    match fs::read_dir(dir) {
        Ok(mut entries) => Ok(entries.next().is_none()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(true),
        Err(error) => Err(error),
    }
}

fn failed(place: &Path, error: &io::Error) -> u8 {
    eprintln!("error: cannot write `{}`: {error}", place.display());
    INPUT_ERRORS
}
