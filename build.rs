//! Gives the program a name for itself that changes with its source, its dependencies and the compiler: what an older or
//! newer program cached is not taken for this one's work.

use std::collections::hash_map::DefaultHasher;
use std::hash::Hasher;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs, io};

/// All that the program is made of.
const SOURCES: [&str; 6] = ["src", "templates", "static", "Cargo.toml", "Cargo.lock", "build.rs"];

fn main() -> io::Result<()> {
    let mut hasher = DefaultHasher::new();
    for source in SOURCES {
        println!("cargo::rerun-if-changed={source}");
        add(Path::new(source), &mut hasher)?;
    }
    let compiler = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    hasher.write(&Command::new(compiler).arg("-vV").output()?.stdout);
    for name in ["TARGET", "CARGO_CFG_FEATURE"] {
        hasher.write(env::var(name).unwrap_or_default().as_bytes());
    }
    println!("cargo::rustc-env=DOSSIER_PROGRAM={:016x}", hasher.finish());
    Ok(())
}

fn add(path: &Path, hasher: &mut DefaultHasher) -> io::Result<()> {
    if path.is_dir() {
        let mut entries: Vec<PathBuf> =
            fs::read_dir(path)?.map(|entry| entry.map(|entry| entry.path())).collect::<io::Result<_>>()?;
        entries.sort();
        return entries.iter().try_for_each(|entry| add(entry, hasher));
    }
    if path.is_file() {
        hasher.write(path.to_string_lossy().as_bytes());
        hasher.write(&fs::read(path)?);
    }
    Ok(())
}
