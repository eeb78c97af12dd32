use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};

use crate::site::Site;

use super::view::Views;

/// `sitemap.xml` as sitemaps.org has it; absent where the site's address is not known, since it takes full addresses.
pub fn sitemap(views: Views<'_>) -> Option<Vec<u8>> {
    let base = views.site.config.base_url()?;
    let mut writer = Writer::new_with_indent(Vec::new(), b' ', 1);
    let written = write(&mut writer, views.site, base);
    written.ok().map(|()| finish(writer))
}

fn write(writer: &mut Writer<Vec<u8>>, site: &Site, base: &str) -> std::io::Result<()> {
    writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("utf-8"), None)))?;
    let set = writer.create_element("urlset").with_attribute(("xmlns", "http://www.sitemaps.org/schemas/sitemap/0.9"));
    set.write_inner_content(|writer| {
        for page in site.pages.iter().filter(|page| page.is_indexed()) {
            writer.create_element("url").write_inner_content(|writer| {
                let address = format!("{base}{}", super::view::full_href(site, &page.href));
                writer.create_element("loc").write_text_content(BytesText::new(&address))?;
                if let Some(day) = page.metadata.front.last_change() {
                    writer.create_element("lastmod").write_text_content(BytesText::new(&day.to_string()))?;
                }
                Ok(())
            })?;
        }
        Ok(())
    })?;
    Ok(())
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
