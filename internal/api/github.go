package api

import (
	"context"
	"unicode"
	"unicode/utf8"

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
	if err := check(gitHubTokenName(in.TokenName)); err != nil {
		return nil, err
	}
	if err := a.gitHubSupported(); err != nil {
		return nil, err
	}
	return nil, codedeploy.GitHubAccountTokenDoesNotExistException.Errorf("There is no GitHub account token named %q.", in.TokenName)
}

// maxGitHubTokenName is in characters.
const maxGitHubTokenName = 100

func gitHubTokenName(value string) rule {
	return rule{
		required: must(value != "", codedeploy.GitHubAccountTokenNameRequiredException, "The GitHub account token name must be specified."),
		format: must(utf8.RuneCountInString(value) <= maxGitHubTokenName && isPrintable(value), codedeploy.InvalidGitHubAccountTokenNameException,
			"The GitHub account token name %q is not valid: it must be 1 to %d printable characters.", excerpt(value), maxGitHubTokenName),
	}
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
