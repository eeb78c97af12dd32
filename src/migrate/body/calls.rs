//! Calls of shortcodes, filters and tags: those that stand for Markdown become it, others stay in the text and are noted.

use super::super::address;
use super::super::old_site::OldSite;
use super::super::pages::Page;
use super::super::patterns::Pattern;
use super::super::report::Notes;
use super::super::structure::Structure;
use super::super::text::{Edit, Text};
use super::super::values;
use super::super::{Generator, kinds};
use super::{Calls, boxes};
use std::ops::Range;

/// The most bytes of a call.
const LONGEST: usize = 4_000;

static ARGUMENT: Pattern =
    Pattern::new(r#"(?:([\w.-]+)\s*=\s*)?(?:"((?:[^"\\]|\\.)*)"|'([^']*)'|`([^`]*)`|([^\s"'`,()]+))"#);

/// A call: `{{< name argument >}}`.
#[derive(Debug)]
struct Call<'t> {
    range: Range<usize>,
    /// The marks that begin it.
    open: &'static str,
    /// What is between its marks.
    inside: &'t str,
    name: &'t str,
    /// Whether it ends another call.
    is_end: bool,
}

/// Converts the calls of a page.
pub(super) fn convert(calls: Calls, site: &OldSite, page: &Page, text: &mut Text, notes: &mut Notes<'_>) {
    let marks: &[(&str, &str)] = match calls {
        Calls::None => return,
        Calls::MdBook => &[("{{#", "}}")],
        Calls::Hugo => &[("{{<", ">}}"), ("{{%", "%}}")],
        Calls::Zola => &[("{{", "}}"), ("{%", "%}")],
        Calls::Liquid => &[("{{", "}}"), ("{%", "%}"), ("{#", "#}")],
        Calls::Quarto => &[("{{{<", ">}}}"), ("{{<", ">}}")],
        Calls::Any => &[("{{<", ">}}"), ("{{%", "%}}"), ("{{#", "}}"), ("{%", "%}")],
    };
    let found = read(text.as_str(), marks);
    if found.is_empty() {
        return;
    }
    // Where no generator is known, code only shows calls.
    let structure = if calls == Calls::Any { Structure::read(text.as_str(), false) } else { Structure::default() };
    let converter = Converter { calls, site, page, text };
    let mut edits = Vec::new();
    let mut skip_to = 0;
    for (index, call) in found.iter().enumerate() {
        if call.range.start < skip_to || call.is_end || structure.is_code(&call.range) {
            continue;
        }
        let end = found.iter().skip(index + 1).find(|end| end.is_end && ends(calls, call, end));
        if let Some((range, new)) = converter.escaped(call).or_else(|| converter.pair(call, end, notes)) {
            edits.extend(new);
            skip_to = range.end;
        } else if let Some(new) = converter.single(call, notes) {
            edits.push((call.range.clone(), new));
        } else if converter.is_call(call) {
            notes.add(kinds::CALLS, call.name, text.place(&call.range));
        }
    }
    text.edit(edits);
}

/// All calls of a text, in order.
fn read<'t>(text: &'t str, marks: &[(&'static str, &'static str)]) -> Vec<Call<'t>> {
    let (mut calls, mut at) = (Vec::new(), 0);
    while let Some(begin) = text.get(at..).and_then(|rest| rest.find('{')).map(|found| at + found) {
        at = begin + 1;
        let rest = text.get(begin..).unwrap_or_default();
        let Some((open, close)) = marks.iter().find(|(open, _)| rest.starts_with(open)) else { continue };
        let limit = rest.char_indices().nth(LONGEST).map_or(rest.len(), |(at, _)| at);
        let Some(end) = rest.get(open.len()..limit).and_then(|rest| rest.find(close)).map(|end| open.len() + end)
        else {
            continue;
        };
        let inside = rest.get(open.len()..end).unwrap_or_default();
        let words = inside.trim_matches(|c: char| c.is_whitespace() || c == '-');
        let is_end = words.starts_with('/') && !words.starts_with("/*") || words.starts_with("end");
        let words = words.trim_start_matches('/').trim_start();
        let name = words
            .split(|c: char| !c.is_alphanumeric() && !matches!(c, '_' | '-' | '/' | '.'))
            .next()
            .unwrap_or_default();
        at = begin + end + close.len();
        calls.push(Call { range: begin..at, open, inside, name: name.trim_end_matches('/'), is_end });
    }
    calls
}

/// Whether a call ends another.
fn ends(calls: Calls, call: &Call<'_>, end: &Call<'_>) -> bool {
    match calls {
        Calls::Zola => end.name == "end",
        Calls::Liquid => end.name.strip_prefix("end") == Some(call.name),
        _ => end.name == call.name,
    }
}

struct Converter<'a> {
    calls: Calls,
    site: &'a OldSite,
    page: &'a Page,
    text: &'a Text,
}

/// A stretch that has been dealt with, and its edits.
type Done = (Range<usize>, Vec<Edit>);

impl Converter<'_> {
    /// A call that is only shown: `{{</* name */>}}`, `{{{< name >}}}`.
    fn escaped(&self, call: &Call<'_>) -> Option<Done> {
        let trimmed = call.inside.trim();
        let new = match (self.calls, call.open) {
            (Calls::Hugo | Calls::Zola | Calls::Quarto, open) if trimmed.starts_with("/*") => {
                let inner = trimmed.trim_start_matches("/*").trim_end_matches("*/");
                let close = match open {
                    "{{<" => ">}}",
                    "{{%" => "%}}",
                    "{%" => "%}",
                    _ => "}}",
                };
                format!("{open}{inner}{close}")
            }
            (Calls::Quarto, "{{{<") => format!("{{{{<{}>}}}}", call.inside),
            (Calls::Liquid, "{#") => String::new(),
            _ => return None,
        };
        Some((call.range.clone(), vec![(call.range.clone(), new)]))
    }

    /// Whether it is one that the generator would have replaced.
    fn is_call(&self, call: &Call<'_>) -> bool {
        match (self.calls, call.open) {
            _ if call.name.is_empty() => false,
            (Calls::Zola, _) => call
                .inside
                .trim_start_matches([' ', '-'])
                .strip_prefix(call.name)
                .is_some_and(|rest| rest.trim_start().starts_with('(')),
            (Calls::Liquid, "{%") => !["else", "elsif", "elseif", "when", "elif"].contains(&call.name),
            (Calls::Any, "{%" | "{{#") => call.range.len() < 200,
            _ => true,
        }
    }

    /// A call with an end: code, a comment, a box.
    fn pair(&self, call: &Call<'_>, end: Option<&Call<'_>>, notes: &mut Notes<'_>) -> Option<Done> {
        let end = end?;
        let whole = call.range.start..end.range.end;
        let body = call.range.end..end.range.start;
        let inner = self.text.as_str().get(body.clone())?;
        let all = |new: String| Some((whole.clone(), vec![(whole.clone(), new)]));
        match (self.calls, call.name) {
            (Calls::Liquid, "raw" | "verbatim") => {
                Some((whole.clone(), vec![(call.range.clone(), String::new()), (end.range.clone(), String::new())]))
            }
            (_, "comment") => {
                notes.add(kinds::COMMENTS, "comment", self.text.place(&whole));
                all(String::new())
            }
            (Calls::Liquid | Calls::Hugo, "highlight") => {
                let language = arguments(call)
                    .into_iter()
                    .find(|(key, _)| key.is_empty())
                    .map_or(String::new(), |(_, value)| value);
                let inner = inner.trim_matches(['\n', '\r']);
                all(format!("\n```{language}\n{inner}\n```\n"))
            }
            (Calls::Hugo | Calls::Zola, name) if boxes::is_box(name) => {
                let given = arguments(call);
                let value = |keys: &[&str]| {
                    given.iter().find(|(key, _)| keys.contains(&key.as_str())).map(|(_, value)| value.as_str())
                };
                let first = value(&[""]);
                let kind =
                    value(&["type", "color", "kind", "level", "context"]).or(first.filter(|word| boxes::is_box(word)));
                let kind = kind.filter(|kind| boxes::is_box(kind)).unwrap_or(name);
                let title = value(&["title", "summary", "header", "heading"]).or(first.filter(|word| *word != kind));
                let header = boxes::header(kind, title.or((kind == "alert").then_some("")), "");
                // Calls inside are converted with the rest of the text.
                Some((call.range.clone(), boxed(&header, &call.range, &end.range, inner)))
            }
            _ => None,
        }
    }

    /// A call for itself: a picture, a link, a value.
    fn single(&self, call: &Call<'_>, notes: &mut Notes<'_>) -> Option<String> {
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
                values::word(&self.page.values, &key)
                    .or_else(|| values::word(&self.site.values, &format!("params.{key}")))
            }
            (Calls::Quarto, "var") => values::word(&self.site.values, &first()?),
            (Calls::Quarto, "meta") => values::word(&self.page.values, &first()?),
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
        Some(if path.is_empty() { fragment.to_owned() } else { format!("{NAMED}{path}{fragment}") })
    }

    /// What `{{ … }}` of Liquid puts out, where that is plain.
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
                let site = base.strip_prefix("site.").and_then(|key| values::word(&self.site.values, key));
                let page = base.strip_prefix("page.").and_then(|key| values::word(&self.page.values, key));
                let bare = || match self.site.generator {
                    Generator::Eleventy => values::word(&self.page.values, base),
                    _ => values::word(&self.site.values, &format!("extra.{base}")),
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

/// The edits that make an alert of what is between two calls.
fn boxed(header: &str, call: &Range<usize>, end: &Range<usize>, inner: &str) -> Vec<Edit> {
    let blank = inner.len() - inner.trim_start_matches(['\n', '\r', ' ']).len();
    let mut edits = vec![(call.start..call.end + blank, format!("\n{header}"))];
    let mut at = call.end;
    for line in inner.split_inclusive('\n') {
        if at + line.len() > call.end + blank && !inner.trim().is_empty() {
            let start = at.max(call.end + blank);
            edits.push((start..start, "> ".to_owned()));
        }
        at += line.len();
    }
    let broken = if inner.ends_with('\n') { "\n" } else { "\n\n" };
    edits.push((end.clone(), broken.to_owned()));
    edits
}

/// What begins the address of a link that names a page, until links are converted.
pub(super) const NAMED: &str = "x-page:";

/// The arguments of a call, in order; those without a name have an empty one.
fn arguments(call: &Call<'_>) -> Vec<(String, String)> {
    let words = call.inside.trim_matches(|c: char| c.is_whitespace() || c == '-' || c == '/');
    let words = words.get(call.name.len()..).unwrap_or_default();
    let read = |found: regex_lite::Captures<'_>| {
        let key = found.get(1).map_or("", |key| key.as_str());
        let value = (2..=5).find_map(|index| found.get(index))?;
        Some((key.to_owned(), value.as_str().replace("\\\"", "\"")))
    };
    ARGUMENT.captures_iter(words).filter_map(read).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::migrate::report::Report;
    use crate::migrate::tests::page;

    fn converted(generator: Generator, text: &str) -> (String, String) {
        let mut values = values::yaml("title: Site\nparams: {version: '2'}\nname: N\n").expect("YAML");
        values.insert("plugins".into(), "macros".into());
        let site = OldSite { generator, values, ..OldSite::default() };
        let page = page("a.md", text);
        let mut report = Report::default();
        let mut text = Text::new(text, 0);
        convert(Calls::of(&site), &site, &page, &mut text, &mut Notes { file: &page.source, report: &mut report });
        let told: Vec<String> = report.problems().iter().map(|found| found.message.clone()).collect();
        (text.into_string(), told.join("; "))
    }

    #[test]
    fn calls_become_markdown_where_they_stand_for_it() {
        for (generator, before, after) in [
            (
                Generator::Hugo,
                "[a]({{< ref \"b.md#c\" >}}) [d]({{% relref `d` %}})",
                "[a](x-page:b.md#c) [d](x-page:d)",
            ),
            (Generator::Hugo, "{{< figure src=\"x y.png\" alt=\"An [x]\" >}}", "![An  x ](<x y.png>)"),
            (Generator::Hugo, "{{</* tweet 1 */>}} {{%/* b */%}}", "{{< tweet 1 >}} {{% b %}}"),
            (Generator::Hugo, "{{< param version >}}", "2"),
            (Generator::Hugo, "{{< highlight go \"linenos=true\" >}}\nx\n{{< /highlight >}}", "\n```go\nx\n```\n"),
            (
                Generator::Hugo,
                "{{% alert title=\"T\" color=\"warning\" %}}\nx\n\ny\n{{% /alert %}}",
                "\n> [!WARNING]\n> **T**\n>\n> x\n> \n> y\n\n",
            ),
            (Generator::Zola, "{% tip() %}\nx\n{% end %} {{/* no() */}}", "\n> [!TIP]\n> x\n\n {{ no() }}"),
            (Generator::Jekyll, "{% raw %}{{ x }}{% endraw %}", "{{ x }}"),
            (Generator::Jekyll, "{% highlight ruby %}\nx\n{% endhighlight %}", "\n```ruby\nx\n```\n"),
            (
                Generator::Jekyll,
                "[a]({{ site.baseurl }}/b/) [c]({% post_url 2020-01-01-c %}) {{ '/d.png' | relative_url }} {{ site.name }}",
                "[a](/b/) [c](x-page:2020-01-01-c) /d.png N",
            ),
            (
                Generator::Quarto,
                "{{< video https://x.org/v.mp4 >}} {{{< var x >}}} {{< kbd Ctrl+C >}}",
                "[Video](<https://x.org/v.mp4>) {{< var x >}} <kbd>Ctrl+C</kbd>",
            ),
            (Generator::Obsidian, "{{title}} {% x %}", "{{title}} {% x %}"),
        ] {
            assert_eq!(converted(generator, before).0, after, "{before}");
        }
    }

    #[test]
    fn other_calls_stay_and_are_reported() {
        for (generator, text, told) in [
            (Generator::Hugo, "{{< chart 1 >}}x{{< /chart >}}", "`chart`"),
            (Generator::Zola, "{{ chart(id=1) }} {{ value }} {% set x = f(1) %}", "`chart`"),
            (Generator::Jekyll, "{% include a.html %}", "`include`"),
            (Generator::Jekyll, "{{ site.data.x | sort }}", "`site.data.x`"),
            (Generator::Plain, "{{< chart >}} `{{< no >}}`", "`chart`"),
        ] {
            let (after, report) = converted(generator, text);
            assert_eq!(after, text);
            assert!(report.ends_with(told), "{text}: {report}");
        }
        let (text, report) = converted(Generator::Jekyll, "a{% comment %}secret{% endcomment %}b");
        assert!(text == "ab" && report.contains("`comment`"), "{report}");
    }
}
