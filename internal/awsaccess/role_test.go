package awsaccess_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"

	"greenlight/internal/awsaccess"
)

// sts is a security token service with roles, and behind the same address a Lambda that refuses everybody whose key it did not
// hand out.
type sts struct {
	mu      sync.Mutex
	refusal *refusal
	issued  int
	asked   []string // role ARNs and session names
}

type refusal struct {
	status        int
	code, message string
}

func (s *sts) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !strings.Contains(r.Header.Get("Authorization"), "/sts/") {
		s.lambda(w, r)
		return
	}
	r.ParseForm()
	s.asked = append(s.asked, r.Form.Get("RoleArn")+" as "+r.Form.Get("RoleSessionName"))
	w.Header().Set("Content-Type", "text/xml")
	if s.refusal != nil {
		w.WriteHeader(s.refusal.status)
		fmt.Fprintf(w, `<ErrorResponse><Error><Type>Sender</Type><Code>%s</Code><Message>%s</Message></Error></ErrorResponse>`,
			s.refusal.code, s.refusal.message)
		return
	}
	s.issued++
	fmt.Fprintf(w, `<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>ISSUED%d</AccessKeyId><SecretAccessKey>s</SecretAccessKey>`+
		`<SessionToken>t</SessionToken><Expiration>%s</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>`,
		s.issued, time.Now().Add(time.Hour).UTC().Format(time.RFC3339))
}

func (s *sts) lambda(w http.ResponseWriter, r *http.Request) {
	if !strings.Contains(r.Header.Get("Authorization"), "Credential=ISSUED") {
		w.Header().Set("X-Amzn-Errortype", "AccessDeniedException")
		w.WriteHeader(http.StatusForbidden)
	}
	io.WriteString(w, `{"Name":"live","FunctionVersion":"1","RevisionId":"r"}`)
}

func assuming(client aws.HTTPClient) *awsaccess.Access {
	return awsaccess.New(awsaccess.Options{
		Base: aws.Config{
			HTTPClient:  client,
			Credentials: credentials.NewStaticCredentialsProvider("OURS", "s", ""),
		},
		Endpoint:   "http://aws.test",
		AssumeRole: true,
	})
}

func TestRoleIsAssumedOnce(t *testing.T) {
	far := &sts{}
	access := assuming(inProcess{far})
	for range 3 {
		if err := getAlias(t, access, as); err != nil {
			t.Fatal(err)
		}
	}
	if want := as.RoleARN + " as greenlight"; len(far.asked) != 1 || far.asked[0] != want {
		t.Errorf("asked for %q, want %q once", far.asked, want)
	}
}

// Role codes of deployments.md 4: IAM_ROLE_PERMISSIONS and IAM_ROLE_MISSING.
func TestRoleFaults(t *testing.T) {
	for _, c := range []struct {
		refusal
		kind awsaccess.FaultKind
	}{
		{refusal{403, "AccessDenied", "User is not authorized to perform: sts:AssumeRole"}, awsaccess.RoleDenied},
		{refusal{400, "ValidationError", "nonsense is invalid"}, awsaccess.RoleDenied},
		{refusal{403, "RegionDisabledException", "STS is not activated in this region"}, awsaccess.RoleDenied},
		{refusal{404, "NoSuchEntity", "The role cannot be found"}, awsaccess.RoleMissing},
		{refusal{400, "NoSuchEntity", "The role cannot be found"}, awsaccess.RoleMissing},
		{refusal{400, "Throttling", "Rate exceeded"}, awsaccess.Throttled},
		{refusal{500, "InternalFailure", "sorry"}, awsaccess.Unavailable},
		{refusal{403, "ExpiredToken", "The security token is expired"}, awsaccess.Unavailable},
	} {
		t.Run(fmt.Sprint(c.status, " ", c.code), func(t *testing.T) {
			fault := wantFault(t, getAlias(t, assuming(inProcess{&sts{refusal: &c.refusal}}), as))
			if fault.Kind != c.kind || fault.Service != "AWSSecurityTokenService" || fault.Operation != "AssumeRole" {
				t.Errorf("fault is %+v, want kind %s of AssumeRole", fault, c.kind)
			}
			if fault.Code != c.code || fault.Message != c.message || fault.StatusCode != c.status {
				t.Errorf("fault is %+v, want the answer of STS: %+v", fault, c.refusal)
			}
		})
	}
}

// A role that may be assumed but not act is Lambda's refusal, not the role's.
func TestRoleWithoutPermissionIsDeniedByTheService(t *testing.T) {
	fault := wantFault(t, getAlias(t, local(inProcess{&sts{}}), as))
	if fault.Kind != awsaccess.Denied || fault.Service != "AWSLambda" {
		t.Errorf("fault is %+v, want Denied by AWSLambda", fault)
	}
}

// A refusal is not remembered: the deployment after the role was mended succeeds.
func TestRefusedRoleIsAskedAgain(t *testing.T) {
	far := &sts{refusal: &refusal{403, "AccessDenied", "not yet"}}
	access := assuming(inProcess{far})
	wantFault(t, getAlias(t, access, as))
	far.refusal = nil
	if err := getAlias(t, access, as); err != nil {
		t.Error(err)
	}
}

// inProcess is an HTTP client that calls a handler.
type inProcess struct{ http.Handler }

func (p inProcess) Do(r *http.Request) (*http.Response, error) {
	w := httptest.NewRecorder()
	p.ServeHTTP(w, r)
	return w.Result(), nil
}
