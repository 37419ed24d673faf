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

	far string // URL that calls to AWS go to
}

// startProduction runs both.
func startProduction(t testing.TB) *production {
	t.Helper()
	far := start(t, "real")
	return startProductionOn(t, far, far.URL)
}

// startProductionOn runs it with a cloud that is there already, and can be
// reached at a URL.
func startProductionOn(t testing.TB, cloud *server, url string) *production {
	t.Helper()
	p := &production{aws: cloud, far: url}
	dir := t.TempDir()
	must(0, os.WriteFile(filepath.Join(dir, "credentials.yaml"), []byte(`
- accessKeyId: `+productionKey+`
  secretAccessKey: `+productionSecret+`
  account: "`+productionAccount+`"
  principal: arn:aws:iam::`+productionAccount+`:user/ci
  allow:
    - actions: ["*"]
      resources: ["*"]
`), 0o600))(t)
	p.launchOn(t, dir)
	return p
}

// launchOn runs the server on a directory. A page of a list is two rows long, so
// that every list of three has a second one.
func (p *production) launchOn(t testing.TB, dir string) {
	t.Helper()
	p.server = launchBinary(t, dir, credentialVariables(p.far), "serve", "--listen", "127.0.0.1:0",
		"--database", "sqlite:"+filepath.Join(dir, "greenlight.db"),
		"--credentials", filepath.Join(dir, "credentials.yaml"), "--quota", "page-size=2")
	p.awaitListening()
	p.cloud = newCloud(t, p.URL, productionKey, productionSecret)
}

// variables are for clients that are programs.
func (p *production) variables() []string {
	return []string{
		"AWS_ENDPOINT_URL_CODEDEPLOY=" + p.URL, "AWS_REGION=" + region, "AWS_DEFAULT_REGION=" + region,
		"AWS_ACCESS_KEY_ID=" + productionKey, "AWS_SECRET_ACCESS_KEY=" + productionSecret,
	}
}
