//! Why an endpoint did what it did: the words for each [`Rule`].

use crate::rule::Rule;

use super::{Language, Phrase};

/// The words for a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RuleText {
    /// What was decided: a heading of at most 60 characters that is also a clause of a sentence.
    pub title: &'static str,
    /// Why it must be so: one to three sentences.
    pub why: &'static str,
}

/// A rule in every language.
struct Words {
    title: Phrase,
    why: Phrase,
}

/// The words for `rule`. "This side" is the one that decides.
pub fn rule(rule: Rule, language: Language) -> RuleText {
    let Words { title, why } = words(rule);
    RuleText { title: title.in_language(language), why: why.in_language(language) }
}

const fn words(rule: Rule) -> Words {
    match rule {
        Rule::PassiveOpen => Words {
            title: Phrase {
                en: "A passive OPEN waits for a SYN",
                hant: "被動 OPEN 等待 SYN",
                hans: "被动 OPEN 等待 SYN",
            },
            why: Phrase {
                en: "This side does not know who will connect, or when, so it sends nothing. It has no sequence \
                    number yet either: it chooses one when a SYN arrives.",
                hant: "這一端不知道誰會在何時來連線，所以什麼也不送。此時它連序號都還沒有：等到 SYN 抵達，才選定自己\
                    的初始序號。",
                hans: "这一端不知道谁会在何时发起连接，所以什么也不发送。此时它连序列号都还没有：等到 SYN 到达，才选\
                    定自己的初始序列号。",
            },
        },
        Rule::ActiveOpen => Words {
            title: Phrase {
                en: "An active OPEN sends a SYN with its initial number",
                hant: "主動 OPEN 以 SYN 送出自己的初始序號",
                hans: "主动 OPEN 用 SYN 发出自己的初始序列号",
            },
            why: Phrase {
                en: "The SYN says from which initial sequence number (ISS) this side counts. The number differs from \
                    one connection to the next, so that segments left over from an earlier connection are not taken \
                    for new ones. The SYN itself occupies one number: so it can be acknowledged, and repeated if it \
                    is lost.",
                hant: "SYN 說明這一端從哪個初始序號（ISS）開始計數。每條連線的初始序號都不同，先前連線殘留的報文段才\
                    不會被誤認為新的。SYN 本身佔用一個序號，因此可以被確認，遺失時也可以重傳。",
                hans: "SYN 说明这一端从哪个初始序列号（ISS）开始计数。每个连接的初始序列号都不同，先前连接残留的报文\
                    段才不会被误认为新的。SYN 本身占用一个序列号，因此可以被确认，丢失时也可以重传。",
            },
        },
        Rule::SynInListen => Words {
            title: Phrase {
                en: "A listener answers a SYN with a SYN,ACK",
                hant: "監聽端以 SYN,ACK 回應 SYN",
                hans: "监听方以 SYN,ACK 回应 SYN",
            },
            why: Phrase {
                en: "One segment says two things: its ACK confirms the other side's number, and its SYN announces \
                    this side's own. A single SYN proves nothing about the present, since it may be an old duplicate \
                    or forged. So this side waits in SYN-RECEIVED until somebody acknowledges exactly the number \
                    that it has just chosen.",
                hant: "一個報文段說兩件事：ACK 確認對方的序號，SYN 宣告自己的序號。單憑一個 SYN 不能證明對方此刻真要\
                    連線，因為它可能是舊的重複報文段，也可能是偽造的。所以這一端停在 SYN-RECEIVED，等對方確認它剛選\
                    定的那個序號。",
                hans: "一个报文段说两件事：ACK 确认对方的序列号，SYN 宣告自己的序列号。单凭一个 SYN 不能证明对方此刻\
                    真要连接，因为它可能是旧的重复报文段，也可能是伪造的。所以这一端停在 SYN-RECEIVED，等对方确认它\
                    刚选定的那个序列号。",
            },
        },
        Rule::ResetInListen => Words {
            title: Phrase {
                en: "A listener ignores a reset", hant: "監聽端不理會 RST", hans: "监听方不理会 RST"
            },
            why: Phrase {
                en: "There is no connection here that a reset could end. Nor is a reset ever answered: two sides \
                    that answered resets with resets would never stop.",
                hant: "這裡沒有可供 RST 終止的連線。RST 也從不需要回應：如果雙方都以 RST 回應 RST，就會沒完沒了。",
                hans: "这里没有可供 RST 终止的连接。RST 也从不需要回应：如果双方都用 RST 回应 RST，就会没完没了。",
            },
        },
        Rule::AckInListen => Words {
            title: Phrase {
                en: "A listener answers an ACK with a reset",
                hant: "監聽端以 RST 回應 ACK",
                hans: "监听方以 RST 回应 ACK",
            },
            why: Phrase {
                en: "In LISTEN this side has sent nothing, so nothing can be acknowledged: the ACK belongs to a \
                    connection that is gone here, or it is forged. The reset takes its seq from that ack, so a \
                    sender that still believes in such a connection accepts it and gives the connection up.",
                hant: "處於 LISTEN 的一端什麼都沒送過，不可能有東西可確認：這個 ACK 屬於這裡已不存在的連線，或是偽造\
                    的。RST 的 seq 取自那個 ack，所以仍以為連線存在的一方會接受它，並放棄連線。",
                hans: "处于 LISTEN 的一端什么都没发过，不可能有东西可确认：这个 ACK 属于这里已不存在的连接，或是伪造\
                    的。RST 的 seq 取自那个 ack，所以仍以为连接存在的一方会接受它，并放弃连接。",
            },
        },
        Rule::NeitherSynNorAckInListen => Words {
            title: Phrase {
                en: "A listener drops a segment without SYN, ACK or RST",
                hant: "監聽端丟棄沒有 SYN、ACK、RST 的報文段",
                hans: "监听方丢弃没有 SYN、ACK、RST 的报文段",
            },
            why: Phrase {
                en: "Only a SYN can begin a connection, and this segment does not even acknowledge anything. It \
                    belongs to no connection here and carries nothing to answer.",
                hant: "只有 SYN 能開始一條連線，而這個報文段連確認都沒有。它不屬於這裡的任何連線，也沒有什麼可回應\
                    的。",
                hans: "只有 SYN 能开始一个连接，而这个报文段连确认都没有。它不属于这里的任何连接，也没有什么可回应\
                    的。",
            },
        },
        Rule::NoConnection => Words {
            title: Phrase {
                en: "There is no connection and no listener for it",
                hant: "這裡沒有對應的連線，也沒有監聽端",
                hans: "这里没有对应的连接，也没有监听方",
            },
            why: Phrase {
                en: "A reset says at once what silence would leave the sender to find out by waiting. This side has \
                    no numbers of its own, so it takes those of the segment that it answers: seq is the other's ack \
                    or, if there was none, seq is 0 and ack covers all of the segment. Only so can the sender tell \
                    that the reset is meant for it.",
                hant: "RST 立刻說明情況；若保持沉默，對方只能等到逾時才知道。這一端沒有自己的序號，只好借用所回應的\
                    報文段：有 ack 就拿來當 seq；沒有的話 seq 為 0，而 ack 涵蓋整個報文段。對方由此才能判斷這個 RST \
                    是針對自己的。",
                hans: "RST 立刻说明情况；若保持沉默，对方只能等到超时才知道。这一端没有自己的序列号，只好借用所回应\
                    的报文段：有 ack 就拿来当 seq；没有的话 seq 为 0，而 ack 涵盖整个报文段。对方由此才能判断这个 \
                    RST 是针对自己的。",
            },
        },
        Rule::ResetInClosed => Words {
            title: Phrase {
                en: "A reset that meets no connection is dropped",
                hant: "沒有對應連線的 RST 直接丟棄",
                hans: "没有对应连接的 RST 直接丢弃",
            },
            why: Phrase {
                en: "There is nothing here that it could end. And a reset is never answered with a reset, or the two \
                    sides could go on for ever.",
                hant: "這裡沒有可終止的東西。RST 也絕不能以 RST 回應，否則雙方可能永遠來回下去。",
                hans: "这里没有可终止的东西。RST 也绝不能用 RST 回应，否则双方可能永远来回下去。",
            },
        },
        Rule::ImpossibleAddress => Words {
            title: Phrase {
                en: "A segment with an impossible address is ignored",
                hant: "位址不可能屬於任何連線的報文段會被忽略",
                hans: "地址不可能属于任何连接的报文段会被忽略",
            },
            why: Phrase {
                en: "A connection joins two hosts. A segment that comes from a broadcast or multicast address, or is \
                    not addressed to this host alone, can belong to none. An answer could reach many hosts at once, \
                    or the wrong one.",
                hant: "一條連線只連接兩部主機。來自廣播或多播位址、或不是只寄給這部主機的報文段，不可能屬於任何連\
                    線。若加以回應，可能同時送到許多主機，或送錯主機。",
                hans: "一个连接只连接两台主机。来自广播或多播地址、或不是只发给这台主机的报文段，不可能属于任何连\
                    接。如果予以响应，可能同时到达许多主机，或送错主机。",
            },
        },
        Rule::AckNotOfOurSynInSynSent => Words {
            title: Phrase {
                en: "The ACK does not fit the SYN that was sent",
                hant: "這個 ACK 確認的不是剛送出的 SYN",
                hans: "这个 ACK 确认的不是刚发出的 SYN",
            },
            why: Phrase {
                en: "In SYN-SENT only the SYN has been sent, so the only acceptable ack is ISS + 1. Any other \
                    answers an old duplicate of a SYN, or is forged. The reset takes its seq from that ack: so the \
                    other side accepts it and drops its half of a connection that nobody wants now.",
                hant: "在 SYN-SENT 只送出過 SYN，所以唯一可接受的 ack 是 ISS + 1。其他值回應的是舊的重複 SYN，或是偽\
                    造的。RST 的 seq 取自那個 ack，對方因此會接受它，丟掉此刻沒有人要的半條連線。",
                hans: "在 SYN-SENT 只发出过 SYN，所以唯一可接受的 ack 是 ISS + 1。其他值回应的是旧的重复 SYN，或是伪\
                    造的。RST 的 seq 取自那个 ack，对方因此会接受它，丢掉此刻没有人要的半个连接。",
            },
        },
        Rule::ResetNotForOurSyn => Words {
            title: Phrase {
                en: "The reset does not prove that it saw the SYN",
                hant: "這個 RST 無法證明它看過這個 SYN",
                hans: "这个 RST 无法证明它见过这个 SYN",
            },
            why: Phrase {
                en: "In SYN-SENT this side does not know the other side's numbers yet, so it cannot judge a reset by \
                    its seq. It can judge the ack: who has seen the SYN acknowledges ISS + 1. Without that the reset \
                    may be old or forged, and is ignored.",
                hant: "在 SYN-SENT 還不知道對方的序號，無法憑 seq 判斷 RST 的真假。能判斷的是 ack：看過這個 SYN 的一\
                    方會確認 ISS + 1。若非如此，這個 RST 可能是舊的或偽造的，因此不予理會。",
                hans: "在 SYN-SENT 还不知道对方的序列号，无法凭 seq 判断 RST 的真假。能判断的是 ack：见过这个 SYN 的\
                    一方会确认 ISS + 1。若非如此，这个 RST 可能是旧的或伪造的，因此不予理会。",
            },
        },
        Rule::ResetOfOurSyn => Words {
            title: Phrase {
                en: "The other side refuses the SYN", hant: "對方拒絕這個 SYN", hans: "对方拒绝这个 SYN"
            },
            why: Phrase {
                en: "The reset acknowledges exactly ISS + 1, so it answers this very SYN: usually nobody listens on \
                    that port. To repeat the SYN would only bring the same answer. RFC 9293 has the application told \
                    “connection reset” here; many systems report “connection refused”.",
                hant: "RST 恰好確認 ISS + 1，可見它回應的正是這個 SYN：通常是那個連接埠沒有人監聽。再送一次 SYN 只會\
                    得到同樣的答覆。依 RFC 9293，此時告知應用程式的是「connection reset」；許多系統則回報\
                    「connection refused」。",
                hans: "RST 恰好确认 ISS + 1，可见它回应的正是这个 SYN：通常是那个端口没有人监听。再发一次 SYN 只会得\
                    到同样的答复。按照 RFC 9293，此时告知应用程序的是“connection reset”；许多系统则报告“connection \
                    refused”。",
            },
        },
        Rule::NoSynInSynSent => Words {
            title: Phrase {
                en: "Without a SYN the other side's numbers are unknown",
                hant: "沒有 SYN 就無從得知對方的序號",
                hans: "没有 SYN 就无从得知对方的序列号",
            },
            why: Phrase {
                en: "In SYN-SENT there is no RCV.NXT yet: only a SYN says where the other side begins to count. \
                    Until it comes, nothing that this segment carries can be placed, so it is dropped.",
                hant: "在 SYN-SENT 還沒有 RCV.NXT：只有 SYN 能說明對方從哪裡開始計數。在那之前，這個報文段的內容無從\
                    定位，只能丟棄。",
                hans: "在 SYN-SENT 还没有 RCV.NXT：只有 SYN 能说明对方从哪里开始计数。在那之前，这个报文段的内容无从\
                    定位，只能丢弃。",
            },
        },
        Rule::SynAckOfOurSyn => Words {
            title: Phrase {
                en: "The SYN,ACK answers the SYN that was sent",
                hant: "SYN,ACK 回應了先前送出的 SYN",
                hans: "SYN,ACK 回应了先前发出的 SYN",
            },
            why: Phrase {
                en: "Its ack is ISS + 1, so the other side has received this very SYN and not an old one; its seq \
                    says where the other side begins to count. This side now knows both numbers and is ESTABLISHED. \
                    Its ACK must still tell the other side, and it will not learn whether that ACK arrives until \
                    data or another ACK comes back.",
                hant: "它的 ack 是 ISS + 1，可見對方收到的正是這個 SYN，而不是舊的；它的 seq 說明對方從哪裡開始計\
                    數。這一端已知道雙方的序號，進入 ESTABLISHED。它還得用 ACK 告訴對方，而這個 ACK 到了沒有，要等對\
                    方再送來資料或 ACK 才知道。",
                hans: "它的 ack 是 ISS + 1，可见对方收到的正是这个 SYN，而不是旧的；它的 seq 说明对方从哪里开始计\
                    数。这一端已知道双方的序列号，进入 ESTABLISHED。它还得用 ACK 告诉对方，而这个 ACK 到了没有，要等\
                    对方再发来数据或 ACK 才知道。",
            },
        },
        Rule::SimultaneousOpen => Words {
            title: Phrase {
                en: "Both sides have opened at the same time",
                hant: "雙方同時發起連線",
                hans: "双方同时发起连接",
            },
            why: Phrase {
                en: "This SYN acknowledges nothing: it left before the other side had seen this side's SYN. This \
                    side now knows the other's number, but not whether its own is known over there. So it repeats \
                    its SYN, this time with an ACK; one connection comes of it, not two.",
                hant: "這個 SYN 沒有確認任何東西：它送出時，對方還沒看到這一端的 SYN。這一端現在知道對方的序號，卻不\
                    知道對方是否知道自己的。所以它重送自己的 SYN，這次帶上 ACK；最後得到的是一條連線，不是兩條。",
                hans: "这个 SYN 没有确认任何东西：它发出时，对方还没看到这一端的 SYN。这一端现在知道对方的序列号，却\
                    不知道对方是否知道自己的。所以它重发自己的 SYN，这次带上 ACK；最后得到的是一个连接，不是两个。",
            },
        },
        Rule::ReceivedSynTrimmed => Words {
            title: Phrase {
                en: "The SYN that was already received is set aside",
                hant: "先把已經收過的 SYN 去掉",
                hans: "先把已经收过的 SYN 去掉",
            },
            why: Phrase {
                en: "The SYN in this SYN,ACK stands just before RCV.NXT, so by the letter the segment lies outside \
                    the window and its ACK would never count. RFC 9293 appendix A.2 names the problem. Without the \
                    known SYN the rest can be judged, and the simultaneous open of figure 7 comes to its end.",
                hant: "這個 SYN,ACK 裡的 SYN 恰好在 RCV.NXT 之前，照字面規則整個報文段都在視窗之外，它的 ACK 永遠不\
                    會算數。RFC 9293 附錄 A.2 提到了這個問題。去掉已知的 SYN，其餘部分就能判斷，圖 7 的同時開啟才能\
                    完成。",
                hans: "这个 SYN,ACK 里的 SYN 恰好在 RCV.NXT 之前，照字面规则整个报文段都在窗口之外，它的 ACK 永远不\
                    会算数。RFC 9293 附录 A.2 提到了这个问题。去掉已知的 SYN，其余部分就能判断，图 7 的同时打开才能\
                    完成。",
            },
        },
        Rule::OurSynAcknowledged => Words {
            title: Phrase {
                en: "The ACK confirms the SYN that was sent",
                hant: "ACK 確認了先前送出的 SYN",
                hans: "ACK 确认了先前发出的 SYN",
            },
            why: Phrase {
                en: "This side chose its number only now, so whoever acknowledges ISS + 1 has just seen its SYN: the \
                    other side is really there, and its SYN was no old duplicate. Now this side too knows that both \
                    numbers have been received, and the handshake is complete.",
                hant: "這一端的序號是剛剛才選定的，能確認 ISS + 1 的一方必定剛看過它的 SYN：對方確實在，先前的 SYN \
                    不是舊的重複報文段。這一端也知道雙方的序號都已送達，握手就此完成。",
                hans: "这一端的序列号是刚刚才选定的，能确认 ISS + 1 的一方必定刚见过它的 SYN：对方确实在，先前的 SYN \
                    不是旧的重复报文段。这一端也知道双方的序列号都已送达，握手就此完成。",
            },
        },
        Rule::AckNotOfOurSyn => Words {
            title: Phrase {
                en: "The ACK does not confirm the SYN that was sent",
                hant: "這個 ACK 確認的不是先前送出的 SYN",
                hans: "这个 ACK 确认的不是先前发出的 SYN",
            },
            why: Phrase {
                en: "In SYN-RECEIVED only an ack of ISS + 1 counts. Another one belongs to an earlier connection or \
                    is forged; it does not prove that the other side knows this side's number. The reset takes its \
                    seq from that ack and so reaches whoever believes in it, while this side goes on waiting.",
                hant: "在 SYN-RECEIVED 只有 ISS + 1 的 ack 才算數。其他的屬於先前的連線，或是偽造的，不能證明對方知\
                    道這一端的序號。RST 的 seq 取自那個 ack，讓相信它的一方能接受，而這一端繼續等待。",
                hans: "在 SYN-RECEIVED 只有 ISS + 1 的 ack 才算数。其他的属于先前的连接，或是伪造的，不能证明对方知\
                    道这一端的序列号。RST 的 seq 取自那个 ack，让相信它的一方能接受，而这一端继续等待。",
            },
        },
        Rule::DuplicateSyn => Words {
            title: Phrase {
                en: "This SYN was already received",
                hant: "這個 SYN 先前已經收過",
                hans: "这个 SYN 先前已经收过",
            },
            why: Phrase {
                en: "It has the number of the first SYN, so it brings nothing new: usually the other side repeated \
                    it because no answer came in time. This side answers with a bare ACK, which says what it expects \
                    next. Where a SYN,ACK was lost, this side's own timer repeats that one.",
                hant: "它的序號與第一個 SYN 相同，沒有帶來新東西：通常是對方遲遲等不到回應而重傳。這一端只回一個 \
                    ACK，說明下一個期待的序號。如果是 SYN,ACK 遺失了，這一端自己的計時器會重傳它。",
                hans: "它的序列号与第一个 SYN 相同，没有带来新东西：通常是对方迟迟等不到回应而重传。这一端只回一个 \
                    ACK，说明下一个期待的序列号。如果是 SYN,ACK 丢失了，这一端自己的定时器会重传它。",
            },
        },
        Rule::DuplicateSynAck => Words {
            title: Phrase {
                en: "This SYN,ACK was already received",
                hant: "這個 SYN,ACK 先前已經收過",
                hans: "这个 SYN,ACK 先前已经收过",
            },
            why: Phrase {
                en: "The other side usually repeats it because it has not seen the ACK for the first one: that ACK \
                    was lost, or is late. So this side acknowledges again; a lost ACK would otherwise leave the \
                    other side in SYN-RECEIVED.",
                hant: "對方重傳通常是因為沒看到第一次的 ACK：那個 ACK 遺失了，或還在路上。所以這一端再確認一次；否則 \
                    ACK 一旦遺失，對方就會一直停在 SYN-RECEIVED。",
                hans: "对方重传通常是因为没看到第一次的 ACK：那个 ACK 丢失了，或还在路上。所以这一端再确认一次；否则 \
                    ACK 一旦丢失，对方就会一直停在 SYN-RECEIVED。",
            },
        },
        Rule::DuplicateFin => Words {
            title: Phrase {
                en: "This FIN was already received",
                hant: "這個 FIN 先前已經收過",
                hans: "这个 FIN 先前已经收过",
            },
            why: Phrase {
                en: "The other side usually repeats its FIN because no ACK for it came in time: that ACK was lost, \
                    or is late. So this side acknowledges again; otherwise the other side would go on repeating \
                    until it gives up.",
                hant: "對方重傳 FIN 通常是因為沒有及時收到 ACK：那個 ACK 遺失了，或還在路上。所以這一端再確認一次；\
                    否則對方會一直重傳到放棄為止。",
                hans: "对方重传 FIN 通常是因为没有及时收到 ACK：那个 ACK 丢失了，或还在路上。所以这一端再确认一次；\
                    否则对方会一直重传到放弃为止。",
            },
        },
        Rule::SegmentBeforeWindow => Words {
            title: Phrase {
                en: "The segment lies before the window",
                hant: "報文段位於視窗之前",
                hans: "报文段位于窗口之前",
            },
            why: Phrase {
                en: "It begins before RCV.NXT and brings nothing that fits the window: an old duplicate, or a \
                    repetition of what did arrive. To take it again would count its octets twice. The ACK states \
                    RCV.NXT, so that a sender that missed the first acknowledgment learns it now.",
                hant: "它從 RCV.NXT 之前開始，也沒有帶來視窗內的新內容：可能是舊的重複報文段，或是重傳了其實已送達的\
                    東西。再收一次，位元組就會重複計算。ACK 說明 RCV.NXT，讓錯過先前確認的一方現在得知。",
                hans: "它从 RCV.NXT 之前开始，也没有带来窗口内的新内容：可能是旧的重复报文段，或是重传了其实已送达的\
                    东西。再收一次，字节就会重复计算。ACK 说明 RCV.NXT，让错过先前确认的一方现在得知。",
            },
        },
        Rule::SegmentBeyondWindow => Words {
            title: Phrase {
                en: "The segment lies beyond the window",
                hant: "報文段位於視窗之後",
                hans: "报文段位于窗口之后",
            },
            why: Phrase {
                en: "This side has promised room for RCV.WND octets from RCV.NXT on, and a sender that knows this \
                    stays within it. What lies beyond is left over from another connection, is forged, or comes from \
                    a confused sender. It is dropped, and the ACK says what is expected and how much room there is.",
                hant: "這一端只承諾從 RCV.NXT 起有 RCV.WND 個位元組的空間，知情的傳送端不會超出。位於後方的不是其他\
                    連線的殘留，就是偽造的，或來自狀態錯亂的一方。它會被丟棄，ACK 則說明期待的序號與剩餘的空間。",
                hans: "这一端只承诺从 RCV.NXT 起有 RCV.WND 个字节的空间，知情的发送方不会超出。位于后面的不是其他连\
                    接的残留，就是伪造的，或来自状态错乱的一方。它会被丢弃，ACK 则说明期待的序列号与剩余的空间。",
            },
        },
        Rule::WindowIsClosed => Words {
            title: Phrase {
                en: "The receive window is closed", hant: "接收視窗已經關閉", hans: "接收窗口已经关闭"
            },
            why: Phrase {
                en: "RCV.WND is 0: the application has not yet read what fills the buffer, so what this segment \
                    brings cannot be kept and must come again later. It is answered all the same, for the ACK states \
                    the window and shows that this side is alive. The ack in the segment still counts.",
                hant: "RCV.WND 為 0：應用程式還沒讀走塞滿緩衝區的資料，這個報文段帶來的內容無法留下，之後必須再送。\
                    但仍要回應，因為 ACK 說明視窗大小，也表示這一端還在。報文段裡的 ack 照樣算數。",
                hans: "RCV.WND 为 0：应用程序还没读走占满缓冲区的数据，这个报文段带来的内容无法留下，之后必须再发。\
                    但仍要回应，因为 ACK 说明窗口大小，也表示这一端还在。报文段里的 ack 照样算数。",
            },
        },
        Rule::ResetOutsideWindow => Words {
            title: Phrase {
                en: "The reset lies outside the window",
                hant: "RST 位於視窗之外",
                hans: "RST 位于窗口之外",
            },
            why: Phrase {
                en: "A reset from the real other side carries a number that is expected here. One outside the window \
                    is left over from an earlier connection, or guessed; to obey it would let strangers cut \
                    connections. It is not answered either, since a reset never is.",
                hant: "真正來自對方的 RST 會帶著這裡期待的序號。位於視窗之外的，是先前連線的殘留，或是瞎猜的；如果照\
                    辦，任何陌生人都能切斷連線。它也不會得到回應，因為 RST 從不需要回應。",
                hans: "真正来自对方的 RST 会带着这里期待的序列号。位于窗口之外的，是先前连接的残留，或是瞎猜的；如果\
                    照办，任何陌生人都能切断连接。它也不会得到回应，因为 RST 从不需要回应。",
            },
        },
        Rule::ResetChallenged => Words {
            title: Phrase {
                en: "The reset is not exactly at RCV.NXT",
                hant: "RST 的序號並非恰好是 RCV.NXT",
                hans: "RST 的序列号并非恰好是 RCV.NXT",
            },
            why: Phrase {
                en: "A number somewhere in the window is easy to guess; exactly RCV.NXT is hard. So this side does \
                    not obey, but asks with a challenge ACK. If the other side really has no connection, it answers \
                    with a reset whose seq is that ack, exactly RCV.NXT, and that one counts.",
                hant: "猜中視窗內的某個序號很容易，恰好猜中 RCV.NXT 就難了。所以這一端不照辦，而是以挑戰 ACK 追問。\
                    對方若真的沒有這條連線，會回一個 RST，seq 就是那個 ack，恰好是 RCV.NXT，那個才算數。",
                hans: "猜中窗口内的某个序列号很容易，恰好猜中 RCV.NXT 就难了。所以这一端不照办，而是用挑战 ACK 追\
                    问。对方若真的没有这个连接，会回一个 RST，seq 就是那个 ack，恰好是 RCV.NXT，那个才算数。",
            },
        },
        Rule::ResetIgnoredInTimeWait => Words {
            title: Phrase {
                en: "TIME-WAIT ignores the reset",
                hant: "TIME-WAIT 不理會 RST",
                hans: "TIME-WAIT 不理会 RST",
            },
            why: Phrase {
                en: "An old duplicate can draw such a reset from a peer that has already closed. If it ended \
                    TIME-WAIT, other old segments could then disturb a new connection between the same two sockets \
                    (RFC 1337). To go on waiting costs this side nothing but time.",
                hant: "舊的重複報文段可能讓已經關閉的對方送出這樣的 RST。如果 TIME-WAIT 因此結束，其他舊報文段就可能\
                    干擾同一對 socket 之間的新連線（RFC 1337）。繼續等下去，這一端除了時間沒有損失。",
                hans: "旧的重复报文段可能让已经关闭的对方发出这样的 RST。如果 TIME-WAIT 因此结束，其他旧报文段就可能\
                    干扰同一对套接字之间的新连接（RFC 1337）。继续等下去，这一端除了时间没有损失。",
            },
        },
        Rule::ResetReturnsToListen => Words {
            title: Phrase {
                en: "A reset takes back the connection request",
                hant: "RST 撤回了連線請求",
                hans: "RST 撤回了连接请求",
            },
            why: Phrase {
                en: "Over there nobody wants this connection: often the SYN was an old duplicate. The application \
                    here does not know of the request yet, so it need not be told. Only the half-open connection \
                    goes; the listener waits for the next SYN.",
                hant: "對方並不想要這條連線：那個 SYN 往往是舊的重複報文段。這裡的應用程式還不知道有這個請求，不必告\
                    知。消失的只是半開的連線，監聽端繼續等下一個 SYN。",
                hans: "对方并不想要这个连接：那个 SYN 往往是旧的重复报文段。这里的应用程序还不知道有这个请求，不必告\
                    知。消失的只是半开的连接，监听方继续等下一个 SYN。",
            },
        },
        Rule::ResetRefuses => Words {
            title: Phrase {
                en: "A reset refuses the connection",
                hant: "RST 拒絕了這條連線",
                hans: "RST 拒绝了这个连接",
            },
            why: Phrase {
                en: "This side had opened actively, and its application waits for the outcome. The reset carries a \
                    number that is expected here, so the other side does not want the connection, and the \
                    application is told “connection refused”.",
                hant: "這一端是主動發起的，應用程式正在等結果。RST 帶著這裡期待的序號，可見對方不要這條連線，於是告\
                    知應用程式「connection refused」。",
                hans: "这一端是主动发起的，应用程序正在等结果。RST 带着这里期待的序列号，可见对方不要这个连接，于是\
                    告知应用程序“connection refused”。",
            },
        },
        Rule::ResetEndsConnection => Words {
            title: Phrase {
                en: "A reset ends the connection", hant: "RST 終止了這條連線", hans: "RST 终止了这个连接"
            },
            why: Phrase {
                en: "The reset carries a number that is expected here, so it is believed: over there the connection \
                    is gone or was aborted. Nothing more can be delivered in either direction, and what was not \
                    acknowledged may be lost. So the application is told “connection reset”.",
                hant: "RST 帶著這裡期待的序號，所以可信：對方那邊的連線已不存在或已被中止。兩個方向都無法再送達任何\
                    東西，尚未確認的資料可能已經遺失。因此告知應用程式「connection reset」。",
                hans: "RST 带着这里期待的序列号，所以可信：对方那边的连接已不存在或已被中止。两个方向都无法再送达任\
                    何东西，尚未确认的数据可能已经丢失。因此告知应用程序“connection reset”。",
            },
        },
        Rule::ResetWhileLeaving => Words {
            title: Phrase {
                en: "A reset ends a connection that was closing anyway",
                hant: "RST 終止了本來就在關閉的連線",
                hans: "RST 终止了本来就在关闭的连接",
            },
            why: Phrase {
                en: "Both sides have sent a FIN and the application here has closed, so it is not told anything \
                    more. In TIME-WAIT this cuts the wait short, and nobody is left to answer a repeated FIN: RFC \
                    1337 warns of it.",
                hant: "雙方都送過 FIN，這裡的應用程式也已關閉，所以不再告知它。若發生在 TIME-WAIT，等待會提早結束，\
                    之後便沒有人能回應重傳的 FIN：RFC 1337 對此提出警告。",
                hans: "双方都发过 FIN，这里的应用程序也已关闭，所以不再告知它。若发生在 TIME-WAIT，等待会提前结束，\
                    之后便没有人能回应重传的 FIN：RFC 1337 对此提出警告。",
            },
        },
        Rule::SynReturnsToListen => Words {
            title: Phrase {
                en: "A different SYN takes back the connection request",
                hant: "另一個 SYN 撤回了先前的連線請求",
                hans: "另一个 SYN 撤回了先前的连接请求",
            },
            why: Phrase {
                en: "Only half a connection exists here, and another SYN began it. A SYN with a new number in the \
                    window says that the other side begins anew. The old request is dropped without a word, the \
                    listener waits again, and the other side's timer will repeat the new SYN.",
                hant: "這裡只有半條連線，而且是由另一個 SYN 開始的。視窗內出現序號不同的 SYN，表示對方要重新開始。舊\
                    請求就此默默丟棄，監聽端重新等待，對方的計時器會再送一次新的 SYN。",
                hans: "这里只有半个连接，而且是由另一个 SYN 开始的。窗口内出现序列号不同的 SYN，表示对方要重新开始。\
                    旧请求就此默默丢弃，监听方重新等待，对方的定时器会再发一次新的 SYN。",
            },
        },
        Rule::SynChallenged => Words {
            title: Phrase {
                en: "A SYN inside a connection must be proven",
                hant: "連線中途的 SYN 必須證明自己",
                hans: "连接中途的 SYN 必须证明自己",
            },
            why: Phrase {
                en: "Either the other side has restarted and begins anew, or somebody guesses numbers. The challenge \
                    ACK decides: a side that has restarted knows of no such connection and answers with a reset at \
                    exactly RCV.NXT; otherwise the connection goes on unharmed.",
                hant: "若不是對方重新啟動、要從頭開始，就是有人在猜序號。挑戰 ACK 可以分辨：重新啟動的一方不知道有這\
                    條連線，會回一個恰好在 RCV.NXT 的 RST；否則連線毫髮無傷，繼續進行。",
                hans: "若不是对方重新启动、要从头开始，就是有人在猜序列号。挑战 ACK 可以分辨：重新启动的一方不知道有\
                    这个连接，会回一个恰好在 RCV.NXT 的 RST；否则连接毫发无损，继续进行。",
            },
        },
        Rule::SynInWindowResets => Words {
            title: Phrase {
                en: "A SYN in the window resets the connection",
                hant: "視窗內的 SYN 使連線重設",
                hans: "窗口内的 SYN 使连接重置",
            },
            why: Phrase {
                en: "By the older rule such a SYN shows that the two sides no longer agree on their numbers, so both \
                    begin anew. But anybody who guesses a number in the window can cut a connection that way; RFC \
                    5961 therefore sends a challenge ACK instead.",
                hant: "按照較早的規則，這樣的 SYN 表示雙方的序號已經對不上，所以雙方都得重新開始。但任何人只要猜中視\
                    窗內的序號，就能這樣切斷連線；因此 RFC 5961 改為送出挑戰 ACK。",
                hans: "按照较早的规则，这样的 SYN 表示双方的序列号已经对不上，所以双方都得重新开始。但任何人只要猜中\
                    窗口内的序列号，就能这样切断连接；因此 RFC 5961 改为发送挑战 ACK。",
            },
        },
        Rule::NoAck => Words {
            title: Phrase {
                en: "The segment has no ACK", hant: "這個報文段沒有 ACK", hans: "这个报文段没有 ACK"
            },
            why: Phrase {
                en: "Once the first SYN has been answered, there is always something received to confirm, so every \
                    segment of the connection carries an ACK. One without it comes from no sensible sender and is \
                    dropped.",
                hant: "第一個 SYN 得到回應之後，總有已收到的東西可確認，所以連線中的每個報文段都帶 ACK。沒有 ACK 的\
                    不會來自正常的傳送端，因此丟棄。",
                hans: "第一个 SYN 得到回应之后，总有已收到的东西可确认，所以连接中的每个报文段都带 ACK。没有 ACK 的\
                    不会来自正常的发送方，因此丢弃。",
            },
        },
        Rule::AckOfUnsent => Words {
            title: Phrase {
                en: "It acknowledges what was never sent",
                hant: "它確認了從未送出的東西",
                hans: "它确认了从未发送的东西",
            },
            why: Phrase {
                en: "Its ack lies beyond SND.NXT: it is forged, or the two sides disagree about their numbers. \
                    Nothing is taken from it. The ACK in return states SND.NXT and RCV.NXT, so that a confused \
                    sender can see the difference.",
                hant: "它的 ack 超過 SND.NXT：若不是偽造，就是雙方的序號對不上。裡面的內容一概不取。回送的 ACK 說明 \
                    SND.NXT 與 RCV.NXT，讓狀態錯亂的一方看得出差異。",
                hans: "它的 ack 超过 SND.NXT：若不是伪造，就是双方的序列号对不上。里面的内容一概不取。回送的 ACK 说\
                    明 SND.NXT 与 RCV.NXT，让状态错乱的一方看得出差异。",
            },
        },
        Rule::AckTooOld => Words {
            title: Phrase {
                en: "It acknowledges what is long past",
                hant: "它確認的是早已過去的東西",
                hans: "它确认的是早已过去的东西",
            },
            why: Phrase {
                en: "Its ack lies further before SND.UNA than the largest window ever reached, so no current segment \
                    can carry it: it is very old, or a blind guess that tries to slip data in. It is dropped, and \
                    the challenge ACK shows a real sender where this side stands.",
                hant: "它的 ack 比 SND.UNA 還早，差距超過曾有過的最大視窗，目前的報文段不可能帶這個值：它不是極舊，\
                    就是瞎猜序號、想混入資料。它會被丟棄，挑戰 ACK 則讓真正的傳送端知道這一端的進度。",
                hans: "它的 ack 比 SND.UNA 还早，差距超过曾有过的最大窗口，当前的报文段不可能带这个值：它不是极旧，\
                    就是瞎猜序列号、想混入数据。它会被丢弃，挑战 ACK 则让真正的发送方知道这一端的进度。",
            },
        },
        Rule::AckAdvances => Words {
            title: Phrase { en: "Data is acknowledged", hant: "資料得到確認", hans: "数据得到确认" },
            why: Phrase {
                en: "Everything before this ack has arrived, so SND.UNA moves up to it and what is confirmed leaves \
                    the retransmission queue. That the other TCP has the octets does not mean that its application \
                    has read them.",
                hant: "這個 ack 之前的一切都已送達，所以 SND.UNA 前進到這裡，已確認的內容離開重傳佇列。對方的 TCP 收\
                    到這些位元組，不代表對方的應用程式已經讀取。",
                hans: "这个 ack 之前的一切都已送达，所以 SND.UNA 前进到这里，已确认的内容离开重传队列。对方的 TCP 收\
                    到这些字节，不代表对方的应用程序已经读取。",
            },
        },
        Rule::DuplicateAck => Words {
            title: Phrase {
                en: "The ACK brings nothing new",
                hant: "這個 ACK 沒有帶來新消息",
                hans: "这个 ACK 没有带来新消息",
            },
            why: Phrase {
                en: "It repeats SND.UNA with the same window. It may be a copy or the answer to a segment that could \
                    not be used, or it may say that something is missing over there; this side just goes on waiting.",
                hant: "它只是重複 SND.UNA，視窗也沒有變。它可能是複本，可能是在回應某個無法採用的報文段，也可能表示\
                    對方還缺少什麼；這一端只管繼續等待。",
                hans: "它只是重复 SND.UNA，窗口也没有变。它可能是副本，可能是在回应某个无法采用的报文段，也可能表示\
                    对方还缺少什么；这一端只管继续等待。",
            },
        },
        Rule::AmbiguousAck => Words {
            title: Phrase {
                en: "An ACK of something repeated measures no round trip",
                hant: "重傳之後的 ACK 不用來測量往返時間",
                hans: "重传之后的 ACK 不用来测量往返时间",
            },
            why: Phrase {
                en: "The segment left more than once, and the ACK does not say which copy it answers. Time counted from the wrong one could be much too short or too long, so it is not measured (Karn’s rule), and the doubled RTO stays until something sent only once is acknowledged.",
                hant: "這個報文段送出過不只一次，而 ACK 不會說自己回應的是哪一份。從錯的那一份算起，時間可能太短或太長，所以不測量（Karn 規則）；加倍後的 RTO 保持不變，直到只送過一次的東西得到確認。",
                hans: "这个报文段发出过不止一次，而 ACK 不会说自己回应的是哪一份。从错的那一份算起，时间可能太短或太长，所以不测量（Karn 规则）；加倍后的 RTO 保持不变，直到只发过一次的东西得到确认。",
            },
        },
        Rule::RtoAfterLostSyn => Words {
            title: Phrase {
                en: "The SYN had to be repeated, so data starts with a long RTO",
                hant: "SYN 重傳過，資料階段從較長的 RTO 開始",
                hans: "SYN 重传过，数据阶段从较长的 RTO 开始",
            },
            why: Phrase {
                en: "Nobody can tell which copy of the SYN was answered, so there is no measured round trip to go by. The SYN needed longer than the first RTO; to be on the safe side, data starts with an RTO of 3 s until a segment that was sent once is acknowledged.",
                hant: "無法分辨得到回應的是哪一份 SYN，所以沒有測得的往返時間可用。既然 SYN 等得比最初的 RTO 還久，為保險起見，資料從 3 s 的 RTO 開始，直到只送過一次的報文段得到確認。",
                hans: "无法分辨得到回应的是哪一份 SYN，所以没有测得的往返时间可用。既然 SYN 等得比最初的 RTO 还久，为保险起见，数据从 3 s 的 RTO 开始，直到只发过一次的报文段得到确认。",
            },
        },
        Rule::WindowUpdated => Words {
            title: Phrase { en: "The send window changes", hant: "傳送視窗改變", hans: "发送窗口改变" },
            why: Phrase {
                en: "The ack confirms nothing new, but the segment says how much room the other side has now, and SND.WND follows it.",
                hant: "這個 ack 沒有確認新的內容，但報文段說明對方目前有多少空間，SND.WND 隨之調整。",
                hans: "这个 ack 没有确认新的内容，但报文段说明对方目前有多少空间，SND.WND 随之调整。",
            },
        },
        Rule::WindowCloses => Words {
            title: Phrase { en: "The send window closes", hant: "傳送視窗關閉", hans: "发送窗口关闭" },
            why: Phrase {
                en: "The other side’s buffer is full: its application has not read what has arrived. Nothing more may be sent now. The ACK that opens the window again can be lost, so this side will ask from time to time.",
                hant: "對方的緩衝區滿了：它的應用程式還沒讀走已送達的資料。現在不能再送。重新打開視窗的 ACK 可能遺失，所以這一端會不時探問。",
                hans: "对方的缓冲区满了：它的应用程序还没读走已送达的数据。现在不能再发。重新打开窗口的 ACK 可能丢失，所以这一端会不时探问。",
            },
        },
        Rule::WindowShrinks => Words {
            title: Phrase {
                en: "The other side takes back room that it had promised",
                hant: "對方收回了承諾過的空間",
                hans: "对方收回了承诺过的空间",
            },
            why: Phrase {
                en: "SND.UNA + SND.WND, the end of the send window, moves back. A receiver should not do that, for what it had allowed may be on its way already; but a sender has to cope with it. What lies beyond the new end now may be dropped over there, and is repeated then.",
                hant: "SND.UNA + SND.WND，也就是傳送視窗的終點，往回退了。接收端不該這麼做，因為先前准許的資料可能已在路上；但傳送端必須能應付。超出新終點的資料可能被對方丟棄，到時再重傳。",
                hans: "SND.UNA + SND.WND，也就是发送窗口的终点，往回退了。接收方不该这么做，因为先前准许的数据可能已在路上；但发送方必须能应付。超出新终点的数据可能被对方丢弃，到时再重传。",
            },
        },
        Rule::WindowIsOlder => Words {
            title: Phrase {
                en: "The window in it is older than the one that is known",
                hant: "其中的視窗值比已知的更舊",
                hans: "其中的窗口值比已知的更旧",
            },
            why: Phrase {
                en: "Segments can overtake each other. SND.WL1 and SND.WL2 say which segment the window was last taken from; this one was sent before it, so its window is out of date and does not count.",
                hant: "報文段可能後發先至。SND.WL1 與 SND.WL2 記著視窗值上次取自哪個報文段；這一個比它更早送出，其中的視窗值已經過時，不算數。",
                hans: "报文段可能后发先至。SND.WL1 与 SND.WL2 记着窗口值上次取自哪个报文段；这一个比它更早发出，其中的窗口值已经过时，不算数。",
            },
        },
        Rule::OurFinAcknowledged => Words {
            title: Phrase {
                en: "The other side acknowledges the FIN", hant: "對方確認了 FIN", hans: "对方确认了 FIN"
            },
            why: Phrase {
                en: "The other side has received everything up to the end and knows that no more will come. It may \
                    still have data of its own to send; so this side goes on receiving in FIN-WAIT-2 and waits for \
                    the other side's FIN.",
                hant: "對方已收到全部內容，也知道不會再有了。但它自己可能還有資料要送；所以這一端在 FIN-WAIT-2 繼續\
                    接收，等待對方的 FIN。",
                hans: "对方已收到全部内容，也知道不会再有了。但它自己可能还有数据要发；所以这一端在 FIN-WAIT-2 继续\
                    接收，等待对方的 FIN。",
            },
        },
        Rule::OurFinAcknowledgedInClosing => Words {
            title: Phrase {
                en: "The FIN that crossed the other one is acknowledged",
                hant: "與對方交錯的 FIN 得到確認",
                hans: "与对方交错的 FIN 得到确认",
            },
            why: Phrase {
                en: "Both sides have sent a FIN, and this side now knows that its own has arrived. It does not know \
                    whether its ACK of the other side's FIN has. So it stays in TIME-WAIT, to acknowledge again if \
                    that FIN is repeated.",
                hant: "雙方都送過 FIN，這一端現在知道自己的 FIN 已送達，卻不知道自己給對方 FIN 的 ACK 到了沒有。所以\
                    它留在 TIME-WAIT，萬一對方重傳 FIN，還能再確認一次。",
                hans: "双方都发过 FIN，这一端现在知道自己的 FIN 已送达，却不知道自己给对方 FIN 的 ACK 到了没有。所以\
                    它留在 TIME-WAIT，万一对方重传 FIN，还能再确认一次。",
            },
        },
        Rule::OurFinAcknowledgedInLastAck => Words {
            title: Phrase {
                en: "The last FIN is acknowledged",
                hant: "最後一個 FIN 得到確認",
                hans: "最后一个 FIN 得到确认",
            },
            why: Phrase {
                en: "Nothing is left to send, to receive or to confirm, and this side knows it: it can forget the \
                    connection at once. The other side cannot know whether this last ACK has arrived; that is why it \
                    waits in TIME-WAIT and this side need not.",
                hant: "再沒有要送、要收或要確認的東西，而且這一端很清楚這一點，可以立刻忘掉這條連線。對方無從得知這\
                    最後的 ACK 是否送達，所以要在 TIME-WAIT 等待的是對方，不是這一端。",
                hans: "再没有要发、要收或要确认的东西，而且这一端很清楚这一点，可以立刻忘掉这个连接。对方无从得知这\
                    最后的 ACK 是否送达，所以要在 TIME-WAIT 等待的是对方，不是这一端。",
            },
        },
        Rule::TextInOrder => Words {
            title: Phrase {
                en: "The data is the next that was expected",
                hant: "這正是接下來該收到的資料",
                hans: "这正是接下来该收到的数据",
            },
            why: Phrase {
                en: "It reaches from RCV.NXT on, so nothing is missing before it: RCV.NXT moves past what fits the \
                    window, and the application can have it in order. An ACK names the next number expected, not the \
                    last one received.",
                hant: "它從 RCV.NXT 接續而來，前面沒有缺漏：RCV.NXT 越過視窗容得下的部分，應用程式便能依序取得。ACK \
                    說的是下一個期待的序號，不是最後收到的序號。",
                hans: "它从 RCV.NXT 接续而来，前面没有缺漏：RCV.NXT 越过窗口容得下的部分，应用程序便能按顺序取得。\
                    ACK 说的是下一个期待的序列号，不是最后收到的序列号。",
            },
        },
        Rule::TextOutOfOrder => Words {
            title: Phrase {
                en: "The data comes after a gap", hant: "資料之前有缺口", hans: "数据之前有缺口"
            },
            why: Phrase {
                en: "Octets before it are missing: they were lost, or this segment has overtaken them. The \
                    application must get everything in order, so this data is kept but not delivered. The ACK \
                    repeats RCV.NXT: it says what is missing, not what has come.",
                hant: "它之前還缺位元組：若不是遺失，就是被這個報文段超前了。應用程式必須依序取得一切，所以這些資料\
                    先留著，不交付。ACK 重複 RCV.NXT：說的是缺什麼，不是收到什麼。",
                hans: "它之前还缺字节：若不是丢失，就是被这个报文段超前了。应用程序必须按顺序取得一切，所以这些数据\
                    先留着，不交付。ACK 重复 RCV.NXT：说的是缺什么，不是收到什么。",
            },
        },
        Rule::GapFilled => Words {
            title: Phrase {
                en: "The gap is filled, so what was kept follows",
                hant: "缺口補上了，先前留著的接著交付",
                hans: "缺口补上了，先前留着的接着交付",
            },
            why: Phrase {
                en: "The missing octets have come, and what had arrived after them was kept. So the application gets more than this segment carried, and one ACK confirms all of it.",
                hant: "缺少的位元組到了，而在它們之後先到的一直留著。所以應用程式得到的比這個報文段所帶的更多，一個 ACK 就確認全部。",
                hans: "缺少的字节到了，而在它们之后先到的一直留着。所以应用程序得到的比这个报文段所带的更多，一个 ACK 就确认全部。",
            },
        },
        Rule::KnownTextTrimmed => Words {
            title: Phrase {
                en: "Its first part was already received and is set aside",
                hant: "前一部分已經收過，先去掉",
                hans: "前一部分已经收过，先去掉",
            },
            why: Phrase {
                en: "It begins before RCV.NXT: a sender may repeat octets in other portions than before. What was received already is cut off, so that no octet counts twice; only the rest is looked at.",
                hant: "它從 RCV.NXT 之前開始：傳送端重傳時，分段可以與先前不同。已經收過的部分切掉，位元組才不會重複計算；只看剩下的。",
                hans: "它从 RCV.NXT 之前开始：发送方重传时，分段可以与先前不同。已经收过的部分切掉，字节才不会重复计算；只看剩下的。",
            },
        },
        Rule::CutAtWindow => Words {
            title: Phrase {
                en: "What lies beyond the window is cut off",
                hant: "視窗之外的部分切掉",
                hans: "窗口之外的部分切掉",
            },
            why: Phrase {
                en: "The segment reaches further than the room that this side has promised. What fits is taken; the text and the FIN beyond are dropped and not acknowledged, so they have to come again when there is room.",
                hant: "這個報文段超出了這一端承諾的空間。容得下的收下；超出的資料與 FIN 丟棄，也不確認，等有空間時必須再送一次。",
                hans: "这个报文段超出了这一端承诺的空间。容得下的收下；超出的数据与 FIN 丢弃，也不确认，等有空间时必须再发一次。",
            },
        },
        Rule::SynTextKept => Words {
            title: Phrase {
                en: "What came with the SYN waits for the connection",
                hant: "隨 SYN 來的內容等連線建立",
                hans: "随 SYN 来的内容等连接建立",
            },
            why: Phrase {
                en: "A SYN may carry data and even a FIN. But it may also be an old duplicate, so nothing of it is delivered or acknowledged before the other side has proven that it is there: it is kept until ESTABLISHED.",
                hant: "SYN 可以帶資料，甚至帶 FIN。但它也可能是舊的重複報文段，所以在對方證明自己確實在場之前，既不交付也不確認，先留到 ESTABLISHED。",
                hans: "SYN 可以带数据，甚至带 FIN。但它也可能是旧的重复报文段，所以在对方证明自己确实在场之前，既不交付也不确认，先留到 ESTABLISHED。",
            },
        },
        Rule::TimeWaitSkipped => Words {
            title: Phrase {
                en: "There is no TIME-WAIT in this story",
                hant: "這個故事裡沒有 TIME-WAIT",
                hans: "这个故事里没有 TIME-WAIT",
            },
            why: Phrase {
                en: "A counterfactual: this side forgets the connection as soon as it has sent its last ACK. If that ACK is lost, the FIN that comes again meets nobody and draws a reset; and an old segment may meet a new connection between the same sockets.",
                hant: "這是反事實的設定：這一端送出最後的 ACK 就忘掉連線。萬一那個 ACK 遺失，再送來的 FIN 找不到連線，只會得到 RST；舊的報文段也可能闖進同一對插座之間的新連線。",
                hans: "这是反事实的设定：这一端发出最后的 ACK 就忘掉连接。万一那个 ACK 丢失，再发来的 FIN 找不到连接，只会得到 RST；旧的报文段也可能闯进同一对套接字之间的新连接。",
            },
        },
        Rule::TwoWayHandshake => Words {
            title: Phrase {
                en: "A SYN alone is enough in this story",
                hant: "這個故事裡只要一個 SYN 就夠",
                hans: "这个故事里只要一个 SYN 就够",
            },
            why: Phrase {
                en: "A counterfactual: this side counts the connection as established, and takes data, when it has seen a SYN. It never learns whether that SYN was new: an old duplicate opens a connection with nobody behind it, and holds its resources.",
                hant: "這是反事實的設定：這一端一見到 SYN 就當作連線已建立，也開始收資料。它無從得知那個 SYN 是不是新的：舊的重複 SYN 會開出一條背後沒有人的連線，並占住資源。",
                hans: "这是反事实的设定：这一端一见到 SYN 就当作连接已建立，也开始收数据。它无从得知那个 SYN 是不是新的：旧的重复 SYN 会打开一个背后没有人的连接，并占住资源。",
            },
        },
        Rule::TwoWaySynAckAgain => Words {
            title: Phrase {
                en: "The SYN comes again, so its answer may have been lost",
                hant: "SYN 又來了，先前的回應可能遺失了",
                hans: "SYN 又来了，先前的回应可能丢失了",
            },
            why: Phrase {
                en: "In this counterfactual the server is done once its SYN,ACK has left: it waits for no third segment, so no timer of its own repeats the SYN,ACK. The client’s timer must do: where the SYN comes again, so does the answer.",
                hant: "在這個反事實的設定裡，伺服器送出 SYN,ACK 就完成了：它不等第三個報文段，也就沒有計時器會重傳 SYN,ACK。只能靠客戶端的計時器：SYN 再來，就再回應一次。",
                hans: "在这个反事实的设定里，服务器发出 SYN,ACK 就完成了：它不等第三个报文段，也就没有定时器会重传 SYN,ACK。只能靠客户端的定时器：SYN 再来，就再回应一次。",
            },
        },
        Rule::SynReusesTimeWait => Words {
            title: Phrase {
                en: "The SYN is provably new, so it may reuse the pair",
                hant: "SYN 確定是新的，可以重用這對插座",
                hans: "SYN 确定是新的，可以重用这对套接字",
            },
            why: Phrase {
                en: "Its timestamp or its number lies beyond everything the old connection used, so it cannot be a leftover of it. Waiting out the rest of TIME-WAIT would protect nothing.",
                hant: "它的時間戳或序號超出舊連線用過的一切，所以不可能是舊連線的殘留。把 TIME-WAIT 等完也保護不了什麼。",
                hans: "它的时间戳或序列号超出旧连接用过的一切，所以不可能是旧连接的残留。把 TIME-WAIT 等完也保护不了什么。",
            },
        },
        Rule::SynNotProvablyNew => Words {
            title: Phrase {
                en: "The SYN could be old, so TIME-WAIT ignores it",
                hant: "SYN 可能是舊的，TIME-WAIT 不予理會",
                hans: "SYN 可能是旧的，TIME-WAIT 不予理会",
            },
            why: Phrase {
                en: "Neither its timestamp nor its number shows that it was sent after the old connection ended. An honest sender tries again, and in the end TIME-WAIT is over.",
                hant: "它的時間戳和序號都無法證明它是在舊連線結束之後送出的。真正要連線的一方會再試，而 TIME-WAIT 總會結束。",
                hans: "它的时间戳和序列号都无法证明它是在旧连接结束之后发出的。真正要连接的一方会再试，而 TIME-WAIT 总会结束。",
            },
        },
        Rule::SynNotBeyond => Words {
            title: Phrase {
                en: "The SYN is not beyond the old connection’s numbers",
                hant: "SYN 的序號沒有超出舊連線用過的範圍",
                hans: "SYN 的序列号没有超出旧连接用过的范围",
            },
            why: Phrase {
                en: "TIME-WAIT gives its sockets only to a SYN that lies beyond every number of the old connection; the SYN of a new connection does. This one may be a leftover of the old one, so it is treated like any other SYN in TIME-WAIT.",
                hant: "TIME-WAIT 只把這對 socket 讓給序號超出舊連線一切序號的 SYN，新連線的 SYN 正是如此。這一個可能是舊連線的殘留，所以按 TIME-WAIT 裡的一般 SYN 處理。",
                hans: "TIME-WAIT 只把这对套接字让给序列号超出旧连接一切序列号的 SYN，新连接的 SYN 正是如此。这一个可能是旧连接的残留，所以按 TIME-WAIT 里的一般 SYN 处理。",
            },
        },
        Rule::ReturnsToTimeWait => Words {
            title: Phrase {
                en: "The SYN proved stale, so TIME-WAIT has its sockets back",
                hant: "那個 SYN 是舊的，socket 還給 TIME-WAIT",
                hans: "那个 SYN 是旧的，套接字还给 TIME-WAIT",
            },
            why: Phrase {
                en: "A SYN had taken over the sockets of a connection in TIME-WAIT, but nobody stands behind it. It may do so only on condition that a stale one does no harm: so the old connection goes on waiting where it was, as if nothing had happened.",
                hant: "某個 SYN 接手了處於 TIME-WAIT 的連線的 socket，背後卻沒有人。准許接手的條件，是舊的 SYN 不會造成損害：所以原來的連線從原處繼續等，就像什麼也沒發生。",
                hans: "某个 SYN 接手了处于 TIME-WAIT 的连接的套接字，背后却没有人。准许接手的条件，是旧的 SYN 不会造成损害：所以原来的连接从原处继续等，就像什么也没发生。",
            },
        },
        Rule::ChallengeLimitReached => Words {
            title: Phrase {
                en: "The limit of such ACKs for this second is reached",
                hant: "這一秒的這類 ACK 已達上限",
                hans: "这一秒的这类 ACK 已达上限",
            },
            why: Phrase {
                en: "Answers to segments that do not fit are limited for each second and host. Otherwise a forger could make this host send as much as he likes, and use up its time.",
                hant: "每部主機對不合格報文段的回應，每秒有上限。否則偽造者想讓這台主機送多少就能送多少，把它的時間耗光。",
                hans: "每台主机对不合格报文段的回应，每秒有上限。否则伪造者想让这台主机发多少就能发多少，把它的时间耗光。",
            },
        },
        Rule::AnswerWithheld => Words {
            title: Phrase {
                en: "Such an ACK was answered only just before",
                hant: "這樣的 ACK 才剛回應過",
                hans: "这样的 ACK 才刚回应过",
            },
            why: Phrase {
                en: "It acknowledges or repeats numbers that do not fit, and may itself be the answer to this side’s last answer: two ends whose numbers do not agree would answer each other for ever. So a connection answers a bare ACK of this kind only once in an RTO, which is longer than the way there and back.",
                hant: "它的序號或 ack 對不上，而且可能正是對上一次回應的回應：序號不一致的兩端會這樣永遠互相回應下去。所以對這種單純的 ACK，一條連線在一個 RTO 之內只回應一次，而 RTO 比往返一趟更長。",
                hans: "它的序列号或 ack 对不上，而且可能正是对上一次回应的回应：序列号不一致的两端会这样永远互相回应下去。所以对这种单纯的 ACK，一个连接在一个 RTO 之内只回应一次，而 RTO 比往返一趟更长。",
            },
        },
        Rule::WindowHoldsText => Words {
            title: Phrase {
                en: "The window is full, so more data has to wait",
                hant: "視窗已滿，更多資料得等一等",
                hans: "窗口已满，更多数据得等一等",
            },
            why: Phrase {
                en: "The other side has room for what is on its way already and for no more. Data beyond that would be dropped; an ACK with a wider window lets it go.",
                hant: "對方的空間只夠容納已在路上的資料。再多送就會被丟棄；等到帶來更大視窗的 ACK，才能送出。",
                hans: "对方的空间只够容纳已在路上的数据。再多发就会被丢弃；等到带来更大窗口的 ACK，才能发出。",
            },
        },
        Rule::WindowHoldsFin => Words {
            title: Phrase {
                en: "The window is full, so the FIN has to wait",
                hant: "視窗已滿，FIN 得等一等",
                hans: "窗口已满，FIN 得等一等",
            },
            why: Phrase {
                en: "The FIN occupies a sequence number, so it needs room in the window like an octet of data. An ACK that opens the window lets it go; if none comes, the FIN itself is the probe.",
                hant: "FIN 佔用一個序號，所以和資料的位元組一樣需要視窗裡的空間。打開視窗的 ACK 會放它走；如果一直沒有，就由 FIN 本身來探測。",
                hans: "FIN 占用一个序列号，所以和数据的字节一样需要窗口里的空间。打开窗口的 ACK 会放它走；如果一直没有，就由 FIN 本身来探测。",
            },
        },
        Rule::SmallWindowWaits => Words {
            title: Phrase {
                en: "What the window has room for is not worth a segment",
                hant: "視窗容得下的部分不值得一個報文段",
                hans: "窗口放得下的部分不值得一个报文段",
            },
            why: Phrase {
                en: "The room is less than a full segment, less than half the largest window, and less than what waits. To fill every small gap would lead to ever smaller segments (the silly window syndrome), so this side waits for more room; but not for ever, a timer sees to that.",
                hant: "剩下的空間不到一個最大長度的報文段，不到最大視窗的一半，也裝不完等待中的資料。見縫就填會讓報文段越來越小（糊塗視窗症候群，silly window syndrome），所以這一端等更大的空間；但不會永遠等，有計時器看著。",
                hans: "剩下的空间不到一个最大长度的报文段，不到最大窗口的一半，也装不完等待中的数据。见缝就填会让报文段越来越小（糊涂窗口综合征，silly window syndrome），所以这一端等更大的空间；但不会永远等，有定时器看着。",
            },
        },
        Rule::SmallSegmentWaits => Words {
            title: Phrase {
                en: "A small segment waits for an ACK",
                hant: "小報文段先等 ACK",
                hans: "小报文段先等 ACK",
            },
            why: Phrase {
                en: "Many small segments would carry more header than data. What is not enough for a full segment waits until everything before it is acknowledged, or until more comes to fill it.",
                hant: "許多小報文段的標頭會比資料還多。湊不滿一個報文段的資料先等著，直到前面的都得到確認，或又有資料把它湊滿。",
                hans: "许多小报文段的首部会比数据还多。凑不满一个报文段的数据先等着，直到前面的都得到确认，或又有数据把它凑满。",
            },
        },
        Rule::TextAfterFin => Words {
            title: Phrase {
                en: "There can be no data after a FIN",
                hant: "FIN 之後不可能再有資料",
                hans: "FIN 之后不可能再有数据",
            },
            why: Phrase {
                en: "The FIN said that the last octet had been sent. Data behind it contradicts that, so it is \
                    forged or its sender is at fault, and it is ignored.",
                hant: "FIN 已說明最後一個位元組已經送出。之後的資料與此矛盾，若不是偽造，就是傳送端出錯，因此不予理\
                    會。",
                hans: "FIN 已说明最后一个字节已经发出。之后的数据与此矛盾，若不是伪造，就是发送方出错，因此不予理\
                    会。",
            },
        },
        Rule::AckDelayed => Words {
            title: Phrase {
                en: "The ACK may wait a little", hant: "ACK 可以稍等一下", hans: "ACK 可以稍等一下"
            },
            why: Phrase {
                en: "An ACK that waits can often travel with data, or acknowledge two segments at once. It must not \
                    wait 0.5 s or longer, nor beyond a second full-sized segment: the sender could believe that its \
                    segment was lost and repeat it.",
                hant: "稍等一下的 ACK 往往能搭資料的便車，或一次確認兩個報文段。但不能等到 0.5 s，也不能拖過第二個最\
                    大長度的報文段：否則傳送端可能以為報文段遺失而重傳。",
                hans: "稍等一下的 ACK 往往能搭数据的便车，或一次确认两个报文段。但不能等到 0.5 s，也不能拖过第二个最\
                    大长度的报文段：否则发送方可能以为报文段丢失而重传。",
            },
        },
        Rule::SecondFullSegment => Words {
            title: Phrase {
                en: "A second full-sized segment is acknowledged at once",
                hant: "第二個最大長度的報文段立刻確認",
                hans: "第二个最大长度的报文段立刻确认",
            },
            why: Phrase {
                en: "An ACK may wait for company, but not for long: at least every second full-sized segment is acknowledged. The sender lives on ACKs: without them it cannot measure the round trip, and its window is soon used up.",
                hant: "ACK 可以等便車，但不能太久：至少每兩個最大長度的報文段就要確認一次。傳送端靠 ACK 運作：沒有 ACK 就測不出往返時間，視窗也很快用完。",
                hans: "ACK 可以等便车，但不能太久：至少每两个最大长度的报文段就要确认一次。发送方靠 ACK 运作：没有 ACK 就测不出往返时间，窗口也很快用完。",
            },
        },
        Rule::DelayedAckTimeout => Words {
            title: Phrase {
                en: "The delayed ACK has waited long enough",
                hant: "延遲的 ACK 已經等得夠久",
                hans: "延迟的 ACK 已经等得够久",
            },
            why: Phrase {
                en: "This side had no data of its own that could have carried it. To wait longer would let the other \
                    side believe that its segment was lost, and repeat it.",
                hant: "這一端沒有自己的資料可以順便帶上它。再等下去，對方會以為報文段遺失而重傳。",
                hans: "这一端没有自己的数据可以顺便带上它。再等下去，对方会以为报文段丢失而重传。",
            },
        },
        Rule::FinReceived => Words {
            title: Phrase {
                en: "The other side has no more to send",
                hant: "對方沒有資料要送了",
                hans: "对方没有数据要发了",
            },
            why: Phrase {
                en: "Everything before the FIN has arrived, and nothing will come after it. That ends one direction \
                    only: in CLOSE-WAIT this side may go on sending for as long as it likes, until its application \
                    closes too.",
                hant: "FIN 之前的一切都已收到，之後不會再有了。結束的只是一個方向：在 CLOSE-WAIT，這一端想送多久就送\
                    多久，直到自己的應用程式也關閉。",
                hans: "FIN 之前的一切都已收到，之后不会再有了。结束的只是一个方向：在 CLOSE-WAIT，这一端想发多久就发\
                    多久，直到自己的应用程序也关闭。",
            },
        },
        Rule::FinCrossesFin => Words {
            title: Phrase {
                en: "The FINs of both sides cross",
                hant: "雙方的 FIN 交錯而過",
                hans: "双方的 FIN 交错而过",
            },
            why: Phrase {
                en: "The other side's FIN is here, but the ACK of this side's own is not: both have closed without \
                    having seen the other's FIN. This side acknowledges the one that came and waits in CLOSING for \
                    the ACK of its own.",
                hant: "對方的 FIN 到了，自己 FIN 的 ACK 卻還沒到：雙方都在看到對方的 FIN 之前關閉了。這一端確認收到\
                    的 FIN，並在 CLOSING 等待自己 FIN 的 ACK。",
                hans: "对方的 FIN 到了，自己 FIN 的 ACK 却还没到：双方都在看到对方的 FIN 之前关闭了。这一端确认收到\
                    的 FIN，并在 CLOSING 等待自己 FIN 的 ACK。",
            },
        },
        Rule::FinInFinWait2 => Words {
            title: Phrase {
                en: "The other side has no more to send either",
                hant: "對方也沒有資料要送了",
                hans: "对方也没有数据要发了",
            },
            why: Phrase {
                en: "This side's own FIN is acknowledged, so both directions are done. It acknowledges this FIN, but \
                    will never learn whether that last ACK arrives. So it stays in TIME-WAIT for 2 MSL: to answer if \
                    the FIN is repeated, and to let old segments die before the two sockets are used again.",
                hant: "自己的 FIN 已得到確認，兩個方向都結束了。這一端確認這個 FIN，卻永遠無從得知這最後的 ACK 是否\
                    送達。所以它在 TIME-WAIT 停留 2 MSL：對方若重傳 FIN 就能回應，也讓舊報文段在同一對 socket 再次使\
                    用之前消失。",
                hans: "自己的 FIN 已得到确认，两个方向都结束了。这一端确认这个 FIN，却永远无从得知这最后的 ACK 是否\
                    送达。所以它在 TIME-WAIT 停留 2 MSL：对方若重传 FIN 就能回应，也让旧报文段在同一对套接字再次使用\
                    之前消失。",
            },
        },
        Rule::FinOutOfOrder => Words {
            title: Phrase { en: "The FIN comes after a gap", hant: "FIN 之前有缺口", hans: "FIN 之前有缺口" },
            why: Phrase {
                en: "Octets before the FIN are still missing. If it counted now, the application would believe that \
                    it has everything. So it is remembered until the gap is filled, and the ACK repeats RCV.NXT to \
                    say what is missing.",
                hant: "FIN 之前還缺位元組。如果現在就算數，應用程式會以為已經收齊。所以先記下它，等缺口補上；ACK 重\
                    複 RCV.NXT，說明缺什麼。",
                hans: "FIN 之前还缺字节。如果现在就算数，应用程序会以为已经收齐。所以先记下它，等缺口补上；ACK 重复 \
                    RCV.NXT，说明缺什么。",
            },
        },
        Rule::FinInTimeWait => Words {
            title: Phrase {
                en: "The FIN comes again in TIME-WAIT",
                hant: "TIME-WAIT 期間又收到 FIN",
                hans: "TIME-WAIT 期间又收到 FIN",
            },
            why: Phrase {
                en: "The other side usually repeats its FIN because the last ACK did not reach it: this is what \
                    TIME-WAIT is for. The FIN is acknowledged again, and 2 MSL begin anew, since this ACK may be \
                    lost too. Without TIME-WAIT the other side would get a reset instead.",
                hant: "對方重傳 FIN，通常是因為最後的 ACK 沒有送到：TIME-WAIT 正是為此而設。這一端再確認一次，2 MSL \
                    重新計時，因為這個 ACK 也可能遺失。如果沒有 TIME-WAIT，對方收到的會是 RST。",
                hans: "对方重传 FIN，通常是因为最后的 ACK 没有送到：TIME-WAIT 正是为此而设。这一端再确认一次，2 MSL \
                    重新计时，因为这个 ACK 也可能丢失。如果没有 TIME-WAIT，对方收到的会是 RST。",
            },
        },
        Rule::SegmentInTimeWait => Words {
            title: Phrase {
                en: "TIME-WAIT acknowledges the segment",
                hant: "TIME-WAIT 確認這個報文段",
                hans: "TIME-WAIT 确认这个报文段",
            },
            why: Phrase {
                en: "After both FINs nothing new can come: the segment is a repetition whose sender missed the \
                    acknowledgment, or nonsense. The ACK shows its sender where this side stands.",
                hant: "雙方的 FIN 之後不可能再有新內容：這個報文段若不是因為對方錯過確認而重傳，就是毫無意義的東西。\
                    ACK 讓對方知道這一端的進度。",
                hans: "双方的 FIN 之后不可能再有新内容：这个报文段若不是因为对方错过确认而重传，就是毫无意义的东西。\
                    ACK 让对方知道这一端的进度。",
            },
        },
        Rule::NothingNewInTimeWait => Words {
            title: Phrase {
                en: "TIME-WAIT does not answer a bare ACK",
                hant: "TIME-WAIT 不回應單純的 ACK",
                hans: "TIME-WAIT 不回应单纯的 ACK",
            },
            why: Phrase {
                en: "A bare ACK occupies no sequence number, so there is nothing to acknowledge. If it were \
                    answered, two sides in TIME-WAIT could acknowledge each other's ACKs for ever.",
                hant: "單純的 ACK 不佔序號，沒有什麼可確認的。如果連它也要回應，雙方都在 TIME-WAIT 時就會永遠互相確\
                    認下去。",
                hans: "单纯的 ACK 不占序列号，没有什么可确认的。如果连它也要回应，双方都在 TIME-WAIT 时就会永远互相\
                    确认下去。",
            },
        },
        Rule::TimeWaitOver => Words {
            title: Phrase { en: "2 MSL have passed", hant: "已經過了 2 MSL", hans: "已经过了 2 MSL" },
            why: Phrase {
                en: "No segment is assumed to live longer than one MSL in the network. In 2 MSL the last ACK has \
                    arrived or is lost, a FIN repeated for want of it has had time to come, and no old segment is \
                    left that could disturb a new connection between the same two sockets. So this side can forget \
                    the connection.",
                hant: "依假設，報文段在網路中存活不超過一個 MSL。經過 2 MSL，最後的 ACK 不是送達就是遺失了，若因此重\
                    傳 FIN，也有足夠的時間到達，再沒有舊報文段會干擾同一對 socket 之間的新連線。這一端因此可以忘掉這\
                    條連線。",
                hans: "按照假设，报文段在网络中存活不超过一个 MSL。经过 2 MSL，最后的 ACK 不是送达就是丢失了，若因此\
                    重传 FIN，也有足够的时间到达，再没有旧报文段会干扰同一对套接字之间的新连接。这一端因此可以忘掉这\
                    个连接。",
            },
        },
        Rule::WindowAllowsText => Words {
            title: Phrase {
                en: "The window allows data to leave", hant: "視窗允許資料送出", hans: "窗口允许数据发出"
            },
            why: Phrase {
                en: "The other side has room for more (SND.WND) than is in flight. And what leaves now is worth a \
                    segment: it is full-sized, the last of what waits, or at least half the largest window. Smaller \
                    pieces would cost more in headers than they carry (the silly window syndrome).",
                hant: "對方的空間（SND.WND）比在途的資料多，而且現在送出的分量值得一個報文段：它達到最大長度、是等待\
                    中的最後一段，或至少是最大視窗的一半。再小的片段，標頭比內容還大（糊塗視窗症候群，silly window \
                    syndrome）。",
                hans: "对方的空间（SND.WND）比在途的数据多，而且现在发出的分量值得一个报文段：它达到最大长度、是等待\
                    中的最后一段，或至少是最大窗口的一半。再小的片段，首部比内容还大（糊涂窗口综合征，silly window \
                    syndrome）。",
            },
        },
        Rule::SendQueued => Words {
            title: Phrase {
                en: "The data waits until the connection is established",
                hant: "資料要等連線建立後才送",
                hans: "数据要等连接建立后才发",
            },
            why: Phrase {
                en: "Until the handshake is complete, this side cannot know that the other side is there and wants \
                    the connection. So the octets are kept, and leave once this side is ESTABLISHED.",
                hant: "三次握手完成之前，這一端無法確定對方在不在、要不要這條連線。所以位元組先留著，進入 \
                    ESTABLISHED 後再送出。",
                hans: "三次握手完成之前，这一端无法确定对方在不在、要不要这个连接。所以字节先留着，进入 ESTABLISHED \
                    后再发出。",
            },
        },
        Rule::FinFollowsText => Words {
            title: Phrase {
                en: "No data has to go before the FIN",
                hant: "FIN 前面沒有待送的資料",
                hans: "FIN 前面没有待发的数据",
            },
            why: Phrase {
                en: "The FIN takes the sequence number after the last octet. So it counts only after everything \
                    before it has arrived, it can be acknowledged and repeated like data, and the other side knows \
                    exactly where the data ends.",
                hant: "FIN 佔用最後一個位元組之後的序號。所以它前面的一切都送達之後它才算數，也能像資料一樣被確認、\
                    被重傳，對方因此確切知道資料到哪裡為止。",
                hans: "FIN 占用最后一个字节之后的序列号。所以它前面的一切都送达之后它才算数，也能像数据一样被确认、\
                    被重传，对方因此确切知道数据到哪里为止。",
            },
        },
        Rule::CloseInListen => Words {
            title: Phrase {
                en: "CLOSE in LISTEN only stops the listening",
                hant: "在 LISTEN 呼叫 CLOSE 只是停止監聽",
                hans: "在 LISTEN 调用 CLOSE 只是停止监听",
            },
            why: Phrase {
                en: "Nobody has connected here, so there is nobody to tell. The listener is simply gone, and the \
                    next SYN for its port is refused.",
                hant: "還沒有人連進來，沒有對象需要通知。監聽端就此消失，下一個送往該連接埠的 SYN 會被拒絕。",
                hans: "还没有人连进来，没有对象需要通知。监听方就此消失，下一个发往该端口的 SYN 会被拒绝。",
            },
        },
        Rule::CloseInSynSent => Words {
            title: Phrase {
                en: "CLOSE in SYN-SENT silently ends the attempt",
                hant: "在 SYN-SENT 呼叫 CLOSE 默默結束嘗試",
                hans: "在 SYN-SENT 调用 CLOSE 默默结束尝试",
            },
            why: Phrase {
                en: "There is no connection yet that could be closed in good order. If the SYN is answered after \
                    all, the answer meets no connection here and draws a reset; that is how the other side learns of \
                    it.",
                hant: "還沒有可以好好關閉的連線。如果之後 SYN 還是得到回應，那個回應在這裡找不到連線，會換來一個 \
                    RST；對方由此得知。",
                hans: "还没有可以好好关闭的连接。如果之后 SYN 还是得到回应，那个回应在这里找不到连接，会换来一个 \
                    RST；对方由此得知。",
            },
        },
        Rule::CloseInSynReceived => Words {
            title: Phrase {
                en: "The application closes before the handshake is done",
                hant: "應用程式在握手完成前就關閉",
                hans: "应用程序在握手完成前就关闭",
            },
            why: Phrase {
                en: "This side has already sent an ACK of the other side's SYN, so over there the connection may \
                    exist. It must be closed in good order; and since no data waits, the FIN can leave at once.",
                hant: "這一端已經送出對方 SYN 的 ACK，所以在對方那邊連線可能已經存在，必須好好關閉；既然沒有資料在\
                    等，FIN 可以立刻送出。",
                hans: "这一端已经发出对方 SYN 的 ACK，所以在对方那边连接可能已经存在，必须好好关闭；既然没有数据在\
                    等，FIN 可以立刻发出。",
            },
        },
        Rule::CloseQueued => Words {
            title: Phrase {
                en: "The FIN waits behind data that cannot leave yet",
                hant: "FIN 排在還不能送出的資料之後",
                hans: "FIN 排在还不能发出的数据之后",
            },
            why: Phrase {
                en: "CLOSE means “I have no more to send”, not “forget what I gave you”. The data waits for the connection to be established, or for room in the window, and the FIN has to come after it.",
                hant: "CLOSE 的意思是「我沒有更多要送的」，不是「忘掉我交給你的」。資料在等連線建立，或等視窗有空間，而 FIN 必須排在資料之後。",
                hans: "CLOSE 的意思是“我没有更多要发的”，不是“忘掉我交给你的”。数据在等连接建立，或等窗口有空间，而 FIN 必须排在数据之后。",
            },
        },
        Rule::CloseInEstablished => Words {
            title: Phrase {
                en: "The application has no more to send",
                hant: "應用程式沒有資料要送了",
                hans: "应用程序没有数据要发了",
            },
            why: Phrase {
                en: "CLOSE ends one direction only: this side stops sending but goes on receiving and acknowledging, \
                    for the other side may have more to say. It enters FIN-WAIT-1 at once, even if data still has to \
                    leave before the FIN.",
                hant: "CLOSE 只結束一個方向：這一端不再送資料，但繼續接收並確認，因為對方可能還有話要說。它立刻進入 \
                    FIN-WAIT-1，即使 FIN 之前還有資料待送。",
                hans: "CLOSE 只结束一个方向：这一端不再发数据，但继续接收并确认，因为对方可能还有话要说。它立刻进入 \
                    FIN-WAIT-1，即使 FIN 之前还有数据待发。",
            },
        },
        Rule::CloseInCloseWait => Words {
            title: Phrase {
                en: "The application has no more to send either",
                hant: "應用程式也沒有資料要送了",
                hans: "应用程序也没有数据要发了",
            },
            why: Phrase {
                en: "The other side has closed before, so this FIN will end the second direction too. The state \
                    becomes LAST-ACK only when the FIN really leaves, since data may still have to go before it.",
                hant: "對方先關閉了，所以這個 FIN 會結束另一個方向。狀態要等 FIN 真正送出才變成 LAST-ACK，因為前面可\
                    能還有資料要送。",
                hans: "对方先关闭了，所以这个 FIN 会结束另一个方向。状态要等 FIN 真正发出才变成 LAST-ACK，因为前面可\
                    能还有数据要发。",
            },
        },
        Rule::AbortInListen => Words {
            title: Phrase {
                en: "ABORT in LISTEN only stops the listening",
                hant: "在 LISTEN 呼叫 ABORT 只是停止監聽",
                hans: "在 LISTEN 调用 ABORT 只是停止监听",
            },
            why: Phrase {
                en: "Nobody has connected here, so there is nobody whom a reset could tell. The listener is simply \
                    gone.",
                hant: "還沒有人連進來，沒有對象需要用 RST 通知。監聽端就此消失。",
                hans: "还没有人连进来，没有对象需要用 RST 通知。监听方就此消失。",
            },
        },
        Rule::AbortInSynSent => Words {
            title: Phrase {
                en: "ABORT in SYN-SENT silently ends the attempt",
                hant: "在 SYN-SENT 呼叫 ABORT 默默結束嘗試",
                hans: "在 SYN-SENT 调用 ABORT 默默结束尝试",
            },
            why: Phrase {
                en: "The other side may not even have seen the SYN, so there is no connection to reset. If an answer \
                    comes after all, it meets no connection here and draws a reset then.",
                hant: "對方可能連 SYN 都還沒看到，沒有連線可以重設。如果之後還是有回應，它在這裡找不到連線，到時自會\
                    換來一個 RST。",
                hans: "对方可能连 SYN 都还没看到，没有连接可以重置。如果之后还是有回应，它在这里找不到连接，到时自会\
                    换来一个 RST。",
            },
        },
        Rule::AbortSendsReset => Words {
            title: Phrase {
                en: "ABORT tells the other side with a reset",
                hant: "ABORT 以 RST 通知對方",
                hans: "ABORT 用 RST 通知对方",
            },
            why: Phrase {
                en: "ABORT gives up at once: whatever waits to be sent or acknowledged is thrown away. The other \
                    side still counts on this connection, so a reset with seq = SND.NXT tells it. Nobody repeats the \
                    reset; if it is lost, the other side finds out when it next sends something.",
                hant: "ABORT 立刻放棄：等待送出或等待確認的一切都丟掉。對方還以為連線有效，所以用 seq = SND.NXT 的 \
                    RST 告訴它。RST 不會重傳；萬一遺失，對方要到下次送東西時才會發現。",
                hans: "ABORT 立刻放弃：等待发送或等待确认的一切都丢掉。对方还以为连接有效，所以用 seq = SND.NXT 的 \
                    RST 告诉它。RST 不会重传；万一丢失，对方要到下次发东西时才会发现。",
            },
        },
        Rule::AbortWithoutReset => Words {
            title: Phrase {
                en: "No reset is needed where both sides have closed",
                hant: "雙方都已關閉，不需要 RST",
                hans: "双方都已关闭，不需要 RST",
            },
            why: Phrase {
                en: "Each side has already said with a FIN that it has no more to send. A reset would only turn an \
                    orderly close into an error.",
                hant: "雙方都已用 FIN 說明沒有更多要送的。RST 只會把好好的關閉變成錯誤。",
                hans: "双方都已用 FIN 说明没有更多要发的。RST 只会把好好的关闭变成错误。",
            },
        },
        Rule::WindowReopens => Words {
            title: Phrase { en: "The window opens again", hant: "視窗重新打開", hans: "窗口重新打开" },
            why: Phrase {
                en: "The application has read, so there is room for a full segment or for half the buffer; less \
                    would not be worth telling (the silly window syndrome). A sender that faces a closed window \
                    stops, so this side must tell it without being asked.",
                hant: "應用程式讀走了資料，空出了一個最大長度的報文段或半個緩衝區的空間；再少就不值得通知（糊塗視窗\
                    症候群，silly window syndrome）。面對關閉的視窗，傳送端會停下來，所以這一端必須主動通知。",
                hans: "应用程序读走了数据，空出了一个最大长度的报文段或半个缓冲区的空间；再少就不值得通知（糊涂窗口\
                    综合征，silly window syndrome）。面对关闭的窗口，发送方会停下来，所以这一端必须主动通知。",
            },
        },
        Rule::WindowNotWorthTelling => Words {
            title: Phrase {
                en: "The room that has come free is not worth telling",
                hant: "空出的空間還不值得通知",
                hans: "空出的空间还不值得通知",
            },
            why: Phrase {
                en: "The application has read, but less than a full segment and less than half the buffer. If every small gap were announced, the sender would fill it with small segments (the silly window syndrome). The window stays where it is until more has come free.",
                hant: "應用程式讀走了資料，但不到一個最大長度的報文段，也不到半個緩衝區。若一有小空隙就通知，傳送端會用小報文段去填（糊塗視窗症候群，silly window syndrome）。視窗先不動，等空出更多再說。",
                hans: "应用程序读走了数据，但不到一个最大长度的报文段，也不到半个缓冲区。若一有小空隙就通知，发送方会用小报文段去填（糊涂窗口综合征，silly window syndrome）。窗口先不动，等空出更多再说。",
            },
        },
        Rule::ReceiveWaits => Words {
            title: Phrase {
                en: "There is nothing to read yet, so RECEIVE waits",
                hant: "還沒有可讀的資料，RECEIVE 先等著",
                hans: "还没有可读的数据，RECEIVE 先等着",
            },
            why: Phrase {
                en: "RECEIVE asks for data that has not come. It is remembered, and answered when data is there to be delivered in order, or when the connection ends.",
                hant: "RECEIVE 要的資料還沒有來。先把它記下，等到有資料可依序交付，或連線結束時，再予答覆。",
                hans: "RECEIVE 要的数据还没有来。先把它记下，等到有数据可按顺序交付，或连接结束时，再予答复。",
            },
        },
        Rule::RetransmissionTimeout => Words {
            title: Phrase {
                en: "No acknowledgment came in time", hant: "沒有及時等到確認", hans: "没有及时等到确认"
            },
            why: Phrase {
                en: "This side cannot know whether its segment or the ACK was lost, or whether either is only late. \
                    It repeats the oldest segment, since the ACK of everything later depends on that one. And it \
                    doubles the RTO, up to a limit, so as not to flood a network that may be overloaded.",
                hant: "這一端無從得知是報文段遺失、ACK 遺失，還是只是晚到。它重傳最舊的那個報文段，因為後面一切的確\
                    認都取決於它。同時把 RTO 加倍（有上限），以免壓垮可能已經過載的網路。",
                hans: "这一端无从得知是报文段丢失、ACK 丢失，还是只是晚到。它重传最旧的那个报文段，因为后面一切的确\
                    认都取决于它。同时把 RTO 加倍（有上限），以免压垮可能已经过载的网络。",
            },
        },
        Rule::R1Reached => Words {
            title: Phrase {
                en: "So many repetitions put the delivery in doubt",
                hant: "重傳多次，能否送達已成疑問",
                hans: "重传多次，能否送达已成疑问",
            },
            why: Phrase {
                en: "At R1 repetitions of one segment the application is warned. This side goes on trying until R2: the path may come back. But the application knows more than TCP, and may want to stop or to ask its user.",
                hant: "同一個報文段重傳到 R1 次，就警告應用程式。這一端會繼續嘗試到 R2，因為路徑可能恢復。不過應用程式知道得比 TCP 多，也許想停下，或問問使用者。",
                hans: "同一个报文段重传到 R1 次，就警告应用程序。这一端会继续尝试到 R2，因为路径可能恢复。不过应用程序知道得比 TCP 多，也许想停下，或问问用户。",
            },
        },
        Rule::ZeroWindowProbe => Words {
            title: Phrase {
                en: "A closed window has to be probed",
                hant: "關閉的視窗需要探測",
                hans: "关闭的窗口需要探测",
            },
            why: Phrase {
                en: "The ACK that reopens the window may be lost, and a bare ACK is never repeated: then both sides \
                    would wait for ever. So one octet, or the FIN, goes out although there is no room for it; the \
                    answer states the window anew.",
                hant: "重新打開視窗的 ACK 可能遺失，而單純的 ACK 從不重傳：那樣雙方會永遠等下去。所以即使沒有空間，\
                    也送出一個位元組（或 FIN）；對方的回應會重新說明視窗大小。",
                hans: "重新打开窗口的 ACK 可能丢失，而单纯的 ACK 从不重传：那样双方会永远等下去。所以即使没有空间，\
                    也发出一个字节（或 FIN）；对方的回应会重新说明窗口大小。",
            },
        },
        Rule::SmallWindowOverride => Words {
            title: Phrase {
                en: "The window stayed small, and what fits leaves now",
                hant: "視窗一直很小，先送容得下的部分",
                hans: "窗口一直很小，先发放得下的部分",
            },
            why: Phrase {
                en: "This side had held back a small piece in the hope that the window would grow. It has not grown \
                    in time, and with nothing in flight no ACK is on its way that could bring news; so what fits is \
                    sent rather than wait for ever.",
                hant: "這一端原本留著小片段，希望視窗變大。視窗沒有及時變大，也沒有在途的資料能換來帶新消息的 ACK；\
                    與其永遠等下去，不如先送容得下的部分。",
                hans: "这一端原本留着小片段，希望窗口变大。窗口没有及时变大，也没有在途的数据能换来带新消息的 ACK；\
                    与其永远等下去，不如先发放得下的部分。",
            },
        },
        Rule::GiveUp => Words {
            title: Phrase {
                en: "No acknowledgment came for far too long",
                hant: "太久沒有等到任何確認",
                hans: "太久没有等到任何确认",
            },
            why: Phrase {
                en: "The oldest segment has been repeated in vain for so long (R2) that the path or the other side \
                    is probably gone, and nobody can keep a connection for ever. No reset is sent: it would hardly \
                    arrive either. The application is told.",
                hant: "最舊的報文段徒然重傳了這麼久（R2），路徑或對方多半已經不在，而連線不能永遠佔著資源。這裡不送 \
                    RST：它多半也到不了。應用程式會得到通知。",
                hans: "最旧的报文段徒然重传了这么久（R2），路径或对方多半已经不在，而连接不能永远占着资源。这里不发 \
                    RST：它多半也到不了。应用程序会得到通知。",
            },
        },
        Rule::UserTimeout => Words {
            title: Phrase {
                en: "The application's own time limit has passed",
                hant: "應用程式自訂的時限已過",
                hans: "应用程序自定的时限已过",
            },
            why: Phrase {
                en: "In OPEN the application said how long it would wait for something to be acknowledged, and it \
                    has waited that long. The connection ends here, whatever may still arrive, and the application \
                    is told so.",
                hant: "應用程式在 OPEN 時說過願意等多久的確認，現在已經等到時限。不論之後還會收到什麼，連線在此結\
                    束，並告知應用程式。",
                hans: "应用程序在 OPEN 时说过愿意等多久的确认，现在已经等到时限。不论之后还会收到什么，连接在此结\
                    束，并告知应用程序。",
            },
        },
        Rule::KeepAliveProbe => Words {
            title: Phrase {
                en: "A long silence calls for a keep-alive",
                hant: "長時間沒有動靜，要送保活探測",
                hans: "长时间没有动静，要发保活探测",
            },
            why: Phrase {
                en: "Nothing is outstanding and nothing has come from the other side for long, so this side cannot know whether anybody is there. It sends an ACK whose number lies just before what may be sent: nobody can accept it, so whoever is there answers.",
                hant: "沒有東西等待確認，對方也久無音訊，這一端無從得知對方還在不在。它送出一個序號恰在可送範圍之前的 ACK：誰也不能接受它，因此只要對方還在就會回應。",
                hans: "没有东西等待确认，对方也久无音讯，这一端无从得知对方还在不在。它发出一个序列号恰在可发范围之前的 ACK：谁也不能接受它，因此只要对方还在就会回应。",
            },
        },
        Rule::KeepAliveNotNeeded => Words {
            title: Phrase {
                en: "Something is in flight, so no keep-alive is needed",
                hant: "有東西在途，不需要保活探測",
                hans: "有东西在途，不需要保活探测",
            },
            why: Phrase {
                en: "What is unacknowledged will be acknowledged or repeated, and the repetitions show whether anybody is there. A keep-alive is for a connection in which nothing is outstanding, so its timer starts anew.",
                hant: "尚未確認的內容，不是得到確認，就是會重傳，而重傳自會顯示對方在不在。保活探測只用在沒有東西等待確認的連線上，所以它的計時器重新開始。",
                hans: "尚未确认的内容，不是得到确认，就是会重传，而重传自会显示对方在不在。保活探测只用在没有东西等待确认的连接上，所以它的定时器重新开始。",
            },
        },
        Rule::KeepAliveUnanswered => Words {
            title: Phrase {
                en: "No keep-alive was answered", hant: "保活探測都沒有回應", hans: "保活探测都没有回应"
            },
            why: Phrase {
                en: "One unanswered question proves nothing, for it may have been lost. After several of them the connection is given up, its resources are freed and the application is told.",
                hant: "一次沒有回應不能證明什麼，因為它可能遺失了。接連好幾次都沒有回應，才放棄連線、釋放資源並告知應用程式。",
                hans: "一次没有回应不能证明什么，因为它可能丢失了。接连好几次都没有回应，才放弃连接、释放资源并告知应用程序。",
            },
        },
        Rule::ChecksumFailed => Words {
            title: Phrase {
                en: "The checksum is wrong, so the segment is dropped",
                hant: "校驗和不符，報文段被丟棄",
                hans: "校验和不符，报文段被丢弃",
            },
            why: Phrase {
                en: "Every segment carries a checksum over its addresses, header and text. Where it does not fit, nothing in the segment can be trusted, not even for whom it is, so it is dropped in silence: as good as lost, and the sender will repeat it.",
                hant: "每個報文段都帶有涵蓋位址、標頭與資料的校驗和。校驗和不符，報文段裡就沒有什麼可信，連要給誰都不可信，因此默默丟棄：等於遺失，送出的一端會重傳。",
                hans: "每个报文段都带有涵盖地址、首部与数据的校验和。校验和不符，报文段里就没有什么可信，连要给谁都不可信，因此默默丢弃：等于丢失，发出的一端会重传。",
            },
        },
        Rule::HostDown => Words {
            title: Phrase {
                en: "The host is down, so nobody receives it",
                hant: "主機已當機，沒有人接收",
                hans: "主机已崩溃，没有人接收",
            },
            why: Phrase {
                en: "A host that has crashed neither receives nor answers. The other side learns nothing from this silence: it looks just like a segment that was lost.",
                hant: "當機的主機既不接收也不回應。對方從這片沉默裡什麼也得不知：看起來就和報文段遺失一模一樣。",
                hans: "崩溃的主机既不接收也不回应。对方从这片沉默里什么也无从得知：看起来就和报文段丢失一模一样。",
            },
        },
        Rule::QuietTime => Words {
            title: Phrase {
                en: "After a reboot the host keeps quiet for a while",
                hant: "重新開機後先保持安靜一段時間",
                hans: "重启后先保持安静一段时间",
            },
            why: Phrase {
                en: "A host that has forgotten which numbers it used could choose some that old segments in the network still carry. It waits until these must have died, for one MSL, before it assigns new ones; until then it sends nothing at all.",
                hant: "忘了用過哪些序號的主機，可能選到網路裡的舊報文段還帶著的號碼。它先等一個 MSL，直到那些報文段必定消失，才分配新的序號；在此之前什麼也不送。",
                hans: "忘了用过哪些序列号的主机，可能选到网络里的旧报文段还带着的号码。它先等一个 MSL，直到那些报文段必定消失，才分配新的序列号；在此之前什么也不发。",
            },
        },
        Rule::BacklogFull => Words {
            title: Phrase {
                en: "The backlog is full, so the SYN is ignored",
                hant: "等候佇列已滿，這個 SYN 不予理會",
                hans: "等待队列已满，这个 SYN 不予理会",
            },
            why: Phrase {
                en: "Each connection that is half-open, or waits to be accepted, costs memory, so a listener keeps only so many. The SYN is treated as if it had been lost: an honest client repeats it, and by then there may be room.",
                hant: "每條半開或等候應用程式取走的連線都要佔記憶體，因此監聽的一端只保留有限的數目。這個 SYN 當作遺失：正常的客戶端會重傳，到時或許就有空位。",
                hans: "每个半开或等待应用程序取走的连接都要占内存，因此监听的一端只保留有限的数目。这个 SYN 当作丢失：正常的客户端会重传，到时或许就有空位。",
            },
        },
        Rule::HostFull => Words {
            title: Phrase {
                en: "The host cannot hold one more connection",
                hant: "主機再也容不下一條連線",
                hans: "主机再也容不下一个连接",
            },
            why: Phrase {
                en: "Each connection costs memory, whichever listener it belongs to, and the host has as many as it can hold. The SYN is treated as if it had been lost: the other side repeats it, and by then one of them may be over.",
                hant: "每條連線都佔記憶體，不論屬於哪個監聽端，而這部主機已經容納到極限。這個 SYN 當作遺失：對方會重傳，到時也許有連線已經結束。",
                hans: "每个连接都占内存，不论属于哪个监听方，而这台主机已经容纳到极限。这个 SYN 当作丢失：对方会重传，到时也许有连接已经结束。",
            },
        },
        Rule::BacklogRefuses => Words {
            title: Phrase {
                en: "The backlog is full, so the SYN is refused",
                hant: "等候佇列已滿，拒絕這個 SYN",
                hans: "等待队列已满，拒绝这个 SYN",
            },
            why: Phrase {
                en: "Each connection that is half-open, or waits to be accepted, costs memory, so a listener keeps only so many. A reset tells the client at once; it will not try again by itself, although there might be room a moment later.",
                hant: "每條半開或等候應用程式取走的連線都要佔記憶體，因此監聽的一端只保留有限的數目。RST 讓客戶端立刻得知；它不會自行重試，即使片刻之後可能就有空位。",
                hans: "每个半开或等待应用程序取走的连接都要占内存，因此监听的一端只保留有限的数目。RST 让客户端立刻得知；它不会自行重试，即使片刻之后可能就有空位。",
            },
        },
        Rule::AcceptQueueFull => Words {
            title: Phrase {
                en: "The accept queue is full, so the ACK is ignored",
                hant: "接受佇列已滿，這個 ACK 不予理會",
                hans: "接受队列已满，这个 ACK 不予理会",
            },
            why: Phrase {
                en: "The handshake is complete, but the application is slow to take its connections and no more may wait. The ACK is treated as if it had been lost: this side stays in SYN-RECEIVED and will repeat its SYN,ACK, while the client believes that it is connected.",
                hant: "握手已經完成，但應用程式遲遲不取走連線，等候的已經太多。這個 ACK 當作遺失：這一端停在 SYN-RECEIVED，之後重傳 SYN,ACK，客戶端卻以為已經連上。",
                hans: "握手已经完成，但应用程序迟迟不取走连接，等待的已经太多。这个 ACK 当作丢失：这一端停在 SYN-RECEIVED，之后重传 SYN,ACK，客户端却以为已经连上。",
            },
        },
        Rule::AcceptQueueRefuses => Words {
            title: Phrase {
                en: "The accept queue is full, so the connection is refused",
                hant: "接受佇列已滿，拒絕這條連線",
                hans: "接受队列已满，拒绝这个连接",
            },
            why: Phrase {
                en: "The handshake is complete, but the application is slow to take its connections and no more may wait. A reset tells the client, which believed that it was connected.",
                hant: "握手已經完成，但應用程式遲遲不取走連線，等候的已經太多。RST 告知客戶端，而它原以為已經連上。",
                hans: "握手已经完成，但应用程序迟迟不取走连接，等待的已经太多。RST 告知客户端，而它原以为已经连上。",
            },
        },
        Rule::SynCookieSent => Words {
            title: Phrase {
                en: "The backlog is full, so a SYN cookie answers",
                hant: "等候佇列已滿，以 SYN cookie 回應",
                hans: "等待队列已满，以 SYN cookie 回应",
            },
            why: Phrase {
                en: "The server answers but remembers nothing: its number is a keyed hash of the sockets, of the client's number and of the time. Whoever really is there returns it in the ACK; a forged SYN has cost no memory. Of the options only the MSS fits in.",
                hant: "伺服器照樣回應，卻什麼也不記：它的序號是由兩端 socket、客戶端序號與時間算出的加密雜湊。真正在場的人會在 ACK 裡把它帶回來；偽造的 SYN 一點記憶體也佔不到。選項之中只放得下 MSS。",
                hans: "服务器照样回应，却什么也不记：它的序列号是由两端套接字、客户端序列号与时间算出的加密哈希。真正在场的人会在 ACK 里把它带回来；伪造的 SYN 一点内存也占不到。选项之中只放得下 MSS。",
            },
        },
        Rule::SynCookieReturned => Words {
            title: Phrase {
                en: "The ACK returns our SYN cookie",
                hant: "這個 ACK 帶回了我們的 SYN cookie",
                hans: "这个 ACK 带回了我们的 SYN cookie",
            },
            why: Phrase {
                en: "Nothing is remembered of the SYN, but the ACK proves that its sender received our number, and the number proves for which sockets and when we made it. The connection is built from that.",
                hant: "雖然對那個 SYN 毫無記憶，這個 ACK 證明送出它的一端收到了我們的序號，而序號本身證明是為哪一對 socket、在何時產生的。連線就由此建立。",
                hans: "虽然对那个 SYN 毫无记忆，这个 ACK 证明发出它的一端收到了我们的序列号，而序列号本身证明是为哪一对套接字、在何时产生的。连接就由此建立。",
            },
        },
    }
}
