//! On whose behalf the engine works, for the audit trail.

use std::cell::RefCell;

use serde::Serialize;

/// Who asked for what is being done. Where nobody says, it is the process itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Caller {
    /// Who acts: the id of an API key, or `process`.
    pub actor: String,
    /// The request, as the log names it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
    /// Where the request came from, as a pseudonym: never an address in clear.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client: Option<String>,
}

thread_local! {
    static CALLER: RefCell<Option<Caller>> = const { RefCell::new(None) };
}

impl Caller {
    /// Does the work on behalf of this caller, on this thread.
    pub fn scope<T>(self, work: impl FnOnce() -> T) -> T {
        /// Puts the caller before this one back, also when the work panics.
        struct Restore(Option<Caller>);

        impl Drop for Restore {
            fn drop(&mut self) {
                // A thread at its end has no caller any more.
                let _ = CALLER.try_with(|caller| caller.replace(self.0.take()));
            }
        }

        let _restore = Restore(
            CALLER
                .try_with(|caller| caller.replace(Some(self)))
                .ok()
                .flatten(),
        );
        work()
    }

    /// The current caller.
    #[must_use]
    pub fn current() -> Self {
        let caller = CALLER.try_with(|caller| caller.borrow().clone());
        caller.ok().flatten().unwrap_or_else(|| Self {
            actor: "process".to_owned(),
            request_id: None,
            client: None,
        })
    }
}

#[cfg(test)]
mod tests {
    use std::panic;

    use super::*;

    fn caller() -> Caller {
        Caller {
            actor: "api_key_1".into(),
            request_id: Some("req_1".into()),
            client: None,
        }
    }

    #[test]
    fn a_caller_holds_for_its_own_work() {
        assert_eq!(caller().scope(Caller::current), caller());
        assert_eq!(Caller::current().actor, "process");
    }

    #[test]
    fn a_caller_ends_with_work_that_panics() {
        assert!(panic::catch_unwind(|| caller().scope(|| panic!("forced"))).is_err());
        assert_eq!(Caller::current().actor, "process");
    }
}
