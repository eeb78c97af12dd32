//! What the manual shows, done: each page in a folder of its own, its blocks in their order.
//!
//! A `console` block holds commands after `$` and their output; `…` matches anything, on a line of its own for any
//! lines. Other blocks are files: the paragraph before ends in a colon and names the file last; "Add" puts the text at its
//! end, "replace" takes the text for the old one, and the next block is its replacement. `text` blocks are only shown, unless they are to be written to a file.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::support::files::{below, here, text};

struct Block {
    line: usize,
    language: String,
    before: String,
    text: String,
}

/// Does what every page shows.
pub fn run_all() {
    let content = here().join("docs/manual/content");
    let mut count = 0;
    // The examples of problems are faults, which tests/fixtures/bad shows.
    let problems = content.join("reference/problems.md");
    for page in below(&content).into_iter().filter(|page| *page != problems) {
        let name = page.strip_prefix(&content).expect("it was found there").display().to_string();
        let blocks = blocks(&text(&page));
        if page.extension().is_some_and(|extension| extension == "md")
            && blocks.iter().any(|block| block.language != "text")
        {
            count += blocks.len();
            run(&name, &blocks);
        }
    }
    assert!(count > 20, "the manual shows something");
}

fn blocks(page: &str) -> Vec<Block> {
    let (mut blocks, mut before, mut open): (Vec<Block>, String, Option<(String, Block)>) =
        (Vec::new(), String::new(), None);
    for (number, line) in page.lines().enumerate() {
        let ticks: String = line.chars().take_while(|c| *c == '`').collect();
        match &mut open {
            Some((fence, _)) if ticks.len() >= fence.len() && line.trim_end() == ticks => {
                blocks.extend(open.take().map(|(_, block)| block));
            }
            Some((_, block)) => block.text.push_str(&format!("{line}\n")),
            None if ticks.len() >= 3 => {
                let info = line[ticks.len()..].split(' ').next().unwrap_or_default();
                // A component shows its body, which the build has tried.
                let language = if info.starts_with('{') { "text" } else { info };
                let block = Block {
                    line: number + 1,
                    language: language.to_owned(),
                    before: std::mem::take(&mut before),
                    text: String::new(),
                };
                open = Some((ticks, block));
            }
            None if line.is_empty() => {}
            None => {
                let fresh = number.checked_sub(1).and_then(|above| page.lines().nth(above)).is_none_or(str::is_empty);
                before = if fresh { line.to_owned() } else { format!("{before} {line}") };
            }
        }
    }
    blocks
}

fn run(page: &str, blocks: &[Block]) {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let mut folder = dir.path().to_owned();
    if page != "tutorial.md" {
        // All pages but the tutorial begin where it begins to write: in a new explainer.
        console(page, 0, "$ dossier init dates\n…\n$ cd dates\n", &mut folder);
    }
    let mut old: Option<(PathBuf, String)> = None;
    for Block { line, language, before, text } in blocks {
        let at = format!("docs/manual/content/{page}:{line}");
        match language.as_str() {
            "text" if !before.contains("Write this to `") => {}
            "console" => console(page, *line, text, &mut folder),
            _ if old.is_some() => {
                let (path, from) = old.take().expect("it is there");
                let whole = std::fs::read_to_string(&path).unwrap_or_default();
                assert_eq!(
                    whole.matches(&from).count(),
                    1,
                    "{at}: the text to replace must be in the file exactly once:\n{whole}"
                );
                std::fs::write(&path, whole.replace(&from, text)).expect("it can be written");
            }
            _ => {
                assert!(before.ends_with(':'), "{at}: the paragraph before says which file this is: {before}");
                let name = before.rsplit('`').nth(1).unwrap_or_else(|| panic!("{at}: no file is named: {before}"));
                let path = folder.join(name);
                if before.contains("replace") {
                    old = Some((path, text.clone()));
                    continue;
                }
                let there = std::fs::read_to_string(&path).unwrap_or_default();
                let whole =
                    if before.contains("Add") { format!("{}\n\n{text}", there.trim_end()) } else { text.clone() };
                std::fs::create_dir_all(path.parent().expect("a file has a folder")).expect("a folder can be made");
                std::fs::write(&path, whole).expect("it can be written");
            }
        }
    }
    assert!(old.is_none(), "{page}: a text is to be replaced by nothing");
}

/// Runs the commands of a block, and compares what they answer.
fn console(page: &str, line: usize, text: &str, folder: &mut PathBuf) {
    let mut steps: Vec<(&str, Vec<&str>)> = Vec::new();
    for line in text.lines() {
        match (line.strip_prefix("$ "), steps.last_mut()) {
            (Some(command), _) => steps.push((command, Vec::new())),
            (None, Some((_, expected))) => expected.push(line.trim_end()),
            (None, None) => panic!("{page}:{line}: output without a command"),
        }
    }
    for (command, expected) in steps {
        let at = format!("docs/manual/content/{page}:{line}: $ {command}");
        if let Some(name) = command.strip_prefix("cd ") {
            *folder = folder.join(name);
            assert!(folder.is_dir(), "{at}: no such folder");
        } else if command.starts_with("dossier serve") {
            serve(&at, &command.replace(" --open", ""), folder);
        } else {
            let output = shell(command, folder).output().expect("the shell starts");
            let said = String::from_utf8_lossy(&output.stdout);
            let said: Vec<&str> = said.trim_end().lines().map(str::trim_end).collect();
            let fails = expected.iter().any(|line| line.starts_with("error"));
            assert_eq!(output.status.success(), !fails, "{at}\n{}", said.join("\n"));
            assert!(
                expected.is_empty() || matches(&expected, &said),
                "{at}\nthe manual shows\n{}\n\nit says\n{}",
                expected.join("\n"),
                said.join("\n")
            );
        }
    }
}

fn shell(command: &str, folder: &Path) -> Command {
    let program = Path::new(env!("CARGO_BIN_EXE_dossier")).parent().expect("a program has a folder").to_owned();
    let path = std::env::var_os("PATH").unwrap_or_default();
    let path = std::env::join_paths([program].into_iter().chain(std::env::split_paths(&path))).expect("a path");
    let mut shell = Command::new("sh");
    shell.args(["-c", &format!("exec 2>&1; {command}")]).current_dir(folder).env("PATH", path).env("NO_COLOR", "1");
    shell
}

/// Starts the server, waits until it prints its address, and ends it.
fn serve(at: &str, command: &str, folder: &Path) {
    let mut shell = shell(&format!("exec {command} --port 0"), folder);
    let mut server = shell.stdout(Stdio::piped()).spawn().expect("the server starts");
    let lines = BufReader::new(server.stdout.take().expect("its output is piped")).lines();
    let announced = lines.map_while(Result::ok).any(|line| line.contains("http://127.0.0.1"));
    drop(server.kill());
    drop(server.wait());
    assert!(announced, "{at}: it never printed its address");
}

fn matches(expected: &[&str], said: &[&str]) -> bool {
    match (expected, said) {
        ([], []) => true,
        (["…", rest @ ..], _) => (0..=said.len()).any(|skipped| matches(rest, &said[skipped..])),
        ([first, expected @ ..], [line, said @ ..]) => fits(first, line) && matches(expected, said),
        _ => false,
    }
}

/// Whether a line is as shown; `…` matches any part of it.
fn fits(shown: &str, line: &str) -> bool {
    let mut parts = shown.split('…');
    let Some(mut rest) = line.strip_prefix(parts.next().unwrap_or_default()) else { return false };
    let parts: Vec<&str> = parts.collect();
    let Some((last, middle)) = parts.split_last() else { return rest.is_empty() };
    for part in middle {
        let Some(at) = rest.find(part) else { return false };
        rest = &rest[at + part.len()..];
    }
    rest.ends_with(last)
}

#[test]
fn dots_stand_for_anything() {
    assert!(fits("a … c", "a b c") && !fits("a … d", "a b c") && fits("", "") && !fits("", "x"));
    assert!(matches(&["a", "…", "z"], &["a", "b", "c", "z"]) && !matches(&["a", "z"], &["a", "b", "z"]));
    assert!(matches(&["…"], &[]) && !matches(&["a"], &[]));
}
