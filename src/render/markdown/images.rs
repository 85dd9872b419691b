//! Images: as `<picture>` where the site has variants, and as the theme wants them.

use super::host::HookValue;
use super::writer::{Image, Writer};
use crate::assets::pictures::Shown;
use crate::text::escape;

impl Writer<'_> {
    /// Writes an image; with its paragraph, where it is all that this holds.
    pub(super) fn image(&mut self, image: &Image, alt: &str) {
        // An image inside an image's description is part of its text.
        if let Some(outer) = self.description() {
            outer.text.push_str(alt);
            return;
        }
        let recorded = if alt.is_empty() { self.host.alt(&image.src) } else { None };
        let (alt, lang) = match &recorded {
            Some((alt, lang)) => (&**alt, lang.as_deref()),
            None => (alt, None),
        };
        if !image.lone {
            return self.write_image(image, alt, lang);
        }
        if self.options.figure_hook && self.host.is_recorded(&image.src) {
            self.figures.push(image.src.clone());
            self.hooked("render.figure", image, alt, lang);
            return self.fresh_line();
        }
        self.push("<p>");
        self.write_image(image, alt, lang);
        self.push("</p>\n");
    }

    fn write_image(&mut self, image: &Image, alt: &str, lang: Option<&str>) {
        if self.options.image_hook {
            return self.hooked("render.image", image, alt, lang);
        }
        let Some(shown) = self.host.picture(&image.destination, self.place.clone()) else {
            return self.plain(image, alt, lang);
        };
        let first = self.is_first();
        self.picture(&shown, image, alt, lang, first);
    }

    /// Whether the picture that is written is the first of the page, which is not to wait.
    fn is_first(&mut self) -> bool {
        self.pictures += 1;
        self.pictures == 1
    }

    fn hooked(&mut self, component: &str, image: &Image, alt: &str, lang: Option<&str>) {
        let first = HookValue::Bool(self.is_first());
        let lang = HookValue::Option(lang);
        let mut arguments = vec![
            ("src", HookValue::Text(&image.src)),
            ("alt", HookValue::Text(alt)),
            ("title", HookValue::Text(&image.title)),
            ("alt_lang", HookValue::Offer(&lang)),
            ("first", HookValue::Offer(&first)),
            ("picture", HookValue::Picture(&image.destination)),
        ];
        if component == "render.figure" {
            arguments.push(("media", HookValue::Media(&image.src)));
        }
        let html = self.host.hook(component, &arguments, "", self.place.clone());
        self.push(&html);
    }

    fn plain(&mut self, image: &Image, alt: &str, lang: Option<&str>) {
        self.push("<img");
        self.attribute("src", &image.src);
        self.described(image, alt, lang);
        self.push(" />");
    }

    fn picture(
        &mut self,
        shown: &Shown,
        image: &Image,
        alt: &str,
        lang: Option<&str>,
        first: bool,
    ) {
        if !shown.sources.is_empty() {
            self.push("<picture>");
        }
        for source in &shown.sources {
            self.push("<source");
            self.attribute("type", source.media_type);
            self.attribute("srcset", &source.srcset);
            self.attribute("sizes", &shown.sizes);
            self.push(" />");
        }
        self.push("<img");
        self.attribute("src", &shown.url);
        if !shown.srcset.is_empty() {
            self.attribute("srcset", &shown.srcset);
            self.attribute("sizes", &shown.sizes);
        }
        if shown.width > 0 && shown.height > 0 {
            self.attribute("width", &shown.width.to_string());
            self.attribute("height", &shown.height.to_string());
        }
        let (name, value) = if first { ("fetchpriority", "high") } else { ("loading", "lazy") };
        self.attribute(name, value);
        self.attribute("decoding", "async");
        self.described(image, alt, lang);
        self.push(" />");
        if !shown.sources.is_empty() {
            self.push("</picture>");
        }
    }

    fn described(&mut self, image: &Image, alt: &str, lang: Option<&str>) {
        if let Some(lang) = lang {
            self.attribute("lang", lang);
        }
        self.attribute("alt", alt);
        if !image.title.is_empty() {
            self.attribute("title", &image.title);
        }
    }

    fn attribute(&mut self, name: &str, value: &str) {
        let html = &mut self.buffer.html;
        html.extend([" ", name, "=\""]);
        escape::html_into(html, value);
        html.push('"');
    }
}
