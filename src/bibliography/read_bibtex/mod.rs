//! BibTeX and BibLaTeX into entries.

mod date;
mod fields;
mod latex;
mod strings;
mod tidy;

use biblatex::{Bibliography, Pair, ParseError, ParseErrorKind, RawBibliography, RawChunk, RawEntry, Spanned};

use rustc_hash::{FxHashMap, FxHashSet};

use super::entry::{Entry, Fault, check_keys, shown};
pub(super) use fields::kind;
pub(super) use latex::small;
use strings::{Node, Strings, check_parents};

/// Reads a file of BibTeX or BibLaTeX.
///
/// # Errors
/// Everything that is wrong with it; of what is not BibTeX at all, the first fault.
pub fn read_bibtex(text: &str) -> Result<Vec<Entry>, Vec<Fault>> {
    check_braces(text)?;
    let tidied = tidy::tidy(text);
    if let Some(at) = tidied.unclosed {
        return Err(vec![Fault::new(at, "not BibTeX: an entry, or a brace in it, is never closed")]);
    }
    let raw = RawBibliography::parse(&tidied.text).map_err(|error| vec![syntax(text, &error)])?;
    let values = values(&raw).map_err(|fault| vec![fault])?;
    let entries = values.iter().map(Values::raw).collect();
    let plain = RawBibliography { preamble: String::new(), entries, abbreviations: Vec::new() };
    let read = Bibliography::from_raw(plain).map_err(|error| vec![syntax(text, &error)])?;
    let starts = raw.entries.iter().map(|entry| entry.span.start);
    let ends = starts.clone().skip(1).chain([usize::MAX]);
    let by_key: FxHashMap<&str, &Values<'_>> = values.iter().map(|values| (values.entry.v.key.v, values)).collect();
    let mut entries: Vec<Entry> = Vec::with_capacity(values.len());
    for ((read, values), (start, end)) in read.iter().zip(&values).zip(starts.zip(ends)) {
        let mut entry = fields::entry(read, start, values, values.dated(&by_key));
        let first = tidied.outside.partition_point(|at| *at < start);
        if tidied.outside.get(first).is_some_and(|at| *at < end) {
            entry.omitted.push("text after its closing brace".to_owned());
        }
        entries.push(entry);
    }
    let faults = check_keys(&entries);
    if faults.is_empty() { Ok(entries) } else { Err(faults) }
}

/// The fields of an entry as text, without what refers to other places of the file.
struct Values<'s> {
    entry: &'s Spanned<RawEntry<'s>>,
    /// Names of fields in small letters, with their values and the commands of LaTeX in them that are not known.
    fields: Vec<(String, String, Vec<String>)>,
    /// The fields that are given twice.
    repeated: Vec<String>,
}

impl Values<'_> {
    /// A field without the braces in it.
    fn text(&self, field: &str) -> Option<String> {
        let (_, value, _) = self.fields.iter().rfind(|(name, ..)| name == field)?;
        Some(value.replace(['{', '}'], "").trim().to_owned())
    }

    /// The keys of the entries that it takes fields from.
    fn parents(&self) -> impl Iterator<Item = &str> {
        let referring = self.fields.iter().filter(|(name, ..)| matches!(name.as_str(), "crossref" | "xdata"));
        referring.flat_map(|(_, value, _)| value.split(',').map(str::trim))
    }

    /// It, or the entry that it takes its date from. How deep that is was checked.
    fn dated<'v>(&'v self, all: &FxHashMap<&str, &'v Self>) -> Option<&'v Self> {
        let is_dated = self.fields.iter().any(|(name, ..)| matches!(name.as_str(), "date" | "year"));
        if is_dated { Some(self) } else { self.parents().find_map(|key| all.get(key)?.dated(all)) }
    }

    fn node(&self) -> Node<'_> {
        let parents = self.parents().collect();
        let len = self.fields.iter().map(|(name, value, _)| name.len() + value.len()).sum();
        Node { key: self.entry.v.key.v, at: self.entry.span.start, len, parents }
    }

    /// The entry without its dates, which `biblatex` refuses where they are none.
    fn raw(&self) -> Spanned<RawEntry<'_>> {
        let entry = &self.entry.v;
        let pairs = entry.fields.iter().zip(&self.fields);
        let pairs = pairs.filter(|(_, (name, ..))| !matches!(name.as_str(), "date" | "year" | "month" | "day"));
        let pairs = pairs.map(|(pair, (_, value, _))| {
            let span = pair.value.span.clone();
            Pair::new(pair.key.clone(), Spanned::new(vec![Spanned::new(RawChunk::Normal(value), span.clone())], span))
        });
        let fields = pairs.collect();
        Spanned::new(RawEntry { key: entry.key.clone(), kind: entry.kind.clone(), fields }, self.entry.span.clone())
    }
}

fn values<'s>(raw: &'s RawBibliography<'s>) -> Result<Vec<Values<'s>>, Fault> {
    let mut strings = Strings::of(raw)?;
    let mut all = Vec::with_capacity(raw.entries.len());
    for entry in &raw.entries {
        let mut values = Values { entry, fields: Vec::new(), repeated: Vec::new() };
        let mut known = FxHashSet::default();
        for pair in &entry.v.fields {
            let (name, value) = (pair.key.v.to_ascii_lowercase(), strings.value(&pair.value.v)?);
            if !known.insert(name.clone()) {
                values.repeated.push(format!("a second `{}`", shown(&name)));
            }
            let mut unknown = Vec::new();
            let value = if is_text(&name) { latex::plain(&value, &mut unknown) } else { value };
            values.fields.push((name, value, unknown));
        }
        all.push(values);
    }
    let nodes: Vec<Node<'_>> = all.iter().map(Values::node).collect();
    check_parents(&nodes)?;
    Ok(all)
}

/// Whether a field has text as LaTeX reads it, and is no date, address, path or key.
fn is_text(name: &str) -> bool {
    let is_verbatim = matches!(
        name,
        "abstract"
            | "crossref"
            | "doi"
            | "eprint"
            | "file"
            | "ids"
            | "keywords"
            | "pdf"
            | "uri"
            | "url"
            | "urlraw"
            | "xdata"
    );
    !is_verbatim && !name.ends_with("date") && !name.starts_with("verb")
}

/// How deep braces may nest, and how many an entry may have: the time that reading them takes grows with the square.
const BRACES: (usize, usize) = (100, 10_000);

fn check_braces(text: &str) -> Result<(), Vec<Fault>> {
    let (mut depth, mut count, mut escaped) = (0_usize, 0_usize, false);
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            _ if escaped => {}
            b'{' => (depth, count) = (depth + 1, count + 1),
            b'}' => depth = depth.saturating_sub(1),
            b'@' if depth == 0 => count = 0,
            _ => {}
        }
        escaped = byte == b'\\' && !escaped;
        if depth > BRACES.0 || count > BRACES.1 {
            let message =
                format!("braces are nested more than {} deep, or an entry has more than {}", BRACES.0, BRACES.1);
            return Err(vec![Fault::new(at, message)]);
        }
    }
    Ok(())
}

fn syntax(text: &str, error: &ParseError) -> Fault {
    let message = match &error.kind {
        ParseErrorKind::DuplicateKey(key) => format!("the key `{}` is used twice", shown(key)),
        other => shown(&other.to_string()),
    };
    Fault::new(error.span.start.min(text.len()), format!("not BibTeX: {message}"))
}
