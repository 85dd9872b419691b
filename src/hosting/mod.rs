//! What a site asks of its host, in the files that hosts read: headers, redirects, a content security policy that
//! is made from the finished pages, parts of servers' configurations.
//!
//! Nothing here is made but for the hosts that `site.toml` names, and nothing in a preview.

mod headers;
mod names;
mod own;
mod pack;
mod policy;
mod published;
mod redirects;
mod room;
mod servers;
mod ways;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use crate::config::{Config, Host, Packing};
use crate::diagnostic::{Diagnostic, Span, codes};
use crate::memo::Memo;
use crate::render::{Output, Renderer, What};
use crate::site::Site;

use self::headers::Headers;
use self::policy::Policy;
use self::published::Published;
use self::redirects::Redirects;
use self::servers::Server;
use self::ways::Ways;

pub use self::policy::Needs;

/// What lies in the output folder and no server of one's own shows; each with all that begins so.
const NOT_SERVED: [&str; 3] = [".dhikra/", "_headers", "_redirects"];

/// The most files among the assets that are not named by their bytes and each have a rule of their own.
const MOST_UNHASHED: usize = 20;

/// A file that is made for a host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HostFile {
    /// Its path in the output folder, or in the folder of what is not served.
    pub path: String,
    /// Whether it is served, or read by the host, where the pages are.
    pub is_published: bool,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// What is made for the hosts of a site.
#[derive(Debug)]
pub struct Hosting<'a> {
    site: &'a Site,
    outputs: &'a [Output],
    /// Whether hosts lead on from aliases, so that there are no pages that do.
    leads: bool,
    /// How many packed copies there are, and how many bytes they have.
    copies: (AtomicUsize, AtomicU64),
}

impl<'a> Hosting<'a> {
    /// For the outputs of a site, in their order.
    #[must_use]
    pub fn new(site: &'a Site, outputs: &'a [Output]) -> Self {
        let mut hosting = Self { site, outputs, leads: false, copies: Default::default() };
        let hosts = &hosting.options().hosts;
        let (redirects, _) = hosting.redirects(None);
        hosting.leads = !hosts.is_empty()
            && hosts.iter().all(|host| own::leads(*host))
            && redirects.surplus(hosts).is_none();
        hosting
    }

    fn options(&self) -> &'a crate::config::HostingOptions {
        &self.site.config.hosting
    }

    fn asks(&self, hosts: &[Host]) -> bool {
        self.options().hosts.iter().any(|host| hosts.contains(host))
    }

    /// Whether an output is not published as it is: a host leads on without it, or it is part of a file that is
    /// made.
    #[must_use]
    pub fn replaces(&self, output: &Output) -> bool {
        match (&output.what, &*output.path) {
            (What::Redirect(..), _) => self.leads,
            (What::File(_), "_headers") => self.writes_headers(),
            (What::File(_), "_redirects") => self.writes_redirects(),
            _ => false,
        }
    }

    fn writes_headers(&self) -> bool {
        self.asks(&[Host::Netlify, Host::Cloudflare])
    }

    fn writes_redirects(&self) -> bool {
        self.options().hosts.iter().any(|host| own::reads_file(*host))
    }

    fn has_headers(&self) -> bool {
        self.asks(&[Host::Netlify, Host::Cloudflare, Host::Nginx, Host::Caddy])
    }

    /// What an output needs of its host: room, and what the content security policy has to allow.
    #[must_use]
    pub fn needs(&self, output: &Output, bytes: &[u8]) -> Needs {
        let mut needs = self.sources(output, bytes);
        needs.bytes = bytes.len() as u64;
        needs
    }

    fn sources(&self, output: &Output, bytes: &[u8]) -> Needs {
        if !self.options().policy || !self.has_headers() {
            return Needs::default();
        }
        let read: fn(&str, &str) -> Needs = match output.path.rsplit_once('.') {
            Some((_, "html" | "htm" | "xhtml")) => Needs::of_html,
            Some((_, "css")) => Needs::of_css,
            _ => return Needs::default(),
        };
        std::str::from_utf8(bytes)
            .map(|text| read(text, &self.site.config.base.origin))
            .unwrap_or_default()
    }

    /// The packed copies of an output, each with its path, as far as they pay. One that the site has itself stays.
    #[must_use]
    pub fn packed(&self, output: &Output, bytes: &[u8], memo: &Memo) -> Vec<(String, Vec<u8>)> {
        let packings = &self.options().precompress;
        if packings.is_empty() || !pack::may_pay(&output.path, bytes) {
            return Vec::new();
        }
        let is_kept = matches!(output.what, What::Asset(_) | What::Derived(_));
        let copies = packings.iter().filter_map(|packing| {
            let path = format!("{}.{}", output.path, packing.extension());
            let packed =
                self.is_free(&path).then(|| pack::pack(*packing, bytes, is_kept, memo))??;
            self.copies.0.fetch_add(1, Ordering::Relaxed);
            self.copies.1.fetch_add(packed.len() as u64, Ordering::Relaxed);
            Some((path, packed))
        });
        copies.collect()
    }

    /// Whether no output is at a path or below it.
    fn is_free(&self, path: &str) -> bool {
        let folder = format!("{path}/");
        let below = self.outputs.partition_point(|output| *output.path < *folder);
        let below = self.outputs.get(below).is_some_and(|output| output.path.starts_with(&folder));
        !below && self.outputs.binary_search_by(|output| (*output.path).cmp(path)).is_err()
    }

    /// The files for the hosts, once all pages are made; and what a host will not take. `needs` are what each
    /// output needs, in their order.
    #[must_use]
    pub fn files(
        &self,
        renderer: &Renderer,
        needs: Vec<Needs>,
    ) -> (Vec<HostFile>, Vec<Diagnostic>) {
        let (hosts, config) = (&self.options().hosts, &self.site.config);
        let (mut files, mut problems) = (Vec::new(), Vec::new());
        if hosts.is_empty() {
            return (files, problems);
        }
        let own = [
            self.own(renderer, "_headers", &mut problems),
            self.own(renderer, "_redirects", &mut problems),
        ];
        let [own_headers, own_redirects] = &own;
        let (redirects, found) = self.redirects(own_redirects.as_ref());
        if hosts.iter().any(|host| own::leads(*host)) {
            problems.extend(found);
            problems.extend(redirects.check(hosts));
            let base = &config.base;
            problems.extend(Ways::new(&redirects, hosts, self.published(), &base.origin).check());
        }
        if self.writes_redirects() && !redirects.is_empty() {
            files.push(published("_redirects", redirects.write(hosts)));
        }
        problems.extend(self.check_room(&needs));
        let headers = self.headers(config, own_headers.as_ref(), needs, &mut problems);
        if self.writes_headers() {
            files.push(published("_headers", headers.write(hosts)));
        }
        let missing = self.missing();
        let prefix = headers::encode(&config.base.prefix);
        let server =
            Server { headers: &headers, redirects: &redirects, prefix: &prefix, missing: &missing };
        if self.asks(&[Host::Nginx, Host::Caddy]) {
            problems.extend(headers.check_servers(hosts));
            problems.extend(redirects.check_servers());
        }
        let packs = |packing| self.options().precompress.contains(&packing);
        if self.asks(&[Host::Nginx]) {
            files.push(beside(
                "nginx.conf",
                server.nginx(packs(Packing::Gzip), packs(Packing::Brotli)),
            ));
        }
        if self.asks(&[Host::Caddy]) {
            // The one that comes first is preferred.
            let known = [("br", Packing::Brotli), ("zstd", Packing::Zstd), ("gzip", Packing::Gzip)];
            let known = known.iter().filter(|(_, packing)| packs(*packing));
            files.push(beside(
                "Caddyfile",
                server.caddy(&known.map(|(name, _)| *name).collect::<Vec<_>>()),
            ));
        }
        files.extend(self.pages());
        (files, problems)
    }

    /// One of the files in which a site says itself what it asks of a host.
    fn own(
        &self,
        renderer: &Renderer,
        name: &str,
        problems: &mut Vec<Diagnostic>,
    ) -> Option<(Arc<str>, String)> {
        let output = self.outputs.iter().find(|output| &*output.path == name)?;
        let What::File(file) = &output.what else { return None };
        let (bytes, found) = renderer.render(output);
        problems.extend(found);
        match String::from_utf8(bytes?) {
            Ok(text) => Some((Arc::clone(&file.path), text)),
            Err(_) => {
                let span = Span::file(&file.path);
                problems.push(Diagnostic::error(codes::NOT_UTF8, "not UTF-8").at(span));
                None
            }
        }
    }

    fn headers(
        &self,
        config: &Config,
        own: Option<&(Arc<str>, String)>,
        needs: Vec<Needs>,
        problems: &mut Vec<Diagnostic>,
    ) -> Headers {
        if !self.has_headers() {
            return Headers::default();
        }
        let mut policy = Policy::default();
        for (output, needs) in self.outputs.iter().zip(needs) {
            policy.add(&output.path, needs);
        }
        let text =
            if config.hosting.policy { policy.write(&config.hosting.allow) } else { String::new() };
        let unhashed = self.unhashed();
        if unhashed.len() > MOST_UNHASHED {
            let message = format!(
                "{} files in static/assets/ have names that do not change with their bytes, and lie among those \
                 that are kept for ever",
                unhashed.len()
            );
            let problem = Diagnostic::error(codes::HOSTING, message);
            problems.push(problem.hint("put them into another folder of static/, or into assets/"));
        }
        let mut headers = Headers::made(config, &text, &unhashed);
        problems.extend(Headers::check_settings(config));
        if let Some((file, text)) = own {
            problems.extend(headers.add_own(file, text, &config.hosting.hosts));
        }
        if self.asks(&[Host::Cloudflare]) {
            problems.extend(headers.check_cloudflare(policy.digests()));
        }
        headers
    }

    /// The files among the assets that may change and keep their names.
    fn unhashed(&self) -> Vec<String> {
        let start = self.outputs.partition_point(|output| &*output.path < "assets/");
        let assets = self.outputs.iter().skip(start).take_while(|o| o.path.starts_with("assets/"));
        let unhashed = assets.filter(|o| !matches!(o.what, What::Asset(_) | What::Derived(_)));
        unhashed.map(|output| format!("/{}", output.path)).collect()
    }

    /// The redirects from aliases, and those of the site's own file.
    fn redirects(&self, own: Option<&(Arc<str>, String)>) -> (Redirects, Vec<Diagnostic>) {
        let (site, base) = (self.site, &self.site.config.base);
        let alias = |output: &Output| {
            let What::Redirect(ix, _) = output.what else { return None };
            let path = output.path.strip_suffix("index.html").filter(|p| p.ends_with('/'));
            let from = format!("{}/{}", base.prefix, path.unwrap_or(&output.path));
            Some((from, base.path(&site.page(ix).url)))
        };
        let aliases: Vec<(String, String)> = self.outputs.iter().filter_map(alias).collect();
        let published = self.published();
        let own = own.map(|(file, text)| (file, text.as_str()));
        Redirects::new(&aliases, own, &self.options().hosts, |path| published.has(path))
    }

    fn published(&self) -> Published<'a> {
        Published { outputs: self.outputs, prefix: &self.site.config.base.prefix }
    }

    /// The folders with a page for missing addresses, that of the root first.
    fn missing(&self) -> Vec<String> {
        let prefix = &self.site.config.base.prefix;
        let folder = |output: &Output| {
            let page = matches!(output.what, What::NotFound(_)).then_some(&*output.path)?;
            Some(format!("{prefix}/{}", page.strip_suffix("404.html")?))
        };
        let mut folders: Vec<String> = self.outputs.iter().filter_map(folder).collect();
        folders.sort_by(|a, b| a.len().cmp(&b.len()).then_with(|| a.cmp(b)));
        folders
    }

    /// What says to pages of a repository how they are served.
    fn pages(&self) -> Vec<HostFile> {
        let mut files = Vec::new();
        let origin = &self.site.config.base.origin;
        let host = origin.split_once("://").map_or("", |(_, host)| host);
        let is_domain = host.contains('.')
            && !host.contains([':', '['])
            && host.bytes().any(|b| b.is_ascii_alphabetic());
        let add = |files: &mut Vec<HostFile>, name: &str, text: String| {
            if !self.outputs.iter().any(|output| &*output.path == name) {
                files.push(published(name, text));
            }
        };
        if self.asks(&[Host::Github, Host::Codeberg]) {
            add(&mut files, ".nojekyll", String::new());
        }
        if self.asks(&[Host::Github]) && is_domain && !host.ends_with(".github.io") {
            add(&mut files, "CNAME", format!("{host}\n"));
        }
        if self.asks(&[Host::Codeberg]) && is_domain && !host.ends_with(".codeberg.page") {
            add(&mut files, ".domains", format!("{host}\n"));
        }
        files
    }

    /// More than a host has room for.
    fn check_room(&self, needs: &[Needs]) -> Vec<Diagnostic> {
        let files = self.outputs.iter().zip(needs).filter(|(output, _)| !self.replaces(output));
        let files = files.map(|(output, needs)| room::File {
            path: &output.path,
            source: match &output.what {
                What::File(file) => Some(Span::file(&file.path)),
                _ => None,
            },
            bytes: needs.bytes,
        });
        let copies = (self.copies.0.load(Ordering::Relaxed), self.copies.1.load(Ordering::Relaxed));
        room::check(&self.options().hosts, &files.collect::<Vec<_>>(), copies)
    }
}

fn published(path: &str, text: String) -> HostFile {
    HostFile { path: path.into(), is_published: true, bytes: text.into_bytes() }
}

fn beside(path: &str, text: String) -> HostFile {
    HostFile { path: path.into(), is_published: false, bytes: text.into_bytes() }
}
