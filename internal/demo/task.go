package demo

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"time"
)

// releaseHeader is where a task says which release it is.
const releaseHeader = "X-Release"

// RunTask is a task's process: the greeter as a web service, where HOST and PORT
// tell it to listen. It returns when ctx ends or when it cannot serve.
func RunTask(ctx context.Context, release string) error {
	greet, ok := releases[release]
	if !ok {
		return fmt.Errorf("the web service has no release %q", release)
	}
	server := &http.Server{
		Addr:              net.JoinHostPort(os.Getenv("HOST"), os.Getenv("PORT")),
		Handler:           website(release, greet),
		ReadHeaderTimeout: time.Minute,
	}
	// ECS stops a task only when the load balancer has no request at it any more.
	defer context.AfterFunc(ctx, func() { _ = server.Close() })()
	if err := server.ListenAndServe(); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// website answers /?name=Ada, and is healthy whatever it answers there.
func website(release string, greet func(request) (greeting, error)) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET "+healthPath, func(http.ResponseWriter, *http.Request) {})
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set(releaseHeader, release)
		said, err := greet(request{r.FormValue("name")})
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		_, _ = io.WriteString(w, said.Text) // a client that has gone needs no answer
	})
	return mux
}

// ask asks the web service at an address and judges the answer as greet does. It
// tells which release answered, "" if none did.
func ask(ctx context.Context, client *http.Client, address, name string) (text, release string, err error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address+"/?name="+url.QueryEscape(name), nil)
	if err != nil {
		return "", "", err
	}
	answer, err := client.Do(r)
	if err != nil {
		return "", "", err
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(io.LimitReader(answer.Body, maxAnswer))
	text, release = string(body), answer.Header.Get(releaseHeader)
	switch {
	case err != nil:
		return "", release, err
	case answer.StatusCode != http.StatusOK:
		return "", release, fmt.Errorf("HTTP %d: %q", answer.StatusCode, text)
	}
	return text, release, judge(text, name)
}
