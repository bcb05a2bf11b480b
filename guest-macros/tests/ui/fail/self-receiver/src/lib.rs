use plug_guest_sdk::prelude::*;

struct Shout {
    volume: usize,
}

#[plugin]
impl Plugin for Shout {
    fn process(&self, req: ProcessRequest) -> ProcessResponse {
        ProcessResponse::ok(req.input.repeat(self.volume))
    }
}
