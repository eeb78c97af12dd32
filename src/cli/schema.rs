//! `dossier schema`: what editors need to complete and check `site.toml`, front matter and records.

use std::path::Path;

use crate::schema::{KINDS, Kind, find_kind};

use super::words::SchemaArgs;
use super::{DONE, INPUT_ERRORS, USAGE};

/// Writes one schema, or all of them into a folder, or their list.
pub(super) fn schema(args: &SchemaArgs) -> u8 {
    match (&args.kind, &args.into) {
        (_, Some(folder)) => write_all(folder),
        (Some(name), None) => match find_kind(name) {
            Some(kind) => {
                print!("{}", kind.schema);
                DONE
            }
            None => unknown(name),
        },
        (None, None) => {
            for kind in &KINDS {
                println!("{:<14} {}", kind.name, kind.files);
            }
            DONE
        }
    }
}

fn write_all(folder: &Path) -> u8 {
    let write = |kind: &Kind| {
        let place = folder.join(format!("{}.json", kind.name));
        std::fs::write(&place, kind.schema).map(|()| place)
    };
    let written = std::fs::create_dir_all(folder).and_then(|()| KINDS.iter().map(write).collect::<Result<Vec<_>, _>>());
    match written {
        Ok(places) => {
            for place in places {
                println!("{}", place.display());
            }
            DONE
        }
        Err(error) => {
            eprintln!("error: cannot write schemas to `{}`: {error}", folder.display());
            INPUT_ERRORS
        }
    }
}

fn unknown(name: &str) -> u8 {
    let names = KINDS.iter().map(|kind| kind.name);
    let near = crate::diag::did_you_mean(name, names).map(|near| format!("did you mean `{near}`?"));
    let near = near.unwrap_or_else(|| "`dossier schema` lists them".to_owned());
    eprintln!("error: there is no kind of file called `{name}`; {near}");
    USAGE
}
