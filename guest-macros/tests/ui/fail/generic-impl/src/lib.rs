use plug_guest_sdk::prelude::*;

struct Shout<T>(T);

#[plugin]
impl<T: Default> Plugin for Shout<T> {
    fn process(req: ProcessRequest) -> ProcessResponse {
        let _ = T::default();
        ProcessResponse::ok(req.input)
    }
}
