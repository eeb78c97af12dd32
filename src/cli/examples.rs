//! The examples at the end of each `--help`.

pub(super) const BUILD: &str = "Examples:
  dossier build                                   build the site in this folder into ./public
  dossier build --base-url https://example.org/   with a feed, a sitemap and absolute URLs
  dossier build --precompress --out /srv/www      for a web server that serves .br and .gz
  dossier build --format json                     machine-readable: problems, then the result

Exit codes: 0 the site is published, 1 the input has errors (nothing is published), 2 wrong usage.";

pub(super) const CHECK: &str = "Examples:
  dossier check                                   report all problems
  dossier check --deny unused-claim               fail on claims that no page cites
  dossier check --archive ../articles             verify citations against the texts of the sources
  dossier check --baseline known.json --write-baseline
                                                  take all problems as known; from now on only new ones fail
  dossier check --format github                   annotations on a pull request
  dossier check --format sarif > dossier.sarif    for code scanning

Exit codes: 0 no error, 1 errors, 2 wrong usage.";

pub(super) const SERVE: &str = "Examples:
  dossier serve --watch --open                    reload the browser on every save
  dossier serve --watch --follow                  the browser follows the page being edited
  dossier serve --drafts --port 8000              include drafts, and choose the port
  dossier serve --watch --allow-host mybox.local  behind a proxy or under another name";

pub(super) const PUBLISH: &str = "Examples:
  dossier publish production                      to the target of that name in site.toml
  dossier publish production --dry-run            list what would be done
  dossier publish s3://example-site/deal          to a bucket with a prefix; also az:// and gs://
  dossier publish file:///srv/www --no-build      upload the existing output to a folder

Exit codes: 0 the site is published, 1 not or only partly published (readers still see a consistent site), 2 wrong usage.";

pub(super) const CLEAN: &str = "Examples:
  dossier clean                                   remove the built site from ./public
  dossier clean --out /srv/www/deal               from another folder; other files are kept";

pub(super) const EXPLAIN: &str = "Examples:
  dossier explain                                 list all problem codes
  dossier explain uncited-paragraph               what it means and how to fix it";

pub(super) const WHERE: &str = "Examples:
  dossier where opened                            the places that name the record `opened`
  dossier where opened --format json              one JSON object a line, for scripts

Exit codes: 0 listed, 1 there is no such record, or the site cannot be read, 2 wrong usage.";

pub(super) const RENAME: &str = "Examples:
  dossier rename opened opened-in-2015 --dry-run  list the places
  dossier rename opened opened-in-2015            change all of them, or none

Drafts are included. Templates are not changed: words in them that are the id are listed.

Exit codes: 0 renamed, 1 not possible (nothing is written), 2 wrong usage.";

pub(super) const INIT: &str = "Examples:
  dossier init dates                              create a sample site in ./dates
  dossier init dates --empty                      without the sample
  dossier init dates --from-markdown old/content  import the pages of another generator";

pub(super) const NEW: &str = "Examples:
  dossier new page cloud                          content/cloud.md, as a draft
  dossier new claim azure-since-2015              a claim, with placeholders for its sources
  dossier new claim opened --source report --at p.3       with its source and the place there
  dossier new source report                       a source document
  dossier new source report --from -              from BibTeX or CSL-JSON on standard input
  dossier new source smith2018 --from my.bib      the entry of that key
  dossier new source --from 10.1038/nature14539   by its DOI";

pub(super) const IMPORT: &str = "Examples:
  dossier import library.bib                      add or update the entries of a BibTeX file
  dossier import library.json --into sources/zotero.yaml  from CSL-JSON, into a file of its own
  dossier import -                                from standard input

Exit codes: 0 imported, 1 the library or the site has errors (nothing is written), 2 wrong usage.";

pub(super) const THEME: &str = "Examples:
  dossier theme                                   list the files, and which ones the site overrides
  dossier theme templates/page.html               copy one into the site to edit it";

pub(super) const SCHEMA: &str = "Examples:
  dossier schema                                  list the kinds of files
  dossier schema claims > schemas/claims.json     print one schema
  dossier schema --into schemas                   write all of them into a folder";

pub(super) const COMPLETIONS: &str = "Examples:
  dossier completions bash > ~/.local/share/bash-completion/completions/dossier
  dossier completions fish > ~/.config/fish/completions/dossier.fish
  dossier completions zsh > ~/.zfunc/_dossier";

pub(super) const MAN: &str = "Examples:
  dossier man | man -l -                          read the man page
  dossier man build > dossier-build.1             the page of one command
  dossier man --into ~/.local/share/man/man1      install all pages for `man`";
