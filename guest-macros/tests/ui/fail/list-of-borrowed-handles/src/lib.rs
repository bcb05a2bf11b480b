use plug_guest_sdk::prelude::*;

struct Archive;

#[plugin(path = "wit")]
impl Archive for Archive {
    fn pack(_input: Vec<&File>) {}
}
