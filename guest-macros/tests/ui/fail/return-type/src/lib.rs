use plug_guest_sdk::prelude::*;

struct Shout;

#[plugin]
impl Plugin for Shout {
    fn process(req: ProcessRequest) -> String {
        req.input.to_uppercase()
    }

    fn shutdown() {
        info!("bye");
    }
}
