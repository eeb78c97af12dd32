//! The examples of the CommonMark and GFM specifications, read as pages.
//!
//! Examples and expectations are files in the package of a dependency that is never compiled; cargo fetches it and
//! gives its path. Both sides are normalized first ([`normal`]): additions of Dossier (ids, anchors of headings, the
//! region around a table) and the notation of attributes and void elements are ignored.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use dossier::config::Trust;
use dossier::parse::{Body, PageMetadata, Settings, Slot, page};
use dossier::source::SitePath;
use serde::Deserialize;

#[derive(Deserialize)]
struct Example {
    markdown: String,
    html: String,
    #[serde(rename = "example")]
    number: u32,
    section: String,
}

/// The examples of `file`, which is in the package of the dependency `dmc-parser`.
fn examples(file: &str) -> Vec<Example> {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml");
    let out = Command::new(cargo)
        .args(["metadata", "--format-version=1", "--locked", "--manifest-path"])
        .arg(manifest)
        .output()
        .expect("cargo runs");
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    let metadata: serde_json::Value = serde_json::from_slice(&out.stdout).expect("JSON");
    let packages = metadata["packages"].as_array().expect("packages");
    let package = packages.iter().find(|package| package["name"] == "dmc-parser").expect("the package");
    let manifest = PathBuf::from(package["manifest_path"].as_str().expect("a path"));
    let text = std::fs::read_to_string(manifest.with_file_name("tests/fixtures").join(file)).expect("a file");
    serde_json::from_str(&text).expect("examples")
}

/// The HTML of a text, as a page by a trusted author, with its slots filled by the source text.
fn html(markdown: &str) -> String {
    let settings = Settings { trust: Trust::Full, plain_code: true, ..Settings::default() };
    // With a title in the front matter, a first heading stays in the text.
    let text = format!("---\ntitle: \"-\"\n---\n{markdown}");
    let (document, _) = page(&SitePath::new("content/page.md").unwrap(), text.as_bytes(), &settings);
    let document = document.expect("a page");
    fill(&document.body, &document.metadata)
}

fn fill(body: &Body, metadata: &PageMetadata) -> String {
    let (mut out, mut at) = (String::new(), 0);
    for (offset, slot) in &body.slots {
        out.push_str(&body.html[at..*offset]);
        at = *offset;
        let address = |index: &usize| metadata.links[*index].target.replace('&', "&amp;").replace('"', "&quot;");
        match slot {
            Slot::Href(index) => _ = write!(out, " href=\"{}\"", address(index)),
            Slot::Src(index) => _ = write!(out, " src=\"{}\"", address(index)),
            Slot::Address(index) => out.push_str(&address(index)),
            Slot::Cite { .. } => out.push_str("[citation]"),
            Slot::Answers(_) => {}
            Slot::Call { .. } => out.push_str("[call]"),
        }
    }
    out.push_str(&body.html[at..]);
    out
}

/// HTML in the form in which both sides are compared: tags in lower case with sorted attributes, characters in place of
/// references, white space as a browser shows it, addresses percent-encoded, and nothing that Dossier adds by choice.
fn normal(html: &str) -> String {
    let mut out = String::new();
    let mut rest = html;
    let (mut verbatim, mut skip_anchor) = (0_usize, false);
    while !rest.is_empty() {
        let (text, after) = rest.split_at(rest.find('<').unwrap_or(rest.len()));
        if !skip_anchor {
            push_text(&mut out, &decoded(text), verbatim > 0);
        }
        let Some(tag) = Tag::at(after) else {
            let length = usize::from(!after.is_empty());
            push_text(&mut out, &after[..length], verbatim > 0);
            rest = &after[length..];
            continue;
        };
        rest = &after[tag.length..];
        if tag.name == "pre" {
            verbatim = if tag.closes { verbatim.saturating_sub(1) } else { verbatim + 1 };
        }
        match tag.name.as_str() {
            "a" if tag.class() == "anchor" => {
                trim_end(&mut out);
                skip_anchor = true;
            }
            "a" if tag.closes && skip_anchor => skip_anchor = false,
            // Remove the scrollable region around a table.
            "div" if tag.class() == "table" => {}
            "div" if tag.closes && out.ends_with("</table>") => {}
            "!" => {}
            _ => tag.push(&mut out),
        }
    }
    trim_end(&mut out);
    out
}

/// Elements around which white space is not shown.
const BLOCKS: &[&str] = &[
    "blockquote",
    "br",
    "dd",
    "div",
    "dl",
    "dt",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "input",
    "li",
    "ol",
    "p",
    "pre",
    "section",
    "table",
    "tbody",
    "td",
    "th",
    "thead",
    "tr",
    "ul",
];
/// Attributes that Dossier adds or changes.
const ADDED: &[&str] =
    &["id", "class", "tabindex", "loading", "decoding", "role", "aria-label", "scope", "rel", "align"];

struct Tag {
    name: String,
    closes: bool,
    attributes: BTreeMap<String, String>,
    length: usize,
}

impl Tag {
    /// The tag, comment or declaration at the start of a text.
    fn at(text: &str) -> Option<Self> {
        let inside = text.strip_prefix('<')?;
        let bare = |length| Self { name: "!".to_owned(), closes: false, attributes: BTreeMap::new(), length };
        if let Some(comment) = inside.strip_prefix("!--") {
            let end = if comment.starts_with('>') {
                1
            } else if comment.starts_with("->") {
                2
            } else {
                comment.find("-->")? + 3
            };
            return Some(bare(4 + end));
        }
        let closes = inside.starts_with('/');
        let inside = inside.strip_prefix('/').unwrap_or(inside);
        if !inside.starts_with(|c: char| c.is_ascii_alphabetic()) {
            return None;
        }
        let name = inside.split(|c: char| c.is_whitespace() || c == '/' || c == '>').next()?;
        let mut at = text.len() - inside.len() + name.len();
        let mut attributes = BTreeMap::new();
        loop {
            let rest = text.get(at..)?;
            let word = rest.trim_start_matches(|c: char| c.is_whitespace() || c == '/');
            at += rest.len() - word.len();
            if word.starts_with('>') {
                return Some(Self { name: name.to_lowercase(), closes, attributes, length: at + 1 });
            }
            let end = word.find(|c: char| c.is_whitespace() || matches!(c, '=' | '>' | '/'))?.max(1);
            let key = word[..end].to_lowercase();
            at += end;
            let after = word[end..].trim_start();
            let Some(value) = after.strip_prefix('=').map(str::trim_start) else {
                attributes.insert(key, String::new());
                continue;
            };
            let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''));
            let (value, after) = match quote {
                Some(quote) => value[1..].split_once(quote)?,
                None => value.split_at(value.find(|c: char| c.is_whitespace() || c == '>')?),
            };
            attributes.insert(key, decoded(value));
            at = text.len() - after.len();
        }
    }

    fn class(&self) -> &str {
        self.attributes.get("class").map_or("", String::as_str)
    }

    fn push(&self, out: &mut String) {
        // The page's title is its one heading of the first level.
        let name = if self.name == "h1" { "h2" } else { &self.name };
        if BLOCKS.contains(&name) {
            trim_end(out);
        }
        let _ = write!(out, "<{}{name}", if self.closes { "/" } else { "" });
        for (key, value) in &self.attributes {
            let value = match key.as_str() {
                "class" if self.name == "code" && !value.is_empty() => value.clone(),
                "class" if value.starts_with("align-") => {
                    let _ = write!(out, " align=\"{}\"", &value["align-".len()..]);
                    continue;
                }
                "align" => value.clone(),
                key if ADDED.contains(&key) => continue,
                "href" | "src" => encoded(value),
                _ => value.clone(),
            };
            let _ = write!(out, " {key}={value:?}");
        }
        out.push('>');
    }
}

/// Characters in place of references, but for those that would be markup.
fn decoded(text: &str) -> String {
    if !text.contains('&') {
        return text.to_owned();
    }
    [("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")]
        .iter()
        .fold(text.to_owned(), |text, (from, to)| text.replace(from, to))
}

fn encoded(address: &str) -> String {
    let mut out = String::new();
    for byte in address.bytes() {
        match byte {
            b'!'..=b'~' if !br#""<>\^`{|}[]"#.contains(&byte) => out.push(char::from(byte)),
            _ => _ = write!(out, "%{byte:02X}"),
        }
    }
    out
}

fn push_text(out: &mut String, text: &str, verbatim: bool) {
    if verbatim {
        return out.push_str(text);
    }
    for c in text.chars() {
        let is_space = matches!(c, ' ' | '\n' | '\t');
        let after_block = || {
            let tag = out.rfind('<').filter(|_| out.ends_with('>')).map(|at| out[at + 1..].trim_start_matches('/'));
            tag.is_some_and(|tag| BLOCKS.contains(&tag.split([' ', '>']).next().unwrap_or_default()))
        };
        match is_space {
            true if out.is_empty() || out.ends_with(' ') || after_block() => {}
            true => out.push(' '),
            false => out.push(c),
        }
    }
}

fn trim_end(out: &mut String) {
    out.truncate(out.trim_end_matches(' ').len());
}

/// Checks that exactly these examples of `file` differ from what is expected; each with the reason.
#[track_caller]
fn check(file: &str, chosen: &[(u32, &str)]) {
    let all = examples(file);
    assert!(all.len() > 600, "{} examples", all.len());
    let mut wrong = String::new();
    for Example { markdown, html: expected, number, section } in all {
        let (ours, theirs) = (normal(&html(&markdown)), normal(&expected));
        let is_chosen = chosen.iter().any(|(chosen, _)| *chosen == number);
        if (ours != theirs) != is_chosen {
            let what = if is_chosen { "is read as specified now" } else { "is read otherwise" };
            let _ = writeln!(wrong, "{number} ({section}) {what}\n{markdown:?}\nours   {ours}\ntheirs {theirs}\n");
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

/// Bare addresses become links, as GFM asks and CommonMark does not.
const LINKED: &str = "a bare address is a link";
/// GitHub's renderer drops an emphasis inside another of its kind; neither specification says so.
const NESTED: &str = "bold text inside bold text is marked twice";

#[test]
fn commonmark() {
    check("commonmark_spec.json", &[(602, LINKED), (608, LINKED), (611, LINKED), (612, LINKED)]);
}

#[test]
fn gfm() {
    let nested = [398, 426, 434, 435, 436, 473, 474, 475, 477].map(|number| (number, NESTED));
    let others = [
        (610, LINKED),
        (616, LINKED),
        (619, LINKED),
        (620, LINKED),
        (628, "a link to `ftp:` is refused, so a bare address of that kind stays text"),
        (652, "raw HTML is left as it is, or shown as text: authors are trusted altogether or not at all"),
    ];
    check("gfm_spec.json", &[&nested[..], &others].concat());
}
