//! A trace in other forms, for people and for other programs.
//!
//! | file | what |
//! |---|---|
//! | `ladder` | plain text to read |
//! | `knows` | who knows what, a line a change |

pub mod ladder;

pub mod knows;
