package credentials

import (
	"bytes"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"greenlight/internal/awswire"
)

// newFile writes content to a file of this mode and opens it.
func newFile(t *testing.T, content string, mode os.FileMode) (*File, string, error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "credentials.yaml")
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(path, mode); err != nil {
		t.Fatal(err)
	}
	f, err := Open(path, slog.New(slog.DiscardHandler))
	return f, path, err
}

func TestOnlyAPrivateFileIsRead(t *testing.T) {
	for mode, fine := range map[os.FileMode]bool{
		0o600: true, 0o400: true, 0o640: true, 0o440: true,
		0o644: false, 0o604: false, 0o660: false, 0o602: false, 0o601: false,
	} {
		_, path, err := newFile(t, good, mode)
		if fine != (err == nil) {
			t.Errorf("mode %o: %v", mode, err)
		}
		if err != nil && !strings.Contains(err.Error(), path+" has mode 0") {
			t.Errorf("mode %o: the error does not say what is wrong: %v", mode, err)
		}
	}
}

func TestKeys(t *testing.T) {
	f, _, err := newFile(t, good, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	if secret, ok := f.Key("AKIAONE"); !ok || secret.SecretAccessKey != testSecret {
		t.Error("the key is not known")
	}
	if _, ok := f.Key("AKIATWO"); ok {
		t.Error("another key is known")
	}
}

// TestAllowedIsForThePrincipalOfTheKey: a key that changes hands between
// authentication and authorization allows nothing.
func TestAllowedIsForThePrincipalOfTheKey(t *testing.T) {
	f, _, err := newFile(t, good, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	p := awswire.Permission{Action: "codedeploy:GetApplication", Resource: "*"}
	alice := awswire.Caller{AccessKeyID: "AKIAONE", Account: "000000000001", PrincipalARN: "arn:aws:iam::000000000001:user/ci"}
	if !f.Allowed(alice, p) {
		t.Error("denied")
	}
	for name, change := range map[string]func(*awswire.Caller){
		"key":       func(c *awswire.Caller) { c.AccessKeyID = "AKIATWO" },
		"account":   func(c *awswire.Caller) { c.Account = "000000000002" },
		"principal": func(c *awswire.Caller) { c.PrincipalARN += "2" },
	} {
		other := alice
		if change(&other); f.Allowed(other, p) {
			t.Errorf("another %s is allowed", name)
		}
	}
}

func TestReloadKeepsTheLastGoodFile(t *testing.T) {
	f, path, err := newFile(t, good, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	write := func(content string) {
		t.Helper()
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write(good + "- broken\n")
	if err := f.Reload(); err == nil || !strings.Contains(err.Error(), path+":8: ") {
		t.Errorf("got %v", err)
	}
	if _, ok := f.Key("AKIAONE"); !ok {
		t.Error("a broken file took a key away")
	}
	write(strings.Replace(good, "AKIAONE", "AKIATWO", 1))
	if err := f.Reload(); err != nil {
		t.Fatal(err)
	}
	if _, ok := f.Key("AKIAONE"); ok {
		t.Error("the old key is still known")
	}
	if _, ok := f.Key("AKIATWO"); !ok {
		t.Error("the new key is not known")
	}
}

func TestALargeFileIsRefused(t *testing.T) {
	_, _, err := newFile(t, good+string(bytes.Repeat([]byte("# x\n"), maxFile/4)), 0o600)
	if err == nil || !strings.Contains(err.Error(), "is larger than") {
		t.Errorf("got %v", err)
	}
}
