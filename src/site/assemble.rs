//! Which pages there are: one for each content file that is in, and those made from folders, topics and the ledger.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rayon::prelude::*;
use rustc_hash::{FxBuildHasher, FxHashMap, FxHashSet};

use crate::diag::{Diagnostic, Diagnostics, Names};
use crate::parse::{Day, PageMetadata};
use crate::source::SitePath;

use super::{Address, Hidden, Host, Page, PageId, Parts, Site, Subject, addresses, topic_file, topic_files};

/// All pages with their addresses, not yet in order.
pub(super) fn pages(parts: Parts<'_>, problems: &mut Diagnostics) -> Site {
    let Parts { config, ledger, all_metadata, files, templates, parted, today, drafts } = parts;
    let mut site = Site {
        config,
        ledger,
        pages: Vec::with_capacity(all_metadata.len() + 64),
        files,
        by_file: Arc::default(),
        hidden: Arc::default(),
        hosts: Arc::default(),
        lists: Arc::default(),
        redirects: Arc::default(),
        backlinks: Arc::default(),
        cited_on: Arc::default(),
        showing: Arc::default(),
        topics: Arc::default(),
        indexes: Arc::default(),
    };
    let numbered = (0..).zip(&site.config.topics).map(|(number, topic)| (topic.id.to_string(), number));
    site.topics = Arc::new(numbered.collect());
    let topics = topic_files(&site.config);
    let files = FxHashSet::with_capacity_and_hasher(all_metadata.len() + 64, FxBuildHasher);
    let mut draft = Draft { site: &mut site, problems, templates, topics, files };
    let mut out = BTreeMap::new();
    let placed = |metadata: Arc<PageMetadata>| match hidden(&metadata, today, drafts) {
        Some(why) => Err((metadata.path.clone(), why)),
        None => Ok(draft.place(metadata, Subject::File)),
    };
    let placed: Vec<_> = all_metadata.into_par_iter().with_min_len(256).map(placed).collect();
    for placed in placed {
        match placed {
            Err((path, why)) => _ = out.insert(path, why),
            Ok(placed) => draft.add(placed),
        }
    }
    draft.site.hidden = Arc::new(out);
    draft.topics();
    draft.hosts();
    draft.folders();
    draft.not_found();
    draft.navigation();
    site.pages.sort_by(|a, b| a.metadata.path.cmp(&b.metadata.path));
    site.by_file = Arc::new(site.ids().map(|id| (site.page(id).metadata.path.clone(), id)).collect());
    let hosts = Host::ALL.into_iter().filter_map(|host| {
        let template = host.template();
        let is_host = |page: &&Page| page.template == template && !matches!(page.subject, Subject::TopicTimeline(_));
        let page = site.pages.iter().find(is_host)?;
        Some((host, site.find(&page.metadata.path)?))
    });
    site.hosts = Arc::new(hosts.collect());
    parts_of_sections(&mut site);
    super::lists::cut(&mut site, |template| parted.contains(template));
    site.redirects = Arc::new(addresses::check(&site, problems));
    site
}

fn hidden(metadata: &PageMetadata, today: Day, drafts: bool) -> Option<Hidden> {
    let front = &metadata.front;
    if front.draft && !drafts {
        Some(Hidden::Draft)
    } else if front.date.is_some_and(|date| date > today) && !drafts {
        Some(Hidden::Future)
    } else if front.expires.is_some_and(|day| day <= today) {
        Some(Hidden::Expired)
    } else {
        None
    }
}

struct Draft<'a> {
    site: &'a mut Site,
    problems: &'a mut Diagnostics,
    templates: &'a BTreeSet<String>,
    /// The files of the pages of topics, named below `content`.
    topics: FxHashSet<String>,
    /// The files of all pages so far.
    files: FxHashSet<SitePath>,
}

/// A page with its address, or what keeps it from having one.
struct Placed {
    file: SitePath,
    page: Option<Page>,
    problems: Diagnostics,
}

/// Whether a slug gives the file of a page a name: no part of it is empty, hidden or leads elsewhere.
fn is_slug(slug: &str) -> bool {
    slug.split('/').all(|part| !part.is_empty() && !part.starts_with('.') && !part.contains(['?', '#', '\\']))
}

impl Draft<'_> {
    fn add(&mut self, Placed { file, page, problems }: Placed) {
        self.files.insert(file);
        self.site.pages.extend(page);
        self.problems.extend(problems);
    }

    /// Says where a page ends up; of other pages it asks nothing.
    fn place(&self, metadata: Arc<PageMetadata>, subject: Subject) -> Placed {
        let mut problems = Diagnostics::default();
        let name = metadata.path.clone();
        let file = name.below("content").unwrap_or(name.as_str());
        let stem = file.strip_suffix(".md").unwrap_or(file);
        let path: Cow<'_, str> = match (&metadata.front.slug, stem.rsplit_once('/')) {
            (Some(slug), Some((folder, _))) => format!("{folder}/{slug}").into(),
            (Some(slug), None) => slug.clone().into(),
            (None, _) => stem.into(),
        };
        if let Some(slug) = metadata.front.slug.as_deref().filter(|slug| !is_slug(slug)) {
            let message = format!("`{}` is not a valid slug", slug.escape_debug());
            let found = Diagnostic::new("bad-address", metadata.front_span("slug"), message);
            problems.push(found.hint("write a name such as `cloud`, without empty parts, leading dots, `?` or `#`"));
            return Placed { file: name, page: None, problems };
        }
        let template = self.template(&metadata, &subject, file, &mut problems);
        let page = match Address::of(&path, self.site.config.output.urls) {
            Ok(Address { output, href }) => Some(Page {
                metadata,
                subject,
                output,
                href,
                template,
                parent: None,
                children: Vec::new(),
                previous: None,
                next: None,
                parts: Vec::new(),
                anchors: Arc::default(),
            }),
            Err(error) => {
                let message = format!("the address `{path}` cannot be used: {error}");
                let found = Diagnostic::new("bad-address", metadata.front_span("slug"), message);
                problems.push(found.hint("give the page a `slug` of letters, digits and hyphens"));
                None
            }
        };
        Placed { file: name, page, problems }
    }

    fn template(&self, metadata: &PageMetadata, subject: &Subject, file: &str, problems: &mut Diagnostics) -> String {
        let is_topic = || self.topics.contains(file);
        let name = match (&metadata.front.template, subject) {
            (Some(name), _) => format!("{}.html", name.strip_suffix(".html").unwrap_or(name)),
            (None, Subject::Host(host)) => host.template(),
            (None, Subject::Source(_)) => "source.html".to_owned(),
            (None, Subject::Claim(_)) => "claim.html".to_owned(),
            (None, Subject::Embed(_)) => "embed.html".to_owned(),
            (None, Subject::TopicTimeline(_)) => "timeline.html".to_owned(),
            (None, Subject::NotFound) => "404.html".to_owned(),
            (None, Subject::Topic(_)) => "topic.html".to_owned(),
            (None, Subject::File | Subject::Folder) if file == "index.md" => "home.html".to_owned(),
            (None, Subject::Folder | Subject::Part(_) | Subject::ListPart(_)) => "section.html".to_owned(),
            (None, Subject::File) if file == "404.md" => "404.html".to_owned(),
            (None, Subject::File) if is_topic() => "topic.html".to_owned(),
            (None, Subject::File) if file.ends_with("/index.md") => "section.html".to_owned(),
            (None, Subject::File) => "page.html".to_owned(),
        };
        if !self.templates.contains(&name) {
            let message = format!("there is no template `templates/{name}`");
            let mut found = Diagnostic::new("missing-template", metadata.front_span("template"), message);
            if let Some(near) = crate::diag::did_you_mean(&name, self.templates.iter().map(String::as_str)) {
                found = found.hint(format!("did you mean `{}`?", near.trim_end_matches(".html")));
            }
            problems.push(found);
        }
        name
    }

    fn has(&self, file: &str) -> bool {
        SitePath::new(&format!("content/{file}")).is_ok_and(|path| self.files.contains(&path))
    }

    fn generated(&mut self, file: &str, title: &str, subject: Subject) {
        if let Ok(path) = SitePath::new(&format!("content/{file}"))
            && !self.files.contains(&path)
        {
            self.add(self.place(Arc::new(PageMetadata::generated(path, title)), subject));
        }
    }

    /// A page for each topic that has none, where pages name the topic.
    fn topics(&mut self) {
        let config = self.site.config.clone();
        let named: FxHashSet<String> =
            self.site.pages.iter().filter_map(|page| page.metadata.front.topic.clone()).collect();
        for topic in &config.topics {
            let file = topic_file(topic);
            let is_named = named.contains(topic.id.as_str());
            if topic.page.is_none() && self.templates.contains("topic.html") && is_named {
                self.generated(&file, &topic.title, Subject::Topic(topic.id.to_string()));
            } else if topic.page.is_some() && !self.has(&file) {
                let at = topic.page.as_ref().and_then(|page| config.places.span(page.node));
                let message =
                    format!("the topic `{}` names the page `{file}`, which does not exist", topic.id.as_str());
                self.problems.push(Diagnostic::new("missing-page", at, message));
            }
        }
    }

    /// A host for each view of the ledger that has something to show, and the pages below it.
    fn hosts(&mut self) {
        let ledger = self.site.ledger.clone();
        let corrected = self.site.pages.iter().any(|page| !page.metadata.front.corrections.is_empty());
        for host in Host::ALL {
            let wanted = match host {
                Host::Timeline => !ledger.events.is_empty(),
                Host::Claims => !ledger.claims.is_empty(),
                Host::Sources => !ledger.sources.is_empty(),
                Host::Disagreements => !ledger.disagreements.is_empty(),
                Host::Entities => !ledger.entities.is_empty(),
                Host::Search => self.site.config.output.search,
                Host::Corrections => corrected || !ledger.claims.is_empty(),
            };
            let template = host.template();
            let hosted = || self.site.pages.iter().any(|page| page.template == template);
            if wanted && self.templates.contains(&template) && !hosted() {
                self.host(host, template);
            }
        }
        if self.templates.contains("source.html") {
            for (id, slug, name) in ledger.source_pages() {
                self.generated(&format!("sources/{slug}.md"), name, Subject::Source(id.to_owned()));
            }
        }
        if self.site.config.output.claim_pages {
            self.claims(&ledger);
        }
        self.topic_timelines(&ledger);
    }

    /// The page of each claim, and the one for frames.
    fn claims(&mut self, ledger: &crate::evidence::Ledger) {
        for (folder, subject) in [("claims", Subject::Claim as fn(String) -> Subject), ("embed", Subject::Embed)] {
            for claim in &ledger.claims {
                self.generated(&format!("{folder}/{}.md", *claim.id), &claim.statement, subject(claim.id.to_string()));
            }
        }
    }

    /// The page of this name that leaves its template open; else one that is made up, under the next free name.
    fn host(&mut self, host: Host, template: String) {
        let (title, file) = host.fallback();
        let own = self.site.pages.iter_mut().find(|page| page.file() == file && page.metadata.front.template.is_none());
        match own {
            Some(page) => page.template = template,
            None => {
                let others = (1..).map(|number| format!("{}-{number}.md", file.trim_end_matches(".md")));
                let free = std::iter::once(file.to_owned()).chain(others).find(|file| !self.has(file));
                self.generated(&free.unwrap_or_default(), title, Subject::Host(host));
            }
        }
    }

    fn topic_timelines(&mut self, ledger: &crate::evidence::Ledger) {
        let Some(timeline) = self.site.pages.iter().find(|page| page.template == "timeline.html") else { return };
        let (stem, title) = (timeline.file().trim_end_matches(".md").to_owned(), timeline.metadata.title.clone());
        let config = self.site.config.clone();
        for topic in &config.topics {
            if ledger.events_of_topic(&topic.id).next().is_some() {
                let file = format!("{stem}/{}.md", topic.id.as_str());
                self.generated(
                    &file,
                    &format!("{title}: {}", topic.title),
                    Subject::TopicTimeline(topic.id.to_string()),
                );
            }
        }
    }

    /// An index for every folder of content files that has none, and a home page.
    fn folders(&mut self) {
        let (mut folders, mut last) = (BTreeSet::new(), "");
        for page in self.site.pages.iter().filter(|page| page.subject == Subject::File) {
            // Neighbours mostly lie in one folder.
            if std::mem::replace(&mut last, page.metadata.path.folder()) == last {
                continue;
            }
            let mut folder = page.file();
            while let Some((above, _)) = folder.rsplit_once('/') {
                if folders.contains(above) {
                    break;
                }
                folders.insert(above.to_owned());
                folder = above;
            }
        }
        if self.templates.contains("home.html") && !self.site.pages.is_empty() {
            let title = self.site.config.title.value.clone();
            self.generated("index.md", &title, Subject::Folder);
        }
        for folder in folders {
            let title = crate::parse::title_from_name(folder.rsplit('/').next().unwrap_or(&folder));
            self.generated(&format!("{folder}/index.md"), &title, Subject::Folder);
        }
    }

    /// Every page that the navigation names must be there.
    fn navigation(&mut self) {
        let config = self.site.config.clone();
        let mut files: Option<Names> = None;
        for item in &config.nav {
            if self.has(&item.page) {
                continue;
            }
            let message = format!("the navigation names the page `{}`, which does not exist", item.page.as_str());
            let found = Diagnostic::new("missing-page", config.places.span(item.page.node), message);
            let files = files.get_or_insert_with(|| self.site.pages.iter().map(Page::file).collect());
            self.problems.push(match files.nearest(&item.page) {
                Some(near) => found.hint(format!("did you mean `{near}`?")),
                None => found.hint("name a file below `content`, such as `cloud.md`"),
            });
        }
    }

    fn not_found(&mut self) {
        if self.templates.contains("404.html") {
            self.generated("404.md", "Page not found", Subject::NotFound);
        }
        for page in &mut self.site.pages {
            if page.output.as_str() == "404.html" {
                page.subject = Subject::NotFound;
            }
        }
    }
}

/// Parts a section's list that is longer than `content.paginate`.
fn parts_of_sections(site: &mut Site) {
    let per_part = site.config.content.paginate.value.max(1);
    let mut counts: FxHashMap<String, usize> = FxHashMap::default();
    for page in &site.pages {
        let file = page.file().strip_suffix("/index.md").unwrap_or(page.file());
        if page.file() != "index.md"
            && !matches!(page.subject, Subject::NotFound | Subject::Source(_) | Subject::Claim(_) | Subject::Embed(_))
        {
            let folder = file.rsplit_once('/').map_or("", |(folder, _)| folder);
            match counts.get_mut(folder) {
                Some(count) => *count += 1,
                None => _ = counts.insert(folder.to_owned(), 1),
            }
        }
    }
    let mut sections: Vec<_> =
        counts.into_iter().filter(|(folder, count)| !folder.is_empty() && *count > per_part).collect();
    sections.sort();
    for (folder, count) in sections {
        let Some(section) = site.find_content(&format!("{folder}/index.md")) else { continue };
        let (title, template) = (site.page(section).metadata.title.clone(), site.page(section).template.clone());
        let mut parts = vec![section];
        for number in 2..=count.div_ceil(per_part) {
            let Ok(path) = SitePath::new(&format!("content/{folder}/page/{number}.md")) else { continue };
            let Ok(address) = Address::of(&format!("{folder}/page/{number}"), site.config.output.urls) else {
                continue;
            };
            parts.push(PageId(site.pages.len() as u32));
            Arc::make_mut(&mut site.by_file).insert(path.clone(), PageId(site.pages.len() as u32));
            site.pages.push(Page {
                metadata: Arc::new(PageMetadata::generated(path, &format!("{title}, part {number}"))),
                subject: Subject::Part(number),
                output: address.output,
                href: address.href,
                template: template.clone(),
                parent: None,
                children: Vec::new(),
                previous: None,
                next: None,
                parts: Vec::new(),
                anchors: Arc::default(),
            });
        }
        for part in &parts {
            if let Some(page) = site.pages.get_mut(part.index()) {
                page.parts.clone_from(&parts);
            }
        }
    }
}
