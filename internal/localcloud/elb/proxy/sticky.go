package proxy

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"net/http"
	"strings"
	"time"
)

// The load balancer's cookies. Each comes twice: the one whose name ends in
// CORS is for browsers that ask across origins.
const (
	cookieGroup  = "AWSALBTG"
	cookieTarget = "AWSALB"
	cookieApp    = "AWSALBAPP-0"
	corsSuffix   = "CORS"
	// appCookieFor is how long an application's cookie binds a client that
	// keeps it.
	appCookieFor = 7 * 24 * time.Hour
)

// stickyID is what a cookie says of a group or target. ELB's cookies are
// encrypted, so nobody can rely on their text; this is a hash, which survives a
// restart and tells nothing of the inside.
type stickyID [12]byte

func newStickyID(kind, name string) (id stickyID) {
	sum := sha256.Sum256([]byte(kind + "\x00" + name))
	copy(id[:], sum[:])
	return id
}

// cookieValue is the ID and until when it binds, for clients that keep cookies
// longer than they are told.
func cookieValue(id stickyID, until time.Time) string {
	return base64.RawURLEncoding.EncodeToString(binary.BigEndian.AppendUint64(id[:], uint64(until.Unix())))
}

// readSticky is the ID in a request's cookie, the zero one without any that
// still binds.
func readSticky(r *http.Request, name string, now time.Time) (id stickyID) {
	if r.Header["Cookie"] == nil {
		return id
	}
	for _, name := range []string{name, name + corsSuffix} {
		c, err := r.Cookie(name)
		if err != nil {
			continue
		}
		raw, err := base64.RawURLEncoding.DecodeString(c.Value)
		if err == nil && len(raw) == len(id)+8 && int64(binary.BigEndian.Uint64(raw[len(id):])) > now.Unix() {
			copy(id[:], raw)
			return id
		}
	}
	return id
}

// setSticky adds a cookie and its twin to an answer.
func setSticky(h http.Header, name string, id stickyID, now time.Time, lasts time.Duration) {
	until := now.Add(lasts)
	text := "=" + cookieValue(id, until) + "; Expires=" + until.UTC().Format(http.TimeFormat) + "; Path=/"
	h["Set-Cookie"] = append(h["Set-Cookie"], name+text, name+corsSuffix+text+"; SameSite=None")
}

// setsCookie tells whether an answer sets a cookie of that name.
func setsCookie(h http.Header, name string) bool {
	for _, line := range h["Set-Cookie"] {
		if before, _, ok := strings.Cut(line, "="); ok && strings.TrimSpace(before) == name {
			return true
		}
	}
	return false
}
