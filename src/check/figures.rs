//! What a page says in figures, dates and weekdays, its claims say too.

use std::borrow::Cow;
use std::ops::Range;

use rustc_hash::FxHashSet;

use crate::diag::{Diagnostic, Diagnostics};
use crate::evidence::figures::{
    Context, Figure, Kind, Masks, Readings, SupportedFigures, Value, Verdict, figures, lists, readings,
};
use crate::evidence::reading::{Senses, lower, words};
use crate::evidence::{Claim, Ledger, Lines, Locator};
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
            let Readings { figures: mut said, also } = readings(sentence.text, ledger.masks());
            if of_page.is_none() && !also.is_empty() {
                check.miscounted(&sentence, &also, problems);
            }
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
            let basis = Basis { what, cited, scope: scope(of_page.is_some(), &sentence) };
            let carried = if of_page.is_some() && section.is_empty() {
                Cow::Borrowed(whole.get_or_init(|| check.carried(&all, true).into_owned()))
            } else {
                check.carried(cited, !sentence.citations.is_empty())
            };
            let said = Said { text: sentence.text, figures: &said, block: Some(&block) };
            let place = |part: &Range<usize>| place(&block, &sentence, part);
            check.figures(&said, &carried, &basis, &place, problems);
            check.exchanged(&said, &sentence, &carried, &place, problems);
        }
    }
    check.title(&all, whole.get_or_init(|| check.carried(&all, true).into_owned()), problems);
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

/// A text with its figures, and the block that it is in.
struct Said<'a> {
    text: &'a str,
    figures: &'a [Figure],
    block: Option<&'a Block<'a>>,
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
    fn carried(&self, citations: &[usize], is_own: bool) -> Cow<'_, SupportedFigures> {
        let mut known: FxHashSet<(&str, Option<&str>)> = FxHashSet::default();
        let mut all: Option<Cow<'_, SupportedFigures>> = None;
        for citation in citations.iter().filter_map(|index| self.metadata.citations.get(*index)) {
            let key = (citation.key.as_str(), citation.locator.as_deref());
            if citations.len() > 1 && !known.insert(key) {
                continue;
            }
            let place = lines(key.1).or_else(|| (is_own && key.1.is_none()).then(|| Lines(vec![(0, 0)])));
            let Some(carried) = self.ledger.carried_by(key.0, place.as_ref()) else { continue };
            match &mut all {
                Some(all) => all.to_mut().extend(&carried),
                None => all = Some(carried),
            }
        }
        all.unwrap_or_default()
    }

    /// Whether a figure is of a source that the text names: "the study of 212 schools", "the decision of 2019".
    fn is_of_named_source(&self, figure: &Figure, said: &Said<'_>) -> bool {
        let is_row = said.block.is_some_and(|block| block.kind == BlockKind::Row);
        let mentions = self.ledger.source_names().mentions(said.text, &words(said.text), is_row);
        let mut sources = mentions.iter().filter_map(|mention| self.ledger.sources.get(mention.source as usize));
        sources.any(|source| {
            let mut carried = SupportedFigures::default();
            carried.add_text(source.name(), &Masks::default());
            if let Some(date) = &source.date {
                carried.add_when(date);
            }
            carried.verdict(&figure.value, &[]) == Verdict::Supported
        })
    }

    /// Whether a text is so long, or cites so much, that it is no sentence: what takes its length for each figure is left out.
    fn is_endless(said: &Said<'_>, cited: &[usize]) -> bool {
        said.text.len() > 4_000 || said.figures.len() > 64 || cited.len() > 32
    }

    /// Whether a figure follows from what is carried, or counts what the text or the citations hold.
    fn is_implied(&self, figure: &Figure, said: &Said<'_>, carried: &SupportedFigures, cited: &[usize]) -> bool {
        if Self::is_endless(said, cited) {
            return false;
        }
        let citations = cited.iter().filter_map(|index| self.metadata.citations.get(*index));
        let claims: Vec<&Claim> = citations.clone().filter_map(|citation| self.ledger.claim(&citation.key)).collect();
        let notes = claims.iter().filter_map(|claim| claim.note.as_ref()).map(|note| note.as_str());
        let texts: Vec<&str> = claims.iter().map(|claim| claim.statement.as_str()).chain(notes).collect();
        let around = words(said.text);
        let before = around.partition_point(|word| word.at.end <= figure.range.start);
        let mut after = around.iter().skip_while(|word| word.at.start < figure.range.end).take(2);
        let mut counts = Vec::new();
        if after.any(|word| word.senses.says(Senses::ARTICLE)) {
            let through = claims.iter().flat_map(|claim| claim.sources.iter().map(|support| support.source.as_str()));
            let keys = citations.map(|citation| citation.key.as_str()).filter(|key| self.ledger.source(key).is_some());
            let sources: FxHashSet<&str> = through.chain(keys).collect();
            counts.extend([sources.len(), self.ledger.sources.len()]);
        }
        let is_definite = before.checked_sub(1).and_then(|at| around.get(at)).is_some_and(|word| {
            matches!(&*lower(said.text, word), "all" | "the" | "these" | "those" | "of" | "other" | "following" | "its")
        });
        if is_definite {
            let known: FxHashSet<&str> = claims.iter().map(|claim| claim.id.as_str()).collect();
            counts.push(known.len());
            let texts =
                said.block.into_iter().flat_map(|block| block.sentences().take(20)).map(|sentence| sentence.text);
            counts.extend(texts.flat_map(lists));
        }
        let masks = self.ledger.masks();
        let context = Context { text: said.text, said: said.figures, claims: &texts, counts: &counts, masks };
        carried.implies(figure, &context)
    }

    /// What is a number only beside a noun that a claim counts too: "one company" for its "two companies".
    fn miscounted(&self, sentence: &Sentence<'_>, also: &[Figure], problems: &mut Diagnostics) {
        let citations = sentence.citations.iter().filter_map(|index| self.metadata.citations.get(*index));
        let claims: Option<Vec<&Claim>> = citations.map(|citation| self.ledger.claim(&citation.key)).collect();
        let Some(claims) = claims.filter(|claims| claims.len() <= 8) else { return };
        let masks = self.ledger.masks();
        let counted = |text: &str, figure: &Figure| -> Option<u64> {
            let rest = text.get(figure.range.end..)?.trim_start_matches([' ', '-']);
            let noun = rest.split(|c: char| !c.is_alphanumeric()).next().filter(|noun| noun.len() > 2)?;
            let word = words(noun).into_iter().next()?;
            (!word.senses.says(Senses::EMPTY)).then_some(word.stem)
        };
        let is_plain = |figure: &&Figure| matches!(figure.value, Value::Number(_) | Value::Ordinal(_));
        // "The second and the fourth arch" has a second arch, too.
        let is_said = |figure: &Figure| {
            claims.iter().any(|claim| {
                let Readings { figures, also } = readings(&claim.statement, masks);
                figures.iter().chain(&also).any(|own| own.value == figure.value)
            })
        };
        for figure in also.iter().filter(is_plain).filter(|figure| !is_said(figure)) {
            let Some(noun) = counted(sentence.text, figure) else { continue };
            let theirs = claims.iter().flat_map(|claim| {
                let Readings { figures, also } = readings(&claim.statement, masks);
                let same = move |theirs: &Figure| {
                    theirs.value.kind() == figure.value.kind() && counted(&claim.statement, theirs) == Some(noun)
                };
                figures.into_iter().chain(also).filter(same).map(move |theirs| (claim, theirs)).collect::<Vec<_>>()
            });
            let theirs: Vec<(&&Claim, Figure)> = theirs.collect();
            let Some((claim, other)) = theirs.first() else { continue };
            let text = |text: &str, figure: &Figure| text.get(figure.range.clone()).unwrap_or_default().to_owned();
            let message = format!(
                "the sentence says {}, but `{}` carries {}",
                text(sentence.text, figure),
                claim.id.as_str(),
                text(&claim.statement, other)
            );
            problems.push(
                Diagnostic::new("unsupported-figure", sentence.place(&figure.range), message)
                    .hint("correct the figure, cite the claim that supports it, or record one"),
            );
        }
    }

    /// Figures that only the claims of another clause of the sentence carry, where those of their own have others instead.
    fn exchanged(
        &self,
        said: &Said<'_>,
        sentence: &Sentence<'_>,
        all: &SupportedFigures,
        place: &dyn Fn(&Range<usize>) -> Span,
        problems: &mut Diagnostics,
    ) {
        if said.figures.is_empty() || sentence.citations.len() < 2 || Self::is_endless(said, sentence.citations) {
            return;
        }
        let parts = sentence.parts();
        for (at, cited) in parts.into_iter().filter(|(_, cited)| !cited.is_empty()) {
            let own = self.carried(cited, true);
            let here = |figure: &&Figure| at.start <= figure.range.start && figure.range.end <= at.end;
            // A date may be that of the whole sentence.
            let of_clause =
                |figure: &&Figure| here(figure) && !matches!(figure.value.kind(), Kind::Date | Kind::Weekday);
            let inside: Vec<&Figure> = said.figures.iter().filter(of_clause).collect();
            let basis = Basis { what: "clause", cited, scope: Scope::Sentence };
            for figure in &inside {
                let is_elsewhere = || all.verdict(&figure.value, said.figures) == Verdict::Supported;
                if own.verdict(&figure.value, said.figures) != Verdict::Missing || !is_elsewhere() {
                    continue;
                }
                let instead = own.instead_of(&figure.value);
                let is_said = |words: &&str| {
                    let theirs = figures(words, self.ledger.masks());
                    theirs.iter().any(|their| inside.iter().any(|figure| figure.value == their.value))
                };
                if instead.is_empty() || instead.iter().any(is_said) || self.is_implied(figure, said, &own, cited) {
                    continue;
                }
                let words = said.text.get(figure.range.clone()).unwrap_or_default();
                problems.push(self.unsupported(words, &instead, &basis, place(&figure.range)));
            }
        }
    }

    /// The title, where the front matter gives it; a heading is prose.
    fn title(&self, all: &[usize], carried: &SupportedFigures, problems: &mut Diagnostics) {
        let Some(title) = &self.metadata.front.title else { return };
        let mut said = figures(title, self.ledger.masks());
        said.retain(|figure| !is_name(title, figure));
        let basis = Basis { what: "title", cited: all, scope: Scope::Page };
        let said = Said { text: title, figures: &said, block: None };
        self.figures(&said, carried, &basis, &|_| self.metadata.front_span("title"), problems);
    }

    fn figures(
        &self,
        said: &Said<'_>,
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
        let possible = |figure: &&Figure| !matches!(&figure.value, Value::Date(date) if date.is_impossible());
        for figure in said.figures.iter().filter(possible) {
            let verdict = carried.verdict(&figure.value, said.figures);
            if verdict == Verdict::Supported
                || (!Self::is_endless(said, basis.cited) && self.is_of_named_source(figure, said))
                || self.is_implied(figure, said, carried, basis.cited)
            {
                continue;
            }
            let words = said.text.get(figure.range.clone()).unwrap_or_default();
            let place = place(&figure.range);
            problems.push(match verdict {
                Verdict::TooFine(coarser) => self.too_fine(words, &coarser, basis, place),
                _ => self.unsupported(words, &carried.instead_of(&figure.value), basis, place),
            });
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
