//! Reading the `[images]` table of `site.toml` and of `theme.toml`.

use super::reader::{Reader, Step};

/// The formats that pictures may be offered in beside their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ImageFormat {
    /// AV1 Image File Format.
    Avif,
    /// WebP.
    Webp,
}

impl ImageFormat {
    /// The words of settings.
    pub const NAMES: [&'static str; 2] = ["avif", "webp"];

    fn from_name(name: &str) -> Option<Self> {
        match name {
            "avif" => Some(Self::Avif),
            "webp" => Some(Self::Webp),
            _ => None,
        }
    }
}

/// A shape that pages' lead pictures are cut to: `16:9` under a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Crop {
    /// What templates call it.
    pub name: Box<str>,
    /// Its width to its height.
    pub ratio: (u32, u32),
}

/// What one file says of pictures; `None` where it says nothing.
#[derive(Clone, Debug, Default)]
pub struct ImageOptions {
    widths: Option<Vec<u32>>,
    formats: Option<Vec<ImageFormat>>,
    sizes: Option<String>,
    avif: Option<u8>,
    webp: Option<u8>,
    jpeg: Option<u8>,
    crops: Vec<Crop>,
}

/// What pictures are made into.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Images {
    /// The widths in pixels, in their order.
    pub widths: Vec<u32>,
    /// The formats beside a picture's own, the best first.
    pub formats: Vec<ImageFormat>,
    /// How wide pictures are shown where a template does not say: the `sizes` of HTML.
    pub sizes: String,
    /// The quality of AVIF, from 1 to 100.
    pub avif: u8,
    /// The quality of WebP.
    pub webp: u8,
    /// The quality of JPEG.
    pub jpeg: u8,
    /// The shapes that lead pictures are cut to, by name.
    pub crops: Vec<Crop>,
}

impl Default for Images {
    fn default() -> Self {
        Self {
            widths: vec![480, 960, 1600],
            formats: vec![ImageFormat::Avif, ImageFormat::Webp],
            sizes: "(min-width: 48rem) 44rem, 100vw".into(),
            avif: 62,
            webp: 78,
            jpeg: 80,
            crops: Vec::new(),
        }
    }
}

impl Images {
    /// Takes what a nearer file says over what farther ones said.
    pub fn apply(&mut self, nearer: &ImageOptions) {
        let said = nearer.clone();
        self.widths = said.widths.unwrap_or(std::mem::take(&mut self.widths));
        self.formats = said.formats.unwrap_or(std::mem::take(&mut self.formats));
        self.sizes = said.sizes.unwrap_or(std::mem::take(&mut self.sizes));
        self.avif = said.avif.unwrap_or(self.avif);
        self.webp = said.webp.unwrap_or(self.webp);
        self.jpeg = said.jpeg.unwrap_or(self.jpeg);
        for crop in said.crops {
            self.crops.retain(|other| other.name != crop.name);
            self.crops.push(crop);
        }
        self.crops.sort_by(|a, b| a.name.cmp(&b.name));
    }

    /// The crop of a name.
    #[must_use]
    pub fn crop(&self, name: &str) -> Option<&Crop> {
        self.crops.iter().find(|crop| *crop.name == *name)
    }
}

/// The widest picture that is made: what AVIF, WebP and JPEG can all hold.
const MAX_WIDTH: u64 = 8192;
/// How many widths there may be: each is a file of every picture in every format.
const MAX_WIDTHS: usize = 12;

/// Reads the table.
pub(super) fn read(table: Option<Reader<'_>>) -> ImageOptions {
    let mut options = ImageOptions::default();
    let Some(mut table) = table else { return options };
    options.widths = widths(&mut table);
    options.formats = formats(&mut table);
    options.sizes = table.text("sizes").filter(|sizes| !sizes.trim().is_empty());
    if let Some(mut qualities) = table.table("quality") {
        options.avif = quality(&mut qualities, "avif");
        options.webp = quality(&mut qualities, "webp");
        options.jpeg = quality(&mut qualities, "jpeg");
        qualities.finish();
    }
    options.crops = crops(&mut table);
    table.finish();
    options
}

fn widths(table: &mut Reader<'_>) -> Option<Vec<u32>> {
    let (input, path) = (table.input, table.path("widths"));
    let value = table.value("widths")?;
    let width = |value: &serde_json::Value| {
        let width = value.as_u64().filter(|width| (1..=MAX_WIDTH).contains(width))?;
        u32::try_from(width).ok()
    };
    let items = value.as_array().filter(|items| (1..=MAX_WIDTHS).contains(&items.len()));
    let Some(mut widths) =
        items.and_then(|items| items.iter().map(width).collect::<Option<Vec<_>>>())
    else {
        let message = format!(
            "`widths` is a list of 1 to {MAX_WIDTHS} numbers of pixels from 1 to {MAX_WIDTH}"
        );
        let problem = input.bad_value(&path, message);
        input.problems.push(problem.hint("such as widths = [480, 960, 1600]"));
        return None;
    };
    widths.sort_unstable();
    widths.dedup();
    Some(widths)
}

fn formats(table: &mut Reader<'_>) -> Option<Vec<ImageFormat>> {
    let (input, path) = (table.input, table.path("formats"));
    let mut formats = Vec::new();
    for (i, name) in table.texts("formats")?.iter().enumerate() {
        match ImageFormat::from_name(name) {
            Some(format) if !formats.contains(&format) => formats.push(format),
            Some(_) => {}
            None => {
                let mut path = path.clone();
                path.push(Step::Index(i));
                let message = format!("`formats` holds avif and webp, not «{name}»");
                let problem = input.bad_value(&path, message);
                let problem = problem.did_you_mean(name, ImageFormat::NAMES);
                input.problems.push(problem.hint("a picture's own format is always there"));
            }
        }
    }
    Some(formats)
}

fn quality(table: &mut Reader<'_>, key: &'static str) -> Option<u8> {
    let quality = table.integer(key)?;
    let fits = u8::try_from(quality).ok().filter(|quality| (1..=100).contains(quality));
    if fits.is_none() {
        let message = format!("the quality `{key}` is a number from 1 to 100, not {quality}");
        table.input.problems.push(table.input.bad_value(&table.path(key), message));
    }
    fits
}

fn crops(table: &mut Reader<'_>) -> Vec<Crop> {
    let (input, path) = (table.input, table.path("crops"));
    let Some(map) = table.map("crops") else { return Vec::new() };
    let mut crops = Vec::new();
    for (name, value) in map {
        let mut path = path.clone();
        path.push(Step::Key(name.clone()));
        let letters = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if name.is_empty() || !name.chars().all(letters) {
            let message = format!("«{name}» cannot be the name of a crop");
            let problem = input.bad_value(&path, message);
            input.problems.push(problem.hint("a name is made of a–z, 0–9 and `-`"));
            continue;
        }
        match value.as_str().and_then(ratio) {
            Some(ratio) => crops.push(Crop { name: name.as_str().into(), ratio }),
            None => {
                let problem = input.bad_value(&path, format!("the crop `{name}` has no shape"));
                input.problems.push(problem.hint("write its width to its height, as in \"16:9\""));
            }
        }
    }
    crops
}

/// `16:9`, or `1.91:1`; no shape is longer than twenty times its breadth.
fn ratio(text: &str) -> Option<(u32, u32)> {
    let (width, height) = text.split_once(':')?;
    let part = |text: &str| {
        let (whole, decimals) = text.trim().split_once('.').unwrap_or((text.trim(), ""));
        let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
        let fits = !whole.is_empty() && whole.len() <= 4 && decimals.len() <= 2;
        let number = format!("{whole}{decimals:0<2}");
        (fits && digits(&number)).then(|| number.parse::<u32>().ok()).flatten()
    };
    let (width, height) = (part(width)?, part(height)?);
    let fits = width > 0 && height > 0 && width <= height * 20 && height <= width * 20;
    fits.then_some((width, height))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shapes_are_two_numbers() {
        assert_eq!(ratio("16:9"), Some((1600, 900)));
        assert_eq!(ratio("1.91 : 1"), Some((191, 100)));
        for bad in [
            "", "16", "16:", ":9", "0:1", "1:0", "-1:2", "1:2:3", "100:1", "a:b", "1e3:1",
            "1.999:1", "٣:٢",
        ] {
            assert_eq!(ratio(bad), None, "{bad}");
        }
    }

    #[test]
    fn nearer_files_say_more() {
        let mut images = Images::default();
        let crop = |ratio| Crop { name: "card".into(), ratio };
        images.apply(&ImageOptions {
            jpeg: Some(70),
            crops: vec![crop((1, 1))],
            ..ImageOptions::default()
        });
        images.apply(&ImageOptions {
            widths: Some(vec![300]),
            crops: vec![crop((2, 1))],
            ..ImageOptions::default()
        });
        assert_eq!((images.jpeg, images.widths.as_slice()), (70, &[300][..]));
        assert_eq!(images.crop("card").map(|crop| crop.ratio), Some((2, 1)));
    }
}
