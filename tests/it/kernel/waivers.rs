//! Where the kernel does not do what RFC 9293 says, or takes another of its choices: one class for each habit.
//!
//! A class never excuses us. Each pins three things: the situation, exactly what the kernel did, and exactly what we
//! did, which has to be what the text says. Then it says how the trial goes on, so that as little as possible of it is
//! lost: see [`Resumption`].
//!
//! | file | what |
//! |---|---|
//! | `situation` | the step: what both did, and how the segment lies to the window |
//! | `calls` | what the process asked for |
//! | `opening` | LISTEN, SYN-SENT, SYN-RECEIVED |
//! | `window` | what is acceptable |
//! | `acknowledgment` | which acknowledgments are too old, and what was lost |
//! | `fin` | after the other side's FIN |
//! | `remnant` | after `close()` |
//! | `time_wait` | TIME-WAIT |

mod acknowledgment;
mod calls;
mod fin;
mod opening;
mod remnant;
mod situation;
mod time_wait;
mod window;

use std::fmt;

use synfin::segment::Segment;

use super::ours::{Event, Ours};

pub use situation::Situation;

/// How a trial goes on after a class applied.
pub enum Resumption {
    /// The two are in the same state and only sent different things.
    AsWeAre,
    /// From another event in place of this one, which must lead us to exactly what the kernel did.
    Instead(Box<(Ours, Event)>),
    /// As if the kernel's answer announced no window.
    WithoutWindow,
    /// From another state of ours, which must be the kernel's.
    From(Box<Ours>),
}

impl Resumption {
    fn from(ours: Ours) -> Self {
        Self::From(Box::new(ours))
    }

    /// As if `segment` had come instead.
    fn instead(s: &Situation<'_>, segment: Segment) -> Self {
        Self::Instead(Box::new((s.before.clone(), Event::Segment(segment))))
    }
}

/// A class as the documentation lists it.
#[derive(Clone, Copy)]
pub struct Row {
    pub name: &'static str,
    /// Where the text has it: of RFC 9293, with its check (§3.10.7.4) or its label, or of another RFC.
    pub section: &'static str,
    /// What the kernel does.
    pub kernel: &'static str,
    /// What the text says, and what we do.
    pub text: &'static str,
    /// How often the trials in `tests/kernel/` need it.
    pub needed: u32,
}

impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { name, section, kernel, text, needed } = self;
        write!(f, "| `{name}` | {kernel} | {text} | {section} | {needed} |")
    }
}

macro_rules! classes {
    ($($class:ident = $resume:path, $name:literal, needed $needed:literal,
        kernel $kernel:literal, text $text:literal, at $section:literal;)*) => {
        /// The habits; their rows say what they are.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Class { $($class,)* }

        impl Class {
            /// All classes, in the order in which they are tried.
            pub const ALL: &[Class] = &[$(Class::$class,)*];

            pub const fn row(self) -> Row {
                match self {
                    $(Class::$class => Row {
                        name: $name, section: $section, kernel: $kernel, text: $text, needed: $needed,
                    },)*
                }
            }

            /// How the trial goes on, if this class applies.
            fn resume(self, s: &Situation<'_>) -> Option<Resumption> {
                match self {
                    $(Class::$class => $resume(s),)*
                }
            }
        }
    };
}

classes! {
    NoFlags = window::no_flags, "no-flags", needed 11,
        kernel "drops a segment with none of SYN, ACK and RST before it looks at the sequence number",
        text "an unacceptable segment is acknowledged",
        at "3.10.7.4 first";
    LeftEdge = window::left_edge, "left-edge", needed 74,
        kernel "takes a segment that ends exactly at RCV.NXT for acceptable, so that its acknowledgment counts",
        text "it is acknowledged and dropped",
        at "3.4, 3.10.7.4 first";
    RightEdge = window::right_edge, "right-edge", needed 87,
        kernel "takes SEG.SEQ = RCV.NXT+RCV.WND for inside the window",
        text "the window ends before it: acknowledged and dropped, a reset just dropped",
        at "3.4, 3.10.7.4 first";
    Unannounced = window::unannounced, "unannounced-window", needed 30,
        kernel "has a larger window than 65535, the most a header can say; later it announces its lower 16 bits",
        text "the window is what was announced",
        at "3.4, 3.8.6";
    BeyondWindow = window::beyond_window, "beyond-window", needed 14,
        kernel "drops a whole segment that begins inside the window and ends beyond it while anything waits to be read",
        text "it is acceptable; only the part beyond is cut off",
        at "3.10.7.4 first";
    LongReset = window::long_reset, "long-reset", needed 13,
        kernel "counts a reset with all that it carries, which may reach into the window or beyond it",
        text "a reset counts by where it begins",
        at "3.5.3, MUST-66; 3.10.7.4 first";
    ResetAtFin = fin::reset_at_fin, "reset-at-fin", needed 15,
        kernel "accepts a reset at RCV.NXT-1, the number of the other side's FIN",
        text "it lies before the window: dropped",
        at "3.10.7.4 first";
    TextBeyondFin = fin::text_beyond_fin, "text-beyond-fin", needed 9,
        kernel "resets the connection when text goes on where the other side's FIN was",
        text "such text is ignored",
        at "3.10.7.4 seventh";
    SecondFin = fin::second_fin, "second-fin", needed 10,
        kernel "counts a second FIN right behind the first one and moves RCV.NXT over it",
        text "nothing comes after a FIN",
        at "3.10.7.4 eighth";
    MovedFin = fin::moved_fin, "moved-fin", needed 3,
        kernel "joins a FIN behind a gap with text that goes on behind it: it counts where that text ends",
        text "of contradicting segments the one that begins first counts",
        at "3.10.7.4 seventh, eighth";
    TooOldAck = acknowledgment::too_old_ack, "too-old-ack", needed 100,
        kernel "refuses acknowledgments older than SND.UNA less all that was ever acknowledged",
        text "the limit is SND.UNA-MAX.SND.WND; up to it an old acknowledgment is a duplicate",
        at "3.10.7.4 fifth, MAY-12; RFC 5961 5.2";
    HeaderPrediction = acknowledgment::header_prediction, "header-prediction", needed 12,
        kernel "takes text at RCV.NXT in ESTABLISHED although its acknowledgment is too old",
        text "such a segment is answered and dropped, where MAY-12 is followed",
        at "3.10.7.4 fifth, MAY-12; RFC 5961 5.2";
    EarlyRetransmission = acknowledgment::early_retransmission, "early-retransmission", needed 8,
        kernel "sends a segment again after duplicate acknowledgments; with little on its way, two are enough",
        text "the retransmission timer decides; fast retransmit is congestion control's and not modeled",
        at "3.8.1, 3.8.2; RFC 5681 3.2";
    KeptBack = acknowledgment::kept_back, "kept-back", needed 8,
        kernel "after a segment that it took for lost, keeps new text or a FIN back until something is acknowledged",
        text "it leaves at once; congestion windows are not modeled",
        at "3.8.2; RFC 5681 3.1";
    SynFinToListener = opening::syn_fin_to_listener, "syn-fin-to-listener", needed 31,
        kernel "a listener drops a SYN that carries a FIN",
        text "the SYN is answered, the FIN kept for later",
        at "3.10.7.2 third";
    SynAgain = opening::syn_again, "syn-again", needed 3,
        kernel "in SYN-SENT, sends its SYN again a few ms after an acknowledgment that is not acceptable",
        text "the SYN waits for its retransmission timer",
        at "3.10.7.3 first; 3.8.1";
    TextOfSyn = opening::text_of_syn, "text-of-syn", needed 21,
        kernel "forgets the text and the FIN that came with a SYN",
        text "they are kept and processed in ESTABLISHED",
        at "3.10.7.2 third, 3.10.7.3 fourth";
    RepeatedSyn = opening::repeated_syn, "repeated-syn", needed 11,
        kernel "a listener answers a repeated SYN with its SYN,ACK",
        text "it is acknowledged and dropped, whatever else it carries",
        at "3.10.7.4 first, fourth";
    AckBeforeSequence = opening::ack_before_sequence, "ack-before-sequence", needed 17,
        kernel "in SYN-RECEIVED at a listener, refuses a wrong acknowledgment before it looks at anything else",
        text "sequence number, reset and SYN come before the acknowledgment",
        at "3.10.7.4 first, fourth";
    SynAtRequest = opening::syn_at_request, "syn-at-request", needed 42,
        kernel "in SYN-RECEIVED at a listener, answers a new SYN with a reset",
        text "the connection returns to LISTEN without a word",
        at "3.10.7.4 fourth";
    ReopenedForgets = opening::reopened_forgets, "reopened-forgets", needed 9,
        kernel "a connection that was reopened from TIME-WAIT and proves stale is gone",
        text "it returns to TIME-WAIT",
        at "3.6.1, MAY-2";
    CrossedSynAck = opening::crossed_syn_ack, "crossed-syn-ack", needed 169,
        kernel "answers the crossing SYN,ACK of a simultaneous open",
        text "it completes the connection; nothing in it is new",
        at "3.5 figure 7, appendix A.2";
    CrossedText = opening::crossed_text, "crossed-text", needed 4,
        kernel "challenges the crossing SYN,ACK of a simultaneous open if text or a FIN comes with it",
        text "the SYN is taken off, the rest processed",
        at "3.10.7.4 fifth, appendix A.2";
    AckOfNothing = opening::ack_of_nothing, "ack-of-nothing", needed 24,
        kernel "in SYN-RECEIVED after a simultaneous open, takes SEG.ACK = SND.UNA for an acknowledgment of its SYN",
        text "SND.UNA < SEG.ACK is needed; else a reset",
        at "3.10.7.4 fifth";
    CloseWaits = calls::close_waits, "close-waits", needed 64,
        kernel "in SYN-RECEIVED, keeps the FIN of shutdown() until ESTABLISHED",
        text "where nothing waits to be sent, the FIN leaves at once",
        at "3.10.4";
    ResetAcknowledges = calls::reset_acknowledges, "reset-acknowledges", needed 198,
        kernel "the reset of an ABORT carries an acknowledgment",
        text "`<SEQ=SND.NXT><CTL=RST>`",
        at "3.10.5";
    AbortInTimeWait = calls::abort_in_time_wait, "abort-in-time-wait", needed 6,
        kernel "an ABORT does not end TIME-WAIT: the process' socket has nothing to do with it any more",
        text "CLOSED",
        at "3.10.5";
    UnreadText = calls::unread_text, "unread-text", needed 227,
        kernel "close() means no more reading either; where text was not read, it resets",
        text "CLOSE only ends sending; MAY-1 allows the other",
        at "3.6.1, MAY-1, SHLD-3; 3.10.4";
    TextAfterClose = remnant::text_after_close, "text-after-close", needed 313,
        kernel "new text, or a FIN behind a gap, after close() resets the connection",
        text "after CLOSE, receiving goes on; MAY-1 allows the other",
        at "3.6.1, MAY-1, SHLD-3";
    RemnantSyn = remnant::remnant_syn, "remnant-syn", needed 10,
        kernel "after close(), in FIN-WAIT-2, overlooks a SYN before RCV.NXT in a segment that reaches into the window",
        text "the segment is challenged",
        at "3.10.7.4 fourth; RFC 5961 4.2";
    RemnantAnswersReset = remnant::remnant_answers_reset, "remnant-answers-reset", needed 6,
        kernel "after close(), in FIN-WAIT-2, acknowledges a reset outside the window",
        text "it is dropped",
        at "3.10.7.4 first";
    RemnantAck = remnant::remnant_ack, "remnant-ack", needed 12,
        kernel "after close(), in FIN-WAIT-2, looks at no acknowledgment: takes the FIN whatever it acknowledges",
        text "one of what was not sent, or too old, is answered and the segment dropped",
        at "3.10.7.4 fifth";
    TimeWaitAck = time_wait::time_wait_ack, "time-wait-ack", needed 14,
        kernel "in TIME-WAIT, drops a bare acknowledgment at RCV.NXT whatever it acknowledges",
        text "one of what was not sent, or too old, is answered",
        at "3.10.7.4 fifth";
    TimeWaitWithoutAck = time_wait::time_wait_without_ack, "time-wait-without-ack", needed 7,
        kernel "in TIME-WAIT, acknowledges an acceptable segment that has no acknowledgment",
        text "it is dropped",
        at "3.10.7.4 fifth";
    TimeWaitReset = time_wait::time_wait_reset, "time-wait-reset", needed 51,
        kernel "in TIME-WAIT, drops a reset that is in the window but not at RCV.NXT",
        text "it is challenged",
        at "3.10.7.4 second; RFC 5961 3.2";
    TimeWaitSyn = time_wait::time_wait_syn, "time-wait-syn", needed 15,
        kernel "in TIME-WAIT, acknowledges a SYN at RCV.NXT",
        text "it lies beyond the last number seen, so it may open a new connection",
        at "3.6.1, MAY-2; RFC 6191 2";
}

/// The first class that applies.
pub fn find(situation: &Situation<'_>) -> Option<(Class, Resumption)> {
    Class::ALL.iter().find_map(|class| class.resume(situation).map(|resumption| (*class, resumption)))
}
