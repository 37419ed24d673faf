package lambdadriver

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/smithy-go/middleware"
	smithyhttp "github.com/aws/smithy-go/transport/http"
)

func newClient(cfg aws.Config) *lambda.Client {
	return lambda.NewFromConfig(cfg, func(o *lambda.Options) {
		o.APIOptions = append(o.APIOptions, lean)
	})
}

// lean takes out of a call's stack what the engine has no use for: it retries by itself, corrects no clock, logs no bodies
// and reads no timings. The SDK builds the stack anew for every call, and with everything in it a call costs a seventh more.
// An id that the SDK no longer knows is skipped; TestCallsStayLean notices.
func lean(stack *middleware.Stack) error {
	for _, id := range []string{"ClientRequestID", "RecursionDetection", "UserAgent"} {
		stack.Build.Remove(id)
	}
	for _, id := range []string{"Retry", "InterceptBeforeRetryLoop", "InterceptAttempt", "disableHTTPS"} {
		stack.Finalize.Remove(id)
	}
	for _, id := range []string{"RecordResponseTiming", "RequestResponseLogger", "AddRawResponseToMetadata"} {
		stack.Deserialize.Remove(id)
	}
	return stack.Build.Add(userAgent, middleware.After)
}

// userAgent is what the audit trail of the account shows for our calls, instead of a description of the SDK and the machine.
var userAgent = middleware.BuildMiddlewareFunc("UserAgent", func(
	ctx context.Context, in middleware.BuildInput, next middleware.BuildHandler,
) (middleware.BuildOutput, middleware.Metadata, error) {
	if req, ok := in.Request.(*smithyhttp.Request); ok {
		req.Header.Set("User-Agent", "greenlight")
	}
	return next.HandleBuild(ctx, in)
})
