//! The local texts of sources, below `archive/`: their words in paragraphs.

use pulldown_cmark::{Event, Tag, TagEnd};

use crate::diagnostic::Problems;
use crate::document::Parts;
use crate::document::markdown::{Item, PlainText, Source};
use crate::source::SourceFile;
use crate::text::html;
use crate::text::quotation::Text;

/// A paragraph with its number; what is none, such as a heading, has none.
type Paragraph = (Option<usize>, String);

/// Takes the markup out of a text: Markdown, HTML, or none by the file's extension.
pub(super) fn read(file: &SourceFile, text: &str) -> Text {
    let extension = file.path.rsplit('.').next().unwrap_or_default().to_ascii_lowercase();
    let paragraphs = match extension.as_str() {
        "md" | "markdown" => markdown(text, file),
        "html" | "htm" | "xhtml" => hypertext(text),
        _ => plain(text),
    };
    Text::new(paragraphs.iter().map(|(number, text)| (*number, text.as_str())))
}

/// Paragraphs between empty lines; where there are none, each line is one.
fn plain(text: &str) -> Vec<Paragraph> {
    let lines: Vec<&str> = text.trim().lines().collect();
    let spaced = lines.iter().any(|line| line.trim().is_empty());
    let blocks = lines.split(|line| line.trim().is_empty());
    let paragraphs: Vec<String> = if spaced {
        blocks.filter(|block| !block.is_empty()).map(|block| block.join("\n")).collect()
    } else {
        lines.iter().map(ToString::to_string).collect()
    };
    (1..).map(Some).zip(paragraphs).collect()
}

/// Paragraphs, list items and the like are numbered; headings are not.
fn markdown(text: &str, file: &SourceFile) -> Vec<Paragraph> {
    let parts = Parts::split(text, &file.path, &Problems::new());
    let mut gather = Gather::default();
    let mut words = PlainText::default();
    let (mut heading, mut raw) = (false, String::new());
    let source = Source::new(parts.body);
    for (item, _) in source.items() {
        match &item {
            Item::Event(Event::Start(Tag::Heading { .. })) => {
                gather.end(&words.take(), true);
                heading = true;
            }
            Item::Event(Event::End(TagEnd::Heading(_))) => {
                gather.end(&words.take(), false);
                heading = false;
            }
            Item::Event(Event::Html(written)) => raw.push_str(written),
            Item::Event(Event::End(TagEnd::HtmlBlock)) => {
                words.text.push_str(&html::stripped(&std::mem::take(&mut raw)));
                gather.end(&words.take(), !heading);
            }
            Item::Event(Event::InlineHtml(written)) => {
                words.text.push_str(&html::stripped(written));
            }
            Item::Event(
                Event::Start(
                    Tag::Emphasis
                    | Tag::Strong
                    | Tag::Strikethrough
                    | Tag::Superscript
                    | Tag::Subscript
                    | Tag::Link { .. }
                    | Tag::Image { .. },
                )
                | Event::End(
                    TagEnd::Emphasis
                    | TagEnd::Strong
                    | TagEnd::Strikethrough
                    | TagEnd::Superscript
                    | TagEnd::Subscript
                    | TagEnd::Link
                    | TagEnd::Image,
                ),
            ) => words.push(&item),
            Item::Open(_) | Item::Close | Item::Event(Event::Start(_) | Event::End(_)) => {
                gather.end(&words.take(), !heading);
            }
            Item::Event(_) => words.push(&item),
        }
    }
    gather.end(&words.take(), true);
    gather.paragraphs
}

/// The paragraphs of a page. Those of `<p>` are numbered: menus and the like are not.
fn hypertext(text: &str) -> Vec<Paragraph> {
    let mut gather = Gather::default();
    html::blocks(text, |words, in_p| gather.end(words, in_p));
    gather.paragraphs
}

#[derive(Default)]
struct Gather {
    paragraphs: Vec<Paragraph>,
    count: usize,
}

impl Gather {
    /// Ends a paragraph, unless it has no words.
    fn end(&mut self, words: &str, numbered: bool) {
        if words.trim().is_empty() {
            return;
        }
        self.count += usize::from(numbered);
        self.paragraphs.push((numbered.then_some(self.count), words.trim().to_owned()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(paragraphs: Vec<Paragraph>) -> Vec<(usize, String)> {
        paragraphs.into_iter().map(|(n, text)| (n.unwrap_or(0), text)).collect()
    }

    fn wanted(list: &[(usize, &str)]) -> Vec<(usize, String)> {
        list.iter().map(|(n, text)| (*n, (*text).to_owned())).collect()
    }

    #[test]
    fn plain_text() {
        assert_eq!(of(plain("أ\nب\n")), wanted(&[(1, "أ"), (2, "ب")]));
        assert_eq!(of(plain("أ\nب\n\n \nج")), wanted(&[(1, "أ\nب"), (2, "ج")]));
    }

    #[test]
    fn markdown_text() {
        let file = SourceFile::empty(&"archive/a.md".into());
        let text =
            "---\ntitle: x\n---\n# عنوان\n\nنص **مهم** [رابط](x).\n\n- بند\n- آخر\n\n<p>خام</p>\n";
        let list = [(0, "عنوان"), (1, "نص مهم رابط."), (2, "بند"), (3, "آخر"), (4, "خام")];
        assert_eq!(of(markdown(text, &file)), wanted(&list));
    }

    #[test]
    fn pages() {
        let text = "<head><title>x</title></head><body><ul><li>قائمة</ul><h1>عنوان</h1>\
                    <p>أول <b>قول</b>&nbsp;هنا<p>ثان<br>سطر</p><script>var x = '<p>';</script>ذيل 1 < 2";
        let list = [
            (0, "قائمة"),
            (0, "عنوان"),
            (1, "أول قول\u{A0}هنا"),
            (2, "ثان\nسطر"),
            (0, "ذيل 1 < 2"),
        ];
        assert_eq!(of(hypertext(text)), wanted(&list));
    }
}
