//! Files beside the pages that a browser would run or a host would obey: not for authors who are not trusted.

use std::io::Read;

use crate::source::{Files, Listed};

use super::svg::svg_fault;

/// What can only be looked at, heard or downloaded, by its extension. Browsers run what they take for HTML, XML or a
/// script; hosts run programs and obey settings; some guess at what has no extension.
const PASSIVE: &[&str] = &[
    "7z", "aac", "apng", "avif", "bib", "bmp", "bz2", "css", "csv", "docx", "epub", "flac", "geojson", "gif", "gz",
    "ico", "ics", "ipynb", "jpeg", "jpg", "json", "jsonl", "log", "m4a", "m4v", "mov", "mp3", "mp4", "odp", "ods",
    "odt", "oga", "ogg", "ogv", "opus", "otf", "parquet", "pdf", "png", "pptx", "rar", "ris", "rtf", "sqlite", "srt",
    "svg", "tar", "tex", "tgz", "tif", "tiff", "toml", "tsv", "ttf", "txt", "vtt", "wav", "webm", "webp", "woff",
    "woff2", "xlsx", "xz", "yaml", "yml", "zip", "zst",
];
/// Names of that kind that a host obeys all the same.
const OBEYED: &[&str] = &["_routes.json", "firebase.json", "now.json", "staticwebapp.config.json", "vercel.json"];
/// What browsers run or show as pages, and hosts run: some hosts go by any extension of a name (`page.html.toml`), and
/// give out a compressed form, `page.html.gz`, in the place of the file.
const ACTIVE: &[&str] = &[
    "asp", "aspx", "cgi", "cjs", "fcgi", "htc", "htm", "html", "js", "jsp", "mht", "mhtml", "mjs", "phar", "php",
    "php3", "php4", "php5", "php7", "php8", "phtml", "pl", "py", "rb", "shtm", "shtml", "stm", "svgz", "swf", "wasm",
    "xht", "xhtml", "xml", "xsl", "xslt",
];
/// Compressed forms, and the kinds that browsers use as parts of pages.
const COMPRESSED: &[&str] = &["br", "gz", "zst"];
const USED_BY_PAGES: &[&str] = &["css", "svg"];
/// A larger drawing is not looked through.
const MAX_SVG: u64 = 16 << 20;

/// Why a file is none that an author may publish who is not trusted, as the end of a sentence that starts with its path.
pub(super) fn active(files: &dyn Files, listed: &Listed) -> Option<String> {
    let extension = listed.path.extension().to_ascii_lowercase();
    if OBEYED.contains(&listed.path.name().to_ascii_lowercase().as_str()) {
        return Some("has a name that hosts obey".to_owned());
    }
    if !PASSIVE.contains(&extension.as_str()) {
        return Some("is of a kind that a browser or a host may run".to_owned());
    }
    let name = listed.path.name().to_ascii_lowercase();
    let mut inner = name.split('.').skip(1);
    if inner.any(|part| ACTIVE.contains(&part)) {
        return Some("has an extension in its name that a browser or a host may run".to_owned());
    }
    let before = name.strip_suffix(&extension).and_then(|rest| rest.trim_end_matches('.').rsplit_once('.'));
    if COMPRESSED.contains(&extension.as_str()) && before.is_some_and(|(_, kind)| USED_BY_PAGES.contains(&kind)) {
        return Some("is the compressed form of a kind that pages use".to_owned());
    }
    if extension != "svg" {
        return None;
    }
    let mut text = String::new();
    match files.open(&listed.path).and_then(|file| file.take(MAX_SVG + 1).read_to_string(&mut text)) {
        Ok(_) if text.len() as u64 > MAX_SVG => Some(format!("is a drawing of more than {} MiB", MAX_SVG >> 20)),
        Ok(_) => svg_fault(&text).map(|fault| format!("is a drawing {fault}")),
        Err(error) if error.kind() == std::io::ErrorKind::InvalidData => {
            Some("is a drawing that is not UTF-8".to_owned())
        }
        // Whoever copies it tells.
        Err(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{Memory, SitePath};

    #[test]
    fn only_what_is_known_to_be_passive_may_be_published() -> Result<(), crate::source::PathError> {
        let files = Memory::default();
        for (name, passive) in [
            ("photo.JPG", true),
            ("data/2018.csv", true),
            ("report.pdf", true),
            ("config.json", true),
            ("x.html", false),
            ("x.HTM", false),
            ("x.xhtml", false),
            ("x.xml", false),
            ("x.js", false),
            ("x.mjs", false),
            ("x.svgz", false),
            ("x.php", false),
            ("x.shtml", false),
            ("x.mhtml", false),
            ("x.wasm", false),
            ("x", false),
            ("x.html.", false),
            ("x.png.html", false),
            ("x.html.toml", false),
            ("x.PHP.txt", false),
            ("x.js.gz", false),
            ("index.html.zst", false),
            ("site.css.gz", false),
            ("drawing.svg.zst", false),
            ("data.v1.2.csv.gz", true),
            ("archive.tar.gz", true),
            ("htmlguide.pdf", true),
            ("_headers", false),
            ("_redirects", false),
            (".htaccess", false),
            ("CNAME", false),
            ("a/StaticWebApp.config.json", false),
        ] {
            let path = SitePath::new(&format!("content/{name}"))?;
            assert_eq!(active(&files, &Listed { path, len: 1 }).is_none(), passive, "{name}");
        }
        Ok(())
    }
}
