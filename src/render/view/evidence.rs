use rustc_hash::FxHashSet;
use serde::Serialize;

use crate::bibliography;
use crate::evidence::{BoundDate, Claim, Source, Standing, Support, When, edtf_day};
use crate::render::SharedView;
use crate::site::Host;

use super::page::PageCorrection;
use super::{DisagreementView, PageLink, Views, full_href};

/// A claim, by statement and address.
#[derive(Clone, Debug, Serialize)]
pub struct ClaimRef {
    /// Its id.
    pub id: String,
    /// What is claimed.
    pub statement: String,
    /// Where the ledger shows it.
    pub href: String,
}

/// A disagreement, by question and address.
#[derive(Clone, Debug, Serialize)]
pub struct DisagreementRef {
    /// Its id.
    pub id: String,
    /// What the sources conflict on.
    pub question: String,
    /// Where it is shown.
    pub href: String,
    /// How much hangs on it: `high`, `medium` or `low`.
    pub severity: &'static str,
}

/// A source, or a document that sources draw on, by name and address.
#[derive(Clone, Debug, Serialize)]
pub struct RecordRef {
    /// Its id.
    pub id: String,
    /// How marks and prose name it.
    pub label: String,
    /// Its title or description.
    pub title: String,
    /// Where it is shown.
    pub href: String,
}

/// An entity, by name and address.
#[derive(Clone, Debug, Serialize)]
pub struct EntityRef {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Where it is shown.
    pub href: String,
}

/// A topic, by title and address; the address is empty where the topic has no page.
#[derive(Clone, Debug, Serialize)]
pub struct TopicRef {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Its page.
    pub href: String,
}

/// How sure we are, for showing.
#[derive(Clone, Debug, Serialize)]
pub struct StandingView {
    /// The one word: `disputed`, `plan`, `forecast`, `inferred`, `single-source` or `corroborated`.
    pub word: &'static str,
    /// The word for readers.
    pub label: &'static str,
    /// How well it is supported.
    pub support: AxisView,
    /// How the sources put it.
    pub modality: AxisView,
    /// Whether sources conflict on it.
    pub disputed: bool,
    /// All of it in a sentence or two.
    pub sentence: String,
}

/// One axis of a standing.
#[derive(Clone, Debug, Serialize)]
pub struct AxisView {
    /// `corroborated`, `single-source` or `inferred`; `reported`, `statement`, `plan` or `forecast`.
    pub id: &'static str,
    /// The same for readers.
    pub label: &'static str,
}

/// A day, for showing.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct DayView {
    /// As `2026-01-05`.
    pub iso: String,
    /// As `5 January 2026`.
    pub text: String,
}

impl DayView {
    /// The view of a day.
    pub fn of(day: crate::parse::Day) -> Self {
        Self { iso: day.to_string(), text: day.strftime("%-d %B %Y").to_string() }
    }
}

/// A date, for showing.
#[derive(Clone, Debug, Serialize)]
pub struct WhenView {
    /// As EDTF.
    pub edtf: String,
    /// In words that claim no more than is known.
    pub text: String,
    /// The value of a `datetime` attribute, where HTML can say it truly.
    pub iso: Option<String>,
    /// `day`, `month`, `year`, `range`, …
    pub precision: &'static str,
    /// Whether it is inferred or otherwise uncertain.
    pub inferred: bool,
    /// Whether it is approximate.
    pub approximate: bool,
    /// The first day it may mean, as EDTF; of years beyond four digits the year alone.
    pub start: Option<String>,
    /// The last day it may mean.
    pub end: Option<String>,
    /// The same as numbers, for drawings and calendars.
    #[serde(skip)]
    pub(crate) bounds: (Option<BoundDate>, Option<BoundDate>),
    /// How it is known, where no source prints it.
    pub basis: Option<String>,
}

/// A source of a claim, with the place in it.
#[derive(Clone, Debug, Serialize)]
pub struct SupportView {
    /// The source's id.
    pub id: String,
    /// How marks and prose name it.
    pub label: String,
    /// Its title or description.
    pub title: String,
    /// Its page.
    pub href: String,
    /// `lines 9 and 21–24`; empty where no line is named.
    pub lines: String,
    /// The place with all its parts: `chap. 7, p. 212`, `lines 9 and 21–24`; empty where none is named.
    pub locator: String,
    /// The address of that place, where its medium has one.
    pub link: Option<String>,
    /// What the source says there, word for word.
    pub quote: Option<String>,
    /// How far the source is relied on.
    pub reliability: &'static str,
    /// When the source was published, in words.
    pub date: Option<String>,
    /// What it passes on.
    pub draws_on: Vec<RecordRef>,
}

/// How we came to a claim that no source makes.
#[derive(Clone, Debug, Serialize)]
pub struct InferredView {
    /// The rule.
    pub rule: String,
    /// What it was applied to.
    pub from: Vec<ClaimRef>,
}

/// A claim, for showing.
#[derive(Clone, Debug, Serialize)]
pub struct ClaimView {
    /// Its citation key.
    pub id: String,
    /// What is claimed.
    pub statement: String,
    /// Where the ledger shows it.
    pub href: String,
    /// `reported`, `statement`, `plan`, `forecast`, `analysis` or `speculation`.
    pub kind: &'static str,
    /// How sure we are.
    pub standing: StandingView,
    /// Where the word of its standing is explained.
    pub meaning_href: String,
    /// The small page of it for other sites, where there is one.
    pub embed_href: Option<String>,
    /// When.
    pub date: Option<WhenView>,
    /// Who says so, and where.
    pub sources: Vec<SupportView>,
    /// What it is about.
    pub topics: Vec<TopicRef>,
    /// Who and what it names.
    pub entities: Vec<EntityRef>,
    /// What a reader should know besides.
    pub note: Option<String>,
    /// How we came to it.
    pub inferred: Option<InferredView>,
    /// Where sources conflict on it.
    pub disagreements: Vec<DisagreementRef>,
}

/// A claim on its own page.
#[derive(Clone, Debug, Serialize)]
pub struct ClaimPageView {
    /// The claim.
    pub record: SharedView<ClaimView>,
    /// The disagreements that it is a reading of.
    pub disputes: Vec<SharedView<DisagreementView>>,
    /// The pages that cite it.
    pub cited_on: Vec<SharedView<PageLink>>,
    /// The corrections that name it, newest first.
    pub corrections: Vec<PageCorrection>,
    /// The full address of its page, where the site's is known.
    pub url: Option<String>,
    /// Its page, then its sources, each as a `ContextObject` for a `span` of the class `Z3988` (`COinS`), by which Zotero
    /// saves it.
    pub coins: Vec<String>,
}

impl StandingView {
    /// The view of a standing.
    pub fn of(standing: &Standing) -> Self {
        Self {
            word: standing.word(),
            label: standing.label(),
            support: AxisView { id: standing.support_word(), label: standing.support_label() },
            modality: AxisView { id: standing.modality_word(), label: standing.modality_label() },
            disputed: standing.disputed,
            sentence: standing.sentence(),
        }
    }
}

impl WhenView {
    /// The view of a date.
    pub fn of(when: &When, basis: Option<&String>) -> Self {
        Self {
            edtf: when.edtf().to_owned(),
            text: when.text(),
            iso: when.iso(),
            precision: when.precision().name(),
            inferred: when.is_uncertain(),
            approximate: when.is_approximate(),
            start: when.earliest().map(edtf_day),
            end: when.latest().map(edtf_day),
            bounds: (when.earliest(), when.latest()),
            basis: basis.cloned(),
        }
    }
}

/// How many pages that cite a claim its own page names.
pub(in crate::render) const MOST_PAGES: usize = 100;

impl<'v> Views<'v> {
    /// A claim.
    pub fn claim(&self, claim: &Claim) -> SharedView<ClaimView> {
        let make = || SharedView::new(self.make_claim(claim));
        let known = self.site.ledger.claim_number(&claim.id).and_then(|number| self.made.claims.get(number));
        known.map_or_else(make, |known| known.get(make).clone())
    }

    fn make_claim(&self, claim: &Claim) -> ClaimView {
        let ledger = &self.site.ledger;
        ClaimView {
            id: claim.id.to_string(),
            statement: claim.statement.to_string(),
            href: self.claim_href(&claim.id),
            kind: claim.kind.name(),
            standing: StandingView::of(ledger.standing(claim)),
            meaning_href: self.meaning_href(ledger.standing(claim)),
            embed_href: self.own_page(&claim.id, "embed"),
            date: claim.date.as_ref().map(|when| WhenView::of(when, claim.date_basis.as_deref())),
            sources: claim.sources.iter().filter_map(|support| self.support(support)).collect(),
            topics: claim.topics.iter().map(|topic| self.topic_ref(topic)).collect(),
            entities: claim.entities.iter().filter_map(|entity| self.entity_ref(entity)).collect(),
            note: claim.note.as_deref().cloned(),
            inferred: claim.inferred.as_ref().map(|inferred| InferredView {
                rule: inferred.rule.to_string(),
                from: inferred.from.iter().filter_map(|id| self.claim_ref(id)).collect(),
            }),
            disagreements: ledger.disagreements_of_claim(&claim.id).map(|found| self.disagreement_ref(found)).collect(),
        }
    }

    /// The sources of the claim of this key, or the source of this key.
    pub fn sources_of(self, key: &str) -> impl Iterator<Item = &'v Source> + use<'v> {
        let ledger = &self.site.ledger;
        let claim = ledger.claim(key);
        let own = if claim.is_none() { ledger.source(key) } else { None };
        let supports = claim.into_iter().flat_map(|claim| &claim.sources);
        supports.filter_map(|support| ledger.source(&support.source)).chain(own)
    }

    /// A claim for its own page.
    pub fn claim_page(&self, claim: &Claim) -> ClaimPageView {
        let (site, ledger) = (self.site, &self.site.ledger);
        let record = self.claim(claim);
        let url = site.config.base_url().map(|base| format!("{base}{}", full_href(site, &record.href)));
        let (title, language) = (&site.config.title, site.config.language.as_str());
        let own = bibliography::page_coins(&record.statement, title, url.as_deref(), language);
        let mut given = FxHashSet::default();
        let sources = self.sources_of(&claim.id).filter(|source| given.insert(source.id.as_str()));
        let coins = std::iter::once(own).chain(sources.filter_map(bibliography::coins)).collect();
        ClaimPageView {
            disputes: ledger.disagreements_of_claim(&claim.id).map(|found| self.disagreement(found)).collect(),
            cited_on: self.site.cited_on(&claim.id).iter().take(MOST_PAGES).map(|page| self.link(*page)).collect(),
            corrections: site.corrections_of_claim(&claim.id).iter().filter_map(|one| self.correction(one)).collect(),
            url,
            coins,
            record,
        }
    }

    /// Where the word of a standing is explained; empty where the site has no page of claims.
    pub fn meaning_href(&self, standing: &Standing) -> String {
        self.record_href(Host::Claims, &format!("means-{}", standing.word()))
    }

    /// A claim, by statement and address.
    pub fn claim_ref(&self, id: &str) -> Option<ClaimRef> {
        let claim = self.site.ledger.claim(id)?;
        let href = self.claim_href(id);
        Some(ClaimRef { id: id.to_owned(), statement: claim.statement.to_string(), href })
    }

    /// A disagreement, by question and address.
    pub fn disagreement_ref(&self, found: &crate::evidence::Disagreement) -> DisagreementRef {
        let href = self.record_href(Host::Disagreements, &found.id);
        let (question, severity) = (found.question.to_string(), found.severity.name());
        DisagreementRef { id: found.id.to_string(), question, href, severity }
    }

    /// An entity, by name and address.
    pub fn entity_ref(&self, id: &str) -> Option<EntityRef> {
        let entity = self.site.ledger.entity(id)?;
        let href = self.record_href(Host::Entities, id);
        Some(EntityRef { id: id.to_owned(), name: entity.name.to_string(), href })
    }

    /// A source or a document among the entities, by title and address.
    pub fn original_ref(&self, id: &str) -> Option<RecordRef> {
        self.source_ref(id).or_else(|| {
            self.entity_ref(id).map(|entity| RecordRef {
                id: entity.id,
                label: entity.name.clone(),
                title: entity.name,
                href: entity.href,
            })
        })
    }

    /// A source, by title and address: its own page where there is one.
    pub fn source_ref(&self, id: &str) -> Option<RecordRef> {
        let source = self.site.ledger.source(id)?;
        let own = self.site.find_content(&format!("sources/{}.md", source.slug));
        let href =
            own.map_or_else(|| self.record_href(Host::Sources, &source.slug), |page| self.site.page(page).href.clone());
        Some(RecordRef { id: id.to_owned(), label: source.short_name(), title: source.name().to_owned(), href })
    }

    /// A topic, by title and address.
    pub fn topic_ref(&self, id: &str) -> TopicRef {
        let title = self.site.topic(id);
        TopicRef {
            id: id.to_owned(),
            title: title.map_or_else(|| id.to_owned(), |topic| topic.title.clone()),
            href: self.site.topic_page(id).map_or_else(String::new, |page| self.site.page(page).href.clone()),
        }
    }

    fn support(&self, support: &Support) -> Option<SupportView> {
        let source = self.site.ledger.source(&support.source)?;
        let reference = self.source_ref(&support.source)?;
        let originals = source.draws_on.iter().chain(&support.draws_on);
        Some(SupportView {
            id: reference.id,
            label: reference.label,
            title: reference.title,
            href: reference.href,
            lines: support.lines.to_string(),
            locator: support.place(),
            link: bibliography::link(
                source,
                support.at.as_deref().map(|at| &at.value),
                support.quote.as_deref().map(|quote| &quote.value),
            ),
            quote: support.quote.as_ref().map(|quote| quote.exact.clone()),
            reliability: source.reliability.name(),
            date: source.date.as_ref().map(|when| when.text()),
            draws_on: originals.filter_map(|id| self.original_ref(id)).collect(),
        })
    }
}
