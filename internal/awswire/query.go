package awswire

import (
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"net/http"
	"net/url"
	"strings"
)

// QueryAPI describes a service that speaks the AWS query protocol: a form in, XML out.
type QueryAPI struct {
	Name      string // in the credential scope, such as "sts"
	Version   string // of the API, such as "2011-06-15"
	Namespace string // of the answers' XML
	// Operations by their name, which is the form's Action.
	Operations map[string]QueryOperation
}

// QueryOperation is one operation of a query service. The form has neither Action nor Version; [DecodeQuery] reads it
// into a struct. The result is a struct whose fields become the children of <...Result>, in encoding/xml's terms (a list
// is tagged `xml:"Names>member"`); nil means that the answer has no result. Errors are as for [JSONOperation].
type QueryOperation func(ctx context.Context, form url.Values) (any, error)

// QueryService returns a service that speaks the query protocol. Requests come as POST with a form, or as GET with all
// in the query string.
func QueryService(api QueryAPI) Service { return &queryService{api} }

type queryService struct{ api QueryAPI }

const (
	queryContentType = "text/xml"
	formContentType  = "application/x-www-form-urlencoded"

	maxFormValues = 10_000
)

func (s *queryService) Name() string { return s.api.Name }

// Permissions implements [Guarded]: each operation needs the action of its name.
func (s *queryService) Permissions(r *http.Request, body []byte) ([]Permission, error) {
	form, err := readForm(r, body)
	if err != nil {
		return nil, err
	}
	action, _, err := s.operation(form)
	if err != nil {
		return nil, err
	}
	return []Permission{{Action: s.api.Name + ":" + action, Resource: "*"}}, nil
}

func (s *queryService) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := s.serve(w, r)
	if err != nil {
		s.WriteError(w, r, err)
		return
	}
	writeBody(w, http.StatusOK, queryContentType, body)
}

func (s *queryService) serve(w http.ResponseWriter, r *http.Request) ([]byte, error) {
	body, err := bodyOf(w, r)
	if err != nil {
		return nil, err
	}
	form, err := readForm(r, body)
	if err != nil {
		return nil, err
	}
	action, operation, err := s.operation(form)
	if err != nil {
		return nil, err
	}
	exchangeFrom(r.Context()).operation = action
	form.Del("Action")
	form.Del("Version")
	result, err := operation(r.Context(), form)
	if err != nil {
		return nil, err
	}
	return s.answer(r.Context(), action, result)
}

// operation finds what the form asks for.
func (s *queryService) operation(form url.Values) (string, QueryOperation, error) {
	action, version := form.Get("Action"), form.Get("Version")
	if action == "" {
		return "", nil, badRequest("MissingAction", "The request must contain the parameter Action.")
	}
	operation, ok := s.api.Operations[action]
	if !ok || version != s.api.Version {
		return "", nil, badRequest("InvalidAction",
			"Could not find operation "+excerpt(action)+" for version "+excerpt(version)+".")
	}
	return action, operation, nil
}

// excerpt bounds a client's text in a message.
func excerpt(s string) string {
	const most = 64
	if len(s) > most {
		s = s[:most] + "..."
	}
	return strings.ToValidUTF8(s, "?")
}

// readForm reads the form of a request, which is in the query string of a GET and in the body of a POST. The parts of
// a presigned request are no part of it.
func readForm(r *http.Request, body []byte) (url.Values, error) {
	text := r.URL.RawQuery
	switch {
	case r.URL.Path != "/" || r.Method != http.MethodPost && r.Method != http.MethodGet:
		return nil, unknownOperation(http.StatusNotFound)
	case r.Method == http.MethodGet:
	case !formMedia(r.Header.Get("Content-Type")):
		return nil, malformedQuery("The Content-Type must be " + formContentType + ".")
	default:
		text = string(body)
	}
	if strings.Count(text, "&") >= maxFormValues {
		return nil, malformedQuery("The request has too many parameters.")
	}
	form, err := url.ParseQuery(text)
	if err != nil {
		return nil, malformedQuery("The query string contains a syntax error.")
	}
	for name, values := range form {
		switch {
		case len(values) > 1:
			return nil, malformedQuery("The parameter " + excerpt(name) + " is there more than once.")
		case strings.HasPrefix(name, "X-Amz-"):
			delete(form, name)
		}
	}
	return form, nil
}

func formMedia(contentType string) bool {
	media, _, _ := strings.Cut(contentType, ";")
	return strings.EqualFold(strings.TrimSpace(media), formContentType)
}

func malformedQuery(message string) *Error { return badRequest("MalformedQueryString", message) }

// answer writes <ActionResponse> around the result.
func (s *queryService) answer(ctx context.Context, action string, result any) ([]byte, error) {
	return encodeXML(func(e *xml.Encoder) error {
		return element(e, action+"Response", s.api.Namespace, func() error {
			if result != nil {
				if err := e.EncodeElement(result, xml.StartElement{Name: xml.Name{Local: action + "Result"}}); err != nil {
					return err
				}
			}
			return element(e, "ResponseMetadata", "", func() error { return leaf(e, "RequestId", RequestID(ctx)) })
		})
	})
}

// WriteError implements [ErrorWriter]: <ErrorResponse> with Type, Code, Message and the request id.
func (s *queryService) WriteError(w http.ResponseWriter, r *http.Request, err error) {
	e := inQueryTerms(presentAndLog(r, err))
	fault := "Sender"
	if e.Status >= http.StatusInternalServerError {
		fault = "Receiver"
	}
	body, encodeErr := encodeXML(func(x *xml.Encoder) error {
		return element(x, "ErrorResponse", s.api.Namespace, func() error {
			inner := element(x, "Error", "", func() error {
				return errors.Join(leaf(x, "Type", fault), leaf(x, "Code", e.Code), leaf(x, "Message", e.Message))
			})
			return errors.Join(inner, leaf(x, "RequestId", RequestID(r.Context())))
		})
	})
	if encodeErr != nil { // strings always encode
		body = nil
	}
	writeBody(w, e.Status, queryContentType, body)
}

// queryTerms are the codes and statuses that the query protocol has for the generic faults of JSON services.
var queryTerms = map[string]Error{
	"MissingAuthenticationTokenException": {Status: http.StatusForbidden, Code: "MissingAuthenticationToken"},
	"IncompleteSignatureException":        {Status: http.StatusBadRequest, Code: "IncompleteSignature"},
	"InvalidSignatureException":           {Status: http.StatusForbidden, Code: "SignatureDoesNotMatch"},
	"UnrecognizedClientException":         {Status: http.StatusForbidden, Code: "InvalidClientTokenId"},
	"ExpiredTokenException":               {Status: http.StatusForbidden, Code: "ExpiredToken"},
	"AccessDeniedException":               {Status: http.StatusForbidden, Code: "AccessDenied"},
	"ThrottlingException":                 {Status: http.StatusBadRequest, Code: "Throttling"},
	"RequestEntityTooLargeException":      {Status: http.StatusRequestEntityTooLarge, Code: "RequestEntityTooLarge"},
	"UnknownOperationException":           {Status: http.StatusNotFound, Code: "InvalidAction"},
}

func inQueryTerms(e *Error) *Error {
	term, ok := queryTerms[e.Code]
	if !ok {
		return e
	}
	return &Error{Status: term.Status, Code: term.Code, Message: e.Message, Cause: e.Cause}
}

func encodeXML(write func(*xml.Encoder) error) ([]byte, error) {
	var buffer bytes.Buffer
	e := xml.NewEncoder(&buffer)
	if err := errors.Join(write(e), e.Close()); err != nil {
		return nil, err
	}
	return buffer.Bytes(), nil
}

// element writes an element around what inside writes.
func element(e *xml.Encoder, name, namespace string, inside func() error) error {
	start := xml.StartElement{Name: xml.Name{Local: name}}
	if namespace != "" {
		start.Attr = []xml.Attr{{Name: xml.Name{Local: "xmlns"}, Value: namespace}}
	}
	return errors.Join(e.EncodeToken(start), inside(), e.EncodeToken(start.End()))
}

func leaf(e *xml.Encoder, name, text string) error {
	return e.EncodeElement(text, xml.StartElement{Name: xml.Name{Local: name}})
}
