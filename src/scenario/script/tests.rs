//! The format as a whole; that each story of the catalogue keeps its promises is shown elsewhere.

use crate::scenario::CATALOGUE;

use super::words::parse_duration;
use super::*;

fn mistakes(text: &str) -> Vec<String> {
    parse(text).expect_err("the script has mistakes").0.iter().map(ScriptError::to_string).collect()
}

#[test]
fn every_story_of_the_catalogue_reads_and_prints_back() {
    for story in CATALOGUE {
        let scenario = parse(story.script).unwrap_or_else(|errors| panic!("{}: {errors}", story.id));
        assert!(scenario.title.is_some(), "{} has a title", story.id);
        assert_eq!(parse(&scenario.to_string()), Ok(scenario), "{}", story.id);
    }
}

#[test]
fn every_statement_and_setting_reads_and_prints_back() {
    let script = r#"
        synfin 1
        title  All of it, with # signs, a "quote and commas
        note   Anything, "as it stands
        note   # and more
        client isn 100 4294967295, seed 7, port 5000, ack delayed, ack-delay 40ms, reading on-call, nagle on
        client mss 536, buffer 10, backlog 4, msl 30s, rto 1200us, min-rto 1.5s, user-timeout 2min
        client max-rto 4s, r1 2, r2 30s, r2-syn none, send-buffer 100, keep-alive 2s every 1s probes 3
        server listen 80 8080, rfc5961 off, rfc5961-ack-range on, rfc1337 on, simopen-trim-syn off
        server handshake two-way, time-wait none, time-wait-reuse rfc6191, sack-permitted on, timestamps on
        server window-scale 7, challenge-limit none, r2 none, accepting on-call, accept-queue 1, when-full reset
        server syn-cookies on, quiet-time 2min, timewait-fin-restart off, timewait-literal-ack on, keep-alive 1min
        client challenge-limit 10, rto-after-lost-syn 1s, clock-granularity 100ms
        link   delay 0ms, jitter 5ms, loss 5%, corruption 0.25%, duplication 100%, reordering 0.0001%, seed 9
        at 0ms client open
        at 1ms client open from 5001 to 8080
        at 1.5ms server listen 81
        at 1.5ms server listen 82 from 5000
        at 1.5ms server listen 83 from 198.51.100.7:5000
        at 2ms client send 45
        at 2ms client send "GET / \"x\" \\ \r\n, # not a comment" on connection 2
        at 3ms server receive
        at 3ms server receive 10      # a comment
        at 4ms server abort on port 81
        at 4ms server status
        at 4ms server accept
        at 4ms server accept 80
        at 4ms client open timeout 30s
        at 4ms client open to 81 timeout 0ms
        at 4ms server listen 84 from 5000 timeout 5s
        at 4ms client send 10 timeout 5s on connection 1
        at 4ms client set r1 2
        at 4ms client set r2 none on connection 2
        at 4ms client set r2-syn 3min
        at 4ms server set user-timeout 5s on port 80
        at 4ms server set keep-alive 10s on connection 1
        at 4ms server set keep-alive none
        at 5ms client close
        at 6ms server crash
        at 7ms server reboot
        at 8ms forge to server syn seq 90
        at 8ms old to server syn seq 90
        at 8ms forge to client fin psh seq 301 ack 101 length "x" window 0 mss 5 window-scale 3 sack-permitted timestamps 1 2
        at 8ms forge to server syn seq 5 from 198.51.100.7:4000 to 80 times 20 every 10ms
        at 8ms forge to server rst seq 5 from 2001:db8::1:4000
        at 8ms forge to server seq nxt+1 ack una-5
        at 8ms old to server seq isn ack isn window 4000
        at 8ms old to client seq isn-1 ack nxt
        at 9ms release segment 4
        at 9ms corrupt segment 5
        when client ESTABLISHED client send 1
        when server CLOSE-WAIT after 50ms server close
        when server receives 45 after 1ms server send 52
        when server segment 2 arrives client close
        when server fin leaves after 1ms drop segment 3
        drop client 3
        hold server 1
        delay client 2 by 200ms
        duplicate server 2
        duplicate server 3 after 1ms
        drop server syn-ack
        corrupt client data 2
        drop server every syn-ack until 3s
        drop client every from 1s until 2s
        expect client FIN-WAIT-2
        expect server ESTABLISHED at 150ms
        expect server reaches LAST-ACK
        expect segment client fin seq 101 ack 301 length 0 window 4000 times 1
        expect segment server
        expect segment client syn mss 1460 window-scale 2 sack-permitted on timestamps 10 0 times 1
        expect segment server syn-ack mss none window-scale none sack-permitted off timestamps none
        expect rule time-wait-over client times 1
        expect rule ack-advances
        expect client LISTEN on connection 2 at 1s
        expect client reaches TIME-WAIT on connection 1
        expect client told closing
        expect client told reset times 0
        expect client told given-up on connection 2 times 1
        expect server receives 45
        expect server receives 45 on connection 1 at 2s
        expect client connections 0
        expect client connections 1 at 3s
        expect server ghosts 0
        expect server ghosts 2 at 1us
        expect server half-open 3
        expect server waiting 4 at 1s
        expect client open fails already-exists at 5ms
        expect server close fails closing
    "#;
    let scenario = parse(script).unwrap_or_else(|mistakes| panic!("{mistakes}"));
    assert_eq!(scenario.title.as_deref(), Some("All of it, with # signs, a \"quote and commas"));
    assert_eq!(scenario.notes, ["Anything, \"as it stands", "# and more"]);
    assert_eq!((scenario.acts.len(), scenario.faults.len(), scenario.expectations.len()), (41, 9, 24));
    assert_eq!(scenario.client.profile.initial_rto, Duration::from_us(1200));
    assert_eq!(scenario.client.profile.user_timeout, Some(Duration::from_secs(120)));
    assert_eq!(parse(&scenario.to_string()), Ok(scenario));
}

#[test]
fn a_script_of_an_earlier_version_means_what_it_meant() {
    let said = parse("at 0ms forge to server seq 1 window 4000\nat 0ms old to server seq 1 window 7");
    for version_1 in ["synfin 1\n{}", "{}synfin 1 # as it was"] {
        let script = version_1.replace("{}", "at 0ms forge to server seq 1\nat 0ms old to server seq 1 window 7\n");
        assert_eq!(parse(&script), said);
    }
    assert_ne!(parse("at 0ms forge to server seq 1\nat 0ms old to server seq 1 window 7"), said);
    assert_eq!(parse("synfin 2\nat 0ms forge to server seq 1"), parse("at 0ms forge to server seq 1"));
}

#[test]
fn a_script_of_a_later_version_is_refused() {
    assert_eq!(
        mistakes("synfin 3"),
        ["line 1, column 8: found \"3\", expected version 2 or earlier: a later synfin wrote this script"]
    );
}

#[test]
fn all_mistakes_are_reported_up_to_a_limit() {
    assert_eq!(mistakes("x\n\ny\nat 0ms client open\nz").len(), 3);
    assert_eq!(mistakes(&"x\n".repeat(1000)).len(), MOST_MISTAKES);
}

#[test]
fn a_rule_that_does_not_exist_is_answered_with_the_nearest() {
    assert_eq!(
        mistakes("expect rule time-wait-ovr"),
        ["line 1, column 13: found \"time-wait-ovr\", expected the id of a rule, of those in docs/scripts.md \
          (did you mean \"time-wait-over\"?)"]
    );
    assert!(
        mistakes("expect rule keepalive")[0]
            .ends_with("(did you mean \"keep-alive-probe\", \"keep-alive-answered\", \"keep-alive-not-needed\"?)")
    );
}

/// Shows MUST-40.
#[test]
fn mistakes_name_line_column_what_is_there_and_what_should_be() {
    assert_eq!(
        mistakes("client isn 100\nat 5ms client opne\nlnk delay 5ms"),
        [
            "line 2, column 15: found \"opne\", expected one of open, listen, accept, send, receive, close, \
             abort, status, set, crash, reboot (did you mean \"open\"?)",
            "line 3, column 1: found \"lnk\", expected one of synfin, title, note, client, server, link, at, \
             when, drop, duplicate, delay, corrupt, hold, expect (did you mean \"link\"?)",
        ]
    );
    let table = [
        ("client isn", "line 1, column 11: found the end of the line, expected a number from 0 to 4294967295"),
        ("client isn -1", "line 1, column 12: found \"-1\", expected a number from 0 to 4294967295"),
        (
            "client isn 1 listen 80",
            "line 1, column 14: found \"listen\", expected a comma or a number from 0 to 4294967295",
        ),
        ("server listen 65536", "line 1, column 15: found \"65536\", expected a number from 1 to 65535"),
        ("link delay 5", "line 1, column 12: found \"5\", expected a time such as 50ms, 1.5s or 200us, at most a day"),
        (
            "link delay 90000s",
            "line 1, column 12: found \"90000s\", expected a time such as 50ms, 1.5s or 200us, at most a day",
        ),
        ("client ack-delay 500ms", "line 1, column 18: found \"500ms\", expected a time below 500 ms"),
        ("drop client 1 twice", "line 1, column 15: found \"twice\", expected one of from, until, the end of the line"),
        ("at 1ms client status twice", "line 1, column 22: found \"twice\", expected one of on, the end of the line"),
        ("at 1ms client crash now", "line 1, column 21: found \"now\", expected the end of the line"),
        (
            "at 1ms forge to server seq 5 lenght 3",
            "line 1, column 30: found \"lenght\", expected one of to, syn, fin, rst, psh, urg, ece, cwr, ack, length, window, mss, \
             window-scale, sack-permitted, timestamps, from, times, the end of the line (did you mean \"length\"?)",
        ),
        (
            "at 1ms forge to server seq 5 seq 3",
            "line 1, column 30: found \"seq\", expected one of to, syn, fin, rst, psh, urg, ece, cwr, ack, length, window, mss, \
             window-scale, sack-permitted, timestamps, from, times, the end of the line",
        ),
        ("at 1ms client send \"x", "line 1, column 22: found the end of the line, expected a closing quotation mark"),
        ("title", "line 1, column 6: found the end of the line, expected a title"),
        ("link loss 101%", "line 1, column 11: found \"101%\", expected a share such as 5% or 0.25%, at most 100%"),
        ("at 0ms forge to server syn", "line 1, column 27: found the end of the line, expected \"seq\" and a number"),
        ("at 0ms forge syn seq 1", "line 1, column 23: found the end of the line, expected \"to\" and a side"),
        (
            "client challenge-limit few",
            "line 1, column 24: found \"few\", expected none or a number from 0 to 4294967295",
        ),
        (
            "client keep-alive 1s often",
            "line 1, column 22: found \"often\", expected one of every, probes, a comma, the end of the line",
        ),
        ("at 0ms forge to server seq 1 from 1.2.3:4", "line 1, column 35: found \"1.2.3:4\", expected a port such as"),
        (
            "at 0ms forge to server seq una",
            "line 1, column 28: found \"una\", expected a number from 0 to 4294967295, or isn, nxt with +N or -N",
        ),
        (
            "at 0ms forge to server seq 1 ack nxt*2",
            "line 1, column 34: found \"nxt*2\", expected a number from 0 to 4294967295, or isn, una, nxt with +N or -N",
        ),
        ("at 0ms release segment 0", "line 1, column 24: found \"0\", expected a number from 1 to 4294967295"),
        ("client keep-alive 1s probes 1", "line 1, column 29: found \"1\", expected a number from 2 to 100"),
        ("client rto 0ms", "line 1, column 12: found \"0ms\", expected a time from 1 ms to a day"),
        ("client min-rto 999us", "line 1, column 16: found \"999us\", expected a time from 1 ms to a day"),
        ("client max-rto 0s", "line 1, column 16: found \"0s\", expected a time from 1 ms to a day"),
        ("client clock-granularity 0s", "line 1, column 26: found \"0s\", expected a time from 1 ms to a day"),
        ("client keep-alive 0ms", "line 1, column 19: found \"0ms\", expected a time from 1 ms to a day"),
        ("client keep-alive 1s every 0ms", "line 1, column 28: found \"0ms\", expected a time from 1 ms to a day"),
        ("client isn 1, , port 2", "line 1, column 15: found a comma, expected one of "),
    ];
    for (script, expected) in table {
        let found = mistakes(script);
        assert!(found.len() == 1 && found[0].starts_with(expected), "{script}: {found:?}");
    }
}

/// What people write who know other tools, and what they are offered.
#[test]
fn mistakes_offer_what_is_meant() {
    for (script, offered) in [
        ("expect segment client len 10", "length"),
        ("expect segment client SYN", "syn"),
        ("expect client ESTABLISHED after 5s", "at"),
        ("drop client SYN-ACK", "syn-ack"),
        ("when client ESTABLISHED aftr 1ms client close", "after"),
        ("at 0ms client connect", "open"),
        ("at 0ms client shutdown", "close"),
        ("at 0ms client reset", "abort"),
        ("at 0ms client kill", "close all\" or \"crash"),
        ("at 0ms client read", "receive"),
        ("at 0ms client write 5", "send"),
        ("at 0ms client recv", "receive"),
        ("at 0ms client send 5 on conn 2", "connection"),
        ("at 0ms lose segment 3", "drop"),
        ("client SACK on", "sack-permitted"),
    ] {
        let found = mistakes(script);
        assert!(
            found.len() == 1 && found[0].ends_with(&format!("(did you mean \"{offered}\"?)")),
            "{script}: {found:?}"
        );
    }
}

#[test]
fn words_that_are_in_no_doubt_are_read_as_they_are_meant() {
    for (written, meant) in [
        ("expect client established", "expect client ESTABLISHED"),
        ("expect client FIN_WAIT2 at 1s", "expect client FIN-WAIT-2 at 1000ms"),
        ("expect client reaches SYN_RECV", "expect client reaches SYN-RECEIVED"),
        ("expect client reaches SYN_RCVD", "expect client reaches SYN-RECEIVED"),
        ("expect client reaches Time_Wait", "expect client reaches TIME-WAIT"),
        ("expect client ESTAB", "expect client ESTABLISHED"),
        ("expect server listen", "expect server LISTEN"),
        ("expect server listen fails already-exists", "expect server listen fails already-exists"),
        ("when server close_wait server close", "when server CLOSE-WAIT server close"),
        ("at 1s drop 3", "at 1s drop segment 3"),
        ("at 1s delay 3 by 1ms", "at 1s delay segment 3 by 1ms"),
        (
            "at 1s forge rst from 198.51.100.7:5 seq 5 to 80 mss 1 to server ack 7 fin",
            "at 1s forge to server fin rst seq 5 ack 7 mss 1 from 198.51.100.7:5 to 80",
        ),
        ("at 1s old to client seq nxt-4294967295 ack nxt+4294967295", "at 1s old to client seq nxt+1 ack nxt-1"),
        ("at 1s old to client seq nxt-0", "at 1s old to client seq nxt"),
        ("at 1s old seq 5 to client to 5000 syn", "at 1s old to client syn seq 5 to 5000"),
    ] {
        assert_eq!(parse(written), parse(meant), "{written}");
    }
}

#[test]
fn scripts_have_limits() {
    assert!(mistakes(&"#".repeat(MOST_OCTETS + 1))[0].contains("expected at most 65536"));
    assert!(mistakes(&"\n".repeat(MOST_LINES + 1))[0].contains("expected at most 2000"));
    assert!(mistakes("at 0ms client send 65537")[0].contains("expected a number from 1 to 65536"));
    assert!(mistakes("at 0ms forge to server seq 1 times 1001 every 1ms")[0].contains("from 1 to 1000"));
}

#[test]
fn times_are_exact() {
    let table = [("1.5ms", Some(1500)), ("0.0005ms", None), ("1", None), (".5s", None), ("1min", Some(60_000_000))];
    for (text, us) in table {
        assert_eq!(parse_duration(text).map(Duration::as_us), us, "{text}");
    }
}
