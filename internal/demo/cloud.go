package demo

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/codedeploy"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	elb "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/smithy-go/logging"

	"greenlight/internal/clock"
	"greenlight/internal/dev"
)

const (
	region  = "us-east-1"
	account = "000000000000"
)

// cloud is the server in this process, and the clients by which it is used:
// over HTTP, as by anybody else.
type cloud struct {
	url         string
	offset      int // from a listener's port to the port that it is bound to
	deployments *codedeploy.Client
	functions   *lambda.Client
	services    *ecs.Client
	balancers   *elb.Client

	stop  context.CancelFunc
	ended chan struct{} // closed when the server has ended
	err   error         // why, to be read then
}

// tasksAs has tasks run as processes, which every machine can do.
const tasksAs = "processes"

// openCloud starts a server on a free port. It runs until close, whatever
// becomes of ctx, so that those who use it can be ended first.
func openCloud(ctx context.Context, directory string) (*cloud, error) {
	offset, err := freeOffset(clientPort, testPort)
	if err != nil {
		return nil, err
	}
	running, stop := context.WithCancel(context.WithoutCancel(ctx))
	server, err := dev.Open(running, dev.Options{
		Listen: "127.0.0.1:0", Data: directory, Clock: clock.Manual, Tasks: tasksAs, PortOffset: offset,
	})
	if err != nil {
		stop()
		return nil, err
	}
	c := &cloud{url: server.URL, offset: offset, stop: stop, ended: make(chan struct{})}
	go func() {
		defer close(c.ended)
		c.err = server.Run(running)
	}()
	cfg := aws.Config{
		Region:           region,
		BaseEndpoint:     &c.url,
		Credentials:      credentials.NewStaticCredentialsProvider(account, "demo", ""),
		RetryMaxAttempts: 1, // an error is to be seen, not to be repaired
		Logger:           logging.Nop{},
	}
	c.deployments = codedeploy.NewFromConfig(cfg)
	c.functions = lambda.NewFromConfig(cfg)
	c.services = ecs.NewFromConfig(cfg)
	c.balancers = elb.NewFromConfig(cfg)
	return c, nil
}

// close ends the server with every function and task, and waits for it.
func (c *cloud) close() error {
	c.stop()
	<-c.ended
	return c.err
}

// now reads the server's clock.
func (c *cloud) now(ctx context.Context) (time.Time, error) {
	return c.clock(ctx, http.MethodGet, nil)
}

// advance moves the server's clock and returns when all that became due has
// settled.
func (c *cloud) advance(ctx context.Context, by time.Duration) (time.Time, error) {
	body, err := json.Marshal(map[string]string{"advance": by.String()})
	if err != nil {
		return time.Time{}, err
	}
	return c.clock(ctx, http.MethodPost, body)
}

func (c *cloud) clock(ctx context.Context, method string, body []byte) (time.Time, error) {
	answer, err := c.get(ctx, method, "/_greenlight/clock", body)
	if err != nil {
		return time.Time{}, err
	}
	var told struct{ Now time.Time }
	err = json.Unmarshal(answer, &told)
	return told.Now, err
}

// logged is the last line that a function has written with the given prefix,
// without it; "" when there is none.
func (c *cloud) logged(ctx context.Context, function, prefix string) (string, error) {
	answer, err := c.get(ctx, http.MethodGet, "/_greenlight/logs?function="+function, nil)
	if err != nil {
		return "", err
	}
	last := ""
	for line := range bytes.Lines(answer) {
		var l struct{ Message string }
		if err := json.Unmarshal(line, &l); err != nil {
			return "", err
		}
		if text, ok := bytes.CutPrefix([]byte(l.Message), []byte(prefix)); ok {
			last = string(bytes.TrimSpace(text))
		}
	}
	return last, nil
}

const maxAnswer = 4 << 20

// get calls one of the endpoints beside the AWS services.
func (c *cloud) get(ctx context.Context, method, path string, body []byte) ([]byte, error) {
	request, err := http.NewRequestWithContext(ctx, method, c.url+path, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	said, err := io.ReadAll(io.LimitReader(answer.Body, maxAnswer))
	if err == nil && answer.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s %s: HTTP %d: %s", method, path, answer.StatusCode, bytes.TrimSpace(said))
	}
	return said, err
}
