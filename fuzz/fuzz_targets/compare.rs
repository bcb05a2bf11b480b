//! Two texts of WIT, compared both ways: `cargo fuzz run compare`.
//!
//! A line `---` stands between the two; without one the text is compared with itself.
#![no_main]

use libfuzzer_sys::fuzz_target;
use plug_contract::{Contract, Edition, Linker, Report, Verdict, WitOptions, compare, judge_on};
use plug_fuzz::harmless;

fuzz_target!(|text: &str| {
    let (old, new) = text.split_once("\n---\n").unwrap_or((text, text));
    let (old, new) = (editions("old.wit", old), editions("new.wit", new));
    for old in &old {
        for new in &new {
            both_ways(old, new);
        }
    }
});

/// The first worlds of a text, as plugins and as hosts have them.
fn editions(name: &str, text: &str) -> Vec<Edition> {
    let plain = WitOptions::default().read_text(name, text);
    let all = WitOptions::default().all_features().read_text(name, text);
    let (Ok(plain), Ok(all)) = (plain, all) else { return Vec::new() };
    let names = plain.world_names().into_iter().take(2);
    names
        .filter_map(|world| {
            let (plain, all) = (plain.contract(Some(&world)).ok()?, all.contract(Some(&world)).ok()?);
            Some(Edition::of_bindgen_host(plain, all))
        })
        .collect()
}

fn both_ways(old: &Edition, new: &Edition) {
    for linker in [Linker::Wasmtime, Linker::Plug, Linker::Spec] {
        let there = compare(old, new, linker);
        let back = compare(new, old, linker);
        harmless(&there.to_string());
        let _ = there.declared_bump();
        let is_same = old.plugin().hash() == new.plugin().hash();
        assert!(is_same || there.verdict() != Verdict::Identical, "{there}");
        if linker == Linker::Wasmtime {
            let is_whole = [old, new].iter().all(|it| has_nothing_optional(it.host()));
            // a host that demands what is unstable does not fit its own plugins
            let is_same = is_same && [old, new].iter().all(|it| it.host().hash() == old.plugin().hash());
            assert!(!(is_same && is_whole) || there.verdict() == Verdict::Identical, "{there}");
            // What links does so from whichever side it is seen. Whether it is a hazard may depend on
            // what came first: a name that is gone breaks source code, a new one does not.
            let ([one, other], [back_one, back_other]) = (links(&there), links(&back));
            assert_eq!([one, other], [back_other, back_one], "{there}\n{back}");
        }
        judged(old.host(), new.plugin(), linker);
        judged(new.host(), old.plugin(), linker);
    }
}

fn links(report: &Report) -> [bool; 2] {
    let verdicts = report.verdicts();
    [verdicts.old_plugin_on_new_host, verdicts.new_plugin_on_old_host]
        .map(|verdict| verdict.expect("both directions are compared").links())
}

fn judged(host: &Contract, plugin: &Contract, linker: Linker) {
    let report = judge_on(host, plugin, linker);
    harmless(&report.to_string());
    let is_same = host.hash() == plugin.hash();
    assert!(is_same || report.verdict() != Verdict::Identical, "{report}");
    if linker == Linker::Wasmtime && [host, plugin].into_iter().all(has_nothing_optional) {
        assert!(!is_same || report.verdict() == Verdict::Identical, "{report}");
    }
}

/// What is optional is in no hash.
fn has_nothing_optional(contract: &Contract) -> bool {
    contract.optional_exports().next().is_none() && contract.optional_imports().next().is_none()
}
