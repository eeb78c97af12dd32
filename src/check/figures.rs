//! What a page says in figures, dates and weekdays, its claims say too.

use std::borrow::Cow;
use std::ops::Range;

use crate::diag::{Diagnostic, Diagnostics};
use crate::evidence::figures::{Figure, Masks, SupportedFigures, Value, Verdict, figures};
use crate::evidence::reading::words;
use crate::evidence::{Ledger, Lines, Locator};
use crate::parse::{Block, BlockKind, PageMetadata, Prose, Sentence};
use crate::source::Span;

use super::clauses::sections;
use super::listed;

pub(super) fn check(ledger: &Ledger, metadata: &PageMetadata, prose: &Prose, problems: &mut Diagnostics) {
    if metadata.citations.is_empty() {
        return;
    }
    let check = Checker { ledger, metadata };
    let all: Vec<usize> = (0..metadata.citations.len()).collect();
    let whole = std::cell::OnceCell::new();
    let mut sections = sections(prose).into_iter();
    for block in prose.blocks() {
        let section = if block.kind == BlockKind::Heading { sections.next().unwrap_or_default() } else { Vec::new() };
        let own: Vec<usize> = block.sentences().flat_map(|sentence| sentence.citations.iter().copied()).collect();
        let of_page = match block.kind {
            BlockKind::Summary => Some("summary"),
            BlockKind::Heading => Some("heading"),
            BlockKind::Label => Some("label"),
            _ => None,
        };
        let of_page = of_page.filter(|_| own.is_empty());
        for sentence in block.sentences() {
            let mut said = figures(sentence.text, ledger.masks());
            if of_page.is_some() {
                said.retain(|figure| !is_name(sentence.text, figure));
            }
            if said.is_empty() {
                continue;
            }
            let (what, cited) = if let Some(what) = of_page {
                (what, if section.is_empty() { &*all } else { &*section })
            } else if sentence.citations.is_empty() {
                ("sentence", &*own)
            } else {
                ("sentence", sentence.citations)
            };
            if cited.is_empty() || (sentence.citations.is_empty() && block.uncited.is_some()) {
                continue;
            }
            // "By the study of 212 schools", "the decision of 2019": what a source is called by.
            let named = check.named(sentence.text, block.kind == BlockKind::Row);
            said.retain(|figure| {
                named.as_ref().is_none_or(|named| named.verdict(&figure.value, &[]) != Verdict::Supported)
            });
            let basis = Basis { what, cited, scope: scope(of_page.is_some(), &sentence) };
            let carried = if of_page.is_some() && section.is_empty() {
                Cow::Borrowed(whole.get_or_init(|| check.carried(&all, true)))
            } else {
                Cow::Owned(check.carried(cited, !sentence.citations.is_empty()))
            };
            check.figures(sentence.text, &said, &carried, &basis, &|part| place(&block, &sentence, part), problems);
        }
    }
    check.title(&all, whole.get_or_init(|| check.carried(&all, true)), problems);
}

/// Whether a heading or a caption names something by a number, as in `Mi 8` and `Apollo 11 landed`: it stands right after a
/// capitalised word, and no plural follows that it could count.
fn is_name(text: &str, figure: &Figure) -> bool {
    let (before, after) = (text.get(..figure.range.start), text.get(figure.range.end..));
    let (Some(before), Some(after), Value::Number(_)) = (before, after, &figure.value) else { return false };
    let plain = |c: char| c.is_ascii_digit() || c == '.';
    let word = before.strip_suffix(' ').and_then(|before| before.rsplit(' ').next()).unwrap_or_default();
    let next = after.trim_start().split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
    text.get(figure.range.clone()).is_some_and(|digits| digits.chars().all(plain))
        && word.starts_with(char::is_uppercase)
        && word.ends_with(char::is_alphanumeric)
        && !(after.starts_with(' ') && next.starts_with(char::is_lowercase) && next.ends_with('s'))
}

/// Whether other figures of the sentence that are supported say where one comes from: "more than half, 58 per cent", "from 88 to
/// 95 per cent, seven points more".
fn is_explained(figure: &Figure, said: &[Figure], carried: &SupportedFigures) -> bool {
    let is_supported = |other: &&Figure| *other != figure && carried.verdict(&other.value, said) == Verdict::Supported;
    let beside: Vec<&Value> = said.iter().filter(is_supported).map(|other| &other.value).collect();
    match &figure.value {
        Value::Fraction(..) => beside.iter().any(|other| matches!(other, Value::Percent(_))),
        Value::Number(number) => {
            let whole = |value: &Value| match value {
                Value::Number(own) | Value::Percent(own) => own.whole(),
                Value::Date(date) => date.year.and_then(|year| u32::try_from(year).ok()),
                _ => None,
            };
            let known: Vec<u32> = beside.iter().filter_map(|value| whole(value)).take(20).collect();
            let differs = |a: &u32| known.iter().any(|b| number.whole() == Some(a.abs_diff(*b)));
            known.len() > 1 && known.iter().any(differs)
        }
        _ => false,
    }
}

/// Which claims a figure is held against.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Scope {
    Sentence,
    Paragraph,
    Page,
}

fn scope(stands_for_page: bool, sentence: &Sentence<'_>) -> Scope {
    match (stands_for_page, sentence.citations.is_empty()) {
        (true, _) => Scope::Page,
        (false, true) => Scope::Paragraph,
        (false, false) => Scope::Sentence,
    }
}

struct Basis<'a> {
    what: &'static str,
    cited: &'a [usize],
    scope: Scope,
}

fn place(block: &Block<'_>, sentence: &Sentence<'_>, part: &Range<usize>) -> Span {
    let place = sentence.place(part);
    // A summary that was folded stands there as a whole.
    if place.start < place.end { place } else { block.span() }
}

struct Checker<'a> {
    ledger: &'a Ledger,
    metadata: &'a PageMetadata,
}

impl Checker<'_> {
    /// All that these citations carry. A source that a sentence itself cites without a place says nothing that can be looked up.
    fn carried(&self, citations: &[usize], is_own: bool) -> SupportedFigures {
        let mut all = SupportedFigures::default();
        let mut known: Vec<(&str, Option<&str>)> = Vec::new();
        for citation in citations.iter().filter_map(|index| self.metadata.citations.get(*index)) {
            let key = (citation.key.as_str(), citation.locator.as_deref());
            if !known.contains(&key) {
                known.push(key);
                let place = lines(key.1).or_else(|| (is_own && key.1.is_none()).then(|| Lines(vec![(0, 0)])));
                if let Some(carried) = self.ledger.carried_by(key.0, place.as_ref()) {
                    all.extend(&carried);
                }
            }
        }
        all
    }

    /// The titles and dates of the sources that a text names.
    fn named(&self, text: &str, is_row: bool) -> Option<SupportedFigures> {
        let mentions = self.ledger.source_names().mentions(text, &words(text), is_row);
        let sources = mentions.iter().filter_map(|mention| self.ledger.sources.get(mention.source as usize));
        let mut carried = SupportedFigures::default();
        for source in sources {
            carried.add_text(source.name(), &Masks::default());
            if let Some(date) = &source.date {
                carried.add_when(date);
            }
        }
        (!carried.is_empty()).then_some(carried)
    }

    /// The title, where the front matter gives it; a heading is prose.
    fn title(&self, all: &[usize], carried: &SupportedFigures, problems: &mut Diagnostics) {
        let Some(title) = &self.metadata.front.title else { return };
        let mut said = figures(title, self.ledger.masks());
        said.retain(|figure| !is_name(title, figure));
        let basis = Basis { what: "title", cited: all, scope: Scope::Page };
        self.figures(title, &said, carried, &basis, &|_| self.metadata.front_span("title"), problems);
    }

    fn figures(
        &self,
        text: &str,
        said: &[Figure],
        carried: &SupportedFigures,
        basis: &Basis<'_>,
        place: &dyn Fn(&Range<usize>) -> Span,
        problems: &mut Diagnostics,
    ) {
        // An unknown key is told elsewhere; what it would carry nobody knows.
        if basis.cited.iter().any(|index| self.is_unknown(*index)) {
            return;
        }
        // A day that no calendar has is told elsewhere.
        for figure in said.iter().filter(|figure| !matches!(&figure.value, Value::Date(date) if date.is_impossible())) {
            if is_explained(figure, said, carried) {
                continue;
            }
            let words = text.get(figure.range.clone()).unwrap_or_default();
            let found = match carried.verdict(&figure.value, said) {
                Verdict::Supported => continue,
                Verdict::TooFine(coarser) => self.too_fine(words, &coarser, basis, place(&figure.range)),
                Verdict::Missing => {
                    self.unsupported(words, &carried.instead_of(&figure.value), basis, place(&figure.range))
                }
            };
            problems.push(found);
        }
    }

    fn too_fine(&self, words: &str, coarser: &str, basis: &Basis<'_>, at: Span) -> Diagnostic {
        let message =
            format!("the {} says {words}, but {} only {coarser}", basis.what, self.bearers(basis, "carries", "carry"));
        let found = Diagnostic::new("date-too-fine", at, message);
        self.label(found, basis)
            .hint("write the date as the claim has it, or give the claim a more exact date if a source does")
    }

    fn unsupported(&self, words: &str, instead: &[&str], basis: &Basis<'_>, at: Span) -> Diagnostic {
        let what = basis.what;
        let message = match instead {
            [] => format!("the {what} says {words}, which {}", self.bearers(basis, "does not carry", "do not carry")),
            few if few.len() <= 6 => {
                format!(
                    "the {what} says {words}, but {} {}",
                    self.bearers(basis, "carries", "carry"),
                    listed(few, "and")
                )
            }
            _ => format!("the {what} says {words}, which {}", self.bearers(basis, "does not carry", "do not carry")),
        };
        let found = Diagnostic::new("unsupported-figure", at, message);
        self.label(found, basis).hint("correct the figure, cite the claim that supports it, or record one")
    }

    /// Who should carry a figure, with the verb.
    fn bearers(&self, basis: &Basis<'_>, one: &str, many: &str) -> String {
        let mut keys: Vec<String> = Vec::new();
        for citation in basis.cited.iter().filter_map(|index| self.metadata.citations.get(*index)) {
            let key = format!("`{}`", citation.key);
            if !keys.contains(&key) {
                keys.push(key);
            }
        }
        match (basis.scope, keys.as_slice()) {
            (Scope::Page, _) => format!("the claims that the page cites {many}"),
            (_, [only]) => format!("{only} {one}"),
            (_, keys) if keys.len() <= 4 => format!("{} {many}", listed(keys, "and")),
            (Scope::Paragraph, _) => format!("the claims that the paragraph cites {many}"),
            (Scope::Sentence, _) => format!("its claims {many}"),
        }
    }

    /// Points at the claim, where there is just one.
    fn label(&self, mut found: Diagnostic, basis: &Basis<'_>) -> Diagnostic {
        if let (true, [only]) = (basis.scope != Scope::Page, basis.cited)
            && let Some(citation) = self.metadata.citations.get(*only)
            && let Some(claim) = self.ledger.claim(&citation.key)
            && let Some(span) = self.ledger.span(&claim.statement)
        {
            found.labels.push((span, "what the claim says".to_owned()));
        }
        found
    }

    fn is_unknown(&self, citation: usize) -> bool {
        self.metadata.citations.get(citation).is_some_and(|citation| {
            self.ledger.claim(&citation.key).is_none() && self.ledger.source(&citation.key).is_none()
        })
    }
}

/// The place that a citation names.
pub(super) fn locator(locator: Option<&str>) -> Option<Locator> {
    Locator::parse(locator?).ok()
}

/// The lines that a citation names.
pub(super) fn lines(place: Option<&str>) -> Option<Lines> {
    locator(place)?.lines()
}
