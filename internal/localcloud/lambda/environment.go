package lambda

import "maps"

// environment is what the process of a version gets beside the variables that
// the runtime sets for each environment: where it finds the AWS it belongs to,
// and as whom. The function's own variables may replace the endpoint; the rest
// is reserved and cannot be among them.
//
// The access key is the account's id, which is how the server knows the account
// of a caller without users.
func (s *Service) environment(f *function, v *version) map[string]string {
	variables := map[string]string{
		"AWS_REGION":            f.id.Region,
		"AWS_DEFAULT_REGION":    f.id.Region,
		"AWS_ACCESS_KEY_ID":     f.id.Account,
		"AWS_SECRET_ACCESS_KEY": "local",
		"AWS_SESSION_TOKEN":     "local",
	}
	if endpoint := *s.endpoint.Load(); endpoint != "" {
		variables["AWS_ENDPOINT_URL"] = endpoint
	}
	maps.Copy(variables, v.Settings.Environment)
	return variables
}
