//! A link holds the whole run, and whatever a link says, reading it ends with a run or an error.

use std::fmt::Write;
use std::net::SocketAddr;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use proptest::prelude::*;
use synfin::history::History;
use synfin::permalink::{self, Link, LinkError, MOST_CHARACTERS, MOST_TEXT, Told, VERSION};
use synfin::scenario::{CATALOGUE, Scenario, Story, story};
use synfin::segment::{Datagram, Segment};
use synfin::seq::SeqNumber;
use synfin::simulation::{Deed, LATEST_WAIT, Simulation, UserCall};
use synfin::tcp::{Action, SegmentId, Side};
use synfin::time::Duration;
use synfin::trace::EventKind;

use crate::properties::cases;

/// The story of the catalogue that a run tells.
fn known(run: &History) -> Option<&'static str> {
    let is_it = |it: &&Story| Scenario::parse(it.script).as_ref() == Ok(run.scenario());
    CATALOGUE.iter().find(is_it).map(|it| it.id)
}

/// The whole link of a run, as a browser packs it.
pub fn link_of(run: &History) -> String {
    let script = run.scenario().to_string();
    match permalink::write(run, known(run).map_or(Told::Script(&script), Told::Story)) {
        Link::Story(fragment) => fragment,
        Link::Run(text) => packed(&text),
    }
}

/// The run that a link opens, unpacked as a browser does it.
pub fn follow(link: &str) -> Result<History, LinkError> {
    let text = permalink::packed(link)?.and_then(|packed| {
        let octets = URL_SAFE_NO_PAD.decode(packed).ok()?;
        String::from_utf8(miniz_oxide::inflate::decompress_to_vec_with_limit(&octets, MOST_TEXT).ok()?).ok()
    });
    permalink::read(link, text.as_deref(), |id| story(id).map(|it| it.script.to_owned()))
}

fn packed(text: &str) -> String {
    let octets = miniz_oxide::deflate::compress_to_vec(text.as_bytes(), 6);
    format!("run={VERSION}.{}", URL_SAFE_NO_PAD.encode(octets))
}

fn open(script: &str) -> History {
    History::new(Scenario::parse(script).unwrap_or_else(|mistakes| panic!("{mistakes}")))
}

/// Everything that a link must bring back.
fn facts(run: &History) -> (u64, usize, Vec<String>, String) {
    let branches = run.branches().iter().map(|it| format!("{} {:?} {:?}", it.name(), it.fork(), it.given())).collect();
    (run.trace().digest(), run.cursor(), branches, run.scenario().to_string())
}

fn forged(number: u32) -> Deed {
    let socket = |side, port| SocketAddr::new(Simulation::address_of(side), port);
    let segment = Segment::ack(SeqNumber(number.wrapping_mul(2_654_435_761)), SeqNumber(number));
    let datagram = Datagram { source: socket(Side::Client, 49152), destination: socket(Side::Server, 80), segment };
    Deed::forge(Side::Server, datagram)
}

/// Does one of many things at the cursor; what is not possible does nothing.
fn meddle(run: &mut History, kind: u8, number: u32) {
    let side = Side::BOTH[(number % 2) as usize];
    let segment = SegmentId::after(number as usize % 20);
    let by = Duration::from_ms(u64::from(number % 700));
    let _ = match kind % 12 {
        0 => run.interfere(segment, Action::Drop),
        1 => run.interfere(segment, Action::Delay(by)),
        2 => run.interfere(segment, Action::Duplicate(by)),
        3 => run.interfere(segment, Action::Corrupt),
        4 => run.interfere(segment, Action::Hold),
        5 => run.interfere(segment, Action::Release),
        6 => run.apply(forged(number)),
        7 => run.apply(Deed::Crash(side)),
        8 => run.apply(Deed::Reboot(side)),
        9 => run.apply(Deed::user(side, UserCall::Close)),
        10 => run.apply(Deed::user(side, UserCall::send("1 \"x\"\n".into()))),
        _ => {
            run.run_until(run.simulation().now() + by);
            Ok(())
        }
    };
}

#[test]
fn a_link_keeps_a_script_to_the_letter() {
    let script = "# What a lost SYN costs.\nclient isn 100 # hers\n\nserver isn 300, listen 80\nat 0ms client open\n";
    let run = History::new(Scenario::parse(script).expect("it is a script"));
    let Link::Run(text) = permalink::write(&run, Told::Script(script)) else { panic!("the catalogue has it not") };
    assert_eq!(permalink::script_in(&packed(&text), &text).as_deref(), Some(script));
    assert_eq!(follow(&packed(&text)).map(|it| facts(&it)), Ok(facts(&run)));
    assert_eq!(permalink::script_in("run=2.…", "branch 5 - script\nat 0 5\nstory life"), None);
}

#[test]
fn a_story_of_the_catalogue_has_a_short_link() {
    for known in CATALOGUE {
        let mut run = open(known.script);
        assert_eq!(link_of(&run), format!("story={}", known.id));
        run.seek(3);
        let link = link_of(&run);
        assert_eq!(link, format!("story={}&step=3", known.id));
        assert_eq!(follow(&link).map(|it| facts(&it).0), Ok(run.trace().digest()));
    }
}

#[test]
fn forty_injections_fit_into_two_thousand_characters() {
    let mut run = open(story("life").expect("it is there").script);
    for number in 0..40u32 {
        run.step();
        match number % 4 {
            0 => run.apply(forged(number)).expect("there is room"),
            1 => {
                let last = run.simulation().in_transit().last().map(|it| it.segment);
                run.interfere(last.expect("something is on its way"), Action::Delay(Duration::from_ms(70)))
                    .expect("it is on its way");
            }
            2 => run.apply(Deed::user(Side::Client, UserCall::send("abc".into()))).expect("a call is recorded"),
            _ => {
                let last = run.simulation().in_transit().last().map(|it| it.segment);
                run.interfere(last.expect("something is on its way"), Action::Duplicate(Duration::from_ms(9)))
                    .expect("it is on its way");
            }
        }
    }
    let nothing = Deed::user(Side::Client, UserCall::send("".into()));
    run.apply(nothing).expect("nothing is a text too");
    let late = Deed::Wait(LATEST_WAIT);
    run.run_to_end();
    run.apply(late).expect("nothing happens before");
    assert!(run.apply(Deed::Wait(LATEST_WAIT + Duration::from_us(1))).is_err(), "time must not end");
    let link = link_of(&run);
    println!("{} characters", link.len());
    assert!(link.len() < 2000, "{} characters", link.len());
    assert_eq!(follow(&link).map(|it| facts(&it)), Ok(facts(&run)));
}

/// In version 1 what intruded had a window of 4000 octets where nothing was said, and has it still, also when the run is given further.
#[test]
fn a_link_of_version_1_means_what_it_meant() {
    let text = "branch 4 - main\n4 forge to server seq 101 ack 301\nat 0 4\nscript\nclient isn 100, buffer 1000\n\
                server isn 300, listen 80\nat 0ms client open\nat 1ms forge to server seq 5 ack 7\n";
    let octets = URL_SAFE_NO_PAD.encode(miniz_oxide::deflate::compress_to_vec(text.as_bytes(), 6));
    let windows = |run: &History| -> Vec<u16> {
        let intruded = run.trace().events().iter().filter_map(|event| match &event.kind {
            EventKind::Intruded { datagram, .. } => Some(datagram.segment.wnd),
            _ => None,
        });
        intruded.collect()
    };
    for (version, expected) in [(1, [4000, 4000]), (2, [1000, 1000])] {
        let link = format!("run={version}.{octets}");
        let run = follow(&link).expect("it is a link of ours");
        assert_eq!(windows(&run), expected, "version {version}");
        let script = permalink::script_in(&link, text).expect("it brings one");
        let Link::Run(again) = permalink::write(&run, Told::Script(&script)) else {
            panic!("something was done to it")
        };
        assert_eq!(windows(&follow(&packed(&again)).expect("it is a link of ours")), expected, "given further");
    }
}

#[test]
fn links_that_are_none_say_why() {
    let damaged = |link: &str| matches!(follow(link), Err(LinkError::Damaged(_)));
    assert!(matches!(follow(""), Err(LinkError::Empty)));
    assert!(matches!(follow("lang=zh-Hant"), Err(LinkError::Empty)));
    assert!(matches!(follow("story=nonsense"), Err(LinkError::NoSuchStory(id)) if id == "nonsense"));
    assert!(matches!(follow("run=3.abc"), Err(LinkError::LaterVersion(3))));
    assert!(matches!(follow("story=life&v=3"), Err(LinkError::LaterVersion(3))), "a story link is of version 1");
    assert!(follow("story=life&v=1").is_ok());
    assert!(matches!(follow(&"x".repeat(MOST_CHARACTERS + 1)), Err(LinkError::TooLong(_))));
    for link in
        ["story=life&step=-1", "story=life&v=x", "run=1", "run=x.abc", "run=0.abc", "run=1.***", "run=1.abc", "run=1."]
    {
        assert!(damaged(link), "{link}: {:?}", follow(link).err());
    }
    let bomb = miniz_oxide::deflate::compress_to_vec(&vec![b'\n'; 50_000_000], 6);
    assert!(damaged(&format!("run=1.{}", URL_SAFE_NO_PAD.encode(bomb))), "what unpacks to too much is refused");
    let line = |text: &str| matches!(follow(&packed(text)), Err(LinkError::Line { .. }));
    assert!(line("branch x - main\nat 0 0\nstory life") && line("nonsense\nstory life"));
    assert!(line("branch 1 - main\n1 nonsense\nat 0 0\nstory life"));
    assert!(matches!(follow(&packed("branch 1 - main\nat 0 0\nscript\nx")), Err(LinkError::Script(_))));
    for text in [
        "at 0 0\nstory life",
        "branch 1 - main\nat 1 0\nstory life",
        "branch 999999999 - main\nat 0 0\nstory life",
        "branch 3 - main\n1 drop segment 9\nat 0 0\nstory life",
        "branch 3 - main\nbranch 4 1 3 loop\nat 0 0\nstory life",
    ] {
        assert!(matches!(follow(&packed(text)), Err(LinkError::Run(_))), "{text}");
    }
}

proptest! {
    #![proptest_config(cases(60))]

    #[test]
    fn a_link_brings_back_the_run(
        which in any::<prop::sample::Index>(),
        is_changed in any::<bool>(),
        acts in prop::collection::vec((0usize..40, any::<u8>(), any::<u32>()), 0..15),
    ) {
        let mut script = which.get(CATALOGUE).script.to_owned();
        if is_changed {
            writeln!(script, "link delay 33ms, jitter 5ms").expect("a string takes everything");
        }
        let mut run = open(&script);
        for (step, kind, number) in acts {
            run.seek(step);
            meddle(&mut run, kind, number);
        }
        let link = link_of(&run);
        prop_assert!(link.chars().all(|c| c.is_ascii_alphanumeric() || "=&.-_".contains(c)), "{}", link);
        let read = follow(&link);
        prop_assert!(read.is_ok(), "{:?}", read.err());
        prop_assert_eq!(facts(&read.expect("it was just checked")), facts(&run));
    }

    #[test]
    fn nothing_that_a_link_says_breaks_anything(link in "(story=|run=1\\.|step=|&|[ -~é客]){0,6}[a-z0-9_-]{0,60}") {
        let _ = follow(&link);
    }

    #[test]
    fn a_link_that_was_changed_on_its_way_is_a_run_or_an_error(
        place in any::<prop::sample::Index>(),
        octet in any::<u8>(),
        text in any::<bool>(),
    ) {
        let plain = b"branch 30 - main\n12 client close\nbranch 45 0 20 what if\n21 client crash\nat 1 40\nstory life".to_vec();
        let change = |octets: &mut Vec<u8>| *place.get_mut(octets) = octet;
        let (mut plain, packed) = (plain, miniz_oxide::deflate::compress_to_vec);
        let octets = if text {
            change(&mut plain);
            packed(&plain, 6)
        } else {
            let mut octets = packed(&plain, 6);
            change(&mut octets);
            octets
        };
        let _ = follow(&format!("run=1.{}", URL_SAFE_NO_PAD.encode(octets)));
    }
}
