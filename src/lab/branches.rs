//! The branches of a run.

use serde::Serialize;
#[cfg(target_arch = "wasm32")]
use tsify::Tsify;

use crate::history::{Branch, History};

/// A branch of a run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
pub struct BranchView {
    /// Its number, which it keeps.
    pub id: u32,
    /// Its name.
    pub name: String,
    /// The number of the branch that it leaves; left out for the first one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(target_arch = "wasm32", tsify(optional))]
    pub parent: Option<u32>,
    /// The last step that both have.
    pub after: usize,
    /// How many steps are known of it, from the start.
    pub length: usize,
    /// Whether the cursor is on it.
    pub current: bool,
    /// What was done to the run on this branch itself, as scripts write it.
    pub given: Vec<String>,
}

/// The branches of a run, in the order in which they came to be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(Tsify))]
pub struct Branches(pub Vec<BranchView>);

/// The branches of a run.
pub fn branches(history: &History) -> Branches {
    let view = |branch: &Branch| BranchView {
        id: branch.id().0,
        name: branch.name().to_owned(),
        parent: branch.fork().map(|fork| fork.parent.0),
        after: branch.fork().map_or(0, |fork| fork.after),
        length: branch.len(),
        current: branch.id() == history.current(),
        given: branch.given().iter().map(|it| it.deed.to_string()).collect(),
    };
    Branches(history.branches().iter().map(view).collect())
}
