use plug_guest_sdk::prelude::*;

struct Shout;

#[plugin]
mod parts {
    use super::{ProcessRequest, ProcessResponse, Shout};

    impl Plugin for Shout {
        fn process(req: ProcessRequest) -> ProcessResponse {
            ProcessResponse::ok(loud(&req.input))
        }

        fn check() -> Result<(), String> {
            Ok(())
        }
    }

    fn loud(text: &str) -> String {
        text.to_uppercase()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_shouts() {
        assert_eq!(Shout::process(ProcessRequest::new("a")).output, "A");
        assert!(Shout::check().is_ok());
    }
}
