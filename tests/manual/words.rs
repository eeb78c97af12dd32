//! The reference pages of components and problems, with the comments and texts from the code.

use dossier::diag::{CODES, Severity};

use dossier::pipeline::{Request, build};
use dossier::source::{Memory, SitePath};
use tera::ComponentArgType;

use crate::support::files::{below, here, text};
use crate::templates;

/// Text, escaped for a cell of a table.
pub fn cell(text: &str) -> String {
    text.replace('\n', " ").replace('|', "\\|")
}

/// The components that Markdown may call, each described by the comment before it.
pub fn components() -> String {
    let templates = templates();
    let mut out = String::from(
        "A fence whose first word is a name in braces calls a component. Its body is Markdown; the component decides \
         where it is shown. Arguments follow as `name=value`, with quotes around a value with spaces. An argument \
         that is called `claim`, `source`, `event`, `disagreement`, `entity` or `topic` takes an id, and the component \
         gets the record. One called `src` names a file relative to the page, as a link does; a component with \
         `width` and `height` gets those of the picture. Four arguments are not written: `root` and `lang` of the page, \
         `comparison`, the sources side by side, and `weakest`, the least sure standing of the claims that the body cites.\n\nThese are built into the program, in \
         `templates/components/prose.html`. A site can have its own in `templates/components/`: see [Change the look](../how-to/look.md#component).\n",
    );
    let prose = text(&here().join("templates/components/prose.html"));
    for part in prose.split("{% component ").skip(1) {
        let name = part.split('(').next().unwrap_or_default();
        let before = prose.split(&format!("{{% component {name}(")).next().unwrap_or_default();
        let about = before.rsplit("{#- ").next().and_then(|rest| rest.split_once(" -#}\n"));
        let Some((about, "")) = about else { panic!("prose.html: say before `{name}` what it is for") };
        let name = name.replace('_', "-");
        let info = templates.component(&name).unwrap_or_else(|| panic!("no component {name}"));
        let args: Vec<_> =
            info.args().iter().filter(|arg| !["root", "lang", "comparison", "weakest"].contains(&arg.name())).collect();
        let call: String =
            args.iter().filter(|arg| arg.is_required()).map(|arg| format!(" {}=…", arg.name())).collect();
        let body =
            if part.split("{%- endcomponent").next().unwrap_or_default().contains("{{ body") { "…\n" } else { "" };
        out.push_str(&format!(
            "\n## {name} {{#{name}}}\n\n{about}\n\n````text\n```{{{name}}}{call}\n{body}```\n````\n"
        ));
        out.push_str(&shown(&name, &call));
        if !args.is_empty() {
            out.push_str("\n| argument | value |\n|---|---|\n");
        }
        for arg in args {
            let records = ["claim", "source", "event", "disagreement", "entity", "topic"];
            let value = match arg.name() {
                name if records.contains(&name) => {
                    format!("the id of {} {name}", if name.starts_with(['e']) { "an" } else { "a" })
                }
                _ => {
                    let kind = match arg.arg_type() {
                        Some(ComponentArgType::Integer) => "whole number",
                        Some(ComponentArgType::Bool) => "`true` or `false`",
                        _ => "text",
                    };
                    format!("{kind}{}", if arg.is_required() { ", required" } else { "" })
                }
            };
            out.push_str(&format!("| `{}` | {value} |\n", arg.name()));
        }
    }
    out
}

/// A component as readers see it: called on the page if it needs no record, otherwise rendered from the sample of `dossier init`.
fn shown(name: &str, call: &str) -> String {
    let record = match name {
        "figure" => {
            let call = r#"src=map.svg alt="Two bars, and two lines between them" caption="What a caption says." credit="Drawing: Dossier""#;
            return format!("\n```{{figure}} {call}\n```\n");
        }
        "brings" => "entity=library-of-congress",
        "claim" => "claim=marks-of-doubt",
        "compare" => "",
        "disagreement" | "ladder" => "disagreement=meaning-of-z",
        "disagreements" => "topic=timestamps",
        "events" => "topic=doubt",
        "quote" => "source=rfc-3339 speaker=\"The authors\"",
        _ if call.is_empty() => return format!("\n```{{{name}}}\nYour text, in **Markdown**.\n```\n"),
        _ => panic!("choose the record of the sample for `{name}`"),
    };
    let words = match name {
        "brings" => "- Marks for dates that are known only in part.\n",
        "quote" => "What a source says.\n",
        _ => "",
    };
    let out = Memory::default();
    let files = Memory::default();
    let put = |path: &str, text: String| files.insert(SitePath::new(path).expect("a path"), text.into_bytes());
    let sample = here().join("src/cli/starter");
    for path in below(&sample) {
        let inside = path.strip_prefix(&sample).expect("it was found there").to_string_lossy().replace('\\', "/");
        put(&inside, text(&path));
    }
    put("templates/bare.html", "{{ page.content | safe }}".to_owned());
    put("content/shown.md", format!("---\ntitle: Shown\ntemplate: bare\n---\n\n```{{{name}}} {record}\n{words}```\n"));
    let built = build(&files, &Request::of(jiff::civil::date(2026, 11, 26)), &out, &|_, _, _| {});
    assert!(!built.problems.has_errors(), "{name}: {:#?}", built.problems.iter().collect::<Vec<_>>());
    let html = out.snapshot().get(&SitePath::new("shown.html").expect("a path")).cloned().unwrap_or_default();
    let html = String::from_utf8(html).expect("a page is UTF-8");
    // Its links do not work here.
    let mut plain = String::new();
    for (at, part) in html.split("<a ").enumerate() {
        match (at, part.split_once('>')) {
            (1.., Some((_, rest))) => plain.extend(["<a>", rest]),
            _ => plain.push_str(part),
        }
    }
    let lines: Vec<&str> = plain.lines().filter(|line| !line.trim().is_empty()).collect();
    format!("\nWith a record of the sample that `dossier init` writes:\n\n{}\n", lines.join("\n"))
}

/// Every problem.
pub fn problems() -> String {
    let mut out = String::from(
        "Each problem has a code that never changes its meaning. `dossier explain CODE` prints the same text. With an error, \
         the site is not published; with a warning, it is. You can change the level of a code with `deny`, `warn` and \
         `allow` in `[check]` of [site.toml](site-toml.md#check), and with the flags `--deny` and `--allow`, except for \
         codes that are always errors: the site would be false or incomplete with them.\n",
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
