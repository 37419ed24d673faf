package runtime

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"syscall"
	"time"
)

const unhandled = "Unhandled"

// errorObject is the JSON by which Lambda describes a function that failed.
func errorObject(errorType, message string) []byte {
	body, _ := json.Marshal(struct { // strings always encode
		ErrorMessage string `json:"errorMessage"`
		ErrorType    string `json:"errorType,omitzero"`
	}{message, errorType})
	return body
}

func failureReply(errorType, message string) reply {
	return reply{payload: errorObject(errorType, message), functionError: unhandled, errorType: errorType}
}

func tooLargeReply() reply {
	return failureReply("Function.ResponseSizeTooLarge",
		fmt.Sprintf("Response payload size exceeded maximum allowed payload size (%d bytes).", maxPayload))
}

func truncatedReply() reply {
	return failureReply("Runtime.TruncatedResponse", "the runtime's answer ended before it was complete")
}

const exitError = "Runtime.ExitError"

// exitMessage describes a process that ended while it was expected to work; status is what the system said about it, ""
// for a plain exit.
func exitMessage(requestID, status string) string {
	if status == "" {
		return fmt.Sprintf("RequestId: %s Error: Runtime exited without providing a reason", requestID)
	}
	return fmt.Sprintf("RequestId: %s Error: Runtime exited with error: %s", requestID, status)
}

// entrypointReply describes a bootstrap that cannot be executed.
func entrypointReply(requestID string, cause error) reply {
	return failureReply("Runtime.InvalidEntrypoint", fmt.Sprintf("RequestId: %s Error: %v", requestID, cause))
}

func timeoutReply(message string) reply {
	return failureReply("Sandbox.Timedout", message)
}

// timeoutMessage is both the errorMessage and the log line of an invocation that took too long.
func timeoutMessage(now time.Time, requestID string, limit time.Duration) string {
	return fmt.Sprintf("%s %s Task timed out after %.2f seconds", now.UTC().Format("2006-01-02T15:04:05.000Z"), requestID, limit.Seconds())
}

// entrypointFault tells a bootstrap that is missing or is no program from a machine that cannot start one, and answers the
// cause without the server's directories.
func entrypointFault(err error) (cause error, ok bool) {
	var path *fs.PathError
	if !errors.As(err, &path) || path.Op != "fork/exec" {
		return nil, false
	}
	for _, fault := range []error{syscall.ENOENT, syscall.EACCES, syscall.ENOEXEC, syscall.ENOTDIR, syscall.EISDIR} {
		if errors.Is(path.Err, fault) {
			return fmt.Errorf("couldn't execute bootstrap: %w", path.Err), true
		}
	}
	return nil, false
}
