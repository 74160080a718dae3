//! A trace in other forms, for people and for other programs.
//!
//! | file | what |
//! |---|---|
//! | `ladder` | plain text to read |
//! | `knows` | who knows what, a line a change |
//! | `reasons` | what happened in each step, and why |
//! | `findings` | what happened, a line for each finding |

pub mod ladder;

pub mod knows;

pub mod findings;

#[cfg(feature = "embedded")]
pub mod reasons;
