use plug_policy::{Capability, PolicyLine, Suggestion, WantScope};
use serde::Serialize;

use super::document;
use crate::commands::caps::{
    CapsReport, Changes, Decision, Examined, Kind, Pair, Power, Standing, Subject, Want, Wants, WantsError,
    want_help,
};
use crate::component_file::section_help;

#[derive(Serialize)]
struct One<'a> {
    component: Component<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    policy: Option<PolicyJson<'a>>,
}

#[derive(Serialize)]
struct UpgradeJson<'a> {
    old: One<'a>,
    new: One<'a>,
    gains: ChangesJson<'a>,
    loses: ChangesJson<'a>,
    widens: bool,
    narrows: bool,
}

#[derive(Serialize)]
struct Component<'a> {
    file: &'a str,
    name: Option<&'a str>,
    version: Option<&'a str>,
    contract: Option<&'a str>,
    /// Missing if they cannot be read.
    wants: Option<Vec<WantJson<'a>>>,
    /// Why not all wants can be read.
    #[serde(skip_serializing_if = "Option::is_none")]
    wants_error: Option<WantsErrorJson>,
    reach: Vec<ReachJson>,
    /// Imports without power.
    harmless: Vec<&'a str>,
    /// Imports that are an application's own.
    unknown: Vec<&'a str>,
    /// Capabilities that are wanted, and for which nothing is imported.
    unused: Vec<String>,
}

#[derive(Serialize)]
struct WantJson<'a> {
    want: &'a str,
    /// Null if there is no such capability.
    capability: Option<String>,
    /// Null for whatever is granted.
    scope: Option<String>,
    reason: &'a str,
    required: bool,
}

#[derive(Serialize)]
struct WantsErrorJson {
    code: &'static str,
    message: String,
    causes: Vec<String>,
    help: String,
}

#[derive(Serialize)]
struct ReachJson {
    /// `wanted`, `unwanted` or `free`.
    standing: &'static str,
    capabilities: Vec<String>,
    imports: Vec<String>,
}

#[derive(Serialize)]
struct PolicyJson<'a> {
    file: Option<&'a str>,
    plugin: &'a str,
    effective: Vec<String>,
    denied: Vec<DeniedJson<'a>>,
    admitted: bool,
}

#[derive(Serialize)]
struct DeniedJson<'a> {
    want: String,
    reason: &'a str,
    required: bool,
    /// The line of policy that would grant it, and the table that it belongs to.
    line: String,
    table: String,
}

#[derive(Serialize)]
struct ChangesJson<'a> {
    wants: Vec<GainJson<'a>>,
    reach: Vec<String>,
    unknown: &'a [String],
    effective: Vec<&'a str>,
}

#[derive(Serialize)]
struct GainJson<'a> {
    want: &'a str,
    reason: Option<&'a str>,
}

#[derive(Serialize)]
struct SuggestionsJson<'a> {
    suggestions: Vec<SuggestionJson<'a>>,
}

#[derive(Serialize)]
struct SuggestionJson<'a> {
    plugin: &'a str,
    /// The table that the lines belong to.
    table: String,
    lines: Vec<String>,
    /// What no grant can allow.
    hopeless: Vec<&'a str>,
    /// What has no room in an entry of a policy.
    left_out: Vec<LeftOutJson>,
}

#[derive(Serialize)]
struct LeftOutJson {
    capability: String,
    denials: u64,
}

pub(in crate::report) fn caps(report: &CapsReport) -> String {
    let policy = report.policy.as_deref();
    match &report.kind {
        Kind::Suggested(audit) => {
            document(SuggestionsJson { suggestions: audit.suggestions().map(suggestion).collect() })
        }
        Kind::One(one) => document(examined(one, policy)),
        Kind::Upgrade(pair) => {
            let Pair { old, new, upgrade } = &**pair;
            document(UpgradeJson {
                old: examined(old, policy),
                new: examined(new, policy),
                gains: changes(&upgrade.gained),
                loses: changes(&upgrade.lost),
                widens: upgrade.widens(),
                narrows: upgrade.narrows(),
            })
        }
    }
}

fn suggestion(suggestion: &Suggestion) -> SuggestionJson<'_> {
    let left_out = suggestion.left_out();
    SuggestionJson {
        plugin: suggestion.plugin(),
        table: PolicyLine::table(suggestion.plugin()),
        lines: suggestion.lines().iter().map(ToString::to_string).collect(),
        hopeless: suggestion.hopeless().collect(),
        left_out: left_out
            .map(|(capability, denials)| LeftOutJson { capability: capability.to_string(), denials })
            .collect(),
    }
}

fn examined<'a>(examined: &'a Examined, policy: Option<&'a str>) -> One<'a> {
    let decision = examined.decision.as_ref();
    One {
        component: component(&examined.subject),
        policy: decision.map(|decision| self::decision(decision, policy)),
    }
}

fn component(subject: &Subject) -> Component<'_> {
    let identity = subject.identity.as_ref();
    let names = |capabilities: Vec<Capability>| capabilities.iter().map(ToString::to_string).collect();
    Component {
        file: &subject.file,
        name: identity.map(|(name, _)| name.as_str()),
        version: identity.map(|(_, version)| version.as_str()),
        contract: subject.contract.as_deref(),
        wants: match &subject.wants {
            Wants::Undeclared => Some(Vec::new()),
            Wants::Listed(wants) => Some(wants.iter().map(want).collect()),
            Wants::TooMany(_) | Wants::Unreadable(_) => None,
        },
        wants_error: subject.wants.error().map(wants_error),
        reach: subject
            .reach()
            .into_iter()
            .map(|reach| ReachJson {
                standing: match reach.standing {
                    Standing::Wanted => "wanted",
                    Standing::Unwanted => "unwanted",
                    Standing::Free => "free",
                },
                capabilities: names(reach.capabilities),
                imports: reach.imports,
            })
            .collect(),
        harmless: subject.imports_of(&Power::Nothing).collect(),
        unknown: subject.unknown().collect(),
        unused: names(subject.idle()),
    }
}

fn want(want: &Want) -> WantJson<'_> {
    let scope = want.scope.as_ref().ok();
    WantJson {
        want: &want.text,
        capability: scope.map(|scope| scope.capability().to_string()),
        scope: scope.and_then(WantScope::scope),
        reason: &want.reason,
        required: want.required,
    }
}

fn wants_error(error: WantsError<'_>) -> WantsErrorJson {
    match error {
        WantsError::Want(error) => WantsErrorJson {
            code: error.code(),
            message: error.to_string(),
            causes: Vec::new(),
            help: want_help(error),
        },
        WantsError::Section(error) => {
            let first = std::error::Error::source(error);
            WantsErrorJson {
                code: error.code(),
                message: error.to_string(),
                causes: std::iter::successors(first, |cause| cause.source())
                    .map(ToString::to_string)
                    .collect(),
                help: section_help(error).to_owned(),
            }
        }
    }
}

fn decision<'a>(decision: &'a Decision, policy: Option<&'a str>) -> PolicyJson<'a> {
    let denied = decision.denied().iter().map(|denied| DeniedJson {
        want: denied.wanted.scope.to_string(),
        reason: &denied.wanted.reason,
        required: denied.wanted.required,
        line: denied.line.to_string(),
        table: decision.table(),
    });
    PolicyJson {
        file: policy,
        plugin: &decision.plugin,
        effective: decision.effective.lines(),
        denied: denied.collect(),
        admitted: decision.refused.is_none(),
    }
}

fn changes(changes: &Changes) -> ChangesJson<'_> {
    let Changes { wants, reach, unknown, effect } = changes;
    ChangesJson {
        wants: wants
            .iter()
            .map(|(gain, reason)| GainJson { want: &gain.text, reason: reason.as_deref() })
            .collect(),
        reach: reach.iter().map(ToString::to_string).collect(),
        unknown,
        effective: effect.iter().map(|gain| gain.text.as_str()).collect(),
    }
}
