//! Text of untrusted authors never becomes active markup: a table of known attacks, and random text.

mod support {
    pub mod attacks;
}

use dossier::config::Trust;
use dossier::parse::{Body, Document, PageMetadata, Settings, Slot, limits, page};
use dossier::source::{SitePath, is_safe_link};
use lol_html::{HtmlRewriter, Settings as HtmlSettings, element};
use proptest::prelude::*;
use support::attacks::attacks;

/// The elements that the generator itself writes.
const ELEMENTS: &str = "a blockquote br code dd del div dl dt em h2 h3 h4 h5 h6 hr img input li mark ol p pre section span \
    strong sup table tbody td th thead tr ul math mfrac mi mn mo mover mroot mrow mspace msqrt msub msubsup msup mtable mtd \
    mtext mtr munder munderover";
/// The attributes that it writes; `style` and event handlers are not among them.
const ATTRIBUTES: &str = "alt aria-label checked class data-line decoding disabled href id loading role scope src start tabindex \
    title type value depth display displaystyle height largeop linethickness mathvariant maxsize minsize movablelimits \
    scriptlevel stretchy symmetric width";

fn settings() -> Settings {
    Settings { trust: Trust::None, smart_punctuation: true, ..Settings::default() }
}

fn read(bytes: &[u8], settings: &Settings) -> Option<Document> {
    page(&SitePath::new("content/page.md").unwrap(), bytes, settings).0
}

#[test]
fn known_attacks_are_inert() {
    let settings = settings();
    for (name, text) in attacks() {
        if let Some(document) = read(text.as_bytes(), &settings) {
            check(name, &document);
        }
    }
}

/// Checks everything that a template prints unescaped.
#[track_caller]
fn check(name: &str, document: &Document) {
    let Document { metadata, body, .. } = document;
    let mut html = fill(body, metadata);
    for heading in &metadata.headings {
        html.push_str(&heading.html);
    }
    assert!(!html.to_lowercase().contains("<script"), "{name}: {html}");
    let problem = |problem: String| -> Result<(), Box<dyn std::error::Error + Send + Sync>> { Err(problem.into()) };
    let element = element!("*", |element| {
        let tag = element.tag_name();
        if !ELEMENTS.split_ascii_whitespace().any(|known| known == tag) {
            return problem(format!("an element {tag}"));
        }
        for attribute in element.attributes() {
            let (key, value) = (attribute.name(), attribute.value());
            if !ATTRIBUTES.split_ascii_whitespace().any(|known| known == key) {
                return problem(format!("an attribute {key} of {tag}"));
            }
            if matches!(key.as_str(), "href" | "src") && !is_safe_link(&value.replace("&amp;", "&")) {
                return problem(format!("{key}={value}"));
            }
        }
        Ok(())
    });
    let mut rewriter = HtmlRewriter::new(HtmlSettings::new().append_element_content_handler(element), |_: &[u8]| {});
    let result = rewriter.write(html.as_bytes()).and_then(|()| rewriter.end());
    assert!(result.is_ok(), "{name}: {:?}\n{html}", result.err());
    assert!(metadata.front.image.as_deref().is_none_or(is_safe_link), "{name}");
    let extra = serde_json::to_string(&metadata.front.extra).unwrap();
    assert!(!extra.contains("javascript:") && !extra.contains("data:"), "{name}: {extra}");
    for call in &metadata.calls {
        assert!(call.args.iter().all(|(_, value, _)| !value.contains("javascript:")), "{name}");
    }
}

/// The body with its slots filled in a simple way.
fn fill(body: &Body, metadata: &PageMetadata) -> String {
    let (mut out, mut at) = (String::new(), 0);
    let escape = |text: &str| text.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;");
    for (offset, slot) in &body.slots {
        assert!(*offset >= at && body.html.is_char_boundary(*offset), "slots are in order, between characters");
        out.push_str(&body.html[at..*offset]);
        at = *offset;
        match slot {
            Slot::Href(index) => out.push_str(&format!(" href=\"{}\"", escape(&metadata.links[*index].target))),
            Slot::Src(index) => out.push_str(&format!(" src=\"{}\"", escape(&metadata.links[*index].target))),
            Slot::Answers(answers) => answers.iter().for_each(|answer| out.push_str(&fill(&answer.body, metadata))),
            Slot::Address(_) => panic!("HTML of an author who is not trusted"),
            Slot::Cite { first, count } => assert!(first + count <= metadata.citations.len()),
            Slot::Call { index, body } => {
                assert!(*index < metadata.calls.len());
                out.push_str(&fill(body, metadata));
            }
        }
    }
    out.push_str(&body.html[at..]);
    out
}

/// Pieces of markup, in any order.
fn markdown() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        prop::sample::select(
            &[
                "\n",
                "\n\n",
                " ",
                "    ",
                "\t",
                "\r\n",
                "[",
                "]",
                "(",
                ")",
                "[@a]",
                "[@a; @b, line 9]",
                "[@",
                "[^1]",
                "[^1]: ",
                "[x]: y\n",
                "[@a]: y\n",
                "*",
                "**",
                "_",
                "~~",
                "`",
                "```",
                "```{note} a=1\n",
                "````{b}\n",
                "```\n",
                "````\n",
                "~~~",
                "```yaml linenos hl=1\n",
                "> ",
                "> [!NOTE]\n> ",
                "- ",
                "1. ",
                "- [ ] ",
                "# ",
                "## ",
                "{#id .c}",
                "| a | b |\n|--:|---|\n| c | d |\n",
                "|",
                ": ",
                "---\n",
                "---\ntitle: x\n---\n",
                "<",
                ">",
                "<b>",
                "<!--",
                "-->",
                "<!-- uncited: x -->\n",
                "<script>",
                "</script>",
                "&amp;",
                "&#0;",
                "\\",
                "\"",
                "'",
                "--",
                "...",
                "!",
                "![",
                "](x)",
                "](javascript:x)",
                "https://x.org/a_b",
                "http://",
                "<https://x.org>",
                "$x$",
                "$$",
                "word",
                "A. B",
                "Mr. ",
                "é",
                "小米",
                "\u{feff}",
                "\0",
                "\u{2028}",
                "…",
                "。",
            ][..],
        )
        .prop_map(str::to_owned),
        "[ -~\\n]{0,8}",
        "\\PC{0,3}",
    ];
    prop::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_inert_and_in_order(text in markdown(), math in any::<bool>()) {
        let settings = settings();
        let text = if math { format!("---\nmath: true\n---\n{text}") } else { text };
        if let Some(document) = read(text.as_bytes(), &settings) {
            check(&text, &document);
            for block in document.prose.blocks() {
                for sentence in block.sentences() {
                    let span = sentence.span();
                    prop_assert!(text.get(span.start..span.end).is_some(), "{span:?} in {text:?}");
                    prop_assert!(sentence.citations.iter().all(|index| *index < document.metadata.citations.len()));
                }
            }
        }
    }

    #[test]
    fn any_bytes_are_read_without_a_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        read(&bytes, &settings());
    }
}

#[test]
fn a_page_that_is_too_large_is_not_read() {
    let settings = settings();
    assert!(read(&vec![b'a'; limits::MAX_PAGE + 1], &settings).is_none());
}
