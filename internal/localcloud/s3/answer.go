package s3

import (
	"encoding/xml"
	"errors"
	"io"
	"net/http"
	"strconv"

	"github.com/rclone/gofakes3"

	"greenlight/internal/awswire"
	"greenlight/internal/sqldb"
)

const (
	xmlType   = "application/xml"
	namespace = "http://s3.amazonaws.com/doc/2006-03-01/"
)

func fault(status int, code, message string) *awswire.Error {
	return &awswire.Error{Status: status, Code: code, Message: message}
}

func accessDenied() *awswire.Error {
	return fault(http.StatusForbidden, "AccessDenied", "Access Denied")
}

// errorTerms are S3's words for the faults that are found before it is reached.
var errorTerms = map[string]struct {
	status int
	code   string
}{
	"MissingAuthenticationTokenException": {http.StatusForbidden, "AccessDenied"},
	"IncompleteSignatureException":        {http.StatusBadRequest, "AuthorizationHeaderMalformed"},
	"InvalidSignatureException":           {http.StatusForbidden, "SignatureDoesNotMatch"},
	"UnrecognizedClientException":         {http.StatusForbidden, "InvalidAccessKeyId"},
	"ExpiredTokenException":               {http.StatusBadRequest, "ExpiredToken"},
	"AccessDeniedException":               {http.StatusForbidden, "AccessDenied"},
	"ThrottlingException":                 {http.StatusServiceUnavailable, "SlowDown"},
	"RequestEntityTooLargeException":      {http.StatusBadRequest, string(gofakes3.ErrEntityTooLarge)},
	"InternalFailure":                     {http.StatusInternalServerError, string(gofakes3.ErrInternal)},
}

// WriteError implements awswire.ErrorWriter in S3's own form.
func (s *Service) WriteError(w http.ResponseWriter, r *http.Request, err error) {
	e, ok := errors.AsType[*awswire.Error](err)
	if !ok || e.Cause != nil { // there may be something to log
		e = awswire.Present(r, err)
	}
	status, code := e.Status, e.Code
	if term, ok := errorTerms[code]; ok {
		status, code = term.status, term.code
	}
	if r.Method == http.MethodHead {
		w.WriteHeader(status)
		return
	}
	writeXML(w, status, struct {
		XMLName   xml.Name `xml:"Error"`
		Code      string
		Message   string
		RequestID string `xml:"RequestId"`
	}{Code: code, Message: e.Message, RequestID: awswire.RequestID(r.Context())})
}

func writeXML(w http.ResponseWriter, status int, v any) {
	body, err := xml.Marshal(v)
	if err != nil { // structs of strings always encode
		body = nil
	}
	body = append([]byte(xml.Header), body...)
	w.Header().Set("Content-Type", xmlType)
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	_, _ = w.Write(body) // a client that has gone cannot be told
}

// bucketLocation implements GetBucketLocation, for which the library knows only
// us-east-1, which is written as nothing.
func (s *Service) bucketLocation(w http.ResponseWriter, r *http.Request, name string) error {
	var region string
	err := s.db.View(r.Context(), func(tx *sqldb.Tx) error {
		found, err := findBucket(tx, name)
		if err == nil && found == nil {
			return noSuchBucket()
		}
		if found != nil && found.region != "us-east-1" {
			region = found.region
		}
		return err
	})
	if err != nil {
		return err
	}
	writeXML(w, http.StatusOK, struct {
		XMLName xml.Name `xml:"LocationConstraint"`
		Xmlns   string   `xml:"xmlns,attr"`
		Region  string   `xml:",chardata"`
	}{Xmlns: namespace, Region: region})
	return nil
}

func noSuchBucket() *awswire.Error {
	return fault(http.StatusNotFound, "NoSuchBucket", "The specified bucket does not exist")
}

// Bounds of DeleteObjects.
const (
	maxDeletions    = 1000
	maxDeletionBody = 4 << 20
)

// deletion is one object of a DeleteObjects.
type deletion struct {
	Key       string
	VersionID string `xml:"VersionId"`
	// Conditions, which are refused: to ignore them would delete too much.
	ETag, LastModifiedTime, Size *string
}

type (
	deletedObject struct {
		Key                   string
		VersionID             string `xml:"VersionId,omitempty"`
		DeleteMarker          bool   `xml:",omitempty"`
		DeleteMarkerVersionID string `xml:"DeleteMarkerVersionId,omitempty"`
	}
	failedDeletion struct {
		Key       string
		VersionID string `xml:"VersionId,omitempty"`
		Code      string
		Message   string
	}
	deleteResult struct {
		XMLName xml.Name `xml:"DeleteResult"`
		Xmlns   string   `xml:"xmlns,attr"`
		Deleted []deletedObject
		Error   []failedDeletion
	}
)

// deleteObjects implements DeleteObjects, where the library would forget the
// versions and delete the latest ones instead.
func (s *Service) deleteObjects(w http.ResponseWriter, r *http.Request, bucket string) error {
	if err := unchunk(r); err != nil {
		return err
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, maxDeletionBody))
	if err != nil {
		return fault(http.StatusBadRequest, "IncompleteBody", "The request body could not be read.")
	}
	var in struct {
		Object []deletion
		Quiet  bool
	}
	if xml.Unmarshal(body, &in) != nil || len(in.Object) == 0 || len(in.Object) > maxDeletions {
		return fault(http.StatusBadRequest, "MalformedXML",
			"The XML you provided was not well-formed or did not validate against our published schema")
	}
	for _, d := range in.Object {
		if d.ETag != nil || d.LastModifiedTime != nil || d.Size != nil {
			return fault(http.StatusNotImplemented, "NotImplemented", "Conditions in DeleteObjects are not available in the local S3.")
		}
	}
	out := deleteResult{Xmlns: namespace}
	for _, d := range in.Object {
		s.deleteOne(r, bucket, d, &out, in.Quiet)
	}
	writeXML(w, http.StatusOK, out)
	return nil
}

func (s *Service) deleteOne(r *http.Request, bucket string, d deletion, out *deleteResult, quiet bool) {
	b := backend{s}
	result, err := b.remove(r.Context(), bucket, d.Key, d.VersionID)
	switch err := b.fault(r.Context(), err); {
	case err != nil:
		out.Error = append(out.Error, failedDeletion{d.Key, d.VersionID, string(codeOf(err)), err.Error()})
	case !quiet:
		done := deletedObject{Key: d.Key, VersionID: d.VersionID, DeleteMarker: result.IsDeleteMarker}
		if result.IsDeleteMarker {
			done.DeleteMarkerVersionID = string(result.VersionID)
		}
		out.Deleted = append(out.Deleted, done)
	}
}
