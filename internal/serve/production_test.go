package serve

import (
	"net/http"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/codedeploy"
)

// TestProductionHasNoClock: what `dev` has at that path is here a path like any
// other that is not AWS's, and healthy neighbors show that the server answers.
func TestProductionHasNoClock(t *testing.T) {
	r := start(t, nil, ann)
	for _, row := range []struct {
		method, path string
		status       int
	}{
		{http.MethodGet, "/healthz", http.StatusOK},
		{http.MethodGet, "/_greenlight/clock", http.StatusNotFound},
		{http.MethodPost, "/_greenlight/clock", http.StatusNotFound},
	} {
		t.Run(row.method+" "+row.path, func(t *testing.T) {
			request := must(http.NewRequestWithContext(t.Context(), row.method, r.URL+row.path, strings.NewReader(`{"advance":"5m"}`)))(t)
			answer := must(http.DefaultClient.Do(request))(t)
			_ = answer.Body.Close()
			if answer.StatusCode != row.status {
				t.Errorf("status %d, want %d", answer.StatusCode, row.status)
			}
		})
	}
}

// TestGitHubIsASetting: with GitHub there are no tokens, without it there is
// no such operation.
func TestGitHubIsASetting(t *testing.T) {
	list, remove := new(codedeploy.ListGitHubAccountTokenNamesInput), &codedeploy.DeleteGitHubAccountTokenInput{TokenName: aws.String("mine")}
	t.Run("on", func(t *testing.T) {
		c := start(t, nil, ann).as(ann, eu)
		if names := must(c.ListGitHubAccountTokenNames(t.Context(), list))(t).TokenNameList; len(names) > 0 {
			t.Errorf("the tokens %v", names)
		}
		_, err := c.DeleteGitHubAccountToken(t.Context(), remove)
		refused(t, err, "GitHubAccountTokenDoesNotExistException", "")
	})
	t.Run("off", func(t *testing.T) {
		c := start(t, func(o *Options) { o.GitHubOff = true }, ann).as(ann, eu)
		_, err := c.ListGitHubAccountTokenNames(t.Context(), list)
		refused(t, err, "OperationNotSupportedException", "Support for GitHub is switched off")
		_, err = c.DeleteGitHubAccountToken(t.Context(), remove)
		refused(t, err, "OperationNotSupportedException", "Support for GitHub is switched off")
	})
}
