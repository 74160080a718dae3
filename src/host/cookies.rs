//! SYN cookies: a listener whose backlog is full answers a SYN without remembering it. The sequence number of the answer says
//! what has to be remembered, and comes back in the acknowledgment (RFC 4987 §3.6).

use std::net::SocketAddr;

use crate::endpoint::{Context, Endpoint, Outbox};
use crate::profile::{Handshake, Profile};
use crate::segment::{Options, Segment};
use crate::seq::SeqNumber;
use crate::time::Instant;

use super::Host;

/// What an acknowledgment proves: the SYN that was answered with a cookie, as far as the cookie remembers it.
pub(super) struct Returned {
    cookie: SeqNumber,
    syn: Segment,
}

impl Host {
    /// The SYN,ACK whose number is a cookie. Of the options that one can only remember the MSS, so no other is offered.
    pub(super) fn answer_with_cookie(
        &self,
        now: Instant,
        local: SocketAddr,
        remote: SocketAddr,
        syn: &Segment,
    ) -> Segment {
        let cookie = self.isn.cookie(now, local, remote, syn.seq, syn.options.mss.unwrap_or(0));
        let options = Options { mss: Some(self.profile.mss), ..Options::default() };
        Segment { wnd: self.profile.opening_window(), options, ..Segment::syn_ack(cookie, syn.seq + 1) }
    }

    /// Whether `segment` acknowledges a cookie of ours, and there is room for the connection.
    pub(super) fn returned_cookie(
        &self,
        now: Instant,
        local: SocketAddr,
        remote: SocketAddr,
        segment: &Segment,
    ) -> Option<Returned> {
        let may_return = self.profile.syn_cookies
            && self.profile.handshake == Handshake::ThreeWay
            && !segment.flags.syn
            && !segment.flags.rst
            && !self.accept_queue_is_full(local.port());
        let (cookie, irs) = (segment.ack.filter(|_| may_return)? - 1, segment.seq - 1);
        let mss = self.isn.mss_of_cookie(now, local, remote, irs, cookie)?;
        let options = Options { mss: Some(mss), ..Options::default() };
        Some(Returned { cookie, syn: Segment { options, ..Segment::syn(irs) } })
    }

    /// The connection in SYN-RECEIVED, made from a copy of the listener as if the SYN had just come. What it sends is not sent
    /// again: the cookie was that.
    pub(super) fn child_of_cookie(&self, now: Instant, returned: &Returned, mut listener: Endpoint) -> Endpoint {
        let profile = Profile { window_scale: None, sack_permitted: false, timestamps: false, ..self.profile.clone() };
        let mut cx = Context::new(now, &profile, returned.cookie).without_reader();
        listener.segment_arrives(&returned.syn, &mut cx, &mut Outbox::default());
        listener
    }
}
