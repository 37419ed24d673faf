// Command web is the web server that the tests deploy as ECS tasks. It answers
// every request with the name of its release, which is in RELEASE, and ends
// after SIGTERM as soon as the requests under way are answered.
package main

import (
	"context"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	server := &http.Server{
		Addr: net.JoinHostPort(os.Getenv("HOST"), os.Getenv("PORT")),
		Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			_, _ = io.WriteString(w, os.Getenv("RELEASE")) // or nobody listens any more
		}),
	}
	ended := make(chan error, 1)
	go func() { ended <- server.ListenAndServe() }()
	select {
	case err := <-ended:
		log.Fatal(err)
	case <-ctx.Done():
		if err := server.Shutdown(context.WithoutCancel(ctx)); err != nil {
			log.Fatal(err)
		}
	}
}
