//! Whatever a side is sure of is true, or an assumption that was broken is named: compared with the control blocks of the other
//! host when the proving segment left it, which no reader of a trace sees. `worlds` asks the same of every run of small worlds.

use std::net::SocketAddr;

use proptest::prelude::*;
use synfin::chronicle::Account;
use synfin::export::ladder::ladder;
use synfin::history::History;
use synfin::insight::knowledge::{Basis, Change, Fact, Knowledge, Level};
use synfin::profile::{Handshake, TimeWait, TimeWaitReuse};
use synfin::scenario::Scenario;
use synfin::segment::Segment;
use synfin::seq::SeqNumber;
use synfin::simulation::{Act, Simulation, UserCall, When};
use synfin::tcp::{Call, ConnectionId, SegmentId, Side, State};
use synfin::text::Words;
use synfin::time::{Duration, Instant};
use synfin::trace::{EventKind, Trace};

use crate::properties::{cases, command, forged, segment, side, story, troubled_story, wild_story};

/// What a connection is, as its host has it.
#[derive(Clone, Copy, Debug)]
pub struct Block {
    connection: ConnectionId,
    sockets: [SocketAddr; 2],
    iss: Option<SeqNumber>,
    irs: Option<SeqNumber>,
    una: Option<SeqNumber>,
    rcv_nxt: Option<SeqNumber>,
}

/// The connections of both hosts at one moment.
pub type Blocks = [Vec<Block>; 2];

/// What both hosts have after each step of a run.
pub struct Omniscience<'a> {
    pub trace: &'a Trace,
    /// The first of them before the first step.
    pub blocks: &'a [Blocks],
}

/// A segment of X that reached Y's host undamaged.
struct Reached<'a> {
    connection: Option<ConnectionId>,
    segment: &'a Segment,
    left_in: u32,
}

/// What both hosts have now.
pub fn blocks_of(simulation: &Simulation) -> Blocks {
    Side::BOTH.map(|side| {
        let blocks = simulation.host(side).connections().iter().map(|it| {
            let tcb = it.endpoint.tcb();
            Block {
                connection: it.id,
                sockets: [it.local, it.remote],
                iss: tcb.iss,
                irs: tcb.irs,
                una: tcb.snd_una,
                rcv_nxt: tcb.rcv_nxt,
            }
        });
        blocks.collect()
    })
}

/// Goes back to the beginning of a run, and looks at its hosts again after each step.
fn look_again(run: &mut History) -> Vec<Blocks> {
    let end = run.cursor();
    run.seek(0);
    let mut blocks = vec![blocks_of(run.simulation())];
    while run.cursor() < end {
        run.step();
        blocks.push(blocks_of(run.simulation()));
    }
    blocks
}

impl<'a> Omniscience<'a> {
    /// A connection after a step, or before it if it ended in it.
    fn block(&self, side: Side, connection: ConnectionId, step: usize) -> Option<Block> {
        let at = |step: usize| self.blocks[step][side as usize].iter().find(|it| it.connection == connection).copied();
        at(step).or_else(|| at(step.checked_sub(1)?))
    }

    /// Whether an arrival is of undamaged octets.
    fn is_intact(&self, step: usize) -> bool {
        let rules = self.trace.step(step).iter().filter_map(|event| match &event.kind {
            EventKind::Decided { rule, .. } => Some(rule.id()),
            _ => None,
        });
        !rules.into_iter().any(|id| id == "checksum-failed" || id == "host-down")
    }

    /// The segments of a side that had reached the other one after so many steps.
    fn reached(&self, from: Side, until: usize) -> Vec<Reached<'a>> {
        let steps = (1..=until).filter(|step| self.is_intact(*step));
        let arrivals = steps.filter_map(|step| match &self.trace.step(step).first()?.kind {
            EventKind::Arrived { segment, .. } => self.trace.departure(*segment),
            _ => None,
        });
        let own = arrivals.filter(|it| it.from == Some(from));
        own.map(|it| Reached { connection: it.connection, segment: &it.datagram.segment, left_in: it.step }).collect()
    }

    /// In which step the present incarnation of a connection began.
    fn began(&self, side: Side, connection: ConnectionId, until: usize) -> u32 {
        let mut began = Vec::new();
        for event in self.trace.events().iter().take_while(|event| event.step as usize <= until) {
            match &event.kind {
                EventKind::Created { side: s, connection: c, .. } if (*s, *c) == (side, connection) => {
                    began.push(event.step);
                }
                EventKind::Entered { side: s, connection: Some(c), from, to, .. } if (*s, *c) == (side, connection) => {
                    match (from, to) {
                        (State::TimeWait, State::SynReceived) => began.push(event.step),
                        (State::SynReceived, State::TimeWait) => drop(began.pop()),
                        _ => {}
                    }
                }
                _ => {}
            }
        }
        began.last().copied().unwrap_or(0)
    }

    /// How many octets the user had handed over, and the FIN of the connection, since a step.
    fn handed(&self, side: Side, connection: ConnectionId, began: u32, until: usize) -> u32 {
        let events = self.trace.events().iter().filter(|it| it.step >= began && it.step as usize <= until);
        let sends = events.filter_map(|event| match &event.kind {
            EventKind::Called { side: s, connection: c, call, result: Ok(_) }
                if (*s, *c) == (side, Some(connection)) =>
            {
                match &**call {
                    Call::Send { data, .. } => Some(data.len() as u32),
                    _ => None,
                }
            }
            _ => None,
        });
        sends.sum()
    }

    /// The number behind the FIN of a connection, if that has left since a step.
    fn fin_end(&self, side: Side, connection: ConnectionId, began: u32, until: usize) -> Option<SeqNumber> {
        let mut events = self.trace.events().iter().filter(|it| it.step >= began && it.step as usize <= until);
        events.find_map(|event| match &event.kind {
            EventKind::Sent { side: s, connection: c, datagram, .. }
                if (*s, *c) == (side, Some(connection)) && datagram.segment.flags.fin =>
            {
                Some(datagram.segment.end())
            }
            _ => None,
        })
    }

    /// Whether what a side is sure of after a step is true. Says what is not.
    pub fn is_true(&self, step: usize, change: &Change) -> Result<(), String> {
        let Change { side: x, connection, fact, entry } = *change;
        let y = x.other();
        let x_now = self.block(x, connection, step).ok_or("X has it")?;
        let began = self.began(x, connection, step);
        if fact == Fact::NetworkClean {
            return self.is_clean(step, x, connection, began);
        }
        let Some(Basis::Segment(proof)) = entry.by else { return Err("it rests on a segment".to_owned()) };
        let departure = self.trace.departure(proof).ok_or("it left")?;
        if departure.from != Some(y) {
            return Err("Y sent it".to_owned());
        }
        let then = departure.step as usize;
        let is_it = |is_so: bool, what: String| if is_so { Ok(()) } else { Err(what) };
        let reached = self.reached(x, then);
        // A SYN cookie left before there was a connection.
        let of_x = |it: &&Reached<'_>| match it.connection {
            Some(id) => id == connection && it.left_in >= began,
            None => it.segment.flags.syn && Some(it.segment.seq) == x_now.iss,
        };
        match fact {
            Fact::PeerToMe => return Ok(()),
            Fact::MeToPeer => {
                return is_it(reached.iter().any(|it| of_x(&it)), "nothing of X has reached Y".to_owned());
            }
            Fact::PeerGone => {
                let [local, remote] = x_now.sockets;
                let is_counterpart = |it: &&Block| {
                    it.sockets == [remote, local] && it.irs == x_now.iss && (x_now.irs.is_none() || it.iss == x_now.irs)
                };
                let found = self.blocks[then][y as usize].iter().find(is_counterpart);
                // A SYN cookie may come back with the same numbers when the first connection is over.
                let account = self.account(then);
                let present = account.incarnation(x, connection).and_then(|it| account.present_counterpart(it));
                let found = found.filter(|it| present.is_some_and(|other| other.connection == it.connection));
                return is_it(found.is_none(), format!("Y has {found:?}"));
            }
            _ => {}
        }
        let Some(y_then) = departure.connection.and_then(|it| self.block(y, it, then)) else {
            // A SYN cookie: it answers X's SYN, and is a number that Y will know again.
            let answered = self.trace.step(then).first().and_then(|event| match &event.kind {
                EventKind::Arrived { segment, .. } => self.trace.departure(*segment),
                _ => None,
            });
            let is_of_x = answered.is_some_and(|it| it.from == Some(x) && it.connection == Some(connection));
            let is_known = matches!(fact, Fact::PeerNumber | Fact::PeerHasNumber | Fact::PeerWantsThis);
            return is_it(is_of_x && is_known, "it answers nothing of X".to_owned());
        };
        let y_began = departure.connection.map_or(0, |it| self.began(y, it, then));
        // Y takes the FIN and is gone at once where there is no TIME-WAIT. Then it has what has reached it.
        let is_gone = !self.blocks[then][y as usize].iter().any(|it| Some(it.connection) == departure.connection);
        let iss = x_now.iss.ok_or("X has a number")?;
        let mut complete = iss;
        let extends = |complete: SeqNumber, it: &&Reached<'_>| {
            of_x(it) && it.segment.seq.is_at_or_before(complete) && it.segment.end().is_after(complete)
        };
        while let Some(it) = reached.iter().find(|it| is_gone && extends(complete, it)) {
            complete = it.segment.end();
        }
        let has =
            |number: SeqNumber| !complete.is_before(number) || y_then.rcv_nxt.is_some_and(|it| !it.is_before(number));
        let heard = |number: SeqNumber| {
            reached.iter().filter(of_x).any(|it| it.segment.ack.is_some_and(|ack| !ack.is_before(number)))
        };
        match fact {
            Fact::PeerNumber => is_it(y_then.iss == x_now.irs, format!("Y's is {:?}, not {:?}", y_then.iss, x_now.irs)),
            Fact::PeerHasNumber => is_it(y_then.irs == Some(iss), format!("Y has {:?}, not {iss}", y_then.irs)),
            Fact::PeerWantsThis => {
                let is_new = departure.step >= began || y_then.una.is_some();
                is_it(
                    is_new && (y_then.iss, y_then.irs) == (x_now.irs, Some(iss)),
                    format!("Y is {y_then:?}, X {x_now:?}"),
                )
            }
            Fact::PeerKnowsNumber => {
                let number = y_then.iss.ok_or("Y has a number")? + 1;
                is_it(heard(number), format!("Y has heard no ACK of {number}"))
            }
            Fact::PeerHasText => {
                let end = iss + 1 + self.handed(x, connection, began, step);
                is_it(has(end), format!("Y has {:?}, not {end}", y_then.rcv_nxt))
            }
            Fact::PeerKnowsEnd => {
                let end = self.fin_end(x, connection, began, step).ok_or("X has sent a FIN")?;
                is_it(has(end), format!("Y has {:?}, not {end}", y_then.rcv_nxt))
            }
            Fact::PeerEnded => is_it(departure.datagram.segment.flags.fin, "it is no FIN".to_owned()),
            Fact::PeerKnowsEndSeen => {
                let connection = departure.connection.ok_or("Y has a connection")?;
                let end = self.fin_end(y, connection, y_began, then).ok_or("Y has sent a FIN")?;
                is_it(heard(end), format!("Y has heard no ACK of {end}"))
            }
            Fact::ApplicationRead | Fact::PeerToMe | Fact::MeToPeer | Fact::NetworkClean | Fact::PeerGone => {
                Err("no segment can tell".to_owned())
            }
        }
    }

    /// Who is whose counterpart, and what is on its way, after so many steps.
    fn account(&self, steps: usize) -> Account {
        let mut account = Account::default();
        while account.steps() < steps {
            account.take_step(self.trace);
        }
        account
    }

    /// Whether nothing of a connection, and no answer to it, is in the network after a step.
    fn is_clean(&self, step: usize, x: Side, connection: ConnectionId, began: u32) -> Result<(), String> {
        let is_of_x = |id: SegmentId| {
            let it = self.trace.departure(id);
            it.is_some_and(|it| {
                let is_own = it.from == Some(x) && it.connection == Some(connection);
                is_own && self.began(x, connection, it.step as usize) == began
            })
        };
        for flight in self.account(step).flights() {
            let left_in = self.trace.departure(flight.segment).map_or(0, |it| it.step as usize);
            let answered = self.trace.step(left_in).first().and_then(|event| match &event.kind {
                EventKind::Arrived { segment, .. } => Some(*segment),
                _ => None,
            });
            if is_of_x(flight.segment) || (flight.from == Some(x.other()) && answered.is_some_and(is_of_x)) {
                return Err(format!("#{} is on its way", flight.segment));
            }
        }
        Ok(())
    }
}

/// Everything that anybody was sure of in a run was true, or names what was broken.
fn assert_never_wrong(run: &mut History) -> Result<Vec<Fact>, TestCaseError> {
    let script = run.scenario().to_string();
    let blocks = look_again(run);
    let seen = Omniscience { trace: run.trace(), blocks: &blocks };
    let mut knowledge = Knowledge::default();
    let mut proven = Vec::new();
    while knowledge.take_step(seen.trace) {
        let step = knowledge.steps();
        for change in knowledge.changes() {
            let Change { side, connection, fact, entry } = *change;
            prop_assert_ne!(entry.taken_for, Level::Deceived);
            if entry.level() == Level::Sure {
                let outcome = seen.is_true(step, change);
                prop_assert!(
                    outcome.is_ok(),
                    "step {step}: the {} is sure of {} on connection {}, by {:?}: {}\n{script}\n{}",
                    side.name(),
                    fact.name(),
                    connection.number(),
                    entry.by,
                    outcome.unwrap_err(),
                    ladder(seen.trace, &Words::default())
                );
                proven.push(fact);
            }
            // No segment can tell.
            prop_assert!(fact != Fact::ApplicationRead || entry.taken_for != Level::Sure);
        }
    }
    Ok(proven)
}

/// A run that goes on for so long at most.
fn run_of(story: &Scenario) -> History {
    let mut run = History::new(story.clone());
    run.seek(1_500);
    run
}

/// All that can be known is known in some run.
#[test]
fn every_fact_is_certain_in_some_story() {
    let mut proven: Vec<Fact> = Vec::new();
    for story in synfin::scenario::CATALOGUE {
        let mut run = run_of(&Scenario::parse(story.script).expect("it is one of ours"));
        proven.extend(assert_never_wrong(&mut run).unwrap_or_else(|wrong| panic!("{}: {wrong}", story.id)));
    }
    for fact in Fact::ALL {
        assert_eq!(proven.contains(&fact), fact != Fact::ApplicationRead, "{}", fact.name());
    }
}

proptest! {
    #![proptest_config(cases(30))]

    /// Loss, duplicates, reordering, crashes, ports that are used again.
    #[test]
    fn whatever_is_certain_is_true(story in prop_oneof![story(), troubled_story(), wild_story()]) {
        assert_never_wrong(&mut run_of(&story))?;
    }

    /// Old and forged segments, held ones that come back, whatever users do.
    #[test]
    fn whatever_is_certain_is_true_or_what_was_broken_is_named(
        story in prop_oneof![story(), wild_story()],
        has_usual_numbers in prop::bool::weighted(0.7),
        reuse in prop::sample::select(vec![TimeWaitReuse::Never, TimeWaitReuse::Rfc1122, TimeWaitReuse::Rfc6191]),
        is_two_way in prop::bool::weighted(0.2),
        has_time_wait in prop::bool::weighted(0.7),
        again in prop::collection::vec(0u64..8000, 0..3),
        closes in prop::collection::vec((side(), 0u64..8000), 0..4),
        deeds in prop::collection::vec((0usize..6, prop_oneof![
            1 => command(),
            1 => (side(), segment()).prop_map(|(to, segment)| forged(to, segment, [49152, 80])),
        ]), 0..20),
    ) {
        let mut story = story;
        for side in Side::BOTH {
            let setup = story.host_mut(side);
            if has_usual_numbers {
                let first = if side == Side::Client { 100 } else { 300 };
                setup.isns = [first, 100, 300].map(SeqNumber).to_vec();
            }
            setup.profile.timewait_reuse = reuse;
            setup.profile.handshake = if is_two_way { Handshake::TwoWay } else { Handshake::ThreeWay };
            setup.profile.time_wait = if has_time_wait { TimeWait::TwoMsl } else { TimeWait::Skipped };
            setup.profile.msl = setup.profile.msl.min(Duration::from_secs(2));
        }
        let at = |ms| When::At(Instant::from_ms(ms));
        let open = UserCall::Open { from: Some(49152), to: None, timeout: None };
        story.acts.extend(again.into_iter().map(|ms| Act::user(at(ms), Side::Client, open.clone())));
        story.acts.extend(closes.into_iter().map(|(side, ms)| Act::user(at(ms), side, UserCall::Close)));
        let mut run = History::new(story);
        for (steps, deed) in deeds {
            for _ in 0..steps {
                run.step();
            }
            // What is not possible is refused, and nothing has changed.
            let _ = run.apply(deed);
        }
        let end = run.cursor() + 400;
        run.seek(end);
        assert_never_wrong(&mut run)?;
    }
}
