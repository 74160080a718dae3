//! What was written down after somebody read it.

use std::fs;
use std::path::PathBuf;

/// Compares texts with the files that keep them; `BLESS=1` writes them there.
pub fn assert_as_read(texts: impl IntoIterator<Item = (PathBuf, String)>) {
    let is_blessed = std::env::var_os("BLESS").is_some();
    let mut changed = Vec::new();
    for (path, text) in texts {
        if is_blessed {
            fs::write(&path, &text).expect("it can be written");
        }
        if fs::read_to_string(&path).ok() != Some(text) {
            changed.push(path.file_stem().unwrap_or_default().to_owned());
        }
    }
    assert!(changed.is_empty(), "{changed:?} have changed; BLESS=1 rewrites them: read every line that differs");
}
