package engine

import (
	"bytes"
	"encoding/base64"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"greenlight/internal/codedeploy"
)

// issuer makes execution ids under a key of one repeated byte.
func issuer(t testing.TB, key byte) executions {
	t.Helper()
	x, err := newExecutions(bytes.Repeat([]byte{key}, keySize))
	if err != nil {
		t.Fatal(err)
	}
	return x
}

func anExecution() execution {
	return execution{Account: "111122223333", Region: "eu-west-1", Deployment: "d-ABCDEFGHI",
		Event: codedeploy.EventBeforeAllowTraffic, nonce: hookNonce([]byte("seed"), codedeploy.EventBeforeAllowTraffic)}
}

func sealed(t testing.TB, x executions, of execution) string {
	t.Helper()
	id, err := x.seal(of)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func TestExecutionIDIsReadBack(t *testing.T) {
	x := issuer(t, 1)
	id := sealed(t, x, anExecution())
	if again := sealed(t, x, anExecution()); again != id {
		t.Errorf("made twice it is %s and %s", id, again)
	}
	got, err := x.open(id)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(anExecution(), got, cmp.AllowUnexported(execution{})); diff != "" {
		t.Errorf("read back (-want +got):\n%s", diff)
	}
}

// The observed form of api.md, PutLifecycleEventHookExecutionStatus.
func TestExecutionIDLooksLikeAWSs(t *testing.T) {
	id := sealed(t, issuer(t, 1), anExecution())
	if !strings.HasPrefix(id, "eyJlbmNyeXB0ZWREYXRhIjoi") || len(id) < 200 || len(id) > maxExecutionID {
		t.Errorf("id of %d characters: %s", len(id), id)
	}
	plain, err := base64.StdEncoding.DecodeString(id)
	if err != nil {
		t.Fatal(err)
	}
	for _, secret := range []string{"111122223333", "d-ABCDEFGHI", "BeforeAllowTraffic"} {
		if bytes.Contains(plain, []byte(secret)) {
			t.Errorf("the id tells %s", secret)
		}
	}
}

func TestExecutionIDsDiffer(t *testing.T) {
	x, seen := issuer(t, 1), map[string]string{}
	for what, change := range map[string]func(*execution){
		"nothing":    func(*execution) {},
		"account":    func(e *execution) { e.Account = "444455556666" },
		"region":     func(e *execution) { e.Region = "us-east-1" },
		"deployment": func(e *execution) { e.Deployment = "d-ABCDEFGHJ" },
		"event":      func(e *execution) { e.Event = codedeploy.EventAfterAllowTraffic },
		"seed":       func(e *execution) { e.nonce = hookNonce([]byte("weed"), e.Event) },
	} {
		of := anExecution()
		change(&of)
		id := sealed(t, x, of)
		if twin, ok := seen[id]; ok {
			t.Errorf("the same id after changing %s and %s", what, twin)
		}
		seen[id] = what
	}
}

func TestEveryFlippedByteIsRefused(t *testing.T) {
	x := issuer(t, 1)
	id := sealed(t, x, anExecution())
	wantForged(t, issuer(t, 2), id)
	for i := range id {
		for bit := range 8 {
			wantForged(t, x, id[:i]+string(id[i]^1<<bit)+id[i+1:])
		}
		wantForged(t, x, id[:i])
		wantForged(t, x, id[:i]+id[i+1:])
	}
	plain, err := base64.StdEncoding.DecodeString(id)
	if err != nil {
		t.Fatal(err)
	}
	for i := range plain { // and below the base64
		changed := bytes.Clone(plain)
		changed[i] ^= 1
		wantForged(t, x, base64.StdEncoding.EncodeToString(changed))
	}
}

func TestForeignTextsAreRefused(t *testing.T) {
	x := issuer(t, 1)
	id := sealed(t, x, anExecution())
	plain, err := base64.StdEncoding.DecodeString(id)
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{"", "abc", "e30=", "bnVsbA==", id + "\n", " " + id, id + id, strings.Repeat("A", maxExecutionID+4),
		base64.StdEncoding.EncodeToString(append(plain, '\n')),
		base64.StdEncoding.EncodeToString(bytes.Replace(plain, []byte(`"materialSetSerial":1`), []byte(`"materialSetSerial":2`), 1)),
		base64.StdEncoding.EncodeToString(bytes.Replace(plain, []byte(`{`), []byte(`{"more":1,`), 1)),
		base64.StdEncoding.EncodeToString([]byte(`{"encryptedData":"","ivParameterSpec":"","materialSetSerial":1}`)),
		base64.StdEncoding.EncodeToString([]byte(`{"encryptedData":"AAAA","ivParameterSpec":"AAAAAAAAAAAAAAAA","materialSetSerial":1}`)),
	} {
		wantForged(t, x, text)
	}
}

func wantForged(t *testing.T, x executions, text string) {
	t.Helper()
	if of, err := x.open(text); !errors.Is(err, errForged) {
		t.Errorf("%q is taken for %+v, %v", text, of, err)
	}
}

// FuzzOpenExecution: whatever is not refused is exactly what seal makes.
func FuzzOpenExecution(f *testing.F) {
	x := issuer(f, 1)
	f.Add(sealed(f, x, anExecution()))
	f.Add(sealed(f, issuer(f, 2), anExecution()))
	f.Add("")
	f.Add("e30=")
	f.Add(base64.StdEncoding.EncodeToString([]byte(`{"encryptedData":"AAAA","ivParameterSpec":"AAAAAAAAAAAAAAAA","materialSetSerial":1}`)))
	f.Fuzz(func(t *testing.T, text string) {
		of, err := x.open(text)
		if err != nil {
			if !errors.Is(err, errForged) {
				t.Errorf("error is %v, want %v", err, errForged)
			}
			return
		}
		if again := sealed(t, x, of); again != text {
			t.Errorf("%q is accepted, but is made as %q", text, again)
		}
	})
}
