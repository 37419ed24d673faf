package api_test

import (
	"bytes"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"greenlight/internal/awswire"
	"greenlight/internal/codedeploy"
)

// marker stands in requests where a secret might be; it must not reach a log.
const marker = "hunter2"

// front is the API behind the server that every request passes, with its log.
type front struct {
	client
	handler http.Handler
	log     *bytes.Buffer
}

func newFront(t testing.TB, limit awswire.Limiter) *front {
	t.Helper()
	f := &front{client: conformanceClient(t), log: new(bytes.Buffer)}
	f.handler = awswire.NewServer(awswire.Options{
		Auth: someone{awswire.Caller{Account: testAccount, Region: testRegion}}, Limit: limit,
		Log: slog.New(slog.NewTextHandler(f.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
	}, f.api.Service())
	return f
}

// someone is who signed every request.
type someone struct{ awswire.Caller }

func (s someone) Authenticate(*http.Request, []byte) (awswire.Caller, error) { return s.Caller, nil }

// post sends a body as it is.
func (f *front) post(t testing.TB, operation, contentType string, body []byte) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/", bytes.NewReader(body))
	r.Header.Set("X-Amz-Target", "CodeDeploy_20141006."+operation)
	r.Header.Set("Content-Type", contentType)
	w := httptest.NewRecorder()
	f.handler.ServeHTTP(w, r)
	return w
}

const amzJSON = "application/x-amz-json-1.1"

// rows counts everything that is stored.
func (f *front) rows(t testing.TB) map[string]int {
	t.Helper()
	counts := map[string]int{}
	for _, list := range []struct{ operation, body, member string }{
		{"ListApplications", `{}`, "applications"},
		{"ListDeploymentConfigs", `{}`, "deploymentConfigsList"},
		{"ListDeployments", `{}`, "deployments"},
		{"ListOnPremisesInstances", `{}`, "instanceNames"},
		{"ListDeploymentGroups", `{"applicationName":"server"}`, "deploymentGroups"},
		{"ListDeploymentGroups", `{"applicationName":"lambda"}`, "deploymentGroups"},
		{"ListDeploymentGroups", `{"applicationName":"ecs"}`, "deploymentGroups"},
		{"ListApplicationRevisions", `{"applicationName":"server"}`, "revisions"},
		{"ListApplicationRevisions", `{"applicationName":"lambda"}`, "revisions"},
		{"ListTagsForResource", `{"ResourceArn":"` + ownARN("application:server") + `"}`, "Tags"},
	} {
		counts[list.operation+list.body] = len(f.ok(t, list.operation, list.body)[list.member].([]any))
	}
	host := f.ok(t, "GetOnPremisesInstance", `{"instanceName":"web1"}`)["instanceInfo"].(object)
	counts["tags of web1"] = len(host["tags"].([]any))
	return counts
}

// refuses says whether an answer is a clear refusal: a 4xx with a type and, but
// for an operation that is unknown, a message.
func refuses(t testing.TB, w *httptest.ResponseRecorder, body []byte) bool {
	t.Helper()
	if w.Code < 400 || w.Code > 499 {
		return false
	}
	fault := parse(t, w.Body.Bytes())
	message, _ := fault["message"].(string)
	if fault["__type"] == "" || message == "" {
		t.Errorf("the refusal %s of %.200q says nothing", w.Body, body)
	}
	return true
}

// secretive is a good request of every operation that writes, with the marker in
// what a caller may consider private.
func secretive() [][2]string {
	content := `{"applicationName":"lambda","revision":{"revisionType":"AppSpecContent","appSpecContent":{"content":"{\"` + marker + `\":\"\\u00e9\"}"}}`
	return [][2]string{
		{"RegisterApplicationRevision", content + `,"description":"` + marker + `"}`},
		{"CreateDeployment", content + `,"deploymentGroupName":"g"}`},
		{"CreateApplication", `{"applicationName":"` + marker + `","tags":[{"Key":"k","Value":"` + marker + `"}]}`},
		{"AddTagsToOnPremisesInstances", `{"instanceNames":["web1"],"tags":[{"Key":"k","Value":"` + marker + `"}]}`},
	}
}

// TestRequestsCutOrBentAtEveryByte: whatever is left of a request is refused, or
// is a good one that happens to say something else.
func TestRequestsCutOrBentAtEveryByte(t *testing.T) {
	f := newFront(t, nil)
	before := f.rows(t)
	for _, request := range secretive() {
		operation, good := request[0], []byte(request[1])
		for i := range good {
			if w := f.post(t, operation, amzJSON, good[:i]); i > 0 && !refuses(t, w, good[:i]) {
				t.Errorf("%s cut at byte %d: %d %s", operation, i, w.Code, w.Body)
			}
			for _, flip := range []byte{0x01, 0x20, 0x80} {
				bent := slices.Clone(good)
				bent[i] ^= flip
				if w := f.post(t, operation, amzJSON, bent); w.Code != http.StatusOK && !refuses(t, w, bent) {
					t.Errorf("%s bent at byte %d: %d %s", operation, i, w.Code, w.Body)
				}
			}
		}
	}
	if strings.Contains(f.log.String(), marker) || f.log.Len() > 0 {
		t.Errorf("the log has something to say about callers' faults:\n%.2000s", f.log)
	}
	for list, count := range f.rows(t) {
		if count < before[list] {
			t.Errorf("%s has %d rows, had %d", list, count, before[list])
		}
	}
}

// TestBadBodies are refused before anything is done.
func TestBadBodies(t *testing.T) {
	const app = `{"applicationName":"new"`
	f := newFront(t, nil)
	before := f.rows(t)
	deep := strings.Repeat(`[`, 70) + strings.Repeat(`]`, 70)
	for _, bad := range []struct {
		name, operation, contentType, body string
		status                             int
		want                               codedeploy.ExceptionCode
	}{
		{"ten megabytes", "CreateApplication", amzJSON, app + `,"x":"` + strings.Repeat("x", 10<<20) + `"}`, 413, "RequestEntityTooLargeException"},
		{"ten megabytes of space", "CreateApplication", amzJSON, strings.Repeat(" ", 10<<20), 413, "RequestEntityTooLargeException"},
		{"deep in an unknown member", "CreateApplication", amzJSON, app + `,"x":` + deep + `}`, 400, serializationException},
		{"deep in a known member", "CreateApplication", amzJSON, app + `,"tags":` + deep + `}`, 400, serializationException},
		{"endlessly deep", "CreateApplication", amzJSON, strings.Repeat(`{"a":`, 100_000), 400, serializationException},
		{"form", "CreateApplication", "application/x-www-form-urlencoded", app + `}`, 400, serializationException},
		{"text", "CreateApplication", "text/plain", app + `}`, 400, serializationException},
		{"no content type", "CreateApplication", "", app + `}`, 400, serializationException},
		{"XML", "CreateApplication", "application/xml", `<x/>`, 400, serializationException},
		{"a member twice", "CreateApplication", amzJSON, app + `,"applicationName":"other"}`, 400, serializationException},
		{"an unknown member twice", "CreateApplication", amzJSON, app + `,"x":1,"x":2}`, 400, serializationException},
		{"invalid UTF-8", "CreateApplication", amzJSON, app + `,"tags":[{"Key":"` + "\xff\xfe" + `"}]}`, 400, serializationException},
		{"half a surrogate", "CreateApplication", amzJSON, app + `,"tags":[{"Key":"\ud800"}]}`, 400, serializationException},
		{"UTF-16", "CreateApplication", amzJSON, "\xff\xfe{\x00}\x00", 400, serializationException},
		{"a zero byte", "CreateApplication", amzJSON, app + "\x00}", 400, serializationException},
		{"a list", "CreateApplication", amzJSON, `[]`, 400, serializationException},
		{"null", "CreateApplication", amzJSON, `null`, 400, serializationException},
		{"two objects", "CreateApplication", amzJSON, app + `}{}`, 400, serializationException},
		{"a comment", "CreateApplication", amzJSON, app + `}// `, 400, serializationException},
		{"an integer beyond 64 bits", "CreateDeploymentConfig", amzJSON, `{"deploymentConfigName":"new","minimumHealthyHosts":{"type":"HOST_COUNT","value":1e400}}`, 400, serializationException},
		{"a fraction", "CreateDeploymentConfig", amzJSON, `{"deploymentConfigName":"new","minimumHealthyHosts":{"type":"HOST_COUNT","value":5.5}}`, 400, serializationException},
		{"NaN", "CreateDeploymentConfig", amzJSON, `{"deploymentConfigName":"new","minimumHealthyHosts":{"type":"HOST_COUNT","value":NaN}}`, 400, serializationException},
		{"a time beyond the years", "ListDeployments", amzJSON, `{"createTimeRange":{"start":1e300}}`, 400, serializationException},
	} {
		t.Run(bad.name, func(t *testing.T) {
			w := f.post(t, bad.operation, bad.contentType, []byte(bad.body))
			if w.Code != bad.status || parse(t, w.Body.Bytes())["__type"] != string(bad.want) || !refuses(t, w, nil) {
				t.Errorf("got %d %s, want %d %s", w.Code, w.Body, bad.status, bad.want)
			}
			f.unchanged(t, before)
		})
	}
}

// unchanged holds that nothing was written, and nothing logged.
func (f *front) unchanged(t testing.TB, before map[string]int) {
	t.Helper()
	for list, count := range f.rows(t) {
		if count != before[list] {
			t.Errorf("%s has %d rows, had %d", list, count, before[list])
		}
	}
	if f.log.Len() > 0 {
		t.Errorf("logged:\n%s", f.log)
	}
}

// TestFailedOperationsWriteNothing fails operations late, after something was
// written in their transaction.
func TestFailedOperationsWriteNothing(t *testing.T) {
	f := newFront(t, nil)
	before := f.rows(t)
	for _, late := range []struct {
		operation, body string
		want            codedeploy.ExceptionCode
	}{
		{"CreateDeployment", `{"applicationName":"server","deploymentGroupName":"g","revision":` + gitHubCommit + `}`, codedeploy.DeploymentLimitExceededException},
		{"CreateDeploymentGroup", `{"applicationName":"ecs","deploymentGroupName":"new",` + ecsSettings + `}`, codedeploy.ECSServiceMappingLimitExceededException},
		{"TagResource", `{"ResourceArn":"` + ownARN("application:server") + `","Tags":` + manyTags("a", 50) + `}`, ""},
		{"TagResource", `{"ResourceArn":"` + ownARN("application:server") + `","Tags":` + manyTags("b", 50) + `}`, codedeploy.InvalidTagsToAddException},
		{"AddTagsToOnPremisesInstances", `{"instanceNames":["web1"],"tags":` + manyTags("a", 10) + `}`, ""},
		{"AddTagsToOnPremisesInstances", `{"instanceNames":["web1"],"tags":` + manyTags("b", 10) + `}`, codedeploy.TagLimitExceededException},
	} {
		if late.want == "" {
			f.ok(t, late.operation, late.body)
			before = f.rows(t)
			continue
		}
		f.refused(t, late.operation, late.body, late.want)
		f.unchanged(t, before)
	}
}

// never lets nobody in.
type never struct{}

func (never) Allow(awswire.Caller) bool { return false }

// TestThrottling raises the modelled exception of the three operations that
// have it; any other may answer it as well.
func TestThrottling(t *testing.T) {
	f := newFront(t, never{})
	for _, operation := range codedeploy.Operations {
		w := f.post(t, operation.Name, amzJSON, []byte(`{}`))
		if w.Code != http.StatusBadRequest || parse(t, w.Body.Bytes())["__type"] != string(codedeploy.ThrottlingException) {
			t.Errorf("%s: %d %s", operation.Name, w.Code, w.Body)
			continue
		}
		covered.note(t, operation.Name, codedeploy.ThrottlingException)
	}
}
