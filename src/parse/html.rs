//! Writing HTML into strings.

use super::{Body, Slot};
use crate::source::any_byte;

/// Appends `text`, escaped as the content of an element.
pub(super) fn push_text(out: &mut String, text: &str) {
    push_escaped(out, text, |byte| match byte {
        b'&' => Some("&amp;"),
        b'<' => Some("&lt;"),
        b'>' => Some("&gt;"),
        0 => Some("\u{fffd}"),
        _ => None,
    });
}

/// Appends `text`, escaped as the value of an attribute in double quotes; this is also valid as content.
pub fn push_attribute(out: &mut String, text: &str) {
    push_escaped(out, text, |byte| match byte {
        b'&' => Some("&amp;"),
        b'<' => Some("&lt;"),
        b'>' => Some("&gt;"),
        b'"' => Some("&quot;"),
        0 => Some("\u{fffd}"),
        _ => None,
    });
}

#[inline]
fn push_escaped(out: &mut String, text: &str, replacement: impl Fn(u8) -> Option<&'static str>) {
    // Most texts need no escapes.
    if !any_byte(text.as_bytes(), |byte| matches!(byte, b'&' | b'<' | b'>' | b'"' | 0)) {
        out.push_str(text);
        return;
    }
    let mut done = 0;
    for (at, byte) in text.bytes().enumerate() {
        // Every byte that is replaced is ASCII, so both offsets are character boundaries.
        if let Some(with) = replacement(byte) {
            out.push_str(text.get(done..at).unwrap_or_default());
            out.push_str(with);
            done = at + 1;
        }
    }
    out.push_str(text.get(done..).unwrap_or_default());
}

impl Body {
    /// Inserts `html` at `at`, and moves the slots from there on.
    pub(super) fn insert(&mut self, at: usize, html: &str) {
        let before = self.slots.partition_point(|(offset, _)| *offset < at);
        self.insert_after(before, at, html);
    }

    /// Inserts `html` at `at`, after the first `slots` slots, which do not move.
    pub(super) fn insert_after(&mut self, slots: usize, at: usize, html: &str) {
        self.html.insert_str(at, html);
        for (offset, _) in self.slots.iter_mut().skip(slots) {
            *offset += html.len();
        }
    }

    /// Adds a slot at the end.
    pub(super) fn slot(&mut self, slot: Slot) {
        self.slots.push((self.html.len(), slot));
    }

    /// Adds another body at the end.
    pub(super) fn append(&mut self, other: Body) {
        let base = self.html.len();
        self.html.push_str(&other.html);
        self.slots.extend(other.slots.into_iter().map(|(offset, slot)| (base + offset, slot)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_for_content_and_for_attributes() {
        let mut out = String::new();
        push_text(&mut out, "a<b> \"&\" é\0");
        assert_eq!(out, "a&lt;b&gt; \"&amp;\" é\u{fffd}");
        out.clear();
        push_attribute(&mut out, "\"é\"");
        assert_eq!(out, "&quot;é&quot;");
    }

    #[test]
    fn inserting_moves_only_later_slots() {
        let mut body = Body {
            html: "ab".into(),
            slots: vec![(0, Slot::Href(0)), (1, Slot::Href(1)), (2, Slot::Src(2))],
            ..Body::default()
        };
        body.insert(1, "<i>");
        assert_eq!(body.html, "a<i>b");
        assert_eq!(body.slots.iter().map(|slot| slot.0).collect::<Vec<_>>(), [0, 4, 5]);
        body.insert_after(2, 4, "<p>");
        assert_eq!(body.slots.iter().map(|slot| slot.0).collect::<Vec<_>>(), [0, 4, 8]);
    }
}
