use super::*;
use crate::diag::Diagnostics;
use crate::source::{SitePath, line_column};

fn load(text: &str) -> (Option<Config>, String) {
    let mut diagnostics = Diagnostics::default();
    let config = SitePath::new("site.toml").ok().and_then(|file| Config::load(&file, text, &mut diagnostics));
    let shown = diagnostics.iter().map(|problem| {
        let line = problem.at.as_ref().map_or(0, |span| line_column(text, span.start).line);
        let hint = problem.hint.as_deref().unwrap_or_default();
        let labels: String = problem.labels.iter().map(|(_, label)| format!(" [{label}]")).collect();
        format!("{line} {}: {}{labels} ({hint})", problem.code, problem.message)
    });
    let shown = shown.collect::<Vec<_>>().join("\n");
    (config, shown)
}

#[test]
fn only_the_title_is_required() {
    let (config, problems) = load("title = \"Deal\"");
    assert_eq!(problems, "");
    let config = config.expect("a configuration");
    assert_eq!((config.title.as_str(), config.language.as_str()), ("Deal", "en"));
    assert!(config.content.smart_punctuation && config.content.ignore.iter().any(|glob| glob.value == "*.bak"));
}

#[test]
fn reports_all_invalid_values() {
    let text = r##"
titel = "Deal"
language = "en_GB"
base_url = "ftp://example.org"
[[nav]]
title = "Cloud"
page = "../cloud.md"
[[topics]]
id = "Cloud Computing"
title = "Cloud"
page = "/cloud.md"
[[topics]]
id = "pcs"
title = "PCs"
[[topics]]
id = "pcs"
title = "PCs"
[content]
ignore = ["*.bak", "[a"]
paginate = 0
[check]
deny = ["duplicate-ids", "unknown-key"]
allow = ["unknown-key"]
coverage = 101
"##;
    insta::assert_snapshot!(load(text).1, @r"
    2 unknown-key: unknown key `titel` (did you mean `title`?)
    3 bad-value: `en_GB` is not a language (write a BCP 47 tag such as `en` or `en-GB`)
    20 bad-value: a list page cannot have 0 pages (write 1 or more)
    24 bad-value: 101 per cent is over 100 (write a number from 0 to 100)
    7 bad-value: `../cloud.md` does not name a page (name a file below `content`, such as `cloud.md`)
    11 bad-value: `/cloud.md` does not name a page (name a file below `content`, such as `cloud.md`)
    9 bad-id: `Cloud Computing` is not a valid id (use lower-case letters, digits and hyphens, such as `cloud-computing`)
    16 duplicate-id: the id `pcs` is used twice [first used here] (rename one of the two)
    19 bad-value: `[a` is not a glob: invalid range pattern (write a pattern such as `*.bak` or `drafts/**`)
    22 unknown-code: there is no code `duplicate-ids` (did you mean `duplicate-id`?)
    23 bad-value: `unknown-key` is always an error (a site with it would be false or incomplete: correct it where it is reported)
    23 bad-value: the code `unknown-key` is listed twice (list it once, under `deny`, `warn` or `allow`)
    4 bad-url: `ftp://example.org` is not an address for a site: it starts with neither `https://` nor `http://` (write one such as `https://example.org/deal/`)
    ");
}

#[test]
fn addresses_of_sites() {
    for (given, expected) in [
        ("https://example.org", Some("https://example.org/")),
        ("http://localhost:8000/deal", Some("http://localhost:8000/deal/")),
        ("HTTPS://EXAMPLE.org/a%20b/", Some("HTTPS://EXAMPLE.org/a%20b/")),
        ("example.org", None),
        ("https://", None),
        ("https:///path", None),
        ("https://a..b", None),
        ("https://user@example.org", None),
        ("https://example.org:port", None),
        ("https://example.org:", None),
        ("https://example.org/?a=b", None),
        ("https://example.org/#top", None),
        ("https://example.org/a b", None),
        ("https://example.org/\"><script>", None),
        ("javascript:alert(1)", None),
    ] {
        assert_eq!(base_url(given).ok().as_deref(), expected, "{given}");
    }
}

#[test]
fn severities_are_set_by_the_lists() {
    let (config, _) = load("title = 'x'\n[check]\nwarn = ['duplicate-id']\nallow = ['bad-url']");
    let check = config.expect("a configuration").check;
    assert_eq!(check.severity("duplicate-id"), Some(Severity::Warning));
    assert_eq!(check.severity("bad-url"), Some(Severity::Allow));
    assert_eq!(check.severity("wrong-type"), None);
}

#[test]
fn the_configuration_of_this_site_has_no_problems() {
    let (config, problems) = load(include_str!("../../site.toml"));
    assert_eq!((config.is_some(), problems.as_str()), (true, ""));
}
