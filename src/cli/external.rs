//! `check --external`: checks whether links to other sites still work. There is one request per second and host, and
//! results are kept for a week, so that other sites are not asked more often than necessary.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use ureq::Agent;

use crate::diag::{Diagnostic, Diagnostics};
use crate::disk::NewFiles;
use crate::pipeline::Snapshot;
use crate::site::Target;
use crate::source::{SitePath, Span};

/// The cached results.
const CACHE_FILE: &str = ".dossier/external.json";
/// How long a result is valid.
const WEEK: SignedDuration = SignedDuration::from_hours(7 * 24);
/// The minimum time between two requests to a host.
const PAUSE: Duration = Duration::from_secs(1);
/// The timeout of a request.
const TIMEOUT: Duration = Duration::from_secs(15);
/// The maximum number of requests of a run; the rest is left to the next run.
const MAX_REQUESTS: usize = 500;

/// The result for an address.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct LinkResult {
    /// The time of the request.
    requested: Timestamp,
    /// The problem, if there is one.
    error: Option<String>,
}

/// Checks every link to another site in pages and sources, and reports those that do not work.
pub(super) fn check(snapshot: &Snapshot, root: &Path, problems: &mut Diagnostics) {
    let links = links(snapshot);
    let mut known = load(root).unwrap_or_default();
    let now = Timestamp::now();
    known.retain(|_, answer| now.duration_since(answer.requested) < WEEK);
    let unknown: Vec<&String> = links.keys().filter(|url| !known.contains_key(*url)).take(MAX_REQUESTS).collect();
    request_all(&unknown, &mut known);
    save(root, &known);
    for (url, places) in &links {
        let Some(fault) = known.get(url).and_then(|answer| answer.error.as_ref()) else { continue };
        let message = format!("the link `{url}` does not exist: {fault}");
        for place in places {
            problems.push(
                Diagnostic::new("dead-external-link", place.clone(), message.clone())
                    .hint("correct the address, or link to an archived copy"),
            );
        }
    }
}

/// Every address of another site, with the places of its links.
fn links(snapshot: &Snapshot) -> BTreeMap<String, BTreeSet<Span>> {
    let site = &snapshot.site;
    let mut links: BTreeMap<String, BTreeSet<Span>> = BTreeMap::new();
    for page in &site.pages {
        for link in &page.metadata.links {
            if let Target::External(url) = site.resolve(&page.metadata.path, &link.target) {
                links.entry(url).or_default().insert(link.span.clone());
            }
        }
    }
    for url in site.ledger.sources.iter().filter_map(|source| source.url.as_ref()) {
        links.entry(url.to_string()).or_default().extend(site.ledger.span(url));
    }
    // The fragment is not sent to the server.
    let whole = links.into_iter().filter(|(url, _)| url.starts_with("http://") || url.starts_with("https://"));
    let mut links: BTreeMap<String, BTreeSet<Span>> = BTreeMap::new();
    for (url, places) in whole {
        let url = url.split('#').next().unwrap_or_default().to_owned();
        links.entry(url).or_default().extend(places);
    }
    links
}

/// A client with limits on time and redirects.
pub(super) fn agent() -> Agent {
    let config = Agent::config_builder().timeout_global(Some(TIMEOUT)).max_redirects(5).http_status_as_error(false);
    config.user_agent(concat!("dossier/", env!("CARGO_PKG_VERSION"))).build().into()
}

/// Requests each address: hosts in parallel, addresses of one host one after the other.
fn request_all(urls: &[&String], known: &mut BTreeMap<String, LinkResult>) {
    let mut hosts: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for url in urls {
        hosts.entry(url.split('/').nth(2).unwrap_or_default()).or_default().push(url);
    }
    let agent = agent();
    let results = std::thread::scope(|scope| {
        let threads: Vec<_> = hosts.values().map(|urls| scope.spawn(|| request_host(&agent, urls))).collect();
        threads.into_iter().flat_map(|thread| thread.join().unwrap_or_default()).collect::<Vec<_>>()
    });
    known.extend(results);
}

fn request_host(agent: &Agent, urls: &[&str]) -> Vec<(String, LinkResult)> {
    let mut answers = Vec::with_capacity(urls.len());
    for (number, url) in urls.iter().enumerate() {
        if number > 0 {
            std::thread::sleep(PAUSE);
        }
        answers.push(((*url).to_owned(), LinkResult { requested: Timestamp::now(), error: link_error(agent, url) }));
    }
    answers
}

/// The problem of an address: requested with `HEAD` first, and with `GET` if the host does not support `HEAD`.
fn link_error(agent: &Agent, url: &str) -> Option<String> {
    let head = agent.head(url).call();
    let answer = match head {
        Ok(answer) if matches!(answer.status().as_u16(), 403 | 404 | 405 | 501) => agent.get(url).call(),
        other => other,
    };
    match answer {
        Ok(answer) if answer.status().as_u16() < 400 => None,
        // The host exists and wants a login or refuses robots: that is not a dead link.
        Ok(answer) if matches!(answer.status().as_u16(), 401 | 403 | 429 | 503) => None,
        Ok(answer) => Some(format!("the host answers {}", answer.status())),
        Err(error) => Some(error.to_string()),
    }
}

fn load(root: &Path) -> Option<BTreeMap<String, LinkResult>> {
    let files = NewFiles::open(root, "dossier check", |_| {}).ok()?;
    let text = files.read(&SitePath::new(CACHE_FILE).ok()?).ok()??;
    serde_json::from_str(&text).ok()
}

/// Writes the results; if that fails, the next run requests them again.
fn save(root: &Path, known: &BTreeMap<String, LinkResult>) {
    let (Ok(path), Ok(text)) = (SitePath::new(CACHE_FILE), serde_json::to_string_pretty(known)) else { return };
    let _ = NewFiles::open(root, "dossier check", |_| {}).and_then(|files| files.write(&path, &text));
}

#[cfg(test)]
mod tests {
    use std::io::{BufRead, BufReader, Write};
    use std::net::TcpListener;

    use super::*;

    /// A local server that answers `count` requests with the status in their paths, and then ends.
    fn host(count: usize) -> std::io::Result<(String, std::thread::JoinHandle<()>)> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let address = format!("http://{}", listener.local_addr()?);
        let served = std::thread::spawn(move || {
            for stream in listener.incoming().take(count).flatten() {
                let mut lines = BufReader::new(&stream).lines().map_while(Result::ok);
                let request = lines.next().unwrap_or_default();
                let status = request.split(['/', ' ']).nth(2).unwrap_or("500").to_owned();
                let rest = lines.take_while(|line| !line.is_empty()).count();
                assert!(rest < 100, "a request of a hundred headers");
                let answer = format!("HTTP/1.1 {status} X\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
                let _ = (&stream).write_all(answer.as_bytes());
            }
        });
        Ok((address, served))
    }

    #[test]
    fn distinguishes_dead_links_from_refused_requests() -> std::io::Result<()> {
        let agent: Agent = Agent::config_builder().http_status_as_error(false).build().into();
        // 404 and 403 are requested twice: some hosts answer like this to `HEAD` only.
        let (address, served) = host(7)?;
        let check = |status: u16| link_error(&agent, &format!("{address}/{status}"));
        assert_eq!(check(200), None);
        assert_eq!(check(429), None);
        assert_eq!(check(403), None);
        assert!(check(404).is_some_and(|fault| fault.contains("404")));
        assert!(check(410).is_some_and(|fault| fault.contains("410")));
        assert!(served.join().is_ok());
        assert!(link_error(&agent, &address).is_some(), "a host that is gone");
        Ok(())
    }
}
