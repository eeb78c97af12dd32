//! The machine-readable outputs (feed, sitemap, JSON-LD, search index, data files) stay well-formed whatever pages,
//! records and `site.toml` contain, and removed characters are reported.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;

use dossier::diag::{CODES, is_always_error};
use dossier::disk::Folder;
use dossier::pipeline::{Built, Request, build};
use dossier::source::{Files, Listing, Memory, SitePath, is_control};
use quick_xml::Reader;
use quick_xml::events::Event;
use serde_json::{Value, json};

/// The text that is added to every text, escaped for JSON and TOML: control characters, noncharacters, an override of
/// direction, and what would end or open an element, a comment, a section or a string.
const HOSTILE: &str =
    r#" \b\f\u001b[31m\u007f\u0085\ufffe\uffff\ufdd0\u202e <!-- <script> </script> ]]> & \" ' \\ , ; `"#;

/// Keys whose texts are published.
const KEYS: &[&str] = &[
    "brings",
    "date_basis",
    "definition",
    "description",
    "name",
    "note",
    "question",
    "reading",
    "reliability_reason",
    "statement",
    "summary",
    "tagline",
    "title",
    "verdict",
    "why",
];

/// The repository's own site with [`HOSTILE`] at the end of each text in one line.
struct Hostile(Folder);

impl Files for Hostile {
    fn list(&self) -> Listing {
        self.0.list()
    }

    fn read(&self, path: &SitePath) -> io::Result<Vec<u8>> {
        let bytes = self.0.read(path)?;
        let text = String::from_utf8_lossy(&bytes);
        Ok(match (path.as_str(), path.extension()) {
            ("site.toml", _) => {
                let codes = CODES.iter().map(|code| code.name).filter(|code| !is_always_error(code));
                let warn = json!(codes.collect::<Vec<_>>());
                assert!(text.contains("[check]\n") && !text.contains("\nwarn = "), "one table for what is demanded");
                hostile(&text, " = ").replace("[check]\n", &format!("[check]\nwarn = {warn}\n")).into_bytes()
            }
            (_, "yaml") => hostile(&text, ": ").into_bytes(),
            (_, "md") => {
                let heading = "\n## A &#8;\u{8}&#x202e;\u{202e} heading &#xffff; <!-- & ![&#27;](&#27; '&#27;')\n";
                format!("{}{heading}", hostile(&text, ": ")).into_bytes()
            }
            _ => bytes,
        })
    }
}

fn hostile(text: &str, between: &str) -> String {
    let lines: Vec<&str> = text.lines().collect();
    let indent = |line: &str| line.len() - line.trim_start_matches([' ', '-']).len();
    let line = |(at, line): (usize, &&str)| {
        let (key, value) = line.split_once(between).unwrap_or_default();
        let goes_on = lines.get(at + 1).is_some_and(|next| !next.is_empty() && indent(next) > indent(line));
        if !KEYS.contains(&key.trim_start_matches([' ', '-'])) || goes_on || value.starts_with('>') {
            return (*line).to_owned();
        }
        let quoted =
            serde_json::from_str::<String>(value).map_or_else(|_| json!(value), |value| json!(value)).to_string();
        format!("{key}{between}{}{HOSTILE}\"", quoted.trim_end_matches('"'))
    };
    lines.iter().enumerate().map(line).collect::<Vec<_>>().join("\n")
}

fn made() -> (BTreeMap<String, String>, Built) {
    let folder = Folder::open(Path::new(env!("CARGO_MANIFEST_DIR"))).expect("the repository is a site");
    let out = Memory::default();
    let request = Request {
        base_url: Some("https://dossier.example/".to_owned()),
        ..Request::of(jiff::civil::date(2026, 11, 21))
    };
    let built = build(&Hostile(folder), &request, &out, &|_, _, _| {});
    let errors: Vec<_> = built.problems.iter().map(|found| format!("{}: {}", found.code, found.message)).collect();
    assert!(!built.problems.has_errors(), "{errors:#?}");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).ok();
    (out.snapshot().into_iter().filter_map(|(path, bytes)| Some((path.to_string(), text(bytes)?))).collect(), built)
}

#[test]
fn hostile_texts_leave_every_file_well_formed() {
    let (outputs, built) = made();
    for (name, text) in &outputs {
        assert_eq!(text.chars().find(|c| is_control(*c)), None, "{name}");
    }
    for name in ["feed.xml", "sitemap.xml"] {
        let mut reader = Reader::from_str(&outputs[name]);
        while !matches!(reader.read_event().unwrap_or_else(|error| panic!("{name}: {error}")), Event::Eof) {}
    }
    assert!(outputs["feed.xml"].contains("&lt;script&gt;"));
    for name in ["claims.json", "sources.json", "timeline.json"] {
        let values: Vec<Value> = serde_json::from_str(&outputs[name]).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert!(values.iter().any(|value| value.to_string().contains("<!-- <script>")), "{name}");
    }
    let index = outputs.iter().find(|(name, _)| name.starts_with("search-index")).expect("an index").1;
    let index =
        index.strip_prefix("window.dossierSearch=").and_then(|rest| rest.strip_suffix(";\n")).expect("a script");
    serde_json::from_str::<Vec<Value>>(index).expect("the index is JSON");
    check_calendar(&outputs["timeline.ics"]);
    check_table(&outputs["timeline.csv"]);
    assert!(built.problems.iter().filter(|found| found.code == "control-character").count() > 100);
}

/// As in an HTML parser: a script ends at the first `</script`, unless a comment and a script were opened in it.
#[test]
fn structured_data_of_every_page_is_valid_json() {
    let (outputs, _) = made();
    let mut hostile = 0;
    for (name, html) in outputs.iter().filter(|(name, _)| name.ends_with(".html")) {
        let Some((_, rest)) = html.split_once("<script type=\"application/ld+json\">") else { continue };
        let (data, _) = rest.split_once("</script>").expect("an end");
        assert!(!data.contains('<'), "{name}: {data}");
        let value: Value = serde_json::from_str(data).unwrap_or_else(|error| panic!("{name}: {error}: {data}"));
        hostile += usize::from(value.to_string().contains("<!-- <script> </script>"));
    }
    assert!(hostile > 20, "{hostile}");
}

/// RFC 5545: lines of at most 75 octets, each a name and a value, none with a control character.
fn check_calendar(text: &str) {
    assert!(text.contains("\\,") && text.contains("\\;") && text.contains("\\\\"), "{text}");
    for line in text.split_inclusive("\r\n") {
        let line = line.strip_suffix("\r\n").expect("every line ends");
        assert!(line.len() <= 75 && !line.contains(char::is_control), "{line:?}");
    }
}

/// RFC 4180: every record has as many fields.
fn check_table(text: &str) {
    let (mut fields, mut quoted, mut counts) = (1, false, Vec::new());
    for c in text.chars() {
        match c {
            '"' => quoted = !quoted,
            ',' if !quoted => fields += 1,
            '\n' if !quoted => counts.push(std::mem::replace(&mut fields, 1)),
            _ => {}
        }
    }
    assert!(counts.len() > 5 && counts.iter().all(|count| *count == counts[0]) && !quoted, "{counts:?}");
}
