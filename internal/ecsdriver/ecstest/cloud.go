// Package ecstest is a far side for tests of what uses ecsdriver: services, task sets, target groups and listeners with state,
// behind the driver's own methods. Listeners are judged and changed by the driver's pure functions, so the fake and the driver
// cannot come to mean different things. Every operation can be scripted to fail, to stall, and to fail after the work was done.
package ecstest

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"

	"greenlight/internal/awsaccess"
	"greenlight/internal/ecsdriver"
)

// Driver is what ecsdriver.Driver and Cloud both are.
type Driver interface {
	Service(ctx context.Context, as awsaccess.As, cluster, service string) (ecsdriver.Service, error)
	CreateTaskSet(ctx context.Context, as awsaccess.As, spec ecsdriver.TaskSetSpec) (ecsdriver.TaskSet, error)
	PromoteTaskSet(ctx context.Context, as awsaccess.As, cluster, service, taskSet string) error
	DeleteTaskSet(ctx context.Context, as awsaccess.As, cluster, service, taskSet string) error
	TargetGroups(ctx context.Context, as awsaccess.As, names []string) ([]ecsdriver.TargetGroup, error)
	Listener(ctx context.Context, as awsaccess.As, arn string) (ecsdriver.Listener, error)
	Attach(ctx context.Context, as awsaccess.As, listener string, pair ecsdriver.Pair) (ecsdriver.Share, error)
	Shift(ctx context.Context, as awsaccess.As, listener string, pair ecsdriver.Pair, green int) (ecsdriver.Share, error)
	Normalize(ctx context.Context, as awsaccess.As, listener string, pair ecsdriver.Pair) error
}

var (
	_ Driver = (*ecsdriver.Driver)(nil)
	_ Driver = (*Cloud)(nil)
)

// Cloud is the far side. It is safe for concurrent use. All accounts and regions see the same things; calls tell who made them.
type Cloud struct {
	mu          sync.Mutex
	services    map[place]*service
	groups      map[string]*ecsdriver.TargetGroup // by name
	listeners   map[string]*ecsdriver.Listener    // by ARN
	failures    map[string][]*script
	calls       []Call
	onCall      func(Call)
	steady      bool
	keepDrained bool
	made        int
}

type place struct{ cluster, name string }

type service struct {
	ecsdriver.Service
	tokens map[string]string // client token -> id of the task set made for it
	shown  map[string]bool   // ids of draining task sets that were shown once
}

// New returns a far side with nothing in it.
func New() *Cloud {
	return &Cloud{
		services:  map[place]*service{},
		groups:    map[string]*ecsdriver.TargetGroup{},
		listeners: map[string]*ecsdriver.Listener{},
		failures:  map[string][]*script{},
	}
}

const (
	account = "123456789012"
	prefix  = "arn:aws:elasticloadbalancing:eu-west-1:" + account + ":"
)

// TargetGroupARN is the ARN of the target group that AddTargetGroup makes under a name.
func TargetGroupARN(name string) string { return prefix + "targetgroup/" + name + "/0123456789abcdef" }

// ListenerARN is a listener's ARN on the load balancer "lb" of type "app" or "net".
func ListenerARN(kind, name string) string {
	return prefix + "listener/" + kind + "/lb/0123456789abcdef/" + name
}

// AddTargetGroup makes a target group and returns its ARN. It is on the load balancers of the listeners that name it.
func (c *Cloud) AddTargetGroup(name string) string {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.groups[name] = &ecsdriver.TargetGroup{Name: name, ARN: TargetGroupARN(name), Protocol: "HTTP"}
	return TargetGroupARN(name)
}

// RemoveTargetGroup takes a target group away; rules that name it go on doing so.
func (c *Cloud) RemoveTargetGroup(name string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.groups, name)
}

// AddService makes an active CODE_DEPLOY service whose primary task set runs a task definition on a target group and is steady.
// It returns that task set.
func (c *Cloud) AddService(cluster, name string, desired int, taskDefinition, targetGroupARN string) ecsdriver.TaskSet {
	c.mu.Lock()
	defer c.mu.Unlock()
	s := &service{tokens: map[string]string{}, shown: map[string]bool{}, Service: ecsdriver.Service{
		ARN:          "arn:aws:ecs:eu-west-1:" + account + ":service/" + cluster + "/" + name,
		Name:         name,
		ClusterARN:   "arn:aws:ecs:eu-west-1:" + account + ":cluster/" + cluster,
		Status:       ecsdriver.StatusActive,
		Controller:   "CODE_DEPLOY",
		DesiredCount: desired,
	}}
	c.services[place{cluster, name}] = s
	set := c.newTaskSet(s, ecsdriver.TaskSetSpec{
		Cluster: cluster, Service: name, TaskDefinition: taskDefinition, TargetGroupARN: targetGroupARN, LaunchType: "FARGATE",
	})
	set.Status = ecsdriver.StatusPrimary
	settle(&set)
	s.TaskSets = append(s.TaskSets, set)
	return set
}

// RemoveService takes a service away with its task sets: it is MISSING from now on.
func (c *Cloud) RemoveService(cluster, name string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.services, at(cluster, name))
}

// EditService changes a service as somebody else would, for example its status, desired count or task sets. It panics when
// there is none, which is a mistake in the test.
func (c *Cloud) EditService(cluster, name string, edit func(*ecsdriver.Service)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	edit(&c.mustService(cluster, name).Service)
}

// AddListener makes a listener with rules; the one made by Default is its default action. Rules get ARNs of their own.
func (c *Cloud) AddListener(arn string, rules ...ecsdriver.Rule) {
	rules = slices.Clone(rules)
	for i := range rules {
		rules[i].ARN = arn
		if !rules[i].Default {
			rules[i].ARN = RuleARN(arn, rules[i].Priority)
		}
	}
	slices.SortFunc(rules, func(a, b ecsdriver.Rule) int {
		if a.Default != b.Default {
			return map[bool]int{false: -1, true: 1}[a.Default]
		}
		return a.Priority - b.Priority
	})
	c.mu.Lock()
	defer c.mu.Unlock()
	c.listeners[arn] = &ecsdriver.Listener{
		ARN: arn, LoadBalancerARN: loadBalancer(arn), Protocol: "HTTP", Application: strings.Contains(arn, ":listener/app/"), Rules: rules,
	}
}

// RemoveListener takes a listener away.
func (c *Cloud) RemoveListener(arn string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.listeners, arn)
}

// SetForward points a rule of a listener somewhere else, as somebody else would. rule is the listener's own ARN for the default
// action. It panics when there is no such rule, which is a mistake in the test.
func (c *Cloud) SetForward(listener, rule string, forward ...ecsdriver.Weighted) {
	c.mu.Lock()
	defer c.mu.Unlock()
	l := c.listeners[listener]
	if l != nil {
		if i := slices.IndexFunc(l.Rules, func(r ecsdriver.Rule) bool { return r.ARN == rule }); i >= 0 {
			l.Rules[i].Forward = forward
			return
		}
	}
	panic(fmt.Sprintf("ecstest: no rule %s on listener %s", rule, listener))
}

// RuleARN is the ARN of a listener's rule of a priority.
func RuleARN(listener string, priority int) string {
	return fmt.Sprintf("%s/%d", strings.Replace(listener, ":listener/", ":listener-rule/", 1), priority)
}

// To is all of the traffic to one target group.
func To(targetGroupARN string) ecsdriver.Weighted {
	return ecsdriver.Weighted{TargetGroupARN: targetGroupARN, Weight: 1}
}

// Default is a default action; without groups, one that answers by itself.
func Default(forward ...ecsdriver.Weighted) ecsdriver.Rule {
	return ecsdriver.Rule{Default: true, Forward: forward}
}

// At is a rule of a priority.
func At(priority int, forward ...ecsdriver.Weighted) ecsdriver.Rule {
	return ecsdriver.Rule{Priority: priority, Forward: forward}
}

func loadBalancer(listener string) string {
	cut := strings.LastIndex(listener, "/")
	return strings.Replace(listener[:max(cut, 0)], ":listener/", ":loadbalancer/", 1)
}

// at takes clusters and services by name or ARN.
func at(cluster, name string) place { return place{last(cluster), last(name)} }

func last(path string) string { return path[strings.LastIndex(path, "/")+1:] }

func (c *Cloud) mustService(cluster, name string) *service {
	s := c.services[at(cluster, name)]
	if s == nil {
		panic(fmt.Sprintf("ecstest: no service %s in cluster %s", name, cluster))
	}
	return s
}
