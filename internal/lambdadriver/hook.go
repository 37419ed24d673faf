package lambdadriver

import (
	"context"
	"net/http"

	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"

	"greenlight/internal/awsaccess"
)

// InvokeHook hands payload to a hook function (Invoke) and does not wait for its result: the verdict is the hook's own call,
// never its return value (lambda.md 5.1). function goes out verbatim, with any version or alias it carries.
func (d *Driver) InvokeHook(ctx context.Context, as awsaccess.As, function string, payload []byte) error {
	client, err := d.clients.Get(ctx, as)
	if err != nil {
		return err
	}
	out, err := client.Invoke(ctx, &lambda.InvokeInput{
		FunctionName:   &function,
		InvocationType: types.InvocationTypeEvent,
		Payload:        payload,
	})
	if err != nil {
		return classify("Invoke", err)
	}
	if out.StatusCode != http.StatusAccepted {
		return notAccepted(int(out.StatusCode))
	}
	return nil
}

// notAccepted is a far side that answered, but not as one that queued the event.
func notAccepted(status int) error {
	return &awsaccess.Fault{
		Kind:       awsaccess.Unavailable,
		Service:    awsaccess.ServiceLambda,
		Operation:  "Invoke",
		Message:    "the event was not accepted; status 202 was expected",
		StatusCode: status,
	}
}
