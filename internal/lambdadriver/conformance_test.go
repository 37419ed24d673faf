package lambdadriver_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"net/http/httptest"
	"sync/atomic"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"

	"greenlight/internal/awsaccess"
	"greenlight/internal/awsaccess/awstest"
	"greenlight/internal/lambdadriver/lambdatest"
)

func TestConformanceOfFakeInProcess(t *testing.T) {
	lambdatest.Run(t, func(*testing.T) lambdatest.FarSide { return lambdatest.New().FarSide() })
}

// overSocket is the fake behind a real HTTP server, so that Transport is held to what a server does.
type overSocket struct {
	lambdatest.FarSide
	access *awsaccess.Access
}

func (o overSocket) Access() *awsaccess.Access { return o.access }

func TestConformanceOfFakeOverSocket(t *testing.T) {
	lambdatest.Run(t, func(t *testing.T) lambdatest.FarSide {
		fake := lambdatest.New()
		server := httptest.NewServer(fake)
		t.Cleanup(server.Close)
		return overSocket{fake.FarSide(), awstest.Access(server.URL, nil)}
	})
}

func TestConformanceOfMoto(t *testing.T) {
	lambdatest.Run(t, func(t *testing.T) lambdatest.FarSide {
		access := awstest.Access(awstest.Moto(t), nil)
		cfg, err := access.Config(t.Context(), awstest.As)
		if err != nil {
			t.Fatal(err)
		}
		return &moto{access: access, client: lambda.NewFromConfig(cfg)}
	})
}

// moto is set up through the SDK, as a user of Lambda would.
type moto struct {
	access *awsaccess.Access
	client *lambda.Client
	count  atomic.Int64
}

func (m *moto) Access() *awsaccess.Access { return m.access }
func (m *moto) As() awsaccess.As          { return awstest.As }

func (m *moto) Lacks(a lambdatest.Ability) string {
	return map[lambdatest.Ability]string{
		lambdatest.ChangesRevisions: "moto keeps an alias's first RevisionId for ever",
		lambdatest.ChecksRevisions:  "moto does not read RevisionId",
		lambdatest.ChecksWeights:    "moto stores any routing configuration",
		lambdatest.ChecksInvokes:    "moto without Docker accepts every invocation",
	}[a]
}

func (m *moto) Function(t testing.TB, versions int) string {
	t.Helper()
	name := fmt.Sprintf("f%d", m.count.Add(1))
	_, err := m.client.CreateFunction(t.Context(), &lambda.CreateFunctionInput{
		FunctionName: &name,
		Role:         aws.String(awstest.As.RoleARN),
		Runtime:      types.RuntimePython312,
		Handler:      aws.String("index.handler"),
		Code:         &types.FunctionCode{ZipFile: code(t, 0)},
	})
	if err != nil {
		t.Fatal(err)
	}
	for v := range versions {
		m.publish(t, name, v+1)
	}
	return name
}

// publish changes the code first: Lambda makes no new version of unchanged code.
func (m *moto) publish(t testing.TB, name string, version int) {
	t.Helper()
	out, err := m.client.UpdateFunctionCode(t.Context(), &lambda.UpdateFunctionCodeInput{
		FunctionName: &name, ZipFile: code(t, version), Publish: true,
	})
	if err != nil {
		t.Fatal(err)
	}
	if got := aws.ToString(out.Version); got != fmt.Sprint(version) {
		t.Fatalf("published version %s, want %d", got, version)
	}
}

func (m *moto) CreateAlias(t testing.TB, function, alias, version string) {
	t.Helper()
	_, err := m.client.CreateAlias(t.Context(), &lambda.CreateAliasInput{
		FunctionName: &function, Name: &alias, FunctionVersion: &version,
	})
	if err != nil {
		t.Fatal(err)
	}
}

func code(t testing.TB, version int) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	f, err := w.Create("index.py")
	if err != nil {
		t.Fatal(err)
	}
	fmt.Fprintf(f, "def handler(event, context):\n    return %d\n", version)
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
