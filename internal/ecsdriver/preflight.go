package ecsdriver

import (
	"fmt"

	"greenlight/internal/awsaccess"
)

// Problem is why a deployment cannot use a listener. Its message has no prefix (ecs.md 7.3).
type Problem struct {
	Code    string // one of the Code constants
	Message string
}

// What can be wrong with a listener. They are codes of this driver, not of ELB: a Fault carries them when one is met in a shift.
const (
	CodeNotBehindListener  = "NotBehindListener"
	CodeForeignTargetGroup = "ForeignTargetGroup"
	CodeGreenHasWeight     = "GreenHasWeight"
	CodeNotGradual         = "NotGradual"
	CodeNoPercentage       = "NoPercentage"
)

// Fault is the problem as the error of a call. ELB was only read then.
func (p *Problem) Fault() *awsaccess.Fault {
	return &awsaccess.Fault{
		Kind: awsaccess.Invalid, Service: awsaccess.ServiceELB, Operation: "DescribeListeners", Code: p.Code, Message: p.Message,
	}
}

// Preflight judges the listener before a deployment changes anything (ecs.md 7.3), in the order of the specification: no rule
// belongs, a foreign target group, blue missing, green with weight. It returns nil when the deployment may go on.
func (l Listener) Preflight(pair Pair) *Problem {
	if p := l.usable(pair); p != nil {
		return p
	}
	belonging := l.belonging(pair)
	for _, r := range belonging {
		if _, sum := r.weights(pair.Blue); sum == 0 || !r.names(pair.Blue) {
			return notBehind(r.ARN)
		}
	}
	for _, r := range belonging {
		if green, _ := r.weights(pair.Green); green > 0 {
			return &Problem{CodeGreenHasWeight, "Green taskset target group cannot have non-zero weight prior to traffic shifting"}
		}
	}
	return nil
}

// usable is what must hold before every shift: some rule belongs, and none that belongs names a target group outside the pair.
func (l Listener) usable(pair Pair) *Problem {
	belonging := l.belonging(pair)
	if len(belonging) == 0 {
		return notBehind(l.ARN)
	}
	for _, r := range belonging {
		if r.foreign(pair) {
			return &Problem{CodeForeignTargetGroup, fmt.Sprintf(
				"Only target group in ECS deployment group (%s, %s) can be set on listener %s.", pair.Blue, pair.Green, l.ARN)}
		}
	}
	return nil
}

func (l Listener) belonging(pair Pair) []Rule {
	var belonging []Rule
	for _, r := range l.Rules {
		if r.Belongs(pair) {
			belonging = append(belonging, r)
		}
	}
	return belonging
}

func notBehind(arn string) *Problem {
	return &Problem{CodeNotBehindListener, "Primary taskset target group must be behind listener " + arn}
}
