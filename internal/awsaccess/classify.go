package awsaccess

import (
	"context"
	"errors"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"
)

const assumeRole = "AssumeRole"

// Classify turns the SDK's error of one call into a *Fault. nil stays nil, a *Fault stays itself, and so does the end of
// the caller's context (but a time-out of the connection is Unavailable). A failure to assume the role on the way is told
// as such, with STS as its service: deployments.md 4, IAM_ROLE_PERMISSIONS and IAM_ROLE_MISSING.
func Classify(service, operation string, err error) error {
	var known *Fault
	if err == nil || errors.As(err, &known) || ended(err) {
		return err
	}
	if cause := roleFailure(err); cause != nil {
		f := describe(ServiceSTS, assumeRole, cause)
		f.Kind = roleKind(f.Kind)
		return f
	}
	return describe(service, operation, err)
}

// ended tells whether the caller's context ended. errors.Is is not enough: the time-outs of net and net/http also call
// themselves context.DeadlineExceeded.
func ended(err error) bool {
	for e := range causes(err) {
		switch e.(type) {
		case *smithy.CanceledError, *aws.RequestCanceledError:
			return true
		}
		if e == context.Canceled || e == context.DeadlineExceeded {
			return true
		}
	}
	return false
}

// roleFailure returns the failed AssumeRole inside err, or nil.
func roleFailure(err error) error {
	for e := range causes(err) {
		if op, ok := e.(*smithy.OperationError); ok && op.ServiceID == "STS" {
			return op
		}
	}
	return nil
}

// roleKind tells why a role could not be assumed. STS answers a malformed ARN with ValidationError, which for a deployment is
// a role that cannot be assumed.
func roleKind(kind FaultKind) FaultKind {
	switch kind {
	case NotFound:
		return RoleMissing
	case Denied, Invalid:
		return RoleDenied
	}
	return kind
}

func describe(service, operation string, err error) *Fault {
	f := &Fault{Service: service, Operation: operation, Err: err, StatusCode: statusCode(err), RequestID: requestID(err)}
	var api smithy.APIError
	if errors.As(err, &api) {
		f.Code, f.Message = api.ErrorCode(), api.ErrorMessage()
	}
	if f.Message == "" {
		f.Message = transportMessage(err)
	}
	f.Kind = kindOf(f.Code, f.StatusCode, err)
	if f.Code == "ClientException" && strings.Contains(f.Message, "iam:PassRole") {
		f.Kind = Denied // ECS says so about the roles of a task
	}
	return f
}

func statusCode(err error) int {
	var response *smithyhttp.ResponseError
	if errors.As(err, &response) && response.Response != nil {
		return response.HTTPStatusCode()
	}
	return 0
}

func requestID(err error) string {
	var response *awshttp.ResponseError
	if errors.As(err, &response) {
		return response.ServiceRequestID()
	}
	return ""
}

// transportMessage leaves out the layers that repeat the service and the operation.
func transportMessage(err error) string {
	var send *smithyhttp.RequestSendError
	if errors.As(err, &send) && send.Err != nil {
		return send.Err.Error()
	}
	var op *smithy.OperationError
	if errors.As(err, &op) && op.Err != nil {
		return op.Err.Error()
	}
	return err.Error()
}

// kindOf sorts by AWS's code where the code says more than the status, then by the status.
func kindOf(code string, status int, err error) FaultKind {
	if kind, ok := kindByCode[code]; ok {
		return kind
	}
	if _, ok := retry.DefaultThrottleErrorCodes[code]; ok {
		return Throttled
	}
	if kind, ok := kindByStatus[status]; ok {
		return kind
	}
	if status >= 300 && status < 500 || unsendable(err) {
		return Invalid
	}
	return Unavailable
}

// unsendable tells whether the SDK refused the input before it sent anything.
func unsendable(err error) bool {
	var params smithy.InvalidParamsError
	var serialization *smithy.SerializationError
	return errors.As(err, &params) || errors.As(err, &serialization)
}
