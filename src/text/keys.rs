//! The keys of the core pack, which the build makes of `words/`: an enum of all of them, and for each text with
//! placeholders a struct of the same name that has them as fields. So a misspelt key or placeholder does not compile, and
//! one that nobody uses is found like any other dead code.

use crate::rule::Rule;

use super::words::Words;

/// A text whose placeholders have values.
pub(crate) trait Say {
    /// The text with its values.
    fn say(&self, words: &Words) -> String;
}

include!(concat!(env!("OUT_DIR"), "/keys.rs"));

/// How many texts the core pack has.
pub(super) const COUNT: usize = TEXTS + RULES.len();

/// Where the title of a rule stands in the core pack.
pub(super) const fn title(rule: Rule) -> usize {
    TEXTS + TITLES[rule as usize] as usize
}

/// The place of each rule's title among the titles.
const TITLES: [u16; Rule::ALL.len()] = places();

const fn places() -> [u16; Rule::ALL.len()] {
    assert!(RULES.len() == Rule::ALL.len(), "words/en/rules.txt has words for a rule that src/rule.rs does not have");
    let mut places = [0; Rule::ALL.len()];
    let mut rule = 0;
    while rule < places.len() {
        let mut place = 0;
        while !is_same(Rule::ALL[rule].id(), RULES[place]) {
            place += 1;
            assert!(place < RULES.len(), "words/en/rules.txt has no words for one of the rules of src/rule.rs");
        }
        places[rule] = place as u16;
        rule += 1;
    }
    places
}

const fn is_same(one: &str, other: &str) -> bool {
    let (one, other) = (one.as_bytes(), other.as_bytes());
    if one.len() != other.len() {
        return false;
    }
    let mut index = 0;
    while index < one.len() {
        if one[index] != other[index] {
            return false;
        }
        index += 1;
    }
    true
}
