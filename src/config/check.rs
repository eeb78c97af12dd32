use rustc_hash::FxHashMap;

use crate::data::{self, Spanned, is_id, is_language, to_id};
use crate::diag::{CODES, Diagnostic, Diagnostics, did_you_mean, is_always_error};
use crate::source::SitePath;

use super::{Config, Globs, HostName, UrlStyle};

impl Config {
    /// Reads `site.toml` and reports all problems; `None` if it is not valid TOML.
    pub fn load(file: &SitePath, text: &str, diagnostics: &mut Diagnostics) -> Option<Self> {
        let (mut config, places) = data::toml::<Self>(file, text, diagnostics)?;
        config.places = places;
        let Self { nav, topics, places, .. } = &mut config;
        // An entry without a name, which is already reported.
        nav.retain(|item| places.span(item.page.node).is_some());
        topics.retain(|topic| places.span(topic.id.node).is_some());
        let mut check = Check { config: &config, diagnostics };
        check.texts();
        check.topics();
        check.globs();
        check.codes();
        check.hosts();
        check.targets();
        let base = check.base_url();
        config.base_url = config.base_url.zip(base).map(|(given, value)| Spanned { value, node: given.node });
        Some(config)
    }
}

struct Check<'a> {
    config: &'a Config,
    diagnostics: &'a mut Diagnostics,
}

impl Check<'_> {
    fn report<T>(&mut self, code: &'static str, at: &Spanned<T>, message: String, hint: &str) {
        // A value without a place was filled in for a missing one, which is already reported.
        let at = self.config.places.span(at.node);
        self.diagnostics.extend(at.map(|at| Diagnostic::new(code, at, message).hint(hint)));
    }

    fn hosts(&mut self) {
        let output = &self.config.output;
        let cloudflare = output.hosts.iter().find(|host| host.value == HostName::Cloudflare);
        if let Some(host) = cloudflare.filter(|_| output.urls == UrlStyle::File) {
            let message = "Cloudflare Pages redirects `/page.html` to `/page`, so every link to a page, every canonical URL and \
                           every entry of the sitemap leads to a redirect";
            self.report("host-redirects", host, message.to_owned(), "set `urls = \"folder\"` in `[output]`");
        }
    }

    fn texts(&mut self) {
        let config = self.config;
        if !is_language(&config.language) {
            let message = format!("`{}` is not a language", config.language);
            self.report("bad-value", &config.language, message, "write a BCP 47 tag such as `en` or `en-GB`");
        }
        if config.content.paginate.value == 0 {
            let message = "a list page cannot have 0 pages".to_owned();
            self.report("bad-value", &config.content.paginate, message, "write 1 or more");
        }
        if config.output.template_seconds.value == 0 {
            let message = "a template cannot be rendered in 0 seconds".to_owned();
            self.report("bad-value", &config.output.template_seconds, message, "write 1 or more");
        }
        if let Some(coverage) = config.check.coverage.as_ref().filter(|coverage| coverage.value > 100) {
            let message = format!("{coverage} per cent is over 100");
            self.report("bad-value", coverage, message, "write a number from 0 to 100");
        }
        let pages =
            config.nav.iter().map(|item| &item.page).chain(config.topics.iter().filter_map(|t| t.page.as_ref()));
        for page in pages {
            if SitePath::new(page).is_err() || page.starts_with('/') {
                let message = format!("`{page}` does not name a page");
                self.report("bad-value", page, message, "name a file below `content`, such as `cloud.md`");
            }
        }
    }

    fn topics(&mut self) {
        let mut first: FxHashMap<&str, &Spanned<String>> = FxHashMap::default();
        for topic in &self.config.topics {
            let id = &topic.id;
            if !is_id(id) {
                let message = format!("`{id}` is not a valid id");
                let hint = format!("use lower-case letters, digits and hyphens, such as `{}`", to_id(id));
                self.report("bad-id", id, message, &hint);
            }
            if let Some(other) = first.insert(id, id) {
                let span = |at: &Spanned<String>| self.config.places.span(at.node);
                let mut problem = Diagnostic::new("duplicate-id", span(id), format!("the id `{id}` is used twice"));
                problem.labels.extend(span(other).map(|span| (span, "first used here".to_owned())));
                self.diagnostics.push(problem.hint("rename one of the two"));
            }
        }
    }

    fn globs(&mut self) {
        let rules = self.config.publish.values().flat_map(|target| &target.cache).map(|rule| &rule.files);
        let output = &self.config.output;
        for glob in self.config.content.ignore.iter().chain(&output.fingerprint).chain(&output.hidden).chain(rules) {
            if let Some(error) = Globs::fault(glob) {
                let message = format!("`{glob}` is not a glob: {}", error.msg);
                self.report("bad-value", glob, message, "write a pattern such as `*.bak` or `drafts/**`");
            }
        }
    }

    fn codes(&mut self) {
        let check = &self.config.check;
        let mut seen: FxHashMap<&str, &Spanned<String>> = FxHashMap::default();
        let lowered = check.warn.iter().chain(&check.allow).map(|code| (code, true));
        for (code, is_lowered) in check.deny.iter().map(|code| (code, false)).chain(lowered) {
            if !CODES.iter().any(|known| known.name == code.value) {
                let hint = match did_you_mean(code, CODES.iter().map(|code| code.name)) {
                    Some(best) => format!("did you mean `{best}`?"),
                    None => "`dossier explain` lists all codes".to_owned(),
                };
                self.report("unknown-code", code, format!("there is no code `{code}`"), &hint);
            }
            if is_lowered && is_always_error(code) {
                let message = format!("`{code}` is always an error");
                self.report(
                    "bad-value",
                    code,
                    message,
                    "a site with it would be false or incomplete: correct it where it is reported",
                );
            }
            if seen.insert(code, code).is_some() {
                let message = format!("the code `{code}` is listed twice");
                self.report("bad-value", code, message, "list it once, under `deny`, `warn` or `allow`");
            }
        }
    }

    fn targets(&mut self) {
        for target in self.config.publish.values() {
            let known = ["s3://", "az://", "gs://", "file:///"].iter().any(|scheme| target.url.starts_with(scheme));
            let plain = !target.url.contains(['@', '?', '#']);
            if !(known && plain) {
                let message =
                    format!("`{}` is not an address to publish to", target.url.split('?').next().unwrap_or_default());
                let hint = "write one such as `s3://bucket/prefix`, `az://container`, `gs://bucket` or `file:///srv/www`; \
                            credentials belong in the environment";
                self.report("bad-url", &target.url, message, hint);
            }
        }
    }

    fn base_url(&mut self) -> Option<String> {
        let given = self.config.base_url.as_ref()?;
        match base_url(given) {
            Ok(url) => Some(url),
            Err(reason) => {
                let message = format!("`{given}` is not an address for a site: {reason}");
                self.report("bad-url", given, message, "write one such as `https://example.org/deal/`");
                None
            }
        }
    }
}

/// Checks the address of a site and adds a final `/`.
///
/// # Errors
/// Why a site cannot have this address.
pub fn base_url(text: &str) -> Result<String, &'static str> {
    let lower = text.to_ascii_lowercase();
    let rest = ["https://", "http://"].iter().find(|scheme| lower.starts_with(**scheme)).map(|scheme| scheme.len());
    let rest = rest.and_then(|len| text.get(len..)).ok_or("it starts with neither `https://` nor `http://`")?;
    let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    if text.contains(['?', '#']) {
        return Err("it has a query or a fragment");
    }
    if authority.contains('@') {
        return Err("it holds a user name");
    }
    let (host, port) = authority.rsplit_once(':').unwrap_or((authority, ""));
    let named = host.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-'));
    if host.is_empty() || !named || host.split('.').any(str::is_empty) {
        return Err("it has no valid host");
    }
    if !port.chars().all(|c| c.is_ascii_digit()) || authority.ends_with(':') {
        return Err("its port is not a number");
    }
    if path.chars().any(|c| !c.is_ascii_graphic() || matches!(c, '"' | '<' | '>' | '\\' | '^' | '`' | '{' | '|' | '}'))
    {
        return Err("its path holds a character that must be percent-encoded");
    }
    Ok(if text.ends_with('/') { text.to_owned() } else { format!("{text}/") })
}
