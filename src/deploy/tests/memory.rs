//! A store in memory that fails whenever it is told to.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use super::Site;
use crate::deploy::store::Read;
use crate::deploy::{Condition, Entry, Failure, Headers, OWN_PREFIX, Put, Store};

/// A file as it is stored.
#[derive(Clone)]
pub(super) struct Object {
    pub(super) bytes: Vec<u8>,
    pub(super) headers: Headers,
    pub(super) stamp: String,
    pub(super) version: u64,
}

/// How the request of a number fails.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Fault {
    /// Nothing happens.
    Before,
    /// It has its effect, and nobody is told.
    After,
}

/// Looks at what is stored.
type Check = dyn Fn(&BTreeMap<String, Object>) + Sync + Send;

/// A store in memory, which counts requests and fails those that it is told to.
pub(super) struct Memory {
    pub(super) objects: Mutex<BTreeMap<String, Object>>,
    pub(super) requests: AtomicUsize,
    pub(super) versions: AtomicU64,
    pub(super) fault: Mutex<Option<(usize, Fault, bool)>>,
    /// Called with what is served after every request that changes something.
    pub(super) check: Box<Check>,
    pub(super) conditions: bool,
}

impl Memory {
    pub(super) fn new() -> Self {
        Self {
            objects: Mutex::new(BTreeMap::new()),
            requests: AtomicUsize::new(0),
            versions: AtomicU64::new(0),
            fault: Mutex::new(None),
            check: Box::new(|_| {}),
            conditions: true,
        }
    }

    /// Counts a request and says how it fails.
    fn request(&self) -> Option<(Fault, Failure)> {
        let n = self.requests.fetch_add(1, Ordering::SeqCst);
        let (at, fault, passing) = (*self.fault.lock().unwrap())?;
        // What passes, passes once; what does not, is there for all that come after.
        let hit = if passing { n == at } else { n >= at };
        hit.then(|| (fault, Failure { passing, ..Failure::new("cut") }))
    }

    fn act<T>(
        &self,
        effect: impl FnOnce(&mut BTreeMap<String, Object>) -> T,
    ) -> Result<T, Failure> {
        let failed = self.request();
        if let Some((Fault::Before, failure)) = failed {
            return Err(failure);
        }
        let mut objects = self.objects.lock().unwrap();
        let result = effect(&mut objects);
        (self.check)(&objects);
        failed.map_or(Ok(result), |(_, failure)| Err(failure))
    }

    fn version(&self) -> u64 {
        self.versions.fetch_add(1, Ordering::SeqCst)
    }

    pub(super) fn served(&self) -> Site {
        served(&self.objects.lock().unwrap())
    }
}

/// What is served, without what is the program's own.
pub(super) fn served(objects: &BTreeMap<String, Object>) -> Site {
    let text = |object: &Object| String::from_utf8(object.bytes.clone()).unwrap();
    let visible = objects.iter().filter(|(key, _)| !key.starts_with(OWN_PREFIX));
    visible.map(|(key, object)| (key.clone(), text(object))).collect()
}

impl Store for Memory {
    fn list(&self) -> Result<BTreeMap<String, Entry>, Failure> {
        self.act(|objects| {
            let entry = |object: &Object| Entry {
                size: object.bytes.len() as u64,
                version: Some(object.version.to_string()),
                hash: None,
            };
            objects.iter().map(|(key, object)| (key.clone(), entry(object))).collect()
        })
    }

    fn get(&self, key: &str) -> Result<Option<Read>, Failure> {
        self.act(|objects| {
            objects.get(key).map(|it| (it.bytes.clone(), Some(it.version.to_string())))
        })
    }

    fn put(
        &self,
        key: &str,
        bytes: &[u8],
        headers: &Headers,
        stamp: &str,
        condition: Condition<'_>,
    ) -> Result<Put, Failure> {
        let version = self.version();
        self.act(|objects| {
            let there = objects.get(key).map(|object| object.version.to_string());
            let holds = match condition {
                Condition::Always => true,
                Condition::Absent => there.is_none(),
                Condition::Version(wanted) => there.as_deref() == Some(wanted),
            };
            if self.conditions && !holds {
                return Put::Refused;
            }
            let object = Object {
                bytes: bytes.to_vec(),
                headers: headers.clone(),
                stamp: stamp.into(),
                version,
            };
            objects.insert(key.into(), object);
            Put::Done(Some(version.to_string()))
        })
    }

    fn copy(
        &self,
        (from, wanted): (&str, Option<&str>),
        to: &str,
        headers: &Headers,
        stamp: &str,
    ) -> Result<Put, Failure> {
        let version = self.version();
        self.act(|objects| {
            let is_wanted =
                |object: &Object| wanted.is_none_or(|it| it == object.version.to_string());
            let Some(object) = objects.get(from).filter(|object| is_wanted(object)).cloned() else {
                return Put::Refused;
            };
            let copy = Object { headers: headers.clone(), stamp: stamp.into(), version, ..object };
            objects.insert(to.into(), copy);
            Put::Done(Some(version.to_string()))
        })
    }

    fn delete(&self, key: &str) -> Result<(), Failure> {
        self.act(|objects| {
            objects.remove(key);
        })
    }

    fn stamp(&self, key: &str) -> Result<Option<String>, Failure> {
        self.act(|objects| objects.get(key).map(|object| object.stamp.clone()))
    }

    fn keeps_headers(&self) -> bool {
        true
    }

    fn has_folders(&self) -> bool {
        false
    }

    fn serves_packed(&self) -> bool {
        false
    }
}
