package dev

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// commandLine is the AWS CLI with nothing but an endpoint and a key.
type commandLine struct {
	t           *testing.T
	path, dir   string
	environment []string
}

func newCommandLine(t *testing.T, d *Dev) *commandLine {
	t.Helper()
	path, err := exec.LookPath("aws")
	if err != nil {
		t.Skip("skip: the AWS CLI is not on this machine")
	}
	dir := t.TempDir()
	return &commandLine{t, path, dir, []string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + dir, "AWS_ENDPOINT_URL=" + d.URL, "AWS_DEFAULT_REGION=us-east-1",
		"AWS_ACCESS_KEY_ID=" + account, "AWS_SECRET_ACCESS_KEY=any", "AWS_EC2_METADATA_DISABLED=true", "NO_PROXY=127.0.0.1",
	}}
}

// run returns what a command prints.
func (c *commandLine) run(args ...string) string {
	c.t.Helper()
	command := exec.CommandContext(c.t.Context(), c.path, args...)
	command.Env, command.Dir = c.environment, c.dir
	var out, said bytes.Buffer
	command.Stdout, command.Stderr = &out, &said
	if err := command.Run(); err != nil {
		c.t.Fatalf("aws %s: %v\n%s%s", strings.Join(args, " "), err, out.String(), said.String())
	}
	return out.String()
}

func (c *commandLine) write(name string, content []byte) {
	c.t.Helper()
	if err := os.WriteFile(filepath.Join(c.dir, name), content, 0o600); err != nil {
		c.t.Fatal(err)
	}
}

// TestAWSCLI_Objects copies files both ways, small ones and such as the CLI
// sends in parts.
func TestAWSCLI_Objects(t *testing.T) {
	t.Parallel()
	aws := newCommandLine(t, start(t))
	big := make([]byte, 20<<20)
	_, _ = rand.Read(big) // never fails
	aws.write("big", big)
	aws.write("small", []byte("hello"))
	aws.run("s3", "mb", "s3://files")
	aws.run("s3", "cp", "small", "s3://files/dir/small one")
	aws.run("s3", "cp", "big", "s3://files/big")
	if got := aws.run("s3", "ls", "s3://files/"); !strings.Contains(got, "PRE dir/") || !strings.Contains(got, "20971520 big") {
		t.Errorf("ls: %s", got)
	}
	if got := aws.run("s3", "cp", "s3://files/dir/small one", "-"); got != "hello" {
		t.Errorf("got %q", got)
	}
	aws.run("s3", "cp", "s3://files/big", "back")
	back, err := os.ReadFile(filepath.Join(aws.dir, "back"))
	if err != nil || !bytes.Equal(back, big) {
		t.Errorf("the large file came back with %d bytes, %v", len(back), err)
	}
	aws.run("s3", "rb", "--force", "s3://files")
	if got := aws.run("s3", "ls"); got != "" {
		t.Errorf("left: %s", got)
	}
	if got := aws.run("sts", "get-caller-identity", "--query", "Account", "--output", "text"); strings.TrimSpace(got) != account {
		t.Errorf("account: %s", got)
	}
}

// TestAWSCLI_Push bundles a folder, uploads it - once at once, once in parts -
// and registers it as a revision.
func TestAWSCLI_Push(t *testing.T) {
	t.Parallel()
	aws := newCommandLine(t, start(t))
	aws.run("s3", "mb", "s3://revisions")
	aws.run("deploy", "create-application", "--application-name", "site")
	source := filepath.Join(aws.dir, "source")
	if err := os.Mkdir(source, 0o700); err != nil {
		t.Fatal(err)
	}
	aws.write("source/appspec.yml", []byte("version: 0.0\nos: linux\n"))
	push := func(key string) string {
		return aws.run("deploy", "push", "--application-name", "site", "--source", "source", "--s3-location", "s3://revisions/"+key)
	}
	push("small.zip")
	noise := make([]byte, 8<<20)
	_, _ = rand.Read(noise) // never fails
	aws.write("source/noise", noise)
	push("large.zip")
	aws.run("deploy", "register-application-revision", "--application-name", "site",
		"--s3-location", "bucket=revisions,key=small.zip,bundleType=zip")

	var out struct {
		Revisions []struct {
			S3Location struct{ Bucket, Key, BundleType, ETag string }
		}
	}
	if err := json.Unmarshal([]byte(aws.run("deploy", "list-application-revisions", "--application-name", "site", "--output", "json")), &out); err != nil {
		t.Fatal(err)
	}
	etags := map[string]bool{}
	for _, r := range out.Revisions {
		etags[r.S3Location.Key+" "+r.S3Location.ETag] = true
	}
	for _, key := range []string{"small.zip", "large.zip"} {
		etag := strings.Trim(strings.TrimSpace(aws.run("s3api", "head-object", "--bucket", "revisions", "--key", key, "--query", "ETag", "--output", "text")), `"`)
		if !etags[key+" "+etag] {
			t.Errorf("%s with ETag %s is not among the revisions %v", key, etag, etags)
		}
	}
	if len(out.Revisions) != 3 {
		t.Errorf("got %d revisions, want 3", len(out.Revisions))
	}
}
