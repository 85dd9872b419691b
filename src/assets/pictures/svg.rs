//! How large an SVG picture is, by its outermost element.

use super::container::{Fault, Format, Header};
use crate::text::html;

/// How much of a file is read: its outermost element begins within.
const HEAD: usize = 64 * 1024;

/// Whether a file looks like SVG: its first element is called so.
pub(super) fn is_svg(bytes: &[u8]) -> bool {
    root(bytes).is_some()
}

/// What a file says of itself; no width where it has none of its own.
pub(super) fn header(bytes: &[u8]) -> Result<Header, Fault> {
    let Some((width, height, view)) = root(bytes) else {
        return Err("is no SVG".to_owned());
    };
    let view: Vec<f64> = view
        .split([' ', ',', '\n', '\t', '\r'])
        .filter(|part| !part.is_empty())
        .filter_map(|part| part.parse().ok())
        .collect();
    let ratio = match *view.as_slice() {
        [_, _, width, height] if width > 0.0 && height > 0.0 => Some((width, height)),
        _ => None,
    };
    let size = match (length(&width), length(&height), ratio) {
        (Some(width), Some(height), _) => Some((width, height)),
        (Some(width), None, Some((w, h))) => Some((width, width * h / w)),
        (None, Some(height), Some((w, h))) => Some((height * w / h, height)),
        (None, None, ratio) => ratio,
        _ => None,
    };
    let (width, height) = size.map_or((0, 0), |(width, height)| (whole(width), whole(height)));
    Ok(Header { format: Format::Svg, width, height, orientation: 1, animated: false })
}

/// A length to the nearest pixel, at least one.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped before")]
fn whole(length: f64) -> u32 {
    length.round().clamp(1.0, 100_000.0) as u32
}

/// The `width`, `height` and `viewBox` of the first element, if it is an `svg`.
fn root(bytes: &[u8]) -> Option<(String, String, String)> {
    let head = bytes.get(..HEAD.min(bytes.len()))?;
    let text = String::from_utf8_lossy(head);
    let text = text.trim_start_matches('\u{FEFF}');
    let mut at = 0;
    loop {
        let rest = text.get(at..)?;
        let gap = rest.len() - rest.trim_start().len();
        if !rest.get(gap..)?.starts_with('<') {
            return None;
        }
        let (mut width, mut height, mut view) = (String::new(), String::new(), String::new());
        let tag = html::read(text, at + gap, |name, value| match name {
            "width" => width = value.to_owned(),
            "height" => height = value.to_owned(),
            "viewBox" => view = value.to_owned(),
            _ => {}
        })?;
        match tag.name {
            // A comment or declaration.
            "" if tag.range.end > at + gap => at = tag.range.end,
            "svg" | "svg:svg" => return Some((width, height, view)),
            _ => return None,
        }
    }
}

/// A length in pixels; `None` where it depends on what is around.
fn length(text: &str) -> Option<f64> {
    let text = text.trim();
    let end = text.find(|c: char| c.is_ascii_alphabetic() || c == '%').unwrap_or(text.len());
    let (number, unit) = text.split_at_checked(end)?;
    let unit = match unit.trim() {
        "" | "px" => 1.0,
        "pt" => 4.0 / 3.0,
        "pc" => 16.0,
        "in" => 96.0,
        "cm" => 96.0 / 2.54,
        "mm" => 96.0 / 25.4,
        _ => return None,
    };
    let length = number.trim().parse::<f64>().ok()? * unit;
    (length.is_finite() && length > 0.0).then_some(length)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn size(svg: &str) -> Option<(u32, u32)> {
        let header = header(svg.as_bytes()).ok()?;
        Some((header.width, header.height))
    }

    #[test]
    fn sizes_come_from_the_outermost_element() {
        let open = "<?xml version=\"1.0\"?>\n<!-- <svg width=\"1\"> -->\n<!DOCTYPE svg>\n<svg ";
        let of = |attributes: &str| size(&format!("{open}{attributes}><svg width='7'/></svg>"));
        assert_eq!(of("width=\"30\" height='20px'"), Some((30, 20)));
        assert_eq!(of("width=\"1in\" viewBox=\"0 0 4 3\""), Some((96, 72)));
        assert_eq!(of("viewBox=\"0,0, 400 300\""), Some((400, 300)));
        assert_eq!(of("width=\"100%\" height=\"100%\" viewBox=\"0 0 8 4\""), Some((8, 4)));
        assert_eq!(of("viewBox=\"0 0 0 0\""), Some((0, 0)));
        assert_eq!(of("width=\"NaN\" height=\"-3\""), Some((0, 0)));
        for no in ["", "<html><svg width='3'/></html>", "text", "<", "<!--", "<svg"] {
            assert!(!is_svg(no.as_bytes()) || no == "<svg", "{no}");
        }
    }
}
