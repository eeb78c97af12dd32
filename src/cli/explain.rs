//! `dossier explain`: explains a problem code.

use serde_json::json;

use crate::diag::{CODES, Code, Severity, did_you_mean, find_code};

use super::args::{ExplainArgs, ListFormat};
use super::{DONE, USAGE, say, say_err};

/// Explains a code, or lists all of them.
pub(super) fn explain(args: &ExplainArgs) -> u8 {
    let Some(name) = &args.code else {
        let line = |code: &Code| match args.format {
            ListFormat::Text => format!("{:<26} {}\n", code.name, word(code)),
            ListFormat::Json => {
                format!("{}\n", json!({ "code": code.name, "severity": severity(code), "always": code.always }))
            }
        };
        say(&CODES.iter().map(line).collect::<String>());
        return DONE;
    };
    let Some(code) = find_code(name) else {
        let near = did_you_mean(name, CODES.iter().map(|code| code.name));
        let near = near.map_or_else(|| "`dossier explain` lists them".into(), |near| format!("did you mean `{near}`?"));
        say_err(&format!("error: unknown problem code `{name}`\nhelp: {near}\n"));
        return USAGE;
    };
    match args.format {
        ListFormat::Text => say(code.docs),
        ListFormat::Json => {
            let about =
                json!({ "code": code.name, "severity": severity(code), "always": code.always, "docs": code.docs });
            say(&format!("{about}\n"));
        }
    }
    DONE
}

fn word(code: &Code) -> &'static str {
    if code.always { "always an error" } else { severity(code) }
}

fn severity(code: &Code) -> &'static str {
    if code.severity == Severity::Error { "error" } else { "warning" }
}
