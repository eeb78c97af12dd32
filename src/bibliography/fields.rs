//! What a source, CSL and BibLaTeX call the same thing.

use crate::evidence::{Name, Numeral, Source};

/// A text of a source.
pub(super) struct Text {
    /// Its key in a record.
    pub key: &'static str,
    /// The variable of CSL.
    pub csl: &'static str,
    /// The field of BibLaTeX; empty where there is none, or where it depends on the entry type ([`entry_field`]).
    pub bib: &'static str,
    pub get: fn(&Source) -> Option<&str>,
}

/// Names of a source.
pub(super) struct Names {
    /// Their key in a record.
    pub key: &'static str,
    /// The variable of CSL.
    pub csl: &'static str,
    /// The field of BibLaTeX; empty where there is none.
    pub bib: &'static str,
    pub get: fn(&Source) -> &[Name],
}

fn number(numeral: Option<&Numeral>) -> Option<&str> {
    numeral.map(|numeral| numeral.0.as_str())
}

macro_rules! texts {
    ($($key:ident $csl:literal $bib:literal $kind:ident)*) => {
        /// All texts.
        pub(super) const TEXTS: &[Text] = &[$(Text {
            key: stringify!($key),
            csl: $csl,
            bib: $bib,
            get: |source| texts!(@$kind source.$key),
        }),*];
    };
    (@text $value:expr) => { $value.as_deref() };
    (@placed $value:expr) => { $value.as_ref().map(|text| text.value.as_str()) };
    (@number $value:expr) => { number($value.as_ref()) };
    (@placed_number $value:expr) => { number($value.as_ref().map(|numeral| &numeral.value)) };
}

texts! {
    title "title" "title" text
    title_short "title-short" "shorttitle" text
    container "container-title" "" text
    series "collection-title" "series" text
    publisher "publisher" "" text
    place "publisher-place" "location" text
    event "event" "eventtitle" text
    authority "authority" "" text
    edition "edition" "edition" number
    version "version" "version" number
    volume "volume" "volume" number
    issue "issue" "" number
    number "number" "" number
    section "section" "" number
    pages "page" "pages" placed_number
    page_count "number-of-pages" "pagetotal" number
    genre "genre" "type" text
    medium "medium" "" text
    duration "dimensions" "" placed_number
    doi "DOI" "doi" placed
    isbn "ISBN" "isbn" placed_number
    issn "ISSN" "issn" number
    url "URL" "url" placed
    archive "archive" "" text
    archive_location "archive_location" "" number
    call_number "call-number" "" number
    licence "license" "" text
    language "language" "" placed
    note "note" "note" placed
    label "citation-label" "shorthand" text
}

macro_rules! names {
    ($($key:ident $csl:literal $bib:literal)*) => {
        /// All names.
        pub(super) const NAMES: &[Names] = &[$(Names {
            key: stringify!($key),
            csl: $csl,
            bib: $bib,
            get: |source| &source.$key,
        }),*];
    };
}

names! {
    authors "author" "author"
    editors "editor" "editor"
    translators "translator" "translator"
    directors "director" ""
    interviewers "interviewer" ""
}

/// The field of BibLaTeX that a key has in an entry of a type, where types differ.
pub(super) fn entry_field(key: &str, entry: &str) -> Option<&'static str> {
    let is_article = matches!(entry, "article" | "periodical" | "review");
    match key {
        "container" if is_article => Some("journaltitle"),
        "container" if matches!(entry, "online" | "misc" | "software" | "dataset") => Some("organization"),
        "container" => Some("booktitle"),
        "publisher" if matches!(entry, "report" | "thesis") => Some("institution"),
        "publisher" => Some("publisher"),
        "authority" if matches!(entry, "jurisdiction" | "legislation" | "legal" | "patent" | "standard") => {
            Some("institution")
        }
        "issue" if is_article => Some("number"),
        "issue" => Some("issue"),
        "number" if !is_article => Some("number"),
        "number" => Some("eid"),
        _ => None,
    }
}

/// Languages by the names that `babel` has for them.
const LANGUAGES: &[(&str, &str)] = &[
    ("en", "english"),
    ("en-US", "american"),
    ("en-GB", "british"),
    ("de", "ngerman"),
    ("fr", "french"),
    ("es", "spanish"),
    ("it", "italian"),
    ("pt", "portuguese"),
    ("nl", "dutch"),
    ("ru", "russian"),
    ("pl", "polish"),
    ("sv", "swedish"),
    ("da", "danish"),
    ("fi", "finnish"),
    ("cs", "czech"),
    ("ja", "japanese"),
    ("ko", "korean"),
    ("zh", "chinese"),
    ("tr", "turkish"),
    ("el", "greek"),
    ("hu", "hungarian"),
    ("uk", "ukrainian"),
    ("la", "latin"),
];

/// The name that `babel` has for a language.
pub(super) fn babel_name(tag: &str) -> Option<&'static str> {
    LANGUAGES.iter().find(|(known, _)| *known == tag).map(|(_, name)| *name)
}

/// The language that a name of `babel` means, which is nearly always its name in English.
pub(super) fn language_tag(name: &str) -> Option<&'static str> {
    let name = name.to_ascii_lowercase();
    let name = if name == "german" { "ngerman" } else { &name };
    LANGUAGES.iter().find(|(_, known)| *known == name).map(|(tag, _)| *tag)
}
