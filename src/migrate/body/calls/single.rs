//! Calls without an end: pictures, links, values.

use super::super::super::patterns::Pattern;
use super::super::super::report::Notes;
use super::super::super::{Generator, address, kinds, values};
use super::{Call, Calls, Converter, PAGE_SCHEME};

static ARGUMENT: Pattern =
    Pattern::new(r#"(?:([\w.-]+)\s*=\s*)?(?:"((?:[^"\\]|\\.)*)"|'([^']*)'|`([^`]*)`|([^\s"'`,()]+))"#);

impl Converter<'_> {
    /// Converts a call without an end: a picture, a link, a value.
    pub(super) fn convert_single(&self, call: &Call<'_>, notes: &mut Notes<'_>) -> Option<String> {
        if self.calls == Calls::Liquid && call.open == "{{" {
            return self.output(call.inside.trim().trim_matches('-').trim());
        }
        let given = arguments(call);
        let value =
            |keys: &[&str]| given.iter().find(|(key, _)| keys.contains(&key.as_str())).map(|(_, value)| value.clone());
        let first = || value(&[""]);
        let place = self.text.place(&call.range);
        match (self.calls, call.name) {
            (Calls::Hugo, "ref" | "relref") => Self::reference(&first().or_else(|| value(&["path"]))?),
            (Calls::Liquid, "link" | "post_url") => Self::reference(call.inside.split_whitespace().nth(1)?),
            (Calls::Hugo | Calls::Zola | Calls::Any, "figure" | "img" | "image" | "picture") => {
                let source = value(&["src", "path", "url", "link"]).or_else(first)?;
                let text = |keys: &[&str]| value(keys).map(|text| text.replace(['[', ']', '\n'], " "));
                let alt = text(&["alt", "caption", "title"]).unwrap_or_default();
                let caption = text(&["caption", "title"]).filter(|caption| *caption != alt || !caption.is_empty());
                let caption = caption.map_or_else(String::new, |text| format!(" \"{}\"", text.replace('"', "\\\"")));
                let known = ["src", "path", "url", "alt", "caption", "title", ""];
                for (key, _) in given.iter().filter(|(key, _)| !known.contains(&key.as_str())) {
                    notes.add(kinds::ATTRIBUTES, key.as_str(), place.clone());
                }
                Some(format!("![{alt}](<{source}>{caption})"))
            }
            (Calls::Hugo | Calls::Zola | Calls::Quarto, "youtube" | "vimeo" | "video") => {
                let id = value(&["id", "src", "url"]).or_else(first)?;
                let address = match call.name {
                    _ if id.contains('/') || id.contains(".mp4") || id.contains(".webm") => id,
                    "vimeo" => format!("https://vimeo.com/{id}"),
                    _ => format!("https://www.youtube.com/watch?v={id}"),
                };
                notes.add(kinds::EMBEDS, call.name, place);
                Some(format!("[Video](<{address}>)"))
            }
            (Calls::Hugo, "tweet" | "x" | "twitter") => {
                let (user, id) = (value(&["user"]), value(&["id"]).or_else(first)?);
                notes.add(kinds::EMBEDS, call.name, place);
                Some(format!("[Post](https://x.com/{}/status/{id})", user.as_deref().unwrap_or("i")))
            }
            (Calls::Hugo | Calls::Zola | Calls::Liquid, "gist") => {
                let mut own = given.iter().filter(|(key, _)| key.is_empty()).map(|(_, value)| value.as_str());
                let path = match (value(&["url"]), own.next(), own.next()) {
                    (Some(url), ..) => url,
                    (None, Some(user), Some(id)) => format!("https://gist.github.com/{user}/{id}"),
                    (None, Some(id), None) => format!("https://gist.github.com/{id}"),
                    (None, None, _) => return None,
                };
                notes.add(kinds::EMBEDS, "gist", place);
                Some(format!("[Gist]({path})"))
            }
            (Calls::Hugo, "param") => {
                let key = first()?;
                values::text_at(&self.page.values, &key)
                    .or_else(|| values::text_at(&self.site.values, &format!("params.{key}")))
            }
            (Calls::Quarto, "var") => values::text_at(&self.site.values, &first()?),
            (Calls::Quarto, "meta") => values::text_at(&self.page.values, &first()?),
            (Calls::Quarto, "kbd") => Some(format!("<kbd>{}</kbd>", call.inside.split_once("kbd")?.1.trim())),
            (Calls::Quarto, "pagebreak") => Some(String::new()),
            (Calls::Quarto, "br") => Some("<br>".to_owned()),
            (Calls::Quarto, "fa" | "bi" | "iconify") => {
                notes.add(kinds::ICONS, call.name, place);
                Some(String::new())
            }
            _ => None,
        }
    }

    /// The address of a page that is named by its file.
    fn reference(target: &str) -> Option<String> {
        let (path, fragment) = target.split_at(target.find('#').unwrap_or(target.len()));
        Some(if path.is_empty() { fragment.to_owned() } else { format!("{PAGE_SCHEME}{path}{fragment}") })
    }

    /// The output of `{{ … }}` of Liquid, if it can be computed.
    fn output(&self, expression: &str) -> Option<String> {
        let mut parts = expression.split('|').map(str::trim);
        let base = parts.next()?;
        let filters: Vec<&str> = parts.collect();
        let literal = ['"', '\''].iter().find_map(|quote| base.strip_prefix(*quote)?.strip_suffix(*quote));
        let value = match (literal, base) {
            (Some(text), _) => text.to_owned(),
            (None, "site.baseurl" | "site.url" | "site.github.url") => String::new(),
            (None, "page.url") => {
                let output = address::old_output(self.site, self.page)?;
                format!("/{}", output.strip_suffix("index.html").unwrap_or(&output))
            }
            (None, base) => {
                let site = base.strip_prefix("site.").and_then(|key| values::text_at(&self.site.values, key));
                let page = base.strip_prefix("page.").and_then(|key| values::text_at(&self.page.values, key));
                let bare = || match self.site.generator {
                    Generator::Eleventy => values::text_at(&self.page.values, base),
                    _ => values::text_at(&self.site.values, &format!("extra.{base}")),
                };
                site.or(page).or_else(bare)?
            }
        };
        let is_address = |filter: &&str| {
            matches!(*filter, "relative_url" | "absolute_url" | "url" | "prepend: site.baseurl" | "prepend: site.url")
        };
        match filters.iter().all(is_address) {
            true if filters.is_empty() => Some(value),
            true => Some(format!("/{}", value.trim_start_matches('/'))),
            false => None,
        }
    }
}

/// The arguments of a call, in order; those without a name have an empty one.
pub(super) fn arguments(call: &Call<'_>) -> Vec<(String, String)> {
    let words = call.inside.trim_matches(|c: char| c.is_whitespace() || c == '-' || c == '/');
    let words = words.get(call.name.len()..).unwrap_or_default();
    let read = |found: regex_lite::Captures<'_>| {
        let key = found.get(1).map_or("", |key| key.as_str());
        let value = (2..=5).find_map(|index| found.get(index))?;
        Some((key.to_owned(), value.as_str().replace("\\\"", "\"")))
    };
    ARGUMENT.captures_iter(words).filter_map(read).collect()
}
