package api

import (
	"context"
	"unicode"

	"greenlight/internal/codedeploy"
	"greenlight/internal/store"
)

// GitHub tokens are made by AWS's console only. There is none here, so there is
// nothing that a list could show or a deletion could find (api.md 7c).

// listGitHubAccountTokenNames has no page, so every token is one of another
// list.
func (a *API) listGitHubAccountTokenNames(_ context.Context, sc store.Scope, in *codedeploy.ListGitHubAccountTokenNamesInput) (*codedeploy.ListGitHubAccountTokenNamesOutput, error) {
	var after string
	if err := a.tokens.open(list{Operation: "ListGitHubAccountTokenNames", Scope: sc}, in.NextToken, &after); err != nil {
		return nil, err
	}
	if err := a.gitHubSupported(); err != nil {
		return nil, err
	}
	return &codedeploy.ListGitHubAccountTokenNamesOutput{TokenNameList: []string{}}, nil
}

func (a *API) deleteGitHubAccountToken(_ context.Context, _ store.Scope, in *codedeploy.DeleteGitHubAccountTokenInput) (*codedeploy.DeleteGitHubAccountTokenOutput, error) {
	if err := a.gitHubSupported(); err != nil {
		return nil, err
	}
	return nil, codedeploy.GitHubAccountTokenDoesNotExistException.Errorf("There is no GitHub account token named %q.", in.TokenName)
}

func isPrintable(text string) bool {
	for _, r := range text {
		if !unicode.IsPrint(r) {
			return false
		}
	}
	return true
}

// gitHubSupported refuses what needs GitHub when it is switched off.
func (a *API) gitHubSupported() error {
	if !a.gitHubOff {
		return nil
	}
	return codedeploy.OperationNotSupportedException.Errorf("Support for GitHub is switched off on this server.")
}
