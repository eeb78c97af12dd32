//! Who is where: no two outputs have one address, and former addresses lead where there is nothing else.

use std::borrow::Cow;
use std::collections::BTreeMap;

use rustc_hash::{FxBuildHasher, FxHashMap};

use crate::config::{Config, Globs};
use crate::diag::{Diagnostic, Diagnostics};
use crate::source::{SitePath, Span};

use super::{Address, Page, PageId, Site, Subject, decode, has_scheme, is_fingerprinted};

/// A file that leads from a former address to a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Redirect {
    /// The page.
    pub page: PageId,
    /// The former address below the top of the site, not percent-encoded: `old/`.
    pub from: String,
}

/// What is written to an address.
#[derive(Clone, Copy)]
enum Owner<'s> {
    Page(&'s Page),
    File(&'s SitePath),
}

/// Outputs by a form that is the same for addresses which differ only in case or accents: hosts, and disks, disagree on
/// those.
type Owners<'s> = FxHashMap<Cow<'s, str>, Owner<'s>>;

/// Says which outputs would have one address, and gives the redirects that remain: a page or a file comes before them.
pub(super) fn check<'s>(site: &'s Site, problems: &mut Diagnostics) -> BTreeMap<SitePath, Redirect> {
    let mut owners = Owners::with_capacity_and_hasher(site.pages.len() + site.files.content.len(), FxBuildHasher);
    let mut add = |folded: Cow<'s, str>, owner: Owner<'s>| {
        if let Some(first) = owners.insert(folded, owner) {
            problems.push(clash(first, owner));
        }
    };
    site.pages.iter().for_each(|page| add(page.output.folded(), Owner::Page(page)));
    let prints = Globs::new(&site.config.output.fingerprint);
    for file in site.files.content.iter().chain(&site.files.fixed) {
        let folded = file.folded();
        // A file that gets its hash into its name shares an address with none but its like.
        add(if is_fingerprinted(file, &prints) { folded } else { below_first(folded) }, Owner::File(file));
    }
    redirects(site, &owners, problems)
}

fn below_first(path: Cow<'_, str>) -> Cow<'_, str> {
    match path {
        Cow::Borrowed(path) => path.split_once('/').map_or(path, |(_, below)| below).into(),
        Cow::Owned(path) => path.split_once('/').map_or(path.as_str(), |(_, below)| below).to_owned().into(),
    }
}

fn clash(first: Owner<'_>, second: Owner<'_>) -> Diagnostic {
    let (taken, output) = (first.output(), second.output());
    let alike = match taken == output {
        true => format!("are both written to `{output}`"),
        false => format!("have addresses that differ only in case or accents, `{taken}` and `{output}`"),
    };
    let message = format!("{} and {} {alike}", first.name(), second.name());
    // At a file that there is.
    let (at, other) = if second.is_made() { (first, second) } else { (second, first) };
    let found = Diagnostic::new("address-twice", at.span(), message);
    let found = if other.is_made() { found } else { found.label(other.span(), "the other one") };
    found.hint("rename one of the files, or give a page another `slug`")
}

impl Owner<'_> {
    /// Whether no file of the author's is behind it.
    fn is_made(self) -> bool {
        matches!(self, Self::Page(page) if page.subject != Subject::File)
    }

    fn name(self) -> String {
        match self {
            Self::Page(page) if self.is_made() => format!("the generated page “{}”", page.metadata.title),
            Self::Page(page) => format!("`{}`", page.metadata.path),
            Self::File(file) => format!("`{file}`"),
        }
    }

    fn output(&self) -> &str {
        match self {
            Self::Page(page) => page.output.as_str(),
            Self::File(file) => file.as_str().split_once('/').map_or(file.as_str(), |(_, below)| below),
        }
    }

    /// Why an alias of a page that would be written to `output` has no effect, after "the alias …".
    fn holds(self, output: &SitePath, page: &Page) -> String {
        let (there, name) = (self.output(), self.name());
        match self {
            Self::Page(own) if std::ptr::eq(own, page) => "is the address of the page itself".to_owned(),
            _ if there == output.as_str() => format!("is the address of {name}"),
            _ => format!("differs only in case or accents from `{there}`, the address of {name}"),
        }
    }

    fn span(self) -> Span {
        match self {
            Self::Page(page) => page.metadata.front_span("slug"),
            Self::File(file) => Span::file(file),
        }
    }
}

fn redirects(site: &Site, owners: &Owners<'_>, problems: &mut Diagnostics) -> BTreeMap<SitePath, Redirect> {
    let mut redirects: BTreeMap<SitePath, Redirect> = BTreeMap::new();
    // Former addresses by the same form as the others.
    let mut taken: FxHashMap<String, PageId> = FxHashMap::default();
    for id in site.ids() {
        let card = &site.page(id).metadata;
        for alias in &card.front.aliases {
            let tell = |code, message: String| Diagnostic::new(code, card.front_span("aliases"), message);
            let (output, from) = match former(alias, &site.config) {
                Ok(found) => found,
                Err((reason, hint)) => {
                    let message = format!("the alias `{alias}` cannot lead here: {reason}");
                    problems.push(tell("bad-address", message).hint(hint));
                    continue;
                }
            };
            let folded = output.folded().into_owned();
            problems.push(match (owners.get(&*folded), taken.insert(folded, id)) {
                (Some(owner), _) => {
                    let whose = owner.holds(&output, site.page(id));
                    tell("unused-alias", format!("the alias `{alias}` {whose}")).hint("it has no effect; remove it")
                }
                (None, Some(first)) if first != id => {
                    let other = &site.page(first).metadata;
                    let message = format!("the alias `{alias}` would lead to `{}` and to `{}`", other.path, card.path);
                    let found = tell("address-twice", message).label(other.front_span("aliases"), "the other one");
                    found.hint("keep it on one of the two pages")
                }
                (None, Some(_)) => {
                    tell("unused-alias", format!("the alias `{alias}` is listed twice")).hint("remove one of the two")
                }
                (None, None) => {
                    redirects.insert(output, Redirect { page: id, from });
                    continue;
                }
            });
        }
    }
    redirects
}

/// The output that answers at a former address, and that address below the top of the site; or why no file can answer
/// there, and what to write.
fn former(alias: &str, config: &Config) -> Result<(SitePath, String), (&'static str, &'static str)> {
    const PATH: &str = "write it as a path within the site, such as `old/name.html`";
    let own = config.base_url().and_then(|base| alias.strip_prefix(base));
    let path = match own {
        Some(below) => below,
        None if has_scheme(alias) || alias.starts_with("//") => {
            return Err(("it is an address of another site", "move that address on the other site itself"));
        }
        None => alias.trim_start_matches('/'),
    };
    if path.contains('?') {
        return Err(("a query does not choose a file", "redirect it by a rule of the host"));
    }
    if path.contains('#') {
        return Err((
            "the part after `#` never reaches a host",
            "give a heading this anchor, as in `## Title {#name}`",
        ));
    }
    let path = decode(path).ok_or(("its percent-encoding is not UTF-8", PATH))?;
    if path.contains(|char: char| char.is_control() || char == '\\') {
        return Err(("it holds a character that no address has", PATH));
    }
    let output = match path.as_str() {
        folder if folder.is_empty() || folder.ends_with('/') => SitePath::new(&format!("{folder}index.html")),
        file if file.ends_with(".html") || file.ends_with(".htm") => SitePath::new(file),
        file if is_other_kind(file) => {
            return Err(("hosts do not show a file of this kind as a page", "redirect it by a rule of the host"));
        }
        bare => Address::of(bare, config.output.urls).map(|address| address.output),
    };
    output.map(|output| (output, path)).map_err(|_| ("it leads out of the site", PATH))
}

/// Whether the last part ends in what names a kind of file, `feed.xml` or `old.php`, and not in a number such as `v1.2`.
fn is_other_kind(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    let kind = name.rsplit_once('.').map_or("", |(_, kind)| kind);
    (2..=5).contains(&kind.len()) && kind.bytes().all(|byte| byte.is_ascii_alphabetic())
}
