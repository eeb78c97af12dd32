//! Who may ask. A page of another site can have a browser send requests here; it must learn nothing from that, and a
//! name that somebody points at this machine (DNS rebinding) must not make it ours.

use std::net::IpAddr;

use axum::http::header::{HOST, ORIGIN};
use axum::http::{HeaderMap, Uri};

/// Whether a request comes from where it may.
///
/// # Errors
/// The reason for a refusal, for whoever asked.
pub(super) fn admit(headers: &HeaderMap, uri: &Uri, host: &str) -> Result<(), &'static str> {
    let named = authority(headers, uri).ok_or("The request names no host, or more than one.")?;
    if !is_ours(name_of(named), host) {
        return Err("This server answers only under the name it was started with. See `dossier serve --host`.");
    }
    if let Some(origin) = headers.get(ORIGIN)
        && !is_same(origin.to_str().unwrap_or_default(), named)
    {
        return Err("Pages of other origins may not read this site.");
    }
    let says = |name: &str, value: &str| headers.get(name).is_some_and(|is| is == value);
    if says("sec-fetch-site", "cross-site") && !says("sec-fetch-mode", "navigate") {
        return Err("Pages of other sites may link here, and nothing else.");
    }
    Ok(())
}

/// Whether a socket is asked for by a page of ours.
pub(super) fn is_own_page(headers: &HeaderMap, uri: &Uri) -> bool {
    let origin = headers.get(ORIGIN).and_then(|origin| origin.to_str().ok());
    origin.zip(authority(headers, uri)).is_some_and(|(origin, named)| is_same(origin, named))
}

/// The host and port that the request was sent to.
fn authority<'a>(headers: &'a HeaderMap, uri: &'a Uri) -> Option<&'a str> {
    let mut hosts = headers.get_all(HOST).iter();
    let host = hosts.next()?.to_str().ok()?;
    let agrees = uri.authority().is_none_or(|authority| authority.as_str() == host);
    (hosts.next().is_none() && agrees).then_some(host)
}

fn name_of(authority: &str) -> &str {
    match authority.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => authority,
    }
}

/// A number cannot be pointed elsewhere, and `localhost` is kept for this machine (RFC 6761, section 6.3).
fn is_ours(name: &str, host: &str) -> bool {
    let bare = name.trim_start_matches('[').trim_end_matches(']');
    let lower = name.to_ascii_lowercase();
    bare.parse::<IpAddr>().is_ok()
        || lower == "localhost"
        || lower.ends_with(".localhost")
        || lower == host.to_ascii_lowercase()
}

fn is_same(origin: &str, authority: &str) -> bool {
    origin.strip_prefix("http://").is_some_and(|named| named.eq_ignore_ascii_case(authority))
}

#[cfg(test)]
mod tests {
    use axum::http::header::HeaderName;

    use super::*;

    fn asked(headers: &[(&str, &str)]) -> bool {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.append(HeaderName::from_bytes(name.as_bytes()).expect("a name"), value.parse().expect("a value"));
        }
        admit(&map, &Uri::from_static("/"), "127.0.0.1").is_ok()
    }

    #[test]
    fn only_names_of_this_machine_are_answered() {
        for host in
            ["127.0.0.1:3000", "localhost:3000", "LOCALHOST", "deal.localhost:80", "[::1]:3000", "192.168.1.7:3000"]
        {
            assert!(asked(&[("host", host)]), "{host}");
        }
        for host in ["evil.example:3000", "127.0.0.1.evil.example", "localhost.evil.example:3000", "", "user@localhost"]
        {
            assert!(!asked(&[("host", host)]), "{host}");
        }
        assert!(!asked(&[]));
        assert!(!asked(&[("host", "localhost"), ("host", "localhost")]));
    }

    #[test]
    fn other_origins_learn_nothing() {
        let host = ("host", "localhost:3000");
        assert!(asked(&[host, ("origin", "http://localhost:3000")]));
        assert!(!asked(&[host, ("origin", "http://localhost:3001")]));
        assert!(!asked(&[host, ("origin", "null")]));
        assert!(!asked(&[host, ("sec-fetch-site", "cross-site"), ("sec-fetch-mode", "no-cors")]));
        assert!(asked(&[host, ("sec-fetch-site", "cross-site"), ("sec-fetch-mode", "navigate")]));
    }
}
