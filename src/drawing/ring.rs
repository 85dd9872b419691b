//! What is around one thing: points on an ellipse, half of them on each side, with their names outwards.

use super::labels::{Side, width_of};

/// How a ring is drawn, in units of the drawing.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RingStyle {
    /// The width of the drawing.
    pub width: f64,
    /// The size of the letters.
    pub size: f64,
    /// Whether a reader begins at the right.
    pub rtl: bool,
}

/// A point on a ring.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// From the left.
    pub x: f64,
    /// From the top.
    pub y: f64,
    /// The name, in at most two lines, each with its base line.
    pub lines: Vec<(String, f64)>,
    /// Where the lines stand.
    pub text_x: f64,
    /// Which of their ends is there.
    pub side: Side,
}

/// A ring around its middle.
#[derive(Clone, Debug, PartialEq)]
pub struct Ring {
    /// The height of the drawing.
    pub height: f64,
    /// The points in the order of their names.
    pub nodes: Vec<Node>,
}

/// The height of a line, in sizes of its letters: enough for Arabic.
const LINE: f64 = 1.55;

/// Puts names around the middle, the first where a reader begins: down that side, then down the other.
/// `lines` are the heights of a line of each, in sizes of its letters, where that of Arabic is not enough.
#[must_use]
#[allow(clippy::cast_precision_loss, reason = "a few names")]
pub fn ring(names: &[&str], line: f64, style: &RingStyle) -> Ring {
    let line = line.max(LINE) * style.size;
    let first = names.len().div_ceil(2);
    let row = line * 2.0 + style.size * 0.5;
    let height = row * first.max(2) as f64;
    let (across, gap) = (style.width * 0.14, style.size * 0.6);
    let room = (style.width / 2.0 - across - gap) / style.size;
    let node = |(n, name): (usize, &&str)| {
        let begins = n < first;
        let (at, of) = if begins { (n, first) } else { (n - first, names.len() - first) };
        let left = begins != style.rtl;
        // From −1 at the top to 1 at the bottom, in equal steps, so that no two names meet.
        let down = ((at as f64 + 0.5) / of as f64).mul_add(2.0, -1.0);
        let rows = row * of as f64 / height;
        let y = height / 2.0 * down.mul_add(rows, 1.0);
        // On the ellipse, but never so near to the middle that the ways there could not be told apart.
        let from_middle = across * (1.0 - (down * rows).powi(2) * 0.75).sqrt();
        let sign = if left { -1.0 } else { 1.0 };
        let x = style.width / 2.0 + sign * from_middle;
        let texts = wrap(name, room);
        let top = y - line * (texts.len() as f64 - 1.0) / 2.0 + style.size * 0.34;
        let lines = texts.into_iter().enumerate().map(|(n, text)| (text, top + line * n as f64));
        Node {
            x,
            y,
            lines: lines.collect(),
            text_x: x + sign * gap,
            side: if left { Side::Right } else { Side::Left },
        }
    };
    Ring { height, nodes: names.iter().enumerate().map(node).collect() }
}

/// A text in one or two lines of at most so many sizes of its letters; what has no room is left out.
fn wrap(text: &str, room: f64) -> Vec<String> {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if width_of(&text) <= room {
        return vec![text];
    }
    let (first, rest) = split(&text, room);
    if rest.is_empty() {
        return vec![first];
    }
    if width_of(&rest) <= room {
        return vec![first, rest];
    }
    let (second, _) = split(&rest, room - width_of("…"));
    vec![first, format!("{}…", second.trim_end())]
}

/// The beginning of a text that has room, up to a space if there is one, and what is left.
fn split(text: &str, room: f64) -> (String, String) {
    let mut width = 0.0;
    let mut fits = text.len();
    for (at, c) in text.char_indices() {
        width += width_of(c.encode_utf8(&mut [0; 4]));
        if width > room {
            fits = at;
            break;
        }
    }
    let (head, tail) = text.split_at(fits);
    if tail.is_empty() {
        return (head.to_owned(), String::new());
    }
    // Scripts without spaces part anywhere, and so does a word that is longer than a line.
    match parting(text, fits) {
        Some(at) => {
            let (words, rest) = text.split_at(at);
            (words.to_owned(), rest.trim_start().to_owned())
        }
        None => (head.to_owned(), tail.trim_start().to_owned()),
    }
}

/// The last space up to a place at which a text parts well: not inside brackets or quotation marks, if there
/// is such a one.
fn parting(text: &str, until: usize) -> Option<usize> {
    let (mut depth, mut outside, mut any) = (0usize, None, None);
    for (at, c) in text.char_indices().take_while(|(at, _)| *at <= until) {
        match c {
            '«' | '(' | '“' | '[' | '《' | '（' => depth += 1,
            '»' | ')' | '”' | ']' | '》' | '）' => depth = depth.saturating_sub(1),
            ' ' => {
                any = Some(at);
                if depth == 0 {
                    outside = Some(at);
                }
            }
            _ => {}
        }
    }
    outside.or(any)
}

#[cfg(test)]
mod tests {
    use super::*;

    const STYLE: RingStyle = RingStyle { width: 1000.0, size: 22.0, rtl: false };

    /// The box of a node's name.
    fn rect(node: &Node) -> (f64, f64, f64, f64) {
        let width = node.lines.iter().map(|(text, _)| width_of(text) * 22.0).fold(0.0, f64::max);
        let left = if node.side == Side::Left { node.text_x } else { node.text_x - width };
        let first = node.lines.first().map_or(0.0, |(_, y)| y - 22.0 * 0.34);
        let last = node.lines.last().map_or(0.0, |(_, y)| y - 22.0 * 0.34);
        (left, first - 17.0, left + width, last + 17.0)
    }

    #[test]
    fn names_meet_neither_each_other_nor_the_edge() {
        let long = "توقيع معاهدة الصداقة والتعاون وحسن الجوار بين البلدين في السنة نفسها";
        for count in 1..=14 {
            for rtl in [false, true] {
                let ring = ring(&vec![long; count], 1.55, &RingStyle { rtl, ..STYLE });
                assert_eq!(ring.nodes.len(), count);
                let rects: Vec<_> = ring.nodes.iter().map(rect).collect();
                for (i, a) in rects.iter().enumerate() {
                    let inside = a.0 >= -0.1 && a.1 >= 0.0 && a.2 <= 1000.1 && a.3 <= ring.height;
                    assert!(inside, "{count}: {a:?} in {}", ring.height);
                    let meets = |b: &&(f64, f64, f64, f64)| {
                        a.0 < b.2 && b.0 < a.2 && a.1 < b.3 && b.1 < a.3
                    };
                    assert_eq!(rects.iter().skip(i + 1).find(meets), None, "{count}");
                }
            }
        }
        assert!(ring(&[], 1.55, &STYLE).nodes.is_empty());
    }

    #[test]
    fn the_first_is_where_the_reader_begins() {
        let at = |rtl| {
            let ring = ring(&["a", "b", "c"], 1.55, &RingStyle { rtl, ..STYLE });
            ring.nodes.iter().map(|node| (node.x < 500.0, node.y)).collect::<Vec<_>>()
        };
        let (ltr, rtl) = (at(false), at(true));
        assert!(ltr[0].0 && ltr[1].0 && !ltr[2].0 && ltr[0].1 < ltr[1].1);
        assert!(!rtl[0].0 && !rtl[1].0 && rtl[2].0);
    }

    #[test]
    fn long_names_have_two_lines() {
        assert_eq!(wrap("one two", 9.0), ["one two"]);
        assert_eq!(wrap("one two", 3.0), ["one", "two"]);
        assert_eq!(wrap("one two three four", 4.0), ["one two", "three…"]);
        assert_eq!(wrap("中国与巴基斯坦的关系", 5.2), ["中国与巴基", "斯坦的关系"]);
        assert_eq!(wrap("", 5.0), [""]);
        assert_eq!(wrap("  a  b ", 9.0), ["a b"]);
        assert_eq!(wrap("abcdefgh", 0.1).len(), 2);
    }
}
