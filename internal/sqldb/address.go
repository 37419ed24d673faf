package sqldb

import (
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"strings"

	"github.com/jackc/pgx/v5"
)

// IsPostgres tells an address of a PostgreSQL database from a path: it is a
// URL, postgres://... or postgresql://...
func IsPostgres(address string) bool {
	return strings.HasPrefix(address, "postgres://") || strings.HasPrefix(address, "postgresql://")
}

// CheckAddress tells what is wrong with a database's address as far as can be
// told without going there. A path is always good. The error never has a
// password in it.
func CheckAddress(address string) error {
	if !IsPostgres(address) {
		return nil
	}
	_, err := postgresConfig(address)
	return err
}

// addressForm is a connection string: scheme, user, password, hosts, database,
// options. A character that would let part of a password pass for something
// else must be escaped.
var addressForm = regexp.MustCompile(`^(postgres(?:ql)?://)(?:([^:@/?#]*)(:[^:@/?#]*)?@)?` +
	`((?:(?:[\w.%-]+|\[[0-9A-Fa-f:.%]+\])(?::[0-9]{1,5})?,?)*)(/[^@/?#]*)?(?:\?([^@?#]*))?$`)

// Redact returns an address that may be shown: a connection string without its
// password and its options, or without anything when it is none.
func Redact(address string) string {
	if !IsPostgres(address) {
		return address
	}
	part := addressForm.FindStringSubmatch(address)
	if part == nil {
		return "postgres://..."
	}
	user := part[2]
	if user != "" {
		user += "@"
	}
	return part[1] + user + part[4] + part[5]
}

var errAddress = errors.New("the PostgreSQL connection string is not of the form postgres://USER:PASSWORD@HOST:PORT/DATABASE?OPTION=VALUE: " +
	"special characters in a part of it are written as %XX")

// postgresConfig reads a connection string. Texts of errors are our own: those
// of the parsers quote what they did not understand, which may be a password.
func postgresConfig(address string) (*pgx.ConnConfig, error) {
	part := addressForm.FindStringSubmatch(address)
	if part == nil {
		return nil, errAddress
	}
	options, err := url.ParseQuery(part[6])
	if err != nil {
		return nil, errAddress
	}
	if strings.Trim(part[5], "/") == "" && options.Get("dbname") == "" {
		return nil, fmt.Errorf("the PostgreSQL connection string %s names no database", Redact(address))
	}
	config, err := pgx.ParseConfig(address)
	if err != nil {
		return nil, fmt.Errorf("the PostgreSQL connection string %s has an option that is not valid, or names a file that cannot be read: "+
			"look at the port, sslmode, sslrootcert, sslcert, sslkey and the timeouts", Redact(address))
	}
	for name, value := range settings {
		if config.RuntimeParams[name] == "" {
			config.RuntimeParams[name] = value
		}
	}
	if !options.Has("connect_timeout") {
		config.ConnectTimeout = connectPatience
	}
	return config, nil
}
