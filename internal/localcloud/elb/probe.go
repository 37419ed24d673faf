package elb

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"strings"
	"time"
)

const maxProbeHeader = 64 << 10

// prober is the client of all probes. It asks the target itself: no proxy, no redirects, no connection kept, and like
// AWS's it takes any certificate.
var prober = &http.Client{
	Transport: &http.Transport{
		DisableKeepAlives: true, DisableCompression: true, MaxResponseHeaderBytes: maxProbeHeader,
		TLSClientConfig: &tls.Config{InsecureSkipVerify: true},
	},
	CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
}

// probe asks one target how it is.
type probe struct {
	address string
	url     string // "": a connection is enough
	matcher matcher
	timeout time.Duration
}

func newProbe(c healthCheck, id TargetID, timeout time.Duration) *probe {
	p := &probe{address: net.JoinHostPort(id.Host, c.portOf(id)), timeout: timeout}
	if c.http() {
		p.url = strings.ToLower(c.Protocol) + "://" + p.address + c.Path
		p.matcher, _ = parseMatcher(c.Matcher) // it was checked
	}
	return p
}

func (p *probe) run(ctx context.Context) outcome {
	ctx, cancel := context.WithTimeout(ctx, p.timeout)
	defer cancel()
	if p.url == "" {
		return p.connect(ctx)
	}
	return p.request(ctx)
}

func (p *probe) connect(ctx context.Context) outcome {
	connection, err := new(net.Dialer).DialContext(ctx, "tcp", p.address)
	if err != nil {
		return failure(err)
	}
	_ = connection.Close() // it was there
	return outcome{passed: true}
}

func (p *probe) request(ctx context.Context) outcome {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, p.url, nil)
	if err != nil {
		return failure(err)
	}
	r.Header.Set("User-Agent", "ELB-HealthChecker/2.0")
	answer, err := prober.Do(r)
	if err != nil {
		return failure(err)
	}
	_ = answer.Body.Close() // the status is all that counts
	if !p.matcher.matches(answer.StatusCode) {
		return outcome{reason: reasonMismatch, description: fmt.Sprintf("Health checks failed with these codes: [%d]", answer.StatusCode)}
	}
	return outcome{passed: true}
}

func failure(err error) outcome {
	if errors.Is(err, context.DeadlineExceeded) || errors.Is(err, os.ErrDeadlineExceeded) {
		return outcome{reason: reasonTimeout, description: "Request timed out"}
	}
	return outcome{reason: reasonFailed, description: "Health checks failed"}
}
