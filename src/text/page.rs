//! The words of the page's interface.

use super::{Language, Phrase};

macro_rules! page_texts {
    ($($(#[doc = $doc:literal])+ $variant:ident = $name:literal {
        en: $en:literal, hant: $hant:literal, hans: $hans:literal,
    })+) => {
        /// What the page says of itself.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum PageText {
            $($(#[doc = $doc])+ $variant,)+
        }

        impl PageText {
            /// All of them.
            pub const ALL: &'static [PageText] = &[$(PageText::$variant),+];

            /// The name by which the page asks for it.
            pub const fn name(self) -> &'static str {
                match self {
                    $(PageText::$variant => $name,)+
                }
            }
        }

        const fn phrase(text: PageText) -> Phrase {
            match text {
                $(PageText::$variant => Phrase { en: $en, hant: $hant, hans: $hans },)+
            }
        }
    };
}

/// The words for `text`.
pub fn page(text: PageText, language: Language) -> &'static str {
    phrase(text).in_language(language)
}

page_texts! {
    /// The name of the page.
    Title = "title" {
        en: "From SYN to FIN",
        hant: "從 SYN 到 FIN",
        hans: "从 SYN 到 FIN",
    }
    /// What the page is, in one phrase.
    Tagline = "tagline" {
        en: "A TCP connection you can step through, break and explain",
        hant: "一條可以逐步走過、弄壞、再弄懂的 TCP 連線",
        hans: "一个可以逐步走过、弄坏、再弄懂的 TCP 连接",
    }
    /// The link that jumps over the header for those who use the keyboard.
    SkipLink = "skip-link" {
        en: "Skip to the connection",
        hant: "跳到連線內容",
        hans: "跳到连接内容",
    }
    /// Where JavaScript is switched off.
    NoScript = "no-script" {
        en: "The simulation needs JavaScript, which is switched off here. The picture below is a static one; switch \
            JavaScript on and reload the page to step through the connection yourself.",
        hant: "模擬需要 JavaScript，但這裡已停用。下方是靜態圖片；啟用 JavaScript 並重新載入頁面，就能自己逐步走過這\
            條連線。",
        hans: "模拟需要 JavaScript，但这里已停用。下方是静态图片；启用 JavaScript 并重新加载页面，就能自己逐步走过这\
            个连接。",
    }
    /// While the module loads.
    Loading = "loading" {
        en: "Loading the simulation…",
        hant: "正在載入模擬……",
        hans: "正在加载模拟……",
    }
    /// The WebAssembly module is not there or may not run.
    CouldNotLoad = "could-not-load" {
        en: "The simulation could not be loaded, so the picture below is a static one. Reload the page first. If \
            that does not help, use a current browser, or ask whoever runs this site whether a file is missing or \
            its security policy forbids WebAssembly.",
        hant: "無法載入模擬，因此下方是靜態圖片。請先重新載入頁面。若仍無效，請改用新版瀏覽器，或詢問網站管理者是否\
            缺少檔案，或安全性原則是否禁止 WebAssembly。",
        hans: "无法加载模拟，因此下方是静态图片。请先重新加载页面。若仍无效，请改用新版浏览器，或询问网站管理员是否\
            缺少文件，或安全策略是否禁止 WebAssembly。",
    }
    /// The simulation stopped because of an error of its own.
    Crashed = "crashed" {
        en: "The simulation has stopped because of an error of its own: nothing you did should have this effect. \
            Press “Start over” to begin again. If it happens again, please report it together with the steps that \
            led here.",
        hant: "模擬因自身的錯誤而停止：不論你做了什麼，都不該有這種結果。請按「重新開始」再來一次。如果再次發生，請\
            回報，並附上到此為止的步驟。",
        hans: "模拟因自身的错误而停止：无论你做了什么，都不该有这种结果。请按“重新开始”再来一次。如果再次发生，请反\
            馈，并附上到此为止的步骤。",
    }
    /// The heading above what is wrong with a script.
    BadScript = "bad-script" {
        en: "This script cannot be used",
        hant: "這份腳本無法使用",
        hans: "这份脚本无法使用",
    }
    /// The choice of language.
    Language = "language" {
        en: "Language",
        hant: "語言",
        hans: "语言",
    }
    /// The choice of story.
    Story = "story" {
        en: "Story",
        hant: "故事",
        hans: "故事",
    }
    /// The name of the group of buttons that move through time.
    Controls = "controls" {
        en: "Playback",
        hant: "播放控制",
        hans: "播放控制",
    }
    /// One step back.
    Back = "back" {
        en: "Back",
        hant: "上一步",
        hans: "上一步",
    }
    /// One step forward.
    Step = "step" {
        en: "Step",
        hant: "下一步",
        hans: "下一步",
    }
    /// Steps go on by themselves.
    Play = "play" {
        en: "Play",
        hant: "播放",
        hans: "播放",
    }
    /// They stop.
    Pause = "pause" {
        en: "Pause",
        hant: "暫停",
        hans: "暂停",
    }
    /// To the beginning, without what the user has changed.
    Reset = "reset" {
        en: "Start over",
        hant: "重新開始",
        hans: "重新开始",
    }
    /// To the last event.
    RunToEnd = "run-to-end" {
        en: "Run to the end",
        hant: "執行到結束",
        hans: "运行到结束",
    }
    /// How fast playing is.
    Speed = "speed" {
        en: "Speed",
        hant: "速度",
        hans: "速度",
    }
    /// What the keys do.
    KeyboardHelp = "keyboard-help" {
        en: "Space plays and pauses, the left and right arrow keys step back and forward, Home starts over, End runs \
            to the end.",
        hant: "空白鍵播放或暫停，左右方向鍵後退或前進一步，Home 重新開始，End 執行到結束。",
        hans: "空格键播放或暂停，左右方向键后退或前进一步，Home 重新开始，End 运行到结束。",
    }
    /// The name of the picture.
    Timeline = "timeline" {
        en: "Timeline of the connection",
        hant: "連線的時間軸",
        hans: "连接的时间轴",
    }
    /// Before the first step.
    NothingYet = "nothing-yet" {
        en: "Nothing has happened yet: press “Step”.",
        hant: "什麼都還沒發生：請按「下一步」。",
        hans: "什么都还没发生：请按“下一步”。",
    }
    /// After the last step.
    EndReached = "end-reached" {
        en: "The end: nothing is left to happen.",
        hant: "結束：沒有會再發生的事了。",
        hans: "结束：没有会再发生的事了。",
    }
    /// The heading above the reasons.
    Why = "why" {
        en: "Why",
        hant: "為什麼",
        hans: "为什么",
    }
    /// The heading of the list of events.
    Events = "events" {
        en: "What has happened",
        hant: "發生過的事",
        hans: "发生过的事",
    }
    /// The heading above the states of both sides.
    Endpoints = "endpoints" {
        en: "What each side knows",
        hant: "雙方各知道什麼",
        hans: "双方各知道什么",
    }
    /// Before the name of a state.
    State = "state" {
        en: "State",
        hant: "狀態",
        hans: "状态",
    }
    /// A side without a connection.
    NoConnection = "no-connection" {
        en: "no connection",
        hant: "沒有連線",
        hans: "没有连接",
    }
    /// The heading of the list of segments on their way.
    InFlight = "in-flight" {
        en: "On their way",
        hant: "在途報文段",
        hans: "在途报文段",
    }
    /// No segment is on its way.
    NothingInFlight = "nothing-in-flight" {
        en: "No segment is on its way.",
        hant: "沒有在途的報文段。",
        hans: "没有在途的报文段。",
    }
    /// Lose the segment.
    LoseIt = "lose-it" {
        en: "Lose it",
        hant: "讓它遺失",
        hans: "让它丢失",
    }
    /// Duplicate the segment; the copy comes 200 ms later.
    DuplicateIt = "duplicate-it" {
        en: "Duplicate it, the copy 200 ms later",
        hant: "複製它，複本晚 200 ms 到",
        hans: "复制它，副本晚 200 ms 到",
    }
    /// Delay the segment.
    DelayIt = "delay-it" {
        en: "Delay it by 200 ms",
        hant: "讓它延遲 200 ms",
        hans: "让它延迟 200 ms",
    }
    /// Hold the segment in the network.
    HoldIt = "hold-it" {
        en: "Hold it in the network",
        hant: "把它扣在網路中",
        hans: "把它扣在网络中",
    }
    /// Let a held segment go on.
    ReleaseIt = "release-it" {
        en: "Release it",
        hant: "放行",
        hans: "放行",
    }
    /// The segment has arrived, so acting on it means going back.
    ItHasArrived = "it-has-arrived" {
        en: "It has arrived. Acting on it goes back to when it left.",
        hant: "它已經送達。對它動手會回到它剛送出的時候。",
        hans: "它已经到达。对它动手会回到它刚发出的时候。",
    }
    /// The segment is lost, so acting on it means going back.
    ItIsLost = "it-is-lost" {
        en: "It is lost. Acting on it goes back to when it left.",
        hant: "它已經遺失。對它動手會回到它剛送出的時候。",
        hans: "它已经丢失。对它动手会回到它刚发出的时候。",
    }
    /// How much a segment says that its sender has room for.
    Window = "window" {
        en: "Window",
        hant: "視窗",
        hans: "窗口",
    }
    /// The option of that name.
    OptionMss = "option-mss" {
        en: "Largest text (MSS)",
        hant: "最大資料長度（MSS）",
        hans: "最大数据长度（MSS）",
    }
    /// The option of that name, by what it multiplies windows.
    OptionWindowScale = "option-window-scale" {
        en: "Window scale",
        hant: "視窗縮放",
        hans: "窗口缩放",
    }
    /// The option that permits selective acknowledgments.
    OptionSack = "option-sack" {
        en: "Selective ACK",
        hant: "選擇確認（SACK）",
        hans: "选择确认（SACK）",
    }
    /// Selective acknowledgments may be sent.
    OptionPermitted = "option-permitted" {
        en: "permitted",
        hant: "允許",
        hans: "允许",
    }
    /// The sender's clock.
    OptionTimestamp = "option-timestamp" {
        en: "Timestamp",
        hant: "時間戳記",
        hans: "时间戳",
    }
    /// The receiver's clock, sent back.
    OptionEcho = "option-echo" {
        en: "Echoed timestamp",
        hant: "送回的時間戳記",
        hans: "送回的时间戳",
    }
    /// The value of a variable that holds or does not.
    Yes = "yes" {
        en: "yes",
        hant: "是",
        hans: "是",
    }
    /// The left host.
    Client = "client" {
        en: "Client",
        hant: "客戶端",
        hans: "客户端",
    }
    /// The right host.
    Server = "server" {
        en: "Server",
        hant: "伺服器",
        hans: "服务器",
    }
    /// The first entry of the list: before the first step.
    Start = "start" {
        en: "Start",
        hant: "開始",
        hans: "开始",
    }
    /// How many octets wait to be sent.
    Unsent = "unsent" {
        en: "Octets to send",
        hant: "待送位元組",
        hans: "待发字节",
    }
    /// How many octets wait to be read by the user.
    Unread = "unread" {
        en: "Octets to read",
        hant: "待讀位元組",
        hans: "待读字节",
    }
    /// How many octets wait for something missing before them.
    HeldOctets = "held-octets" {
        en: "Octets after a gap",
        hant: "缺口後位元組",
        hans: "缺口后字节",
    }
    /// What is sent and not acknowledged.
    Unacknowledged = "unacknowledged" {
        en: "Not acknowledged",
        hant: "尚未確認",
        hans: "尚未确认",
    }
    /// The name of the group of buttons for what the user of a side can do.
    UserCalls = "user-calls" {
        en: "User calls",
        hant: "使用者呼叫",
        hans: "用户调用",
    }
    /// Active OPEN.
    CallOpen = "call-open" {
        en: "Open",
        hant: "開啟連線",
        hans: "打开连接",
    }
    /// Passive OPEN.
    CallListen = "call-listen" {
        en: "Listen on port 80",
        hant: "監聽連接埠 80",
        hans: "监听端口 80",
    }
    /// SEND.
    CallSend = "call-send" {
        en: "Send 100 octets",
        hant: "送出 100 位元組",
        hans: "发送 100 字节",
    }
    /// CLOSE.
    CallClose = "call-close" {
        en: "Close",
        hant: "關閉",
        hans: "关闭",
    }
    /// ABORT.
    CallAbort = "call-abort" {
        en: "Abort",
        hant: "中止",
        hans: "中止",
    }
    /// Before the time at which a segment arrives.
    ArrivesAt = "arrives-at" {
        en: "On its way, arrives at",
        hant: "在途中，抵達時間",
        hans: "在途中，到达时间",
    }
    /// A held segment.
    IsHeld = "is-held" {
        en: "Held in the network",
        hant: "扣在網路中",
        hans: "扣在网络中",
    }
    /// Closes a menu or a message.
    Close = "close" {
        en: "Close",
        hant: "關閉",
        hans: "关闭",
    }
    /// The list of branches.
    Branches = "branches" {
        en: "Branches",
        hant: "分支",
        hans: "分支",
    }
    /// What branches are.
    BranchHint = "branch-hint" {
        en: "What is done in the past makes a branch; the one that was there stays.",
        hant: "在過去的時間點動手會產生分支；原來的那一個會保留。",
        hans: "在过去的时间点动手会产生分支；原来的那一个会保留。",
    }
    /// Before the step where a branch begins.
    BranchAfter = "branch-after" {
        en: "after step",
        hant: "接在這一步之後：",
        hans: "接在这一步之后：",
    }
    /// Makes a branch the current one.
    BranchSwitch = "branch-switch" {
        en: "Go there",
        hant: "切換過去",
        hans: "切换过去",
    }
    /// Gives a branch another name.
    BranchRename = "branch-rename" {
        en: "Rename",
        hant: "重新命名",
        hans: "重命名",
    }
    /// Deletes a branch.
    BranchDelete = "branch-delete" {
        en: "Delete",
        hant: "刪除",
        hans: "删除",
    }
    /// Compares a branch with the current one.
    BranchCompare = "branch-compare" {
        en: "Compare",
        hant: "比較",
        hans: "比较",
    }
    /// Marks the current branch.
    BranchHere = "branch-here" {
        en: "You are here",
        hant: "目前所在",
        hans: "当前所在",
    }
    /// Copies a link to the run as it is now.
    CopyLink = "copy-link" {
        en: "Copy link",
        hant: "複製連結",
        hans: "复制链接",
    }
    /// After a link was copied.
    LinkCopied = "link-copied" {
        en: "The link to this very run is copied.",
        hant: "已複製這次執行的連結。",
        hans: "已复制这次运行的链接。",
    }
    /// Where the browser does not let the page copy.
    LinkNotCopied = "link-not-copied" {
        en: "The address bar holds the link to this very run.",
        hant: "網址列裡就是這次執行的連結。",
        hans: "地址栏里就是这次运行的链接。",
    }
    /// After a bad permalink.
    BadLink = "bad-link" {
        en: "The link could not be opened, so the first story is shown.",
        hant: "連結無法開啟，因此顯示第一個故事。",
        hans: "链接无法打开，因此显示第一个故事。",
    }
    /// The heading of the choice of comparisons.
    Compare = "compare" {
        en: "Compare",
        hant: "比較",
        hans: "比较",
    }
    /// The heading above the line in which anything can be asked for.
    Anything = "anything" {
        en: "Anything else",
        hant: "其他動作",
        hans: "其他动作",
    }
    /// What that is.
    AnythingHint = "anything-hint" {
        en: "Any call, fault or forged segment, in the words of a script. It happens now.",
        hant: "任何呼叫、干擾或偽造的報文段，照腳本的寫法寫下，立刻發生。",
        hans: "任何调用、干扰或伪造的报文段，按脚本的写法写下，立即发生。",
    }
    /// The name of the line itself.
    AnythingLine = "anything-line" {
        en: "What happens now",
        hant: "現在要發生的事",
        hans: "现在要发生的事",
    }
    /// The button beside it.
    AnythingDo = "anything-do" {
        en: "Do it",
        hant: "執行",
        hans: "执行",
    }
    /// The name of the lines that may be taken over into it.
    AnythingExamples = "anything-examples" {
        en: "For example",
        hant: "例如",
        hans: "例如",
    }
    /// By which number scripts know a segment of the run, from 1.
    SegmentNumber = "segment-number" {
        en: "Number",
        hant: "編號",
        hans: "编号",
    }
    /// What comparing is.
    CompareHint = "compare-hint" {
        en: "The same story twice, side by side: on the left as the RFC says, on the right in another world.",
        hant: "同一個故事並排走兩次：左邊照 RFC，右邊在另一個世界。",
        hans: "同一个故事并排走两次：左边照 RFC，右边在另一个世界。",
    }
    /// A counterfactual.
    WorldTwoWay = "two-way-handshake" {
        en: "Two-way handshake",
        hant: "兩次握手",
        hans: "两次握手",
    }
    /// A counterfactual.
    WorldNoTimeWait = "no-time-wait" {
        en: "No TIME-WAIT",
        hant: "沒有 TIME-WAIT",
        hans: "没有 TIME-WAIT",
    }
    /// A counterfactual.
    WorldNoRfc5961 = "rfc5961-off" {
        en: "Without RFC 5961",
        hant: "沒有 RFC 5961",
        hans: "没有 RFC 5961",
    }
    /// The run on the left.
    AsTheRfcSays = "as-the-rfc-says" {
        en: "As the RFC says",
        hant: "照 RFC",
        hans: "照 RFC",
    }
    /// While two runs do not differ.
    SameSoFar = "same-so-far" {
        en: "So far both runs are the same.",
        hant: "到目前為止兩邊都一樣。",
        hans: "到目前为止两边都一样。",
    }
    /// When two runs never differed.
    SameToTheEnd = "same-to-the-end" {
        en: "Both runs are the same from beginning to end: this story does not need what was taken away.",
        hant: "兩邊從頭到尾都一樣：這個故事用不到被拿掉的東西。",
        hans: "两边从头到尾都一样：这个故事用不到被拿掉的东西。",
    }
    /// Ends a comparison.
    StopComparing = "stop-comparing" {
        en: "Back to one run",
        hant: "回到單一執行",
        hans: "回到单次运行",
    }
    /// The caption of the table of outcomes.
    OutcomeCounted = "outcome" {
        en: "What it came to",
        hant: "結果",
        hans: "结果",
    }
    /// A row of the table.
    OutcomeSegments = "outcome-segments" {
        en: "Segments sent",
        hant: "送出的報文段",
        hans: "发出的报文段",
    }
    /// A row of the table.
    OutcomeEstablished = "outcome-established" {
        en: "Time until both are established",
        hant: "雙方都建立連線所需時間",
        hans: "双方都建立连接所需时间",
    }
    /// A row of the table.
    OutcomeGhosts = "outcome-ghosts" {
        en: "Ghost connections at the server",
        hant: "伺服器上的幽靈連線",
        hans: "服务器上的幽灵连接",
    }
    /// A row of the table.
    OutcomeStale = "outcome-stale" {
        en: "Octets of stale data delivered",
        hant: "交付的過期資料位元組",
        hans: "交付的过期数据字节",
    }
    /// A row of the table.
    OutcomeHeld = "outcome-held" {
        en: "How long the server held resources",
        hant: "伺服器佔用資源的時間",
        hans: "服务器占用资源的时间",
    }
    /// A row of the table.
    OutcomeHeldInVain = "outcome-held-in-vain" {
        en: "… of it for nobody",
        hant: "……其中無人使用",
        hans: "……其中无人使用",
    }
    /// What a host holds.
    HostResources = "host-resources" {
        en: "Resources",
        hant: "資源",
        hans: "资源",
    }
    /// Connections in SYN-RECEIVED.
    HalfOpen = "half-open" {
        en: "half open",
        hant: "半開",
        hans: "半开",
    }
    /// Established connections that wait.
    WaitingToBeAccepted = "waiting" {
        en: "to be accepted",
        hant: "待接受",
        hans: "待接受",
    }
    /// Connections with nobody behind them.
    Ghosts = "ghosts" {
        en: "ghosts",
        hant: "幽靈",
        hans: "幽灵",
    }
    /// After a crash.
    HostIsDown = "host-down" {
        en: "The host is down",
        hant: "主機已當機",
        hans: "主机已崩溃",
    }
    /// Crashes a host.
    CallCrash = "call-crash" {
        en: "Crash",
        hant: "當機",
        hans: "崩溃",
    }
    /// Reboots a host.
    CallReboot = "call-reboot" {
        en: "Reboot",
        hant: "重新開機",
        hans: "重启",
    }
    /// Damages a segment.
    CorruptIt = "corrupt-it" {
        en: "Damage it",
        hant: "弄壞它",
        hans: "弄坏它",
    }
}
