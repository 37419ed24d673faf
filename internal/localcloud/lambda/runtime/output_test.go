package runtime

import (
	"bytes"
	"strings"
	"testing"
)

func TestLogOfAnInvocation(t *testing.T) {
	p, log := newTestPool(t, Options{})
	r := invoke(t, p, goCode(t), `{"do":"print","text":"a line","count":2}`)
	lines := strings.Split(strings.TrimSuffix(string(r.LogTail), "\n"), "\n")
	if len(lines) != 6 || lines[1] != "a line" || lines[2] != "a line" || lines[3] != "the end" {
		t.Fatalf("tail %q", lines)
	}
	mustContain(t, lines[0], "START RequestId: request-", "Version: 1")
	mustContain(t, lines[4], "END RequestId: request-")
	mustContain(t, lines[5], "REPORT RequestId: ", "\tDuration: ", " ms\tBilled Duration: ", "\tMemory Size: 512 MB\t", "\tInit Duration: ")
	if log.String() != string(r.LogTail) {
		t.Errorf("log %q", log.String())
	}
	warm := invoke(t, p, goCode(t), `{}`)
	if text := string(warm.LogTail); strings.Contains(text, "a line") || strings.Contains(text, "Init Duration") {
		t.Errorf("the warm invocation's tail is %q", text)
	}
}

func TestLogTailIsTheLastFourKiB(t *testing.T) {
	p, log := newTestPool(t, Options{})
	r := invoke(t, p, goCode(t), `{"do":"print","text":"0123456789012345678901234567890123456789","count":2000}`)
	answer[string](t, r)
	if len(r.LogTail) != logTail || !strings.HasSuffix(log.String(), string(r.LogTail)) {
		t.Errorf("%d bytes of tail", len(r.LogTail))
	}
	if got := strings.Count(log.String(), "0123456789\n"); got != 2000 {
		t.Errorf("%d lines were logged", got)
	}
}

// lineWriter checks that it gets whole lines.
type lineWriter struct {
	t     *testing.T
	lines []string
}

func (w *lineWriter) Write(p []byte) (int, error) {
	if bytes.Count(p, []byte("\n")) != 1 || !bytes.HasSuffix(p, []byte("\n")) || len(p) > maxLine {
		w.t.Errorf("no line: %d bytes %.40q", len(p), p)
	}
	w.lines = append(w.lines, string(p))
	return len(p), nil
}

func TestOutputSplitsIntoLines(t *testing.T) {
	long := strings.Repeat("x", 2*maxLine)
	tests := []struct {
		name   string
		pieces []string
		want   int
	}{
		{"nothing", nil, 0},
		{"whole lines", []string{"a\nb\n"}, 2},
		{"a line in pieces", []string{"a", "b", "c\nd\n"}, 2},
		{"empty lines", []string{"\n\n"}, 2},
		{"no end", []string{"a\nb"}, 2},
		{"too long", []string{long, "\n"}, 3},
		{"too long in pieces", []string{long[:maxLine-2], long[:3], "\n"}, 2},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			w := &lineWriter{t: t}
			o := &output{sink: w}
			for _, piece := range test.pieces {
				o.passOn([]byte(piece))
			}
			tail := o.finish("")
			if len(w.lines) != test.want {
				t.Errorf("%d lines, want %d", len(w.lines), test.want)
			}
			if all := strings.Join(test.pieces, ""); len(tail) > logTail || !strings.Contains(all+"\n", string(tail[:max(0, len(tail)-1)])) {
				t.Errorf("tail %.80q", tail)
			}
		})
	}
}
