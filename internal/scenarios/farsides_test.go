package scenarios

import (
	"encoding/xml"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/aws/smithy-go/encoding/cbor"
)

// cloudWatch is a far side with alarms: DescribeAlarms over CBOR.
type cloudWatch struct {
	mu     sync.Mutex
	states map[string]string // by name; an alarm that is not in it does not exist
	broken string            // an error code that answers every call; "": none
	calls  int
}

func (c *cloudWatch) set(name, state string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.states[name] = state
}

func (c *cloudWatch) breakDown(code string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.broken = code
}

// polled is how often it was asked.
func (c *cloudWatch) polled() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.calls
}

func (c *cloudWatch) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.calls++
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	w.Header().Set("Smithy-Protocol", "rpc-v2-cbor")
	w.Header().Set("Content-Type", "application/cbor")
	in, err := cbor.Decode(body)
	request, ok := in.(cbor.Map)
	switch {
	case c.broken != "":
		c.refuse(w, c.broken)
	case err != nil || !ok || !strings.HasSuffix(r.URL.Path, "/operation/DescribeAlarms"):
		c.refuse(w, "SerializationException")
	default:
		names, _ := request["AlarmNames"].(cbor.List)
		w.Write(cbor.Encode(cbor.Map{"MetricAlarms": c.describe(names)}))
	}
}

func (c *cloudWatch) refuse(w http.ResponseWriter, code string) {
	w.WriteHeader(http.StatusBadRequest)
	w.Write(cbor.Encode(cbor.Map{"__type": cbor.String(code), "message": cbor.String("not now")}))
}

func (c *cloudWatch) describe(names cbor.List) cbor.List {
	alarms := cbor.List{}
	for _, name := range names {
		name, _ := name.(cbor.String)
		if state, ok := c.states[string(name)]; ok {
			alarms = append(alarms, cbor.Map{"AlarmName": name, "StateValue": cbor.String(state)})
		}
	}
	return alarms
}

// tokenService is an STS. It gives out any role, with an access key that names
// the role's account, unless it is told what to answer.
type tokenService struct {
	mu     sync.Mutex
	status int
	code   string
	roles  []string // that were asked for
}

func (s *tokenService) refuse(status int, code string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.status, s.code = status, code
}

func (s *tokenService) asked() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string{}, s.roles...)
}

type assumedRole struct {
	XMLName         xml.Name `xml:"AssumeRoleResponse"`
	AccessKeyID     string   `xml:"AssumeRoleResult>Credentials>AccessKeyId"`
	SecretAccessKey string   `xml:"AssumeRoleResult>Credentials>SecretAccessKey"`
	SessionToken    string   `xml:"AssumeRoleResult>Credentials>SessionToken"`
	Expiration      string   `xml:"AssumeRoleResult>Credentials>Expiration"`
}

type queryError struct {
	XMLName xml.Name `xml:"ErrorResponse"`
	Code    string   `xml:"Error>Code"`
	Message string   `xml:"Error>Message"`
}

func (s *tokenService) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	role := r.FormValue("RoleArn")
	s.roles = append(s.roles, role)
	w.Header().Set("Content-Type", "text/xml")
	if s.status != 0 {
		w.WriteHeader(s.status)
		xml.NewEncoder(w).Encode(queryError{Code: s.code, Message: "no"})
		return
	}
	xml.NewEncoder(w).Encode(assumedRole{
		AccessKeyID: strings.Split(role+":::::", ":")[4], SecretAccessKey: "secret", SessionToken: "token",
		Expiration: time.Now().Add(time.Hour).UTC().Format(time.RFC3339),
	})
}

// bucketService is an S3 whose objects are known by "/bucket/key".
type bucketService struct {
	mu      sync.Mutex
	objects map[string]string
	denied  bool
	calls   int
}

// objectETag is the ETag of every object.
const objectETag = `"etag-1"`

func (b *bucketService) put(path, content string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.objects[path] = content
}

func (b *bucketService) deny() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.denied = true
}

// read is how often an object was asked for.
func (b *bucketService) read() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.calls
}

type bucketError struct {
	XMLName xml.Name `xml:"Error"`
	Code    string
	Message string
}

func (b *bucketService) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.calls++
	content, ok := b.objects[r.URL.Path]
	match := r.Header.Get("If-Match")
	switch {
	case b.denied:
		b.refuse(w, http.StatusForbidden, "AccessDenied")
	case !ok:
		b.refuse(w, http.StatusNotFound, "NoSuchKey")
	case match != "" && match != objectETag:
		b.refuse(w, http.StatusPreconditionFailed, "PreconditionFailed")
	default:
		w.Header().Set("ETag", objectETag)
		io.WriteString(w, content)
	}
}

func (b *bucketService) refuse(w http.ResponseWriter, status int, code string) {
	w.Header().Set("Content-Type", "application/xml")
	w.WriteHeader(status)
	xml.NewEncoder(w).Encode(bucketError{Code: code, Message: "no"})
}
