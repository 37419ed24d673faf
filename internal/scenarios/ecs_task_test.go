package scenarios

import (
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
)

// serveRelease is a task's program: a small web server that answers with the
// name of its release. It is healthy while there is no file of that name in the
// folder SCENARIO_ILL; a release that "exits" does so at once.
func serveRelease(release string) int {
	if os.Getenv("SCENARIO_EXITS") != "" {
		return 3
	}
	ill := filepath.Join(os.Getenv("SCENARIO_ILL"), release)
	mux := http.NewServeMux()
	mux.HandleFunc("/health", func(w http.ResponseWriter, _ *http.Request) {
		if _, err := os.Stat(ill); err == nil {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
	})
	mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, release) })
	if err := http.ListenAndServe(net.JoinHostPort("127.0.0.1", os.Getenv("PORT")), mux); err != nil {
		return 1
	}
	return 0
}
