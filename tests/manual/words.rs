//! Components and problems, with the words that stand beside them in the code.

use dossier::diag::{CODES, Severity};

use crate::support::files::{here, text};
use crate::templates;

/// Text that may stand in a cell of a table.
pub fn cell(text: &str) -> String {
    text.replace('\n', " ").replace('|', "\\|")
}

/// The components that Markdown may call; what is said of each is the comment before it.
pub fn components() -> String {
    let templates = templates();
    let mut out = String::from(
        "A fence whose first word is a name in braces calls a component; its body is Markdown, and goes where the \
         component says. Arguments follow as `name=value`, with quotes around a value that holds a space. An argument \
         that is called `claim`, `source`, `event`, `disagreement`, `entity` or `topic` takes an id, and the component \
         gets the record. One called `src` names a file from the page, as a link does; where the component takes \
         `width` and `height` too, it gets those of the picture.\n\nThese come with the program, in \
         `templates/components/prose.html`. A site adds its own in `templates/components/`: [Change the look](../how-to/look.md#component) tells how.\n",
    );
    let prose = text(&here().join("templates/components/prose.html"));
    for part in prose.split("{% component ").skip(1) {
        let name = part.split('(').next().unwrap_or_default();
        let before = prose.split(&format!("{{% component {name}(")).next().unwrap_or_default();
        let about = before.rsplit("{#- ").next().and_then(|rest| rest.split_once(" -#}\n"));
        let Some((about, "")) = about else { panic!("prose.html: say before `{name}` what it is for") };
        let name = name.replace('_', "-");
        let info = templates.component(&name).unwrap_or_else(|| panic!("no component {name}"));
        let args: Vec<_> = info.args().iter().filter(|arg| !["root", "lang"].contains(&arg.name())).collect();
        let call: String =
            args.iter().filter(|arg| arg.is_required()).map(|arg| format!(" {}=…", arg.name())).collect();
        let body =
            if part.split("{%- endcomponent").next().unwrap_or_default().contains("{{ body") { "…\n" } else { "" };
        out.push_str(&format!(
            "\n## {name} {{#{name}}}\n\n{about}\n\n````text\n```{{{name}}}{call}\n{body}```\n````\n"
        ));
        // What needs nothing of the ledger is shown as it looks.
        if call.is_empty() {
            out.push_str(&format!("\n```{{{name}}}\nWords of yours, in **Markdown**.\n```\n"));
        }
        if !args.is_empty() {
            out.push_str("\n| argument | value |\n|---|---|\n");
        }
        for arg in args {
            let records = ["claim", "source", "event", "disagreement", "entity", "topic"];
            let value = match arg.name() {
                name if records.contains(&name) => {
                    format!("the id of {} {name}", if name.starts_with(['e']) { "an" } else { "a" })
                }
                _ if arg.is_required() => "text, required".to_owned(),
                _ => "text".to_owned(),
            };
            out.push_str(&format!("| `{}` | {value} |\n", arg.name()));
        }
    }
    out
}

/// Every problem.
pub fn problems() -> String {
    let mut out = String::from(
        "Each problem has a code that never changes its meaning. `dossier explain CODE` prints what stands here. An error \
         keeps the site from being published; a warning does not. `[check]` in [site.toml](site-toml.md#check) moves a \
         code up or down with `deny`, `warn` and `allow`, and so do the flags `--deny` and `--allow`; but not one that is \
         always an error, since a site with it would be false or incomplete.\n",
    );
    for code in CODES {
        let severity = match code.severity {
            Severity::Error if code.always => "Always an error",
            Severity::Error => "Error",
            _ => "Warning",
        };
        let docs = code.docs.split_once('\n').map(|(_, rest)| rest.trim()).unwrap_or_default();
        let docs = docs.replace("\n## ", "\n### ");
        out.push_str(&format!("\n## {} {{#{}}}\n\n**{severity}.** {docs}\n", code.name, code.name));
    }
    out
}
