//! Two versions of a contract: what a report says beyond the verdict of a single change.

use plug_contract::Verdict::{Breaking, Compatible, Hazard, Identical};
use plug_contract::{
    Bump, Contract, Edition, Finding, Linker, Report, Verdict, Verdicts, Wit, WitOptions, compare, judge,
    lint,
};

mod support;

fn contract(text: &str, world: &str) -> Contract {
    Wit::from_text("test.wit", text).unwrap_or_else(|why| panic!("{why}")).contract(Some(world)).unwrap()
}

fn report(old: &str, new: &str) -> Report {
    compare(&contract(old, "w").into(), &contract(new, "w").into(), Linker::Wasmtime)
}

fn both(old_plugin_on_new_host: Verdict, new_plugin_on_old_host: Verdict) -> Verdicts {
    Verdicts {
        old_plugin_on_new_host: Some(old_plugin_on_new_host),
        new_plugin_on_old_host: Some(new_plugin_on_old_host),
    }
}

fn ids(report: &Report) -> Vec<&'static str> {
    report.findings().iter().map(|finding| finding.rule.id).collect()
}

/// `interface i` exported by the world `w`.
fn exported(version: &str, body: &str) -> String {
    format!("package t:c@{version}; interface i {{ {body} }} world w {{ export i; }}")
}

#[test]
fn one_change_in_a_type_is_one_finding_with_all_its_uses() {
    let text = |fields: &str| {
        format!(
            "package t:c@1.0.0;
             interface types {{ record pixel {{ {fields} }} record row {{ pixels: list<pixel> }} }}
             interface a {{ use types.{{pixel}}; f: func(p: pixel); g: func() -> option<pixel>; }}
             interface b {{ use types.{{row}}; h: func(r: row) -> result<row, string>; untouched: func(); }}
             world w {{ import a; export b; }}"
        )
    };
    let report = report(&text("r: u8, g: u8"), &text("r: u8, g: u8, b: u8"));
    let [finding] = report.findings() else { panic!("{report}") };
    assert_eq!((finding.rule.id, finding.path.as_str()), ("R01", "t:c/types@1#pixel"));
    assert_eq!(finding.uses, ["export t:c/b@1#h", "import t:c/a@1#f", "import t:c/a@1#g"]);
    assert_eq!(finding.message, "record `pixel` gained the field `b` (2 -> 3 fields)");
    assert_eq!(finding.old.as_ref().unwrap().text, "record pixel { r: u8, g: u8 }");
    assert_eq!(finding.new.as_ref().unwrap().location.as_ref().unwrap().line, 2);
    assert_eq!((report.tally().equal, report.tally().changed), (1, 3));
    assert_eq!((report.required_bump(), report.declared_bump()), (Bump::Major, Some(Bump::None)));
}

/// Hosts of `bindgen!` read their exports with all features, apart from the imports: what both name is one
/// type none the less.
#[test]
fn a_type_that_a_function_uses_is_not_told_as_an_unused_one() {
    let edition = |fields: &str| {
        let text = format!(
            "package t:c@1.0.0;
             interface types {{ record pixel {{ {fields} }} }}
             interface a {{ use types.{{pixel}}; f: func(p: pixel); }}
             world w {{ export a; }}"
        );
        let read = |options: WitOptions| options.read_text("w.wit", &text).unwrap().contract(None).unwrap();
        Edition::of_bindgen_host(read(WitOptions::default()), read(WitOptions::default().all_features()))
    };
    let report = compare(&edition("r: u8"), &edition("r: u8, g: option<u8>"), Linker::Wasmtime);
    let [finding] = report.findings() else { panic!("{report}") };
    assert_eq!(finding.rule.id, "R03");
}

/// A type that changed as well does not hide it, and what could be one of several is not guessed.
#[test]
fn a_function_is_renamed_although_its_types_changed() {
    let text = |fields: &str, functions: &str| {
        exported("1.0.0", &format!("record pixel {{ {fields} }} {functions}"))
    };
    let rules = |before: &str, after: &str| {
        let report = report(&text("r: u8", before), &text("r: u8, g: u8", after));
        let mut rules = ids(&report);
        rules.sort_unstable();
        (rules, report.findings().last().unwrap().uses.clone())
    };
    let (found, uses) = rules("shade: func(p: pixel);", "darken: func(p: pixel);");
    assert_eq!(found, ["F03", "R01"]);
    assert_eq!(uses, ["export t:c/i@1#shade"]);
    let (found, _) = rules("shade: func(p: pixel);", "a: func(p: pixel); b: func(p: pixel);");
    assert_eq!(found, ["F01", "F01", "F02", "R14"]);
}

/// What plugins export has another cure than what they import.
#[test]
fn help_is_for_the_position_of_the_change() {
    let both = |functions: &str| {
        format!("package t:c@1.0.0; interface i {{ {functions} }} world w {{ import i; export i; }}")
    };
    let imported =
        |functions: &str| format!("package t:c@1.0.0; interface i {{ {functions} }} world w {{ import i; }}");
    let help = |old: &str, new: &str| report(old, new).findings()[0].help.clone();
    let (old, new) = ("f: func();", "f: func(); g: func();");
    let of_import = help(&imported(old), &imported(new));
    let of_export = help(&exported("1.0.0", old), &exported("1.0.0", new));
    assert!(of_import.starts_with("Nothing"), "{of_import}");
    assert!(of_export.contains("optional interface"), "{of_export}");
    assert_eq!(
        help(&both(old), &both(new)),
        format!("Where plugins import it: {of_import} Where they export it: {of_export}")
    );
}

#[test]
fn renaming_and_moving_are_said_as_such() {
    let renamed =
        report(&exported("1.0.0", "apply: func(a: u32);"), &exported("1.0.0", "run: func(a: u32);"));
    assert_eq!(ids(&renamed), ["F03"]);
    assert_eq!(renamed.findings()[0].message, "`apply` is now `run`, with the same signature");

    let two =
        report(&exported("1.0.0", "a: func(); b: func();"), &exported("1.0.0", "c: func(); d: func();"));
    // which became which cannot be told, so nothing is guessed
    assert_eq!(ids(&two), ["F02", "F02", "F01", "F01"]);

    let resource = report(
        &exported("1.0.0", "resource cat { constructor(); pet: func(); } take: func(c: cat);"),
        &exported("1.0.0", "resource dog { constructor(); pet: func(); } take: func(c: dog);"),
    );
    assert_eq!(ids(&resource), ["S04"]);

    let text = |types: &str, body: &str| {
        format!("package t:c@1.0.0; {types} interface i {{ {body} f: func(p: p); }} world w {{ export i; }}")
    };
    let moved = report(
        &text("interface types {}", "record p { x: u8 }"),
        &text("interface types { record p { x: u8 } }", "use types.{p};"),
    );
    assert_eq!(moved.verdicts(), both(Compatible, Compatible), "{moved}");
    assert!(ids(&moved).contains(&"T06"), "{moved}");
}

#[test]
fn several_versions_side_by_side_keep_old_plugins_running() {
    let text = |world: &str| {
        format!(
            "package t:h@1.0.0; world w {{ {world} }}
             package t:c@1.0.0 {{ interface i {{ f: func(); }} }}
             package t:c@2.0.0 {{ interface i {{ f: func(x: u8); }} }}"
        )
    };
    let alone = report(&text("import t:c/i@1.0.0;"), &text("import t:c/i@2.0.0;"));
    assert_eq!((ids(&alone), alone.verdicts()), (vec!["N05"], both(Breaking, Breaking)));
    let beside = report(&text("import t:c/i@1.0.0;"), &text("import t:c/i@1.0.0; import t:c/i@2.0.0;"));
    assert_eq!((ids(&beside), beside.verdicts()), (vec!["N18"], both(Compatible, Breaking)));
    assert_eq!(beside.required_bump(), Bump::Minor);
    let dropped = report(&text("import t:c/i@1.0.0; import t:c/i@2.0.0;"), &text("import t:c/i@2.0.0;"));
    assert_eq!((ids(&dropped), dropped.verdicts()), (vec!["N20"], both(Breaking, Compatible)));
}

#[test]
fn a_new_package_version_is_one_finding_for_all_its_interfaces() {
    let text = |version: &str| {
        format!(
            "package t:c@{version};
             interface a {{ f: func(); }} interface b {{ f: func(); }} world w {{ export a; export b; }}"
        )
    };
    let report = report(&text("1.0.0"), &text("2.0.0"));
    assert_eq!(ids(&report), ["N05"]);
    assert_eq!(report.findings()[0].uses, ["export t:c/a@1", "export t:c/b@1"]);
    assert_eq!(report.declared_bump(), Some(Bump::Major));
}

const OPTIONAL: &str = "package t:c@1.0.0;
    interface job { run: func(); } interface extra { more: func(); }";

#[test]
fn optional_interfaces_come_and_go_without_harm() {
    let with = format!("{OPTIONAL} world w {{ export job; }} world w-optional {{ export extra; }}");
    let without = format!("{OPTIONAL} world w {{ export job; }}");
    let demanded = format!("{OPTIONAL} world w {{ export job; export extra; }}");

    let added = report(&without, &with);
    assert_eq!((ids(&added), added.verdicts()), (vec!["O01"], both(Compatible, Compatible)));
    assert_eq!(added.required_bump(), Bump::Minor);
    assert_eq!(ids(&report(&with, &without)), ["O02"]);

    let relaxed = report(&demanded, &with);
    assert_eq!((ids(&relaxed), relaxed.verdicts()), (vec!["O03"], both(Compatible, Breaking)));
    let tightened = report(&with, &demanded);
    assert_eq!((ids(&tightened), tightened.verdicts()), (vec!["O04"], both(Breaking, Compatible)));
}

#[test]
fn a_component_may_lack_an_optional_interface_but_not_get_it_wrong() {
    let host = format!("{OPTIONAL} world w {{ export job; }} world w-optional {{ export extra; }}");
    let host = contract(&host, "w");
    let component = |text: &str| {
        Contract::from_component(&support::component(&Wit::from_text("p.wit", text).unwrap(), "w")).unwrap()
    };
    let lacks = component(&format!("{OPTIONAL} world w {{ export job; }}"));
    let has = component(&format!("{OPTIONAL} world w {{ export job; export extra; }}"));
    let wrong = component(
        "package t:c@1.0.0; interface job { run: func(); } interface extra { more: func(x: u8); }
         world w { export job; export extra; }",
    );
    assert!(judge(&host, &lacks).verdict() <= Compatible);
    assert!(judge(&host, &has).verdict() <= Compatible);
    let report = judge(&host, &wrong);
    assert_eq!(report.verdict(), Breaking);
    assert_eq!(report.findings()[0].uses, ["export t:c/extra@1#more"]);
}

#[test]
fn unstable_exports_are_a_trap_for_hosts_of_bindgen_alone() {
    let text = |extra: &str| exported("1.0.0", &format!("f: func(); {extra}"));
    let (old, new) = (text(""), text("@unstable(feature = next) g: func();"));
    assert_eq!(report(&old, &new).verdicts(), both(Identical, Identical));
    let edition = |text: &str| {
        let all = WitOptions::default().all_features().read_text("t.wit", text).unwrap();
        Edition::of_bindgen_host(contract(text, "w"), all.contract(Some("w")).unwrap())
    };
    let report = compare(&edition(&old), &edition(&new), Linker::Wasmtime);
    assert_eq!((ids(&report), report.verdicts()), (vec!["G01"], both(Breaking, Identical)));
}

#[test]
fn composition_is_stricter_than_wasmtime() {
    let by = |linker, old: &str, new: &str| {
        compare(&contract(old, "w").into(), &contract(new, "w").into(), linker).verdict()
    };
    for (old, new, wasmtime) in [
        (exported("1.0.0", "f: func(a: u8);"), exported("1.0.0", "f: func(b: u8);"), Hazard),
        (exported("1.0.0", "f: func();"), exported("1.0.1", "f: func();"), Identical),
        (
            exported("1.0.0", "record a { x: u8 } f: func(a: a);"),
            exported("1.0.0", "record b { x: u8 } f: func(a: b);"),
            Hazard,
        ),
    ] {
        assert_eq!(by(Linker::Wasmtime, &old, &new), wasmtime, "{new}");
        assert_eq!(by(Linker::Spec, &old, &new), Breaking, "{new}");
    }
}

#[test]
fn the_bump_that_a_version_declares_is_counted_as_cargo_counts() {
    for (old, new, declared) in [
        ("1.2.3", "1.2.3", Some(Bump::None)),
        ("1.2.3", "1.2.4", Some(Bump::Patch)),
        ("1.2.3", "1.3.0", Some(Bump::Minor)),
        ("1.2.3", "2.0.0", Some(Bump::Major)),
        ("0.2.3", "0.2.4", Some(Bump::Minor)),
        ("0.2.3", "0.3.0", Some(Bump::Major)),
        ("0.0.3", "0.0.4", Some(Bump::Major)),
        ("1.0.0-rc.1", "1.0.0", Some(Bump::Major)),
        ("1.2.3", "1.2.2", None),
        ("1.0.0+a", "1.0.0+b", Some(Bump::None)),
    ] {
        let report = report(&exported(old, "f: func();"), &exported(new, "f: func();"));
        assert_eq!(report.declared_bump(), declared, "{old} -> {new}");
    }
}

#[test]
fn findings_know_what_they_do_to_one_component() {
    let text = |g: &str| {
        format!(
            "package t:c@1.0.0; interface i {{ f: func(); g: func({g}); }} world w {{ import i; export run: func(); }}"
        )
    };
    let host = contract(&text("x: u8"), "w");
    // built against the old contract, and it calls f alone
    let frugal = contract(
        "package t:c@1.0.0; interface i { f: func(); } world w { import i; export run: func(); }",
        "w",
    );
    let judged = judge(&host, &frugal);
    assert!(judged.verdict().links());
    let report = compare(&contract(&text(""), "w").into(), &host.clone().into(), Linker::Wasmtime);
    let report = report.with_plugin(&judged);
    assert_eq!(report.verdict(), Breaking);
    assert_eq!(report.findings()[0].plugin, Some(Compatible));

    let judged = judge(&host, &contract(&text(""), "w"));
    let report = compare(&contract(&text(""), "w").into(), &host.into(), Linker::Wasmtime);
    assert_eq!(report.with_plugin(&judged).findings()[0].plugin, Some(Breaking));
}

#[test]
fn an_overruled_finding_says_why() {
    let (old, new) = (exported("1.0.0", "f: func(a: u8);"), exported("1.0.0", "f: func(b: u8);"));
    let mut report = report(&old, &new);
    assert_eq!(report.overrule("S19", None, Compatible, "no"), 0);
    assert_eq!(report.overrule("f08", Some("t:c/i@1#f"), Compatible, "nobody composes it"), 1);
    assert_eq!(report.verdicts(), both(Compatible, Compatible));
    let finding: &Finding = &report.findings()[0];
    assert_eq!(finding.overruled.as_deref(), Some("nobody composes it"));
    // what fits by somebody's word needs no new track, what does not needs one
    assert_eq!(report.required_bump(), Bump::Minor);
    report.overrule("F08", None, Breaking, "they compose it after all");
    assert_eq!(report.required_bump(), Bump::Major);
    report.overrule("F08", None, Hazard, "they were told");
    assert_eq!(report.required_bump(), Bump::Major);
}

#[test]
fn a_hostile_component_cannot_make_a_report_grow_without_bound() {
    let functions: String = (0..3000).map(|i| format!("fn{i}: func();")).collect();
    let plugin =
        contract(&format!("package t:c@1.0.0; interface i {{ {functions} }} world w {{ import i; }}"), "w");
    let host = contract("package t:c@1.0.0; interface i { g: func(); } world w { import i; }", "w");
    let report = judge(&host, &plugin);
    assert_eq!((report.findings().len(), report.omitted()), (256, 2744));
    assert!(report.to_string().lines().count() < 200);
    assert!(report.to_string().ends_with("and 2980 more"));
}

#[test]
fn what_will_be_a_trouble_is_said_before_it_is_published() {
    let names = |edition: &Edition, before: Option<&Edition>| -> Vec<&'static str> {
        lint(edition, before).iter().map(|lint| lint.name).collect()
    };
    let of = |text: &str| Edition::from(contract(text, "w"));
    assert!(names(&of(&exported("1.0.0", "f: func();")), None).is_empty());
    let unversioned = "package t:c; interface i { f: func(); } world w { export i; }";
    assert_eq!(names(&of(unversioned), None), ["unversioned-package"]);
    assert_eq!(names(&of(&exported("1.0.0-rc.1", "f: func();")), None), ["prerelease"]);
    assert_eq!(names(&of(&exported("0.0.1", "f: func();")), None), ["trackless-version"]);

    let cases: Vec<String> = (0..256).map(|i| format!("c{i}")).collect();
    let large = exported("1.0.0", &format!("enum e {{ {} }} f: func() -> e;", cases.join(", ")));
    assert_eq!(names(&of(&large), None), ["enum-of-256-cases"]);
    assert_eq!(names(&of(&exported("1.0.0", "record s { x: u8 } f: func() -> s;")), None), ["type-named-s"]);

    let unstable = exported("1.0.0", "f: func(); @unstable(feature = x) g: func();");
    let all = WitOptions::default().all_features().read_text("t.wit", &unstable).unwrap();
    let edition = Edition::of_bindgen_host(contract(&unstable, "w"), all.contract(Some("w")).unwrap());
    assert_eq!(names(&edition, None), ["unstable-export"]);

    let old = of(&exported("1.1.0", "f: func();"));
    let stale = of(&exported("1.2.0", "f: func(); @since(version = 1.1.0) g: func();"));
    assert_eq!(names(&stale, Some(&old)), ["since-before-added"]);
    let right = of(&exported("1.2.0", "f: func(); @since(version = 1.2.0) g: func();"));
    assert!(names(&right, Some(&old)).is_empty());
}

#[test]
fn an_optional_interface_may_bring_an_import_of_its_own() {
    let text = "package t:c@1.0.0;
        interface canvas { resource c { draw: func(); } }
        interface preview { use canvas.{c}; preview: func(x: borrow<c>); }
        world w { export f: func(); }
        world w-optional { export preview; }
        world more { export f: func(); export preview; }";
    let host = contract(text, "w");
    let component = support::component(&Wit::from_text("p.wit", text).unwrap(), "more");
    let report = judge(&host, &Contract::from_component(&component).unwrap());
    assert!(report.verdict() <= Compatible, "{report}");
}

#[test]
fn only_an_interface_can_be_optional() {
    let text = "package t:c@1.0.0; world w { export f: func(); } world w-optional { export g: func(); }";
    let error = Wit::from_text("t.wit", text).unwrap().contract(Some("w")).unwrap_err();
    assert_eq!(error.code(), "PLG0518");
    assert!(error.to_string().contains("put it into one"), "{error}");
}

#[test]
fn a_resource_of_an_optional_interface_stays_the_hosts_where_it_is_imported() {
    let text = |x: &str, optional: &str| {
        format!(
            "package t:c@1.0.0; interface gfx {{ resource r; resource q; }}
             interface api {{ use gfx.{{r, q}}; f: func(x: borrow<{x}>); g: func(x: borrow<q>); }}
             world w {{ export api; }} {optional}"
        )
    };
    let optional = "world w-optional { export gfx; }";
    assert_eq!(report(&text("r", optional), &text("q", optional)).verdict(), Breaking);
    let added = report(&text("r", ""), &text("r", optional));
    assert_eq!((ids(&added), added.verdicts()), (vec!["O01"], both(Compatible, Compatible)));
}

/// Only what is not optional takes the import: what an optional interface defines is its own.
#[test]
fn an_import_beside_an_optional_interface_takes_nothing_from_it() {
    let text = |import: &str| {
        format!(
            "package t:c@1.0.0; interface tags {{ resource index {{ find: func(); }} all: func() -> list<index>; }}
             interface job {{ run: func(); }}
             world w {{ {import} export job; }} world w-optional {{ export tags; }}"
        )
    };
    let report = report(&text(""), &text("import tags;"));
    assert_eq!((ids(&report), report.verdicts()), (vec!["W01"], both(Compatible, Breaking)));
}

#[test]
fn optional_interfaces_that_need_each_other_are_told() {
    let text = |optional: &str, tag: &str| {
        format!(
            "package t:c@1.0.0; interface job {{ run: func(); }}
             interface preview {{ resource sketch; record size {{ w: u8 }} draw: func() -> sketch; }}
             interface tags {{ use preview.{{sketch, size}}; tag: func(of: {tag}); }}
             world w {{ export job; }} world w-optional {{ export preview; {optional} }}"
        )
    };
    let tied = report(&text("", "u8"), &text("export tags;", "borrow<sketch>"));
    assert_eq!((ids(&tied), tied.verdicts()), (vec!["O01", "O05"], both(Compatible, Compatible)));
    let finding = &tied.findings()[1];
    assert_eq!(finding.message, "a plugin that exports `t:c/tags@1` has to export `t:c/preview@1` too");
    assert_eq!(tied.required_bump(), Bump::Minor);
    // it is told when it comes
    let stays = report(&text("export tags;", "borrow<sketch>"), &text("export tags;", "borrow<sketch>"));
    assert_eq!((ids(&stays), stays.verdicts()), (vec![], both(Identical, Identical)));
    let contract = contract(&text("export tags;", "u8"), "w");
    let names = |before: Option<&Edition>| -> Vec<&str> {
        lint(&contract.clone().into(), before).iter().map(|lint| lint.name).collect()
    };
    assert_eq!(names(None), ["optional-interface-tied"]);
    assert_eq!(names(Some(&contract.clone().into())), [""; 0]);
    // a value ties nothing
    let values = |optional| text(optional, "size").replace("{sketch, size}", "{size}");
    assert_eq!(ids(&report(&values(""), &values("export tags;"))), ["O01"]);
}

#[test]
fn an_unstable_export_that_stays_is_no_change() {
    let text = exported("1.0.0", "f: func(); @unstable(feature = x) g: func();");
    let edition = |text: &str| {
        let all = WitOptions::default().all_features().read_text("test.wit", text).unwrap();
        Edition::of_bindgen_host(contract(text, "w"), all.contract(Some("w")).unwrap())
    };
    let report = compare(&edition(&text), &edition(&text), Linker::Wasmtime);
    let [finding] = report.findings() else { panic!("{report}") };
    assert_eq!((finding.rule.id, finding.verdicts), ("G16", both(Breaking, Breaking)));
    assert!(finding.old.is_some() && finding.new.is_some());
    assert_eq!((report.required_bump(), report.tally().added, report.tally().equal), (Bump::None, 0, 2));
    let renamed = compare(&edition(&text), &edition(&text.replace("= x", "= y")), Linker::Wasmtime);
    assert_eq!(ids(&renamed), ["G12"]);
}

#[test]
fn a_feature_of_the_engine_breaks_both_ways_and_costs_a_version_once() {
    let (plain, mapped) =
        (exported("1.0.0", "f: func();"), exported("1.0.0", "f: func() -> map<string, u8>;"));
    let on_plug =
        |old: &str, new: &str| compare(&contract(old, "w").into(), &contract(new, "w").into(), Linker::Plug);
    let stays = on_plug(&mapped, &mapped);
    assert_eq!((ids(&stays), stays.verdicts()), (vec!["H01"], both(Breaking, Breaking)));
    assert_eq!(stays.required_bump(), Bump::None);
    assert_eq!(stays.findings()[0].help, "Pass a list of pairs, `list<tuple<K, V>>`.");
    let came = on_plug(&plain, &mapped);
    let finding = came.findings().iter().find(|finding| finding.rule.id == "H01").unwrap();
    assert_eq!((finding.bump, finding.old.is_none(), finding.new.is_some()), (Bump::Major, true, true));
    assert!(on_plug(&mapped, &plain).findings().iter().any(|it| it.help.starts_with("Nothing more")));
    assert_eq!(report(&mapped, &mapped).verdicts(), both(Identical, Identical));
}

#[test]
fn a_contract_that_says_a_thing_twice_fits_itself() {
    let text =
        "package t:c@1.0.0; interface e { f: func(); } world w { export e; } world w-optional { export e; }";
    assert_eq!(report(text, text).verdicts(), both(Identical, Identical));
}

#[test]
fn build_metadata_counts_where_there_is_no_track() {
    for (old, new, verdict) in [
        ("0.0.1+a", "0.0.1+b", Breaking),
        ("1.0.0-rc.1+a", "1.0.0-rc.1+b", Breaking),
        ("0.0.1+a", "0.0.1+a", Identical),
        ("0.1.0+a", "0.1.0+b", Identical),
    ] {
        for direction in ["import", "export"] {
            let text = |version: &str| {
                format!("package t:c@{version}; interface i {{ f: func(); }} world w {{ {direction} i; }}")
            };
            assert_eq!(report(&text(old), &text(new)).verdict(), verdict, "{old} {new} {direction}");
        }
    }
}

#[test]
fn what_is_left_out_of_a_report_still_counts() {
    let functions: String = (0..270).map(|i| format!("fn{i}: func();")).collect();
    let host =
        contract(&format!("package t:c@1.0.0; interface i {{ {functions} }} world w {{ export i; }}"), "w");
    let plugin = contract("package t:c@1.0.0; interface i {} world w { export i; }", "w");
    let mut report = judge(&host, &plugin);
    assert_eq!(report.overrule("F02", None, Compatible, "all of them"), 256);
    assert_eq!((report.verdict(), report.omitted()), (Breaking, 14));
}

#[test]
fn a_resource_may_be_called_like_anything() {
    let text = |name: &str| exported("1.0.0", &format!("resource {name} {{ x: func(); }}"));
    assert_eq!(ids(&report(&text("m"), &text("zz"))), ["S04"]);
}

#[test]
fn what_an_optional_interface_imports_is_compared_too() {
    let text = |draw: &str, optional: &str| {
        format!(
            "package t:c@1.0.0; interface canvas {{ resource r {{ draw: func({draw}); }} }}
             interface ui {{ use canvas.{{r}}; paint: func(x: borrow<r>); }} interface e {{ f: func(); }}
             world w {{ export e; }} {optional}"
        )
    };
    let optional = "world w-optional { export ui; }";
    let changed = report(&text("", optional), &text("z: u64", optional));
    assert_eq!((ids(&changed), changed.verdict()), (vec!["S11"], Breaking));
    assert_eq!(changed.findings()[0].uses, ["import t:c/canvas@1#[method]r.draw"]);
    // only plugins that have it need what it imports, and those need the new host
    let added = report(&text("", ""), &text("", optional));
    assert_eq!((ids(&added), added.verdicts()), (vec!["W01", "O01"], both(Compatible, Breaking)));
}
