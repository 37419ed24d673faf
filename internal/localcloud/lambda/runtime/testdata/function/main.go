// Command function is the Lambda function that the tests run: its event says what to do.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"time"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-lambda-go/lambdacontext"
)

type event struct {
	Do    string `json:"do"`
	Text  string `json:"text"`
	Count int    `json:"count"`
}

func main() {
	switch os.Getenv("INIT") {
	case "exit":
		fmt.Println("leaving early")
		os.Exit(3)
	case "hang":
		fmt.Println("thinking")
		<-time.After(time.Hour)
	case "hang once": // the first start of several leaves a mark
		if _, err := os.Stat(os.Getenv("MARK")); err != nil {
			_ = os.WriteFile(os.Getenv("MARK"), nil, 0o600)
			<-time.After(time.Hour)
		}
	}
	lambda.Start(handle)
}

func handle(ctx context.Context, e event) (any, error) {
	switch e.Do {
	case "error":
		return nil, errors.New(e.Text)
	case "panic":
		panic(e.Text)
	case "exit":
		os.Exit(e.Count)
	case "hang":
		fmt.Println("waiting")
		<-time.After(time.Hour)
	case "family":
		return nil, family()
	case "print":
		for range e.Count {
			fmt.Println(e.Text)
		}
		fmt.Print("the end")
	case "environment":
		return os.Environ(), nil
	case "context":
		return describe(ctx), nil
	case "big":
		return strings.Repeat("x", e.Count), nil
	case "allocate":
		allocate(e.Count)
	case "pid":
		return os.Getpid(), nil
	case "meet":
		return os.Getpid(), meet(e.Text)
	}
	return e.Text, nil
}

// family starts a process that outlives this one unless the group is killed, and hangs.
func family() error {
	child := exec.Command("/bin/sh", "-c", "echo child $$; exec sleep 1000")
	child.Stdout = os.Stdout
	if err := child.Start(); err != nil {
		return err
	}
	return child.Wait()
}

func describe(ctx context.Context) map[string]any {
	c, _ := lambdacontext.FromContext(ctx)
	deadline, _ := ctx.Deadline()
	return map[string]any{
		"id":        c.AwsRequestID,
		"arn":       c.InvokedFunctionArn,
		"custom":    c.ClientContext.Custom,
		"remaining": time.Until(deadline).Milliseconds(),
	}
}

func allocate(megabytes int) {
	block := make([]byte, megabytes<<20)
	for i := 0; i < len(block); i += 4096 {
		block[i] = 1
	}
	fmt.Println("allocated")
	<-time.After(time.Hour)
}

// meet opens a pipe for reading and so waits until the test opens the other end.
func meet(path string) error {
	_, err := os.ReadFile(path)
	return err
}
