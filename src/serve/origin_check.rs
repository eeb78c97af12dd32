//! Checks the origin of requests. A page of another site can make a browser send requests here. It must not be able to
//! read the responses, also not with a host name that points at this machine (DNS rebinding).

use std::net::IpAddr;
use std::str::FromStr;

use axum::http::header::{HOST, ORIGIN};
use axum::http::uri::Authority;
use axum::http::{HeaderMap, Uri};

/// An allowed host name besides those of this machine: `mybox.local`, `mybox.local:8443` for one port only, or
/// `.example.org` for that name and its subdomains.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AllowedHost {
    name: String,
    port: Option<u16>,
}

impl FromStr for AllowedHost {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        const HELP: &str = "write the name alone, such as `mybox.local`, or `.example.org` for all names below it";
        let authority: Authority = text.parse().map_err(|_| HELP)?;
        let name = authority.host().to_ascii_lowercase();
        let is_name = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-_".contains(&byte));
        let is_known = is_name && name.bytes().any(|byte| byte != b'.') || address(&name).is_some();
        let port = authority.port_u16();
        // The parts that the parser drops, such as a user name, are not part of a host.
        let is_whole = text.eq_ignore_ascii_case(&Self { name: name.clone(), port }.to_string());
        if is_known && is_whole { Ok(Self { name, port }) } else { Err(HELP) }
    }
}

impl std::fmt::Display for AllowedHost {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.name)?;
        self.port.map_or(Ok(()), |port| write!(f, ":{port}"))
    }
}

impl AllowedHost {
    fn allows(&self, check: &Self) -> bool {
        let is_below = self.name.starts_with('.') && format!(".{}", check.name).ends_with(&self.name);
        (self.name == check.name || is_below) && (self.port.is_none() || self.port == check.port)
    }
}

/// The allowed host names.
#[derive(Clone, Debug)]
pub(super) struct Hosts {
    /// The name it listens on.
    pub own: String,
    pub allowed: Vec<AllowedHost>,
}

impl Hosts {
    /// Checks whether a request is allowed.
    ///
    /// # Errors
    /// Why it is not, and what to do, for the user.
    pub fn check_request(&self, headers: &HeaderMap, uri: &Uri) -> Result<(), String> {
        let host = host(headers, uri).ok_or("The request names no host, or more than one.")?;
        if !self.is_own_host(&host) {
            let name = &host.name;
            return Err(format!(
                "This server does not answer for the host `{name}`. If that name is yours, start it with \
                 `--allow-host {name}`."
            ));
        }
        if let Some(origin) = headers.get(ORIGIN).map(|origin| Origin::read(origin.to_str().unwrap_or_default())) {
            let origin = origin.ok_or("Pages without an address may not read this site.")?;
            if !self.is_same_origin(&origin, &host) {
                let named = origin.host_name();
                return Err(format!(
                    "Pages of `{}://{named}` may not read this site. If that is where you open it, start the server with \
                     `--allow-host {named}`.",
                    origin.scheme
                ));
            }
        }
        let has_value = |name: &str, value: &str| headers.get(name).is_some_and(|is| is == value);
        if has_value("sec-fetch-site", "cross-site") && !has_value("sec-fetch-mode", "navigate") {
            return Err("Pages of other sites may link here, and nothing else.".to_owned());
        }
        Ok(())
    }

    /// Whether a WebSocket is opened by a page of this server.
    pub fn is_own_page(&self, headers: &HeaderMap, uri: &Uri) -> bool {
        let origin = headers.get(ORIGIN).and_then(|origin| Origin::read(origin.to_str().ok()?));
        origin.zip(host(headers, uri)).is_some_and(|(origin, host)| self.is_same_origin(&origin, &host))
    }

    /// An IP address cannot be rebound, and `localhost` is reserved for this machine (RFC 6761, section 6.3).
    fn is_own_host(&self, host: &AllowedHost) -> bool {
        let name = host.name.as_str();
        address(name).is_some()
            || name == "localhost"
            || name.ends_with(".localhost")
            || self.own.eq_ignore_ascii_case(name)
            || self.allowed.iter().any(|allowed| allowed.allows(host))
    }

    /// Whether this is the origin of our pages: the requested host, directly or behind a proxy that adds TLS, or an
    /// allowed host.
    fn is_same_origin(&self, origin: &Origin, host: &AllowedHost) -> bool {
        let port = Some(host.port.unwrap_or(origin.default_port()));
        origin.host == AllowedHost { name: host.name.clone(), port }
            || self.allowed.iter().any(|allowed| allowed.allows(&origin.host))
    }
}

/// The origin of a page: `https://example.org`.
struct Origin<'a> {
    scheme: &'a str,
    /// Always with its port.
    host: AllowedHost,
}

impl<'a> Origin<'a> {
    fn read(text: &'a str) -> Option<Self> {
        let (scheme, host) = text.split_once("://")?;
        let host: AllowedHost = host.parse().ok().filter(|_| matches!(scheme, "http" | "https"))?;
        let origin = Self { scheme, host };
        let port = Some(origin.host.port.unwrap_or(origin.default_port()));
        Some(Self { host: AllowedHost { port, ..origin.host }, ..origin })
    }

    fn default_port(&self) -> u16 {
        if self.scheme == "https" { 443 } else { 80 }
    }

    /// Its host, with the port unless it is the default.
    fn host_name(&self) -> AllowedHost {
        let port = self.host.port.filter(|port| *port != self.default_port());
        AllowedHost { name: self.host.name.clone(), port }
    }
}

/// The host and port that the request was sent to.
fn host(headers: &HeaderMap, uri: &Uri) -> Option<AllowedHost> {
    let mut hosts = headers.get_all(HOST).iter();
    let host = hosts.next()?.to_str().ok()?;
    let agrees = uri.authority().is_none_or(|authority| authority.as_str() == host);
    host.parse().ok().filter(|_| hosts.next().is_none() && agrees)
}

fn address(name: &str) -> Option<IpAddr> {
    name.trim_start_matches('[').trim_end_matches(']').parse().ok()
}

#[cfg(test)]
mod tests {
    use axum::http::header::HeaderName;

    use super::*;

    /// The error for a request with these headers, with these allowed names.
    fn check(allowed: &[&str], headers: &[(&str, &str)]) -> Result<(), String> {
        let allowed = allowed.iter().map(|name| name.parse().expect("a name")).collect();
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.append(HeaderName::from_bytes(name.as_bytes()).expect("a name"), value.parse().expect("a value"));
        }
        let hosts = Hosts { own: "127.0.0.1".to_owned(), allowed };
        let uri = Uri::from_static("/");
        let admitted = hosts.check_request(&map, &uri);
        if admitted.is_ok() && map.contains_key(ORIGIN) {
            assert!(hosts.is_own_page(&map, &uri), "an origin that may read may hear of changes");
        }
        admitted
    }

    #[test]
    fn only_names_of_this_machine_are_allowed() {
        for host in
            ["127.0.0.1:3000", "localhost:3000", "LOCALHOST", "deal.localhost:80", "[::1]:3000", "192.168.1.7:3000"]
        {
            assert_eq!(check(&[], &[("host", host)]), Ok(()), "{host}");
        }
        for host in
            ["evil.example:3000", "127.0.0.1.evil.example", "localhost.evil.example:3000", "", "user@localhost", "a b"]
        {
            assert!(check(&["mybox.local"], &[("host", host)]).is_err(), "{host}");
        }
        assert!(check(&[], &[]).is_err());
        assert!(check(&[], &[("host", "localhost"), ("host", "localhost")]).is_err());
    }

    #[test]
    fn other_origins_are_refused() {
        let host = ("host", "localhost:3000");
        assert_eq!(check(&[], &[host, ("origin", "http://localhost:3000")]), Ok(()));
        for origin in ["http://localhost:3001", "null", "http://localhost", "ftp://localhost:3000", "https://localhost"]
        {
            assert!(check(&["mybox.local"], &[host, ("origin", origin)]).is_err(), "{origin}");
        }
        assert!(check(&[], &[host, ("sec-fetch-site", "cross-site"), ("sec-fetch-mode", "no-cors")]).is_err());
        assert_eq!(check(&[], &[host, ("sec-fetch-site", "cross-site"), ("sec-fetch-mode", "navigate")]), Ok(()));
    }

    #[test]
    fn a_proxy_that_adds_tls_is_the_same_origin() {
        assert_eq!(check(&[], &[("host", "localhost"), ("origin", "https://localhost")]), Ok(()));
        assert_eq!(check(&[], &[("host", "localhost:3000"), ("origin", "https://localhost:3000")]), Ok(()));
        assert!(check(&[], &[("host", "localhost:80"), ("origin", "https://localhost")]).is_err());
    }

    #[test]
    fn the_hint_of_the_refusal_works() {
        for headers in [
            vec![("host", "mybox.local:3000")],
            vec![("host", "mybox.local"), ("origin", "https://mybox.local")],
            vec![("host", "localhost:3000"), ("origin", "https://big-bear-3000.app.github.dev")],
            vec![("host", "localhost:3000"), ("origin", "https://localhost")],
            vec![("host", "localhost:3000"), ("origin", "http://localhost:3001")],
            vec![("host", "big-bear-3000.app.github.dev"), ("origin", "https://big-bear-3000.app.github.dev")],
            vec![("host", "127.0.0.1:3000"), ("origin", "http://[::1]:3000")],
        ] {
            let refused = check(&[], &headers).expect_err("it is refused");
            let name = refused.split("`--allow-host ").nth(1).and_then(|rest| rest.split('`').next());
            let name = name.unwrap_or_else(|| panic!("no name in {refused}"));
            assert_eq!(check(&[name], &headers), Ok(()), "{name}");
        }
    }

    #[test]
    fn an_allowed_name_allows_nothing_else() {
        let origin =
            |allowed: &str, origin: &str| check(&[allowed], &[("host", "localhost"), ("origin", origin)]).is_ok();
        assert!(origin(".app.github.dev", "https://x.app.github.dev") && origin(".github.dev", "https://github.dev"));
        assert!(
            !origin(".app.github.dev", "https://evilapp.github.dev") && !origin("github.dev", "https://x.github.dev")
        );
        assert!(origin("mybox.local:8443", "https://mybox.local:8443"));
        assert!(!origin("mybox.local:8443", "https://mybox.local"));
        for wrong in ["https://mybox.local", "*", "", ".", "mybox.local/", "user@mybox.local", "a b", "mybox.local:x"] {
            assert!(wrong.parse::<AllowedHost>().is_err(), "{wrong}");
        }
    }
}
