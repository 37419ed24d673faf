package lambdatest

import (
	"net/http"
	"slices"
)

// The operations a script may name.
const (
	GetAlias                        = "GetAlias"
	UpdateAlias                     = "UpdateAlias"
	Invoke                          = "Invoke"
	GetProvisionedConcurrencyConfig = "GetProvisionedConcurrencyConfig"
)

// Failure is what a scripted call meets instead of plain service. The parts combine: a stall comes first.
type Failure struct {
	Stall      <-chan struct{} // wait until it is closed or the caller gives up, then go on
	DropBefore bool            // cut the connection, nothing done
	DropAfter  bool            // do the work, then cut the connection
	Lie        bool            // do nothing and answer success with the state before the last write
	Status     int             // answer with this error; 0: none
	Code       string
	Message    string
}

// Failures that Lambda knows (lambda.md 4.4).
var (
	ServiceException = Failure{Status: http.StatusInternalServerError, Code: "ServiceException", Message: "An error occurred."}
	TooManyRequests  = Failure{Status: http.StatusTooManyRequests, Code: "TooManyRequestsException", Message: "Rate exceeded"}
	AccessDenied     = Failure{Status: http.StatusForbidden, Code: "AccessDeniedException", Message: "User is not authorized to perform this action"}
	NotFound         = Failure{Status: http.StatusNotFound, Code: "ResourceNotFoundException", Message: "Function not found"}
	InvalidParameter = Failure{Status: http.StatusBadRequest, Code: "InvalidParameterValueException", Message: "Invalid function versions for alias routing"}
	Precondition     = Failure{Status: http.StatusPreconditionFailed, Code: "PreconditionFailedException", Message: "The RevisionId provided does not match the latest Revision Id."}
	ResourceConflict = Failure{Status: http.StatusConflict, Code: "ResourceConflictException", Message: "The operation cannot be performed at this time. An update is in progress."}
)

// Forever as the number of calls to fail.
const Forever = -1

type script struct {
	left int // calls still to fail; negative: all
	Failure
}

// Fail has the next n calls of an operation meet failure (Forever: all calls). Scripts of one operation run one after the
// other, so Fail(op, 2, TooManyRequests) and Fail(op, 1, ServiceException) are three failures in a row.
func (l *Lambda) Fail(operation string, n int, failure Failure) {
	if n == 0 {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.failures[operation] = append(l.failures[operation], &script{left: n, Failure: failure})
}

// Heal forgets what is left of an operation's scripts.
func (l *Lambda) Heal(operation string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.failures, operation)
}

// next takes one call off the operation's script.
func (l *Lambda) next(operation string) Failure {
	l.mu.Lock()
	defer l.mu.Unlock()
	scripts := l.failures[operation]
	if len(scripts) == 0 {
		return Failure{}
	}
	first := scripts[0]
	if first.left > 0 {
		first.left--
	}
	if first.left == 0 {
		l.failures[operation] = slices.Delete(scripts, 0, 1)
	}
	return first.Failure
}
