//! What events, disagreements, contributions and entities say in figures and dates, the claims they rest on say too.

use crate::data::Spanned;
use crate::diag::{Diagnostic, Diagnostics};
use crate::evidence::figures::{Context, Figure, SupportedFigures, Verdict, figures};
use crate::evidence::{AnyRecord, Disagreement, Entity, Ledger, Ref};

use super::listed;

pub(super) fn check(ledger: &Ledger, record: AnyRecord<'_>, problems: &mut Diagnostics) {
    let mut check = Checker { ledger, problems };
    match record {
        AnyRecord::Event(event) => {
            // The title is among what its claims carry for the pages, so here only the claims themselves count.
            let carried = check.statements(&event.claims);
            check.text("the title of the event", &event.title, &event.title, &carried, &event.claims);
            if let Some(note) = &event.note {
                check.text("the note of the event", note, note, &carried, &event.claims);
            }
            check.event_date(event, &carried);
        }
        AnyRecord::Contribution(brought) => {
            let carried = check.statements(&brought.claims);
            check.text("what the contribution brings", &brought.brings, &brought.brings, &carried, &brought.claims);
        }
        AnyRecord::Disagreement(found) if has_figures(ledger, found) => check.disagreement(found),
        AnyRecord::Entity(entity) => check.entity(entity),
        _ => {}
    }
}

/// Whether a disagreement says any figure: what whole sources carry is long, and gathered only where something asks for it.
fn has_figures(ledger: &Ledger, found: &Disagreement) -> bool {
    let readings = found.readings.iter().map(|reading| &reading.reading);
    let mut texts = readings.chain([&found.question, &found.verdict, &found.why]);
    texts.any(|text| !figures(text, ledger.masks()).is_empty())
}

struct Checker<'a> {
    ledger: &'a Ledger,
    problems: &'a mut Diagnostics,
}

impl Checker<'_> {
    fn disagreement(&mut self, found: &Disagreement) {
        let mut all = SupportedFigures::default();
        let mut keys = Vec::new();
        for reading in &found.readings {
            let mut own = self.statements(&reading.claims);
            for source in &reading.sources {
                if let Some(carried) = self.ledger.carried_by(source, None) {
                    own.extend(&carried);
                }
            }
            let basis: Vec<Ref> = reading.claims.iter().chain(&reading.sources).cloned().collect();
            self.text("the reading", &reading.reading, &reading.reading, &own, &basis);
            all.extend(&own);
            keys.extend(basis);
        }
        // Whoever weighs readings counts them too ("both", "the third"); only what is written in digits, and dates, count.
        for (what, text) in
            [("the question", &found.question), ("the verdict", &found.verdict), ("the reason", &found.why)]
        {
            self.judgement(what, text, text, &all, &keys);
        }
    }

    /// What an entity is defined by in figures, the claims that name it carry.
    fn entity(&mut self, entity: &Entity) {
        let mut said = figures(&entity.definition, self.ledger.masks());
        said.retain(|figure| !figure.is_counted_in_words(&entity.definition));
        if said.is_empty() {
            return;
        }
        let mut carried = SupportedFigures::default();
        let mut basis = Vec::new();
        for claim in self.ledger.claims_of_entity(&entity.id) {
            carried.extend(&self.statements(std::slice::from_ref(&claim.id)));
            basis.push(claim.id.clone());
        }
        self.said("the definition", &entity.definition, &said, &entity.definition, &carried, &basis);
    }

    /// What claims carry by themselves, the titles of their events left out.
    fn statements(&self, claims: &[Ref]) -> SupportedFigures {
        let mut carried = SupportedFigures::default();
        for claim in claims.iter().filter_map(|id| self.ledger.claim(id)) {
            carried.add_text(&claim.statement, self.ledger.masks());
            if let Some(note) = &claim.note {
                carried.add_text(note, self.ledger.masks());
            }
            if let Some(date) = &claim.date {
                carried.add_when(date);
            }
        }
        carried
    }

    fn judgement(&mut self, what: &str, text: &str, at: &Spanned<String>, carried: &SupportedFigures, basis: &[Ref]) {
        let mut said = figures(text, self.ledger.masks());
        said.retain(|figure| !figure.is_counted_in_words(text));
        self.said(what, text, &said, at, carried, basis);
    }

    fn text(&mut self, what: &str, text: &str, at: &Spanned<String>, carried: &SupportedFigures, basis: &[Ref]) {
        self.said(what, text, &figures(text, self.ledger.masks()), at, carried, basis);
    }

    fn said(
        &mut self,
        what: &str,
        text: &str,
        said: &[Figure],
        at: &Spanned<String>,
        carried: &SupportedFigures,
        basis: &[Ref],
    ) {
        // A record without a basis, or with one that is not there, is told elsewhere.
        let known = |id: &Ref| self.ledger.claim(id).is_some() || self.ledger.source(id).is_some();
        if basis.is_empty() || !basis.iter().all(known) {
            return;
        }
        for figure in said {
            let claims = basis.iter().filter_map(|id| self.ledger.claim(id));
            let claims: Vec<&str> = claims.map(|claim| claim.statement.as_str()).collect();
            let masks = self.ledger.masks();
            let context = Context { text, said, claims: &claims, counts: &[], masks };
            let words = text.get(figure.range.clone()).unwrap_or_default();
            let (code, message) = match carried.verdict(&figure.value, said) {
                Verdict::Supported => continue,
                _ if carried.implies(figure, &context) => continue,
                Verdict::TooFine(coarser) => (
                    "date-too-fine",
                    format!("{what} says {words}, but {} only {coarser}", bearers(basis, "carries", "carry")),
                ),
                Verdict::Missing => {
                    let instead = carried.instead_of(&figure.value);
                    let told = if instead.is_empty() || instead.len() > 6 {
                        format!("{what} says {words}, which {}", bearers(basis, "does not carry", "do not carry"))
                    } else {
                        format!(
                            "{what} says {words}, but {} {}",
                            bearers(basis, "carries", "carry"),
                            listed(&instead, "and")
                        )
                    };
                    ("unsupported-figure", told)
                }
            };
            self.problems.push(
                Diagnostic::new(code, self.ledger.span(at), message)
                    .hint("correct it, or name the claim that supports it"),
            );
        }
    }

    /// An event is dated no more finely than its claims.
    fn event_date(&mut self, event: &crate::evidence::Event, carried: &SupportedFigures) {
        let Some(date) = event.date.as_ref().filter(|_| event.date_basis.is_none()) else { return };
        if let Some(coarser) = carried.coarser_than(date) {
            let message = format!(
                "the event is dated `{}`, but {} only {coarser}",
                date.edtf(),
                bearers(&event.claims, "carries", "carry")
            );
            self.problems.push(
                Diagnostic::new("date-too-fine", self.ledger.span(date), message)
                    .hint("give the event the date of its claims, or explain in `date_basis` how the date is known"),
            );
        }
    }
}

fn bearers(basis: &[Ref], one: &str, many: &str) -> String {
    let keys: Vec<String> = basis.iter().map(|id| format!("`{}`", id.as_str())).collect();
    match keys.as_slice() {
        [only] => format!("{only} {one}"),
        keys if keys.len() <= 4 => format!("{} {many}", listed(keys, "and")),
        _ => format!("the claims behind it {many}"),
    }
}
