//! `cargo plug explain`

use plug_contract::{rule, rules};

use crate::cli::Explain;
use crate::commands::Outcome;
use crate::error_page;
use crate::exit_code::ExitCode;
use crate::failure::{Explained, Failure};
use crate::nearest::nearest;

/// A code and the title of its page, or a rule and its sentence.
#[derive(Debug)]
pub(crate) struct Code {
    pub(crate) code: &'static str,
    pub(crate) title: &'static str,
}

#[derive(Debug, thiserror::Error)]
#[error("there is no error code and no rule `{given}`")]
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
        help.push("`cargo plug explain --list` lists all codes, `--rules` all rules".to_owned());
        help
    }

    fn exit_code(&self) -> ExitCode {
        ExitCode::Usage
    }
}

pub(crate) fn run(args: &Explain) -> Result<Outcome, Failure> {
    let Some(given) = &args.code else {
        let rules = rules().map(|rule| Code { code: rule.id, title: rule.sentence });
        let codes = error_page::all().map(|page| Code { code: page.code, title: page.title() });
        return Ok(Outcome::Codes(if args.rules { rules.collect() } else { codes.collect() }));
    };
    if let Some(rule) = rule(given).or_else(|| rules().find(|rule| rule.name == *given)) {
        return Ok(Outcome::Page(rule.page));
    }
    let code = given.to_ascii_uppercase();
    // `101` and `0101` are as good as `PLG0101`.
    let code = match code.parse::<u16>() {
        Ok(number) => format!("PLG{number:04}"),
        Err(_) => code,
    };
    match error_page::all().find(|page| page.code == code) {
        Some(page) => Ok(Outcome::Page(page.text)),
        None => {
            let ids = || rules().map(|rule| rule.id);
            // All ids have one length, so that a slip in the number finds the wrong one: only a rule of
            // the same family is near.
            let family = |id: &&str| id.get(..1) == code.get(..1);
            let meant = nearest(&code, error_page::all().map(|page| page.code))
                .or_else(|| nearest(&code, ids().filter(family)))
                .or_else(|| nearest(given, rules().map(|rule| rule.name)));
            Err(UnknownCode { given: given.clone(), meant }.into())
        }
    }
}
