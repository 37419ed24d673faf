package awsaccess

import "net/http"

var kindByStatus = map[int]FaultKind{
	http.StatusUnauthorized:       Denied,
	http.StatusForbidden:          Denied,
	http.StatusNotFound:           NotFound,
	http.StatusRequestTimeout:     Unavailable,
	http.StatusConflict:           Conflict,
	http.StatusPreconditionFailed: Precondition,
	http.StatusTooManyRequests:    Throttled,
}

// kindByCode holds the codes whose status misleads: the query, JSON 1.1 and S3 protocols, and stand-ins, answer 400 to much.
var kindByCode = map[string]FaultKind{
	"ResourceNotFoundException":                     NotFound,
	"ResourceNotFound":                              NotFound,
	"ProvisionedConcurrencyConfigNotFoundException": NotFound,
	"NoSuchBucket":                                  NotFound,
	"NoSuchKey":                                     NotFound,
	"NoSuchVersion":                                 NotFound,
	"NoSuchEntity":                                  NotFound,
	"NoSuchEntityException":                         NotFound,
	"AccessDenied":                                  Denied,
	"AccessDeniedException":                         Denied,
	"AuthFailure":                                   Denied,
	"UnauthorizedOperation":                         Denied,
	"InvalidClientTokenId":                          Denied,
	"UnrecognizedClientException":                   Denied,
	"TooManyRequestsException":                      Throttled,
	"PreconditionFailed":                            Precondition,
	"PreconditionFailedException":                   Precondition,
	"ResourceConflictException":                     Conflict,
	"InvalidParameterValueException":                Invalid,
	"ServiceException":                              Unavailable,
	// ECS (ecs.md 14.1). It keeps a deleted service for a while and calls it not active.
	"ClusterNotFoundException":  NotFound,
	"ServiceNotFoundException":  NotFound,
	"ServiceNotActiveException": NotFound,
	"TaskSetNotFoundException":  NotFound,
	"InvalidParameterException": Invalid,
	"ClientException":           Invalid,
	"UpdateInProgressException": Conflict,
	"ServerException":           Unavailable,
	// Elastic Load Balancing (ecs.md 15).
	"ListenerNotFound":            NotFound,
	"LoadBalancerNotFound":        NotFound,
	"RuleNotFound":                NotFound,
	"TargetGroupNotFound":         NotFound,
	"IncompatibleProtocols":       Invalid,
	"InvalidLoadBalancerAction":   Invalid,
	"OperationNotPermitted":       Invalid,
	"TargetGroupAssociationLimit": Invalid,
	"ValidationError":             Invalid,
	"InternalFailure":             Unavailable,
	"ServiceUnavailable":          Unavailable,
	// Our own clock or credentials are stale. That is not the role's fault, and new credentials may pass.
	"ExpiredToken":              Unavailable,
	"ExpiredTokenException":     Unavailable,
	"InvalidSignatureException": Unavailable,
	"RequestExpired":            Unavailable,
	"RequestTimeTooSkewed":      Unavailable,
	"SignatureDoesNotMatch":     Unavailable,
}
