//! `dossier schema`: what editors need to complete and check `site.toml`, front matter and records.

use std::path::Path;

use serde_json::json;

use crate::schema::{KINDS, Kind, find_kind};

use super::args::{ListFormat, SchemaArgs};
use super::{DONE, INPUT_ERRORS, USAGE, say, shown};

/// Writes one schema, or all of them into a folder, or their list.
pub(super) fn schema(args: &SchemaArgs) -> u8 {
    match (&args.kind, &args.into) {
        (_, Some(folder)) => write_all(folder),
        (Some(name), None) => match find_kind(name) {
            Some(kind) => {
                say(kind.schema);
                DONE
            }
            None => unknown(name),
        },
        (None, None) => {
            let line = |kind: &Kind| match args.format {
                ListFormat::Text => format!("{:<14} {}\n", kind.name, kind.files),
                ListFormat::Json => format!("{}\n", json!({ "kind": kind.name, "files": kind.files })),
            };
            say(&KINDS.iter().map(line).collect::<String>());
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
            say(&places.iter().map(|place| format!("{}\n", shown(place))).collect::<String>());
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
    eprintln!("error: there is no kind of file called `{name}`\nhelp: {near}");
    USAGE
}
