//! The addresses that pages had, and the files of the new site that keep them.

use super::old_site::{OldSite, Scope, Slugify, join};
use super::pages::{Page, Role};
use super::{Generator, values};

/// The file that the old generator wrote for a page, from the top of its site; absent where it cannot be known.
pub(super) fn old_output(site: &OldSite, page: &Page) -> Option<String> {
    match site.generator {
        Generator::Plain | Generator::Obsidian => None,
        Generator::Jekyll => jekyll(site, page),
        Generator::Hugo => hugo(site, page),
        Generator::Zola => zola(site, page),
        Generator::Eleventy => match &page.front.address {
            Some(pattern) => written(&eleventy(pattern, page)?, ""),
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

/// The address as its file has it.
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
        return written(address, "/");
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
        return written(&address, "/");
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
        return written(&expand(style(pattern), site, page)?, ".html");
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
    written(&expand(&pattern, site, page)?, ".html")
}

/// The pattern of one of Jekyll's named styles.
fn style(name: &str) -> &str {
    match name {
        "date" => "/:categories/:year/:month/:day/:title:output_ext",
        "pretty" => "/:categories/:year/:month/:day/:title/",
        "ordinal" => "/:categories/:year/:y_day/:title:output_ext",
        "weekdate" => "/:categories/:year/W:week/:short_day/:title:output_ext",
        "none" => "/:categories/:title:output_ext",
        pattern => pattern,
    }
}

fn permalink<'s>(site: &'s OldSite, scope: &Scope) -> Option<&'s str> {
    site.permalinks.iter().find(|(known, _)| known == scope).map(|(_, pattern)| pattern.as_str())
}

/// Extensions of addresses that are files, and no folders with a dot in their names.
const FILES: [&str; 7] = ["html", "htm", "xml", "json", "txt", "md", "xhtml"];

/// The file of an address; `bare` is what is added to one without a slash or an extension at its end.
fn written(address: &str, bare: &str) -> Option<String> {
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

/// A permalink of Eleventy, where it is text or uses only what is known.
fn eleventy(pattern: &str, page: &Page) -> Option<String> {
    let (mut out, mut rest) = (String::new(), pattern);
    while let Some((before, after)) = rest.split_once("{{") {
        let (call, after) = after.split_once("}}")?;
        let parts: Vec<&str> = call.trim().trim_matches('-').split('|').map(str::trim).collect();
        let (name, filters) = parts.split_first()?;
        let value = match *name {
            "page.fileSlug" => undated(&page.stem).to_owned(),
            "page.filePathStem" => format!("/{}", join(&page.folder, &page.stem)),
            "title" => page.front.title.clone()?,
            "page.date" => page.front.date?.to_string(),
            name => values::word(&page.values, name)?,
        };
        out.push_str(before);
        out.push_str(&match filters {
            [] => value,
            ["slug" | "slugify"] => super::slugs::Anchors::Ascii.slug(&value),
            [format] if *name == "page.date" => {
                let format = format.strip_prefix("date:")?.trim().trim_matches(['"', '\'']);
                jiff::fmt::strtime::format(format, page.front.date?).ok()?
            }
            _ => return None,
        });
        rest = after;
    }
    out.push_str(rest);
    (!out.contains("{%")).then_some(out)
}

/// Fills the placeholders of a permalink, `:name` or `{name}`; absent where one is not known.
fn expand(pattern: &str, site: &OldSite, page: &Page) -> Option<String> {
    let (mut out, mut rest) = (String::new(), pattern);
    while let Some(at) = rest.find([':', '{']) {
        out.push_str(rest.get(..at)?);
        let is_brace = rest.get(at..)?.starts_with('{');
        let name = rest.get(at + 1..)?;
        let end = name.find(|c: char| !c.is_ascii_lowercase() && c != '_').unwrap_or(name.len());
        out.push_str(&placeholder(name.get(..end)?, site, page)?);
        rest = name.get(end..)?;
        if is_brace {
            rest = rest.strip_prefix('}')?;
        }
    }
    out.push_str(rest);
    let parts: Vec<&str> = out.split('/').filter(|part| !part.is_empty()).collect();
    let end = if out.ends_with('/') && !parts.is_empty() { "/" } else { "" };
    Some(parts.join("/") + end)
}

fn placeholder(name: &str, site: &OldSite, page: &Page) -> Option<String> {
    let front = &page.front;
    let titled = |text: &str| match site.generator {
        Generator::Hugo => site.slugify.part(text),
        Generator::MkDocs => super::slugs::Anchors::Python.slug(text),
        _ => Slugify::Spaces.part(text),
    };
    let stem = match page.role {
        Role::Bundle => page.folder.rsplit('/').next().unwrap_or_default(),
        _ => page.stem.as_str(),
    };
    let slug = front.slug.clone();
    Some(match name {
        "year" => format!("{:04}", front.date?.year()),
        "short_year" => format!("{:02}", front.date?.year() % 100),
        "month" => format!("{:02}", front.date?.month()),
        "i_month" => front.date?.month().to_string(),
        "day" => format!("{:02}", front.date?.day()),
        "i_day" => front.date?.day().to_string(),
        "y_day" => format!("{:03}", front.date?.day_of_year()),
        "yearday" => front.date?.day_of_year().to_string(),
        "date" => jiff::fmt::strtime::format("%Y/%m/%d", front.date?).ok()?,
        "monthname" => jiff::fmt::strtime::format("%B", front.date?).ok()?.to_lowercase(),
        "title" if site.generator == Generator::Hugo => titled(front.title.as_deref().unwrap_or(stem)),
        "slug" if site.generator == Generator::MkDocs => slug.unwrap_or_else(|| titled(&page.shown_title())),
        "slug" if site.generator == Generator::Hugo => {
            slug.unwrap_or_else(|| titled(front.title.as_deref().unwrap_or(stem)))
        }
        "title" | "slug" => slug.unwrap_or_else(|| titled(stem)),
        "slugorfilename" | "slugorcontentbasename" => titled(&slug.unwrap_or_else(|| stem.to_owned())),
        "filename" | "contentbasename" | "name" | "basename" => titled(stem),
        "section" => site.slugify.part(page.folder.split('/').next().unwrap_or_default()),
        "sections" => {
            let folder = if page.role == Role::Bundle {
                page.folder.rsplit_once('/').map_or("", |(above, _)| above)
            } else {
                &page.folder
            };
            site.slugify.path(folder)
        }
        "categories" => {
            let own = front.tags.iter().filter(|(key, _)| key == "categories").map(|(_, word)| word.to_lowercase());
            own.map(|word| Slugify::Spaces.part(&word)).collect::<Vec<_>>().join("/")
        }
        "collection" => page.prefix.clone(),
        "path" => join(&page.folder, if page.role == Role::Index { "" } else { &page.stem }),
        "output_ext" => ".html".to_owned(),
        _ => return None,
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

/// An address without what hosts and generators write in several ways, to compare it with others.
pub(super) fn normal(output: &str) -> String {
    let path = output.trim_start_matches('/').trim_end_matches('/');
    let path = path.strip_suffix(".html").or_else(|| path.strip_suffix(".htm")).unwrap_or(path);
    path.strip_suffix("/index").unwrap_or(if path == "index" { "" } else { path }).to_owned()
}
