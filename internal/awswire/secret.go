package awswire

import (
	"fmt"
	"io"
	"log/slog"
	"time"
)

// Keyring knows the credentials that a server accepts. Key is called for every request and must be safe for
// concurrent use; ok is false for an access key it does not know.
type Keyring interface {
	Key(accessKeyID string) (secret Secret, ok bool)
}

// Secret is one accepted credential. It prints and logs as "[secret]".
type Secret struct {
	SecretAccessKey string
	SessionToken    string    // "" for long-term credentials
	SessionExpires  time.Time // zero: never
	Account         string    // 12 digits
	PrincipalARN    string
}

const redacted = "[secret]"

// Format implements fmt.Formatter, so that no verb shows the content.
func (Secret) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, redacted) }

// LogValue implements slog.LogValuer.
func (Secret) LogValue() slog.Value { return slog.StringValue(redacted) }
