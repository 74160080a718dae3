//! What cannot fail where it is asked.

/// The value of a result that is certain. As [`Result::expect`], but the error is not told: the page's module would have to carry
/// what tells it, for nobody to read.
///
/// # Panics
/// If it is an error after all, with the reason why it should not be.
#[track_caller]
pub fn certain<T, E>(result: Result<T, E>, reason: &str) -> T {
    match result {
        Ok(value) => value,
        Err(_) => panic!("{reason}"),
    }
}
