package demo

import (
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestWebsite(t *testing.T) {
	for name, test := range map[string]struct {
		release, name string
		said, wrong   string // what it says, or what is wrong with that
	}{
		"release 1 greets":                        {"1", "Ada", "Hello, Ada.", ""},
		"release 2 greets":                        {"2", "Zoë", "Hello, Zoë! Nice to see you.", ""},
		"release 3 greets nobody by name":         {"3", "Ada", "", `asked to greet Ada, the answer was "Hello, %s!"`},
		"release 4 fails for some, with HTTP 500": {"4", "Zoë", "", `HTTP 500: "cannot greet Zoë\n"`},
	} {
		t.Run(name, func(t *testing.T) {
			server := httptest.NewServer(website(test.release, releases[test.release]))
			defer server.Close()
			said, by, err := ask(t.Context(), server.Client(), server.URL, test.name)
			if by != test.release {
				t.Errorf("release %q answered", by)
			}
			if wrong := test.wrong != ""; (err != nil) != wrong || wrong && err.Error() != test.wrong || !wrong && said != test.said {
				t.Errorf("said %q, wrong is %v", said, err)
			}
			health, err := server.Client().Get(server.URL + healthPath)
			if err != nil {
				t.Fatal(err)
			}
			defer health.Body.Close()
			if health.StatusCode != http.StatusOK {
				t.Errorf("the health check answers %s", health.Status)
			}
		})
	}
}

func TestTaskNeedsARelease(t *testing.T) {
	if err := RunTask(t.Context(), "99"); err == nil || !strings.Contains(err.Error(), `"99"`) {
		t.Errorf("an unknown release ended with %v", err)
	}
}

func TestTakenPortsAreNotFree(t *testing.T) {
	offset, err := freeOffset(clientPort, testPort)
	if err != nil {
		t.Fatal(err)
	}
	if !free(offset, []int{clientPort, testPort}) {
		t.Errorf("offset %d was taken", offset)
	}
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	if port := taken.Addr().(*net.TCPAddr).Port; free(offset, []int{clientPort, port - offset}) {
		t.Errorf("port %d counts as free", port)
	}
}
