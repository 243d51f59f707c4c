//! Every page, and what it does.

use std::sync::Arc;

use fluent_bundle::FluentArgs;
use minijinja::{Environment, Value, context};
use reset_password::{Code, Detail, Error, blocking::UserManagement};
use zeroize::Zeroizing;

use crate::{
    assets::{self, Asset},
    config::{self, PagesConfig, Place},
    language::{self, Language, Languages},
    link, origin,
    proof_of_work::ProofOfWork,
    request::{Form, PageRequest},
    response::PageResponse,
    visit::Visit,
};

const TEMPLATES: [(&str, &str); 13] = [
    ("ask.html", include_str!("../templates/ask.html")),
    ("base.html", include_str!("../templates/base.html")),
    ("done.html", include_str!("../templates/done.html")),
    ("email.html", include_str!("../templates/email.html")),
    ("expired.html", include_str!("../templates/expired.html")),
    ("forgot.html", include_str!("../templates/forgot.html")),
    (
        "incomplete.html",
        include_str!("../templates/incomplete.html"),
    ),
    ("notice.html", include_str!("../templates/notice.html")),
    ("report.html", include_str!("../templates/report.html")),
    ("reported.html", include_str!("../templates/reported.html")),
    ("reset.html", include_str!("../templates/reset.html")),
    ("sent.html", include_str!("../templates/sent.html")),
    (
        "unreported.html",
        include_str!("../templates/unreported.html"),
    ),
];

/// A page: its template, its heading, and where whoever wants it in another language finds it.
struct Face(&'static str, &'static str, &'static str);

const FORGOT: Face = Face("forgot.html", "forgot-title", "/forgot");
const SENT: Face = Face("sent.html", "sent-title", "/forgot");
const RESET: Face = Face("reset.html", "reset-title", "/reset");
const DONE: Face = Face("done.html", "done-title", "/done");
const EXPIRED: Face = Face("expired.html", "expired-title", "/expired");
const INCOMPLETE: Face = Face("incomplete.html", "incomplete-title", "/expired");
const REPORT: Face = Face("report.html", "report-title", "/not-me");
const REPORTED: Face = Face("reported.html", "reported-title", "/reported");
const UNREPORTED: Face = Face("unreported.html", "expired-title", "/forgot");
const LIMITED: Face = Face("notice.html", "limited-title", "/forgot");
const BUSY: Face = Face("notice.html", "busy-title", "/forgot");
const FOREIGN: Face = Face("notice.html", "form-title", "/forgot");
const MISSING: Face = Face("notice.html", "missing-title", "/forgot");

/// The pages of a password reset, ready to answer.
pub struct Pages {
    place: Place,
    service: String,
    sign_in_url: Option<String>,
    proof_of_work: Option<ProofOfWork>,
    languages: Arc<Languages>,
    templates: Environment<'static>,
    style: Asset,
    script: Asset,
    icon: Asset,
}

/// One request, and what is known of it.
struct Call<'a> {
    request: &'a PageRequest<'a>,
    engine: &'a UserManagement,
    language: &'static Language,
    /// The visit that its cookie tells of.
    kept: Option<Visit>,
}

impl Call<'_> {
    /// The visit, which begins here where there was none.
    fn visit(&self) -> Result<Visit, Error> {
        match &self.kept {
            Some(visit) => Ok(visit.clone()),
            None => Visit::begin(self.engine),
        }
    }

    /// The token whose link was followed.
    fn token(&self) -> Option<&Zeroizing<String>> {
        self.kept.as_ref()?.token.as_ref()
    }

    /// The token of the notice whose link was followed.
    fn notice(&self) -> Option<&Zeroizing<String>> {
        self.kept.as_ref()?.notice.as_ref()
    }
}

impl Pages {
    /// The pages of this configuration.
    ///
    /// # Errors
    ///
    /// `config_invalid` for an address that is none or not safe, a colour that is none, a language that there is not, a
    /// service without a name, and a proof of work out of its bounds.
    pub fn new(config: PagesConfig) -> Result<Self, Error> {
        let place = Place::parse(&config.url)?;
        if config.service.trim().is_empty() {
            return Err(Error::config(
                "the pages must be told what the service is called",
            ));
        }
        if let Some(url) = &config.sign_in_url {
            config::address("the sign-in url", url)?;
        }
        let accent = config.accent.as_deref().map(config::colour).transpose()?;
        let languages = Arc::new(Languages::new(config.language.as_deref())?);
        let templates = languages.templates(&TEMPLATES)?;
        Ok(Self {
            place,
            service: config.service,
            sign_in_url: config.sign_in_url,
            proof_of_work: config.proof_of_work.map(ProofOfWork::new).transpose()?,
            languages,
            templates,
            style: assets::style(accent)?,
            script: assets::script(),
            icon: assets::icon(accent)?,
        })
    }

    /// The path that the pages are under, such as `/account`; empty where they are at the root.
    #[must_use]
    pub fn mount(&self) -> &str {
        &self.place.base
    }

    /// Answers a request. It blocks until the database has answered, and never fails: what goes wrong is a page.
    #[must_use]
    pub fn handle(&self, engine: &UserManagement, request: &PageRequest<'_>) -> PageResponse {
        let call = Call {
            request,
            engine,
            language: self.languages.of(request),
            kept: Visit::of(request, engine, &self.place),
        };
        let answer = match request.method {
            "GET" | "HEAD" => self.show(&call),
            "POST" => self.take(&call),
            _ => Ok(PageResponse::empty(405).with("allow", "GET, HEAD, POST")),
        };
        let mut response = answer.unwrap_or_else(|error| {
            tracing::error!(%error, "a page cannot be shown");
            PageResponse::empty(500).refused(Code::Internal)
        });
        if request.method == "HEAD" {
            response.body.clear();
        }
        response
    }

    /// A page that is looked at: nothing is written, whoever looks and how often.
    fn show(&self, call: &Call<'_>) -> Result<PageResponse, Error> {
        match call.request.path {
            "/forgot" => self.visited(call, 200, &FORGOT, context! {}),
            "/reset" => match call.request.parameter("token") {
                Some(text) => self.follow(call, &text),
                None => self.form(call, 200, &Verdict::None),
            },
            "/done" => {
                let sign_in_url = &self.sign_in_url;
                self.page(call, 200, &DONE, context! { sign_in_url })
            }
            "/expired" => self.visited(call, 410, &EXPIRED, context! {}),
            "/not-me" => match call.request.parameter("token") {
                Some(text) => self.follow_notice(call, &text),
                None => self.report_form(call, 200, context! {}),
            },
            "/reported" => self.page(call, 200, &REPORTED, context! {}),
            path => match [&self.style, &self.script, &self.icon]
                .into_iter()
                .find(|asset| asset.path == path)
            {
                Some(asset) => Ok(PageResponse::file(asset.kind, &asset.content)),
                None => self.missing(call),
            },
        }
    }

    /// What a form does.
    fn take(&self, call: &Call<'_>) -> Result<PageResponse, Error> {
        let path = call.request.path;
        if !matches!(path, "/forgot" | "/reset" | "/check" | "/link" | "/not-me") {
            return match path {
                "/done" | "/expired" | "/reported" => {
                    Ok(PageResponse::empty(405).with("allow", "GET, HEAD"))
                }
                _ => self.missing(call),
            };
        }
        let form = call.request.form();
        let is_ours = origin::is_ours(call.request, &self.place.origin);
        let Some(form) = form.filter(|form| {
            let visit = call.kept.as_ref();
            is_ours && visit.is_some_and(|visit| visit.is_repeated_by(form.text("visit")))
        }) else {
            return self.foreign(call);
        };
        match path {
            "/forgot" => self.ask(call, &form),
            "/link" => self.follow(call, form.text("link")),
            "/check" => check(self, call, &form),
            "/not-me" => self.report(call, &form),
            _ => self.set(call, &form),
        }
    }

    /// Asks for a link: one answer for every address. Without its proof of work, nothing is looked at but that.
    fn ask(&self, call: &Call<'_>, form: &Form) -> Result<PageResponse, Error> {
        let is_done = |work: &ProofOfWork| {
            let kept = call.kept.as_ref();
            kept.is_some_and(|visit| work.is_done(call.engine, visit, form))
        };
        if self
            .proof_of_work
            .as_ref()
            .is_some_and(|work| !is_done(work))
        {
            let page = self.visited(call, 422, &FORGOT, context! { unproven => true });
            return page.map(|page| page.refused(Code::InputInvalid));
        }
        match call.engine.request_password_reset(form.text("email")) {
            Ok(_) => self.page(call, 200, &SENT, context! {}),
            Err(error) if error.code() == Code::InputInvalid => {
                let said = context! { invalid => "email-invalid" };
                let page = self.visited(call, 422, &FORGOT, said);
                page.map(|page| page.refused(Code::InputInvalid))
            }
            Err(error) => self.failed(call, &error, "/forgot", "again-link"),
        }
    }

    /// A link was followed, or pasted: its token goes into the cookie, and out of the address.
    fn follow(&self, call: &Call<'_>, text: &str) -> Result<PageResponse, Error> {
        let Some(token) = link::token_in(text) else {
            return self
                .visited(call, 400, &INCOMPLETE, context! {})
                .map(|page| page.refused(Code::PasswordResetTokenNotFound));
        };
        // A form that is open for another token is of no use from now on: it would set the password of this one's account.
        let mut visit = match &call.kept {
            Some(kept) if kept.is_for_another(&token) => Visit::begin(call.engine)?,
            _ => call.visit()?,
        };
        visit.token = Some(token);
        self.see_other_as(call, &visit, "/reset")
    }

    /// The link of a notice was followed: its token goes the same way.
    fn follow_notice(&self, call: &Call<'_>, text: &str) -> Result<PageResponse, Error> {
        let token = link::token_of_notice_in(text);
        let mut visit = match &call.kept {
            Some(kept) if kept.is_of_another_notice(&token) => Visit::begin(call.engine)?,
            _ => call.visit()?,
        };
        visit.notice = Some(token);
        self.see_other_as(call, &visit, "/not-me")
    }

    /// The form by which somebody says that a change was not theirs.
    fn report_form(
        &self,
        call: &Call<'_>,
        status: u16,
        said: Value,
    ) -> Result<PageResponse, Error> {
        match call.notice() {
            Some(_) => self.visited(call, status, &REPORT, said),
            None => self.visited(call, 410, &UNREPORTED, context! {}),
        }
    }

    /// Reports a change.
    fn report(&self, call: &Call<'_>, form: &Form) -> Result<PageResponse, Error> {
        let token = call.notice().map_or("", |token| token.as_str());
        let error = match call.engine.report_change(token, form.text("email")) {
            Ok(_) => {
                return Ok(self
                    .see_other(call, "/reported")
                    .with("set-cookie", Visit::end(&self.place)));
            }
            Err(error) if error.code() != Code::InputInvalid => {
                return self.failed(call, &error, "/not-me", "report-button");
            }
            Err(error) => error,
        };
        let page = match error.errors().first().map(|detail| detail.code.as_ref()) {
            Some("token_unknown") => {
                let mut visit = call.visit()?;
                visit.notice = None;
                self.see_other_as(call, &visit, "/not-me")?
            }
            Some("email_mismatch") => {
                self.report_form(call, 422, context! { invalid => "report-mismatch" })?
            }
            _ => self.report_form(call, 422, context! { invalid => "email-invalid" })?,
        };
        Ok(page.refused(Code::InputInvalid))
    }

    /// The form for the new password, if the token can be used.
    fn form(&self, call: &Call<'_>, status: u16, verdict: &Verdict) -> Result<PageResponse, Error> {
        let Some(token) = call.token() else {
            return Ok(self.see_other(call, "/expired"));
        };
        match call.engine.check_password_reset_token(token) {
            Ok(check) if check.usable => {}
            Ok(_) => return self.dead(call),
            Err(error) => return self.failed(call, &error, "/reset", "reset-button"),
        }
        let (reasons, missing) = match verdict {
            Verdict::None => (Vec::new(), false),
            Verdict::Missing => (Vec::new(), true),
            Verdict::Refused(details) => (self.reasons(call.language, details), false),
        };
        let minimum = call.engine.config().policy.min_length();
        let said = context! { reasons, missing, minimum };
        self.visited(call, status, &RESET, said)
    }

    /// Sets the password.
    fn set(&self, call: &Call<'_>, form: &Form) -> Result<PageResponse, Error> {
        let Some(token) = call.token() else {
            let code = Code::PasswordResetTokenNotFound;
            return Ok(self.see_other(call, "/expired").refused(code));
        };
        let password = form.text("new_password");
        if password.is_empty() {
            let page = self.form(call, 422, &Verdict::Missing);
            return page.map(|page| page.refused(Code::InputInvalid));
        }
        match call.engine.reset_password(token, password) {
            Ok(_) => Ok(self
                .see_other(call, "/done")
                .with("set-cookie", Visit::end(&self.place))),
            Err(error) => match error.code() {
                Code::PasswordRejected => {
                    let verdict = Verdict::Refused(error.errors().to_vec());
                    let page = self.form(call, 422, &verdict);
                    page.map(|page| page.refused(Code::PasswordRejected))
                }
                code @ (Code::PasswordResetTokenNotFound | Code::PasswordResetTokenExpired) => {
                    self.dead(call).map(|page| page.refused(code))
                }
                _ => self.failed(call, &error, "/reset", "reset-button"),
            },
        }
    }

    /// The token is dead: the browser forgets it.
    fn dead(&self, call: &Call<'_>) -> Result<PageResponse, Error> {
        let mut visit = call.visit()?;
        visit.token = None;
        self.see_other_as(call, &visit, "/expired")
    }

    /// What did not work, and may later.
    fn failed(
        &self,
        call: &Call<'_>,
        error: &Error,
        back: &str,
        back_label: &str,
    ) -> Result<PageResponse, Error> {
        let (status, face, text) = match error.code() {
            Code::RateLimited => (429, LIMITED, "limited-text"),
            code if code.retryable() => (503, BUSY, "busy-text"),
            _ => {
                tracing::error!(%error, "a page's work failed");
                (500, BUSY, "busy-text")
            }
        };
        let said = context! { text, back, back_label };
        let page = self.page(call, status, &face, said)?;
        let page = match error.retry_after() {
            Some(wait) => page.with("retry-after", wait.to_string()),
            None => page,
        };
        Ok(page.refused(error.code()))
    }

    /// More than one client may ask for; the host counts.
    #[must_use]
    pub fn too_many(&self, request: &PageRequest<'_>, seconds: u32) -> PageResponse {
        let language = self.languages.of(request);
        let said = context! {
            text => "limited-text", back => "/forgot", back_label => "again-link"
        };
        let page = self.render(request, language, &LIMITED, said);
        let page = match page {
            Ok(text) => PageResponse::page(429, language.tag, text),
            Err(_) => PageResponse::empty(429),
        };
        page.with("retry-after", seconds.to_string())
            .refused(Code::RateLimited)
    }

    /// A form that is not one of ours, or no longer. Nothing was done with it.
    fn foreign(&self, call: &Call<'_>) -> Result<PageResponse, Error> {
        tracing::warn!(event = "csrf", "a form was not sent from the pages");
        let said = context! {
            text => "form-text", back => "/forgot", back_label => "again-link"
        };
        let page = self.page(call, 403, &FOREIGN, said);
        page.map(|page| page.refused(Code::Forbidden))
    }

    fn missing(&self, call: &Call<'_>) -> Result<PageResponse, Error> {
        let said = context! { back => "/forgot", back_label => "forgot-title" };
        let page = self.page(call, 404, &MISSING, said);
        page.map(|page| page.refused(Code::NotFound))
    }

    /// The reasons against a password, in a language.
    fn reasons(&self, language: &Language, details: &[Detail]) -> Vec<String> {
        let words = |detail: &Detail| {
            let mut arguments = FluentArgs::new();
            if let Some(minimum) = detail.minimum_length {
                arguments.set("minimum", minimum);
            }
            if let Some(maximum) = detail.maximum_length {
                arguments.set("maximum", maximum);
            }
            let key = detail.code.replace('_', "-");
            let text = self.languages.text(language.tag, &key, &arguments);
            text.unwrap_or_else(|| detail.message.clone().into_owned())
        };
        details.iter().map(words).collect()
    }

    /// A page with a form on it, which repeats the visit.
    fn visited(
        &self,
        call: &Call<'_>,
        status: u16,
        face: &Face,
        said: Value,
    ) -> Result<PageResponse, Error> {
        let is_new = call.kept.is_none();
        let visit = call.visit()?;
        let work = self.proof_of_work.as_ref().map(|proof_of_work| {
            context! {
                challenge => ProofOfWork::challenge(call.engine, &visit),
                threshold => proof_of_work.threshold(),
            }
        });
        let said = context! { visit => visit.repeated(), work, ..said };
        let page = self.page(call, status, face, said)?;
        Ok(if is_new {
            page.with("set-cookie", visit.cookie(call.engine, &self.place)?)
        } else {
            page
        })
    }

    fn page(
        &self,
        call: &Call<'_>,
        status: u16,
        face: &Face,
        said: Value,
    ) -> Result<PageResponse, Error> {
        let text = self.render(call.request, call.language, face, said)?;
        Ok(PageResponse::page(status, call.language.tag, text))
    }

    fn render(
        &self,
        request: &PageRequest<'_>,
        language: &Language,
        face: &Face,
        said: Value,
    ) -> Result<String, Error> {
        let Face(template, heading, here) = face;
        let languages: Vec<_> = language::ALL
            .iter()
            .map(|language| {
                context! {
                    tag => language.tag, name => language.name, direction => language.direction
                }
            })
            .collect();
        let around = context! {
            lang => language.tag,
            direction => language.direction,
            languages,
            base => self.place.base,
            query => query(request),
            service => self.service,
            style => self.style.path,
            script => self.script.path,
            icon => self.icon.path,
            heading,
            here,
            ..said
        };
        let template = self.templates.get_template(template);
        template
            .and_then(|template| template.render(around))
            .map_err(Error::internal)
    }

    /// Leads on, with the visit as it is now.
    fn see_other_as(
        &self,
        call: &Call<'_>,
        visit: &Visit,
        path: &str,
    ) -> Result<PageResponse, Error> {
        let cookie = visit.cookie(call.engine, &self.place)?;
        Ok(self.see_other(call, path).with("set-cookie", cookie))
    }

    fn see_other(&self, call: &Call<'_>, path: &str) -> PageResponse {
        PageResponse::see_other(&format!("{}{path}{}", self.place.base, query(call.request)))
    }
}

/// What is wrong with the password that was sent.
enum Verdict {
    None,
    Missing,
    Refused(Vec<Detail>),
}

/// Says, while a password is typed, what is wrong with it.
fn check(pages: &Pages, call: &Call<'_>, form: &Form) -> Result<PageResponse, Error> {
    let refuse = |status| Ok(PageResponse::json(status, "{}".to_owned()));
    let Some(token) = call.token() else {
        return refuse(404);
    };
    let checked = call
        .engine
        .check_password_of_reset(token, form.text("new_password"));
    match checked {
        Ok(check) => {
            let reasons = pages.reasons(call.language, &check.errors);
            let verdict = serde_json::json!({ "acceptable": check.acceptable, "reasons": reasons });
            Ok(PageResponse::json(200, verdict.to_string()))
        }
        Err(error) if error.code().retryable() => refuse(503),
        Err(_) => refuse(404),
    }
}

/// The language that the request names, to go on with.
fn query(request: &PageRequest<'_>) -> String {
    let asked = request.parameter(language::PARAMETER);
    let known = asked.and_then(|tag| language::find(&tag));
    known.map_or_else(String::new, |language| {
        format!("?{}={}", language::PARAMETER, language.tag)
    })
}
