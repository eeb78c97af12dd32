use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};

use crate::parse::Day;
use crate::site::{Page, Subject};

use super::sitemap::finish;
use super::view::{Views, corrections, full_href};

/// An entry: a page that was published, changed or corrected.
struct Entry<'p> {
    page: &'p Page,
    day: Day,
    text: String,
}

/// The Atom feed (RFC 4287) of updates: absent where the site's address is not known, since ids must be full addresses.
///
/// Dates of the timeline stand in the entry of the timeline page, so that a moved event is an update too.
pub fn feed(views: Views<'_>) -> Option<Vec<u8>> {
    let base = views.site.config.base_url()?;
    let mut entries: Vec<Entry<'_>> = views.site.pages.iter().filter_map(|page| entry(views, page)).collect();
    entries.sort_by(|a, b| (b.day, &a.page.href).cmp(&(a.day, &b.page.href)));
    entries.truncate(views.site.config.output.feed_limit);
    let mut writer = Writer::new_with_indent(Vec::new(), b' ', 1);
    write(&mut writer, views, base, &entries).ok().map(|()| finish(writer))
}

fn entry<'p>(views: Views<'_>, page: &'p Page) -> Option<Entry<'p>> {
    let front = &page.metadata.front;
    if page.subject != Subject::File {
        return None;
    }
    let day = last_change(page)?;
    let mut text = front.summary.clone().unwrap_or_default();
    for correction in corrections(&page.metadata) {
        text.push_str(&format!("\n\nCorrected on {}: {}", correction.date.text, correction.text));
    }
    if page.template == "timeline.html" {
        for event in views.events(None) {
            let when = event.date.as_ref().map_or_else(|| "undated".to_owned(), |when| when.text());
            text.push_str(&format!("\n\n{}: {when}", event.title.as_str()));
        }
    }
    Some(Entry { page, day, text: text.trim().to_owned() })
}

/// The day of the last change that a page tells of.
pub(super) fn last_change(page: &Page) -> Option<Day> {
    let front = &page.metadata.front;
    let corrected = front.corrections.iter().map(|correction| correction.date).max();
    front.date.max(front.updated).max(corrected)
}

fn write(writer: &mut Writer<Vec<u8>>, views: Views<'_>, base: &str, entries: &[Entry<'_>]) -> std::io::Result<()> {
    let config = &views.site.config;
    writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("utf-8"), None)))?;
    let feed = writer.create_element("feed").with_attribute(("xmlns", "http://www.w3.org/2005/Atom"));
    feed.with_attribute(("xml:lang", config.language.as_str())).write_inner_content(|writer| {
        text(writer, "title", &config.title)?;
        if !config.tagline.is_empty() {
            text(writer, "subtitle", &config.tagline)?;
        }
        text(writer, "id", base)?;
        text(writer, "updated", &moment(entries.iter().map(|entry| entry.day).max()))?;
        writer.create_element("author").write_inner_content(|writer| text(writer, "name", &config.title))?;
        link(writer, "alternate", base)?;
        link(writer, "self", &format!("{base}feed.xml"))?;
        text(writer, "generator", "Dossier")?;
        for entry in entries {
            writer.create_element("entry").write_inner_content(|writer| {
                let address = format!("{base}{}", full_href(views.site, &entry.page.href));
                text(writer, "title", &entry.page.metadata.title)?;
                text(writer, "id", &address)?;
                text(writer, "updated", &moment(Some(entry.day)))?;
                if let Some(date) = entry.page.metadata.front.date {
                    text(writer, "published", &moment(Some(date)))?;
                }
                link(writer, "alternate", &address)?;
                if entry.text.is_empty() { Ok(()) } else { text(writer, "summary", &entry.text) }
            })?;
        }
        Ok(())
    })?;
    Ok(())
}

fn text(writer: &mut Writer<Vec<u8>>, name: &str, text: &str) -> std::io::Result<()> {
    writer.create_element(name).write_text_content(BytesText::new(text)).map(|_| ())
}

fn link(writer: &mut Writer<Vec<u8>>, rel: &str, href: &str) -> std::io::Result<()> {
    let link = writer.create_element("link").with_attribute(("rel", rel)).with_attribute(("href", href));
    link.write_empty().map(|_| ())
}

/// Midnight UTC of a day, as Atom wants it; pages know days, not hours.
fn moment(day: Option<Day>) -> String {
    day.map_or_else(|| "1970-01-01T00:00:00Z".to_owned(), |day| format!("{day}T00:00:00Z"))
}
