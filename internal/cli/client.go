package cli

import (
	"context"
	"errors"
	"net"
	"net/url"
	"os"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/codedeploy"
	"github.com/aws/smithy-go/logging"
	"github.com/spf13/cobra"
)

// Where the client verbs turn when nothing is configured: to `greenlight dev`.
const (
	localEndpoint = "http://127.0.0.1:4610"
	localRegion   = "us-east-1"
	localAccount  = "000000000000"
)

const clientHelp = `
The endpoint, the region and the credentials come from where every AWS client
takes them (AWS_ENDPOINT_URL, AWS_REGION, AWS_PROFILE, ~/.aws ...). When neither
an endpoint nor a profile nor credentials are configured, the server is
` + localEndpoint + `, as started by ` + "`greenlight dev`" + `. A server on this machine is
called in region ` + localRegion + ` and as account ` + localAccount + ` unless told otherwise.`

// connection is how a client verb reaches CodeDeploy, whoever serves it.
type connection struct{ endpoint, region, profile string }

// connectionFlags adds the flags that every client verb has.
func connectionFlags(cmd *cobra.Command) *connection {
	c := &connection{}
	cmd.Flags().StringVar(&c.endpoint, "endpoint-url", "", "where the CodeDeploy API is")
	cmd.Flags().StringVar(&c.region, "region", "", "AWS region")
	cmd.Flags().StringVar(&c.profile, "profile", "", "profile of ~/.aws/config")
	cmd.Long += "\n" + clientHelp
	return c
}

func (c *connection) codeDeploy(ctx context.Context) (*codedeploy.Client, error) {
	cfg, err := c.load(ctx)
	if err != nil {
		return nil, err
	}
	return codedeploy.NewFromConfig(cfg), nil
}

// load reads the standard configuration and fills in the local server where
// nothing was said. It never asks the network.
func (c *connection) load(ctx context.Context) (aws.Config, error) {
	var options []func(*config.LoadOptions) error
	if c.region != "" {
		options = append(options, config.WithRegion(c.region))
	}
	if c.profile != "" {
		options = append(options, config.WithSharedConfigProfile(c.profile))
	}
	cfg, err := config.LoadDefaultConfig(ctx, options...)
	if err != nil {
		return aws.Config{}, hint(innermost(err), "see ~/.aws/config, AWS_PROFILE and --profile")
	}
	identified, err := c.identified(ctx)
	if err != nil {
		return aws.Config{}, err
	}
	endpoint := c.endpointURL(identified)
	if endpoint != "" {
		cfg.BaseEndpoint = aws.String(endpoint)
	}
	if loopback(aws.ToString(cfg.BaseEndpoint)) {
		useLocal(&cfg, identified)
	}
	if cfg.Region == "" {
		return aws.Config{}, hint(errors.New("no region is configured"), "give --region or set AWS_REGION")
	}
	cfg.Credentials = namedCredentials{cfg.Credentials}
	cfg.Logger = logging.Nop{} // what matters comes back as an error
	return cfg, nil
}

// endpointURL is the endpoint to use instead of what the SDK would choose; ""
// leaves the choice to it.
func (c *connection) endpointURL(identified bool) string {
	if c.endpoint != "" {
		return c.endpoint
	}
	for _, name := range []string{"AWS_ENDPOINT_URL_CODEDEPLOY", "AWS_ENDPOINT_URL"} {
		if value := os.Getenv(name); value != "" {
			return value
		}
	}
	if identified {
		return ""
	}
	return localEndpoint
}

// identified reports whether somebody said as whom to call: by keys, a role or
// a profile. Machine roles are not asked for, because that takes the network.
func (c *connection) identified(ctx context.Context) (bool, error) {
	env, err := config.NewEnvConfig()
	if err != nil {
		return false, err
	}
	if c.profile != "" || env.SharedConfigProfile != "" || env.Credentials.HasKeys() ||
		env.WebIdentityTokenFilePath != "" || env.RoleARN != "" ||
		env.ContainerCredentialsEndpoint != "" || env.ContainerCredentialsRelativePath != "" {
		return true, nil
	}
	shared, err := config.LoadSharedConfigProfile(ctx, "default", func(o *config.LoadSharedConfigOptions) {
		o.ConfigFiles = files(env.SharedConfigFile)
		o.CredentialsFiles = files(env.SharedCredentialsFile)
	})
	if _, absent := errors.AsType[config.SharedConfigProfileNotExistError](err); absent {
		return false, nil
	}
	if err != nil {
		return false, hint(innermost(err), "see ~/.aws/config and ~/.aws/credentials")
	}
	return shared.Credentials.HasKeys() || shared.RoleARN != "" || shared.CredentialProcess != "" ||
		shared.WebIdentityTokenFile != "" || shared.SSOAccountID != "" || shared.LoginSession != "" ||
		shared.BaseEndpoint != "", nil
}

// files is the list to read instead of the standard one, nil for the standard one.
func files(name string) []string {
	if name == "" {
		return nil
	}
	return []string{name}
}

// useLocal fills in what a server on this machine takes on trust. It also calls
// it once only: a local server that does not answer is not there.
func useLocal(cfg *aws.Config, identified bool) {
	if cfg.Region == "" {
		cfg.Region = localRegion
	}
	if !identified {
		cfg.Credentials = credentials.NewStaticCredentialsProvider(localAccount, "local", "")
	}
	cfg.RetryMaxAttempts = 1
}

func loopback(endpoint string) bool {
	parsed, err := url.Parse(endpoint)
	if err != nil {
		return false
	}
	host := parsed.Hostname()
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// namedCredentials marks the failure to find credentials as such, for the SDK
// reports it like any other.
type namedCredentials struct{ aws.CredentialsProvider }

func (p namedCredentials) Retrieve(ctx context.Context) (aws.Credentials, error) {
	found, err := p.CredentialsProvider.Retrieve(ctx)
	if err != nil && ctx.Err() == nil {
		err = &noCredentials{err}
	}
	return found, err
}

type noCredentials struct{ err error }

func (e *noCredentials) Error() string { return e.err.Error() }
func (e *noCredentials) Unwrap() error { return e.err }
