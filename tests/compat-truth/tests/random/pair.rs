//! One pair of worlds, made of a seed and compared.

use plug_compat_truth::World;
use plug_contract::{Direction, Verdict, judge};

use crate::counts::{Counts, Disagreement};
use crate::draft::Draft;
use crate::judged::{self, Bindings, contradicts};
use crate::mutation::{self, Change};
use crate::noise::Noise;
use crate::seeds;
use crate::side::{Dropped, Hosting, Plugged, Side};

struct Pair {
    seed: u64,
    old: Side,
    new: Side,
    changes: Vec<Change>,
}

pub(crate) fn try_seed(seed: u64, counts: &mut Counts) {
    counts.seeds += 1;
    match Pair::new(seed) {
        Ok(pair) => pair.compare(counts),
        Err(why) => *counts.dropped.entry(why).or_default() += 1,
    }
}

impl Pair {
    fn new(seed: u64) -> Result<Pair, Dropped> {
        let mut noise = Noise::new(seed);
        let world = seeds::world(&mut noise).ok_or(Dropped::NoWorld)?;
        let draft = Draft::new(world.all(), world.name());
        let old = Side::new(&world, draft.text().ok_or(Dropped::Wit)?, &mut noise)?;
        // one change says most: each of several may hide the others
        let count = [1, 1, 2, 3][noise.below(4)];
        let mut why = Dropped::Wit;
        for _ in 0..20 {
            let (draft, changes) = changed(&draft, count, &mut noise);
            let Some(text) = draft.text() else { continue };
            let Ok(new) = World::from_text(&text, world.name()) else { continue };
            match Side::new(&new, text, &mut noise) {
                Ok(new) => return Ok(Pair { seed, old, new, changes }),
                Err(dropped) => why = dropped,
            }
        }
        Err(why)
    }

    fn compare(&self, counts: &mut Counts) {
        counts.pairs += 1;
        counts.with_optional += usize::from(self.old.has_optional || self.new.has_optional);
        for change in &self.changes {
            *counts.changes.entry(change.name).or_default() += 1;
        }
        let mut kinds = 0;
        for old in &self.old.hosts {
            for new in self.new.hosts.iter().filter(|new| new.bindings == old.bindings) {
                kinds += 1;
                self.compare_hosts(old, new, counts);
            }
        }
        counts.of_both_hosts += usize::from(kinds == 2);
        for side in [&self.old, &self.new] {
            self.compare_at_home(side, counts);
        }
    }

    /// The plugins of a contract on a host of it, which takes all but those that lack an interface that
    /// is tied to one they have.
    fn compare_at_home(&self, side: &Side, counts: &mut Counts) {
        let mut said = side.unexplained.clone();
        let at_home = side.hosts.iter().filter(|hosting| hosting.bindings == Bindings::Plug);
        for (hosting, plugin) in at_home.flat_map(|hosting| side.plugins.iter().map(move |it| (hosting, it)))
        {
            if !plugin.calls_all {
                continue;
            }
            counts.tied += usize::from(!plugin.tied.is_empty());
            match hosting.host.link(&plugin.plugin) {
                Ok(outcome) if outcome.links() == plugin.tied.is_empty() => {}
                Ok(outcome) => said.push(format!("{plugin}, tied to {:?}, {outcome}", plugin.tied)),
                Err(why) => said.push(format!("{plugin}: {why}")),
            }
        }
        for said in said {
            let direction = Direction::OldPluginOnNewHost;
            counts.disagreements.push(self.disagreement(
                direction,
                Bindings::Plug,
                &format!("at home, {said}"),
                &side.text,
            ));
        }
    }

    /// Hosts of one kind, both ways.
    fn compare_hosts(&self, old: &Hosting, new: &Hosting, counts: &mut Counts) {
        let report = judged::compared(&old.edition, &new.edition);
        for (direction, plugin, plugins, host) in [
            (Direction::OldPluginOnNewHost, &old.edition, &self.old.plugins, new),
            (Direction::NewPluginOnOldHost, &new.edition, &self.new.plugins, old),
        ] {
            let verdict = judged::verdict(&report, direction);
            *counts.verdicts.entry(verdict.as_str()).or_default() += 1;
            let mut refusal = None;
            for plugin in plugins {
                let said = self.compare_plugin(plugin, host, counts);
                let refused = said.unwrap_or_else(|said| {
                    counts.disagreements.push(self.disagreement(direction, host.bindings, &said, ""));
                    None
                });
                refusal = refusal.or(refused.filter(|_| plugin.is_of_contract()));
            }
            if verdict.links() != refusal.is_none() {
                let outcome = refusal.as_deref().unwrap_or("all plugins link");
                let said = format!("{verdict}, and {outcome}");
                let report = report.to_string();
                counts.disagreements.push(self.disagreement(direction, host.bindings, &said, &report));
            }
            if contradicts(verdict, host.edition.host(), plugin.plugin()) {
                let said = "identical, and the ABI hashes differ";
                counts.disagreements.push(self.disagreement(direction, host.bindings, said, ""));
            }
        }
    }

    /// One component on one host, as the host judges it when it is loaded: why it does not link; or
    /// where they disagree.
    fn compare_plugin(
        &self,
        plugged: &Plugged,
        host: &Hosting,
        counts: &mut Counts,
    ) -> Result<Option<String>, String> {
        let contract = host.edition.host();
        let report = judge(contract, &plugged.contract);
        let verdict: Verdict = report.verdict();
        let outcome = host.host.link(&plugged.plugin).map_err(|why| format!("{plugged}: {why}"))?;
        let count = match (plugged.calls_all, outcome.links()) {
            (true, true) => &mut counts.linked,
            (true, false) => &mut counts.failed,
            (false, true) => &mut counts.trimmed_linked,
            (false, false) => &mut counts.trimmed_failed,
        };
        *count += 1;
        if verdict.links() != outcome.links() {
            return Err(format!("{plugged}: the component is {verdict}, and {outcome}\n{report}"));
        }
        if contradicts(verdict, contract, &plugged.contract) {
            return Err(format!("{plugged}: the component is identical, and the ABI hashes differ"));
        }
        Ok((!outcome.links()).then(|| format!("{plugged} {outcome}")))
    }

    fn disagreement(
        &self,
        direction: Direction,
        bindings: Bindings,
        said: &str,
        report: &str,
    ) -> Disagreement {
        let changes: Vec<&str> = self.changes.iter().map(|change| change.said.as_str()).collect();
        let (seed, changes) = (self.seed, changes.join(", "));
        let line = said.lines().next().unwrap_or_default();
        let about = format!("seed {seed}, {direction:?}, host by {bindings:?}");
        let (old, new) = (&self.old.text, &self.new.text);
        Disagreement {
            seed,
            said: format!("{about}: {line}; changes: {changes}"),
            full: format!(
                "{about}: {said}\nchanges: {changes}\n--- old\n{old}\n--- new\n{new}\n--- judge\n{report}\n"
            ),
        }
    }
}

fn changed(draft: &Draft, count: usize, noise: &mut Noise) -> (Draft, Vec<Change>) {
    let mut draft = draft.clone();
    let mut changes = Vec::new();
    for _ in 0..50 {
        let before = draft.clone();
        match mutation::mutate(&mut draft, noise) {
            Some(change) => changes.push(change),
            None => draft = before,
        }
        if changes.len() == count {
            break;
        }
    }
    (draft, changes)
}
