package awswire

import "net/http"

// Permission is one thing that a request must be allowed to do.
type Permission struct {
	Action   string // such as "codedeploy:GetApplication"
	Resource string // an ARN; "*" where nothing narrower is known
}

// Authorizer says whether an authenticated caller has a permission. It is asked once per permission of every request and
// must be safe for concurrent use.
type Authorizer interface {
	Allowed(c Caller, p Permission) bool
}

// Guarded is a service that knows which permissions a request needs: all of those it returns. The caller is in the
// request's context; the body may still be anything. Of a service that is not Guarded every request needs the action
// "<name>:*" on "*", so that nothing is open by being forgotten.
type Guarded interface {
	Permissions(r *http.Request, body []byte) ([]Permission, error)
}

// authorize refuses a request that lacks one of its permissions (api.md 1.5).
func (s *Server) authorize(service Service, r *http.Request, body []byte) error {
	if s.authorizer == nil {
		return nil
	}
	needed := []Permission{{Action: service.Name() + ":*", Resource: "*"}}
	if guarded, ok := service.(Guarded); ok {
		var err error
		if needed, err = guarded.Permissions(r, body); err != nil {
			return err
		}
	}
	caller := CallerFrom(r.Context())
	for _, p := range needed {
		if !s.authorizer.Allowed(caller, p) {
			return accessDenied(caller, p)
		}
	}
	return nil
}
