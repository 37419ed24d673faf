package lambda

import (
	"bytes"
	"encoding/base64"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	client "github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"

	"greenlight/internal/localcloud/lambda/runtime"
)

const pythonFunction = `
import os
def handler(event, context):
    print("seen", event["n"])
    if event["n"] == 0:
        raise ValueError("zero")
    return {"n": event["n"], "arn": context.invoked_function_arn, "stage": os.environ["STAGE"],
            "account": os.environ["AWS_ACCESS_KEY_ID"], "endpoint": os.environ["AWS_ENDPOINT_URL"]}
`

// TestRealFunction runs Python code in a process, from upload to log.
func TestRealFunction(t *testing.T) {
	c := newCloud(t, func(o *Options) { o.newPool = nil })
	c.create("f", func(in *client.CreateFunctionInput) {
		in.Runtime, in.Handler, in.Timeout = types.RuntimePython312, aws.String("app.handler"), aws.Int32(60)
		in.Code = &types.FunctionCode{ZipFile: zipOf(t, packed{name: "app.py", content: pythonFunction})}
		in.Environment = &types.Environment{Variables: map[string]string{"STAGE": "test"}}
		in.Publish = true
	})
	out, err := c.invoke(client.InvokeInput{Qualifier: aws.String("1"), Payload: []byte(`{"n":1}`), LogType: types.LogTypeTail})
	if missing := new(types.InvalidRuntimeException); errors.As(err, &missing) {
		t.Skipf("this machine has no Python: %s", missing.ErrorMessage())
	}
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`"n":1`, testARN + ":1", `"test"`, testAccount, "http://127.0.0.1:1"} {
		if !bytes.Contains(bytes.ReplaceAll(out.Payload, []byte(": "), []byte(":")), []byte(want)) {
			t.Errorf("answer %s lacks %s", out.Payload, want)
		}
	}
	if tail, _ := base64.StdEncoding.DecodeString(*out.LogResult); !bytes.Contains(tail, []byte("seen 1")) || !bytes.Contains(tail, []byte("REPORT")) {
		t.Errorf("log tail %q", tail)
	}
	failed := must(c.invoke(client.InvokeInput{Payload: []byte(`{"n":0}`)}))(t)
	if *failed.FunctionError != "Unhandled" || !strings.Contains(string(failed.Payload), "ValueError") {
		t.Errorf("failed with %s", failed.Payload)
	}
	c.send(`{"n":7}`)
	c.advance(0)
	var seen []string
	err = c.service.Logs(t.Context(), testAccount, testRegion, "f", time.Time{}, false, func(l LogLine) error {
		if strings.HasPrefix(l.Message, "seen") {
			seen = append(seen, l.Message)
		}
		return nil
	})
	if got := strings.Join(seen, ", "); err != nil || got != "seen 1, seen 0, seen 7" {
		t.Errorf("log %q, %v", got, err)
	}
}

var _ pool = (*runtime.Pool)(nil)
