package lambda

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"strings"

	"greenlight/internal/awswire"
)

// maxBody is how many bytes a request may have, as on Lambda: a zip of 50 MiB
// in base64.
const maxBody = 69_905_067

// request is one call of an operation that speaks JSON.
type request struct {
	*http.Request
	caller awswire.Caller
	body   []byte
}

// operation answers one call: nil for an empty body.
type operation func(ctx context.Context, r *request) (any, error)

// route is one operation of the service model.
type route struct {
	pattern string // of http.ServeMux
	status  int    // of success
	name    string
	operate operation
}

const (
	functionsPath = "/2015-03-31/functions"
	functionPath  = functionsPath + "/{FunctionName}"
)

func (s *Service) routes() []route {
	return []route{
		{"POST " + functionsPath, 201, "CreateFunction", s.createFunction},
		{"GET " + functionsPath, 200, "ListFunctions", s.listFunctions},
		{"GET " + functionPath, 200, "GetFunction", s.getFunction},
		{"DELETE " + functionPath, 204, "DeleteFunction", s.deleteFunction},
		{"GET " + functionPath + "/configuration", 200, "GetFunctionConfiguration", s.getFunctionConfiguration},
		{"PUT " + functionPath + "/configuration", 200, "UpdateFunctionConfiguration", s.updateFunctionConfiguration},
		{"PUT " + functionPath + "/code", 200, "UpdateFunctionCode", s.updateFunctionCode},
		{"POST " + functionPath + "/versions", 201, "PublishVersion", s.publishVersion},
		{"GET " + functionPath + "/versions", 200, "ListVersionsByFunction", s.listVersions},
		{"POST " + functionPath + "/aliases", 201, "CreateAlias", s.createAlias},
		{"GET " + functionPath + "/aliases", 200, "ListAliases", s.listAliases},
		{"GET " + functionPath + "/aliases/{Name}", 200, "GetAlias", s.getAlias},
		{"PUT " + functionPath + "/aliases/{Name}", 200, "UpdateAlias", s.updateAlias},
		{"DELETE " + functionPath + "/aliases/{Name}", 204, "DeleteAlias", s.deleteAlias},
		{"POST " + functionPath + "/policy", 201, "AddPermission", s.addPermission},
		{"GET " + functionPath + "/policy", 200, "GetPolicy", s.getPolicy},
		{"DELETE " + functionPath + "/policy/{StatementId}", 204, "RemovePermission", s.removePermission},
		{"PUT /2017-10-31/functions/{FunctionName}/concurrency", 200, "PutFunctionConcurrency", s.putConcurrency},
		{"DELETE /2017-10-31/functions/{FunctionName}/concurrency", 204, "DeleteFunctionConcurrency", s.deleteConcurrency},
		{"GET /2019-09-30/functions/{FunctionName}/concurrency", 200, "GetFunctionConcurrency", s.getConcurrency},
		{"PUT /2019-09-30/functions/{FunctionName}/provisioned-concurrency", 202, "PutProvisionedConcurrencyConfig", s.putProvisioned},
		{"GET /2019-09-30/functions/{FunctionName}/provisioned-concurrency", 200, "GetProvisionedConcurrencyConfig", s.getProvisioned},
		{"DELETE /2019-09-30/functions/{FunctionName}/provisioned-concurrency", 204, "DeleteProvisionedConcurrencyConfig", s.deleteProvisioned},
		{"GET /2017-03-31/tags/{ARN}", 200, "ListTags", s.listTags},
		{"POST /2017-03-31/tags/{ARN}", 204, "TagResource", s.tagResource},
		{"DELETE /2017-03-31/tags/{ARN}", 204, "UntagResource", s.untagResource},
		{"GET /2016-08-19/account-settings", 200, "GetAccountSettings", s.getAccountSettings},
		{"GET /2020-06-30/functions/{FunctionName}/code-signing-config", 200, "GetFunctionCodeSigningConfig", s.getCodeSigning},
	}
}

// mux serves every operation. Each path is also served with a slash at its
// end, as older clients send it.
func (s *Service) mux() *http.ServeMux {
	mux := http.NewServeMux()
	for _, r := range s.routes() {
		handler := s.handler(r)
		mux.Handle(r.pattern, handler)
		mux.Handle(r.pattern+"/{$}", handler)
	}
	mux.HandleFunc("POST "+functionPath+"/invocations", s.serveInvoke)
	mux.HandleFunc("/", s.serveUnknown)
	return mux
}

func (s *Service) handler(route route) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := readBody(w, r, maxBody, route.name)
		if err != nil {
			s.WriteError(w, r, err)
			return
		}
		call := &request{Request: r, caller: awswire.CallerFrom(r.Context()), body: body}
		answer, err := route.operate(r.Context(), call)
		if err != nil {
			s.WriteError(w, r, err)
			return
		}
		respond(w, r, route.status, answer)
	})
}

// readBody reads what the server in front has already bounded by BodyLimit,
// with the bound and the error of one operation.
func readBody(w http.ResponseWriter, r *http.Request, most int64, operation string) ([]byte, error) {
	if r.ContentLength > most {
		return nil, bodyTooLarge(most, operation)
	}
	var body bytes.Buffer
	body.Grow(int(max(r.ContentLength, 0)) + bytes.MinRead)
	_, err := body.ReadFrom(http.MaxBytesReader(w, r.Body, most))
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return nil, bodyTooLarge(most, operation)
	}
	if err != nil {
		return nil, invalidRequestContent.errorf("The request body could not be read.")
	}
	return body.Bytes(), nil
}

func bodyTooLarge(most int64, operation string) error {
	return requestTooLarge.errorf("Request must be smaller than %d bytes for the %s operation", most, operation)
}

func (s *Service) serveUnknown(w http.ResponseWriter, r *http.Request) {
	s.WriteError(w, r, unknownOperation.errorf("The local Lambda has no operation %s %s.", r.Method, shortened(r.URL.Path)))
}

// function is the function that a call's path and Qualifier name.
func (r *request) function() (reference, error) {
	return parseReference(r.caller, r.PathValue("FunctionName"), r.URL.Query().Get("Qualifier"))
}

// bare is the function of an operation that takes no qualifier.
func (r *request) bare() (reference, error) {
	ref, err := parseReference(r.caller, r.PathValue("FunctionName"), "")
	if err != nil {
		return reference{}, err
	}
	if ref.Qualifier != "" && ref.Qualifier != latestVersion {
		return reference{}, invalidParameterValue.errorf(
			"The function name '%s' has a qualifier, which this operation does not take.", shortened(r.PathValue("FunctionName")))
	}
	return ref.qualified(""), nil
}

// decode reads the call's JSON body into a T.
func decode[T any](r *request) (*T, error) {
	in := new(T)
	if len(r.body) == 0 {
		return in, nil
	}
	if err := awswire.Decode(r.body, in); err != nil {
		return nil, err
	}
	return in, nil
}

// Name is the service's name in a credential scope.
func (s *Service) Name() string { return "lambda" }

// BodyLimit leaves the judgement about large requests to the operations, which
// answer in Lambda's words.
func (s *Service) BodyLimit() int64 { return maxBody + 1<<20 }

// claimedPaths begin the paths of Lambda's operations.
var claimedPaths = []string{
	"/2015-03-31/", "/2016-08-19/account-settings", "/2017-03-31/tags/", "/2017-10-31/functions/",
	"/2019-09-30/functions/", "/2020-06-30/functions/",
}

// Claims recognises requests whose signature names no service.
func (s *Service) Claims(r *http.Request) bool {
	for _, prefix := range claimedPaths {
		if strings.HasPrefix(r.URL.Path, prefix) {
			return true
		}
	}
	return false
}

// ServeHTTP serves an authenticated request (awswire.Service).
func (s *Service) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.handlers.ServeHTTP(w, r) }
