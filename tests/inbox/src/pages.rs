//! Showing mail.

use std::{io, net::TcpListener, sync::Arc};

use axum::{
    Router,
    extract::{Path, RawQuery, State},
    http::{StatusCode, header},
    response::{Html, IntoResponse, Response},
    routing::get,
};
use minijinja::{Environment, context};
use tokio::runtime;

use crate::mails::{Mail, Mails};

const LIST: &str = r#"<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="refresh" content="3">
<title>Inbox ({{ mails|length }})</title>
<style>
:root { color-scheme: light dark; font-family: sans-serif; line-height: 1.5 }
body { max-width: 60em; margin: 2em auto; padding: 0 1em }
table { border-collapse: collapse; width: 100% }
th, td { text-align: start; padding: .4em .6em; border-bottom: 1px solid #8884 }
</style>
</head>
<body>
<h1>Inbox</h1>
{% if mails %}
<table>
<thead><tr><th>To</th><th>Subject</th><th>Date</th></tr></thead>
<tbody>
{% for mail in mails %}
<tr><td>{{ mail.to }}</td><td><a href="/{{ mail.number }}">{{ mail.subject }}</a></td><td>{{ mail.date }}</td></tr>
{% endfor %}
</tbody>
</table>
{% else %}
<p>No mail has arrived yet. This page looks again every three seconds.</p>
{% endif %}
</body>
</html>
"#;

const ONE: &str = r#"<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{ mail.subject }}</title>
<style>
:root { color-scheme: light dark; font-family: sans-serif; line-height: 1.5 }
body { max-width: 60em; margin: 2em auto; padding: 0 1em }
iframe { width: 100%; height: 24em; border: 1px solid #8884 }
pre { white-space: pre-wrap; overflow-wrap: anywhere; border: 1px solid #8884; padding: 1em }
</style>
</head>
<body>
<p><a href="/">Inbox</a></p>
<h1>{{ mail.subject }}</h1>
<p>From {{ mail.from }} to {{ mail.to }}, {{ mail.date }}</p>
<iframe sandbox="allow-popups allow-popups-to-escape-sandbox" title="The mail" srcdoc="{{ html }}"></iframe>
<h2>As text</h2>
<pre>{{ mail.text }}</pre>
</body>
</html>
"#;

/// Shows them until the process ends.
pub fn serve(listener: TcpListener, mails: Arc<Mails>) -> io::Result<()> {
    listener.set_nonblocking(true)?;
    let router = Router::new()
        .route("/", get(list))
        .route("/last.txt", get(last))
        .route("/{name}", get(one))
        .with_state(mails);
    let runtime = runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let listener = tokio::net::TcpListener::from_std(listener)?;
        axum::serve(listener, router).await
    })
}

async fn list(State(mails): State<Arc<Mails>>) -> Response {
    render(LIST, &context! { mails => mails.all() })
}

async fn last(State(mails): State<Arc<Mails>>, RawQuery(query): RawQuery) -> Response {
    let query = query.unwrap_or_default();
    let address = query.strip_prefix("to=").unwrap_or_default();
    mails
        .last_to(address)
        .map_or_else(missing, |mail| text(&mail))
}

async fn one(State(mails): State<Arc<Mails>>, Path(name): Path<String>) -> Response {
    let (number, is_text) = match name.strip_suffix(".txt") {
        Some(number) => (number, true),
        None => (name.as_str(), false),
    };
    let mail = number.parse().ok().and_then(|number| mails.find(number));
    match mail {
        Some(mail) if is_text => text(&mail),
        Some(mail) => {
            // Its links open beside the inbox.
            let html = mail
                .html
                .replacen("<head>", "<head><base target=\"_blank\">", 1);
            render(ONE, &context! { mail, html })
        }
        None => missing(),
    }
}

fn text(mail: &Mail) -> Response {
    let kind = [(header::CONTENT_TYPE, "text/plain; charset=utf-8")];
    let Mail {
        from,
        to,
        subject,
        text,
        ..
    } = mail;
    (
        kind,
        format!("From: {from}\nTo: {to}\nSubject: {subject}\n\n{text}"),
    )
        .into_response()
}

fn missing() -> Response {
    (StatusCode::NOT_FOUND, "there is no such mail\n").into_response()
}

fn render(template: &str, said: &minijinja::Value) -> Response {
    let mut environment = Environment::new();
    environment.set_auto_escape_callback(|_| minijinja::AutoEscape::Html);
    match environment.render_str(template, said) {
        Ok(page) => Html(page).into_response(),
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response(),
    }
}
