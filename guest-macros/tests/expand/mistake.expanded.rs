::core::compile_error! {
    "`process` has a `self`: the host calls it without an object\nhelp: write `fn process(req: ProcessRequest) -> ProcessResponse`, and keep what must last in a `static` or `thread_local!` [PLG0813]"
}
::core::compile_error! {
    "`process` returns `ProcessResponse` in the world, not `String`\nhelp: write `fn process(req: ProcessRequest) -> ProcessResponse` [PLG0812]"
}
::core::compile_error! {
    "the world `plug:plugin/plugin@1.0.0` has no function `chek`\nhelp: did you mean `check`? Functions of your own go outside of this impl [PLG0809]"
}
#[allow(warnings, unsafe_code)]
impl Shout {
    fn process(&self, req: ProcessRequest) -> String {
        req.input
    }
    fn chek() -> Result<(), String> {
        Ok(())
    }
}
