package lambda

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"greenlight/internal/awswire"
)

// LogsPath is where LogsHandler is to be served.
const LogsPath = "/_greenlight/logs"

// LogsHandler serves GET /_greenlight/logs: the output of a function as
// newline-delimited JSON, one LogLine each with the function's name beside it.
//
//   - function (required): name or ARN
//   - account, region: may be left out when only one function has the name
//   - since: RFC 3339, or a duration before now such as 5m; all if absent
//   - follow=1: keep on until the client hangs up
func (s *Service) LogsHandler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		query := r.URL.Query()
		id, err := s.namedFunction(query)
		if err != nil {
			s.WriteError(w, r, err)
			return
		}
		since, err := s.parseSince(query.Get("since"))
		if err != nil {
			s.WriteError(w, r, err)
			return
		}
		reader, err := s.openLog(id, since)
		if err != nil {
			s.WriteError(w, r, err)
			return
		}
		follow, _ := strconv.ParseBool(query.Get("follow"))
		out := newLogStream(w, id.Name, follow)
		if err := reader.read(r.Context(), follow, out.line); err != nil && r.Context().Err() == nil {
			s.log.ErrorContext(r.Context(), "log of a function not sent", "function", id.Name, "error", err)
		}
	})
}

// logStream sends lines as they come.
type logStream struct {
	function string
	encoder  *json.Encoder
	flush    func() error
}

// newLogStream begins the answer; one that follows is sent line by line.
func newLogStream(w http.ResponseWriter, function string, follow bool) *logStream {
	out := &logStream{function: function, encoder: json.NewEncoder(w), flush: func() error { return nil }}
	out.encoder.SetEscapeHTML(false)
	w.Header().Set("Content-Type", "application/x-ndjson")
	if follow {
		out.flush = http.NewResponseController(w).Flush
		_ = out.flush() // tells the client that it is connected; lines will say if it is not
	}
	return out
}

func (o *logStream) line(line LogLine) error {
	sent := struct {
		LogLine
		Function string `json:"function"`
	}{line, o.function}
	if err := o.encoder.Encode(sent); err != nil {
		return err
	}
	return o.flush()
}

func (s *Service) parseSince(text string) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	if ago, err := time.ParseDuration(text); err == nil {
		return s.clock.Now().Add(-ago), nil
	}
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return time.Time{}, invalidParameterValue.errorf("since %q is neither a time (RFC 3339) nor a duration such as 5m", shortened(text))
	}
	return at, nil
}

// namedFunction finds out which function a query is about.
func (s *Service) namedFunction(query url.Values) (functionID, error) {
	account, region, name := query.Get("account"), query.Get("region"), query.Get("function")
	if m := functionNameSyntax.FindStringSubmatch(name); m != nil {
		name = m[4]
		if m[2] != "" {
			region = m[2]
		}
		if m[3] != "" {
			account = m[3]
		}
	}
	var found []functionID
	for _, f := range s.functions.named(name) {
		if (account == "" || account == f.id.Account) && (region == "" || region == f.id.Region) {
			found = append(found, f.id)
		}
	}
	switch {
	case len(found) == 1:
		return found[0], nil
	case account != "" && region != "":
		return functionID{account, region, name}, nil // a deleted function has logs too
	case len(found) > 1:
		return functionID{}, invalidParameterValue.errorf("%d functions are named %q: say which by account and region", len(found), shortened(name))
	}
	return functionID{}, functionNotFound(shortened(name))
}

var (
	_ awswire.Service     = (*Service)(nil)
	_ awswire.BodyLimiter = (*Service)(nil)
	_ awswire.Claimer     = (*Service)(nil)
	_ awswire.ErrorWriter = (*Service)(nil)
)
