package awswire

import "net/http"

// Service is one AWS service behind the shared address. Its ServeHTTP gets requests that are already authenticated:
// the body is read and bounded, and the context carries the caller and the request id.
//
// A service may also implement [BodyLimiter], [BodyStreamer], [Claimer], [ErrorWriter] and [Guarded].
type Service interface {
	// Name is the service's name in the credential scope, such as "codedeploy" or "lambda".
	Name() string
	http.Handler
}

// BodyLimiter is a service with its own bound on request bodies, in bytes, in place of [Options].MaxBody. Lambda needs
// it: function code is uploaded inside the request.
type BodyLimiter interface{ BodyLimit() int64 }

// Claimer is a service that recognises its requests by something other than target header and credential scope,
// usually a path prefix such as /2015-03-31/functions.
type Claimer interface{ Claims(r *http.Request) bool }

// ErrorWriter is a service whose clients read errors in another form than AWS JSON's. It is handed the faults found
// before the service is reached (body size, authentication, panics).
type ErrorWriter interface {
	WriteError(w http.ResponseWriter, r *http.Request, err error)
}

// Authenticator tells who signed a request. The body is complete, save for a [BodyStreamer], where it is nil; r.Body must
// be left alone. Errors are *[Error].
type Authenticator interface {
	Authenticate(r *http.Request, body []byte) (Caller, error)
}

// targeted is a service chosen by X-Amz-Target, whose value is "<prefix>.<operation>".
type targeted interface{ targetPrefix() string }

// admitter is a service that can refuse a request by its headers alone, before anybody is authenticated
// (api.md 1.5: target comes before authentication).
type admitter interface{ admit(r *http.Request) error }

// writeError answers err in the form the service's clients read; service may be nil.
func writeError(service Service, w http.ResponseWriter, r *http.Request, err error) {
	if own, ok := service.(ErrorWriter); ok {
		own.WriteError(w, r, err)
		return
	}
	WriteJSONError(w, r, err)
}
