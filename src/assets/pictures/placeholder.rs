//! What stands in a picture's place until it comes: a dozen of its colours.

use std::fmt::Write as _;
use std::sync::Arc;

use super::container::Format;
use super::variant::{Cut, part_key, read};
use super::{Picture, Pictures};
use crate::diagnostic::Diagnostic;
use crate::memo::Key;

/// Changes with every change of what is made of the same input.
const VERSION: u8 = 1;

impl Pictures {
    /// A drawing of a few coloured fields, as SVG without styles; none of pictures that are transparent or
    /// have no variants.
    ///
    /// # Errors
    /// Where the picture cannot be read or is damaged.
    pub fn placeholder(
        &self,
        picture: &Arc<Picture>,
        cut: Option<Cut<'_>>,
    ) -> Result<Option<String>, Diagnostic> {
        let known = picture.known()?;
        let header = known.header;
        if header.animated || matches!(header.format, Format::Gif | Format::Svg) {
            return Ok(None);
        }
        let part = Self::part(&header, cut);
        let (columns, rows) = if part.width >= part.height { (4, 3) } else { (3, 4) };
        let key = Key::of("placeholder", &[&[VERSION], &known.digest, &part_key(part)]);
        let colours = self.memo.get(key, || {
            let bytes = read(picture, &known)?;
            let small = picture.part(&known, &bytes, part, (columns, rows))?;
            // Nothing stands behind what can be seen through.
            Ok(if small.channels == 3 { small.pixels } else { Vec::new() })
        })?;
        Ok((!colours.is_empty()).then(|| drawing(&colours, columns as usize, rows as usize)))
    }
}

/// Each field reaches to the end, under those that come after it, so that there are no seams between them.
fn drawing(colours: &[u8], columns: usize, rows: usize) -> String {
    let mut svg = format!(
        "<svg class=\"placeholder\" viewBox=\"0 0 {columns} {rows}\" preserveAspectRatio=\"none\" aria-hidden=\"true\" focusable=\"false\">"
    );
    for (n, colour) in colours.chunks_exact(3).enumerate() {
        let (x, y) = (n % columns, n / columns);
        // A field like the one before it is covered already.
        let before = n.checked_sub(1).and_then(|n| colours.chunks_exact(3).nth(n));
        if x > 0 && before == Some(colour) {
            continue;
        }
        let hex: String = colour.iter().map(|part| format!("{part:02x}")).collect();
        let _ = write!(svg, "<path fill=\"#{hex}\" d=\"M{x} {y}H{columns}V{rows}H{x}z\"/>");
    }
    svg.push_str("</svg>");
    svg
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_drawing_is_small_and_whole() {
        let colours = [[1, 2, 3], [1, 2, 3], [4, 5, 6], [255, 0, 16]].concat();
        let svg = drawing(&colours, 2, 2);
        assert_eq!(
            svg,
            "<svg class=\"placeholder\" viewBox=\"0 0 2 2\" preserveAspectRatio=\"none\" aria-hidden=\"true\" focusable=\"false\"><path fill=\"#010203\" d=\"M0 0H2V2H0z\"/><path fill=\"#040506\" d=\"M0 1H2V2H0z\"/><path fill=\"#ff0010\" d=\"M1 1H2V2H1z\"/></svg>"
        );
    }
}
