package awswire

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

type queryShape struct {
	Name     string
	Count    *int64
	Ratio    *float64
	Enabled  *bool
	At       time.Time
	Names    []string
	Actions  []queryAction
	Tags     map[string]string
	Nested   *queryAction
	LoadARNs []string `query:"LoadBalancerArns"`
}

type queryAction struct {
	Type  string
	Order int64
}

func TestDecodeQuery(t *testing.T) {
	tests := map[string]struct {
		form string
		want queryShape
	}{
		"nothing": {"", queryShape{}},
		"scalars": {"Name=a+b&Count=-5&Ratio=0.5&Enabled=false&At=2026-03-04T05:06:07Z&Unknown.member.1=x",
			queryShape{Name: "a b", Count: new(int64(-5)), Ratio: new(0.5), Enabled: new(false), At: testNow}},
		"lists": {"Names.member.10=j&Names.member.2=b&LoadBalancerArns.member.1=arn",
			queryShape{Names: []string{"b", "j"}, LoadARNs: []string{"arn"}}},
		"an empty list": {"Names=", queryShape{Names: []string{}}},
		"structures": {"Actions.member.1.Type=forward&Actions.member.1.Order=7&Nested.Type=x",
			queryShape{Actions: []queryAction{{"forward", 7}}, Nested: &queryAction{Type: "x"}}},
		"maps": {"Tags.entry.1.key=a&Tags.entry.1.value=1&Tags.entry.2.key=b&Tags.entry.2.value=",
			queryShape{Tags: map[string]string{"a": "1", "b": ""}}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			form, err := url.ParseQuery(test.form)
			if err != nil {
				t.Fatal(err)
			}
			var got queryShape
			if err := DecodeQuery(form, &got); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestDecodeQueryRefuses(t *testing.T) {
	tests := map[string]string{
		"Count=five":                             "Count must be an integer",
		"Count=9223372036854775808":              "Count must be an integer",
		"Enabled=yes":                            "Enabled must be true or false",
		"Ratio=x":                                "Ratio must be a number",
		"At=yesterday":                           "At must be a time",
		"Name.member.1=x":                        "Name must be a single value",
		"Names=x":                                "Names must be a list",
		"Names.1=x":                              "Names must be a list",
		"Names.member.0=x":                       "Names.member.0 must be numbered from 1",
		"Names.member.01=x":                      "Names.member.01 must be numbered from 1",
		"Actions.member.3.Order=x":               "Actions.member.1.Order must be an integer",
		"Tags.entry.1.key=a":                     "Tags.entry.1 must be a pair",
		"Names" + strings.Repeat(".x", 17) + "=": "nested too deeply",
	}
	for text, want := range tests {
		form, err := url.ParseQuery(text)
		if err != nil {
			t.Fatal(err)
		}
		err = DecodeQuery(form, new(queryShape))
		wantFault(t, err, "MalformedInput", "The parameter ")
		if err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v", text, err)
		}
	}
}

func FuzzDecodeQuery(f *testing.F) {
	f.Add("Name=a&Names.member.1=b&Tags.entry.1.key=c&Tags.entry.1.value=d&Nested.Type=e")
	f.Add("Names=&Count=1.5&Actions.member.99999999999999999999.Type=x")
	f.Add("....=&.=x&Names.member=&Tags.entry.1.key.entry.1=x")
	f.Fuzz(func(t *testing.T, text string) {
		form, err := url.ParseQuery(text)
		if err != nil {
			return
		}
		var got queryShape
		if err := DecodeQuery(form, &got); err != nil {
			if e := present(err); e.Status != http.StatusBadRequest || e.Code != "MalformedInput" {
				t.Fatalf("refused with %v", err)
			}
		}
		if len(got.Names)+len(got.Actions)+len(got.Tags) > len(form) {
			t.Fatalf("made %+v of %q", got, text)
		}
	})
}

// queryServer is a service with an operation that works and two that fail.
func queryServer(log *logBuffer) *Server {
	type pair struct{ Key, Value string }
	type result struct {
		Account string
		Names   []string `xml:"Names>member"`
		Pairs   []pair   `xml:"Pairs>entry"`
	}
	return NewServer(Options{Auth: AnyCredentials(), Log: log.logger()}, QueryService(QueryAPI{
		Name: "sts", Version: "2011-06-15", Namespace: "https://example.com/doc/",
		Operations: map[string]QueryOperation{
			"Show": func(ctx context.Context, form url.Values) (any, error) {
				return result{CallerFrom(ctx).Account, []string{form.Get("Name"), "<&>"}, []pair{{"k", "v"}}}, nil
			},
			"Nothing": func(_ context.Context, form url.Values) (any, error) {
				if len(form) > 0 {
					return nil, errors.New("something was left in the form")
				}
				return nil, nil
			},
			"Modelled": func(context.Context, url.Values) (any, error) { return nil, modelled{} },
			"Broken":   func(context.Context, url.Values) (any, error) { return nil, errors.New("disk full") },
		},
	}))
}

func queryCall(t *testing.T, method, target, body string) *http.Request {
	r := httptest.NewRequest(method, target, strings.NewReader(body))
	r.Header.Set("Content-Type", formContentType+"; charset=utf-8")
	return sign(t, r, body, longTerm, "sts", testNow)
}

func TestQueryService(t *testing.T) {
	const tail = `<ResponseMetadata><RequestId>ID</RequestId></ResponseMetadata>`
	const show = `<ShowResponse xmlns="https://example.com/doc/"><ShowResult><Account>000000000000</Account>` +
		`<Names><member>a b</member><member>&lt;&amp;&gt;</member></Names><Pairs><entry><Key>k</Key><Value>v</Value></entry></Pairs></ShowResult>` + tail + `</ShowResponse>`
	fault := func(kind, code, message string) string {
		return `<ErrorResponse xmlns="https://example.com/doc/"><Error><Type>` + kind + `</Type><Code>` + code + `</Code><Message>` +
			message + `</Message></Error><RequestId>ID</RequestId></ErrorResponse>`
	}
	tests := []struct {
		name, method, target, body string
		status                     int
		want                       string
	}{
		{"post", "POST", "/", "Action=Show&Version=2011-06-15&Name=a+b", 200, show},
		{"get", "GET", "/?Action=Show&Version=2011-06-15&Name=a%20b", "", 200, show},
		{"no result", "POST", "/", "Action=Nothing&Version=2011-06-15", 200,
			`<NothingResponse xmlns="https://example.com/doc/">` + tail + `</NothingResponse>`},
		{"modelled", "POST", "/", "Action=Modelled&Version=2011-06-15", 400,
			fault("Sender", "ApplicationDoesNotExistException", "No application found for name: Foo")},
		{"fault of the server", "POST", "/", "Action=Broken&Version=2011-06-15", 500, fault("Receiver", "InternalFailure", "")},
		{"no action", "POST", "/", "Version=2011-06-15", 400, fault("Sender", "MissingAction", "The request must contain the parameter Action.")},
		{"unknown action", "POST", "/", "Action=Other&Version=2011-06-15", 400,
			fault("Sender", "InvalidAction", "Could not find operation Other for version 2011-06-15.")},
		{"another version", "POST", "/", "Action=Show&Version=1", 400, fault("Sender", "InvalidAction", "Could not find operation Show for version 1.")},
		{"twice", "POST", "/", "Action=Show&Action=Show", 400, fault("Sender", "MalformedQueryString", "The parameter Action is there more than once.")},
		{"no form", "POST", "/", "%zz", 400, fault("Sender", "MalformedQueryString", "The query string contains a syntax error.")},
		{"too many", "POST", "/", strings.Repeat("&", maxFormValues), 400, fault("Sender", "MalformedQueryString", "The request has too many parameters.")},
		{"another path", "POST", "/x", "Action=Show", 404, fault("Sender", "InvalidAction", "")},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			a := do(t, queryServer(&logBuffer{}), queryCall(t, test.method, test.target, test.body))
			got := strings.ReplaceAll(a.body, a.header.Get("X-Amzn-Requestid"), "ID")
			if a.status != test.status || got != test.want || a.header.Get("Content-Type") != queryContentType {
				t.Errorf("got %d %s\nwant %s", a.status, got, test.want)
			}
		})
	}
}

func TestQueryServiceLogsFaultsOnly(t *testing.T) {
	var log logBuffer
	server := queryServer(&log)
	do(t, server, queryCall(t, "POST", "/", "Action=Modelled&Version=2011-06-15"))
	if log.Len() > 0 {
		t.Errorf("log: %s", log.String())
	}
	do(t, server, queryCall(t, "POST", "/", "Action=Broken&Version=2011-06-15"))
	if !strings.Contains(log.String(), "disk full") || !strings.Contains(log.String(), "operation=Broken") {
		t.Errorf("log: %s", log.String())
	}
}

func TestQueryServiceWithoutASignature(t *testing.T) {
	r := httptest.NewRequest("POST", "/", strings.NewReader("Action=Show&Version=2011-06-15"))
	r.Header.Set("Content-Type", formContentType)
	r.Header.Set("Authorization", algorithm+" Credential=AKID/20260304/eu-west-1/sts/aws4_request, SignedHeaders=host, Signature=0")
	a := do(t, queryServer(&logBuffer{}), r) // no date
	if a.status != http.StatusNotFound && a.status != http.StatusBadRequest {
		t.Errorf("got %d %s", a.status, a.body)
	}
	service := QueryService(QueryAPI{Name: "sts"}).(ErrorWriter)
	w := httptest.NewRecorder()
	service.WriteError(w, r, missingToken())
	if w.Code != http.StatusForbidden || !strings.Contains(w.Body.String(), "<Code>MissingAuthenticationToken</Code>") {
		t.Errorf("got %d %s", w.Code, w.Body)
	}
}

func TestQueryPermissions(t *testing.T) {
	service := QueryService(QueryAPI{Name: "sts", Version: "1", Operations: map[string]QueryOperation{"Show": nil}}).(Guarded)
	got, err := service.Permissions(queryCall(t, "POST", "/", ""), []byte("Action=Show&Version=1"))
	if diff := cmp.Diff([]Permission{{"sts:Show", "*"}}, got); err != nil || diff != "" {
		t.Errorf("%v %s", err, diff)
	}
	if _, err := service.Permissions(queryCall(t, "POST", "/", ""), []byte("Action=Other&Version=1")); err == nil {
		t.Error("an unknown operation needs nothing")
	}
}
