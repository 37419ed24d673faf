package elb

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"regexp"
	"strings"

	"greenlight/internal/awswire"
)

// scope is whose and where things are: what their ARNs begin with, such as
// "arn:aws:elasticloadbalancing:eu-west-1:111122223333:".
type scope string

func newScope(account, region string) scope {
	return scope("arn:" + awswire.Partition(region) + ":elasticloadbalancing:" + region + ":" + account + ":")
}

func scopeOf(ctx context.Context) scope {
	caller := awswire.CallerFrom(ctx)
	return newScope(caller.Account, caller.Region)
}

func (s scope) owns(arn string) bool { return strings.HasPrefix(arn, string(s)) }

func (s scope) region() string { return strings.Split(string(s), ":")[3] }

// kind is a kind of resource: what its ARN has after the scope.
type kind struct {
	prefix  string
	what    string // in messages
	pattern *regexp.Regexp
}

const (
	someName = `[A-Za-z0-9-]{1,32}`
	someID   = `[0-9a-f]{16}`
)

func newKind(prefix, what, path string) kind {
	return kind{prefix, what, regexp.MustCompile(`^arn:aws[a-z-]*:elasticloadbalancing:[a-z0-9-]+:[0-9]{12}:` + prefix + path + `$`)}
}

var (
	kindLoadBalancer = newKind("loadbalancer/", "load balancer", `(?:app|net)/`+someName+`/`+someID)
	kindTargetGroup  = newKind("targetgroup/", "target group", someName+`/`+someID)
	kindListener     = newKind("listener/", "listener", `(?:app|net)/`+someName+`/`+someID+`/`+someID)
	kindRule         = newKind("listener-rule/", "listener rule", `(?:app|net)/`+someName+`/`+someID+`/`+someID+`/`+someID)
)

// check refuses what is no ARN of this kind.
func (k kind) check(arn string) error {
	if !k.pattern.MatchString(arn) {
		return invalid("'%s' is not a valid %s ARN", arn, k.what)
	}
	return nil
}

func (k kind) is(arn string) bool { return k.pattern.MatchString(arn) }

// newID is what makes an ARN unique: 16 hexadecimal digits.
func newID() string {
	var id [8]byte
	_, _ = rand.Read(id[:]) // never fails
	return hex.EncodeToString(id[:])
}

func (s scope) newLoadBalancer(family, name string) string {
	return string(s) + kindLoadBalancer.prefix + family + "/" + name + "/" + newID()
}

func (s scope) newTargetGroup(name string) string {
	return string(s) + kindTargetGroup.prefix + name + "/" + newID()
}

// newListener is the ARN of a listener of a load balancer.
func newListener(loadBalancer string) string {
	return strings.Replace(loadBalancer, ":"+kindLoadBalancer.prefix, ":"+kindListener.prefix, 1) + "/" + newID()
}

// newRule is the ARN of a rule of a listener.
func newRule(listener string) string {
	return strings.Replace(listener, ":"+kindListener.prefix, ":"+kindRule.prefix, 1) + "/" + newID()
}

// listenerOfRule is the ARN of the listener that the ARN of a rule belongs to.
func listenerOfRule(rule string) string {
	listener := strings.Replace(rule, ":"+kindRule.prefix, ":"+kindListener.prefix, 1)
	return listener[:strings.LastIndexByte(listener, '/')]
}
