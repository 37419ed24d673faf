package store

import (
	"encoding/base64"
	"fmt"
)

// Setting returns what the server keeps for itself under name, such as the key
// that signs hook executions, or ErrNotFound. In a Tx nobody else sets it, or
// reads it in a Tx, until the end: of those that find none, one makes it.
func (t *Tx) Setting(name string) ([]byte, error) {
	if err := t.lock("setting", name); err != nil {
		return nil, err
	}
	var text string
	if err := t.sql.QueryRow(`SELECT value FROM settings WHERE name = $1`, name).Scan(&text); err != nil {
		return nil, missing(err, "setting", name)
	}
	value, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		return nil, fmt.Errorf("decode stored setting %q: %w", name, err)
	}
	return value, nil
}

// SetSetting replaces the value under name.
func (t *Tx) SetSetting(name string, value []byte) error {
	_, err := t.change(`INSERT INTO settings (name, value) VALUES ($1, $2)
		ON CONFLICT (name) DO UPDATE SET value = excluded.value`, name, base64.StdEncoding.EncodeToString(value))
	return err
}
