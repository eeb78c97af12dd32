use std::fmt;

/// Why a content file is no page of this build.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Hidden {
    Draft,
    Future,
    Expired,
}

/// How many files are no part of this build, by the reason, and how many known problems of its baseline are not reported.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub struct LeftOut {
    pub drafts: usize,
    pub future: usize,
    pub expired: usize,
    pub temporary: usize,
    pub known: usize,
}

impl FromIterator<Hidden> for LeftOut {
    fn from_iter<I: IntoIterator<Item = Hidden>>(all: I) -> Self {
        let mut count = Self::default();
        for hidden in all {
            match hidden {
                Hidden::Draft => count.drafts += 1,
                Hidden::Future => count.future += 1,
                Hidden::Expired => count.expired += 1,
            }
        }
        count
    }
}

/// As the end of a sentence: "; 3 drafts and 1 future-dated page left out", or nothing.
impl fmt::Display for LeftOut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kinds = [
            (self.drafts, "draft"),
            (self.future, "future-dated page"),
            (self.expired, "expired page"),
            (self.temporary, "editor or system file"),
            (self.known, "known problem"),
        ];
        let kinds = kinds.into_iter().filter(|(count, _)| *count > 0);
        let kinds: Vec<String> =
            kinds.map(|(count, what)| format!("{count} {what}{}", if count == 1 { "" } else { "s" })).collect();
        match kinds.split_last() {
            None => Ok(()),
            Some((last, [])) => write!(f, "; {last} left out"),
            Some((last, others)) => write!(f, "; {} and {last} left out", others.join(", ")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_out_is_said_in_words() {
        let said = |drafts, future, expired| LeftOut { drafts, future, expired, ..LeftOut::default() }.to_string();
        assert_eq!(said(0, 0, 0), "");
        assert_eq!(said(1, 0, 0), "; 1 draft left out");
        assert_eq!(said(3, 1, 0), "; 3 drafts and 1 future-dated page left out");
        assert_eq!(said(1, 2, 1), "; 1 draft, 2 future-dated pages and 1 expired page left out");
        let said = LeftOut { temporary: 2, drafts: 1, ..LeftOut::default() }.to_string();
        assert_eq!(said, "; 1 draft and 2 editor or system files left out");
    }
}
