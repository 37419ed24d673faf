package lambda

import (
	"fmt"
	"net/http"

	"greenlight/internal/awswire"
)

// exception is an error of Lambda's service model, without its message.
type exception struct {
	code   string
	status int
}

// The exceptions that the local Lambda raises.
var (
	accessDenied              = exception{"AccessDeniedException", http.StatusForbidden}
	codeStorageExceeded       = exception{"CodeStorageExceededException", http.StatusBadRequest}
	invalidParameterValue     = exception{"InvalidParameterValueException", http.StatusBadRequest}
	invalidRequestContent     = exception{"InvalidRequestContentException", http.StatusBadRequest}
	invalidRuntime            = exception{"InvalidRuntimeException", http.StatusBadGateway}
	preconditionFailed        = exception{"PreconditionFailedException", http.StatusPreconditionFailed}
	provisionedConfigNotFound = exception{"ProvisionedConcurrencyConfigNotFoundException", http.StatusNotFound}
	requestTooLarge           = exception{"RequestTooLargeException", http.StatusRequestEntityTooLarge}
	resourceConflict          = exception{"ResourceConflictException", http.StatusConflict}
	resourceNotFound          = exception{"ResourceNotFoundException", http.StatusNotFound}
	tooManyRequests           = exception{"TooManyRequestsException", http.StatusTooManyRequests}
	unknownOperation          = exception{"UnknownOperationException", http.StatusNotFound}
	validation                = exception{"ValidationException", http.StatusBadRequest}
)

func (e exception) errorf(format string, args ...any) *awswire.Error {
	return &awswire.Error{Status: e.status, Code: e.code, Message: fmt.Sprintf(format, args...)}
}

// invalidMember is the protocol's complaint about one member of the input.
func invalidMember(member, value, constraint string) error {
	return validation.errorf("1 validation error detected: Value '%s' at '%s' failed to satisfy constraint: %s",
		shortened(value), member, constraint)
}

// shortened bounds how much of a caller's value an error repeats.
func shortened(value string) string {
	const most = 256
	if len(value) <= most {
		return value
	}
	return value[:most] + "..."
}

// throttled is TooManyRequestsException, which says more than other errors.
type throttled struct {
	reason string
	cause  *awswire.Error
}

// Reasons of TooManyRequestsException.
const (
	reasonReserved = "ReservedFunctionConcurrentInvocationLimitExceeded"
	reasonAccount  = "ConcurrentInvocationLimitExceeded"
	reasonRate     = "CallerRateLimitExceeded"
)

func throttle(reason string) *throttled {
	return &throttled{reason, tooManyRequests.errorf("Rate Exceeded.")}
}

func (e *throttled) Error() string { return e.cause.Error() + " " + e.reason }

func (e *throttled) Unwrap() error { return e.cause }

func staleRevision() error {
	return preconditionFailed.errorf("The Revision Id provided does not match the latest Revision Id." +
		" Call the GetFunction/GetAlias API to retrieve the latest Revision Id")
}

func functionNotFound(arn string) error {
	return resourceNotFound.errorf("Function not found: %s", arn)
}

func aliasNotFound(r reference) error {
	return resourceNotFound.errorf("Cannot find alias arn: %s", r.ARN())
}
