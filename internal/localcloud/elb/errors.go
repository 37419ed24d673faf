package elb

import (
	"fmt"
	"net/http"
	"strings"

	"greenlight/internal/awswire"
)

// Codes of the model's exceptions: the shape names without "Exception" (ecs.md 15).
const (
	codeValidation            = "ValidationError"
	codeInvalidConfiguration  = "InvalidConfigurationRequest"
	codeInvalidScheme         = "InvalidScheme"
	codeInvalidTarget         = "InvalidTarget"
	codeInvalidAction         = "InvalidLoadBalancerAction"
	codeIncompatibleProtocols = "IncompatibleProtocols"
	codeUnsupportedProtocol   = "UnsupportedProtocol"
	codeOperationNotPermitted = "OperationNotPermitted"
	codeResourceInUse         = "ResourceInUse"
	codePriorityInUse         = "PriorityInUse"
	codeAssociationLimit      = "TargetGroupAssociationLimit"
	codeLoadBalancerNotFound  = "LoadBalancerNotFound"
	codeTargetGroupNotFound   = "TargetGroupNotFound"
	codeListenerNotFound      = "ListenerNotFound"
	codeRuleNotFound          = "RuleNotFound"
	codeDuplicateLoadBalancer = "DuplicateLoadBalancerName"
	codeDuplicateTargetGroup  = "DuplicateTargetGroupName"
	codeDuplicateListener     = "DuplicateListener"
	codeDuplicateTagKeys      = "DuplicateTagKeys"
	codeTooManyLoadBalancers  = "TooManyLoadBalancers"
	codeTooManyTargetGroups   = "TooManyTargetGroups"
	codeTooManyListeners      = "TooManyListeners"
	codeTooManyRules          = "TooManyRules"
	codeTooManyActions        = "TooManyActions"
	codeTooManyTargets        = "TooManyTargets"
	codeTooManyTags           = "TooManyTags"
	codeTooManyGroupsOfAction = "TooManyUniqueTargetGroupsPerLoadBalancer"
)

// fault is an exception of the service.
func fault(code, format string, args ...any) error {
	for i, arg := range args {
		if text, ok := arg.(string); ok {
			args[i] = excerpt(text)
		}
	}
	return &awswire.Error{Status: http.StatusBadRequest, Code: code, Message: fmt.Sprintf(format, args...)}
}

// invalid is a ValidationError.
func invalid(format string, args ...any) error { return fault(codeValidation, format, args...) }

// excerpt bounds a client's text in a message; ARNs fit.
func excerpt(s string) string {
	const most = 512
	if len(s) > most {
		s = s[:most] + "..."
	}
	return strings.ToValidUTF8(s, "?")
}

// required refuses what a request must have and has not.
func required(name, value string) error {
	if value == "" {
		return invalid("The request must contain the parameter %s", name)
	}
	return nil
}
