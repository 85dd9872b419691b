//! An SVG to pixels.

use std::sync::Arc;

use resvg::tiny_skia::{Color, Pixmap, Transform};
use resvg::usvg::{ImageHrefResolver, ImageKind, Options, Tree};

use super::svg::{Fault, printable};
use super::{Cards, Drawing, MOST_GROUNDS, SIZE, VERSION, png};
use crate::assets::{Asset, Assets};
use crate::config::BaseUrl;
use crate::memo::Key;
use crate::source::{Digest, digest};
use crate::text::Direction;

/// A ground that many cards share, drawn.
#[derive(Debug)]
pub(super) struct Ground {
    svg: Digest,
    pixels: Arc<Pixmap>,
}

/// Where the pictures in a card come from.
#[derive(Clone, Copy, Debug)]
pub struct Pictures<'a> {
    /// The assets of the site.
    pub assets: &'a Assets,
    /// The address that they are below.
    pub base: &'a BaseUrl,
}

impl Pictures<'_> {
    fn find(&self, href: &str) -> Option<&Arc<Asset>> {
        let is_svg = |path: &str| path.to_ascii_lowercase().ends_with(".svg");
        self.assets.iter().find(|asset| is_svg(&asset.url) && self.base.path(&asset.url) == href)
    }
}

impl Cards {
    /// Looks through the SVG of a card.
    ///
    /// # Errors
    /// The SVG again, and what is wrong with it.
    pub fn read(
        &self,
        svg: String,
        pictures: Pictures<'_>,
    ) -> Result<Drawing, (String, Vec<Fault>)> {
        let drawing = Drawing::read(printable(svg), self.fonts())?;
        let lost = drawing.images.iter().filter(|href| pictures.find(href).is_none());
        let faults: Vec<Fault> = lost.map(|href| lost_image(&drawing.svg, href)).collect();
        if faults.is_empty() { Ok(drawing) } else { Err((drawing.svg, faults)) }
    }

    /// What a card is kept by, with ranges of numbers in a direction.
    #[must_use]
    pub fn key(&self, drawing: &Drawing, ranges: Direction) -> Key {
        let ranges = ranges.as_str().as_bytes();
        Key::of("card", &[&[VERSION], &self.fonts().digest, ranges, drawing.svg.as_bytes()])
    }

    /// Draws a card. Gives the bytes of a PNG.
    ///
    /// # Errors
    /// What is wrong with the SVG.
    pub fn draw(
        &self,
        drawing: &Drawing,
        ranges: Direction,
        pictures: Pictures<'_>,
    ) -> Result<Vec<u8>, Fault> {
        let (ground, over) = drawing.layers(self.fonts(), ranges);
        let mut pixels = match ground {
            Some(ground) => (*self.ground(&ground, pictures)?).clone(),
            None => blank()?,
        };
        paint(&over, pictures, &mut pixels)?;
        Ok(png::encode(SIZE.0, SIZE.1, pixels.data()))
    }

    /// A ground, drawn once for the cards that share it.
    fn ground(&self, svg: &str, pictures: Pictures<'_>) -> Result<Arc<Pixmap>, Fault> {
        let key = digest(svg.as_bytes());
        if let Ok(mut grounds) = self.grounds.lock()
            && let Some(at) = grounds.iter().position(|ground| ground.svg == key)
        {
            // The one that was used last is the last to go.
            let ground = grounds.remove(at);
            let pixels = Arc::clone(&ground.pixels);
            grounds.push(ground);
            return Ok(pixels);
        }
        let mut pixels = blank()?;
        paint(svg, pictures, &mut pixels)?;
        let pixels = Arc::new(pixels);
        if let Ok(mut grounds) = self.grounds.lock() {
            if grounds.len() >= MOST_GROUNDS {
                grounds.remove(0);
            }
            grounds.push(Ground { svg: key, pixels: Arc::clone(&pixels) });
        }
        Ok(pixels)
    }
}

/// An empty card: white, where a theme paints nothing.
fn blank() -> Result<Pixmap, Fault> {
    let mut pixels =
        Pixmap::new(SIZE.0, SIZE.1).ok_or_else(|| whole("the card has no size".into()))?;
    pixels.fill(Color::WHITE);
    Ok(pixels)
}

fn whole(message: String) -> Fault {
    Fault { message, hint: None, place: (1, 1) }
}

fn lost_image(svg: &str, href: &str) -> Fault {
    let before = svg.split(href).next().unwrap_or_default();
    let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    let line = before.rsplit('\n').next().unwrap_or_default();
    Fault {
        message: format!("«{href}» is no SVG among the assets"),
        hint: Some(
            "write href=\"{{ asset(path=\"emblem.svg\") }}\"; nothing else is loaded".into(),
        ),
        place: (count(before.matches('\n').count() + 1), count(line.chars().count() + 1)),
    }
}

/// Paints an SVG over what is there.
fn paint(svg: &str, pictures: Pictures<'_>, pixels: &mut Pixmap) -> Result<(), Fault> {
    let resolver = ImageHrefResolver {
        resolve_data: Box::new(|_, _, _| None),
        resolve_string: Box::new(move |href, options| {
            let asset = pictures.find(href)?;
            Tree::from_data_nested(&asset.bytes, options).ok().map(ImageKind::SVG)
        }),
    };
    let options = Options { image_href_resolver: resolver, ..Options::default() };
    let tree = Tree::from_str(svg, &options).map_err(|error| whole(error.to_string()))?;
    let size = tree.size();
    #[allow(clippy::cast_precision_loss)]
    let scale = (SIZE.0 as f32 / size.width(), SIZE.1 as f32 / size.height());
    if (scale.0 / scale.1 - 1.0).abs() > 0.005 {
        return Err(Fault {
            message: format!("the card is {} by {}", size.width(), size.height()),
            hint: Some("a card is 1200 by 630: give the <svg> viewBox=\"0 0 1200 630\"".into()),
            place: (1, 1),
        });
    }
    resvg::render(&tree, Transform::from_scale(scale.0, scale.1), &mut pixels.as_mut());
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::card::tests::cards;

    fn draw(inside: &str) -> Result<Vec<u8>, Fault> {
        let (assets, base) =
            (Assets::default(), BaseUrl::parse("https://example.org/").expect("a URL"));
        let pictures = Pictures { assets: &assets, base: &base };
        let svg = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 1200 630\">{inside}</svg>"
        );
        let drawing = cards().read(svg, pictures).map_err(|(_, mut faults)| faults.remove(0))?;
        cards().draw(&drawing, Direction::Rtl, pictures)
    }

    /// Whether anything is drawn in columns of a card.
    fn inked(png: &[u8], columns: std::ops::Range<u32>) -> bool {
        let pixels = Pixmap::decode_png(png).expect("a PNG");
        assert_eq!((pixels.width(), pixels.height()), SIZE);
        let dark = |x, y| pixels.pixel(x, y).is_some_and(|pixel| pixel.red() < 128);
        columns.flat_map(|x| (0..SIZE.1).map(move |y| (x, y))).any(|(x, y)| dark(x, y))
    }

    #[test]
    fn a_line_of_arabic_begins_at_its_right_end() {
        let text = "<rect width=\"1200\" height=\"630\" fill=\"#eee\"/><text x=\"600\" y=\"300\" font-size=\"60\" font-family=\"Reem Kufi\" direction=\"rtl\">ذكرى</text>";
        let png = draw(text).expect("it is drawn");
        assert!(inked(&png, 400..600) && !inked(&png, 602..1200) && !inked(&png, 0..300));
        assert_eq!(draw(text).expect("it is drawn"), png, "on a ground that is kept");
    }

    #[test]
    fn a_kept_ground_changes_nothing() {
        let whole = "<g transform=\"translate(0 0)\"><rect x=\"5\" width=\"70\" height=\"90\" fill=\"#123\" opacity=\".5\"/></g>";
        let text = "<text x=\"20\" y=\"60\" font-size=\"40\" font-family=\"EB Garamond\">ab</text>";
        let apart = draw(&format!("{whole}{text}")).expect("it is drawn");
        // A style keeps the ground from being told apart.
        let once = draw(&format!("<style>x {{}}</style>{whole}{text}")).expect("it is drawn");
        assert_eq!(apart, once);
    }

    #[test]
    fn nothing_is_loaded_but_assets() {
        for href in [
            "file:///etc/passwd",
            "/etc/hosts",
            "https://example.org/a.svg",
            "data:image/svg+xml;base64,AAAA",
        ] {
            let fault = draw(&format!("<g>\n <image href=\"{href}\"/></g>")).expect_err("refused");
            assert_eq!(fault.place, (2, 15), "{href}");
        }
    }

    #[test]
    fn a_card_has_one_shape() {
        let (assets, base) =
            (Assets::default(), BaseUrl::parse("https://example.org/").expect("a URL"));
        let pictures = Pictures { assets: &assets, base: &base };
        let svg = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 100 100\"/>";
        let drawing = cards().read(svg.into(), pictures).expect("it is an SVG");
        let fault = cards().draw(&drawing, Direction::Ltr, pictures).expect_err("it is a square");
        assert_eq!(fault.message, "the card is 100 by 100");
    }
}
