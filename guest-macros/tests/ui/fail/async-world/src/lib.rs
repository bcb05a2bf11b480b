use plug_guest_sdk::prelude::*;

struct Slow;

#[plugin(path = "wit")]
impl Work for Slow {
    async fn run(input: String) -> String {
        input
    }
}
