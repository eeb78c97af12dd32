//! The words of drawings: SVG breaks no lines, so that they are broken here.

use serde::Serialize;

use crate::parse::is_cjk;

use super::Units;

/// About how wide one character is at 12 pixels.
pub(super) const CHARACTER: f64 = 6.2;

/// A line of a label.
#[derive(Clone, Debug, Serialize)]
pub struct LabelLine {
    /// Its words.
    pub text: String,
    /// Its baseline.
    pub y: Units,
}

/// Lines with their baselines, from that of the first one on.
pub(super) fn placed(lines: Vec<String>, first: f64, pitch: f64) -> Vec<LabelLine> {
    lines.into_iter().enumerate().map(|(at, text)| LabelLine { text, y: Units(first + at as f64 * pitch) }).collect()
}

/// How many characters of this width fit in a room.
pub(super) fn columns(room: f64, character: f64) -> usize {
    (room / character).max(0.0) as usize
}

/// How many columns a text takes: Chinese, Japanese and Korean characters take two.
pub(super) fn width(text: &str) -> usize {
    text.chars().map(columns_of).sum()
}

fn columns_of(c: char) -> usize {
    if is_cjk(c) { 2 } else { 1 }
}

/// A text in lines of at most so many columns, at least four. A word that is longer is divided.
pub(super) fn lines(text: &str, most: usize) -> Vec<String> {
    let most = most.max(4);
    let (mut lines, mut line) = (Vec::new(), String::new());
    for word in text.split_whitespace() {
        if !line.is_empty() && width(&line) + 1 + width(word) > most {
            lines.push(std::mem::take(&mut line));
        }
        if !line.is_empty() {
            line.push(' ');
        }
        let mut left = width(word);
        let mut taken = width(&line);
        for c in word.chars() {
            // The last column is for the hyphen, unless the rest of the word fits.
            if taken + left > most && taken + columns_of(c) >= most {
                line.extend((!is_cjk(c) && !line.ends_with('-')).then_some('-'));
                lines.push(std::mem::take(&mut line));
                taken = 0;
            }
            line.push(c);
            taken += columns_of(c);
            left -= columns_of(c);
        }
    }
    lines.extend(Some(line).filter(|line| !line.is_empty()));
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_no_longer_than_their_room_and_lose_no_letter() {
        assert_eq!(lines("What each side brings", 11), ["What each", "side brings"]);
        assert_eq!(lines("Aktiengesellschaft für Wasser", 10), ["Aktienges-", "ellschaft", "für Wasser"]);
        assert_eq!(lines("小米科技有限责任公司", 8), ["小米科", "技有限", "责任公司"]);
        assert_eq!(lines(" ", 8), Vec::<String>::new());
        for most in 4..30 {
            let text = "Bundesministerium für Donaudampfschifffahrtselektrizitäten der Küste";
            let found = lines(text, most);
            assert!(found.iter().all(|line| width(line) <= most), "{most}: {found:?}");
            let letters = |text: &str| text.replace(['-', ' '], "");
            assert_eq!(letters(&found.concat()), letters(text), "{most}");
        }
    }
}
