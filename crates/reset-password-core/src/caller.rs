//! On whose behalf the engine works, for the audit trail.

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

tokio::task_local! {
    static CALLER: Caller;
}

impl Caller {
    /// Does the work on behalf of this caller. It holds for the work itself, not for tasks that the
    /// work spawns.
    pub async fn scope<F: Future>(self, work: F) -> F::Output {
        CALLER.scope(self, work).await
    }

    /// Whoever the present work is done for.
    #[must_use]
    pub fn present() -> Self {
        CALLER.try_with(Self::clone).unwrap_or_else(|_| Self {
            actor: "process".to_owned(),
            request_id: None,
            client: None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_caller_holds_for_its_own_work() {
        let caller = Caller {
            actor: "api_key_1".into(),
            request_id: Some("req_1".into()),
            client: None,
        };
        let seen = caller.clone().scope(async { Caller::present() }).await;
        assert_eq!(seen, caller);
        assert_eq!(Caller::present().actor, "process");
    }
}
