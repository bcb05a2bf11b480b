use super::{Overweight, weigh};
use crate::error::{Excess, Measure};
use crate::limits::LoadLimits;

/// Two modules, one of them in a component of which there are two instances.
const COMPONENT: &str = r#"(component
    (core module
        (import "" "f" (func))
        (func (local i32 i32 i32) (block (loop nop)))
        (func))
    (component $c
        (core module $m (func))
        (core instance (instantiate $m))
        (core instance (instantiate $m)))
    (instance (instantiate $c))
    (instance (instantiate $c)))"#;

fn excess(bytes: &[u8], limits: &LoadLimits) -> Option<Excess> {
    match weigh(bytes, limits) {
        Ok(()) => None,
        Err(Overweight::Excess(excess)) => Some(excess),
        Err(other) => panic!("{other}"),
    }
}

#[test]
fn each_limit_lets_pass_what_reaches_it_and_nothing_beyond() {
    type Set = fn(LoadLimits, usize) -> LoadLimits;
    let bytes = wat::parse_str(COMPONENT).unwrap();
    let measures: [(Measure, Set, usize); 9] = [
        (Measure::Artifact, LoadLimits::artifact, bytes.len()),
        // the code of a function begins with its locals
        (Measure::Code, LoadLimits::code, 11 + 2 + 2),
        (Measure::Functions, LoadLimits::functions, 3),
        (Measure::Function(0), LoadLimits::function, 11),
        (Measure::Locals(0), LoadLimits::locals, 3),
        (Measure::Nesting(0), LoadLimits::nesting, 2),
        // a block and a loop that counts as four, times the same and eight times three locals
        (Measure::Control, LoadLimits::control, 5 * (5 + 8 * 3)),
        // a type, an import and two functions; a type and a function; two instances within, twice two
        // of them by the two without
        (Measure::Items, LoadLimits::items, 4 + 2 + 2 + 2),
        (Measure::Depth, LoadLimits::depth, 3),
    ];
    for (measure, set, reached) in measures {
        let limits = |limit: usize| set(LoadLimits::default(), limit);
        assert_eq!(excess(&bytes, &limits(reached)), None, "{measure:?}");
        let found = excess(&bytes, &limits(reached - 1));
        assert_eq!(found, Some(Excess { measure, found: reached, limit: reached - 1 }));
    }
}

#[test]
fn items_count_for_each_instance() {
    let many = |instances: usize| {
        let inner = "(core instance (instantiate $m))".repeat(100);
        let outer = "(instance (instantiate $c))".repeat(instances);
        let text = format!("(component (component $c (core module $m) {inner}) {outer})");
        wat::parse_str(text).unwrap()
    };
    // each is one, with a hundred within
    let limits = LoadLimits::default().items(505);
    assert_eq!(excess(&many(5), &limits), None);
    let found = excess(&many(6), &limits).map(|excess| (excess.measure, excess.found));
    assert_eq!(found, Some((Measure::Items, 606)));
}

/// Behind a broken piece code could pass uncounted.
#[test]
fn what_cannot_be_read_is_not_compiled() {
    let mut bytes = wat::parse_str(COMPONENT).unwrap();
    // the body of the loop: `nop`, `end`
    let nop = bytes.windows(2).position(|pair| pair == [0x01, 0x0b]).unwrap();
    bytes[nop] = 0xff;
    assert!(matches!(weigh(&bytes, &LoadLimits::default()), Err(Overweight::Unreadable(_))));
}
