//! The sizes of pictures that pages show, read from the first bytes of each file.

use std::collections::BTreeSet;
use std::io::Cursor;

use exif::{In, Reader, Tag};
use imagesize::ImageType;
use rayon::prelude::*;

use crate::render::Pictures;
use crate::site::{Site, Target};
use crate::source::{Files, SitePath};

/// How much of a picture is read first: its size is near the start, except behind a long preview.
const HEAD: usize = 256 * 1024;

/// The size of every picture of the site's own that a page shows, by its path; `known` holds those of files that have
/// not changed.
pub(super) fn sizes(files: &dyn Files, site: &Site, known: &Pictures) -> Pictures {
    let mut shown: BTreeSet<SitePath> = site.picture().into_iter().collect();
    for page in &site.pages {
        let metadata = &page.metadata;
        let links = metadata.links.iter().filter(|link| link.image).map(|link| link.target.as_str());
        for target in links.chain(metadata.front.image.as_deref()) {
            if let Target::File(file, _) = site.resolve(&metadata.path, target) {
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
        let whole = if head.len() == HEAD && goes_on(&head) { files.read(&file).ok() } else { None };
        size(whole.as_deref().unwrap_or(&head)).map(|size| (file, size))
    });
    sizes.collect()
}

/// Whether more of a picture must be read to know its size and which way up it is.
fn goes_on(head: &[u8]) -> bool {
    match imagesize::image_type(head) {
        Ok(ImageType::Jpeg) => imagesize::blob_size(head).is_err(),
        // What turns it may stand at its end.
        Ok(ImageType::Png) => true,
        Ok(ImageType::Webp) => head.get(12..16) == Some(b"VP8X") && head.get(20).is_some_and(|flags| flags & 8 != 0),
        _ => false,
    }
}

/// The size at which a browser shows a picture.
fn size(bytes: &[u8]) -> Option<(u32, u32)> {
    let Ok(size) = imagesize::blob_size(bytes) else { return svg_size(std::str::from_utf8(bytes).ok()?) };
    let (width, height) = (u32::try_from(size.width).ok()?, u32::try_from(size.height).ok()?);
    Some(if is_turned(bytes) { (height, width) } else { (width, height) })
}

/// Whether the Exif data of a picture lay it on its side. (AVIF says so itself, and that is in its size.)
fn is_turned(bytes: &[u8]) -> bool {
    if !matches!(imagesize::image_type(bytes), Ok(ImageType::Jpeg | ImageType::Png | ImageType::Webp)) {
        return false;
    }
    let mut reader = Reader::new();
    let exif = reader.continue_on_error(true).read_from_container(&mut Cursor::new(bytes));
    let exif = exif.or_else(|error| error.distill_partial_result(|_| {}));
    let orientation = exif.ok().and_then(|exif| exif.get_field(Tag::Orientation, In::PRIMARY)?.value.get_uint(0));
    orientation.is_some_and(|orientation| (5..=8).contains(&orientation))
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

    /// Exif data with an orientation.
    fn exif(orientation: u8) -> Vec<u8> {
        [&b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0"[..], &[orientation], b"\0\0\0\0\0\0"].concat()
    }

    fn chunk(name: &[u8], content: &[u8]) -> Vec<u8> {
        [&(content.len() as u32).to_be_bytes()[..], name, content, b"crc?"].concat()
    }

    /// A box of an AVIF file.
    fn part(name: &[u8], content: &[u8]) -> Vec<u8> {
        [&(content.len() as u32 + 8).to_be_bytes()[..], name, content].concat()
    }

    #[test]
    fn a_picture_on_its_side_is_as_wide_as_it_is_shown() {
        let jpeg = |orientation| {
            let exif = [b"Exif\0\0".to_vec(), exif(orientation)].concat();
            let length = (exif.len() as u16 + 2).to_be_bytes();
            let frame = b"\xff\xc0\0\x11\x08\0\x14\0\x28\x03";
            [&b"\xff\xd8\xff\xe1"[..], &length, &exif, frame, &[0; 9], b"\xff\xda\0\x02"].concat()
        };
        let png = |orientation| {
            let head = [&40_u32.to_be_bytes()[..], &20_u32.to_be_bytes(), &[8, 2, 0, 0, 0]].concat();
            let chunks =
                [chunk(b"IHDR", &head), chunk(b"IDAT", b"x"), chunk(b"eXIf", &exif(orientation)), chunk(b"IEND", b"")];
            [&b"\x89PNG\r\n\x1a\n"[..], &chunks.concat()].concat()
        };
        let webp = |orientation| {
            let exif = exif(orientation);
            let frame = [&b"VP8X\x0a\0\0\0\x08\0\0\0"[..], &[39, 0, 0, 19, 0, 0]].concat();
            let exif = [&b"EXIF"[..], &(exif.len() as u32).to_le_bytes(), &exif].concat();
            [&b"RIFF"[..], &(4 + frame.len() as u32 + exif.len() as u32).to_le_bytes(), b"WEBP", &frame, &exif].concat()
        };
        for (upright, turned) in [(1, 6), (3, 8), (2, 5)] {
            assert_eq!((size(&jpeg(upright)), size(&jpeg(turned))), (Some((40, 20)), Some((20, 40))));
            assert_eq!((size(&png(upright)), size(&png(turned))), (Some((40, 20)), Some((20, 40))));
            assert_eq!((size(&webp(upright)), size(&webp(turned))), (Some((40, 20)), Some((20, 40))));
        }
    }

    #[test]
    fn avif_and_bmp_have_sizes() {
        let extent = [&[0; 4][..], &40_u32.to_be_bytes(), &20_u32.to_be_bytes()].concat();
        let avif = |turn| {
            let properties = part(b"iprp", &part(b"ipco", &[part(b"ispe", &extent), part(b"irot", &[turn])].concat()));
            let meta = part(b"meta", &[&[0; 4][..], &properties].concat());
            [part(b"ftyp", b"avif\0\0\0\0"), meta, part(b"mdat", b"x")].concat()
        };
        assert_eq!((size(&avif(0)), size(&avif(1))), (Some((40, 20)), Some((20, 40))));
        let bmp = [&b"BM"[..], &[0; 12], &40_u32.to_le_bytes(), &40_i32.to_le_bytes(), &20_i32.to_le_bytes(), &[0; 28]]
            .concat();
        assert_eq!(size(&bmp), Some((40, 20)));
    }

    #[test]
    fn a_film_is_not_read_whole() {
        assert!(!goes_on(b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom"));
    }

    #[test]
    fn an_svg_tells_its_size_by_attributes_or_view_box() {
        assert_eq!(size(b"<svg width=\"40\" height=\"20px\"/>"), Some((40, 20)));
        assert_eq!(size(b"<?xml version=\"1.0\"?><svg viewBox=\"0 0 300.4 150\"></svg>"), Some((300, 150)));
        assert_eq!(size(b"<svg width=\"100%\"/>"), None);
        assert_eq!(size(b"<html/>"), None);
        assert_eq!(size(b"not a picture"), None);
    }
}
