//! What the host configured for this plugin.
//!
//! ```
//! use plug_guest_sdk::config;
//! # plug_guest_sdk::testing::set_config([("max-width", "640")]);
//!
//! let width: u32 = config::require("max-width")?;
//! let title: Option<String> = config::get("title")?;
//! let quality = config::get::<u8>("quality")?.unwrap_or(80);
//! # assert_eq!((width, title, quality), (640, None, 80));
//! # Ok::<(), config::ConfigError>(())
//! ```
//!
//! In functions that answer the host with a `String`, such as `initialize`, the `?` works as well.

use std::error::Error;
use std::fmt;
use std::str::FromStr;

/// The value for `key` as a `T`; none when the host has none for it.
///
/// # Errors
/// When there is a value and it is no `T`.
pub fn get<T>(key: &str) -> Result<Option<T>, ConfigError>
where
    T: FromStr,
    T::Err: Error + Send + Sync + 'static,
{
    match crate::host::config(key) {
        Some(value) => parse(key, value).map(Some),
        None => Ok(None),
    }
}

/// The value for `key` as a `T`.
///
/// # Errors
/// When there is no value, or it is no `T`.
pub fn require<T>(key: &str) -> Result<T, ConfigError>
where
    T: FromStr,
    T::Err: Error + Send + Sync + 'static,
{
    get(key)?.ok_or_else(|| ConfigError { key: key.to_owned(), wanted: type_name::<T>(), found: None })
}

fn parse<T>(key: &str, value: String) -> Result<T, ConfigError>
where
    T: FromStr,
    T::Err: Error + Send + Sync + 'static,
{
    value.parse().map_err(|source: T::Err| ConfigError {
        key: key.to_owned(),
        wanted: type_name::<T>(),
        found: Some((value, Box::new(source))),
    })
}

/// `String` rather than `alloc::string::String`.
fn type_name<T>() -> &'static str {
    let full = std::any::type_name::<T>();
    if full.contains('<') { full } else { full.rsplit("::").next().unwrap_or(full) }
}

/// A configured value is missing, or of the wrong type.
#[derive(Debug)]
pub struct ConfigError {
    key: String,
    wanted: &'static str,
    found: Option<(String, Box<dyn Error + Send + Sync>)>,
}

impl ConfigError {
    /// The key that was asked for.
    #[must_use]
    pub fn key(&self) -> &str {
        &self.key
    }

    /// The value that does not fit; none when there is no value.
    #[must_use]
    pub fn value(&self) -> Option<&str> {
        self.found.as_ref().map(|(value, _)| value.as_str())
    }

    /// The name of the type that was wanted.
    #[must_use]
    pub fn wanted(&self) -> &str {
        self.wanted
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ConfigError { key, wanted, found } = self;
        match found {
            None => write!(f, "no value for the config key `{key}`, which wants a `{wanted}`"),
            Some((value, _)) => write!(f, "the config key `{key}` is `{value}`, which is no `{wanted}`"),
        }
    }
}

impl Error for ConfigError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.found.as_ref().map(|(_, source)| &**source as &(dyn Error + 'static))
    }
}

/// For functions that answer the host with a text: with the cause.
impl From<ConfigError> for String {
    fn from(error: ConfigError) -> String {
        match error.source() {
            Some(source) => format!("{error}: {source}"),
            None => error.to_string(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing;

    #[test]
    fn values_are_typed() {
        testing::set_config([("width", "640"), ("on", "true"), ("name", "a b")]);
        assert_eq!(get::<u32>("width").unwrap(), Some(640));
        assert!(require::<bool>("on").unwrap());
        assert_eq!(require::<String>("name").unwrap(), "a b");
        assert_eq!(get::<u32>("height").unwrap(), None);
    }

    #[test]
    fn an_error_names_key_value_and_type() {
        testing::set_config([("width", "wide")]);
        let error = get::<u32>("width").unwrap_err();
        assert_eq!((error.key(), error.value(), error.wanted()), ("width", Some("wide"), "u32"));
        assert_eq!(error.to_string(), "the config key `width` is `wide`, which is no `u32`");
        assert_eq!(
            String::from(error),
            "the config key `width` is `wide`, which is no `u32`: invalid digit found in string"
        );
        let error = require::<String>("name").unwrap_err();
        assert_eq!(error.to_string(), "no value for the config key `name`, which wants a `String`");
        assert!(error.source().is_none());
    }
}
