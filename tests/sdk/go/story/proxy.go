package story

import (
	"bytes"
	"context"
	"io"
	"net"
	"net/http"
	"sync"
	"time"
)

// exchange is a request that went through the proxy, and what became of it.
type exchange struct {
	method, path, idempotencyKey string
	status                       int
	delivered                    bool
}

// lossyProxy is an HTTP proxy on loopback that passes everything on unchanged, keeps a record, and can lose an answer.
type lossyProxy struct {
	url      string
	upstream string
	// Without compression, so that an answer is passed on as it came.
	transport *http.Transport
	server    *http.Server

	lock      sync.Mutex
	exchanges []exchange
	toLose    string
}

// throughProxy runs `body` with a client whose requests go through a proxy, and gives what was exchanged.
func throughProxy(c *client, s *service, body func(near *client, proxy *lossyProxy)) []exchange {
	listener := must(net.Listen("tcp", "127.0.0.1:0"))
	proxy := &lossyProxy{
		url:       "http://" + listener.Addr().String(),
		upstream:  s.baseURL,
		transport: &http.Transport{DisableCompression: true, DisableKeepAlives: true},
	}
	proxy.server = &http.Server{Handler: proxy, ReadHeaderTimeout: 30 * time.Second}
	go func() { _ = proxy.server.Serve(listener) }()
	defer func() { _ = proxy.server.Close() }()
	body(c.at(proxy.url), proxy)
	proxy.lock.Lock()
	defer proxy.lock.Unlock()
	return proxy.exchanges
}

// loseNextAnswerTo makes the next answer to `path` be read to its end, and the connection be cut instead of passing
// it on.
func (p *lossyProxy) loseNextAnswerTo(path string) {
	p.lock.Lock()
	defer p.lock.Unlock()
	p.toLose = path
}

func (p *lossyProxy) ServeHTTP(writer http.ResponseWriter, request *http.Request) {
	answer, content, err := p.forward(request)
	if err != nil {
		writer.WriteHeader(http.StatusBadGateway)
		return
	}
	if !p.record(request, answer.StatusCode) {
		panic(http.ErrAbortHandler)
	}
	for name, values := range answer.Header {
		writer.Header()[name] = values
	}
	writer.WriteHeader(answer.StatusCode)
	_, _ = writer.Write(content)
}

func (p *lossyProxy) forward(request *http.Request) (*http.Response, []byte, error) {
	body, err := io.ReadAll(request.Body)
	if err != nil {
		return nil, nil, err
	}
	ctx, cancel := context.WithTimeout(request.Context(), 30*time.Second)
	defer cancel()
	url := p.upstream + request.URL.RequestURI()
	outgoing, err := http.NewRequestWithContext(ctx, request.Method, url, bytes.NewReader(body))
	if err != nil {
		return nil, nil, err
	}
	outgoing.Header = request.Header
	answer, err := p.transport.RoundTrip(outgoing)
	if err != nil {
		return nil, nil, err
	}
	defer answer.Body.Close()
	content, err := io.ReadAll(answer.Body)
	answer.Header.Del("Connection")
	return answer, content, err
}

// record says whether the answer is to be delivered.
func (p *lossyProxy) record(request *http.Request, status int) bool {
	p.lock.Lock()
	defer p.lock.Unlock()
	path := request.URL.RequestURI()
	delivered := p.toLose != path
	if !delivered {
		p.toLose = ""
	}
	key := request.Header.Get("Idempotency-Key")
	p.exchanges = append(p.exchanges, exchange{request.Method, path, key, status, delivered})
	return delivered
}
