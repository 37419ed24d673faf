package pgtest

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
)

// server is a running PostgreSQL whose folder holds its data and its socket.
type server struct {
	folder string
	input  io.Closer // keeps it running

	mu   sync.Mutex
	made int
	free []string // databases that no test uses
}

const howToGet = "PostgreSQL is not installed: apt-get install --no-install-recommends postgresql"

var errNotInstalled = errors.New(howToGet)

// started returns the one server of this process.
func started(t testing.TB) *server {
	t.Helper()
	s, err := theServer()
	if errors.Is(err, errNotInstalled) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	return s
}

var theServer = sync.OnceValues(func() (*server, error) {
	programs, err := findPrograms()
	if err != nil {
		return nil, err
	}
	s, err := start(programs)
	if err != nil {
		return nil, fmt.Errorf("start PostgreSQL of %s: %w", programs, err)
	}
	err = run(context.Background(), s.address("postgres"), "CREATE DATABASE "+template+
		" TEMPLATE template0 ENCODING 'UTF8' LOCALE_PROVIDER icu ICU_LOCALE 'en-US'")
	if err != nil {
		return nil, errors.Join(err, s.input.Close())
	}
	return s, nil
})

// findPrograms returns the folder of the newest PostgreSQL, in the path or where Debian
// keeps one for each version.
func findPrograms() (string, error) {
	if initdb, err := exec.LookPath("initdb"); err == nil {
		return filepath.Dir(initdb), nil
	}
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if err != nil {
		return "", err
	}
	newest, best := 0, ""
	for _, initdb := range found {
		folder := filepath.Dir(initdb)
		if version, _ := strconv.Atoi(filepath.Base(filepath.Dir(folder))); version > newest {
			newest, best = version, folder
		}
	}
	if best == "" {
		return "", errNotInstalled
	}
	return best, nil
}

// script makes a cluster, runs it until its input ends, however the test process
// came to its end, and leaves nothing behind. Signals from a terminal are the
// test's business. fsync stays on: tests of speed and of crashes mean it.
const script = `
trap '' INT HUP TERM
cd "$1" || exit 1
"$2/initdb" -D "$1/data" -U postgres -A trust -E UTF8 --no-locale --no-sync >"$1/log" 2>&1 &&
"$2/pg_ctl" start -w -D "$1/data" -l "$1/log" -o "-c listen_addresses= -c max_connections=200 -k $1" >/dev/null 2>&1 &&
echo ready || { cat "$1/log"; echo failed; }
cat >/dev/null
"$2/pg_ctl" stop -w -m immediate -D "$1/data" >/dev/null 2>&1
rm -rf "$1"/* && rmdir "$1"
`

func start(programs string) (*server, error) {
	folder, err := os.MkdirTemp("", "pgtest")
	if err != nil {
		return nil, err
	}
	command := exec.Command("/bin/sh", "-c", script, "sh", folder, programs)
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if os.Getuid() == 0 { // as whom PostgreSQL does not run
		if command.SysProcAttr.Credential, err = unprivileged(folder); err != nil {
			return nil, errors.Join(err, os.Remove(folder))
		}
	}
	input, err := command.StdinPipe()
	if err != nil {
		return nil, err
	}
	output, err := command.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := command.Start(); err != nil {
		return nil, err
	}
	if err := awaitReady(output); err != nil {
		return nil, errors.Join(err, input.Close(), command.Wait())
	}
	return &server{folder: folder, input: input}, nil
}

// unprivileged gives the folder to the user whom Debian's package makes.
func unprivileged(folder string) (*syscall.Credential, error) {
	owner, err := user.Lookup("postgres")
	if err != nil {
		return nil, err
	}
	uid, err := strconv.ParseUint(owner.Uid, 10, 32)
	if err != nil {
		return nil, err
	}
	gid, err := strconv.ParseUint(owner.Gid, 10, 32)
	if err != nil {
		return nil, err
	}
	return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, os.Chown(folder, int(uid), int(gid))
}

// awaitReady reads what the script says until the server runs, or what is wrong.
func awaitReady(output io.Reader) error {
	var said []string
	for lines := bufio.NewScanner(output); lines.Scan(); {
		switch line := lines.Text(); line {
		case "ready":
			return nil
		case "failed":
			return errors.New(strings.Join(said, "\n"))
		default:
			said = append(said, line)
		}
	}
	return fmt.Errorf("it ended: %s", strings.Join(said, "\n"))
}
