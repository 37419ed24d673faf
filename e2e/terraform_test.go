package e2e

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/codedeploy"
)

// terraform runs Terraform with the AWS provider in a directory of its own.
type terraform struct {
	t         testing.TB
	path, dir string
	env       []string
}

// newTerraform skips the test where Terraform or the provider is not on the
// machine: the provider is far too large to be fetched by a test.
func newTerraform(t testing.TB, s *server) *terraform {
	t.Helper()
	tf := &terraform{t: t, path: lookPath(t, "terraform"), dir: t.TempDir()}
	mirror := terraformMirror()
	if mirror == "" {
		t.Skip("no provider hashicorp/aws in GREENLIGHT_TERRAFORM_MIRROR or in Terraform's own plugin directories")
	}
	// The provider is large, and rarely collecting garbage makes it a third faster.
	tf.env = environment(t, "CHECKPOINT_DISABLE=1", "TF_IN_AUTOMATION=1", "TF_INPUT=0", "TF_CLI_ARGS=-no-color",
		"TF_VAR_endpoint="+s.URL, "GOGC=400")
	tf.use("provider.tf")
	tf.do("init", "-plugin-dir="+mirror)
	return tf
}

// terraformMirror is a directory in the layout of a file system mirror that
// holds the AWS provider; "" if there is none.
func terraformMirror() string {
	home, _ := os.UserHomeDir() // without a home there is nothing in it
	for _, dir := range []string{
		os.Getenv("GREENLIGHT_TERRAFORM_MIRROR"),
		filepath.Join(home, ".terraform.d", "plugins"),
		filepath.Join(home, ".local", "share", "terraform", "plugins"),
		"/usr/local/share/terraform/plugins", "/usr/share/terraform/plugins",
	} {
		found, _ := filepath.Glob(filepath.Join(dir, "*", "hashicorp", "aws")) // the pattern is well-formed
		if dir != "" && len(found) > 0 {
			return dir
		}
	}
	return ""
}

// use puts files of testdata/terraform, or all those of a directory there, in
// the place of what had their names.
func (tf *terraform) use(name string) {
	tf.t.Helper()
	root := filepath.Join("testdata", "terraform", name)
	must(0, filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		return os.WriteFile(filepath.Join(tf.dir, entry.Name()), content, 0o600)
	}))(tf.t)
}

// do runs a command that must succeed and returns what it printed.
func (tf *terraform) do(args ...string) string {
	tf.t.Helper()
	o := runIn(tf.t, tf.dir, tf.env, "", tf.path, args...)
	if o.code != 0 {
		tf.t.Fatalf("terraform %v: exit code %d\n%s%s", args, o.code, o.stdout, o.stderr)
	}
	return o.stdout
}

// apply brings the server in line with the configuration, and wants this in
// the summary.
func (tf *terraform) apply(summary string) {
	tf.t.Helper()
	if said := tf.do("apply", "-auto-approve"); !strings.Contains(said, "Apply complete! Resources: "+summary+".") {
		tf.t.Fatalf("terraform apply, want %s:\n%s", summary, said)
	}
}

// planNothing wants the server to answer what the configuration says.
func (tf *terraform) planNothing() {
	tf.t.Helper()
	// Exit code 2 would be a plan that is not empty.
	tf.do("plan", "-detailed-exitcode")
}

// forget drops all that Terraform knows, so that it has to be imported.
func (tf *terraform) forget() {
	tf.t.Helper()
	must(0, os.Remove(filepath.Join(tf.dir, "terraform.tfstate")))(tf.t)
}

// TestTerraform_AllPlatforms takes every block of the three resources through
// their life (api.md 11.4): what is applied reads back as it was written, also
// after a change of nearly all of it, and when it is imported.
func TestTerraform_AllPlatforms(t *testing.T) {
	t.Parallel()
	s := start(t, "real")
	tf := newTerraform(t, s)

	tf.use("created")
	tf.apply("12 added, 0 changed, 0 destroyed")
	tf.planNothing()

	tf.use("updated")
	tf.apply("3 added, 8 changed, 3 destroyed")

	tf.forget()
	tf.use("imports.tf")
	// Nothing is changed: the plan of what was imported is empty.
	tf.apply("12 imported, 0 added, 0 changed, 0 destroyed")

	tf.do("destroy", "-auto-approve")
	s.checkNothingLeft("111122223333")
}

// checkNothingLeft wants an account to have no application, and no
// configuration but AWS's own.
func (s *server) checkNothingLeft(account string) {
	s.t.Helper()
	c := newCloud(s.t, s.URL, account, "any").codeDeploy
	applications := must(c.ListApplications(s.t.Context(), &codedeploy.ListApplicationsInput{}))(s.t).Applications
	configs := must(c.ListDeploymentConfigs(s.t.Context(), &codedeploy.ListDeploymentConfigsInput{}))(s.t).DeploymentConfigsList
	custom := slices.DeleteFunc(configs, func(name string) bool { return strings.HasPrefix(name, "CodeDeployDefault.") })
	if len(applications) != 0 || len(custom) != 0 {
		s.t.Errorf("left behind: the applications %v and the configurations %v", applications, custom)
	}
}
