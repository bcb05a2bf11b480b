//! A plugin of the standard world: it gets a string and options, and answers with a string.

use plug_guest_sdk::prelude::*;

struct {{type}};

#[plugin]
impl Plugin for {{type}} {
    fn process(req: ProcessRequest) -> ProcessResponse {
        ProcessResponse::ok(capitals(&req.input))
    }
}

fn capitals(text: &str) -> String {
    text.to_uppercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    // Tests run natively, without a host: `cargo test`.
    #[test]
    fn letters_become_capitals() {
        assert_eq!(capitals("hi, größe"), "HI, GRÖSSE");
    }

    #[test]
    fn a_request_is_answered() {
        let req = ProcessRequest {
            input: "hi".to_owned(),
            options: Vec::new(),
        };
        let response = {{type}}::process(req);
        assert!(response.success);
        assert_eq!(response.output, "HI");
    }
}
