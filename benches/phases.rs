//! What each phase of a build costs: `cargo bench --bench phases`.
//!
//! `benches/README.md` says how to read it. The text is made here and is the same on every machine.

// Benches write the sites that they measure, and stop where they cannot.
#![allow(clippy::disallowed_methods, clippy::expect_used)]

use std::fmt::Write as _;
use std::fs;
use std::hint::black_box;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use criterion::{BatchSize, Criterion, Throughput};
use tempfile::TempDir;

use dhikra::assets::Assets;
use dhikra::config::Config;
use dhikra::diagnostic::Problems;
use dhikra::document::markdown::Source;
use dhikra::document::{Document, Name, Parts};
use dhikra::pipeline::{self, Loaded, Overrides};
use dhikra::render::markdown::{Options, Plain, write};
use dhikra::render::{Output, plan};
use dhikra::site::{self, Clock, Frame, Site};
use dhikra::source::{SourceFile, SourceTree};
use dhikra::text::charset::CharSet;

const CLOCK: Clock = Clock { today: (2026, 5, 21), drafts: false };

/// The size of the site that is assembled and planned.
const DOCUMENTS: usize = 1000;

/// The size of the site whose pages refer to each other.
const TYPED: usize = 10_000;

/// How many references each of them makes.
const REFERENCES: usize = 10;

const SITE: &str = "base_url = \"https://example.org/\"\n\
    [languages.ar]\ntitle = \"خزانة المخطوطات\"\n[taxonomies.tags]\n";

/// A page template that costs next to nothing, to see the rest of rendering.
const BARE: &str = "<h1>{{ page.title }}</h1>{{ page.content }}";

const WORDS: &[&str] = &[
    "المخطوط",
    "المكتبة",
    "الورق",
    "الحبر",
    "كتب",
    "الناسخ",
    "القديم",
    "في",
    "الهامش",
    "الفهرس",
    "من",
    "الخزانة",
    "قرأ",
    "التلميذ",
    "الواضح",
    "على",
    "الرحلة",
    "القافلة",
    "النهر",
    "عند",
    "الواحة",
    "رسم",
    "الخريطة",
    "الدقيق",
    "إلى",
    "المرصد",
    "القمر",
    "شرح",
    "الحساب",
    "بعد",
    "القبة",
    "الحجر",
    "النادر",
];

fn main() {
    let mut criterion = Criterion::default()
        .sample_size(20)
        .warm_up_time(Duration::from_millis(300))
        .measurement_time(Duration::from_secs(1))
        .configure_from_args();
    parse(&mut criterion);
    markdown(&mut criterion);
    assemble(&mut criterion);
    knowledge(&mut criterion);
    render(&mut criterion);
    criterion.final_summary();
}

/// A page's file to a document.
fn parse(criterion: &mut Criterion) {
    let problems = Problems::new();
    let config = Config::parse(SITE, &"site.toml".into(), &problems);
    let file = SourceFile::empty(&"content/bab/waraqa.md".into());
    let name = Name::of(&file.path, &config).expect("a name that is good");
    let text = page(0);
    check(problems);
    let mut group = criterion.benchmark_group("parse");
    group.throughput(Throughput::Bytes(text.len() as u64));
    group.bench_function("front", |b| {
        b.iter(|| {
            let problems = Problems::new();
            Document::parse_front(&file, name.clone(), black_box(&text), &config, &problems)
        });
    });
    group.bench_function("page", |b| {
        b.iter(|| {
            let problems = Problems::new();
            Document::parse(&file, name.clone(), black_box(&text), &config, &problems)
        });
    });
    group.finish();
}

/// A page's Markdown to HTML, without a site.
fn markdown(criterion: &mut Criterion) {
    let text = page(0);
    let problems = Problems::new();
    let parts = Parts::split(&text, &"content/bab/waraqa.md".into(), &problems);
    check(problems);
    let host = Plain(Options { rtl: true, ..Options::default() });
    // The ids are the site's to give; here they only have to be there.
    let anchors = vec!["anchor"; parts.body.matches("\n## ").count() + 1];
    let mut group = criterion.benchmark_group("markdown");
    group.throughput(Throughput::Bytes(parts.body.len() as u64));
    group.bench_function("source", |b| {
        b.iter(|| Source::new(black_box(parts.body)).items().count());
    });
    group.bench_function("page", |b| {
        b.iter(|| {
            let source = Source::new(black_box(parts.body));
            write(&source, &host, &anchors, parts.body_start).html
        });
    });
    group.finish();
}

/// A thousand documents to a site, the links of a site, and a site to its outputs.
fn assemble(criterion: &mut Criterion) {
    let folder = small_site(DOCUMENTS);
    let problems = Problems::new();
    let tree = SourceTree::open(folder.path(), &problems).expect("a site");
    let documents = site::parse(&tree, &problems);
    let frame = Arc::new(Frame::load(&tree, &problems));
    let whole = site::assemble(&tree, Arc::clone(&frame), documents.clone(), CLOCK, &problems);
    let assets = Assets::load(&tree, &CharSet::default(), &problems);
    check(problems);
    let mut group = criterion.benchmark_group("site");
    group.throughput(Throughput::Elements(documents.len() as u64));
    let place =
        || site::assemble(&tree, Arc::clone(&frame), documents.clone(), CLOCK, &Problems::new());
    group.bench_function("place", |b| b.iter_with_large_drop(place));
    group.bench_function("links", |b| {
        let follow = |site: Site| {
            black_box(site.links());
            site
        };
        b.iter_batched(place, follow, BatchSize::LargeInput);
    });
    group.bench_function("plan", |b| {
        b.iter_with_large_drop(|| plan(black_box(&whole), &assets, None, &tree, &Problems::new()));
    });
    group.finish();
}

/// Ten thousand pages of kinds with a hundred thousand references between them to a site.
fn knowledge(criterion: &mut Criterion) {
    let folder = typed_site(TYPED);
    let problems = Problems::new();
    let tree = SourceTree::open(folder.path(), &problems).expect("a site");
    let documents = site::parse(&tree, &problems);
    let frame = Arc::new(Frame::load(&tree, &problems));
    let place =
        || site::assemble(&tree, Arc::clone(&frame), documents.clone(), CLOCK, &Problems::new());
    let whole = place();
    assert_eq!(whole.relations().len(), TYPED * REFERENCES, "every reference leads somewhere");
    let links = whole.links();
    assert!(links.problems.is_empty(), "{:?}", links.problems.first());
    check(problems);
    let mut group = criterion.benchmark_group("knowledge");
    group.throughput(Throughput::Elements(documents.len() as u64));
    group.bench_function("place", |b| b.iter_with_large_drop(place));
    group.bench_function("links and checks", |b| {
        let follow = |site: Site| {
            black_box(site.links());
            site
        };
        b.iter_batched(place, follow, BatchSize::LargeInput);
    });
    group.finish();
}

/// One output to bytes, its file read again as a build does.
fn render(criterion: &mut Criterion) {
    let folder = small_site(100);
    let root = folder.path();
    put(&root.join("templates/bare.html"), BARE);
    let bare = page(100).replacen("---\n", "---\ntemplate: bare.html\n", 1);
    put(&root.join("content/bare.md"), &bare);
    let loaded = load(root);
    let mut group = criterion.benchmark_group("render");
    for (name, path) in [
        ("page", "bab0/waraqa0050/index.html"),
        ("bare page", "bare/index.html"),
        ("section", "bab0/index.html"),
        ("feed", "atom.xml"),
    ] {
        let output = output(&loaded, path);
        group.bench_function(name, |b| b.iter(|| loaded.renderer.render(black_box(output))));
    }
    group.finish();
}

/// A site ready to be rendered.
fn load(root: &Path) -> Loaded {
    let loaded = pipeline::load(root, &Overrides { clock: CLOCK, base_url: None });
    let loaded = loaded.expect("a site");
    assert!(!loaded.failed(), "the site has errors: {:?}", loaded.problems);
    loaded
}

/// One of a site's outputs, which is known to render.
fn output<'a>(loaded: &'a Loaded, path: &str) -> &'a Output {
    let output = loaded.outputs.iter().find(|output| &*output.path == path);
    let output = output.expect("an output that the site has");
    assert!(loaded.renderer.render(output).0.is_some(), "{path} does not render");
    output
}

/// Stops where a bench would measure the making of diagnostics.
fn check(problems: Problems) {
    assert!(!problems.has_errors(), "the site has errors: {:?}", problems.into_vec());
}

/// A site of some pages in ten sections, on the default theme.
fn small_site(pages: usize) -> TempDir {
    let folder = tempfile::tempdir().expect("a folder for the site");
    let root = folder.path();
    put(&root.join("site.toml"), SITE);
    put(&root.join("content/_index.md"), "---\ntitle: المدخل\n---\n");
    for section in 0..10 {
        let path = format!("content/bab{section}/_index.md");
        put(&root.join(path), &format!("---\ntitle: الباب {section}\n---\n"));
    }
    for number in 0..pages {
        let path = format!("content/bab{}/waraqa{number:04}.md", number % 10);
        put(&root.join(path), &page(number));
    }
    folder
}

fn put(path: &Path, text: &str) {
    let folder = path.parent().expect("a path in a folder");
    fs::create_dir_all(folder).expect("a folder that can be made");
    fs::write(path, text).expect("a file that can be written");
}

/// A page of about 9 KB with every common element.
fn page(number: usize) -> String {
    let mut words = Words(number as u64);
    let mut text = String::new();
    let (year, month, day) = (1951 + number % 75, 1 + number % 12, 1 + number % 28);
    let tags: Vec<String> =
        (0..5).map(|i| format!("sinf{}", (number * 7 + i * 19) % 100)).collect();
    let _ = write!(
        text,
        "---\ntitle: {}\ndate: {year}-{month:02}-{day:02}\ndescription: {}.\ntags: [{}]\n---\n",
        words.take(5),
        words.take(14),
        tags.join(", "),
    );
    for part in 0..4 {
        let _ = write!(text, "## {}\n\n", words.take(4));
        for _ in 0..3 {
            paragraph(&mut text, &mut words);
        }
        match part {
            0 => (0..5).for_each(|_| text += &format!("- {}\n", words.take(6))),
            1 => table(&mut text, &mut words),
            2 => text += &format!("> {}.\n", words.take(12)),
            _ => text += "```rust\nfn leaves(sides: u32) -> u32 {\n    sides / 2\n}\n```\n",
        }
        text.push('\n');
    }
    let _ = write!(text, "{}[^a].\n\n[^a]: {}.\n", words.take(12), words.take(12));
    text
}

fn paragraph(text: &mut String, words: &mut Words) {
    let (one, two, three) = (words.take(13), words.take(1), words.take(14));
    let (four, five, six) = (words.take(1), words.take(13), words.take(12));
    let _ = write!(
        text,
        "{one} **{two}** {three}. {five} [{four}](https://example.org/ref) {six} (1258–1517).\n\n"
    );
}

fn table(text: &mut String, words: &mut Words) {
    *text += "| الاسم | الوصف | المكان |\n| --- | --- | --- |\n";
    for _ in 0..4 {
        let _ = writeln!(text, "| {} | {} | {} |", words.take(3), words.take(3), words.take(3));
    }
}

/// Words in an order that only looks like chance.
struct Words(u64);

impl Words {
    fn take(&mut self, count: usize) -> String {
        let words: Vec<&str> = (0..count).map(|_| self.next()).collect();
        words.join(" ")
    }

    /// A step of Knuth's MMIX generator, whose high bits are good.
    fn next(&mut self) -> &'static str {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let high = usize::try_from(self.0 >> 33).unwrap_or_default();
        WORDS.get(high % WORDS.len()).copied().unwrap_or_default()
    }
}

/// A site of pages of two kinds, each with ten references.
fn typed_site(count: usize) -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let root = folder.path();
    put(&root.join("site.toml"), SITE);
    put(
        &root.join("kinds.toml"),
        "[hadath]\nfields.place = { type = \"reference\", to = [\"makan\"], inverse = \"here\" }\n\
         fields.with = { type = \"list\", of = \"reference\", inverse = \"took_part\" }\n\
         [makan]\nfields.in = { type = \"reference\", to = [\"makan\"], hierarchy = true }\n\
         fields.near = { type = \"list\", of = \"reference\", to = [\"makan\"], inverse = \"near\" }\n",
    );
    // Numbers that share no factor with the count, so that no page is named twice.
    let other = |i: usize, n: usize| (i + (n + 1) * 7) % (count / 2);
    for i in 0..count / 2 {
        let list = |part: &str| {
            let names = (0..REFERENCES - 1).map(|n| format!("{part}/m{:05}", other(i, n)));
            names.collect::<Vec<_>>().join(", ")
        };
        let page = |kind: &str, lines: String| {
            format!("---\ntitle: ورقة {i}\nkind: {kind}\n{lines}---\nنص.\n")
        };
        let event = format!("place: makan/m{i:05}\nwith: [{}]\n", list("makan"));
        put(&root.join(format!("content/hadath/h{i:05}.md")), &page("hadath", event));
        // Each place is in the one before it; the first has one more beside it.
        let (above, more) = match i.checked_sub(1) {
            Some(above) => (format!("in: makan/m{above:05}\n"), REFERENCES - 1),
            None => (String::new(), REFERENCES),
        };
        let near = (0..more).map(|n| format!("m{:05}", other(i, n))).collect::<Vec<_>>().join(", ");
        let place = format!("{above}near: [{near}]\n");
        put(&root.join(format!("content/makan/m{i:05}.md")), &page("makan", place));
    }
    folder
}
