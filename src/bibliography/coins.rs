//! `ContextObject`s in a `span` (`COinS`, Z39.88), by which Zotero and others save what a page describes.

use std::fmt::Write;

use crate::evidence::{Name, Source, SourceKind, When};

/// A `ContextObject` by one of the formats of metadata that are registered for it.
struct ContextObject(String);

impl ContextObject {
    fn new(format: &str) -> Self {
        Self(format!("ctx_ver=Z39.88-2004&rft_val_fmt=info%3Aofi%2Ffmt%3Akev%3Amtx%3A{format}"))
    }

    fn add(&mut self, key: &str, value: Option<&str>) {
        if let Some(value) = value.filter(|value| !value.is_empty()) {
            let _ = write!(self.0, "&{key}={}", encoded(value));
        }
    }

    /// The first author in parts, and all persons in the form that does not depend on where a name divides.
    fn add_authors(&mut self, names: &[Name]) {
        for (nth, name) in names.iter().enumerate() {
            match name {
                Name::Person { given, .. } if nth == 0 => {
                    self.add("rft.aulast", Some(&name.short()));
                    self.add("rft.aufirst", Some(given));
                }
                Name::Literal(body) if nth == 0 => {
                    self.add("rft.aucorp", Some(body));
                    continue;
                }
                _ => {}
            }
            self.add("rft.au", Some(&name.inverted()));
        }
    }
}

/// A source as a `ContextObject`; nothing where it is not public. Each format has its own keys.
pub fn coins(source: &Source) -> Option<String> {
    if !source.public {
        return None;
    }
    let (format, genre, own, whole) = match (source.kind.csl(), source.kind.entry()) {
        ("article-newspaper" | "article-magazine", _) => ("dc", "", "title", "source"),
        (_, "article" | "review" | "periodical") => ("journal", "article", "atitle", "jtitle"),
        (_, "inproceedings") => ("book", "proceeding", "atitle", "btitle"),
        (_, "incollection" | "inreference") => ("book", "bookitem", "atitle", "btitle"),
        (_, "book" | "collection" | "booklet") => ("book", "book", "btitle", ""),
        (_, "report") => ("book", "report", "btitle", ""),
        (_, "thesis") => ("dissertation", "", "title", ""),
        _ => ("dc", "", "title", "source"),
    };
    let number = |numeral: &Option<crate::evidence::Numeral>| numeral.as_ref().map(|numeral| numeral.0.clone());
    let pages = source.pages.as_ref().map(|pages| pages.value.0.as_str());
    let isbn = source.isbn.as_ref().map(|isbn| isbn.value.0.as_str());
    let url = source.url.as_ref().map(|url| url.value.as_str());
    let makers = if source.authors.is_empty() { &source.directors } else { &source.authors };
    let mut object = ContextObject::new(format);
    object.add("rft.genre", Some(genre));
    object.add(&format!("rft.{own}"), Some(source.name()));
    if !whole.is_empty() {
        object.add(&format!("rft.{whole}"), source.container.as_deref());
    }
    object.add("rft.date", source.date.as_deref().and_then(date).as_deref());
    match format {
        "dc" => {
            object.add("rft.type", Some(zotero_type(source.kind)));
            makers.iter().for_each(|name| object.add("rft.creator", Some(&name.inverted())));
            object.add("rft.publisher", source.publisher.as_deref());
            object.add("rft.identifier", url);
            object.add("rft.identifier", isbn.map(|isbn| format!("ISBN {isbn}")).as_deref());
            object.add("rft.language", source.language.as_ref().map(|language| language.as_str()));
            object.add("rft.rights", source.licence.as_deref());
        }
        "dissertation" => {
            object.add_authors(makers);
            object.add("rft.inst", source.publisher.as_deref());
            object.add("rft.degree", source.genre.as_deref());
        }
        "journal" => {
            object.add_authors(makers);
            object.add("rft.volume", number(&source.volume).as_deref());
            object.add("rft.issue", number(&source.issue).as_deref());
            object.add("rft.pages", pages);
            object.add("rft.issn", number(&source.issn).as_deref());
        }
        _ => {
            object.add_authors(makers);
            object.add("rft.series", source.series.as_deref());
            object.add("rft.edition", number(&source.edition).as_deref());
            object.add("rft.pages", pages);
            object.add("rft.isbn", isbn);
            object.add("rft.pub", source.publisher.as_deref());
            object.add("rft.place", source.place.as_deref());
        }
    }
    object.add("rft_id", source.doi.as_ref().map(|doi| format!("info:doi/{}", doi.value)).as_deref());
    object.add("rft_id", url.filter(|_| format != "dc"));
    Some(object.0)
}

/// A date that is certain, else the year that it falls into.
fn date(when: &When) -> Option<String> {
    when.iso().or_else(|| {
        let (first, last) = (when.earliest()?, when.latest()?);
        (first.year == last.year && first.year > 0).then(|| format!("{:04}", first.year))
    })
}

/// A page of the site as a `ContextObject`.
pub fn page_coins(title: &str, site: &str, url: Option<&str>, language: &str) -> String {
    let mut object = ContextObject::new("dc");
    object.add("rft.title", Some(title));
    object.add("rft.type", Some("webpage"));
    object.add("rft.source", Some(site));
    object.add("rft.identifier", url);
    object.add("rft.language", Some(language));
    object.0
}

/// What Zotero calls a kind for which `ContextObject`s have no format of their own.
fn zotero_type(kind: SourceKind) -> &'static str {
    match kind.csl() {
        "article-newspaper" => "newspaperArticle",
        "article-magazine" => "magazineArticle",
        "broadcast" => "podcast",
        "figure" | "graphic" => "artwork",
        "legal_case" => "case",
        "legislation" | "regulation" | "treaty" => "statute",
        "motion_picture" => "videoRecording",
        "personal_communication" => "letter",
        "post" => "forumPost",
        "post-weblog" => "blogPost",
        "software" => "computerProgram",
        "song" => "audioRecording",
        "speech" => "presentation",
        own @ ("bill" | "dataset" | "hearing" | "interview" | "manuscript" | "map" | "patent" | "standard"
        | "webpage") => own,
        _ => "document",
    }
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
    use super::*;
    use crate::bibliography::source;

    /// The keys that each format has, besides `ctx_ver`, `rft_val_fmt` and `rft_id`, which all have.
    fn is_of_format(format: &str, key: &str) -> bool {
        let own = match format {
            "journal" => "genre atitle jtitle date volume issue pages issn aulast aufirst aucorp au",
            "book" => "genre atitle btitle date series edition pages isbn pub place aulast aufirst aucorp au",
            "dissertation" => "title date inst degree aulast aufirst aucorp au",
            _ => "title creator publisher date type identifier source language rights",
        };
        key.strip_prefix("rft.").is_some_and(|key| own.split(' ').any(|known| known == key))
    }

    #[test]
    fn each_kind_has_the_keys_of_its_format_alone() {
        for kind in SourceKind::ALL {
            let all = source(&format!(
                "{{id: a, kind: {}, title: 'On & off +1', authors: ['Doe, Jane', Reuters, 'van Roe, Rich'], container: J, series: S, \
                 publisher: P, place: L, date: 2018-02, doi: 10.1000/182, url: 'https://x.org/?a=b&c', volume: 1, issue: 2, pages: 3-9, \
                 issn: 0000-0000, isbn: 978-0-306-40615-7, edition: 2, genre: G, licence: CC, language: en}}",
                kind.name()
            ));
            let object = coins(&all).expect("it is public");
            let pairs: Vec<(&str, &str)> =
                object.split('&').map(|pair| pair.split_once('=').expect("a value")).collect();
            let format = pairs[1].1.rsplit("%3A").next().expect("a format");
            assert_eq!((pairs[0], pairs[1].0), (("ctx_ver", "Z39.88-2004"), "rft_val_fmt"));
            for (key, value) in &pairs[2..] {
                assert!(*key == "rft_id" || is_of_format(format, key), "{key} is not of {format}: {object}");
                assert!(value.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~%".contains(&byte)), "{object}");
            }
            let has = |wanted: &str| pairs.iter().any(|(key, value)| *value == wanted && key.starts_with("rft"));
            assert!(has("On%20%26%20off%20%2B1") && has("Doe%2C%20Jane") && has("2018-02"), "{object}");
            assert!(has("info%3Adoi%2F10.1000%2F182") && has("https%3A%2F%2Fx.org%2F%3Fa%3Db%26c"), "{object}");
        }
    }

    #[test]
    fn bodies_are_not_divided_into_names() {
        let of = |yaml: &str| coins(&source(yaml));
        assert_eq!(
            of("{id: a, kind: report, description: A report, authors: [City of Leeford], date: 2018-02~}").as_deref(),
            Some(
                "ctx_ver=Z39.88-2004&rft_val_fmt=info%3Aofi%2Ffmt%3Akev%3Amtx%3Abook&rft.genre=report&rft.btitle=A%20report\
                 &rft.date=2018&rft.aucorp=City%20of%20Leeford"
            )
        );
        assert_eq!(of("{id: a, kind: book, title: T, description: D, public: false}"), None);
    }
}
