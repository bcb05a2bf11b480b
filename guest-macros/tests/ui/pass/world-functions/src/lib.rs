use plug_guest_sdk::prelude::*;

struct Tool;

#[plugin(path = "wit")]
impl Plugin for Tool {
    fn ping(n: u32) -> u32 {
        n + 1
    }

    fn where_at() -> Place {
        Place { x: 1, y: 2 }
    }

    fn compile(text: String) -> Result<String, String> {
        Ok(text)
    }

    fn process(req: ProcessRequest) -> ProcessResponse {
        ProcessResponse::ok(req.input)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_block_serves_world_inline_interface_and_standard_job() {
        assert_eq!(Tool::ping(1), 2);
        assert_eq!(Tool::where_at(), Place { x: 1, y: 2 });
        assert_eq!(Tool::compile("a".into()), Ok("a".into()));
        assert_eq!(Tool::process(ProcessRequest::new("b")).output, "b");
    }
}
