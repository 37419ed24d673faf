package cli

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/spf13/cobra"
)

const maxLogLine = 1 << 20

// logLine is one line that a function of the local cloud wrote.
type logLine struct {
	Time      time.Time `json:"time"`
	Function  string    `json:"function"`
	Version   string    `json:"version"`
	RequestID string    `json:"requestId"`
	Message   string    `json:"message"`
}

func logsVerb(sh *shell) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "logs FUNCTION",
		Short: "Show what a function of the local cloud has written",
		Args:  arguments(1, 1, "FUNCTION"),
	}
	wantsJSON := outputFlag(cmd)
	follow := cmd.Flags().Bool("follow", false, "keep showing new lines until interrupted")
	since := cmd.Flags().Duration("since", 10*time.Minute, "how far back to begin, such as 30s or 2h")
	server := connectionFlags(cmd)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		asJSON, err := wantsJSON()
		if err != nil {
			return err
		}
		if *since < 0 {
			return usageError(cmd, "--since %s is negative", *since)
		}
		cfg, err := server.load(cmd.Context())
		if err != nil {
			return err
		}
		// How far back is for the server to reckon: its clock may run ahead.
		query := url.Values{"function": args, "region": {cfg.Region}, "since": {since.String()}}
		if *follow {
			query.Set("follow", "1")
		}
		return sh.logs(cmd.Context(), cfg, query, asJSON)
	}
	return cmd
}

func (sh *shell) logs(ctx context.Context, cfg aws.Config, query url.Values, asJSON bool) error {
	if cfg.BaseEndpoint == nil {
		return hint(errors.New("there are logs only on a `greenlight dev` server"),
			"for functions on AWS: aws logs tail /aws/lambda/%s", query.Get("function"))
	}
	request, err := logsRequest(ctx, cfg, query)
	if err != nil {
		return explain(err)
	}
	answer, err := httpClient(cfg).Do(request)
	if err != nil {
		return interrupted(ctx, explain(err))
	}
	defer answer.Body.Close()
	if err := refusedLogs(answer, *cfg.BaseEndpoint); err != nil {
		return err
	}
	lines := bufio.NewScanner(answer.Body)
	lines.Buffer(nil, maxLogLine)
	for lines.Scan() {
		if err := sh.showLog(lines.Bytes(), asJSON); err != nil {
			return err
		}
	}
	return interrupted(ctx, lines.Err())
}

// httpClient is the one that the SDK would use, with the certificates that are
// configured for it.
func httpClient(cfg aws.Config) aws.HTTPClient {
	if cfg.HTTPClient != nil {
		return cfg.HTTPClient
	}
	return awshttp.NewBuildableClient()
}

// interrupted forgives an error that is only the person's wish to stop.
func interrupted(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return nil
	}
	return err
}

// logsRequest is signed like any call to the API, because account and region
// come from the signature.
func logsRequest(ctx context.Context, cfg aws.Config, query url.Values) (*http.Request, error) {
	address := strings.TrimSuffix(*cfg.BaseEndpoint, "/") + "/_greenlight/logs?" + query.Encode()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, err
	}
	identity, err := cfg.Credentials.Retrieve(ctx)
	if err != nil {
		return nil, err
	}
	empty := sha256.Sum256(nil)
	err = v4.NewSigner().SignHTTP(ctx, identity, request, hex.EncodeToString(empty[:]), "codedeploy", cfg.Region, time.Now())
	return request, err
}

// refusedLogs tells a server that has no such function from one that has no logs.
func refusedLogs(answer *http.Response, endpoint string) error {
	if answer.StatusCode == http.StatusOK {
		return nil
	}
	switch code := answer.Header.Get("X-Amzn-Errortype"); code {
	case "ResourceNotFoundException", "InvalidParameterValueException":
		var body struct{ Message string }
		if err := json.NewDecoder(io.LimitReader(answer.Body, maxLogLine)).Decode(&body); err != nil {
			return errors.New(code)
		}
		return fmt.Errorf("%s: %s", code, body.Message)
	}
	return hint(fmt.Errorf("%s keeps no function logs (HTTP %d)", endpoint, answer.StatusCode),
		"only `greenlight dev` does; for functions on AWS: aws logs tail /aws/lambda/FUNCTION")
}

func (sh *shell) showLog(line []byte, asJSON bool) error {
	var l logLine
	if err := json.Unmarshal(line, &l); err != nil {
		return hint(errors.New("the server's logs are not in a form that this version reads"),
			"are client and server of the same version?")
	}
	if asJSON {
		sh.printf("%s\n", line)
		return nil
	}
	sh.printf("%s  %s:%s  %s\n", l.Time.UTC().Format("15:04:05.000"), l.Function, l.Version, strings.TrimRight(l.Message, "\n"))
	return nil
}
