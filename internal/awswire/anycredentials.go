package awswire

import "net/http"

const defaultAccount = "000000000000"

// AnyCredentials accepts whoever presents a well-formed signature and verifies nothing, so it is for a server that
// only its own machine can reach. A 12-digit access key names the account, any other means 000000000000; the region
// is the one in the credential scope. A request without a signature is still refused, as AWS would.
func AnyCredentials() Authenticator { return anyCredentials{} }

type anyCredentials struct{}

func (anyCredentials) Authenticate(r *http.Request, _ []byte) (Caller, error) {
	a, err := ParseAuthorization(r)
	if err != nil {
		return Caller{}, err
	}
	account := defaultAccount
	if len(a.AccessKeyID) == len(defaultAccount) && isToken(a.AccessKeyID, len(defaultAccount), isDigit) {
		account = a.AccessKeyID
	}
	partition := Partition(a.Region)
	return Caller{
		Account:      account,
		Region:       a.Region,
		Partition:    partition,
		AccessKeyID:  a.AccessKeyID,
		PrincipalARN: "arn:" + partition + ":iam::" + account + ":root",
	}, nil
}
