//! The requirements of `docs/conformance.md` that neither a vector nor a row of the transition relation shows.

use bytes::Bytes;
use synfin::endpoint::{Call, Context, Endpoint, Open, Outbox, State};
use synfin::profile::Profile;
use synfin::segment::Segment;
use synfin::seq::SeqNumber;
use synfin::time::Instant;

#[test]
fn a_passive_open_that_named_its_peer_still_knows_it_after_a_reset() {
    let profile = Profile::default();
    let mut cx = Context::new(Instant::ZERO, &profile, SeqNumber(300));
    let mut out = Outbox::default();
    let mut endpoint = Endpoint::default();
    endpoint.call(Call::Open(Open::PassiveSpecified), &mut cx, &mut out).expect("nothing is open");
    endpoint.segment_arrives(&Segment::syn(SeqNumber(100)), &mut cx, &mut out);
    assert_eq!(endpoint.state(), State::SynReceived);
    endpoint.segment_arrives(&Segment::rst(SeqNumber(101)), &mut cx, &mut out);
    assert_eq!(endpoint.state(), State::Listen);
    // Only where the remote socket is known does SEND turn LISTEN into SYN-SENT (§3.10.2).
    let send = Call::Send(Bytes::from_static(b"hello"));
    endpoint.call(send, &mut cx, &mut out).expect("the passive OPEN named the remote socket");
    assert_eq!(endpoint.state(), State::SynSent);
}
