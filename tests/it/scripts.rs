//! The text format as a property: whatever can be said prints, and reads back as the same.

use std::fs;
use std::net::{IpAddr, SocketAddr};
use std::path::Path;

use bytes::Bytes;
use proptest::prelude::*;
use synfin::insight::findings::Kind;
use synfin::insight::knowledge::{Fact, Level};
use synfin::network::{Chance, ControlBits, Fault, Filter, Forgets, Middlebox, Probability, SegmentKind, Then, Which};
use synfin::profile::Profile;
use synfin::rule::Rule;
use synfin::scenario::expectation::{Asked, Counted, Expectation, News, Pattern};
use synfin::scenario::script::{DEFAULT_INTRUDER_WINDOW, LATEST, SETTINGS, SHORTEST, Values, parse_deed};
use synfin::scenario::{HostSetup, Scenario, sample_text};
use synfin::segment::{Datagram, Flags, Options, Segment, Timestamps};
use synfin::seq::SeqNumber;
use synfin::simulation::{Act, Deed, Intruder, Mark, Passage, Peer, Ports, Simulation, UserCall, When, Whose};
use synfin::tcp::{Action, CallError, Intrusion, KeepAlive, Limit, SegmentId, Side, State};
use synfin::text::Words;
use synfin::time::{Duration, Instant};

use crate::properties::cases;

fn pick<T: Clone + std::fmt::Debug + 'static>(choices: &[T]) -> impl Strategy<Value = T> + use<T> {
    prop::sample::select(choices.to_vec())
}

fn side() -> impl Strategy<Value = Side> {
    pick(&Side::BOTH)
}

/// At most a day.
fn span() -> impl Strategy<Value = Duration> {
    prop_oneof![Just(0u64), 0u64..1000, (0u64..86_400_000).prop_map(|ms| ms * 1000), 0u64..=86_400_000_000,]
        .prop_map(Duration::from_us)
}

/// A time after which something is repeated.
fn pause() -> impl Strategy<Value = Duration> {
    span().prop_map(|span| span.max(SHORTEST))
}

fn time() -> impl Strategy<Value = Instant> {
    span().prop_map(|span| Instant::ZERO + span)
}

fn port() -> impl Strategy<Value = u16> {
    1..=u16::MAX
}

fn kind() -> impl Strategy<Value = SegmentKind> {
    pick(&SegmentKind::ALL)
}

fn action() -> impl Strategy<Value = Action> {
    prop_oneof![
        Just(Action::Drop),
        Just(Action::Corrupt),
        Just(Action::Hold),
        span().prop_map(Action::Duplicate),
        span().prop_map(Action::Delay),
    ]
}

fn text() -> impl Strategy<Value = Bytes> {
    prop_oneof![
        (1usize..100).prop_map(sample_text),
        "[ -~\\n\\ré客#\",\\\\]{1,20}".prop_map(|text: String| Bytes::from(text)),
    ]
}

prop_compose! {
    fn segment()(
        seq in any::<u32>(),
        ack in prop::option::of(any::<u32>()),
        [syn, fin, rst, psh, urg, ece, cwr, sack_permitted] in any::<[bool; 8]>(),
        wnd in prop_oneof![Just(4000), any::<u16>()],
        payload in prop_oneof![Just(Bytes::new()), text()],
        mss in prop::option::of(any::<u16>()),
        window_scale in prop::option::of(any::<u8>()),
        timestamps in prop::option::of((any::<u32>(), any::<u32>())),
    ) -> Segment {
        Segment {
            seq: SeqNumber(seq),
            ack: ack.map(SeqNumber),
            flags: Flags { syn, fin, rst, psh, urg, ece, cwr },
            wnd,
            options: Options {
                mss,
                window_scale,
                sack_permitted,
                timestamps: timestamps.map(|(value, echo)| Timestamps { value, echo }),
            },
            payload,
        }
    }
}

fn intruder() -> impl Strategy<Value = Intruder> {
    let source = prop_oneof![
        Just((None, None)),
        port().prop_map(|port| (None, Some(port))),
        any::<SocketAddr>().prop_filter("there is no port 0", |it| it.port() > 0).prop_map(|socket| {
            // A scope belongs to a machine, not to a story.
            (Some(socket.ip()), Some(socket.port()))
        }),
        any::<IpAddr>().prop_map(|address| (Some(address), None)),
    ];
    let repeat = prop_oneof![Just((1, Duration::ZERO)), (2u32..=1000, span())];
    let marks = (prop::option::of(pick(&[Mark::Isn, Mark::Nxt])), prop::option::of(pick(&Mark::ALL)), any::<bool>());
    let intrusion = prop_oneof![Just(Intrusion::Old), Just(Intrusion::Forged)];
    (intrusion, side(), segment(), marks, source, prop::option::of(port()), repeat).prop_map(
        |(
            intrusion,
            to,
            segment,
            (seq_from, ack_from, has_usual_window),
            (address, from_port),
            to_port,
            (times, every),
        )| Intruder {
            intrusion,
            to,
            seq_from,
            ack_from: ack_from.filter(|_| segment.ack.is_some()),
            has_usual_window,
            segment: if has_usual_window { Segment { wnd: DEFAULT_INTRUDER_WINDOW, ..segment } } else { segment },
            address,
            from_port,
            to_port,
            times,
            every,
        },
    )
}

fn timeout() -> impl Strategy<Value = Option<Duration>> {
    prop::option::of(span())
}

fn keep_alive() -> impl Strategy<Value = Option<KeepAlive>> {
    let some = (pause(), pause(), 2u32..=100).prop_map(|(idle, interval, probes)| KeepAlive { idle, interval, probes });
    prop::option::of(some)
}

fn limit() -> impl Strategy<Value = Limit> {
    prop_oneof![
        (1..=u32::MAX).prop_map(Limit::R1),
        timeout().prop_map(Limit::R2),
        timeout().prop_map(Limit::R2Syn),
        timeout().prop_map(Limit::UserTimeout),
        keep_alive().prop_map(Limit::KeepAlive),
    ]
}

fn deed() -> impl Strategy<Value = Deed> {
    let whose =
        prop_oneof![Just(Whose::Youngest), (1..=u32::MAX).prop_map(Whose::Nth), port().prop_map(Whose::Listener),];
    let call = prop_oneof![
        (text(), timeout(), any::<bool>()).prop_map(|(data, timeout, is_last)| UserCall::Send {
            data,
            timeout,
            is_last
        }),
        limit().prop_map(UserCall::Set),
        prop_oneof![Just(u32::MAX), 1..=u32::MAX].prop_map(UserCall::Receive),
        Just(UserCall::Close),
        Just(UserCall::CloseAll),
        Just(UserCall::Abort),
        Just(UserCall::Status),
    ];
    let whole = prop_oneof![
        (prop::option::of(port()), prop::option::of(port()), timeout())
            .prop_map(|(from, to, timeout)| UserCall::Open { from, to, timeout }),
        (port(), prop::option::of((prop::option::of(any::<IpAddr>()), port())), timeout()).prop_map(
            |(port, from, timeout)| UserCall::Listen {
                port,
                from: from.map(|(address, port)| Peer { address, port }),
                timeout
            }
        ),
        prop::option::of(port()).prop_map(UserCall::Accept),
    ];
    prop_oneof![
        (side(), whose, call).prop_map(|(side, whose, call)| Deed::User { side, whose, call }),
        (side(), whole).prop_map(|(side, call)| Deed::user(side, call)),
        side().prop_map(Deed::Crash),
        side().prop_map(Deed::Reboot),
        intruder().prop_map(|intruder| Deed::Intrude(intruder.into())),
        (0..u32::MAX, prop_oneof![action(), Just(Action::Release)])
            .prop_map(|(segment, action)| Deed::Interfere(SegmentId::after(segment as usize), action)),
    ]
}

fn when() -> impl Strategy<Value = When> {
    prop_oneof![
        time().prop_map(When::At),
        (side(), pick(&State::ALL), span()).prop_map(|(side, state, after)| When::Enters { side, state, after }),
        (side(), 1..=u32::MAX, span()).prop_map(|(side, octets, after)| When::Receives { side, octets, after }),
        (side(), kind(), 1..=u32::MAX, pick(&[Passage::Leaves, Passage::Arrives]), span())
            .prop_map(|(side, kind, nth, passage, after)| When::Segment { side, kind, nth, passage, after }),
    ]
}

fn expectation() -> impl Strategy<Value = Expectation> {
    let times = || prop::option::of(any::<u32>());
    let nth = || prop::option::of(1..=u32::MAX);
    let at = || prop::option::of(time());
    let pattern = (
        kind(),
        prop::option::of(any::<u32>()),
        prop::option::of(any::<u32>()),
        prop::option::of(any::<u32>()),
        prop::option::of(any::<u16>()),
        (prop::option::of(any::<Option<u16>>()), prop::option::of(any::<Option<u8>>())),
        (prop::option::of(any::<bool>()), prop::option::of(any::<Option<(u32, u32)>>())),
        any::<[Option<bool>; 2]>(),
    )
        .prop_map(
            |(kind, seq, ack, length, window, (mss, window_scale), (sack_permitted, timestamps), [ece, cwr])| Pattern {
                kind,
                seq: seq.map(SeqNumber),
                ack: ack.map(SeqNumber),
                length,
                window,
                mss,
                window_scale,
                sack_permitted,
                timestamps: timestamps.map(|it| it.map(|(value, echo)| Timestamps { value, echo })),
                ece,
                cwr,
            },
        );
    prop_oneof![
        (side(), pick(&State::ALL), nth(), at()).prop_map(|(side, state, connection, at)| Expectation::State {
            side,
            state,
            connection,
            at
        }),
        (side(), pick(&State::ALL), nth()).prop_map(|(side, state, connection)| Expectation::Reaches {
            side,
            state,
            connection
        }),
        (side(), pattern, times()).prop_map(|(side, pattern, times)| Expectation::Segment { side, pattern, times }),
        (pick(Rule::ALL), prop::option::of(side()), times()).prop_map(|(rule, side, times)| Expectation::Rule {
            rule,
            side,
            times
        }),
        (pick(Kind::ALL), prop::option::of(side()), times()).prop_map(|(kind, side, times)| Expectation::Finding {
            kind,
            side,
            times
        }),
        (side(), pick(&News::ALL), nth(), times()).prop_map(|(side, news, connection, times)| Expectation::Told {
            side,
            news,
            connection,
            times
        }),
        (side(), any::<u64>(), nth(), at()).prop_map(|(side, octets, connection, at)| Expectation::Receives {
            side,
            octets,
            connection,
            at
        }),
        (side(), pick(&Fact::ALL), pick(&Level::ALL), nth(), at())
            .prop_map(|(side, fact, level, connection, at)| Expectation::Knows { side, fact, level, connection, at }),
        (side(), pick(&Counted::ALL), any::<u32>(), at()).prop_map(|(side, what, count, at)| Expectation::Counts {
            side,
            what,
            count,
            at
        }),
        (side(), pick(&Asked::ALL), pick(&CallError::ALL), at())
            .prop_map(|(side, call, error, at)| Expectation::Fails { side, call, error, at }),
    ]
}

/// What may follow the name of a setting, written as a script prints it.
fn value_of(values: Values) -> BoxedStrategy<String> {
    let time = |from: Duration, to: Duration| {
        let ms = (from.as_us().div_ceil(1000)..=to.as_us() / 1000).prop_map(|ms| ms * 1000);
        prop_oneof![ms, from.as_us()..=to.as_us()].prop_map(|us| in_words(Duration::from_us(us)))
    };
    let none = || Just("none".to_owned());
    match values {
        Values::OneOf(words) => prop::sample::select(words).prop_map(str::to_owned).boxed(),
        Values::Number(least, most) => (least..=most).prop_map(|number| number.to_string()).boxed(),
        Values::NumberOrNone(least, most) => {
            prop_oneof![none(), (least..=most).prop_map(|number| number.to_string())].boxed()
        }
        Values::Numbers(least, most) => prop::collection::vec(least..=most, 1..3)
            .prop_map(|numbers| numbers.iter().map(u64::to_string).collect::<Vec<_>>().join(" "))
            .boxed(),
        Values::Time(from, to) => time(from, to).boxed(),
        Values::TimeOrNone => prop_oneof![none(), time(Duration::ZERO, LATEST)].boxed(),
        Values::KeepAlive => (time(SHORTEST, LATEST), time(SHORTEST, LATEST), 2..=100)
            .prop_map(|(idle, interval, probes)| format!("{idle} every {interval} probes {probes}"))
            .boxed(),
    }
}

/// A time as a script prints it.
fn in_words(span: Duration) -> String {
    let us = span.as_us();
    if us.is_multiple_of(1000) { format!("{}ms", us / 1000) } else { format!("{us}us") }
}

/// Any settings, each with its name.
fn settings() -> impl Strategy<Value = Vec<String>> {
    let each: Vec<_> = SETTINGS
        .iter()
        .map(|setting| prop::option::of(value_of(setting.values).prop_map(|value| format!("{} {value}", setting.name))))
        .collect();
    each.prop_map(|settings| settings.into_iter().flatten().collect())
}

/// The client's settings as a script has them.
fn client_with(settings: &[String]) -> Scenario {
    let line = if settings.is_empty() { String::new() } else { format!("client {}\n", settings.join(", ")) };
    Scenario::parse(&line).unwrap_or_else(|mistakes| panic!("{line}{mistakes}"))
}

fn host() -> impl Strategy<Value = HostSetup> {
    settings().prop_map(|settings| client_with(&settings).client)
}

/// Control bits, at least one of them.
fn control_bits() -> impl Strategy<Value = ControlBits> {
    let any_bits = any::<[bool; 8]>().prop_map(|[syn, fin, rst, psh, urg, ece, cwr, ack]| ControlBits {
        flags: Flags { syn, fin, rst, psh, urg, ece, cwr },
        ack,
    });
    any_bits.prop_filter("a filter names something", |bits| *bits != ControlBits::default())
}

fn middlebox() -> impl Strategy<Value = Middlebox> {
    let forgets = (span(), pick(&[Then::Drops, Then::Resets])).prop_map(|(after, then)| Forgets { after, then });
    let filter = (control_bits(), prop::option::of(control_bits())).prop_map(|(bits, after)| Filter { bits, after });
    (prop::option::of(forgets), prop::collection::vec(filter, 0..3))
        .prop_map(|(forgets, filters)| Middlebox { forgets, filters })
}

prop_compose! {
    fn story()(
        title in prop::option::of("[a-z#\",é客][ -~é客]{0,20}[a-z]"),
        notes in prop::collection::vec("[a-z#\",é客][ -~é客]{0,20}[a-z]", 0..3),
        client in host(),
        server in host(),
        delay in span(),
        shares in any::<[u32; 4]>(),
        (seed, jitter) in (any::<u64>(), span()),
        middlebox in middlebox(),
        faults in prop::collection::vec((side(), kind(), prop::option::of(1..=u32::MAX), time(), prop::option::of(time()), action()), 0..4),
        acts in prop::collection::vec((when(), deed()).prop_map(|(when, deed)| Act { when, deed }), 0..6),
        expectations in prop::collection::vec(expectation(), 0..4),
    ) -> Scenario {
        let [loss, corruption, duplication, reordering] =
            shares.map(|it| Probability::from_millionths(it % 1_000_001).expect("at most one"));
        Scenario {
            title,
            notes,
            client,
            server,
            delay,
            chance: Chance { seed, jitter, loss, corruption, duplication, reordering },
            middlebox,
            faults: faults
                .into_iter()
                .map(|(from, kind, nth, since, until, action)| Fault { from, which: Which { kind, nth, since, until }, action })
                .collect(),
            acts,
            expectations,
        }
    }
}

/// A script says everything that a profile can: where every setting is changed, no field is as it is by default.
#[test]
fn every_choice_is_a_setting_of_a_story() {
    let changed = SETTINGS.iter().map(|setting| {
        let candidates = match setting.values {
            Values::OneOf(words) => words.iter().map(|word| (*word).to_owned()).collect(),
            Values::Number(least, most) | Values::Numbers(least, most) => vec![least.to_string(), most.to_string()],
            Values::Time(from, to) => vec![in_words(from), in_words(to)],
            Values::NumberOrNone(..) | Values::TimeOrNone => vec!["none".to_owned(), "1ms".to_owned()],
            Values::KeepAlive => vec!["1000ms every 200ms probes 3".to_owned()],
        };
        let mut settings = candidates.into_iter().map(|value| format!("{} {value}", setting.name));
        settings
            .find(|setting| client_with(std::slice::from_ref(setting)).client != HostSetup::default())
            .unwrap_or_else(|| panic!("{} changes nothing", setting.name))
    });
    let changed: Vec<String> = changed.collect();
    let story = client_with(&changed);
    let script = story.to_string();
    assert!(script.starts_with(&format!("client {}\n", changed.join(", "))), "printed as it was read: {script}");
    let (fields, defaults) = (fields_of(&story.client.profile), fields_of(&Profile::default()));
    assert_eq!(fields.len(), defaults.len());
    for (field, default) in fields.iter().zip(&defaults) {
        assert_ne!(field, default, "no setting changes this field: add a row to src/scenario/script/settings.rs");
    }
}

/// The fields of a profile with their values.
fn fields_of(profile: &Profile) -> Vec<String> {
    let mut fields: Vec<String> = Vec::new();
    for line in format!("{profile:#?}").lines() {
        match (line.strip_prefix("    "), fields.last_mut()) {
            (Some(field), _) if field.starts_with(|c: char| c.is_ascii_lowercase()) => fields.push(field.to_owned()),
            (Some(more), Some(field)) => field.push_str(more),
            _ => {}
        }
    }
    fields
}

/// `docs/scripts.md` lists the settings: each with what may follow, and with the default where a script can say it.
#[test]
fn the_documentation_lists_every_setting() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/scripts.md");
    let page = std::fs::read_to_string(path).expect("it is in the repository");
    let rows =
        page.lines().skip_while(|line| *line != "## Settings of a host").skip_while(|line| !line.starts_with('|'));
    let rows: Vec<[&str; 2]> = rows
        .take_while(|line| line.starts_with('|'))
        .map(|line| {
            let cells: Vec<&str> = line.split('|').map(str::trim).collect();
            [cells[1], cells[2]]
        })
        .collect();
    let mut listed: Vec<&str> = Vec::new();
    for setting in SETTINGS {
        let name = setting.name;
        let said = match setting.values {
            Values::OneOf(words) => format!("`{name} {}`", words.join("` / `")),
            Values::Number(..) if name == "port" => format!("`{name} PORT`"),
            Values::Number(..) => format!("`{name} N`"),
            Values::NumberOrNone(..) => format!("`{name} N` / `none`"),
            Values::Numbers(..) if name == "listen" => format!("`{name} PORT PORT …`"),
            Values::Numbers(..) => format!("`{name} N N …`"),
            Values::Time(..) => format!("`{name} TIME`"),
            Values::TimeOrNone => format!("`{name} TIME` / `none`"),
            Values::KeepAlive => format!("`{name} TIME [every TIME] [probes N]`"),
        };
        let row = rows.iter().find(|[settings, _]| settings.split(", ").any(|it| it == said));
        let Some([settings, default]) = row else { panic!("docs/scripts.md should have a row for {said}") };
        let place = settings.split(", ").position(|it| it == said).expect("it was just found");
        let default = default.split(", ").nth(place).unwrap_or(default);
        if let Ok(story) = Scenario::parse(&format!("client {name} {default}\n")) {
            let is_default = name == "seed" || story.client.profile == Profile::default();
            assert!(is_default, "{name}: {default} is not the default");
        }
        listed.push(name);
    }
    let said: usize = rows.iter().skip(2).map(|[settings, _]| settings.split(", ").count()).sum();
    assert_eq!(said, listed.len(), "docs/scripts.md lists settings that there are not");
}

/// `docs/words-you-know.md` translates the words of sockets and kernels: what it says of ours, a script can say.
#[test]
fn the_words_that_people_know_lead_to_words_that_exist() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/words-you-know.md");
    let page = std::fs::read_to_string(path).expect("it is in the repository");
    let quoted = |cell: &str| -> Vec<String> { cell.split('`').skip(1).step_by(2).map(str::to_owned).collect() };
    let (mut ours, mut lines, mut states) = (0, 0, Vec::new());
    for line in page.lines() {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        if cells.len() == 1 {
            continue;
        }
        let &["", known, second, third, ""] = &cells[..] else { panic!("three columns: {line}") };
        // The states have their names on two systems first.
        match second {
            "here" => ours = 2,
            "`netstat`" => ours = 3,
            "---" => {}
            _ => {
                let here = cells[ours];
                let said = quoted(here);
                assert_eq!(!known.is_empty() && !said.is_empty(), here != "not modeled", "{line}");
                for text in said {
                    match State::ALL.iter().find(|state| state.name() == text) {
                        Some(state) => states.push(*state),
                        None => drop(Scenario::parse(&text).unwrap_or_else(|mistakes| panic!("{text}: {mistakes}"))),
                    }
                }
                // What is said beside it may name settings and rules alone; whole lines are tried too.
                let hosts = ["client ", "server ", "at ", "expect ", "link "];
                for text in quoted(third).iter().filter(|it| hosts.iter().any(|host| it.starts_with(host))) {
                    Scenario::parse(text).unwrap_or_else(|mistakes| panic!("{text}: {mistakes}"));
                }
                lines += 1;
            }
        }
    }
    assert!(lines > 100, "only {lines} words were found");
    assert_eq!(states, State::ALL, "every state, in order");
}

/// Whoever writes `expect rule` finds the ids in the documentation.
#[test]
fn every_rule_is_in_the_documentation() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/scripts.md");
    let text = fs::read_to_string(&path).expect("the documentation is there");
    let words = Words::default();
    let row = |rule: &Rule| format!("| `{rule}` | {} | {} |\n", words.title(*rule), rule.section());
    let rows: String = Rule::ALL.iter().map(row).collect();
    let (before, after) =
        text.split_once("| rule | what is decided | section |\n|---|---|---|\n").expect("it has a table");
    let rest = after.split_once("\n\n").expect("something comes behind it").1;
    let table = "| rule | what is decided | section |\n|---|---|---|\n";
    let expected = format!("{before}{table}{rows}\n{rest}");
    if std::env::var_os("BLESS").is_some() {
        fs::write(&path, &expected).expect("it can be written");
    }
    let written = fs::read_to_string(&path).expect("the documentation is there");
    assert!(written == expected, "docs/scripts.md has other rules: run the tests with BLESS=1");
}

proptest! {
    #![proptest_config(cases(200))]

    /// What is not the default is printed as it was read.
    #[test]
    fn every_setting_prints_as_it_was_read(settings in settings()) {
        let printed = client_with(&settings).to_string();
        let printed = printed.lines().find_map(|line| line.strip_prefix("client ")).unwrap_or_default();
        let mut printed = printed.split(", ").filter(|setting| !setting.is_empty()).peekable();
        for setting in &settings {
            let is_printed = printed.next_if(|it| it == setting).is_some();
            let is_default = || client_with(std::slice::from_ref(setting)).client == HostSetup::default();
            prop_assert!(is_printed || is_default(), "{}", setting);
        }
        prop_assert_eq!(printed.next(), None);
    }

    #[test]
    fn every_story_prints_and_reads_back(story in story()) {
        let script = story.to_string();
        prop_assert_eq!(Scenario::parse(&script), Ok(story), "{}", script);
    }

    /// So that a run can be written down: whatever was done to it is read from the line that it is written as.
    #[test]
    fn every_deed_is_something_that_a_script_can_say(deed in deed()) {
        let once = match deed {
            Deed::Intrude(intruder) => {
                Deed::Intrude(Intruder { times: 1, every: Duration::ZERO, ..Intruder::clone(&intruder) }.into())
            }
            other => other,
        };
        let line = once.to_string();
        prop_assert_eq!(parse_deed(&line), Ok(once.clone()), "{}", line);
        let read = Scenario::parse(&format!("at 0ms {line}\n")).map(|story| story.acts[0].deed.clone());
        prop_assert_eq!(read, Ok(once), "{}", line);
    }

    /// Two sockets are all that a datagram says beside its segment, and an intruder can say both.
    #[test]
    fn whatever_can_be_forged_is_the_datagram_that_was_meant(to in side(), segment in segment(), ports in (port(), port())) {
        let source = SocketAddr::new(Simulation::address_of(to.other()), ports.0);
        let datagram = Datagram { source, destination: SocketAddr::new(Simulation::address_of(to), ports.1), segment };
        let Deed::Intrude(intruder) = Deed::forge(to, datagram.clone()) else { unreachable!("it was just made") };
        prop_assert_eq!(Ports::default().datagram(&intruder), datagram);
    }

    #[test]
    fn any_text_is_a_script_or_a_list_of_mistakes(text in "(?s)[ -~\n\té客#\",\\\\]{0,200}") {
        if let Err(mistakes) = Scenario::parse(&text) {
            prop_assert!(!mistakes.0.is_empty());
            for mistake in mistakes.0 {
                let line = text.lines().nth(mistake.line - 1);
                prop_assert!(line.is_some_and(|line| mistake.column <= line.chars().count() + 1), "{mistake}");
            }
        }
    }
}
