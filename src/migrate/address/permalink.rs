//! Patterns of addresses.

use super::super::old_site::{OldSite, Slugify, join};
use super::super::pages::{Page, Role};
use super::super::slugs::Anchors;
use super::super::{Generator, values};
use super::undated;

/// Expands a permalink of Eleventy; `None` if it uses unknown values or filters.
pub(super) fn eleventy(pattern: &str, page: &Page) -> Option<String> {
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
            name => values::text_at(&page.values, name)?,
        };
        out.push_str(before);
        out.push_str(&match filters {
            [] => value,
            ["slug" | "slugify"] => Anchors::Ascii.slug(&value),
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

/// Fills the placeholders of a permalink, `:name` or `{name}`; `None` if one is unknown.
pub(super) fn expand(pattern: &str, site: &OldSite, page: &Page) -> Option<String> {
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
        Generator::MkDocs => Anchors::Python.slug(text),
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

/// The pattern of one of Jekyll's named styles.
pub(super) fn style(name: &str) -> &str {
    match name {
        "date" => "/:categories/:year/:month/:day/:title:output_ext",
        "pretty" => "/:categories/:year/:month/:day/:title/",
        "ordinal" => "/:categories/:year/:y_day/:title:output_ext",
        "weekdate" => "/:categories/:year/W:week/:short_day/:title:output_ext",
        "none" => "/:categories/:title:output_ext",
        pattern => pattern,
    }
}
