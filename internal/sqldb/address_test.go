package sqldb

import (
	"strings"
	"testing"
)

const secret = "Hunter2Secret"

func TestAddresses(t *testing.T) {
	tests := []struct{ address, shown, fails string }{
		{"greenlight.db", "greenlight.db", ""},
		{"/var/lib/postgres://x", "/var/lib/postgres://x", ""},
		{"postgres://green:" + secret + "@db.example:5432/light?sslmode=require", "postgres://green@db.example:5432/light", ""},
		{"postgresql://db.example/light?user=green&password=" + secret, "postgresql://db.example/light", ""},
		{"postgres://green:a%40" + secret + "@[::1]:5432/light", "postgres://green@[::1]:5432/light", ""},
		{"postgres://green@one:5432,two:5433/light?target_session_attrs=read-write", "postgres://green@one:5432,two:5433/light", ""},
		{"postgres://green@/light?host=/run/postgresql", "postgres://green@/light", ""},
		{"postgres://green@%2Frun%2Fpostgresql/light", "postgres://green@%2Frun%2Fpostgresql/light", ""},

		{"postgres://green:" + secret + "@db.example", "postgres://green@db.example", "names no database"},
		{"postgres://green:" + secret + "@db.example/", "postgres://green@db.example/", "names no database"},
		{"postgres://green:" + secret + "/x@db.example/light", "postgres://...", "%XX"},
		{"postgres://green:1/" + secret + "@db.example/light", "postgres://...", "%XX"},
		{"postgres://green:1?" + secret + "@db.example/light", "postgres://...", "%XX"},
		{"postgres://green:1#" + secret, "postgres://...", "%XX"},
		{"postgres://green:" + secret + "/light", "postgres://...", "%XX"},
		{"postgres://green:%" + secret + "@db.example/light", "postgres://green@db.example/light", "not valid"},
		{"postgres://green:" + secret + "@db.example:99999/light", "postgres://green@db.example:99999/light", "not valid"},
		{"postgres://green:" + secret + "@db.example/light?sslmode=" + secret, "postgres://green@db.example/light", "not valid"},
		{"postgres://green:" + secret + "@db.example/light?a=%" + secret, "postgres://green@db.example/light", "%XX"},
		{"postgres://", "postgres://", "names no database"},
	}
	for _, test := range tests {
		t.Run(test.shown, func(t *testing.T) {
			if shown := Redact(test.address); shown != test.shown {
				t.Errorf("shown as %s, want %s", shown, test.shown)
			}
			err := CheckAddress(test.address)
			switch {
			case test.fails == "" && err != nil:
				t.Error(err)
			case test.fails != "" && (err == nil || !strings.Contains(err.Error(), test.fails)):
				t.Errorf("got %v, want an error with %q", err, test.fails)
			case err != nil && strings.Contains(err.Error(), secret):
				t.Errorf("the password is in %v", err)
			}
		})
	}
}

// FuzzAddress holds that whatever stands behind a password, it is not shown.
func FuzzAddress(f *testing.F) {
	for _, rest := range []string{"@h/d", "@h:1/d?x=y", "/d", "?a@h", "#@h/d", "@[::1]/", "%zz@h/d", "@h,i:2/d?sslmode=x", ":x@h/d"} {
		f.Add(rest)
	}
	f.Fuzz(func(t *testing.T, rest string) {
		address := "postgres://green:" + secret + rest
		if shown := Redact(address); strings.Contains(shown, secret) {
			t.Errorf("%q is shown as %q", address, shown)
		}
		if err := CheckAddress(address); err != nil && strings.Contains(err.Error(), secret) {
			t.Errorf("%q: %v", address, err)
		}
	})
}
