//! What happened, in sentences: one short line for an event, one sentence for a step. All numbers come from the trace.

use crate::compare::{Comparison, Difference, Doing, Run};
use crate::insight::{self, Decision, Outcome, Routed, StepInsight, Whereabouts};
use crate::rule::Rule;
use crate::segment::{MOST_WINDOW_SHIFT, Segment};
use crate::tcp::{Action, Call, CallError, ConnectionId, Limit, Open, Reply, Role, SegmentId, Side, UserEvent};
use crate::time::Duration;
use crate::trace::{EventKind, Fate, Trace};

use super::names::{call_error, octets, timer, user_event};
use super::page::{PageText, page};
use super::rules::rule;
use super::{Label, Language, label, say, spaced};

/// A sentence names this many segments that were sent for one reason; of more, the first and the last.
const MOST_IN_A_LIST: usize = 3;

/// One step in one sentence, for the status line and for those who cannot see the picture: what happened, what was
/// decided, which states changed, what left. Before the first step it says what to do; it is empty for a step that
/// the trace does not have.
///
/// ```
/// use synfin::history::History;
/// use synfin::scenario::Scenario;
/// use synfin::text::{self, Language};
///
/// let script = "client isn 100\nserver isn 300, listen 80\nat 0ms client open\n";
/// let mut run = History::new(Scenario::parse(script)?);
/// run.run_to_end();
/// assert_eq!(
///     text::step(run.trace(), 3, Language::English),
///     "SYN seq=100 reaches the server: a listener answers a SYN with a SYN,ACK, so the server goes from LISTEN to \
///      SYN-RECEIVED and sends SYN,ACK seq=300 ack=101.",
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn step(trace: &Trace, step: usize, language: Language) -> String {
    if step == 0 {
        return page(PageText::NothingYet, language).to_owned();
    }
    let teller = Teller { trace, language };
    let sentence = insight::step(trace, step).map(|insight| teller.step(&insight)).unwrap_or_default();
    match language {
        Language::English => capitalized(&sentence),
        Language::TraditionalChinese | Language::SimplifiedChinese => spaced(&sentence),
    }
}

/// One event in one short line, for lists.
pub fn event(kind: &EventKind, trace: &Trace, language: Language) -> String {
    let line = Teller { trace, language }.event(kind);
    match language {
        Language::English => line,
        Language::TraditionalChinese | Language::SimplifiedChinese => spaced(&line),
    }
}

/// A gap in which nothing happens.
pub fn idle(span: Duration, language: Language) -> String {
    let passes = if span.to_string().starts_with("1 ") { "passes" } else { "pass" };
    say!(language,
        en: "{span} {passes} with nothing to do",
        hant: "{span} 過去，沒有事要做",
        hans: "{span} 过去，没有事要做")
}

/// A segment in the fewest words: its flags and numbers.
pub fn segment(segment: &Segment, language: Language) -> String {
    flags_and_numbers(segment, Window::IfClosed, language)
}

/// A window as the header carries it, and by how much it counts if it is scaled: `wnd=50000×4`.
pub fn window(field: u16, shift: u8) -> String {
    match shift {
        0 => format!("wnd={field}"),
        shift => format!("wnd={field}×{}", 1u32 << shift.min(MOST_WINDOW_SHIFT)),
    }
}

/// The first thing in which two runs differ, in one sentence: what each does, and why.
pub fn difference(comparison: &Comparison, difference: &Difference<'_>, language: Language) -> String {
    let [left, right] = Run::BOTH.map(|run| {
        let Doing { event: happening, rule: reason } = difference.of(run);
        let trace = comparison.run(run).trace();
        let what = match happening {
            Some((_, it)) => event(&it.kind, trace, language),
            None => pick(language, "nothing happens", "什麼也沒發生", "什么也没发生").to_owned(),
        };
        match reason {
            Some(reason) => {
                let title = within_a_sentence(rule(reason, language).title, language);
                say!(language, en: "{what} ({title})", hant: "{what}（{title}）", hans: "{what}（{title}）")
            }
            None => what,
        }
    });
    let at = difference.at;
    let sentence = say!(language,
        en: "At {at} the runs part. On the left: {left}. On the right: {right}.",
        hant: "在 {at}，兩邊分道揚鑣。左邊：{left}。右邊：{right}。",
        hans: "在 {at}，两边分道扬镳。左边：{left}。右边：{right}。");
    match language {
        Language::English => sentence,
        Language::TraditionalChinese | Language::SimplifiedChinese => spaced(&sentence),
    }
}

/// Where a copy of a segment is.
pub fn whereabouts(whereabouts: Whereabouts, language: Language) -> String {
    match whereabouts {
        Whereabouts::Due(at) => say!(language, en: "due at {at}", hant: "預定 {at} 抵達", hans: "预定 {at} 到达"),
        Whereabouts::Damaged(at) => {
            say!(language, en: "due at {at}, damaged", hant: "預定 {at} 抵達，已損毀", hans: "预定 {at} 到达，已损坏")
        }
        Whereabouts::Held => label(Label::Held, language).to_owned(),
        Whereabouts::Lost(at) => say!(language, en: "lost at {at}", hant: "{at} 時遺失", hans: "{at} 时丢失"),
        Whereabouts::Arrived(at) => {
            say!(language, en: "arrived at {at}", hant: "{at} 時抵達", hans: "{at} 时到达")
        }
    }
}

/// Puts what happened in a trace into words.
#[derive(Clone, Copy)]
struct Teller<'a> {
    trace: &'a Trace,
    language: Language,
}

/// When a segment's window is told with it.
#[derive(Clone, Copy)]
enum Window {
    /// Only where it matters most: when it is closed.
    IfClosed,
    /// Always, and by how many bits it is shifted.
    Always(u8),
}

impl Teller<'_> {
    fn step(self, insight: &StepInsight<'_>) -> String {
        let language = self.language;
        let stimulus = insight.stimulus.map(|kind| self.stimulus(kind, insight));
        let decisions: Vec<String> = merged(&insight.decisions).iter().map(|it| self.decision(it)).collect();
        let consequences = match insight.backlog_full {
            Some((side, port)) if decisions.is_empty() => {
                let side = self.name(side);
                say!(language,
                    en: "the backlog of port {port} is full, so the {side} drops it",
                    hant: "連接埠 {port} 的等候佇列已滿，因此{side}把它丟棄",
                    hans: "端口 {port} 的等待队列已满，因此{side}把它丢弃")
            }
            Some(_) | None => decisions.join(pick(language, "; ", "；", "；")),
        };
        let colon = pick(language, ": ", "：", "：");
        let stop = pick(language, ".", "。", "。");
        match stimulus {
            None => format!("{consequences}{stop}"),
            Some(stimulus) if consequences.is_empty() => format!("{stimulus}{stop}"),
            Some(stimulus) => format!("{stimulus}{colon}{consequences}{stop}"),
        }
    }

    /// What set a step off, as the beginning of its sentence.
    fn stimulus(self, kind: &EventKind, insight: &StepInsight<'_>) -> String {
        let language = self.language;
        let nothing_follows =
            insight.decisions.is_empty() && insight.timers.is_empty() && insight.backlog_full.is_none();
        match kind {
            EventKind::Called { side, connection, call, result } => {
                let the = self.article();
                let called = self.called(*side, *connection, call, result);
                let end = match (&**call, result) {
                    (Call::Send { .. }, Ok(_)) if insight.decisions.is_empty() => {
                        pick(language, ", which have to wait", "，但要等待", "，但要等待")
                    }
                    _ => "",
                };
                format!("{the}{called}{end}")
            }
            EventKind::Arrived { side, segment, copy, connection } => {
                let is_about_window = |rule| {
                    matches!(rule, Rule::WindowUpdated | Rule::WindowShrinks | Rule::WindowCloses | Rule::WindowIsOlder)
                };
                let window = if insight.rules().any(is_about_window) {
                    Window::Always(self.trace.window_shift(*segment))
                } else {
                    Window::IfClosed
                };
                let traveler = self.traveler(*segment, *copy, window);
                let side = self.place(*side, *connection);
                let end = if nothing_follows {
                    pick(language, " and changes nothing", "，沒有造成任何變化", "，没有造成任何变化")
                } else {
                    ""
                };
                say!(language,
                    en: "{traveler} reaches the {side}{end}",
                    hant: "{traveler} 抵達{side}{end}",
                    hans: "{traveler} 到达{side}{end}")
            }
            EventKind::Expired { .. } => {
                let end = if nothing_follows {
                    pick(language, ", with nothing left to do", "，已無事可做", "，已无事可做")
                } else {
                    ""
                };
                format!("{}{}{end}", self.article(), self.event(kind))
            }
            EventKind::Interfered { segment, action } => self.interfered(*segment, *action, Some(&insight.rerouted)),
            EventKind::Forged { to, datagram, .. } => {
                let segment = segment_words(&datagram.segment, Window::IfClosed, language);
                let to = self.name(*to);
                let due = self.dues(&insight.rerouted);
                say!(language,
                    en: "a forged {segment} sets out for the {to}{due}",
                    hant: "偽造的 {segment} 出發前往{to}{due}",
                    hans: "伪造的 {segment} 出发前往{to}{due}")
            }
            EventKind::Accepted { side, connection: None } => {
                let side = self.name(*side);
                say!(language,
                    en: "the {side}'s application would accept a connection, but none waits",
                    hant: "{side}的應用程式想接受連線，但沒有連線在等候",
                    hans: "{side}的应用程序想接受连接，但没有连接在等待")
            }
            EventKind::Waited => {
                let at = insight.at;
                say!(language,
                    en: "nothing happens until {at}",
                    hant: "直到 {at} 都沒有事發生",
                    hans: "直到 {at} 都没有事发生")
            }
            EventKind::Accepted { .. }
            | EventKind::Crashed { .. }
            | EventKind::Rebooted { .. }
            | EventKind::Found { .. }
            | EventKind::Created { .. }
            | EventKind::Removed { .. }
            | EventKind::Decided { .. }
            | EventKind::Entered { .. }
            | EventKind::Told { .. }
            | EventKind::Sent { .. }
            | EventKind::Routed { .. }
            | EventKind::TimerSet { .. }
            | EventKind::BacklogFull { .. } => format!("{}{}", self.article(), self.event(kind)),
        }
    }

    /// A decision and what came of it: "the other side has no more to send, so the server goes …".
    fn decision(self, decision: &Decision<'_>) -> String {
        let language = self.language;
        let mut acts: Vec<String> = Vec::new();
        let is_same = |a: &Outcome<'_>, b: &Outcome<'_>| match (a, b) {
            (Outcome::Sent { role: a, .. }, Outcome::Sent { role: b, .. }) => a == b,
            (Outcome::Sent { .. } | Outcome::Entered { .. } | Outcome::Told(_), _) => false,
        };
        for alike in decision.outcomes.chunk_by(is_same) {
            let mut segments = Vec::new();
            let mut sent_as = None;
            for outcome in alike {
                match outcome {
                    Outcome::Entered { from, to } => acts.push(say!(language,
                        en: "goes from {from} to {to}", hant: "由 {from} 進入 {to}", hans: "从 {from} 进入 {to}")),
                    Outcome::Told(event) => acts.push(self.telling(event)),
                    Outcome::Sent { segment, datagram, role, fates } => {
                        let window = match decision.rule {
                            Some(Rule::WindowReopens) => Window::Always(self.trace.window_shift(*segment)),
                            _ => Window::IfClosed,
                        };
                        segments.push(segment_words(&datagram.segment, window, language) + self.way(fates));
                        sent_as = Some(*role);
                    }
                }
            }
            acts.extend(sent_as.map(|role| self.sending(&self.several(&segments), role)));
        }
        let title = decision.rule.map(|reason| rule(reason, language).title);
        let who = self.place(decision.side, decision.connection);
        match (title, acts.is_empty()) {
            (None, true) => String::new(),
            (Some(title), true) => within_a_sentence(title, language),
            (None, false) => {
                let acts = listed(&acts, language);
                say!(language, en: "the {who} {acts}", hant: "{who}{acts}", hans: "{who}{acts}")
            }
            (Some(title), false) => {
                let title = within_a_sentence(title, language);
                let acts = listed(&acts, language);
                say!(language,
                    en: "{title}, so the {who} {acts}",
                    hant: "{title}，因此{who}{acts}",
                    hans: "{title}，因此{who}{acts}")
            }
        }
    }

    fn event(self, kind: &EventKind) -> String {
        let language = self.language;
        match kind {
            EventKind::Called { side, connection, call, result } => self.called(*side, *connection, call, result),
            EventKind::Arrived { side, segment, copy, connection } => {
                let traveler = self.traveler(*segment, *copy, Window::IfClosed);
                let side = self.place(*side, *connection);
                say!(language,
                    en: "{traveler} reaches the {side}",
                    hant: "{traveler} 抵達{side}",
                    hans: "{traveler} 到达{side}")
            }
            EventKind::Expired { side, connection, timer: which } => {
                let timer = self.possession(*side, Some(*connection), timer(*which, language));
                say!(language,
                    en: "{timer} expires",
                    hant: "{timer}到期",
                    hans: "{timer}到期")
            }
            EventKind::Interfered { segment, action } => self.interfered(*segment, *action, None),
            EventKind::Forged { to, datagram, .. } => {
                let segment = segment_words(&datagram.segment, Window::IfClosed, language);
                let to = self.name(*to);
                say!(language,
                    en: "forged {segment} sets out for the {to}",
                    hant: "偽造的 {segment} 出發前往{to}",
                    hans: "伪造的 {segment} 出发前往{to}")
            }
            EventKind::Accepted { side, connection } => {
                let user = self.possession(*side, *connection, pick(language, "application", "應用程式", "应用程序"));
                say!(language,
                    en: "{user} accepts the connection", hant: "{user}接受這條連線", hans: "{user}接受这个连接")
            }
            EventKind::Crashed { side } => {
                let side = self.name(*side);
                say!(language,
                    en: "{side} crashes and forgets every connection",
                    hant: "{side}當機，忘掉所有連線",
                    hans: "{side}崩溃，忘掉所有连接")
            }
            EventKind::Rebooted { side } => {
                let side = self.name(*side);
                say!(language,
                    en: "{side} reboots and knows nothing of what was before",
                    hant: "{side}重新開機，對先前的一切毫無所知",
                    hans: "{side}重启，对先前的一切毫无所知")
            }
            EventKind::Waited => pick(language, "time passes", "時間過去", "时间过去").to_owned(),
            EventKind::Found { side, connection, state } => {
                let place = self.place(*side, Some(*connection));
                say!(language,
                    en: "{place} starts out in {state}",
                    hant: "{place}一開始就處於 {state}",
                    hans: "{place}一开始就处于 {state}")
            }
            EventKind::Created { side, connection, sockets } => {
                let remote = sockets.remote;
                let place = self.place(*side, Some(*connection));
                say!(language,
                    en: "{place}: a connection with {remote} begins",
                    hant: "{place}：開始一條與 {remote} 的連線",
                    hans: "{place}：开始一个与 {remote} 的连接")
            }
            EventKind::Removed { side, connection } => {
                let place = self.place(*side, Some(*connection));
                say!(language,
                    en: "{place}: the connection is forgotten",
                    hant: "{place}：忘掉這條連線",
                    hans: "{place}：忘掉这个连接")
            }
            EventKind::Decided { side, connection, rule: reason } => {
                let place = self.place(*side, *connection);
                let title = within_a_sentence(rule(*reason, language).title, language);
                say!(language, en: "{place}: {title}", hant: "{place}：{title}", hans: "{place}：{title}")
            }
            EventKind::Entered { side, connection, from, to } => {
                let place = self.place(*side, *connection);
                let colon = pick(language, ": ", "：", "：");
                format!("{place}{colon}{from} → {to}")
            }
            EventKind::Told { side, connection, event } => {
                let gap = pick(language, " ", "", "");
                format!("{}{gap}{}", self.place(*side, *connection), self.telling(event))
            }
            EventKind::Sent { side, connection, datagram, role, .. } => {
                let gap = pick(language, " ", "", "");
                let segment = segment_words(&datagram.segment, Window::IfClosed, language);
                let sending = self.sending(&segment, *role);
                format!("{}{gap}{sending}", self.place(*side, *connection))
            }
            EventKind::Routed { segment, copy, fate } => {
                let traveler = self.traveler(*segment, *copy, Window::IfClosed);
                match fate {
                    Fate::Due(at) => say!(language,
                        en: "{traveler} is due at {at}",
                        hant: "{traveler} 預定 {at} 抵達",
                        hans: "{traveler} 预定 {at} 到达"),
                    Fate::Damaged(at) => say!(language,
                        en: "{traveler} is damaged and due at {at}",
                        hant: "{traveler} 已損毀，預定 {at} 抵達",
                        hans: "{traveler} 已损坏，预定 {at} 到达"),
                    Fate::Held => say!(language,
                        en: "{traveler} is held", hant: "{traveler} 被扣住", hans: "{traveler} 被扣住"),
                    Fate::Lost => say!(language,
                        en: "{traveler} is lost", hant: "{traveler} 遺失", hans: "{traveler} 丢失"),
                }
            }
            EventKind::TimerSet { side, connection, timer: which, deadline } => {
                let timer = self.possession(*side, Some(*connection), timer(*which, language));
                match deadline {
                    Some(at) => say!(language,
                        en: "{timer} is set to {at}",
                        hant: "{timer}設在 {at} 到期",
                        hans: "{timer}设在 {at} 到期"),
                    None => say!(language,
                        en: "{timer} is stopped",
                        hant: "{timer}停止",
                        hans: "{timer}停止"),
                }
            }
            EventKind::BacklogFull { side, port } => {
                let side = self.name(*side);
                say!(language,
                    en: "{side}: the backlog of port {port} is full",
                    hant: "{side}：連接埠 {port} 的等候佇列已滿",
                    hans: "{side}：端口 {port} 的等待队列已满")
            }
        }
    }

    fn called(
        self,
        side: Side,
        connection: Option<ConnectionId>,
        call: &Call,
        result: &Result<Reply, CallError>,
    ) -> String {
        let language = self.language;
        let caller = self.possession(side, connection, pick(language, "application", "應用程式", "应用程序"));
        let reply = self.reply(call, result);
        let call = self.call(call);
        say!(language,
            en: "{caller} calls {call}{reply}",
            hant: "{caller}呼叫 {call}{reply}",
            hans: "{caller}调用 {call}{reply}")
    }

    fn call(self, call: &Call) -> String {
        let language = self.language;
        match call {
            Call::Open { open, timeout } => {
                let open = match open {
                    Open::Passive => pick(language, "OPEN to listen", "OPEN 開始監聽", "OPEN 开始监听"),
                    Open::PassiveSpecified => {
                        pick(language, "OPEN to wait for one peer", "OPEN 等待指定的對象", "OPEN 等待指定的对象")
                    }
                    Open::Active => pick(language, "OPEN to connect", "OPEN 建立連線", "OPEN 建立连接"),
                    Open::ActiveUnspecified => {
                        pick(language, "OPEN without saying to whom", "OPEN 卻沒有指定對象", "OPEN 却没有指定对象")
                    }
                };
                open.to_owned() + &self.timeout(*timeout)
            }
            Call::Send { data, timeout } => {
                let octets = octets(data.len(), language);
                let send =
                    say!(language, en: "SEND with {octets}", hant: "SEND 送出 {octets}", hans: "SEND 发送 {octets}");
                send + &self.timeout(*timeout)
            }
            Call::Receive(u32::MAX) => pick(
                language,
                "RECEIVE for all there are",
                "RECEIVE，接收現有的全部位元組",
                "RECEIVE，接收现有的全部字节",
            )
            .to_owned(),
            Call::Receive(most) => {
                let octets = octets(usize::try_from(*most).unwrap_or(usize::MAX), language);
                say!(language,
                    en: "RECEIVE for up to {octets}",
                    hant: "RECEIVE，最多接收 {octets}",
                    hans: "RECEIVE，最多接收 {octets}")
            }
            Call::Close => "CLOSE".to_owned(),
            Call::Abort => "ABORT".to_owned(),
            Call::Status => "STATUS".to_owned(),
            Call::Set(limit) => self.limit(*limit),
        }
    }

    /// The user timeout that a call brings with it.
    fn timeout(self, timeout: Option<Duration>) -> String {
        let Some(timeout) = timeout else { return String::new() };
        say!(self.language,
            en: ", with a user timeout of {timeout}",
            hant: "，使用者逾時設為 {timeout}",
            hans: "，用户超时设为 {timeout}")
    }

    /// A call for which the RFC has no name, though it must be there (MUST-21, MUST-24).
    fn limit(self, limit: Limit) -> String {
        let language = self.language;
        let span = |span: Option<Duration>| span.map(|span| span.to_string());
        let value = match limit {
            Limit::R1(count) => {
                let times = say!(language, en: "{count} repetitions", hant: "重傳 {count} 次", hans: "重传 {count} 次");
                Some(times)
            }
            Limit::R2(limit) | Limit::R2Syn(limit) | Limit::UserTimeout(limit) => span(limit),
            Limit::KeepAlive(keep_alive) => span(keep_alive.map(|it| it.idle)),
        };
        let value = value.unwrap_or_else(|| pick(language, "none", "無", "无").to_owned());
        let name = match limit {
            Limit::R1(_) => "R1",
            Limit::R2(_) => "R2",
            Limit::R2Syn(_) => pick(language, "R2 of a SYN", "SYN 的 R2", "SYN 的 R2"),
            Limit::UserTimeout(_) => pick(language, "user timeout", "使用者逾時", "用户超时"),
            Limit::KeepAlive(_) => "keep-alive",
        };
        say!(language, en: "SET, {name}: {value}", hant: "SET，{name}：{value}", hans: "SET，{name}：{value}")
    }

    fn reply(self, call: &Call, result: &Result<Reply, CallError>) -> String {
        let language = self.language;
        match result {
            // What SEND and CLOSE wait for, a rule says.
            Ok(Reply::Ok | Reply::Queued) if !matches!(call, Call::Receive(_)) => String::new(),
            Ok(Reply::Ok | Reply::Queued) => {
                pick(language, ", which waits for data", "，等待資料", "，等待数据").to_owned()
            }
            Ok(Reply::Data(data)) => {
                let octets = octets(data.len(), language);
                say!(language, en: " and gets {octets}", hant: "，取得 {octets}", hans: "，取得 {octets}")
            }
            Ok(Reply::Status(state)) => {
                say!(language, en: " and is told {state}", hant: "，得知 {state}", hans: "，得知 {state}")
            }
            Err(error) => {
                let error = call_error(*error, language);
                say!(language,
                    en: " and gets the error “{error}”",
                    hant: "，得到錯誤「{error}」",
                    hans: "，得到错误“{error}”")
            }
        }
    }

    /// What somebody did to a segment, and when its copies are due now if that is known.
    fn interfered(self, segment: SegmentId, action: Action, rerouted: Option<&[Routed]>) -> String {
        let language = self.language;
        let traveler = self.traveler(segment, 0, Window::IfClosed);
        let to = match insight::departure(self.trace, segment) {
            Some(insight) => {
                let to = self.name(insight.to);
                say!(language, en: ", on its way to the {to},", hant: "在前往{to}途中", hans: "在前往{to}途中")
            }
            None => String::new(),
        };
        if rerouted.is_some_and(<[Routed]>::is_empty) {
            return say!(language,
                en: "{traveler}{to} stays as it is", hant: "{traveler} {to}維持不變", hans: "{traveler} {to}保持不变");
        }
        let due = self.dues(rerouted.unwrap_or_default());
        match action {
            Action::Drop => say!(language,
                en: "{traveler}{to} is lost", hant: "{traveler} {to}遺失", hans: "{traveler} {to}丢失"),
            Action::Duplicate(_) => say!(language,
                en: "{traveler}{to} is duplicated{due}",
                hant: "{traveler} {to}被複製{due}",
                hans: "{traveler} {to}被复制{due}"),
            Action::Delay(by) => say!(language,
                en: "{traveler}{to} is delayed by {by}{due}",
                hant: "{traveler} {to}延遲 {by}{due}",
                hans: "{traveler} {to}延迟 {by}{due}"),
            Action::Corrupt => say!(language,
                en: "{traveler}{to} is damaged", hant: "{traveler} {to}損毀", hans: "{traveler} {to}损坏"),
            Action::Hold => say!(language,
                en: "{traveler}{to} is held", hant: "{traveler} {to}被扣住", hans: "{traveler} {to}被扣住"),
            Action::Release => say!(language,
                en: "{traveler}{to} is released{due}",
                hant: "{traveler} {to}獲得放行{due}",
                hans: "{traveler} {to}获得放行{due}"),
        }
    }

    /// When copies that were rerouted arrive: ", due at …"; a new copy of a held segment is held as well.
    fn dues(self, rerouted: &[Routed]) -> String {
        let language = self.language;
        let mut times: Vec<String> = rerouted
            .iter()
            .filter_map(|routed| match routed.fate {
                Fate::Due(at) | Fate::Damaged(at) => Some(at.to_string()),
                Fate::Held | Fate::Lost => None,
            })
            .collect();
        times.dedup();
        match (times.as_slice(), rerouted) {
            ([], [Routed { fate: Fate::Held, copy: 1.., .. }]) => {
                pick(language, ", the copy held as well", "，複本也被扣住", "，副本也被扣住").to_owned()
            }
            ([], _) => String::new(),
            ([at], [Routed { copy: 1.., .. }]) => say!(language,
                en: ", the copy due at {at}", hant: "，複本預定 {at} 抵達", hans: "，副本预定 {at} 到达"),
            (times, _) => {
                let times = times.join(pick(language, " and ", " 與 ", " 与 "));
                say!(language, en: ", due at {times}", hant: "，預定 {times} 抵達", hans: "，预定 {times} 到达")
            }
        }
    }

    /// What the user is told, as something that a side does.
    fn telling(self, event: &UserEvent) -> String {
        let told = user_event(event, self.language);
        say!(self.language,
            en: "tells its application “{told}”",
            hant: "告知應用程式「{told}」",
            hans: "告知应用程序“{told}”")
    }

    /// Sending, as something that a side does.
    fn sending(self, what: &str, role: Role) -> String {
        let language = self.language;
        match role {
            Role::New | Role::Ack | Role::Reset | Role::Abort => {
                say!(language, en: "sends {what}", hant: "送出 {what}", hans: "发出 {what}")
            }
            Role::Retransmission => {
                say!(language, en: "sends {what} again", hant: "重傳 {what}", hans: "重传 {what}")
            }
            Role::Probe => say!(language,
                en: "sends the window probe {what}", hant: "送出視窗探測 {what}", hans: "发出窗口探测 {what}"),
            Role::KeepAlive => say!(language,
                en: "sends the keep-alive {what}", hant: "送出保活探測 {what}", hans: "发出保活探测 {what}"),
            Role::ChallengeAck => say!(language,
                en: "sends the challenge {what}", hant: "送出挑戰 {what}", hans: "发出挑战 {what}"),
        }
    }

    /// The segments that one side sent for one reason: each of them if they are few, else the first and the last.
    fn several(self, segments: &[String]) -> String {
        let language = self.language;
        match segments {
            [first, _, .., last] if segments.len() > MOST_IN_A_LIST => {
                let count = segments.len();
                say!(language,
                    en: "{count} segments, from {first} to {last}",
                    hant: "{count} 個報文段，從 {first} 到 {last}",
                    hans: "{count} 个报文段，从 {first} 到 {last}")
            }
            [first @ .., last] if !first.is_empty() => {
                let first = first.join(pick(language, ", ", "、", "、"));
                say!(language, en: "{first} and {last}", hant: "{first} 與 {last}", hans: "{first} 与 {last}")
            }
            _ => segments.concat(),
        }
    }

    /// What the network does at once to a segment that was sent.
    fn way(self, fates: &[Fate]) -> &'static str {
        let language = self.language;
        match fates {
            [Fate::Lost, ..] => pick(language, " (lost on the way)", "（途中遺失）", "（途中丢失）"),
            [Fate::Damaged(_), ..] => pick(language, " (damaged on the way)", "（途中損毀）", "（途中损坏）"),
            [Fate::Held, ..] => pick(language, " (held on the way)", "（途中被扣住）", "（途中被扣住）"),
            [Fate::Due(_), _, ..] => pick(language, " (duplicated on the way)", "（途中被複製）", "（途中被复制）"),
            [Fate::Due(_)] | [] => "",
        }
    }

    /// A copy of a segment, with what distinguishes it from others that look the same.
    fn traveler(self, id: SegmentId, copy: u32, window: Window) -> String {
        let language = self.language;
        let Some(insight) = insight::departure(self.trace, id) else {
            return pick(language, "an unknown segment", "不明的報文段", "不明的报文段").to_owned();
        };
        let segment = segment_words(&insight.datagram.segment, window, language);
        let named = match insight.role {
            None => say!(language, en: "the forged {segment}", hant: "偽造的 {segment}", hans: "伪造的 {segment}"),
            Some(Role::New | Role::Ack | Role::Reset | Role::Abort) => segment,
            Some(Role::Retransmission) => {
                say!(language, en: "the repeated {segment}", hant: "重傳的 {segment}", hans: "重传的 {segment}")
            }
            Some(Role::Probe) => {
                say!(language, en: "the window probe {segment}", hant: "視窗探測 {segment}", hans: "窗口探测 {segment}")
            }
            Some(Role::KeepAlive) => {
                say!(language, en: "the keep-alive {segment}", hant: "保活探測 {segment}", hans: "保活探测 {segment}")
            }
            Some(Role::ChallengeAck) => {
                say!(language, en: "the challenge {segment}", hant: "挑戰 {segment}", hans: "挑战 {segment}")
            }
        };
        if copy == 0 {
            return named;
        }
        say!(language, en: "a copy of {named}", hant: "{named} 的複本", hans: "{named} 的副本")
    }

    /// A side, with the number of its connection where it is not the first.
    fn place(self, side: Side, connection: Option<ConnectionId>) -> String {
        format!("{}{}", self.name(side), self.nth(connection))
    }

    /// Something that a side has for a connection: "client's retransmission timer".
    fn possession(self, side: Side, connection: Option<ConnectionId>, what: &str) -> String {
        let (name, nth) = (self.name(side), self.nth(connection));
        say!(self.language, en: "{name}'s {what}{nth}", hant: "{name}{nth}的{what}", hans: "{name}{nth}的{what}")
    }

    /// The number of a connection that is not the first of its side.
    fn nth(self, connection: Option<ConnectionId>) -> String {
        match connection {
            Some(ConnectionId(before @ 1..)) => {
                let nth = u64::from(before) + 1;
                say!(self.language, en: " (connection {nth})", hant: "（連線 {nth}）", hans: "（连接 {nth}）")
            }
            Some(ConnectionId(0)) | None => String::new(),
        }
    }

    fn name(self, side: Side) -> &'static str {
        label(
            match side {
                Side::Client => Label::Client,
                Side::Server => Label::Server,
            },
            self.language,
        )
    }

    fn article(self) -> &'static str {
        pick(self.language, "the ", "", "")
    }
}

/// The decisions with those in a row that have the same reason taken together.
fn merged<'a>(decisions: &[Decision<'a>]) -> Vec<Decision<'a>> {
    let mut merged: Vec<Decision<'a>> = Vec::new();
    for decision in decisions {
        match merged.last_mut() {
            Some(last)
                if (last.side, last.connection, last.rule) == (decision.side, decision.connection, decision.rule) =>
            {
                last.outcomes.extend(decision.outcomes.iter().cloned());
            }
            _ => merged.push(decision.clone()),
        }
    }
    merged
}

/// A segment within a sentence: its flags and numbers, and its options if they are not the usual ones.
fn segment_words(segment: &Segment, window: Window, language: Language) -> String {
    let words = flags_and_numbers(segment, window, language);
    if segment.options.are_usual() { words } else { format!("{words} {}", segment.options) }
}

/// Flags and numbers of a segment: `SYN,ACK seq=300 ack=101`.
fn flags_and_numbers(segment: &Segment, told: Window, language: Language) -> String {
    let has_flags = segment.flags != Default::default() || segment.ack.is_some();
    let mut words = if has_flags {
        segment.control().to_string().replace(", ", ",")
    } else {
        pick(language, "segment without flags,", "不帶旗標的報文段", "不带标志的报文段").to_owned()
    };
    words += &format!(" seq={}", segment.seq);
    if let Some(ack) = segment.ack {
        words += &format!(" ack={ack}");
    }
    if !segment.payload.is_empty() {
        words += &format!(" len={}", segment.payload.len());
    }
    let shift = match told {
        Window::Always(shift) => Some(shift),
        Window::IfClosed => (segment.wnd == 0 && segment.ack.is_some() && !segment.flags.rst).then_some(0),
    };
    match shift {
        None => words,
        Some(shift) => format!("{words} {}", window(segment.wnd, shift)),
    }
}

/// A title as a clause within a sentence: without its capital, unless the first word is a name in capitals.
fn within_a_sentence(title: &str, language: Language) -> String {
    let mut chars = title.chars();
    match (language, chars.next()) {
        (Language::English, Some(first)) if !chars.as_str().starts_with(|c: char| c.is_uppercase()) => {
            format!("{}{}", first.to_lowercase(), chars.as_str())
        }
        (Language::English | Language::TraditionalChinese | Language::SimplifiedChinese, _) => title.to_owned(),
    }
}

/// A sentence with its capital.
fn capitalized(sentence: &str) -> String {
    let mut chars = sentence.chars();
    chars.next().map_or(String::new(), |first| format!("{}{}", first.to_uppercase(), chars.as_str()))
}

/// Several things that one side does: "a, b and c".
fn listed(acts: &[String], language: Language) -> String {
    match acts {
        [] => String::new(),
        [only] => only.clone(),
        [first @ .., last] => {
            let comma = pick(language, ", ", "，", "，");
            let and = pick(language, " and ", "，並", "，并");
            format!("{}{and}{last}", first.join(comma))
        }
    }
}

/// Fixed words that are part of a sentence.
fn pick(language: Language, en: &'static str, hant: &'static str, hans: &'static str) -> &'static str {
    super::Phrase { en, hant, hans }.in_language(language)
}
