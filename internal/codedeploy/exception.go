package codedeploy

import (
	"errors"
	"fmt"
)

// ExceptionCode is the name of one of the model's exceptions, exactly as it
// stands in "__type" on the wire (api.md 1.4).
type ExceptionCode string

// Exception is an answer that tells a caller what was wrong with the request.
// Message names the value and the rule; clients see it as it is.
type Exception struct {
	Code    ExceptionCode
	Message string
}

// Error gives the code and the message, separated by a colon.
func (e *Exception) Error() string {
	if e.Message == "" {
		return string(e.Code)
	}
	return string(e.Code) + ": " + e.Message
}

// ErrorCode and ErrorMessage tell the wire what to write.
func (e *Exception) ErrorCode() string { return string(e.Code) }

// ErrorMessage is the message that the client sees.
func (e *Exception) ErrorMessage() string { return e.Message }

// Errorf makes the exception of this code with a formatted message.
func (c ExceptionCode) Errorf(format string, a ...any) *Exception {
	return &Exception{Code: c, Message: fmt.Sprintf(format, a...)}
}

// CodeOf returns the code of the Exception in err's chain, or "" where there
// is none.
func CodeOf(err error) ExceptionCode {
	if exception, ok := errors.AsType[*Exception](err); ok {
		return exception.Code
	}
	return ""
}
