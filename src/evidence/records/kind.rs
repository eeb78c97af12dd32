use serde::Deserialize;

/// Declares the kinds of sources, each by how records write it, the type that CSL 1.0.2 has for it, a word for readers, and
/// the entry type that BibLaTeX has for it.
macro_rules! kinds {
    ($($variant:ident $name:literal $csl:literal $label:literal $entry:literal)*) => {
        /// What kind of document a source is: every type of CSL, and some that tell news apart.
        #[cfg_attr(test, derive(schemars::JsonSchema))]
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
        #[expect(missing_docs, reason = "the names say it")]
        pub enum SourceKind {
            $(#[serde(rename = $name)] $variant,)*
        }

        impl SourceKind {
            /// Every kind.
            pub const ALL: &[Self] = &[$(Self::$variant,)*];

            /// How the evidence files write it.
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// Its type in CSL.
            pub fn csl(self) -> &'static str {
                match self { $(Self::$variant => $csl,)* }
            }

            /// A word for readers.
            pub fn label(self) -> &'static str {
                match self { $(Self::$variant => $label,)* }
            }

            /// Its entry type in BibLaTeX.
            pub fn entry(self) -> &'static str {
                match self { $(Self::$variant => $entry,)* }
            }
        }
    };
}

kinds! {
    News "news" "article-newspaper" "news report" "article"
    Commentary "commentary" "article-newspaper" "commentary" "article"
    Digest "digest" "article-newspaper" "digest" "article"
    Translation "translation" "article-newspaper" "translation" "article"
    Feature "feature" "article-newspaper" "feature" "article"
    PressRelease "press-release" "pamphlet" "press release" "booklet"
    Paper "paper" "article-journal" "paper" "article"
    WebPage "web-page" "webpage" "web page" "online"
    Other "other" "document" "document" "misc"
    Article "article" "article" "preprint or working paper" "article"
    ArticleJournal "article-journal" "article-journal" "journal article" "article"
    ArticleMagazine "article-magazine" "article-magazine" "magazine article" "article"
    ArticleNewspaper "article-newspaper" "article-newspaper" "newspaper article" "article"
    Bill "bill" "bill" "bill" "legislation"
    Book "book" "book" "book" "book"
    Broadcast "broadcast" "broadcast" "broadcast or podcast" "audio"
    Chapter "chapter" "chapter" "chapter" "incollection"
    Classic "classic" "classic" "classical text" "book"
    Collection "collection" "collection" "collection" "collection"
    Dataset "dataset" "dataset" "dataset" "dataset"
    Document "document" "document" "document" "misc"
    Entry "entry" "entry" "entry" "inreference"
    EntryDictionary "entry-dictionary" "entry-dictionary" "dictionary entry" "inreference"
    EntryEncyclopedia "entry-encyclopedia" "entry-encyclopedia" "encyclopedia entry" "inreference"
    Event "event" "event" "event" "misc"
    Figure "figure" "figure" "figure" "image"
    Graphic "graphic" "graphic" "photograph or picture" "image"
    Hearing "hearing" "hearing" "hearing" "legal"
    Interview "interview" "interview" "interview" "misc"
    LegalCase "legal_case" "legal_case" "legal case" "jurisdiction"
    Legislation "legislation" "legislation" "law" "legislation"
    Manuscript "manuscript" "manuscript" "manuscript" "unpublished"
    Map "map" "map" "map" "image"
    MotionPicture "motion_picture" "motion_picture" "video or film" "video"
    MusicalScore "musical_score" "musical_score" "musical score" "book"
    Pamphlet "pamphlet" "pamphlet" "pamphlet" "booklet"
    PaperConference "paper-conference" "paper-conference" "conference paper" "inproceedings"
    Patent "patent" "patent" "patent" "patent"
    Performance "performance" "performance" "performance" "performance"
    Periodical "periodical" "periodical" "periodical" "periodical"
    PersonalCommunication "personal_communication" "personal_communication" "letter or message" "letter"
    Post "post" "post" "post" "online"
    PostWeblog "post-weblog" "post-weblog" "blog post" "online"
    Regulation "regulation" "regulation" "regulation" "legislation"
    Report "report" "report" "report" "report"
    Review "review" "review" "review" "review"
    ReviewBook "review-book" "review-book" "book review" "review"
    Software "software" "software" "software" "software"
    Song "song" "song" "recording" "music"
    Speech "speech" "speech" "speech" "unpublished"
    Standard "standard" "standard" "standard" "standard"
    Thesis "thesis" "thesis" "thesis" "thesis"
    Treaty "treaty" "treaty" "treaty" "legal"
    Webpage "webpage" "webpage" "web page" "online"
}

impl SourceKind {
    /// The kind that CSL calls so.
    pub fn of_csl(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.name() == name && kind.csl() == name)
    }

    /// Whether its title is printed in quotation marks, as that of a part of something else, and not in italics.
    pub fn is_part(self) -> bool {
        matches!(self.entry(), "article" | "incollection" | "inproceedings" | "inreference" | "online" | "review")
    }

    /// Whether it is watched or heard, so that a place in it is a time.
    pub fn is_timed(self) -> bool {
        matches!(self.entry(), "audio" | "video" | "music" | "performance")
    }
}

#[cfg(test)]
mod tests {
    use super::SourceKind;

    #[test]
    fn every_csl_type_is_a_kind() {
        for kind in SourceKind::ALL {
            let of_csl = SourceKind::of_csl(kind.csl()).expect("the type is a kind");
            assert_eq!(of_csl.csl(), kind.csl());
        }
        assert_eq!(SourceKind::of_csl("news"), None);
        assert_eq!(SourceKind::ALL.iter().filter(|kind| kind.name() == kind.csl()).count(), 45);
    }
}
