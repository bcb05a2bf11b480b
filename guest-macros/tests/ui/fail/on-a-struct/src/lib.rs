use plug_guest_sdk::prelude::*;

#[plugin]
struct Shout;

impl Shout {
    fn process(req: ProcessRequest) -> ProcessResponse {
        ProcessResponse::ok(req.input)
    }
}
