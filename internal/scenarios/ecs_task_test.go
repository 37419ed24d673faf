package scenarios

import (
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
)

// serveRelease is a task's program: a small web server that answers with the
// name of its release. It is healthy while there is no file of that name in the
// folder SCENARIO_ILL, and exits when it is asked for its health while there is
// one of that name with "-dies". A release that "exits" does so at once, and so
// does one that finds the address SCENARIO_ALSO_LISTENS taken. It answers
// /held?by=host:port when the connection that it opens there has ended.
func serveRelease(release string) int {
	if os.Getenv("SCENARIO_EXITS") != "" {
		return 3
	}
	if address := os.Getenv("SCENARIO_ALSO_LISTENS"); address != "" {
		if _, err := net.Listen("tcp", address); err != nil {
			return 4
		}
	}
	ill := filepath.Join(os.Getenv("SCENARIO_ILL"), release)
	runtime.GOMAXPROCS(1) // there are many tasks, and few processors
	mux := http.NewServeMux()
	mux.HandleFunc("/health", func(w http.ResponseWriter, _ *http.Request) {
		if _, err := os.Stat(ill + "-dies"); err == nil {
			os.Exit(5)
		}
		if _, err := os.Stat(ill); err == nil {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
	})
	mux.HandleFunc("/held", func(w http.ResponseWriter, r *http.Request) {
		if err := wait(r.FormValue("by")); err != nil {
			w.WriteHeader(http.StatusInternalServerError)
		}
		io.WriteString(w, release)
	})
	mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, release) })
	if err := http.ListenAndServe(net.JoinHostPort("127.0.0.1", os.Getenv("PORT")), mux); err != nil {
		return 1
	}
	return 0
}

// wait opens a connection and returns when the other side ends it.
func wait(address string) error {
	held, err := net.Dial("tcp", address)
	if err != nil {
		return err
	}
	defer held.Close()
	_, err = io.Copy(io.Discard, held)
	return err
}
