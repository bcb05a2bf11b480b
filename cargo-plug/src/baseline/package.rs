//! What a path or a revision holds, read but not yet narrowed down to one world.

use std::path::Path;

use plug_contract::{
    ArtifactError, ArtifactKind, Contract, Section, SectionError, Wit, WitError, WitOptions, sniff,
};

use super::git::Git;
use super::side::{Plugin, Side};
use super::{BaselineError, Reference, Texts};
use crate::cli::WitFeatures;
use crate::component_file::{self, ComponentFileError};
use crate::contract_lock::{ContractLock, LockError};
use crate::env::Place;
use crate::wit_text::wit_text;
use crate::worlds::{choose, plain_name, worlds};

/// Reads what the user named.
pub(crate) struct Reading<'a> {
    pub(crate) place: &'a Place,
    pub(crate) features: &'a WitFeatures,
}

/// Something that has one contract or several.
#[derive(Clone)]
pub(crate) struct Package {
    /// As the user named it.
    pub(crate) name: String,
    content: Content,
    texts: Texts,
}

#[derive(Clone)]
enum Content {
    /// WIT text, read as asked for and with all features; and the world that it is about, if it says.
    Wit { plain: Box<Wit>, all: Box<Wit>, world: Option<String> },
    /// A component that declares a contract or none.
    Component { actual: Contract, declared: Option<(Contract, Contract)>, world: Option<String> },
}

impl Reading<'_> {
    /// Reads what `reference` means. `counterpart` is where the other side lies.
    pub(crate) fn read(
        &self,
        reference: &Reference,
        counterpart: Option<&Path>,
    ) -> Result<Package, BaselineError> {
        let name = reference.to_string();
        match reference {
            Reference::Path(path) => self.path(&self.place.input(path), name),
            Reference::Git { rev, path } => {
                let checkout = Git::new(self.place)
                    .check_out(rev, path.as_deref(), counterpart)
                    .map_err(|source| BaselineError::Git { name: name.clone(), source })?;
                let shown = format!("git:{rev}:");
                let mut package = self
                    .path(&checkout.path, name.clone())
                    .map_err(|error| error.in_checkout(checkout.folder.path(), &shown))?;
                package.texts = package.texts.checked_out(checkout.folder.path(), &shown);
                if let Content::Wit { plain, .. } = &package.content {
                    package.texts.keep(plain.files());
                }
                Ok(package)
            }
        }
    }

    /// The standard world, for plugins that name no contract.
    pub(crate) fn standard(&self) -> Package {
        Package {
            name: "the standard world".to_owned(),
            content: Content::Wit {
                plain: Box::new(Wit::standard()),
                all: Box::new(Wit::standard()),
                world: Some("plugin".to_owned()),
            },
            texts: Texts::default(),
        }
    }

    fn path(&self, path: &Path, name: String) -> Result<Package, BaselineError> {
        let found = self.place.resolve(path);
        if found.is_dir() {
            let files = Texts::files(self.place.cwd());
            return self.wit(name, files, None, |options| options.read_dir(path));
        }
        found.metadata().map_err(BaselineError::unreadable(&name))?;
        let bytes = component_file::read(&found, &name).map_err(|error| match error {
            ComponentFileError::Unreadable { source, .. } => BaselineError::unreadable(&name)(source),
            other => BaselineError::File(other),
        })?;
        let ending = path.extension().and_then(|ending| ending.to_str());
        if ending == Some("lock") {
            return self.lock(name, &bytes);
        }
        let is_wasm = bytes.starts_with(b"\0asm");
        if ending == Some("wit") && !is_wasm {
            let text =
                String::from_utf8(bytes).map_err(|_| BaselineError::UnknownKind { name: name.clone() })?;
            let shown = path.to_string_lossy();
            let files = Texts::files(self.place.cwd());
            return self.wit(name, files, None, |options| options.read_text(&shown, &text));
        }
        if ending != Some("wasm") && !is_wasm {
            return Err(BaselineError::UnknownKind { name });
        }
        self.binary(name, &bytes)
    }

    fn wit(
        &self,
        name: String,
        texts: Texts,
        world: Option<String>,
        read: impl Fn(WitOptions) -> Result<Wit, WitError>,
    ) -> Result<Package, BaselineError> {
        let WitFeatures { features, all_features } = self.features;
        let options = WitOptions::default().features(features);
        let options = if *all_features { options.all_features() } else { options };
        let read = |options| read(options).map_err(BaselineError::wit(&name));
        let (plain, all) = (Box::new(read(options)?), Box::new(read(WitOptions::default().all_features())?));
        Ok(Package { name, content: Content::Wit { plain, all, world }, texts })
    }

    fn lock(&self, name: String, bytes: &[u8]) -> Result<Package, BaselineError> {
        let wrong = |source: LockError| BaselineError::Lock { name: name.clone(), source };
        let lock = ContractLock::parse(bytes).map_err(wrong)?;
        lock.verify().map_err(wrong)?;
        let features = WitFeatures {
            features: lock.features.iter().chain(&self.features.features).cloned().collect(),
            all_features: self.features.all_features,
        };
        let texts = Texts::held(&name, &lock.wit);
        let reading = Reading { place: self.place, features: &features };
        let shown = name.clone();
        reading.wit(name, texts, None, |options| options.read_text(&shown, &lock.wit))
    }

    fn binary(&self, name: String, bytes: &[u8]) -> Result<Package, BaselineError> {
        let wrong = |source: ArtifactError| {
            BaselineError::File(ComponentFileError::Artifact { path: name.clone(), source })
        };
        if sniff(bytes).map_err(wrong)? == ArtifactKind::WitPackage {
            let text = wit_text(bytes).map_err(wrong)?;
            let texts = Texts::held(&name, &text);
            let shown = name.clone();
            return self.wit(name, texts, None, |options| options.read_text(&shown, &text));
        }
        let actual = Contract::from_component(bytes).map_err(wrong)?;
        let section = |source: SectionError| BaselineError::Section { name: name.clone(), source };
        let mut texts = Texts::default();
        let (mut declared, mut world) = (None, None);
        if let Some(read) = Section::read(bytes).map_err(section)? {
            let plain = read.verify(&actual).map_err(section)?;
            let all = WitOptions::default()
                .all_features()
                .read_text(SECTION_TEXT, &read.wit)
                .and_then(|wit| wit.contract(Some(&read.world)))
                .map_err(|source| BaselineError::Section {
                    name: name.clone(),
                    source: SectionError::Wit { source },
                })?;
            texts = Texts::held(SECTION_TEXT, &read.wit);
            world = Some(plain_name(&read.world).to_owned());
            declared = Some((plain, all));
        }
        Ok(Package { name, content: Content::Component { actual, declared, world }, texts })
    }
}

/// What the text in a component's section is called, by the crate that reads it.
const SECTION_TEXT: &str = "the section's WIT";

impl Package {
    /// Whether it is a component and not the text of a contract.
    pub(crate) fn is_component(&self) -> bool {
        matches!(self.content, Content::Component { .. })
    }

    /// The world that it is about, if it says so itself.
    pub(crate) fn own_world(&self) -> Option<&str> {
        match &self.content {
            Content::Wit { world, .. } | Content::Component { world, .. } => world.as_deref(),
        }
    }

    /// The plain name of the world that it is about, or of the only one that it has.
    pub(crate) fn only_world(&self) -> Option<String> {
        match (self.own_world(), self.wit().map(worlds).as_deref()) {
            (Some(world), _) => Some(plain_name(world).to_owned()),
            (None, Some([only])) => Some(only.clone()),
            _ => None,
        }
    }

    /// The same, about this world unless another is asked for.
    pub(crate) fn about(mut self, named: Option<String>) -> Self {
        if let (Content::Wit { world, .. }, Some(named)) = (&mut self.content, named) {
            *world = Some(named);
        }
        self
    }

    /// The text, read as asked for.
    pub(crate) fn wit(&self) -> Option<&Wit> {
        match &self.content {
            Content::Wit { plain, .. } => Some(plain),
            Content::Component { .. } => None,
        }
    }

    /// The text, read with all features.
    pub(crate) fn wit_with_all_features(&self) -> Option<&Wit> {
        match &self.content {
            Content::Wit { all, .. } => Some(all),
            Content::Component { .. } => None,
        }
    }

    /// All its contracts, each with what it is called: the worlds of a text, or what a component
    /// declares and what it is.
    pub(crate) fn contracts(&self, asked: Option<&str>) -> Result<Vec<(String, Contract)>, BaselineError> {
        match &self.content {
            Content::Wit { plain, world, .. } => {
                let names = match asked.or(world.as_deref()) {
                    Some(asked) => vec![asked.to_owned()],
                    None => worlds(plain),
                };
                let wrong = BaselineError::wit(&self.name);
                if names.is_empty() {
                    // Says that there is none.
                    plain.select_world(None).map_err(&wrong)?;
                }
                let named = |name: String| {
                    let contract = plain.contract(Some(&name)).map_err(&wrong)?;
                    Ok((contract.id(), contract))
                };
                names.into_iter().map(named).collect()
            }
            Content::Component { actual, declared, .. } => {
                let declared = declared.iter().map(|(contract, _)| (contract.id(), contract.clone()));
                Ok(declared.chain([("the component's own surface".to_owned(), actual.clone())]).collect())
            }
        }
    }

    /// One of its contracts: the world that was `asked` for, or the only one, or that of the `other` side.
    pub(crate) fn side(self, asked: Option<&str>, other: Option<&str>) -> Result<Side, BaselineError> {
        let Self { name, content, texts } = self;
        match content {
            Content::Wit { plain, all, world } => {
                let wrong = BaselineError::wit(&name);
                let world = choose(&plain, asked.or(world.as_deref()), other).map_err(&wrong)?;
                let contract = plain.contract(Some(&world)).map_err(&wrong)?;
                let all_features = all.contract(Some(&world)).map_err(&wrong)?;
                drop(wrong);
                Ok(Side { name, contract, all_features, texts, plugin: None })
            }
            Content::Component { actual, declared, .. } => {
                let plugin = Plugin { actual: actual.clone(), is_declared: declared.is_some() };
                let (contract, all_features) = declared.unwrap_or_else(|| (actual.clone(), actual));
                Ok(Side { name, contract, all_features, texts, plugin: Some(plugin) })
            }
        }
    }
}
