//! Every fixture of `tests/fixtures/markdown` is read as a page and compared with a snapshot: its HTML with marked
//! slots, its metadata, its prose and its problems. `INSTA_UPDATE=always cargo test --test parse` updates them.

use std::fmt::Write;

use dossier::diag::Diagnostics;
use dossier::parse::{Body, Document, PageMetadata, Prose, Settings, Slot, page};
use dossier::source::{SitePath, Span};

#[test]
fn fixtures_match_their_snapshots() {
    let settings = Settings { smart_punctuation: true, ..Settings::default() };
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/markdown");
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    for file in files {
        let bytes = std::fs::read(&file).unwrap();
        let (document, problems) = page(&SitePath::new("content/page.md").unwrap(), &bytes, &settings);
        let text = String::from_utf8_lossy(&bytes);
        let name = file.file_stem().unwrap().to_string_lossy();
        insta::assert_snapshot!(name.as_ref(), show(document.as_ref(), &problems, &text));
    }
}

fn show(document: Option<&Document>, problems: &Diagnostics, text: &str) -> String {
    let mut out = String::new();
    if let Some(document) = document {
        show_body(&document.body, &document.metadata, &mut out);
        out.push_str("\n=== metadata ===\n");
        show_metadata(&document.metadata, &mut out);
        out.push_str("\n=== prose ===\n");
        show_prose(&document.prose, &document.metadata, text, &mut out);
    }
    if !problems.is_empty() {
        out.push_str("\n=== problems ===\n");
    }
    for problem in problems.iter() {
        let place = problem.at.as_ref().map_or("", |at| cut(text, at));
        let _ = writeln!(out, "{:?} {}: {}\n  at {place:?}", problem.severity, problem.code, problem.message);
        if let Some(hint) = &problem.hint {
            let _ = writeln!(out, "  hint: {hint}");
        }
    }
    out
}

fn show_body(body: &Body, metadata: &PageMetadata, out: &mut String) {
    let mut at = 0;
    for (offset, slot) in &body.slots {
        out.push_str(&body.html[at..*offset]);
        at = *offset;
        let _ = match slot {
            Slot::Href(index) => write!(out, "{{href {}}}", metadata.links[*index].target),
            Slot::Src(index) => write!(out, "{{src {}}}", metadata.links[*index].target),
            Slot::Address(index) => write!(out, "{{address {}}}", metadata.links[*index].target),
            Slot::Cite { first, count } => {
                let keys = metadata.citations[*first..first + count].iter();
                let keys = keys.map(|cite| {
                    format!("{}{}", cite.key, cite.locator.iter().map(|l| format!(" ({l})")).collect::<String>())
                });
                write!(out, "{{cite {}}}", keys.collect::<Vec<_>>().join("; "))
            }
            Slot::Answers(answers) => {
                for (found, answer) in metadata.front.answers.iter().zip(answers) {
                    let _ = writeln!(out, "{{answer {}}}", found.question.text);
                    show_body(&answer.body, metadata, out);
                }
                writeln!(out, "{{end answers}}")
            }
            Slot::Call { index, body } => {
                let call = &metadata.calls[*index];
                let args = call.args.iter().map(|(key, value, _)| format!(" {key}={value:?}")).collect::<String>();
                let _ = writeln!(out, "{{call {}{args}}}", call.name);
                show_body(body, metadata, out);
                writeln!(out, "{{end {}}}", call.name)
            }
        };
    }
    out.push_str(&body.html[at..]);
}

fn show_metadata(metadata: &PageMetadata, out: &mut String) {
    let _ = writeln!(out, "title: {}", metadata.title);
    for heading in &metadata.headings {
        let _ = writeln!(out, "h{} #{} {}", heading.level, heading.id, heading.html);
    }
    if !metadata.anchors.is_empty() {
        let _ = writeln!(out, "anchors: {}", metadata.anchors.join(" "));
    }
    let _ = writeln!(out, "words: {}", metadata.words);
}

fn show_prose(prose: &Prose, metadata: &PageMetadata, text: &str, out: &mut String) {
    for block in prose.blocks() {
        let call = block.call.map(|call| format!(" in {}", metadata.calls[call].name)).unwrap_or_default();
        let uncited = block.uncited.iter().map(|reason| format!(" uncited: {reason}")).collect::<String>();
        let _ = writeln!(out, "{:?}{call}{uncited}", block.kind);
        for sentence in block.sentences() {
            let cites: Vec<&str> =
                sentence.citations.iter().map(|index| metadata.citations[*index].key.as_str()).collect();
            let cites = if cites.is_empty() { String::new() } else { format!(" <- {}", cites.join(" ")) };
            let _ = writeln!(out, "  {:?}{cites}\n    {:?}", sentence.text, cut(text, &sentence.span()));
        }
    }
}

fn cut<'a>(text: &'a str, span: &Span) -> &'a str {
    text.get(span.start..span.end).unwrap_or("(not a place in the file)")
}

#[test]
fn the_pages_of_this_site_have_no_problems() {
    let settings = Settings { smart_punctuation: true, ..Settings::default() };
    for entry in std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/content")).unwrap() {
        let file = entry.unwrap().path();
        if file.extension().is_some_and(|extension| extension == "md") {
            let name = format!("content/{}", file.file_name().unwrap().to_string_lossy());
            let (document, problems) = page(&SitePath::new(&name).unwrap(), &std::fs::read(&file).unwrap(), &settings);
            assert!(document.is_some() && problems.is_empty(), "{name}: {problems:#?}");
        }
    }
}

#[test]
fn the_metadata_changes_only_with_data_for_other_pages() {
    let metadata = |text: &str| {
        let path = SitePath::new("content/page.md").unwrap();
        page(&path, text.as_bytes(), &Settings::default()).0.unwrap().metadata
    };
    let hash = |text: &str| metadata(text).hash();
    let before = hash("---\ntitle: A\n---\nSome words that say what happened.\n\n## One\n\n[x](y.md) [@a]\n");
    assert_eq!(
        before,
        hash("---\ntitle: A\n---\nMany other words that say what happened.\n\n## One\n\n[z](y.md) [@a]\n")
    );
    for other in [
        "---\ntitle: B\n---\nSome words that say what happened.\n\n## One\n\n[x](y.md) [@a]\n",
        "---\ntitle: A\norder: 1\n---\nSome words that say what happened.\n\n## One\n\n[x](y.md) [@a]\n",
        "---\ntitle: A\nextra: {a: 1}\n---\nSome words that say what happened.\n\n## One\n\n[x](y.md) [@a]\n",
        "---\ntitle: A\n---\nSome words that say what happened.\n\n## One\n\n[x](z.md) [@a]\n",
        "---\ntitle: A\n---\nSome words that say what happened.\n\n## One\n\n[x](y.md) [@b]\n",
        "---\ntitle: A\n---\nSome words that say what happened.\n\n## One\n\n[x](y.md) [@a]\n\n```{c}\n```\n",
    ] {
        assert_ne!(before, hash(other), "{other}");
    }
    // Data that is only read by pages that link to its headings is separate.
    let one = metadata("# A {#a}\n\nSome words.\n\n## One\n\nMore {#more}\n");
    for (same, other) in [
        (true, "# A {#a}\n\nOther words, and\n\nanother paragraph.\n\n## One\n\nMore {#more}\n"),
        (false, "# A {#a}\n\nSome words.\n\n## Two\n\nMore {#more}\n"),
        (false, "# A {#b}\n\nSome words.\n\n## One\n\nMore {#more}\n"),
    ] {
        let other_metadata = metadata(other);
        assert_eq!((one.hash(), same), (other_metadata.hash(), one.has_same_anchors(&other_metadata)), "{other}");
    }
}
