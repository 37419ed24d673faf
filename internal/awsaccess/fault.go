package awsaccess

import (
	"fmt"
	"strings"
)

// The services as AWS names them in deployment messages (deployments.md 4, IAM_ROLE_PERMISSIONS and THROTTLED).
const (
	ServiceLambda     = "AWSLambda"
	ServiceS3         = "AmazonS3"
	ServiceCloudWatch = "AmazonCloudWatch"
	ServiceECS        = "AmazonECS"
	ServiceELB        = "AmazonElasticLoadBalancing"
	ServiceSTS        = "AWSSecurityTokenService"
)

// FaultKind sorts what AWS may answer by what the engine does about it (lambda.md 4.4, deployments.md 4).
type FaultKind string

// The kinds. Throttled, Conflict and Unavailable may pass by waiting; the others do not.
const (
	NotFound     FaultKind = "NotFound"     // the thing named does not exist
	Denied       FaultKind = "Denied"       // the caller may not do this
	Throttled    FaultKind = "Throttled"    // too many calls
	Invalid      FaultKind = "Invalid"      // the call can never succeed as it is
	Precondition FaultKind = "Precondition" // somebody else changed the thing: RevisionId or ETag differ
	Conflict     FaultKind = "Conflict"     // the thing is being changed right now
	Unavailable  FaultKind = "Unavailable"  // server fault, no connection, unreadable answer, or anything unknown
	RoleDenied   FaultKind = "RoleDenied"   // STS refuses to assume the role
	RoleMissing  FaultKind = "RoleMissing"  // the role is known not to exist
)

// Fault is a call to AWS that failed.
type Fault struct {
	Kind       FaultKind
	Service    string // one of the Service constants
	Operation  string // "UpdateAlias"
	Code       string // AWS's own error code; "" when no answer came
	Message    string // AWS's own words, or the transport's
	StatusCode int    // 0 when no answer came
	RequestID  string // AWS's id of the request, which its support asks for; "" when the answer had none
	Err        error  // the SDK's error
}

// Error tells the call and the answer in one line.
func (f *Fault) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s: ", f.Service, f.Operation)
	if f.Code != "" {
		b.WriteString(f.Code + ": ")
	}
	b.WriteString(f.Message)
	if f.StatusCode != 0 {
		fmt.Fprintf(&b, " (HTTP %d)", f.StatusCode)
	}
	return b.String()
}

// Unwrap returns the SDK's error.
func (f *Fault) Unwrap() error { return f.Err }
