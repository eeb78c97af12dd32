//! `dossier schema`: JSON Schemas of `site.toml`, front matter and records, for editors.

use serde_json::json;

use crate::schema::{KINDS, Kind, find_kind};

use super::args::{ListFormat, SchemaArgs};
use super::{DONE, USAGE, say, say_err, write_all};

/// Writes one schema, or all of them into a folder, or their list.
pub(super) fn schema(args: &SchemaArgs) -> u8 {
    match (&args.kind, &args.into) {
        (_, Some(folder)) => {
            let schemas = KINDS.iter().map(|kind| (format!("{}.json", kind.name), kind.schema.as_bytes().into()));
            write_all(folder, "dossier schema", schemas, args.force)
        }
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

fn unknown(name: &str) -> u8 {
    let names = KINDS.iter().map(|kind| kind.name);
    let near = crate::diag::did_you_mean(name, names).map(|near| format!("did you mean `{near}`?"));
    let near = near.unwrap_or_else(|| "`dossier schema` lists them".to_owned());
    say_err(&format!("error: there is no kind of file called `{name}`\nhelp: {near}\n"));
    USAGE
}
