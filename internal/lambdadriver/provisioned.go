package lambdadriver

import (
	"context"
	"errors"
	"net/http"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"

	"greenlight/internal/awsaccess"
)

// Provisioned is the state of an alias's provisioned concurrency.
type Provisioned struct {
	Configured bool
	Status     string // IN_PROGRESS, READY or FAILED
	Reason     string // Lambda's words for FAILED
}

// ProvisionedConcurrency reads an alias's provisioned concurrency (GetProvisionedConcurrencyConfig). An alias without it, a
// role that may not ask, and a far side that does not know the operation all answer "not configured": lambda.md 4.5 lets
// none of them break a deployment.
func (d *Driver) ProvisionedConcurrency(ctx context.Context, as awsaccess.As, function, alias string) (Provisioned, error) {
	client, err := d.clients.Get(ctx, as)
	if err != nil {
		return Provisioned{}, err
	}
	out, err := client.GetProvisionedConcurrencyConfig(ctx, &lambda.GetProvisionedConcurrencyConfigInput{
		FunctionName: &function,
		Qualifier:    &alias,
	})
	if err != nil {
		return Provisioned{}, unlessUnconfigured(classify("GetProvisionedConcurrencyConfig", err))
	}
	return Provisioned{Configured: true, Status: string(out.Status), Reason: aws.ToString(out.StatusReason)}, nil
}

func unlessUnconfigured(err error) error {
	var fault *awsaccess.Fault
	if !errors.As(err, &fault) {
		return err
	}
	switch {
	case fault.Kind == awsaccess.NotFound, fault.Kind == awsaccess.Denied:
		return nil
	case fault.StatusCode == http.StatusMethodNotAllowed, fault.StatusCode == http.StatusNotImplemented:
		return nil
	case fault.Code == "UnknownOperationException", fault.Code == "InvalidAction":
		return nil
	}
	return err
}
