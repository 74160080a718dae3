//! Pictures: no two texts overlap and none is cut off, at any step of any story; what is finished stays; and three
//! stories as files that were looked at. `BLESS=1` rewrites these.

use std::collections::BTreeMap;
use std::fs;
use std::net::SocketAddr;
use std::path::Path;

use bytes::Bytes;
use synfin::diagram::{Diagram, DiagramOptions, Item, ItemKind, Key, Layer, Point, Scene, Shape, state_class};
use synfin::history::History;
use synfin::scenario::{CATALOGUE, Scenario, story};
use synfin::segment::{Datagram, Flags, Segment};
use synfin::seq::SeqNumber;
use synfin::simulation::{Deed, Simulation, UserCall};
use synfin::svg;
use synfin::tcp::{Action, Side, State};
use synfin::text::{Language, Words};
use synfin::time::{Duration, Instant};

use crate::segment;

const WIDTHS: [u32; 6] = [320, 360, 480, 599, 800, 1200];

/// A run of a script during which things are done to it, each after so many steps.
fn run(script: &str, deeds: Vec<(usize, Deed)>) -> History {
    let mut history = History::new(Scenario::parse(script).expect("the test's script is well formed"));
    for (after, command) in deeds {
        history.seek(after);
        history.apply(command).expect("the test's command is possible");
    }
    while history.cursor() < 300 && history.step() {}
    history
}

fn interfere(number: u32, action: Action) -> Deed {
    Deed::Interfere(segment(number), action)
}

fn forge(to: Side, segment: Segment) -> Deed {
    let socket = |side, port| SocketAddr::new(Simulation::address_of(side), port);
    let (client, server) = (socket(Side::Client, 49152), socket(Side::Server, 80));
    let (source, destination) = match to {
        Side::Client => (server, client),
        Side::Server => (client, server),
    };
    Deed::forge(to, Datagram { source, destination, segment })
}

fn send(side: Side, octets: usize) -> Deed {
    Deed::user(side, UserCall::send(Bytes::from(vec![b'x'; octets])))
}

const LIFE: &str = "\
    client isn 100\nserver isn 300, listen 80\nlink delay 50ms\nat 0ms client open\n\
    when client ESTABLISHED after 50ms client send 45\nwhen server receives 45 after 50ms server send 52\n\
    when client receives 52 after 100ms client close\nwhen server CLOSE-WAIT after 100ms server close\n";

/// Stories that are awkward to draw.
fn stories() -> BTreeMap<String, History> {
    let mut stories = BTreeMap::new();
    let mut tell = |name: &str, script: &str, deeds: Vec<(usize, Deed)>| {
        stories.insert(name.to_owned(), run(script, deeds));
    };
    for it in CATALOGUE {
        tell(it.id, it.script, vec![]);
        for delay in ["0ms", "1ms", "500ms", "3s"] {
            let script = it.script.replace("delay 50ms", &format!("delay {delay}"));
            tell(&format!("{} delay {delay}", it.id), &script, vec![]);
        }
        let script = it.script.replace("isn 100", "isn 4294967000").replace("isn 300", "isn 3000000000");
        tell(&format!("{} with long numbers", it.id), &script, vec![]);
    }
    let faults = |faults: &str| format!("{LIFE}{faults}\n");
    tell("lost data", &faults("drop client 3"), vec![]);
    tell(
        "everything is lost",
        &faults((1..30).map(|n| format!("drop client {n}\n")).collect::<String>().as_str()),
        vec![],
    );
    tell(
        "duplicates",
        &faults("duplicate client 1\nduplicate server 1 after 1ms\nduplicate client 3 after 300ms"),
        vec![],
    );
    tell("delays", &faults("delay client 1 by 200ms\ndelay server 2 by 3s\ndelay client 3 by 20s"), vec![]);
    tell("held for ever", &faults("hold client 2\nhold server 1"), vec![]);
    let hold = interfere(1, Action::Hold);
    tell("held and released", LIFE, vec![(2, hold.clone()), (4, interfere(1, Action::Release))]);
    tell("held, then lost", LIFE, vec![(2, hold.clone()), (5, interfere(1, Action::Drop))]);
    let wait = |ms| Deed::Wait(Instant::from_ms(ms));
    tell(
        "interference halfway",
        LIFE,
        vec![
            (2, wait(20)),
            (3, interfere(1, Action::Duplicate(Duration::from_ms(40)))),
            (4, wait(30)),
            (5, interfere(1, Action::Delay(Duration::from_ms(20)))),
            (6, wait(35)),
            (7, hold),
            (8, interfere(1, Action::Release)),
            (9, wait(60)),
            (10, interfere(1, Action::Drop)),
        ],
    );
    let at_once = (0..20).map(|n| (8, send(if n % 5 == 4 { Side::Server } else { Side::Client }, 1 + n))).enumerate();
    tell("twenty at once", LIFE, at_once.map(|(n, (after, command))| (after + n, command)).collect());
    let rst = Segment::rst(SeqNumber(101));
    let nonsense = Segment {
        ack: Some(SeqNumber(u32::MAX)),
        flags: Flags { syn: true, fin: true, rst: true, psh: true, urg: true, ece: true, cwr: true },
        payload: vec![0; 1000].into(),
        ..Segment::rst(SeqNumber(u32::MAX - 3))
    };
    tell(
        "forged",
        LIFE,
        vec![
            (6, forge(Side::Server, nonsense.clone())),
            (7, forge(Side::Server, rst.clone())),
            (8, forge(Side::Client, nonsense)),
        ],
    );
    tell("reset", LIFE, vec![(8, forge(Side::Server, rst))]);
    let forgetful = |then| {
        let script =
            LIFE.replace("link delay 50ms", &format!("link delay 50ms, middlebox forgets after 120ms then {then}"));
        format!(
            "{script}at 2s server send 10\nat 2s client send 10\nat 2500ms forge to server syn fin seq 5 from 5000\n"
        )
    };
    tell("a middlebox that drops", &forgetful("drops, middlebox filters syn fin"), vec![]);
    tell("a middlebox that resets", &forgetful("resets"), vec![]);
    let abort = |side| Deed::user(side, UserCall::Abort);
    tell("aborts", LIFE, vec![(9, abort(Side::Client)), (10, abort(Side::Server)), (11, abort(Side::Server))]);
    let many: String = (0..8).map(|n| format!("at {}ms client open from {}\n", n * 15, 50000 + n)).collect();
    tell("many connections", &format!("{LIFE}{many}"), vec![]);
    tell("slow reader", &LIFE.replace("listen 80", "listen 80, ack delayed, reading on-call, buffer 20"), vec![]);
    tell("delayed acknowledgments", &LIFE.replace("listen 80", "listen 80, ack delayed"), vec![]);
    tell("full backlog", &format!("{LIFE}server backlog 1\n{many}"), vec![]);
    for seed in 0..12 {
        stories.insert(format!("chance {seed}"), chance(seed));
    }
    stories
}

/// A run to which all sorts of things are done, decided by a small generator.
fn chance(seed: u64) -> History {
    let delay = ["50ms", "50ms", "0ms", "400ms"][usize::try_from(seed % 4).expect("less than 4")];
    let script = LIFE.replace("50ms\nat", &format!("{delay}\nat"));
    let mut history = History::new(Scenario::parse(&script).expect("the script is well formed"));
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) + 1;
    let mut draw = |below: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    };
    while history.cursor() < 90 {
        let command = match draw(12) {
            0 | 1 => {
                let on_its_way = history.simulation().in_transit();
                let Some(it) = on_its_way.get(usize::try_from(draw(8)).expect("less than 8")) else { continue };
                let by = Duration::from_ms(draw(90));
                let action = match draw(5) {
                    0 => Action::Drop,
                    1 => Action::Hold,
                    2 => Action::Release,
                    3 => Action::Delay(by),
                    _ => Action::Duplicate(by),
                };
                Deed::Interfere(it.segment, action)
            }
            2 => {
                let now = history.simulation().now();
                let next = history.simulation().next_event_at().unwrap_or(now + Duration::from_ms(400));
                Deed::Wait(now + Duration::from_us(next.since(now).as_us() * (1 + draw(8)) / 10))
            }
            3 => send(
                Side::BOTH[usize::try_from(draw(2)).expect("less than 2")],
                1 + usize::try_from(draw(90)).expect("small"),
            ),
            4 if draw(3) == 0 => forge(Side::Server, Segment::ack(SeqNumber(5), SeqNumber(6))),
            _ => {
                history.step();
                if history.is_at_end() && draw(4) == 0 {
                    break;
                }
                continue;
            }
        };
        // What is not possible just now is left out.
        let _ = history.apply(command);
    }
    history
}

fn options(width: u32, language: Language, history: &History) -> DiagramOptions {
    DiagramOptions { width, words: Words::of(language), transit: Some(history.simulation().link().delay) }
}

/// The boxes of all texts, with what they say, from the top down.
fn texts(scene: &Scene) -> Vec<([Point; 4], String)> {
    let mut texts: Vec<_> = scene
        .items
        .iter()
        .flat_map(|item| &item.shapes)
        .filter_map(|shape| match shape {
            Shape::Text(text) => Some((text.corners(), text.content())),
            Shape::Line { .. } | Shape::Polygon { .. } | Shape::Rect { .. } | Shape::Circle { .. } => None,
        })
        .collect();
    texts.sort_by(|(a, _), (b, _)| top(a).total_cmp(&top(b)));
    texts
}

fn top(corners: &[Point; 4]) -> f64 {
    corners.iter().map(|it| it.y).fold(f64::INFINITY, f64::min)
}

fn bottom(corners: &[Point; 4]) -> f64 {
    corners.iter().map(|it| it.y).fold(f64::NEG_INFINITY, f64::max)
}

/// Whether two convex shapes have a point in common, written down independently of the code under test: an edge's
/// line has all of the other shape on its far side, or not.
fn touch(a: &[Point; 4], b: &[Point; 4]) -> bool {
    let is_outside = |from: Point, to: Point, it: Point| {
        (to.x - from.x) * (it.y - from.y) - (to.y - from.y) * (it.x - from.x) <= 1e-6
    };
    let separates = |a: &[Point; 4], b: &[Point; 4]| {
        (0..4).any(|edge| b.iter().all(|it| is_outside(a[edge], a[(edge + 1) % 4], *it)))
    };
    !separates(a, b) && !separates(b, a)
}

fn check_texts(scene: &Scene, context: &str) {
    let texts = texts(scene);
    for (index, (corners, words)) in texts.iter().enumerate() {
        for corner in corners {
            assert!(
                (0.0..=scene.width).contains(&corner.x) && (0.0..=scene.height).contains(&corner.y),
                "{context}: {words:?} is cut off at {corner:?}"
            );
        }
        for (other, other_words) in texts[index + 1..].iter().take_while(|(other, _)| top(other) < bottom(corners)) {
            assert!(!touch(corners, other), "{context}: {words:?} touches {other_words:?} at {:?}", corners[0]);
        }
    }
}

fn check_arrows(scene: &Scene, context: &str) {
    for item in scene.items.iter().filter(|item| item.key.kind == ItemKind::Arrow) {
        let mut y = f64::NEG_INFINITY;
        for shape in &item.shapes {
            let Shape::Line { class: "line" | "wait", points, .. } = shape else { continue };
            for it in points {
                assert!(it.y >= y - 10.0, "{context}: {} goes up", item.class);
                assert!((0.0..=scene.height).contains(&it.y), "{context}: {} leaves the picture", item.class);
                y = y.max(it.y);
            }
            assert!(points.windows(2).all(|pair| pair[0].y <= pair[1].y), "{context}: {} goes up", item.class);
        }
    }
}

fn check_timers(scene: &Scene, context: &str) {
    for item in scene.items.iter().filter(|item| item.key.kind == ItemKind::Timer && !item.class.contains("stopped")) {
        let has_label = item.shapes.iter().any(|shape| matches!(shape, Shape::Text(_)));
        assert!(has_label, "{context}: {} does not say how long it is", item.class);
    }
}

/// What has come to its end.
fn finished(scene: &Scene) -> BTreeMap<(Layer, Key), &Item> {
    let is_open = |item: &Item| match item.key.kind {
        ItemKind::Lifeline | ItemKind::Band => true,
        ItemKind::Arrow => item.class.contains("in-flight") || item.class.contains("held"),
        ItemKind::Timer => item.class.contains("running"),
        ItemKind::Gap | ItemKind::Clock | ItemKind::State | ItemKind::Call | ItemKind::Label | ItemKind::Word => false,
    };
    scene.items.iter().filter(|item| !is_open(item)).map(|item| ((item.layer, item.key), item)).collect()
}

#[test]
fn no_two_texts_touch_and_none_is_cut_off_at_any_step_of_any_story() {
    for (name, history) in stories() {
        for width in WIDTHS {
            for language in Language::ALL {
                check_every_step(&name, &history, width, language);
            }
        }
    }
}

fn check_every_step(name: &str, history: &History, width: u32, language: Language) {
    let mut diagram = Diagram::new(options(width, language, history));
    let mut replay = history.clone();
    let mut done: BTreeMap<(Layer, Key), Item> = BTreeMap::new();
    let mut height = 0.0;
    for step in 0..=history.cursor() {
        replay.seek(step);
        diagram.extend(replay.trace());
        let context = format!("{name}, {width} wide, {}, step {step}", language.tag());
        assert!(diagram.height() >= height, "{context}: the picture shrinks");
        // What lies further up is what it was: if it had moved, the comparison below would find it.
        let scene = diagram.scene(height - 700.0..f64::INFINITY, None);
        height = diagram.height();
        check_texts(&scene, &context);
        check_arrows(&scene, &context);
        check_timers(&scene, &context);
        for (key, item) in finished(&scene) {
            let first = done.entry(key).or_insert_with(|| item.clone());
            assert_eq!(first, item, "{context}: what was finished has moved");
        }
    }
    let whole = diagram.scene(0.0..f64::INFINITY, None);
    check_texts(&whole, &format!("{name}, {width} wide, {}, at the end", language.tag()));
    let finished = finished(&whole);
    for (key, item) in &done {
        assert_eq!(finished.get(key), Some(&item), "{name}, {width} wide: what was finished has moved or gone");
    }
}

#[test]
fn keys_name_one_item_each() {
    for (name, history) in stories() {
        let mut diagram = Diagram::new(options(800, Language::English, &history));
        diagram.extend(history.trace());
        let scene = diagram.whole();
        let mut keys: Vec<_> = scene.items.iter().map(|item| (item.layer, item.key)).collect();
        keys.sort_unstable();
        assert!(keys.windows(2).all(|pair| pair[0] != pair[1]), "{name}");
    }
}

#[test]
fn the_way_to_a_step_makes_no_difference() {
    for (name, history) in stories() {
        let options = options(360, Language::TraditionalChinese, &history);
        let mut whole = Diagram::new(options.clone());
        whole.extend(history.trace());
        for step in [0, 1, 7, history.cursor() / 2, history.cursor()] {
            let mut replay = history.clone();
            let step = replay.seek(step.min(history.cursor()));
            let mut fresh = Diagram::new(options.clone());
            fresh.extend(replay.trace());
            let mut back = whole.clone();
            back.truncate(step, replay.trace());
            assert_eq!(back.whole(), fresh.whole(), "{name}, back to step {step}");
            back.extend(history.trace());
            assert_eq!(back.whole(), whole.whole(), "{name}, on from step {step}");
        }
    }
}

#[test]
fn a_view_holds_what_touches_it_and_nothing_else() {
    for (name, history) in stories() {
        let mut diagram = Diagram::new(options(800, Language::English, &history));
        diagram.extend(history.trace());
        let all = diagram.scene(0.0..diagram.height(), None);
        let mut start = 0.0;
        while start < diagram.height() {
            let view = start..start + 350.0;
            let part = diagram.scene(view.clone(), None);
            let touches = |item: &&Item| {
                let extent = item.vertical_extent();
                extent.start < view.end && extent.end > view.start
            };
            let expected: Vec<&Item> = all.items.iter().filter(touches).collect();
            assert_eq!(part.items.iter().collect::<Vec<_>>(), expected, "{name} from {start}");
            start += 130.0;
        }
    }
}

/// A listener outlives its connections: once they are over, the host is in LISTEN again, and its band says so.
#[test]
fn the_lowest_band_and_the_lowest_name_are_the_state_of_the_host() {
    for (name, history) in stories() {
        let mut replay = history.clone();
        let mut diagram = Diagram::new(options(800, Language::English, &history));
        for step in 0..=history.cursor() {
            replay.seek(step);
            diagram.extend(replay.trace());
            let scene = diagram.whole();
            for side in Side::BOTH {
                let host = replay.simulation().host(side);
                let listens = host.listening_ports().next().is_some();
                let at_rest = if listens { State::Listen } else { State::Closed };
                let state = host.connections().last().map_or(at_rest, |it| it.endpoint.state());
                let lowest = |kind| {
                    let items = scene.items.iter().filter(|it| it.key.kind == kind && it.key.part == side as u32);
                    items.max_by(|a, b| a.vertical_extent().start.total_cmp(&b.vertical_extent().start))
                };
                let context = format!("{name}, step {step}, {}", side.name());
                let class = state_class(state);
                let band = lowest(ItemKind::Band).expect("a lifeline has a band");
                assert!(band.class.ends_with(&class), "{context}: {} in {state}", band.class);
                // A crash stands for the name of the state that it leads to.
                if host.connections().is_empty() && listens {
                    let word = lowest(ItemKind::State).expect("a state has a name");
                    assert!(word.class.ends_with(&class), "{context}: {} in {state}", word.class);
                }
            }
        }
    }
}

/// They are long, and broken in the middle of one they could not be read.
#[test]
fn options_stand_on_a_line_of_their_own_where_they_do_not_fit_behind_the_numbers() {
    let history = run(story("options-agreed").expect("the catalogue has it").script, vec![]);
    let said = |width| -> Vec<String> {
        let mut diagram = Diagram::new(options(width, Language::English, &history));
        diagram.extend(history.trace());
        texts(&diagram.whole()).into_iter().map(|(_, words)| words).collect()
    };
    let (numbers, offer) = ("SYN, ACK seq=300 ack=101", "<mss 1460, ws 2, sack, ts 60/10>");
    assert!(said(1200).contains(&format!("{numbers} {offer}")), "{:?}", said(1200));
    let narrow = said(616);
    assert!([numbers, offer].iter().all(|it| narrow.iter().any(|words| words == it)), "{narrow:?}");
    // The timestamps of later segments are left to the list.
    assert!(narrow.iter().any(|words| words == "ACK seq=101 ack=301"), "{narrow:?}");
}

#[test]
fn arrows_say_what_happened_to_them() {
    let classes = |history: &History| -> String {
        let mut diagram = Diagram::new(options(800, Language::English, history));
        diagram.extend(history.trace());
        let scene = diagram.whole();
        let arrows = scene.items.iter().filter(|item| item.key.kind == ItemKind::Arrow);
        arrows.map(|item| format!("{}\n", item.class)).collect()
    };
    let lost = run(LIFE, vec![(2, interfere(1, Action::Drop))]);
    let text = classes(&lost);
    assert!(
        text.starts_with("arrow segment-syn from-client lost\narrow segment-syn from-client arrived retransmission\n"),
        "{text}"
    );
    let mut held = run(LIFE, vec![(2, interfere(1, Action::Hold))]);
    held.seek(3);
    assert_eq!(classes(&held), "arrow segment-syn from-client held\n");
    held.seek(2);
    assert_eq!(classes(&held), "arrow segment-syn from-client in-flight\n");
}

/// Connections have the numbers that scripts and sentences say, what is old is called old, and text is there where it is the point.
#[test]
fn pictures_say_what_sentences_say() {
    let said = |history: &History| -> Vec<String> {
        let mut diagram = Diagram::new(options(1200, Language::English, history));
        diagram.extend(history.trace());
        texts(&diagram.whole()).into_iter().map(|(_, words)| words).collect()
    };
    let two = "client isn 100 200\nserver isn 300 400, listen 80\nat 0ms client open\nat 1s client open\n\
               at 2s client close on connection 2\n";
    let two = said(&run(two, vec![]));
    assert!(two.contains(&"#2 FIN-WAIT-1".to_owned()) && !two.iter().any(|it| it.starts_with("#0")), "{two:?}");
    let old = run("server listen 80\nat 0ms old to server syn seq 90 length \"pay 100\"\n", vec![]);
    assert!(said(&old).contains(&"SYN seq=90–97 \"pay 100\"  old".to_owned()), "{:?}", said(&old));
}

#[test]
fn pictures_look_as_they_did_when_somebody_looked() {
    for (id, width, language) in [
        ("life", 800, Language::English),
        ("lost-last-ack", 800, Language::SimplifiedChinese),
        ("simultaneous-close", 360, Language::TraditionalChinese),
    ] {
        let script = story(id).expect("the catalogue has it").script;
        let history = run(script, vec![]);
        let mut diagram = Diagram::new(options(width, language, &history));
        diagram.extend(history.trace());
        let actual = svg::document(&diagram.whole(), history.scenario().title.as_deref());
        let path = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("tests/snapshots")
            .join(format!("{id}-{width}-{}.svg", language.tag()));
        if std::env::var_os("BLESS").is_some() {
            fs::create_dir_all(path.parent().expect("it has a folder")).expect("the folder can be made");
            fs::write(&path, &actual).expect("the picture can be written");
        }
        let expected = fs::read_to_string(&path).expect("the picture is there; BLESS=1 makes it");
        assert!(actual == expected, "{} has changed; look at it, and BLESS=1 if it is right", path.display());
    }
}
