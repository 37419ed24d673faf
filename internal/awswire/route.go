package awswire

import (
	"net/http"
	"strings"
)

// route finds the service a request is for: by the prefix of X-Amz-Target, else by the service named in the credential
// scope, else by asking the services. The target comes first because it says what the client wants done; a scope that
// disagrees is the authenticator's to refuse. Of two services with one prefix, the scope chooses.
func (s *Server) route(r *http.Request) Service {
	scope := scopeService(r)
	if service := s.byTarget(r, scope); service != nil {
		return service
	}
	for _, service := range s.services {
		if service.Name() == scope {
			return service
		}
	}
	for _, service := range s.services {
		if c, ok := service.(Claimer); ok && c.Claims(r) {
			return service
		}
	}
	return nil
}

func (s *Server) byTarget(r *http.Request, scope string) Service {
	prefix, _, ok := splitTarget(r)
	if !ok {
		return nil
	}
	var found Service
	for _, service := range s.services {
		if t, ok := service.(targeted); !ok || t.targetPrefix() != prefix {
			continue
		}
		if service.Name() == scope {
			return service
		}
		if found == nil {
			found = service
		}
	}
	return found
}

// splitTarget splits X-Amz-Target at its last dot.
func splitTarget(r *http.Request) (prefix, operation string, ok bool) {
	target := r.Header.Get("X-Amz-Target")
	dot := strings.LastIndexByte(target, '.')
	if dot < 0 {
		return "", "", false
	}
	return target[:dot], target[dot+1:], true
}

// scopeService returns the service in the credential scope, or "" if the request has none that can be read.
func scopeService(r *http.Request) string {
	a, err := authorizationOf(r)
	if err != nil {
		return ""
	}
	return a.Service
}

// unrouted is the fault of a request that no service wants (api.md 1.5, the first two rows).
func unrouted(r *http.Request) error {
	if r.Method != http.MethodPost || r.URL.Path != "/" {
		return unknownOperation(http.StatusNotFound)
	}
	return unknownOperation(http.StatusBadRequest)
}
