//! `dossier init`: creates a site with a sample, an empty site, or a site imported from another generator.

use std::path::Path;

use crate::disk::{Content, Existing, NewFiles};
use crate::pipeline::THEME;
use crate::source::SitePath;

use super::args::InitArgs;
use super::{DONE, INPUT_ERRORS, USAGE, error_text, import, say, say_err, starter, waiting};

/// Creates a site in a folder that is empty or does not exist yet.
pub(super) fn init(args: &InitArgs) -> u8 {
    if let Some(from) = &args.from_markdown {
        return import::import(from, args);
    }
    let (own, what): (Vec<_>, _) = match args.empty {
        true => (starter::empty(&title_of(&args.dir)).collect(), "A site with an empty home page"),
        false => (starter::sample().collect(), "A sample explainer to edit"),
    };
    let own = own.iter().map(|(path, text)| (path.clone(), Content::Bytes(text.as_bytes())));
    let theme = THEME.iter().filter(|_| !args.no_theme).map(|(path, bytes)| ((*path).to_owned(), *bytes));
    let ignore = (starter::GITIGNORE.0.to_owned(), starter::GITIGNORE.1.as_bytes());
    let program = [ignore].into_iter().chain(starter::schemas()).chain(theme);
    if let Err(code) = write(&args.dir, own.chain(program.map(|(path, bytes)| (path, Content::Bytes(bytes))))) {
        return code;
    }
    say(&format!("{what} is in `{}`. Next:\n", args.dir.display()));
    say(&format!("    dossier serve --root {} --watch --open\n", args.dir.display()));
    DONE
}

/// A title, made from the name of a folder.
fn title_of(dir: &Path) -> String {
    let whole = std::path::absolute(dir).unwrap_or_else(|_| dir.to_owned());
    let name = whole.file_name().map(|name| name.to_string_lossy().into_owned());
    crate::parse::title_from_name(&name.unwrap_or_else(|| "A site".to_owned()))
}

/// Writes files into a folder that is empty or does not exist yet: all of them, or none.
pub(super) fn write<'c>(dir: &Path, files: impl Iterator<Item = (String, Content<'c>)>) -> Result<(), u8> {
    let fail = |message: String| {
        say_err(&format!("error: {message}; nothing was written\n"));
        INPUT_ERRORS
    };
    let folder = NewFiles::open(dir, "dossier init", waiting).map_err(|error| {
        say_err(&format!("error: cannot use `{}`: {}\n", dir.display(), error_text(error)));
        USAGE
    })?;
    if !folder.is_empty().map_err(|error| fail(error_text(error)))? {
        say_err(&format!("error: `{}` is not empty\n", dir.display()));
        say_err("help: choose a new folder; `dossier init` never overwrites anything\n");
        return Err(USAGE);
    }
    let files = files.filter_map(|(path, content)| Some((SitePath::new(&path).ok()?, content)));
    folder.add(files, Existing::Refuse).map_err(|errors| fail(error_text(errors)))
}
