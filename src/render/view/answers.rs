use serde::Serialize;

use crate::evidence::{Claim, Standing};
use crate::parse::{AnswerBody, PageMetadata, ReaderQuestion};
use crate::render::SharedView;

use super::{ClaimRef, DisagreementView, StandingView, Views};

/// The answer to a question of readers, for showing.
#[derive(Clone, Debug, Serialize)]
pub struct AnswerView {
    /// The question.
    pub question: String,
    /// The answer, as safe HTML.
    pub answer: String,
    /// How sure we are of the claims that it rests on: each standing once, with its meaning, strongest first.
    pub standings: Vec<AnswerStanding>,
    /// The first claim that it rests on.
    pub claim: Option<ClaimRef>,
    /// The disagreement that shows what the sources answer.
    pub disagreement: Option<SharedView<DisagreementView>>,
}

/// A standing of an answer.
#[derive(Clone, Debug, Serialize)]
pub struct AnswerStanding {
    /// How sure we are.
    pub standing: StandingView,
    /// Where its word is explained.
    pub meaning_href: String,
}

impl Views<'_> {
    /// An answer of a page, with its filled text.
    pub fn answer(
        &self,
        found: &ReaderQuestion,
        body: &AnswerBody,
        metadata: &PageMetadata,
        answer: String,
    ) -> AnswerView {
        let ledger = &self.site.ledger;
        let cited = metadata.citations.get(body.citations.clone()).unwrap_or_default();
        let claims: Vec<&Claim> = cited.iter().filter_map(|citation| ledger.claim(&citation.key)).collect();
        let mut standings: Vec<&Standing> = claims.iter().map(|claim| ledger.standing(claim)).collect();
        standings.sort_by_key(|standing| std::cmp::Reverse(standing.rank()));
        standings.dedup_by_key(|standing| standing.rank());
        let shown = |standing: &Standing| AnswerStanding {
            standing: StandingView::of(standing),
            meaning_href: self.meaning_href(standing),
        };
        let disagreement = found.disagreement.as_ref().and_then(|id| ledger.disagreement(&id.text));
        AnswerView {
            question: found.question.text.clone(),
            answer,
            standings: standings.into_iter().map(shown).collect(),
            claim: claims.first().and_then(|claim| self.claim_ref(&claim.id)),
            disagreement: disagreement.map(|found| self.disagreement(found)),
        }
    }
}
