//! Whether every run of a small world comes to an end. The checker itself does not look for cycles.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use ahash::RandomState;
use stateright::Model;

use super::world::{Setting, World};

/// What a walk through all states of a world finds.
pub struct Walk {
    /// How many states there are.
    pub states: usize,
    /// States to which a run can come back: in every cycle there is one of them.
    pub returns: Vec<World>,
}

/// A state on the path from the start, and what can follow it and has not been tried.
struct Stop {
    name: u64,
    untried: Vec<World>,
}

/// Walks in depth, and looks at each state once.
pub fn walk(setting: &Setting, mut look: impl FnMut(&World)) -> Walk {
    // Whether a state is on the path to the present one.
    let mut seen: HashMap<u64, bool> = HashMap::new();
    let mut path: Vec<Stop> = Vec::new();
    let mut found = Walk { states: 0, returns: Vec::new() };
    let mut next = setting.init_states().pop();
    loop {
        if let Some(world) = next.take() {
            let name = name_of(&world);
            match seen.entry(name) {
                Entry::Vacant(place) => {
                    place.insert(true);
                    found.states += 1;
                    look(&world);
                    let untried = setting.next_states(&world);
                    path.push(Stop { name, untried });
                }
                Entry::Occupied(is_on_path) if *is_on_path.get() => found.returns.push(world),
                Entry::Occupied(_) => {}
            }
        }
        let Some(stop) = path.last_mut() else { return found };
        next = stop.untried.pop();
        if next.is_none() {
            seen.insert(stop.name, false);
            path.pop();
        }
    }
}

/// Sixty-four bits stand for a state. The seeds differ from the checker's, so that the same states would hardly collide.
fn name_of(world: &World) -> u64 {
    RandomState::with_seeds(1, 2, 3, 4).hash_one(world)
}
