use serde::Deserialize;

use super::{Name, Numeral, Ref, SourceKind};
use crate::data::Spanned;
use crate::evidence::{When, year_text};

/// A document that was read. Its keys are those of CSL 1.0.2, with underscores.
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[derive(Clone, Debug, Hash, Deserialize)]
#[cfg_attr(test, schemars(extend("anyOf" = [{ "required": ["title"] }, { "required": ["description"] }])))]
pub struct Source {
    /// Its citation key, such as one of Zotero or Better BibTeX: letters and digits, with `-`, `_`, `.`, `:`, `/` or `+` between them.
    #[cfg_attr(test, schemars(regex(pattern = r"^[\p{L}\p{N}_]+([-_.:/+][\p{L}\p{N}_]+)*$")))]
    pub id: Spanned<String>,
    /// What kind of document it is.
    pub kind: SourceKind,
    /// Its own title, where it is known and may be printed.
    #[serde(default)]
    pub title: Option<String>,
    /// A short form of its title.
    #[serde(default)]
    pub title_short: Option<String>,
    /// What it is, in our words; a source has a title or a description.
    #[serde(default)]
    pub description: Option<Spanned<String>>,
    /// How prose and marks name it; otherwise by author and year, else by publisher and date.
    #[serde(default)]
    pub label: Option<String>,
    /// Who wrote or made it: `Smith, Jane` for a person, `Reuters` for a body, or the parts of the name.
    #[serde(default)]
    pub authors: Vec<Name>,
    /// Who edited it, or what it is part of.
    #[serde(default)]
    pub editors: Vec<Name>,
    /// Who translated it.
    #[serde(default)]
    pub translators: Vec<Name>,
    /// Who directed it.
    #[serde(default)]
    pub directors: Vec<Name>,
    /// Who asked the questions.
    #[serde(default)]
    pub interviewers: Vec<Name>,
    /// What it is part of: the newspaper, the journal, the book, the website, the programme.
    #[serde(default)]
    pub container: Option<String>,
    /// The series that it belongs to.
    #[serde(default)]
    pub series: Option<String>,
    /// Who published it, where that is known.
    #[serde(default)]
    pub publisher: Option<String>,
    /// Where it was published.
    #[serde(default)]
    pub place: Option<String>,
    /// The conference or other event that it was part of.
    #[serde(default)]
    pub event: Option<String>,
    /// The court or other authority that issued it.
    #[serde(default)]
    pub authority: Option<String>,
    /// The edition.
    #[serde(default)]
    pub edition: Option<Numeral>,
    /// The version, of software or a dataset.
    #[serde(default)]
    pub version: Option<Numeral>,
    /// The volume.
    #[serde(default)]
    pub volume: Option<Numeral>,
    /// The issue of a journal or newspaper.
    #[serde(default)]
    pub issue: Option<Numeral>,
    /// The number of a report, a patent, a law or a case.
    #[serde(default)]
    pub number: Option<Numeral>,
    /// The section of a newspaper or a law.
    #[serde(default)]
    pub section: Option<Numeral>,
    /// The pages of the container that it fills.
    #[serde(default)]
    pub pages: Option<Spanned<Numeral>>,
    /// How many pages it has.
    #[serde(default)]
    pub page_count: Option<Numeral>,
    /// Its class within its kind: `PhD thesis`, `working paper`, `podcast`.
    #[serde(default)]
    pub genre: Option<String>,
    /// What it is made of or stored on: `CD`, `oil on canvas`.
    #[serde(default)]
    pub medium: Option<String>,
    /// How long it lasts, such as `1:02:30`.
    #[serde(default)]
    pub duration: Option<Spanned<Numeral>>,
    /// Its DOI, from `10.`.
    #[serde(default)]
    pub doi: Option<Spanned<String>>,
    /// Its ISBN.
    #[serde(default)]
    pub isbn: Option<Spanned<Numeral>>,
    /// The ISSN of what it is part of.
    #[serde(default)]
    pub issn: Option<Numeral>,
    /// Where it is, where that is known.
    #[serde(default)]
    #[cfg_attr(test, schemars(regex(pattern = r"^[Hh][Tt][Tt][Pp][Ss]?://[^/?#@]+")))]
    pub url: Option<Spanned<String>>,
    /// The anchors of its paragraphs or sections at that address, with `{}` for the number: `para{}`, `section-{}`.
    #[serde(default)]
    #[cfg_attr(test, schemars(regex(pattern = r"^[^{}\s#]*\{\}[^{}\s#]*$")))]
    pub anchor: Option<Spanned<String>>,
    /// When it was published (EDTF).
    #[serde(default)]
    pub date: Option<Spanned<When>>,
    /// How that date is known, where it is not printed.
    #[serde(default)]
    pub date_basis: Option<Spanned<String>>,
    /// When it was read at that address (EDTF).
    #[serde(default)]
    pub accessed: Option<Spanned<When>>,
    /// Where an archived copy is.
    #[serde(default)]
    #[cfg_attr(test, schemars(regex(pattern = r"^[Hh][Tt][Tt][Pp][Ss]?://[^/?#@]+")))]
    pub archive_url: Option<Spanned<String>>,
    /// When that copy was made (EDTF).
    #[serde(default)]
    pub archive_date: Option<Spanned<When>>,
    /// The archive that holds it.
    #[serde(default)]
    pub archive: Option<String>,
    /// Where it is in that archive: a box, a folder, a shelf.
    #[serde(default)]
    pub archive_location: Option<Numeral>,
    /// Its call number in a library.
    #[serde(default)]
    pub call_number: Option<Numeral>,
    /// The licence under which it may be used.
    #[serde(default)]
    pub licence: Option<String>,
    /// Whom to name where it is shown.
    #[serde(default)]
    pub credit: Option<String>,
    /// Its language (BCP 47); that of the site where none is given.
    #[serde(default)]
    pub language: Option<Spanned<String>>,
    /// What a reader should know besides.
    #[serde(default)]
    pub note: Option<Spanned<String>>,
    /// How far it is relied on; readers see nothing of `unrated`.
    #[serde(default)]
    pub reliability: Reliability,
    /// Why so far.
    #[serde(default)]
    pub reliability_reason: Option<Spanned<String>>,
    /// Other sources, or documents among the entities, that it passes on.
    #[serde(default)]
    pub draws_on: Vec<Ref>,
    /// Whether readers may know who or what it is. Of a source that is not public only its id, its kind, its description, its label, its
    /// date, its language and how far it is relied on are published.
    #[serde(default = "yes")]
    pub public: bool,
    /// The file name of the text that was read, in the archive.
    #[serde(default)]
    pub file: Option<Spanned<String>>,
    /// The SHA-256 of that text, in hexadecimal.
    #[serde(default)]
    #[cfg_attr(test, schemars(regex(pattern = r"^[0-9a-f]{64}$")))]
    pub sha256: Option<Spanned<String>>,
    /// Its part of an address and its anchor: its id in lower-case letters, digits and hyphens. Made by the ledger.
    #[serde(skip)]
    pub slug: String,
}

fn yes() -> bool {
    true
}

impl Source {
    /// Its title, else its description, else its id; of a source that is not public never its title.
    pub fn name(&self) -> &str {
        self.title.as_ref().filter(|_| self.public).or(self.description.as_deref()).unwrap_or(&self.id)
    }

    /// How prose and marks name it: its label, else its authors and year, else its publisher and date, else its title and year,
    /// else its id in words.
    pub fn short_name(&self) -> String {
        if let Some(label) = &self.label {
            return label.clone();
        }
        let made = [&self.authors, &self.directors, &self.editors].into_iter().find(|names| !names.is_empty());
        let by = match made.map(Vec::as_slice).filter(|_| self.public) {
            Some([only]) => Some(only.short()),
            Some([one, two]) => Some(format!("{} and {}", one.short(), two.short())),
            Some([first, ..]) => Some(format!("{} et al.", first.short())),
            _ => None,
        };
        let publisher = self.publisher.as_ref().or(self.container.as_ref()).filter(|_| self.public);
        match (by, publisher, self.date.as_deref()) {
            (Some(by), _, Some(date)) => format!("{by} {}", year(date)),
            (Some(by), _, None) => by,
            (None, Some(publisher), Some(date)) => format!("{publisher}, {}", date.text()),
            (None, Some(publisher), None) => publisher.clone(),
            (None, None, date) => match self.short_title() {
                Some(title) => date.map_or_else(|| title.clone(), |date| format!("{title} {}", year(date))),
                None => self.id.replace('-', " "),
            },
        }
    }

    /// Its short title, or the first words of its title.
    fn short_title(&self) -> Option<String> {
        let title = self.title_short.as_ref().or(self.title.as_ref()).filter(|_| self.public)?;
        let words: Vec<&str> = title.split_whitespace().collect();
        let first = words.get(..5).map(|first| format!("{} …", first.join(" ")));
        Some(first.filter(|_| words.len() > 6).unwrap_or_else(|| words.join(" ")))
    }

    /// How long it lasts, in seconds.
    pub fn seconds(&self) -> Option<u32> {
        crate::evidence::locator::seconds(self.duration.as_ref()?)
    }

    /// Its first and last page in print, where both are plain numbers.
    pub fn page_range(&self) -> Option<(u32, u32)> {
        if let Some(pages) = &self.pages {
            let (first, last) = pages.split_once(['-', '–']).unwrap_or((pages, pages));
            let first: u32 = first.trim().parse().ok()?;
            let last: u32 = last.trim_start_matches(['-', '–', ' ']).trim().parse().ok()?;
            return (first <= last).then_some((first, last));
        }
        Some((1, self.page_count.as_ref()?.trim().parse().ok()?))
    }
}

/// The year of a date, where it falls into one.
fn year(date: &When) -> String {
    match (date.earliest(), date.latest()) {
        (Some(first), Some(last)) if first.year == last.year => year_text(first.year),
        _ => date.text(),
    }
}

/// How far a source is relied on, from most to least.
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum Reliability {
    High,
    MediumHigh,
    Medium,
    MediumLow,
    Low,
    #[default]
    Unrated,
}

impl Reliability {
    /// How the evidence files write it.
    pub fn name(self) -> &'static str {
        match self {
            Self::High => "high",
            Self::MediumHigh => "medium-high",
            Self::Medium => "medium",
            Self::MediumLow => "medium-low",
            Self::Low => "low",
            Self::Unrated => "unrated",
        }
    }
}
