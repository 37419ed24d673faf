package demo

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
)

// The deployment configuration of the web service's releases.
const (
	linear     = "CodeDeployDefault.ECSLinear10PercentEvery1Minutes"
	linearTime = 9 * time.Minute
)

// tellSite plays two releases of the web service while the client asks.
func (s *story) tellSite(ctx context.Context) error {
	s.Stage.Title("The same greetings, as a web service behind a load balancer")
	if err := s.awaitSite(ctx); err != nil {
		return err
	}
	s.Stage.Tell(fmt.Sprintf("ECS keeps %d tasks of release 1. From now on the client asks %s %d times a second, whatever happens. "+
		"The test listener, %s, is for hooks.", tasks, s.site.url, time.Second/callEvery, s.site.testURL))
	browser := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: maxUnderWay}}
	defer browser.CloseIdleConnections()
	call := func(ctx context.Context, name string) (string, error) {
		_, release, err := ask(ctx, browser, s.site.url, name)
		return release, err
	}
	return s.underCalls(ctx, call, s.goodGreen, s.refusedGreen)
}

// siteCourse leads from one release to another.
func (s *story) siteCourse(from, to string) course { return course{from, to, linearTime, s.Linear} }

// replace registers a release, deploys it and shows the deployment until it ends.
func (s *story) replace(ctx context.Context, c course) (moment, error) {
	if err := s.prepare(ctx); err != nil {
		return moment{}, err
	}
	definition, err := s.register(ctx, c.new)
	if err != nil {
		return moment{}, err
	}
	id, err := s.deploy(ctx, siteApplication, siteGroup, linear, siteSpec(definition))
	if err != nil {
		return moment{}, err
	}
	return s.await(ctx, id, c, s.show)
}

// goodGreen passes its test and takes the traffic over in ten steps.
func (s *story) goodGreen(ctx context.Context) error {
	s.Stage.Title("4  Release 2 is good")
	c := s.siteCourse("1", "2")
	s.Stage.Tell(fmt.Sprintf("New tasks start beside the old ones. A hook function tests them through the test listener; then "+
		"the traffic shifts, 10%% a minute, and time runs %d times as fast as yours.", c.speed()))
	end, err := s.replace(ctx, c)
	if err != nil {
		return err
	}
	if err := s.linger(ctx, &end); err != nil {
		return err
	}
	s.Stage.Settle()
	if err := s.quote(ctx, checkGreen); err != nil {
		return err
	}
	last, total := end.Traffic.Recent, end.Traffic.Total
	all, fromNew := end.shared()
	s.check(end.succeeded() && end.event("AfterAllowTestTraffic") == succeeded,
		"the hook said yes, and the deployment succeeded")
	s.check(fromNew > 0 && fromNew < all,
		"while the traffic shifted, %d of %d answers were from release 2: %d%%", fromNew, all, share(fromNew, all))
	s.check(last.Calls > 0 && last.Versions["2"] == last.Calls,
		"in the last second, all %d answers were from release 2", last.Calls)
	s.check(total.Failures == 0, "the client saw %s in %d requests", count(total.Failures, "error"), total.Calls)
	return nil
}

// refusedGreen fails its test: no client ever reaches it.
func (s *story) refusedGreen(ctx context.Context) error {
	s.Stage.Title("5  Release 3 is broken, and no client ever sees it")
	s.Stage.Tell("Its tasks are healthy, but they answer everybody wrongly. The hook finds that out through the test " +
		"listener, while the clients' still leads to release 2 alone.")
	c := s.siteCourse("2", "3")
	failed, err := s.replace(ctx, c)
	if err != nil {
		return err
	}
	back, err := s.goesBack(ctx, failed, c, refusal{checkGreen, "AfterAllowTestTraffic"}, "the hook refused, and the deployment failed with a reason")
	if err != nil {
		return err
	}
	return s.checkUnseen(ctx, back)
}

// checkUnseen compares what the rollback left with what it should have.
func (s *story) checkUnseen(ctx context.Context, back moment) error {
	sets, err := s.taskSets(ctx)
	if err != nil {
		return err
	}
	_, tested, err := ask(ctx, http.DefaultClient, s.site.testURL, names[0])
	only := err == nil && tested == "2" && len(sets) == 1 && aws.ToString(sets[0].Status) == "PRIMARY"
	last, total := back.Traffic.Recent, back.Traffic.Total
	s.check(back.succeeded() && only, "the rollback succeeded: the tasks of release 3 are gone, and both listeners lead to release 2")
	s.check(total.Versions["3"] == 0 && total.Versions["2"] == total.Calls && total.Calls > 0,
		"release 3 answered none of the client's %d requests, release 2 all", total.Calls)
	s.check(last.Calls > 0 && total.Failures == 0, "the client saw %s", count(total.Failures, "error"))
	return nil
}
