use std::borrow::Cow;

use super::SitePath;

/// The media type of an output, by its extension. Text is UTF-8, like everything that Dossier writes.
pub fn media_type(path: &SitePath) -> Cow<'static, str> {
    let extension = path.extension().to_ascii_lowercase();
    let known = match extension.as_str() {
        "xml" if path.name() == "feed.xml" => "application/atom+xml",
        "xml" => "application/xml",
        "mjs" => "text/javascript",
        "map" => "application/json",
        "woff" => "font/woff",
        "otf" => "font/otf",
        // Browsers show these where they are plain text, and save them otherwise.
        "bib" | "md" | "toml" | "yaml" | "yml" => "text/plain",
        extension => mime_guess::from_ext(extension).first_raw().unwrap_or("application/octet-stream"),
    };
    let is_text = known.starts_with("text/") || matches!(known, "application/atom+xml" | "application/xml");
    if is_text { format!("{known}; charset=utf-8").into() } else { known.into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn common_files_have_the_type_that_browsers_expect() {
        let types = [
            ("a.HTML", "text/html; charset=utf-8"),
            ("a.css", "text/css; charset=utf-8"),
            ("a.js", "text/javascript; charset=utf-8"),
            ("a.mjs", "text/javascript; charset=utf-8"),
            ("a.json", "application/json"),
            ("feed.xml", "application/atom+xml; charset=utf-8"),
            ("sitemap.xml", "application/xml; charset=utf-8"),
            ("a.csv", "text/csv; charset=utf-8"),
            ("a.ics", "text/calendar; charset=utf-8"),
            ("a.md", "text/plain; charset=utf-8"),
            ("a.svg", "image/svg+xml"),
            ("a.avif", "image/avif"),
            ("a.ico", "image/x-icon"),
            ("a.woff", "font/woff"),
            ("a.woff2", "font/woff2"),
            ("a.otf", "font/otf"),
            ("a.vtt", "text/vtt; charset=utf-8"),
            ("a.m4a", "audio/m4a"),
            ("a.mp4", "video/mp4"),
            ("a.geojson", "application/geo+json"),
            ("a.epub", "application/epub+zip"),
            ("a.wasm", "application/wasm"),
            ("a.webmanifest", "application/manifest+json"),
            ("a.xyz-unknown", "application/octet-stream"),
            ("CNAME", "application/octet-stream"),
        ];
        for (path, expected) in types {
            let path = SitePath::new(path).expect("a path");
            assert_eq!(media_type(&path), expected, "{path}");
        }
    }
}
