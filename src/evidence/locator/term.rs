use crate::diag::did_you_mean;

/// Declares the terms, each with its name, what readers see of one and of several, and other ways to write it.
macro_rules! terms {
    ($($variant:ident $name:literal $one:literal $many:literal [$($other:literal)*])*) => {
        /// What a place in a source is counted by: the locator terms of CSL 1.0.2, and those that tables and slides need.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[expect(missing_docs, reason = "the names say it")]
        pub enum Term {
            $($variant,)*
        }

        impl Term {
            /// What readers see before one such place, or before several.
            pub fn short(self, several: bool) -> &'static str {
                match (self, several) { $((Self::$variant, false) => $one, (Self::$variant, true) => $many,)* }
            }

            /// The term that a word means, without a full stop and in lower case.
            pub(super) fn of(word: &str) -> Option<Self> {
                match word {
                    $($name => Some(Self::$variant),)*
                    $($($other => Some(Self::$variant),)*)*
                    _ => None,
                }
            }
        }

        /// Every word that means a term.
        const WORDS: &[&str] = &[$($name, $($other,)*)*];
    };
}

terms! {
    Act "act" "act" "acts" ["acts"]
    Appendix "appendix" "app." "apps." ["app" "apps" "appendices"]
    Article "article" "art." "arts." ["art" "arts" "articles"]
    Book "book" "bk." "bks." ["bk" "bks" "books"]
    Canon "canon" "can." "cann." ["can" "cann" "canons"]
    Chapter "chapter" "chap." "chaps." ["ch" "chap" "chaps" "chapters"]
    Column "column" "column" "columns" ["col" "cols" "columns"]
    Elocation "elocation" "loc." "locs." ["loc" "locs" "location" "locations"]
    Equation "equation" "eq." "eqs." ["eq" "eqs" "equations"]
    Figure "figure" "fig." "figs." ["fig" "figs" "figures"]
    Folio "folio" "fol." "fols." ["fol" "fols" "folios"]
    Issue "issue" "no." "nos." ["no" "nos" "issues" "number" "numbers"]
    Line "line" "line" "lines" ["l" "ll" "lines"]
    Note "note" "n." "nn." ["n" "nn" "notes"]
    Opus "opus" "op." "opp." ["op" "opp" "opera"]
    Page "page" "p." "pp." ["p" "pp" "pages"]
    Paragraph "paragraph" "para." "paras." ["para" "paras" "paragraphs" "¶" "¶¶"]
    Part "part" "pt." "pts." ["pt" "pts" "parts"]
    Row "row" "row" "rows" ["rows"]
    Rule "rule" "r." "rr." ["r" "rr" "rules"]
    Scene "scene" "sc." "scs." ["sc" "scs" "scenes"]
    Section "section" "sec." "secs." ["sec" "secs" "sections" "§" "§§"]
    Sheet "sheet" "sheet" "sheets" ["sheets"]
    Slide "slide" "slide" "slides" ["slides"]
    SubVerbo "sub verbo" "s.v." "s.vv." ["s.v" "s.vv" "sub-verbo"]
    Supplement "supplement" "suppl." "suppls." ["supp" "suppl" "supplements"]
    Table "table" "tbl." "tbls." ["tbl" "tbls" "tables"]
    Timestamp "timestamp" "" "" ["t" "time" "min"]
    Title "title" "tit." "tits." ["tit" "titles"]
    Verse "verse" "v." "vv." ["v" "vv" "verses"]
    Volume "volume" "vol." "vols." ["vol" "vols" "volumes"]
}

/// The term that was probably meant.
pub(super) fn suggestion(word: &str) -> Option<&'static str> {
    // Nearly every word is near one of a letter or two.
    let shortest = word.chars().count().min(4).saturating_sub(1);
    let near = did_you_mean(word, WORDS.iter().copied().filter(|known| known.chars().count() >= shortest))?;
    Term::of(near).map(|term| match term {
        Term::Timestamp => "timestamp",
        term => term.short(false),
    })
}
