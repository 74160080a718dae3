//! How fast we are, beside something that has to be fast: `make bench`, or `cargo bench --bench bench`.
//!
//! Times of one machine mean little on another, so what counts is the ratio to smoltcp, which lives through the same
//! connections in turns with us. That, and counting allocations, is why this is a program of its own and uses no
//! framework: those measure one thing after the other.

mod lives;

use std::alloc::{GlobalAlloc, Layout, System};
use std::hint::black_box;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use lives::Checksums;
use synfin::history::History;
use synfin::scenario::Scenario;
use synfin::trace::Event;

/// How many times each side has its turn.
const ROUNDS: usize = 201;
/// How many connections a turn has.
const LIVES: usize = 100;
/// How long a run is replayed, and how often.
const STEPS: usize = 10_000;
const REPLAYS: usize = 21;

fn main() {
    let story = lives::story();
    assert_eq!(lives::segments(&lives::ours(&story)), lives::SEGMENTS, "both do the same");
    for checksums in [Checksums::On, Checksums::Off] {
        assert_eq!(lives::smoltcp(checksums), lives::SEGMENTS, "both do the same");
    }

    println!("connections: open, {} octets, close, TIME-WAIT; ours with everything recorded", lives::OCTETS);
    let mut times: [Vec<Duration>; 3] = Default::default();
    for _ in 0..ROUNDS {
        times[0].push(time(|| _ = black_box(lives::ours(black_box(&story)))));
        times[1].push(time(|| _ = black_box(lives::smoltcp(black_box(Checksums::On)))));
        times[2].push(time(|| _ = black_box(lives::smoltcp(black_box(Checksums::Off)))));
    }
    for (name, times) in ["ours", "smoltcp", "smoltcp without checksums"].into_iter().zip(&times) {
        let per_second = times.iter().map(|time| LIVES as f64 / time.as_secs_f64());
        println!("  {name:26} {} a second", spread(per_second, 0));
    }
    for (name, theirs) in [("with", &times[1]), ("without", &times[2])] {
        let ratios = times[0].iter().zip(theirs).map(|(ours, theirs)| theirs.as_secs_f64() / ours.as_secs_f64());
        println!("  ours / smoltcp {name:11} {} times as many", spread(ratios, 2));
    }

    println!("memory of the record");
    for (name, story) in [("such a connection", story), ("a long run", long_story())] {
        let (trace, octets) = counted(|| lives::ours(&story));
        let events = trace.events().len();
        println!("  {name:26} {:.0} octets for each of {events} events", octets as f64 / events as f64);
    }
    println!("  {:26} {} octets", "an event itself", size_of::<Event>());

    println!("{STEPS} steps of a long run");
    let mut run = History::new(long_story());
    let first = Instant::now();
    assert_eq!(run.seek(STEPS), STEPS, "the run is long enough");
    println!("  {:26} {:.2} ms", "the first time", ms(first.elapsed()));
    let again = (0..REPLAYS).map(|_| {
        run.seek(0);
        let start = Instant::now();
        run.seek(STEPS);
        ms(start.elapsed())
    });
    println!("  {:26} {} ms", "again", spread(again, 2));
    let back = (0..REPLAYS).map(|_| {
        run.seek(STEPS);
        let start = Instant::now();
        run.back();
        ms(start.elapsed())
    });
    println!("  {:26} {} ms", "one step back from there", spread(back, 3));
}

/// A run of more than [`STEPS`] steps: much text in small segments.
fn long_story() -> Scenario {
    let script = "client isn 100, mss 20
         server isn 300, listen 80, mss 20
         at 0ms client open
         when client ESTABLISHED client send 65536
         when server receives 65536 server send 65536";
    Scenario::parse(script).expect("the story is right")
}

/// How long a turn takes.
fn time(mut life: impl FnMut()) -> Duration {
    let start = Instant::now();
    (0..LIVES).for_each(|_| life());
    start.elapsed()
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

/// The least, the middle and the most of some numbers.
fn spread(numbers: impl Iterator<Item = f64>, decimals: usize) -> String {
    let mut numbers: Vec<f64> = numbers.collect();
    numbers.sort_by(f64::total_cmp);
    let [least, middle, most] = [0, numbers.len() / 2, numbers.len() - 1].map(|place| numbers[place]);
    format!("{middle:.decimals$} ({least:.decimals$} to {most:.decimals$})")
}

/// Counts the octets that are allocated and not freed, while it is switched on.
struct Counting;

static IS_COUNTING: AtomicBool = AtomicBool::new(false);
static OCTETS: AtomicUsize = AtomicUsize::new(0);

#[global_allocator]
static ALLOCATOR: Counting = Counting;

impl Counting {
    fn count(&self, allocated: usize, freed: usize) {
        if IS_COUNTING.load(Ordering::Relaxed) {
            OCTETS.fetch_add(allocated.wrapping_sub(freed), Ordering::Relaxed);
        }
    }
}

/// What `make` makes, and how many octets it keeps allocated.
fn counted<T>(make: impl FnOnce() -> T) -> (T, usize) {
    OCTETS.store(0, Ordering::Relaxed);
    IS_COUNTING.store(true, Ordering::Relaxed);
    let made = make();
    IS_COUNTING.store(false, Ordering::Relaxed);
    (made, OCTETS.load(Ordering::Relaxed))
}

// SAFETY: everything is handed on to the system's allocator as it came.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        self.count(layout.size(), 0);
        // SAFETY: as above.
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        self.count(layout.size(), 0);
        // SAFETY: as above.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn realloc(&self, place: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        self.count(size, layout.size());
        // SAFETY: as above.
        unsafe { System.realloc(place, layout, size) }
    }

    unsafe fn dealloc(&self, place: *mut u8, layout: Layout) {
        self.count(0, layout.size());
        // SAFETY: as above.
        unsafe { System.dealloc(place, layout) }
    }
}
