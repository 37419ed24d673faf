package serve

import (
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"

	"greenlight/internal/reload"
)

// certificate is a certificate in use, with its key. A renewed one is in force
// within a second.
type certificate = reload.Value[*tls.Certificate]

// ErrHalfTLS refuses one of certificate and key without the other.
var ErrHalfTLS = errors.New("a certificate and its key belong together")

// openCertificate returns nil if neither file is given: then the address
// speaks plain HTTP.
func openCertificate(certFile, keyFile string, log *slog.Logger) (*certificate, error) {
	if certFile == "" && keyFile == "" {
		return nil, nil
	}
	if certFile == "" || keyFile == "" {
		return nil, ErrHalfTLS
	}
	return reload.Open(reload.Source[*tls.Certificate]{
		What: "certificate", Paths: []string{certFile, keyFile}, Log: log,
		Read: func() (*tls.Certificate, error) {
			pair, err := tls.LoadX509KeyPair(certFile, keyFile)
			if err != nil {
				return nil, fmt.Errorf("certificate: %w", err)
			}
			return &pair, nil
		},
	})
}

// secure puts TLS over a listener. The protocol inside is HTTP/1.1, as it is at
// AWS's own endpoint.
func secure(listener net.Listener, c *certificate) net.Listener {
	return tls.NewListener(listener, &tls.Config{
		MinVersion:     tls.VersionTLS12,
		NextProtos:     []string{"http/1.1"},
		GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) { return c.Get(), nil },
	})
}
