//! Every kind of thing that an import leaves out or changes.

use super::report::Kind;

macro_rules! kinds {
    ($($name:ident: $message:literal, $hint:literal;)*) => {
        $(pub(super) const $name: Kind = Kind { message: $message, hint: $hint };)*
    };
}

kinds! {
    SETTINGS: "settings were not imported", "what they did may have a counterpart in `site.toml`";
    KEYS: "front matter keys without a meaning here were put below `extra`",
        "a template can show them as `page.extra`; remove the others";
    NO_DATE: "dates could not be read and were put below `extra`", "write them as `2018-02-23`";
    DRAFTS: "pages that the old site did not publish are drafts", "remove `draft: true` from those to publish";
    UNLISTED: "pages that the old site left out of its lists are in them here", "set `draft: true` to leave them out";
    NOT_LISTED: "pages that the old table of contents leaves out are drafts",
        "remove `draft: true` from those to publish";
    NO_CHAPTER: "the table of contents names chapters that do not exist", "write them, or remove the entry";
    DRAFT_CHAPTER: "chapters of the table of contents without a file were left out", "write them when they are ready";
    INNER_SITE: "the folder holds sites of other generators",
        "import such a folder by itself, so that its configuration is read";
    DATA_IN_CODE: "data in JavaScript is not read: it may set permalinks, tags or drafts",
        "write what it sets into the front matter of the pages";
    HIDDEN_FILES: "hidden files were not copied", "Dossier leaves out names that begin with a dot";
    FILES_LEFT: "files of other kinds were not copied", "copy those that readers need to `static`";
    LINKED_FILES: "links lead to files that were not copied", "copy the file to `static`, or remove the link";
    OTHER_PAGES: "pages that are not Markdown were not imported", "write them as Markdown, or as templates";
    FOREIGN: "folders of templates, themes and data have no counterpart and were not copied",
        "`dossier theme` lists the templates of this site; files for readers go to `static`";
    BUILT: "folders that a program makes were not looked at", "rename the folder if it holds pages";
    CLASHES: "several pages would have one name, so some were renamed", "give them other names, or a `slug`";
    FILE_CLASHES: "files have the address of a page or of another file and were not copied", "rename them";
    THEME_FILES: "files have the name of one of the theme's and were not copied", "rename them, or merge the two";
    ADDRESS_UNKNOWN: "old addresses are not known: a pattern uses what cannot be read here",
        "add the old address to `aliases` of the page";
    ADDRESS_LOST: "old addresses lead nowhere", "redirect them on the host";
    ADDRESS_TAKEN: "several pages claim an old address; the first one has it", "keep it on the page that it is for";
    REDIRECTS: "pages that only led to other sites were left out", "redirect their addresses on the host";
    FEED: "the address of the feed differs: it is `feed.xml` here", "redirect the old address on the host";
    LANGUAGES: "the site has one language: pages in others are in folders of their own",
        "make a site of its own for each language, if readers need that";
    NOT_HOME: "pages are not on the home page: a future or past date keeps them out", "list them when they appear";
    INCLUDES: "includes were left in the text as they were", "copy the text of the file into the page";
    CALLS: "calls were left in the text as they were",
        "write what they made, or make a component of it in `templates/components`";
    COMMENTS: "comments of the author were left out", "write them as HTML comments, which are not published";
    EMBEDS: "embedded content became a link", "add HTML to embed it, if the readers' privacy allows that";
    ICONS: "icons were left out", "use a picture or a character";
    API: "references of code that a plugin makes were left in the text", "link to the reference instead";
    BLOCKS: "blocks of a layout were dissolved; their text is there", "style it, or make a component of it";
    HIDDEN_BLOCKS: "blocks that the old site did not show were left out", "nothing, unless readers should see them";
    FOLDED: "folded boxes are open here", "write HTML with `<details>` to fold them";
    ATTRIBUTES: "attributes of pictures, links and text were left out", "a style or HTML can do that";
    LISTS: "lists with letters or Roman numbers are numbered here", "write the letters into the text, where it refers to them";
    TABLES: "heads of tables got more cells, for rows that have more", "name the columns, or write `\\|` in a cell";
    FOOTNOTES: "footnotes with the same label were renamed", "refer to each of them by its own label";
    MDX: "parts of MDX were removed, or left where they are text", "write what they made";
    DIAGRAMS: "diagrams and queries are shown as code", "add a picture of the result";
    CELLS: "code cells are not run, so their results are missing", "add the results as pictures or tables";
    CELLS_HIDDEN: "code cells that showed only their results were left out", "add the results as pictures or tables";
    HIDDEN_LINES: "hidden lines of listings were left out", "nothing, unless readers should see them";
    CODE_OPTIONS: "options of code blocks have no counterpart and were removed",
        "a code block takes `linenos`, `hl=2-3` and `start=10` after its language";
    WIKILINKS: "wikilinks that lead to no page became text", "write the page, and link to it";
    TRANSCLUSIONS: "embedded notes became links", "copy the text that readers should see";
    BLOCK_IDS: "references to paragraphs lead to the whole page", "give the section a heading, and link to that";
    CITATIONS: "citations of a bibliography are shown as they are written",
        "record the sources in `content/evidence/sources.yaml` and cite those";
    REFERENCES: "references to figures, tables and formulas are shown as they are written", "write the number, or a link";
    TAGS: "tags became pages of their own", "make a topic of those that matter: `[[topics]]` in `site.toml`";
}
