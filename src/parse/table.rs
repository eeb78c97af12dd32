//! Tables: aligned by class, as a `style` attribute would be refused by a strict content security policy.

use std::ops::Range;

use pulldown_cmark::Alignment;

use super::BlockKind;
use super::html::push_attribute;
use super::markdown::TextReader;

/// An open table.
#[derive(Debug, Default)]
pub(super) struct OpenTable {
    alignments: Vec<Alignment>,
    column: usize,
    head: bool,
    rows: bool,
    /// The end of its last cell in the text.
    cell_end: usize,
    /// The offset of the label of the scrolling region in the output.
    label: usize,
}

impl TextReader<'_, '_> {
    pub(super) fn start_table(&mut self, alignments: Vec<Alignment>) {
        // Wider than a phone: it scrolls in a region of its own, which the keyboard reaches and a screen reader names.
        self.out.html.push_str("<div class=\"table\" tabindex=\"0\" role=\"region\" aria-label=\"");
        self.table = OpenTable { alignments, label: self.out.html.len(), ..OpenTable::default() };
        self.out.html.push_str("\">\n<table>\n");
    }

    pub(super) fn start_row(&mut self, kind: BlockKind, range: &Range<usize>) {
        self.table.column = 0;
        self.table.head = kind == BlockKind::Heading;
        if self.table.head {
            self.out.html.push_str("<thead>\n");
        } else if !std::mem::replace(&mut self.table.rows, true) {
            self.out.html.push_str("<tbody>\n");
        }
        self.out.html.push_str("<tr>");
        self.open(kind, range);
    }

    pub(super) fn start_cell(&mut self) {
        let table = &mut self.table;
        if table.column > 0 && !self.page.prose.text().is_empty() {
            self.page.prose.push_separator(" | ");
        }
        self.out.html.push_str(if table.head { "<th scope=\"col\"" } else { "<td" });
        self.out.html.push_str(match table.alignments.get(table.column) {
            Some(Alignment::Left) => " class=\"align-left\">",
            Some(Alignment::Center) => " class=\"align-center\">",
            Some(Alignment::Right) => " class=\"align-right\">",
            _ => ">",
        });
        table.column += 1;
    }

    pub(super) fn end_cell(&mut self, range: &Range<usize>) {
        self.table.cell_end = range.end;
        self.out.html.push_str(if self.table.head { "</th>" } else { "</td>" });
    }

    pub(super) fn end_row(&mut self, range: &Range<usize>) {
        let rest = self.source_text(self.table.cell_end..range.end);
        let surplus = rest.trim().trim_matches('|').trim();
        if !surplus.is_empty() {
            let start = self.table.cell_end + rest.find(surplus).unwrap_or_default();
            let hint = "add cells to the table's head; write a `|` inside a cell as `\\|`";
            let message = "a row has more cells than the head of its table: what is in them is not shown";
            self.problem("surplus-cell", &(start..start + surplus.len()), message, hint);
        }
        self.end_block("</tr>\n");
    }

    pub(super) fn end_head(&mut self) {
        // The label of each region is unique in the page.
        self.page.tables += 1;
        let mut label = match self.page.tables {
            1 => "Table".to_owned(),
            number => format!("Table {number}"),
        };
        for (index, cell) in self.page.prose.text().split(" | ").filter(|cell| !cell.trim().is_empty()).enumerate() {
            label.push_str(if index == 0 { ": " } else { ", " });
            push_attribute(&mut label, cell.trim());
        }
        self.end_block("</tr>\n</thead>\n");
        self.out.insert(self.table.label, &label);
    }

    pub(super) fn end_table(&mut self) {
        if self.table.rows {
            self.out.html.push_str("</tbody>\n");
        }
        self.out.html.push_str("</table>\n</div>\n");
    }
}
