//! `cargo plug inspect`

use plug_contract::{
    ArtifactKind, Contract, Digest, Function, Item, Report, Section, SectionError, Verdict, judge, sniff,
};

use crate::anatomy::{Anatomy, Producer};
use crate::cli::{Inspect, InspectFormat};
use crate::commands::Outcome;
use crate::component_file::{self, ComponentFileError};
use crate::env::Place;
use crate::failure::Failure;
use crate::wit_text::wit_text;

/// How it is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    Human,
    Json,
    Wit,
}

/// What is in a component.
#[derive(Debug)]
pub(crate) struct Inspection {
    pub(crate) file: String,
    pub(crate) size: u64,
    pub(crate) digest: Digest,
    pub(crate) kind: Kind,
    pub(crate) anatomy: Anatomy,
    /// The world of the component, or the package, as text.
    pub(crate) wit: String,
}

#[derive(Debug)]
pub(crate) enum Kind {
    Component(Box<Surface>),
    WitPackage,
}

/// What a component shows to its host.
#[derive(Debug)]
pub(crate) struct Surface {
    pub(crate) actual: Contract,
    pub(crate) imports: Vec<Group>,
    pub(crate) exports: Vec<Group>,
    /// What it declares to be, if anything; or why that cannot be read.
    pub(crate) declared: Result<Option<Declared>, SectionError>,
}

/// An interface with its functions, or a function of the world itself.
#[derive(Debug)]
pub(crate) struct Group {
    pub(crate) name: String,
    pub(crate) is_interface: bool,
    /// Name and signature.
    pub(crate) functions: Vec<(String, String)>,
}

/// What the component says of itself.
#[derive(Debug)]
pub(crate) struct Declared {
    pub(crate) section: Section,
    pub(crate) agreement: Agreement,
}

/// Whether the declared contract and the actual one are the same.
#[derive(Debug)]
pub(crate) enum Agreement {
    /// It exports what it declares, and imports nothing else.
    Agrees,
    /// It does not.
    Differs(Box<Report>),
    /// The section contradicts itself.
    Unreadable(SectionError),
}

pub(crate) fn run(args: &Inspect, place: &Place) -> Result<Outcome, Failure> {
    let shown = args.file.display().to_string();
    let form = match args.format {
        InspectFormat::Human => Form::Human,
        InspectFormat::Json => Form::Json,
        InspectFormat::Wit => Form::Wit,
    };
    let inspection = inspect(&component_file::read(&place.resolve(&args.file), &shown)?, &shown)?;
    Ok(Outcome::Inspect(Box::new(inspection), form))
}

fn inspect(bytes: &[u8], shown: &str) -> Result<Inspection, ComponentFileError> {
    let artifact = |source| ComponentFileError::Artifact { path: shown.to_owned(), source };
    let (kind, wit) = match sniff(bytes).map_err(artifact)? {
        ArtifactKind::WitPackage => (Kind::WitPackage, wit_text(bytes).map_err(artifact)?),
        _ => {
            let actual = Contract::from_component(bytes).map_err(artifact)?;
            // A section that cannot be read hides nothing of the component itself.
            let section = match Section::read(bytes) {
                Err(SectionError::Artifact(source)) => return Err(artifact(source)),
                read => read,
            };
            let surface = Surface {
                imports: actual.imports().filter_map(|(key, item)| group(key, item)).collect(),
                exports: actual.exports().filter_map(|(key, item)| group(key, item)).collect(),
                declared: section.map(|section| {
                    section.map(|section| Declared { agreement: agreement(&section, &actual), section })
                }),
                actual,
            };
            (Kind::Component(Box::new(surface)), wit_text(bytes).map_err(artifact)?)
        }
    };
    Ok(Inspection {
        file: shown.to_owned(),
        size: bytes.len() as u64,
        digest: Digest::of(bytes),
        kind,
        anatomy: Anatomy::of(bytes)
            .map_err(|why| artifact(plug_contract::ArtifactError::Invalid { source: why.into() }))?,
        wit,
    })
}

fn agreement(section: &Section, actual: &Contract) -> Agreement {
    match section.declared() {
        Err(error) => Agreement::Unreadable(error),
        Ok(declared) => {
            let report = judge(&declared, actual);
            if report.verdict() < Verdict::Hazard {
                Agreement::Agrees
            } else {
                Agreement::Differs(Box::new(report))
            }
        }
    }
}

pub(crate) fn group(key: &str, item: &Item) -> Option<Group> {
    let signed = |function: &Function| (function.name().to_owned(), function.signature());
    match item {
        Item::Interface(interface) => Some(Group {
            name: interface.exact_id().to_owned(),
            is_interface: true,
            functions: interface.functions().values().map(signed).collect(),
        }),
        Item::Function(function) => {
            Some(Group { name: key.to_owned(), is_interface: false, functions: vec![signed(function)] })
        }
        Item::Resource(_) | Item::Type(_) => None,
    }
}

impl Inspection {
    /// Whether there is something to hold the component against, and it cannot be read.
    pub(crate) fn is_undecided(&self) -> bool {
        matches!(&self.kind, Kind::Component(surface) if surface.declared.is_err())
    }

    pub(crate) fn producers(&self) -> &[Producer] {
        &self.anatomy.producers
    }
}
