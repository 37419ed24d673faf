package serve

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/aws/aws-sdk-go-v2/service/codedeploy"
	"github.com/aws/aws-sdk-go-v2/service/codedeploy/types"
)

func list(ctx context.Context, c *codedeploy.Client) error {
	_, err := c.ListApplications(ctx, &codedeploy.ListApplicationsInput{})
	return err
}

func TestWhoIsNotLetIn(t *testing.T) {
	session := entry{key: "ASIASESSION", account: one, user: "s", allow: everything, more: `"sessionToken":"tok/en=",`}
	ended := entry{key: "ASIAENDED", account: one, user: "e", allow: everything,
		more: `"sessionToken":"tok/en=","expires":"2020-01-01T00:00:00Z",`}
	r := start(t, nil, ann, session, ended)
	const unknown = "The security token included in the request is invalid."
	for _, test := range []struct {
		name, key, secret, token string
		code, message            string
	}{
		{"unknown key", "AKIANOBODY", secretOf(ann.key), "", "UnrecognizedClientException", unknown},
		{"wrong secret", ann.key, secretOf("AKIABOB"), "", "InvalidSignatureException", "The request signature we calculated does not match"},
		{"no token", session.key, secretOf(session.key), "", "UnrecognizedClientException", unknown},
		{"wrong token", session.key, secretOf(session.key), "other", "UnrecognizedClientException", unknown},
		{"token too many", ann.key, secretOf(ann.key), "tok/en=", "UnrecognizedClientException", unknown},
		{"expired", ended.key, secretOf(ended.key), "tok/en=", "ExpiredTokenException", "The security token included in the request is expired"},
	} {
		t.Run(test.name, func(t *testing.T) {
			err := list(t.Context(), r.client(test.key, test.secret, test.token, eu))
			refused(t, err, test.code, test.message)
			if err != nil && strings.Contains(err.Error(), "the/secret+of=") {
				t.Error("the answer shows a secret")
			}
		})
	}
	if err := list(t.Context(), r.client(session.key, secretOf(session.key), "tok/en=", eu)); err != nil {
		t.Errorf("with its token: %v", err)
	}
}

// TestSkewedClock signs by hand: the SDK would mend its clock by the answer.
func TestSkewedClock(t *testing.T) {
	r := start(t, nil, ann)
	for skew, want := range map[time.Duration]string{
		-10 * time.Minute: "Signature expired: ", 10 * time.Minute: "Signature not yet current: ",
		-time.Minute: "", time.Minute: "",
	} {
		status, answer := r.signed(time.Now().Add(skew))
		switch {
		case want == "" && status != http.StatusOK:
			t.Errorf("%s off: %d %s", skew, status, answer)
		case want != "" && (status != http.StatusBadRequest ||
			!strings.HasPrefix(answer, `{"__type":"InvalidSignatureException","message":"`+want)):
			t.Errorf("%s off: %d %s", skew, status, answer)
		}
	}
}

// signed lists applications with a signature of that moment.
func (r *rig) signed(at time.Time) (status int, answer string) {
	r.Helper()
	body := []byte("{}")
	call, err := http.NewRequestWithContext(r.Context(), http.MethodPost, r.URL, bytes.NewReader(body))
	if err != nil {
		r.Fatal(err)
	}
	call.Header.Set("Content-Type", "application/x-amz-json-1.1")
	call.Header.Set("X-Amz-Target", "CodeDeploy_20141006.ListApplications")
	sum := sha256.Sum256(body)
	by := aws.Credentials{AccessKeyID: ann.key, SecretAccessKey: secretOf(ann.key)}
	if err := v4.NewSigner().SignHTTP(r.Context(), by, call, hex.EncodeToString(sum[:]), "codedeploy", eu, at); err != nil {
		r.Fatal(err)
	}
	response, err := http.DefaultClient.Do(call)
	if err != nil {
		r.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		r.Fatal(err)
	}
	return response.StatusCode, string(text)
}

func TestPolicies(t *testing.T) {
	cat := entry{key: "AKIACAT", account: one, user: "cat", allow: `[
		{"actions":["codedeploy:*Application"],"resources":["arn:aws:codedeploy:eu-*:*:application:shop*"]},
		{"actions":["codedeploy:CreateDeployment"],"resources":["arn:aws:codedeploy:*:*:deploymentgroup:shop/*"]}]`}
	r := start(t, nil, ann, cat)
	ctx, c := t.Context(), r.as(cat, eu)
	create := func(c *codedeploy.Client, name string) error {
		_, err := c.CreateApplication(ctx, &codedeploy.CreateApplicationInput{ApplicationName: &name})
		return err
	}
	if err := create(c, "shop-front"); err != nil {
		t.Error(err)
	}
	const denied = "AccessDeniedException"
	user := "User: arn:aws:iam::" + one + ":user/cat is not authorized to perform: codedeploy:"
	refused(t, create(c, "other"), denied, user+"CreateApplication on resource: arn:aws:codedeploy:eu-west-1:"+one+":application:other")
	refused(t, create(r.as(cat, us), "shop"), denied, user+"CreateApplication on resource: arn:aws:codedeploy:us-east-1:"+one+":application:shop")
	refused(t, list(ctx, c), denied, user+"ListApplications on resource: *")

	// Who may not replace the alarms of a group may not do so for a deployment.
	in := &codedeploy.CreateDeploymentInput{ApplicationName: aws.String("shop"), DeploymentGroupName: aws.String("g")}
	_, err := c.CreateDeployment(ctx, in)
	refused(t, err, "RevisionRequiredException", "")
	in.OverrideAlarmConfiguration = &types.AlarmConfiguration{}
	_, err = c.CreateDeployment(ctx, in)
	refused(t, err, denied, user+"UpdateDeploymentGroup on resource: arn:aws:codedeploy:eu-west-1:"+one+":deploymentgroup:shop/g")
}

func TestCredentialsComeAndGoWithoutARestart(t *testing.T) {
	r := start(t, nil, ann)
	ctx := t.Context()
	refused(t, list(ctx, r.as(bob, eu)), "UnrecognizedClientException", "")
	r.write(bob)
	if err := r.Reload(); err != nil {
		t.Fatal(err)
	}
	if err := list(ctx, r.as(bob, eu)); err != nil {
		t.Errorf("the key that was added: %v", err)
	}
	refused(t, list(ctx, r.as(ann, eu)), "UnrecognizedClientException", "")

	broken := bob
	broken.more = `"alow":[],`
	r.write(broken)
	if err := r.Reload(); err == nil || err.Error() != r.credentials+`:2: unknown member "alow"` {
		t.Errorf("a broken file: %v", err)
	}
	if err := list(ctx, r.as(bob, eu)); err != nil {
		t.Errorf("after a broken file: %v", err)
	}
}

func TestRateLimit(t *testing.T) {
	r := start(t, func(o *Options) { o.RateLimit = 0.001 }, ann, bob)
	ctx := t.Context()
	if err := list(ctx, r.as(ann, eu)); err != nil {
		t.Fatal(err)
	}
	refused(t, list(ctx, r.as(ann, us)), "ThrottlingException", "Rate exceeded")
	if err := list(ctx, r.as(bob, eu)); err != nil {
		t.Errorf("another account: %v", err)
	}
}

func TestQuotas(t *testing.T) {
	r := start(t, func(o *Options) {
		if err := o.Quotas.Set("applications", 1); err != nil {
			t.Fatal(err)
		}
	}, ann)
	c := r.as(ann, eu)
	_, err := c.CreateApplication(t.Context(), &codedeploy.CreateApplicationInput{ApplicationName: aws.String("first")})
	if err != nil {
		t.Fatal(err)
	}
	_, err = c.CreateApplication(t.Context(), &codedeploy.CreateApplicationInput{ApplicationName: aws.String("second")})
	refused(t, err, "ApplicationLimitExceededException", "")
}
