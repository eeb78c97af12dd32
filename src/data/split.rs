use std::ops::Range;

use super::DOCUMENT_LIMIT;

/// Splits a YAML list of records into parts of whole records, each of at most [`DOCUMENT_LIMIT`] bytes unless a single
/// record is longer. A text that does not look like a block list is returned whole.
///
/// A record starts at a line whose dash has the indentation of the first one; inside a block list, YAML allows no text
/// there. A wrong split would not parse, which is reported.
pub(super) fn split(text: &str) -> Vec<Range<usize>> {
    if text.len() <= DOCUMENT_LIMIT {
        return std::iter::once(0..text.len()).collect();
    }
    let mut segments: Vec<Range<usize>> = Vec::new();
    for record in records(text) {
        match segments.last_mut() {
            Some(last) if record.end - last.start <= DOCUMENT_LIMIT => last.end = record.end,
            _ => segments.push(record),
        }
    }
    segments
}

fn records(text: &str) -> Vec<Range<usize>> {
    let mut indent = None;
    let mut starts = vec![0];
    let mut offset = 0;
    for line in text.split_inclusive('\n') {
        let body = line.trim_start_matches(' ');
        let deep = line.len() - body.len();
        let dash = body.starts_with("- ") || body.trim_end() == "-";
        let nothing = body.trim_end().is_empty() || body.starts_with('#') || line.starts_with("---");
        match indent {
            None if dash => indent = Some(deep),
            None if !nothing => break,
            Some(first) if dash && deep == first => starts.push(offset),
            _ => {}
        }
        offset += line.len();
    }
    let ends = starts.iter().skip(1).copied().chain(std::iter::once(text.len()));
    starts.iter().copied().zip(ends).map(|(start, end)| start..end).collect()
}
