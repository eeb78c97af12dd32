//! Finds placeholders of `dossier new` that were not replaced; published, they would look like statements.

use memchr::memchr;

/// Every placeholder of new records and pages.
const PLACEHOLDERS: [&str; 19] = [
    "<what is claimed, in your own words>",
    "<the id of a source>",
    "<its own title>",
    "<what it is, in your words>",
    "<https://its.address/>",
    "<2024-03-12>",
    "<2024-03>",
    "<why so far>",
    "<file of its text>",
    "<what do the sources conflict on?>",
    "<one answer>",
    "<another>",
    "<the answer you hold most plausible>",
    "<why>",
    "<its name>",
    "<person>",
    "<what it is, in a sentence>",
    "<what happened>",
    "<one sentence for lists and search engines>",
];

/// The placeholder at the start of a text.
pub fn placeholder_at(text: &str) -> Option<&'static str> {
    PLACEHOLDERS.into_iter().find(|placeholder| text.starts_with(placeholder))
}

/// The first placeholder in a text.
pub fn placeholder_in(text: &str) -> Option<&'static str> {
    let mut from = 0;
    while let Some(at) = memchr(b'<', text.as_bytes().get(from..)?) {
        let rest = text.get(from + at..)?;
        if let Some(found) = placeholder_at(rest) {
            return Some(found);
        }
        from += at + 1;
    }
    None
}

/// The message and the hint for a placeholder.
pub fn unfilled(placeholder: &str) -> (String, &'static str) {
    let message = format!("the placeholder `{placeholder}` is still here");
    (message, "replace it, or remove the key if it may be left out")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_placeholders_and_no_other_text_in_angle_brackets() {
        assert_eq!(placeholder_in("a < b <why>"), Some("<why>"));
        assert_eq!(placeholder_in("Because of <why so far>."), Some("<why so far>"));
        assert_eq!(placeholder_in("The element <dialog>, <em>why</em>"), None);
        assert_eq!(placeholder_in("<"), None);
    }
}
