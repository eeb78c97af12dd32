//! The questions of readers in the front matter, read as Markdown and as prose at the place where the page shows them.

use super::markdown::TextReader;
use super::placed::Placed;
use super::source::Source;
use super::{AnswerBody, BlockKind, ReaderQuestion, Slot};
use crate::data::is_key;

impl TextReader<'_, '_> {
    /// Shows the questions that wait for their place: before the first section of the page, else at its end.
    pub(super) fn reader_questions(&mut self) {
        if self.depth > 0 || self.page.questions.is_empty() {
            return;
        }
        let waiting = std::mem::take(&mut self.page.questions);
        let answers = waiting.into_iter().map(|(question, file)| self.answer(&question, file)).collect();
        self.out.slot(Slot::Answers(answers));
    }

    fn answer(&mut self, found: &ReaderQuestion, file: &str) -> AnswerBody {
        let Placed { text, at } = &found.question;
        self.page.prose.open(BlockKind::Heading, at.clone());
        self.page.prose.push(text, at.clone(), file.get(at.clone()) == Some(text));
        self.page.prose.close();
        let (mut text, mut pieces) = found.answer.as_written(file);
        // The claims are cited at the end of the answer, each at its place in the front matter.
        let mut before = " [";
        for claim in &found.claims {
            if self.is_claim(claim) {
                text.push_str(before);
                pieces.extend([(text.len(), claim.at.start), (text.len() + 1, claim.at.start)]);
                text.push('@');
                text.push_str(&claim.text);
                before = "; ";
            }
        }
        text.push_str(if before == "; " { "]" } else { "" });
        let first = self.page.citations.len();
        let body = self.page.read(Source { text: &text, pieces: &pieces }, self.depth + 1, self.definitions);
        AnswerBody { body, citations: first..self.page.citations.len() }
    }

    /// Whether this can name a claim.
    fn is_claim(&mut self, claim: &Placed) -> bool {
        let fits = is_key(&claim.text);
        if !fits {
            let message = format!("`{}` is not a valid id", claim.text.escape_debug());
            let hint = "name a claim by its id, such as `azure-since-2015`";
            self.page.problems.add("bad-id", claim.at.clone(), message, hint);
        }
        fits
    }
}
