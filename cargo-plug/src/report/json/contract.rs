//! Hashes of contracts, and whether they drifted.

use std::collections::BTreeMap;

use serde::Serialize;

use super::document;
use crate::commands::contract::drift::DriftReport;
use crate::commands::contract::hash::Hashes;
use crate::contract_lock::{LockedPart, parts};

#[derive(Serialize)]
struct HashesJson<'a> {
    contracts: Vec<ContractJson<'a>>,
}

#[derive(Serialize)]
struct ContractJson<'a> {
    name: &'a str,
    hash: String,
    abi_hash: String,
    parts: Vec<PartJson>,
}

#[derive(Serialize)]
struct PartJson {
    name: String,
    exact: String,
    /// `import`, `export` or `optional`.
    role: String,
    hash: String,
    abi_hash: String,
    functions: BTreeMap<String, String>,
}

pub(in crate::report) fn hashes(hashes: &Hashes) -> String {
    let part = |part: LockedPart| PartJson {
        name: part.name,
        exact: part.exact,
        role: part.role,
        hash: part.hash,
        abi_hash: part.abi,
        functions: part.functions,
    };
    document(HashesJson {
        contracts: hashes
            .contracts
            .iter()
            .map(|(name, contract)| ContractJson {
                name,
                hash: contract.hash().to_string(),
                abi_hash: contract.abi_hash().to_string(),
                parts: parts(contract).into_iter().map(part).collect(),
            })
            .collect(),
    })
}

#[derive(Serialize)]
struct DriftJson<'a> {
    package: &'a str,
    frozen: &'a [String],
    against: Option<&'a str>,
    required_bump: String,
    declared_bump: Option<String>,
    problems: Vec<ProblemJson<'a>>,
}

#[derive(Serialize)]
struct ProblemJson<'a> {
    /// `frozen-changed` or `version-too-low`.
    kind: &'static str,
    place: &'a str,
    message: &'a str,
    help: &'a str,
}

pub(in crate::report) fn drift(report: &DriftReport) -> String {
    document(DriftJson {
        package: &report.package,
        frozen: &report.frozen,
        against: report.against.as_deref(),
        required_bump: report.required.to_string(),
        declared_bump: report.declared.map(|bump| bump.to_string()),
        problems: report
            .problems
            .iter()
            .map(|problem| ProblemJson {
                kind: problem.kind.as_str(),
                place: &problem.place,
                message: &problem.message,
                help: &problem.help,
            })
            .collect(),
    })
}
