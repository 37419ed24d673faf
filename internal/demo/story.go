package demo

import (
	"context"
	"fmt"
	"sync"

	"github.com/aws/aws-sdk-go-v2/service/codedeploy/types"
)

// story is the releases, one after the other.
type story struct {
	Options
	cloud    *cloud
	client   *client // who calls in the present part
	site     site
	differed bool // something was not as told
}

// tell plays both parts. An error means that an act could not be played, or was
// not as told.
func (s *story) tell(ctx context.Context) error {
	s.Stage.Title("Greenlight: three releases of a small function, two of a web service")
	s.Stage.Tell("Server, cloud and client run in this process and meet over HTTP, at " + s.cloud.url +
		"; functions and tasks are processes of their own. No account is needed.")
	for _, part := range []func(context.Context) error{s.setUp, s.setUpSite, s.tellFunction, s.tellSite} {
		if err := part(ctx); err != nil {
			return err
		}
	}
	if s.differed {
		return ErrDiffered
	}
	return nil
}

// underCalls plays acts while a client calls, and waits for its last answers.
func (s *story) underCalls(ctx context.Context, call func(context.Context, string) (string, error), acts ...func(context.Context) error) error {
	s.client = &client{call: call}
	calling, hangUp := context.WithCancel(ctx)
	var client sync.WaitGroup
	client.Go(func() { s.client.run(calling) })
	defer client.Wait()
	defer hangUp()
	for _, act := range acts {
		if err := act(ctx); err != nil {
			return err
		}
	}
	return nil
}

// prepare gives a person time to read what a release is about, and counts the
// client's calls from then on.
func (s *story) prepare(ctx context.Context) error {
	if err := s.pause(ctx); err != nil {
		return err
	}
	s.client.begin()
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

// refusal is a hook that says no, and the event that fails by it.
type refusal struct{ hook, event string }

// goesBack tells why a deployment was refused, and shows its rollback to the end.
func (s *story) goesBack(ctx context.Context, failed moment, c course, by refusal, said string) (moment, error) {
	s.Stage.Settle()
	if err := s.quote(ctx, by.hook); err != nil {
		return moment{}, err
	}
	s.check(failed.refusedBy(by.event), "%s", said)
	s.Stage.Tell("A rollback deployment began in the same moment:")
	back, err := s.await(ctx, failed.rollback(), c, s.show)
	if err != nil {
		return moment{}, err
	}
	if err := s.linger(ctx, &back); err != nil {
		return moment{}, err
	}
	s.Stage.Settle()
	return back, nil
}
