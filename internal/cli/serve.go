package cli

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"strconv"
	"strings"
	"syscall"

	"github.com/spf13/cobra"

	"greenlight/internal/api"
	"greenlight/internal/serve"
)

// serveVerb runs the controller in production.
func serveVerb(sh *shell) *cobra.Command {
	var o serve.Options
	var database string
	var quotas []string
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Run the controller in production",
		Long:  serveHelp(),
		Args:  arguments(0, 0, ""),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := serveOptions(cmd, &o, database, quotas); err != nil {
				return err
			}
			o.Log = slog.New(slog.NewTextHandler(sh.err, nil))
			server, err := serve.Open(cmd.Context(), o)
			if err != nil {
				return err
			}
			defer onHangup(func() { reload(server, o.Log) })()
			fmt.Fprintf(sh.err, "listening on %s\n", server.URL)
			return server.Run(cmd.Context())
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&o.Listen, "listen", "", "address to listen on, such as :4610")
	flags.StringVar(&database, "database", "", "where everything is kept: sqlite:PATH")
	flags.StringVar(&o.Credentials, "credentials", "", "file of who may call and do what")
	flags.StringVar(&o.TLSCert, "tls-cert", "", "certificate, PEM, with its chain")
	flags.StringVar(&o.TLSKey, "tls-key", "", "key of the certificate, PEM")
	flags.StringSliceVar(&quotas, "quota", nil, "NAME=VALUE of a quota; may be given several times, or with commas between")
	flags.Float64Var(&o.RateLimit, "rate-limit", 0, "requests per second of each account; 0 is no limit")
	flags.BoolVar(&o.GitHubOff, "no-github", false, "answer the operations on GitHub tokens as not supported")
	flags.BoolVar(&o.AssumeRole, "assume-role", false, "act as the deployment group's service role, by STS")
	flags.StringSliceVar(&o.ECSControllers, "ecs-controllers", []string{"CODE_DEPLOY"}, "deployment controllers of the ECS services that may be deployed to; ECS itself lets only EXTERNAL ones be driven from outside")
	flags.BoolVar(&o.GroupChecksOff, "no-group-checks", false, "store ECS groups without asking ECS and the load balancers about them")
	return cmd
}

func serveHelp() string {
	var b strings.Builder
	b.WriteString(`Run the CodeDeploy API and the engine for the callers that the credentials file
names. Deployments drive AWS, or whatever the AWS SDK's own configuration points
at (AWS_ENDPOINT_URL, AWS_PROFILE ...), with that configuration's credentials; with
--assume-role they act as the service role of their deployment group, and different
accounts then stay apart at AWS too.

The credentials file is a list, in YAML or JSON, and only for its owner to read:

  - accessKeyId: AKIAEXAMPLE
    secretAccessKey: ...             # beside it, optional: sessionToken, expires
    account: "111122223333"
    principal: arn:aws:iam::111122223333:user/ci
    allow:                           # and deny, which wins
      - actions: ["codedeploy:Get*", "codedeploy:CreateDeployment"]
        resources: ["arn:aws:codedeploy:*:*:deploymentgroup:shop/*"]

A change of it, or of the certificate, is in force within a second, or at once on
SIGHUP; a file that cannot be read leaves the old content in force.

Quotas, with AWS's values:
`)
	for name, standard := range api.QuotaDefaults() {
		fmt.Fprintf(&b, "  %-24s %6d\n", name, standard)
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// serveOptions judges the command line. What it says is what a person typed, so
// all of it is about usage.
func serveOptions(cmd *cobra.Command, o *serve.Options, database string, quotas []string) (err error) {
	if err := demand(cmd, "listen", "database", "credentials"); err != nil {
		return err
	}
	if o.Database, err = serve.ParseDatabase(database); err != nil {
		return usageError(cmd, "--database: %w", err)
	}
	if (o.TLSCert == "") != (o.TLSKey == "") {
		return usageError(cmd, "--tls-cert and --tls-key: %w", serve.ErrHalfTLS)
	}
	if !(o.RateLimit >= 0 && o.RateLimit <= 1e6) {
		return usageError(cmd, "--rate-limit must be 0 to 1000000 requests per second")
	}
	for _, controller := range o.ECSControllers {
		if controller != "CODE_DEPLOY" && controller != "EXTERNAL" {
			return usageError(cmd, "--ecs-controllers: %q is neither CODE_DEPLOY nor EXTERNAL", controller)
		}
	}
	for _, quota := range quotas {
		if err := setQuota(&o.Quotas, quota); err != nil {
			return usageError(cmd, "--quota: %w", err)
		}
	}
	return nil
}

func setQuota(q *api.Quotas, setting string) error {
	name, text, ok := strings.Cut(setting, "=")
	value, err := strconv.Atoi(text)
	if !ok || err != nil {
		return errors.New(strconv.Quote(setting) + " is not NAME=VALUE with a whole number")
	}
	return q.Set(name, value)
}

func reload(server *serve.Serve, log *slog.Logger) {
	if err := server.Reload(); err != nil {
		log.Error("reload: what cannot be read stays as it was", "error", err)
		return
	}
	log.Info("reload: done")
}

// onHangup calls f at every SIGHUP until the returned function is called.
func onHangup(f func()) (stop func()) {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGHUP)
	ctx, cancel := context.WithCancel(context.Background())
	go func() {
		for {
			select {
			case <-signals:
				f()
			case <-ctx.Done():
				return
			}
		}
	}()
	return func() { signal.Stop(signals); cancel() }
}
