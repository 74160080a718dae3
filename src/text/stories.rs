//! The stories of the catalog: what they are called and what to watch in them.

use super::{Language, Phrase};

/// The words for a story.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StoryText {
    /// Its title.
    pub title: &'static str,
    /// What happens, and what to watch.
    pub intro: &'static str,
}

/// The words for the story with this id; `None` if the catalog has no words for it.
pub fn story(id: &str, language: Language) -> Option<StoryText> {
    let (title, intro) = match id {
        "life" => (
            Phrase {
                en: "The whole life of a connection", hant: "一條連線的一生", hans: "一个连接的一生"
            },
            Phrase {
                en: "The client connects, both sides send data, and the client closes first while the server still \
                    has something to send. Watch which number each ACK names, and why the client has to wait in \
                    TIME-WAIT when everything seems done.",
                hant: "客戶端建立連線，雙方互送資料，接著客戶端先關閉，而伺服器還有資料要送。請注意每個 ACK 說的是哪\
                    個序號，以及看似一切結束之後，客戶端為什麼還要在 TIME-WAIT 等待。",
                hans: "客户端建立连接，双方互发数据，接着客户端先关闭，而服务器还有数据要发。请注意每个 ACK 说的是哪\
                    个序列号，以及看似一切结束之后，客户端为什么还要在 TIME-WAIT 等待。",
            },
        ),
        "lost-syn" => (
            Phrase { en: "The first SYN is lost", hant: "第一個 SYN 遺失", hans: "第一个 SYN 丢失" },
            Phrase {
                en: "The client cannot tell a lost SYN from a slow one, and the server does not know that anybody \
                    has called. Watch what the client's retransmission timer does, and that the SYN it repeats is \
                    the same SYN.",
                hant: "客戶端分不出 SYN 是遺失還是太慢，伺服器則根本不知道有人找過它。請注意客戶端的重傳計時器做了什\
                    麼，以及重傳的 SYN 與原來的一模一樣。",
                hans: "客户端分不出 SYN 是丢失还是太慢，服务器则根本不知道有人找过它。请注意客户端的重传定时器做了什\
                    么，以及重传的 SYN 与原来的一模一样。",
            },
        ),
        "lost-last-ack" => (
            Phrase {
                en: "The last ACK of the close is lost",
                hant: "關閉時最後的 ACK 遺失",
                hans: "关闭时最后的 ACK 丢失",
            },
            Phrase {
                en: "The ACK of the server's FIN never arrives, and the client cannot know that. Watch how the \
                    server asks again, and who is still there to answer: this is what TIME-WAIT is for.",
                hant: "伺服器 FIN 的 ACK 一直沒有送到，而客戶端無從得知。請注意伺服器如何再問一次，又是誰還留著回\
                    應：這正是 TIME-WAIT 的用途。",
                hans: "服务器 FIN 的 ACK 一直没有到达，而客户端无从得知。请注意服务器如何再问一次，又是谁还留着回\
                    应：这正是 TIME-WAIT 的用途。",
            },
        ),
        "simultaneous-open" => (
            Phrase {
                en: "Both sides open at once", hant: "雙方同時開啟連線", hans: "双方同时打开连接"
            },
            Phrase {
                en: "Nobody listens: both sides send a SYN, and the two cross on the way. Watch how four segments \
                    make one connection, not two.",
                hant: "沒有人監聽：雙方各送出一個 SYN，在途中交錯而過。請注意四個報文段如何形成一條連線，而不是兩\
                    條。",
                hans: "没有人监听：双方各发出一个 SYN，在途中交错而过。请注意四个报文段如何形成一个连接，而不是两\
                    个。",
            },
        ),
        "simultaneous-close" => (
            Phrase {
                en: "Both sides close at once", hant: "雙方同時關閉連線", hans: "双方同时关闭连接"
            },
            Phrase {
                en: "Both sides send a FIN before either has seen the other's. Watch both go through CLOSING, and \
                    both wait in TIME-WAIT: neither knows whether its last ACK arrived.",
                hant: "雙方都在看到對方的 FIN 之前送出自己的 FIN。請注意雙方都經過 CLOSING，也都在 TIME-WAIT 等待：\
                    誰也不知道自己最後的 ACK 是否送達。",
                hans: "双方都在看到对方的 FIN 之前发出自己的 FIN。请注意双方都经过 CLOSING，也都在 TIME-WAIT 等待：\
                    谁也不知道自己最后的 ACK 是否到达。",
            },
        ),
        "three-segment-close" => (
            Phrase {
                en: "A close in three segments", hant: "三個報文段的關閉", hans: "三个报文段的关闭"
            },
            Phrase {
                en: "When the client's FIN arrives, the server has nothing left to send, so one segment carries both \
                    its ACK and its own FIN. Watch the client go through FIN-WAIT-2 into TIME-WAIT in a single step.",
                hant: "客戶端的 FIN 送達時，伺服器已沒有資料要送，於是一個報文段同時帶著 ACK 和自己的 FIN。請注意客\
                    戶端在一步之內經過 FIN-WAIT-2 進入 TIME-WAIT。",
                hans: "客户端的 FIN 到达时，服务器已没有数据要发，于是一个报文段同时带着 ACK 和自己的 FIN。请注意客\
                    户端在一步之内经过 FIN-WAIT-2 进入 TIME-WAIT。",
            },
        ),
        "refused" => (
            Phrase { en: "Nobody listens", hant: "沒有人監聽", hans: "没有人监听" },
            Phrase {
                en: "The client sends a SYN to a port on which no application listens. Watch where the reset takes \
                    its numbers from, and how the client knows that it answers this very SYN.",
                hant: "客戶端向沒有應用程式監聽的連接埠送出 SYN。請注意 RST 的序號從何而來，以及客戶端如何知道它回應\
                    的正是這個 SYN。",
                hans: "客户端向没有应用程序监听的端口发出 SYN。请注意 RST 的序列号从何而来，以及客户端如何知道它回应\
                    的正是这个 SYN。",
            },
        ),
        _ => return None,
    };
    Some(StoryText { title: title.in_language(language), intro: intro.in_language(language) })
}
