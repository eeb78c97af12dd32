//! Files that only a host reads: which headers it sends, and where former addresses lead.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use crate::config::HostName;
use crate::site::{Redirect, Site, encode};
use crate::source::{Role, media_type};

use super::base_path;

/// What readers may keep for good: a file whose name changes with its bytes.
const IMMUTABLE: &str = "public, max-age=31536000, immutable";
/// What readers ask about again before they use it: everything else, so that a correction is read at once.
const REVALIDATE: &str = "public, max-age=0, must-revalidate";
/// More hosts of pictures than this are not named one by one.
const MAX_ORIGINS: usize = 20;
/// The names of all files that [`host_files`] may make, sorted.
pub const HOST_FILES: [&str; 4] = [".nojekyll", "_headers", "_redirects", "staticwebapp.config.json"];

/// How long an output may be kept by caches, as the value of `Cache-Control`.
pub fn cache_control(role: Role) -> &'static str {
    if role == Role::Fingerprinted { IMMUTABLE } else { REVALIDATE }
}

/// The headers that every answer should have, besides those on caching: nothing runs or loads but the site's own files
/// and the pictures that pages take from elsewhere.
pub fn security_headers(site: &Site) -> [(&'static str, String); 3] {
    let mut pictures = outside_pictures(site);
    if pictures.len() > MAX_ORIGINS {
        pictures = BTreeSet::from(["https:".to_owned()]);
    }
    let pictures: String = pictures.into_iter().map(|origin| format!(" {origin}")).collect();
    let policy = format!(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'{pictures}; connect-src 'self'; \
         font-src 'self'; media-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; \
         frame-ancestors 'none'"
    );
    [
        ("Content-Security-Policy", policy),
        ("X-Content-Type-Options", "nosniff".to_owned()),
        ("Referrer-Policy", "strict-origin-when-cross-origin".to_owned()),
    ]
}

/// The files for the hosts that `site.toml` names; `printed` are the addresses of all fingerprinted files.
pub fn host_files(site: &Site, printed: &[String]) -> Vec<(&'static str, Vec<u8>)> {
    let wanted = |names: &[HostName]| names.iter().any(|name| site.config.output.is_for(*name));
    let mut files = Vec::new();
    if wanted(&[HostName::Github]) {
        files.push((".nojekyll", Vec::new()));
    }
    if wanted(&[HostName::Cloudflare, HostName::Netlify]) {
        files.push(("_headers", headers(site, printed).into_bytes()));
    }
    let moved = moved(site);
    if wanted(&[HostName::Cloudflare, HostName::Gitlab, HostName::Netlify]) && !moved.is_empty() {
        // At each former address stands a page that leads on. Netlify gives it out unless told otherwise, and the others do
        // not know the word for that.
        let forced = !wanted(&[HostName::Cloudflare, HostName::Gitlab]);
        let status = if forced { "301!" } else { "301" };
        // GitLab's rules count from the top of the host, those of the others from the top of the folder.
        let whole = site.config.base_url().filter(|_| wanted(&[HostName::Gitlab])).map_or("/", base_path);
        let line = |(from, to): (&String, &String)| format!("{whole}{from} {whole}{to} {status}\n");
        files.push(("_redirects", moved.iter().map(line).collect::<String>().into_bytes()));
    }
    if wanted(&[HostName::Azure]) {
        files.push(("staticwebapp.config.json", azure(site, printed, &moved).into_bytes()));
    }
    files
}

/// Rules in the form of Netlify and Cloudflare Pages. Where two rules fit they send both values, so no header stands in
/// two of them; both have browsers revalidate whatever no rule on caching fits.
fn headers(site: &Site, printed: &[String]) -> String {
    let mut text = "/*\n".to_owned();
    for (name, value) in security_headers(site) {
        text.push_str(&format!("  {name}: {value}\n"));
    }
    for address in printed {
        text.push_str(&format!("/{address}\n  Cache-Control: {IMMUTABLE}\n"));
    }
    text
}

/// The configuration of Azure Static Web Apps.
fn azure(site: &Site, printed: &[String], moved: &BTreeMap<String, String>) -> String {
    let printed = printed
        .iter()
        .map(|address| json!({ "route": format!("/{address}"), "headers": { "Cache-Control": IMMUTABLE } }));
    let moved = moved
        .iter()
        .map(|(from, to)| json!({ "route": format!("/{from}"), "redirect": format!("/{to}"), "statusCode": 301 }));
    let mut global = serde_json::Map::new();
    for (name, value) in security_headers(site) {
        global.insert(name.to_owned(), value.into());
    }
    global.insert("Cache-Control".to_owned(), REVALIDATE.into());
    let files = site.files.content.iter().chain(&site.files.fixed);
    let types: BTreeMap<String, Cow<'_, str>> = files
        .map(|file| (format!(".{}", file.extension()), media_type(file)))
        .filter(|(name, _)| name != ".")
        .collect();
    let config = json!({
        "mimeTypes": types,
        "routes": printed.chain(moved).collect::<Vec<Value>>(),
        "globalHeaders": global,
        "responseOverrides": { "404": { "rewrite": "/404.html", "statusCode": 404 } },
    });
    format!("{config:#}\n")
}

/// Former addresses and where they lead, both from the top of the site: as front matter has them, and as files.
fn moved(site: &Site) -> BTreeMap<String, String> {
    let mut moved = BTreeMap::new();
    for (file, Redirect { page, from }) in site.redirects() {
        let href = &site.page(*page).href;
        let to = href.strip_prefix("./").unwrap_or(href);
        moved.insert(encode(from), to.to_owned());
        moved.insert(encode(file.as_str()), to.to_owned());
    }
    moved
}

/// The sites that pages take pictures from, such as `https://example.org`.
fn outside_pictures(site: &Site) -> BTreeSet<String> {
    let links = site.pages.iter().flat_map(|page| &page.metadata.links).filter(|link| link.image);
    links.filter_map(|link| origin(&link.target)).collect()
}

fn origin(address: &str) -> Option<String> {
    let (scheme, rest) = address.split_once("://")?;
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let plain = host.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | ':'));
    let known = scheme.eq_ignore_ascii_case("https") || scheme.eq_ignore_ascii_case("http");
    (known && plain && !host.is_empty()).then(|| format!("{scheme}://{host}").to_ascii_lowercase())
}
