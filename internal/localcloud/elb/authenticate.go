package elb

// The authenticate actions are kept and read back, so that a deployment's changes of a rule can be tried with them
// (ecs.md 16, E45). They are not performed: there is no identity provider here, and every request passes.

const (
	maxAuthenticatePart = 1024
	maxExtraParams      = 10
	maxSessionTimeout   = 604_800
)

type (
	oidcConfig struct {
		Issuer, AuthorizationEndpoint, TokenEndpoint, UserInfoEndpoint string

		ClientID                         string `query:"ClientId" xml:"ClientId"`
		ClientSecret                     string `json:"-" xml:"-"` // never used, so never kept
		UseExistingClientSecret          bool   `json:"-" xml:"-"`
		SessionCookieName, Scope         string
		SessionTimeout                   int64
		AuthenticationRequestExtraParams textMap `json:",omitempty" xml:",omitempty"`
		OnUnauthenticatedRequest         string
	}
	cognitoConfig struct {
		UserPoolARN                      string `query:"UserPoolArn" xml:"UserPoolArn"`
		UserPoolClientID                 string `query:"UserPoolClientId" xml:"UserPoolClientId"`
		UserPoolDomain                   string
		SessionCookieName, Scope         string
		SessionTimeout                   int64
		AuthenticationRequestExtraParams textMap `json:",omitempty" xml:",omitempty"`
		OnUnauthenticatedRequest         string
	}
)

func (a *action) checkOIDC() error {
	if a.OIDCConfig == nil {
		return fault(codeInvalidAction, "An AuthenticateOidcConfig must be specified for actions of type '%s'", a.Type)
	}
	c := *a.OIDCConfig
	if (c.ClientSecret == "") != c.UseExistingClientSecret {
		return fault(codeInvalidAction, "Exactly one of ClientSecret and UseExistingClientSecret must be specified")
	}
	if err := checkParts(map[string]string{
		"Issuer": c.Issuer, "AuthorizationEndpoint": c.AuthorizationEndpoint, "TokenEndpoint": c.TokenEndpoint,
		"UserInfoEndpoint": c.UserInfoEndpoint, "ClientId": c.ClientID,
	}); err != nil {
		return err
	}
	a.OIDCConfig = &c
	return checkSession(&c.SessionCookieName, &c.Scope, &c.OnUnauthenticatedRequest, &c.SessionTimeout, c.AuthenticationRequestExtraParams)
}

func (a *action) checkCognito() error {
	if a.CognitoConfig == nil {
		return fault(codeInvalidAction, "An AuthenticateCognitoConfig must be specified for actions of type '%s'", a.Type)
	}
	c := *a.CognitoConfig
	if err := checkParts(map[string]string{
		"UserPoolArn": c.UserPoolARN, "UserPoolClientId": c.UserPoolClientID, "UserPoolDomain": c.UserPoolDomain,
	}); err != nil {
		return err
	}
	a.CognitoConfig = &c
	return checkSession(&c.SessionCookieName, &c.Scope, &c.OnUnauthenticatedRequest, &c.SessionTimeout, c.AuthenticationRequestExtraParams)
}

// checkParts holds members that must be there.
func checkParts(parts map[string]string) error {
	for name, value := range parts {
		if value == "" || len(value) > maxAuthenticatePart {
			return fault(codeInvalidAction, "%s of an authenticate action must have 1 to %d characters", name, maxAuthenticatePart)
		}
	}
	return nil
}

// checkSession holds the members that both actions have, and fills in the model's defaults.
func checkSession(cookie, scopes, unauthenticated *string, timeout *int64, extra textMap) error {
	*cookie, *scopes = either(*cookie, "AWSELBAuthSessionCookie"), either(*scopes, "openid")
	*unauthenticated = either(*unauthenticated, "authenticate")
	if *timeout == 0 {
		*timeout = maxSessionTimeout
	}
	switch *unauthenticated {
	case "deny", "allow", "authenticate":
	default:
		return fault(codeInvalidAction, "OnUnauthenticatedRequest '%s' must be deny, allow or authenticate", *unauthenticated)
	}
	if *timeout < 1 || *timeout > maxSessionTimeout {
		return fault(codeInvalidAction, "Session timeout '%d' must be between 1 and %d", *timeout, maxSessionTimeout)
	}
	if len(extra) > maxExtraParams {
		return fault(codeInvalidAction, "At most %d extra parameters can be specified", maxExtraParams)
	}
	for name, value := range extra {
		if len(name)+len(value) > maxAuthenticatePart {
			return fault(codeInvalidAction, "The extra parameter '%s' is too long", name)
		}
	}
	return checkParts(map[string]string{"SessionCookieName": *cookie, "Scope": *scopes})
}
