package bench

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"greenlight/internal/api"
	"greenlight/internal/awsaccess"
	"greenlight/internal/awswire"
	"greenlight/internal/clock"
	"greenlight/internal/lambdadriver/lambdatest"
	"greenlight/internal/server"
	"greenlight/internal/store"
)

const (
	account = "000000000000"
	region  = "us-east-1"
)

// authorization is all that dev looks at: the scope.
const authorization = "AWS4-HMAC-SHA256 Credential=" + account + "/20260101/" + region + "/codedeploy/aws4_request, SignedHeaders=host, Signature=00"

// world is a controller on a database of its own, with an in-process Lambda on
// the far side: no sockets, so that the figures are ours.
type world struct {
	b     *testing.B
	far   *lambdatest.Lambda
	store *store.Store
	serve http.Handler
	stop  func()
}

func newWorld(b *testing.B, path string, far *lambdatest.Lambda) *world {
	b.Helper()
	ctx := context.Background()
	db, err := store.Open(ctx, path)
	must(b, err)
	time, err := server.OpenClock(ctx, db, clock.Real)
	must(b, err)
	controller, err := server.Open(ctx, server.Options{
		Store: db, Clock: time, Auth: awswire.AnyCredentials(),
		Access: awsaccess.New(awsaccess.Options{
			Base: aws.Config{HTTPClient: far.Client()}, Endpoint: "http://lambda.invalid", AccountCredentials: true,
		}),
		Quotas: api.Quotas{Applications: 1e6, GroupsPerApplication: 1e6, ConcurrentDeployments: 1e6},
	})
	must(b, err)
	running, cancel := context.WithCancel(ctx)
	var done sync.WaitGroup
	done.Go(func() { must(b, controller.Run(running)) })
	return &world{b: b, far: far, store: db, serve: controller.Handler(), stop: sync.OnceFunc(func() {
		cancel()
		done.Wait()
		must(b, db.Close())
	})}
}

func databasePath(b *testing.B) string { return filepath.Join(b.TempDir(), "bench.db") }

// call makes an API call and reads its answer into out.
func (w *world) call(operation string, in, out any) {
	w.b.Helper()
	body, err := json.Marshal(in)
	must(w.b, err)
	r := httptest.NewRequest(http.MethodPost, "/", bytes.NewReader(body))
	r.Header.Set("Content-Type", "application/x-amz-json-1.1")
	r.Header.Set("X-Amz-Target", "CodeDeploy_20141006."+operation)
	r.Header.Set("Authorization", authorization)
	r.Header.Set("X-Amz-Date", "20260101T000000Z")
	answer := httptest.NewRecorder()
	w.serve.ServeHTTP(answer, r)
	if answer.Code != http.StatusOK {
		w.b.Fatalf("%s: %d %s", operation, answer.Code, answer.Body)
	}
	if out != nil {
		must(w.b, json.Unmarshal(answer.Body.Bytes(), out))
	}
}

type object map[string]any

// blueGreen is the style that a group of functions must be given.
var blueGreen = object{"deploymentType": "BLUE_GREEN", "deploymentOption": "WITH_TRAFFIC_CONTROL"}

// groups makes n functions with an alias and a group for each.
func (w *world) groups(n int, config string) {
	w.b.Helper()
	w.call("CreateApplication", object{"applicationName": "bench", "computePlatform": "Lambda"}, nil)
	each(n, func(i int) {
		w.far.AddFunction(account, region, function(i), "1", "2")
		w.far.SetAlias(account, region, function(i), "live", "1", nil)
		w.call("CreateDeploymentGroup", object{
			"applicationName": "bench", "deploymentGroupName": function(i), "deploymentConfigName": config,
			"serviceRoleArn": "arn:aws:iam::000000000000:role/deploy", "deploymentStyle": blueGreen,
		}, nil)
	})
}

// deploy starts a deployment of every group, a thousand at once, and returns
// their ids.
func (w *world) deploy(n int, hooks ...object) []string {
	w.b.Helper()
	ids := make([]string, n)
	eachOf(n, 1000, func(i int) {
		var out struct{ DeploymentID string }
		w.call("CreateDeployment", object{
			"applicationName": "bench", "deploymentGroupName": function(i),
			"revision": object{"revisionType": "AppSpecContent", "appSpecContent": object{"content": appSpec(w.b, function(i), hooks)}},
		}, &out)
		ids[i] = out.DeploymentID
	})
	return ids
}

func appSpec(b *testing.B, function string, hooks []object) string {
	spec := object{"version": 0.0, "Resources": []object{{"f": object{"Type": "AWS::Lambda::Function", "Properties": object{
		"Name": function, "Alias": "live", "CurrentVersion": "1", "TargetVersion": "2"}}}}}
	if len(hooks) > 0 {
		spec["Hooks"] = hooks
	}
	text, err := json.Marshal(spec)
	must(b, err)
	return string(text)
}

func function(i int) string { return fmt.Sprintf("f%05d", i) }

// each runs do for 0..n-1 on sixteen callers.
func each(n int, do func(int)) { eachOf(n, 16, do) }

// eachOf runs do for 0..n-1 on a number of callers.
func eachOf(n, callers int, do func(int)) {
	next := make(chan int)
	var work sync.WaitGroup
	for range callers {
		work.Go(func() {
			for i := range next {
				do(i)
			}
		})
	}
	for i := range n {
		next <- i
	}
	close(next)
	work.Wait()
}

// active counts the deployments that have not ended.
func (w *world) active() int {
	w.b.Helper()
	var n int
	must(w.b, w.store.View(context.Background(), func(tx *store.Tx) (err error) {
		n, err = tx.CountActive(store.Scope{Account: account, Region: region}, 1<<30)
		return err
	}))
	return n
}

// until polls in real time for a condition.
func until(b *testing.B, every time.Duration, met func() bool) {
	b.Helper()
	tick := time.NewTicker(every)
	defer tick.Stop()
	deadline := time.After(2 * time.Minute)
	for !met() {
		select {
		case <-tick.C:
		case <-deadline:
			b.Fatal("what was waited for did not happen within two minutes")
		}
	}
}

// percentile of durations, which are sorted by it.
func percentile(d []time.Duration, p int) time.Duration {
	slices.Sort(d)
	return d[min(len(d)-1, len(d)*p/100)]
}

func must(b *testing.B, err error) {
	b.Helper()
	if err != nil {
		b.Fatal(err)
	}
}
