package main

import (
	"bytes"
	_ "embed"
	"html/template"
	"net/http"
)

//go:embed pages.html
var written string

var pages = template.Must(template.New("pages").Parse(written))

// page is what a page shows. Everything in it is escaped where it is shown.
type page struct {
	Message string
	Reasons []string
	Form    string
	Token   string
}

func (p page) show(w http.ResponseWriter, status int) {
	var body bytes.Buffer
	if err := pages.ExecuteTemplate(&body, "page", p); err != nil {
		http.Error(w, "the page cannot be shown", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write(body.Bytes())
}

// private keeps pages, some of which have a token, out of caches, of referrers and of frames.
func private(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "no-store")
		w.Header().Set("Referrer-Policy", "no-referrer")
		w.Header().Set("Content-Security-Policy", "default-src 'none'; form-action 'self'; frame-ancestors 'none'")
		w.Header().Set("X-Content-Type-Options", "nosniff")
		next.ServeHTTP(w, r)
	})
}
