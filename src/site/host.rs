//! The pages that show the ledger. Each has a template; a content page that uses the template is the host and gives
//! the words around it, and where none does, a host is made up.

/// A view of the ledger, or of the whole site, that has a page of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Host {
    Timeline,
    Claims,
    Sources,
    Disagreements,
    Entities,
    Search,
    Corrections,
}

impl Host {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Timeline,
        Self::Claims,
        Self::Sources,
        Self::Disagreements,
        Self::Entities,
        Self::Search,
        Self::Corrections,
    ];

    /// What templates call it; the template is `NAME.html`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Timeline => "timeline",
            Self::Claims => "claims",
            Self::Sources => "sources",
            Self::Disagreements => "disagreements",
            Self::Entities => "entities",
            Self::Search => "search",
            Self::Corrections => "corrections",
        }
    }

    /// The title and the file, below `content`, of the page that is made up where no content page uses the template.
    pub fn fallback(self) -> (&'static str, &'static str) {
        match self {
            Self::Timeline => ("Timeline", "timeline.md"),
            Self::Claims => ("Claims", "claims.md"),
            Self::Sources => ("Sources", "sources.md"),
            Self::Disagreements => ("Where the sources disagree", "disagreements.md"),
            Self::Entities => ("Who and what", "who-and-what.md"),
            Self::Search => ("Search", "search.md"),
            Self::Corrections => ("Corrections", "corrections.md"),
        }
    }

    /// The template's name.
    pub fn template(self) -> String {
        format!("{}.html", self.name())
    }
}
