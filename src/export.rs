//! A trace in other forms, for people and for other programs.
//!
//! | file | what |
//! |---|---|
//! | `ladder` | plain text to read |
//! | `knows` | who knows what, a line a change |
//! | `reasons` | what happened in each step, and why |
//! | `findings` | what happened, a line for each finding |

use crate::tcp::{ConnectionId, Side};

pub mod ladder;

pub mod knows;

pub mod findings;

#[cfg(feature = "embedded")]
pub mod reasons;

/// `client`, with `#N` from a host's second connection on.
fn place(side: Side, connection: Option<ConnectionId>) -> String {
    match connection.map(ConnectionId::number) {
        Some(number) if number > 1 => format!("{}#{number}", side.name()),
        Some(_) | None => side.name().to_owned(),
    }
}
