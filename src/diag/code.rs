use super::Severity;

/// A kind of problem: its stable name, its default severity, and its page of documentation.
#[derive(Debug)]
pub struct Code {
    /// Its name for `--deny`, `--allow` and `dossier explain`.
    pub name: &'static str,
    /// Its severity, unless `site.toml` or a flag changes it.
    pub severity: Severity,
    /// Whether it is always an error: a site with it would be false or incomplete.
    pub always: bool,
    /// The text of `docs/codes/NAME.md`: what it means, an example, how to fix it.
    pub docs: &'static str,
}

/// Declares the codes by name and severity; `Always` is an error that cannot be lowered. Each includes its page in
/// `docs/codes`.
macro_rules! codes {
    (@severity Warning) => { Severity::Warning };
    (@severity $error:ident) => { Severity::Error };
    (@always Always) => { true };
    (@always $other:ident) => { false };
    ($($severity:ident $name:literal)*) => {
        /// Every kind of problem, sorted by name.
        pub const CODES: &[Code] = &[$(Code {
            name: $name,
            severity: codes!(@severity $severity),
            always: codes!(@always $severity),
            docs: include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/codes/", $name, ".md")),
        }),*];
    };
}

codes! {
    Error "active-file"
    Always "address-twice"
    Error "ambiguous-quote"
    Always "bad-address"
    Always "bad-date"
    Always "bad-id"
    Always "bad-library"
    Always "bad-locator"
    Always "bad-url"
    Always "bad-value"
    Error "broken-anchor"
    Error "broken-link"
    Error "broken-output-link"
    Warning "cache-failed"
    Always "circular-reference"
    Error "citation-syntax"
    Always "claim-without-source"
    Warning "code-options"
    Always "component-argument"
    Always "component-syntax"
    Warning "conflicting-claims"
    Warning "contradicts-claim"
    Warning "control-character"
    Error "copied-words"
    Error "date-conflict"
    Error "date-too-fine"
    Warning "dead-external-link"
    Warning "dropped-hedge"
    Error "duplicate-anchor"
    Always "duplicate-id"
    Always "duplicate-key"
    Error "duplicate-output-id"
    Error "figure-not-in-source"
    Always "footnote-duplicate"
    Error "footnote-unknown"
    Warning "footnote-unused"
    Always "front-matter-unclosed"
    Warning "heading-attribute"
    Warning "hidden-file"
    Error "hidden-link"
    Warning "highlight-limit"
    Warning "host-limit"
    Warning "host-redirects"
    Error "impossible-day"
    Error "impossible-order"
    Error "inferred-as-fact"
    Warning "item-not-in-claim"
    Error "low-coverage"
    Error "math-syntax"
    Error "misquoted"
    Always "missing-config"
    Error "missing-date-basis"
    Always "missing-key"
    Error "missing-page"
    Always "missing-template"
    Error "misspelt-name"
    Warning "name-not-in-claim"
    Error "no-content"
    Warning "not-imported"
    Always "not-utf8"
    Warning "other-claim-fits"
    Always "output-damaged-manifest"
    Always "output-differs"
    Always "output-edited-file"
    Always "output-foreign-file"
    Always "output-locked"
    Always "output-newer-manifest"
    Always "output-other-site"
    Always "output-path-clash"
    Always "output-unsafe-folder"
    Warning "overstated"
    Error "plan-as-fact"
    Always "publish-at-once"
    Always "publish-bad-target"
    Always "publish-failed"
    Always "publish-foreign-object"
    Always "publish-many-removals"
    Always "publish-no-bucket"
    Always "publish-not-built"
    Always "publish-refused"
    Error "quoted-at-length"
    Warning "raw-html"
    Always "read-failed"
    Warning "relative-date"
    Warning "repeated-claim"
    Error "source-changed"
    Error "source-missing"
    Error "source-not-text"
    Warning "source-unpinned"
    Always "surplus-cell"
    Always "symlink-loop"
    Always "symlink-outside"
    Always "template-cycle"
    Always "template-error"
    Always "template-limit"
    Always "template-output-limit"
    Always "template-syntax"
    Always "toml-syntax"
    Always "too-deep"
    Always "too-large"
    Always "too-many-problems"
    Warning "uncited-paragraph"
    Error "unclosed-fence"
    Error "undisclosed-dispute"
    Error "unfilled-placeholder"
    Error "unknown-citation"
    Always "unknown-code"
    Always "unknown-component"
    Always "unknown-file"
    Always "unknown-front-matter"
    Always "unknown-key"
    Warning "unknown-language"
    Warning "unknown-name"
    Always "unknown-reference"
    Warning "unportable-name"
    Always "unsafe-link"
    Error "unsupported-figure"
    Warning "unused-alias"
    Warning "unused-claim"
    Warning "unused-entity"
    Warning "unused-source"
    Always "write-failed"
    Error "wrong-source"
    Always "wrong-type"
    Warning "wrong-unit"
    Error "wrong-weekday"
    Always "yaml-syntax"
}

/// The code of this name.
pub fn find_code(name: &str) -> Option<&'static Code> {
    let at = CODES.binary_search_by_key(&name, |code| code.name).ok()?;
    CODES.get(at)
}

/// Whether problems of this code are errors whatever `site.toml` and flags say.
pub fn is_always_error(name: &str) -> bool {
    find_code(name).is_some_and(|code| code.always)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_sorted_and_their_pages_are_not_empty() {
        assert!(CODES.windows(2).all(|pair| pair[0].name < pair[1].name), "sort the codes by name");
        for code in CODES {
            assert!(
                code.docs.starts_with(&format!("# {}\n", code.name)),
                "docs/codes/{}.md needs its title",
                code.name
            );
            assert!(code.docs.lines().count() >= 5, "docs/codes/{}.md says too little", code.name);
        }
    }
}
