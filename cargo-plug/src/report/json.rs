//! For programs. These structs are the format, and nothing else in this crate is: a change of
//! theirs that breaks a reader is a new number in `format`.

mod admission;
mod caps;
mod compat;
mod contract;

pub(super) use admission::{keys, locked, signed, verification};
pub(super) use caps::caps;
pub(super) use compat::comparison;
pub(super) use contract::{drift, hashes};

use std::collections::BTreeMap;

use plug_contract::{Manifest, SectionError, Want, WantedLimits};
use plug_toolchain::doctor::CheckState;
use serde::Serialize;

use super::Layout;
use crate::commands::build::{BuildReport, BuiltPlugin, ImportOrigin, policy_name};
use crate::commands::call::{Answer, Functions, Value};
use crate::commands::doctor::Examination;
use crate::commands::inspect::{Agreement, Declared, Group, Inspection, Kind};
use crate::component_file::section_help;
use crate::failure::Failure;

/// The version of all documents here.
const FORMAT: u32 = 1;

#[derive(Serialize)]
struct Document<T> {
    format: u32,
    #[serde(flatten)]
    content: T,
}

fn document(content: impl Serialize) -> String {
    set(content, Layout::Whole)
}

fn set(content: impl Serialize, layout: Layout) -> String {
    let document = Document { format: FORMAT, content };
    let text = match layout {
        Layout::Whole => serde_json::to_string_pretty(&document),
        Layout::Lines => serde_json::to_string(&document),
    };
    format!("{}\n", text.expect("structs of text and numbers are always JSON"))
}

#[derive(Serialize)]
struct Failed<'a> {
    error: Error<'a>,
}

#[derive(Serialize)]
struct Error<'a> {
    code: &'a str,
    message: String,
    place: Option<String>,
    causes: Vec<String>,
    details: Option<String>,
    help: Vec<String>,
    exit_code: u8,
}

impl<'a> Failed<'a> {
    fn new(failure: &'a Failure) -> Self {
        let error = failure.error();
        let error = Error {
            code: error.code(),
            message: error.to_string(),
            place: error.place(),
            causes: failure.causes(),
            details: error.details(),
            help: error.help(),
            exit_code: failure.exit_code() as u8,
        };
        Self { error }
    }
}

pub(super) fn failure(failure: &Failure, layout: Layout) -> String {
    set(Failed::new(failure), layout)
}

#[derive(Serialize)]
struct ContractJson {
    world: String,
    hash: String,
    abi_hash: String,
}

#[derive(Serialize)]
struct ManifestJson<'a> {
    name: &'a str,
    version: &'a str,
    description: &'a str,
    capabilities: Vec<CapabilityJson<'a>>,
    limits: LimitsJson<'a>,
    instance_policy: Option<&'static str>,
}

#[derive(Serialize)]
struct CapabilityJson<'a> {
    capability: &'a str,
    reason: &'a str,
    required: bool,
}

#[derive(Serialize)]
struct LimitsJson<'a> {
    memory_bytes: Option<u64>,
    deadline_ms: Option<u64>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    more: &'a BTreeMap<String, u64>,
}

impl<'a> ManifestJson<'a> {
    fn new(manifest: &'a Manifest) -> Self {
        let WantedLimits { memory, deadline_ms, more, .. } = &manifest.limits;
        let capability = |want: &'a Want| CapabilityJson {
            capability: &want.capability,
            reason: &want.reason,
            required: want.required,
        };
        Self {
            name: &manifest.name,
            version: &manifest.version,
            description: &manifest.description,
            capabilities: manifest.capabilities.iter().map(capability).collect(),
            limits: LimitsJson { memory_bytes: *memory, deadline_ms: *deadline_ms, more },
            instance_policy: manifest.instance_policy.map(policy_name),
        }
    }
}

#[derive(Serialize)]
struct Build<'a> {
    plugins: Vec<Plugin<'a>>,
}

#[derive(Serialize)]
struct Plugin<'a> {
    path: &'a str,
    size: u64,
    digest: String,
    contract: ContractJson,
    exports: &'a [String],
    imports: Vec<ImportJson<'a>>,
    manifest: ManifestJson<'a>,
}

#[derive(Serialize)]
struct ImportJson<'a> {
    name: &'a str,
    /// `contract`, or `std` for WASI that the standard library brings.
    origin: &'static str,
}

pub(super) fn build(report: &BuildReport) -> String {
    fn plugin(plugin: &BuiltPlugin) -> Plugin<'_> {
        let BuiltPlugin { path, size, digest, contract, imports, exports, manifest, .. } = plugin;
        Plugin {
            path,
            size: *size,
            digest: digest.to_string(),
            contract: ContractJson {
                world: contract.id(),
                hash: contract.hash().to_string(),
                abi_hash: contract.abi_hash().to_string(),
            },
            exports,
            imports: imports
                .iter()
                .map(|import| ImportJson {
                    name: &import.name,
                    origin: match import.origin {
                        ImportOrigin::Contract => "contract",
                        ImportOrigin::Std => "std",
                    },
                })
                .collect(),
            manifest: ManifestJson::new(manifest),
        }
    }
    document(Build { plugins: report.plugins.iter().map(plugin).collect() })
}

#[derive(Serialize)]
struct Inspected<'a> {
    file: &'a str,
    /// `component` or `wit-package`.
    kind: &'static str,
    size: u64,
    digest: String,
    parts: Parts,
    producers: Vec<ProducerJson<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    surface: Option<SurfaceJson<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    declared: Option<DeclaredJson<'a>>,
    /// Why there is no `declared`, though the component has a section with one.
    #[serde(skip_serializing_if = "Option::is_none")]
    declared_error: Option<DeclaredError>,
}

/// Bytes; together they are `size`.
#[derive(Serialize)]
struct Parts {
    code: u64,
    data: u64,
    names: u64,
    debug_info: u64,
    contract_section: u64,
    other_custom_sections: u64,
    structure: u64,
    modules: u32,
}

#[derive(Serialize)]
struct ProducerJson<'a> {
    field: &'a str,
    name: &'a str,
    version: &'a str,
}

#[derive(Serialize)]
struct SurfaceJson<'a> {
    hash: String,
    abi_hash: String,
    exports: Vec<GroupJson<'a>>,
    imports: Vec<GroupJson<'a>>,
}

#[derive(Serialize)]
struct GroupJson<'a> {
    name: &'a str,
    /// `interface` or `function`.
    kind: &'static str,
    functions: Vec<FunctionJson<'a>>,
}

#[derive(Serialize)]
struct FunctionJson<'a> {
    name: &'a str,
    signature: &'a str,
}

#[derive(Serialize)]
struct DeclaredJson<'a> {
    contract: ContractJson,
    /// Whether the component is what it declares to be.
    agrees: bool,
    /// In what it is not.
    differences: Vec<Difference>,
    manifest: ManifestJson<'a>,
    tools: &'a std::collections::BTreeMap<String, String>,
}

#[derive(Serialize)]
struct DeclaredError {
    code: &'static str,
    message: String,
    causes: Vec<String>,
    help: &'static str,
}

#[derive(Serialize)]
struct Difference {
    severity: String,
    path: Option<String>,
    message: String,
    declared: Option<String>,
    found: Option<String>,
}

fn group(group: &Group) -> GroupJson<'_> {
    GroupJson {
        name: &group.name,
        kind: if group.is_interface { "interface" } else { "function" },
        functions: group.functions.iter().map(|(name, signature)| FunctionJson { name, signature }).collect(),
    }
}

fn declared(declared: &Declared) -> DeclaredJson<'_> {
    let Declared { section, agreement } = declared;
    let differences = match agreement {
        Agreement::Agrees => Vec::new(),
        Agreement::Differs(report) => report
            .findings()
            .iter()
            .map(|finding| Difference {
                severity: finding.verdict().to_string(),
                path: Some(finding.path.clone()),
                message: finding.message.clone(),
                declared: finding.old.as_ref().map(|part| part.text.clone()),
                found: finding.new.as_ref().map(|part| part.text.clone()),
            })
            .collect(),
        Agreement::Unreadable(error) => vec![Difference {
            severity: "breaking".to_owned(),
            path: None,
            message: error.to_string(),
            declared: None,
            found: None,
        }],
    };
    DeclaredJson {
        contract: ContractJson {
            world: section.world.clone(),
            hash: section.contract.api.to_string(),
            abi_hash: section.contract.abi.to_string(),
        },
        agrees: matches!(agreement, Agreement::Agrees),
        differences,
        manifest: ManifestJson::new(&section.manifest),
        tools: &section.tools,
    }
}

fn declared_error(error: &SectionError) -> DeclaredError {
    let first = std::error::Error::source(error);
    DeclaredError {
        code: error.code(),
        message: error.to_string(),
        causes: std::iter::successors(first, |cause| cause.source()).map(ToString::to_string).collect(),
        help: section_help(error),
    }
}

pub(super) fn inspection(inspection: &Inspection) -> String {
    let anatomy = &inspection.anatomy;
    let surface = match &inspection.kind {
        Kind::Component(surface) => Some(&**surface),
        Kind::WitPackage => None,
    };
    document(Inspected {
        file: &inspection.file,
        kind: if surface.is_some() { "component" } else { "wit-package" },
        size: inspection.size,
        digest: inspection.digest.to_string(),
        parts: Parts {
            code: anatomy.code,
            data: anatomy.data,
            names: anatomy.names,
            debug_info: anatomy.debug_info,
            contract_section: anatomy.contract,
            other_custom_sections: anatomy.custom,
            structure: anatomy.structure,
            modules: anatomy.modules,
        },
        producers: inspection
            .producers()
            .iter()
            .map(|producer| ProducerJson {
                field: &producer.field,
                name: &producer.name,
                version: &producer.version,
            })
            .collect(),
        surface: surface.map(|surface| SurfaceJson {
            hash: surface.actual.hash().to_string(),
            abi_hash: surface.actual.abi_hash().to_string(),
            exports: surface.exports.iter().map(group).collect(),
            imports: surface.imports.iter().map(group).collect(),
        }),
        declared: surface.and_then(|surface| surface.declared.as_ref().ok()?.as_ref()).map(declared),
        declared_error: surface.and_then(|surface| surface.declared.as_ref().err()).map(declared_error),
    })
}

#[derive(Serialize)]
struct AnswerJson<'a> {
    function: &'a str,
    /// The function returned `err`.
    is_err: bool,
    result: serde_json::Value,
}

#[derive(Serialize)]
struct AnswerAndFailure<'a> {
    #[serde(flatten)]
    answer: AnswerJson<'a>,
    #[serde(flatten)]
    failure: Failed<'a>,
}

impl<'a> AnswerJson<'a> {
    fn new(answer: &'a Answer) -> Self {
        let result = match &answer.result {
            None => serde_json::Value::Null,
            Some(Value::Wave(text)) => text.as_str().into(),
            Some(Value::Json(value)) => value.clone(),
        };
        Self { function: &answer.function, is_err: answer.is_refusal, result }
    }
}

pub(super) fn answer(answer: &Answer, layout: Layout) -> String {
    set(AnswerJson::new(answer), layout)
}

/// The answer of a call after which something went wrong.
pub(super) fn answer_and_failure(answer: &Answer, failure: &Failure) -> String {
    document(AnswerAndFailure { answer: AnswerJson::new(answer), failure: Failed::new(failure) })
}

#[derive(Serialize)]
struct FunctionList<'a> {
    functions: Vec<CallableJson<'a>>,
}

#[derive(Serialize)]
struct CallableJson<'a> {
    call: &'a str,
    interface: Option<&'a str>,
    function: &'a str,
    signature: &'a str,
}

pub(super) fn functions(functions: &Functions) -> String {
    document(FunctionList {
        functions: functions
            .functions
            .iter()
            .map(|function| CallableJson {
                call: &function.call_name,
                interface: function.interface.as_deref(),
                function: &function.name,
                signature: &function.signature,
            })
            .collect(),
    })
}

#[derive(Serialize)]
struct Examined<'a> {
    checks: Vec<CheckJson<'a>>,
}

#[derive(Serialize)]
struct CheckJson<'a> {
    name: &'a str,
    /// `ok`, `warning` or `missing`.
    state: &'static str,
    detail: &'a str,
    mend: Option<&'a str>,
}

pub(super) fn examination(examination: &Examination) -> String {
    document(Examined {
        checks: examination
            .checks
            .iter()
            .map(|check| CheckJson {
                name: check.name,
                state: match check.state {
                    CheckState::Ok => "ok",
                    CheckState::Warning => "warning",
                    CheckState::Missing => "missing",
                },
                detail: &check.detail,
                mend: check.mend.as_deref(),
            })
            .collect(),
    })
}
