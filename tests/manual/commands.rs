//! The reference page of commands and flags, generated from the command line's definition.

use clap::{Arg, Command, CommandFactory};
use dossier::cli::Cli;

use crate::words::cell;

/// Every command.
pub fn all() -> String {
    let mut cli = Cli::command();
    cli.build();
    let after = cli.get_after_help().map(ToString::to_string).unwrap_or_default();
    let mut out = String::from(
        "`dossier COMMAND --help` prints the same on the terminal. Every command also has `--help` and `--version`.\n\n",
    );
    out.push_str(&format!("```text\n{}\n```\n", after.trim()));
    for command in cli.get_subcommands() {
        out.push_str(&describe(command));
    }
    out
}

fn describe(command: &Command) -> String {
    let name = command.get_name();
    let about = command.get_about().map(ToString::to_string).unwrap_or_default();
    let usage = command.clone().render_usage().to_string();
    let usage = usage.trim_start_matches("Usage: ");
    let mut out = format!("\n## dossier {name} {{#dossier-{name}}}\n\n{about}.\n\n```text\n{usage}\n```\n");
    let shown = |arg: &&Arg| !["help", "version"].contains(&arg.get_id().as_str()) && !arg.is_hide_set();
    let rows: Vec<String> = command.get_arguments().filter(shown).map(row).collect();
    if !rows.is_empty() {
        out.push_str(&format!("\n| argument | meaning |\n|---|---|\n{}", rows.concat()));
    }
    if let Some(after) = command.get_after_help() {
        out.push_str(&format!("\n```text\n{}\n```\n", after.to_string().trim()));
    }
    out
}

fn row(arg: &Arg) -> String {
    let values: Vec<&str> = arg.get_value_names().into_iter().flatten().map(clap::builder::Str::as_str).collect();
    let takes = arg.get_action().takes_values();
    let value = if takes { values.join(" ") } else { String::new() };
    let name = match (arg.get_long(), arg.get_short()) {
        (Some(long), Some(short)) => format!("-{short}, --{long} {value}"),
        (Some(long), None) => format!("--{long} {value}"),
        (None, Some(short)) => format!("-{short} {value}"),
        (None, None) => value,
    };
    let mut meaning = arg.get_help().map(ToString::to_string).unwrap_or_default();
    meaning.push('.');
    let default: Vec<String> =
        arg.get_default_values().iter().map(|value| format!("`{}`", value.to_string_lossy())).collect();
    if takes && !default.is_empty() && !arg.is_hide_default_value_set() {
        meaning.push_str(&format!(" The default is {}.", default.join(", ")));
    }
    let named = |value: &clap::builder::PossibleValue| match value.get_help() {
        Some(help) => format!("`{}` ({help})", value.get_name()),
        None => format!("`{}`", value.get_name()),
    };
    let possible: Vec<String> = arg.get_possible_values().iter().filter(|_| takes).map(named).collect();
    if !possible.is_empty() {
        meaning.push_str(&format!(" One of {}.", possible.join(", ")));
    }
    format!("| `{}` | {} |\n", name.trim(), cell(&meaning))
}
