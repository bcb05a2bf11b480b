//! What the chores are called on the command line.

use std::ffi::OsString;

pub(crate) const USAGE: &str = "\
The chores of this repository

Usage: cargo xtask CHORE

Chores:
  demo             set up, scaffold a plugin, build it, and run it on a picture
  test [ARGS]      set up, then run every test; ARGS go to `cargo nextest run`, and then the
                   documentation's examples are left out
  setup            install the guest target for the compiler of this repository, and the tool
                   minisign where apt-get may do that without asking
                     --dry-run   only say what would be done
  check-examples   build and lint every example and every rendered template
  bless [ARGS]     run the tests and take what they find for right; ARGS as for `test`
  bench [ARGS]     run the benchmarks; ARGS go to criterion
  compat-score     run `cargo plug check-compat` on the 345 measured pairs and score its verdicts
  compat-truth     compare the judge with what wasmtime links, on many random pairs of worlds
  soak             have healthy and hostile plugins on one host for long, and see that all is served
                   as it should be and nothing grows
                     --minutes N   how long; 30 unless told
                     --seed N      what is done; unless told, another each time

  -h, --help       print this

Set-up may add the target wasm32-wasip2 to the Rust toolchain of this repository; `setup`, `test`
and `bless` may add the package minisign to a Debian system when they are run as root.
Exit codes: 0 fine, 1 failed (or the code of the tool that failed), 2 usage.";

/// What is asked for.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Request {
    Help,
    Do(Chore),
}

/// One chore with its arguments.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Chore {
    Setup { dry_run: bool },
    Demo,
    Test { arguments: Vec<OsString> },
    CheckExamples,
    Bless { arguments: Vec<OsString> },
    Bench { arguments: Vec<OsString> },
    CompatScore,
    CompatTruth,
    Soak(Soak),
}

/// How long to soak, and with what.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Soak {
    pub(crate) minutes: u64,
    pub(crate) seed: Option<u64>,
}

/// Reads the arguments after the program's name. The error is a sentence for people.
pub(crate) fn parse(arguments: impl IntoIterator<Item = OsString>) -> Result<Request, String> {
    let mut arguments = arguments.into_iter();
    let Some(first) = arguments.next() else { return Err("no chore was named".to_owned()) };
    let rest: Vec<OsString> = arguments.collect();
    let none = |chore: Chore| match rest.as_slice() {
        [] => Ok(Request::Do(chore)),
        [help] if help == "--help" || help == "-h" => Ok(Request::Help),
        [other, ..] => Err(format!("`{}` is no option of this chore", other.to_string_lossy())),
    };
    match first.to_str() {
        Some("-h" | "--help" | "help") => Ok(Request::Help),
        Some("demo") => none(Chore::Demo),
        Some("check-examples") => none(Chore::CheckExamples),
        Some("compat-score") => none(Chore::CompatScore),
        Some("compat-truth") => none(Chore::CompatTruth),
        Some("setup") => match rest.as_slice() {
            [option] if option == "--dry-run" => Ok(Request::Do(Chore::Setup { dry_run: true })),
            _ => none(Chore::Setup { dry_run: false }),
        },
        Some("test") => Ok(Request::Do(Chore::Test { arguments: without_separator(rest) })),
        Some("bless") => Ok(Request::Do(Chore::Bless { arguments: without_separator(rest) })),
        Some("soak") => match rest.as_slice() {
            [help] if help == "--help" || help == "-h" => Ok(Request::Help),
            options => Ok(Request::Do(Chore::Soak(soak(options)?))),
        },
        Some("bench") => Ok(Request::Do(Chore::Bench { arguments: without_separator(rest) })),
        _ => Err(format!("there is no chore `{}`", first.to_string_lossy())),
    }
}

fn soak(options: &[OsString]) -> Result<Soak, String> {
    let mut soak = Soak { minutes: 30, seed: None };
    for pair in options.chunks(2) {
        let option = pair[0].to_string_lossy();
        let number = || {
            let value = pair.get(1).ok_or_else(|| format!("`{option}` wants a number"))?.to_string_lossy();
            value.parse().map_err(|_| format!("`{option}` wants a number, not `{value}`"))
        };
        match &*option {
            "--minutes" => soak.minutes = number()?,
            "--seed" => soak.seed = Some(number()?),
            _ => return Err(format!("`{option}` is no option of this chore")),
        }
    }
    Ok(soak)
}

fn without_separator(mut arguments: Vec<OsString>) -> Vec<OsString> {
    if arguments.first().is_some_and(|first| first == "--") {
        arguments.remove(0);
    }
    arguments
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(line: &str) -> Result<Request, String> {
        parse(line.split_whitespace().map(OsString::from))
    }

    #[test]
    fn chores_and_their_arguments() {
        assert_eq!(parsed("demo"), Ok(Request::Do(Chore::Demo)));
        assert_eq!(parsed("setup --dry-run"), Ok(Request::Do(Chore::Setup { dry_run: true })));
        assert_eq!(parsed("demo --help"), Ok(Request::Help));
        for line in ["test -p plug-host deadline", "test -- -p plug-host deadline"] {
            let arguments = ["-p", "plug-host", "deadline"].map(OsString::from).to_vec();
            assert_eq!(parsed(line), Ok(Request::Do(Chore::Test { arguments })));
        }
    }

    #[test]
    fn a_soak_takes_a_time_and_a_seed() {
        let soak = |minutes, seed| Ok(Request::Do(Chore::Soak(Soak { minutes, seed })));
        assert_eq!(parsed("soak"), soak(30, None));
        assert_eq!(parsed("soak --seed 7 --minutes 2"), soak(2, Some(7)));
        assert_eq!(parsed("soak --help"), Ok(Request::Help));
        assert_eq!(parsed("soak --minutes"), Err("`--minutes` wants a number".to_owned()));
        assert_eq!(parsed("soak --minutes -1"), Err("`--minutes` wants a number, not `-1`".to_owned()));
        assert_eq!(parsed("soak --hours 1"), Err("`--hours` is no option of this chore".to_owned()));
    }

    #[test]
    fn mistakes_are_named() {
        assert_eq!(parsed(""), Err("no chore was named".to_owned()));
        assert_eq!(parsed("tset"), Err("there is no chore `tset`".to_owned()));
        assert_eq!(parsed("demo --fast"), Err("`--fast` is no option of this chore".to_owned()));
        assert_eq!(parsed("setup --dry-run now"), Err("`--dry-run` is no option of this chore".to_owned()));
    }

    #[test]
    fn every_chore_is_in_the_usage() {
        for chore in [
            "demo",
            "test",
            "setup",
            "check-examples",
            "bless",
            "bench",
            "compat-score",
            "compat-truth",
            "soak",
        ] {
            assert!(USAGE.contains(&format!("\n  {chore}")), "{chore} is not in the usage");
        }
    }
}
