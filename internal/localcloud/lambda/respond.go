package lambda

import (
	"errors"
	"net/http"
	"strconv"

	"greenlight/internal/awswire"
)

// respond sends a JSON answer; nil is an empty body.
func respond(w http.ResponseWriter, r *http.Request, status int, answer any) {
	if answer == nil {
		w.WriteHeader(status)
		return
	}
	if err := awswire.WriteJSON(w, status, answer); err != nil {
		awswire.RESTError(w, r, err)
	}
}

// retryAfter is what a throttled client is told, in seconds.
const retryAfter = 1

// WriteError answers err in the form that Lambda's clients read.
func (s *Service) WriteError(w http.ResponseWriter, r *http.Request, err error) {
	limit, ok := errors.AsType[*throttled](err)
	if !ok {
		awswire.RESTError(w, r, err)
		return
	}
	w.Header().Set("X-Amzn-Errortype", limit.cause.Code)
	w.Header().Set("Retry-After", strconv.Itoa(retryAfter))
	respond(w, r, limit.cause.Status, struct {
		Reason, Type string
		Message      string `json:"message"`
	}{limit.reason, "User", limit.cause.Message})
}
