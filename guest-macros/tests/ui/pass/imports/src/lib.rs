use plug_guest_sdk::prelude::*;

struct Clocked;

#[plugin(path = "wit")]
impl Work for Clocked {
    fn run() -> u64 {
        let file = File::open("a");
        bindings::acme::host::clock::now() + u64::from(file.size())
    }

    fn worst() -> Level {
        Level::Error
    }

    fn again(req: ProcessRequest) -> ProcessRequest {
        req.with_option("again", "yes")
    }

    fn measure(one: &File, other: Option<&File>, rest: Vec<File>) -> u32 {
        one.size() + other.map_or(0, File::size) + rest.iter().map(File::size).sum::<u32>()
    }
}
