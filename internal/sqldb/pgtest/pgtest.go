// Package pgtest gives tests real PostgreSQL databases: a server of the test
// process's own, in a folder of its own, without a network, that ends with the
// process.
package pgtest

import (
	"context"
	"fmt"
	"net/url"
	"testing"

	"github.com/jackc/pgx/v5"
)

// template is the database that others are copies of.
const template = "template_for_tests"

// Database returns the connection string of an empty database that nobody else
// uses until the test is over. Its own order of letters is a dictionary's, to show
// whether anything depends on it. The test is skipped where PostgreSQL is not
// installed.
func Database(t testing.TB) string {
	t.Helper()
	s := started(t)
	name, err := s.take(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.giveBack(context.Background(), name); err != nil {
			t.Error(err)
		}
	})
	return s.address(name)
}

// take returns a database that an earlier test has left, or a new one.
func (s *server) take(ctx context.Context) (name string, err error) {
	s.mu.Lock()
	if last := len(s.free) - 1; last >= 0 {
		name, s.free = s.free[last], s.free[:last]
		s.mu.Unlock()
		return name, nil
	}
	s.made++
	name = fmt.Sprintf("test_%d", s.made)
	s.mu.Unlock()
	return name, run(ctx, s.address("postgres"), "CREATE DATABASE "+name+" TEMPLATE "+template)
}

// giveBack empties a database, which costs a tenth of making another one.
func (s *server) giveBack(ctx context.Context, name string) error {
	err := run(ctx, s.address(name),
		"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()",
		"DROP SCHEMA public CASCADE", "CREATE SCHEMA public")
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.free = append(s.free, name)
	return nil
}

// Exec runs statements in the database at address, as somebody who is not the
// program under test.
func Exec(t testing.TB, address string, statements ...string) {
	t.Helper()
	if err := run(t.Context(), address, statements...); err != nil {
		t.Fatal(err)
	}
}

func (s *server) address(database string) string {
	address := url.URL{Scheme: "postgres", User: url.User("postgres"), Path: "/" + database,
		RawQuery: url.Values{"host": {s.folder}}.Encode()}
	return address.String()
}

func run(ctx context.Context, address string, statements ...string) error {
	session, err := pgx.Connect(ctx, address)
	if err != nil {
		return err
	}
	defer func() { _ = session.Close(ctx) }()
	for _, statement := range statements {
		if _, err := session.Exec(ctx, statement); err != nil {
			return fmt.Errorf("%s: %w", statement, err)
		}
	}
	return nil
}
