//! Every id that a record names is the id of some record.

use rustc_hash::FxHashSet;

use crate::config::Config;
use crate::diag::{Diagnostic, Diagnostics, Names, did_you_mean};

use super::capped::CappedDiagnostics;
use super::validate::shown;
use super::{EntityKind, Ledger, RecordKind, Ref};

/// Checks all references.
pub(super) fn check(ledger: &Ledger, config: &Config, diagnostics: &mut Diagnostics) {
    let topics = || config.topics.iter().map(|topic| topic.id.as_str());
    let diagnostics = CappedDiagnostics::new(diagnostics);
    let mut check =
        Check { ledger, topics: topics().collect(), topic_names: topics().collect(), documents: None, diagnostics };
    for source in &ledger.sources {
        check.origins(&source.draws_on);
    }
    for claim in &ledger.claims {
        check.all(Kind::Topic, &claim.topics);
        check.all(Kind::Entity, &claim.entities);
        check.all(Kind::Claim, claim.after.iter().chain(&claim.before));
        check.all(Kind::Claim, claim.inferred.iter().flat_map(|inference| &inference.from));
        for support in &claim.sources {
            check.one(Kind::Source, &support.source);
            check.origins(&support.draws_on);
        }
    }
    for event in &ledger.events {
        check.all(Kind::Claim, &event.claims);
        check.all(Kind::Topic, &event.topics);
    }
    for found in &ledger.disagreements {
        check.all(Kind::Topic, &found.topics);
        for reading in &found.readings {
            check.all(Kind::Claim, &reading.claims);
            check.all(Kind::Source, &reading.sources);
        }
    }
    for entity in &ledger.entities {
        check.all(Kind::Source, entity.misspellings.iter().map(|found| &found.source));
    }
    for contribution in &ledger.contributions {
        check.one(Kind::Topic, &contribution.topic);
        check.one(Kind::Entity, &contribution.party);
        check.all(Kind::Claim, &contribution.claims);
    }
}

#[derive(Clone, Copy)]
enum Kind {
    Source,
    Claim,
    Entity,
    Topic,
}

struct Check<'a> {
    ledger: &'a Ledger,
    topics: FxHashSet<&'a str>,
    topic_names: Names,
    /// The documents among the entities, by id.
    documents: Option<Names>,
    diagnostics: CappedDiagnostics<'a>,
}

impl Check<'_> {
    fn all<'a>(&mut self, kind: Kind, ids: impl IntoIterator<Item = &'a Ref>) {
        for id in ids {
            self.one(kind, id);
        }
    }

    fn one(&mut self, kind: Kind, id: &Ref) {
        let index = &self.ledger.index;
        let (known, name, others) = match kind {
            Kind::Source => (index.sources.contains_key(id.as_str()), "source", "sources"),
            Kind::Claim => (index.claims.contains_key(id.as_str()), "claim", "claims"),
            Kind::Entity => (index.entities.contains_key(id.as_str()), "entity", "entities"),
            Kind::Topic => (self.topics.contains(id.as_str()), "topic", "topics"),
        };
        if known || self.diagnostics.is_full() || self.ledger.may_hold(id) {
            return;
        }
        let problem =
            Diagnostic::new("unknown-reference", self.ledger.span(id), format!("there is no {name} `{}`", shown(id)));
        let near = match kind {
            Kind::Source => self.ledger.nearest(RecordKind::Source, id),
            Kind::Claim => self.ledger.nearest(RecordKind::Claim, id),
            Kind::Entity => self.ledger.nearest(RecordKind::Entity, id),
            Kind::Topic => self.topic_names.nearest(id),
        };
        let place = if others == "topics" { "site.toml".to_owned() } else { format!("{others}.yaml") };
        let place = if others == "claims" { "claims/*.yaml".to_owned() } else { place };
        let hint = near.map_or_else(|| format!("the {others} are in `{place}`"), meant);
        self.diagnostics.push(problem.hint(hint));
    }

    /// What sources and citations draw on: sources, or documents among the entities.
    fn origins(&mut self, ids: &[Ref]) {
        for id in ids {
            let index = &self.ledger.index;
            let known = index.sources.contains_key(id.as_str()) || self.ledger.may_hold(id);
            if known || self.diagnostics.is_full() {
                continue;
            }
            let shown = shown(id);
            let (message, hint) = match self.ledger.entity(id) {
                Some(entity) if entity.kind == EntityKind::Document => continue,
                Some(entity) => (
                    format!("`{shown}` is of kind `{}`, not a document", entity.kind.name()),
                    "only a source, or an entity of kind `document`, can be listed in `draws_on`".to_owned(),
                ),
                None => {
                    let documents = self.documents.get_or_insert_with(|| {
                        let documents =
                            self.ledger.entities.iter().filter(|entity| entity.kind == EntityKind::Document);
                        documents.map(|entity| entity.id.as_str()).collect()
                    });
                    let near = documents.nearest(id).into_iter().chain(self.ledger.nearest(RecordKind::Source, id));
                    let hint = did_you_mean(id, near)
                        .map_or_else(|| "add it to `entities.yaml` with `kind: document`".to_owned(), meant);
                    (format!("there is no source or document `{shown}`"), hint)
                }
            };
            let problem = Diagnostic::new("unknown-reference", self.ledger.span(id), message);
            self.diagnostics.push(problem.hint(hint));
        }
    }
}

fn meant(near: &str) -> String {
    format!("did you mean `{near}`?")
}
