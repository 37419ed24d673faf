package e2e

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/codedeploy"
	"github.com/aws/smithy-go"
)

// sdkStep is one call of one operation of the Go SDK, with a judgement of what
// came back.
type sdkStep struct {
	operation string
	refusal   string // the exception that is wanted; "" for an answer
	call      func(context.Context) error
}

// sdkOperation is a method of the SDK's client.
type sdkOperation[In, Out any] func(context.Context, *In, ...func(*codedeploy.Options)) (*Out, error)

// operationOf is the name of the operation with this input.
func operationOf[In any]() string { return strings.TrimSuffix(reflect.TypeFor[In]().Name(), "Input") }

// answers is a call whose answer must be as wanted.
func answers[In, Out any](operation sdkOperation[In, Out], in In, wanted func(*Out) bool) sdkStep {
	return sdkStep{operation: operationOf[In](), call: func(ctx context.Context) error {
		out, err := operation(ctx, &in)
		if err == nil && !wanted(out) {
			return fmt.Errorf("not as wanted: %+v", *out)
		}
		return err
	}}
}

// succeeds is a call that has nothing to answer.
func succeeds[In, Out any](operation sdkOperation[In, Out], in In) sdkStep {
	return answers(operation, in, func(*Out) bool { return true })
}

// modelled is an exception that the SDK has a type for.
type modelled[T any] interface {
	*T
	smithy.APIError
}

// refuses is a call that must end in the exception E, which the SDK has to
// recognize, with a message.
func refuses[E any, In, Out any, P modelled[E]](operation sdkOperation[In, Out], in In) sdkStep {
	name := reflect.TypeFor[E]().Name()
	return sdkStep{operation: operationOf[In](), refusal: name, call: func(ctx context.Context) error {
		_, err := operation(ctx, &in)
		if fault, ok := errors.AsType[P](err); !ok || fault.ErrorMessage() == "" {
			return fmt.Errorf("not that exception with a message: %w", err)
		}
		return nil
	}}
}

// TestGoSDK_AllOperations calls each of the 47 operations with real signatures:
// each is answered and decodes, and each is refused with an exception that the
// SDK knows, save where the list below says that it cannot be.
func TestGoSDK_AllOperations(t *testing.T) {
	t.Parallel()
	p := startProduction(t)
	p.aws.createHello(function, live)
	hooks := newHookRecord(t)
	p.aws.createHook(hookBefore, "", hooks)

	answered, refused := map[string]bool{}, map[string]bool{}
	walk := func(name string, steps []sdkStep) {
		t.Run(name, func(t *testing.T) {
			for _, step := range steps {
				if err := step.call(t.Context()); err != nil {
					t.Fatalf("%s %s: %v", step.operation, step.refusal, err)
				}
				answered[step.operation] = answered[step.operation] || step.refusal == ""
				refused[step.operation] = refused[step.operation] || step.refusal != ""
			}
		})
	}
	api := p.codeDeploy
	walk("applications", applicationSteps(api))
	walk("configurations", configSteps(api))
	walk("groups", groupSteps(api))
	walk("revisions", revisionSteps(api))
	walk("on-premises instances", onPremisesSteps(api))
	walk("tags", tagSteps(api))
	walk("GitHub and CloudFormation", externalSteps(api))
	done, waiting := p.twoDeployments(hooks)
	walk("deployments", deploymentSteps(api, done, waiting))
	walk("targets", targetSteps(api, done))
	walk("deprecated", deprecatedSteps(api, done))
	walk("hooks", hookSteps(api, waiting, hooks.await(t, 1)[0].Payload.ExecutionID))
	p.awaitEnd(waiting)
	walk("stops", stopSteps(api, done))
	walk("deletions", deletionSteps(api))
	checkCoverage(t, "answered", answered, []string{
		"ContinueDeployment",                 // no platform with a wait has a driver yet
		"DeleteGitHubAccountToken",           // no token can be there
		"SkipWaitTimeForInstanceTermination", // as the first
	})
	checkCoverage(t, "refused", refused, []string{
		"DeleteResourcesByExternalId", // has no exception
	})
}

// checkCoverage wants every operation that the client has to be among those
// seen, save the given ones, which must not be.
func checkCoverage(t *testing.T, what string, seen map[string]bool, save []string) {
	t.Helper()
	all := clientOperations()
	if len(all) != 47 {
		t.Errorf("the client has %d operations: %v", len(all), all)
	}
	missing := slices.DeleteFunc(all, func(name string) bool { return seen[name] })
	if !slices.Equal(missing, save) {
		t.Errorf("never %s were %v, expected %v", what, missing, save)
	}
}

// clientOperations are the methods of the client that take an input and answer
// an output, sorted.
func clientOperations() []string {
	var names []string
	for method := range reflect.TypeFor[*codedeploy.Client]().Methods() {
		if method.Type.NumIn() == 4 && strings.HasSuffix(method.Type.In(2).String(), "."+method.Name+"Input") {
			names = append(names, method.Name)
		}
	}
	return names
}

// twoDeployments makes one that has succeeded and one that waits for a hook.
func (p *production) twoDeployments(hooks *hookRecord) (done, waiting string) {
	p.t.Helper()
	p.createGroup(application, group, allAtOnce)
	done = p.deploy(firstRelease("", ""), allAtOnce)
	waiter := codedeploy.NewDeploymentSuccessfulWaiter(p.codeDeploy, func(o *codedeploy.DeploymentSuccessfulWaiterOptions) {
		o.MinDelay, o.MaxDelay = pollPeriod, pollPeriod
	})
	must(0, waiter.Wait(p.t.Context(), &codedeploy.GetDeploymentInput{DeploymentId: &done}, patience))(p.t)
	waiting = p.deploy(release{function: function, alias: live, from: "2", to: "1", before: hookBefore}, allAtOnce)
	hooks.await(p.t, 1)
	return done, waiting
}

// has says whether a text is there and not empty.
func has(text *string) bool { return aws.ToString(text) != "" }
