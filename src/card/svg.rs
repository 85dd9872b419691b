//! The SVG of a card: what is text in it, what else it shows, and what it must not hold.

use std::collections::BTreeSet;
use std::ops::Range;

use resvg::usvg::roxmltree::{Attribute, Document, Node};

use super::fonts::Fonts;
use super::outline::{Anchor, Place};
use super::set::{Style, is_unseen};
use crate::text::Direction;
use crate::text::bidi::Policy;

/// The SVG of a card, looked through: what is drawn of it does not depend on anything else but fonts and assets.
#[derive(Debug)]
pub struct Drawing {
    /// As it is written.
    pub svg: String,
    pub(super) texts: Vec<Text>,
    /// What its pictures are, as it is written.
    pub(super) images: Vec<String>,
    /// Where the root element begins to hold something, and where the first element of the root is that holds
    /// text: what is between is the ground, which many cards share.
    pub(super) ground: Option<Range<usize>>,
}

/// What is wrong with an SVG, and the line and column, from 1.
#[derive(Debug, PartialEq, Eq)]
pub struct Fault {
    /// What.
    pub message: String,
    /// What to do.
    pub hint: Option<String>,
    /// The line and the column.
    pub place: (u32, u32),
}

/// An element of text.
#[derive(Debug)]
pub(super) struct Text {
    /// Where it stands.
    pub(super) range: Range<usize>,
    /// The attributes that say nothing of letters, as they are written.
    rest: String,
    text: String,
    place: Place,
    families: Vec<String>,
    weight: u16,
    italic: bool,
    word_space: f32,
    lang: String,
    direction: Direction,
}

/// The namespace of SVG.
const SVG: &str = "http://www.w3.org/2000/svg";

/// Attributes of text that we read; they are of no use to a path.
const OURS: &[&str] = &[
    "x",
    "y",
    "font-family",
    "font-size",
    "font-weight",
    "font-style",
    "text-anchor",
    "direction",
    "lang",
    "space",
    "unicode-bidi",
    "word-spacing",
];

/// Attributes of text that are not drawn.
const UNKNOWN: &[&str] = &[
    "dx",
    "dy",
    "rotate",
    "textLength",
    "lengthAdjust",
    "letter-spacing",
    "writing-mode",
    "text-decoration",
    "dominant-baseline",
    "alignment-baseline",
    "baseline-shift",
    "font-variant",
    "font-stretch",
    "font",
];

/// What makes of a whole drawing something else than its parts one over the other.
const LAYERS: &[&str] = &["opacity", "filter", "mask", "clip-path", "style", "class", "transform"];

impl Drawing {
    /// Looks through an SVG. What is wrong with it is all there at once.
    ///
    /// # Errors
    /// The SVG again, and what is wrong, in the order of its places.
    pub fn read(svg: String, fonts: &Fonts) -> Result<Self, (String, Vec<Fault>)> {
        let mut faults = Vec::new();
        let mut drawing =
            Self { texts: Vec::new(), images: Vec::new(), ground: None, svg: String::new() };
        match Document::parse(&svg) {
            Ok(document) => drawing.take(&document, fonts, &mut faults),
            Err(error) => {
                let at = error.pos();
                let message = error.to_string();
                // Its place is told apart from it.
                let message = message.split(" at ").next().unwrap_or(&message).to_owned();
                faults.push(Fault { message, hint: None, place: (at.row, at.col) });
            }
        }
        drawing.svg = svg;
        if faults.is_empty() { Ok(drawing) } else { Err((drawing.svg, faults)) }
    }

    fn take(&mut self, document: &Document<'_>, fonts: &Fonts, faults: &mut Vec<Fault>) {
        let root = document.root_element();
        let mut fault = |at: usize, message: String, hint: Option<String>| {
            let place = document.text_pos_at(at);
            faults.push(Fault { message, hint, place: (place.row, place.col) });
        };
        if !root.has_tag_name((SVG, "svg")) {
            let hint =
                format!("begin the template with <svg xmlns=\"{SVG}\" viewBox=\"0 0 1200 630\">");
            return fault(root.range().start, "this is no SVG".into(), Some(hint));
        }
        for node in root.descendants().filter(Node::is_element) {
            match node.tag_name().name() {
                "text" => match Text::read(node, fonts, &mut fault) {
                    Some(text) => self.texts.push(text),
                    None => continue,
                },
                "image" | "feImage" => self.images.extend(href(node).map(str::to_owned)),
                _ => {}
            }
        }
        self.ground = ground(root);
    }

    /// The letters that no font has.
    #[must_use]
    pub fn missing(&self, fonts: &Fonts) -> BTreeSet<char> {
        let letters = self.texts.iter().flat_map(|text| text.text.chars());
        letters.filter(|c| !c.is_whitespace() && !is_unseen(*c) && !fonts.has(*c)).collect()
    }

    /// What is drawn, with paths in the place of text: the ground, which holds none, and the SVG of all that is
    /// over it, or of all where they cannot be told apart.
    pub(super) fn layers(&self, fonts: &Fonts, ranges: Direction) -> (Option<String>, String) {
        let part = |range: Range<usize>| self.svg.get(range).unwrap_or_default();
        let mut over = String::with_capacity(self.svg.len() * 8);
        let (ground, mut from) = match &self.ground {
            Some(Range { start, end }) => {
                // What is over the ground may refer to what is in it.
                over.push_str(part(0..*start));
                over.push_str("<defs>");
                over.push_str(part(*start..*end));
                over.push_str("</defs>");
                (Some(format!("{}</svg>", part(0..*end))), *end)
            }
            None => (None, 0),
        };
        for text in &self.texts {
            over.push_str(part(from..text.range.start));
            over.push_str("<g");
            over.push_str(&text.rest);
            over.push_str("><path d=\"");
            over.push_str(&text.path(fonts, ranges));
            over.push_str("\"/></g>");
            from = text.range.end;
        }
        over.push_str(part(from..self.svg.len()));
        (ground, over)
    }
}

/// Where the ground of a drawing is, unless it cannot be drawn by itself.
fn ground(root: Node<'_, '_>) -> Option<Range<usize>> {
    let is_text = |node: Node<'_, '_>| node.is_element() && node.tag_name().name() == "text";
    let start = root.first_child()?.range().start;
    let first = root.children().find(|child| child.descendants().any(is_text))?;
    let end = first.range().start;
    // Styles select by what is around an element; the root's own are of the whole.
    let styles = root.descendants().any(|node| node.tag_name().name() == "style");
    let layered = root.attributes().any(|attribute| LAYERS.contains(&attribute.name()));
    let source = root.document().input_text().get(start..end)?;
    let after = first.next_siblings().flat_map(|node| node.descendants());
    let mut ids = after.filter_map(|node| node.attribute("id"));
    let leads_on = ids.any(|id| source.contains(&format!("#{id}")));
    (start < end && !styles && !layered && !leads_on).then_some(start..end)
}

/// What an element refers to.
fn href<'a>(node: Node<'a, '_>) -> Option<&'a str> {
    node.attributes()
        .find(|attribute| attribute.name() == "href")
        .map(|attribute| attribute.value())
}

/// An attribute of an element, or of the nearest around it that has it.
fn inherited<'a>(node: Node<'a, 'a>, name: &str) -> Option<Attribute<'a, 'a>> {
    let of = |node: Node<'a, 'a>| node.attributes().find(|attribute| attribute.name() == name);
    node.ancestors().filter(Node::is_element).find_map(of)
}

/// Takes what is wrong, at an offset.
type Report<'a> = dyn FnMut(usize, String, Option<String>) + 'a;

impl Text {
    fn read(node: Node<'_, '_>, fonts: &Fonts, fault: &mut Report<'_>) -> Option<Self> {
        let mut good = true;
        let mut wrong = |at: usize, message: String, hint: Option<&str>| {
            good = false;
            fault(at, message, hint.map(str::to_owned));
        };
        for child in node.children().filter(Node::is_element) {
            let message = format!("<{}> in <text> is not drawn", child.tag_name().name());
            wrong(child.range().start, message, Some("write a <text> of its own for each piece"));
        }
        for attribute in node.ancestors().flat_map(|node| node.attributes()) {
            let name = attribute.name();
            let of_letters = name == "style"
                && ["font", "direction", "text-anchor"]
                    .iter()
                    .any(|word| attribute.value().contains(word));
            if UNKNOWN.contains(&name) && !(name == "rotate" || name.starts_with('d')) || of_letters
            {
                wrong(attribute.range().start, format!("`{name}` of text is not drawn"), HINT);
            }
        }
        for attribute in node.attributes().filter(|a| matches!(a.name(), "rotate" | "dx" | "dy")) {
            let name = attribute.name();
            wrong(attribute.range().start, format!("`{name}` of text is not drawn"), HINT);
        }
        let mut number = |attribute: Option<Attribute<'_, '_>>, default: f32| {
            let Some(attribute) = attribute else { return default };
            let value = attribute.value().trim().trim_end_matches("px");
            value.parse().ok().filter(|n: &f32| n.is_finite()).unwrap_or_else(|| {
                let message = format!("`{}` is not one number", attribute.name());
                wrong(
                    attribute.range().start,
                    message,
                    Some("write a number of pixels, without a unit"),
                );
                default
            })
        };
        let own = |name: &str| node.attributes().find(|attribute| attribute.name() == name);
        let (x, y) = (number(own("x"), 0.0), number(own("y"), 0.0));
        let size = number(inherited(node, "font-size"), 16.0);
        let word_space = number(inherited(node, "word-spacing"), 0.0) / size.max(1.0);
        let value = |name: &str| inherited(node, name).map(|attribute| attribute.value().trim());
        let direction =
            if value("direction") == Some("rtl") { Direction::Rtl } else { Direction::Ltr };
        let families = families(value("font-family").unwrap_or_default());
        if !families.iter().any(|family| fonts.has_family(family)) {
            let at = inherited(node, "font-family").map_or(node.range().start, |a| a.range().start);
            let message = match families.first() {
                Some(family) => format!("there is no font «{family}»"),
                None => "the text has no `font-family`".to_owned(),
            };
            let mut names: Vec<&str> = fonts.families().collect();
            names.sort_unstable();
            names.dedup();
            let hint = match names.as_slice() {
                [] => "put the font into assets/fonts/, as .ttf or .otf".to_owned(),
                names => format!("the fonts in assets/ are {}", names.join(", ")),
            };
            wrong(at, message, Some(&hint));
        }
        let weight = match value("font-weight") {
            None | Some("normal") => 400,
            Some("bold") => 700,
            Some(weight) => weight.parse().unwrap_or(400),
        };
        let text = node.children().filter(Node::is_text).filter_map(|child| child.text());
        let rest = node.attributes().filter(|attribute| !OURS.contains(&attribute.name()));
        let source = node.document().input_text();
        let rest =
            rest.filter_map(|attribute| Some(format!(" {}", source.get(attribute.range())?)));
        let text = Self {
            word_space,
            range: node.range(),
            rest: rest.collect(),
            text: text.collect::<String>().split_ascii_whitespace().collect::<Vec<_>>().join(" "),
            place: Place { x, y, size, anchor: anchor(value("text-anchor"), direction) },
            families,
            weight,
            italic: matches!(value("font-style"), Some("italic" | "oblique")),
            lang: value("lang").unwrap_or_default().to_owned(),
            direction,
        };
        good.then_some(text)
    }

    /// The data of the path that draws it, with ranges of numbers in a direction.
    fn path(&self, fonts: &Fonts, ranges: Direction) -> String {
        let style = Style {
            families: self.families.iter().map(String::as_str).collect(),
            weight: self.weight,
            italic: self.italic,
            word_space: self.word_space,
            lang: &self.lang,
            policy: Policy { base: self.direction, ranges },
        };
        fonts.path(&self.text, &style, self.place)
    }
}

/// What to write in the place of what is not drawn.
const HINT: Option<&str> = Some(
    "text has x, y, font-family, font-size, font-weight, font-style, word-spacing, text-anchor and direction",
);

/// The names in a list of families.
fn families(list: &str) -> Vec<String> {
    let names = list.split(',').map(|name| name.trim().trim_matches(['"', '\'']).to_owned());
    names.filter(|name| !name.is_empty()).collect()
}

fn anchor(written: Option<&str>, direction: Direction) -> Anchor {
    let ends = written == Some("end");
    match direction {
        _ if written == Some("middle") => Anchor::Middle,
        Direction::Ltr if ends => Anchor::Right,
        Direction::Rtl if !ends => Anchor::Right,
        Direction::Ltr | Direction::Rtl => Anchor::Left,
    }
}

/// Takes out of a text what XML cannot hold.
#[must_use]
pub(super) fn printable(svg: String) -> String {
    let bad = |c: char| {
        (c < ' ' && !matches!(c, '\t' | '\n' | '\r')) || matches!(c, '\u{FFFE}' | '\u{FFFF}')
    };
    if svg.contains(bad) { svg.replace(bad, "") } else { svg }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::card::tests::fonts;

    const HEAD: &str = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 1200 630\">";

    fn read(inside: &str) -> Result<Drawing, (String, Vec<Fault>)> {
        Drawing::read(format!("{HEAD}\n{inside}</svg>"), fonts())
    }

    fn faults(inside: &str) -> Vec<String> {
        let faults = read(inside).expect_err("it is wrong").1;
        faults.iter().map(|f| format!("{} {}:{}", f.message, f.place.0, f.place.1)).collect()
    }

    #[test]
    fn text_becomes_paths_over_the_ground() {
        let drawing = read(
            "<rect id=\"r\"/><g fill=\"red\" font-family=\"Reem Kufi\"><text x=\"9\" opacity=\".5\" font-size=\"20\">a &lt; b</text></g>",
        );
        let drawing = drawing.expect("it is good");
        assert_eq!(drawing.texts[0].text, "a < b");
        let (ground, over) = drawing.layers(fonts(), Direction::Ltr);
        assert_eq!(ground, Some(format!("{HEAD}\n<rect id=\"r\"/></svg>")));
        assert!(over.starts_with(&format!("{HEAD}<defs>\n<rect id=\"r\"/></defs><g fill=\"red\"")));
        assert!(
            over.contains("<g opacity=\".5\"><path d=\"M") && !over.contains("<text"),
            "{over}"
        );
    }

    #[test]
    fn a_ground_that_cannot_be_told_apart_is_drawn_with_the_rest() {
        let text = "<text font-family=\"Reem Kufi\" id=\"t\">a</text>";
        for inside in [
            format!("<style>g > rect {{ fill: red }}</style>{text}"),
            format!("<use href=\"#t\"/>{text}"),
            "<rect/>".to_owned(),
        ] {
            let drawing = read(&inside).expect("it is good");
            assert_eq!(drawing.layers(fonts(), Direction::Ltr).0, None, "{inside}");
        }
    }

    #[test]
    fn where_a_line_begins() {
        let anchors = ["start", "middle", "end"].map(Some);
        let left = anchors.map(|word| anchor(word, Direction::Ltr));
        assert_eq!(left, [Anchor::Left, Anchor::Middle, Anchor::Right]);
        let right = anchors.map(|word| anchor(word, Direction::Rtl));
        assert_eq!(right, [Anchor::Right, Anchor::Middle, Anchor::Left]);
        assert_eq!(anchor(None, Direction::Rtl), Anchor::Right);
    }

    #[test]
    fn what_is_not_drawn_is_told_at_its_place() {
        let kufi = "font-family=\"Reem Kufi\"";
        assert_eq!(
            faults(&format!("<text {kufi} dx=\"1\">a<tspan>b</tspan></text>\n<text>c</text>")),
            [
                "<tspan> in <text> is not drawn 2:39",
                "`dx` of text is not drawn 2:31",
                "the text has no `font-family` 3:1",
            ]
        );
        assert_eq!(faults(&format!("<text {kufi} x=\"1em\"/>")), ["`x` is not one number 2:31"]);
        assert_eq!(
            faults("<g font-family=\"Roboto\"><text>a</text></g>"),
            ["there is no font «Roboto» 2:4"]
        );
        let broken = faults("<g><rect></g>");
        assert!(broken[0].ends_with(" 2:10") && broken.len() == 1, "{broken:?}");
        let (_, faults) = Drawing::read("<html/>".into(), fonts()).expect_err("it is no SVG");
        assert_eq!(faults[0].message, "this is no SVG");
    }

    #[test]
    fn letters_without_a_font_are_known() {
        let drawing = read("<text font-family=\"Reem Kufi\">a\u{200D} ሀ \u{1F600} م</text>");
        let missing: Vec<char> =
            drawing.expect("it is good").missing(fonts()).into_iter().collect();
        assert_eq!(missing, ['ሀ', '\u{1F600}']);
        assert_eq!(printable("a\u{1}b\tc".into()), "ab\tc");
    }
}
