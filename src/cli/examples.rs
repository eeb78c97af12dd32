//! What `--help` shows of each command in use.

pub(super) const BUILD: &str = "Examples:
  dossier build                                   make the site of this folder in ./public
  dossier build --base-url https://example.org/   with feed, sitemap and full addresses
  dossier build --precompress --out /srv/www      for a web server that gives out .br and .gz
  dossier build --format json                     for a program: problems, then the result

Exit codes: 0 the site is published, 1 the input has errors and what was published stands, 2 wrong usage.";

pub(super) const CHECK: &str = "Examples:
  dossier check                                   say what is wrong
  dossier check --deny unused-claim               fail on claims that no page cites
  dossier check --archive ../articles             hold citations against the texts of the sources
  dossier check --format github                   as notes on the lines of a pull request
  dossier check --format sarif > dossier.sarif    for code scanning

Exit codes: 0 no error, 1 errors, 2 wrong usage.";

pub(super) const SERVE: &str = "Examples:
  dossier serve --watch --open                    write, and see every save at once
  dossier serve --watch --follow                  the tab goes to the page that you are writing
  dossier serve --drafts --port 8000              drafts as well, on a port of your choice";

pub(super) const PUBLISH: &str = "Examples:
  dossier publish production                      to the target of that name in site.toml
  dossier publish production --dry-run            say what would be done
  dossier publish s3://example-site/deal          to a bucket, below a prefix; or az://, gs://
  dossier publish file:///srv/www --no-build      what was built before, to a folder

Exit codes: 0 the site is published, 1 it is not or not whole, and readers meet a whole site all the same, 2 wrong usage.";

pub(super) const CLEAN: &str = "Examples:
  dossier clean                                   remove what was built from ./public
  dossier clean --out /srv/www/deal               from elsewhere; files of others stay";

pub(super) const EXPLAIN: &str = "Examples:
  dossier explain                                 list every kind of problem
  dossier explain uncited-paragraph               what it means and how to mend it";

pub(super) const INIT: &str = "Examples:
  dossier init dates                              a sample to write over, in ./dates
  dossier init dates --from-markdown old/content  the pages of another generator";

pub(super) const NEW: &str = "Examples:
  dossier new page cloud                          content/cloud.md, as a draft
  dossier new claim azure-since-2015              a claim with its sources to fill in
  dossier new source report                       a document that was read";

pub(super) const THEME: &str = "Examples:
  dossier theme                                   whose each template is, yours or the program's
  dossier theme templates/page.html               copy one into the site, to change it";

pub(super) const SCHEMA: &str = "Examples:
  dossier schema                                  list the kinds of files
  dossier schema claims > schemas/claims.json     one schema
  dossier schema --into schemas                   all of them, for the first lines of your files";

pub(super) const COMPLETIONS: &str = "Examples:
  dossier completions bash > ~/.local/share/bash-completion/completions/dossier
  dossier completions fish > ~/.config/fish/completions/dossier.fish
  dossier completions zsh > ~/.zfunc/_dossier";

pub(super) const MAN: &str = "Examples:
  dossier man | man -l -                          read it
  dossier man build > dossier-build.1             the page of one command
  dossier man --into ~/.local/share/man/man1      all pages, where `man` finds them";
