package ecsdriver

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	elb "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"

	"greenlight/internal/awsaccess"
)

// putBackTime bounds the work of undoing a half-written shift, which goes on when the caller's context has ended.
const putBackTime = 15 * time.Second

// Attach names green with weight 0 beside blue in every belonging rule, so that green's health is checked before it gets
// traffic (ecs.md 6.2, Install), and returns the share afterwards. It writes nothing on a Network Load Balancer. Errors as Shift.
func (d *Driver) Attach(ctx context.Context, as awsaccess.As, listener string, pair Pair) (Share, error) {
	return d.change(ctx, as, listener, pair, func(l Listener) ([]Change, *Problem) { return l.Attaching(pair) })
}

// Shift gives green percent (0 to 100) of the traffic of every belonging rule to green and the rest to blue (ecs.md 7.4): the
// listener is read again, rules that differ are written by priority, the default action last. It returns the share afterwards.
// When a write fails, those before it are put back. A Fault Invalid with one of the Code constants is a listener that somebody
// changed so that it cannot be shifted; nothing was written then.
func (d *Driver) Shift(ctx context.Context, as awsaccess.As, listener string, pair Pair, green int) (Share, error) {
	if green < 0 || green > 100 {
		return Share{}, (&Problem{CodeNoPercentage, fmt.Sprintf("%d is no percentage: 0 to 100 is", green)}).Fault()
	}
	return d.change(ctx, as, listener, pair, func(l Listener) ([]Change, *Problem) { return l.Shifting(pair, green) })
}

// Normalize gives blue everything on the belonging rules of a listener where it has not (ecs.md 3.3). That no rule belongs is no
// error here.
func (d *Driver) Normalize(ctx context.Context, as awsaccess.As, listener string, pair Pair) error {
	_, err := d.change(ctx, as, listener, pair, func(l Listener) ([]Change, *Problem) { return l.Normalizing(pair), nil })
	return err
}

func (d *Driver) change(
	ctx context.Context, as awsaccess.As, listener string, pair Pair, plan func(Listener) ([]Change, *Problem),
) (Share, error) {
	client, err := d.elb.Get(ctx, as)
	if err != nil {
		return Share{}, err
	}
	l, err := readListener(ctx, client, listener)
	if err != nil {
		return Share{}, err
	}
	changes, problem := plan(l)
	if problem != nil {
		return Share{}, problem.Fault()
	}
	if err := write(ctx, client, changes); err != nil {
		return Share{}, err
	}
	share, _ := l.With(changes).Share(pair)
	return share, nil
}

// write makes the changes one by one. ELB has no transaction, so a failure puts the earlier ones back. When the first one fails
// there is nothing to undo: whether it was carried out is seen when the listener is read next.
func write(ctx context.Context, client *elb.Client, changes []Change) error {
	for i, c := range changes {
		err := modify(ctx, client, c.Rule, withForward(c.Rule.actions, c.Forward))
		if err == nil {
			continue
		}
		done := i
		if i > 0 && unanswered(err) {
			done++ // it may have been carried out all the same
		}
		return putBack(ctx, client, changes[:done], err)
	}
	return nil
}

func modify(ctx context.Context, client *elb.Client, r Rule, actions []types.Action) error {
	if r.Default {
		_, err := client.ModifyListener(ctx, &elb.ModifyListenerInput{ListenerArn: &r.ARN, DefaultActions: actions})
		return classifyELB("ModifyListener", err)
	}
	_, err := client.ModifyRule(ctx, &elb.ModifyRuleInput{RuleArn: &r.ARN, Actions: actions})
	return classifyELB("ModifyRule", err)
}

// unanswered tells whether the outcome of a write is unknown: only a refusal says that nothing was done.
func unanswered(err error) bool {
	fault, ok := errors.AsType[*awsaccess.Fault](err)
	return !ok || fault.StatusCode < http.StatusBadRequest || fault.StatusCode >= http.StatusInternalServerError
}

// putBack restores rules, the last one first, and returns why. What cannot be restored is named in the fault's message.
func putBack(ctx context.Context, client *elb.Client, changes []Change, why error) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), putBackTime)
	defer cancel()
	var left []string
	for _, c := range slices.Backward(changes) {
		if modify(ctx, client, c.Rule, writable(c.Rule.actions)) != nil {
			left = append(left, c.Rule.ARN)
		}
	}
	fault, ok := errors.AsType[*awsaccess.Fault](why)
	if len(left) == 0 || !ok {
		return why
	}
	told := *fault
	told.Message = fmt.Sprintf("%s (already changed and could not be put back: %q)", fault.Message, left)
	return &told
}
