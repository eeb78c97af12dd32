//! BibTeX and BibLaTeX into entries.

use biblatex::{
    Bibliography, ChunksExt, Entry as BibEntry, EntryType, ParseError, ParseErrorKind, Person, RawBibliography,
};

use super::entry::{Entry, Fault, Value, check_keys, shown};
use super::fields::{NAMES, TEXTS, entry_field, language_tag};
use crate::evidence::{Name, SourceKind};

/// Reads a file of BibTeX or BibLaTeX.
///
/// # Errors
/// Everything that is wrong with it; of what is not BibTeX at all, the first fault.
pub fn read_bibtex(text: &str) -> Result<Vec<Entry>, Vec<Fault>> {
    check_braces(text)?;
    let raw = RawBibliography::parse(text).map_err(|error| vec![syntax(text, &error)])?;
    let places: Vec<(String, usize)> =
        raw.entries.iter().map(|entry| (entry.v.key.v.to_owned(), entry.span.start)).collect();
    Bibliography::from_raw(raw).map_err(|error| vec![syntax(text, &error)])?;
    // The same without what sets type, which has no place in a record; only the text above has the right places.
    let plain = without_type(text);
    let read = Bibliography::parse(&plain).map_err(|error| vec![syntax(&plain, &error)])?;
    let at = |key: &str| places.iter().find(|(known, _)| known == key).map_or(0, |(_, at)| *at);
    let entries: Vec<Entry> = read.iter().map(|read| entry(read, at(&read.key))).collect();
    let faults = check_keys(&entries);
    if faults.is_empty() { Ok(entries) } else { Err(faults) }
}

/// How deep braces may nest, and how many an entry may have: the time that reading them takes grows with the square.
const BRACES: (usize, usize) = (100, 10_000);

fn check_braces(text: &str) -> Result<(), Vec<Fault>> {
    let (mut depth, mut count, mut escaped) = (0_usize, 0_usize, false);
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            _ if escaped => {}
            b'{' => (depth, count) = (depth + 1, count + 1),
            b'}' => depth = depth.saturating_sub(1),
            b'@' if depth == 0 => count = 0,
            _ => {}
        }
        escaped = byte == b'\\' && !escaped;
        if depth > BRACES.0 || count > BRACES.1 {
            let message =
                format!("braces are nested more than {} deep, or an entry has more than {}", BRACES.0, BRACES.1);
            return Err(vec![Fault::new(at, message)]);
        }
    }
    Ok(())
}

/// Commands that change nothing but how their argument looks.
const TYPE: [&str; 13] = [
    "\\textit",
    "\\emph",
    "\\textbf",
    "\\textsc",
    "\\textsl",
    "\\textsf",
    "\\textrm",
    "\\texttt",
    "\\textup",
    "\\textsuperscript",
    "\\textsubscript",
    "\\mkbibemph",
    "\\uppercase",
];

fn without_type(text: &str) -> std::borrow::Cow<'_, str> {
    if !TYPE.iter().any(|command| text.contains(command)) {
        return text.into();
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        let (before, from) = rest.split_at(at);
        out.push_str(before);
        let command = TYPE
            .iter()
            .find_map(|command| from.strip_prefix(command).filter(|after| after.trim_start().starts_with('{')));
        rest = match command {
            Some(after) => after.trim_start(),
            None => {
                // A backslash and what it escapes.
                let end = from.char_indices().nth(2).map_or(from.len(), |(at, _)| at);
                let (escaped, after) = from.split_at(end);
                out.push_str(escaped);
                after
            }
        };
    }
    out.push_str(rest);
    out.into()
}

fn syntax(text: &str, error: &ParseError) -> Fault {
    let message = match &error.kind {
        ParseErrorKind::UnexpectedEof => "an entry or a brace is never closed".to_owned(),
        ParseErrorKind::UnknownAbbreviation(name) => {
            format!("`{}` is neither in braces nor a `@string` of this file", shown(name))
        }
        ParseErrorKind::DuplicateKey(key) => format!("the key `{}` is used twice", shown(key)),
        other => shown(&other.to_string()),
    };
    // What is never closed begins at the last entry.
    let at = match &error.kind {
        ParseErrorKind::UnexpectedEof => text.rfind("\n@").map_or(0, |at| at + 1),
        _ => error.span.start.min(text.len()),
    };
    Fault::new(at, format!("not BibTeX: {message}"))
}

/// The kind of an entry type with its subtype.
pub(super) fn kind(entry: &str, subtype: Option<&str>) -> Option<SourceKind> {
    match subtype {
        Some("newspaper") => return Some(SourceKind::ArticleNewspaper),
        Some("magazine") => return Some(SourceKind::ArticleMagazine),
        Some(subtype) if SourceKind::of_csl(subtype).is_some() => return SourceKind::of_csl(subtype),
        _ => {}
    }
    Some(match entry {
        "article" | "suppperiodical" => SourceKind::ArticleJournal,
        "book" | "mvbook" | "manual" => SourceKind::Book,
        "booklet" => SourceKind::Pamphlet,
        "collection" | "mvcollection" | "proceedings" | "mvproceedings" => SourceKind::Collection,
        "reference" | "mvreference" => SourceKind::Collection,
        "inbook" | "incollection" | "bookinbook" | "suppbook" | "suppcollection" => SourceKind::Chapter,
        "inproceedings" | "conference" => SourceKind::PaperConference,
        "inreference" => SourceKind::Entry,
        "report" | "techreport" => SourceKind::Report,
        "thesis" | "phdthesis" | "mastersthesis" => SourceKind::Thesis,
        "online" | "electronic" | "www" => SourceKind::Webpage,
        "dataset" => SourceKind::Dataset,
        "software" => SourceKind::Software,
        "video" | "movie" => SourceKind::MotionPicture,
        "audio" => SourceKind::Broadcast,
        "music" => SourceKind::Song,
        "legislation" => SourceKind::Legislation,
        "jurisdiction" => SourceKind::LegalCase,
        "legal" => SourceKind::Treaty,
        "patent" => SourceKind::Patent,
        "performance" => SourceKind::Performance,
        "periodical" => SourceKind::Periodical,
        "review" | "commentary" => SourceKind::Review,
        "standard" => SourceKind::Standard,
        "unpublished" => SourceKind::Manuscript,
        "letter" => SourceKind::PersonalCommunication,
        "artwork" | "image" => SourceKind::Graphic,
        "misc" => SourceKind::Document,
        _ => return None,
    })
}

fn entry(read: &BibEntry, at: usize) -> Entry {
    let text = |field: &str| read.get(field).map(|chunks| chunks.format_verbatim());
    let own_type = match &read.entry_type {
        EntryType::Unknown(name) => name.to_ascii_lowercase(),
        known => known.to_string().to_ascii_lowercase(),
    };
    let kind = kind(&own_type, text("entrysubtype").as_deref());
    let mut entry = Entry { id: read.key.clone(), at, ..Entry::default() };
    if kind.is_none() {
        entry.omitted.push(format!("the entry type `{}`", shown(&own_type)));
    }
    let kind = kind.unwrap_or(SourceKind::Document);
    entry.fields.push(("kind", Value::Text(kind.name().to_owned())));
    let mut known: Vec<&str> = vec!["entrysubtype", "date", "year", "month", "day", "urldate", "langid", "language"];
    let titles = [text("title"), text("subtitle")].map(|title| title.filter(|title| !title.trim().is_empty()));
    let title = match titles {
        [Some(title), Some(rest)] => format!("{title}: {rest}"),
        [title, rest] => title.or(rest).unwrap_or_else(|| read.key.clone()),
    };
    entry.add("title", "title", &title);
    known.extend(["title", "subtitle"]);
    for names in NAMES.iter().filter(|names| !names.bib.is_empty()) {
        if let Ok(people) = read.get_as::<Vec<Person>>(names.bib) {
            entry.add_names(names.key, people.into_iter().filter_map(name).collect());
            known.push(names.bib);
        }
    }
    for text in TEXTS.iter().filter(|text| !matches!(text.key, "title" | "language")) {
        let field = entry_field(text.key, kind.entry()).unwrap_or(text.bib);
        let others = others(text.key, kind.entry());
        for field in [field].iter().chain(others).filter(|field| !field.is_empty() && !known.contains(*field)) {
            if let Some(value) = read.get(field).map(|chunks| chunks.format_verbatim()) {
                entry.add(text.key, field, &value);
                known.push(field);
                break;
            }
        }
    }
    if let Some(genre) = genre(&own_type).filter(|_| read.get("type").is_none()) {
        entry.add("genre", "type", genre);
    }
    if let Some(date) = text("date").or_else(|| year(read)) {
        entry.add("date", "date", &plain_date(&date));
    }
    if let Some(date) = text("urldate") {
        entry.add("accessed", "urldate", &plain_date(&date));
    }
    if let Some(language) = text("langid").or_else(|| text("language")) {
        let name = language.trim().to_ascii_lowercase();
        entry.add("language", "language", language_tag(&name).unwrap_or(language.trim()));
    }
    entry.add_basis();
    entry.omitted.extend(read.fields.keys().filter(|field| !known.contains(&field.as_str())).cloned());
    entry
}

/// What BibTeX called a field before BibLaTeX, or what other programs call it.
fn others(key: &str, entry: &str) -> &'static [&'static str] {
    match key {
        "container" => &["journaltitle", "journal", "booktitle", "maintitle"],
        "publisher" if matches!(entry, "report" | "thesis") => &["school", "publisher", "organization"],
        "publisher" => &["publisher", "school", "organization"],
        "place" => &["address"],
        "issue" => &["issue"],
        _ => &[],
    }
}

/// The class that an entry type of BibTeX says.
fn genre(entry: &str) -> Option<&'static str> {
    match entry {
        "phdthesis" => Some("PhD thesis"),
        "mastersthesis" => Some("Master’s thesis"),
        _ => None,
    }
}

fn name(person: Person) -> Option<Name> {
    let Person { name, given_name, prefix, suffix, .. } = person;
    match (name.trim(), given_name.trim(), prefix.trim()) {
        ("", "", _) => None,
        (name, "", "") => Some(Name::Literal(name.to_owned())),
        ("", given, _) => Some(Name::Literal(given.to_owned())),
        (family, given, prefix) => Some(Name::Person {
            family: family.to_owned(),
            given: given.to_owned(),
            non_dropping_particle: prefix.to_owned(),
            dropping_particle: String::new(),
            suffix: suffix.trim().to_owned(),
        }),
    }
}

/// A date without what LaTeX makes of a `~`, which an approximate one has at its end.
fn plain_date(date: &str) -> String {
    date.replace("\\string", "").replace('\u{a0}', "~").replace(' ', "")
}

/// The date by the fields that BibTeX has for it.
fn year(read: &BibEntry) -> Option<String> {
    let text = |field: &str| read.get(field).map(|chunks| chunks.format_verbatim().trim().to_ascii_lowercase());
    let year = text("year")?;
    let months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let month = text("month").and_then(|month| {
        let named = months.iter().position(|name| month.starts_with(name)).map(|at| at + 1);
        named.or_else(|| month.parse().ok()).filter(|month| (1..=12).contains(month))
    });
    let day = text("day").and_then(|day| day.parse::<u8>().ok());
    Some(match (month, day) {
        (None, _) => year,
        (Some(month), None) => format!("{year}-{month:02}"),
        (Some(month), Some(day)) => format!("{year}-{month:02}-{day:02}"),
    })
}
