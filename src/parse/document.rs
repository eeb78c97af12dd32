use std::ops::Range;

use crate::source::{Hash, SitePath, Span};

use serde::Serialize;

use super::{FrontKeys, FrontMatter, Prose};

/// A parsed content file.
#[derive(Clone, Debug)]
pub struct Document {
    /// The data that other pages may read.
    pub metadata: PageMetadata,
    /// The content of the page.
    pub body: Body,
    /// The text for the checks.
    pub prose: Prose,
}

/// The data of a page that other pages, lists, feeds and the link check may read. It does not contain the body, so an
/// edit that does not change its hash affects only this page.
#[derive(Clone, Debug, PartialEq)]
pub struct PageMetadata {
    /// The file, from the root: `content/cloud.md`.
    pub path: SitePath,
    /// The checked front matter.
    pub front: FrontMatter,
    /// The ranges of its keys, for [`PageMetadata::front_span`]. Not hashed.
    pub keys: FrontKeys,
    /// The title: from the front matter, a leading level-one heading, or the file's name.
    pub title: String,
    /// The anchor that a leading level-one heading gives the title.
    pub title_id: Option<String>,
    /// The headings, in order; their ids are unique in the page.
    pub headings: Vec<Heading>,
    /// Other ids that links may point at.
    pub anchors: Vec<String>,
    /// Links and pictures, in order of appearance; [`Slot`]s number them.
    pub links: Vec<Link>,
    /// Citations, in order of appearance, component bodies included; [`Slot`]s number them.
    pub citations: Vec<Citation>,
    /// Citations that became links, since there is a link definition of that name.
    pub linked_keys: Vec<Citation>,
    /// Component calls, in order of appearance; [`Slot`]s number them.
    pub calls: Vec<Call>,
    /// Accepted problems, from comments `<!-- checked: code, why -->`.
    pub answers: Vec<Answer>,
    /// The number of factual blocks of prose, which need a citation.
    pub factual: u32,
    /// The number of those that have one.
    pub cited: u32,
    /// The number of words of prose. Not hashed, since every edit changes it.
    pub words: u32,
}

/// A heading of level two to six.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Heading {
    /// 2 to 6.
    pub level: u8,
    /// Its anchor.
    pub id: String,
    /// Its text as safe HTML, without links and citations.
    pub html: String,
}

/// A link or picture as the editor wrote it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// The address as written: `cloud.md#azure`, `chart.png`, `https://…`.
    pub target: String,
    /// Whether it is a picture.
    pub image: bool,
    /// Whether it is written in HTML, where it may name an output file as well.
    pub raw: bool,
    /// Its place.
    pub span: Span,
}

/// One key of one citation group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Citation {
    /// The claim or source it names, without `@`.
    pub key: String,
    /// The place in the source, as readers see it: `line 9`.
    pub locator: Option<String>,
    /// The words before the key.
    pub prefix: String,
    /// The words after the key and the place.
    pub suffix: String,
    /// Whether it is a word of its sentence, `@key says`, and not in brackets.
    pub in_text: bool,
    /// Its place.
    pub span: Span,
}

/// A problem of a block that an editor has accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The code of the problem.
    pub code: String,
    /// The reason why it is not a problem.
    pub why: String,
    /// The block.
    pub block: Span,
    /// The comment.
    pub span: Span,
}

/// The argument of a component that names a file or a page from the page it is written in, as a link does.
pub const ADDRESS: &str = "src";

/// A component call: a fence whose info string is `{name} key=value …`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// The component.
    pub name: String,
    /// Its arguments, in order, each with its place.
    pub args: Vec<(String, String, Span)>,
    /// The info string.
    pub span: Span,
}

/// HTML with slots for what depends on other pages, on the ledger or on templates, which are filled when the page is
/// rendered.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Body {
    /// The HTML around the slots.
    pub html: String,
    /// The slots, by ascending offset in the HTML.
    pub slots: Vec<(usize, Slot)>,
    /// Whether all its ids and addresses are in its metadata or in slots, so that the HTML need not be searched for
    /// them. False if authors or components may write HTML, or if there are problems.
    pub is_listed: bool,
}

/// A slot in a [`Body`].
#[derive(Clone, Debug, PartialEq)]
pub enum Slot {
    /// Inside a start tag, in place of its address: ` href="…"` with the attributes of an external link, for
    /// `metadata.links[index]`.
    Href(usize),
    /// Inside an `img` tag: ` src="…" width="…" height="…"`, for `metadata.links[index]`.
    Src(usize),
    /// The value of an attribute in HTML: the address of `metadata.links[index]`.
    Address(usize),
    /// A citation group: `metadata.citations[first..first + count]`.
    Cite {
        /// The first of them.
        first: usize,
        /// How many.
        count: usize,
    },
    /// The answers to `metadata.front.answers`, in their order.
    Answers(Vec<AnswerBody>),
    /// The component call `metadata.calls[index]` with its body.
    Call {
        /// Which call.
        index: usize,
        /// The fence's text as Markdown.
        body: Box<Body>,
    },
}

/// The answer to a question of readers.
#[derive(Clone, Debug, PartialEq)]
pub struct AnswerBody {
    /// Its text.
    pub body: Body,
    /// What it cites, as numbers in `metadata.citations`.
    pub citations: Range<usize>,
}

impl PageMetadata {
    /// The metadata of a generated page, which has no content file.
    pub fn generated(path: SitePath, title: &str) -> Self {
        Self {
            path,
            front: FrontMatter::default(),
            keys: FrontKeys::default(),
            title: title.to_owned(),
            headings: Vec::new(),
            title_id: None,
            anchors: Vec::new(),
            links: Vec::new(),
            citations: Vec::new(),
            linked_keys: Vec::new(),
            calls: Vec::new(),
            answers: Vec::new(),
            factual: 0,
            cited: 0,
            words: 0,
        }
    }

    /// The ids of the disagreements that components and answers show, in order.
    pub fn disagreements(&self) -> impl Iterator<Item = &str> {
        let args = self.calls.iter().flat_map(|call| &call.args);
        let called = args.filter(|(name, ..)| name == "disagreement").map(|(_, id, _)| id.as_str());
        let answered = self.front.answers.iter().filter_map(|answer| answer.disagreement.as_ref());
        called.chain(answered.map(|id| id.text.as_str()))
    }

    /// The place of a front matter key's value; the file's start if there is no such key.
    pub fn front_span(&self, key: &str) -> Span {
        Span::new(&self.path, self.keys.place(key))
    }

    /// The source that a call names as that of its quotation: the argument `source` of `{quote}`.
    pub fn quoted_source(&self, call: Option<usize>) -> Option<&str> {
        let call = self.calls.get(call?).filter(|call| call.name == "quote")?;
        call.args.iter().find(|(name, ..)| name == "source").map(|(_, source, _)| source.as_str())
    }

    /// Whether links to its parts lead to the same places in both.
    pub fn has_same_anchors(&self, other: &Self) -> bool {
        let ids = |metadata: &Self| metadata.headings.iter().map(|heading| heading.id.clone()).collect::<Vec<_>>();
        self.anchors == other.anchors && self.title_id == other.title_id && ids(self) == ids(other)
    }

    /// The hash of the data that other pages show. It does not include places, which change with every edit before
    /// them; anchors, which only matter to pages that link here; and counts, which few pages show.
    pub fn hash(&self) -> Hash {
        let links = self.links.iter().map(|link| (&link.target, link.image));
        let citations = self.citations.iter().map(|citation| (&citation.key, &citation.locator));
        let calls = self.calls.iter().map(|call| {
            let args: Vec<(&str, &str)> =
                call.args.iter().map(|(key, value, _)| (key.as_str(), value.as_str())).collect();
            (&call.name, args)
        });
        let all = (
            (&self.path, &self.front, &self.title),
            links.collect::<Vec<_>>(),
            citations.collect::<Vec<_>>(),
            calls.collect::<Vec<_>>(),
        );
        let mut hasher = blake3::Hasher::new();
        // Writing to a hasher cannot fail.
        if postcard::to_io(&all, &mut hasher).is_err() {
            hasher.update(format!("{:?}", self.front).as_bytes());
        }
        hasher.finalize().into()
    }
}
