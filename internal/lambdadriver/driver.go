// Package lambdadriver is the engine's hand on Lambda: it reads and moves aliases, reads provisioned concurrency and invokes
// hook functions, each with the one call that AWS CodeDeploy's own role allows (lambda.md 4.2). It reports in Lambda's terms
// and never sets a status. Nothing is retried here; every error is an *awsaccess.Fault or the end of the context.
package lambdadriver

import (
	"github.com/aws/aws-sdk-go-v2/service/lambda"

	"greenlight/internal/awsaccess"
)

// Driver calls Lambda. It is safe for concurrent use.
type Driver struct {
	clients *awsaccess.Cache[*lambda.Client]
}

// New returns a driver that calls Lambda through access.
func New(access *awsaccess.Access) *Driver {
	return &Driver{clients: awsaccess.Clients(access, newClient)}
}

func classify(operation string, err error) error {
	return awsaccess.Classify(awsaccess.ServiceLambda, operation, err)
}
