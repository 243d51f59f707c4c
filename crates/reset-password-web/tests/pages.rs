//! The pages as a browser without a script uses them, and as everything else that opens links does.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test stops at the first thing that is not as it should be"
)]

use std::{collections::BTreeMap, fmt::Write as _};

use reset_password::{CreateUser, Options, UpdateUser, blocking::UserManagement};
use reset_password_web::{PageRequest, PageResponse, Pages, PagesConfig};
use secrecy::ExposeSecret as _;

const ADA: &str = "ada@example.com";
const PASSWORD: &str = "a long walk by the sea";
const ORIGIN: &str = "https://example.com";

/// An engine with one user, the pages before it, and a browser's cookies.
struct Browser {
    engine: UserManagement,
    pages: Pages,
    cookies: BTreeMap<String, String>,
    headers: Vec<(&'static str, String)>,
    /// Every header of every answer.
    seen: String,
}

impl Browser {
    fn new() -> Self {
        Self::at(PagesConfig {
            url: format!("{ORIGIN}/account"),
            service: "Example".to_owned(),
            sign_in_url: Some(format!("{ORIGIN}/login")),
            ..PagesConfig::default()
        })
    }

    fn at(config: PagesConfig) -> Self {
        let reset_url = config.reset_url().unwrap();
        let pages = Pages::new(config).unwrap();
        let options = Options {
            reset_url: Some(reset_url),
            argon2_memory_kib: 19_456,
            argon2_iterations: 2,
            messages: true,
            ..Options::default()
        };
        let engine = UserManagement::open(":memory:", options).unwrap();
        let user = CreateUser {
            email: ADA.into(),
            ..CreateUser::default()
        };
        engine.create_user(user).unwrap();
        Self {
            engine,
            pages,
            cookies: BTreeMap::new(),
            headers: vec![
                ("Origin", "null".to_owned()),
                ("Sec-Fetch-Site", "same-origin".to_owned()),
            ],
            seen: String::new(),
        }
    }

    fn ask(&mut self, method: &str, target: &str, body: &str) -> PageResponse {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let cookies = self.cookies.iter();
        let cookies: Vec<_> = cookies
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        let cookies = cookies.join("; ");
        let mut headers: Vec<(&str, &str)> = vec![("Cookie", &cookies)];
        headers.extend(
            self.headers
                .iter()
                .map(|(name, value)| (*name, value.as_str())),
        );
        if method == "POST" {
            headers.push(("Content-Type", "application/x-www-form-urlencoded"));
        }
        let request = PageRequest {
            method,
            path,
            query,
            headers: &headers,
            body: body.as_bytes(),
        };
        let response = self.pages.handle(&self.engine, &request);
        for (name, value) in &response.headers {
            let _ = writeln!(self.seen, "{name}: {value}");
            if *name != "set-cookie" {
                continue;
            }
            let (pair, attributes) = value.split_once("; ").unwrap();
            assert!(
                attributes.starts_with("Path=/account; Max-Age=")
                    && attributes.ends_with("; HttpOnly; SameSite=Lax; Secure"),
                "{attributes}"
            );
            let (name, value) = pair.split_once('=').unwrap();
            assert_eq!(name, "__Secure-reset_password");
            if attributes.contains("Max-Age=0;") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        response
    }

    fn get(&mut self, target: &str) -> PageResponse {
        self.ask("GET", target, "")
    }

    /// Looks at a page, fills in its form and sends it.
    fn fill(&mut self, target: &str, fields: &str) -> PageResponse {
        let page = text(&self.get(target));
        let (visit, action) = (
            part(&page, "name=\"visit\" value=\""),
            part(&page, "action=\""),
        );
        let action = action.replace("&#x2f;", "/");
        let action = action.strip_prefix("/account").expect("forms stay here");
        self.ask("POST", action, &format!("visit={visit}&{fields}"))
    }

    fn token(&self) -> String {
        let reset = self.engine.create_password_reset(ADA).unwrap();
        reset.password_reset_token.expose_secret().to_owned()
    }

    /// The token of the notice that somebody has set this password.
    fn notice(&self, password: &str) -> String {
        let user = self.engine.get_user_by_email(ADA).unwrap();
        let change = UpdateUser {
            password: Some(password.into()),
            ..UpdateUser::default()
        };
        self.engine.update_user(&user.id, change).unwrap();
        let notice = self.engine.messages(10).unwrap().data.pop().unwrap();
        let token = notice.report_token.unwrap();
        token.expose_secret().to_owned()
    }

    fn log_in(&self, password: &str) -> bool {
        self.engine
            .authenticate_with_password(ADA, password)
            .is_ok()
    }
}

/// What stands in a page between a text and the next quotation mark.
fn part(page: &str, before: &str) -> String {
    let rest = page.split(before).nth(1);
    let rest = rest.unwrap_or_else(|| panic!("{before} is in {page}"));
    rest.split('"').next().unwrap_or_default().to_owned()
}

fn text(response: &PageResponse) -> String {
    String::from_utf8(response.body.clone()).unwrap()
}

fn header<'a>(response: &'a PageResponse, name: &str) -> &'a str {
    let found = response.headers.iter().find(|(known, _)| *known == name);
    found.map_or("", |(_, value)| value)
}

#[test]
fn a_person_sets_a_new_password() {
    let mut browser = Browser::new();
    let sent = browser.fill("/forgot", &format!("email={ADA}"));
    assert_eq!(sent.status, 200, "{}", text(&sent));
    assert!(text(&sent).contains("If there is an account"));
    let made = browser.engine.events(None, 100).unwrap().data;
    assert_eq!(made.last().unwrap().event, "password_reset.created");

    let token = browser.token();
    let followed = browser.get(&format!("/reset?token={token}"));
    assert_eq!(
        (followed.status, header(&followed, "location")),
        (303, "/account/reset")
    );
    let page = browser.get("/reset");
    assert_eq!(page.status, 200);
    assert!(text(&page).contains("autocomplete=\"new-password\""));
    assert!(text(&page).contains("at least 15 characters"));

    let refused = browser.fill("/reset", "new_password=ada");
    assert_eq!(refused.status, 422);
    assert!(
        text(&refused).contains("at least 15 characters.</li>"),
        "{}",
        text(&refused)
    );
    let refused = browser.fill("/reset", "new_password=");
    assert!(refused.status == 422 && text(&refused).contains("Enter a new password."));

    let done = browser.fill(
        "/reset",
        &format!("new_password={}", PASSWORD.replace(' ', "+")),
    );
    assert_eq!(
        (done.status, header(&done, "location")),
        (303, "/account/done")
    );
    assert!(browser.cookies.is_empty());
    assert!(browser.log_in(PASSWORD));
    let done = browser.get("/done");
    assert!(text(&done).contains("href=\"https:&#x2f;&#x2f;example.com&#x2f;login\""));

    // The same link again, and the form of a page that is still open.
    browser.get(&format!("/reset?token={token}"));
    let again = browser.get("/reset");
    assert_eq!(
        (again.status, header(&again, "location")),
        (303, "/account/expired")
    );
    let expired = browser.get("/expired");
    assert!(expired.status == 410 && text(&expired).contains("This link cannot be used"));
    let new = browser.fill("/expired", &format!("email={ADA}"));
    assert!(new.status == 200 && text(&new).contains("If there is an account"));
}

/// SEC-65, and rows 47 and 49 of public failures: no address, header or page holds the token, and the answer to its link
/// is kept nowhere.
#[test]
fn sec65_token_not_in_url() {
    let mut browser = Browser::new();
    let token = browser.token();
    let mut pages = String::new();
    for target in ["/reset", "/expired", "/forgot"] {
        let followed = browser.get(&format!("/reset?token={token}"));
        assert_eq!(header(&followed, "cache-control"), "no-store");
        assert_eq!(header(&followed, "referrer-policy"), "no-referrer");
        pages.push_str(&text(&followed));
        pages.push_str(&text(&browser.get(target)));
    }
    pages.push_str(&text(&browser.fill("/reset", "new_password=short")));
    assert!(!pages.contains(&token) && !browser.seen.contains(&token));
    // Not in a form that anybody undoes, either.
    let cookie = browser.cookies.values().next().unwrap();
    let opened = base64_of(cookie);
    assert!(
        !opened
            .windows(8)
            .any(|at| token.as_bytes().windows(8).any(|part| part == at))
    );
}

fn base64_of(text: &str) -> Vec<u8> {
    let value = |c: u8| {
        let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        alphabet.iter().position(|known| *known == c).unwrap()
    };
    let bits = text.bytes().map(value);
    let mut bytes = Vec::new();
    let (mut held, mut count) = (0_usize, 0);
    for six in bits {
        held = held << 6 | six;
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push(u8::try_from(held >> count & 0xff).unwrap());
        }
    }
    bytes
}

/// Row 59: whatever opens links, and however often, the token lives.
#[test]
fn scanners_take_nothing() {
    let mut browser = Browser::new();
    let token = browser.token();
    let before = browser.engine.events(None, 100).unwrap().data.len();
    for _ in 0..20 {
        for method in ["GET", "HEAD", "OPTIONS", "PUT", "DELETE", "TRACE"] {
            let answer = browser.ask(method, &format!("/reset?token={token}"), "");
            assert!(
                [303, 405].contains(&answer.status),
                "{method}: {}",
                answer.status
            );
            if method != "GET" {
                assert!(answer.body.is_empty(), "{method}");
            }
            browser.ask(method, "/reset", "");
        }
    }
    // Some press every button that they see.
    let pressed = browser.ask("POST", "/reset", "");
    assert_eq!(pressed.status, 403);
    let pressed = browser.fill("/reset", "new_password=");
    assert_eq!(pressed.status, 422);
    assert_eq!(browser.engine.events(None, 100).unwrap().data.len(), before);
    assert!(
        browser
            .engine
            .check_password_reset_token(&token)
            .unwrap()
            .usable
    );
}

/// What mail makes of a link is undone, and a link that was cut is a page that helps.
#[test]
fn a_damaged_link_is_mended_or_explained() {
    let mut browser = Browser::new();
    let token = browser.token();
    for damaged in [
        format!("{token}."),
        format!("{token})"),
        format!("{token}]"),
        format!("{token}%3D"),
        format!("3D{token}"),
        format!("%20{token}%0A"),
    ] {
        let followed = browser.get(&format!("/reset?token={damaged}"));
        assert_eq!(header(&followed, "location"), "/account/reset", "{damaged}");
        assert_eq!(browser.get("/reset").status, 200, "{damaged}");
    }
    browser.cookies.clear();
    let (half, _) = token.split_at(30);
    let page = browser.get(&format!("/reset?token={half}"));
    assert!(page.status == 400 && text(&page).contains("This link is not complete"));
    let visit = part(&text(&page), "name=\"visit\" value=\"");
    let link = format!("https%3A%2F%2Fexample.com%2Faccount%2Freset%3Ftoken%3D{token}");
    let pasted = browser.ask("POST", "/link", &format!("visit={visit}&link={link}"));
    assert_eq!(header(&pasted, "location"), "/account/reset");
    assert_eq!(browser.get("/reset").status, 200);
}

/// Row 13 and SEC-72: what another site sends does nothing.
#[test]
fn sec72_a_form_of_another_site_is_refused() {
    let mut browser = Browser::new();
    let token = browser.token();
    browser.get(&format!("/reset?token={token}"));
    let page = text(&browser.get("/reset"));
    let visit = part(&page, "name=\"visit\" value=\"");
    let good = format!("visit={visit}&new_password={}", PASSWORD.replace(' ', "+"));
    let ours = browser.headers.clone();
    for signs in [
        vec![("Sec-Fetch-Site", "cross-site")],
        vec![("Sec-Fetch-Site", "same-site")],
        vec![("Sec-Fetch-Site", "none")],
        vec![
            ("Sec-Fetch-Site", "same-origin"),
            ("Origin", "https://evil.example"),
        ],
        vec![("Origin", "https://evil.example")],
        vec![("Origin", "http://example.com")],
    ] {
        browser.headers = signs
            .iter()
            .map(|(name, value)| (*name, (*value).to_owned()))
            .collect();
        assert_eq!(
            browser.ask("POST", "/reset", &good).status,
            403,
            "{signs:?}"
        );
    }
    browser.headers = ours;
    for body in [
        "",
        "new_password=a+long+walk+by+the+sea",
        "visit=&new_password=a+long+walk+by+the+sea",
        "visit=AAAAAAAAAAAAAAAAAAAAAA&new_password=a+long+walk+by+the+sea",
        &format!("{good}&new_password=another"),
        &format!("{good}%ff"),
    ] {
        assert_eq!(browser.ask("POST", "/reset", body).status, 403, "{body}");
    }
    // Without the cookie the right form is nobody's.
    let cookies = std::mem::take(&mut browser.cookies);
    assert_eq!(browser.ask("POST", "/reset", &good).status, 403);
    browser.cookies = cookies;
    assert!(
        browser
            .engine
            .check_password_reset_token(&token)
            .unwrap()
            .usable
    );
    // An old browser gives no sign but the form itself.
    browser.headers.clear();
    assert_eq!(browser.ask("POST", "/reset", &good).status, 303);
}

/// Somebody else's link, opened in another window, does not change whose password the open form sets.
#[test]
fn sec72_a_form_is_for_the_link_that_it_was_opened_by() {
    let mut browser = Browser::new();
    let token = browser.token();
    browser.get(&format!("/reset?token={token}"));
    let visit = part(&text(&browser.get("/reset")), "name=\"visit\" value=\"");
    let good = format!("visit={visit}&new_password={}", PASSWORD.replace(' ', "+"));
    // The same link again is no other.
    browser.get(&format!("/reset?token={token}"));
    let eve = CreateUser {
        email: "eve@example.com".into(),
        ..CreateUser::default()
    };
    browser.engine.create_user(eve).unwrap();
    let hers = browser
        .engine
        .create_password_reset("eve@example.com")
        .unwrap();
    let kept = browser.cookies.clone();
    browser.get(&format!(
        "/reset?token={}",
        hers.password_reset_token.expose_secret()
    ));
    assert_eq!(browser.ask("POST", "/reset", &good).status, 403);
    assert!(
        browser
            .engine
            .check_password_reset_token(&token)
            .unwrap()
            .usable
    );
    browser.cookies = kept;
    assert_eq!(browser.ask("POST", "/reset", &good).status, 303);
    assert!(browser.log_in(PASSWORD));
}

/// Rows 43 and 48, SEC-24: one answer.
#[test]
fn sec24_the_answer_is_the_same_for_every_address() {
    let mut answers = Vec::new();
    for email in [ADA, "nobody@example.com", "ADA@EXAMPLE.COM"] {
        let mut browser = Browser::new();
        let first = browser.fill("/forgot", &format!("email={email}"));
        // And beyond the limit of an address.
        let second = browser.fill("/forgot", &format!("email={email}"));
        for answer in [first, second] {
            answers.push((answer.status, answer.headers, answer.body));
        }
    }
    assert!(answers.windows(2).all(|two| two[0] == two[1]));
    assert_eq!(answers.first().map(|(status, ..)| *status), Some(200));
}

/// Rows 1, 2, 4, 9: no header changes where a page leads.
#[test]
fn sec78_a_host_is_not_asked() {
    let mut browser = Browser::new();
    let plain = browser.get("/forgot").body;
    for name in [
        "Host",
        "X-Forwarded-Host",
        "X-Forwarded-Proto",
        "Forwarded",
        "X-Original-URL",
        "X-Host",
        "Referer",
    ] {
        browser.headers.push((name, "evil.example".to_owned()));
    }
    assert_eq!(browser.get("/forgot").body, plain);
    let token = browser.token();
    let followed = browser.get(&format!(
        "/reset?token={token}&next=//evil.example&return_to=https:evil"
    ));
    assert_eq!(header(&followed, "location"), "/account/reset");
    assert!(!browser.seen.contains("evil"));
}

/// Row 51: nothing that a request says is in a page, and what an operator says is text.
#[test]
fn sec75_values_are_text() {
    let mut browser = Browser::at(PagesConfig {
        url: format!("{ORIGIN}/account"),
        service: "<script>alert(1)</script>{{ 7*7 }}\"'".to_owned(),
        ..PagesConfig::default()
    });
    for target in [
        "/forgot?lang=%22%3E%3Cscript%3E",
        "/reset?token=%3Cscript%3E",
        "/expired?x=%3Cscript%3E",
        "/%3Cscript%3E",
    ] {
        let page = text(&browser.get(target));
        assert_eq!(page.matches("<script").count(), 1, "{target}: {page}");
        assert!(
            page.contains("&lt;script&gt;alert(1)") && page.contains("{{ 7*7 }}"),
            "{page}"
        );
    }
    let page = browser.fill("/forgot", "email=%3Cscript%3Ealert(2)%3C%2Fscript%3E");
    assert!(page.status == 422 && !text(&page).contains("alert(2)"));
    for url in [
        "javascript:alert(1)",
        "//evil.example",
        "http://evil.example",
        "data:text/html,x",
    ] {
        let config = PagesConfig {
            url: format!("{ORIGIN}/account"),
            service: "Example".to_owned(),
            sign_in_url: Some(url.to_owned()),
            ..PagesConfig::default()
        };
        assert!(Pages::new(config).is_err(), "{url}");
    }
}

/// SEC-66 to SEC-68 and SEC-70: the headers of every page and every refusal.
#[test]
fn sec66_headers_of_every_answer() {
    let mut browser = Browser::new();
    let token = browser.token();
    let reset = format!("/reset?token={token}");
    for (method, target) in [
        ("GET", "/forgot"),
        ("HEAD", "/forgot"),
        ("GET", reset.as_str()),
        ("GET", "/reset"),
        ("GET", "/done"),
        ("GET", "/expired"),
        ("GET", "/reset?token=x"),
        ("GET", "/nothing"),
        ("GET", "/reset/x.css"),
        ("GET", "/reset;.js"),
        ("GET", "/static/0000.css"),
        ("POST", "/forgot"),
        ("POST", "/check"),
        ("POST", "/nothing"),
        ("PUT", "/forgot"),
    ] {
        let answer = browser.ask(method, target, "");
        let policy = header(&answer, "content-security-policy");
        assert!(
            policy.starts_with("default-src 'none'; script-src 'self'; style-src 'self';"),
            "{target}"
        );
        assert!(policy.contains("frame-ancestors 'none'") && policy.contains("base-uri 'none'"));
        assert!(!policy.contains("unsafe") && !policy.contains('*'));
        for (name, value) in [
            ("cache-control", "no-store"),
            ("referrer-policy", "no-referrer"),
            ("x-content-type-options", "nosniff"),
            ("x-frame-options", "DENY"),
            ("cross-origin-opener-policy", "same-origin"),
            ("cross-origin-resource-policy", "same-origin"),
        ] {
            assert_eq!(header(&answer, name), value, "{method} {target}");
        }
        let mut names: Vec<_> = answer.headers.iter().map(|(name, _)| name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), answer.headers.len(), "{method} {target}");
        assert!(
            ![
                "http://",
                "javascript:",
                " onclick",
                " onload",
                " style=",
                "<style"
            ]
            .iter()
            .any(|inline| text(&answer).contains(inline)),
            "{target}"
        );
    }
    // Files whose names say their content may be kept, and are the only ones.
    let page = text(&browser.get("/forgot"));
    let files: Vec<_> = page
        .split('"')
        .filter(|part| part.contains("static"))
        .collect();
    assert_eq!(files.len(), 3);
    for file in files {
        let path = file.replace("&#x2f;", "/").replace("/account", "");
        let answer = browser.get(&path);
        assert_eq!(answer.status, 200, "{path}");
        assert!(header(&answer, "cache-control").ends_with("immutable"));
    }
}

/// Every page in every language: it says its language and its direction, and no word is missing.
#[test]
fn every_page_is_in_every_language() {
    let tags = [
        "en", "de", "fr", "es", "pt-BR", "it", "nl", "pl", "tr", "ja", "zh-Hans", "ar",
    ];
    let mut browser = Browser::new();
    let mut titles = Vec::new();
    for tag in tags {
        let token = browser.token();
        for target in [
            "/forgot",
            "/reset",
            "/done",
            "/expired",
            "/nothing",
            "/reset?token=x",
            "/not-me",
            "/reported",
        ] {
            if target == "/reset" {
                browser.get(&format!("/reset?token={token}&lang={tag}"));
            }
            let separator = if target.contains('?') { '&' } else { '?' };
            let page = browser.get(&format!("{target}{separator}lang={tag}"));
            let text = text(&page);
            assert!(page.status != 500, "{tag} {target}");
            assert!(
                text.contains(&format!("<html lang=\"{tag}\"")),
                "{tag} {target}: {text}"
            );
            assert_eq!(text.contains("<html lang=\"ar\" dir=\"rtl\""), tag == "ar");
            assert_eq!(header(&page, "content-language"), tag);
            if target == "/forgot" {
                let title = text.split("<h1>").nth(1).unwrap();
                titles.push(title.split("</h1>").next().unwrap().to_owned());
                // Links and forms go on in the language.
                assert!(text.contains(&format!("forgot?lang={tag}\">")), "{text}");
            }
        }
        let refused = browser.fill(&format!("/reset?lang={tag}"), "new_password=x");
        assert!(refused.status == 422 && text(&refused).contains("15"));
        browser.get(&format!(
            "/not-me?token={}&lang={tag}",
            browser.notice(PASSWORD)
        ));
        let refused = browser.fill(&format!("/not-me?lang={tag}"), "email=eve%40example.com");
        assert_eq!(refused.status, 422, "{tag}");
        browser.cookies.clear();
    }
    titles.sort_unstable();
    titles.dedup();
    assert_eq!(titles.len(), tags.len());
}

/// While a password is typed: every reason, in the page's language; nothing is set.
#[test]
fn a_password_is_checked_while_it_is_typed() {
    let mut browser = Browser::new();
    let token = browser.token();
    browser.get(&format!("/reset?token={token}"));
    let page = text(&browser.get("/reset"));
    let visit = part(&page, "name=\"visit\" value=\"");
    let mut check = |password: &str| {
        let body = format!("visit={visit}&new_password={password}");
        let answer = browser.ask("POST", "/check?lang=de", &body);
        (answer.status, text(&answer))
    };
    assert_eq!(
        check("x"),
        (
            200,
            r#"{"acceptable":false,"reasons":["Es muss mindestens 15 Zeichen haben."]}"#.to_owned()
        )
    );
    let (_, similar) = check("ada%40example.com");
    assert!(similar.contains("ähnelt"), "{similar}");
    assert_eq!(
        check("a+long+walk+by+the+sea"),
        (200, r#"{"acceptable":true,"reasons":[]}"#.to_owned())
    );
    browser.engine.revoke_password_resets(None).unwrap();
    let body = format!("visit={visit}&new_password=x");
    assert_eq!(browser.ask("POST", "/check", &body).status, 404);
}

/// A cookie ends, and one of another key or with another byte opens nothing.
#[test]
fn sec74_a_cookie_is_of_use_here_alone() {
    let mut browser = Browser::new();
    let token = browser.token();
    browser.get(&format!("/reset?token={token}"));
    let mut other = Browser::new();
    other.cookies.clone_from(&browser.cookies);
    assert_eq!(header(&other.get("/reset"), "location"), "/account/expired");
    let (name, value) = browser.cookies.pop_first().unwrap();
    let altered = if value.starts_with('A') { "B" } else { "A" };
    let altered = format!("{altered}{}", value.get(1..).expect("it is long"));
    browser.cookies.insert(name.clone(), altered);
    assert_eq!(
        header(&browser.get("/reset"), "location"),
        "/account/expired"
    );
    browser.cookies.insert(name, value);
    assert_eq!(browser.get("/reset").status, 200);
}

/// The notice's link, the address typed once more, and a new link: nobody can log in with what somebody set.
#[test]
fn sec63_a_person_says_that_it_was_not_them() {
    let mut browser = Browser::new();
    let token = browser.notice(PASSWORD);
    assert!(browser.log_in(PASSWORD));
    let followed = browser.get(&format!("/not-me?token={token}"));
    assert_eq!(
        (followed.status, header(&followed, "location")),
        (303, "/account/not-me")
    );
    assert!(!browser.seen.contains(&token), "it is in no header");
    let page = text(&browser.get("/not-me"));
    assert!(page.contains("Was this change not yours?") && !page.contains(&token));
    assert!(!page.contains(ADA), "the address is for its reader to know");
    for (typed, said) in [
        ("", "This is not an e-mail address."),
        ("ada", "This is not an e-mail address."),
        (
            "eve%40example.com",
            "The message was not sent to this address.",
        ),
    ] {
        let refused = browser.fill("/not-me", &format!("email={typed}"));
        assert_eq!(refused.status, 422);
        assert!(text(&refused).contains(said), "{typed}: {}", text(&refused));
    }
    assert!(browser.log_in(PASSWORD));

    let done = browser.fill("/not-me", &format!("email={ADA}"));
    assert_eq!(
        (done.status, header(&done, "location")),
        (303, "/account/reported")
    );
    assert!(browser.cookies.is_empty());
    assert!(text(&browser.get("/reported")).contains("You have reported the change"));
    assert!(!browser.log_in(PASSWORD));
    let link = browser.engine.messages(10).unwrap().data.pop().unwrap();
    let url = link.url.unwrap().expose_secret().to_owned();
    let path = url.strip_prefix("https://example.com/account").unwrap();
    assert_eq!(header(&browser.get(path), "location"), "/account/reset");
    assert_eq!(browser.get("/reset").status, 200);

    // Once is enough.
    browser.get(&format!("/not-me?token={token}"));
    let again = browser.fill("/not-me", &format!("email={ADA}"));
    assert_eq!(header(&again, "location"), "/account/not-me");
    let page = browser.get("/not-me");
    assert_eq!(page.status, 410);
    assert!(text(&page).contains("The change has been reported already"));
}

/// Row 59: whatever opens a notice's link, and presses what it finds, reports nothing.
#[test]
fn sec63_scanners_report_nothing() {
    let mut browser = Browser::new();
    let token = browser.notice(PASSWORD);
    for _ in 0..5 {
        for method in ["GET", "HEAD", "OPTIONS", "PUT"] {
            browser.ask(method, &format!("/not-me?token={token}"), "");
            browser.ask(method, "/not-me", "");
        }
    }
    assert_eq!(browser.ask("POST", "/not-me", "").status, 403);
    assert_eq!(browser.fill("/not-me", "").status, 422);
    assert_eq!(browser.fill("/not-me", "email=").status, 422);
    assert!(browser.log_in(PASSWORD));
    // Nor does a form of another site, with the address in it.
    browser.headers = vec![("Origin", "https://evil.example".to_owned())];
    let foreign = browser.fill("/not-me", &format!("email={ADA}"));
    assert_eq!(foreign.status, 403);
    assert!(browser.log_in(PASSWORD));
}

/// A notice's link with what mail puts around it works; one that was cut is a page that helps.
#[test]
fn a_damaged_notice_is_mended_or_explained() {
    let mut browser = Browser::new();
    let token = browser.notice(PASSWORD);
    for damaged in [
        format!("{token}."),
        format!("%3C{token}%3E"),
        format!("%20{token}%0A"),
        format!("{}%3D%0D%0A{}", &token[..60], &token[60..]),
    ] {
        browser.cookies.clear();
        browser.get(&format!("/not-me?token={damaged}"));
        let refused = browser.fill("/not-me", "email=eve%40example.com");
        assert_eq!(refused.status, 422, "{damaged}");
    }
    browser.cookies.clear();
    browser.get(&format!("/not-me?token={}", &token[..60]));
    let dead = browser.fill("/not-me", &format!("email={ADA}"));
    assert_eq!(header(&dead, "location"), "/account/not-me");
    let page = browser.get("/not-me");
    assert!(page.status == 410 && text(&page).contains("name=\"email\""));
}

/// A form is for the notice that it was opened by.
#[test]
fn sec72_a_report_is_for_the_notice_that_its_form_was_opened_by() {
    let mut browser = Browser::new();
    let (first, second) = (
        browser.notice("a first password of ada"),
        browser.notice(PASSWORD),
    );
    browser.get(&format!("/not-me?token={first}"));
    let page = text(&browser.get("/not-me"));
    let visit = part(&page, "name=\"visit\" value=\"");
    browser.get(&format!("/not-me?token={second}"));
    let body = format!("visit={visit}&email={ADA}");
    assert_eq!(browser.ask("POST", "/not-me", &body).status, 403);
    assert!(browser.log_in(PASSWORD));
    // A link beside it keeps both.
    let link = browser.token();
    browser.get(&format!("/reset?token={link}"));
    assert_eq!(browser.get("/reset").status, 200);
    assert_eq!(browser.get("/not-me").status, 200);
}

/// Whatever a request asks to be led to, pages lead to one another and to the place where people log in.
#[test]
fn sec76_no_parameter_leads_anywhere() {
    const NAMES: [&str; 14] = [
        "next",
        "return_to",
        "returnUrl",
        "redirect_uri",
        "redirect",
        "url",
        "continue",
        "dest",
        "goto",
        "target",
        "sign_in_url",
        "base",
        "action",
        "reset_url",
    ];
    const VALUES: [&str; 10] = [
        "https://evil.example",
        "//evil.example",
        "%5Cevil.example",
        "%2F%5Cevil.example",
        "https:evil.example",
        "javascript:alert(1)",
        "%0D%0ALocation:%20https://evil.example",
        "%E3%80%82evil.example",
        "https://example.com@evil.example",
        "/account/../../evil.example",
    ];
    let mut browser = Browser::new();
    let token = browser.token();
    let notice = browser.notice(PASSWORD);
    for name in NAMES {
        for value in VALUES {
            let query = format!("{name}={value}");
            browser.cookies.clear();
            for (target, leads) in [
                (format!("/reset?token={token}&{query}"), "/account/reset"),
                (format!("/not-me?token={notice}&{query}"), "/account/not-me"),
                (format!("/forgot?{query}"), ""),
                (format!("/done?{query}"), ""),
                (format!("/expired?{query}"), ""),
                (format!("/reset?{query}"), "/account/expired"),
            ] {
                let page = browser.get(&target);
                let location = page.headers.iter().find(|(name, _)| *name == "location");
                let location = location.map_or("", |(_, value)| value.as_str());
                assert_eq!(location, leads, "{target}");
                let page = text(&page).replace("&#x2f;", "/");
                assert!(!page.contains("evil"), "{target}: {page}");
                // Nothing is fetched or sent from elsewhere, either.
                for attribute in ["href=\"", "action=\"", "src=\""] {
                    for address in page.split(attribute).skip(1) {
                        assert!(
                            address.starts_with("/account/")
                                || address.starts_with("https://example.com/login\""),
                            "{target}: {address}"
                        );
                    }
                }
            }
            // In the body of a form, too.
            let sent = browser.fill("/forgot", &format!("email={ADA}&{query}"));
            assert!(sent.status == 200 && !text(&sent).contains("evil"));
        }
    }
    assert!(!browser.seen.contains("evil"));
}
