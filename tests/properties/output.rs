//! The output depends on the input alone: not on threads, not on the order of files on the disk,
//! not on what was built before.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use crate::cases;
use crate::common::{Site, same, state, visible};
use crate::survival::build;

/// A page: where it is, what it says of itself, what its text holds.
type Page = (&'static str, &'static str, &'static str);

fn pages() -> impl Strategy<Value = Vec<Page>> {
    let id = select(vec![
        "أ",
        "ب",
        "a",
        "events/_index",
        "events/توقيع",
        "events/x",
        "events/أول",
        "places/_index",
        "places/ميناء",
        "places/x",
        "a.en",
        "events/x.en",
        "_index.en",
        "places/y/index",
        "_index",
    ]);
    let front = select(vec![
        "",
        "date: 1951-05-21",
        "date: \"1951\"",
        "weight: 3",
        "tags: [أ, ب]",
        "tags: ب",
        "draft: true",
        "aliases: [/old/, /older.html]",
        "slug: same",
        "paginate: 1",
        "cascade:\n  tags: [ج]",
        "sort: title",
        "no_such: 1",
    ]);
    let body = select(vec![
        "نص",
        "[[x]]",
        "[[ميناء]] و[[ميناء#قسم]]",
        "## قسم\n\n## قسم",
        "نص[^1]\n\n[^1]: حاشية",
        "[خطأ](nowhere.md)",
        "```rust\nfn main() {}\n```",
        "[@x, ¶2]",
        ":::no-such\nنص\n:::",
        "<script>x</script>",
        "![](y.png)",
    ]);
    vec((id, front, body), 0..12)
}

/// Makes the site of some pages; of two with one path the first counts, in whatever order they are
/// written.
fn make(pages: &[Page], order: &[usize]) -> Site {
    let site = Site::new();
    site.in_the_default_theme(
        "base_url = \"https://example.org/\"\n[languages.ar]\ntitle = \"أ\"\n\
         [languages.en]\ntitle = \"A\"\n[taxonomies.tags]\n[output]\npaginate = 2\n",
    );
    site.remove("content/_index.md");
    let first = |n: &usize| pages.iter().position(|page| page.0 == pages[*n].0) == Some(*n);
    for n in order.iter().copied().filter(first) {
        let (id, front, body) = pages[n];
        site.write(
            &format!("content/{id}.md"),
            format!("---\ntitle: {n} {id}\n{front}\n---\n{body}\n"),
        );
    }
    if !pages.iter().any(|page| page.0 == "_index") {
        site.page("_index", "الرئيسية");
    }
    site
}

fn with_threads<T: Send>(threads: usize, work: impl FnOnce() -> T + Send) -> T {
    rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap().install(work)
}

proptest! {
    #![proptest_config(cases(24))]

    #[test]
    fn threads_and_the_order_of_files_change_nothing(
        (pages, order) in pages().prop_flat_map(|pages| {
            let order = Just((0..pages.len()).collect::<Vec<_>>()).prop_shuffle();
            (Just(pages), order)
        })
    ) {
        let in_order: Vec<usize> = (0..pages.len()).collect();
        let site = make(&pages, &in_order);
        let (outcome, problems) = with_threads(1, || build(&site, &site.out(), true));
        let expected = visible(&site.out());
        prop_assert!(expected.contains_key("index.html") && outcome.published);
        for threads in [2, 7] {
            let other = make(&pages, &order);
            let found = with_threads(threads, || build(&other, &other.out(), true));
            prop_assert_eq!(&found.1, &problems);
            prop_assert_eq!(found.0, outcome);
            same(&visible(&other.out()), &expected);
        }
    }

    #[test]
    fn a_second_build_writes_nothing(pages in pages()) {
        let order: Vec<usize> = (0..pages.len()).collect();
        let site = make(&pages, &order);
        let (first, _) = build(&site, &site.out(), true);
        let before = state(&site.out());
        let (second, _) = build(&site, &site.out(), true);
        prop_assert_eq!((second.written, second.deleted), (0, 0));
        prop_assert_eq!(second.unchanged, first.written);
        same(&state(&site.out()), &before);
    }

    #[test]
    fn what_was_built_before_changes_nothing(before in pages(), after in pages()) {
        let all = |pages: &[Page]| (0..pages.len()).collect::<Vec<_>>();
        let fresh = make(&after, &all(&after));
        let (_, problems) = build(&fresh, &fresh.out(), true);
        let used = make(&before, &all(&before));
        build(&used, &fresh.beside("used"), true);
        let (_, again) = build(&fresh, &fresh.beside("used"), true);
        prop_assert_eq!(&again, &problems);
        if problems.iter().all(|problem| !problem.contains("\"severity\":\"error\"")) {
            same(&visible(&fresh.beside("used")), &visible(&fresh.out()));
        }
    }
}
