//! The well-known mistakes: each has an id, and a reply of its own in `words/LANGUAGE/quiz.txt`.

use crate::named::named;

macro_rules! mistakes {
    ($($(#[doc = $doc:literal])+ $name:ident = $id:literal;)+) => {
        named! {
            /// A mistake that people make.
            enum Mistake;
            /// The stable id.
            id: $($(#[doc = $doc])+ $name = $id),+
        }

        impl Mistake {
            /// The key of its reply.
            pub(super) const fn reply(self) -> &'static str {
                match self {
                    $(Mistake::$name => concat!("mistake.", $id),)+
                }
            }
        }
    };
}

mistakes! {
    /// An acknowledgment of text that counts the segment, not its octets: SEG.SEQ + 1.
    AckCountsSegments = "ack-counts-segments";
    /// An acknowledgment of the last number received, not the next one expected.
    AckIsLastOctet = "ack-is-last-octet";
    /// An acknowledgment that repeats SEG.SEQ.
    AckRepeatsSeq = "ack-repeats-seq";
    /// A SYN takes no sequence number.
    SynTakesNoNumber = "syn-takes-no-number";
    /// A FIN takes no sequence number.
    FinTakesNoNumber = "fin-takes-no-number";
    /// A bare acknowledgment takes a sequence number.
    AckTakesANumber = "ack-takes-a-number";
    /// SEG.SEQ counts segments, not octets.
    SeqCountsSegments = "seq-counts-segments";
    /// What is sent last is taken for what is sent next.
    NextIsLast = "next-is-last";
    /// Only bare acknowledgments have the ACK flag.
    AckFlagForgotten = "ack-flag-forgotten";
    /// The first SYN acknowledges something.
    FirstSynAcknowledges = "first-syn-acknowledges";
    /// The answer to a SYN has no SYN.
    SynAndAckApart = "syn-and-ack-apart";
    /// A FIN is answered with a FIN at once.
    FinAnswersFin = "fin-answers-fin";
    /// To refuse is to end in order.
    ResetIsNoFin = "reset-is-no-fin";
    /// Whatever is not acceptable draws a reset.
    ChallengeIsNoReset = "challenge-is-no-reset";
    /// A bare acknowledgment is acknowledged.
    AckIsAcknowledged = "ack-is-acknowledged";
    /// What takes a sequence number is not answered.
    AnswerOverlooked = "answer-overlooked";
    /// It is the other side's turn.
    OtherTurn = "other-turn";
    /// The passive side is established with the SYN.
    ServerEstablishedAtOnce = "server-established-at-once";
    /// Whoever opens is established when its SYN has left.
    OpenIsEstablished = "open-is-established";
    /// Whoever opened waits for another acknowledgment after the SYN,ACK.
    ClientWaitsForThird = "client-waits-for-third";
    /// A SYN that crosses our own acknowledges it.
    CrossingSynAcknowledges = "crossing-syn-acknowledges";
    /// Whoever closes first waits in CLOSE-WAIT.
    CloserInCloseWait = "closer-in-close-wait";
    /// Whoever closes second goes through FIN-WAIT.
    SecondCloserInFinWait = "second-closer-in-fin-wait";
    /// CLOSE ends the connection at once.
    ClosedAtOnce = "closed-at-once";
    /// A FIN that has left is acknowledged.
    FinNotYetAcknowledged = "fin-not-yet-acknowledged";
    /// One FIN ends both directions.
    OneFinEndsBoth = "one-fin-ends-both";
    /// TIME-WAIT begins with the acknowledgment of one's own FIN.
    TimeWaitWithoutTheirFin = "time-wait-without-their-fin";
    /// A FIN that crosses ours acknowledges it.
    CrossingFinAcknowledges = "crossing-fin-acknowledges";
    /// Both ends keep TIME-WAIT.
    BothKeepTimeWait = "both-keep-time-wait";
    /// The one that closes last keeps TIME-WAIT.
    SecondCloserKeepsTimeWait = "second-closer-keeps-time-wait";
    /// Nobody keeps TIME-WAIT.
    NoTimeWait = "no-time-wait";
    /// After a reset somebody waits.
    ResetNeedsNoWait = "reset-needs-no-wait";
    /// Another state.
    OtherState = "other-state";
    /// The RTO is not doubled.
    RtoNotDoubled = "rto-not-doubled";
    /// The RTO is doubled before anything was repeated.
    RtoDoubledTooEarly = "rto-doubled-too-early";
    /// A segment is sent again after a round trip.
    RtoIsRoundTrip = "rto-is-round-trip";
    /// TIME-WAIT lasts one MSL.
    OneMsl = "one-msl";
    /// The 2 MSL are counted from the FIN.
    TimeWaitFromFin = "time-wait-from-fin";
    /// A delayed acknowledgment leaves at once.
    DelayIgnored = "delay-ignored";
    /// A way is counted too few: an answer has to come back.
    OneWayTooFew = "one-way-too-few";
    /// A way is counted too many.
    OneWayTooMany = "one-way-too-many";
    /// Losses cost nothing.
    LossCostsNothing = "loss-costs-nothing";
    /// A FIN is taken for a reset.
    FinIsReset = "fin-is-reset";
    /// The end of the other direction is taken for that of one's own.
    DirectionsMixedUp = "directions-mixed-up";
    /// An acknowledgment says that the application has read.
    AckMeansRead = "ack-means-read";
    /// The application hears of it only later, or never.
    NewsOverlooked = "news-overlooked";
    /// Silence is taken for a reset.
    SilenceIsNoReset = "silence-is-no-reset";
    /// It is told in another case.
    OtherNews = "other-news";
    /// The sender of a bare acknowledgment sends it again.
    AckIsRepeated = "ack-is-repeated";
    /// The receiver notices a loss and asks.
    ReceiverAsks = "receiver-asks";
    /// Only the sender of what was lost can repair it.
    OtherMayRepair = "other-may-repair";
    /// Nobody repairs a loss.
    LossIsNotRepaired = "loss-is-not-repaired";
    /// Each loss has to be repaired.
    NotEachLossMatters = "not-each-loss-matters";
    /// A reset is repeated.
    ResetIsNotRepeated = "reset-is-not-repeated";
    /// What is late is sent again at once.
    LateIsNotLost = "late-is-not-lost";
    /// A timer waits for what is late.
    TimerDoesNotWait = "timer-does-not-wait";
    /// A copy counts twice.
    CopyCountsTwice = "copy-counts-twice";
    /// A copy is always ignored in silence.
    CopyIsAnswered = "copy-is-answered";
    /// A copy is always answered.
    CopyIsIgnored = "copy-is-ignored";
    /// A copy draws a reset.
    CopyIsNoIntruder = "copy-is-no-intruder";
    /// What was sent has arrived.
    SentIsKnown = "sent-is-known";
    /// One segment is enough to be sure.
    OneSegmentProvesLittle = "one-segment-proves-little";
    /// A proof is not seen as one.
    ProofOverlooked = "proof-overlooked";
    /// What speaks for something is not seen.
    SeemingOverlooked = "seeming-overlooked";
    /// What is not known yet is taken for what can never be.
    NotYetIsNotNever = "not-yet-is-not-never";
    /// The last acknowledgment is known to have arrived.
    LastAckIsNeverKnown = "last-ack-is-never-known";
    /// A check is made before its turn.
    CheckBeforeItsTurn = "check-before-its-turn";
    /// An earlier check would have stopped it.
    EarlierCheckPasses = "earlier-check-passes";
    /// Whatever arrives is taken.
    NothingIsChecked = "nothing-is-checked";
    /// The close always takes four segments.
    CloseNotAlwaysFour = "close-not-always-four";
    /// The close takes three, as the opening does.
    CloseIsNoOpening = "close-is-no-opening";
    /// FINs that cross are taken for FINs that follow each other, or the other way round.
    CrossingOrNot = "crossing-or-not";
    /// What is repeated was lost.
    RepeatedIsNotLost = "repeated-is-not-lost";
    /// What is repeated had arrived.
    RepeatedWasLost = "repeated-was-lost";
    /// What arrived was taken, or the other way round.
    ArrivedIsNotTaken = "arrived-is-not-taken";
    /// A late answer is taken for a lost one, or the other way round.
    LateOrLost = "late-or-lost";
    /// TCP would have to act where an application has to.
    ApplicationMustAct = "application-must-act";
    /// The wrong application would have to act.
    OtherApplication = "other-application";
}
