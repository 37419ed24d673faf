package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
)

// TestWhereAndAsWhom holds when the local server stands in and when it must not.
func TestWhereAndAsWhom(t *testing.T) {
	const keys = "aws_access_key_id = AKIDFILE\naws_secret_access_key = s\n"
	tests := []struct {
		name                      string
		env                       map[string]string
		config                    string // ~/.aws/config
		connection                connection
		endpoint, region, asWhom  string
		wantError                 string
		noCredentialsFromAnywhere bool
	}{
		{name: "nothing configured", endpoint: localEndpoint, region: localRegion, asWhom: localAccount},
		{name: "only a region", env: map[string]string{"AWS_REGION": "eu-west-1"},
			endpoint: localEndpoint, region: "eu-west-1", asWhom: localAccount},
		{name: "a local endpoint", env: map[string]string{"AWS_ENDPOINT_URL": "http://localhost:9"},
			endpoint: "http://localhost:9", region: localRegion, asWhom: localAccount},
		{name: "the endpoint of the service wins", env: map[string]string{"AWS_ENDPOINT_URL": "http://localhost:9", "AWS_ENDPOINT_URL_CODEDEPLOY": "http://localhost:8"},
			endpoint: "http://localhost:8", region: localRegion, asWhom: localAccount},
		{name: "the flag wins over both", env: map[string]string{"AWS_ENDPOINT_URL_CODEDEPLOY": "http://localhost:8"},
			connection: connection{endpoint: "http://[::1]:7", region: "us-west-2"},
			endpoint:   "http://[::1]:7", region: "us-west-2", asWhom: localAccount},
		{name: "keys mean AWS", env: map[string]string{"AWS_ACCESS_KEY_ID": "AKID", "AWS_SECRET_ACCESS_KEY": "s", "AWS_REGION": "eu-west-1"},
			region: "eu-west-1", asWhom: "AKID"},
		{name: "keys for a local server", env: map[string]string{"AWS_ACCESS_KEY_ID": "111122223333", "AWS_SECRET_ACCESS_KEY": "s", "AWS_ENDPOINT_URL": "http://127.0.0.1:4610"},
			endpoint: "http://127.0.0.1:4610", region: localRegion, asWhom: "111122223333"},
		{name: "keys without a region", env: map[string]string{"AWS_ACCESS_KEY_ID": "AKID", "AWS_SECRET_ACCESS_KEY": "s"},
			wantError: "no region is configured"},
		{name: "a default profile with keys means AWS", config: "[default]\nregion = eu-north-1\n" + keys,
			region: "eu-north-1", asWhom: "AKIDFILE"},
		{name: "a default profile with only a region does not", config: "[default]\nregion = eu-north-1\n",
			endpoint: localEndpoint, region: "eu-north-1", asWhom: localAccount},
		{name: "a profile with an endpoint", config: "[profile dev]\nendpoint_url = http://127.0.0.1:5\n" + keys,
			connection: connection{profile: "dev"},
			endpoint:   "http://127.0.0.1:5", region: localRegion, asWhom: "AKIDFILE"},
		{name: "a profile that is not there", connection: connection{profile: "none"},
			wantError: "none"},
		{name: "a far endpoint gets nothing by default", env: map[string]string{"AWS_ENDPOINT_URL": "https://deploy.example", "AWS_EC2_METADATA_DISABLED": "true", "AWS_REGION": "eu-west-1"},
			endpoint: "https://deploy.example", region: "eu-west-1", noCredentialsFromAnywhere: true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			onlyEnvironment(t, tt.env, tt.config)
			cfg, err := tt.connection.load(t.Context())
			if tt.wantError != "" {
				if err == nil || !strings.Contains(err.Error(), tt.wantError) {
					t.Fatalf("error %v, want one with %q", err, tt.wantError)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if got := aws.ToString(cfg.BaseEndpoint); got != tt.endpoint || cfg.Region != tt.region {
				t.Errorf("endpoint %q in %q, want %q in %q", got, cfg.Region, tt.endpoint, tt.region)
			}
			found, err := cfg.Credentials.Retrieve(t.Context())
			if (err != nil) != tt.noCredentialsFromAnywhere || found.AccessKeyID != tt.asWhom {
				t.Errorf("called as %q (%v), want %q", found.AccessKeyID, err, tt.asWhom)
			}
			if err != nil && !strings.Contains(explain(err).Error(), "no AWS credentials") {
				t.Errorf("explained as %q", explain(err))
			}
		})
	}
}

// onlyEnvironment leaves the process with no AWS settings but the given ones.
func onlyEnvironment(t *testing.T, env map[string]string, config string) {
	t.Helper()
	for _, pair := range os.Environ() {
		if name, _, _ := strings.Cut(pair, "="); strings.HasPrefix(name, "AWS_") {
			t.Setenv(name, "") // puts the old value back after the test
			if err := os.Unsetenv(name); err != nil {
				t.Fatal(err)
			}
		}
	}
	home := t.TempDir()
	t.Setenv("AWS_CONFIG_FILE", filepath.Join(home, "config"))
	t.Setenv("AWS_SHARED_CREDENTIALS_FILE", filepath.Join(home, "credentials"))
	for name, value := range env {
		t.Setenv(name, value)
	}
	if err := os.WriteFile(filepath.Join(home, "config"), []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
}
