//! Reading a file that people write.

use std::fs;
use std::io::Read;
use std::path::Path;

/// A text file that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{what}")]
#[non_exhaustive]
pub struct TextFileError {
    /// What is wrong.
    pub what: String,
    /// What to do.
    pub help: &'static str,
}

/// The text of the file at `path`, which may have `most` bytes.
///
/// # Errors
///
/// When it cannot be read, is no regular file, is larger, or is no UTF-8.
pub fn read_text(path: &Path, most: u64) -> Result<String, TextFileError> {
    let wrong = |what: String, help| TextFileError { what, help };
    let failed = |error: std::io::Error| wrong(error.to_string(), "look at the path and its permissions");
    let metadata = fs::metadata(path).map_err(failed)?;
    if !metadata.is_file() {
        return Err(wrong("it is no file".to_owned(), "name the file itself"));
    }
    let mut bytes = Vec::new();
    fs::File::open(path).and_then(|file| file.take(most + 1).read_to_end(&mut bytes)).map_err(failed)?;
    if bytes.len() as u64 > most {
        return Err(wrong(format!("it has more than {most} bytes"), "is it the right file?"));
    }
    String::from_utf8(bytes).map_err(|_| wrong("it is no text in UTF-8".to_owned(), "is it the right file?"))
}
