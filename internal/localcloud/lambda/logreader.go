package lambda

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"regexp"
	"time"

	"greenlight/internal/awswire"
)

var (
	regionSyntax = syntax{regexp.MustCompile(`^[a-z0-9-]+$`), 64}
	nameSyntax   = syntax{wordSyntax, maxNameLength}
)

// Logs calls w for the lines that a function of an account and region has
// written at or after since, oldest first, and with follow for those that it
// will write, until ctx ends. Its error is that of w, that of ctx, or one of
// Lambda's when there is no such function.
func (s *Service) Logs(ctx context.Context, account, region, function string, since time.Time, follow bool, w func(LogLine) error) error {
	reader, err := s.openLog(functionID{account, region, function}, since)
	if err != nil {
		return err
	}
	return reader.read(ctx, follow, w)
}

// openLog finds the log of a function that exists, or did and has left one.
func (s *Service) openLog(id functionID, since time.Time) (*logReader, error) {
	if !accountSyntax.MatchString(id.Account) || !regionSyntax.MatchString(id.Region) || !nameSyntax.MatchString(id.Name) {
		return nil, invalidParameterValue.errorf("account %q, region %q and function %q do not name a function",
			shortened(id.Account), shortened(id.Region), shortened(id.Name))
	}
	if s.functions.find(id) == nil && !s.logs.has(id) {
		return nil, functionNotFound(reference{functionID: id, Partition: awswire.Partition(id.Region)}.ARN())
	}
	log, err := s.logs.of(id)
	return &logReader{log: log, since: since}, err
}

// logReader goes through a function's log.
type logReader struct {
	log    *functionLog
	since  time.Time
	line   func(LogLine) error
	number int   // of the file it is in
	offset int64 // in that file
}

func (r *logReader) read(ctx context.Context, follow bool, w func(LogLine) error) error {
	r.line = w
	for {
		changed, err := r.readOn()
		if err != nil || !follow {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-changed:
		}
	}
}

// readOn reads what has been written since the last call. changed is closed
// when there is more.
func (r *logReader) readOn() (changed <-chan struct{}, err error) {
	r.log.mu.Lock()
	last, size, changed := r.log.last, r.log.size, r.log.changed
	r.log.mu.Unlock()
	if first := max(last-logSegments+1, 1); r.number < first {
		r.number, r.offset = first, 0
	}
	for ; r.number <= last; r.number, r.offset = r.number+1, 0 {
		end := size
		if r.number < last {
			end = 1 << 62 // files before the last do not change
		}
		if err := r.readFile(end); err != nil {
			return changed, err
		}
		if r.number == last {
			break
		}
	}
	return changed, nil
}

func (r *logReader) readFile(end int64) error {
	file, err := os.Open(r.log.path(r.number))
	if errors.Is(err, fs.ErrNotExist) {
		return nil // rotated away, or not written yet
	}
	if err != nil {
		return err
	}
	defer file.Close()
	lines := bufio.NewScanner(io.NewSectionReader(file, r.offset, end-r.offset))
	lines.Buffer(nil, maxLogLine)
	for lines.Scan() {
		r.offset += int64(len(lines.Bytes())) + 1
		var line LogLine
		if json.Unmarshal(lines.Bytes(), &line) != nil || line.Time.Before(r.since) {
			continue // a line torn by the end of a process says nothing
		}
		if err := r.line(line); err != nil {
			return err
		}
	}
	return lines.Err()
}
