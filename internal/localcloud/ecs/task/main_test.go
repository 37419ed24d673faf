package task

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"testing"
)

// actVariable turns this test binary into something else.
const actVariable = "GREENLIGHT_TASK_TEST"

func TestMain(m *testing.M) {
	act, argument, _ := strings.Cut(os.Getenv(actVariable), ":")
	switch act {
	case "":
		os.Exit(m.Run())
	case "serve":
		serve()
	case "launch":
		launch(argument)
	}
}

// serve is a web service as a task: /env, /cwd, /args tell what it was given, everything else is "hello".
func serve() {
	listener, err := net.Listen("tcp", net.JoinHostPort(os.Getenv("HOST"), os.Getenv("PORT")))
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	ended := make(chan os.Signal, 1)
	signal.Notify(ended, syscall.SIGTERM)
	go func() {
		<-ended
		fmt.Println("ended by SIGTERM")
		os.Exit(0)
	}()
	fmt.Println("serving")
	_ = http.Serve(listener, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/env":
			fmt.Fprint(w, strings.Join(os.Environ(), "\n"))
		case "/cwd":
			dir, _ := os.Getwd()
			fmt.Fprint(w, dir)
		case "/args":
			fmt.Fprint(w, strings.Join(os.Args[1:], "\n"))
		default:
			fmt.Fprint(w, "hello")
		}
	}))
}

// launch is a Greenlight that starts a task and is killed: it prints the task's id and waits for its end.
func launch(dir string) {
	l, err := Processes(Options{Dir: dir})
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	r, err := l.Start(context.Background(), Spec{ARN: "arn:survivor", Containers: []Container{serveHere()},
		Labels: map[string]string{"service": "web"}})
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	fmt.Println(r.ID)
	select {}
}

// serveHere is serve as a container of a process task.
func serveHere() Container {
	return Container{Name: "web", Image: "web:1", EntryPoint: []string{os.Args[0]}, Ports: []int{8080}, Essential: true,
		Environment: map[string]string{actVariable: "serve"}}
}
