//! Every id that a record names is the id of some record.

use rustc_hash::FxHashSet;

use crate::config::Config;
use crate::diag::{Diagnostic, Diagnostics, Names, did_you_mean};

use super::capped::CappedDiagnostics;
use super::validate::shown;
use super::{EntityKind, Ledger, RecordKind, Ref};

/// What a record names by an id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refers {
    /// A source.
    Source,
    /// A claim.
    Claim,
    /// An entity.
    Entity,
    /// A topic of `site.toml`.
    Topic,
    /// What a source draws on: a source, or a document among the entities.
    Origin,
}

impl Ledger {
    /// Calls `visit` with every id by which a record names something.
    pub fn for_each_reference<'l>(&'l self, mut visit: impl FnMut(Refers, &'l Ref)) {
        use Refers::{Claim, Entity, Origin, Source, Topic};
        let mut all = |refers, ids: &'l [Ref]| ids.iter().for_each(|id| visit(refers, id));
        for source in &self.sources {
            all(Origin, &source.draws_on);
        }
        for claim in &self.claims {
            all(Topic, &claim.topics);
            all(Entity, &claim.entities);
            all(Claim, claim.after.as_slice());
            all(Claim, claim.before.as_slice());
            claim.inferred.iter().for_each(|inference| all(Claim, &inference.from));
            for support in &claim.sources {
                all(Source, std::slice::from_ref(&support.source));
                all(Origin, &support.draws_on);
            }
        }
        for event in &self.events {
            all(Claim, &event.claims);
            all(Topic, &event.topics);
        }
        for found in &self.disagreements {
            all(Topic, &found.topics);
            for reading in &found.readings {
                all(Claim, &reading.claims);
                all(Source, &reading.sources);
            }
        }
        for entity in &self.entities {
            entity.misspellings.iter().for_each(|found| all(Source, std::slice::from_ref(&found.source)));
        }
        for contribution in &self.contributions {
            all(Topic, std::slice::from_ref(&contribution.topic));
            all(Entity, std::slice::from_ref(&contribution.party));
            all(Claim, &contribution.claims);
        }
    }
}

/// Checks all references.
pub(super) fn check(ledger: &Ledger, config: &Config, diagnostics: &mut Diagnostics) {
    let topics = || config.topics.iter().map(|topic| topic.id.as_str());
    let diagnostics = CappedDiagnostics::new(diagnostics);
    let mut check =
        Check { ledger, topics: topics().collect(), topic_names: topics().collect(), documents: None, diagnostics };
    ledger.for_each_reference(|refers, id| match refers {
        Refers::Origin => check.origin(id),
        Refers::Source => check.one(id, "source", "sources", Some(RecordKind::Source)),
        Refers::Claim => check.one(id, "claim", "claims", Some(RecordKind::Claim)),
        Refers::Entity => check.one(id, "entity", "entities", Some(RecordKind::Entity)),
        Refers::Topic => check.one(id, "topic", "topics", None),
    });
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
    /// A topic, or a record of this kind.
    fn one(&mut self, id: &Ref, name: &str, others: &str, kind: Option<RecordKind>) {
        let known = match kind {
            Some(kind) => self.ledger.has(kind, id),
            None => self.topics.contains(id.as_str()),
        };
        if known || self.diagnostics.is_full() || self.ledger.may_hold(id) {
            return;
        }
        let problem =
            Diagnostic::new("unknown-reference", self.ledger.span(id), format!("there is no {name} `{}`", shown(id)));
        let near = match kind {
            Some(kind) => self.ledger.nearest(kind, id),
            None => self.topic_names.nearest(id),
        };
        let place = match kind {
            None => "site.toml".to_owned(),
            Some(RecordKind::Claim) => "claims/*.yaml".to_owned(),
            Some(_) => format!("{others}.yaml"),
        };
        let hint = near.map_or_else(|| format!("the {others} are in `{place}`"), meant);
        self.diagnostics.push(problem.hint(hint));
    }

    /// What a source or a citation draws on: a source, or a document among the entities.
    fn origin(&mut self, id: &Ref) {
        let known = self.ledger.index.sources.contains_key(id.as_str()) || self.ledger.may_hold(id);
        if known || self.diagnostics.is_full() {
            return;
        }
        let shown = shown(id);
        let (message, hint) = match self.ledger.entity(id) {
            Some(entity) if entity.kind == EntityKind::Document => return,
            Some(entity) => (
                format!("`{shown}` is of kind `{}`, not a document", entity.kind.name()),
                "only a source, or an entity of kind `document`, can be listed in `draws_on`".to_owned(),
            ),
            None => {
                let documents = self.documents.get_or_insert_with(|| {
                    let documents = self.ledger.entities.iter().filter(|entity| entity.kind == EntityKind::Document);
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

fn meant(near: &str) -> String {
    format!("did you mean `{near}`?")
}
