//! Makes a site of N pages, always the same for the same words: as a Dossier site, or as a Hugo site of the same text
//! with an equal theme. `docs/performance.md` tells what is measured with it.
//!
//! ```text
//! cargo run --release --example corpus -- 10000 /dev/shm/corpus
//! cargo run --release --example corpus -- 10000 /dev/shm/hugo --for hugo --code 0
//! cargo run --release --example corpus -- --claims 10000 /dev/shm/claims
//! ```

mod claims;
mod text;

use std::error::Error;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use clap::{Parser, ValueEnum};

use text::{Page, SECTION};

/// Makes a site of N pages, or of N claims.
#[derive(Parser)]
#[command(allow_missing_positional = true)]
struct Words {
    /// How many pages
    #[arg(value_parser = clap::value_parser!(u32).range(1..=1_000_000), required_unless_present = "claims")]
    pages: Option<u32>,
    /// The folder to make
    folder: PathBuf,
    /// How many claims, with a source and a page for ten of them, instead of pages without evidence
    #[arg(long, conflicts_with = "pages")]
    claims: Option<usize>,
    /// The generator that is to build it
    #[arg(long = "for", value_enum, default_value_t = Generator::Dossier)]
    generator: Generator,
    /// One page in this many has code; 0 leaves code out
    #[arg(long, default_value_t = 5)]
    code: u32,
    /// Another seed, another text
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Generator {
    Dossier,
    Hugo,
}

const DOSSIER: &[(&str, &str)] = &[
    ("site.toml", include_str!("dossier/site.toml")),
    ("templates/base.html", include_str!("dossier/base.html")),
    ("templates/home.html", include_str!("dossier/home.html")),
    ("templates/page.html", include_str!("dossier/page.html")),
    ("templates/section.html", include_str!("dossier/section.html")),
    ("static/style.css", include_str!("style.css")),
];

const HUGO: &[(&str, &str)] = &[
    ("hugo.toml", include_str!("hugo/hugo.toml")),
    ("layouts/_default/baseof.html", include_str!("hugo/baseof.html")),
    ("layouts/index.html", include_str!("hugo/index.html")),
    ("layouts/_default/single.html", include_str!("hugo/single.html")),
    ("layouts/_default/list.html", include_str!("hugo/list.html")),
    ("assets/style.css", include_str!("style.css")),
];

fn main() -> Result<(), Box<dyn Error>> {
    let words = Words::parse();
    if words.folder.read_dir().is_ok_and(|mut entries| entries.next().is_some()) {
        return Err(format!("`{}` is not empty", words.folder.display()).into());
    }
    if let Some(claims) = words.claims {
        return Ok(claims::make(claims, &words.folder)?);
    }
    let pages = words.pages.unwrap_or_default();
    let (theme, index) = match words.generator {
        Generator::Dossier => (DOSSIER, "index.md"),
        Generator::Hugo => (HUGO, "_index.md"),
    };
    for (name, text) in theme {
        put(&words.folder.join(name), text)?;
    }
    let content = words.folder.join("content");
    put(&content.join(index), &format!("---\ntitle: The corpus\n---\n\n{}\n", text::paragraph(words.seed)))?;
    for section in 0..pages.div_ceil(SECTION) {
        let folder = content.join(text::section(section));
        put(&folder.join(index), &format!("---\ntitle: Section {section}\n---\n"))?;
        for number in section * SECTION..pages.min((section + 1) * SECTION) {
            let has_code = words.code > 0 && number % words.code == 0;
            let page = Page { number, of: pages, seed: words.seed, code: has_code };
            let text = page.markdown(words.generator == Generator::Hugo);
            fs::write(folder.join(format!("{}.md", text::name(number))), text)?;
        }
    }
    Ok(())
}

fn put(file: &Path, text: &str) -> io::Result<()> {
    file.parent().map_or(Ok(()), fs::create_dir_all)?;
    fs::write(file, text)
}
