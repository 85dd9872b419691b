use super::*;
use crate::deploy::Headers;

fn file(text: &str) -> File {
    File {
        hash: blake3::hash(text.as_bytes()).to_hex().to_string(),
        size: text.len() as u64,
        headers: Headers::of("index.html", false),
        version: None,
    }
}

fn state(text: &str, time: u64, served: u64) -> State {
    let files = BTreeMap::from([("index.html".to_owned(), file(text))]);
    let mut current = Manifest::new(files, "https://example.org/", time);
    current.release.served = served;
    State { current, kept: BTreeMap::new(), releases: Vec::new() }
}

fn id(state: &State) -> &str {
    &state.current.release.id
}

#[test]
fn releases_are_in_the_order_in_which_they_were_served_last() {
    // `a` was gone back to; of `old` is not written down when; `cut` never came to be served.
    let (a, b, old) = (state("a", 10, 50), state("b", 20, 20), state("old", 5, 0));
    let cut = state("cut", 60, 60);
    let all = vec![b.clone(), a.clone(), cut.clone(), old.clone()];
    let held = held(all, id(&a), None);
    let order: Vec<&str> =
        held.state.as_ref().unwrap().releases.iter().map(|it| it.id.as_str()).collect();
    assert_eq!(order, [id(&cut), id(&old), id(&b), id(&a)]);
    assert!(held.is_as_recorded("index.html"));
}

#[test]
fn a_release_gets_a_name_of_its_own_and_is_served_last() {
    let a = state("a", 10, 50);
    let held = held(vec![a.clone()], id(&a), None);
    let again = named(&a.current, &held, true, 30);
    assert_eq!((again.release.id.as_str(), again.release.served), (id(&a), 51));
    let other = named(&a.current, &held, false, 10);
    assert!(other.release.id != id(&a) && other.files == a.current.files);
}

#[test]
fn what_is_not_as_it_is_written_down_is_seen() {
    let mut a = state("a", 10, 10);
    a.kept.insert("assets/old.css".to_owned(), file("old"));
    let sums = Sums::from([
        ("index.html".to_owned(), "1".repeat(64)),
        ("assets/old.css".to_owned(), "2".repeat(64)),
    ]);
    let look = |found: Found| held(vec![a.clone()], id(&a), Some((&found, &sums)));
    let right = look(Found::Sums(sums.clone()));
    assert!(right.is_as_recorded("index.html") && !right.unsettled);
    let mut other = sums.clone();
    other.insert("index.html".to_owned(), "3".repeat(64));
    let changed = look(Found::Sums(other.clone()));
    assert!(!changed.is_as_recorded("index.html") && !changed.unsettled);
    other.remove("assets/old.css");
    assert!(look(Found::Sums(other)).unsettled);
    assert!(look(Found::Gone).listing.is_empty());
}
