package proxy

import (
	"bufio"
	"io"
	"net/http"
	"net/http/cookiejar"
	"strings"
	"testing"
	"time"
)

func readerOf(text string) *bufio.Reader { return bufio.NewReader(strings.NewReader(text)) }

// keeping is a client that keeps cookies.
func keeping(t *testing.T) *http.Client {
	c := caller(t)
	c.Jar, _ = cookiejar.New(nil)
	return c
}

func TestGroupStickiness(t *testing.T) {
	blue, green := groupOf(t, address(named(t, "blue"))), groupOf(t, address(named(t, "green")))
	even := weighing(blue, green, 50, 50)
	even.Forward.Stickiness = time.Hour
	l := listening(t, Options{}, even)
	seen := map[string]bool{}
	for range 40 {
		c := keeping(t)
		_, first := get(t, c, l, "/")
		seen[first] = true
		for range 5 {
			if _, body := get(t, c, l, "/"); body != first {
				t.Fatalf("%s, then %s", first, body)
			}
		}
	}
	if len(seen) != 2 {
		t.Errorf("only %v", seen)
	}
	c := keeping(t)
	_, first := get(t, c, l, "/")
	left := weighing(blue, green, 0, 100)
	if first == "green" {
		left = weighing(blue, green, 100, 0)
	}
	left.Forward.Stickiness = time.Hour
	l.Swap(nil, left)
	if _, body := get(t, c, l, "/"); body == first {
		t.Error("a cookie leads to a group of weight 0")
	}
}

func TestCookies(t *testing.T) {
	g := groupOf(t, address(named(t, "a")))
	g.Configure(GroupOptions{Stickiness: time.Minute})
	action := forwardTo(g)
	action.Forward.Stickiness = time.Hour
	l := listening(t, Options{}, action)
	r, err := caller(t).Get("http://" + l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	_ = text(t, r)
	lasts := map[string]time.Duration{"AWSALBTG": time.Hour, "AWSALB": time.Minute, "AWSALBTGCORS": time.Hour, "AWSALBCORS": time.Minute}
	for _, c := range r.Cookies() {
		rest := time.Until(c.Expires)
		if want := lasts[c.Name]; rest > want || rest < want-30*time.Second || c.Path != "/" || (c.SameSite == http.SameSiteNoneMode) != strings.HasSuffix(c.Name, "CORS") {
			t.Errorf("%s", c)
		}
		delete(lasts, c.Name)
	}
	if len(lasts) != 0 {
		t.Errorf("missing: %v", lasts)
	}
}

func TestTargetStickiness(t *testing.T) {
	a, b := named(t, "a"), named(t, "b")
	g := groupOf(t, address(a), address(b))
	g.Configure(GroupOptions{Stickiness: time.Hour})
	l, c := listening(t, Options{}, forwardTo(g)), keeping(t)
	_, first := get(t, c, l, "/")
	for range 10 {
		if _, body := get(t, c, l, "/"); body != first {
			t.Fatalf("%s, then %s", first, body)
		}
	}
	other := map[string]string{"a": address(b), "b": address(a)}[first]
	g.Set([]string{other})
	if _, body := get(t, c, l, "/"); body == first {
		t.Error("a cookie leads to a target that is not there")
	}
	g.Set([]string{address(a), address(b)})
	for range 10 {
		if _, body := get(t, c, l, "/"); body == first {
			t.Fatal("the client was not bound to the new target")
		}
	}
}

// An application's cookie binds a client as of when the target sets it.
func TestAppCookie(t *testing.T) {
	target := func(name string) string {
		return address(upstream(t, func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/login" {
				http.SetCookie(w, &http.Cookie{Name: "session", Value: "1"})
			}
			_, _ = io.WriteString(w, name)
		}))
	}
	g := groupOf(t, target("a"), target("b"))
	g.Configure(GroupOptions{AppCookie: "session"})
	l, c := listening(t, Options{}, forwardTo(g)), keeping(t)
	_, first := get(t, c, l, "/")
	if _, second := get(t, c, l, "/"); second == first {
		t.Fatal("bound before the application said so")
	}
	_, bound := get(t, c, l, "/login")
	for range 5 {
		if _, body := get(t, c, l, "/"); body != bound {
			t.Fatalf("%s, not %s", body, bound)
		}
	}
}

func TestReadSticky(t *testing.T) {
	now := time.Now()
	id := newStickyID("target", "a")
	for name, c := range map[string]struct {
		value string
		want  stickyID
	}{
		"good":    {cookieValue(id, now.Add(time.Minute)), id},
		"over":    {cookieValue(id, now.Add(-time.Minute)), stickyID{}},
		"short":   {cookieValue(id, now)[:8], stickyID{}},
		"garbage": {"%%%", stickyID{}},
	} {
		r := &http.Request{Header: http.Header{"Cookie": {"AWSALB=" + c.value}}}
		if got := readSticky(r, cookieTarget, now); got != c.want {
			t.Errorf("%s: %x", name, got)
		}
		r.Header = http.Header{"Cookie": {"x=y; AWSALBCORS=" + c.value}}
		if got := readSticky(r, cookieTarget, now); got != c.want {
			t.Errorf("%s, CORS: %x", name, got)
		}
	}
}
