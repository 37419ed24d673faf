package demo

import (
	"context"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
)

// The deployment configurations of the function's releases.
const (
	canary     = "CodeDeployDefault.LambdaCanary10Percent5Minutes"
	canaryTime = 5 * time.Minute
	atOnce     = "CodeDeployDefault.LambdaAllAtOnce"
)

// tellFunction plays three releases of the function while the client calls.
func (s *story) tellFunction(ctx context.Context) error {
	call := func(ctx context.Context, name string) (string, error) {
		_, version, err := greet(ctx, s.cloud.functions, aws.String(greeter), alias, name)
		return version, err
	}
	s.Stage.Tell(fmt.Sprintf("Version 1 of function %s is live. From now on the client calls %s:%s %d times a second, whatever happens.",
		greeter, greeter, alias, time.Second/callEvery))
	return s.underCalls(ctx, call, s.goodRelease, s.refusedBefore, s.refusedAfter)
}

// release publishes a version, deploys it and shows the deployment until it ends.
func (s *story) release(ctx context.Context, c course, config string) (moment, error) {
	if err := s.prepare(ctx); err != nil {
		return moment{}, err
	}
	if err := s.publish(ctx, c.new); err != nil {
		return moment{}, err
	}
	id, err := s.deploy(ctx, application, group, config, appSpec(c.old, c.new))
	if err != nil {
		return moment{}, err
	}
	return s.await(ctx, id, c, s.show)
}

// functionCourse leads from one version to another.
func (s *story) functionCourse(from, to string) course { return course{from, to, canaryTime, s.Canary} }

// goodRelease goes through a canary with both hooks.
func (s *story) goodRelease(ctx context.Context) error {
	s.Stage.Title("1  Version 2 is good")
	c := s.functionCourse("1", "2")
	s.Stage.Tell(fmt.Sprintf("A canary: 10%% of the traffic for five minutes, then all of it. While it waits, time runs %d times "+
		"as fast as yours. A hook function checks before, another one after.", c.speed()))
	end, err := s.release(ctx, c, canary)
	if err != nil {
		return err
	}
	if err := s.linger(ctx, &end); err != nil {
		return err
	}
	s.Stage.Settle()
	last, total := end.Traffic.Recent, end.Traffic.Total
	waited, canary := end.shared()
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
	c := s.functionCourse("2", "3")
	end, err := s.release(ctx, c, canary)
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
	back, err := s.await(ctx, end.rollback(), c, func(moment) {})
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
	c := s.functionCourse("2", "4")
	failed, err := s.release(ctx, c, atOnce)
	if err != nil {
		return err
	}
	back, err := s.goesBack(ctx, failed, c, refusal{checkAfter, "AfterAllowTraffic"}, "the second hook refused, and the deployment failed with a reason")
	if err != nil {
		return err
	}
	return s.checkReturn(ctx, back)
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

func (s *story) aliasIsOnly(ctx context.Context, version string) (bool, error) {
	answer, err := s.cloud.functions.GetAlias(ctx, &lambda.GetAliasInput{FunctionName: aws.String(greeter), Name: aws.String(alias)})
	if err != nil {
		return false, err
	}
	split := answer.RoutingConfig != nil && len(answer.RoutingConfig.AdditionalVersionWeights) > 0
	return !split && aws.ToString(answer.FunctionVersion) == version, nil
}
