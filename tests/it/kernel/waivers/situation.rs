//! A step: what both sides did, and how a segment that came lies to the window.

use synfin::segment::Segment;
use synfin::seq::SeqNumber;
use synfin::tcp::State;

use super::super::corpus::Syscall;
use super::super::ours::{Event, Incarnation, Ours, Outcome, Variables, has_received_fin};
use super::super::wire::Wire;

/// The largest window that the other side ever announced: it never announces another one.
const MAX_SND_WND: u32 = u16::MAX as u32;

/// One step in which the two sides may part.
pub struct Situation<'a> {
    /// Our side before the event.
    pub before: &'a Ours,
    pub event: &'a Event,
    /// What the kernel did.
    pub kernel: &'a Outcome,
    /// What we did.
    pub ours: &'a Outcome,
    /// Our side after it.
    pub after: &'a Ours,
    /// The window that the kernel announced in its answer.
    pub window: Option<u16>,
}

/// What a kernel has for the connection that a segment meets; each has rules of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Request,
    Full,
    Remnant,
    TimeWait,
}

/// A segment that meets a connection.
#[derive(Clone, Copy)]
pub struct Meeting<'a> {
    pub segment: &'a Segment,
    pub v: Variables,
    pub state: State,
    pub kind: Kind,
    pub s: &'a Situation<'a>,
}

impl<'a> Situation<'a> {
    pub fn call(&self) -> Option<Syscall> {
        match self.event {
            Event::Call(syscall, _) => Some(*syscall),
            Event::Segment(_) => None,
        }
    }

    pub fn segment(&self) -> Option<&'a Segment> {
        match self.event {
            Event::Segment(segment) => Some(segment),
            Event::Call(..) => None,
        }
    }

    /// The segment with what it meets, where the other side's number is known.
    pub fn meeting(&'a self) -> Option<Meeting<'a>> {
        let (segment, v, state) = (self.segment()?, self.before.variables()?, self.before.state());
        let kind = match (state, self.before.incarnation) {
            (State::TimeWait, _) => Kind::TimeWait,
            (_, Incarnation::Request) => Kind::Request,
            (_, Incarnation::Full) => Kind::Full,
            (_, Incarnation::Remnant) => Kind::Remnant,
        };
        Some(Meeting { segment, v, state, kind, s: self })
    }

    pub fn kernel_did(&self, sent: &[Segment], state: State) -> bool {
        self.is_done(self.kernel, sent, state)
    }

    pub fn we_did(&self, sent: &[Segment], state: State) -> bool {
        self.is_done(self.ours, sent, state)
    }

    fn is_done(&self, outcome: &Outcome, sent: &[Segment], state: State) -> bool {
        let sent = sent.iter().map(|segment| self.before.wire(segment)).collect();
        outcome.is_same_as(&Outcome { sent, state, done: 0 })
    }

    /// The kernel gave the connection up with `<SEQ=SND.NXT><ACK=RCV.NXT><CTL=RST,ACK>`.
    pub fn kernel_sent_reset_with_ack(&self, v: Variables) -> bool {
        let plain = self.before.wire(&Segment::rst(v.snd_nxt));
        let with_ack = Segment { ack: Some(v.rcv_nxt), ..Segment::rst(v.snd_nxt) };
        // It belongs to a connection, so its number is relative.
        let sent = vec![Wire { seq: plain.seq, ..self.before.wire(&with_ack) }];
        self.kernel.is_same_as(&Outcome { sent, state: State::Closed, done: 0 })
    }

    /// We answered a connection request as a listener does.
    pub fn we_accepted_request(&self, syn: &Segment) -> bool {
        let Some(v) = self.after.variables() else { return false };
        let answer = self.after.wire(&Segment::syn_ack(v.iss, syn.seq + 1));
        self.ours.is_same_as(&Outcome { sent: vec![answer], state: State::SynReceived, done: 0 })
    }
}

impl Variables {
    /// `<SEQ=SND.NXT><ACK=RCV.NXT><CTL=ACK>`.
    pub fn ack(&self) -> Segment {
        self.ack_from(self.snd_nxt)
    }

    /// The same from another number on.
    pub fn ack_from(&self, seq: SeqNumber) -> Segment {
        Segment::ack(seq, self.rcv_nxt)
    }
}

/// What both did.
impl Meeting<'_> {
    pub fn we_acknowledged(&self) -> bool {
        self.s.we_did(&[self.v.ack()], self.state)
    }

    pub fn we_kept_silent(&self) -> bool {
        self.s.we_did(&[], self.state)
    }

    pub fn kernel_acknowledged(&self) -> bool {
        self.s.kernel_did(&[self.v.ack()], self.state)
    }

    pub fn kernel_kept_silent(&self) -> bool {
        self.s.kernel_did(&[], self.state)
    }

    /// The kernel forgot the connection and refused the segment as one that belongs to none.
    pub fn kernel_reset(&self) -> bool {
        Segment::reset_for(self.segment).is_some_and(|reset| self.s.kernel_did(&[reset], State::Closed))
    }

    /// We did with an acceptable segment what the fifth to eighth checks say (§3.10.7.4).
    pub fn we_processed(&self) -> bool {
        let Self { segment, v, state, s, .. } = *self;
        let Some(ack) = segment.ack else { return self.we_kept_silent() };
        if self.is_ack_refused() {
            return self.we_acknowledged();
        }
        let is_fin_acknowledged = ack == v.snd_nxt;
        let (may_receive, state) = match state {
            State::FinWait1 if is_fin_acknowledged => (true, State::FinWait2),
            State::Established | State::FinWait1 | State::FinWait2 => (true, state),
            State::Closing if is_fin_acknowledged => (false, State::TimeWait),
            State::LastAck if is_fin_acknowledged => (false, State::Closed),
            State::CloseWait | State::Closing | State::LastAck => (false, state),
            State::Closed | State::Listen | State::SynSent | State::SynReceived | State::TimeWait => return false,
        };
        if !may_receive {
            return s.we_did(&[], state);
        }
        let Some(after) = s.after.variables() else { return false };
        // What begins at or before RCV.NXT moves it to the end of the segment, or further where more is there already;
        // what begins later does not move it.
        let is_in_order = segment.seq.is_at_or_before(v.rcv_nxt);
        let window = v.edge.offset_from(v.rcv_nxt);
        let end = segment.end().offset_from(v.rcv_nxt).min(window);
        let moved = after.rcv_nxt.offset_from(v.rcv_nxt);
        let moves_right = if is_in_order { moved >= end } else { moved == 0 };
        let takes_fin = match (is_in_order, moved > end) {
            (false, _) => false,
            (true, false) => segment.flags.fin,
            (true, true) => has_received_fin(s.ours.state),
        };
        let state = match state {
            State::Established if takes_fin => State::CloseWait,
            State::FinWait1 if takes_fin => State::Closing,
            State::FinWait2 if takes_fin => State::TimeWait,
            unchanged => unchanged,
        };
        moves_right && s.we_did(&[Segment::ack(v.snd_nxt, after.rcv_nxt)], state)
    }
}

/// How the segment lies.
impl Meeting<'_> {
    /// Neither RST nor SYN: it gets to the fifth check.
    pub fn is_plain(&self) -> bool {
        !self.segment.flags.rst && !self.segment.flags.syn
    }

    pub fn is_syn(&self) -> bool {
        self.segment.flags.syn && !self.segment.flags.rst
    }

    /// The four cases of §3.4, table 6.
    pub fn is_acceptable(&self) -> bool {
        let Self { segment, v, .. } = self;
        let wnd = v.edge.offset_from(v.rcv_nxt);
        let is_inside = |seq: SeqNumber| seq.offset_from(v.rcv_nxt) < wnd;
        match (segment.len(), wnd) {
            (0, 0) => segment.seq == v.rcv_nxt,
            (_, 0) => false,
            (0, _) => is_inside(segment.seq),
            (len, _) => is_inside(segment.seq) || is_inside(segment.seq + (len - 1)),
        }
    }

    pub fn begins_at_next(&self) -> bool {
        self.segment.seq == self.v.rcv_nxt
    }

    pub fn begins_before_next(&self) -> bool {
        self.segment.seq.is_before(self.v.rcv_nxt)
    }

    /// The first number after it, a FIN aside.
    pub fn end_of_text(&self) -> SeqNumber {
        self.segment.end() - u32::from(self.segment.flags.fin)
    }

    /// Text lies beyond RCV.NXT, or a FIN behind a gap.
    pub fn has_text_beyond_next(&self) -> bool {
        !self.segment.is_empty() && self.end_of_text().is_after(self.v.rcv_nxt)
    }

    /// Nothing but a FIN is new in it.
    pub fn brings_fin_only(&self) -> bool {
        self.segment.flags.fin && self.segment.end() == self.v.rcv_nxt + 1
    }

    /// SND.UNA < SEG.ACK =< SND.NXT.
    pub fn is_ack_news(&self) -> bool {
        self.segment.ack.is_some_and(|ack| ack.is_after(self.v.una) && ack.is_at_or_before(self.v.snd_nxt))
    }

    /// SEG.ACK < SND.UNA - MAX.SND.WND (MAY-12).
    pub fn is_ack_too_old(&self) -> bool {
        self.segment.ack.is_some_and(|ack| ack.is_before(self.v.una - MAX_SND_WND))
    }

    /// The same where the kernel draws the line: it does not go back further than what was acknowledged.
    pub fn is_ack_too_old_for_the_kernel(&self) -> bool {
        // A listener's child is made when its SYN is acknowledged; only then does it begin to count.
        let counted_from = if self.s.before.is_listening() { self.v.iss + 1 } else { self.v.iss };
        let acknowledged = self.v.una.offset_from(counted_from).min(MAX_SND_WND);
        self.segment.ack.is_some_and(|ack| ack.is_before(self.v.una - acknowledged))
    }

    /// The fifth check answers the segment and drops it.
    pub fn is_ack_refused(&self) -> bool {
        self.is_ack_too_old() || self.segment.ack.is_some_and(|ack| ack.is_after(self.v.snd_nxt))
    }
}
