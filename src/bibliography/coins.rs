use std::fmt::Write;

use crate::evidence::{Name, Source};

/// A source as a `ContextObject` in a `span` (`COinS`), by which Zotero and others save it from a page; nothing where it is not
/// public.
pub fn coins(source: &Source) -> Option<String> {
    let title = source.title.as_deref().filter(|_| source.public)?;
    let (format, genre, own, whole) = match source.kind.entry() {
        "article" | "review" | "periodical" => ("journal", "article", "atitle", "jtitle"),
        "incollection" | "inproceedings" | "inreference" => ("book", "bookitem", "atitle", "btitle"),
        "book" | "collection" | "booklet" => ("book", "book", "btitle", "series"),
        "report" => ("book", "report", "btitle", "series"),
        _ => ("dc", "", "title", "source"),
    };
    let mut out = format!("ctx_ver=Z39.88-2004&rft_val_fmt=info%3Aofi%2Ffmt%3Akev%3Amtx%3A{format}");
    let mut add = |key: &str, value: Option<&str>| {
        if let Some(value) = value.filter(|value| !value.is_empty()) {
            let _ = write!(out, "&{key}={}", encoded(value));
        }
    };
    add("rft.genre", Some(genre));
    add(&format!("rft.{own}"), Some(title));
    add(&format!("rft.{whole}"), source.container.as_deref().or(source.series.as_deref()));
    if format == "dc" {
        add("rft.type", Some(source.kind.csl()));
        add("rft.identifier", source.url.as_ref().map(|url| url.value.as_str()));
    }
    for (nth, name) in source.authors.iter().enumerate() {
        match name {
            Name::Person { given, .. } if nth == 0 => {
                add("rft.aulast", Some(&name.short()));
                add("rft.aufirst", Some(given));
            }
            _ => {}
        }
        add(if format == "dc" { "rft.creator" } else { "rft.au" }, Some(&name.spoken()));
    }
    let date = source.date.as_ref().and_then(|date| date.iso());
    add("rft.date", date.as_deref());
    for (key, value) in [("volume", &source.volume), ("issue", &source.issue), ("issn", &source.issn)] {
        add(&format!("rft.{key}"), value.as_ref().map(|value| value.0.as_str()));
    }
    add("rft.pages", source.pages.as_ref().map(|pages| pages.value.0.as_str()));
    add("rft.isbn", source.isbn.as_ref().map(|isbn| isbn.value.0.as_str()));
    add(if format == "dc" { "rft.publisher" } else { "rft.pub" }, source.publisher.as_deref());
    add("rft.place", source.place.as_deref());
    add("rft_id", source.doi.as_ref().map(|doi| format!("info:doi/{}", doi.value)).as_deref());
    Some(out)
}

/// Percent-encodes all but the characters that RFC 3986 leaves unreserved.
pub(super) fn encoded(text: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::coins;

    #[test]
    fn zotero_finds_what_it_needs() {
        let source = |yaml: &str| crate::bibliography::source(yaml);
        let paper = source(
            "{id: a, kind: paper, title: On & off, authors: ['Doe, Jane'], container: J, date: 2018-02, doi: 10.1000/182}",
        );
        assert_eq!(
            coins(&paper).as_deref(),
            Some(
                "ctx_ver=Z39.88-2004&rft_val_fmt=info%3Aofi%2Ffmt%3Akev%3Amtx%3Ajournal&rft.genre=article&rft.atitle=On%20%26%20off\
                 &rft.jtitle=J&rft.aulast=Doe&rft.aufirst=Jane&rft.au=Jane%20Doe&rft.date=2018-02&rft_id=info%3Adoi%2F10.1000%2F182"
            )
        );
        assert_eq!(coins(&source("{id: a, kind: book, title: T, description: D, public: false}")), None);
    }
}
