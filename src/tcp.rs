//! The words that everybody shares: what users ask and are told, the states, timers and sides, and by what segments and
//! connections are known. Nothing here decides anything; whoever simulates, and whoever reads a trace, speaks with these.
//!
//! | file | what | where in RFC 9293 |
//! |---|---|---|
//! | `state` | the eleven states | §3.3.2 |
//! | `call` | what users may ask for, and what they are answered at once | §3.9.1, §3.10 |
//! | `user_event` | what users are told without having asked | §3.9.1 |
//! | `timer` | the names of the timers | §3.10.8 |
//! | `role` | what a segment is for | |
//! | `intrusion` | where a segment comes from that no present connection sent | |
//! | `middlebox` | what a middlebox has against segments | |
//! | `side`, `ids` | the two ends; segments, connections, sockets | |
//! | `action` | what can happen to a segment on its way | |
//! | `refusal` | why something cannot be done to a run | |

mod state;

mod call;

mod user_event;

mod timer;

mod role;

mod intrusion;

mod middlebox;

mod side;

mod ids;

mod action;

mod refusal;

pub use action::Action;
pub use call::{Call, CallError, KeepAlive, Limit, Open, Reply};
pub use ids::{ConnectionId, ConnectionOrigin, SegmentId, Sockets};
pub use intrusion::Intrusion;
pub use middlebox::Objection;
pub use refusal::{DeedError, MOST_IN_TRANSIT};
pub use role::Role;
pub use side::Side;
pub use state::State;
pub use timer::Timer;
pub use user_event::{Flushed, UserEvent};
