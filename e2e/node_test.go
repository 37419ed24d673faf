package e2e

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"
)

// TestNode_FunctionAnswers: the third family of runtimes.
func TestNode_FunctionAnswers(t *testing.T) {
	t.Parallel()
	lookPath(t, "node")
	s := start(t, "real")
	must(s.lambda.CreateFunction(t.Context(), &lambda.CreateFunctionInput{
		FunctionName: aws.String(function), Role: aws.String(role), Handler: aws.String("index.handler"), Publish: true,
		Runtime: types.RuntimeNodejs20x, Timeout: aws.Int32(60), MemorySize: aws.Int32(512),
		Code: &types.FunctionCode{ZipFile: must(archive("index.mjs", "testdata/functions/node_hello/index.mjs"))(t)},
	}))(t)
	for qualifier, want := range map[string]string{"1": "1", "$LATEST": "$LATEST"} {
		if got := must(s.invoke(function, qualifier))(t); got != want {
			t.Errorf("%s answered from version %s", qualifier, got)
		}
	}
}
