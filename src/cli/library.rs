//! `dossier import`: entries of a library as sources of the site.

use std::collections::BTreeMap;
use std::io::{IsTerminal, Read};
use std::path::Path;

use crate::bibliography::{Entry, Fault, Merged, merge, read_bibtex, read_csl};
use crate::diag::{Diagnostic, Diagnostics, plain};
use crate::disk::{Content, Existing, Folder, NewFiles};
use crate::evidence::EVIDENCE;
use crate::source::{Files, MAX_INPUT, Memory, SitePath, Span};

use super::args::ImportArgs;
use super::build::counted;
use super::{DONE, Format, INPUT_ERRORS, Reporter, USAGE, error_text, open_site, say, say_err, shown, waiting};

/// What cannot be part of a path, for a library that comes on standard input.
const STANDARD_INPUT: &str = "standard-input";

/// Adds the entries of a file to the sources of a site, and updates those that are there.
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

/// The first entry of a library, for `dossier new`.
pub(super) fn first(file: &Path) -> Result<Entry, u8> {
    let (name, text) = read(file).map_err(|message| {
        say_err(&format!("error: {message}\n"));
        USAGE
    })?;
    let library = Library { name, text };
    let entries = library.entries().map_err(|faults| {
        library.report(&faults.iter().map(|fault| library.problem("bad-library", fault)).collect(), Format::Text);
        say_err(&format!("error: {}; nothing was written\n", counted(faults.len(), "problem")));
        INPUT_ERRORS
    })?;
    let first = entries.into_iter().next().ok_or_else(|| {
        say_err(&format!("error: there are no entries in `{}`\n", library.name));
        INPUT_ERRORS
    })?;
    library.report(&library.omitted(std::slice::from_ref(&first)), Format::Text);
    Ok(first)
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
        Ok(text) => Ok((path, text)),
        Err(error) => {
            let at = error.utf8_error().valid_up_to();
            let line = 1 + error.as_bytes().iter().take(at).filter(|byte| **byte == b'\n').count();
            Err(format!("`{name}` is not UTF-8: see line {line}; export it again with that encoding"))
        }
    }
}

/// A library as it was read.
struct Library {
    name: SitePath,
    text: String,
}

impl Library {
    /// Its entries; what it is is told by how it begins.
    fn entries(&self) -> Result<Vec<Entry>, Vec<Fault>> {
        let begins = self.text.trim_start_matches(['\u{feff}', ' ', '\t', '\r', '\n']);
        if begins.starts_with(['[', '{']) { read_csl(&self.text) } else { read_bibtex(&self.text) }
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

    /// What records have no place for, each kind of it once, at its first place.
    fn omitted(&self, entries: &[Entry]) -> Diagnostics {
        let mut kinds: BTreeMap<&str, Vec<&Entry>> = BTreeMap::new();
        for entry in entries {
            for name in &entry.omitted {
                kinds.entry(name).or_default().push(entry);
            }
        }
        let problem = |(name, entries): (&str, Vec<&Entry>)| {
            let first = entries.first()?;
            let message = match entries.len() {
                1 => format!("`{}` has {}, which was not imported", first.id, quoted(name)),
                count => format!(
                    "{count} entries have {}, which was not imported; the first is `{}`",
                    quoted(name),
                    first.id
                ),
            };
            Some(self.problem("not-imported", &Fault { at: first.at, message }))
        };
        kinds.into_iter().filter_map(problem).collect()
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

/// A name in backticks, unless it has some already.
fn quoted(name: &str) -> String {
    if name.contains('`') { name.to_owned() } else { format!("`{name}`") }
}

fn colour() -> bool {
    std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}

fn prefix(root: &Path) -> String {
    if root == Path::new(".") { String::new() } else { format!("{}/", shown(root)) }
}

/// The files of sources that the site has.
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
