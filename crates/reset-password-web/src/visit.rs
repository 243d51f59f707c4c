//! What a browser keeps between two pages, in one cookie: a name for the visit, and the token once its link was followed.
//!
//! The cookie is sealed under a sub-key of the secret key, so that neither the browser nor what lies between reads the
//! token in it, and it opens nothing once its time is over. It holds no name of a person.

use std::time::Duration;

use base64ct::{Base64UrlUnpadded, Encoding as _};
use reset_password::{Error, Timestamp, blocking::UserManagement};
use subtle::ConstantTimeEq as _;
use zeroize::Zeroizing;

use crate::{config::Place, request::PageRequest};

/// How long a visit lasts at the most.
const LASTS: Duration = Duration::from_hours(1);
/// Bytes of its name.
const NAME: usize = 16;
/// Bytes of the moment at which it ends.
const MOMENT: usize = 8;

/// What stands between the two tokens, and in neither.
const BETWEEN: &str = ".";

/// A browser's visit.
#[derive(Clone)]
pub(crate) struct Visit {
    /// What tells it from others.
    pub(crate) name: [u8; NAME],
    /// The token whose link was followed.
    pub(crate) token: Option<Zeroizing<String>>,
    /// The token of the notice whose link was followed.
    pub(crate) notice: Option<Zeroizing<String>>,
}

impl Visit {
    /// A new one.
    pub(crate) fn begin(engine: &UserManagement) -> Result<Self, Error> {
        let mut name = [0; NAME];
        engine.config().random.fill(&mut name)?;
        Ok(Self {
            name,
            token: None,
            notice: None,
        })
    }

    /// The one that the request's cookie holds; `None` if there is none that opens and still lasts.
    pub(crate) fn of(
        request: &PageRequest<'_>,
        engine: &UserManagement,
        place: &Place,
    ) -> Option<Self> {
        let wanted = cookie_name(place);
        let pairs = request.values("cookie").flat_map(|value| value.split(';'));
        let mut values = pairs.filter_map(|pair| {
            let (name, value) = pair.trim().split_once('=')?;
            (name == wanted).then_some(value)
        });
        values.find_map(|value| Self::open(value, engine))
    }

    fn open(value: &str, engine: &UserManagement) -> Option<Self> {
        let now = engine.config().clock.now();
        let sealed = Base64UrlUnpadded::decode_vec(value).ok()?;
        let keys = engine.keys();
        let content = keys
            .in_use(|| now)
            .find_map(|key| key.unseal_cookie(&sealed))?;
        let (name, rest) = content.split_first_chunk::<NAME>()?;
        let (ends_at, tokens) = rest.split_first_chunk::<MOMENT>()?;
        if Timestamp::from_unix_millis(i64::from_be_bytes(*ends_at)) <= now {
            return None;
        }
        let (token, notice) = std::str::from_utf8(tokens).ok()?.split_once(BETWEEN)?;
        let kept = |text: &str| (!text.is_empty()).then(|| Zeroizing::new(text.to_owned()));
        Some(Self {
            name: *name,
            token: kept(token),
            notice: kept(notice),
        })
    }

    /// The header that has the browser keep it: no script reads it, no other site sends it along with a form, and it
    /// goes to these pages alone (RFC 6265bis).
    pub(crate) fn cookie(&self, engine: &UserManagement, place: &Place) -> Result<String, Error> {
        let lasts = Self::lasts(engine);
        let ends_at = engine.config().clock.now() + lasts;
        let mut content = Zeroizing::new(Vec::with_capacity(NAME + MOMENT + 2_048));
        content.extend_from_slice(&self.name);
        content.extend_from_slice(&ends_at.unix_millis().to_be_bytes());
        let kept = |kept: &Option<Zeroizing<String>>| kept.clone().unwrap_or_default();
        content.extend_from_slice(kept(&self.token).as_bytes());
        content.extend_from_slice(BETWEEN.as_bytes());
        content.extend_from_slice(kept(&self.notice).as_bytes());
        let random = &*engine.config().random;
        let sealed = engine.keys().current().seal_cookie(&content, random)?;
        let value = Base64UrlUnpadded::encode_string(&sealed);
        Ok(header(place, &value, lasts.as_secs()))
    }

    /// How long a visit lasts, and what a page shows in it.
    pub(crate) fn lasts(engine: &UserManagement) -> Duration {
        engine.config().token_lifetime.min(LASTS)
    }

    /// The header that has the browser forget it.
    pub(crate) fn end(place: &Place) -> String {
        header(place, "", 0)
    }

    /// Whether another link than that of this token was followed.
    pub(crate) fn is_for_another(&self, token: &str) -> bool {
        is_another(self.token.as_ref(), token)
    }

    /// Whether another notice's link than that of this token was followed.
    pub(crate) fn is_of_another_notice(&self, token: &str) -> bool {
        is_another(self.notice.as_ref(), token)
    }

    /// What a form repeats of it.
    pub(crate) fn repeated(&self) -> String {
        Base64UrlUnpadded::encode_string(&self.name)
    }

    /// Whether a form repeats it.
    pub(crate) fn is_repeated_by(&self, repeated: &str) -> bool {
        self.repeated().as_bytes().ct_eq(repeated.as_bytes()).into()
    }
}

fn is_another(kept: Option<&Zeroizing<String>>, token: &str) -> bool {
    let is_same = |kept: &Zeroizing<String>| kept.as_bytes().ct_eq(token.as_bytes()).into();
    !kept.is_none_or(is_same)
}

/// The prefix has browsers refuse it from elsewhere: from http, and where it would do from another host below the same
/// domain.
fn cookie_name(place: &Place) -> &'static str {
    match (place.is_secure, place.base.is_empty()) {
        (true, true) => "__Host-reset_password",
        (true, false) => "__Secure-reset_password",
        (false, _) => "reset_password",
    }
}

fn header(place: &Place, value: &str, seconds: u64) -> String {
    let path = if place.base.is_empty() {
        "/"
    } else {
        &place.base
    };
    let secure = if place.is_secure { "; Secure" } else { "" };
    // Strict would not survive the way from the mail: the answer to its link leads on to the page.
    format!(
        "{}={value}; Path={path}; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}",
        cookie_name(place)
    )
}
