//! `cargo plug`, as cargo finds it: `cargo-plug`.

fn main() -> std::process::ExitCode {
    cargo_plug::run(std::env::args_os(), cargo_plug::Env::from_process()).into()
}
