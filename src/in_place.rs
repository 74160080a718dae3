//! Appending large values that are mostly empty.

use std::iter;

/// Appends what `make` makes, so that it is put together where it will lie.
///
/// An event or an effect is as large as the largest of its kind, but most are a few narrow fields. Put together elsewhere
/// and then copied, each waits for the processor to see its own narrow writes in one wide read: that took a third of the
/// time of a recorded run. With [`Vec::push`] the value is there before its place is.
#[inline(always)]
pub fn push_in_place<T>(list: &mut Vec<T>, make: impl FnOnce() -> T) {
    list.extend(iter::once_with(make));
}
