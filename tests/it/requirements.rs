//! The requirements of RFC 9293 and its relatives that concern a connection's life. `docs/conformance.md` has the table
//! of them and `page` checks it; what neither a vector nor a row of the transition relation shows is shown here.
//!
//! | file | what |
//! |---|---|
//! | `page` | the tables of `docs/conformance.md`: every requirement is there, and what shows it exists |
//! | `opening` | who may open what, ports, addresses, floods |
//! | `sending` | numbers, timers and windows, in runs with losses |

mod opening;
mod page;
mod sending;

use std::net::SocketAddr;

use synfin::segment::{Datagram, Segment};
use synfin::simulation::Simulation;
use synfin::tcp::Side;

fn socket(side: Side, port: u16) -> SocketAddr {
    SocketAddr::new(Simulation::address_of(side), port)
}

/// A segment between these sockets.
fn datagram(source: SocketAddr, destination: SocketAddr, segment: Segment) -> Datagram {
    Datagram { source, destination, segment }
}
