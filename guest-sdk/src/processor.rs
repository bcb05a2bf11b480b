//! Conveniences of the standard job's types.

use crate::{ProcessRequest, ProcessResponse};

impl ProcessRequest {
    /// A request without options.
    pub fn new(input: impl Into<String>) -> ProcessRequest {
        ProcessRequest { input: input.into(), options: Vec::new() }
    }

    /// The request with one more option.
    #[must_use]
    pub fn with_option(mut self, key: impl Into<String>, value: impl Into<String>) -> ProcessRequest {
        self.options.push((key.into(), value.into()));
        self
    }

    /// The value of an option; the first one, when it is given several times.
    #[must_use]
    pub fn option(&self, key: &str) -> Option<&str> {
        self.options.iter().find(|(name, _)| name == key).map(|(_, value)| value.as_str())
    }
}

impl ProcessResponse {
    /// It went well.
    pub fn ok(output: impl Into<String>) -> ProcessResponse {
        ProcessResponse { output: output.into(), success: true, error_message: None }
    }

    /// It did not: why.
    pub fn error(message: impl Into<String>) -> ProcessResponse {
        ProcessResponse { output: String::new(), success: false, error_message: Some(message.into()) }
    }
}

/// For plugins whose work is a function with `?`: `work(req).into()`.
impl<T: Into<String>, E: Into<String>> From<Result<T, E>> for ProcessResponse {
    fn from(result: Result<T, E>) -> ProcessResponse {
        match result {
            Ok(output) => ProcessResponse::ok(output),
            Err(message) => ProcessResponse::error(message),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_option_of_a_name_counts() {
        let req = ProcessRequest::new("x").with_option("a", "1").with_option("a", "2");
        assert_eq!((req.option("a"), req.option("b")), (Some("1"), None));
    }

    #[test]
    fn a_result_becomes_a_response() {
        assert_eq!(ProcessResponse::from(Ok::<_, String>("x")), ProcessResponse::ok("x"));
        let error = ProcessResponse::from(Err::<String, _>("bad"));
        assert!(!error.success && error.output.is_empty());
        assert_eq!(error.error_message.as_deref(), Some("bad"));
    }
}
