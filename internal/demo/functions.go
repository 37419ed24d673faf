package demo

import (
	"context"
	"errors"
	"fmt"
	"os"
	"unicode"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/config"
)

// The functions of the demo.
const (
	greeter     = "hello"        // what is released
	checkBefore = "check-before" // the hook of BeforeAllowTraffic
	checkAfter  = "check-after"  // the hook of AfterAllowTraffic
	checkGreen  = "check-green"  // the hook of AfterAllowTestTraffic
	alias       = "live"         // what callers of the greeter call
)

// testVariable is where check-green finds the address of the test listener.
const testVariable = "TEST_URL"

// RunFunction is a function's process: it serves the Lambda Runtime API and ends
// with the process. It returns only when there is no such function.
func RunFunction(ctx context.Context, name, release string) error {
	switch name {
	case greeter:
		greet, ok := releases[release]
		if !ok {
			return fmt.Errorf("function %s has no release %q", name, release)
		}
		lambda.StartWithOptions(greet, lambda.WithContext(ctx))
	case checkBefore, checkAfter, checkGreen:
		// Whom it calls is on this machine: there or gone, so once is enough.
		cfg, err := config.LoadDefaultConfig(ctx, config.WithRetryMaxAttempts(1))
		if err != nil {
			return err
		}
		lambda.StartWithOptions(newHook(cfg, checks[name]).handle, lambda.WithContext(ctx))
	}
	return fmt.Errorf("there is no function %q", name)
}

// checks is what the hooks find out about a deployment.
var checks = map[string]check{
	checkBefore: aboutFunction(asksVersion),
	checkAfter:  aboutFunction(asksAlias),
	checkGreen: func(ctx context.Context, _ *hook, _ string) (string, error) {
		return asksGreen(ctx, os.Getenv(testVariable))
	},
}

type (
	request  struct{ Name string }
	greeting struct{ Text string }
)

// releases is the greeter through its history, as a function and as a web
// service. Release n becomes version n of the function.
var releases = map[string]func(request) (greeting, error){
	"1": func(in request) (greeting, error) { return greeting{"Hello, " + in.Name + "."}, nil },
	"2": func(in request) (greeting, error) { return greeting{"Hello, " + in.Name + "! Nice to see you."}, nil },
	"3": forgetful,
	"4": plainLettersOnly,
}

// forgetful is broken for everybody.
func forgetful(request) (greeting, error) { return greeting{"Hello, %s!"}, nil }

// plainLettersOnly works when it is tried with a plain name.
func plainLettersOnly(in request) (greeting, error) {
	for _, letter := range in.Name {
		if letter > unicode.MaxASCII {
			return greeting{}, errors.New("cannot greet " + in.Name)
		}
	}
	return greeting{"Hello, " + in.Name + "! So nice to see you."}, nil
}

// names is whom the greeter is asked to greet, in turn.
var names = []string{"Ada", "Grace", "Alan", "Zoë"}
