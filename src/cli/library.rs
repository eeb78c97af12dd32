//! `dossier import`: entries of a library as sources of the site.

use std::collections::BTreeMap;
use std::io::{IsTerminal, Read};
use std::path::Path;

use crate::bibliography::{Entry, Fault, Merged, merge, read_bibtex, read_csl, record};
use crate::data::DOCUMENT_LIMIT;
use crate::diag::{Diagnostic, Diagnostics, plain};
use crate::disk::{Content, Existing, Folder, NewFiles};
use crate::evidence::EVIDENCE;
use crate::source::{Files, MAX_INPUT, Memory, SitePath, Span};

use super::args::ImportArgs;
use super::build::counted;
use super::{DONE, Format, INPUT_ERRORS, Reporter, USAGE, error_text, open_site, say, say_err, shown, waiting};

/// The name of a library that is read from standard input, for messages.
const STANDARD_INPUT: &str = "standard-input";

/// Adds the entries of a file to the sources of a site, and updates existing ones.
pub(super) fn import(args: &ImportArgs) -> u8 {
    let Some(site) = open_site(&args.root) else { return USAGE };
    let Some(into) = file_of_sources(&args.into) else {
        say_err(&format!("error: `{}` is not a file for sources\n", args.into.escape_debug()));
        say_err("help: name `sources.yaml`, or a file below `sources`, such as `sources/library.yaml`\n");
        return USAGE;
    };
    let (name, text) = match read(&args.file) {
        Ok(library) => library,
        Err(message) => {
            say_err(&format!("error: {message}\n"));
            return USAGE;
        }
    };
    let library = Library { name, text };
    match library.entries() {
        Ok(entries) => library.add(&entries, &site, &into, args),
        Err(faults) => {
            let problems: Diagnostics = faults.iter().map(|fault| library.problem("bad-library", fault)).collect();
            library.report(&problems, args.format);
            say_err(&format!("error: {}; nothing was written\n", counted(faults.len(), "problem")));
            INPUT_ERRORS
        }
    }
}

/// The entry of a library that `dossier new` adds: the one with this key, or the only one, under that name.
pub(super) fn read_entry(file: &Path, name: Option<&str>) -> Result<Entry, u8> {
    let (path, text) = read(file).map_err(|message| {
        say_err(&format!("error: {message}\n"));
        USAGE
    })?;
    let library = Library { name: path, text };
    let mut entries = library.entries().map_err(|faults| {
        library.report(&faults.iter().map(|fault| library.problem("bad-library", fault)).collect(), Format::Text);
        say_err(&format!("error: {}; nothing was written\n", counted(faults.len(), "problem")));
        INPUT_ERRORS
    })?;
    let place = entries.iter().position(|entry| name.is_some_and(|name| name == entry.id));
    let entry = match (place, entries.len()) {
        (Some(place), _) => entries.swap_remove(place),
        (None, 1) => entries.swap_remove(0),
        (None, count) => {
            say_err(&format!("error: there are {} in `{}`; nothing was written\n", entries_of(count), library.name));
            if count > 1 {
                say_err(
                    "help: name one by its key, `dossier new source KEY --from FILE`, or add all with `dossier import`\n",
                );
            }
            return Err(INPUT_ERRORS);
        }
    };
    library.report(&library.omitted(std::slice::from_ref(&entry)), Format::Text);
    Ok(Entry { id: name.map_or(entry.id, str::to_owned), ..entry })
}

fn entries_of(count: usize) -> String {
    if count == 0 { "no entries".to_owned() } else { format!("{count} entries") }
}

/// A file below the folder of evidence that holds sources.
pub(super) fn file_of_sources(name: &str) -> Option<SitePath> {
    let below = name.strip_prefix(EVIDENCE).map_or(name, |rest| rest.trim_start_matches('/'));
    let fits = below == "sources.yaml" || (below.starts_with("sources/") && below.ends_with(".yaml"));
    SitePath::new(&format!("{EVIDENCE}/{below}")).ok().filter(|_| fits)
}

/// The text of a file, or of standard input for `-`, with a name for messages.
fn read(file: &Path) -> Result<(SitePath, String), String> {
    let mut bytes = Vec::new();
    let name = if file == Path::new("-") {
        let read = std::io::stdin().lock().take(MAX_INPUT + 1).read_to_end(&mut bytes);
        read.map_err(|error| format!("cannot read the standard input: {}", plain(&error)))?;
        STANDARD_INPUT.to_owned()
    } else {
        let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let failed = |reason: String| format!("cannot read `{}`: {reason}", shown(file));
        let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let path = SitePath::new(&name).map_err(|error| failed(error.to_string()))?;
        let folder = Folder::open(folder).map_err(error_text)?;
        bytes = folder.read(&path).map_err(|error| failed(plain(&error)))?;
        name
    };
    if bytes.len() as u64 > MAX_INPUT {
        return Err(format!("`{name}` has more than {MAX_INPUT} bytes"));
    }
    let path = SitePath::new(&name).map_err(|error| error.to_string())?;
    match String::from_utf8(bytes) {
        Ok(text) if text.contains('\0') => Err(format!("`{name}` is not UTF-8; export it again with that encoding")),
        Ok(text) => Ok((path, text)),
        Err(error) => {
            let at = error.utf8_error().valid_up_to();
            let line = 1 + error.as_bytes().iter().take(at).filter(|byte| **byte == b'\n').count();
            Err(format!("`{name}` is not UTF-8: see line {line}; export it again with that encoding"))
        }
    }
}

/// The most fields that one message names.
const FIELDS: usize = 40;

/// A library as it was read.
struct Library {
    name: SitePath,
    text: String,
}

impl Library {
    /// Its entries; the format is recognized by the first character.
    fn entries(&self) -> Result<Vec<Entry>, Vec<Fault>> {
        let begins = self.text.trim_start_matches(['\u{feff}', ' ', '\t', '\r', '\n']);
        let entries = if begins.starts_with(['[', '{']) { read_csl(&self.text) } else { read_bibtex(&self.text) }?;
        let too_long = entries.iter().filter_map(|entry| {
            let (id, len) = (&entry.id, record(entry).len());
            let message = format!("the record of `{id}` would have {len} bytes, the limit is {DOCUMENT_LIMIT}");
            (len > DOCUMENT_LIMIT).then_some(Fault { at: entry.at, message })
        });
        let too_long: Vec<Fault> = too_long.collect();
        if too_long.is_empty() { Ok(entries) } else { Err(too_long) }
    }

    fn add(&self, entries: &[Entry], site: &Folder, into: &SitePath, args: &ImportArgs) -> u8 {
        if entries.is_empty() {
            say_err(&format!("error: there are no entries in `{}`\n", self.name));
            say_err("help: export the library as BibTeX, BibLaTeX or CSL-JSON\n");
            return INPUT_ERRORS;
        }
        let files: Vec<(SitePath, String)> = sources(site);
        let merged = match merge(&files, entries, into) {
            Ok(merged) => merged,
            Err(problems) => {
                let memory = Memory::default();
                files.iter().for_each(|(path, text)| memory.insert(path.clone(), text.clone().into_bytes()));
                let text = Reporter::new(&memory, prefix(&args.root), colour()).report(&problems, args.format);
                if args.format == Format::Text {
                    say_err(&text);
                } else {
                    say(&text);
                }
                say_err("error: the sources of the site cannot be changed; nothing was written\n");
                return INPUT_ERRORS;
            }
        };
        if let Err(message) = write(&args.root, &merged) {
            say_err(&format!("error: {message}; nothing was written\n"));
            return INPUT_ERRORS;
        }
        self.report(&self.omitted(entries), args.format);
        if args.format == Format::Text {
            let Merged { added, updated, unchanged, .. } = merged;
            say(&format!(
                "{}: {added} added, {updated} updated, {unchanged} unchanged\n",
                counted(entries.len(), "source")
            ));
        }
        DONE
    }

    /// The fields that sources do not have. Values that a field cannot hold are reported each once, at the first
    /// occurrence; fields without a counterpart are reported together.
    fn omitted(&self, entries: &[Entry]) -> Diagnostics {
        let mut kinds: BTreeMap<&str, (&Entry, usize)> = BTreeMap::new();
        for entry in entries {
            for name in &entry.omitted {
                kinds.entry(name).or_insert((entry, 0)).1 += 1;
            }
        }
        let (others, fields): (Vec<_>, Vec<_>) = kinds.into_iter().partition(|(name, _)| name.contains([' ', '`']));
        let problem = |(name, (first, count)): (&str, (&Entry, usize))| {
            let message = match count {
                1 => format!("`{}` has {name}, which was not imported", first.id),
                count => format!("{count} entries have {name}, which was not imported; the first is `{}`", first.id),
            };
            self.problem("not-imported", &Fault { at: first.at, message })
        };
        let first = fields.iter().map(|(_, (first, _))| *first).min_by_key(|first| first.at);
        let of_fields = first.map(|first| {
            let mut names: Vec<String> =
                fields.iter().take(FIELDS).map(|(name, (_, count))| format!("`{name}` ({count})")).collect();
            names.extend((fields.len() > FIELDS).then(|| format!("and {} more", fields.len() - FIELDS)));
            let message = format!("fields that sources have no key for were not imported: {}", names.join(", "));
            self.problem("not-imported", &Fault { at: first.at, message })
        });
        others.into_iter().map(problem).chain(of_fields).collect()
    }

    fn problem(&self, code: &'static str, fault: &Fault) -> Diagnostic {
        let line = self.text.get(fault.at..).unwrap_or_default();
        let end = fault.at + line.find(['\n', '\r']).unwrap_or(line.len()).min(80);
        let end = (fault.at..=end).rev().find(|at| self.text.is_char_boundary(*at)).unwrap_or(fault.at);
        Diagnostic::new(code, Span::new(&self.name, fault.at..end), fault.message.clone())
    }

    fn report(&self, problems: &Diagnostics, format: Format) {
        let memory = Memory::default();
        memory.insert(self.name.clone(), self.text.clone().into_bytes());
        let text = Reporter::new(&memory, String::new(), colour()).report(problems, format);
        if format == Format::Text { say_err(&text) } else { say(&text) }
    }
}

fn colour() -> bool {
    std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}

pub(super) fn prefix(root: &Path) -> String {
    if root == Path::new(".") { String::new() } else { format!("{}/", shown(root)) }
}

/// The existing files of sources of the site.
fn sources(site: &Folder) -> Vec<(SitePath, String)> {
    let paths = site.list().files.into_iter().map(|listed| listed.path);
    let of_sources = paths.filter(|path| path.below(EVIDENCE).is_some_and(|below| file_of_sources(below).is_some()));
    of_sources
        .filter_map(|path| {
            let text = String::from_utf8(site.read(&path).ok()?).ok()?;
            Some((path, text))
        })
        .collect()
}

fn write(root: &Path, merged: &Merged) -> Result<(), String> {
    let folder = NewFiles::open(root, "dossier import", waiting).map_err(error_text)?;
    let contents = merged.files.iter().map(|(path, text)| (path.clone(), Content::Bytes(text.as_bytes())));
    folder.add(contents, Existing::Replace).map_err(error_text)
}
