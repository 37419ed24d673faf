package e2e

import (
	"os"
	"path/filepath"
	"testing"
)

// The caller that the credentials file of a production server knows.
const (
	productionKey     = "AKIAPRODUCTION"
	productionSecret  = "a/secret+of/production="
	productionAccount = "111122223333"
)

// production is `greenlight serve`, which verifies signatures, with the local
// cloud of `greenlight dev` in the place of AWS.
type production struct {
	*server
	aws *server
}

// startProduction runs both. A page of a list is two rows long, so that every
// list of three has a second one.
func startProduction(t testing.TB) *production {
	t.Helper()
	p := &production{aws: start(t, "real")}
	dir := t.TempDir()
	known := filepath.Join(dir, "credentials.yaml")
	must(0, os.WriteFile(known, []byte(`
- accessKeyId: `+productionKey+`
  secretAccessKey: `+productionSecret+`
  account: "`+productionAccount+`"
  principal: arn:aws:iam::`+productionAccount+`:user/ci
  allow:
    - actions: ["*"]
      resources: ["*"]
`), 0o600))(t)
	p.server = launchBinary(t, dir, credentialVariables(p.aws.URL), "serve", "--listen", "127.0.0.1:0",
		"--database", "sqlite:"+filepath.Join(dir, "greenlight.db"), "--credentials", known, "--quota", "page-size=2")
	p.awaitListening()
	p.cloud = newCloud(t, p.URL, productionKey, productionSecret)
	return p
}

// variables are for clients that are programs.
func (p *production) variables() []string {
	return []string{
		"AWS_ENDPOINT_URL_CODEDEPLOY=" + p.URL, "AWS_REGION=" + region, "AWS_DEFAULT_REGION=" + region,
		"AWS_ACCESS_KEY_ID=" + productionKey, "AWS_SECRET_ACCESS_KEY=" + productionSecret,
	}
}
