//! Entries that hold what comes out to a property, besides that nothing panics.

use std::collections::BTreeSet;

use dossier::cli::{Format, Reporter};
use dossier::diag::{CODES, Diagnostic, Diagnostics, Selection};
use dossier::parse::{Settings, page};
use dossier::source::{LineIndex, Memory, Span, is_control};

use super::{BARE, files, make, path};

/// The elements of a page that is text and formulas, and nothing else.
const ELEMENTS: &str = "a blockquote br code dd del div dl dt em h2 h3 h4 h5 h6 hr img input li mark ol p pre section span \
    strong sup table tbody td th thead tr ul math mfrac mi mn mo mover mroot mrow mspace msqrt msub msubsup msup mtable mtd \
    mtext mtr munder munderover";
/// Their attributes.
const ATTRIBUTES: &str = "alt aria-label checked class data-line decoding disabled href id loading role scope src start tabindex \
    title type value depth display displaystyle height largeop linethickness mathvariant maxsize minsize movablelimits \
    scriptlevel stretchy symmetric width";

/// Formulas: every tag that comes out is one of the generator's, with its attributes in quotes.
pub fn formula(tex: &str) {
    let text = format!("---\nmath: true\n---\n${tex}$ and ${tex}$.\n\n$$\n{tex}\n$$\n");
    let Some(document) = page(&path("content/page.md"), text.as_bytes(), &Settings::default()).0 else { return };
    for tag in document.body.html.split('<').skip(1) {
        assert!(is_allowed(tag), "{tag:?} in {:?}", document.body.html);
    }
}

/// Whether this is a tag, without its `<`, of the lists, and text after it.
fn is_allowed(tag: &str) -> bool {
    let words = |list: &'static str, word: &str| list.split_ascii_whitespace().any(|known| known == word);
    let (name, mut rest) = tag.split_at(tag.find([' ', '/', '>']).unwrap_or(tag.len()));
    let (name, is_end) = match rest.strip_prefix('/').filter(|_| name.is_empty()) {
        None => (name, false),
        Some(after) => {
            let (name, after) = after.split_at(after.find('>').unwrap_or(after.len()));
            rest = after;
            (name, true)
        }
    };
    if !words(ELEMENTS, name) {
        return false;
    }
    while let Some(after) = rest.strip_prefix(' ').filter(|_| !is_end) {
        let (key, value) = after.split_at(after.find(['=', ' ', '>']).unwrap_or(after.len()));
        if !words(ATTRIBUTES, key) {
            return false;
        }
        rest = match value.strip_prefix("=\"").map(|value| value.split_once('"')) {
            None => value,
            Some(None) => return false,
            Some(Some((_, after))) => after,
        };
    }
    rest.strip_prefix('/').unwrap_or(rest).starts_with('>')
}

/// Drawings: one that is published has no element or attribute that runs.
pub fn drawing(data: &[u8]) {
    let outputs = make(&[("content/a.svg", data)]);
    let Some(text) = outputs.text("a.svg") else { return };
    let namespace = "xmlns=\"http://www.w3.org/2000/svg\"";
    if text.matches("xmlns").count() != text.matches(namespace).count() || text.contains("<!") {
        return;
    }
    for tag in text.split('<').skip(1) {
        let tag = tag.split('>').next().unwrap_or_default();
        let mut words = tag.split(|c: char| c.is_whitespace() || c == '/');
        assert!(!matches!(words.next(), Some("script" | "foreignObject" | "handler" | "iframe")), "{text:?}");
        let outside_quotes = tag.replace('\'', "\"").split('"').step_by(2).collect::<Vec<_>>().join(" ");
        assert!(!outside_quotes.contains(" onload=") || text.contains(['"', '\'']), "{text:?}");
    }
}

/// Front matter and `site.toml`: no control character gets into a page, whatever way it is written.
pub fn settings(data: &[u8]) {
    let shown =
        "{{ site.title }}{{ site.extra }}{{ page.title }}{{ page.summary | default(value='') }}{{ page.extra }}";
    let front = [b"---\n", data, b"\n---\n# A\n"].concat();
    let toml = [b"title = 'T'\n[output]\ntheme = false\n[extra]\n", data].concat();
    for changed in [("content/index.md", &front[..]), ("site.toml", &toml[..]), ("site.toml", data)] {
        for (path, bytes) in make(&[changed, ("templates/home.html", shown.as_bytes())]).snapshot() {
            let text = String::from_utf8_lossy(&bytes);
            assert!(path.extension() != "html" || !text.chars().any(is_control), "{path}: {text:?}");
        }
    }
}

/// Reports over any places of any text: nothing is left out that is not counted.
pub fn report(data: &[u8]) {
    let (numbers, text) = data.split_at(data.len().min(usize::from(data.first().copied().unwrap_or(0))));
    let files = files(&[BARE, &[("content/page.md", text), ("content/b.md", b"\xffb\n")]].concat());
    let names = ["content/page.md", "content/b.md", "content/absent.md", "content/a\u{202e}\u{1}.md"].map(path);
    let words = String::from_utf8_lossy(text);
    let problem = |bytes: &[u8]| {
        let [code, file, start, end, label] =
            [0, 1, 2, 3, 4].map(|at| usize::from(bytes.get(at).copied().unwrap_or(0)));
        let file = &names[file % names.len()];
        // Any place at all: past the end, before its start, inside a character.
        let far = if label == 255 { usize::MAX - 255 } else { 0 };
        let place = |start, end| Span { file: file.clone(), start, end };
        let message = words.chars().take(label).collect::<String>();
        let problem = Diagnostic::new(CODES[code % CODES.len()].name, place(far + start, far + end), &*message);
        problem.label(place(end, start), &*message).label(Span::file(&names[label % names.len()]), "b").hint(&*message)
    };
    let problems: Diagnostics = numbers.chunks(5).map(problem).collect();
    let selection = Selection::of(&problems);
    assert_eq!(selection.shown.len() + selection.count_left_out(), numbers.len().div_ceil(5));
    for format in [Format::Text, Format::Json, Format::Github, Format::Sarif] {
        for colour in [false, true] {
            let text = Reporter::new(&files, "../".to_owned(), colour).report(&problems, format);
            assert!(format != Format::Json || text.lines().count() == numbers.len().div_ceil(5), "{text}");
        }
    }
}

/// Places in a text: as counted from its start.
pub fn lines(text: &str) {
    let index = LineIndex::new(text);
    let ends = [text.len(), text.len() + 1, usize::MAX];
    for offset in (0..text.len()).step_by(text.len() / 500 + 1).chain(ends) {
        let before = &text[..index.boundary(offset)];
        let line = before.rsplit('\n').next().unwrap_or_default();
        let place = index.place(offset);
        assert_eq!((place.line, place.column), (before.matches('\n').count() + 1, line.chars().count() + 1));
        assert!(text.get(index.line(offset)).is_some_and(|line| !line.contains('\n')));
    }
}

/// Names of files, one a line: no hidden one is published but the two that are there for it.
pub fn names(text: &str) {
    let files: Vec<String> = text.lines().take(20).map(|line| format!("static/{line}")).collect();
    let files: BTreeSet<&str> =
        files.iter().map(String::as_str).filter(|file| dossier::source::SitePath::new(file).is_ok()).collect();
    let outputs: Memory = make(&files.iter().map(|file| (*file, &b"a"[..])).collect::<Vec<_>>());
    for path in outputs.snapshot().keys() {
        let rest = path.as_str();
        let rest = [".well-known/", ".nojekyll/"].iter().find_map(|top| rest.strip_prefix(top)).unwrap_or(rest);
        assert!(
            [".nojekyll", ".well-known"].contains(&rest) || rest.split('/').all(|part| !part.starts_with('.')),
            "{path}"
        );
    }
}
