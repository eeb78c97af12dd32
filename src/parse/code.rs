//! Fenced code: the options in its info string, and its HTML.

use std::ops::RangeInclusive;

use super::Body;
use super::html::push_attribute;
use super::limits::MAX_WORDS;

/// The options in the info string of a code block: `yaml linenos hl=2-3,7 start=10`.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct CodeOptions<'a> {
    /// The language, as it was written.
    pub language: &'a str,
    /// Whether lines are numbered.
    pub numbers: bool,
    /// The number of the first line.
    pub start: usize,
    /// Numbers of lines to mark.
    pub marked: Vec<RangeInclusive<usize>>,
    /// Unknown or invalid words, with the reason.
    pub faults: Vec<(&'a str, String)>,
}

/// The maximum number of marked ranges.
const MAX_MARKS: usize = 100;
const WORDS: &[&str] = &["linenos", "hl", "start"];

/// Parses an info string. Words that are joined to the language by a comma are for other tools (`rust,ignore`), unless
/// they are, or resemble, options of Dossier.
pub(super) fn parse_options(info: &str) -> CodeOptions<'_> {
    let mut words = info.split([' ', '\t']).filter(|word| !word.is_empty()).take(MAX_WORDS).peekable();
    let mut options = CodeOptions { start: 1, ..CodeOptions::default() };
    let mut joined = false;
    if let Some(first) = words.next_if(|word| !is_option(word)) {
        let (language, others) = first.split_once(',').unwrap_or((first, ""));
        options.language = language;
        options.add_joined(others);
        joined = first.ends_with(',');
    }
    for word in words {
        if joined {
            options.add_joined(word);
        } else {
            options.add(word.trim_matches(','));
        }
        joined &= word.ends_with(',');
    }
    options
}

fn is_option(word: &str) -> bool {
    WORDS.contains(&word.split('=').next().unwrap_or_default()) && (word == "linenos" || word.contains('='))
}

impl<'a> CodeOptions<'a> {
    /// Adds words with commas between them.
    fn add_joined(&mut self, words: &'a str) {
        let mut rest = words;
        while !rest.is_empty() {
            // `hl` takes the rest, since its value may contain commas.
            let end = if rest.starts_with("hl=") { rest.len() } else { rest.find(',').unwrap_or(rest.len()) };
            let (word, after) = rest.split_at(end);
            let name = word.split('=').next().unwrap_or_default();
            if is_option(word) || crate::diag::did_you_mean(name, WORDS.iter().copied()).is_some() {
                self.add(word);
            }
            rest = after.trim_start_matches(',');
        }
    }

    fn add(&mut self, word: &'a str) {
        if let Err(reason) = self.read(word) {
            self.faults.push((word, reason));
        }
    }

    fn read(&mut self, word: &'a str) -> Result<(), String> {
        match word.split_once('=') {
            None if word == "linenos" => self.numbers = true,
            Some(("start", number)) => {
                self.start = number.parse::<u32>().map_err(|_| format!("`{number}` is not a line number"))? as usize;
            }
            Some(("hl", ranges)) => {
                for range in ranges.split(',') {
                    let (from, to) = range.split_once('-').unwrap_or((range, range));
                    match (from.parse::<u32>(), to.parse::<u32>()) {
                        _ if self.marked.len() >= MAX_MARKS => {
                            return Err(format!("more than {MAX_MARKS} marked ranges"));
                        }
                        (Ok(from), Ok(to)) if from <= to => self.marked.push(from as usize..=to as usize),
                        _ => return Err(format!("`{range}` is neither a line nor a range of lines")),
                    }
                }
            }
            _ => {
                let name = word.split('=').next().unwrap_or_default();
                return Err(match crate::diag::did_you_mean(name, WORDS.iter().copied()) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => "a code block takes `linenos`, `hl=2-3,7` and `start=10` after its language".to_owned(),
                });
            }
        }
        Ok(())
    }

    /// Writes the block around `html`, its highlighted lines.
    pub fn write(&self, out: &mut Body, html: &str) {
        let out = &mut out.html;
        // A block may be wider than the page: the keyboard must reach it to scroll.
        out.push_str("<pre class=\"code\" tabindex=\"0\"><code");
        if !self.language.is_empty() {
            out.push_str(" class=\"language-");
            push_attribute(out, self.language);
            out.push('"');
        }
        out.push('>');
        if !self.numbers && self.marked.is_empty() {
            out.push_str(html);
        } else {
            for (index, line) in html.split_inclusive('\n').enumerate() {
                self.write_line(out, self.start.saturating_add(index), line);
            }
        }
        out.push_str("</code></pre>\n");
    }

    /// Writes one line. Its number is an attribute, which the stylesheet shows and a copy of the text leaves out.
    fn write_line(&self, out: &mut String, number: usize, line: &str) {
        let marked = self.marked.iter().any(|range| range.contains(&number));
        let element = if marked { "mark" } else { "span" };
        out.push('<');
        out.push_str(element);
        out.push_str(" class=\"line\"");
        if self.numbers {
            out.push_str(&format!(" data-line=\"{number}\""));
        }
        out.push('>');
        out.push_str(line);
        out.push_str("</");
        out.push_str(element);
        out.push('>');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn info_strings() {
        let all = parse_options("yaml linenos hl=2-3,7 start=10");
        assert_eq!((all.language, all.numbers, all.start), ("yaml", true, 10));
        assert_eq!(all.marked, [2..=3, 7..=7]);
        assert_eq!(parse_options(""), CodeOptions { start: 1, ..CodeOptions::default() });
        assert_eq!(parse_options("linenos").language, "");
        assert_eq!(parse_options("rust,linenos").language, "rust");
        assert!(parse_options("rust,linenos").numbers);
        for info in ["rust,ignore", "rust,no_run,edition2024", "rust, should_panic", "python,editable,hidelines=#"] {
            assert_eq!(
                (parse_options(info).faults, parse_options(info).language.len()),
                (vec![], info.find(',').unwrap()),
                "{info}"
            );
        }
        let joined = parse_options("rust,ignore,hl=1,3-4 linenos");
        assert!(joined.numbers && joined.faults.is_empty());
        assert_eq!(joined.marked, [1..=1, 3..=4]);
    }

    #[test]
    fn faults_of_info_strings() {
        let faults = |info| {
            parse_options(info).faults.into_iter().map(|(word, reason)| format!("{word}: {reason}")).collect::<Vec<_>>()
        };
        assert_eq!(faults("yaml lineno"), ["lineno: did you mean `linenos`?"]);
        assert_eq!(faults("yaml hl=3-2"), ["hl=3-2: `3-2` is neither a line nor a range of lines"]);
        assert_eq!(faults("yaml start=x"), ["start=x: `x` is not a line number"]);
        assert_eq!(faults("yaml x=1").len(), 1);
        assert_eq!(faults("rust,lineno"), ["lineno: did you mean `linenos`?"]);
        assert_eq!(faults("rust,ignore hidden").len(), 1);
    }

    #[test]
    fn numbered_and_marked_lines() {
        let mut out = Body::default();
        parse_options("x linenos hl=11 start=10").write(&mut out, "a\n<b\n");
        assert_eq!(
            out.html,
            "<pre class=\"code\" tabindex=\"0\"><code class=\"language-x\"><span class=\"line\" data-line=\"10\">a\n</span>\
             <mark class=\"line\" data-line=\"11\"><b\n</mark></code></pre>\n"
        );
    }
}
