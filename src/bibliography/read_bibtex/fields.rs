//! The fields of an entry of BibTeX as those of a record.

use biblatex::{ChunksExt, Entry as BibEntry, EntryType, Person};

use super::Values;
use super::strings::MONTHS;
use crate::bibliography::entry::{Entry, Value, shown};
use crate::bibliography::fields::{NAMES, TEXTS, entry_field, language_tag};
use crate::evidence::{Name, SourceKind, is_web_address};

/// The kind of an entry type with its subtype.
pub(in crate::bibliography) fn kind(entry: &str, subtype: Option<&str>) -> Option<SourceKind> {
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

pub(super) fn entry(read: &BibEntry, at: usize, values: &Values<'_>) -> Entry {
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
    // Fields that say how to read others, or whose entries were read already.
    let mut known: Vec<&str> = vec!["entrysubtype", "date", "year", "month", "day", "urldate", "langid", "language"];
    known.extend(["crossref", "xdata"]);
    let titles = [text("title"), text("subtitle")].map(|title| title.filter(|title| !title.trim().is_empty()));
    let title = match titles {
        [Some(title), Some(rest)] => format!("{title}: {rest}"),
        [title, rest] => title.or(rest).unwrap_or_else(|| read.key.clone()),
    };
    entry.add("title", "title", &title);
    known.extend(["title", "subtitle"]);
    for names in NAMES.iter().filter(|names| !names.bib.is_empty()) {
        let Ok(people) = read.get_as::<Vec<Person>>(names.bib) else { continue };
        let mut people: Vec<Name> = people.into_iter().filter_map(name).collect();
        // How BibTeX shortens a list.
        if people.pop_if(|last| *last == Name::Literal("others".to_owned())).is_some() {
            entry.omitted.push("`and others`".to_owned());
        }
        let is_director = names.bib == "editor" && text("editortype").is_some_and(|role| role == "director");
        known.extend(is_director.then_some("editortype"));
        entry.add_names(if is_director { "directors" } else { names.key }, people);
        known.push(names.bib);
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
    if let Some((address, fields)) = address(read).filter(|_| read.get("url").is_none()) {
        entry.add("url", "url", &address);
        known.extend(fields);
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
    entry.omitted.extend(values.repeated.iter().cloned());
    let commands = values.fields.iter().filter(|(field, ..)| known.contains(&field.as_str()));
    entry.omitted.extend(commands.flat_map(|(.., unknown)| unknown.iter().cloned()));
    entry
}

/// An address that other fields than `url` have, and these fields.
fn address(read: &BibEntry) -> Option<(String, Vec<&'static str>)> {
    let text = |field: &str| read.get(field).map(|chunks| chunks.format_verbatim().trim().to_owned());
    let archive = text("eprinttype").or_else(|| text("archiveprefix")).unwrap_or_default();
    if let Some(eprint) = text("eprint").filter(|_| archive.eq_ignore_ascii_case("arxiv")) {
        let fields = vec!["eprint", "eprinttype", "eprintclass", "archiveprefix", "primaryclass"];
        return Some((format!("https://arxiv.org/abs/{eprint}"), fields));
    }
    text("howpublished").filter(|address| is_web_address(address)).map(|address| (address, vec!["howpublished"]))
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
    let month = text("month").and_then(|month| {
        let named = MONTHS.iter().position(|name| month.starts_with(name)).map(|at| at + 1);
        named.or_else(|| month.parse().ok()).filter(|month| (1..=12).contains(month))
    });
    let day = text("day").and_then(|day| day.parse::<u8>().ok());
    Some(match (month, day) {
        (None, _) => year,
        (Some(month), None) => format!("{year}-{month:02}"),
        (Some(month), Some(day)) => format!("{year}-{month:02}-{day:02}"),
    })
}
