//! The stories of the catalog: their chapters, what they are called and what to watch in them.

use crate::scenario::Chapter;

use super::{Language, Phrase};

/// The words for a story.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StoryText {
    /// Its title.
    pub title: &'static str,
    /// What happens, and what to watch.
    pub intro: &'static str,
}

/// The title of a chapter.
pub fn chapter(chapter: Chapter, language: Language) -> &'static str {
    let title = match chapter {
        Chapter::Whole => Phrase { en: "A whole connection", hant: "完整的連線", hans: "完整的连接" },
        Chapter::Opening => Phrase { en: "Opening", hant: "建立連線", hans: "建立连接" },
        Chapter::WhyThree => {
            Phrase {
                en: "Why three segments", hant: "為什麼要三個報文段", hans: "为什么要三个报文段"
            }
        }
        Chapter::Data => Phrase { en: "Data and windows", hant: "資料與視窗", hans: "数据与窗口" },
        Chapter::Closing => Phrase { en: "Closing", hant: "關閉連線", hans: "关闭连接" },
        Chapter::TimeWait => Phrase { en: "TIME-WAIT", hant: "TIME-WAIT 的等待", hans: "TIME-WAIT 的等待" },
        Chapter::Resets => {
            Phrase {
                en: "Crashes, resets and attacks", hant: "當機、重設與攻擊", hans: "崩溃、重置与攻击"
            }
        }
        Chapter::Figures => Phrase { en: "The figures of RFC 9293", hant: "RFC 9293 的圖", hans: "RFC 9293 的图" },
    };
    title.in_language(language)
}

/// The words for the story with this id; `None` if the catalog has no words for it.
pub fn story(id: &str, language: Language) -> Option<StoryText> {
    let (title, intro) = match id {
        "life" => (
            Phrase {
                en: "The whole life of a connection", hant: "一條連線的一生", hans: "一个连接的一生"
            },
            Phrase {
                en: "The client connects, both sides send data, and the client closes first while the server still has \
                    something to send. Watch which number each ACK names, and why the client has to wait in TIME-WAIT \
                    when everything seems done.",
                hant: "客戶端建立連線，雙方互送資料，接著客戶端先關閉，而伺服器還有資料要送。請注意每個 ACK 說的是哪個\
                    序號，以及看似一切結束之後，客戶端為什麼還要在 TIME-WAIT 等待。",
                hans: "客户端建立连接，双方互发数据，接着客户端先关闭，而服务器还有数据要发。请注意每个 ACK 说的是哪个\
                    序列号，以及看似一切结束之后，客户端为什么还要在 TIME-WAIT 等待。",
            },
        ),
        "lossy-link" => (
            Phrase {
                en: "A link that loses, doubles and reorders",
                hant: "會遺失、重複、亂序的鏈路",
                hans: "会丢失、重复、乱序的链路",
            },
            Phrase {
                en: "The link loses, doubles and reorders segments by chance; the luck comes from a seed, so it is the \
                    same every time. Watch that both applications still receive every octet once and in order: the \
                    numbers tell what is missing and what is a repetition, and the timers repair the rest.",
                hant: "鏈路隨機遺失、複製報文段，也會打亂順序；運氣由種子決定，所以每次都一樣。請注意雙方的應用程式仍然\
                    收到每個位元組，不多不少、順序不亂：序號說明缺了什麼、哪些是重複的，其餘由計時器補救。",
                hans: "链路随机丢失、复制报文段，也会打乱顺序；运气由种子决定，所以每次都一样。请注意双方的应用程序仍然\
                    收到每个字节，不多不少、顺序不乱：序列号说明缺了什么、哪些是重复的，其余由定时器补救。",
            },
        ),
        "handshake" => (
            Phrase {
                en: "Three segments open a connection",
                hant: "三個報文段建立一條連線",
                hans: "三个报文段建立一个连接",
            },
            Phrase {
                en: "Each side announces its own number and has to have it confirmed; that takes three segments, \
                    because the server's SYN and its ACK travel in one. Watch that an ack names the next number \
                    expected. The third segment tells the server that its number is known; whether it arrived, the \
                    client does not learn until something comes back.",
                hant: "雙方各自宣告自己的序號，也都要得到確認；因為伺服器的 SYN 與 ACK 同在一個報文段裡，所以一共三個。\
                    請注意 ack 說的是下一個期待的序號。第三個報文段讓伺服器得知自己的序號已被收到；至於它到了沒有，客戶\
                    端要等對方再送來東西才知道。",
                hans: "双方各自宣告自己的序列号，也都要得到确认；因为服务器的 SYN 与 ACK 同在一个报文段里，所以一共三\
                    个。请注意 ack 说的是下一个期待的序列号。第三个报文段让服务器得知自己的序列号已被收到；至于它到了没\
                    有，客户端要等对方再发来东西才知道。",
            },
        ),
        "data-with-third-segment" => (
            Phrase {
                en: "The third segment can carry data",
                hant: "第三個報文段可以帶資料",
                hans: "第三个报文段可以带数据",
            },
            Phrase {
                en: "The client's application gives its data before the connection is established, so the data waits \
                    and then leaves together with the ACK of the server's SYN. Watch its number: it is 101, as that of \
                    a bare ACK would have been, because an ACK occupies nothing.",
                hant: "客戶端的應用程式在連線建立之前就交出資料，資料只好先等，再與伺服器 SYN 的 ACK 一起送出。請注意它\
                    的序號是 101，單純的 ACK 也會是這個序號，因為 ACK 不佔序號。",
                hans: "客户端的应用程序在连接建立之前就交出数据，数据只好先等，再与服务器 SYN 的 ACK 一起发出。请注意它\
                    的序列号是 101，单纯的 ACK 也会是这个序列号，因为 ACK 不占序列号。",
            },
        ),
        "options-agreed" => (
            Phrase {
                en: "Options that both sides offer are used",
                hant: "雙方都提出的選項才會使用",
                hans: "双方都提出的选项才会使用",
            },
            Phrase {
                en: "A SYN is the only place to offer window scaling, selective acknowledgments and timestamps, and the \
                    SYN,ACK answers with those that the server offers too. Open one of the server's ACKs: its window says \
                    50000 and counts four times as much, which 16 bits alone could not say. Each side sends its own clock \
                    and echoes the other's; the timestamps take twelve octets, so a full segment holds 1448 instead of \
                    1460.",
                hant: "視窗縮放、選擇確認與時間戳記只能在 SYN 裡提出，伺服器也提出的，就寫在 SYN,ACK 裡。請點開伺服器的一個 \
                    ACK：視窗欄位寫的是 50000，實際要乘以四，單靠 16 位元無法表示。雙方各自送出自己的時鐘，並送回對方的；時\
                    間戳記佔用十二個位元組，所以裝滿的報文段只有 1448 個位元組，而不是 1460。",
                hans: "窗口缩放、选择确认与时间戳只能在 SYN 里提出，服务器也提出的，就写在 SYN,ACK 里。请点开服务器的一个 ACK：\
                    窗口字段写的是 50000，实际要乘以四，单靠 16 位无法表示。双方各自发出自己的时钟，并送回对方的；时间戳占用\
                    十二个字节，所以装满的报文段只有 1448 个字节，而不是 1460。",
            },
        ),
        "options-not-offered" => (
            Phrase {
                en: "An option that only one side offers is not used",
                hant: "只有一方提出的選項不會使用",
                hans: "只有一方提出的选项不会使用",
            },
            Phrase {
                en: "The client offers window scaling, selective acknowledgments and timestamps, but the server offers none of \
                    them. Watch its SYN,ACK, which names nothing but the largest text that it takes, and the segments \
                    after it: without options, with windows that mean what they say, and full with 1460 octets. Although \
                    the server has room for 200000 octets, it cannot announce more than 65535.",
                hant: "客戶端提出視窗縮放、選擇確認與時間戳記，伺服器卻一個也不提出。請注意它的 SYN,ACK 只說了願意收的最大資\
                    料長度，其後的報文段都不帶選項，視窗就是欄位所寫的數字，裝滿時有 1460 個位元組。伺服器雖然有 200000 個\
                    位元組的空間，卻最多只能宣告 65535。",
                hans: "客户端提出窗口缩放、选择确认与时间戳，服务器却一个也不提出。请注意它的 SYN,ACK 只说了愿意收的最大数据\
                    长度，其后的报文段都不带选项，窗口就是字段所写的数字，装满时有 1460 个字节。服务器虽然有 200000 个字节的\
                    空间，却最多只能宣告 65535。",
            },
        ),
        "lost-syn" => (
            Phrase { en: "The first SYN is lost", hant: "第一個 SYN 遺失", hans: "第一个 SYN 丢失" },
            Phrase {
                en: "The client cannot tell a lost SYN from a slow one, and the server does not know that anybody has \
                    called. Watch what the client's retransmission timer does, and that the SYN it repeats is the same \
                    SYN.",
                hant: "客戶端分不出 SYN 是遺失還是太慢，伺服器則根本不知道有人找過它。請注意客戶端的重傳計時器做了什\
                    麼，以及重傳的 SYN 與原來的一模一樣。",
                hans: "客户端分不出 SYN 是丢失还是太慢，服务器则根本不知道有人找过它。请注意客户端的重传定时器做了什\
                    么，以及重传的 SYN 与原来的一模一样。",
            },
        ),
        "lost-syn-ack" => (
            Phrase { en: "The SYN,ACK is lost", hant: "SYN,ACK 遺失", hans: "SYN,ACK 丢失" },
            Phrase {
                en: "Neither side knows whether its own segment or the answer was lost, so both repeat what they have \
                    sent. Watch the repeated SYN: it has the same number, so it is no new connection, and the ACK that \
                    it draws tells a client without the server's SYN nothing. The SYN,ACK comes again from the \
                    server's own timer.",
                hant: "誰也不知道遺失的是自己的報文段還是對方的回應，所以雙方都重傳。請注意重傳的 SYN：序號相同，並不是\
                    新的連線；它換來的 ACK 對還沒收到伺服器 SYN 的客戶端毫無用處。SYN,ACK 是伺服器自己的計時器重傳的。",
                hans: "谁也不知道丢失的是自己的报文段还是对方的回应，所以双方都重传。请注意重传的 SYN：序列号相同，并不\
                    是新的连接；它换来的 ACK 对还没收到服务器 SYN 的客户端毫无用处。SYN,ACK 是服务器自己的定时器重传\
                    的。",
            },
        ),
        "lost-third-idle" => (
            Phrase {
                en: "The third segment is lost, and nobody speaks",
                hant: "第三個報文段遺失，雙方都不說話",
                hans: "第三个报文段丢失，双方都不说话",
            },
            Phrase {
                en: "The client is ESTABLISHED and cannot know that the server is not: a bare ACK is not acknowledged, \
                    and its sender never repeats it unasked. Watch the server's timer repeat the SYN,ACK after a \
                    second, and the client answer it once more.",
                hant: "客戶端已在 ESTABLISHED，無從得知伺服器還沒有：單純的 ACK 不會得到確認，送出它的一方也不會主動重\
                    傳。請注意一秒後伺服器的計時器重傳 SYN,ACK，客戶端再回應一次。",
                hans: "客户端已在 ESTABLISHED，无从得知服务器还没有：单纯的 ACK 不会得到确认，发出它的一方也不会主动重\
                    传。请注意一秒后服务器的定时器重传 SYN,ACK，客户端再回应一次。",
            },
        ),
        "lost-third-with-data" => (
            Phrase {
                en: "The third segment is lost, and the client speaks",
                hant: "第三個報文段遺失，客戶端先說話",
                hans: "第三个报文段丢失，客户端先说话",
            },
            Phrase {
                en: "Every segment that the client sends from now on carries the same acknowledgment, so its data can \
                    take the place of the lost ACK. Watch the server become ESTABLISHED by a segment with data and \
                    deliver it at once; no timer expires, and nobody learns that something was lost.",
                hant: "客戶端此後送出的每個報文段都帶著同樣的確認，所以資料可以代替遺失的 ACK。請注意伺服器因一個帶資料\
                    的報文段進入 ESTABLISHED，並立刻交付資料；沒有計時器到期，也沒有人知道遺失過什麼。",
                hans: "客户端此后发出的每个报文段都带着同样的确认，所以数据可以代替丢失的 ACK。请注意服务器因一个带数据\
                    的报文段进入 ESTABLISHED，并立刻交付数据；没有定时器到期，也没有人知道丢失过什么。",
            },
        ),
        "lost-third-server-first" => (
            Phrase {
                en: "The third segment is lost, and the server is to speak first",
                hant: "第三個報文段遺失，該由伺服器先說話",
                hans: "第三个报文段丢失，该由服务器先说话",
            },
            Phrase {
                en: "The server's application wants to greet its client, but it gets the connection only when the \
                    server is ESTABLISHED. Watch the client wait a whole second for a greeting that cannot be sent \
                    yet: only the server's timer brings the lost acknowledgment back.",
                hant: "伺服器的應用程式想先向客戶端問好，但要等伺服器進入 ESTABLISHED 才拿得到連線。請注意客戶端為了還\
                    不能送出的問候白等一秒：只有伺服器的計時器能換回遺失的確認。",
                hans: "服务器的应用程序想先向客户端问好，但要等服务器进入 ESTABLISHED 才拿得到连接。请注意客户端为了还\
                    不能发出的问候白等一秒：只有服务器的定时器能换回丢失的确认。",
            },
        ),
        "simultaneous-open" => (
            Phrase {
                en: "Both sides open at once", hant: "雙方同時開啟連線", hans: "双方同时打开连接"
            },
            Phrase {
                en: "Nobody listens: both sides send a SYN, and the two cross on the way. Watch how four segments make \
                    one connection, not two.",
                hant: "沒有人監聽：雙方各送出一個 SYN，在途中交錯而過。請注意四個報文段如何形成一條連線，而不是兩條。",
                hans: "没有人监听：双方各发出一个 SYN，在途中交错而过。请注意四个报文段如何形成一个连接，而不是两个。",
            },
        ),
        "refused" => (
            Phrase { en: "Nobody listens", hant: "沒有人監聽", hans: "没有人监听" },
            Phrase {
                en: "The client sends a SYN to a port on which no application listens. Watch where the reset takes its \
                    numbers from, and how the client knows that it answers this very SYN.",
                hant: "客戶端向沒有應用程式監聽的連接埠送出 SYN。請注意 RST 的序號從何而來，以及客戶端如何知道它回應的\
                    正是這個 SYN。",
                hans: "客户端向没有应用程序监听的端口发出 SYN。请注意 RST 的序列号从何而来，以及客户端如何知道它回应的\
                    正是这个 SYN。",
            },
        ),
        "nobody-answers" => (
            Phrase { en: "Nobody answers", hant: "沒有人回應", hans: "没有人回应" },
            Phrase {
                en: "The server's host is down, and the client cannot tell that from lost segments. Watch the SYN go \
                    out eight times, each wait twice as long as the one before but no longer than a minute, until the \
                    client gives up after three minutes. From silence alone it never learns why.",
                hant: "伺服器的主機當機了，而客戶端分不出這與報文段遺失有何不同。請注意 SYN 一共送出八次，每次等待加\
                    倍，最長一分鐘，直到三分鐘後客戶端放棄。單憑沉默，它永遠不知道原因。",
                hans: "服务器的主机崩溃了，而客户端分不出这与报文段丢失有何不同。请注意 SYN 一共发出八次，每次等待加\
                    倍，最长一分钟，直到三分钟后客户端放弃。单凭沉默，它永远不知道原因。",
            },
        ),
        "backlog-full" => (
            Phrase { en: "The backlog is full", hant: "等候佇列已滿", hans: "等待队列已满" },
            Phrase {
                en: "The server has room for one half-open connection, and the first connection stays in it because \
                    its third segment is lost. Watch the second SYN be ignored as if it were lost, and succeed when it \
                    is repeated: once the first connection is ESTABLISHED, its place is free.",
                hant: "伺服器只為一條半開連線留了位子，而第一條連線的第三個報文段遺失，一直佔著。請注意第二個 SYN 被當\
                    作遺失，重傳時才成功：第一條連線進入 ESTABLISHED 後，位子就空出來了。",
                hans: "服务器只为一个半开连接留了位子，而第一个连接的第三个报文段丢失，一直占着。请注意第二个 SYN 被当\
                    作丢失，重传时才成功：第一个连接进入 ESTABLISHED 后，位子就空出来了。",
            },
        ),
        "accept-queue-full" => (
            Phrase {
                en: "The application is too slow to accept",
                hant: "應用程式接受連線太慢",
                hans: "应用程序接受连接太慢",
            },
            Phrase {
                en: "Established connections wait until the application takes them, and here there is room for one. \
                    Watch the third segment of the second connection be ignored as if it were lost: the client is \
                    ESTABLISHED and the server is not, until the repeated SYN,ACK mends it when there is room again.",
                hant: "建立好的連線要等應用程式接受，這裡只容得下一條。請注意第二條連線的第三個報文段被當作遺失：客戶端\
                    已在 ESTABLISHED，伺服器卻還沒有；等到又有空位，重傳的 SYN,ACK 才補救過來。",
                hans: "建立好的连接要等应用程序接受，这里只容得下一个。请注意第二个连接的第三个报文段被当作丢失：客户端\
                    已在 ESTABLISHED，服务器却还没有；等到又有空位，重传的 SYN,ACK 才补救过来。",
            },
        ),
        "stale-syn-three-way" => (
            Phrase {
                en: "An old SYN meets the three-way handshake",
                hant: "舊的 SYN 遇上三次握手",
                hans: "旧的 SYN 遇上三次握手",
            },
            Phrase {
                en: "A SYN of a connection long over arrives late, and nobody wants it any more. The server cannot see \
                    whether it is new, so it asks: its SYN,ACK meets a client that knows nothing of it, and a reset \
                    ends the matter. Watch that the server never becomes ESTABLISHED and its application hears \
                    nothing.",
                hant: "早已結束的連線留下一個 SYN，遲到了，已經沒有人要它。伺服器看不出它是新是舊，只好問一問：SYN,ACK \
                    遇上毫不知情的客戶端，換來 RST，事情就此了結。請注意伺服器從未進入 ESTABLISHED，它的應用程式什麼也\
                    不知道。",
                hans: "早已结束的连接留下一个 SYN，迟到了，已经没有人要它。服务器看不出它是新是旧，只好问一问：SYN,ACK \
                    遇上毫不知情的客户端，换来 RST，事情就此了结。请注意服务器从未进入 ESTABLISHED，它的应用程序什么也\
                    不知道。",
            },
        ),
        "stale-syn-two-way" => (
            Phrase {
                en: "An old SYN meets a two-way handshake",
                hant: "舊的 SYN 遇上兩次握手",
                hans: "旧的 SYN 遇上两次握手",
            },
            Phrase {
                en: "What if the server took a connection for established as soon as it sees a SYN? Watch the reset \
                    come here too, but a round trip too late: until then the server holds a connection, and its \
                    application has greeted somebody who is not there. In the three-way handshake the third segment \
                    proves that the SYN is wanted now.",
                hant: "如果伺服器一見到 SYN 就當作連線已建立，會怎麼樣？請注意 RST 同樣會來，卻晚了一個來回：在那之前，\
                    伺服器一直握著一條連線，應用程式還向不在場的人問了好。在三次握手裡，第三個報文段證明此刻真的有人要\
                    這條連線。",
                hans: "如果服务器一见到 SYN 就当作连接已建立，会怎么样？请注意 RST 同样会来，却晚了一个来回：在那之前，\
                    服务器一直握着一个连接，应用程序还向不在场的人问了好。在三次握手里，第三个报文段证明此刻真的有人要\
                    这个连接。",
            },
        ),
        "stale-data-three-way" => (
            Phrase {
                en: "Three-way: an old request is not carried out",
                hant: "三次握手：舊的請求不會執行",
                hans: "三次握手：旧的请求不会执行",
            },
            Phrase {
                en: "The same old SYN with data, but now the server waits for the third segment. Watch the SYN,ACK \
                    acknowledge the SYN alone, with ack=91: the data is held back until somebody proves that the \
                    connection is wanted, and is thrown away when the reset comes.",
                hant: "同樣是帶著資料的舊 SYN，但現在伺服器等待第三個報文段。請注意 SYN,ACK 只確認 SYN（ack=91）：資料\
                    先扣著，等有人證明此刻真的要這條連線；RST 一到，資料就丟掉了。",
                hans: "同样是带着数据的旧 SYN，但现在服务器等待第三个报文段。请注意 SYN,ACK 只确认 SYN（ack=91）：数据\
                    先扣着，等有人证明此刻真的要这个连接；RST 一到，数据就丢掉了。",
            },
        ),
        "stale-data-two-way" => (
            Phrase {
                en: "Two-way: an old request is carried out",
                hant: "兩次握手：舊的請求被執行",
                hans: "两次握手：旧的请求被执行",
            },
            Phrase {
                en: "An old SYN that carries data comes late. Watch the server's application receive “pay 100” at \
                    once, through a connection that nobody has asked for now. The reset comes, but it cannot take back \
                    what the application has done.",
                hant: "帶著資料的舊 SYN 遲到了。請注意伺服器的應用程式立刻收到「pay 100」，而此刻根本沒有人要求這條連\
                    線。RST 隨後到來，卻無法收回應用程式已經做的事。",
                hans: "带着数据的旧 SYN 迟到了。请注意服务器的应用程序立刻收到“pay 100”，而此刻根本没有人要求这个连接。\
                    RST 随后到来，却无法收回应用程序已经做的事。",
            },
        ),
        "ghost-three-way" => (
            Phrase {
                en: "Three-way: a ghost does not get in",
                hant: "三次握手：幽靈連線進不來",
                hans: "三次握手：幽灵连接进不来",
            },
            Phrase {
                en: "The same old SYN and the same silence. The server still keeps a half-open connection for three \
                    minutes, which is why backlogs have a limit. But watch that it never becomes ESTABLISHED, so no \
                    application ever deals with a ghost.",
                hant: "同樣的舊 SYN，同樣的沉默。伺服器仍要為這條半開連線保留三分鐘，等候佇列也因此必須有上限。但請注意\
                    它從未進入 ESTABLISHED，沒有應用程式會與幽靈打交道。",
                hans: "同样的旧 SYN，同样的沉默。服务器仍要为这个半开连接保留三分钟，等待队列也因此必须有上限。但请注意\
                    它从未进入 ESTABLISHED，没有应用程序会与幽灵打交道。",
            },
        ),
        "ghost-two-way" => (
            Phrase {
                en: "Two-way: a ghost takes a place",
                hant: "兩次握手：幽靈連線佔了位子",
                hans: "两次握手：幽灵连接占了位子",
            },
            Phrase {
                en: "The client's host is gone, but an old SYN of it still arrives, and nobody is left to send a \
                    reset. Watch the server hold an ESTABLISHED connection with nobody behind it. It waits for no \
                    third segment and has nothing to repeat, so nothing shows that nobody is there: an hour later the \
                    connection still stands.",
                hant: "客戶端的主機已經不在，它的舊 SYN 卻還是到了，再也沒有人能送出 RST。請注意伺服器握著一條 \
                    ESTABLISHED 卻背後無人的連線。它不等第三個報文段，也沒有東西要重傳，所以沒有任何跡象顯示對方不在：\
                    一小時之後，這條連線依然存在。",
                hans: "客户端的主机已经不在，它的旧 SYN 却还是到了，再也没有人能发出 RST。请注意服务器握着一个 \
                    ESTABLISHED 却背后无人的连接。它不等第三个报文段，也没有东西要重传，所以没有任何迹象显示对方不在：\
                    一小时之后，这个连接依然存在。",
            },
        ),
        "lost-data" => (
            Phrase {
                en: "One of three data segments is lost",
                hant: "三個資料報文段遺失了一個",
                hans: "三个数据报文段丢失了一个",
            },
            Phrase {
                en: "An ack says up to where everything has arrived, so the segment behind the gap draws the same ack \
                    again. Watch the server keep that segment, and one ack jump over both when the gap is filled: \
                    nothing but the missing segment is repeated.",
                hant: "ack 說明到哪裡為止全都收到了，所以缺口之後的報文段只換來同樣的 ack。請注意伺服器留著那個報文段，\
                    缺口補上時一個 ack 就越過兩段：重傳的只有缺少的那一個。",
                hans: "ack 说明到哪里为止全都收到了，所以缺口之后的报文段只换来同样的 ack。请注意服务器留着那个报文段，\
                    缺口补上时一个 ack 就越过两段：重传的只有缺少的那一个。",
            },
        ),
        "damaged-segment" => (
            Phrase {
                en: "A segment arrives damaged", hant: "報文段抵達時已損毀", hans: "报文段到达时已损坏"
            },
            Phrase {
                en: "A checksum that does not fit says that something is wrong, but not what: even the addresses may \
                    be damaged. So the segment is dropped and nobody is told. Watch it be repaired like a loss, by the \
                    sender's timer.",
                hant: "校驗和不符只說明有錯，卻不知錯在哪裡：連位址都可能損毀了。所以報文段直接丟棄，誰也不通知。請注意\
                    補救的方式與遺失一樣，靠的是傳送端的計時器。",
                hans: "校验和不符只说明有错，却不知错在哪里：连地址都可能损坏了。所以报文段直接丢弃，谁也不通知。请注意\
                    补救的方式与丢失一样，靠的是发送方的定时器。",
            },
        ),
        "delayed-ack" => (
            Phrase {
                en: "An acknowledgment waits for company", hant: "確認等著搭便車", hans: "确认等着搭便车"
            },
            Phrase {
                en: "The server may hold an ACK back for a little while, here for 200 ms. Watch it travel with the \
                    answer when the application answers in time, and alone when the application has nothing to say. It \
                    has to leave within 0.5 s, or the sender might repeat its data.",
                hant: "伺服器可以把 ACK 留住片刻，這裡是 200 ms。請注意應用程式及時回答時，ACK 就和回答一起送出；無話可\
                    說時，ACK 只好單獨送出。它必須在 0.5 s 之內送出，否則對方可能會重傳資料。",
                hans: "服务器可以把 ACK 留住片刻，这里是 200 ms。请注意应用程序及时回答时，ACK 就和回答一起发出；无话可\
                    说时，ACK 只好单独发出。它必须在 0.5 s 之内发出，否则对方可能会重传数据。",
            },
        ),
        "nagle" => (
            Phrase {
                en: "Small pieces wait for each other", hant: "小塊資料先湊在一起", hans: "小块数据先凑在一起"
            },
            Phrase {
                en: "With Nagle's algorithm a small segment waits as long as something is unacknowledged. Watch four \
                    single octets become two segments: the first leaves at once, the others gather until its ACK \
                    comes. Sent one by one, each would carry far more header than data.",
                hant: "開啟 Nagle 演算法後，只要還有資料沒得到確認，小報文段就先等著。請注意四個單獨的位元組變成兩個報\
                    文段：第一個立刻送出，其餘的湊在一起，等它的 ACK 回來。若一個一個送，每個報文段的標頭都遠比資料還\
                    大。",
                hans: "开启 Nagle 算法后，只要还有数据没得到确认，小报文段就先等着。请注意四个单独的字节变成两个报文\
                    段：第一个立刻发出，其余的凑在一起，等它的 ACK 回来。若一个一个发，每个报文段的首部都远比数据还\
                    大。",
            },
        ),
        "zero-window" => (
            Phrase {
                en: "A closed window has to be probed", hant: "關閉的視窗需要探測", hans: "关闭的窗口需要探测"
            },
            Phrase {
                en: "The server's application does not read, its buffer fills, and the window closes. When it opens \
                    again, the ACK that says so is lost, and a bare ACK is never repeated unasked. Watch the client's \
                    probe of one octet end a silence in which both would wait for ever.",
                hant: "伺服器的應用程式不讀取，緩衝區滿了，視窗就關閉。視窗重新打開時，說明這件事的 ACK 遺失了，而單純\
                    的 ACK 不會主動重傳。請注意客戶端以一個位元組的探測打破沉默，否則雙方會永遠等下去。",
                hans: "服务器的应用程序不读取，缓冲区满了，窗口就关闭。窗口重新打开时，说明这件事的 ACK 丢失了，而单纯\
                    的 ACK 不会主动重传。请注意客户端用一个字节的探测打破沉默，否则双方会永远等下去。",
            },
        ),
        "sequence-wrap" => (
            Phrase {
                en: "The sequence numbers begin again at zero",
                hant: "序號從零重新開始",
                hans: "序列号从零重新开始",
            },
            Phrase {
                en: "Sequence numbers have 32 bits: after 4294967295 comes 0, and an initial number may lie anywhere. \
                    Watch one segment reach from 4294967286 over the end to 34, and the ack name 35. Numbers are \
                    compared by their distance around the circle, not by their size.",
                hant: "序號有 32 位元：4294967295 之後就是 0，而初始序號可能在任何地方。請注意一個報文段從 4294967286 \
                    越過終點直到 34，ack 說的是 35。序號比較的是在圓圈上的距離，不是大小。",
                hans: "序列号有 32 位：4294967295 之后就是 0，而初始序列号可能在任何地方。请注意一个报文段从 \
                    4294967286 越过终点直到 34，ack 说的是 35。序列号比较的是在圆圈上的距离，不是大小。",
            },
        ),
        "client-closes-first" => (
            Phrase { en: "The client closes first", hant: "客戶端先關閉", hans: "客户端先关闭" },
            Phrase {
                en: "Whoever closes first goes through FIN-WAIT-1 and FIN-WAIT-2 to TIME-WAIT, the other side through \
                    CLOSE-WAIT and LAST-ACK. Watch that a FIN occupies one number and is acknowledged like data, and \
                    that only the side that sends the last ACK has to wait.",
                hant: "先關閉的一方經過 FIN-WAIT-1、FIN-WAIT-2 到 TIME-WAIT，另一方則經過 CLOSE-WAIT 與 LAST-ACK。請注\
                    意 FIN 佔一個序號，像資料一樣得到確認；只有送出最後 ACK 的一方需要等待。",
                hans: "先关闭的一方经过 FIN-WAIT-1、FIN-WAIT-2 到 TIME-WAIT，另一方则经过 CLOSE-WAIT 与 LAST-ACK。请注\
                    意 FIN 占一个序列号，像数据一样得到确认；只有发出最后 ACK 的一方需要等待。",
            },
        ),
        "server-closes-first" => (
            Phrase { en: "The server closes first", hant: "伺服器先關閉", hans: "服务器先关闭" },
            Phrase {
                en: "The roles in a close do not depend on who opened: here the server closes first, and everything is \
                    mirrored. Watch TIME-WAIT fall to the server; one that always closes first collects many \
                    connections in TIME-WAIT.",
                hant: "關閉時的角色與誰建立連線無關：這裡由伺服器先關閉，一切左右互換。請注意 TIME-WAIT 落在伺服器身\
                    上；總是先關閉的伺服器會累積許多處於 TIME-WAIT 的連線。",
                hans: "关闭时的角色与谁建立连接无关：这里由服务器先关闭，一切左右互换。请注意 TIME-WAIT 落在服务器身\
                    上；总是先关闭的服务器会累积许多处于 TIME-WAIT 的连接。",
            },
        ),
        "half-close" => (
            Phrase {
                en: "One direction is closed, the other goes on",
                hant: "一個方向關閉，另一個方向繼續",
                hans: "一个方向关闭，另一个方向继续",
            },
            Phrase {
                en: "A FIN means “I have no more to send”, not “I am gone”. Watch the client receive and acknowledge \
                    2500 octets in FIN-WAIT-2, after its own FIN. Because the server may still have something to send, \
                    its ACK and its own FIN are two segments here.",
                hant: "FIN 的意思是「我沒有更多要送的」，不是「我走了」。請注意客戶端送出 FIN 之後，還在 FIN-WAIT-2 接\
                    收並確認了 2500 個位元組。因為伺服器還有資料要送，它的 ACK 與自己的 FIN 在這裡是兩個報文段。",
                hans: "FIN 的意思是“我没有更多要发的”，不是“我走了”。请注意客户端发出 FIN 之后，还在 FIN-WAIT-2 接收并\
                    确认了 2500 个字节。因为服务器还有数据要发，它的 ACK 与自己的 FIN 在这里是两个报文段。",
            },
        ),
        "three-segment-close" => (
            Phrase {
                en: "A close in three segments", hant: "三個報文段的關閉", hans: "三个报文段的关闭"
            },
            Phrase {
                en: "When the client's FIN arrives, the server has nothing left to send, so one segment carries both \
                    its ACK and its own FIN. Watch the client go through FIN-WAIT-2 into TIME-WAIT in a single step.",
                hant: "客戶端的 FIN 送達時，伺服器已沒有資料要送，於是一個報文段同時帶著 ACK 和自己的 FIN。請注意客戶端\
                    在一步之內經過 FIN-WAIT-2 進入 TIME-WAIT。",
                hans: "客户端的 FIN 到达时，服务器已没有数据要发，于是一个报文段同时带着 ACK 和自己的 FIN。请注意客户端\
                    在一步之内经过 FIN-WAIT-2 进入 TIME-WAIT。",
            },
        ),
        "simultaneous-close" => (
            Phrase {
                en: "Both sides close at once", hant: "雙方同時關閉連線", hans: "双方同时关闭连接"
            },
            Phrase {
                en: "Both sides send a FIN before either has seen the other's. Watch both go through CLOSING, and both \
                    wait in TIME-WAIT: neither knows whether its last ACK arrived.",
                hant: "雙方都在看到對方的 FIN 之前送出自己的 FIN。請注意雙方都經過 CLOSING，也都在 TIME-WAIT 等待：誰也\
                    不知道自己最後的 ACK 是否送達。",
                hans: "双方都在看到对方的 FIN 之前发出自己的 FIN。请注意双方都经过 CLOSING，也都在 TIME-WAIT 等待：谁也\
                    不知道自己最后的 ACK 是否到达。",
            },
        ),
        "lost-fin" => (
            Phrase { en: "The FIN is lost", hant: "FIN 遺失", hans: "FIN 丢失" },
            Phrase {
                en: "A FIN occupies a sequence number, so it is repeated until it is acknowledged, like data. Watch \
                    that the server knows nothing of the close for a second: it is still ESTABLISHED while the client \
                    is in FIN-WAIT-1.",
                hant: "FIN 佔一個序號，所以像資料一樣重傳，直到得到確認。請注意伺服器有一秒鐘對關閉毫不知情：客戶端在 \
                    FIN-WAIT-1 時，它還在 ESTABLISHED。",
                hans: "FIN 占一个序列号，所以像数据一样重传，直到得到确认。请注意服务器有一秒钟对关闭毫不知情：客户端\
                    在 FIN-WAIT-1 时，它还在 ESTABLISHED。",
            },
        ),
        "lost-ack-of-fin" => (
            Phrase { en: "The ACK of the FIN is lost", hant: "FIN 的 ACK 遺失", hans: "FIN 的 ACK 丢失" },
            Phrase {
                en: "The client cannot tell a lost FIN from a lost ACK, so the FIN comes again. Watch the server \
                    recognize it by its number: it is acknowledged once more, but does not count twice.",
                hant: "客戶端分不出遺失的是 FIN 還是 ACK，所以重傳 FIN。請注意伺服器憑序號認出它：再確認一次，但不會算\
                    兩次。",
                hans: "客户端分不出丢失的是 FIN 还是 ACK，所以重传 FIN。请注意服务器凭序列号认出它：再确认一次，但不会\
                    算两次。",
            },
        ),
        "lost-last-ack" => (
            Phrase {
                en: "The last ACK of the close is lost",
                hant: "關閉時最後的 ACK 遺失",
                hans: "关闭时最后的 ACK 丢失",
            },
            Phrase {
                en: "The ACK of the server's FIN never arrives, and the client cannot know that. Watch how the server \
                    asks again, and who is still there to answer: this is what TIME-WAIT is for.",
                hant: "伺服器 FIN 的 ACK 一直沒有送到，而客戶端無從得知。請注意伺服器如何再問一次，又是誰還留著回應：這\
                    正是 TIME-WAIT 的用途。",
                hans: "服务器 FIN 的 ACK 一直没有到达，而客户端无从得知。请注意服务器如何再问一次，又是谁还留着回应：这\
                    正是 TIME-WAIT 的用途。",
            },
        ),
        "fin-before-missing-data" => (
            Phrase {
                en: "The FIN comes while data is missing",
                hant: "FIN 先到，資料還缺著",
                hans: "FIN 先到，数据还缺着",
            },
            Phrase {
                en: "The FIN has the number after the last octet, so the server sees that something before it is \
                    missing. Watch it remember the FIN, go on saying ack=101, and enter CLOSE-WAIT only when the \
                    repeated data has filled the gap. No octet is lost by closing.",
                hant: "FIN 的序號在最後一個位元組之後，伺服器因此看得出前面還缺東西。請注意它先記住 FIN，仍然回應 \
                    ack=101，等重傳的資料補上缺口才進入 CLOSE-WAIT。關閉不會弄丟任何位元組。",
                hans: "FIN 的序列号在最后一个字节之后，服务器因此看得出前面还缺东西。请注意它先记住 FIN，仍然回应 \
                    ack=101，等重传的数据补上缺口才进入 CLOSE-WAIT。关闭不会弄丢任何字节。",
            },
        ),
        "close-in-syn-sent" => (
            Phrase {
                en: "The client changes its mind at once",
                hant: "客戶端立刻改變主意",
                hans: "客户端立刻改变主意",
            },
            Phrase {
                en: "There is no connection yet that could be closed in good order, so the client forgets its attempt \
                    and sends no FIN. Watch the server's SYN,ACK meet nobody: the reset that it draws tells the \
                    server.",
                hant: "還沒有可以好好關閉的連線，所以客戶端直接忘掉這次嘗試，不送 FIN。請注意伺服器的 SYN,ACK 找不到對\
                    象：換來的 RST 讓伺服器得知。",
                hans: "还没有可以好好关闭的连接，所以客户端直接忘掉这次尝试，不发 FIN。请注意服务器的 SYN,ACK 找不到对\
                    象：换来的 RST 让服务器得知。",
            },
        ),
        "close-in-syn-received" => (
            Phrase {
                en: "The server closes before it is established",
                hant: "伺服器在連線建立前就關閉",
                hans: "服务器在连接建立前就关闭",
            },
            Phrase {
                en: "The SYN,ACK is on its way, so the client may soon count on the connection; the server has to \
                    close it in good order, with a FIN right behind its SYN. Watch it skip ESTABLISHED and go from \
                    SYN-RECEIVED to FIN-WAIT-1.",
                hant: "SYN,ACK 已在路上，客戶端可能就要指望這條連線，所以伺服器必須好好關閉：FIN 緊跟在自己的 SYN 之\
                    後。請注意它跳過 ESTABLISHED，從 SYN-RECEIVED 直接進入 FIN-WAIT-1。",
                hans: "SYN,ACK 已在路上，客户端可能就要指望这个连接，所以服务器必须好好关闭：FIN 紧跟在自己的 SYN 之\
                    后。请注意它跳过 ESTABLISHED，从 SYN-RECEIVED 直接进入 FIN-WAIT-1。",
            },
        ),
        "fin-wait-2" => (
            Phrase {
                en: "FIN-WAIT-2 without end", hant: "沒有盡頭的 FIN-WAIT-2", hans: "没有尽头的 FIN-WAIT-2"
            },
            Phrase {
                en: "The server acknowledges the FIN and then crashes, so its own FIN never comes. Watch that nothing \
                    happens any more: the client has nothing left to repeat, and RFC 9293 gives FIN-WAIT-2 no timer. \
                    Many systems add one of their own.",
                hant: "伺服器確認 FIN 之後當機，它自己的 FIN 永遠不會來。請注意之後什麼也不再發生：客戶端沒有東西可以重\
                    傳，RFC 9293 也沒有給 FIN-WAIT-2 計時器。許多系統自行加上一個。",
                hans: "服务器确认 FIN 之后崩溃，它自己的 FIN 永远不会来。请注意之后什么也不再发生：客户端没有东西可以重\
                    传，RFC 9293 也没有给 FIN-WAIT-2 定时器。许多系统自行加上一个。",
            },
        ),
        "fin-wait-2-keep-alive" => (
            Phrase {
                en: "Keep-alive ends FIN-WAIT-2",
                hant: "保活探測結束 FIN-WAIT-2",
                hans: "保活探测结束 FIN-WAIT-2",
            },
            Phrase {
                en: "The same crash, but the client asks now and then whether anybody is there. Watch the number of \
                    its probes: it lies just before the next one to be sent, so nobody can accept it and whoever is \
                    there has to answer. One unanswered probe proves nothing; after three the client gives up.",
                hant: "同樣的當機，但客戶端不時詢問對方還在不在。請注意探測的序號：它恰在下一個要送的序號之前，誰也不能\
                    接受它，因此只要對方還在就得回應。一次沒有回應不能證明什麼；接連三次，客戶端才放棄。",
                hans: "同样的崩溃，但客户端不时询问对方还在不在。请注意探测的序列号：它恰在下一个要发的序列号之前，谁也\
                    不能接受它，因此只要对方还在就得回应。一次没有回应不能证明什么；接连三次，客户端才放弃。",
            },
        ),
        "time-wait" => (
            Phrase {
                en: "TIME-WAIT lasts two maximum segment lifetimes",
                hant: "TIME-WAIT 持續兩個 MSL",
                hans: "TIME-WAIT 持续两个 MSL",
            },
            Phrase {
                en: "After its last ACK the client keeps the connection for 2 MSL, here 240 s: to answer a FIN that is \
                    repeated, and to let old segments die before the same two sockets are used again. Watch an OPEN \
                    from the same port fail while it waits, and succeed afterwards.",
                hant: "送出最後的 ACK 之後，客戶端還保留連線 2 MSL，這裡是 240 s：一是為了回應重傳的 FIN，二是讓舊報文\
                    段在同一對 socket 再次使用之前消失。請注意等待期間從同一個連接埠 OPEN 會失敗，之後才成功。",
                hans: "发出最后的 ACK 之后，客户端还保留连接 2 MSL，这里是 240 s：一是为了回应重传的 FIN，二是让旧报文\
                    段在同一对套接字再次使用之前消失。请注意等待期间从同一个端口 OPEN 会失败，之后才成功。",
            },
        ),
        "no-time-wait-lost-last-ack" => (
            Phrase {
                en: "Without TIME-WAIT: the last ACK is lost",
                hant: "沒有 TIME-WAIT：最後的 ACK 遺失",
                hans: "没有 TIME-WAIT：最后的 ACK 丢失",
            },
            Phrase {
                en: "What if the client forgot the connection at once? Watch the repeated FIN meet nobody and draw a \
                    reset: every octet has arrived, but the server cannot tell this end from a failure. With TIME-WAIT \
                    somebody would still be there to answer.",
                hant: "如果客戶端立刻忘掉連線，會怎麼樣？請注意重傳的 FIN 找不到連線，換來 RST：明明每個位元組都送到\
                    了，伺服器卻分不出這是正常結束還是失敗。有 TIME-WAIT 的話，還會有人留著回應。",
                hans: "如果客户端立刻忘掉连接，会怎么样？请注意重传的 FIN 找不到连接，换来 RST：明明每个字节都送到了，\
                    服务器却分不出这是正常结束还是失败。有 TIME-WAIT 的话，还会有人留着回应。",
            },
        ),
        "no-time-wait-old-segment" => (
            Phrase {
                en: "Without TIME-WAIT: old data reaches a new connection",
                hant: "沒有 TIME-WAIT：舊資料闖進新連線",
                hans: "没有 TIME-WAIT：旧数据闯进新连接",
            },
            Phrase {
                en: "The same two sockets are used again at once, while a copy of old data is still on its way. Its \
                    number fits, so the server takes the old “pay 100” for the beginning of the new data, and skips as \
                    many octets of what the client really sends. Watch that no segment tells either side: this is the \
                    second reason for TIME-WAIT.",
                hant: "同一對 socket 立刻再次使用，而舊資料的複本還在路上。它的序號恰好相符，伺服器便把舊的「pay 100」\
                    當作新資料的開頭，並跳過客戶端真正送出的同樣多的位元組。請注意沒有任何報文段讓雙方察覺：這是 \
                    TIME-WAIT 的第二個理由。",
                hans: "同一对套接字立刻再次使用，而旧数据的副本还在路上。它的序列号恰好相符，服务器便把旧的“pay 100”当\
                    作新数据的开头，并跳过客户端真正发出的同样多的字节。请注意没有任何报文段让双方察觉：这是 TIME-WAIT \
                    的第二个理由。",
            },
        ),
        "time-wait-reuse" => (
            Phrase {
                en: "A new SYN takes over sockets in TIME-WAIT",
                hant: "新的 SYN 接手 TIME-WAIT 中的 socket",
                hans: "新的 SYN 接手 TIME-WAIT 中的套接字",
            },
            Phrase {
                en: "The server closed first and waits in TIME-WAIT, and the client connects again from the same port. \
                    Its new number lies beyond all that the old connection used, so the SYN cannot be a leftover of \
                    it. Watch the server go straight from TIME-WAIT to SYN-RECEIVED.",
                hant: "伺服器先關閉，正在 TIME-WAIT 等待，而客戶端從同一個連接埠再次連線。新的序號超出舊連線用過的一\
                    切，所以這個 SYN 不可能是舊連線的殘留。請注意伺服器直接從 TIME-WAIT 進入 SYN-RECEIVED。",
                hans: "服务器先关闭，正在 TIME-WAIT 等待，而客户端从同一个端口再次连接。新的序列号超出旧连接用过的一\
                    切，所以这个 SYN 不可能是旧连接的残留。请注意服务器直接从 TIME-WAIT 进入 SYN-RECEIVED。",
            },
        ),
        "time-wait-assassination" => (
            Phrase {
                en: "An old segment ends TIME-WAIT too early",
                hant: "舊報文段讓 TIME-WAIT 提早結束",
                hans: "旧报文段让 TIME-WAIT 提早结束",
            },
            Phrase {
                en: "An old segment makes the client repeat its last ACK. The server has no such connection any more \
                    and honestly answers with a reset, whose number is exactly right. Watch TIME-WAIT end 239 s too \
                    early although nobody meant any harm; RFC 1337 calls it assassination.",
                hant: "舊報文段使客戶端再送一次最後的 ACK。伺服器已經沒有這條連線，老實地回以 RST，而 RST 的序號恰好正\
                    確。請注意 TIME-WAIT 提早 239 s 結束，雖然誰也沒有惡意；RFC 1337 稱之為暗殺（assassination）。",
                hans: "旧报文段使客户端再发一次最后的 ACK。服务器已经没有这个连接，老实地回以 RST，而 RST 的序列号恰好\
                    正确。请注意 TIME-WAIT 提早 239 s 结束，虽然谁也没有恶意；RFC 1337 称之为暗杀（assassination）。",
            },
        ),
        "time-wait-rfc1337" => (
            Phrase {
                en: "TIME-WAIT that ignores resets",
                hant: "不理會 RST 的 TIME-WAIT",
                hans: "不理会 RST 的 TIME-WAIT",
            },
            Phrase {
                en: "The same old segment, but the client follows the first remedy of RFC 1337: it ignores resets in \
                    TIME-WAIT. Watch the same reset come and change nothing, and TIME-WAIT last its full 2 MSL.",
                hant: "同樣的舊報文段，但客戶端採用 RFC 1337 的第一個補救辦法：在 TIME-WAIT 不理會 RST。請注意同樣的 \
                    RST 到來卻沒有造成任何變化，TIME-WAIT 持續了完整的 2 MSL。",
                hans: "同样的旧报文段，但客户端采用 RFC 1337 的第一个补救办法：在 TIME-WAIT 不理会 RST。请注意同样的 \
                    RST 到来却没有造成任何变化，TIME-WAIT 持续了完整的 2 MSL。",
            },
        ),
        "abort" => (
            Phrase {
                en: "ABORT throws away what was not sent",
                hant: "ABORT 丟棄還沒送出的資料",
                hans: "ABORT 丢弃还没发出的数据",
            },
            Phrase {
                en: "CLOSE lets everything arrive first; ABORT does not. Watch a thousand octets that wait for the \
                    window never leave, and the reset carry SND.NXT as its number: here it is exactly what the server \
                    expects next, so it counts. Nobody acknowledges a reset, and nobody repeats it.",
                hant: "CLOSE 會讓一切先送達，ABORT 不會。請注意等待視窗的一千個位元組永遠不會送出；RST 的序號是 \
                    SND.NXT，在這裡恰好是伺服器期待的下一個，所以算數。RST 不會得到確認，也不會重傳。",
                hans: "CLOSE 会让一切先送达，ABORT 不会。请注意等待窗口的一千个字节永远不会发出；RST 的序列号是 \
                    SND.NXT，在这里恰好是服务器期待的下一个，所以算数。RST 不会得到确认，也不会重传。",
            },
        ),
        "half-open-after-crash" => (
            Phrase {
                en: "After a crash, the next segment finds out",
                hant: "當機之後，下一個報文段才發現",
                hans: "崩溃之后，下一个报文段才发现",
            },
            Phrase {
                en: "The server crashes and comes up again with no memory of the connection; the client goes on \
                    believing in it, since silence tells nothing. Watch its next data be answered with a reset that \
                    takes its seq from the ack of that data: so the client knows that it is meant.",
                hant: "伺服器當機後重新開機，對這條連線毫無記憶；客戶端仍以為連線存在，因為沉默說明不了什麼。請注意它再\
                    送資料時換來 RST，而 RST 的 seq 取自那段資料的 ack：客戶端由此知道這個 RST 是針對自己的。",
                hans: "服务器崩溃后重启，对这个连接毫无记忆；客户端仍以为连接存在，因为沉默说明不了什么。请注意它再发数\
                    据时换来 RST，而 RST 的 seq 取自那段数据的 ack：客户端由此知道这个 RST 是针对自己的。",
            },
        ),
        "half-open-for-ever" => (
            Phrase {
                en: "A crash that nobody notices", hant: "沒有人發現的當機", hans: "没有人发现的崩溃"
            },
            Phrase {
                en: "The client's host is gone for good, and the server has nothing to send. Watch its connection \
                    stay: TCP sends nothing while nobody has anything to say. So this ghost remains until the server \
                    sends something, or asks with keep-alives.",
                hant: "客戶端的主機再也不會回來，而伺服器沒有東西要送。請注意它的連線一直留著：無話可說時，TCP 什麼也不\
                    送。所以這條幽靈連線會一直留到伺服器送出東西，或以保活探測詢問為止。",
                hans: "客户端的主机再也不会回来，而服务器没有东西要发。请注意它的连接一直留着：无话可说时，TCP 什么也不\
                    发。所以这个幽灵连接会一直留到服务器发出东西，或用保活探测询问为止。",
            },
        ),
        "quiet-time" => (
            Phrase {
                en: "Quiet time after a reboot", hant: "重新開機後的安靜時間", hans: "重启后的安静时间"
            },
            Phrase {
                en: "A host that has forgotten which numbers it used might choose one that old segments in the network \
                    still carry. So after a reboot it assigns none for one MSL, here two minutes. Watch the client's \
                    SYNs be ignored as if they were lost until that time is over.",
                hant: "忘了用過哪些序號的主機，可能選到網路裡的舊報文段還帶著的號碼。所以重新開機後一個 MSL（這裡是兩分\
                    鐘）之內，它不分配任何序號。請注意在那之前，客戶端的 SYN 都被當作遺失。",
                hans: "忘了用过哪些序列号的主机，可能选到网络里的旧报文段还带着的号码。所以重启后一个 MSL（这里是两分\
                    钟）之内，它不分配任何序列号。请注意在那之前，客户端的 SYN 都被当作丢失。",
            },
        ),
        "blind-rst-out-of-window" => (
            Phrase {
                en: "A forged RST outside the window",
                hant: "偽造的 RST 落在視窗之外",
                hans: "伪造的 RST 落在窗口之外",
            },
            Phrase {
                en: "Somebody who cannot see the connection guesses a number and misses the window. Watch the reset be \
                    dropped without an answer: what lies outside the window is old or forged. RFC 5961 changes nothing \
                    here.",
                hant: "看不到這條連線的人猜了一個序號，沒有猜中視窗。請注意這個 RST 被丟棄，也沒有回應：落在視窗之外\
                    的，不是舊的就是偽造的。RFC 5961 在這裡沒有改變什麼。",
                hans: "看不到这个连接的人猜了一个序列号，没有猜中窗口。请注意这个 RST 被丢弃，也没有回应：落在窗口之外\
                    的，不是旧的就是伪造的。RFC 5961 在这里没有改变什么。",
            },
        ),
        "blind-rst-in-window" => (
            Phrase {
                en: "A forged RST inside the window is challenged",
                hant: "偽造的 RST 落在視窗內，受到質疑",
                hans: "伪造的 RST 落在窗口内，受到质疑",
            },
            Phrase {
                en: "The guess hits the window, but not exactly the next number. By RFC 5961 the server does not \
                    believe it and sends a challenge ACK. Watch the client, which has sent no reset, take that for a \
                    duplicate ACK; had it really lost the connection, it would answer with a reset whose number fits \
                    exactly.",
                hant: "猜中了視窗，卻不是恰好下一個序號。依 RFC 5961，伺服器不輕信，而是送出挑戰 ACK。請注意客戶端沒有\
                    送過 RST，只當它是重複的 ACK；若它真的失去了連線，就會回以序號恰好正確的 RST。",
                hans: "猜中了窗口，却不是恰好下一个序列号。按照 RFC 5961，服务器不轻信，而是发出挑战 ACK。请注意客户端\
                    没有发过 RST，只当它是重复的 ACK；若它真的失去了连接，就会回以序列号恰好正确的 RST。",
            },
        ),
        "blind-rst-without-rfc5961" => (
            Phrase {
                en: "Without RFC 5961: a forged RST inside the window",
                hant: "沒有 RFC 5961：偽造的 RST 落在視窗內",
                hans: "没有 RFC 5961：伪造的 RST 落在窗口内",
            },
            Phrase {
                en: "By the older rule every reset inside the window counts. With a window of 4000 octets about a \
                    million guesses cover all 4294967296 numbers, with larger windows far fewer. Watch one forged \
                    segment end the connection, and the client find out only when it sends.",
                hant: "按舊規則，落在視窗內的 RST 一律算數。視窗有 4000 個位元組時，大約猜一百萬次就能涵蓋全部 \
                    4294967296 個序號，視窗越大次數越少。請注意一個偽造的報文段就結束了連線，而客戶端要到送資料時才發\
                    現。",
                hans: "按旧规则，落在窗口内的 RST 一律算数。窗口有 4000 个字节时，大约猜一百万次就能涵盖全部 \
                    4294967296 个序列号，窗口越大次数越少。请注意一个伪造的报文段就结束了连接，而客户端要到发数据时才发\
                    现。",
            },
        ),
        "blind-syn-out-of-window" => (
            Phrase {
                en: "A forged SYN outside the window",
                hant: "偽造的 SYN 落在視窗之外",
                hans: "伪造的 SYN 落在窗口之外",
            },
            Phrase {
                en: "A SYN has no business in an established connection, and this one does not even lie in the window. \
                    Watch the server answer with an ACK that says what it expects: a client that had restarted would \
                    reset the connection then, but this one is alive and ignores it. RFC 5961 changes nothing here.",
                hant: "連線建立之後不該再有 SYN，而這個甚至不在視窗內。請注意伺服器回以 ACK，說明自己期待什麼：如果客戶\
                    端真的重新開機過，此時就會重設連線；但這個客戶端還在，不予理會。RFC 5961 在這裡沒有改變什麼。",
                hans: "连接建立之后不该再有 SYN，而这个甚至不在窗口内。请注意服务器回以 ACK，说明自己期待什么：如果客户\
                    端真的重启过，此时就会重置连接；但这个客户端还在，不予理会。RFC 5961 在这里没有改变什么。",
            },
        ),
        "blind-syn-in-window" => (
            Phrase {
                en: "A forged SYN inside the window is challenged",
                hant: "偽造的 SYN 落在視窗內，受到質疑",
                hans: "伪造的 SYN 落在窗口内，受到质疑",
            },
            Phrase {
                en: "By RFC 5961 a SYN gets the same answer wherever its number lies: an ACK, here a challenge. Watch \
                    the connection live on; a client that had really restarted would reset it and try again, as figure \
                    9 of RFC 9293 shows.",
                hant: "依 RFC 5961，無論序號落在哪裡，SYN 得到的回應都一樣：一個 ACK，在這裡是挑戰 ACK。請注意連線繼續\
                    存在；真正重新開機過的客戶端會重設它再試一次，如 RFC 9293 圖 9 所示。",
                hans: "按照 RFC 5961，无论序列号落在哪里，SYN 得到的回应都一样：一个 ACK，在这里是挑战 ACK。请注意连接\
                    继续存在；真正重启过的客户端会重置它再试一次，如 RFC 9293 图 9 所示。",
            },
        ),
        "blind-syn-without-rfc5961" => (
            Phrase {
                en: "Without RFC 5961: a forged SYN inside the window",
                hant: "沒有 RFC 5961：偽造的 SYN 落在視窗內",
                hans: "没有 RFC 5961：伪造的 SYN 落在窗口内",
            },
            Phrase {
                en: "By the older rule a SYN inside the window is an error that resets the connection. Watch somebody \
                    who cannot see a single segment end it; the server's reset answers the forged SYN and does not fit \
                    the client, which finds out only when it sends.",
                hant: "按舊規則，落在視窗內的 SYN 是錯誤，連線因此重設。請注意看不到任何報文段的人也能結束連線；伺服器\
                    的 RST 回應的是偽造的 SYN，與客戶端不符，客戶端要到送資料時才發現。",
                hans: "按旧规则，落在窗口内的 SYN 是错误，连接因此重置。请注意看不到任何报文段的人也能结束连接；服务器\
                    的 RST 回应的是伪造的 SYN，与客户端不符，客户端要到发数据时才发现。",
            },
        ),
        "syn-flood" => (
            Phrase {
                en: "A SYN flood fills the backlog", hant: "SYN 洪水塞滿等候佇列", hans: "SYN 洪泛塞满等待队列"
            },
            Phrase {
                en: "Somebody sends SYNs from addresses that belong to nobody, so neither a reset nor an ACK ever \
                    comes back. Watch two forged SYNs fill the backlog and keep an honest client out for three \
                    minutes: each half-open connection holds its place until the server gives it up.",
                hant: "有人以不屬於任何人的位址送來 SYN，所以永遠不會有 RST 或 ACK 回來。請注意兩個偽造的 SYN 就塞滿等\
                    候佇列，把正常的客戶端擋在門外三分鐘：每條半開連線都佔著位子，直到伺服器放棄。",
                hans: "有人用不属于任何人的地址发来 SYN，所以永远不会有 RST 或 ACK 回来。请注意两个伪造的 SYN 就塞满等\
                    待队列，把正常的客户端挡在门外三分钟：每个半开连接都占着位子，直到服务器放弃。",
            },
        ),
        "syn-cookies" => (
            Phrase {
                en: "Cookies against the flood", hant: "用 SYN cookie 抵擋洪水", hans: "用 SYN cookie 抵挡洪泛"
            },
            Phrase {
                en: "The same flood, but when the backlog is full the server answers without remembering anything: its \
                    number is a keyed hash of the sockets, the client's number and the time. Watch the honest client's \
                    ACK bring that number back, and the connection be built from the ACK alone.",
                hant: "同樣的洪水，但等候佇列滿了之後，伺服器照樣回應，卻什麼也不記：它的序號是由兩端 socket、客戶端序\
                    號與時間算出的加密雜湊。請注意正常客戶端的 ACK 把這個序號帶回來，連線單憑這個 ACK 就建立起來。",
                hans: "同样的洪泛，但等待队列满了之后，服务器照样回应，却什么也不记：它的序列号是由两端套接字、客户端序\
                    列号与时间算出的加密哈希。请注意正常客户端的 ACK 把这个序列号带回来，连接单凭这个 ACK 就建立起来。",
            },
        ),
        "figure-6" => (
            Phrase {
                en: "RFC 9293, figure 6: the basic handshake",
                hant: "RFC 9293 圖 6：基本的三次握手",
                hans: "RFC 9293 图 6：基本的三次握手",
            },
            Phrase {
                en: "Line by line as in §3.5: SYN, SYN,ACK and ACK, then data. Watch lines 4 and 5 of the figure: the \
                    ACK and the first data have the same sequence number, because an ACK occupies nothing.",
                hant: "逐行與 §3.5 相同：SYN、SYN,ACK 與 ACK，然後是資料。請注意圖中的第 4 行與第 5 行：ACK 與第一段資\
                    料的序號相同，因為 ACK 不佔序號。",
                hans: "逐行与 §3.5 相同：SYN、SYN,ACK 与 ACK，然后是数据。请注意图中的第 4 行与第 5 行：ACK 与第一段数\
                    据的序列号相同，因为 ACK 不占序列号。",
            },
        ),
        "figure-7" => (
            Phrase {
                en: "RFC 9293, figure 7: simultaneous open",
                hant: "RFC 9293 圖 7：同時開啟連線",
                hans: "RFC 9293 图 7：同时打开连接",
            },
            Phrase {
                en: "Line by line as in §3.5: both sides send a SYN, and each answers the other's with a SYN,ACK that \
                    repeats its own number. Watch these SYN,ACKs arrive: by the letter their number lies just before \
                    the window, a problem that appendix A.2 of the RFC names.",
                hant: "逐行與 §3.5 相同：雙方各送出一個 SYN，又各以重複自己序號的 SYN,ACK 回應對方。請注意這兩個 \
                    SYN,ACK 抵達時：照字面規則，它們的序號恰在視窗之前，RFC 的附錄 A.2 提到了這個問題。",
                hans: "逐行与 §3.5 相同：双方各发出一个 SYN，又各以重复自己序列号的 SYN,ACK 回应对方。请注意这两个 \
                    SYN,ACK 到达时：照字面规则，它们的序列号恰在窗口之前，RFC 的附录 A.2 提到了这个问题。",
            },
        ),
        "figure-8" => (
            Phrase {
                en: "RFC 9293, figure 8: an old SYN in the way",
                hant: "RFC 9293 圖 8：舊的 SYN 擋在前面",
                hans: "RFC 9293 图 8：旧的 SYN 挡在前面",
            },
            Phrase {
                en: "Line by line as in §3.5: an old SYN arrives before the new one. The client sees by ack=91 that \
                    the server answers something it has not sent now, and its reset takes seq=91 from there. Watch the \
                    server return to LISTEN and begin anew when the real SYN comes: this is the RFC's reason for three \
                    segments.",
                hant: "逐行與 §3.5 相同：舊的 SYN 比新的先到。客戶端從 ack=91 看出伺服器回應的不是它現在送出的 SYN，它\
                    的 RST 就取 seq=91。請注意伺服器回到 LISTEN，等真正的 SYN 來了再重新開始：這就是 RFC 要三個報文段的\
                    理由。",
                hans: "逐行与 §3.5 相同：旧的 SYN 比新的先到。客户端从 ack=91 看出服务器回应的不是它现在发出的 SYN，它\
                    的 RST 就取 seq=91。请注意服务器回到 LISTEN，等真正的 SYN 来了再重新开始：这就是 RFC 要三个报文段的\
                    理由。",
            },
        ),
        "figure-9" => (
            Phrase {
                en: "RFC 9293, figure 9: half-open, and the new SYN finds out",
                hant: "RFC 9293 圖 9：半開連線，由新的 SYN 發現",
                hans: "RFC 9293 图 9：半开连接，由新的 SYN 发现",
            },
            Phrase {
                en: "Line by line as in §3.5.1: the client has crashed and knows nothing, while the server still \
                    believes in the connection (send 300, receive 100). Watch the new SYN, outside the window, be \
                    answered with an ACK that gives the old numbers away, and the client's reset clear them. As the \
                    server is still listening, the repeated SYN succeeds.",
                hant: "逐行與 §3.5.1 相同：客戶端當機後什麼也不記得，伺服器卻還以為連線存在（要送 300，期待 100）。請注\
                    意新的 SYN 落在視窗之外，換來的 ACK 洩漏了舊的序號，客戶端的 RST 再把舊連線清除。由於伺服器還在監\
                    聽，重傳的 SYN 就成功了。",
                hans: "逐行与 §3.5.1 相同：客户端崩溃后什么也不记得，服务器却还以为连接存在（要发 300，期待 100）。请注\
                    意新的 SYN 落在窗口之外，换来的 ACK 泄漏了旧的序列号，客户端的 RST 再把旧连接清除。由于服务器还在监\
                    听，重传的 SYN 就成功了。",
            },
        ),
        "figure-10" => (
            Phrase {
                en: "RFC 9293, figure 10: half-open, and data finds out",
                hant: "RFC 9293 圖 10：半開連線，由資料發現",
                hans: "RFC 9293 图 10：半开连接，由数据发现",
            },
            Phrase {
                en: "Line by line as in §3.5.1: again the client has crashed, and this time the server sends data. \
                    Watch the reset take seq=100 from the ack of the data: exactly the number that the server expects \
                    next, so it counts at once.",
                hant: "逐行與 §3.5.1 相同：客戶端又當機了，這次是伺服器送出資料。請注意 RST 的 seq=100 取自那段資料的 \
                    ack：恰好是伺服器期待的下一個序號，所以立刻算數。",
                hans: "逐行与 §3.5.1 相同：客户端又崩溃了，这次是服务器发出数据。请注意 RST 的 seq=100 取自那段数据的 \
                    ack：恰好是服务器期待的下一个序列号，所以立刻算数。",
            },
        ),
        "figure-11" => (
            Phrase {
                en: "RFC 9293, figure 11: an old SYN between two listeners",
                hant: "RFC 9293 圖 11：兩個監聽端之間的舊 SYN",
                hans: "RFC 9293 图 11：两个监听方之间的旧 SYN",
            },
            Phrase {
                en: "Line by line as in §3.5.1: both sides only listen, nobody has opened, and an old SYN arrives. \
                    Watch the other listener refuse the SYN,ACK with a reset, and both listen again as if nothing had \
                    happened. The figure has symbols; here Z is 90 and X is 300.",
                hant: "逐行與 §3.5.1 相同：雙方都只是監聽，沒有人要連線，卻來了一個舊的 SYN。請注意另一個監聽端以 RST \
                    拒絕 SYN,ACK，雙方又繼續監聽，好像什麼也沒發生。圖中用的是符號，這裡 Z 是 90，X 是 300。",
                hans: "逐行与 §3.5.1 相同：双方都只是监听，没有人要连接，却来了一个旧的 SYN。请注意另一个监听方用 RST \
                    拒绝 SYN,ACK，双方又继续监听，好像什么也没发生。图中用的是符号，这里 Z 是 90，X 是 300。",
            },
        ),
        "figure-12" => (
            Phrase {
                en: "RFC 9293, figure 12: normal close",
                hant: "RFC 9293 圖 12：正常關閉",
                hans: "RFC 9293 图 12：正常关闭",
            },
            Phrase {
                en: "Line by line as in §3.6, after a handshake that leads to its numbers: the client closes, the \
                    server a little later. Watch that FINs take a number and ACKs do not: the server's ACK and its FIN \
                    both have seq=300.",
                hant: "握手之後的序號與 §3.6 相同，接著逐行一致：客戶端關閉，稍後伺服器也關閉。請注意 FIN 佔序號而 ACK \
                    不佔：伺服器的 ACK 與它的 FIN 都是 seq=300。",
                hans: "握手之后的序列号与 §3.6 相同，接着逐行一致：客户端关闭，稍后服务器也关闭。请注意 FIN 占序列号而 \
                    ACK 不占：服务器的 ACK 与它的 FIN 都是 seq=300。",
            },
        ),
        "figure-13" => (
            Phrase {
                en: "RFC 9293, figure 13: simultaneous close",
                hant: "RFC 9293 圖 13：同時關閉連線",
                hans: "RFC 9293 图 13：同时关闭连接",
            },
            Phrase {
                en: "Line by line as in §3.6, after a handshake that leads to its numbers: the FINs cross. Watch each \
                    side acknowledge the other's FIN in CLOSING, with a seq one beyond its own FIN, and both end in \
                    TIME-WAIT.",
                hant: "握手之後的序號與 §3.6 相同，接著逐行一致：雙方的 FIN 交錯而過。請注意雙方都在 CLOSING 確認對方\
                    的 FIN，seq 比自己的 FIN 大 1，最後都進入 TIME-WAIT。",
                hans: "握手之后的序列号与 §3.6 相同，接着逐行一致：双方的 FIN 交错而过。请注意双方都在 CLOSING 确认对方\
                    的 FIN，seq 比自己的 FIN 大 1，最后都进入 TIME-WAIT。",
            },
        ),
        _ => return None,
    };
    Some(StoryText { title: title.in_language(language), intro: intro.in_language(language) })
}
