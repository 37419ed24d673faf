package cli

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"regexp"

	"github.com/aws/aws-sdk-go-v2/service/codedeploy/types"
	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"
)

// explain turns what the SDK returns into what a person can use: the service's
// code and message, or what went wrong on the way, and what to try next. The
// SDK's own layers (operation, attempts, request id) stay out.
func explain(err error) error {
	if err == nil || errors.Is(err, context.Canceled) {
		return err
	}
	if unsigned, ok := errors.AsType[*noCredentials](err); ok {
		return hint(fmt.Errorf("there are no AWS credentials to sign with: %w", innermost(unsigned.err)),
			"set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY; `greenlight dev` takes any")
	}
	if service, ok := errors.AsType[smithy.APIError](err); ok {
		return explainService(service)
	}
	if address, ok := errors.AsType[*url.Error](err); ok {
		return hint(fmt.Errorf("cannot reach %s: %w", origin(address.URL), innermost(address.Err)),
			"start a server with `greenlight dev`, or say where it is with --endpoint-url or AWS_ENDPOINT_URL")
	}
	if answer, ok := errors.AsType[*smithyhttp.ResponseError](err); ok {
		return hint(fmt.Errorf("the server answered HTTP %d and did not say why", answer.HTTPStatusCode()),
			"is that address a CodeDeploy endpoint?")
	}
	return innermost(err)
}

func explainService(service smithy.APIError) error {
	err := fmt.Errorf("%s: %s", service.ErrorCode(), service.ErrorMessage())
	if service.ErrorMessage() == "" {
		err = errors.New(service.ErrorCode())
	}
	switch service.ErrorCode() {
	case (*types.DeploymentLimitExceededException)(nil).ErrorCode():
		if id := deploymentID.FindString(service.ErrorMessage()); id != "" {
			return hint(err, "`greenlight watch %s` follows it, `greenlight stop %s` ends it", id, id)
		}
	case (*types.ApplicationDoesNotExistException)(nil).ErrorCode(),
		(*types.DeploymentGroupDoesNotExistException)(nil).ErrorCode(),
		(*types.DeploymentDoesNotExistException)(nil).ErrorCode():
		return hint(err, "names belong to an account and a region: is this the right profile, region and endpoint?")
	}
	return err
}

var deploymentID = regexp.MustCompile(`\bd-[A-Z0-9]{9,}\b`)

func origin(address string) string {
	parsed, err := url.Parse(address)
	if err != nil {
		return "the server"
	}
	return parsed.Scheme + "://" + parsed.Host
}

// innermost is the last error of a chain, which is where the SDK keeps the cause.
func innermost(err error) error {
	for {
		inner := errors.Unwrap(err)
		if inner == nil {
			return err
		}
		err = inner
	}
}
