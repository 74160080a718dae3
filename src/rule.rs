//! The registry of reasons. Each branch of the protocol that a learner could ask "why?" about names one of these;
//! the page, the scripts and the tests know it by its id, and [`text`](crate::text) has its words.

use std::fmt;

use crate::named::named;

macro_rules! rules {
    ($($(#[doc = $doc:literal])+ $name:ident = $id:literal, $section:literal;)+) => {
        named! {
            /// Why an endpoint did what it did.
            enum Rule;
            /// The stable id: what scripts and permalinks use.
            id: $($(#[doc = $doc])+ $name = $id),+
        }

        impl Rule {
            /// Where the standard says so.
            pub const fn section(self) -> &'static str {
                match self {
                    $(Rule::$name => $section,)+
                }
            }
        }
    };
}

rules! {
    /// OPEN without a peer: wait in LISTEN.
    PassiveOpen = "passive-open", "RFC 9293 §3.10.1";
    /// OPEN to a peer: send a SYN that carries our initial sequence number.
    ActiveOpen = "active-open", "RFC 9293 §3.10.1";
    /// A SYN reaches a listener: answer with our own SYN and acknowledge theirs.
    SynInListen = "syn-in-listen", "RFC 9293 §3.10.7.2";
    /// A listener never answers a reset.
    ResetInListen = "reset-in-listen", "RFC 9293 §3.10.7.2";
    /// A listener has sent nothing that could be acknowledged.
    AckInListen = "ack-in-listen", "RFC 9293 §3.10.7.2";
    /// Neither SYN nor ACK: nothing for a listener.
    NeitherSynNorAckInListen = "not-for-listen", "RFC 9293 §3.10.7.2";
    /// No connection, no listener: refuse.
    NoConnection = "no-connection", "RFC 9293 §3.10.7.1";
    /// A reset where nothing is: ignore.
    ResetInClosed = "reset-in-closed", "RFC 9293 §3.10.7.1";
    /// From or to an address that no connection can have.
    ImpossibleAddress = "impossible-address", "RFC 9293 §3.9.2.3";
    /// In SYN-SENT, an acknowledgment of anything but our SYN is stale or forged.
    AckNotOfOurSynInSynSent = "ack-not-of-our-syn-in-syn-sent", "RFC 9293 §3.10.7.3";
    /// Whoever refused our SYN so has been reset: the SYN is sent again at once.
    SynAgainAtOnce = "syn-again-at-once", "RFC 9293 §3.5.1";
    /// In SYN-SENT, a reset must acknowledge our SYN.
    ResetNotForOurSyn = "reset-not-for-our-syn", "RFC 9293 §3.10.7.3";
    /// The other side refuses our SYN.
    ResetOfOurSyn = "reset-of-our-syn", "RFC 9293 §3.10.7.3";
    /// In SYN-SENT, a segment without SYN cannot be placed.
    NoSynInSynSent = "no-syn-in-syn-sent", "RFC 9293 §3.10.7.3";
    /// The SYN,ACK acknowledges our SYN: both numbers are known here.
    SynAckOfOurSyn = "syn-ack-of-our-syn", "RFC 9293 §3.10.7.3";
    /// A SYN meets our own SYN.
    SimultaneousOpen = "simultaneous-open", "RFC 9293 §3.5";
    /// The SYN of a SYN,ACK was already received: only the rest is looked at.
    ReceivedSynTrimmed = "received-syn-trimmed", "RFC 9293 §A.2";
    /// Our SYN is acknowledged: the other side knows our number.
    OurSynAcknowledged = "our-syn-acknowledged", "RFC 9293 §3.10.7.4";
    /// In SYN-RECEIVED, an acknowledgment that is not of our SYN.
    AckNotOfOurSyn = "ack-not-of-our-syn", "RFC 9293 §3.10.7.4";
    /// A SYN that was already received.
    DuplicateSyn = "duplicate-syn", "RFC 9293 §3.10.7.4";
    /// A SYN,ACK that was already received: our acknowledgment may have been lost.
    DuplicateSynAck = "duplicate-syn-ack", "RFC 9293 §3.10.7.4";
    /// A FIN that was already received: our acknowledgment may have been lost.
    DuplicateFin = "duplicate-fin", "RFC 9293 §3.10.7.4";
    /// Timestamps were agreed on, and the segment has none.
    TimestampMissing = "timestamp-missing", "RFC 7323 §3.2";
    /// Its timestamp is older than one that was received before: an old duplicate, wherever its number lies.
    TimestampIsOld = "timestamp-is-old", "RFC 7323 §5.3";
    /// The segment lies before the window: old.
    SegmentBeforeWindow = "segment-before-window", "RFC 9293 §3.10.7.4";
    /// The segment lies beyond the window.
    SegmentBeyondWindow = "segment-beyond-window", "RFC 9293 §3.10.7.4";
    /// It asks whether anybody is there.
    KeepAliveAnswered = "keep-alive-answered", "RFC 9293 §3.8.4";
    /// Our window is closed: the text cannot be taken.
    WindowIsClosed = "window-is-closed", "RFC 9293 §3.8.6.1";
    /// A reset outside the window is ignored.
    ResetOutsideWindow = "reset-outside-window", "RFC 9293 §3.10.7.4";
    /// A reset in the window but not at RCV.NXT must be proven.
    ResetChallenged = "reset-challenged", "RFC 5961 §3.2";
    /// RFC 1337: TIME-WAIT ignores resets.
    ResetIgnoredInTimeWait = "reset-ignored-in-time-wait", "RFC 1337 §3";
    /// A reset sends a child of a listener back.
    ResetReturnsToListen = "reset-returns-to-listen", "RFC 9293 §3.10.7.4";
    /// A reset refuses our open.
    ResetRefuses = "reset-refuses", "RFC 9293 §3.10.7.4";
    /// A reset ends the connection.
    ResetEndsConnection = "reset-ends-connection", "RFC 9293 §3.10.7.4";
    /// A reset of a connection that both users have closed.
    ResetWhileLeaving = "reset-while-leaving", "RFC 9293 §3.10.7.4";
    /// A new SYN where there is only a request.
    SynReturnsToListen = "syn-returns-to-listen", "RFC 9293 §3.10.7.4";
    /// A SYN within a connection must be proven, wherever its number lies.
    SynChallenged = "syn-challenged", "RFC 5961 §4.2";
    /// Before RFC 5961, a SYN in the window reset the connection.
    SynInWindowResets = "syn-in-window-resets", "RFC 9293 §3.10.7.4";
    /// A segment without ACK says nothing here.
    NoAck = "no-ack", "RFC 9293 §3.10.7.4";
    /// It acknowledges what was never sent.
    AckOfUnsent = "ack-of-unsent", "RFC 9293 §3.10.7.4";
    /// It acknowledges what is long past: a blind guess.
    AckTooOld = "ack-too-old", "RFC 5961 §5.2";
    /// Text of ours is acknowledged: SND.UNA moves on.
    AckAdvances = "ack-advances", "RFC 9293 §3.10.7.4";
    /// It acknowledges nothing new.
    DuplicateAck = "duplicate-ack", "RFC 9293 §3.10.7.4";
    /// The acknowledgment may answer either of two copies: it measures nothing.
    AmbiguousAck = "ambiguous-ack", "RFC 6298 §3";
    /// The SYN had to be repeated: the data phase starts with a longer RTO.
    RtoAfterLostSyn = "rto-after-lost-syn", "RFC 6298 §5.7";    /// It changes the send window.
    WindowUpdated = "window-updated", "RFC 9293 §3.10.7.4";
    /// The send window is closed now.
    WindowCloses = "window-closes", "RFC 9293 §3.8.6.1";
    /// The right edge of the send window moves back.
    WindowShrinks = "window-shrinks", "RFC 9293 §3.8.6";
    /// The window that it announces is older than the one that is known.
    WindowIsOlder = "window-is-older", "RFC 9293 §3.10.7.4";    /// Our FIN is acknowledged: the other side knows that we have no more to send.
    OurFinAcknowledged = "our-fin-acknowledged", "RFC 9293 §3.10.7.4";
    /// Both FINs have crossed, and ours is acknowledged now.
    OurFinAcknowledgedInClosing = "our-fin-acknowledged-in-closing", "RFC 9293 §3.10.7.4";
    /// The last acknowledgment: nothing is left to do.
    OurFinAcknowledgedInLastAck = "our-fin-acknowledged-in-last-ack", "RFC 9293 §3.10.7.4";
    /// Text in order: deliver and acknowledge.
    TextInOrder = "text-in-order", "RFC 9293 §3.10.7.4";
    /// Text after a gap: keep it, and say again what is missing.
    TextOutOfOrder = "text-out-of-order", "RFC 9293 §3.10.7.4";
    /// The text fills a gap: what was kept behind it can be delivered too.
    GapFilled = "gap-filled", "RFC 9293 §3.10.7.4";
    /// The first part of the text was received before.
    KnownTextTrimmed = "known-text-trimmed", "RFC 9293 §3.10.7.4";
    /// What lies beyond the window is cut off.
    CutAtWindow = "cut-at-window", "RFC 9293 §3.10.7.4";
    /// Text or FIN of a SYN: kept until the connection is established.
    SynTextKept = "syn-text-kept", "RFC 9293 §3.10.7.2";    /// Text after the FIN makes no sense.
    TextAfterFin = "text-after-fin", "RFC 9293 §3.10.7.4";
    /// The acknowledgment may wait for company.
    AckDelayed = "ack-delayed", "RFC 9293 §3.8.6.3";
    /// A second full-sized segment is acknowledged at once.
    SecondFullSegment = "second-full-segment", "RFC 9293 §3.8.6.3";    /// The acknowledgment has waited long enough.
    DelayedAckTimeout = "delayed-ack-timeout", "RFC 9293 §3.8.6.3";
    /// The other side has no more to send.
    FinReceived = "fin-received", "RFC 9293 §3.10.7.4";
    /// Their FIN crosses ours.
    FinCrossesFin = "fin-crosses-fin", "RFC 9293 §3.10.7.4";
    /// Both sides are done: wait 2 MSL.
    FinInFinWait2 = "fin-in-fin-wait-2", "RFC 9293 §3.10.7.4";
    /// A FIN after a gap: it counts only when everything before it is there.
    FinOutOfOrder = "fin-out-of-order", "RFC 9293 §3.10.7.4";
    /// A FIN again in TIME-WAIT: acknowledge it and wait anew.
    FinInTimeWait = "fin-in-time-wait", "RFC 9293 §3.10.7.4";
    /// Something that occupies sequence numbers in TIME-WAIT: acknowledge it.
    SegmentInTimeWait = "segment-in-time-wait", "RFC 9293 §3.10.7.4";
    /// A bare acknowledgment in TIME-WAIT: to answer it could go on for ever.
    NothingNewInTimeWait = "nothing-new-in-time-wait", "RFC 9293 §3.10.7.4";
    /// A counterfactual: no TIME-WAIT, the connection is forgotten at once.
    TimeWaitSkipped = "time-wait-skipped", "RFC 9293 §3.4.3";
    /// A counterfactual: the server is established as soon as it has seen a SYN.
    TwoWayHandshake = "two-way-handshake", "RFC 9293 §3.5";
    /// In that counterfactual the SYN,ACK is repeated only where the SYN is.
    TwoWaySynAckAgain = "two-way-syn-ack-again", "RFC 9293 §3.5";
    /// A SYN that is provably new takes over sockets that are in TIME-WAIT.
    SynReusesTimeWait = "syn-reuses-time-wait", "RFC 6191 §2";
    /// An OPEN takes sockets that are in TIME-WAIT on its own side: timestamps tell old segments from new ones.
    OpenTakesTimeWait = "open-takes-time-wait", "RFC 6191 §2";
    /// A SYN for sockets in TIME-WAIT that could be old: ignore it.
    SynNotProvablyNew = "syn-not-provably-new", "RFC 6191 §2";
    /// A SYN whose number the old connection may have used cannot take its sockets over.
    SynNotBeyond = "syn-not-beyond", "RFC 9293 §3.6.1";
    /// The SYN that took over sockets in TIME-WAIT came to nothing: they are given back.
    ReturnsToTimeWait = "returns-to-time-wait", "RFC 9293 §3.6.1";    /// The host has sent as many challenge ACKs as it may in a second.
    ChallengeLimitReached = "challenge-limit-reached", "RFC 5961 §7";
    /// A bare acknowledgment that cannot be accepted was answered only just before.
    AnswerWithheld = "answer-withheld", "RFC 5961 §7";
    /// 2 MSL have passed: no segment of this connection can be left in the network.
    TimeWaitOver = "time-wait-over", "RFC 9293 §3.10.8";
    /// The window allows text to leave.
    WindowAllowsText = "window-allows-text", "RFC 9293 §3.8.6.2.1";
    /// The window is full: text has to wait.
    WindowHoldsText = "window-holds-text", "RFC 9293 §3.8.6";
    /// The window is full: the FIN has to wait.
    WindowHoldsFin = "window-holds-fin", "RFC 9293 §3.8.6";
    /// What the window allows is too little to be worth a segment.
    SmallWindowWaits = "small-window-waits", "RFC 9293 §3.8.6.2.1";    /// A small segment waits while something is unacknowledged.
    SmallSegmentWaits = "small-segment-waits", "RFC 9293 §3.7.4";
    /// Data has to wait until the connection is established.
    SendQueued = "send-queued", "RFC 9293 §3.10.2";
    /// All text has left: the FIN follows.
    FinFollowsText = "fin-follows-text", "RFC 9293 §3.10.4";
    /// The FIN travels with the last text.
    FinWithText = "fin-with-text", "RFC 9293 §3.10.4";
    /// CLOSE in LISTEN.
    CloseInListen = "close-in-listen", "RFC 9293 §3.10.4";
    /// A listener has closed: its requests are forgotten.
    RequestEndsWithListener = "request-ends-with-listener", "RFC 9293 §3.10.4";
    /// A listener has closed: what nobody has taken is reset.
    UntakenEndsWithListener = "untaken-ends-with-listener", "RFC 9293 §3.10.4";
    /// A request comes to nothing, and its listener is no more.
    ListenerIsGone = "listener-is-gone", "RFC 9293 §3.10.4";
    /// CLOSE in SYN-SENT: nothing to tell anybody.
    CloseInSynSent = "close-in-syn-sent", "RFC 9293 §3.10.4";
    /// CLOSE in SYN-RECEIVED.
    CloseInSynReceived = "close-in-syn-received", "RFC 9293 §3.10.4";
    /// CLOSE has to wait behind data.
    CloseQueued = "close-queued", "RFC 9293 §3.10.4";
    /// CLOSE in ESTABLISHED: FIN-WAIT-1 at once.
    CloseInEstablished = "close-in-established", "RFC 9293 §3.10.4";
    /// CLOSE in CLOSE-WAIT: LAST-ACK when the FIN leaves.
    CloseInCloseWait = "close-in-close-wait", "RFC 9293 §3.10.4";
    /// CLOSE by somebody who will not read either.
    NobodyReads = "nobody-reads", "RFC 9293 §3.6.1";
    /// The user leaves although text waits to be read: the other side must learn that it is lost.
    UnreadTextLost = "unread-text-lost", "RFC 2525 §2.17";
    /// Text for a user who has left: the other side must learn that it is lost.
    TextForNobody = "text-for-nobody", "RFC 2525 §2.16";
    /// What the user has left behind was not delivered in the time that it gave.
    LingerOver = "linger-over", "RFC 9293 §3.10.5";
    /// Nobody would read what comes in FIN-WAIT-2, and the FIN has not come in time.
    FinWait2Over = "fin-wait-2-over", "RFC 9293 §3.6.1";
    /// ABORT in LISTEN.
    AbortInListen = "abort-in-listen", "RFC 9293 §3.10.5";
    /// ABORT in SYN-SENT: no reset.
    AbortInSynSent = "abort-in-syn-sent", "RFC 9293 §3.10.5";
    /// ABORT tells the other side with a reset.
    AbortSendsReset = "abort-sends-reset", "RFC 9293 §3.10.5";
    /// ABORT where the other side is leaving anyway.
    AbortWithoutReset = "abort-without-reset", "RFC 9293 §3.10.5";
    /// The user has read: the window opens again, and the other side must be told.
    WindowReopens = "window-reopens", "RFC 9293 §3.8.6.2.2";
    /// The user has read, but too little to be worth telling.
    WindowNotWorthTelling = "window-not-worth-telling", "RFC 9293 §3.8.6.2.2";
    /// There is nothing to read yet.
    ReceiveWaits = "receive-waits", "RFC 9293 §3.10.3";    /// No acknowledgment within the RTO: send the oldest again and double the RTO.
    RetransmissionTimeout = "retransmission-timeout", "RFC 6298 §5";
    /// R1: repeated so often that delivery is in doubt.
    R1Reached = "r1-reached", "RFC 9293 §3.8.3";    /// A closed window must be asked now and then, or both would wait for ever.
    ZeroWindowProbe = "zero-window-probe", "RFC 9293 §3.8.6.1";
    /// The window has opened: what a probe carried was refused, not lost, and leaves again.
    RefusedTextAgain = "refused-text-again", "RFC 9293 §3.8.6.1";
    /// A small window has not grown in time: use what it allows.
    SmallWindowOverride = "small-window-override", "RFC 9293 §3.8.6.2.1";
    /// A silent peer is asked whether it is still there.
    KeepAliveProbe = "keep-alive-probe", "RFC 9293 §3.8.4";
    /// Something is unacknowledged: its repetition asks anyway.
    KeepAliveNotNeeded = "keep-alive-not-needed", "RFC 9293 §3.8.4";    /// Nobody answers: the connection is given up.
    KeepAliveUnanswered = "keep-alive-unanswered", "RFC 9293 §3.8.4";
    /// Retransmitted for long enough: give up.
    GiveUp = "give-up", "RFC 9293 §3.8.3";
    /// The user's own limit has passed.
    UserTimeout = "user-timeout", "RFC 9293 §3.10.8";
    /// The checksum is wrong: the segment is as good as lost.
    ChecksumFailed = "checksum-failed", "RFC 9293 §3.1";
    /// The host is down: nobody receives.
    HostDown = "host-down", "RFC 9293 §3.5.1";
    /// The host has just come up and assigns no sequence numbers yet.
    QuietTime = "quiet-time", "RFC 9293 §3.4.3";
    /// The backlog is full: the SYN is ignored, as if it were lost.
    BacklogFull = "backlog-full", "RFC 4987 §2";
    /// The host holds as many connections as it can: the SYN is ignored, as if it were lost.
    HostFull = "host-full", "RFC 4987 §2";    /// The backlog is full: the SYN is refused.
    BacklogRefuses = "backlog-refuses", "RFC 4987 §2";
    /// The accept queue is full: the last ACK is ignored, as if it were lost.
    AcceptQueueFull = "accept-queue-full", "RFC 4987 §2";
    /// The accept queue is full: the connection is refused.
    AcceptQueueRefuses = "accept-queue-refuses", "RFC 4987 §2";
    /// The backlog is full: the SYN is answered, but nothing is remembered.
    SynCookieSent = "syn-cookie-sent", "RFC 4987 §3.6";
    /// The acknowledgment proves that its sender received our SYN cookie.
    SynCookieReturned = "syn-cookie-returned", "RFC 4987 §3.6";
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.id())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_unique_and_kebab_case() {
        let mut ids: Vec<_> = Rule::ALL.iter().map(|rule| rule.id()).collect();
        assert!(ids.iter().all(|id| id.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')));
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), Rule::ALL.len());
    }
}
