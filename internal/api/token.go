package api

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"

	"greenlight/internal/codedeploy"
	"greenlight/internal/store"
)

// tokenKeySetting is where the key of the page tokens is kept.
const tokenKeySetting = "page-token-key"

// tokens makes and reads nextToken: where a list goes on, bound to the
// operation, the filters and the account, and authenticated, so that a token
// can be neither forged nor carried elsewhere (api.md 1.9).
type tokens struct{ key []byte }

func openTokens(ctx context.Context, s *store.Store) (tokens, error) {
	fresh := make([]byte, sha256.Size)
	rand.Read(fresh) // never fails (crypto/rand)
	var t tokens
	err := s.Tx(ctx, func(tx *store.Tx) (err error) {
		t.key, err = tx.Setting(tokenKeySetting)
		if errors.Is(err, store.ErrNotFound) {
			t.key = fresh
			return tx.SetSetting(tokenKeySetting, fresh)
		}
		return err
	})
	if err != nil {
		return t, fmt.Errorf("page token key: %w", err)
	}
	return t, nil
}

// list is what a token is bound to: one list of one caller.
type list struct {
	Operation string
	Scope     store.Scope
	Filters   any
}

func (t tokens) mac(of list, place []byte) []byte {
	bound, _ := json.Marshal(of) // strings, numbers and times always have a JSON form
	mac := hmac.New(sha256.New, t.key)
	fmt.Fprintf(mac, "%d:%s", len(bound), bound)
	mac.Write(place)
	return mac.Sum(nil)
}

// seal makes the token of a list that goes on after place.
func (t tokens) seal(of list, place any) string {
	plain, _ := json.Marshal(place)
	return base64.RawURLEncoding.EncodeToString(append(t.mac(of, plain), plain...))
}

// open reads a token into place; "" leaves it at the first page.
func (t tokens) open(of list, token string, place any) error {
	if token == "" {
		return nil
	}
	invalid := codedeploy.InvalidNextTokenException.Errorf(
		"The next token is not valid for this call of %s. Pass the nextToken of an earlier answer to the same call unchanged.", of.Operation)
	sealed, err := base64.RawURLEncoding.DecodeString(token)
	if err != nil || len(sealed) < sha256.Size {
		return invalid
	}
	mac, plain := sealed[:sha256.Size], sealed[sha256.Size:]
	if !hmac.Equal(mac, t.mac(of, plain)) || json.Unmarshal(plain, place) != nil {
		return invalid
	}
	return nil
}

// page cuts rows, of which one more than a page was asked for, to a page, and
// makes the token of the next one; "" after the last.
func page[T any](t tokens, of list, rows []T, size int) ([]T, string) {
	if len(rows) <= size {
		return append([]T{}, rows...), ""
	}
	return rows[:size], t.seal(of, rows[size-1])
}
