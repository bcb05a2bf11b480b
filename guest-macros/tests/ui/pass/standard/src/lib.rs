use plug_guest_sdk::prelude::*;

struct Shout;

#[plugin]
impl Plugin for Shout {
    fn process(req: ProcessRequest) -> ProcessResponse {
        ProcessResponse::ok(req.input.to_uppercase())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_shouts() {
        assert_eq!(Shout::process(ProcessRequest::new("a")), ProcessResponse::ok("A"));
    }

    #[test]
    fn the_lifecycle_is_filled_in() {
        assert!(Shout::initialize(vec![]).is_ok());
        assert!(Shout::shutdown().is_ok());
        let about = Shout::get_metadata();
        assert_eq!((about.name.as_str(), about.version.as_str()), ("standard", "0.3.0"));
    }
}
