package serve

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/codedeploy"
	"github.com/aws/smithy-go"

	"greenlight/internal/lambdadriver/lambdatest"
)

const (
	one, two   = "111122223333", "444455556666"
	eu, us     = "eu-west-1", "us-east-1"
	everything = `[{"actions":["*"],"resources":["*"]}]`
)

// entry is a credential of the file; its secret follows from its key.
type entry struct{ key, account, user, more, allow string }

func (e entry) String() string {
	return fmt.Sprintf(`{"accessKeyId":%q,"secretAccessKey":%q,"account":%q,"principal":"arn:aws:iam::%s:user/%s",%s"allow":%s}`,
		e.key, secretOf(e.key), e.account, e.account, e.user, e.more, e.allow)
}

func secretOf(key string) string { return "the/secret+of=" + key }

var (
	ann = entry{key: "AKIAANN", account: one, user: "ann", allow: everything}
	bob = entry{key: "AKIABOB", account: two, user: "bob", allow: everything}
)

// rig is a server whose engine drives a Lambda far side, reached as AWS is: by
// the SDK's own configuration.
type rig struct {
	testing.TB
	*Serve
	far         *lambdatest.Lambda
	credentials string // path
	log         *bytes.Buffer
}

// farAccount is the account of the server's own credentials at the far side.
const farAccount = "777788889999"

func start(t *testing.T, vary func(*Options), entries ...entry) *rig {
	t.Helper()
	dir := t.TempDir()
	r := &rig{TB: t, far: lambdatest.New(), credentials: filepath.Join(dir, "credentials.json"), log: new(bytes.Buffer)}
	far := httptest.NewServer(r.far)
	t.Cleanup(far.Close)
	for name, value := range map[string]string{
		"AWS_ENDPOINT_URL": far.URL, "AWS_ACCESS_KEY_ID": farAccount, "AWS_SECRET_ACCESS_KEY": "any",
		"AWS_CONFIG_FILE": filepath.Join(dir, "none"), "AWS_SHARED_CREDENTIALS_FILE": filepath.Join(dir, "none"),
	} {
		t.Setenv(name, value)
	}
	r.write(entries...)
	database, err := ParseDatabase("sqlite:" + filepath.Join(dir, "greenlight.db"))
	if err != nil {
		t.Fatal(err)
	}
	o := Options{Listen: "127.0.0.1:0", Database: database, Credentials: r.credentials,
		Log: slog.New(slog.NewTextHandler(r.log, nil))}
	if vary != nil {
		vary(&o)
	}
	if r.Serve, err = Open(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- r.Serve.Run(ctx) }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		if strings.Contains(r.log.String(), "the/secret+of=") {
			t.Error("the log shows a secret")
		}
	})
	return r
}

// write gives the credentials file another content.
func (r *rig) write(entries ...entry) {
	r.Helper()
	texts := make([]string, len(entries))
	for i, e := range entries {
		texts[i] = e.String()
	}
	if err := os.WriteFile(r.credentials, []byte("[\n"+strings.Join(texts, ",\n")+"\n]\n"), 0o600); err != nil {
		r.Fatal(err)
	}
}

// client is the SDK's; it tries nothing twice.
func (r *rig) client(key, secret, token, region string) *codedeploy.Client {
	return codedeploy.NewFromConfig(aws.Config{
		Region:      region,
		Credentials: credentials.NewStaticCredentialsProvider(key, secret, token),
		Retryer:     func() aws.Retryer { return aws.NopRetryer{} },
	}, func(o *codedeploy.Options) { o.BaseEndpoint = aws.String(r.URL) })
}

func (r *rig) as(e entry, region string) *codedeploy.Client {
	return r.client(e.key, secretOf(e.key), "", region)
}

// must returns the answer of a call that has to succeed.
func must[T any](answer T, err error) func(testing.TB) T {
	return func(t testing.TB) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return answer
	}
}

// refused checks the code of a refusal, and the beginning of its message.
func refused(t *testing.T, err error, code, message string) {
	t.Helper()
	fault, ok := errors.AsType[smithy.APIError](err)
	if !ok || fault.ErrorCode() != code || !strings.HasPrefix(fault.ErrorMessage(), message) {
		t.Errorf("got  %v\nwant %s: %s", err, code, message)
	}
}
