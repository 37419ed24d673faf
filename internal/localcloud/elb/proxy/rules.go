package proxy

import "time"

// Rule is what is done with the requests that meet all of its conditions.
// Rules are asked in the order given to [Listener.Swap].
type Rule struct {
	Conditions []Condition
	Action     Action
}

// Kind is what a condition looks at, in the words of the ELBv2 API's
// RuleCondition.Field.
type Kind string

// The kinds of conditions.
const (
	PathPattern Kind = "path-pattern"        // the path without the query; case-sensitive
	HostHeader  Kind = "host-header"         // the host without the port
	HTTPHeader  Kind = "http-header"         // any whole value of Condition.Header
	Method      Kind = "http-request-method" // exact, no wildcards
	QueryString Kind = "query-string"        // any pair of Condition.Query
	SourceIP    Kind = "source-ip"           // CIDR blocks, against the address that connected
)

// Condition is met when one of its values matches. In patterns * is any text
// and ? any one character; upper and lower case are the same except in paths.
// An unknown kind and a CIDR block that is none are never met.
type Condition struct {
	Kind   Kind
	Header string     // of HTTPHeader: the name
	Values []string   // of all kinds but QueryString
	Query  []KeyValue // of QueryString
}

// KeyValue is a pattern for one pair of a query. An empty key stands for any.
type KeyValue struct{ Key, Value string }

// Action is exactly one of its members; an empty action answers 503.
type Action struct {
	Forward  *Forward
	Fixed    *FixedResponse
	Redirect *Redirect
}

// Forward sends each request to one of some groups, chosen anew per request
// with the probability of the group's weight in the sum of all: 0 means never,
// and when all weights are 0 the answer is 503.
type Forward struct {
	Groups []Weighted
	// Stickiness is how long a client stays with the group first chosen for it
	// (cookie AWSALBTG); 0 is off. A group of weight 0 is left all the same.
	Stickiness time.Duration
}

// Weighted is a group and its share. The ARN is what the cookie remembers, so
// that a client keeps its group over a restart.
type Weighted struct {
	Group  *Group
	ARN    string
	Weight int
}

// FixedResponse is answered without asking a target.
type FixedResponse struct {
	StatusCode  int // 200 to 599
	ContentType string
	Body        string
}

// Redirect answers with another address. In all members but StatusCode the
// words #{protocol} #{host} #{port} #{path} #{query} stand for the request's;
// #{path} is without its leading slash. An empty Protocol, Host, Port or Path
// keeps the request's, as the API's defaults do; so does a nil Query, while an
// empty one removes the query.
type Redirect struct {
	StatusCode                 int // 301 or 302
	Protocol, Host, Port, Path string
	Query                      *string
}
