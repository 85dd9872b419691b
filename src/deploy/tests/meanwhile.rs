//! What others do to a target, and what a run that was cut has left there.

use super::*;

#[test]
fn a_rollback_that_was_cut_is_gone_on_with() {
    let count = {
        let (world, store) = (World::new(), Memory::new());
        world.deploy(&store, &first(), 1).unwrap();
        world.deploy(&store, &second(), 1).unwrap();
        store.requests.store(0, Ordering::SeqCst);
        world.rollback(&store, None).unwrap();
        store.requests.load(Ordering::SeqCst)
    };
    for at in 0..count {
        let (world, mut store) = (World::new(), Memory::new());
        let mut before = first();
        before.insert("p/3.html".into(), "0".into());
        for site in [&before, &first(), &second()] {
            world.deploy(&store, site, 1).unwrap();
        }
        store.check = Box::new(|objects| whole(&served(objects), &first(), &second()));
        store.requests.store(0, Ordering::SeqCst);
        *store.fault.lock().unwrap() = Some((at, Fault::After, false));
        let cut = world.rollback(&store, None);
        *store.fault.lock().unwrap() = None;
        world.now.fetch_add(3600, Ordering::SeqCst);
        if cut.is_err() {
            world.rollback(&store, None).unwrap();
        }
        assert_eq!(current(store.served(), &first()), first(), "request {at}: {cut:?}");
    }
}

#[test]
fn back_from_a_deploy_that_was_cut_is_to_what_was_served_before_it() {
    let (world, store) = (World::new(), Memory::new());
    world.deploy(&store, &first(), 1).unwrap();
    world.deploy(&store, &second(), 1).unwrap();
    let mut third = second();
    third.insert("index.html".into(), "home 3".into());
    store.requests.store(0, Ordering::SeqCst);
    *store.fault.lock().unwrap() = Some((13, Fault::After, false));
    world.deploy(&store, &third, 1).unwrap_err();
    *store.fault.lock().unwrap() = None;
    world.now.fetch_add(3600, Ordering::SeqCst);
    world.rollback(&store, None).unwrap();
    assert_eq!(current(store.served(), &second()), second());
}

#[test]
fn bytes_that_are_kept_are_not_believed_by_their_name() {
    let (world, store) = (World::new(), Memory::new());
    world.deploy(&store, &first(), 1).unwrap();
    world.deploy(&store, &second(), 1).unwrap();
    let key = manifest::blob(&hash(first()["index.html"].as_bytes()));
    let forged = "X".repeat(first()["index.html"].len());
    store.put(&key, forged.as_bytes(), &Headers::own(), "", Condition::Always).unwrap();
    let refused = world.rollback(&store, None).unwrap_err();
    assert!(refused.what.contains(&key), "{refused:?}");
    assert_eq!(current(store.served(), &second()), second(), "nothing was changed");
}

#[test]
fn what_changes_between_plan_and_lock_makes_a_new_plan() {
    let (world, store) = (World::new(), Memory::new());
    world.deploy(&store, &first(), 1).unwrap();
    let (_folder, build) = build(&second());
    let base_url = "https://example.org";
    let wish = Wish { files: &build.files, base_url, keep: 2, headers: true, alone: false };
    let planned = |means: Means<'_>| {
        let held = look(&store, means, Some(&build.files)).unwrap();
        let plan = plan(wish, &held);
        (held, plan)
    };
    let (held, plan) = world.run(1, planned);
    // Of the same size, by a deploy that was cut before it wrote anything down.
    store.put("p/1.html", b"9", &Headers::own(), "", Condition::Always).unwrap();
    let go = |held: &Held, plan: &Plan| {
        world.run(1, |means| {
            let next = next(held, &build.files, base_url, 9);
            deploy(&store, means, (held, plan), next, Source::Build(&build), (2, false))
        })
    };
    let refused = go(&held, &plan).unwrap_err();
    assert!(refused.what.contains("p/1.html"), "{refused:?}");
    let (held, plan) = world.run(1, planned);
    go(&held, &plan).unwrap();
    assert_eq!(current(store.served(), &second()), second());
}

#[test]
fn a_lock_of_a_run_that_died_here_is_taken_at_once() {
    let (world, store) = (World::new(), Memory::new());
    world.run(1, |means| {
        let dead = Means { id: "dead", place: "here", ..means };
        lock::Lock::take(&store, dead, false).unwrap();
        assert!(lock::Lock::take(&store, means, false).is_err());
        lock::Lock::take(&store, Means { place: "here", ..means }, false)
            .unwrap()
            .give_up()
            .unwrap();
    });
    // Whoever takes it from somebody who may live waits for that one to find out.
    world.run(1, |means| {
        let mut alive = lock::Lock::take(&store, means, false).unwrap();
        let before = (means.now)();
        let thief = Means { id: "thief", place: "there", ..means };
        let theirs = lock::Lock::take(&store, thief, true).unwrap();
        assert!((means.now)() - before >= 30);
        assert!(alive.hold_if_due().is_err());
        theirs.give_up().unwrap();
    });
}

#[test]
fn much_that_goes_is_suspicious_after_a_first_deploy_that_was_cut_too() {
    let (world, store) = (World::new(), Memory::new());
    *store.fault.lock().unwrap() = Some((19, Fault::Before, false));
    world.deploy(&store, &first(), 1).unwrap_err();
    *store.fault.lock().unwrap() = None;
    let small = site(&[("index.html", "home")]);
    let files = files(&small);
    let held = world.run(1, |means| look(&store, means, Some(&files))).unwrap();
    assert!(held.state.is_none() && !held.listing.is_empty());
    let base_url = "https://example.org";
    let wish = Wish { files: &files, base_url, keep: 2, headers: true, alone: false };
    let guards: Vec<Guard> = plan(wish, &held).guards.iter().map(|(guard, _)| *guard).collect();
    assert_eq!(guards, [Guard::Deletions]);
}
