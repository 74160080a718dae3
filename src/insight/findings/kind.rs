//! What can be found, with the names by which scripts, the terminal and the page know it.

use crate::named::named;

macro_rules! kinds {
    ($($(#[doc = $doc:literal])+ $name:ident = $id:literal, $section:literal, $weight:ident;)+) => {
        named! {
            /// What can be found in a run.
            enum Kind;
            /// The stable name.
            name: $($(#[doc = $doc])+ $name = $id),+
        }

        impl Kind {
            /// Where the standard speaks of it.
            pub const fn section(self) -> &'static str {
                match self {
                    $(Kind::$name => $section,)+
                }
            }

            /// Whether something went wrong or somebody attacked, as against what belongs to the life of a connection.
            pub const fn is_trouble(self) -> bool {
                match self {
                    $(Kind::$name => is_trouble!($weight),)+
                }
            }
        }
    };
}

macro_rules! is_trouble {
    (trouble) => {
        true
    };
    (life) => {
        false
    };
}

kinds! {
    /// Both ends are synchronized, after three segments. Side: who opened. Cost: the time since the OPEN.
    OpenedThreeWay = "opened-three-way", "RFC 9293 §3.5", life;
    /// Both ends are synchronized: their SYNs crossed.
    OpenedSimultaneously = "opened-simultaneously", "RFC 9293 §3.5", life;
    /// Both ends are synchronized, and the server had remembered nothing: its cookie came back.
    OpenedWithCookie = "opened-with-cookie", "RFC 4987 §3.6", life;
    /// Both ends are synchronized, and the server was so with the first SYN already.
    OpenedTwoWay = "opened-two-way", "RFC 9293 §3.5", trouble;
    /// An OPEN came to nothing: the other side refused it. Cost: the time since the OPEN.
    Refused = "refused", "RFC 9293 §3.10.7.3", trouble;
    /// A segment is sent again: no copy of it arrived undamaged. Cost: the time since it left, its octets.
    RepeatedLost = "repeated-lost", "RFC 6298 §5", trouble;
    /// A segment is sent again: it was taken, and the answer is lost.
    RepeatedAckLost = "repeated-ack-lost", "RFC 6298 §5", trouble;
    /// A segment is sent again for nothing: it, or the answer to it, is only late.
    RepeatedLate = "repeated-late", "RFC 6298 §5", trouble;
    /// A segment is sent again: it, or the answer to it, arrived and was not taken, because a host was down, a queue full, a
    /// window closed.
    RepeatedNotTaken = "repeated-not-taken", "RFC 6298 §5", trouble;
    /// A SYN that nobody stands behind any more is answered. Cost: a place among the requests.
    OldSynAnswered = "old-syn-answered", "RFC 9293 §3.5", trouble;
    /// Such a SYN makes a connection that counts as synchronized.
    OldSynBelieved = "old-syn-believed", "RFC 9293 §3.5", trouble;
    /// What such a SYN made is given up again, because of what the other side answered. Cost: how long it was there.
    OldSynUnmasked = "old-syn-unmasked", "RFC 9293 §3.5", trouble;
    /// A SYN that somebody made up is answered.
    ForgedSynAnswered = "forged-syn-answered", "RFC 4987 §2", trouble;
    /// A connection is synchronized and nobody is at its other end. Cost: a place.
    Ghost = "ghost", "RFC 9293 §3.5", trouble;
    /// A ghost is over. Cost: how long it was there, and the octets that were sent to nobody.
    GhostOver = "ghost-over", "RFC 9293 §3.5", trouble;
    /// A connection still expects something of an other end that is gone.
    HalfOpen = "half-open", "RFC 9293 §3.5.1", trouble;
    /// A half-open connection learns it, by a reset or because nobody answers. Cost: how long it was half-open.
    HalfOpenFound = "half-open-found", "RFC 9293 §3.5.1", trouble;
    /// A reset, a SYN or an acknowledgment must be proven: the other side is asked. Segments: the question, what led to it.
    ChallengeAck = "challenge-ack", "RFC 5961 §3.2", trouble;
    /// A forged reset, or a forged SYN before RFC 5961, ends a connection.
    BlindResetAccepted = "blind-reset-accepted", "RFC 5961 §3", trouble;
    /// A forged reset or SYN comes to a connection and does not end it.
    BlindResetStopped = "blind-reset-stopped", "RFC 5961 §3", trouble;
    /// A user receives octets that somebody made up. Cost: how many.
    ForgedTextTaken = "forged-text-taken", "RFC 5961 §5", trouble;
    /// A user receives octets that were meant for another connection. Cost: how many.
    OldTextDelivered = "old-text-delivered", "RFC 9293 §3.4.3", trouble;
    /// A listener keeps as many requests as it may, and another SYN comes. Cost: the places that are held.
    BacklogFull = "backlog-full", "RFC 4987 §2", trouble;
    /// As many connections as may wait for their user, and another is established. Cost: the places that are held.
    AcceptQueueFull = "accept-queue-full", "RFC 4987 §2", trouble;
    /// A SYN is answered and nothing is remembered of it.
    CookieSent = "cookie-sent", "RFC 4987 §3.6", trouble;
    /// One side has ended its half, and takes text of the other that was sent after that. Side: who goes on sending.
    HalfCloseUsed = "half-close-used", "RFC 9293 §3.6", life;
    /// Both FINs are acknowledged, each by a segment before the other side's FIN. Side: who closed first. Cost: the time since
    /// the first FIN.
    ClosedInFour = "closed-in-four", "RFC 9293 §3.6", life;
    /// Both FINs are acknowledged, the first of them by the other FIN.
    ClosedInThree = "closed-in-three", "RFC 9293 §3.6", life;
    /// Both FINs are acknowledged, and neither side knew of the other's when it sent its own.
    ClosedSimultaneously = "closed-simultaneously", "RFC 9293 §3.6", life;
    /// A connection ends by a reset, of either side. Of whom: who sent it. Cost: the octets that this side's user had handed over
    /// and that the other user had not received.
    ClosedByReset = "closed-by-reset", "RFC 9293 §3.10.7.4", trouble;
    /// The acknowledgment of the last FIN is lost: the FIN is sent again.
    LastAckLost = "last-ack-lost", "RFC 9293 §3.6", trouble;
    /// The last FIN is acknowledged after all. Cost: the time since it left first.
    LastAckRepaired = "last-ack-repaired", "RFC 9293 §3.6", trouble;
    /// A connection is kept for 2 MSL.
    TimeWaitBegan = "time-wait-began", "RFC 9293 §3.6.1", life;
    /// The FIN came again: 2 MSL from now on. Cost: how long was waited for nothing.
    TimeWaitRestarted = "time-wait-restarted", "RFC 9293 §3.10.7.4", trouble;
    /// A new connection takes the sockets before 2 MSL are over, or there is no TIME-WAIT at all. Cost: how long it lasted.
    TimeWaitCutShort = "time-wait-cut-short", "RFC 6191 §2", trouble;
    /// A reset ends TIME-WAIT. Cost: how long it lasted.
    TimeWaitAssassinated = "time-wait-assassinated", "RFC 1337 §2", trouble;
    /// 2 MSL are over. Cost: how long it lasted.
    TimeWaitOver = "time-wait-over", "RFC 9293 §3.10.8", life;
    /// The other side's window is closed: this side must wait.
    ZeroWindow = "zero-window", "RFC 9293 §3.8.6.1", life;
    /// A closed window is asked whether it has opened.
    WindowProbe = "window-probe", "RFC 9293 §3.8.6.1", life;
    /// The window is open again. Cost: how long it was closed.
    WindowReopened = "window-reopened", "RFC 9293 §3.8.6.1", life;
    /// A sender or a receiver waits rather than use a small window.
    SillyWindowAvoided = "silly-window-avoided", "RFC 9293 §3.8.6.2", life;
    /// A silent peer is asked whether it is still there.
    KeepAlive = "keep-alive", "RFC 9293 §3.8.4", life;
    /// Nobody answers for too long. Cost: the time since the first segment that nobody answered left, its octets.
    GaveUp = "gave-up", "RFC 9293 §3.8.3", trouble;
    /// A host forgets everything. Cost: the connections that it had.
    Crashed = "crashed", "RFC 9293 §3.5.1", trouble;
    /// A connection stays in CLOSE-WAIT. Of whom: whose user would have to close.
    StaysInCloseWait = "stays-in-close-wait", "RFC 9293 §3.6", trouble;
    /// A connection stays in FIN-WAIT-2. Of whom: whose user would have to close; of nobody if nobody is there.
    StaysInFinWait2 = "stays-in-fin-wait-2", "RFC 9293 §3.6", trouble;
}
