use crate::project::{Project, assert_runs};

#[test]
fn a_page_is_printed() {
    let project = Project::new();
    assert_runs!(project, project.plug(&["explain", "PLG0011"]));
}

#[test]
fn codes_may_be_short() {
    let project = Project::new();
    let page = project.plug(&["explain", "PLG0101"]).stdout;
    assert!(page.starts_with("# PLG0101: "));
    for short in ["plg0101", "0101", "101"] {
        assert_eq!(project.plug(&["explain", short]).stdout, page, "{short}");
    }
}

#[test]
fn an_unknown_code_is_told() {
    let project = Project::new();
    assert_runs!(
        project,
        project.plug(&["explain", "PLG9999"]),
        project.plug(&["explain", "PGL0101"]),
        project.plug(&["explain", "ß"]),
        project.plug(&["explain"]),
    );
}

#[test]
fn rules_have_pages_too() {
    let project = Project::new();
    let page = project.plug(&["explain", "F06"]).stdout;
    assert!(page.contains("option-parameter-added"), "{page}");
    for other in ["f06", "option-parameter-added"] {
        assert_eq!(project.plug(&["explain", other]).stdout, page, "{other}");
    }
    let list = project.plug(&["explain", "--rules"]);
    assert_eq!(list.stdout.lines().count(), plug_contract::rules().count());
    for line in list.stdout.lines() {
        let (id, sentence) = line.split_once("  ").unwrap();
        assert!(sentence.ends_with('.'), "{line}");
        assert_eq!(project.plug(&["explain", id]).code, Some(0), "{id}");
    }
    assert_runs!(
        project,
        project.plug(&["explain", "F99"]),
        project.plug(&["explain", "option-parametre-added"]),
    );
}

#[test]
fn all_codes_are_listed() {
    let project = Project::new();
    let list = project.plug(&["explain", "--list"]);
    assert_eq!(list.code, Some(0));
    for line in list.stdout.lines() {
        let (code, title) = line.split_once("  ").unwrap();
        assert!(!title.is_empty());
        assert_eq!(project.plug(&["explain", code]).code, Some(0), "{code}");
    }
    assert!(list.stdout.lines().count() > 20);
}
