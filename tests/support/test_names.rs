//! The names of the repository's tests, as `cargo test` lists them, and what its filters select.

use super::files::{below, here, text};

/// The unit tests (`--lib`), or those of a file or folder below `tests`: nothing where there is none of that name.
pub fn test_names(target: Option<&str>) -> Vec<String> {
    let (folder, file) = match target {
        None => (here().join("src"), None),
        Some(name) => (here().join("tests").join(name), Some(here().join(format!("tests/{name}.rs")))),
    };
    let files = file.filter(|file| file.is_file()).map_or_else(|| below(&folder), |file| vec![file]);
    let mut names = Vec::new();
    for path in files.into_iter().filter(|path| path.extension().is_some_and(|extension| extension == "rs")) {
        let inside = path.strip_prefix(&folder).map(|path| path.with_extension("")).unwrap_or_default();
        let mut module: Vec<_> = inside.iter().map(|part| part.to_string_lossy().into_owned()).collect();
        module.retain(|part| !matches!(part.as_str(), "mod" | "main" | "lib"));
        for after in text(&path).replace("#[tokio::test", "#[test]").split("#[test]").skip(1) {
            let name = after.split_once("fn ").map_or("", |(_, name)| name);
            module.push(name.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect());
            names.push(module.join("::"));
            module.pop();
        }
    }
    names
}

/// What is wrong with a `cargo test` command: it must be one that cargo accepts, and each filter select a test.
pub fn fault(command: &str) -> Option<String> {
    let mut words = command.split_ascii_whitespace().skip(2);
    let target = match words.next() {
        Some("--lib") => None,
        Some("--test") => words.next(),
        _ => return Some("it names neither `--lib` nor `--test`".to_owned()),
    };
    let names = test_names(target);
    if names.is_empty() {
        return Some("there is no such test".to_owned());
    }
    let (first, rest): (Vec<&str>, Vec<&str>) = match words.clone().position(|word| word == "--") {
        Some(at) => (words.clone().take(at).collect(), words.skip(at + 1).collect()),
        None => (words.collect(), Vec::new()),
    };
    if first.len() > 1 {
        return Some("cargo accepts one filter; write `--` before several".to_owned());
    }
    let mut filters = first.into_iter().chain(rest.into_iter().filter(|word| !word.starts_with("--")));
    filters
        .find(|filter| !names.iter().any(|name| name.contains(filter)))
        .map(|filter| format!("`{filter}` selects none"))
}
