//! What is reached in small worlds: if a world never got anywhere, every claim about it would hold.

use stateright::Property;
use synfin::segment::Segment;
use synfin::tcp::{Side, State, Timer};

use super::claims::{Rest, ends};
use super::world::{Present, Setting, World};

/// Everything that may be reached: the states, the ways to be at rest, the figures of RFC 9293, and what they leave out.
pub fn all() -> Vec<Property<Setting>> {
    let states = State::ALL.into_iter().map(|state| {
        let is_reached: fn(&Setting, &World) -> bool = match state {
            State::Closed => somebody_is_in::<0>,
            State::Listen => somebody_is_in::<1>,
            State::SynSent => somebody_is_in::<2>,
            State::SynReceived => somebody_is_in::<3>,
            State::Established => somebody_is_in::<4>,
            State::FinWait1 => somebody_is_in::<5>,
            State::FinWait2 => somebody_is_in::<6>,
            State::CloseWait => somebody_is_in::<7>,
            State::Closing => somebody_is_in::<8>,
            State::LastAck => somebody_is_in::<9>,
            State::TimeWait => somebody_is_in::<10>,
        };
        Property::sometimes(state.name(), is_reached)
    });
    let rests = Rest::ALL.into_iter().map(|rest| {
        let is_reached: fn(&Setting, &World) -> bool = match rest {
            Rest::Over => is_at_rest::<0>,
            Rest::Idle => is_at_rest::<1>,
            Rest::HalfClosed => is_at_rest::<2>,
            Rest::HalfOpenEstablished => is_at_rest::<3>,
            Rest::HalfOpenCloseWait => is_at_rest::<4>,
            Rest::HalfOpenFinWait2 => is_at_rest::<5>,
        };
        Property::sometimes(rest.name(), is_reached)
    });
    let figures = [
        Property::sometimes("figure 6", |_, world: &World| figure_6(world)),
        Property::sometimes("figure 7", |_, world: &World| figure_7(world)),
        Property::sometimes("figure 8", |setting: &Setting, world: &World| figure_8(setting, world)),
        Property::sometimes("figure 8, recovered", |setting: &Setting, world: &World| {
            figure_8_recovered(setting, world)
        }),
        Property::sometimes("figure 9", |_, world: &World| figure_9(world)),
        Property::sometimes("figure 10", |_, world: &World| figure_10(world)),
        Property::sometimes("figure 11", |setting: &Setting, world: &World| figure_11(setting, world)),
        Property::sometimes("figure 12", |_, world: &World| figure_12(world)),
        Property::sometimes("figure 13", |_, world: &World| figure_13(world)),
        Property::sometimes("taken over", |_, world: &World| {
            are_ends_in(world, [State::Established; 2])
                && world.lives(Side::Server).last().is_some_and(|life| life.has_taken_over)
        }),
        Property::sometimes("no room", |_, world: &World| world.was_crowded(Side::Server)),
        Property::sometimes("no room, served later", |_, world: &World| {
            are_ends_in(world, [State::Established; 2]) && world.was_crowded(Side::Server)
        }),
        Property::sometimes("asked", |_, world: &World| Side::BOTH.into_iter().any(|to| is_asked(world, to))),
        Property::sometimes("asked, found out", |_, world: &World| is_found_out_by_asking(world)),
        Property::sometimes("given back", |setting: &Setting, world: &World| is_given_back(setting, world)),
    ];
    states.chain(rests).chain(figures).collect()
}

fn somebody_is_in<const STATE: usize>(_: &Setting, world: &World) -> bool {
    Side::BOTH.into_iter().any(|side| world.state(side) == State::ALL[STATE])
}

fn is_at_rest<const REST: usize>(_: &Setting, world: &World) -> bool {
    world.is_at_rest() && Rest::of(world) == Some(Rest::ALL[REST])
}

/// The basic handshake is complete: one end came from LISTEN.
fn figure_6(world: &World) -> bool {
    are_ends_in(world, [State::Established; 2])
        && world.is_quiet()
        && Side::BOTH.into_iter().filter(|side| is_child(world, *side)).count() == 1
}

/// Both SYNs have crossed: nobody came from LISTEN.
fn figure_7(world: &World) -> bool {
    are_ends_in(world, [State::SynReceived; 2]) && !Side::BOTH.into_iter().any(|side| is_child(world, side))
}

/// Line 5: the client refuses the answer to the old SYN.
fn figure_8(setting: &Setting, world: &World) -> bool {
    world.state(Side::Client) == State::SynSent && answers_old_syn(setting, world) && reset_hits_server(world)
}

/// Line 8: established, after an old SYN had been answered.
fn figure_8_recovered(setting: &Setting, world: &World) -> bool {
    are_ends_in(world, [State::Established; 2])
        && world.lives(Side::Server).first().is_some_and(|life| life.irs.is_some_and(|irs| setting.is_stale(irs)))
}

/// Line 5: the client, which has forgotten everything, opens, and refuses the acknowledgment that answers its SYN.
fn figure_9(world: &World) -> bool {
    world.state(Side::Client) == State::SynSent
        && world.lives(Side::Client).len() > 1
        && world.state(Side::Server) == State::Established
        && reset_hits_server(world)
}

/// Line 3: the client, which has forgotten everything, refuses the server's data.
fn figure_10(world: &World) -> bool {
    let has_data_in_flight = |present: &Present| present.state == State::Established && present.una != present.nxt;
    world.state(Side::Client) == State::Closed
        && !world.lives(Side::Client).is_empty()
        && world.present(Side::Server).is_some_and(has_data_in_flight)
        && reset_hits_server(world)
}

/// Line 4: a listener refuses the answer of another listener to an old SYN.
fn figure_11(setting: &Setting, world: &World) -> bool {
    world.state(Side::Client) == State::Listen && answers_old_syn(setting, world) && reset_hits_server(world)
}

/// Line 5: the last acknowledgment is on its way.
fn figure_12(world: &World) -> bool {
    let acknowledges_fin = |fin_end| move |segment: &Segment| segment.ack == Some(fin_end);
    are_ends_in(world, [State::TimeWait, State::LastAck])
        && world
            .present(Side::Server)
            .is_some_and(|server| travels_to(world, Side::Server, acknowledges_fin(server.nxt)))
}

/// Line 3: both FINs have crossed.
fn figure_13(world: &World) -> bool {
    are_ends_in(world, [State::Closing; 2])
}

/// An old SYN had taken over the server's sockets in TIME-WAIT, which has them again (MAY-2): the present life began before
/// the one that the old SYN made.
fn is_given_back(setting: &Setting, world: &World) -> bool {
    let [.., attempt, present] = world.lives(Side::Server) else { return false };
    world.state(Side::Server) == State::TimeWait
        && attempt.irs.is_some_and(|irs| setting.is_stale(irs))
        && present.iss.is_before(attempt.iss)
}

/// A keep-alive is on its way: it has a number that was acknowledged (RFC 9293 §3.8.4).
fn is_asked(world: &World, to: Side) -> bool {
    world.present(to.other()).is_some_and(|asker| {
        asker.timers.is_running(Timer::KeepAlive)
            && asker.una == asker.nxt
            && travels_to(world, to, |segment| segment.is_empty() && segment.seq + 1 == asker.nxt)
    })
}

/// The server has asked, and a host that has forgotten everything answers with a reset.
fn is_found_out_by_asking(world: &World) -> bool {
    let server = world.host(Side::Server).profile().keep_alive.zip(world.present(Side::Server));
    let has_asked = server.is_some_and(|(keep_alive, server)| {
        let deadline = server.timers.deadline(Timer::KeepAlive);
        deadline.is_some_and(|next| next.since(world.now) < keep_alive.idle)
    });
    has_asked && world.state(Side::Client) == State::Closed && reset_hits_server(world)
}

fn are_ends_in(world: &World, states: [State; 2]) -> bool {
    ends(world).is_some_and(|ends| ends.map(|end| end.state) == states)
}

fn is_child(world: &World, side: Side) -> bool {
    world.present(side).is_some_and(|present| present.is_child)
}

fn answers_old_syn(setting: &Setting, world: &World) -> bool {
    world
        .present(Side::Server)
        .is_some_and(|server| server.state == State::SynReceived && server.irs.is_some_and(|irs| setting.is_stale(irs)))
}

/// A reset that the server will take for true is on its way to it.
fn reset_hits_server(world: &World) -> bool {
    let expected = world.present(Side::Server).and_then(|server| server.rcv_nxt);
    travels_to(world, Side::Server, |segment| segment.flags.rst && Some(segment.seq) == expected)
}

fn travels_to(world: &World, to: Side, is_it: impl Fn(&Segment) -> bool) -> bool {
    world.network.iter().any(|flight| flight.to == to && is_it(&flight.datagram.segment))
}
