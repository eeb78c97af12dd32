//! The fields of an entry of BibTeX as those of a record.

use biblatex::{ChunksExt, Entry as BibEntry, EntryType, Person};

use super::Values;
use super::date::{self, plain_date};
use crate::bibliography::entry::{Entry, Value, shown};
use crate::bibliography::fields::{NAMES, TEXTS, entry_field};
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

/// The entry that was read; `dated` has its date.
pub(super) fn entry(read: &BibEntry, at: usize, values: &Values<'_>, dated: Option<&Values<'_>>) -> Entry {
    let text = |field: &str| read.get(field).map(|chunks| chunks.format_verbatim());
    let own_type = match &read.entry_type {
        EntryType::Unknown(name) => name.to_ascii_lowercase(),
        known => known.to_string().to_ascii_lowercase(),
    };
    let kind = match (own_type.as_str(), read.get("entrysubtype")) {
        // As Zotero exports pages of the web for BibTeX.
        ("misc", None) if text("url").is_some() && text("urldate").is_some() => Some(SourceKind::Webpage),
        (own_type, _) => kind(own_type, text("entrysubtype").as_deref()),
    };
    let mut entry = Entry { id: read.key.clone(), at, ..Entry::default() };
    if kind.is_none() {
        entry.omitted.push(format!("the entry type `{}`", shown(&own_type)));
    }
    // Fields that say how to read others, or whose entries were read already.
    let mut known: Vec<&str> = vec!["entrysubtype", "urldate", "langid", "language"];
    known.extend(["crossref", "xdata", "title", "subtitle"]);
    let mut kind = kind.unwrap_or(SourceKind::Document);
    let titles = [text("title"), text("subtitle")].map(|title| title.filter(|title| !title.trim().is_empty()));
    let mut title = titles.into_iter().flatten().collect::<Vec<_>>().join(": ");
    if title.is_empty() && own_type == "inbook" {
        // BibTeX has it for pages of a book that have no title of their own.
        kind = SourceKind::Book;
        title = text("booktitle").unwrap_or_default();
        known.push("booktitle");
    }
    entry.fields.push(("kind", Value::Text(kind.name().to_owned())));
    entry.add("title", "title", &title);
    entry.describe(kind);
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
                entry.add(text.key, field, class(&value).filter(|_| text.key == "genre").unwrap_or(&value));
                known.push(field);
                break;
            }
        }
    }
    if let Some((address, fields)) = address(read).filter(|_| read.get("url").is_none()) {
        entry.add("url", "url", &address);
        known.extend(fields);
    }
    if let Some(genre) = class(&own_type).filter(|_| kind == SourceKind::Thesis && read.get("type").is_none()) {
        entry.add("genre", "type", genre);
    }
    if let Some(dated) = dated {
        date::add(&mut entry, dated);
    }
    if let Some(date) = text("urldate") {
        entry.add("accessed", "urldate", &plain_date(&date));
    }
    if let Some(language) = text("langid").or_else(|| text("language")) {
        entry.add("language", "language", &language);
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
        // As Zotero exports them.
        "licence" => &["copyright", "rights"],
        "section" if entry == "article" => &["chapter"],
        _ => &[],
    }
}

/// The class of a work that an entry type of BibTeX says, or a `type` that BibLaTeX has its own word for.
fn class(name: &str) -> Option<&'static str> {
    match name {
        "phdthesis" => Some("PhD thesis"),
        "mastersthesis" | "mathesis" => Some("Master’s thesis"),
        "bathesis" => Some("Bachelor’s thesis"),
        "candthesis" => Some("candidate thesis"),
        "techreport" => Some("technical report"),
        "resreport" => Some("research report"),
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
