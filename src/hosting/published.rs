//! What a site publishes, by its paths on the host.

use crate::render::{Output, What};

/// The outputs of a site, in their order, below a path of the host.
#[derive(Clone, Copy, Debug)]
pub(super) struct Published<'a> {
    pub(super) outputs: &'a [Output],
    /// The decoded path that the site lives under, without a slash at its end.
    pub(super) prefix: &'a str,
}

impl<'a> Published<'a> {
    /// Whether there is a file at a path.
    pub(super) fn has(&self, path: &str) -> bool {
        self.inside(path).is_some_and(|path| self.find(path).is_some())
    }

    /// The file that a host gives who asks for a path; a page that leads on from an alias is none.
    pub(super) fn page(&self, path: &str) -> Option<&'a str> {
        let path = self.inside(path)?;
        let names = if path.is_empty() || path.ends_with('/') {
            vec![format!("{path}index.html")]
        } else {
            vec![path.to_owned(), format!("{path}/index.html"), format!("{path}.html")]
        };
        let mut found = names.iter().filter_map(|name| self.find(name));
        found.find(|output| !matches!(output.what, What::Redirect(..))).map(|output| &*output.path)
    }

    /// The first file whose path begins so.
    pub(super) fn first(&self, start: &str) -> Option<&'a str> {
        let start = self.inside(start)?;
        let at = self.outputs.partition_point(|output| *output.path < *start);
        let below = self.outputs.iter().skip(at).take_while(|o| o.path.starts_with(start));
        let mut pages = below.filter(|o| {
            !matches!(o.what, What::Redirect(..)) && !matches!(&*o.path, "_headers" | "_redirects")
        });
        pages.next().map(|output| &*output.path)
    }

    /// A path of the host as one in the output folder.
    fn inside<'p>(&self, path: &'p str) -> Option<&'p str> {
        path.strip_prefix(self.prefix)?.strip_prefix('/')
    }

    fn find(&self, path: &str) -> Option<&'a Output> {
        let at = self.outputs.binary_search_by(|output| (*output.path).cmp(path)).ok()?;
        self.outputs.get(at)
    }
}
