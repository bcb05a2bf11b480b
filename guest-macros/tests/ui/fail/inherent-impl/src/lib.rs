use plug_guest_sdk::prelude::*;

struct Shout;

#[plugin]
impl Shout {
    fn process(req: ProcessRequest) -> ProcessResponse {
        ProcessResponse::ok(req.input)
    }
}
