use std::sync::Arc;

use super::{ClaimKind, Status};

/// How sure a claim or an event is: computed, never typed. Two axes and a flag.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Standing {
    /// What it rests on.
    pub backing: Backing,
    /// How the sources put it.
    pub modality: Modality,
    /// Whether a disagreement of medium or high severity has it in a reading.
    pub disputed: bool,
}

/// What a claim or an event rests on: the axis of support.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Backing {
    /// At least two independent sources.
    Corroborated {
        /// How many independent origins there are, 2 or more.
        origins: usize,
        /// How many sources.
        sources: usize,
    },
    /// One source, or several that go back to one origin.
    Single {
        /// The names of the sources; none where no source says it.
        sources: Vec<Arc<str>>,
        /// What several sources go back to.
        shared: Option<Shared>,
    },
    /// No source says it.
    Inferred {
        /// How we came to it.
        rule: String,
        /// Whether only its date is inferred.
        date_only: bool,
    },
}

/// What several sources have in common.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Shared {
    /// The name of the original.
    pub name: Arc<str>,
    /// Whether the original is itself one of the sources.
    pub cited: bool,
}

/// How the sources put a claim: the axis of modality.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Modality {
    /// As a fact.
    Reported,
    /// As somebody's statement.
    Statement,
    /// As a plan.
    Plan,
    /// As a forecast, an analysis or a speculation.
    Opinion,
}

/// Everything that a standing follows from.
#[derive(Clone, Debug)]
pub(super) struct StandingBasis {
    /// How many independent origins the sources have: sources that draw on one original, by source or by citation and
    /// however indirectly, count once.
    pub origins: usize,
    /// The names of the sources, each once.
    pub sources: Vec<Arc<str>>,
    /// What all of them go back to.
    pub shared: Option<Shared>,
    /// How we came to it, where no source says it.
    pub rule: Option<String>,
    /// How its date is known, where that is doubtful.
    pub doubtful_date: Option<String>,
    /// How the sources put it.
    pub modality: Modality,
    /// Whether it stands in a reading of a disagreement of medium or high severity.
    pub disputed: bool,
}

/// The standing that follows from these grounds. All standings come from here.
///
/// What has a rule of inference, or a doubtful date, is inferred; else what has two or more independent origins is
/// corroborated; else it rests on a single source. Modality and dispute are kept beside that.
pub(super) fn standing(grounds: StandingBasis) -> Standing {
    let StandingBasis { origins, sources, shared, rule, doubtful_date, modality, disputed } = grounds;
    let backing = match (rule, doubtful_date) {
        (Some(rule), _) => Backing::Inferred { rule, date_only: false },
        (None, Some(rule)) => Backing::Inferred { rule, date_only: true },
        (None, None) if origins >= 2 => Backing::Corroborated { origins, sources: sources.len() },
        (None, None) => Backing::Single { sources, shared },
    };
    Standing { backing, modality, disputed }
}

/// The one word, the same for readers, and what it means; in the order in which the first that holds counts.
const WORDS: [(&str, &str, &str); 6] = [
    ("disputed", "Disputed", "Sources disagree on it."),
    ("plan", "Plan", "Someone intends it. A plan is never counted as an outcome."),
    ("forecast", "Forecast or opinion", "Someone expects it, or judges so."),
    (
        "inferred",
        "Inferred",
        "No source says so outright: it, or its date, follows from other claims by a rule that is shown.",
    ),
    ("single-source", "Single source", "One source says so, or several that go back to the same original."),
    ("corroborated", "Corroborated", "At least two independent sources say so."),
];

/// Every word of a standing, strongest first: the word, the same for readers, and what it means.
pub fn standing_words() -> impl Iterator<Item = (&'static str, &'static str, &'static str)> {
    WORDS.into_iter().rev()
}

impl Standing {
    /// Where it stands among all, from the weakest: 0 for disputed to 5 for corroborated.
    pub fn rank(&self) -> u8 {
        match (self.disputed, self.modality, &self.backing) {
            (true, _, _) => 0,
            (_, Modality::Plan, _) => 1,
            (_, Modality::Opinion, _) => 2,
            (_, _, Backing::Inferred { .. }) => 3,
            (_, _, Backing::Single { .. }) => 4,
            (_, _, Backing::Corroborated { .. }) => 5,
        }
    }

    /// The one word: `disputed`, `plan`, `forecast`, `inferred`, `single-source` or `corroborated`.
    pub fn word(&self) -> &'static str {
        WORDS.get(usize::from(self.rank())).map_or("", |(word, ..)| word)
    }

    /// The one word for readers: `Single source`.
    pub fn label(&self) -> &'static str {
        WORDS.get(usize::from(self.rank())).map_or("", |(_, label, _)| label)
    }

    /// `corroborated`, `single-source` or `inferred`.
    pub fn support_word(&self) -> &'static str {
        match self.backing {
            Backing::Corroborated { .. } => "corroborated",
            Backing::Single { .. } => "single-source",
            Backing::Inferred { .. } => "inferred",
        }
    }

    /// The same for readers.
    pub fn support_label(&self) -> &'static str {
        match self.backing {
            Backing::Corroborated { .. } => "Corroborated",
            Backing::Single { .. } => "Single source",
            Backing::Inferred { .. } => "Inferred",
        }
    }

    /// `reported`, `statement`, `plan` or `forecast`.
    pub fn modality_word(&self) -> &'static str {
        match self.modality {
            Modality::Reported => "reported",
            Modality::Statement => "statement",
            Modality::Plan => "plan",
            Modality::Opinion => "forecast",
        }
    }

    /// The same for readers.
    pub fn modality_label(&self) -> &'static str {
        match self.modality {
            Modality::Reported => "Reported",
            Modality::Statement => "Statement",
            Modality::Plan => "Plan",
            Modality::Opinion => "Forecast or opinion",
        }
    }

    /// All of it in plain words: `Two sources say so, but both pass on the companies’ announcement. It was a plan; …`.
    pub fn sentence(&self) -> String {
        let mut words = self.backing.sentence();
        words.push_str(match self.modality {
            Modality::Reported => "",
            Modality::Statement => " It is a party’s own statement.",
            Modality::Plan => " It was a plan; whether it came about is not known.",
            Modality::Opinion => " It is a forecast or an opinion.",
        });
        if self.disputed {
            words.push_str(" Sources disagree on it.");
        }
        words
    }
}

impl Backing {
    fn sentence(&self) -> String {
        match self {
            Self::Corroborated { origins, sources } if origins == sources => {
                format!("{} independent sources say so.", capital(&count(*origins)))
            }
            Self::Corroborated { origins, sources } => {
                format!("{} sources say so, {} of them independent.", capital(&count(*sources)), count(*origins))
            }
            Self::Single { sources, shared } => match (sources.as_slice(), shared) {
                ([], _) => "No source is named.".into(),
                ([only], _) => format!("One source says so: {}.", within(only)),
                (many, shared) => {
                    let all = if many.len() == 2 { "both" } else { "all" };
                    let from = match shared {
                        Some(Shared { name, cited: false }) => format!("{all} pass on {}", within(name)),
                        Some(Shared { name, cited: true }) => format!("{all} go back to {}", within(name)),
                        None => "they draw on one another".into(),
                    };
                    format!("{} sources say so, but {from}.", capital(&count(many.len())))
                }
            },
            Self::Inferred { rule, date_only } => {
                let what = if *date_only { "Its date is inferred" } else { "No source says so; we infer it" };
                format!("{what}: {}.", within(rule))
            }
        }
    }
}

/// A text inside a sentence: without its full stop, and an article at its start in lower case.
fn within(text: &str) -> String {
    let text = text.trim().trim_end_matches('.');
    let article = ["A ", "An ", "The ", "It ", "Its ", "Not "].iter().any(|word| text.starts_with(word));
    let mut letters = text.chars();
    match letters.next() {
        Some(first) if article => first.to_lowercase().chain(letters).collect(),
        _ => text.to_owned(),
    }
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// A number in words up to twelve.
fn count(number: usize) -> String {
    let words =
        ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"];
    words.get(number).map_or_else(|| number.to_string(), |word| (*word).to_owned())
}

/// What rests on nothing.
pub(super) static NOTHING: Standing = Standing {
    backing: Backing::Single { sources: Vec::new(), shared: None },
    modality: Modality::Reported,
    disputed: false,
};

impl From<ClaimKind> for Modality {
    fn from(kind: ClaimKind) -> Self {
        match kind {
            ClaimKind::Reported => Self::Reported,
            ClaimKind::Statement => Self::Statement,
            ClaimKind::Plan => Self::Plan,
            ClaimKind::Forecast | ClaimKind::Analysis | ClaimKind::Speculation => Self::Opinion,
        }
    }
}

impl Modality {
    /// The modality of an event that rests on claims of these modalities: a plan when it is planned, else that of the
    /// firmest of them.
    pub(super) fn of_event(status: Status, claims: impl Iterator<Item = Self>) -> Self {
        match status {
            Status::Planned => Self::Plan,
            Status::Happened => claims.min().unwrap_or(Self::Reported),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Modality::{Opinion, Plan, Reported, Statement};
    use super::*;

    #[test]
    fn one_function_decides_every_standing() {
        let sources = |count: usize| (0..count).map(|n| Arc::from(format!("Source {n}"))).collect::<Vec<_>>();
        let shared = |cited| Some(Shared { name: Arc::from("The companies’ announcement"), cited });
        let rule = |text: &str| Some(text.to_owned());
        let grounds = |origins, count, shared, rule, doubtful_date, modality, disputed| StandingBasis {
            origins,
            sources: sources(count),
            shared,
            rule,
            doubtful_date,
            modality,
            disputed,
        };
        let rows = [
            grounds(2, 2, None, None, None, Reported, false),
            grounds(2, 3, None, None, None, Reported, false),
            grounds(1, 1, None, None, None, Reported, false),
            grounds(1, 2, shared(false), None, None, Reported, false),
            grounds(1, 3, shared(true), None, None, Statement, false),
            grounds(1, 2, None, None, None, Reported, false),
            grounds(0, 0, None, None, None, Reported, false),
            grounds(2, 2, None, None, None, Plan, false),
            grounds(1, 1, None, None, None, Opinion, false),
            grounds(0, 0, None, rule("The day before the report was a Friday."), None, Reported, false),
            grounds(2, 2, None, None, rule("No article prints the day"), Reported, false),
            grounds(2, 2, None, rule("rule"), rule("basis"), Plan, false),
            grounds(2, 2, None, None, None, Plan, true),
            grounds(13, 13, None, None, None, Reported, true),
        ];
        let shown = rows.map(|row| {
            let found = standing(row);
            let (word, support, modality) = (found.word(), found.support_word(), found.modality_word());
            format!("{word} | {} | {support} | {modality} | {}", found.label(), found.sentence())
        });
        insta::assert_snapshot!(shown.join("\n"), @r"
        corroborated | Corroborated | corroborated | reported | Two independent sources say so.
        corroborated | Corroborated | corroborated | reported | Three sources say so, two of them independent.
        single-source | Single source | single-source | reported | One source says so: Source 0.
        single-source | Single source | single-source | reported | Two sources say so, but both pass on the companies’ announcement.
        single-source | Single source | single-source | statement | Three sources say so, but all go back to the companies’ announcement. It is a party’s own statement.
        single-source | Single source | single-source | reported | Two sources say so, but they draw on one another.
        single-source | Single source | single-source | reported | No source is named.
        plan | Plan | corroborated | plan | Two independent sources say so. It was a plan; whether it came about is not known.
        forecast | Forecast or opinion | single-source | forecast | One source says so: Source 0. It is a forecast or an opinion.
        inferred | Inferred | inferred | reported | No source says so; we infer it: the day before the report was a Friday.
        inferred | Inferred | inferred | reported | Its date is inferred: No article prints the day.
        plan | Plan | inferred | plan | No source says so; we infer it: rule. It was a plan; whether it came about is not known.
        disputed | Disputed | corroborated | plan | Two independent sources say so. It was a plan; whether it came about is not known. Sources disagree on it.
        disputed | Disputed | corroborated | reported | 13 independent sources say so. Sources disagree on it.
        ");
    }

    #[test]
    fn an_event_is_as_firm_as_its_firmest_claim_unless_planned() {
        let claims = [Opinion, Statement, Plan];
        assert_eq!(Modality::of_event(Status::Happened, claims.into_iter()), Statement);
        assert_eq!(Modality::of_event(Status::Planned, claims.into_iter()), Plan);
        assert_eq!(Modality::of_event(Status::Happened, std::iter::empty()), Reported);
    }
}
