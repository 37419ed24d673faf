package ecs

import (
	"fmt"
	"net/http"

	"greenlight/internal/awswire"
)

// exception is an error of ECS's service model, without its message.
type exception string

// The exceptions that the local ECS raises.
const (
	client                    exception = "ClientException"
	clusterContainsServices   exception = "ClusterContainsServicesException"
	clusterNotFound           exception = "ClusterNotFoundException"
	invalidParameter          exception = "InvalidParameterException"
	platformUnknown           exception = "PlatformUnknownException"
	resourceNotFound          exception = "ResourceNotFoundException"
	serviceNotActiveException exception = "ServiceNotActiveException"
	serviceNotFoundException  exception = "ServiceNotFoundException"
	taskSetNotFoundException  exception = "TaskSetNotFoundException"
	unsupportedFeature        exception = "UnsupportedFeatureException"
)

func (e exception) errorf(format string, args ...any) *awswire.Error {
	return &awswire.Error{Status: http.StatusBadRequest, Code: string(e), Message: fmt.Sprintf(format, args...)}
}

func noCluster() error        { return clusterNotFound.errorf("Cluster not found.") }
func noService() error        { return serviceNotFoundException.errorf("Service not found.") }
func serviceNotActive() error { return serviceNotActiveException.errorf("Service was not ACTIVE.") }
func noTaskSet() error {
	return taskSetNotFoundException.errorf("The specified task set does not exist.")
}

// externalOnly is what ECS says about task sets of services that it deploys
// itself (ecs.md 6.4).
func externalOnly() error {
	return unsupportedFeature.errorf("Amazon ECS only supports task set management on services configured to use external deployment controllers.")
}

func notHere(what string) error {
	return unsupportedFeature.errorf("%s is not available in the local ECS.", what)
}

// shortened bounds how much of a caller's value an error repeats.
func shortened(value string) string {
	const most = 256
	if len(value) <= most {
		return value
	}
	return value[:most] + "..."
}
