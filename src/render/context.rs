//! One page from its view to its bytes.

use std::collections::BTreeMap;
use std::sync::Arc;

use tera::{Context, Value};

use crate::diag::Diagnostic;
use crate::evidence::Memo;
use crate::parse::Body;
use crate::site::{Entry, Host, ListKind, Page, PageId, Site, Subject, root_from};
use crate::source::{Hash, Role, SitePath};

use super::body::{BodyFiller, Numbers, Pictures, PlainAddresses, ResolvedLink};
use super::call::Records;
use super::key::{LinkHashes, put_wanted};
use super::templates::safe;
use super::view::{Made, PageView, PictureView, Views};
use super::{HashedValue, Templates};

/// A page as it will be published.
#[derive(Debug)]
pub struct Rendered {
    /// The file below the output folder.
    pub path: SitePath,
    /// What it is to a reader.
    pub role: Role,
    /// Its HTML.
    pub bytes: Vec<u8>,
    /// What is known of a part of it, its body, where that is listed.
    pub noted: Option<PlainAddresses>,
}

/// What templates may name besides `root`, `lang`, `site`, `page` and what belongs to one page.
const SHARED: [&str; 11] = [
    "timeline",
    "claims",
    "sources",
    "origins",
    "disagreements",
    "comparison",
    "entities",
    "contributions",
    "home",
    "search",
    "corrections",
];

/// A variable with its name.
pub type Wanted = (&'static str, HashedValue);

/// Renders the pages of one linked site, one at a time, from as many threads as like to.
pub struct Renderer {
    pub(super) linked: Arc<Site>,
    pub(super) templates: Arc<Templates>,
    pub(super) pictures: Arc<Pictures>,
    /// The addresses of the fingerprinted files, by their path below `static`.
    pub(super) assets: Arc<BTreeMap<String, String>>,
    pub(super) common: Arc<Common>,
}

/// What all pages share, made of metadata and records: no body and no template has a say in it.
pub(super) struct Common {
    pub site: HashedValue,
    /// Made when the first page asks: on a large site some of them cost more than all of a page.
    shared: BTreeMap<&'static str, Memo<HashedValue>>,
    /// Each topic with all that the ledger says of it, for its own page and those that name it.
    topics: BTreeMap<String, Memo<Option<HashedValue>>>,
    made: Arc<Made>,
    pub records: Arc<Records>,
    pub link_hashes: Arc<LinkHashes>,
}

impl Common {
    /// The same, for a site where other numbers of paragraphs cite something.
    fn without_evidence(&self) -> Self {
        let shared = self.shared.iter().map(|(name, shown)| match *name {
            "home" => (*name, Memo::default()),
            _ => (*name, shown.clone()),
        });
        Self {
            site: self.site.clone(),
            shared: shared.collect(),
            topics: self.topics.keys().map(|topic| (topic.clone(), Memo::default())).collect(),
            made: self.made.clone(),
            records: self.records.clone(),
            link_hashes: self.link_hashes.clone(),
        }
    }
}

impl Renderer {
    /// Prepares what all pages share; `assets` are the fingerprinted files by their path below `static`.
    pub fn new(
        linked: Arc<Site>,
        templates: Arc<Templates>,
        pictures: Arc<Pictures>,
        assets: BTreeMap<String, String>,
    ) -> Self {
        let shared = SHARED.into_iter().map(|name| (name, Memo::default())).collect();
        let made = Arc::new(Made::of(&linked));
        let site = HashedValue::of(&Views { site: &linked, made: &made }.site(assets.clone(), &pictures));
        let topics = linked.config.topics.iter().map(|topic| (topic.id.to_string(), Memo::default())).collect();
        let link_hashes = Arc::new(LinkHashes::new(linked.pages.len()));
        let common = Arc::new(Common { site, shared, topics, made, records: Arc::default(), link_hashes });
        Self { linked, templates, pictures, assets: Arc::new(assets), common }
    }

    /// As [`Renderer::new`], with what `self` has made for all pages; for a site that [shows
    /// alike](Site::shows_alike), with the same files and pictures.
    #[must_use]
    pub fn with(&self, linked: Arc<Site>, templates: Arc<Templates>) -> Self {
        let same = linked.has_same_evidence(&self.linked);
        let common = if same { self.common.clone() } else { Arc::new(self.common.without_evidence()) };
        Self { linked, templates, pictures: self.pictures.clone(), assets: self.assets.clone(), common }
    }

    /// The site.
    pub fn site(&self) -> &Site {
        &self.linked
    }

    /// Views of its site, with what it has made for all pages.
    pub fn views(&self) -> Views<'_> {
        Views { site: &self.linked, made: &self.common.made }
    }

    /// The hash of what every page may show of the site.
    pub fn site_hash(&self) -> Hash {
        self.common.site.hash
    }

    /// What templates may name under this name.
    fn shown(&self, name: &str) -> HashedValue {
        let views = self.views();
        match Host::ALL.into_iter().find(|host| host.name() == name) {
            Some(host) => self.list(ListKind::Host(host), None),
            None => match name {
                "origins" => HashedValue::of(&views.origins()),
                "comparison" => HashedValue::of(&views.comparison(None)),
                "contributions" => HashedValue::of(&views.map()),
                _ => HashedValue::of(&views.home()),
            },
        }
    }

    /// A list, whole or with these entries.
    fn list(&self, kind: ListKind<'_>, entries: Option<&[Entry]>) -> HashedValue {
        let views = self.views();
        match kind {
            ListKind::Host(Host::Timeline) => HashedValue::of(&views.timeline(None, entries)),
            ListKind::Host(Host::Claims) => HashedValue::of(&views.ledger(entries)),
            ListKind::Host(Host::Sources) => HashedValue::of(&views.sources(entries)),
            ListKind::Host(Host::Disagreements) => HashedValue::of(&views.disagreements(entries)),
            ListKind::Host(Host::Entities) => HashedValue::of(&views.entities(entries)),
            ListKind::Host(Host::Search) => HashedValue::of(&views.search(entries)),
            ListKind::Host(Host::Corrections) => HashedValue::of(&views.corrections(entries)),
            ListKind::Topic(topic) => HashedValue::of(&views.timeline(Some(topic), entries)),
            ListKind::Source(id) => {
                HashedValue::of(&self.linked.ledger.source(id).map(|source| views.source(source, entries)))
            }
        }
    }

    /// Renders one page.
    ///
    /// # Errors
    /// What its template or a component says, with the place.
    pub fn render(&self, id: PageId, body: &Body) -> Result<Rendered, Box<Diagnostic>> {
        self.begin(id).ready().render(body)
    }

    /// The text of a page alone, for readers of the feed: links to other pages are full addresses below `base`.
    ///
    /// # Errors
    /// What a component says, with the place.
    pub fn content(&self, id: PageId, body: &Body, base: &str) -> Result<String, Box<Diagnostic>> {
        let (metadata, views) = (&self.linked.page(id).metadata, self.views());
        let (numbers, _) = Numbers::of(metadata, views);
        let links = self.resolve_links(id);
        let mut content = String::with_capacity(body.html.len() * 5 / 4);
        let filler = BodyFiller { renderer: self, views, metadata, root: base, links: &links, numbers: &numbers };
        filler.fill(body, &mut content)?;
        Ok(content)
    }

    /// A page of which nothing is known yet but where its links lead.
    pub fn begin(&self, id: PageId) -> Begun<'_> {
        let links = self.resolve_links(id);
        Begun::Linked { renderer: self, id, links, wanted: self.wanted(id) }
    }

    /// A page with all that it shows, before its body is filled in.
    pub(super) fn ready(&self, id: PageId, links: Vec<ResolvedLink>, wanted: Vec<Wanted>) -> Ready<'_> {
        let page = self.linked.page(id);
        let (numbers, references) = Numbers::of(&page.metadata, self.views());
        let mut view = self.page_view(id, references);
        view.json_ld = safe(&super::json_ld::of_page(self.views(), id, &view));
        Ready { renderer: self, id, page, links, numbers, view, wanted }
    }

    fn page_view(&self, id: PageId, references: Vec<super::view::ReferenceView>) -> PageView {
        let page = self.linked.page(id);
        let image = page.metadata.front.image.as_ref().map(|image| {
            let link = self.resolve_link(&page.metadata, image);
            let alt = page.metadata.front.image_alt.clone().unwrap_or_default();
            PictureView { width: link.size.map(|s| s.0), height: link.size.map(|s| s.1), href: link.href, alt }
        });
        self.views().page(id, references, image)
    }

    /// The variables, besides `root`, `lang`, `site` and `page`, that the page's template names.
    pub(super) fn wanted(&self, id: PageId) -> Vec<Wanted> {
        let page = self.linked.page(id);
        let names = self.templates.wants(&page.template);
        let wants = |name: &str| names.is_some_and(|names| names.contains(name));
        // A list that is shown here alone: of a topic or a source, or a part.
        let own = self.linked.list_here(id).and_then(|here| match here.kind {
            ListKind::Host(host) => here.entries.is_some().then_some((host.name(), here)),
            ListKind::Topic(_) => Some(("timeline", here)),
            ListKind::Source(_) => Some(("source", here)),
        });
        let shared = self.common.shared.iter();
        let shared = shared.filter(|(name, _)| wants(name) && own.is_none_or(|(own, _)| own != **name));
        let mut wanted: Vec<_> = shared.map(|(name, shown)| (*name, shown.get(|| self.shown(name)).clone())).collect();
        if let Some((name, here)) = own {
            wanted.push((name, self.list(here.kind, here.entries)));
        }
        if wants("parts") {
            wanted.push(("parts", HashedValue::of(&self.views().parts(id))));
        }
        if let Subject::Claim(id) | Subject::Embed(id) = &page.subject
            && let Some(claim) = self.linked.ledger.claim(id)
        {
            wanted.push(("claim", HashedValue::of(&self.views().claim_page(claim))));
        }
        let topic = match &page.subject {
            Subject::Topic(topic) => Some(topic.as_str()),
            _ => page.metadata.front.topic.as_deref(),
        };
        if wants("topic")
            && let Some((name, shown)) = topic.and_then(|topic| self.common.topics.get_key_value(topic))
            && let Some(shown) = shown.get(|| self.views().topic(name).map(|topic| HashedValue::of(&topic)))
        {
            wanted.push(("topic", shown.clone()));
        }
        wanted
    }

    /// What stands before every address on the page. Only the 404 page, which hosts show at any depth, needs the full
    /// path from the host's root; it is known where `base_url` is.
    pub(super) fn root(&self, id: PageId) -> String {
        let page = self.linked.page(id);
        match (&page.subject, self.linked.config.base_url()) {
            (Subject::NotFound, Some(base)) => base_path(base).to_owned(),
            _ => root_from(&page.output),
        }
    }
}

/// A page of which something was made for its key.
pub enum Begun<'r> {
    /// Where its links lead, and what its template names besides the page.
    #[expect(missing_docs, reason = "the names say it")]
    Linked { renderer: &'r Renderer, id: PageId, links: Vec<ResolvedLink>, wanted: Vec<Wanted> },
    /// All that it shows.
    Ready(Box<Ready<'r>>),
}

impl<'r> Begun<'r> {
    /// The page with all that it shows.
    pub fn ready(self) -> Ready<'r> {
        match self {
            Self::Linked { renderer, id, links, wanted } => renderer.ready(id, links, wanted),
            Self::Ready(ready) => *ready,
        }
    }
}

/// A page with all that it shows, before its body is filled in.
pub struct Ready<'r> {
    renderer: &'r Renderer,
    id: PageId,
    page: &'r Page,
    links: Vec<ResolvedLink>,
    numbers: Numbers,
    view: PageView,
    wanted: Vec<Wanted>,
}

impl Ready<'_> {
    /// Writes down, as hashes, what it shows besides its body and what the whole site shares.
    pub(super) fn put(&self, all: &mut Vec<u8>) {
        all.extend_from_slice(HashedValue::hash_of(&(&self.view, &self.links)).bytes());
        put_wanted(&self.wanted, all);
    }

    /// Renders the page.
    ///
    /// # Errors
    /// What its template or a component says, with the place.
    pub fn render(self, body: &Body) -> Result<Rendered, Box<Diagnostic>> {
        let Self { renderer, id, page, links, numbers, mut view, wanted } = self;
        let root = renderer.root(id);
        let filler = BodyFiller {
            renderer,
            views: renderer.views(),
            metadata: &page.metadata,
            root: &root,
            links: &links,
            numbers: &numbers,
        };
        let mut content = String::with_capacity(body.html.len() * 5 / 4);
        filler.fill(body, &mut content)?;
        view.content = safe(&content);
        let mut context = Context::new();
        context.insert_value("page", Value::from_serializable(&view));
        context.insert_value("site", renderer.common.site.value.clone());
        context.insert_value("root", Value::from(root.as_str()));
        context.insert_value("lang", Value::from(renderer.linked.config.language.as_str()));
        for (name, shown) in wanted {
            context.insert_value(name, shown.value);
        }
        let bytes = renderer.templates.render(&page.template, &context).map_err(|problem| blame(*problem, page))?;
        let role = if page.output.as_str() == "index.html" { Role::Home } else { Role::Page };
        let noted = body.is_listed.then(|| filler.noted(body, &content, &bytes)).flatten();
        Ok(Rendered { path: page.output.clone(), role, bytes, noted })
    }
}

/// The path of a full address: `/deal/` of `https://example.org/deal/`.
pub fn base_path(base: &str) -> &str {
    base.split_once("://").and_then(|(_, rest)| rest.find('/').map(|at| &rest[at..])).unwrap_or("/")
}

fn blame(problem: Diagnostic, page: &Page) -> Box<Diagnostic> {
    Box::new(problem.label(page.metadata.front_span("template"), format!("while rendering `{}`", page.file())))
}
