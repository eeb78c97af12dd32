//! The addresses that pages had, and the files of the new site that keep them.

mod permalink;

use super::Generator;
use super::old_site::{OldSite, Scope, join};
use super::pages::{Page, Role};

use permalink::{eleventy, expand, style};

/// The file that the old generator wrote for a page, from the top of its site; `None` if that is unknown.
pub(super) fn old_output(site: &OldSite, page: &Page) -> Option<String> {
    match site.generator {
        Generator::Plain | Generator::Obsidian => None,
        Generator::Jekyll => jekyll(site, page),
        Generator::Hugo => hugo(site, page),
        Generator::Zola => zola(site, page),
        Generator::Eleventy => match &page.front.address {
            Some(pattern) => output_of_address(&eleventy(pattern, page)?, ""),
            None => Some(by_path(site, page)),
        },
        Generator::MkDocs if page.scope == Scope::Posts => {
            let pattern = permalink(site, &Scope::Posts)?;
            let address = join(&page.prefix, &expand(pattern, site, page)?);
            Some(format!("{address}/index.html"))
        }
        Generator::MdBook | Generator::MkDocs | Generator::Quarto => Some(by_path(site, page)),
    }
}

/// The output path according to the path of the source file.
fn by_path(site: &OldSite, page: &Page) -> String {
    let folder = join(&page.prefix, &page.folder);
    match page.role {
        Role::Index | Role::Bundle => join(&folder, "index.html"),
        Role::Leaf | Role::Resource => leaf(site.folder_urls, &join(&folder, &page.stem)),
    }
}

fn leaf(folder_urls: bool, path: &str) -> String {
    if folder_urls && path != "404" { format!("{path}/index.html") } else { format!("{path}.html") }
}

fn zola(site: &OldSite, page: &Page) -> Option<String> {
    if let Some(address) = &page.front.address {
        return output_of_address(address, "/");
    }
    let folder = join(&page.prefix, &site.slugify.path(&page.folder));
    let slug = page.front.slug.clone();
    Some(match page.role {
        Role::Index => join(&folder, "index.html"),
        Role::Bundle => {
            let (above, own) = folder.rsplit_once('/').unwrap_or(("", &folder));
            let own = undated(own).to_owned();
            leaf(true, &join(above, &slug.unwrap_or(own)))
        }
        Role::Leaf | Role::Resource => {
            leaf(true, &join(&folder, &slug.unwrap_or_else(|| site.slugify.part(&page.stem))))
        }
    })
}

fn undated(name: &str) -> &str {
    let rest = name.split_at_checked(10).filter(|(day, _)| day.parse::<jiff::civil::Date>().is_ok());
    rest.and_then(|(_, rest)| rest.strip_prefix(['-', '_'])).filter(|rest| !rest.is_empty()).unwrap_or(name)
}

fn hugo(site: &OldSite, page: &Page) -> Option<String> {
    if let Some(address) = &page.front.address {
        let is_rooted = address.starts_with('/') || address.contains("://");
        let address = if is_rooted { address.clone() } else { join(&page.prefix, address) };
        return output_of_address(&address, "/");
    }
    let folder = site.slugify.path(&page.folder);
    let at = |path: &str| join(&page.prefix, path);
    if page.role == Role::Index {
        return Some(join(&at(&folder), "index.html"));
    }
    let section = page.folder.split('/').next().unwrap_or_default();
    if let Some(pattern) = permalink(site, &Scope::Section(section.to_owned())) {
        return Some(leaf(site.folder_urls, at(&expand(pattern, site, page)?).trim_end_matches('/')));
    }
    let (above, name) = match page.role {
        Role::Bundle => folder.rsplit_once('/').unwrap_or(("", &folder)),
        _ => (folder.as_str(), page.stem.as_str()),
    };
    let name = page.front.slug.as_deref().unwrap_or(name);
    Some(leaf(site.folder_urls, &at(&join(above, &site.slugify.part(name)))))
}

fn jekyll(site: &OldSite, page: &Page) -> Option<String> {
    if let Some(pattern) = &page.front.address {
        return output_of_address(&expand(style(pattern), site, page)?, ".html");
    }
    let style_of_site = permalink(site, &Scope::Pages).unwrap_or("date");
    let suffix = match style_of_site {
        "pretty" => "/",
        pattern if pattern.ends_with('/') => "/",
        _ => ":output_ext",
    };
    let own = permalink(site, &page.scope);
    let pattern = match &page.scope {
        Scope::Posts => style(own.unwrap_or(style_of_site)).to_owned(),
        Scope::Section(name) => own.map_or_else(|| format!("/{name}/:path{suffix}"), |own| style(own).to_owned()),
        Scope::Pages if page.role == Role::Index => format!("{}/", page.folder),
        Scope::Pages => format!("/:path{suffix}"),
    };
    output_of_address(&expand(&pattern, site, page)?, ".html")
}

fn permalink<'s>(site: &'s OldSite, scope: &Scope) -> Option<&'s str> {
    site.permalinks.iter().find(|(known, _)| known == scope).map(|(_, pattern)| pattern.as_str())
}

/// Extensions that mark an address as a file; other names with a dot are folders.
const FILES: [&str; 7] = ["html", "htm", "xml", "json", "txt", "md", "xhtml"];

/// The file of an address; `bare` is what is added to one without a slash or an extension at its end.
fn output_of_address(address: &str, bare: &str) -> Option<String> {
    let path = address.split_once("://").map_or(address, |(_, rest)| rest.split_once('/').map_or("", |(_, path)| path));
    let path = crate::site::decode(path.trim_start_matches('/'))?;
    let name = path.rsplit('/').next().unwrap_or_default();
    Some(match bare {
        _ if name.is_empty() => format!("{path}index.html"),
        _ if name.rsplit_once('.').is_some_and(|(_, end)| FILES.contains(&end)) => path,
        "/" => format!("{path}/index.html"),
        bare => format!("{path}{bare}"),
    })
}

/// The file below `content`, without its extension, for a page with this old address.
pub(super) fn target(site: &OldSite, page: &Page, old: Option<&str>) -> String {
    let Some(old) = old else { return without_address(site, page) };
    let path = old.strip_suffix(".html").unwrap_or(old);
    if path == "index" {
        return path.to_owned();
    }
    let (path, is_folder) = path.strip_suffix("/index").map_or((path, false), |path| (path, true));
    let parts: Vec<&str> = path.split('/').collect();
    // The folders of a date make no sections: the page goes to where its kind is, and the old address leads there.
    let is_number = |part: &&str| matches!(part.len(), 2..=4) && part.bytes().all(|byte| byte.is_ascii_digit());
    let path = if parts.iter().rev().skip(1).any(|part| part.len() == 4 && is_number(part)) {
        let named: Vec<&str> = parts.iter().filter(|part| !is_number(part)).copied().collect();
        let posts = if page.scope == Scope::Posts && page.prefix.is_empty() { "posts" } else { "" };
        join(posts, &named.join("/"))
    } else {
        path.to_owned()
    };
    // Without folder addresses only the index of a folder has the address of one.
    if page.role == Role::Index || (is_folder && !site.folder_urls) { join(&path, "index") } else { path }
}

fn without_address(site: &OldSite, page: &Page) -> String {
    let part = |part: &str| match site.generator {
        Generator::Obsidian => crate::parse::slug(part),
        _ => part.to_owned(),
    };
    let folder: Vec<String> = page.folder.split('/').filter(|name| !name.is_empty()).map(part).collect();
    let name = match page.role {
        Role::Index => "index".to_owned(),
        _ if page.front.slug.is_some() => page.front.slug.clone().unwrap_or_default(),
        _ if page.scope == Scope::Posts || site.generator == Generator::Plain => part(page.source.stem()),
        _ => part(&page.stem),
    };
    let top = if page.scope == Scope::Posts { "posts" } else { page.prefix.as_str() };
    join(&join(top, &folder.join("/")), &name)
}

/// The file that the new site writes for a page of this name.
pub(super) fn new_output(target: &str, folder_urls: bool) -> String {
    let is_index = target == "index" || target.ends_with("/index");
    if is_index { format!("{target}.html") } else { leaf(folder_urls, target) }
}

/// An output path without `index.html`, `.html` and slashes at its ends, for comparisons.
pub(super) fn normal(output: &str) -> String {
    let path = output.trim_start_matches('/').trim_end_matches('/');
    let path = path.strip_suffix(".html").or_else(|| path.strip_suffix(".htm")).unwrap_or(path);
    path.strip_suffix("/index").unwrap_or(if path == "index" { "" } else { path }).to_owned()
}
