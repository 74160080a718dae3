//! The stories of the catalogue: each keeps its promises, comes to an end, and is told in `tests/ladders/` as it was when
//! somebody read it (`BLESS=1` rewrites these). Those of the RFC's figures are compared with the vectors.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;
use synfin::export::ladder::ladder;
use synfin::history::History;
use synfin::profile::{Handshake, Profile};
use synfin::scenario::script::lines_of_expectations;
use synfin::scenario::{CATALOGUE, Chapter, Scenario, story};
use synfin::segment::Segment;
use synfin::tcp::{SegmentId, Side, State};
use synfin::text::{Language, Words};
use synfin::trace::{EventKind, Fate, Trace};

use crate::as_read::assert_as_read;

/// No story takes more steps; one that does goes round in circles, or is too long to be followed.
const MOST_STEPS: usize = 150;

/// No line of a ladder is longer, so that it can be read in any editor.
const WIDEST: usize = 110;

fn parsed(script: &str) -> Scenario {
    Scenario::parse(script).unwrap_or_else(|mistakes| panic!("{mistakes}\n{script}"))
}

/// The run of a script from its beginning to its end.
fn run(script: &str) -> History {
    let mut run = History::new(parsed(script));
    run.run_to_end();
    run
}

fn root(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// What the files in a folder are called, without `.extension`, if they have it.
fn names_in(folder: &str, extension: &str) -> BTreeSet<String> {
    let files = fs::read_dir(root(folder)).expect("the folder is there");
    let paths = files.map(|file| file.expect("the folder can be listed").path());
    paths
        .map(|path| {
            let name = path.file_name().expect("it lies in the folder").to_string_lossy().into_owned();
            name.strip_suffix(&format!(".{extension}")).map(str::to_owned).unwrap_or(name)
        })
        .collect()
}

#[test]
fn every_story_comes_to_its_end_and_keeps_its_promises() {
    let mut broken = Vec::new();
    for story in CATALOGUE {
        let scenario = parsed(story.script);
        assert!(scenario.expectations.len() >= 2, "{} promises too little", story.id);
        let mut run = History::new(scenario);
        while run.step() {
            run.simulation().check_invariants();
            assert!(run.cursor() <= MOST_STEPS, "{} does not come to an end", story.id);
        }
        for (expectation, line) in run.scenario().expectations.iter().zip(lines_of_expectations(story.script)) {
            let outcome = expectation.check(run.trace());
            broken.extend(outcome.err().map(|unmet| format!("{}: line {line}: {unmet}", story.id)));
        }
        let missed = run.missed(story.script).into_iter();
        broken.extend(missed.map(|(number, line)| format!("{}: line {number}: \"{line}\" met nothing", story.id)));
    }
    assert!(broken.is_empty(), "{broken:#?}");
}

#[test]
fn every_ladder_is_the_one_that_was_read() {
    assert_as_read(CATALOGUE.iter().map(|story| {
        let told = ladder(run(story.script).trace(), &Words::default());
        for line in told.lines() {
            assert!(line.chars().count() <= WIDEST, "{}: too long: {line}", story.id);
            assert_eq!(line.trim_end(), line, "{}", story.id);
        }
        (root("tests/ladders").join(format!("{}.txt", story.id)), told)
    }));
}

#[test]
fn the_catalogue_and_the_files_are_the_same_stories() {
    let ids: BTreeSet<String> = CATALOGUE.iter().map(|story| story.id.to_owned()).collect();
    assert_eq!(ids.len(), CATALOGUE.len(), "two stories have the same name");
    assert_eq!(names_in("scenarios", "tcp"), ids);
    assert_eq!(names_in("tests/ladders", "txt"), ids);
    for story in CATALOGUE {
        let file = fs::read_to_string(root("scenarios").join(format!("{}.tcp", story.id))).expect("it is there");
        assert_eq!(file, story.script, "{}: rebuild", story.id);
        assert!(story.id.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-'), "{}", story.id);
    }
}

#[test]
fn the_chapters_follow_each_other_and_each_has_stories() {
    let chapters: Vec<Chapter> = CATALOGUE.iter().map(|story| story.chapter).collect();
    assert!(chapters.is_sorted());
    let mut distinct = chapters;
    distinct.dedup();
    assert_eq!(distinct, Chapter::ALL);
    assert_eq!(CATALOGUE[0].id, "life");
    for language in Language::ALL {
        let words = Words::of(language);
        let title =
            |chapter: Chapter| words.of_stories(&format!("chapter.{}", chapter.name())).expect("it has a title");
        let titles: BTreeSet<&str> = Chapter::ALL.into_iter().map(title).collect();
        assert_eq!(titles.len(), Chapter::ALL.len(), "{language:?}");
    }
}

#[test]
fn every_story_has_its_own_title_and_introduction_in_every_language() {
    let mut seen = BTreeSet::new();
    for story in CATALOGUE {
        let id = story.id;
        for language in Language::ALL {
            let words = Words::of(language);
            let of_story = |what| words.of_stories(&format!("{id}.{what}")).expect("it has words");
            let (title, intro) = (of_story("title"), of_story("intro"));
            if language == Language::English {
                assert_eq!(parsed(story.script).title.as_deref(), Some(title), "{id}");
            }
            assert!(seen.insert(title), "{id}: {title:?} is the title of another");
            assert!(seen.insert(intro), "{id}: another has the same introduction");
            let (most_in_title, stops) = match language {
                Language::English => (60, ". "),
                Language::TraditionalChinese | Language::SimplifiedChinese => (30, "。"),
            };
            assert!(title.chars().count() <= most_in_title, "{id}: {title:?} is too long");
            assert!(!title.ends_with(['.', '。']), "{id}: {title:?} is a sentence");
            let sentences = intro.trim_end_matches(['.', '。']).split(stops).count();
            assert!((1..=4).contains(&sentences), "{id}: {sentences} sentences in {intro:?}");
            assert!(intro.ends_with(['.', '。']), "{id}: {intro:?} does not end");
        }
    }
    let of_chapters = Chapter::ALL.map(|chapter| format!("chapter.{}", chapter.name()));
    let of_stories = CATALOGUE.iter().flat_map(|story| ["title", "intro"].map(|what| format!("{}.{what}", story.id)));
    let known: BTreeSet<String> = of_chapters.into_iter().chain(of_stories).collect();
    for name in Words::names_of_stories() {
        assert!(known.contains(name), "words/en/stories.txt has {name:?}, which the catalogue has not");
    }
}

/// Two stories that are to be compared differ in nothing but what they are about.
#[test]
fn twins_differ_in_one_setting() {
    type Change = fn(&mut Scenario);
    let two_way: Change = |it| it.server.profile.handshake = Handshake::TwoWay;
    let without_rfc5961: Change = |it| it.server.profile.rfc5961 = false;
    let twins: [(&str, &str, Change); 12] = [
        ("options-agreed", "options-not-offered", |it| {
            let server = &mut it.server.profile;
            (server.window_scale, server.sack_permitted, server.timestamps) = (None, false, false);
        }),
        ("stale-data-three-way", "stale-data-two-way", two_way),
        ("ghost-three-way", "ghost-two-way", two_way),
        ("stale-syn-two-way", "stale-syn-three-way", |it| {
            it.server.profile.handshake = Handshake::ThreeWay;
            // With three segments there is nobody to greet.
            it.acts.retain(|act| matches!(act.deed, synfin::simulation::Deed::Intrude(_)));
        }),
        ("held-syn-three-way", "held-syn-two-way", two_way),
        ("held-syn-after-abort", "held-syn-after-abort-two-way", two_way),
        ("held-syn-three-way", "held-syn-rfc1337", |it| it.client.profile.rfc1337 = true),
        ("fin-wait-2", "fin-wait-2-keep-alive", |it| {
            it.client.profile.keep_alive =
                story("fin-wait-2-keep-alive").and_then(|story| parsed(story.script).client.profile.keep_alive);
        }),
        ("lost-last-ack", "no-time-wait-lost-last-ack", |it| {
            it.client.profile.time_wait = synfin::profile::TimeWait::Skipped;
        }),
        ("time-wait-assassination", "time-wait-rfc1337", |it| it.client.profile.rfc1337 = true),
        ("blind-rst-in-window", "blind-rst-without-rfc5961", without_rfc5961),
        ("blind-syn-in-window", "blind-syn-without-rfc5961", without_rfc5961),
    ];
    for (one, other, change) in twins {
        let bare = |id: &str| {
            let mut scenario = parsed(story(id).expect("the catalogue has it").script);
            (scenario.title, scenario.notes) = (None, Vec::new());
            scenario.expectations.clear();
            scenario
        };
        let mut changed = bare(one);
        change(&mut changed);
        assert_ne!(bare(one), bare(other), "{one} and {other} are the same");
        assert_eq!(changed, bare(other), "{one} and {other}");
    }
}

/// What the two stories say: outside the window it makes no difference.
#[test]
fn outside_the_window_rfc_5961_changes_nothing() {
    for id in ["blind-rst-out-of-window", "blind-syn-out-of-window"] {
        let with = parsed(story(id).expect("the catalogue has it").script);
        let mut without = with.clone();
        without.server.profile.rfc5961 = false;
        let [with, without] = [with, without].map(|scenario| {
            let mut run = History::new(scenario);
            run.run_to_end();
            // The reason has another name, and nothing else.
            let seen = run.trace().events().iter().filter_map(|event| match &event.kind {
                EventKind::Sent { side, datagram, .. } => Some((event.at, *side, datagram.to_string())),
                EventKind::Entered { side, to, .. } => Some((event.at, *side, to.to_string())),
                EventKind::Told { side, event: told, .. } => Some((event.at, *side, format!("{told:?}"))),
                _ => None,
            });
            seen.collect::<Vec<_>>()
        });
        assert_eq!(with, without, "{id}");
    }
}

/// The stories rely on what their comments and introductions call the defaults.
#[test]
fn the_defaults_are_those_that_the_stories_name() {
    let profile = Profile::default();
    assert_eq!(profile.two_msl().to_string(), "240 s");
    assert_eq!(profile.delayed_ack.to_string(), "200 ms");
    assert_eq!((profile.receive_buffer, profile.mss), (4000, 1000));
}

#[test]
fn the_stories_of_figures_6_to_13_are_the_figures() {
    let vectors = fs::read_to_string(root("tests/conformance/vectors.json")).expect("the vectors are there");
    let vectors: Value = serde_json::from_str(&vectors).expect("the vectors are JSON");
    // How many segments the story needs to come to where its figure begins.
    let figures = [
        ("figure-6", "fig06-basic-3whs", 0),
        ("figure-7", "fig07-simultaneous-open", 0),
        ("figure-8", "fig08-old-duplicate-syn", 0),
        ("figure-9", "fig09-half-open-discovery", 3),
        ("figure-10", "fig10-active-side-half-open", 3),
        ("figure-11", "fig11-old-syn-two-listeners", 0),
        ("figure-12", "fig12-normal-close", 3),
        ("figure-13", "fig13-simultaneous-close", 3),
    ];
    let in_catalogue = CATALOGUE.iter().filter(|story| story.chapter == Chapter::Figures).map(|story| story.id);
    assert_eq!(in_catalogue.collect::<Vec<_>>(), figures.map(|(id, ..)| id));
    for (id, vector, before) in figures {
        let all = vectors["vectors"].as_array().expect("a list");
        let figure = Figure::of_vector(all.iter().find(|it| it["id"] == vector).expect("it is among the vectors"));
        let told = Figure::of_trace(run(story(id).expect("the catalogue has it").script).trace(), before);
        assert_eq!(told.beginning, figure.beginning, "{id}: the states at the beginning");
        for to in Side::BOTH {
            let (told, figure) = (&told.lines[&to], &figure.lines[&to]);
            assert!(told.len() >= figure.len(), "{id}: {told:#?}");
            for (told, figure) in told.iter().zip(figure) {
                assert_eq!(told.words, figure.words, "{id}");
                assert_eq!(told.sender, figure.sender, "{id}: {}", figure.words);
                // What the figure leaves on its way arrives in the story.
                if figure.receiver.is_some() {
                    assert_eq!(told.receiver, figure.receiver, "{id}: {}", figure.words);
                }
            }
        }
        // Figure 9 stops where it comes to the basic handshake.
        let goes_on = Side::BOTH.iter().any(|to| told.lines[to].len() > figure.lines[to].len());
        assert_eq!(goes_on, id == "figure-9", "{id}: {:#?}", told.lines);
        assert!(goes_on || told.end == figure.end, "{id}: {:?} in the end, not {:?}", told.end, figure.end);
    }
}

/// A figure: the states before and after, and its segments by whom they travel to.
struct Figure {
    beginning: [State; 2],
    end: [State; 2],
    lines: BTreeMap<Side, Vec<Line>>,
}

/// A segment of a figure, and the states when it leaves and when it arrives.
#[derive(Debug)]
struct Line {
    words: String,
    sender: Option<State>,
    receiver: Option<State>,
}

impl Figure {
    fn of_vector(vector: &Value) -> Self {
        let state = |text: &Value| State::ALL.into_iter().find(|state| *text == state.name()).expect("it is a state");
        let states = |of: &dyn Fn(&str) -> Value| ["A", "B"].map(|peer| state(&of(peer)));
        let steps = vector["steps"].as_array().expect("a list");
        let end = steps.last().expect("a figure has lines");
        let mut lines: BTreeMap<Side, Vec<Line>> = Side::BOTH.map(|side| (side, Vec::new())).into();
        for step in steps {
            let (to, is_forged) = match (step["do"].as_str(), step["dir"].as_str(), step["to"].as_str()) {
                (Some("segment"), Some("A->B"), None) => (Side::Server, false),
                (Some("segment"), Some("B->A"), None) => (Side::Client, false),
                (Some("inject"), None, Some("B")) => (Side::Server, true),
                _ => continue,
            };
            let after = |step: &Value, side: Side| state(&step["after"][if side == Side::Client { "A" } else { "B" }]);
            let arrival = match step["fate"].as_str() {
                Some("delivered") | None => Some(step),
                Some(_) => steps.iter().find(|it| it["do"] == "arrive" && it["id"] == step["id"]),
            };
            lines.get_mut(&to).expect("both sides are there").push(Line {
                words: words_of_vector(&step["segment"]),
                sender: (!is_forged).then(|| after(step, to.other())),
                receiver: arrival.map(|step| after(step, to)),
            });
        }
        Self {
            beginning: states(&|peer| vector["initial"][peer]["state"].clone()),
            end: states(&|peer| end["after"][peer].clone()),
            lines,
        }
    }

    /// What a run shows after so many segments. A figure has one control block a side: the youngest connection's, also
    /// when that is over, else the listener's.
    fn of_trace(trace: &Trace, before: usize) -> Self {
        let mut states = [State::Closed; 2];
        let mut after: Vec<[State; 2]> = vec![states];
        let mut arrivals: BTreeMap<SegmentId, usize> = BTreeMap::new();
        for step in 1..=trace.steps() {
            for event in trace.step(step) {
                match &event.kind {
                    EventKind::Entered { side, to, .. } => states[*side as usize] = *to,
                    EventKind::Crashed { side } => states[*side as usize] = State::Closed,
                    EventKind::Arrived { segment, .. } => {
                        arrivals.insert(*segment, step);
                    }
                    _ => {}
                }
            }
            after.push(states);
        }
        let mut beginning = None;
        let mut lines: BTreeMap<Side, Vec<Line>> = Side::BOTH.map(|side| (side, Vec::new())).into();
        for id in (before..).map(SegmentId::after) {
            let Some((_, origin)) = trace.origin_of(id) else { break };
            let (datagram, from, to) = match &origin.kind {
                EventKind::Sent { side, datagram, .. } => (datagram, Some(*side), side.other()),
                EventKind::Intruded { to, datagram, .. } => (datagram, None, *to),
                other => unreachable!("segments are sent or forged, not {other}"),
            };
            let step = origin.step as usize;
            beginning = beginning.or(Some(after[step - 1]));
            lines.get_mut(&to).expect("both sides are there").push(Line {
                words: words_of(&datagram.segment),
                sender: from.map(|side| after[step][side as usize]),
                receiver: arrivals.get(&id).map(|step| after[*step][to as usize]),
            });
        }
        Self { beginning: beginning.expect("a figure has segments"), end: states, lines }
    }
}

/// What the figures say of a segment; they do not show PSH.
fn words_of(segment: &Segment) -> String {
    let flags = synfin::segment::Flags { psh: false, ..segment.flags };
    Segment { flags, ..segment.clone() }.to_string()
}

fn words_of_vector(segment: &Value) -> String {
    let number = |name: &str| segment[name].as_u64().map(|number| u32::try_from(number).expect("it has 32 bits"));
    let has = |flag: &str| segment["flags"].as_array().expect("a list").iter().any(|it| it == flag);
    assert_eq!(has("ACK"), number("ack").is_some());
    words_of(&Segment {
        seq: synfin::seq::SeqNumber(number("seq").expect("it has a number")),
        ack: number("ack").map(synfin::seq::SeqNumber),
        flags: synfin::segment::Flags { syn: has("SYN"), fin: has("FIN"), rst: has("RST"), ..Default::default() },
        payload: synfin::scenario::sample_text(number("len").expect("it has a length") as usize),
        ..Segment::default()
    })
}

/// Otherwise the client would answer for an address that is not its own, with a reset, and no flood could fill a backlog.
#[test]
fn what_is_sent_to_an_address_of_nobody_is_lost() {
    let run =
        run("server isn 300, listen 80\nlink delay 50ms\nat 0ms forge to server syn seq 90 from 198.51.100.7:4000\n");
    let mut answers = 0;
    for event in run.trace().events() {
        match &event.kind {
            EventKind::Sent { side: Side::Server, datagram, .. } => {
                assert_eq!(datagram.destination.to_string(), "198.51.100.7:4000");
                answers += 1;
            }
            EventKind::Routed { segment, fate, .. } if *segment > SegmentId::FIRST => assert_eq!(*fate, Fate::Lost),
            EventKind::Arrived { side, .. } => assert_eq!(*side, Side::Server, "nobody has that address"),
            _ => {}
        }
    }
    assert_eq!(answers, 8, "the SYN,ACK and its repetitions");
}
