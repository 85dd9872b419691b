//! Changing one file of the site's source, whole or not at all.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

/// Replaces the text of a file that is there, keeping its permissions and its byte order mark. A
/// symbolic link stays one: what it leads to is replaced.
///
/// # Errors
/// Where it cannot be written; it is then as it was.
pub fn replace(path: &Path, text: &str) -> io::Result<()> {
    let path = fs::canonicalize(path)?;
    let marked = fs::read(&path)?.starts_with("\u{FEFF}".as_bytes());
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let staged = path.with_file_name(format!(".{name}.dhikra"));
    let write = || {
        let mut file = fs::File::create(&staged)?;
        if marked && !text.starts_with('\u{FEFF}') {
            file.write_all("\u{FEFF}".as_bytes())?;
        }
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        fs::set_permissions(&staged, fs::metadata(&path)?.permissions())?;
        fs::rename(&staged, &path)
    };
    write().inspect_err(|_| {
        // Where even this fails, the staged file is hidden and no part of the site.
        let _ = fs::remove_file(&staged);
    })
}
