//! References in one style: who, when, what, where in what, published by whom, and where to find it.

use crate::evidence::{Name, Precision, Source, When, year_text};

/// A piece of a reference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// Plain words.
    Text(String),
    /// A title, which is set in italics.
    Title(String),
    /// An address, with its words.
    Link {
        /// The address.
        href: String,
        /// Its words.
        words: String,
    },
}

/// The most names that are written out.
const NAMES: usize = 6;

/// The reference of a source. Of a source that is not public it is its description and its date.
pub fn reference(source: &Source) -> Vec<Piece> {
    let mut sentences: Vec<Vec<Piece>> = Vec::new();
    let date = source.date.as_deref().map(dated);
    let title = title(source);
    match makers(source).filter(|_| source.public) {
        Some(makers) => {
            sentences.push(vec![Piece::Text(with_date(&makers, date))]);
            sentences.push(title);
        }
        None => {
            let mut title = title;
            title.extend(date.map(|date| Piece::Text(format!(" ({date})"))));
            sentences.push(title);
        }
    }
    if source.public {
        sentences.push(within(source));
        let words =
            [by("Translated by ", &source.translators), by("Interview by ", &source.interviewers), issued(source)];
        sentences.extend(words.into_iter().map(|words| vec![Piece::Text(words)]));
        sentences.extend(found(source));
    }
    joined(sentences)
}

fn with_date(words: &str, date: Option<String>) -> String {
    date.map_or_else(|| words.to_owned(), |date| format!("{words} ({date})"))
}

/// A date in a reference: a year is written as one, anything else as the site writes dates.
pub fn dated(when: &When) -> String {
    match when.earliest() {
        Some(day) if when.precision() == Precision::Year && !when.is_uncertain() && !when.is_approximate() => {
            year_text(day.year)
        }
        _ => when.text(),
    }
}

/// Who made it, the first by the family name.
fn makers(source: &Source) -> Option<String> {
    let role = |names: &[Name], one: &str, many: &str| {
        let role = if names.len() == 1 { one } else { many };
        (!names.is_empty()).then(|| format!("{}{role}", all(names, true)))
    };
    role(&source.authors, "", "")
        .or_else(|| role(&source.directors, " (director)", " (directors)"))
        .or_else(|| role(&source.editors, " (ed.)", " (eds.)").filter(|_| !source.kind.is_part()))
}

fn all(names: &[Name], inverted: bool) -> String {
    let shown: Vec<String> = names
        .iter()
        .take(NAMES)
        .enumerate()
        .map(|(nth, name)| if nth == 0 && inverted { name.inverted() } else { name.spoken() })
        .collect();
    match shown.as_slice() {
        _ if names.len() > NAMES => format!("{}, et al.", shown.join(", ")),
        [one, two] if inverted => format!("{one}, and {two}"),
        [one, two] => format!("{one} and {two}"),
        [rest @ .., last] if !rest.is_empty() => format!("{}, and {last}", rest.join(", ")),
        _ => shown.concat(),
    }
}

fn by(words: &str, names: &[Name]) -> String {
    if names.is_empty() { String::new() } else { format!("{words}{}", all(names, false)) }
}

/// Its title, or what it is in our words; with its genre, where it is neither an article nor a book.
fn title(source: &Source) -> Vec<Piece> {
    let name = source.name().to_owned();
    let is_titled = source.title.is_some() && source.public;
    let mut pieces = match (is_titled, source.kind.is_part()) {
        (false, _) => vec![Piece::Text(name)],
        (true, true) => vec![Piece::Text(format!("“{name}”"))],
        (true, false) => vec![Piece::Title(name)],
    };
    let is_plain =
        matches!(source.kind.entry(), "article" | "book" | "incollection" | "inproceedings" | "online" | "misc");
    let class =
        source.genre.as_deref().filter(|_| source.public).or((!is_plain && is_titled).then(|| source.kind.label()));
    pieces.extend(class.map(|class| Piece::Text(format!(" [{class}]"))));
    pieces
}

/// What it is part of, and where in that.
fn within(source: &Source) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut rest = String::new();
    // A website that is its own author is named once.
    let is_new = |name: &&String| source.kind.entry() != "online" || source.authors != [Name::Literal((*name).clone())];
    if let Some(container) = source.container.as_ref().filter(is_new) {
        let is_in_book = matches!(source.kind.entry(), "incollection" | "inproceedings" | "inreference");
        let editors = if source.authors.is_empty() { String::new() } else { by("", &source.editors) };
        let role = if source.editors.len() == 1 { " (ed.), " } else { " (eds.), " };
        match (is_in_book, editors.is_empty()) {
            (true, false) => pieces.push(Piece::Text(format!("In {editors}{role}"))),
            (true, true) => pieces.push(Piece::Text("In ".to_owned())),
            (false, _) => {}
        }
        pieces.push(Piece::Title(container.clone()));
    }
    let mut add = |between: &str, words: String| {
        if !words.is_empty() {
            rest.push_str(if pieces.is_empty() && rest.is_empty() { "" } else { between });
            rest.push_str(&words);
        }
    };
    let numeral =
        |value: &Option<crate::evidence::Numeral>| value.as_ref().map(|value| value.0.clone()).unwrap_or_default();
    let is_article = source.kind.entry() == "article";
    let (volume, issue) = (numeral(&source.volume), numeral(&source.issue));
    add(", ", source.edition.as_ref().map_or_else(String::new, |edition| edition_words(edition)));
    match (is_article, volume.is_empty(), issue.is_empty()) {
        (_, true, true) => {}
        (true, false, false) => add(" ", format!("{volume}({issue})")),
        (true, false, true) => add(" ", volume),
        (true, true, false) => add(", ", format!("no. {issue}")),
        (false, _, _) => {
            add(", ", if volume.is_empty() { volume } else { format!("vol. {volume}") });
            add(", ", if issue.is_empty() { issue } else { format!("no. {issue}") });
        }
    }
    if let Some(pages) = &source.pages {
        let several = pages.contains(['-', '–', ',']);
        let shown = pages.replace("--", "-").replace('-', "–");
        add(
            if is_article { ": " } else { ", " },
            if is_article { shown } else { format!("{} {shown}", if several { "pp." } else { "p." }) },
        );
    }
    pieces.extend((!rest.is_empty()).then_some(Piece::Text(rest)));
    pieces
}

fn edition_words(edition: &str) -> String {
    match edition.parse::<u32>() {
        Ok(number) => {
            let end = match (number % 10, number % 100) {
                (1, teen) if teen != 11 => "st",
                (2, teen) if teen != 12 => "nd",
                (3, teen) if teen != 13 => "rd",
                _ => "th",
            };
            format!("{number}{end} ed.")
        }
        Err(_) if edition.contains(' ') => edition.to_owned(),
        Err(_) => format!("{edition} ed."),
    }
}

/// Its event, series, number and publisher.
fn issued(source: &Source) -> String {
    let mut parts: Vec<String> = Vec::new();
    let is_maker = |name: &String| source.authors.as_slice() == [Name::Literal(name.clone())];
    parts.extend(source.event.clone());
    parts.extend(source.series.clone());
    parts.extend(source.authority.clone());
    parts.extend(source.number.as_ref().map(|number| format!("no. {number}")));
    parts.extend(
        source
            .section
            .as_ref()
            .map(|section| format!("{} {section}", if source.kind.entry() == "article" { "section" } else { "sec." })),
    );
    parts.extend(source.version.as_ref().map(|version| format!("version {version}")));
    let publisher = source.publisher.as_ref().filter(|name| source.container.as_ref() != Some(name) && !is_maker(name));
    parts.extend(match (&source.place, publisher) {
        (Some(place), Some(publisher)) => Some(format!("{place}: {publisher}")),
        (place, publisher) => place.clone().or(publisher.cloned()),
    });
    parts.extend(source.duration.as_ref().map(|duration| duration.to_string()));
    parts.extend(source.medium.clone());
    capitalized(&parts.join(", "))
}

/// A text with a capital at its start, for a sentence.
fn capitalized(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// Where to find it: in an archive, at an address, as an archived copy.
fn found(source: &Source) -> Vec<Vec<Piece>> {
    let text = |words: String| vec![Piece::Text(words)];
    let mut sentences = Vec::new();
    let shelf = [source.archive.clone(), source.archive_location.as_ref().map(|at| at.0.clone())];
    let shelf: Vec<String> =
        shelf.into_iter().flatten().chain(source.call_number.as_ref().map(|at| at.0.clone())).collect();
    sentences.push(text(shelf.join(", ")));
    sentences.push(text(source.isbn.as_ref().map_or_else(String::new, |isbn| format!("ISBN {}", isbn.value))));
    let doi = source.doi.as_ref().map(|doi| format!("https://doi.org/{}", doi.value));
    if let Some(address) = doi.or_else(|| source.url.as_ref().map(|url| url.value.clone())) {
        sentences.push(vec![Piece::Link { words: address.clone(), href: address }]);
    }
    if let Some(copy) = &source.archive_url {
        let of = source.archive_date.as_ref().map(|date| format!(" of {}", dated(date)));
        let link = Piece::Link { href: copy.value.clone(), words: format!("Archived copy{}", of.unwrap_or_default()) };
        sentences.push(vec![link]);
    }
    sentences.push(text(source.accessed.as_ref().map_or_else(String::new, |date| format!("Accessed {}", dated(date)))));
    let rights = [source.credit.as_ref().map(|credit| format!("Credit: {credit}")), source.licence.clone()];
    sentences.extend(rights.into_iter().flatten().map(text));
    sentences
}

/// Sentences with full stops between them; what is empty is left out.
fn joined(sentences: Vec<Vec<Piece>>) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    for sentence in sentences {
        let words = |piece: &Piece| match piece {
            Piece::Text(words) | Piece::Title(words) | Piece::Link { words, .. } => words.clone(),
        };
        let ends = sentence.last().map(&words).unwrap_or_default();
        if ends.is_empty() {
            continue;
        }
        if !pieces.is_empty() {
            pieces.push(Piece::Text(" ".to_owned()));
        }
        pieces.extend(sentence);
        if !ends.trim_end_matches('”').ends_with(['.', '?', '!', '…']) {
            pieces.push(Piece::Text(".".to_owned()));
        }
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(yaml: &str) -> String {
        reference(&crate::bibliography::source(yaml))
            .into_iter()
            .map(|piece| match piece {
                Piece::Text(words) => words,
                Piece::Title(words) => format!("*{words}*"),
                Piece::Link { href, words } if href == words => format!("<{href}>"),
                Piece::Link { href, words } => format!("[{words}]({href})"),
            })
            .collect()
    }

    #[test]
    fn references_of_many_kinds() {
        insta::assert_snapshot!(words("{id: a, kind: article-journal, title: Deep learning, authors: ['LeCun, Yann', 'Bengio, Yoshua', 'Hinton, Geoffrey'], container: Nature, volume: 521, issue: 7553, pages: 436-444, date: 2015-05-28, doi: 10.1038/nature14539}"), @"LeCun, Yann, Yoshua Bengio, and Geoffrey Hinton (28 May 2015). “Deep learning”. *Nature* 521(7553): 436–444. <https://doi.org/10.1038/nature14539>.");
        insta::assert_snapshot!(words("{id: a, kind: news, title: A bridge opens?, authors: [Reuters], container: The Gazette, publisher: The Gazette, date: 2018-03-03, url: 'https://x.org/a', accessed: 2020-05-04, archive_url: 'https://web.archive.org/a', archive_date: 2019}"), @"Reuters (3 March 2018). “A bridge opens?” *The Gazette*. <https://x.org/a>. [Archived copy of 2019](https://web.archive.org/a). Accessed 4 May 2020.");
        insta::assert_snapshot!(words("{id: a, kind: book, title: A Book, authors: ['Doe, Jane', 'Roe, Rich'], edition: 2, publisher: The Press, place: Paris, date: 1999, isbn: 978-0-306-40615-7}"), @"Doe, Jane, and Rich Roe (1999). *A Book*. 2nd ed. Paris: The Press. ISBN 978-0-306-40615-7.");
        insta::assert_snapshot!(words("{id: a, kind: chapter, title: One, authors: ['Doe, Jane'], editors: ['Roe, Rich', 'Poe, Pat'], container: The Whole, pages: 3-9, date: 2001}"), @"Doe, Jane (2001). “One”. In Rich Roe and Pat Poe (eds.), *The Whole*, pp. 3–9.");
        insta::assert_snapshot!(words("{id: a, kind: legal_case, title: A v. B, authority: High Court, number: C-1/20, date: 2020}"), @"*A v. B* [legal case] (2020). High Court, no. C-1/20.");
        insta::assert_snapshot!(words("{id: a, kind: interview, title: Secret Name, authors: ['Name, Secret'], description: An engineer, url: 'https://x.org', public: false, date: 2020-01}"), @"An engineer (January 2020).");
        insta::assert_snapshot!(words("{id: a, kind: thesis, title: On Things, authors: ['Doe, Jane'], genre: PhD thesis, publisher: A University, date: 1999}"), @"Doe, Jane (1999). *On Things* [PhD thesis]. A University.");
        insta::assert_snapshot!(words("{id: a, kind: report, title: On Health, authors: [WHO], publisher: WHO, genre: annual report, number: 3, date: 2000}"), @"WHO (2000). *On Health* [annual report]. No. 3.");
        insta::assert_snapshot!(words("{id: a, kind: webpage, title: Home, authors: [BBC News], container: BBC News, date: 2000}"), @"BBC News (2000). “Home”.");
    }
}
