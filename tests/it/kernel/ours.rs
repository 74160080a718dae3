//! Our side of a trial: an endpoint behind the calls of a socket, and what each event makes it do.
//!
//! Between the RFC's user calls and a process stands a socket. It always has a RECEIVE outstanding, keeps what came
//! until the process reads it, and outlives its connection. A call of the process that a non-blocking socket refuses,
//! because the connection is still opening, never becomes a call of the RFC's.

use std::fmt;

use bytes::Bytes;

use synfin::endpoint::{Context, Effect, Endpoint, FinStatus, Outbox, Tcb};
use synfin::profile::{Profile, TimeWaitReuse};
use synfin::segment::{Flags, Options, Segment};
use synfin::seq::SeqNumber;
use synfin::tcp::{Call, Open, State, UserEvent};
use synfin::time::Instant;

use super::corpus::{Answer, Flag, Injected, Mode, Step, Stimulus, Syscall};
use super::wire::{Origins, Wire, flags_of, modulo};

/// Our initial sequence number in the first incarnation: within most trials the numbers wrap.
const ISS: SeqNumber = SeqNumber(u32::MAX - 50);

/// How far apart the initial numbers of two incarnations are.
const BETWEEN_INCARNATIONS: u32 = 1 << 28;

/// The other side's initial sequence number. It wraps at another time.
pub const IRS: SeqNumber = SeqNumber(u32::MAX - 200);

/// No time passes within a trial: no timer of the kernel expires.
const NOW: Instant = Instant::from_ms(1000);

/// The MSS on the link of the trials, both ways.
const MSS: u16 = 1460;

/// The window that the kernel announces first.
const FIRST_WINDOW: u32 = 64240;

/// Our side at one moment of a trial.
#[derive(Clone)]
pub struct Ours {
    endpoint: Endpoint,
    listener: Option<Endpoint>,
    mode: Mode,
    profile: Profile,
    /// One for each incarnation, the latest last.
    sockets: Vec<Socket>,
    /// Those that were established and not yet accepted, by index.
    accept_queue: Vec<usize>,
    /// The one that the process has, by index.
    held: Option<usize>,
    /// ISS of the latest incarnation; numbers are relative to it.
    iss: SeqNumber,
    /// The CLOSE that waits for ESTABLISHED, where a waiver put it off.
    close_waits: bool,
    /// The numbers of the FINs that came in this incarnation.
    fins: Vec<SeqNumber>,
    /// In SYN-SENT, an acknowledgment came that was not acceptable, and the SYN did not leave again since.
    pub has_refused_acknowledgment: bool,
    /// The kernel took something for lost: its congestion window is small from here on.
    pub has_lost: bool,
    /// Octets that the process gave to the kernel, and that its congestion window keeps back.
    kept_back: u32,
    pub incarnation: Incarnation,
}

/// What stands between one incarnation and the process.
#[derive(Clone, Default)]
struct Socket {
    /// Octets that came and were not read.
    unread: usize,
    /// The end of the other side's text came and was not read.
    has_unread_end: bool,
    /// Old text came with a second FIN, and a kernel keeps both until the process reads.
    has_old_text: bool,
    /// The process has closed it: nobody will read any more.
    is_orphan: bool,
    /// The other side's next octet, to check that they come in order.
    next: Option<SeqNumber>,
}

/// What a kernel makes of a connection beside its state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Incarnation {
    /// A request at a listener, before ESTABLISHED.
    Request,
    /// A socket.
    Full,
    /// What is left of a closed socket in FIN-WAIT-2: a few numbers, no record of what was sent.
    Remnant,
}

/// What happens to a side.
#[derive(Clone, PartialEq, Eq)]
pub enum Event {
    Segment(Segment),
    Call(Syscall, u32),
}

/// What an event made a side do.
#[derive(Clone, PartialEq, Eq)]
pub struct Outcome {
    pub sent: Vec<Wire>,
    /// The state of the pair of sockets; a listener shows as CLOSED.
    pub state: State,
    /// How much a call did: octets sent or read, connections accepted.
    pub done: usize,
}

/// The variables of a connection whose other side's number is known, as it was before an event.
#[derive(Clone, Copy)]
pub struct Variables {
    pub iss: SeqNumber,
    pub una: SeqNumber,
    pub snd_nxt: SeqNumber,
    pub irs: SeqNumber,
    pub rcv_nxt: SeqNumber,
    /// RCV.NXT + RCV.WND: the first number beyond the window.
    pub edge: SeqNumber,
}

impl Ours {
    pub fn new(mode: Mode) -> Self {
        let profile = Profile {
            rfc5961: true,
            rfc5961_ack_range: true,
            challenge_ack_limit: None,
            answer_gap: None,
            // Only a listener could take over a connection request that meets TIME-WAIT.
            timewait_reuse: match mode {
                Mode::Passive => TimeWaitReuse::Rfc1122,
                Mode::Active | Mode::Simopen => TimeWaitReuse::Never,
            },
            mss: MSS,
            receive_buffer: FIRST_WINDOW,
            send_buffer: 1 << 22,
            ..Profile::default()
        };
        Self {
            endpoint: Endpoint::Closed,
            listener: None,
            mode,
            profile,
            sockets: Vec::new(),
            accept_queue: Vec::new(),
            held: None,
            iss: ISS,
            close_waits: false,
            fins: Vec::new(),
            has_refused_acknowledgment: false,
            has_lost: false,
            kept_back: 0,
            incarnation: Incarnation::Full,
        }
    }

    /// The step's stimulus with our numbers.
    pub fn event_of(&self, step: &Step) -> Event {
        match &step.stimulus {
            Stimulus::In(injected) => Event::Segment(self.segment_of(injected)),
            Stimulus::Call { call, args, .. } => Event::Call(*call, args.first().copied().unwrap_or(0)),
        }
    }

    fn segment_of(&self, injected: &Injected) -> Segment {
        let flags = flags_of(&injected.flags);
        let seq = IRS + modulo(injected.seq);
        assert_eq!(injected.flags.contains(&Flag::Ack), injected.ack.is_some(), "the ACK flag and the number");
        let mut segment = Segment {
            seq,
            ack: injected.ack.map(|ack| self.iss + modulo(ack)),
            flags,
            wnd: injected.win,
            options: Options { mss: flags.syn.then_some(MSS), ..Options::default() },
            payload: Bytes::new(),
        };
        segment.payload = text_at(segment.text_seq(), injected.len);
        segment
    }

    /// Lets `event` happen. `window` is what the kernel announced in its answer, if it said something.
    pub fn apply(&mut self, event: &Event, window: Option<u16>) -> Outcome {
        let was = self.state();
        let outcome = match event {
            Event::Segment(segment) if self.close_waits && was == State::SynReceived => {
                self.segment_arrives_before_close(segment, window)
            }
            Event::Segment(segment) => self.segment_arrives(segment, window),
            Event::Call(syscall, argument) => self.call(*syscall, *argument),
        };
        self.note_incarnation(was, event);
        if let (State::SynSent, Event::Segment(Segment { ack: Some(ack), .. })) = (was, event) {
            self.has_refused_acknowledgment |= *ack != self.iss + 1;
        }
        if let Event::Segment(segment) = event
            && segment.flags.fin
        {
            self.fins.push(segment.end() - 1);
        }
        self.follow_window(window);
        outcome
    }

    /// Moves the right edge of our window to where the kernel moved its own, if that is further on. It does so not only
    /// behind new text, but also behind a FIN, and in any answer after the process has read.
    pub fn follow_window(&mut self, window: Option<u16>) {
        let (tcb, Some(window)) = (self.tcb(), window.map(u32::from)) else { return };
        let (Some(rcv_nxt), Some(rcv_wnd)) = (tcb.rcv_nxt, tcb.rcv_wnd.filter(|wnd| *wnd < window)) else { return };
        let ack = tcb.snd_una;
        let held_text = tcb.held.iter().map(|(seq, octets)| Segment {
            seq: *seq,
            ack,
            wnd: u16::MAX,
            payload: text_at(*seq, *octets),
            ..Segment::default()
        });
        let flags = Flags { fin: true, ..Flags::default() };
        let fins = self.fins.iter().filter(|fin| fin.is_within(rcv_nxt, rcv_wnd));
        let held_fins = fins.map(|fin| Segment { seq: *fin, ack, flags, wnd: u16::MAX, ..Segment::default() });
        // A control block says what is held, not what it is: that arrives again, unless the end was received.
        let held: Vec<Segment> = held_text.chain(held_fins).filter(|_| !has_received_fin(tcb.state)).collect();
        self.endpoint = restored(&Tcb { rcv_wnd: Some(window), ..tcb }, &self.profile);
        for segment in held {
            let mut cx = Context::new(NOW, &self.profile, ISS);
            self.endpoint.segment_arrives(&segment, &mut cx, &mut Outbox::default());
        }
    }

    /// What a kernel makes of the connection now.
    fn note_incarnation(&mut self, was: State, event: &Event) {
        let becomes_remnant = match event {
            // A FIN is not left behind to a remnant; the socket stays to process it.
            Event::Segment(segment) => was != State::FinWait2 && !segment.flags.fin,
            Event::Call(syscall, _) => *syscall == Syscall::Close,
        };
        let state = self.state();
        self.incarnation = if state == State::SynReceived && self.is_listening() {
            Incarnation::Request
        } else if state == State::FinWait2 && self.is_orphan() && becomes_remnant {
            Incarnation::Remnant
        } else if state == State::FinWait2 {
            self.incarnation
        } else {
            Incarnation::Full
        };
    }

    fn segment_arrives(&mut self, segment: &Segment, window: Option<u16>) -> Outcome {
        if self.endpoint == Endpoint::Closed {
            self.endpoint = self.listener.clone().unwrap_or_default();
        }
        let mut profile = self.profile.clone();
        if let Some(v) = self.variables() {
            // Figure 7 needs this where both sides opened, and where the crossing SYN,ACK is a good one.
            profile.simopen_trim_syn = self.mode != Mode::Passive && segment.ack == Some(v.snd_nxt);
            // The kernel takes the text literally, but not so far that two ends could go on for ever.
            profile.timewait_literal_ack = segment.seq != v.rcv_nxt;
            // What is left of a closed socket judges resets and SYNs as before RFC 5961.
            let is_remnant = self.state() == State::FinWait2 && self.incarnation == Incarnation::Remnant;
            profile.rfc5961 = !is_remnant || segment.seq.is_before(v.rcv_nxt);
        }
        if let Some(window) = window.filter(|_| !segment.flags.syn && !segment.payload.is_empty()) {
            // How far the window opens behind new text is the receiver's choice. The kernel rounds it to what it takes
            // for the other side's segment size, so its right edge may move by a few octets, and so does ours.
            profile.receive_buffer = u32::from(window);
            profile.mss = 1;
        }
        self.event(&profile, |endpoint, cx, out| endpoint.segment_arrives(segment, cx, out)).1
    }

    /// A CLOSE waits for the acknowledgment of our SYN: it happens between that acknowledgment and the rest of the
    /// segment.
    fn segment_arrives_before_close(&mut self, segment: &Segment, window: Option<u16>) -> Outcome {
        let mut without_close = self.clone();
        let outcome = without_close.segment_arrives(segment, window);
        if !matches!(without_close.state(), State::Established | State::CloseWait) {
            *self = without_close;
            return outcome;
        }
        let variables = self.variables().expect("SYN-RECEIVED has them");
        let acknowledgment = Segment { ack: segment.ack, ..Segment::ack(variables.rcv_nxt, variables.snd_nxt) };
        self.segment_arrives(&Segment { wnd: segment.wnd, ..acknowledgment }, None);
        self.close_waits = false;
        let fin = self.user_call(Call::Close);
        let rest = self.segment_arrives(segment, window);
        Outcome { sent: [fin.sent, rest.sent].concat(), ..rest }
    }

    fn call(&mut self, syscall: Syscall, argument: u32) -> Outcome {
        let nothing = Outcome { sent: Vec::new(), state: self.state(), done: 0 };
        match syscall {
            Syscall::Listen => {
                let (_, outcome) = self.event(&self.profile.clone(), |endpoint, cx, out| {
                    endpoint.call(Call::open(Open::Passive), cx, out)
                });
                self.listener = Some(restored(&Tcb::empty(State::Listen), &self.profile));
                outcome
            }
            Syscall::Connect => {
                let outcome = self.user_call(Call::open(Open::Active));
                self.held = Some(self.sockets.len() - 1);
                outcome
            }
            Syscall::Accept if self.accept_queue.is_empty() => nothing,
            Syscall::Accept => {
                self.held = Some(self.accept_queue.remove(0));
                Outcome { done: 1, ..nothing }
            }
            Syscall::Recv => {
                let read = self.held.map_or(0, |held| {
                    self.sockets[held].has_unread_end = false;
                    self.sockets[held].has_old_text = false;
                    std::mem::take(&mut self.sockets[held].unread)
                });
                Outcome { done: read, ..nothing }
            }
            // A socket that outlived its connection.
            Syscall::Send | Syscall::ShutdownWr | Syscall::Close | Syscall::Abort if !self.holds_latest() => nothing,
            Syscall::Send if matches!(self.state(), State::SynSent | State::SynReceived) => nothing,
            Syscall::Send => self.user_call(Call::send(vec![0; argument as usize].into())),
            Syscall::ShutdownWr => self.user_call(Call::Close),
            Syscall::Close => {
                self.close_waits = false;
                let outcome = self.user_call(Call::Close);
                self.latest_mut().leave();
                outcome
            }
            Syscall::Abort => self.user_call(Call::Abort),
        }
    }

    /// A call of the RFC's. What it returns beside the octets that it took is for the process to ignore.
    fn user_call(&mut self, call: Call) -> Outcome {
        let octets = match &call {
            Call::Send { data, .. } => data.len(),
            Call::Open { .. }
            | Call::Receive(_)
            | Call::Close
            | Call::CloseAll
            | Call::Abort
            | Call::Status
            | Call::Set(_) => 0,
        };
        let (result, outcome) = self.event(&self.profile.clone(), |endpoint, cx, out| endpoint.call(call, cx, out));
        Outcome { done: if result.is_ok() { octets } else { 0 }, ..outcome }
    }

    fn event<T>(
        &mut self,
        profile: &Profile,
        event: impl FnOnce(&mut Endpoint, &mut Context<'_>, &mut Outbox) -> T,
    ) -> (T, Outcome) {
        let mut cx = Context::new(NOW, profile, initial_number(self.sockets.len()));
        let mut out = Outbox::default();
        let result = event(&mut self.endpoint, &mut cx, &mut out);
        self.endpoint.check_invariants();
        if cx.iss_is_taken() {
            self.sockets.push(Socket::default());
            self.fins.clear();
            self.iss = self.tcb().iss.expect("a connection that took an ISS has it");
        }
        let origins = Origins { seq: self.iss, ack: IRS };
        let sent = out.segments().map(|segment| Wire::of(segment, origins)).collect();
        for effect in out.effects() {
            match effect {
                Effect::Tell(event) => self.tell(event.clone()),
                Effect::Because(_) | Effect::Enter { .. } | Effect::Send { .. } => {}
            }
        }
        // The listener goes on listening; its copy is gone.
        if matches!(self.endpoint, Endpoint::Listen(_)) {
            self.endpoint = Endpoint::Closed;
        }
        (result, Outcome { sent, state: self.state(), done: 0 })
    }

    fn tell(&mut self, event: UserEvent) {
        let is_listening = self.listener.is_some();
        let irs = self.tcb().irs;
        match event {
            UserEvent::Established if is_listening => self.accept_queue.push(self.sockets.len() - 1),
            UserEvent::Received(text) => self.latest_mut().receive(&text, irs),
            UserEvent::Closing => self.latest_mut().has_unread_end = true,
            UserEvent::Established
            | UserEvent::SendComplete
            | UserEvent::CloseComplete
            | UserEvent::Reset
            | UserEvent::Refused
            | UserEvent::UserTimeout
            | UserEvent::DeliveryProblem
            | UserEvent::ExcessiveRetransmissions
            | UserEvent::CallsFlushed(_) => {}
        }
    }

    pub fn state(&self) -> State {
        self.endpoint.state()
    }

    /// What the endpoint remembers.
    pub fn tcb(&self) -> Tcb {
        self.endpoint.tcb()
    }

    /// Whether the endpoints are in the same state in every respect.
    pub fn is_where(&self, other: &Self) -> bool {
        self.endpoint == other.endpoint && self.close_waits == other.close_waits
    }

    /// Its variables, where the other side's number is known.
    pub fn variables(&self) -> Option<Variables> {
        let tcb = self.tcb();
        let rcv_nxt = tcb.rcv_nxt?;
        Some(Variables {
            iss: tcb.iss?,
            una: tcb.snd_una?,
            snd_nxt: tcb.snd_nxt?,
            irs: tcb.irs?,
            rcv_nxt,
            edge: rcv_nxt + tcb.rcv_wnd?,
        })
    }

    /// The event as the trials write it.
    pub fn describe(&self, event: &Event) -> String {
        match event {
            Event::Call(Syscall::Send, octets) => format!("send {octets}"),
            Event::Call(syscall, _) => syscall.name().to_owned(),
            Event::Segment(segment) => format!("<{}>", Wire::of(segment, Origins { seq: IRS, ack: self.iss })),
        }
    }

    /// `segment` as the trials would write it if we sent it.
    pub fn wire(&self, segment: &Segment) -> Wire {
        Wire::of(segment, Origins { seq: self.iss, ack: IRS })
    }

    /// The choices that it follows.
    pub fn profile(&self) -> &Profile {
        &self.profile
    }

    /// The initial numbers that its incarnations took, and the one that the next would take.
    pub fn initial_numbers(&self) -> Vec<SeqNumber> {
        (0..=self.sockets.len()).map(initial_number).collect()
    }

    /// Whether there is a listener.
    pub fn is_listening(&self) -> bool {
        self.listener.is_some()
    }

    /// Whether nobody will read what comes.
    pub fn is_orphan(&self) -> bool {
        self.sockets.last().is_some_and(|latest| latest.is_orphan)
    }

    /// Whether the process has left text unread, as a kernel sees it.
    pub fn has_unread_text(&self) -> bool {
        self.sockets.last().is_some_and(|latest| latest.unread > 0 || latest.has_old_text)
    }

    /// Whether nothing waits to be read, the end included. What comes after `close()` waits for ever.
    pub fn has_read_all(&self) -> bool {
        self.sockets.last().is_none_or(|latest| latest.unread == 0 && !latest.has_unread_end)
    }

    /// Whether the process' socket is that of the latest incarnation.
    pub fn holds_latest(&self) -> bool {
        self.held.is_some_and(|held| held + 1 == self.sockets.len())
    }

    /// Whether a FIN came with a number from `first` on and before `end`.
    pub fn has_fin_between(&self, first: SeqNumber, end: SeqNumber) -> bool {
        self.fins.iter().any(|fin| !fin.is_before(first) && fin.is_before(end))
    }

    /// How many FINs came with numbers from `seq` on without a gap.
    pub fn fins_from(&self, seq: SeqNumber) -> u32 {
        (0..).take_while(|offset| self.fins.contains(&(seq + *offset))).last().map_or(0, |offset| offset + 1)
    }

    /// The same with the connection given up, whatever that sends.
    pub fn given_up(&self) -> Self {
        let mut next = self.clone();
        next.user_call(Call::Abort);
        next
    }

    /// The same with a CLOSE that waits for ESTABLISHED.
    pub fn with_close_waiting(&self) -> Self {
        Self { close_waits: true, ..self.clone() }
    }

    /// The same after the kernel took something for lost.
    pub fn with_loss(&self) -> Self {
        Self { has_lost: true, ..self.clone() }
    }

    /// The same with `octets` more kept back.
    pub fn with_kept_back(&self, octets: u32) -> Self {
        Self { kept_back: self.kept_back + octets, ..self.clone() }
    }

    /// The same with the FIN that just left still waiting for the next acknowledgment.
    pub fn with_fin_kept_back(&self) -> Self {
        let mut tcb = self.tcb();
        tcb.unacknowledged.pop();
        tcb.snd_nxt = tcb.snd_nxt.map(|nxt| nxt - 1);
        tcb.fin = FinStatus::Queued;
        Self { endpoint: restored(&tcb, &self.profile), ..self.clone() }
    }

    /// What leaves when nothing is kept back any more, and the same behind it.
    pub fn with_nothing_kept_back(&self) -> Option<(Vec<Wire>, Self)> {
        let mut next = Self { kept_back: 0, ..self.clone() };
        (self.kept_back > 0).then(|| (next.call(Syscall::Send, self.kept_back).sent, next))
    }

    /// The same with the other side's FIN received, at no number of its own.
    pub fn with_fin_received(&self) -> Self {
        let tcb = self.tcb();
        let state = match tcb.state {
            State::Established => State::CloseWait,
            State::FinWait1 => State::Closing,
            State::FinWait2 => State::TimeWait,
            unchanged => unchanged,
        };
        let received = Tcb { state, held: Vec::new(), ..tcb };
        let mut next = Self { endpoint: restored(&received, &self.profile), ..self.clone() };
        next.latest_mut().has_unread_end = true;
        next
    }

    /// The same after its SYN left once more.
    pub fn with_syn_sent_again(&self) -> Self {
        Self { has_refused_acknowledgment: false, ..self.clone() }
    }

    /// The same with RCV.NXT moved over `fins` FINs behind the first one, the last of them in `segment`.
    pub fn with_more_fins(&self, fins: u32, segment: &Segment, window: Option<u16>) -> Self {
        let tcb = self.tcb();
        let rcv_wnd = window.map(u32::from).or(tcb.rcv_wnd.map(|wnd| wnd.saturating_sub(fins)));
        let moved = Tcb { rcv_nxt: tcb.rcv_nxt.map(|nxt| nxt + fins), rcv_wnd, ..tcb };
        let mut next = Self { endpoint: restored(&moved, &self.profile), ..self.clone() };
        let socket = next.latest_mut();
        socket.has_unread_end = true;
        socket.has_old_text = !segment.payload.is_empty();
        next
    }

    fn latest_mut(&mut self) -> &mut Socket {
        self.sockets.last_mut().expect("users are told about connections")
    }
}

impl Socket {
    /// The process closes it: what waited to be read is thrown away.
    fn leave(&mut self) {
        *self = Self { is_orphan: true, next: self.next, ..Self::default() };
    }

    fn receive(&mut self, text: &Bytes, irs: Option<SeqNumber>) {
        let first = self.next.or(irs.map(|irs| irs + 1)).expect("text comes after a SYN");
        assert_eq!(*text, text_at(first, text.len()), "octets are delivered in order");
        self.next = Some(first + u32::try_from(text.len()).expect("text lies in a window"));
        self.unread += text.len();
    }
}

impl Outcome {
    /// What the kernel did.
    pub fn recorded(step: &Step) -> Self {
        let done = match &step.stimulus {
            Stimulus::Call { call: Syscall::Accept, result, .. } => usize::from(*result == Answer::Number(0)),
            Stimulus::Call { call: Syscall::Send | Syscall::Recv, result: Answer::Number(octets), .. } => {
                *octets as usize
            }
            Stimulus::Call { .. } | Stimulus::In(_) => 0,
        };
        let state = if step.state == State::Listen { State::Closed } else { step.state };
        Self { sent: step.out.iter().map(Wire::recorded).collect(), state, done }
    }

    /// The window that it announced last, if it said something.
    pub fn window(&self) -> Option<u16> {
        self.sent.iter().rev().find(|sent| sent.edge().is_some()).map(|sent| sent.wnd)
    }

    /// Whether both sent the same, the windows aside.
    pub fn sends_same_as(&self, other: &Self) -> bool {
        self.sent.len() == other.sent.len() && self.sent.iter().zip(&other.sent).all(|(a, b)| a.is_same_as(b))
    }

    /// Whether both did the same, the windows aside.
    pub fn is_same_as(&self, other: &Self) -> bool {
        self.sends_same_as(other) && self.state == other.state && self.done == other.done
    }
}

/// Our initial sequence number after so many incarnations.
fn initial_number(incarnations: usize) -> SeqNumber {
    let incarnations = u32::try_from(incarnations).expect("a trial has a few incarnations");
    ISS + BETWEEN_INCARNATIONS.wrapping_mul(incarnations)
}

/// An endpoint whose receive window was moved.
fn restored(tcb: &Tcb, profile: &Profile) -> Endpoint {
    Endpoint::restore(tcb, NOW, profile).expect("the numbers that were sent are as they were")
}

/// Whether the other side's FIN was received.
pub fn has_received_fin(state: State) -> bool {
    matches!(state, State::CloseWait | State::Closing | State::LastAck | State::TimeWait)
}

/// The other side's text from `seq` on: each octet follows from its number, so that a misplaced one is noticed.
fn text_at(seq: SeqNumber, len: usize) -> Bytes {
    let first = seq.0;
    (0..len as u32).map(|offset| (first.wrapping_add(offset) % 251) as u8).collect()
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.state)?;
        for wire in &self.sent {
            write!(f, " <{wire}>")?;
        }
        if self.done > 0 { write!(f, " done={}", self.done) } else { Ok(()) }
    }
}
