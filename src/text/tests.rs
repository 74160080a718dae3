use std::collections::BTreeSet;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use bytes::Bytes;

use crate::history::History;
use crate::host::Target;
use crate::insight::findings::Findings;
use crate::insight::knowledge::{Fact, Knowledge};
use crate::isn::IsnGenerator;
use crate::network::Link;
use crate::profile::{AckMode, Profile, Reading};
use crate::rule::Rule;
use crate::scenario::Scenario;
use crate::segment::{Datagram, Flags, Segment};
use crate::seq::SeqNumber;
use crate::simulation::{Deed, Ports, Simulation};
use crate::tcp::{
    Action, Call, CallError, ConnectionId, DeedError, Flushed, Open, Role, SegmentId, Side, State, Timer, UserEvent,
};
use crate::time::{Duration, Instant};
use crate::trace::{Certainty, EventKind, Record, Source, Trace};

use super::*;

const CHINESE: [Language; 2] = [Language::TraditionalChinese, Language::SimplifiedChinese];

/// Characters that only one of the two scripts uses, a few of the most common ones.
const ONLY_TRADITIONAL: &str = "\
    這個們來時說對會發還沒無關於見開門間問題實現傳輸連線網認識確順應達區從與兩東義書長話讀寫頁運進遠選邊\
    過樣種數據節處複務讓請誰輕轉載軟錯鎖鍵閉隊階隨際須預頻圖圓團場塊壞聲備頭學寧審將爾嘗歸態總戰戶執護擇\
    換損號碼終報單條語斷";
const ONLY_SIMPLIFIED: &str = "\
    这个们来时说对会发还没无关于见开门间问题实现传输连线网认识确顺应达区从与两东义书长话读写页运进远选边\
    过样种数据节处复务让请谁轻转载软错锁键闭队阶随际须预频图圆团场块坏声备头学宁审将尔尝归态总战户执护择\
    换损号码终报单条语断";

/// All words of all languages.
fn languages() -> [Words; 3] {
    Language::ALL.map(Words::of)
}

/// Everything that can be said without a trace.
fn everything(words: &Words) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    for rule in Rule::ALL {
        all.extend([words.title(*rule).to_owned(), words.why(*rule).to_owned()]);
    }
    all.extend(Words::page_names().filter_map(|name| words.page(name)).map(str::to_owned));
    all.extend(Words::names_of_stories().filter_map(|name| words.of_stories(name)).map(str::to_owned));
    all.extend(words.all_of_insight().chain(words.all_of_quiz()).map(|(_, text)| text.to_owned()));
    all.extend(State::ALL.map(|it| state(it, words).to_owned()));
    all.extend(Timer::ALL.map(|it| timer(it, words).to_owned()));
    let roles = [
        Role::New,
        Role::Ack,
        Role::Retransmission,
        Role::Probe,
        Role::KeepAlive,
        Role::ChallengeAck,
        Role::Reset,
        Role::Abort,
    ];
    all.extend(roles.map(|it| role(it, words).to_owned()));
    all.extend(CallError::ALL.map(|it| call_error(it, words).to_owned()));
    let troubles = [
        Trouble::NoSuchSegment(7),
        Trouble::NotOnItsWay(7),
        Trouble::NotHeld(7),
        Trouble::HostIsDown(Side::Server),
        Trouble::TooManyInTransit(7),
        Trouble::CannotWait,
        Trouble::TooManyBranches(7),
        Trouble::TooManySteps(7),
        Trouble::NoSuchBranch(7),
        Trouble::OnlyBranch,
        Trouble::NameTaken("x"),
        Trouble::BadName(7),
        Trouble::EmptyLink,
        Trouble::NoSuchStory("x"),
        Trouble::LinkOfLaterVersion(7),
        Trouble::LinkTooLong,
        Trouble::LinkDamaged,
    ];
    all.extend(troubles.map(|it| trouble(it, words)));
    let user_events = [
        UserEvent::Established,
        UserEvent::Received(Box::new(Bytes::from_static(b"x"))),
        UserEvent::SendComplete,
        UserEvent::CloseComplete,
        UserEvent::Closing,
        UserEvent::Reset,
        UserEvent::Refused,
        UserEvent::UserTimeout,
        UserEvent::DeliveryProblem,
        UserEvent::ExcessiveRetransmissions,
        UserEvent::CallsFlushed(Flushed::Closing),
        UserEvent::CallsFlushed(Flushed::Reset),
    ];
    all.extend(user_events.map(|it| user_event(&it, words)));
    all
}

/// What is wrong with the form of a text; `None` if nothing is.
fn flaw(text: &str, language: Language) -> Option<String> {
    let flaws = |is_flawed: &dyn Fn(char, char) -> bool| {
        let pair = text.chars().zip(text.chars().skip(1)).find(|(a, b)| is_flawed(*a, *b));
        pair.map(|(a, b)| format!("{a:?} before {b:?} in {text:?}"))
    };
    let is_wide_mark = |c: char| "，。；：、「」（）？！".contains(c);
    if text.is_empty() || text.trim() != text || text.contains("  ") {
        return Some(format!("{text:?} is empty or has stray spaces"));
    }
    if language == Language::English {
        if let Some(c) = text.chars().find(|c| is_han(*c) || is_wide_mark(*c)) {
            return Some(format!("{c:?} is Chinese in {text:?}"));
        }
        return flaws(&|a, b| (a == ' ' && ".,;:".contains(b)) || (":;".contains(a) && ".;:".contains(b)));
    }
    let foreign = if language == Language::TraditionalChinese { ONLY_SIMPLIFIED } else { ONLY_TRADITIONAL };
    let own = if language == Language::TraditionalChinese { ONLY_TRADITIONAL } else { ONLY_SIMPLIFIED };
    if let Some(c) = text.chars().find(|c| foreign.contains(*c) && !own.contains(*c)) {
        return Some(format!("{c:?} is of the other script in {text:?}"));
    }
    if !text.chars().any(is_han) {
        return Some(format!("{text:?} is not translated"));
    }
    flaws(&|a, b| {
        let needs_space = |a: char, b: char| is_han(a) && b.is_ascii_alphanumeric();
        let is_half_width = |a: char, b: char| is_han(a) && ",.;:?!()\"'".contains(b);
        needs_space(a, b)
            || needs_space(b, a)
            || is_half_width(a, b)
            || is_half_width(b, a)
            || (is_wide_mark(a) && b == ' ')
            || (a == ' ' && is_wide_mark(b))
            || (is_wide_mark(a) && "，。；：、".contains(b) && !"」）".contains(a))
    })
}

fn run(script: &str) -> History {
    let mut run = History::new(Scenario::parse(script).expect("the script is one of ours"));
    run.run_to_end();
    run
}

#[test]
fn browsers_get_the_language_that_they_ask_for() {
    let table = [
        ("en", Some(Language::English)),
        ("en-GB", Some(Language::English)),
        ("zh", Some(Language::SimplifiedChinese)),
        ("zh-CN", Some(Language::SimplifiedChinese)),
        ("zh-SG", Some(Language::SimplifiedChinese)),
        ("zh-Hans", Some(Language::SimplifiedChinese)),
        ("zh-Hans-HK", Some(Language::SimplifiedChinese)),
        ("zh-TW", Some(Language::TraditionalChinese)),
        ("zh-HK", Some(Language::TraditionalChinese)),
        ("zh-MO", Some(Language::TraditionalChinese)),
        ("zh-Hant", Some(Language::TraditionalChinese)),
        ("ZH-hant-cn", Some(Language::TraditionalChinese)),
        ("zh_TW", Some(Language::TraditionalChinese)),
        ("zh-x-tw", Some(Language::SimplifiedChinese)),
        ("enm", None),
        ("fr", None),
        ("", None),
        ("-", None),
    ];
    for (tag, language) in table {
        assert_eq!(Language::from_tag(tag), language, "{tag:?}");
    }
    for language in Language::ALL {
        assert_eq!(Language::from_tag(language.tag()), Some(language));
    }
}

#[test]
fn everything_is_said_in_every_language() {
    for words in languages() {
        let language = words.language();
        let flaws: Vec<String> = everything(&words).iter().filter_map(|text| flaw(text, language)).collect();
        assert!(flaws.is_empty(), "{language:?}: {flaws:#?}");
    }
}

#[test]
fn titles_are_short_clauses_and_differ() {
    for words in languages() {
        let language = words.language();
        let titles: BTreeSet<&str> = Rule::ALL.iter().map(|it| words.title(*it)).collect();
        assert_eq!(titles.len(), Rule::ALL.len(), "{language:?}: two rules have the same title");
        for title in titles {
            assert!(title.chars().count() <= 60, "{title:?} is too long");
            assert!(!title.ends_with('.') && !title.contains([';', ':', '。', '；', '：']), "{title:?} is no clause");
        }
        for it in Rule::ALL {
            let why = words.why(*it);
            let stop = if language == Language::English { '.' } else { '。' };
            assert!(why.ends_with(stop), "{why:?} is no sentence");
        }
    }
}

#[test]
fn an_error_of_a_call_keeps_the_phrase_of_the_rfc() {
    let error = CallError::InsufficientResources;
    assert_eq!(call_error(error, &Words::of(Language::English)), error.to_string());
    for language in CHINESE {
        assert!(call_error(error, &Words::of(language)).ends_with("（insufficient resources）"));
    }
}

#[test]
fn messages_name_buttons_by_what_is_on_them() {
    for words in languages() {
        let page = |name| words.page(name).expect("the page has it");
        assert!(page("nothing-yet").contains(page("step")));
        assert!(page("crashed").contains(page("reset")));
    }
}

/// A connection in which a SYN and an ACK are lost and a FIN is duplicated, in all three languages.
#[test]
fn every_step_of_a_connection_is_told_in_one_sentence() {
    let run = run(include_str!("tests/connection.tcp"));
    let mut told = String::new();
    let languages = languages();
    for number in 1..=run.trace().steps() {
        for words in &languages {
            told += &format!("{number:>2} {}\n", step(run.trace(), number, words));
        }
    }
    for (told, expected) in told.lines().zip(include_str!("tests/connection.txt").lines()) {
        assert_eq!(told, expected);
    }
    assert_eq!(told, include_str!("tests/connection.txt"));
    for number in [0, run.trace().steps() + 1] {
        assert_eq!(step(run.trace(), number, &languages[0]), "");
    }
}

#[test]
fn every_event_has_its_line() {
    let run = run(include_str!("tests/connection.tcp"));
    let trace = run.trace();
    let line = |wanted: &dyn Fn(&EventKind) -> bool| {
        let found = trace.events().iter().find(|event| wanted(&event.kind)).expect("it happened");
        event(&found.kind, trace, &Words::of(Language::English))
    };
    assert_eq!(line(&|kind| matches!(kind, EventKind::Sent { .. })), "client sends SYN seq=100");
    assert_eq!(line(&|kind| matches!(kind, EventKind::Arrived { .. })), "the repeated SYN seq=100 reaches the server");
    assert_eq!(line(&|kind| matches!(kind, EventKind::Entered { .. })), "server: CLOSED → LISTEN");
    assert_eq!(line(&|kind| matches!(kind, EventKind::Expired { .. })), "client's retransmission timer expires");
    for words in languages() {
        let language = words.language();
        let flaws: Vec<String> =
            trace.events().iter().filter_map(|it| flaw(&event(&it.kind, trace, &words), language)).collect();
        assert!(flaws.is_empty(), "{language:?}: {flaws:#?}");
    }
}

/// What a user does to segments, and what becomes of segments that nobody sent.
#[test]
fn interference_is_told_with_what_came_of_it() {
    let mut run = History::new(
        Scenario::parse("server isn 300, listen 80\nclient isn 100\nat 0ms client open\n").expect("a script"),
    );
    run.seek(2);
    let syn = SegmentId::FIRST;
    let mut told = Vec::new();
    let mut tell = |run: &History| told.push(step(run.trace(), run.trace().steps(), &Words::of(Language::English)));
    for action in [
        Action::Duplicate(Duration::from_ms(200)),
        Action::Delay(Duration::from_ms(200)),
        Action::Hold,
        Action::Hold,
        Action::Duplicate(Duration::from_ms(200)),
        Action::Release,
        Action::Drop,
    ] {
        run.interfere(syn, action).expect("the SYN is on its way");
        tell(&run);
    }
    assert_eq!(
        told,
        [
            "SYN seq=100, on its way to the server, is duplicated, the copy due at 250 ms.",
            "SYN seq=100, on its way to the server, is delayed by 200 ms, due at 250 ms and 450 ms.",
            "SYN seq=100, on its way to the server, is held.",
            "SYN seq=100, on its way to the server, stays as it is.",
            "SYN seq=100, on its way to the server, is duplicated, the copy held as well.",
            "SYN seq=100, on its way to the server, is released, due at 50 ms.",
            "SYN seq=100, on its way to the server, is lost.",
        ]
    );
}

#[test]
fn nonsense_is_told_as_well() {
    let socket = |last, port| SocketAddr::new(IpAddr::V4(Ipv4Addr::new(192, 0, 2, last)), port);
    let mut run = History::new(Scenario::parse("server isn 300, listen 80\n").expect("a script"));
    run.run_to_end();
    let segment = Segment { payload: Bytes::from_static(b"abc"), ..Segment::default() };
    let datagram = Datagram { source: socket(1, 6000), destination: socket(2, 80), segment };
    run.apply(Deed::forge(Side::Server, datagram)).expect("there is room");
    let steps = run.trace().steps();
    assert_eq!(
        languages().map(|words| step(run.trace(), steps, &words)),
        [
            "A forged segment without flags, seq=0 len=3 sets out for the server, due at 50 ms.",
            "偽造的不帶旗標的報文段 seq=0 len=3 出發前往伺服器，預定 50 ms 抵達。",
            "伪造的不带标志的报文段 seq=0 len=3 出发前往服务器，预定 50 ms 到达。",
        ]
    );
    run.run_to_end();
    assert_eq!(
        step(run.trace(), steps + 1, &Words::of(Language::English)),
        "The forged segment without flags, seq=0 len=3 reaches the server: a listener drops a segment without SYN, ACK \
         or RST."
    );
}

/// A duplicate of an earlier connection is not called forged: nobody meant it.
#[test]
fn what_is_old_is_told_as_old() {
    let run = run("server isn 300, listen 80\nlink delay 50ms\nat 0ms old to server syn seq 90\n");
    let told = |step_of_it: usize, language| step(run.trace(), step_of_it, &Words::of(language));
    let [leaves, arrives] = [2, 3];
    assert_eq!(
        Language::ALL.map(|language| told(leaves, language)),
        [
            "An old SYN seq=90 sets out for the server, due at 50 ms.",
            "舊的 SYN seq=90 出發前往伺服器，預定 50 ms 抵達。",
            "旧的 SYN seq=90 出发前往服务器，预定 50 ms 到达。",
        ]
    );
    assert!(told(arrives, Language::English).starts_with("The old SYN seq=90 reaches the server: "));
    assert_eq!(
        event(&run.trace().step(leaves)[0].kind, run.trace(), &Words::default()),
        "old SYN seq=90 sets out for the server"
    );
}

/// What a middlebox stops and sends is told apart from what gets lost and what the hosts send.
#[test]
fn a_middlebox_is_told() {
    let run = run("client isn 100\nserver isn 300, listen 80\n\
                   link delay 50ms, middlebox forgets after 30s then resets, middlebox filters syn fin\nat 0ms client open\n\
                   at 20s forge to server syn fin seq 5\nat 60s server send 5\n");
    let trace = run.trace();
    let place = |at: u64, wanted: fn(&EventKind) -> bool| {
        let is_it = |it: &&crate::trace::Event| it.at == Instant::from_ms(at) && wanted(&it.kind);
        trace.events().iter().find(is_it).expect("it happens").step as usize
    };
    let filtered = place(20_000, |it| matches!(it, EventKind::Intruded { .. }));
    let forgotten = place(60_000, |it| matches!(it, EventKind::Called { .. }));
    let arrives = place(60_050, |it| matches!(it, EventKind::Arrived { side: Side::Server, .. }));
    let told = |language| [filtered, forgotten, arrives].map(|it| step(trace, it, &Words::of(language)));
    for (language, sentences) in [
        (
            Language::English,
            [
                "A forged SYN,FIN seq=5 sets out for the server, but a middlebox filters it.",
                "The server's application calls SEND with 5 octets: the window allows data to leave, so the server sends \
                 PSH,ACK seq=301 ack=101 len=5 (stopped by a middlebox that has forgotten the connection); the middlebox \
                 sends RST seq=101 to the server; the middlebox sends RST,ACK seq=301 ack=101 to the client.",
                "The middlebox's RST seq=101 reaches the server: a reset ends the connection, so the server goes from \
                 ESTABLISHED to CLOSED and tells its application “connection reset”.",
            ],
        ),
        (
            Language::TraditionalChinese,
            [
                "偽造的 SYN,FIN seq=5 出發前往伺服器，但被中間設備過濾。",
                "伺服器的應用程式呼叫 SEND 送出 5 個位元組：視窗允許資料送出，因此伺服器送出 PSH,ACK seq=301 ack=101 \
                 len=5（中間設備已忘記這條連線，予以丟棄）；中間設備向伺服器送出 RST seq=101；中間設備向客戶端送出 RST,ACK \
                 seq=301 ack=101。",
                "中間設備送出的 RST seq=101 抵達伺服器：RST 終止了這條連線，因此伺服器由 ESTABLISHED 進入 \
                 CLOSED，並告知應用程式「連線已重設（connection reset）」。",
            ],
        ),
        (
            Language::SimplifiedChinese,
            [
                "伪造的 SYN,FIN seq=5 出发前往服务器，但被中间设备过滤。",
                "服务器的应用程序调用 SEND 发送 5 个字节：窗口允许数据发出，因此服务器发出 PSH,ACK seq=301 ack=101 \
                 len=5（中间设备已忘记这个连接，予以丢弃）；中间设备向服务器发出 RST seq=101；中间设备向客户端发出 RST,ACK \
                 seq=301 ack=101。",
                "中间设备发出的 RST seq=101 到达服务器：RST 终止了这个连接，因此服务器从 ESTABLISHED 进入 \
                 CLOSED，并告知应用程序“连接已重置（connection reset）”。",
            ],
        ),
    ] {
        assert_eq!(told(language), sentences);
    }
    let lines = |step: usize| -> Vec<String> {
        trace.step(step).iter().map(|it| event(&it.kind, trace, &Words::default())).collect()
    };
    assert_eq!(lines(filtered)[1], "the forged SYN,FIN seq=5 is filtered by a middlebox");
    assert!(
        lines(forgotten).contains(&"the middlebox sends RST seq=101 to the server".to_owned()),
        "{:?}",
        lines(forgotten)
    );
}

/// Strangers, and connections between other ports, are told apart by their sockets.
#[test]
fn sockets_are_named_where_they_are_not_the_usual_ones() {
    let run = run("client isn 100 100\nserver isn 300 300 300, listen 80\nlink delay 50ms\nat 0ms client open\n\
                   at 0ms client open\nat 0ms forge to server syn seq 5000 from 198.51.100.7:4000 to 81\n");
    let trace = run.trace();
    let told = |language| (1..=trace.steps()).map(|it| step(trace, it, &Words::of(language))).collect::<Vec<_>>();
    for (language, sentences) in [
        (
            Language::English,
            [
                "SYN seq=100 reaches the server: ",
                "SYN seq=100 from port 49153 reaches the server (connection 2): ",
                "the server (connection 2) goes from LISTEN to SYN-RECEIVED and sends SYN,ACK seq=300 ack=101 to port 49153.",
                "A forged SYN seq=5000 from 198.51.100.7:4000 to port 81 sets out for the server, due at 50 ms.",
                "sends RST,ACK seq=0 ack=5001 from port 81 to 198.51.100.7:4000 (lost on the way).",
            ],
        ),
        (
            Language::TraditionalChinese,
            [
                "SYN seq=100 抵達伺服器：",
                "來自連接埠 49153 的 SYN seq=100 抵達伺服器",
                "送出發往連接埠 49153 的 SYN,ACK seq=300 ack=101。",
                "偽造的發往連接埠 81 的來自 198.51.100.7:4000 的 SYN seq=5000 出發前往伺服器，預定 50 ms 抵達。",
                "發往 198.51.100.7:4000 的來自連接埠 81 的 RST,ACK seq=0 ack=5001（途中遺失）。",
            ],
        ),
    ] {
        let told = told(language);
        for sentence in sentences {
            assert!(told.iter().any(|it| it.contains(sentence)), "{sentence}\n{told:#?}");
        }
    }
}

/// A trace need not come from a simulation: whatever stands in it is told.
#[test]
fn a_trace_of_any_shape_is_told() {
    let mut trace = Trace::default();
    let segment = SegmentId::FIRST;
    let (client, server) = (Side::Client, Side::Server);
    let address = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 80);
    let datagram = Datagram { source: address, destination: address, segment: Segment::syn(SeqNumber(7)) };
    let events = [
        EventKind::Arrived { side: server, segment: SegmentId::after(9), copy: 3, connection: None },
        EventKind::BacklogFull { side: server, port: 80 },
        EventKind::Sent { side: client, connection: None, segment, datagram: datagram.into(), role: Some(Role::New) },
        EventKind::Entered {
            side: server,
            connection: None,
            port: 80,
            from: State::Closed,
            to: State::Listen,
            certainty: Certainty::Known,
        },
        EventKind::Interfered { segment: SegmentId::after(9), action: Action::Hold },
        EventKind::Expired { side: client, connection: ConnectionId(u32::MAX), timer: Timer::User },
        EventKind::Waited,
        EventKind::Refused { error: DeedError::NothingToCountFrom(client) },
    ];
    for kind in events {
        let source =
            if let EventKind::Sent { segment, .. } = kind { Source::Intruder(segment) } else { Source::Outside };
        trace.begin(Instant::from_ms(5), source, || kind);
    }
    let words = Words::of(Language::English);
    let told: Vec<String> = (1..=trace.steps()).map(|number| step(&trace, number, &words)).collect();
    assert_eq!(
        told,
        [
            "An unknown segment reaches the server and changes nothing.",
            "The backlog of port 80 is full, so the server drops it.",
            "The client sends SYN seq=7.",
            "The server goes from CLOSED to LISTEN.",
            "An unknown segment stays as it is.",
            "The client's user timeout (connection 4294967296) expires, with nothing left to do.",
            "Nothing happens until 5 ms.",
            "The script asks for something that is not possible: the client has no connection there, from whose numbers could be counted.",
        ]
    );
}

/// Whatever somebody does to a connection can be told: nothing in it panics or reads badly.
#[test]
fn whatever_happens_is_told_without_a_flaw() {
    let mut rules = BTreeSet::new();
    let languages = languages();
    for seed in 0..100 {
        let trace = nonsense(seed);
        rules.extend(trace.events().iter().filter_map(|event| match event.kind {
            EventKind::Decided { rule, .. } => Some(rule),
            _ => None,
        }));
        for words in &languages {
            let language = words.language();
            for number in 1..=trace.steps() {
                let sentence = step(&trace, number, words);
                assert_eq!(flaw(&sentence, language), None, "seed {seed}, step {number}");
                let stop = if language == Language::English { '.' } else { '。' };
                assert!(sentence.ends_with(stop), "seed {seed}: {sentence:?}");
            }
            for it in trace.events() {
                assert_eq!(flaw(&event(&it.kind, &trace, words), language), None, "seed {seed}");
            }
        }
    }
    assert!(rules.len() > 50, "only {} rules were told: {rules:?}", rules.len());
}

/// Whatever is understood of such a run, too.
#[test]
fn whatever_is_understood_is_told_without_a_flaw() {
    let languages = languages();
    for seed in 0..100 {
        let trace = nonsense(seed);
        let found = Findings::of(&trace);
        let mut knowledge = Knowledge::default();
        let mut ledgers = Vec::new();
        while knowledge.take_step(&trace) {
            ledgers.extend(
                knowledge.changes().iter().filter_map(|it| Some((*knowledge.ledger(it.side, it.connection)?, it.fact))),
            );
        }
        for words in &languages {
            let language = words.language();
            let stop = if language == Language::English { '.' } else { '。' };
            let mut sentences = vec![story(&trace, words)];
            sentences.extend(found.iter().map(|it| finding(it, &trace, words)));
            sentences.extend(ledgers.iter().map(|(ledger, fact)| why(ledger, *fact, &trace, words)));
            for sentence in sentences {
                assert_eq!(flaw(&sentence, language), None, "seed {seed}");
                assert!(sentence.ends_with(stop), "seed {seed}: {sentence:?}");
                assert!(!sentence.contains(['{', '}']), "seed {seed}: {sentence:?}");
            }
            for told in found.iter().map(|it| cost(it, words)).filter(|it| !it.is_empty()) {
                assert_eq!(flaw(&told, language), None, "seed {seed}");
            }
        }
    }
}

/// A run in which users call, segments are interfered with and forged, in no sensible order.
fn nonsense(seed: u64) -> Trace {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x5851_f42d_4c95_7f2d;
    let mut below = |most: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % most
    };
    let mut profile = || Profile {
        rfc5961: below(4) > 0,
        ack_mode: if below(2) == 0 { AckMode::Delayed } else { AckMode::Immediate },
        reading: if below(2) == 0 { Reading::OnCall } else { Reading::Eager },
        receive_buffer: if below(2) == 0 { 40 } else { 4000 },
        mss: if below(2) == 0 { 20 } else { 1000 },
        r2_data: Some(Duration::from_secs(10)),
        backlog: 1,
        ..Profile::default()
    };
    let [client, server] = Side::BOTH.map(|side| Simulation::host_for(side, profile(), IsnGenerator::default()));
    let mut simulation =
        Simulation::new(client, server, Ports::default(), Link::new(Duration::from_ms(50), Vec::new()), Vec::new());
    let mut trace = Trace::default();
    let socket = |side, port| SocketAddr::new(Simulation::address_of(side), port);
    let remote = socket(Side::Server, 80);
    for (side, target, kind) in [
        (Side::Server, Target::Listener(80), Open::Passive),
        (Side::Client, Target::Connect { remote, local_port: Some(5000) }, Open::Active),
    ] {
        simulation.call(side, target, Call::open(kind), &mut trace).expect("a call is always recorded");
    }
    for _ in 0..60 {
        let side = Side::BOTH[usize::from(below(2) == 0)];
        let done = match below(10) {
            0 | 1 => {
                let text = Bytes::from(vec![b'x'; 1 + 29 * usize::from(below(2) == 0)]);
                let call = match below(8) {
                    0 => Call::Close,
                    1 => Call::Abort,
                    2 => Call::Receive(50),
                    3 => Call::Status,
                    4 => Call::open(Open::Active),
                    _ => Call::send(text),
                };
                Some(simulation.call(side, Target::Current, call, &mut trace))
            }
            2 => {
                let by = Duration::from_ms(200);
                let action = [Action::Drop, Action::Duplicate(by), Action::Delay(by), Action::Hold, Action::Release]
                    [below(5) as usize];
                let last = simulation.in_transit().last().map(|it| it.segment);
                last.map(|segment| simulation.apply(Deed::Interfere(segment, action), &mut trace))
            }
            3 => {
                let tcb = simulation.host(side).connections().last().map(|it| it.endpoint.tcb());
                let expected = tcb.as_ref().and_then(|tcb| tcb.rcv_nxt).unwrap_or_default();
                let sent = tcb.as_ref().and_then(|tcb| tcb.snd_nxt).unwrap_or_default();
                let client = socket(Side::Client, if below(4) == 0 { 6000 } else { 5000 });
                let (source, destination) = if side == Side::Server { (client, remote) } else { (remote, client) };
                let segment = Segment {
                    seq: [expected, expected, expected + 5, expected - 1, expected + 5000][below(5) as usize],
                    ack: [Some(sent), Some(sent), Some(sent + 7), Some(sent - 3), None][below(5) as usize],
                    flags: Flags { syn: below(4) == 0, fin: below(4) == 0, rst: below(5) == 0, ..Flags::default() },
                    wnd: [0, 500][below(2) as usize],
                    payload: Bytes::from_static(if below(2) == 0 { b"abc" } else { b"" }),
                    ..Segment::default()
                };
                let datagram = Datagram { source, destination, segment };
                Some(simulation.apply(Deed::forge(side, datagram), &mut trace))
            }
            _ => None,
        };
        if done.is_none_or(|done| done.is_err()) {
            simulation.step(&mut trace);
        }
    }
    trace
}

#[test]
fn flaws_are_found() {
    let english = ["", "two  spaces", "stray : space", "中", "a: ; b"];
    let traditional = ["Latin only", "与", "第2個", "第 2 個,", "你好 。", "！。"];
    let simplified = ["與", "SYN到达"];
    for (language, texts) in [
        (Language::English, english.as_slice()),
        (Language::TraditionalChinese, &traditional),
        (Language::SimplifiedChinese, &simplified),
    ] {
        for text in texts {
            assert!(flaw(text, language).is_some(), "{text:?}");
        }
    }
    assert_eq!(flaw("SYN,ACK seq=300 抵達客戶端（連線 2），並「關閉」。", Language::TraditionalChinese), None);
}

#[test]
fn limits_and_timeouts_are_told_with_their_values() {
    let script = "client isn 100
        at 0ms client open timeout 30s
        at 1ms client send 5 timeout 5s
        at 2ms client set r1 2
        at 3ms client set r2 none
        at 4ms client set r2-syn 3min
        at 5ms client set user-timeout 1s
        at 6ms client set keep-alive 10s
        at 7ms client set keep-alive none";
    let mut run = History::new(Scenario::parse(script).expect("it reads"));
    run.run_to_end();
    let expected = [
        ["with a user timeout of 30 s", "使用者逾時設為 30 s", "用户超时设为 30 s"],
        ["with a user timeout of 5 s", "使用者逾時設為 5 s", "用户超时设为 5 s"],
        ["calls SET, R1: 2 repetitions", "呼叫 SET，R1：重傳 2 次", "调用 SET，R1：重传 2 次"],
        ["calls SET, R2: none", "呼叫 SET，R2：無", "调用 SET，R2：无"],
        ["calls SET, R2 of a SYN: 180 s", "呼叫 SET，SYN 的 R2：180 s", "调用 SET，SYN 的 R2：180 s"],
        ["calls SET, user timeout: 1 s", "呼叫 SET，使用者逾時：1 s", "调用 SET，用户超时：1 s"],
        ["calls SET, keep-alive: 10 s", "呼叫 SET，keep-alive：10 s", "调用 SET，keep-alive：10 s"],
        ["calls SET, keep-alive: none", "呼叫 SET，keep-alive：無", "调用 SET，keep-alive：无"],
    ];
    for (index, words) in expected.into_iter().enumerate() {
        for (told_in, words) in languages().iter().zip(words) {
            let told = step(run.trace(), index + 1, told_in);
            assert!(told.contains(words), "{told}");
        }
    }
}

/// What is not there yet is told by nothing, and what belongs elsewhere is not taken.
#[test]
fn words_come_when_they_are_given() {
    let all = Words::of(Language::English);
    let mut words = Words::none(Language::English);
    assert_eq!(words.title(Rule::PassiveOpen), "");
    assert_eq!(trouble(Trouble::NoSuchSegment(7), &words), "");
    let run = run(include_str!("tests/connection.tcp"));
    assert_eq!(step(run.trace(), 1, &words), "");
    assert_ne!(words, all);

    let pack = include_str!(concat!(env!("OUT_DIR"), "/page/words/en/core.txt"));
    let foreign = include_str!(concat!(env!("OUT_DIR"), "/page/words/zh-Hant/core.txt"));
    let other_keys = pack.replacen("synfin core en ", "synfin core en 0", 1);
    let (cut_off, _) = pack.trim_end().rsplit_once('\n').expect("it has several lines");
    let foreign_insight = include_str!(concat!(env!("OUT_DIR"), "/page/words/zh-Hant/insight.txt"));
    for bad in ["", foreign, &other_keys, cut_off, foreign_insight] {
        let error = words.take(bad).expect_err("it is not ours");
        assert!(error.to_string().contains("expected \"synfin core en "), "{error}");
        assert_eq!(words, Words::none(Language::English));
    }
    words.take(pack).expect("it is ours");
    assert_eq!(step(run.trace(), 1, &words), step(run.trace(), 1, &all));
    assert_eq!((story(run.trace(), &words), fact(Fact::PeerNumber, &words)), (String::new(), String::new()));
    words.take(include_str!(concat!(env!("OUT_DIR"), "/page/words/en/insight.txt"))).expect("it is ours");
    assert_ne!(words, all);
    words.take(include_str!(concat!(env!("OUT_DIR"), "/page/words/en/quiz.txt"))).expect("it is ours");
    assert_eq!(words, all);
}
