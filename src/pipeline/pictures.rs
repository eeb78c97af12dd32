//! The sizes of pictures that pages show, read from the first bytes of each file.

use std::collections::BTreeSet;

use rayon::prelude::*;

use crate::render::Pictures;
use crate::site::{Site, Target};
use crate::source::{Files, SitePath};

/// How much of a picture is read: the size stands near the start, except where a JPEG carries a long preview.
const HEAD: usize = 256 * 1024;

/// The size of every picture of the site's own that a page shows, by its path; `known` holds those of files that have
/// not changed.
pub(super) fn sizes(files: &dyn Files, site: &Site, known: &Pictures) -> Pictures {
    let mut shown: BTreeSet<SitePath> = site.picture().into_iter().collect();
    for page in &site.pages {
        let metadata = &page.metadata;
        let links = metadata.links.iter().filter(|link| link.image).map(|link| link.target.as_str());
        for target in links.chain(metadata.front.image.as_deref()) {
            if let Target::File(file) = site.resolve(&metadata.path, target) {
                shown.insert(file);
            }
        }
    }
    let shown: Vec<SitePath> = shown.into_iter().collect();
    let sizes = shown.into_par_iter().filter_map(|file| {
        if let Some(size) = known.get(&file) {
            return Some((file, *size));
        }
        let head = files.read_head(&file, HEAD).ok()?;
        size(&head).map(|size| (file, size))
    });
    sizes.collect()
}

fn size(head: &[u8]) -> Option<(u32, u32)> {
    if let Ok(size) = imagesize::blob_size(head) {
        return Some((u32::try_from(size.width).ok()?, u32::try_from(size.height).ok()?));
    }
    svg_size(std::str::from_utf8(head).ok()?)
}

/// The size of an SVG: `width` and `height` in pixels, else the last two numbers of `viewBox`.
fn svg_size(text: &str) -> Option<(u32, u32)> {
    let mut reader = quick_xml::Reader::from_str(text);
    let start = loop {
        match reader.read_event().ok()? {
            quick_xml::events::Event::Start(start) | quick_xml::events::Event::Empty(start) => {
                break start.into_owned();
            }
            quick_xml::events::Event::Eof => return None,
            _ => {}
        }
    };
    if start.local_name().as_ref() != "svg" {
        return None;
    }
    let attribute = |name: &str| {
        let found = start.try_get_attribute(name).ok()??;
        Some(found.value.into_owned())
    };
    let pixels = |name: &str| attribute(name).and_then(|value| rounded(value.trim_end_matches("px")));
    if let (Some(width), Some(height)) = (pixels("width"), pixels("height")) {
        return Some((width, height));
    }
    let view_box = attribute("viewBox")?;
    let mut numbers = view_box.split([' ', ',']).filter(|part| !part.is_empty()).skip(2);
    Some((rounded(numbers.next()?)?, rounded(numbers.next()?)?))
}

fn rounded(text: &str) -> Option<u32> {
    let number: f64 = text.trim().parse().ok()?;
    (1.0..=100_000.0).contains(&number).then_some(number.round() as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_svg_tells_its_size_by_attributes_or_view_box() {
        assert_eq!(size(b"<svg width=\"40\" height=\"20px\"/>"), Some((40, 20)));
        assert_eq!(size(b"<?xml version=\"1.0\"?><svg viewBox=\"0 0 300.4 150\"></svg>"), Some((300, 150)));
        assert_eq!(size(b"<svg width=\"100%\"/>"), None);
        assert_eq!(size(b"<html/>"), None);
        assert_eq!(size(b"not a picture"), None);
    }
}
