//! A trace in other forms, for people and for other programs.
//!
//! | file | what |
//! |---|---|
//! | `ladder` | plain text to read |

pub mod ladder;
