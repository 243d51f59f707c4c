//! The form that asks for a link, where an operator wants work for it.

#![expect(
    clippy::unwrap_used,
    reason = "a test stops at the first thing that is not as it should be"
)]

use base64ct::{Base64UrlUnpadded, Encoding as _};
use reset_password::{CreateUser, Options, blocking::UserManagement};
use reset_password_web::{PageRequest, PageResponse, Pages, PagesConfig};
use sha2::{Digest as _, Sha256};

const ADA: &str = "ada@example.com";
const NOBODY: &str = "nil@example.com";
/// Few, so that a test computes them at once.
const HASHES: u32 = 1_000;

struct Fixture {
    engine: UserManagement,
    pages: Pages,
}

/// What a page brings.
#[derive(Clone)]
struct Form {
    cookie: String,
    visit: String,
    challenge: String,
    threshold: u32,
}

fn config(proof_of_work: Option<u32>) -> PagesConfig {
    PagesConfig {
        url: "https://example.com/account".to_owned(),
        service: "Example".to_owned(),
        proof_of_work,
        ..PagesConfig::default()
    }
}

impl Fixture {
    fn new() -> Self {
        Self::with(Options::default())
    }

    fn with(options: Options) -> Self {
        let engine = UserManagement::open(":memory:", options).unwrap();
        let user = CreateUser {
            email: ADA.into(),
            ..CreateUser::default()
        };
        engine.create_user(user).unwrap();
        let pages = Pages::new(config(Some(HASHES))).unwrap();
        Self { engine, pages }
    }

    /// Opens a page as a browser without cookies does.
    fn open(&self, target: &str) -> Form {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let request = PageRequest {
            query,
            ..PageRequest::get(path)
        };
        let page = self.pages.handle(&self.engine, &request);
        let cookies = page
            .headers
            .iter()
            .find(|(name, _)| *name == "set-cookie")
            .unwrap();
        let page = text(&page);
        Form {
            cookie: cookies.1.split(';').next().unwrap().to_owned(),
            visit: part(&page, "name=\"visit\" value=\""),
            challenge: part(&page, "name=\"challenge\" value=\""),
            threshold: part(&page, "data-threshold=\"").parse().unwrap(),
        }
    }

    fn send(&self, form: &Form, email: &str, proof: &str) -> PageResponse {
        let (visit, challenge) = (&form.visit, &form.challenge);
        let body = format!("visit={visit}&challenge={challenge}&proof={proof}&email={email}");
        self.post(form, &body)
    }

    fn post(&self, form: &Form, body: &str) -> PageResponse {
        let request = PageRequest {
            method: "POST",
            path: "/forgot",
            headers: &[
                ("Cookie", &form.cookie),
                ("Content-Type", "application/x-www-form-urlencoded"),
            ],
            body: body.as_bytes(),
            ..PageRequest::default()
        };
        self.pages.handle(&self.engine, &request)
    }

    fn resets(&self) -> usize {
        let events = self.engine.events(None, 100).unwrap().data;
        let made = events
            .iter()
            .filter(|event| event.event == "password_reset.created");
        made.count()
    }

    /// The form with a challenge that ends then.
    fn ending(&self, form: &Form, ends_at: i64) -> Form {
        let visit = Base64UrlUnpadded::decode_vec(&form.visit).unwrap();
        let moment = ends_at.to_be_bytes();
        let keys = self.engine.keys();
        let signature = keys.current().challenge_digest(&[&visit, &moment]);
        Form {
            challenge: Base64UrlUnpadded::encode_string(&[&moment[..], &signature].concat()),
            ..form.clone()
        }
    }
}

fn text(response: &PageResponse) -> String {
    String::from_utf8(response.body.clone()).unwrap()
}

fn part(page: &str, before: &str) -> String {
    let rest = page.split(before).nth(1).unwrap();
    rest.split('"').next().unwrap().to_owned()
}

/// What a browser computes; and how many hashes that took.
fn prove(form: &Form, email: &str) -> (String, u32) {
    let seed = Sha256::digest(format!("{}\n{email}", form.challenge));
    let mut hashes = 0;
    let numbers = (0..8_u8).map(|place| {
        let is_small = |number: &u32| {
            hashes += 1;
            let message = [&seed[..], &[place], &number.to_be_bytes()].concat();
            let hash = Sha256::digest(message);
            u32::from_be_bytes(*hash.first_chunk().unwrap()) < form.threshold
        };
        (0..u32::MAX).find(is_small).unwrap().to_string()
    });
    let numbers: Vec<_> = numbers.collect();
    (numbers.join("."), hashes)
}

#[test]
fn sec35_who_has_done_the_work_is_answered_as_ever() {
    let fixture = Fixture::new();
    for path in ["/forgot", "/expired", "/reset?token=x", "/not-me"] {
        let form = fixture.open(path);
        let (proof, _) = prove(&form, ADA);
        let sent = fixture.send(&form, ADA, &proof);
        assert_eq!(sent.status, 200, "{path}: {}", text(&sent));
    }
    assert_eq!(fixture.resets(), 1, "one a minute for one address");

    // Nobody's address gets the same answer, to the byte.
    let form = fixture.open("/forgot");
    let answers = [ADA, NOBODY].map(|email| {
        let (proof, _) = prove(&form, email);
        let sent = fixture.send(&form, email, &proof);
        (sent.status, sent.headers.clone(), text(&sent))
    });
    assert_eq!(answers[0], answers[1]);
    // What is no address is told so, and can be corrected with a challenge of the new page.
    let (proof, _) = prove(&form, "ada");
    let invalid = fixture.send(&form, "ada", &proof);
    assert!(invalid.status == 422 && text(&invalid).contains("This is not an e-mail address."));
    assert!(text(&invalid).contains("name=\"challenge\""));
}

#[test]
fn sec35_without_the_work_nothing_is_asked_for() {
    let fixture = Fixture::new();
    let form = fixture.open("/forgot");
    let (proof, _) = prove(&form, ADA);
    let other = fixture.open("/forgot");
    let now = fixture.engine.config().clock.now().unix_millis();
    let over = fixture.ending(&form, now - 1);
    let mut altered = form.clone();
    altered.challenge = form.challenge.replace(
        form.challenge.chars().last().unwrap(),
        if form.challenge.ends_with('A') {
            "E"
        } else {
            "A"
        },
    );
    let stolen = Form {
        challenge: form.challenge.clone(),
        ..other.clone()
    };
    let unsigned = Form {
        challenge: Base64UrlUnpadded::encode_string(&[0x7f; 40]),
        ..form.clone()
    };
    let mut wrong = 0;
    for (what, form, email, proof) in [
        ("no proof", &form, ADA, String::new()),
        ("zeros", &form, ADA, "0.0.0.0.0.0.0.0".to_owned()),
        ("one number more", &form, ADA, format!("{proof}.0")),
        (
            "one number less",
            &form,
            ADA,
            proof.rsplit_once('.').unwrap().0.to_owned(),
        ),
        ("no numbers", &form, ADA, proof.replace('.', "x")),
        ("too large", &form, ADA, proof.replace('.', ".4294967296")),
        ("another address", &form, NOBODY, proof.clone()),
        ("another writing", &form, "Ada@example.com", proof.clone()),
        ("another challenge", &other, ADA, proof.clone()),
        ("another's challenge", &stolen, ADA, prove(&stolen, ADA).0),
        ("a challenge that is over", &over, ADA, prove(&over, ADA).0),
        (
            "an altered challenge",
            &altered,
            ADA,
            prove(&altered, ADA).0,
        ),
        (
            "an unsigned challenge",
            &unsigned,
            ADA,
            prove(&unsigned, ADA).0,
        ),
    ] {
        let refused = fixture.send(form, email, &proof);
        assert_eq!(refused.status, 422, "{what}");
        let page = text(&refused);
        assert!(page.contains("was missing or too old"), "{what}: {page}");
        assert!(
            page.contains("This form needs JavaScript"),
            "{what}: {page}"
        );
        assert!(!page.contains("example.com&quot;"), "{what}");
        wrong += 1;
    }
    let bare = format!("visit={}&email={ADA}", form.visit);
    assert_eq!(fixture.post(&form, &bare).status, 422);
    assert_eq!((wrong, fixture.resets()), (13, 0));
    // The same with a challenge that is not over, and then the first one.
    let still = fixture.ending(&form, now + 60_000);
    assert_eq!(fixture.send(&still, ADA, &prove(&still, ADA).0).status, 200);
    assert_eq!(fixture.send(&form, ADA, &proof).status, 200);
    assert_eq!(fixture.resets(), 1);
}

/// A refusal comes before anything else is looked at: it takes nothing of what all requests together may do.
#[test]
fn sec35_a_refusal_takes_nothing_from_others() {
    let options = Options {
        requests_per_minute: 1,
        ..Options::default()
    };
    let fixture = Fixture::with(options);
    let form = fixture.open("/forgot");
    let trail = fixture.engine.events(None, 100).unwrap().data.len();
    for email in [ADA, NOBODY, "ada", ""] {
        let refused = fixture.send(&form, email, "1.2.3.4.5.6.7.8");
        assert_eq!(refused.status, 422);
        assert!(text(&refused).contains("was missing or too old"), "{email}");
    }
    assert_eq!(fixture.engine.events(None, 100).unwrap().data.len(), trail);
    let mut statuses = Vec::new();
    for email in [ADA, NOBODY] {
        let (proof, _) = prove(&form, email);
        statuses.push(fixture.send(&form, email, &proof).status);
    }
    assert_eq!(statuses, [200, 429]);
}

/// The work is what the operator asked for, on average.
#[test]
fn the_work_is_as_much_as_is_set() {
    let fixture = Fixture::new();
    let form = fixture.open("/forgot");
    let rounds = 200;
    let hashes: u32 = (0..rounds)
        .map(|round| prove(&form, &format!("{round}@example.com")).1)
        .sum();
    let average = hashes / rounds;
    // The standard deviation of this average is 2.5 % of it.
    assert!((850..1_150).contains(&average), "{average}");
    for refused in [0, 1, 999, 1_000_001, u32::MAX] {
        assert!(Pages::new(config(Some(refused))).is_err(), "{refused}");
    }
    for taken in [1_000, 1_000_000] {
        assert!(Pages::new(config(Some(taken))).is_ok(), "{taken}");
    }
}

/// Where nobody asks for it, there is none of it.
#[test]
fn without_the_setting_there_is_no_work() {
    let fixture = Fixture::new();
    let pages = Pages::new(config(None)).unwrap();
    let page = text(&pages.handle(&fixture.engine, &PageRequest::get("/forgot")));
    assert!(page.contains("name=\"email\""));
    for word in ["challenge", "threshold", "proof", "JavaScript"] {
        assert!(!page.contains(word), "{word}: {page}");
    }
}
