//! What is checked besides a build, because it is slow or asks others.

pub mod external;
