//! `dossier man` and `dossier completions`: man pages and shell completions, from the definition of the command line.

use clap::{Command, CommandFactory};
use clap_mangen::Man;

use super::args::{Cli, CompletionsArgs, ManArgs};
use super::{DONE, USAGE, say, say_err, write_all};

/// Writes completions for a shell.
pub(super) fn completions(args: &CompletionsArgs) -> u8 {
    let mut made = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "dossier", &mut made);
    say(&String::from_utf8_lossy(&made));
    DONE
}

/// Writes the man page of the program or of a command, or all of them into a folder.
pub(super) fn man(args: &ManArgs) -> u8 {
    let mut cli = Cli::command();
    cli.build();
    match (&args.command, &args.into) {
        (_, Some(folder)) => {
            let commands = cli.get_subcommands().map(|command| (command, format!("dossier-{}", command.get_name())));
            let pages = std::iter::once((&cli, "dossier".to_owned())).chain(commands);
            let pages = pages.map(|(command, name)| (format!("{name}.1"), page(command, &name).into_bytes().into()));
            write_all(folder, "dossier man", pages, args.force)
        }
        (None, None) => {
            say(&page(&cli, "dossier"));
            DONE
        }
        (Some(name), None) => match cli.find_subcommand(name) {
            Some(command) => {
                say(&page(command, &format!("dossier-{name}")));
                DONE
            }
            None => {
                let near = crate::diag::did_you_mean(name, cli.get_subcommands().map(Command::get_name));
                let near = near
                    .map_or_else(|| "`dossier --help` lists them".to_owned(), |near| format!("did you mean `{near}`?"));
                say_err(&format!("error: there is no command `{name}`\nhelp: {near}\n"));
                USAGE
            }
        },
    }
}

fn page(command: &Command, name: &str) -> String {
    let mut made = Vec::new();
    let described = command.clone().after_help(None);
    let page = Man::new(described).title(name.to_owned()).source(concat!("dossier ", env!("CARGO_PKG_VERSION")));
    // Writing into memory cannot fail.
    let _ = page.render(&mut made);
    let mut text = String::from_utf8_lossy(&made).into_owned();
    // Examples keep their lines: the library would fill them like prose.
    if let Some(after) = command.get_after_help().map(ToString::to_string) {
        let (examples, rest) = after.split_once("\n\n").unwrap_or((&after, ""));
        let examples = examples.trim_start_matches("Examples:\n");
        text.push_str(&format!(".SH EXAMPLES\n.nf\n{}\n.fi\n", roff(examples)));
        if let Some(codes) = rest.strip_prefix("Exit codes: ") {
            text.push_str(&format!(".SH EXIT STATUS\n{}\n", roff(codes)));
        }
    }
    text
}

/// Escapes text for roff, where a hyphen is not a minus, and a backslash starts a command.
fn roff(text: &str) -> String {
    text.replace('\\', "\\e").replace('-', "\\-")
}
