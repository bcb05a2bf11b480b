//! All reasons why an artifact may not be loaded.

use std::error::Error;
use std::fmt;

use crate::failure::Failure;
use crate::name::shown;

/// An artifact that may not be loaded, with all that speaks against it.
///
/// There is one failure at least, and they stand in the order of admission.
#[derive(Debug)]
pub struct Refused {
    plugin: String,
    failures: Vec<Failure>,
}

impl Refused {
    /// With one failure at least.
    pub(crate) fn new(plugin: &str, mut failures: Vec<Failure>) -> Refused {
        failures.sort_by_key(Failure::stage);
        Refused { plugin: plugin.to_owned(), failures }
    }

    /// The same, and what speaks against it besides.
    ///
    /// For a host that has errors of its own where nothing is wrong but what it found itself; see
    /// [`Admission::check_with`](crate::Admission::check_with) for one list in all cases.
    #[must_use]
    pub fn with(self, found: impl IntoIterator<Item = Failure>) -> Refused {
        let Refused { plugin, mut failures } = self;
        failures.extend(found);
        Refused::new(&plugin, failures)
    }

    /// The plugin.
    #[must_use]
    pub fn plugin(&self) -> &str {
        &self.plugin
    }

    /// All that speaks against it, in the order of admission; one at least.
    #[must_use]
    pub fn failures(&self) -> &[Failure] {
        &self.failures
    }

    /// The code of the first failure.
    #[must_use]
    pub fn code(&self) -> &'static str {
        self.failures.first().map_or("", Failure::code)
    }

    /// What to do, one line each.
    #[must_use]
    pub fn help(&self) -> Vec<String> {
        self.failures.iter().flat_map(Failure::help).collect()
    }
}

impl Error for Refused {}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the plugin `{}` may not be loaded", shown(&self.plugin))?;
        for failure in &self.failures {
            write!(f, "\n{} [{}]: {failure}", failure.stage(), failure.code())?;
            let mut next = Error::source(failure);
            while let Some(cause) = next {
                write!(f, "\n  because: {cause}")?;
                next = cause.source();
            }
            for help in failure.help() {
                write!(f, "\n  help: {help}")?;
            }
        }
        Ok(())
    }
}
