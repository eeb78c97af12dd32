use std::io;

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};

use crate::site::{Page, Site};

use super::view::Views;

/// How many addresses a sitemap has at most, and how many bytes of them; the protocol allows files of 50 MB.
const MOST_ADDRESSES: usize = 50_000;
const MOST_BYTES: usize = 40_000_000;
const NAMESPACE: (&str, &str) = ("xmlns", "http://www.sitemaps.org/schemas/sitemap/0.9");

/// `sitemap.xml` as sitemaps.org has it, and where there are too many pages for one, the sitemaps that it then lists; none
/// where the site's address is not known, since it takes full addresses.
pub fn sitemaps(views: Views<'_>) -> Vec<(String, Vec<u8>)> {
    let site = views.site;
    let Some(base) = site.config.base_url() else { return Vec::new() };
    let address = |page: &Page| {
        let day = page.metadata.front.last_change().map(|day| day.to_string());
        (format!("{base}{}", super::view::full_href(site, &page.href)), day)
    };
    let all: Vec<_> = site.pages.iter().filter(|page| page.is_indexed()).map(address).collect();
    let files = divided(&all);
    let write = |files: &[&[Address]]| -> io::Result<Vec<(String, Vec<u8>)>> {
        if let [only] = files {
            return Ok(vec![("sitemap.xml".to_owned(), file("urlset", "url", only)?)]);
        }
        let name = |number: usize| format!("sitemap-{number}.xml");
        let named: Vec<Address> = (1..=files.len()).map(|number| (format!("{base}{}", name(number)), None)).collect();
        let index = file("sitemapindex", "sitemap", &named)?;
        let files = (1..).zip(files).map(|(number, files)| Ok((name(number), file("urlset", "url", files)?)));
        std::iter::once(Ok(("sitemap.xml".to_owned(), index))).chain(files).collect()
    };
    // Writing to memory does not fail.
    write(&files).unwrap_or_default()
}

/// An address, and the day of its last change.
type Address = (String, Option<String>);

/// The addresses of each file; of one at least.
fn divided(mut rest: &[Address]) -> Vec<&[Address]> {
    let mut files = Vec::new();
    loop {
        let mut bytes = 0;
        let fits = |(address, _): &&Address| {
            bytes += 100 + address.len();
            bytes <= MOST_BYTES
        };
        let count = rest.iter().take(MOST_ADDRESSES).take_while(fits).count().max(1);
        let (file, others) = rest.split_at_checked(count).unwrap_or((rest, &[]));
        files.push(file);
        rest = others;
        if rest.is_empty() {
            return files;
        }
    }
}

fn file(list: &str, entry: &str, all: &[Address]) -> io::Result<Vec<u8>> {
    let mut writer = Writer::new_with_indent(Vec::new(), b' ', 1);
    writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("utf-8"), None)))?;
    writer.create_element(list).with_attribute(NAMESPACE).write_inner_content(|writer| {
        for (address, day) in all {
            writer.create_element(entry).write_inner_content(|writer| {
                writer.create_element("loc").write_text_content(BytesText::new(address))?;
                if let Some(day) = day {
                    writer.create_element("lastmod").write_text_content(BytesText::new(day))?;
                }
                Ok(())
            })?;
        }
        Ok(())
    })?;
    Ok(finish(writer))
}

/// `robots.txt`: everybody is welcome, and told of the sitemap where there is one.
pub fn robots(site: &Site) -> Vec<u8> {
    let mut text = "User-agent: *\nAllow: /\n".to_owned();
    if let Some(base) = site.config.base_url() {
        text.push_str(&format!("\nSitemap: {base}sitemap.xml\n"));
    }
    text.into_bytes()
}

pub(super) fn finish(writer: Writer<Vec<u8>>) -> Vec<u8> {
    let mut bytes = writer.into_inner();
    bytes.push(b'\n');
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lengths(count: usize, length: usize) -> Vec<usize> {
        let all: Vec<Address> = (0..count).map(|_| ("a".repeat(length), None)).collect();
        divided(&all).into_iter().map(<[_]>::len).collect()
    }

    #[test]
    fn a_sitemap_has_as_many_addresses_as_the_protocol_allows() {
        assert_eq!(lengths(0, 1), [0]);
        assert_eq!(lengths(50_000, 1), [50_000]);
        assert_eq!(lengths(100_001, 1), [50_000, 50_000, 1]);
        assert_eq!(lengths(41_000, 1900), [20_000, 20_000, 1_000]);
    }
}
