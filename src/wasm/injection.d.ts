/** One of the two ends. */
export type Side = 'client' | 'server';

/** A control bit. */
export type Flag = 'SYN' | 'FIN' | 'RST' | 'PSH' | 'URG' | 'ECE' | 'CWR' | 'ACK';

/** A number that is counted from one of the receiver's, when the segment sets out: `nxt`, `isn+1`, `una-5`. */
type From<Mark extends string> = Mark | `${Mark}${'+' | '-'}${bigint}`;

/** The argument of `Lab.inject`: a line as it stands in a script after its time, or an object for which one is written. */
export type Injection = string | Deed;

/**
 * What can be done to a run from outside, instead of the line of script that says it. Segments are meant by their `id`, which
 * is their number in scripts too; one that has arrived is met when it was still on its way.
 */
export type Deed =
  /** The segment is lost, arrives damaged (its checksum is wrong), stays in the network until it is released, or goes on. */
  | { kind: 'drop' | 'corrupt' | 'hold' | 'release'; segment: number }
  /** It arrives twice, the copy this much later: 10 ms if left out. */
  | { kind: 'duplicate'; segment: number; afterMs?: number }
  /** It arrives this much later. */
  | { kind: 'delay'; segment: number; byMs: number }
  /**
   * A user calls, for one of the host's connections by its `id`, which is its number in scripts too, or for the listener on a port; for
   * the youngest, or the listener, if both are left out. Calls that open, listen or accept take neither.
   */
  | { kind: 'call'; side: Side; call: UserCall; connection?: number; port?: number }
  /** A host forgets everything and stops. */
  | { kind: 'crash'; side: Side }
  /** A host comes up again and knows nothing; one that runs crashes first. */
  | { kind: 'reboot'; side: Side }
  /** Time passes until then, if nothing else happens before. */
  | { kind: 'wait'; untilMs: number }
  /**
   * A segment that no present connection sent travels to one of them, with the link's delay: a duplicate of an earlier connection,
   * or a forged one. Any numbers and flags will do.
   */
  | {
      kind: 'old' | 'forge';
      to: Side;
      /** SEG.SEQ; `isn` is the receiver's IRS, `nxt` its RCV.NXT. */
      seq: number | From<'isn' | 'nxt'>;
      /** SEG.ACK; with it the ACK bit is set. `isn`, `una` and `nxt` are the receiver's ISS, SND.UNA and SND.NXT. */
      ack?: number | From<'isn' | 'una' | 'nxt'>;
      /** The other control bits; `ACK` here means an acknowledgment number of 0 unless `ack` says otherwise. */
      flags?: Flag[];
      /** Octets of text, or the text, which is sent as UTF-8; none if both are left out. */
      length?: number;
      text?: string;
      /** SEG.WND; what the other side's connection would say if left out, 4000 where there is none. */
      window?: number;
      /** Its MSS option, in octets: 0 to 65535. Options that are left out are not there. */
      mss?: number;
      /** Its window scale, in bits: 0 to 255, of which more than 14 count as 14. */
      windowScale?: number;
      /** Whether it permits selective acknowledgments. */
      sackPermitted?: boolean;
      /** The value of its timestamps option. */
      timestamp?: number;
      /** The echo of its timestamps option; 0 if only the value is given, and the other way round. */
      timestampEcho?: number;
      /** The address it claims to come from, of IPv4 or IPv6; the other side's if left out. What answers any other is lost. */
      fromAddress?: string;
      /** The port it claims to come from; that of the other side's youngest connection if left out. */
      fromPort?: number;
      /** The port it travels to; that of the youngest connection there if left out. */
      toPort?: number;
    };

/**
 * A user call (RFC 9293 §3.9.1). Ports that are left out are those of the story. A user timeout that is left out is that of the host, or
 * for SEND the connection's.
 */
export type UserCall =
  /** Active OPEN. */
  | { kind: 'open'; fromPort?: number; toPort?: number; timeoutMs?: number }
  /** Passive OPEN, for whoever comes, or for one socket only. */
  | { kind: 'listen'; port: number; fromAddress?: string; fromPort?: number; timeoutMs?: number }
  /**
   * SEND: either so many octets, of a to z over and over, or a text, which is sent as UTF-8. `andClose` says that it is the last, so that
   * the FIN can travel with it.
   */
  | { kind: 'send'; octets?: number; text?: string; timeoutMs?: number; andClose?: boolean }
  /** RECEIVE: so many octets at most; all there are if left out. */
  | { kind: 'receive'; octets?: number }
  /** CLOSE; with `all` by a user who will not read either. */
  | { kind: 'close'; all?: boolean }
  | { kind: 'abort' | 'status' }
  /** Take the oldest established connection that waits, of a port or of any. */
  | { kind: 'accept'; port?: number };
