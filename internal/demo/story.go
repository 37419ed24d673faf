package demo

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/codedeploy/types"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
)

// The deployment configurations of the story.
const (
	canary     = "CodeDeployDefault.LambdaCanary10Percent5Minutes"
	canaryTime = 5 * time.Minute
	atOnce     = "CodeDeployDefault.LambdaAllAtOnce"
)

// story is the three releases, one after the other.
type story struct {
	Options
	cloud    *cloud
	client   *client
	differed bool // something was not as told
}

// tell plays the acts while the client calls. An error means that an act could
// not be played, or was not as told.
func (s *story) tell(ctx context.Context) error {
	s.Stage.Title("Greenlight: three releases of a small function")
	s.Stage.Tell("Server, cloud and client run in this process and meet over HTTP, at " + s.cloud.url +
		"; functions are processes of their own. No account is needed.")
	if err := s.setUp(ctx); err != nil {
		return err
	}
	calling, hangUp := context.WithCancel(ctx)
	var client sync.WaitGroup
	client.Go(func() { s.client.run(calling) })
	defer client.Wait()
	defer hangUp()
	s.Stage.Tell(fmt.Sprintf("Version 1 of function %s is live. From now on the client calls %s:%s %d times a second, whatever happens.",
		greeter, greeter, alias, time.Second/callEvery))
	for _, act := range []func(context.Context) error{s.goodRelease, s.refusedBefore, s.refusedAfter} {
		if err := act(ctx); err != nil {
			return err
		}
	}
	if s.differed {
		return ErrDiffered
	}
	return nil
}

// goodRelease goes through a canary with both hooks.
func (s *story) goodRelease(ctx context.Context) error {
	s.Stage.Title("1  Version 2 is good")
	s.Stage.Tell(fmt.Sprintf("A canary: 10%% of the traffic for five minutes, then all of it. While it waits, time runs %d times "+
		"as fast as yours. A hook function checks before, another one after.", s.speed()))
	if err := s.prepare(ctx, 2); err != nil {
		return err
	}
	end, err := s.release(ctx, 1, 2, canary)
	if err != nil {
		return err
	}
	if err := s.linger(ctx, &end); err != nil {
		return err
	}
	s.Stage.Settle()
	last, total := end.Traffic.Recent, end.Traffic.Total
	waited, canary := end.during.Calls-end.before.Calls, end.during.Versions["2"]-end.before.Versions["2"]
	s.check(end.succeeded() && end.event("BeforeAllowTraffic") == succeeded && end.event("AfterAllowTraffic") == succeeded,
		"both hooks said yes, and the deployment succeeded")
	s.check(canary > 0 && canary < waited/2,
		"while the canary waited, %d of %d answers were from version 2: %d%%", canary, waited, share(canary, waited))
	s.check(last.Calls > 0 && last.Versions["2"] == last.Calls,
		"in the last second, all %d answers were from version 2", last.Calls)
	s.check(total.Failures == 0, "the client saw %s in %d calls", count(total.Failures, "error"), total.Calls)
	return nil
}

// refusedBefore is refused by the first hook: nothing shifts.
func (s *story) refusedBefore(ctx context.Context) error {
	s.Stage.Title("2  Version 3 is broken, and never gets a caller")
	s.Stage.Tell("It answers everybody wrongly. The first hook asks it directly, before any traffic is moved.")
	if err := s.prepare(ctx, 3); err != nil {
		return err
	}
	end, err := s.release(ctx, 2, 3, canary)
	if err != nil {
		return err
	}
	if err := s.linger(ctx, &end); err != nil {
		return err
	}
	s.Stage.Settle()
	if err := s.quote(ctx, checkBefore); err != nil {
		return err
	}
	s.check(end.refusedBy("BeforeAllowTraffic"), "the hook refused, and the deployment failed with a reason")
	back, err := s.await(ctx, end.rollback(), func(moment) {})
	if err != nil {
		return err
	}
	only, err := s.aliasIsOnly(ctx, "2")
	if err != nil {
		return err
	}
	total := end.Traffic.Total
	s.check(total.Versions["3"] == 0 && total.Calls > 0,
		"nothing shifted: version 3 got %d of %d calls", total.Versions["3"], total.Calls)
	s.check(back.succeeded() && only, "so the rollback found nothing to undo: %s still leads to version 2 alone", alias)
	s.check(total.Failures == 0, "the client saw %s", count(total.Failures, "error"))
	return nil
}

// refusedAfter is refused by the second hook: the traffic comes back.
func (s *story) refusedAfter(ctx context.Context) error {
	s.Stage.Title("3  Version 4 fails under real traffic, and goes back by itself")
	s.Stage.Tell("It does well when the first hook tries it, but fails for one caller in four. This time all traffic shifts " +
		"at once; the second hook calls as the callers do.")
	if err := s.prepare(ctx, 4); err != nil {
		return err
	}
	failed, err := s.release(ctx, 2, 4, atOnce)
	if err != nil {
		return err
	}
	s.Stage.Settle()
	if err := s.quote(ctx, checkAfter); err != nil {
		return err
	}
	s.check(failed.refusedBy("AfterAllowTraffic"), "the second hook refused, and the deployment failed with a reason")
	s.Stage.Tell("A rollback deployment began in the same moment:")
	back, err := s.await(ctx, failed.rollback(), s.show)
	if err != nil {
		return err
	}
	if err := s.linger(ctx, &back); err != nil {
		return err
	}
	s.Stage.Settle()
	return s.checkReturn(ctx, back)
}

// prepare publishes a release, and gives a person time to read what it is about.
func (s *story) prepare(ctx context.Context, release int) error {
	if err := s.pause(ctx); err != nil {
		return err
	}
	s.client.begin()
	return s.publish(ctx, release)
}

// checkReturn compares what the rollback left with what it should have.
func (s *story) checkReturn(ctx context.Context, back moment) error {
	only, err := s.aliasIsOnly(ctx, "2")
	if err != nil {
		return err
	}
	last, total := back.Traffic.Recent, back.Traffic.Total
	s.check(total.Failures > 0 && total.Versions["4"] > 0,
		"version 4 had answered %s; the client saw %s", count(total.Versions["4"], "call"), count(total.Failures, "error"))
	s.check(back.succeeded() && only, "the rollback succeeded: %s leads to version 2 alone", alias)
	s.check(last.Calls > 0 && last.Versions["2"] == last.Calls && last.Failures == 0,
		"in the last second, all %d answers were from version 2, with %s", last.Calls, count(last.Failures, "error"))
	return nil
}

// quote shows why a hook decided as it did: its report has no room for it.
func (s *story) quote(ctx context.Context, function string) error {
	said, err := s.cloud.logged(ctx, function, verdict)
	if err != nil {
		return err
	}
	if said == "" {
		return fmt.Errorf("function %s has not logged what it found", function)
	}
	s.Stage.Tell(function + " wrote into its log: " + said)
	return nil
}

func (s *story) aliasIsOnly(ctx context.Context, version string) (bool, error) {
	answer, err := s.cloud.functions.GetAlias(ctx, &lambda.GetAliasInput{FunctionName: aws.String(greeter), Name: aws.String(alias)})
	if err != nil {
		return false, err
	}
	split := answer.RoutingConfig != nil && len(answer.RoutingConfig.AdditionalVersionWeights) > 0
	return !split && aws.ToString(answer.FunctionVersion) == version, nil
}

func (s *story) check(held bool, format string, a ...any) {
	s.differed = s.differed || !held
	s.Stage.Check(held, fmt.Sprintf(format, a...))
}

const succeeded = types.LifecycleEventStatusSucceeded

// share is a part of a whole in percent.
func share(part, whole int) int {
	if whole == 0 {
		return 0
	}
	return (100*part + whole/2) / whole
}

// count is a number of things: no errors, 1 error, 2 errors.
func count(n int, thing string) string {
	switch n {
	case 0:
		return "no " + thing + "s"
	case 1:
		return "1 " + thing
	}
	return fmt.Sprintf("%d %ss", n, thing)
}
