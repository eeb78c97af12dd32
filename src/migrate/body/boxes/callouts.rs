//! Callouts `> [!kind]- Title` of Obsidian: those that are no alerts become ones.

use super::super::super::kinds;
use super::super::super::patterns::Pattern;
use super::super::super::report::Notes;
use super::super::super::text::Text;
use super::super::lines::lines_of;
use super::header;

static CALLOUT: Pattern = Pattern::new(r"^\[!([\w-]+)(?:\|[^\]]*)?\]([-+]?)[ \t]*(.*?)[ \t]*$");

/// Converts the callouts of a text.
pub(super) fn convert(text: &mut Text, notes: &mut Notes<'_>) {
    let mut edits = Vec::new();
    for line in lines_of(text.as_str()).iter().filter(|line| !line.is_code && line.quote > 0) {
        let Some(found) = CALLOUT.captures(line.text) else { continue };
        let group = |index: usize| found.get(index).map_or("", |group| group.as_str());
        let (kind, fold, title) = (group(1), group(2), group(3));
        let is_alert =
            ["NOTE", "TIP", "IMPORTANT", "WARNING", "CAUTION"].iter().any(|name| name.eq_ignore_ascii_case(kind));
        if is_alert && fold.is_empty() && title.is_empty() {
            continue;
        }
        if fold == "-" {
            notes.add(kinds::FOLDED, format!("[!{kind}]-"), text.place(&line.range));
        }
        let start = line.range.start + line.before.len();
        let quoted = line.before.trim_end().strip_suffix('>').unwrap_or_default();
        let header = header(kind, (!title.is_empty()).then_some(title), quoted);
        // The first line has its own marks already.
        let header = header
            .strip_prefix(quoted)
            .and_then(|rest| rest.strip_prefix("> "))
            .unwrap_or(&header)
            .trim_end_matches('\n')
            .to_owned();
        edits.push((start..start + line.text.trim_end().len(), header));
    }
    text.edit(edits);
}
