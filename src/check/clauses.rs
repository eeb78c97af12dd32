//! The text of a page in clauses, each with the claims and sources that it rests on: what the rules on wording look at.

use std::cell::OnceCell;
use std::ops::Range;
use std::rc::Rc;

use rustc_hash::FxHashSet;

use crate::evidence::reading::{ClaimReading, Overlap, Senses, Word, Words, senses, words};
use crate::evidence::{Claim, Ledger};
use crate::parse::{BlockKind, PageMetadata, Prose, Sentence};
use crate::source::Span;

/// A part of a sentence up to its citations.
#[derive(Debug)]
pub(super) struct Clause<'p> {
    pub sentence: Sentence<'p>,
    pub kind: BlockKind,
    /// Whether it is in a block quotation.
    pub is_quoted: bool,
    /// The component that it is in, by name.
    pub call: Option<&'p str>,
    /// Its words; where they are in the sentence.
    pub words: Words,
    /// What it rests on.
    pub basis: Rc<Basis>,
    /// Which citations these are.
    pub scope: Scope,
    /// Where it has no citation of its own, the claim of those around it that says most of it.
    pub fit: Option<usize>,
    nearest: OnceCell<Option<(usize, Overlap)>>,
    /// The number of its sentence on the page.
    pub number: usize,
}

/// The citations that clauses rest on.
#[derive(Debug, Default)]
pub(super) struct Basis {
    /// By number, each key and place once.
    pub cited: Vec<usize>,
    /// Of these the claims, by number.
    pub claims: Vec<usize>,
}

impl Basis {
    fn readings<'a>(&'a self, ledger: &'a Ledger) -> impl Iterator<Item = &'a ClaimReading> {
        self.claims.iter().filter_map(|claim| ledger.reading(*claim))
    }

    /// Whether one of its claims has a word of this stem.
    pub fn has_stem(&self, ledger: &Ledger, stem: u64) -> bool {
        self.readings(ledger).any(|claim| claim.stems.binary_search(&stem).is_ok())
    }

    /// What its claims name.
    pub fn entities<'a>(&'a self, ledger: &'a Ledger) -> impl Iterator<Item = u32> + 'a {
        self.readings(ledger).flat_map(|claim| claim.entities.iter().copied())
    }
}

/// Which citations a clause is held against.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scope {
    /// Its own.
    Own,
    /// Those of its sentence, before it.
    Sentence,
    /// Those of its paragraph.
    Paragraph,
    /// Those of its page: a heading, the summary, the words beside a picture.
    Page,
}

impl Clause<'_> {
    /// Where some of its text is; its sentence where that is not known.
    pub fn place(&self, at: &Range<usize>) -> Span {
        let place = self.sentence.place(at);
        if place.start < place.end { place } else { self.sentence.span() }
    }

    /// Where all of it is.
    pub fn span(&self) -> Span {
        let ends = self.words.first().zip(self.words.last());
        ends.map_or_else(|| self.sentence.span(), |(first, last)| self.place(&(first.at.start..last.at.end)))
    }

    /// What all of its words say.
    pub fn senses(&self) -> Senses {
        senses(&self.words)
    }

    /// Whether it is an indirect question, which states nothing: "which markets are meant".
    pub fn asks(&self) -> bool {
        let is_led_in = || self.words.iter().skip(1).take(3).any(|word| word.is_first);
        let [first, second, ..] = self.words.as_slice() else { return false };
        // "On whether", but not "people who".
        let before = Senses::PREPOSITION.and(Senses::EMPTY);
        let begins =
            first.senses.says(Senses::QUESTION) || (second.senses.says(Senses::QUESTION) && first.senses.says(before));
        first.is_first && begins && !is_led_in()
    }

    /// Whether it cites claims, and no source beside them.
    pub fn has_claims_only(&self) -> bool {
        self.basis.claims.len() == self.basis.cited.len()
    }

    /// Whether it cites claims itself, and no source beside them.
    pub fn is_own(&self) -> bool {
        self.scope == Scope::Own && self.has_claims_only()
    }

    /// The claims that say what it says: those that it cites alone, else the one that it fits.
    pub fn meant(&self) -> &[usize] {
        if self.is_own() { &self.basis.claims } else { self.fit.as_slice() }
    }

    /// The text of a word.
    pub fn text_of(&self, word: &Word) -> &str {
        self.sentence.text.get(word.at.clone()).unwrap_or_default()
    }

    /// The part of it, between commas and the like, that a word is in.
    pub fn part(&self, word: &Word) -> &[Word] {
        let parts = super::parts::parts(self.sentence.text, &self.words);
        parts.into_iter().find(|part| part.iter().any(|own| own.at == word.at)).unwrap_or_default()
    }

    /// The claim of those meant that shares clearly most with it, and how much.
    pub fn nearest<'a>(&self, ledger: &'a Ledger) -> Option<(&'a Claim, usize, Overlap)> {
        let (number, overlap) = (*self.nearest.get_or_init(|| nearest(ledger, self.meant(), &self.words)))?;
        Some((ledger.claims.get(number)?, number, overlap))
    }
}

/// The claim that shares clearly more with some words than the others, and how much.
fn nearest(ledger: &Ledger, claims: &[usize], words: &[Word]) -> Option<(usize, Overlap)> {
    let (mut best, mut second): (Option<(usize, Overlap)>, usize) = (None, 0);
    for number in claims {
        let overlap = ledger.reading(*number)?.overlap(words);
        match best {
            Some((_, known)) if known.shared >= overlap.shared => second = second.max(overlap.shared),
            _ => {
                second = second.max(best.map_or(0, |(_, known)| known.shared));
                best = Some((*number, overlap));
            }
        }
    }
    best.filter(|(_, overlap)| claims.len() == 1 || overlap.shared > second + 1)
}

/// The claim that says most of what words without a citation say.
fn fit(ledger: &Ledger, basis: &Basis, words: &[Word]) -> Option<usize> {
    const MOST: usize = 40;
    let claims = basis.claims.get(..basis.claims.len().min(MOST))?;
    let (claim, overlap) = nearest(ledger, claims, words)?;
    (overlap.shared >= 3 && overlap.shared * 3 >= overlap.all * 2).then_some(claim)
}

/// The clauses of a page that cites something. Those that rest on nothing, on a key that is not known, or that are opted out are
/// left out.
pub(super) fn clauses<'p>(ledger: &Ledger, metadata: &'p PageMetadata, prose: &'p Prose) -> Vec<Clause<'p>> {
    if metadata.citations.is_empty() {
        return Vec::new();
    }
    let reader = Reader { ledger, metadata };
    let all = reader.basis((0..metadata.citations.len()).collect());
    let mut clauses = Vec::new();
    let mut number = 0;
    let mut sections = sections(prose).into_iter();
    for block in prose.blocks() {
        let section = if block.kind == BlockKind::Heading { sections.next().unwrap_or_default() } else { Vec::new() };
        let own: Vec<usize> = block.sentences().flat_map(|sentence| sentence.citations.iter().copied()).collect();
        let is_of_page =
            own.is_empty() && matches!(block.kind, BlockKind::Summary | BlockKind::Heading | BlockKind::Label);
        let (around, scope) = match (is_of_page, section.is_empty()) {
            (true, true) => (all.clone(), Scope::Page),
            (true, false) => (reader.basis(section), Scope::Page),
            (false, _) => (reader.basis(own), Scope::Paragraph),
        };
        for sentence in block.sentences() {
            number += 1;
            let mut rest = words(sentence.text).into_iter().peekable();
            let is_cited = !sentence.citations.is_empty();
            for (at, cited) in sentence.parts() {
                let words: Words = std::iter::from_fn(|| rest.next_if(|word| word.at.start < at.end)).collect();
                let (basis, scope) = match (cited, is_cited) {
                    ([], false) if block.uncited.is_some() => continue,
                    ([], false) => (around.clone(), scope),
                    ([], true) => (reader.basis(sentence.citations.to_vec()), Scope::Sentence),
                    (own, _) => (reader.basis(own.to_vec()), Scope::Own),
                };
                if words.is_empty() || basis.cited.is_empty() || words.len() > LONGEST {
                    continue;
                }
                let call = block.call.and_then(|call| metadata.calls.get(call)).map(|call| call.name.as_str());
                let fit = if scope == Scope::Own { None } else { fit(ledger, &basis, &words) };
                let (kind, is_quoted) = (block.kind, block.is_quoted());
                clauses.push(Clause {
                    sentence,
                    kind,
                    is_quoted,
                    call,
                    words,
                    basis,
                    scope,
                    fit,
                    nearest: OnceCell::new(),
                    number,
                });
            }
        }
    }
    clauses
}

/// A clause of more words is no prose, and would take long to compare.
const LONGEST: usize = 400;

/// The citations below each heading, up to the next one.
pub(super) fn sections(prose: &Prose) -> Vec<Vec<usize>> {
    let mut sections: Vec<Vec<usize>> = Vec::new();
    for block in prose.blocks() {
        if block.kind == BlockKind::Heading {
            sections.push(Vec::new());
        }
        if let Some(section) = sections.last_mut() {
            section.extend(block.sentences().flat_map(|sentence| sentence.citations));
        }
    }
    sections
}

struct Reader<'a, 'p> {
    ledger: &'a Ledger,
    metadata: &'p PageMetadata,
}

impl Reader<'_, '_> {
    /// What these citations are; nothing where one of their keys is not known.
    fn basis(&self, mut cited: Vec<usize>) -> Rc<Basis> {
        let citation = |index: &usize| self.metadata.citations.get(*index);
        if cited.len() > 1 {
            let mut known = FxHashSet::default();
            cited.retain(|index| known.insert(citation(index).map(|citation| (&citation.key, &citation.locator))));
        }
        let mut basis = Basis::default();
        for key in cited.iter().filter_map(citation).map(|citation| &citation.key) {
            match self.ledger.claim_number(key) {
                Some(claim) => basis.claims.push(claim),
                None if self.ledger.source(key).is_some() => {}
                None => return Rc::default(),
            }
        }
        basis.cited = cited;
        Rc::new(basis)
    }
}
