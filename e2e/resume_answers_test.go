package e2e

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
)

// secretive is a way to the cloud that keeps the first answer of an operation to
// itself: the call is carried out, and its caller never learns of it.
type secretive struct {
	*httptest.Server
	kept chan struct{} // closed when it is kept
	cut  chan struct{} // close it to give the call up
}

func newSecretive(t *testing.T, cloud *server, operation string) *secretive {
	t.Helper()
	p := &secretive{kept: make(chan struct{}), cut: make(chan struct{})}
	far := must(url.Parse(cloud.URL))(t)
	through := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(far) }}
	once := make(chan struct{}, 1)
	once <- struct{}{}
	p.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if operationCalled(r) != operation {
			through.ServeHTTP(w, r)
			return
		}
		select {
		case <-once:
			through.ServeHTTP(httptest.NewRecorder(), r)
			close(p.kept)
			<-p.cut
			panic(http.ErrAbortHandler)
		default:
			through.ServeHTTP(w, r)
		}
	}))
	t.Cleanup(p.Close)
	return p
}

// operationCalled is what a request to ECS or ELB asks for.
func operationCalled(r *http.Request) string {
	if _, name, ok := strings.Cut(r.Header.Get("X-Amz-Target"), "."); ok {
		return name
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return ""
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	form, err := url.ParseQuery(string(body))
	if err != nil {
		return ""
	}
	return form.Get("Action")
}

// TestResume_AnswerLost kills `greenlight serve` when AWS has carried out a call
// and the answer is on its way (E67). The next process finds what is there: it
// makes no second task set, and carries on to the end.
func TestResume_AnswerLost(t *testing.T) {
	t.Parallel()
	s := startECS(t, "fast")
	balancer := s.createCloud()
	operations := []string{"CreateTaskSet", "ModifyListener", "UpdateServicePrimaryTaskSet", "DeleteTaskSet"}
	for i, operation := range operations {
		w := s.createService(balancer, fmt.Sprintf("s%d", i), 1, 80+i)
		t.Run(operation, func(t *testing.T) {
			far, way := newCloud(t, s.URL, account, "any"), newSecretive(t, s, operation)
			p := startProductionOn(t, s, way.URL)
			p.createServiceGroup(w, 0)
			id := p.deployService(w, ecsAllAtOnce, serviceSpec("app:2"))
			select {
			case <-way.kept:
			case <-time.After(patience):
				t.Fatalf("%s was not called within %s", operation, patience)
			}
			p.kill()
			close(way.cut)
			before := far.madeBy(w, id)
			p.launchOn(t, p.data)
			seen := before
			eventually(t, "the end of "+id, func() bool {
				for _, set := range far.madeBy(w, id) {
					if !slices.Contains(seen, set) {
						seen = append(seen, set)
					}
				}
				return ended(p.deployment(id).Status)
			})
			if len(seen) != 1 || len(before) != 1 {
				t.Errorf("%s has made the task sets %v, %v of them before the kill", id, seen, before)
			}
			p.checkServiceEnd(id, w, "Blue DRAINING 0 "+w.groups[0]+", Green PRIMARY 100 "+w.groups[1])
			far.checkServing(w, id, "app:2", [2]int{0, 100})
		})
	}
}

// madeBy are the task sets of a service that ECS says a deployment has made.
func (c *cloud) madeBy(w webService, id string) []string {
	c.t.Helper()
	var ids []string
	for _, set := range c.service(w.name).TaskSets {
		if aws.ToString(set.ExternalId) == id {
			ids = append(ids, aws.ToString(set.Id))
		}
	}
	return ids
}
