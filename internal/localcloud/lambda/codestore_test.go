package lambda

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	client "github.com/aws/aws-sdk-go-v2/service/lambda"

	"greenlight/internal/localcloud/lambda/runtime"
)

// contents counts the unpacked packages, and fails on anything half done.
func (c *cloud) contents() int {
	c.t.Helper()
	entries, err := os.ReadDir(filepath.Join(c.options.Dir, "lambda", "code"))
	if err != nil {
		c.t.Fatal(err)
	}
	for _, entry := range entries {
		if strings.HasPrefix(entry.Name(), partial) {
			c.t.Errorf("left behind: %s", entry.Name())
		}
	}
	return len(entries)
}

func (c *cloud) wantContents(n int, when string) {
	c.t.Helper()
	if got := c.contents(); got != n {
		c.t.Errorf("%d contents %s, want %d", got, when, n)
	}
}

func TestCodeIsSharedAndRemoved(t *testing.T) {
	c := newCloud(t)
	c.create("f")
	c.create("g", func(in *client.CreateFunctionInput) { in.Code.ZipFile = codeOf(t, "f") })
	c.wantContents(1, "for two functions of the same code")
	c.publish("f", "one", "two") // $LATEST shares with version 2
	c.wantContents(3, "after two versions")
	_, err := c.UpdateFunctionCode(t.Context(), &client.UpdateFunctionCodeInput{FunctionName: name, ZipFile: []byte("no zip")})
	wantCode(t, err, "InvalidParameterValueException", "unzip")
	_, err = c.CreateFunction(t.Context(), &client.CreateFunctionInput{
		FunctionName: name, Role: aws.String(testRole), Handler: aws.String("x"), Runtime: "provided.al2023",
		Code: codeInputOf(t, "never used"),
	})
	wantCode(t, err, "ResourceConflictException", "already exist")
	c.wantContents(3, "after refused calls")
	must(c.DeleteFunction(t.Context(), &client.DeleteFunctionInput{FunctionName: name, Qualifier: aws.String("1")}))(t)
	c.wantContents(2, "without version 1")
	c.restart()
	c.wantContents(2, "after a restart")
	must(c.DeleteFunction(t.Context(), &client.DeleteFunctionInput{FunctionName: name}))(t)
	c.wantContents(1, "without f")
	must(c.DeleteFunction(t.Context(), &client.DeleteFunctionInput{FunctionName: aws.String("g")}))(t)
	c.wantContents(0, "without functions")
}

func TestCodeStaysForTheInvocationAtWork(t *testing.T) {
	c := newCloud(t)
	c.create("f")
	var during error
	c.pool.do(func(code runtime.Code, _ runtime.Invocation) (runtime.Result, error) {
		must(c.DeleteFunction(t.Context(), &client.DeleteFunctionInput{FunctionName: name}))(t)
		_, during = os.Stat(filepath.Join(code.Dir, "bootstrap"))
		return runtime.Result{}, nil
	})
	must(c.invoke(client.InvokeInput{}))(t)
	if during != nil {
		t.Errorf("the code went while it ran: %v", during)
	}
	c.wantContents(0, "after the last invocation")
}

func TestStartSweepsWhatWasInterrupted(t *testing.T) {
	c := newCloud(t)
	c.create("f")
	for _, junk := range []string{partial + "unpack-1", strings.Repeat("0", 64)} {
		if err := os.MkdirAll(filepath.Join(c.options.Dir, "lambda", "code", junk), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	c.restart()
	c.wantContents(1, "after a restart")
}

func TestReplacedCodeIsRetired(t *testing.T) {
	c := newCloud(t)
	c.create("f")
	c.publish("f", "one")
	c.publish("f", "two")
	must(c.invoke(client.InvokeInput{}))(t)
	must(c.invoke(client.InvokeInput{Qualifier: aws.String("1")}))(t)
	must(c.UpdateFunctionConfiguration(t.Context(), &client.UpdateFunctionConfigurationInput{FunctionName: name, Timeout: aws.Int32(5)}))(t)
	must(c.invoke(client.InvokeInput{}))(t)
	calls := c.wantCalls(3)
	latest, published, next := calls[0].Code.Key, calls[1].Code.Key, calls[2].Code.Key
	if latest == published || latest == next {
		t.Errorf("keys %s, %s, %s", latest, published, next)
	}
	if len(c.pool.retired) != 1 || c.pool.retired[0] != latest {
		t.Errorf("retired %v, want %s", c.pool.retired, latest)
	}
}
