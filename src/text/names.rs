//! The names of states, timers, roles, variables, and of what users and commands are told.

use crate::history::{HistoryError, MOST_BRANCHES, MOST_NAME_CHARACTERS, MOST_STEPS};
use crate::permalink::LinkError;
use crate::simulation::{CommandError, MOST_IN_TRANSIT};
use crate::tcp::{CallError, Flushed, Role, Side, State, Timer, UserEvent};

use super::{Label, Language, Phrase, say};

/// What the page shows of a connection, by the RFC's names where it has some.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Variable {
    /// ISS.
    Iss,
    /// SND.UNA.
    SndUna,
    /// SND.NXT.
    SndNxt,
    /// SND.WND.
    SndWnd,
    /// The largest text that is sent: Eff.snd.MSS.
    SndMss,
    /// Snd.Wind.Shift.
    SndWindShift,
    /// IRS.
    Irs,
    /// RCV.NXT.
    RcvNxt,
    /// RCV.WND.
    RcvWnd,
    /// Rcv.Wind.Shift.
    RcvWindShift,
    /// Whether selective acknowledgments are permitted.
    SackPermitted,
    /// TS.Recent.
    TsRecent,
    /// The retransmission timeout.
    Rto,
    /// The smoothed round-trip time.
    Srtt,
    /// What was sent and is not acknowledged.
    RetransmissionQueue,
    /// What waits to be sent.
    Unsent,
    /// What waits to be read.
    Unread,
    /// The timers.
    Timers,
}

impl Variable {
    /// All variables: send space, receive space, options, timing, queues.
    pub const ALL: [Variable; 18] = [
        Variable::Iss,
        Variable::SndUna,
        Variable::SndNxt,
        Variable::SndWnd,
        Variable::SndMss,
        Variable::SndWindShift,
        Variable::Irs,
        Variable::RcvNxt,
        Variable::RcvWnd,
        Variable::RcvWindShift,
        Variable::SackPermitted,
        Variable::TsRecent,
        Variable::Rto,
        Variable::Srtt,
        Variable::RetransmissionQueue,
        Variable::Unsent,
        Variable::Unread,
        Variable::Timers,
    ];
}

/// What a side in this state knows and what it waits for: one sentence.
pub fn state(state: State, language: Language) -> &'static str {
    let phrase = match state {
        State::Closed => Phrase {
            en: "This side knows of no connection and waits for nothing; it refuses whatever arrives.",
            hant: "這一端不知道有任何連線，也不等待什麼；送來的東西一概拒絕。",
            hans: "这一端不知道有任何连接，也不等待什么；发来的东西一概拒绝。",
        },
        State::Listen => Phrase {
            en: "This side knows nobody yet and waits for a SYN.",
            hant: "這一端還不認識任何對象，正在等待 SYN。",
            hans: "这一端还不认识任何对象，正在等待 SYN。",
        },
        State::SynSent => Phrase {
            en: "This side has sent its SYN and does not know whether anybody is there; it waits for the other \
                side's SYN and for the ACK of its own.",
            hant: "這一端已送出 SYN，還不知道對方在不在；它等待對方的 SYN，以及自己 SYN 的 ACK。",
            hans: "这一端已发出 SYN，还不知道对方在不在；它等待对方的 SYN，以及自己 SYN 的 ACK。",
        },
        State::SynReceived => Phrase {
            en: "This side knows the other side's number and has announced its own; it waits for the ACK that proves \
                that its own is known too.",
            hant: "這一端知道對方的序號，也已宣告自己的；它等待 ACK 來證明對方知道自己的序號。",
            hans: "这一端知道对方的序列号，也已宣告自己的；它等待 ACK 来证明对方知道自己的序列号。",
        },
        State::Established => Phrase {
            en: "This side knows the other side's number and that its own was received; data may flow both ways \
                until somebody closes.",
            hant: "這一端知道對方的序號，也知道自己的已被收到；資料可以雙向流動，直到有一方關閉。",
            hans: "这一端知道对方的序列号，也知道自己的已被收到；数据可以双向流动，直到有一方关闭。",
        },
        State::FinWait1 => Phrase {
            en: "This side's application has no more to send; it waits for the ACK of its FIN or for the other \
                side's FIN, and still receives.",
            hant: "這一端的應用程式沒有資料要送了；它等待自己 FIN 的 ACK 或對方的 FIN，期間照常接收。",
            hans: "这一端的应用程序没有数据要发了；它等待自己 FIN 的 ACK 或对方的 FIN，期间照常接收。",
        },
        State::FinWait2 => Phrase {
            en: "This side knows that the other side has its FIN; it still receives, and waits for the other side's \
                FIN.",
            hant: "這一端知道對方已收到自己的 FIN；它照常接收，等待對方的 FIN。",
            hans: "这一端知道对方已收到自己的 FIN；它照常接收，等待对方的 FIN。",
        },
        State::CloseWait => Phrase {
            en: "This side knows that nothing more will come from the other side; it may still send, and waits for \
                its own application to close.",
            hant: "這一端知道對方不會再送資料來；它自己還可以送，並等待自己的應用程式關閉。",
            hans: "这一端知道对方不会再发数据来；它自己还可以发，并等待自己的应用程序关闭。",
        },
        State::Closing => Phrase {
            en: "Both sides have closed at the same time, and this side has acknowledged the other's FIN; it waits \
                for the ACK of its own.",
            hant: "雙方同時關閉，這一端已確認對方的 FIN；它等待自己 FIN 的 ACK。",
            hans: "双方同时关闭，这一端已确认对方的 FIN；它等待自己 FIN 的 ACK。",
        },
        State::LastAck => Phrase {
            en: "The other side closed first and this side has now sent its FIN too; it waits for the last ACK.",
            hant: "對方先關閉，這一端現在也送出了 FIN；它等待最後的 ACK。",
            hans: "对方先关闭，这一端现在也发出了 FIN；它等待最后的 ACK。",
        },
        State::TimeWait => Phrase {
            en: "This side knows that both sides are done, but not whether its last ACK arrived; it waits 2 MSL, to \
                answer a repeated FIN and to let old segments die.",
            hant: "這一端知道雙方都已結束，卻不知道自己最後的 ACK 是否送達；它等待 2 MSL，以便回應重傳的 FIN，並讓舊\
                報文段消失。",
            hans: "这一端知道双方都已结束，却不知道自己最后的 ACK 是否送达；它等待 2 MSL，以便回应重传的 FIN，并让旧\
                报文段消失。",
        },
    };
    phrase.in_language(language)
}

/// The name of a timer.
pub fn timer(timer: Timer, language: Language) -> &'static str {
    let phrase = match timer {
        Timer::Retransmission => {
            Phrase { en: "retransmission timer", hant: "重傳計時器", hans: "重传定时器" }
        }
        Timer::Persist => Phrase { en: "persist timer", hant: "持續計時器", hans: "持续定时器" },
        Timer::DelayedAck => {
            Phrase { en: "delayed-ACK timer", hant: "延遲確認計時器", hans: "延迟确认定时器" }
        }
        Timer::User => Phrase { en: "user timeout", hant: "使用者逾時計時器", hans: "用户超时定时器" },
        Timer::KeepAlive => Phrase { en: "keep-alive timer", hant: "保活計時器", hans: "保活定时器" },
        Timer::TimeWait => Phrase { en: "TIME-WAIT timer", hant: "TIME-WAIT 計時器", hans: "TIME-WAIT 定时器" },
    };
    phrase.in_language(language)
}

/// What a segment is for.
pub fn role(role: Role, language: Language) -> &'static str {
    let phrase = match role {
        Role::New => Phrase { en: "new", hant: "新送出", hans: "首次发送" },
        Role::Ack => Phrase { en: "acknowledgment", hant: "確認", hans: "确认" },
        Role::Retransmission => Phrase { en: "retransmission", hant: "重傳", hans: "重传" },
        Role::Probe => Phrase { en: "window probe", hant: "視窗探測", hans: "窗口探测" },
        Role::KeepAlive => Phrase { en: "keep-alive", hant: "保活探測", hans: "保活探测" },
        Role::ChallengeAck => Phrase { en: "challenge ACK", hant: "挑戰 ACK", hans: "挑战 ACK" },
        Role::Reset => Phrase { en: "reset", hant: "重設", hans: "重置" },
        Role::Abort => Phrase { en: "abort", hant: "中止", hans: "中止" },
    };
    phrase.in_language(language)
}

/// Why a call failed: in the RFC's phrase, which the translations keep in parentheses.
pub fn call_error(error: CallError, language: Language) -> &'static str {
    let phrase = match error {
        CallError::DoesNotExist => Phrase {
            en: "connection does not exist",
            hant: "連線不存在（connection does not exist）",
            hans: "连接不存在（connection does not exist）",
        },
        CallError::AlreadyExists => Phrase {
            en: "connection already exists",
            hant: "連線已存在（connection already exists）",
            hans: "连接已存在（connection already exists）",
        },
        CallError::RemoteUnspecified => Phrase {
            en: "remote socket unspecified",
            hant: "未指定遠端 socket（remote socket unspecified）",
            hans: "未指定远端套接字（remote socket unspecified）",
        },
        CallError::InvalidRemote => Phrase {
            en: "invalid remote IP address",
            hant: "遠端 IP 位址無效（invalid remote IP address）",
            hans: "远端 IP 地址无效（invalid remote IP address）",
        },
        CallError::Closing => Phrase {
            en: "connection closing",
            hant: "連線正在關閉（connection closing）",
            hans: "连接正在关闭（connection closing）",
        },
        CallError::InsufficientResources => Phrase {
            en: "insufficient resources",
            hant: "資源不足（insufficient resources）",
            hans: "资源不足（insufficient resources）",
        },
    };
    phrase.in_language(language)
}

/// The name of a variable; those of the RFC are the same in every language.
pub fn variable_name(variable: Variable, language: Language) -> &'static str {
    let phrase = match variable {
        Variable::Iss => Phrase { en: "ISS", hant: "ISS", hans: "ISS" },
        Variable::SndUna => Phrase { en: "SND.UNA", hant: "SND.UNA", hans: "SND.UNA" },
        Variable::SndNxt => Phrase { en: "SND.NXT", hant: "SND.NXT", hans: "SND.NXT" },
        Variable::SndWnd => Phrase { en: "SND.WND", hant: "SND.WND", hans: "SND.WND" },
        Variable::SndMss => Phrase { en: "Eff.snd.MSS", hant: "Eff.snd.MSS", hans: "Eff.snd.MSS" },
        Variable::SndWindShift => Phrase { en: "Snd.Wind.Shift", hant: "Snd.Wind.Shift", hans: "Snd.Wind.Shift" },
        Variable::Irs => Phrase { en: "IRS", hant: "IRS", hans: "IRS" },
        Variable::RcvNxt => Phrase { en: "RCV.NXT", hant: "RCV.NXT", hans: "RCV.NXT" },
        Variable::RcvWnd => Phrase { en: "RCV.WND", hant: "RCV.WND", hans: "RCV.WND" },
        Variable::RcvWindShift => Phrase { en: "Rcv.Wind.Shift", hant: "Rcv.Wind.Shift", hans: "Rcv.Wind.Shift" },
        Variable::SackPermitted => Phrase { en: "SACK-permitted", hant: "SACK-permitted", hans: "SACK-permitted" },
        Variable::TsRecent => Phrase { en: "TS.Recent", hant: "TS.Recent", hans: "TS.Recent" },
        Variable::Rto => Phrase { en: "RTO", hant: "RTO", hans: "RTO" },
        Variable::Srtt => Phrase { en: "SRTT", hant: "SRTT", hans: "SRTT" },
        Variable::RetransmissionQueue => {
            Phrase { en: "retransmission queue", hant: "重傳佇列", hans: "重传队列" }
        }
        Variable::Unsent => Phrase { en: "unsent", hant: "未送出", hans: "未发送" },
        Variable::Unread => Phrase { en: "unread", hant: "未讀取", hans: "未读取" },
        Variable::Timers => Phrase { en: "timers", hant: "計時器", hans: "定时器" },
    };
    phrase.in_language(language)
}

/// What a variable says, in one phrase.
pub fn variable_meaning(variable: Variable, language: Language) -> &'static str {
    let phrase = match variable {
        Variable::Iss => Phrase {
            en: "the number with which this side's SYN began",
            hant: "這一端 SYN 所用的初始序號",
            hans: "这一端 SYN 所用的初始序列号",
        },
        Variable::SndUna => Phrase {
            en: "the oldest number sent that is not acknowledged",
            hant: "已送出但尚未確認的最小序號",
            hans: "已发出但尚未确认的最小序列号",
        },
        Variable::SndNxt => {
            Phrase {
                en: "the next number to be sent", hant: "下一個要送的序號", hans: "下一个要发送的序列号"
            }
        }
        Variable::SndWnd => Phrase {
            en: "how many octets the other side has room for, from SND.UNA on",
            hant: "從 SND.UNA 起，對方還有空間接收的位元組數",
            hans: "从 SND.UNA 起，对方还有空间接收的字节数",
        },
        Variable::SndMss => Phrase {
            en: "the largest text that this side puts into a segment, in octets; options have taken their room from it",
            hant: "這一端在一個報文段裡最多放多少位元組的資料，選項佔用的空間已經扣除",
            hans: "这一端在一个报文段里最多放多少字节的数据，选项占用的空间已经扣除",
        },
        Variable::SndWindShift => Phrase {
            en: "by how many bits the windows that the other side announces are shifted; SND.WND counts octets",
            hant: "對方宣告的視窗要左移多少位元；SND.WND 以位元組計",
            hans: "对方宣告的窗口要左移多少位；SND.WND 以字节计",
        },
        Variable::Irs => Phrase {
            en: "the number with which the other side's SYN began",
            hant: "對方 SYN 所用的初始序號",
            hans: "对方 SYN 所用的初始序列号",
        },
        Variable::RcvNxt => Phrase {
            en: "the next number expected from the other side",
            hant: "期待對方送來的下一個序號",
            hans: "期待对方发来的下一个序列号",
        },
        Variable::RcvWnd => Phrase {
            en: "how many octets this side has room for, from RCV.NXT on",
            hant: "從 RCV.NXT 起，這一端還有空間接收的位元組數",
            hans: "从 RCV.NXT 起，这一端还有空间接收的字节数",
        },
        Variable::RcvWindShift => Phrase {
            en: "by how many bits the windows that this side announces are shifted; RCV.WND counts octets",
            hant: "這一端宣告的視窗要左移多少位元；RCV.WND 以位元組計",
            hans: "这一端宣告的窗口要左移多少位；RCV.WND 以字节计",
        },
        Variable::SackPermitted => Phrase {
            en: "both sides have offered selective acknowledgments; here nobody sends one",
            hant: "雙方都表示可以使用選擇確認；這裡沒有人會送出",
            hans: "双方都表示可以使用选择确认；这里没有人会发出",
        },
        Variable::TsRecent => Phrase {
            en: "the other side's latest timestamp, which this side's segments echo",
            hant: "對方最近的時間戳記，這一端的報文段會把它送回",
            hans: "对方最近的时间戳，这一端的报文段会把它送回",
        },
        Variable::Rto => Phrase {
            en: "how long to wait for an acknowledgment before repeating",
            hant: "重傳之前等待確認的時間",
            hans: "重传之前等待确认的时间",
        },
        Variable::Srtt => Phrase {
            en: "the measured round-trip time, smoothed",
            hant: "平滑後的往返時間測量值",
            hans: "平滑后的往返时间测量值",
        },
        Variable::RetransmissionQueue => Phrase {
            en: "what was sent and may have to be repeated",
            hant: "已送出、可能還要重傳的內容",
            hans: "已发出、可能还要重传的内容",
        },
        Variable::Unsent => Phrase {
            en: "what the application gave and has not left yet",
            hant: "應用程式交來、還沒送出的內容",
            hans: "应用程序交来、还没发出的内容",
        },
        Variable::Unread => Phrase {
            en: "what arrived and the application has not taken yet",
            hant: "已送達、應用程式還沒取走的內容",
            hans: "已到达、应用程序还没取走的内容",
        },
        Variable::Timers => Phrase {
            en: "what will happen if nothing arrives before",
            hant: "如果到時還沒收到東西，會發生什麼",
            hans: "如果到时还没收到东西，会发生什么",
        },
    };
    phrase.in_language(language)
}

/// What a user is told without having asked, in the RFC's phrase where it has one; the translations keep that in
/// parentheses.
pub fn user_event(event: &UserEvent, language: Language) -> String {
    let phrase = match event {
        UserEvent::Received(data) => {
            let octets = octets(data.len(), language);
            return say!(language, en: "{octets} received", hant: "收到 {octets}", hans: "收到 {octets}");
        }
        UserEvent::Established => {
            Phrase { en: "connection established", hant: "連線已建立", hans: "连接已建立" }
        }
        UserEvent::SendComplete => {
            Phrase { en: "all data acknowledged", hant: "資料全部得到確認", hans: "数据全部得到确认" }
        }
        UserEvent::CloseComplete => {
            Phrase { en: "FIN acknowledged", hant: "FIN 得到確認", hans: "FIN 得到确认" }
        }
        UserEvent::Closing => Phrase {
            en: "connection closing",
            hant: "連線正在關閉（connection closing）",
            hans: "连接正在关闭（connection closing）",
        },
        UserEvent::Reset => Phrase {
            en: "connection reset",
            hant: "連線已重設（connection reset）",
            hans: "连接已重置（connection reset）",
        },
        UserEvent::Refused => Phrase {
            en: "connection refused",
            hant: "連線遭到拒絕（connection refused）",
            hans: "连接被拒绝（connection refused）",
        },
        UserEvent::UserTimeout => Phrase {
            en: "connection aborted due to user timeout",
            hant: "連線因使用者逾時而中止（connection aborted due to user timeout）",
            hans: "连接因用户超时而中止（connection aborted due to user timeout）",
        },
        UserEvent::DeliveryProblem => Phrase {
            en: "delivery in doubt after several retransmissions",
            hant: "重傳多次，不確定能否送達",
            hans: "重传多次，不确定能否送达",
        },
        UserEvent::ExcessiveRetransmissions => Phrase {
            en: "given up after too many retransmissions",
            hant: "重傳太久，已經放棄",
            hans: "重传太久，已经放弃",
        },
        UserEvent::CallsFlushed(Flushed::Closing) => Phrase {
            en: "pending calls ended: closing",
            hant: "未完成的呼叫已結束：連線正在關閉（closing）",
            hans: "未完成的调用已结束：连接正在关闭（closing）",
        },
        UserEvent::CallsFlushed(Flushed::Reset) => Phrase {
            en: "pending calls ended: connection reset",
            hant: "未完成的呼叫已結束：連線已重設（connection reset）",
            hans: "未完成的调用已结束：连接已重置（connection reset）",
        },
    };
    phrase.in_language(language).to_owned()
}

/// Why a command cannot be carried out: a sentence for whoever gave it.
pub fn command_error(error: CommandError, language: Language) -> String {
    match error {
        CommandError::NoSuchSegment(number) => say!(language,
            en: "There is no segment {number}.",
            hant: "沒有編號 {number} 的報文段。",
            hans: "没有编号为 {number} 的报文段。"),
        CommandError::NotOnItsWay(number) => say!(language,
            en: "Segment {number} is no longer on its way.",
            hant: "報文段 {number} 已不在途中。",
            hans: "报文段 {number} 已不在途中。"),
        CommandError::NotHeld(number) => say!(language,
            en: "Segment {number} is not held, so it cannot be released.",
            hant: "報文段 {number} 沒有被扣住，無法放行。",
            hans: "报文段 {number} 没有被扣住，无法放行。"),
        CommandError::HostIsDown(side) => {
            let label = match side {
                Side::Client => Label::Client,
                Side::Server => Label::Server,
            };
            let side = super::label(label, language);
            say!(language,
                en: "The {side} has crashed: nothing can be done there before it reboots.",
                hant: "{side}已當機：重新開機之前什麼都做不了。",
                hans: "{side}已崩溃：重启之前什么都做不了。")
        }
        CommandError::TooManyInTransit => say!(language,
            en: "The network is full: no more than {MOST_IN_TRANSIT} segments can be on their way.",
            hant: "網路已滿：在途報文段最多 {MOST_IN_TRANSIT} 個。",
            hans: "网络已满：在途报文段最多 {MOST_IN_TRANSIT} 个。"),
        CommandError::CannotWait => Phrase {
            en: "It is not possible to wait until then: that time is past or too late, or something happens before.",
            hant: "無法等到那個時間：它已經過去或太晚，或在那之前還有事情發生。",
            hans: "无法等到那个时间：它已经过去或太晚，或在那之前还有事情发生。",
        }
        .in_language(language)
        .to_owned(),
    }
}

/// Why something cannot be done to the branches of a run: a sentence for whoever tried.
pub fn history_error(error: &HistoryError, language: Language) -> String {
    match error {
        HistoryError::Command(error) => command_error(*error, language),
        HistoryError::TooManyBranches => say!(language,
            en: "There are {MOST_BRANCHES} branches already. Delete one first.",
            hant: "已經有 {MOST_BRANCHES} 個分支，請先刪除一個。",
            hans: "已经有 {MOST_BRANCHES} 个分支，请先删除一个。"),
        HistoryError::TooManySteps => say!(language,
            en: "The run is too long: it can have {MOST_STEPS} steps.",
            hant: "這次執行太長：最多 {MOST_STEPS} 步。",
            hans: "这次运行太长：最多 {MOST_STEPS} 步。"),
        HistoryError::NoSuchBranch(number) => say!(language,
            en: "There is no branch {number}.",
            hant: "沒有編號 {number} 的分支。",
            hans: "没有编号为 {number} 的分支。"),
        HistoryError::OnlyBranch => Phrase {
            en: "The only branch cannot be deleted.",
            hant: "唯一的分支不能刪除。",
            hans: "唯一的分支不能删除。",
        }
        .in_language(language)
        .to_owned(),
        HistoryError::NameTaken(name) => say!(language,
            en: "Another branch is named “{name}”.",
            hant: "另一個分支已叫做「{name}」。",
            hans: "另一个分支已叫作“{name}”。"),
        HistoryError::BadName(_) => say!(language,
            en: "A name needs 1 to {MOST_NAME_CHARACTERS} characters, without spaces around them.",
            hant: "名稱需要 1 到 {MOST_NAME_CHARACTERS} 個字元，前後不能有空白。",
            hans: "名称需要 1 到 {MOST_NAME_CHARACTERS} 个字符，前后不能有空格。"),
    }
}

/// Why a link cannot be opened: a sentence for whoever followed it.
pub fn link_error(error: &LinkError, language: Language) -> String {
    match error {
        LinkError::Empty => Phrase {
            en: "The link names neither a story nor a run.",
            hant: "連結裡沒有故事，也沒有執行紀錄。",
            hans: "链接里没有故事，也没有运行记录。",
        }
        .in_language(language)
        .to_owned(),
        LinkError::NoSuchStory(id) => say!(language,
            en: "There is no story “{id}”.",
            hant: "沒有名為「{id}」的故事。",
            hans: "没有名为“{id}”的故事。"),
        LinkError::LaterVersion(version) => say!(language,
            en: "The link was made by a later version ({version}) than this page knows.",
            hant: "這個連結出自較新的版本（{version}），本頁面還不認得。",
            hans: "这个链接出自较新的版本（{version}），本页面还不认识。"),
        LinkError::TooLong(_) => Phrase {
            en: "The link is longer than any link of ours.",
            hant: "連結過長，不可能出自本頁面。",
            hans: "链接过长，不可能出自本页面。",
        }
        .in_language(language)
        .to_owned(),
        LinkError::Damaged(_) | LinkError::Line { .. } | LinkError::Script(_) | LinkError::Run(_) => Phrase {
            en: "The link is damaged: part of it was cut off or changed on the way.",
            hant: "連結已損壞：途中有一部分被截斷或更動。",
            hans: "链接已损坏：途中有一部分被截断或改动。",
        }
        .in_language(language)
        .to_owned(),
    }
}

/// A number of octets.
pub(super) fn octets(count: usize, language: Language) -> String {
    let plural = if count == 1 { "" } else { "s" };
    say!(language, en: "{count} octet{plural}", hant: "{count} 個位元組", hans: "{count} 个字节")
}
