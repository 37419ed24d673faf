// Command hello is the function whose traffic the tests move. It answers which
// version of it runs. LINGER makes it work that long first.
package main

import (
	"context"
	"fmt"
	"os"
	"time"

	"github.com/aws/aws-lambda-go/lambda"
)

type answer struct {
	Version  string `json:"version"`
	Greeting string `json:"greeting"`
}

func main() { lambda.Start(handle) }

func handle(context.Context) (answer, error) {
	if linger, err := time.ParseDuration(os.Getenv("LINGER")); err == nil {
		time.Sleep(linger)
	}
	a := answer{Version: os.Getenv("AWS_LAMBDA_FUNCTION_VERSION"), Greeting: os.Getenv("GREETING")}
	fmt.Printf("version %s says %q\n", a.Version, a.Greeting)
	return a, nil
}
