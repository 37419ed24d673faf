package e2e

import (
	"encoding/json"
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

// newTerraform skips the test where Terraform is not on the machine, or cannot
// get at the AWS provider.
func newTerraform(t testing.TB, s *server) *terraform {
	t.Helper()
	tf := &terraform{t: t, path: lookPath(t, "terraform"), dir: t.TempDir()}
	// The provider is large, and rarely collecting garbage makes it a third faster.
	tf.env = environment(t, "CHECKPOINT_DISABLE=1", "TF_IN_AUTOMATION=1", "TF_INPUT=0", "TF_CLI_ARGS=-no-color",
		"TF_VAR_endpoint="+s.URL, "GOGC=400")
	tf.use("provider.tf")
	if mirror := os.Getenv("GREENLIGHT_TERRAFORM_MIRROR"); mirror != "" {
		tf.do("init", "-plugin-dir="+mirror)
	} else {
		tf.initAsUser()
	}
	return tf
}

// initAsUser installs the provider from where Terraform finds it for the user
// whose tests these are: the mirrors of the CLI configuration, the directories
// that Terraform searches by itself, else the registry. What comes from the
// registry is kept for the next time.
func (tf *terraform) initAsUser() {
	tf.t.Helper()
	env := append(slices.Clone(tf.env), "TF_REGISTRY_CLIENT_TIMEOUT=10", "TF_PLUGIN_CACHE_MAY_BREAK_DEPENDENCY_LOCK_FILE=1")
	if cache, err := os.UserCacheDir(); err == nil {
		cache = filepath.Join(cache, "greenlight", "terraform")
		must(0, os.MkdirAll(cache, 0o700))(tf.t)
		env = append(env, "TF_PLUGIN_CACHE_DIR="+cache)
	}
	for _, name := range []string{
		"HOME", "XDG_DATA_HOME", "XDG_DATA_DIRS", "TF_CLI_CONFIG_FILE", "TF_PLUGIN_CACHE_DIR",
		"HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy", "SSL_CERT_FILE", "SSL_CERT_DIR",
	} {
		if value := os.Getenv(name); value != "" {
			env = append(env, name+"="+value)
		}
	}
	o := runIn(tf.t, tf.dir, env, "", tf.path, "init")
	switch {
	case o.code == 0:
	case isProviderOutOfReach(o.stderr):
		tf.t.Skipf("Terraform finds no provider hashicorp/aws, neither in the mirrors of its CLI configuration nor in its plugin directories nor in the registry. "+
			"`terraform providers mirror DIR` in e2e/testdata/terraform, on a machine with a network, makes a mirror; name DIR in GREENLIGHT_TERRAFORM_MIRROR.\n%s", o.stderr)
	default:
		tf.t.Fatalf("terraform init: exit code %d\n%s%s", o.code, o.stdout, o.stderr)
	}
}

// isProviderOutOfReach tells a provider that is not to be had from any fault of
// the configuration.
func isProviderOutOfReach(said string) bool {
	return strings.Contains(said, "Failed to query available provider packages") || strings.Contains(said, "Failed to install provider")
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
	s := startECS(t, "real")
	tf := newTerraform(t, s)
	tf.env = append(tf.env, "TF_VAR_listeners="+s.servicesOfGroups())

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
	s.checkNothingLeft(terraformAccount)
}

// terraformAccount is whose access key the provider has.
const terraformAccount = "111122223333"

// servicesOfGroups makes the services that groups for ECS are about, and answers
// the ARNs of their listeners as Terraform wants a list: two of the first
// service, one of the second. No task needs to run for a group to be made.
func (s *server) servicesOfGroups() string {
	s.t.Helper()
	s.cloud = newCloud(s.t, s.URL, terraformAccount, "any")
	balancer := s.createCloud()
	first := s.createService(balancer, "api", 0, 80, 81)
	second := s.createService(balancer, "api-2", 0, 82)
	return string(must(json.Marshal([]string{first.prod.arn, first.test.arn, second.prod.arn}))(s.t))
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
