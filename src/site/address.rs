//! Where a page ends up: its output file, and the address that links write.

use std::fmt::Write;

use crate::config::UrlStyle;
use crate::source::{PathError, SitePath};

/// Where one page is written and how links name it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    /// The file below the output folder: `cloud.html`.
    pub output: SitePath,
    /// What links write, relative to the top of the site, percent-encoded: `cloud.html`, or `cloud/`.
    pub href: String,
}

impl Address {
    /// The address of the page at `path`, named below `content` and without its extension: `guide/intro`.
    ///
    /// # Errors
    /// When the path cannot be an output path.
    pub fn of(path: &str, style: UrlStyle) -> Result<Self, PathError> {
        let is_index = path == "index" || path.ends_with("/index");
        let file = match style {
            UrlStyle::Folder | UrlStyle::Portable if !is_index && path != "404" => format!("{path}/index.html"),
            _ => format!("{path}.html"),
        };
        let output = SitePath::new(&file)?;
        let href = match style {
            UrlStyle::Folder if output.name() == "index.html" => match output.folder() {
                "" => "./".to_owned(),
                folder => format!("{}/", encode(folder)),
            },
            _ => encode(output.as_str()),
        };
        Ok(Self { output, href })
    }
}

/// Percent-encodes a path for use in an address: everything but unreserved characters (RFC 3986, section 2.3) and `/`.
pub fn encode(path: &str) -> String {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~' | b'/');
    if path.bytes().all(is_plain) {
        return path.to_owned();
    }
    let mut encoded = String::with_capacity(path.len());
    for byte in path.bytes() {
        if is_plain(byte) {
            encoded.push(char::from(byte));
        } else {
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    encoded
}

/// Percent-encodes what no address may hold, and leaves what is encoded already: for queries and fragments, whose marks
/// mean something to who reads them.
pub fn keep_encoded(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_graphic() && !br#""<>\^`{|}"#.contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    encoded
}

/// Undoes percent-encoding; `None` where what comes out is not UTF-8.
pub fn decode(text: &str) -> Option<String> {
    if !text.contains('%') {
        return Some(text.to_owned());
    }
    let bytes = text.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        let hex = text.get(at + 1..at + 3).and_then(|hex| u8::from_str_radix(hex, 16).ok());
        match (byte, hex) {
            (b'%', Some(value)) => {
                decoded.push(value);
                at += 3;
            }
            _ => {
                decoded.push(*byte);
                at += 1;
            }
        }
    }
    String::from_utf8(decoded).ok()
}

/// What stands before every address on a page in this output file: one `../` for each folder it lies in.
pub fn root_from(output: &SitePath) -> String {
    "../".repeat(output.depth())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_flat_files_or_folders() -> Result<(), PathError> {
        let file = Address::of("guide/intro", UrlStyle::File)?;
        assert_eq!((file.output.as_str(), file.href.as_str()), ("guide/intro.html", "guide/intro.html"));
        let folder = Address::of("guide/intro", UrlStyle::Folder)?;
        assert_eq!((folder.output.as_str(), folder.href.as_str()), ("guide/intro/index.html", "guide/intro/"));
        let portable = Address::of("guide/intro", UrlStyle::Portable)?;
        assert_eq!((portable.output, portable.href.as_str()), (folder.output, "guide/intro/index.html"));
        assert_eq!(Address::of("index", UrlStyle::Folder)?.href, "./");
        assert_eq!(Address::of("index", UrlStyle::Portable)?.href, "index.html");
        assert_eq!(Address::of("404", UrlStyle::Folder)?.output.as_str(), "404.html");
        Ok(())
    }

    #[test]
    fn odd_names_are_percent_encoded_and_come_back() {
        assert_eq!(encode("a b/c#1?.html"), "a%20b/c%231%3F.html");
        assert_eq!(decode("a%20b/c%231%3F.html").as_deref(), Some("a b/c#1?.html"));
        assert_eq!(decode("100%").as_deref(), Some("100%"));
        assert_eq!(decode("%ff"), None);
        assert_eq!(keep_encoded("?a=b%20c&d=é #t=1,2"), "?a=b%20c&d=%C3%A9%20#t=1,2");
    }
}
