//! Checks the architecture: which module may use which, which may reach outside, and that every problem code is
//! declared, used and explained.

mod support {
    pub mod files;
    pub mod rust_code;
    pub mod test_names;
}

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use support::files::{below, here, text};
use support::rust_code::{before_tests, code_only, strings, without_comments};
use support::test_names::fault;

/// A row of the table in docs/architecture.md.
#[derive(Debug)]
struct Module {
    name: String,
    /// The modules that it may use.
    uses: BTreeSet<String>,
    /// The items of them that it may not name.
    without: Vec<String>,
}

/// The table of modules in docs/architecture.md.
fn modules() -> Vec<Module> {
    let page = text(&here().join("docs/architecture.md"));
    let table = page
        .split("| module | what it is | may use |\n")
        .nth(1)
        .expect("docs/architecture.md holds the table of modules");
    let mut modules: Vec<Module> = Vec::new();
    for row in table.lines().skip(1).take_while(|line| line.starts_with('|')) {
        let cells: Vec<&str> = row.trim_matches('|').split('|').collect();
        let [name, _, may_use] = cells[..] else { panic!("docs/architecture.md: three cells a row: {row}") };
        let (mut uses, mut without) = (BTreeSet::new(), Vec::new());
        for part in may_use.split(';') {
            let (named, refused) = part.split_once(" without ").unwrap_or((part, ""));
            without.extend(ticked(refused));
            for name in ticked(named) {
                if named.contains("and above") {
                    let last = modules.iter().position(|module| module.name == name);
                    let last =
                        last.unwrap_or_else(|| panic!("docs/architecture.md: no row `{name}` above this: {row}"));
                    uses.extend(modules[..=last].iter().map(|module| module.name.clone()));
                } else {
                    uses.insert(name);
                }
            }
        }
        let name = ticked(name).pop().unwrap_or_else(|| panic!("docs/architecture.md: a row without a name: {row}"));
        modules.push(Module { name, uses, without });
    }
    modules
}

/// The words in backticks.
fn ticked(text: &str) -> Vec<String> {
    text.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

/// The sources of the library, by module: `src/MODULE/**` and `src/MODULE.rs`.
fn sources() -> BTreeMap<String, Vec<(String, String)>> {
    let src = here().join("src");
    let mut sources: BTreeMap<String, Vec<(String, String)>> = BTreeMap::new();
    for path in below(&src) {
        let inside = path.strip_prefix(&src).expect("it was found there").to_string_lossy().into_owned();
        let module = inside.split(['/', '.']).next().unwrap_or_default().to_owned();
        if module != "lib" && inside.ends_with(".rs") {
            sources.entry(module).or_default().push((inside, text(&path)));
        }
    }
    sources
}

/// The modules that a piece of code names: `crate::x`, `crate::{x, y}`, `dossier::x`, with the line of each.
fn used_modules(code: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    for root in ["crate::", "dossier::"] {
        for (at, _) in code.match_indices(root) {
            if code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == '$') {
                continue;
            }
            let line = code[..at].matches('\n').count() + 1;
            let tail = &code[at + root.len()..];
            found.extend(first_names(tail).into_iter().map(|name| (line, name)));
        }
    }
    found
}

/// The first name of a path, or of each path of a group.
fn first_names(path: &str) -> Vec<String> {
    let name =
        |text: &str| text.trim_start().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>();
    let Some(group) = path.strip_prefix('{') else { return vec![name(path)] };
    let (mut depth, mut start, mut names) = (0, 0, Vec::new());
    for (at, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => {
                names.push(name(&group[start..at]));
                break;
            }
            '}' => depth -= 1,
            ',' if depth == 0 => {
                names.push(name(&group[start..at]));
                start = at + 1;
            }
            _ => {}
        }
    }
    names.retain(|name| !name.is_empty());
    names
}

#[test]
fn a_module_uses_only_those_in_the_table() {
    let modules = modules();
    let known: BTreeSet<&str> = modules.iter().map(|module| module.name.as_str()).collect();
    let mut wrong = Vec::new();
    for (name, files) in sources() {
        let Some(module) = modules.iter().find(|module| module.name == name) else {
            if name != "main" {
                wrong.push(format!("src/{name}: this module has no row in docs/architecture.md"));
            }
            continue;
        };
        for (file, source) in files {
            let code = code_only(before_tests(&source));
            for (line, used) in used_modules(&code) {
                if used != name && known.contains(used.as_str()) && !module.uses.contains(&used) {
                    wrong.push(format!("src/{file}:{line}: `{name}` may not use `{used}`"));
                }
            }
            for refused in &module.without {
                let mut words = code.split(|c: char| !c.is_alphanumeric() && c != '_');
                if words.any(|word| word == refused) {
                    wrong.push(format!("src/{file}: `{name}` may not name `{refused}`"));
                }
            }
            let depth = file.trim_end_matches("/mod.rs").matches('/').count() + 1;
            if code.contains(&"super::".repeat(depth)) {
                wrong
                    .push(format!("src/{file}: `super::` climbs out of the module; write `crate::`, so that it shows"));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}\nThe table in docs/architecture.md says what may use what.\n", wrong.join("\n"));
}

#[test]
fn every_row_of_the_table_is_a_module() {
    let sources = sources();
    let empty: Vec<_> =
        modules().into_iter().map(|module| module.name).filter(|name| !sources.contains_key(name)).collect();
    assert!(empty.is_empty(), "docs/architecture.md lists modules that src does not have: {empty:?}");
}

#[test]
fn main_uses_only_the_command_line() {
    let main = code_only(&text(&here().join("src/main.rs")));
    let others: Vec<_> = used_modules(&main).into_iter().filter(|(_, name)| name != "cli").collect();
    assert!(others.is_empty(), "src/main.rs is one paragraph: it uses `dossier::cli`, not {others:?}");
}

/// src/lib.rs denies the lists in clippy.toml; only these modules may allow them.
#[test]
fn only_the_outer_modules_reach_outside() {
    let lifting = ["disallowed_methods", "disallowed_types", "print_stdout", "print_stderr"];
    let lib = text(&here().join("src/lib.rs"));
    for lint in lifting {
        assert!(lib.contains(&format!("clippy::{lint}")), "src/lib.rs denies clippy::{lint}");
    }
    for (module, files) in sources() {
        if ["disk", "watch", "serve", "cli", "main"].contains(&module.as_str()) {
            continue;
        }
        for (file, source) in files {
            let code = code_only(before_tests(&source));
            for lint in lifting {
                assert!(!code.contains(lint), "src/{file} lifts clippy::{lint}, which only the edges may");
            }
        }
    }
}

/// Outer modules may use clocks and terminals, which `clippy.toml` forbids; files are opened only by `disk`, since only
/// it opens them relative to a folder.
#[test]
fn only_disk_opens_files() {
    let calls = [
        "std::fs",
        "fs::",
        "File::open",
        "File::create",
        "OpenOptions",
        "walkdir",
        "rustix",
        ".canonicalize(",
        ".read_dir(",
    ];
    for (module, files) in sources().into_iter().filter(|(module, _)| module != "disk") {
        let is_test = |file: &str| file.split('/').any(|part| part.starts_with("test"));
        for (file, source) in files.into_iter().filter(|(file, _)| !is_test(file)) {
            let code = code_only(before_tests(&source));
            let found = calls.iter().find(|call| {
                code.match_indices(**call)
                    .any(|(at, _)| !code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_'))
            });
            assert!(found.is_none(), "src/{file} of `{module}` opens files by itself: {found:?}");
        }
    }
}

#[test]
fn every_code_is_declared_used_and_explained() {
    let declared: BTreeSet<&str> = dossier::diag::CODES.iter().map(|code| code.name).collect();
    let all = sources();
    let files: Vec<&(String, String)> = all.values().flatten().filter(|(file, _)| file != "diag/code.rs").collect();

    let mut written = BTreeSet::new();
    for (file, source) in &files {
        let source = before_tests(source);
        written.extend(strings(source));
        let source = without_comments(source);
        for (at, _) in source.match_indices("Diagnostic::new(") {
            let argument = source[at..].split_once('(').map_or("", |(_, tail)| tail.trim_start());
            let Some(code) = argument.strip_prefix('"').and_then(|tail| tail.split('"').next()) else { continue };
            let line = source[..at].matches('\n').count() + 1;
            assert!(declared.contains(code), "src/{file}:{line}: `{code}` is not in CODES (src/diag/code.rs)");
        }
    }
    let unused: Vec<_> = declared.iter().filter(|code| !written.contains(*code)).collect();
    assert!(unused.is_empty(), "declared in src/diag/code.rs, and never used: {unused:?}");

    for page in below(&here().join("docs/codes")) {
        let name = page.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        assert!(declared.contains(name.as_str()), "docs/codes/{name}.md explains a code that is not in CODES");
    }
}

/// All files of the repository, except those that Git ignores.
fn repository() -> Vec<PathBuf> {
    let out = ["target", "public", ".git", ".dossier"];
    let kept = |entry: &walkdir::DirEntry| entry.depth() != 1 || !out.iter().any(|name| entry.file_name() == *name);
    let walk = walkdir::WalkDir::new(here()).into_iter().filter_entry(kept).filter_map(Result::ok);
    walk.filter(|entry| entry.file_type().is_file()).map(walkdir::DirEntry::into_path).collect()
}

/// The repository contains no absolute path of a developer's machine.
#[test]
fn no_file_contains_a_local_path() {
    let private = ["work", "root", "home", "Users"].map(|folder| format!("/{folder}/"));
    for path in repository() {
        let Ok(text) = std::fs::read_to_string(&path) else { continue };
        for (number, line) in text.lines().enumerate() {
            for place in &private {
                let starts = |(at, _): (usize, &str)| {
                    !line[..at].ends_with(|c: char| c.is_alphanumeric() || ".-_}>~".contains(c))
                };
                let named = line.match_indices(place.as_str()).any(starts);
                assert!(!named, "{}:{}: names a place on a machine: {line}", path.display(), number + 1);
            }
        }
    }
}

#[test]
fn licences_are_complete() {
    let apache = text(&here().join("LICENSE-APACHE"));
    assert!(apache.contains("END OF TERMS AND CONDITIONS") && apache.lines().count() > 170);
    assert!(text(&here().join("LICENSE-MIT")).contains("without restriction"));
}

/// The commands that `docs/reliability.md` names: `cargo test` with filters that select tests, and files below `ci`.
#[test]
fn reliability_names_tests_that_exist() {
    let page = text(&here().join("docs/reliability.md"));
    let code = page.split('`').skip(1).step_by(2).chain(page.lines());
    let commands: Vec<&str> =
        code.map(|code| code.split(" #").next().unwrap_or_default().trim().trim_start_matches("./")).collect();
    let tests: BTreeSet<&str> = commands
        .iter()
        .map(|command| command.split_once("cargo test").map_or("", |(before, _)| &command[before.len()..]))
        .zip(&commands)
        .filter(|(test, command)| !test.is_empty() && !command.contains(['`', '|']))
        .map(|(test, _)| test)
        .collect();
    let mut wrong: Vec<String> =
        tests.iter().filter_map(|command| fault(command).map(|fault| format!("`{command}`: {fault}"))).collect();
    let programs = commands.iter().filter(|command| command.starts_with("ci/") && !command.contains('`'));
    wrong.extend(
        programs
            .filter_map(|command| command.split(' ').next())
            .filter(|path| !here().join(path).is_file())
            .map(|path| format!("`{path}`: there is no such file")),
    );
    assert!(tests.len() >= 30, "only {} commands were found", tests.len());
    assert!(wrong.is_empty(), "docs/reliability.md names what does not exist:\n{}", wrong.join("\n"));
    for command in ["cargo test --lib no_such_test", "cargo test --test nothing", "cargo test --lib disk publish"] {
        assert!(fault(command).is_some(), "{command}");
    }
}
