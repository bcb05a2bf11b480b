use plug_guest_sdk::prelude::*;

#[plugin]
fn process(req: ProcessRequest) -> ProcessResponse {
    ProcessResponse::ok(req.input)
}
