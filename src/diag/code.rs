use super::Severity;

/// A kind of problem: its stable name, how bad it is by default, and its page of the documentation.
#[derive(Debug)]
pub struct Code {
    /// What `--deny`, `--allow` and `dossier explain` call it.
    pub name: &'static str,
    /// How bad it is unless `site.toml` says otherwise.
    pub severity: Severity,
    /// The text of `docs/codes/NAME.md`: what it means, an example, how to mend it.
    pub docs: &'static str,
}

/// Declares the codes by name and severity; each brings the page of its name from `docs/codes`.
macro_rules! codes {
    ($($severity:ident $name:literal)*) => {
        /// Every kind of problem, sorted by name.
        pub const CODES: &[Code] = &[$(Code {
            name: $name,
            severity: Severity::$severity,
            docs: include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/codes/", $name, ".md")),
        }),*];
    };
}

codes! {
    Error "active-file"
    Error "address-twice"
    Error "bad-address"
    Error "bad-date"
    Error "bad-id"
    Error "bad-locator"
    Error "bad-url"
    Error "bad-value"
    Error "broken-anchor"
    Error "broken-link"
    Error "broken-output-link"
    Warning "cache-failed"
    Error "circular-reference"
    Error "citation-syntax"
    Error "claim-without-source"
    Warning "code-options"
    Error "component-argument"
    Error "component-syntax"
    Warning "control-character"
    Error "copied-words"
    Error "date-conflict"
    Error "date-too-fine"
    Warning "dead-external-link"
    Error "duplicate-anchor"
    Error "duplicate-id"
    Error "duplicate-key"
    Error "duplicate-output-id"
    Warning "figure-not-in-source"
    Error "footnote-duplicate"
    Error "footnote-unknown"
    Warning "footnote-unused"
    Error "front-matter-unclosed"
    Warning "heading-attribute"
    Error "hidden-link"
    Error "impossible-day"
    Error "impossible-order"
    Error "inferred-as-fact"
    Error "low-coverage"
    Error "math-syntax"
    Warning "misquoted"
    Error "missing-config"
    Error "missing-date-basis"
    Error "missing-key"
    Error "missing-page"
    Error "missing-template"
    Error "misspelt-name"
    Error "no-content"
    Warning "not-carried-over"
    Error "not-utf8"
    Error "output-damaged-manifest"
    Error "output-differs"
    Error "output-edited-file"
    Error "output-foreign-file"
    Error "output-locked"
    Error "output-newer-manifest"
    Error "output-other-site"
    Error "output-path-clash"
    Error "output-unsafe-folder"
    Error "plan-as-fact"
    Error "publish-at-once"
    Error "publish-bad-target"
    Error "publish-failed"
    Error "publish-foreign-object"
    Error "publish-many-removals"
    Error "publish-no-bucket"
    Error "publish-not-built"
    Error "publish-refused"
    Warning "raw-html"
    Error "read-failed"
    Warning "relative-date"
    Warning "repeated-claim"
    Error "source-changed"
    Error "source-missing"
    Error "source-not-text"
    Warning "source-unpinned"
    Error "surplus-cell"
    Error "symlink-loop"
    Error "symlink-outside"
    Error "template-cycle"
    Error "template-error"
    Error "template-output-limit"
    Error "template-syntax"
    Error "toml-syntax"
    Error "too-deep"
    Error "too-large"
    Error "too-many-problems"
    Warning "uncited-paragraph"
    Error "unclosed-fence"
    Error "undisclosed-dispute"
    Error "unknown-citation"
    Error "unknown-code"
    Error "unknown-component"
    Error "unknown-file"
    Error "unknown-key"
    Warning "unknown-language"
    Error "unknown-reference"
    Warning "unportable-name"
    Error "unsafe-link"
    Error "unsupported-figure"
    Warning "unused-claim"
    Warning "unused-entity"
    Warning "unused-source"
    Error "write-failed"
    Error "wrong-type"
    Error "wrong-weekday"
    Error "yaml-syntax"
}

/// The code of this name.
pub fn find_code(name: &str) -> Option<&'static Code> {
    CODES.iter().find(|code| code.name == name)
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
