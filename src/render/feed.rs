use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};

use crate::parse::Day;
use crate::site::{Page, PageId, Subject};

use super::sitemap::finish;
use super::view::{Views, corrections, full_href};

/// The text of a page as HTML whose links to other pages are full addresses.
pub type Content<'a> = &'a (dyn Fn(PageId) -> Option<String> + Sync);

/// An entry: a page that was published, changed or corrected.
struct Entry<'p> {
    page: &'p Page,
    id: PageId,
    day: Day,
    text: String,
}

/// The Atom feed (RFC 4287) of updates: absent where the site's address is not known, since ids must be full addresses.
///
/// Dates of the timeline stand in the entry of the timeline page, so that a moved event is an update too.
pub fn feed(views: Views<'_>, content: Content<'_>) -> Option<Vec<u8>> {
    views.site.config.base_url()?;
    let mut entries: Vec<Entry<'_>> = views.site.ids().filter_map(|id| entry(views, id)).collect();
    entries.sort_by(|a, b| (b.day, &a.page.href).cmp(&(a.day, &b.page.href)));
    entries.truncate(views.site.config.output.feed_limit);
    let mut writer = Writer::new_with_indent(Vec::new(), b' ', 1);
    write(&mut writer, views, content, &entries).ok().map(|()| finish(writer))
}

fn entry(views: Views<'_>, id: PageId) -> Option<Entry<'_>> {
    let page = views.site.page(id);
    let front = &page.metadata.front;
    if page.subject != Subject::File {
        return None;
    }
    let day = front.last_change()?;
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
    Some(Entry { page, id, day, text: text.trim().to_owned() })
}

fn write(
    writer: &mut Writer<Vec<u8>>,
    views: Views<'_>,
    content: Content<'_>,
    entries: &[Entry<'_>],
) -> std::io::Result<()> {
    let config = &views.site.config;
    let base = config.base_url().unwrap_or_default();
    let own = format!("{base}feed.xml");
    writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("utf-8"), None)))?;
    let feed = writer.create_element("feed").with_attribute(("xmlns", "http://www.w3.org/2005/Atom"));
    feed.with_attribute(("xml:lang", config.language.as_str())).write_inner_content(|writer| {
        text(writer, "title", &config.title)?;
        if !config.tagline.is_empty() {
            text(writer, "subtitle", &config.tagline)?;
        }
        // The address of the site is that of its home page, which may be an entry.
        text(writer, "id", &own)?;
        text(writer, "updated", &moment(entries.iter().map(|entry| entry.day).max()))?;
        writer.create_element("author").write_inner_content(|writer| text(writer, "name", &config.title))?;
        link(writer, "alternate", base)?;
        link(writer, "self", &own)?;
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
                if !entry.text.is_empty() {
                    text(writer, "summary", &entry.text)?;
                }
                match content(entry.id).filter(|html| !html.trim().is_empty()) {
                    // What is left relative are places on the page itself.
                    Some(html) => {
                        let element = writer.create_element("content").with_attribute(("type", "html"));
                        let element = element.with_attribute(("xml:base", address.as_str()));
                        element.write_text_content(BytesText::new(&html)).map(|_| ())
                    }
                    None => Ok(()),
                }
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
