package serve

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestParseDatabase(t *testing.T) {
	if d, err := ParseDatabase("sqlite:/var/lib/greenlight.db"); err != nil || d.path != "/var/lib/greenlight.db" {
		t.Errorf("%+v, error %v", d, err)
	}
	for text, want := range map[string]error{
		"postgres://user:pass@host/db": ErrPostgreSQL, "postgresql:///db": ErrPostgreSQL,
		"sqlite:": errDatabase, "greenlight.db": errDatabase, "": errDatabase, "mysql://x": errDatabase,
	} {
		if _, err := ParseDatabase(text); !errors.Is(err, want) || strings.Contains(err.Error(), "pass") {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func TestHealthNeedsNoSignature(t *testing.T) {
	r := start(t, nil, ann)
	for _, path := range []string{"/healthz", "/readyz", "/metrics"} {
		response, err := http.Get(r.URL + path)
		if err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
		if response.StatusCode != http.StatusOK {
			t.Errorf("%s: %s", path, response.Status)
		}
	}
}

// certify writes a certificate of this serial number and its key.
func certify(t *testing.T, certFile, keyFile string, serial int64) *x509.Certificate {
	t.Helper()
	key := must(ecdsa.GenerateKey(elliptic.P256(), rand.Reader))(t)
	template := &x509.Certificate{SerialNumber: big.NewInt(serial), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true}
	der := must(x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key))(t)
	encodedKey := must(x509.MarshalPKCS8PrivateKey(key))(t)
	for path, block := range map[string]*pem.Block{
		certFile: {Type: "CERTIFICATE", Bytes: der}, keyFile: {Type: "PRIVATE KEY", Bytes: encodedKey},
	} {
		if err := os.WriteFile(path, pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return must(x509.ParseCertificate(der))(t)
}

func TestTLS(t *testing.T) {
	dir := t.TempDir()
	certFile, keyFile := filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	roots := x509.NewCertPool()
	roots.AddCert(certify(t, certFile, keyFile, 1))
	r := start(t, func(o *Options) { o.TLSCert, o.TLSKey = certFile, keyFile }, ann)
	address, secured := strings.CutPrefix(r.URL, "https://")
	if !secured {
		t.Fatalf("the URL is %s", r.URL)
	}
	serial := func() int64 {
		t.Helper()
		connection, err := tls.Dial("tcp", address, &tls.Config{RootCAs: roots})
		if err != nil {
			t.Fatal(err)
		}
		defer connection.Close()
		return connection.ConnectionState().PeerCertificates[0].SerialNumber.Int64()
	}
	if got := serial(); got != 1 {
		t.Errorf("serial %d", got)
	}
	old := &tls.Config{RootCAs: roots, MaxVersion: tls.VersionTLS11, MinVersion: tls.VersionTLS10}
	if _, err := tls.Dial("tcp", address, old); err == nil {
		t.Error("TLS 1.1 is spoken")
	}
	roots.AddCert(certify(t, certFile, keyFile, 2))
	if err := r.Reload(); err != nil {
		t.Fatal(err)
	}
	if got := serial(); got != 2 {
		t.Errorf("serial %d after the change", got)
	}
	if err := os.WriteFile(keyFile, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := r.Reload(); err == nil {
		t.Error("an empty key was read")
	}
	if got := serial(); got != 2 {
		t.Errorf("serial %d after a broken change", got)
	}
}

func TestOpenRefuses(t *testing.T) {
	dir := t.TempDir()
	good := filepath.Join(dir, "credentials")
	if err := os.WriteFile(good, []byte("[]"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, o := range map[string]Options{
		"no credentials": {Listen: "127.0.0.1:0", Credentials: filepath.Join(dir, "none")},
		"half of TLS":    {Listen: "127.0.0.1:0", Credentials: good, TLSCert: good},
		"no certificate": {Listen: "127.0.0.1:0", Credentials: good, TLSCert: good, TLSKey: good},
		"no address":     {Listen: "nowhere", Credentials: good},
	} {
		o.Database = Database{path: filepath.Join(dir, "greenlight.db")}
		if _, err := Open(t.Context(), o); err == nil {
			t.Errorf("%s: opened", name)
		}
	}
}
