//! `cargo plug explain`

use crate::cli::Explain;
use crate::commands::Outcome;
use crate::error_page;
use crate::exit_code::ExitCode;
use crate::failure::{Explained, Failure};
use crate::nearest::nearest;

/// A code and the title of its page.
#[derive(Debug)]
pub(crate) struct Code {
    pub(crate) code: &'static str,
    pub(crate) title: &'static str,
}

#[derive(Debug, thiserror::Error)]
#[error("there is no error code `{given}`")]
struct UnknownCode {
    given: String,
    meant: Option<&'static str>,
}

impl Explained for UnknownCode {
    fn code(&self) -> &'static str {
        "PLG0007"
    }

    fn help(&self) -> Vec<String> {
        let mut help: Vec<_> = self.meant.iter().map(|meant| format!("did you mean `{meant}`?")).collect();
        help.push("`cargo plug explain --list` lists all codes".to_owned());
        help
    }

    fn exit_code(&self) -> ExitCode {
        ExitCode::Usage
    }
}

pub(crate) fn run(args: &Explain) -> Result<Outcome, Failure> {
    let Some(given) = &args.code else {
        return Ok(Outcome::Codes(
            error_page::all().map(|page| Code { code: page.code, title: page.title() }).collect(),
        ));
    };
    let code = given.to_ascii_uppercase();
    // `101` and `0101` are as good as `PLG0101`.
    let code = match code.parse::<u16>() {
        Ok(number) => format!("PLG{number:04}"),
        Err(_) => code,
    };
    match error_page::all().find(|page| page.code == code) {
        Some(page) => Ok(Outcome::Page(page.text)),
        None => {
            let meant = nearest(&code, error_page::all().map(|page| page.code));
            Err(UnknownCode { given: given.clone(), meant }.into())
        }
    }
}
