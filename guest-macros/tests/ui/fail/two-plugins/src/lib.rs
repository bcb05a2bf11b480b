use plug_guest_sdk::prelude::*;

struct Shout;

#[plugin]
impl Plugin for Shout {
    fn process(req: ProcessRequest) -> ProcessResponse {
        ProcessResponse::ok(req.input.to_uppercase())
    }
}

mod other {
    use plug_guest_sdk::prelude::*;

    struct Whisper;

    #[plugin]
    impl Plugin for Whisper {
        fn process(req: ProcessRequest) -> ProcessResponse {
            ProcessResponse::ok(req.input.to_lowercase())
        }
    }
}
