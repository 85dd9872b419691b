//! The state of a table being written. Alignment is logical: `:--` is the start of the line in
//! every direction.

use pulldown_cmark::Alignment;

/// A table under way.
#[derive(Debug)]
pub(super) struct Table {
    alignments: Vec<Alignment>,
    cell: usize,
    /// Whether the head is being written.
    pub(super) head: bool,
    /// Whether `<tbody>` is open.
    pub(super) body: bool,
}

impl Table {
    pub(super) fn new(alignments: Vec<Alignment>) -> Self {
        Self { alignments, cell: 0, head: false, body: false }
    }

    pub(super) fn start_row(&mut self) {
        self.cell = 0;
    }

    /// The name of the next cell's element and its opening tag.
    pub(super) fn next_cell(&mut self) -> (&'static str, String) {
        let name = if self.head { "th" } else { "td" };
        let scope = if self.head { " scope=\"col\"" } else { "" };
        let align = match self.alignments.get(self.cell) {
            Some(Alignment::Left) => " class=\"align-start\"",
            Some(Alignment::Center) => " class=\"align-center\"",
            Some(Alignment::Right) => " class=\"align-end\"",
            Some(Alignment::None) | None => "",
        };
        self.cell += 1;
        (name, format!("<{name}{scope}{align}>"))
    }
}
