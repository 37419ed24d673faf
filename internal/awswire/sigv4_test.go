package awswire

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

const goodHeader = algorithm + " Credential=AKID/20260304/eu-west-1/codedeploy/aws4_request, SignedHeaders=host;x-amz-date, Signature=abc"

const goodQuery = "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKID%2F20260304%2Feu-west-1%2Fs3%2Faws4_request" +
	"&X-Amz-Date=20260304T050607Z&X-Amz-Expires=60&X-Amz-Security-Token=tok&X-Amz-SignedHeaders=host&X-Amz-Signature=abc"

func withAuthorization(header, date string) *http.Request {
	r := httptest.NewRequest("POST", "/", nil)
	r.Header.Set("Authorization", header)
	if date != "" {
		r.Header.Set("X-Amz-Date", date)
	}
	return r
}

func withQuery(query string) *http.Request {
	return &http.Request{Method: "GET", URL: &url.URL{Path: "/", RawQuery: query}, Header: http.Header{}}
}

func TestParseAuthorization(t *testing.T) {
	got, err := ParseAuthorization(withAuthorization(goodHeader, "20260304T050607Z"))
	if err != nil {
		t.Fatal(err)
	}
	want := &Authorization{AccessKeyID: "AKID", ScopeDate: "20260304", Region: "eu-west-1", Service: "codedeploy",
		SignedHeaders: []string{"host", "x-amz-date"}, Signature: "abc", Time: testNow}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	got, err = ParseAuthorization(withQuery(goodQuery))
	if err != nil {
		t.Fatal(err)
	}
	want = &Authorization{AccessKeyID: "AKID", ScopeDate: "20260304", Region: "eu-west-1", Service: "s3", SessionToken: "tok",
		SignedHeaders: []string{"host"}, Signature: "abc", Time: testNow, Presigned: true, Expires: time.Minute}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestParseAuthorizationRefuses(t *testing.T) {
	header := func(old, replacement string) *http.Request {
		return withAuthorization(strings.Replace(goodHeader, old, replacement, 1), "20260304T050607Z")
	}
	query := func(old, replacement string) *http.Request {
		return withQuery(strings.Replace(goodQuery, old, replacement, 1))
	}
	twice := header("", "")
	twice.Header.Add("Authorization", goodHeader)
	both := query("", "")
	both.Header.Set("Authorization", goodHeader)
	const incomplete, invalid = "IncompleteSignatureException", "InvalidSignatureException"
	tests := map[string]struct {
		r    *http.Request
		code string
	}{
		"nothing":               {withQuery("a=b"), "MissingAuthenticationTokenException"},
		"empty":                 {header(goodHeader, ""), "MissingAuthenticationTokenException"},
		"basic":                 {header(algorithm, "Basic"), incomplete},
		"asymmetric":            {header(algorithm, "AWS4-ECDSA-P256-SHA256"), incomplete},
		"no parameters":         {withAuthorization(algorithm, "20260304T050607Z"), incomplete},
		"two headers":           {twice, incomplete},
		"header and query":      {both, incomplete},
		"too long":              {header("host", strings.Repeat("h", maxAuthorization)), incomplete},
		"repeated parameter":    {header("Signature=abc", "Signature=abc, Signature=abc"), incomplete},
		"unknown parameter":     {header("Signature=abc", "Signature=abc, Extra=1"), incomplete},
		"empty parameter":       {header("Signature=abc", "Signature="), incomplete},
		"four elements":         {header("/codedeploy", ""), incomplete},
		"six elements":          {header("/codedeploy", "/code/deploy"), incomplete},
		"no access key":         {header("AKID", ""), incomplete},
		"access key with space": {header("AKID", "A KID"), incomplete},
		"scope date":            {header("/20260304", "/2026-03-04"), incomplete},
		"upper-case region":     {header("eu-west-1", "EU"), invalid},
		"empty region":          {header("eu-west-1", ""), invalid},
		"service":               {header("codedeploy", "code_deploy"), invalid},
		"terminator":            {header("aws4_request", "aws4"), invalid},
		"upper-case header":     {header("host", "Host"), incomplete},
		"empty header name":     {header("host;", "host;;"), incomplete},
		"too many headers":      {header("host;", strings.Repeat("h;", maxSignedHeaders)), incomplete},
		"no date":               {withAuthorization(goodHeader, ""), incomplete},
		"date with fraction":    {withAuthorization(goodHeader, "20260304T050607.5Z"), incomplete},
		"RFC date":              {withAuthorization(goodHeader, "Wed, 04 Mar 2026 05:06:07 GMT"), incomplete},
		"query algorithm":       {query("HMAC-SHA256", "HMAC-SHA1"), incomplete},
		"query twice":           {query("&X-Amz-Date", "&X-Amz-Signature=abc&X-Amz-Date"), incomplete},
		"query no credential":   {query("X-Amz-Credential", "X-Other"), incomplete},
		"query no date":         {query("X-Amz-Date", "X-Other"), incomplete},
		"query bad escape":      {query("%2F", "%zz"), incomplete},
		"expires in no time":    {query("Expires=60", "Expires=0"), incomplete},
		"expires too late":      {query("Expires=60", "Expires=604801"), incomplete},
		"expires in words":      {query("Expires=60", "Expires=soon"), incomplete},
		"expires twice":         {query("Expires=60", "Expires=60&X-Amz-Expires=60"), incomplete},
		"query scope":           {query("%2Fs3", ""), incomplete},
		"query signed headers":  {query("SignedHeaders=host", "SignedHeaders=Host"), incomplete},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := ParseAuthorization(test.r)
			wantFault(t, err, test.code, "")
		})
	}
}

func TestAnyCredentials(t *testing.T) {
	tests := []struct {
		key, region string
		want        Caller
	}{
		{"test", "eu-west-1", Caller{Account: "000000000000", Region: "eu-west-1", Partition: "aws", AccessKeyID: "test", PrincipalARN: "arn:aws:iam::000000000000:root"}},
		{"123456789012", "cn-north-1", Caller{Account: "123456789012", Region: "cn-north-1", Partition: "aws-cn", AccessKeyID: "123456789012", PrincipalARN: "arn:aws-cn:iam::123456789012:root"}},
		{"1234567890123", "us-gov-west-1", Caller{Account: "000000000000", Region: "us-gov-west-1", Partition: "aws-us-gov", AccessKeyID: "1234567890123", PrincipalARN: "arn:aws-us-gov:iam::000000000000:root"}},
		{"12345678901x", "us-iso-east-1", Caller{Account: "000000000000", Region: "us-iso-east-1", Partition: "aws-iso", AccessKeyID: "12345678901x", PrincipalARN: "arn:aws-iso:iam::000000000000:root"}},
	}
	for _, test := range tests {
		header := strings.NewReplacer("AKID", test.key, "eu-west-1", test.region).Replace(goodHeader)
		got, err := AnyCredentials().Authenticate(withAuthorization(header, "20260304T050607Z"), nil)
		if err != nil {
			t.Errorf("%s: %v", test.key, err)
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s: %s", test.key, diff)
		}
	}
	_, err := AnyCredentials().Authenticate(httptest.NewRequest("POST", "/", nil), nil)
	wantFault(t, err, "MissingAuthenticationTokenException", "Missing Authentication Token")
}

func FuzzAuthorization(f *testing.F) {
	f.Add(goodHeader, "20260304T050607Z", "")
	f.Add("", "", goodQuery)
	f.Add(algorithm+" Credential=////,SignedHeaders=;,Signature==", "2026", "X-Amz-Signature&X-Amz-Algorithm=%")
	f.Fuzz(func(t *testing.T, header, date, query string) {
		r := withQuery(query)
		if header != "" {
			r.Header.Set("Authorization", header)
		}
		r.Header.Set("X-Amz-Date", date)
		a, err := ParseAuthorization(r)
		if err != nil {
			e := present(err)
			if e.Status != http.StatusBadRequest || e.Message == "" {
				t.Fatalf("refused with %d %v", e.Status, e)
			}
			return
		}
		if a.AccessKeyID == "" || a.Region == "" || a.Service == "" || a.Signature == "" || len(a.SignedHeaders) == 0 {
			t.Fatalf("accepted with a part missing: %+v", a)
		}
		if strings.ContainsAny(a.AccessKeyID+a.Region+a.Service+strings.Join(a.SignedHeaders, ""), " ,/;\n\x00") {
			t.Fatalf("accepted with a separator inside a part: %+v", a)
		}
		// Nobody can guess a signature, however the request is shaped.
		keys := keyring{a.AccessKeyID: {SecretAccessKey: "unguessable", SessionToken: a.SessionToken}}
		if _, err := Signed(keys, func() time.Time { return a.Time }).Authenticate(r, nil); err == nil {
			t.Fatalf("verified: %+v", a)
		}
	})
}
