package awswire

import (
	"context"
	"errors"
	"net/http"

	"github.com/aws/smithy-go"
)

// Error is what a client sees of a fault.
type Error struct {
	Status  int    // HTTP status
	Code    string // the exception's bare shape name
	Message string // may be empty: then the answer has no message member
	Cause   error  // logged when Status is 500 or more, never shown
}

func (e *Error) Error() string {
	if e.Message == "" {
		return e.Code
	}
	return e.Code + ": " + e.Message
}

func (e *Error) Unwrap() error { return e.Cause }

// Modelled is an exception of a service model. It is answered with status 400, as every modelled CodeDeploy exception
// is (api.md 1.4).
type Modelled interface {
	error
	ErrorCode() string
	ErrorMessage() string
}

// present turns any error into what the client may see of it. Only an *Error or a Modelled exception speaks for
// itself; the rest is a fault of ours and is answered without detail.
func present(err error) *Error {
	if e, ok := errors.AsType[*Error](err); ok {
		return e
	}
	// An AWS SDK's error has the same methods, but it is the answer to a call that we made and says nothing to our client.
	m, ok := errors.AsType[Modelled](err)
	if _, upstream := m.(smithy.APIError); ok && !upstream {
		return &Error{Status: http.StatusBadRequest, Code: m.ErrorCode(), Message: m.ErrorMessage()}
	}
	return &Error{Status: http.StatusInternalServerError, Code: "InternalFailure", Cause: err}
}

// Present turns any error into what the client may see of it, for services that write errors in a form of their own: an
// *[Error] or a [Modelled] exception speaks for itself, the rest is InternalFailure. A fault of the server is logged, so
// call it once per answer.
func Present(r *http.Request, err error) *Error { return presentAndLog(r, err) }

// presentAndLog is present for an error about to be answered.
func presentAndLog(r *http.Request, err error) *Error {
	e := present(err)
	if e.Status >= http.StatusInternalServerError && !gone(r.Context(), err) {
		logFault(r, e)
	}
	return e
}

// logFault is the one place where a fault of the server is logged.
func logFault(r *http.Request, e *Error) {
	x := exchangeFrom(r.Context())
	x.log.ErrorContext(r.Context(), "request failed", "requestId", x.requestID, "service", x.service,
		"operation", x.operation, "code", e.Code, "error", e.Cause)
}

// gone reports that err only says that the client hung up, which is nobody's fault.
func gone(ctx context.Context, err error) bool {
	return ctx.Err() != nil && errors.Is(err, context.Canceled)
}

// The generic faults of api.md 1.5.

func unknownOperation(status int) *Error {
	return &Error{Status: status, Code: "UnknownOperationException"}
}

func badRequest(code, message string) *Error {
	return &Error{Status: http.StatusBadRequest, Code: code, Message: message}
}

func serialization(message string) *Error { return badRequest("SerializationException", message) }

func incompleteSignature(message string) *Error {
	return badRequest("IncompleteSignatureException", message)
}

func invalidSignature(message string) *Error {
	return badRequest("InvalidSignatureException", message)
}

func missingToken() *Error {
	return badRequest("MissingAuthenticationTokenException", "Missing Authentication Token")
}

func unrecognizedClient() *Error {
	return badRequest("UnrecognizedClientException", "The security token included in the request is invalid.")
}

func expiredToken() *Error {
	return badRequest("ExpiredTokenException", "The security token included in the request is expired")
}

func accessDenied(c Caller, p Permission) *Error {
	return badRequest("AccessDeniedException",
		"User: "+c.PrincipalARN+" is not authorized to perform: "+p.Action+" on resource: "+p.Resource)
}

func throttled() *Error { return badRequest("ThrottlingException", "Rate exceeded") }

func entityTooLarge() *Error {
	return &Error{Status: http.StatusRequestEntityTooLarge, Code: "RequestEntityTooLargeException",
		Message: "The request body is larger than this server accepts."}
}
