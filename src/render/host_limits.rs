//! What hosts document as the most that they take of a site. What is beyond it they refuse, or leave out without a word.

use crate::config::HostName;
use crate::source::{Outputs, SitePath};

/// One limit of a host.
struct Limit {
    host: HostName,
    of: Measure,
    most: u64,
}

/// What is counted.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Measure {
    /// Rules of `_headers`.
    Headers,
    /// Rules of `_redirects` without a wildcard.
    Redirects,
    /// Those with one.
    DynamicRedirects,
    /// All of them.
    AllRedirects,
    /// The length of `staticwebapp.config.json`.
    Config,
    Files,
    /// The length of the largest file.
    File,
    /// The length of all files.
    Site,
}

const MIB: u64 = 1 << 20;

const LIMITS: [Limit; 9] = {
    use HostName::{Azure, Cloudflare, Github, Gitlab};
    [
        // The messages of Azure itself: <https://github.com/Azure/static-web-apps/issues/661> on the configuration, and 1667
        // there on the 262,144,000 bytes of the free plan. The standard plan takes 524,288,000 (1381 there).
        Limit { host: Azure, of: Measure::Config, most: 20 << 10 },
        Limit { host: Azure, of: Measure::Site, most: 250 * MIB },
        Limit { host: Cloudflare, of: Measure::Headers, most: 100 },
        Limit { host: Cloudflare, of: Measure::Redirects, most: 2_000 },
        Limit { host: Cloudflare, of: Measure::DynamicRedirects, most: 100 },
        Limit { host: Cloudflare, of: Measure::Files, most: 20_000 },
        Limit { host: Cloudflare, of: Measure::File, most: 25 * MIB },
        Limit { host: Github, of: Measure::Site, most: 1 << 30 },
        Limit { host: Gitlab, of: Measure::AllRedirects, most: 1_000 },
    ]
};

/// A limit that the site is beyond.
#[derive(Debug, PartialEq, Eq)]
pub struct OverLimit {
    pub host: HostName,
    /// The file that is meant, where it is one.
    pub file: Option<SitePath>,
    pub message: String,
    pub hint: &'static str,
}

/// The limits of these hosts that the outputs are beyond; `text` is that of a file which only hosts read, as published.
pub fn over_limits(
    hosts: impl Iterator<Item = HostName>,
    outputs: &Outputs,
    text: &dyn Fn(&str) -> Option<String>,
) -> Vec<OverLimit> {
    let hosts: Vec<HostName> = hosts.collect();
    let limits = LIMITS.iter().filter(|limit| hosts.contains(&limit.host));
    limits.filter_map(|limit| limit.check(outputs, text)).collect()
}

impl Limit {
    fn check(&self, outputs: &Outputs, text: &dyn Fn(&str) -> Option<String>) -> Option<OverLimit> {
        let Self { host, of, most } = *self;
        let largest = outputs.iter().max_by_key(|(_, output)| output.len);
        let is = match of {
            Measure::Headers | Measure::Redirects | Measure::DynamicRedirects | Measure::AllRedirects => {
                rules(&text(of.file()?)?, of)
            }
            Measure::Config => text(of.file()?)?.len() as u64,
            Measure::Files => outputs.len() as u64,
            Measure::File => largest?.1.len,
            Measure::Site => outputs.values().map(|output| output.len).sum(),
        };
        let file = match of {
            Measure::File => Some(largest?.0.clone()),
            _ => of.file().and_then(|name| SitePath::new(name).ok()),
        };
        let name = file.as_ref().map_or_else(|| "the site".to_owned(), |file| format!("`{file}`"));
        let message = format!("{name} has {}, and {} takes {}", of.amount(is), host.title(), of.amount(most));
        (is > most).then_some(OverLimit { host, file, message, hint: of.hint() })
    }
}

/// Rules of a kind: they start at the start of a line.
fn rules(text: &str, of: Measure) -> u64 {
    let lines = text.lines().filter(|line| !line.starts_with(|first: char| first.is_whitespace() || first == '#'));
    let sources = lines.filter_map(|line| line.split_whitespace().next());
    let counts = |source: &str| match of {
        Measure::Redirects => !source.contains(['*', ':']),
        Measure::DynamicRedirects => source.contains(['*', ':']),
        _ => true,
    };
    sources.filter(|source| counts(source)).count() as u64
}

impl Measure {
    /// The file that is counted in.
    fn file(self) -> Option<&'static str> {
        match self {
            Self::Headers => Some("_headers"),
            Self::Redirects | Self::DynamicRedirects | Self::AllRedirects => Some("_redirects"),
            Self::Config => Some("staticwebapp.config.json"),
            Self::Files | Self::File | Self::Site => None,
        }
    }

    fn amount(self, count: u64) -> String {
        match self {
            Self::Headers => format!("{count} rules"),
            Self::AllRedirects => format!("{count} redirects"),
            Self::Redirects => format!("{count} redirects without wildcards"),
            Self::DynamicRedirects => format!("{count} redirects with wildcards"),
            Self::Files => format!("{count} files"),
            Self::Config | Self::File | Self::Site => format!("{count} bytes"),
        }
    }

    fn hint(self) -> &'static str {
        match self {
            Self::Headers => "name fewer files in `[output] fingerprint`: each takes one rule",
            Self::Redirects | Self::DynamicRedirects | Self::AllRedirects => {
                "remove `aliases` that are out of use: each takes two rules, and has a page that redirects without them"
            }
            Self::Config => "remove `aliases` that are out of use, or name fewer files in `[output] fingerprint`",
            Self::Files | Self::File | Self::Site => {
                "keep large files elsewhere and link to them, or take a larger plan"
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{Hash, Output, Role};

    /// What is said of a site of these files, with these host files.
    fn said(host: HostName, files: &[(&str, u64)], texts: &[(&str, String)]) -> Vec<String> {
        let output = |len: u64| Output { hash: Hash::of(b""), len, role: Role::Asset };
        let outputs = files.iter().map(|(name, len)| (SitePath::new(name).expect("a path"), output(*len))).collect();
        let text = |name: &str| texts.iter().find(|(known, _)| *known == name).map(|(_, text)| text.clone());
        let over = over_limits([host].into_iter(), &outputs, &text);
        over.into_iter().map(|over| over.message).collect()
    }

    #[test]
    fn rules_are_counted_as_hosts_count_them() {
        let headers = |count| ("_headers", format!("# rules\n\n/*\n  A: b\n{}", "/x\n  C: d\n  E: f\n".repeat(count)));
        assert_eq!(said(HostName::Cloudflare, &[], &[headers(99)]), [""; 0]);
        let over = "`_headers` has 101 rules, and Cloudflare Pages takes 100 rules";
        assert_eq!(said(HostName::Cloudflare, &[], &[headers(100)]), [over]);
        assert_eq!(said(HostName::Netlify, &[], &[headers(100)]), [""; 0]);
        let redirects =
            |plain, wild| ("_redirects", format!("{}{}", "/a /b 301\n".repeat(plain), "/c/* /d/:splat\n".repeat(wild)));
        assert_eq!(said(HostName::Cloudflare, &[], &[redirects(2000, 100)]), [""; 0]);
        assert_eq!(
            said(HostName::Cloudflare, &[], &[redirects(2001, 101)]),
            [
                "`_redirects` has 2001 redirects without wildcards, and Cloudflare Pages takes 2000 redirects without wildcards",
                "`_redirects` has 101 redirects with wildcards, and Cloudflare Pages takes 100 redirects with wildcards",
            ]
        );
        assert_eq!(
            said(HostName::Gitlab, &[], &[redirects(990, 11)]),
            ["`_redirects` has 1001 redirects, and GitLab Pages takes 1000 redirects"]
        );
    }

    #[test]
    fn files_are_measured() {
        assert_eq!(
            said(HostName::Cloudflare, &[("film.mp4", 25 * MIB + 1), ("a.html", 9)], &[]),
            ["`film.mp4` has 26214401 bytes, and Cloudflare Pages takes 26214400 bytes"]
        );
        let half = 600 * MIB;
        assert_eq!(
            said(HostName::Github, &[("a.mp4", half), ("b.mp4", half)], &[]),
            ["the site has 1258291200 bytes, and GitHub Pages takes 1073741824 bytes"]
        );
        let config = ("staticwebapp.config.json", "x".repeat(20_481));
        assert_eq!(
            said(HostName::Azure, &[], &[config]),
            ["`staticwebapp.config.json` has 20481 bytes, and Azure Static Web Apps takes 20480 bytes"]
        );
    }
}
