//! Enums whose variants have names that last: scripts, links and the page know them by these.

/// Makes such an enum, with `ALL` and the method that gives the name.
macro_rules! named {
    (
        $(#[$about:meta])* enum $Type:ident;
        $(#[$says:meta])* $id:ident:
        $($(#[$doc:meta])+ $name:ident = $text:literal),+ $(,)?
    ) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $Type {
            $($(#[$doc])+ $name,)+
        }

        impl $Type {
            /// All of them.
            pub const ALL: &'static [$Type] = &[$($Type::$name),+];

            $(#[$says])*
            pub const fn $id(self) -> &'static str {
                match self {
                    $($Type::$name => $text,)+
                }
            }
        }
    };
}

pub(crate) use named;
