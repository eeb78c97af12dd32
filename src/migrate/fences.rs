//! What stands after a fence: what would mean something else here, or ask in vain, is written as it is written here.

use std::ops::Range;

use super::Notes;

/// Carries the info string of every code block over: `{.python}` would call a component, `rust,editable` asks in vain.
pub(super) fn carry(
    components: &[String],
    body: &str,
    start: usize,
    edits: &mut Vec<(Range<usize>, String)>,
    notes: &mut Notes<'_>,
) {
    let (mut at, mut open): (usize, Option<&str>) = (0, None);
    for line in body.split_inclusive('\n') {
        let (begin, bare) = (at, line.trim_start());
        at += line.len();
        let mark = bare.get(..bare.len() - bare.trim_start_matches(['`', '~']).len()).unwrap_or_default();
        let info = bare.get(mark.len()..).unwrap_or_default().trim_end();
        if let Some(fence) = open {
            if mark.starts_with(fence) && info.is_empty() {
                open = None;
            }
            continue;
        }
        // Code in a line of text may have three backticks too.
        if mark.len() < 3 || (mark.starts_with('`') && info.contains('`')) {
            continue;
        }
        open = Some(mark);
        let called = info.strip_prefix('{').and_then(|rest| rest.split('}').next()).unwrap_or_default();
        if components.iter().any(|name| name == called) {
            continue;
        }
        let (new, lost) = written_here(info);
        let place = begin + line.len() - bare.len() + mark.len();
        if !lost.is_empty() {
            let message = format!("`{}` after a fence asks for nothing here and was taken out", lost.join("`, `"));
            let hint = "a code block takes `linenos`, `hl=2-3` and `start=10` after its language";
            notes.tell(start + place..start + place + info.len(), message, hint);
        }
        if new != info {
            edits.push((place..place + info.len(), new));
        }
    }
}

/// An info string as it is written here, and the words of it that mean nothing here.
fn written_here(info: &str) -> (String, Vec<&str>) {
    let mut words = info.split([',', ' ', '{', '}']).filter(|word| !word.is_empty());
    let (mut new, mut lost) = (String::new(), Vec::new());
    if let Some(language) = words.next() {
        new.push_str(language.trim_start_matches('.'));
    }
    let is_lines = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
    let mut marking = false;
    for word in words {
        let was_marking = std::mem::take(&mut marking);
        match word.split_once('=') {
            None if word == "linenos" => new.push_str(" linenos"),
            None if was_marking && is_lines(word) => {
                new.push_str(&format!(",{word}"));
                marking = true;
            }
            Some(("hl_lines" | "hl", lines)) if is_lines(lines) => {
                new.push_str(&format!(" hl={lines}"));
                marking = true;
            }
            Some(("linenostart" | "start", line)) if is_lines(line) => new.push_str(&format!(" start={line}")),
            _ => lost.push(word),
        }
    }
    (new, lost)
}

#[cfg(test)]
mod tests {
    use super::written_here;

    #[test]
    fn info_strings() {
        for (info, new, lost) in [
            ("", "", &[][..]),
            ("rust", "rust", &[]),
            ("rust linenos hl=2-3,7 start=10", "rust linenos hl=2-3,7 start=10", &[]),
            ("rust,linenos,hl_lines=1 3-4,linenostart=2", "rust linenos hl=1,3-4 start=2", &[]),
            ("rust,editable,ignore", "rust", &["editable", "ignore"]),
            ("go {linenos=table}", "go", &["linenos=table"]),
            ("{.python .numberLines}", "python", &[".numberLines"]),
            ("{r}", "r", &[]),
        ] {
            assert_eq!(written_here(info), (new.to_owned(), lost.to_vec()), "{info}");
        }
    }
}
