package awswire

import (
	"context"
	"log/slog"
	"strings"
)

// Caller is who signed a request and where it is meant to act. Account and Region key everything a service stores.
type Caller struct {
	Account      string // 12 digits
	Region       string // from the credential scope
	Partition    string // "aws", "aws-cn", ...: follows from Region
	AccessKeyID  string
	PrincipalARN string
}

type callerKey struct{}

// WithCaller returns a context that carries c. The server calls it for every authenticated request; tests call it to
// stand in for the server.
func WithCaller(ctx context.Context, c Caller) context.Context {
	return context.WithValue(ctx, callerKey{}, c)
}

// CallerFrom returns the caller of the request that ctx belongs to, or the zero Caller outside a request.
func CallerFrom(ctx context.Context) Caller {
	c, _ := ctx.Value(callerKey{}).(Caller)
	return c
}

// exchange is what the server knows about one request; it is shared by pointer so that the parts learned late
// (service, operation) reach whoever logs a fault.
type exchange struct {
	requestID string
	service   string // the service the request was routed to
	operation string
	streamed  bool // the service reads the body itself
	log       *slog.Logger

	authorization *Authorization // once parsed, unless unauthorized says why it cannot be
	unauthorized  error
}

type exchangeKey struct{}

// exchangeFrom never returns nil, so that a service also works without the server in front of it.
func exchangeFrom(ctx context.Context) *exchange {
	if x, ok := ctx.Value(exchangeKey{}).(*exchange); ok {
		return x
	}
	return &exchange{log: slog.Default()}
}

// RequestID returns the id sent to the client as x-amzn-RequestId, or "" outside a request.
func RequestID(ctx context.Context) string { return exchangeFrom(ctx).requestID }

// partitions maps the beginning of a region name to its partition; every other region is in "aws".
var partitions = []struct{ prefix, partition string }{
	{"cn-", "aws-cn"},
	{"us-gov-", "aws-us-gov"},
	{"us-iso-", "aws-iso"},
	{"us-isob-", "aws-iso-b"},
	{"eu-isoe-", "aws-iso-e"},
	{"us-isof-", "aws-iso-f"},
	{"eusc-", "aws-eusc"},
}

// Partition names the partition that a region belongs to.
func Partition(region string) string {
	for _, p := range partitions {
		if strings.HasPrefix(region, p.prefix) {
			return p.partition
		}
	}
	return "aws"
}
