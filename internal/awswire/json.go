package awswire

import (
	"context"
	"net/http"
	"strconv"
	"strings"
)

const jsonContentType = "application/x-amz-json-1.1"

// JSONOperation is one operation of an AWS JSON service. The body is never empty: a request without one counts as {}
// (api.md 1.1). A nil result is answered with an empty body; anything else goes through [Encode]. An error that is
// neither an *[Error] nor [Modelled] is answered as InternalFailure and logged.
type JSONOperation func(ctx context.Context, body []byte) (any, error)

// JSONService returns a service that speaks AWS JSON 1.1 (api.md 1.1 to 1.4). name is the one in the credential scope,
// targetPrefix what stands before the operation in X-Amz-Target, such as "CodeDeploy_20141006".
func JSONService(name, targetPrefix string, operations map[string]JSONOperation, options ...JSONOption) Service {
	s := &jsonService{name: name, prefix: strings.TrimSuffix(targetPrefix, "."), operations: operations}
	s.permissions = s.onAnything
	for _, option := range options {
		option(s)
	}
	return s
}

// JSONOption is something that not every JSON service has.
type JSONOption func(*jsonService)

// PermissionsBy tells which permissions a call needs. Without it, each operation needs the action of its name on "*".
func PermissionsBy(needed PermissionsFunc) JSONOption {
	return func(s *jsonService) { s.permissions = needed }
}

// PermissionsFunc tells which permissions a call of one of the service's operations needs, as [Guarded] does.
type PermissionsFunc func(ctx context.Context, operation string, body []byte) ([]Permission, error)

type jsonService struct {
	name, prefix string
	operations   map[string]JSONOperation
	permissions  PermissionsFunc
}

func (s *jsonService) Name() string         { return s.name }
func (s *jsonService) targetPrefix() string { return s.prefix }

func (s *jsonService) admit(r *http.Request) error {
	_, _, err := s.operation(r)
	return err
}

// Permissions implements [Guarded].
func (s *jsonService) Permissions(r *http.Request, body []byte) ([]Permission, error) {
	name, _, err := s.operation(r)
	if err != nil {
		return nil, err
	}
	return s.permissions(r.Context(), name, body)
}

func (s *jsonService) onAnything(_ context.Context, operation string, _ []byte) ([]Permission, error) {
	return []Permission{{Action: s.name + ":" + operation, Resource: "*"}}, nil
}

func (s *jsonService) operation(r *http.Request) (string, JSONOperation, error) {
	if r.Method != http.MethodPost || r.URL.Path != "/" {
		return "", nil, unknownOperation(http.StatusNotFound)
	}
	prefix, name, _ := splitTarget(r)
	operation, ok := s.operations[name]
	if !ok || prefix != s.prefix {
		return "", nil, unknownOperation(http.StatusBadRequest)
	}
	return name, operation, nil
}

func (s *jsonService) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := s.serve(w, r)
	if err != nil {
		WriteJSONError(w, r, err)
		return
	}
	writeBody(w, http.StatusOK, jsonContentType, body)
}

func (s *jsonService) serve(w http.ResponseWriter, r *http.Request) ([]byte, error) {
	name, operation, err := s.operation(r)
	if err != nil {
		return nil, err
	}
	exchangeFrom(r.Context()).operation = name
	if !jsonMedia(r.Header.Get("Content-Type")) {
		return nil, serialization("The Content-Type must be " + jsonContentType + ".")
	}
	body, err := bodyOf(w, r)
	if err != nil {
		return nil, err
	}
	if len(body) == 0 {
		body = []byte("{}")
	}
	result, err := operation(r.Context(), body)
	if err != nil {
		return nil, err
	}
	return Encode(result)
}

// jsonMedia reports whether a Content-Type names any AWS JSON 1.x or plain JSON, whatever its parameters.
func jsonMedia(contentType string) bool {
	media, _, _ := strings.Cut(contentType, ";")
	media = strings.ToLower(strings.TrimSpace(media))
	return media == "application/json" || strings.HasPrefix(media, "application/x-amz-json-1.")
}

// WriteJSONError answers err as an AWS JSON service does: {"__type":<code>,"message":<message>} (api.md 1.4). A fault
// of the server is logged once, with the request id.
func WriteJSONError(w http.ResponseWriter, r *http.Request, err error) {
	e := presentAndLog(r, err)
	body, encodeErr := Encode(struct {
		Type    string `json:"__type"`
		Message string `json:"message,omitzero"`
	}{e.Code, e.Message})
	if encodeErr != nil { // two strings always encode
		body = nil
	}
	writeBody(w, e.Status, jsonContentType, body)
}

func writeBody(w http.ResponseWriter, status int, contentType string, body []byte) {
	h := w.Header()
	h.Set("Content-Type", contentType)
	h.Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	// A client that has hung up cannot be told so.
	_, _ = w.Write(body)
}
