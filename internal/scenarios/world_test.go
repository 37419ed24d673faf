package scenarios

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/codedeploy"
	"github.com/aws/aws-sdk-go-v2/service/codedeploy/types"
	"github.com/aws/smithy-go"

	"greenlight/internal/lambdadriver/lambdatest"
	"greenlight/internal/store"
)

// What every scenario has unless it says otherwise (lambda.md 9).
const (
	account = "111122223333"
	region  = "eu-west-1"
	app     = "app"
	group   = "g"
	role    = "arn:aws:iam::" + account + ":role/deploy"

	allAtOnce = "CodeDeployDefault.LambdaAllAtOnce"
	canary    = "CodeDeployDefault.LambdaCanary10Percent5Minutes"
	linear    = "CodeDeployDefault.LambdaLinear10PercentEvery1Minute"

	pre, post = "CodeDeployHook_pre", "CodeDeployHook_post"
)

// world is a controller with its surroundings: the function f with the versions
// 1, 2 and 3 and the alias live on 1, two hook functions, and the deployment
// group g with automatic rollback on all three events and no alarms.
type world struct {
	*testing.T
	*life
	path     string
	settings settings

	far    *lambdatest.Lambda
	alarms *cloudWatch
	roles  *tokenService
	bucket *bucketService
	ours   *codedeploy.Client // of the account in the region

	mu      sync.Mutex
	shown   []time.Time              // when, by the controller's clock, an alias was set
	calling map[string]chan struct{} // who waits for a call to Lambda, by its method
	losing  map[string]chan struct{} // whose answer is to be lost, likewise
}

// newWorld sets the scenario up. The test runs beside the others.
func newWorld(t *testing.T, vary ...func(*settings)) *world {
	t.Helper()
	t.Parallel()
	w := &world{
		T: t, path: filepath.Join(t.TempDir(), "greenlight.db"), far: lambdatest.New(),
		alarms: &cloudWatch{states: map[string]string{}}, roles: &tokenService{},
		bucket: &bucketService{objects: map[string]string{}},
	}
	for _, v := range vary {
		v(&w.settings)
	}
	for _, hook := range []string{pre, post} {
		w.far.AddFunction(account, region, hook)
	}
	w.far.AddFunction(account, region, "f", "1", "2", "3")
	w.alias("1", nil)
	empty, err := emptyDatabase()
	w.must(err)
	w.must(os.WriteFile(w.path, empty, 0o600))
	w.open()
	t.Cleanup(func() {
		if w.life != nil { // the controller could be started again
			w.end(t)
		}
	})
	w.ours = w.client(account, region)
	w.application(app, types.ComputePlatformLambda)
	w.group(group)
	return w
}

// emptyDatabase is a database with all its tables, made once for all worlds.
var emptyDatabase = sync.OnceValues(func() ([]byte, error) {
	folder, err := os.MkdirTemp("", "greenlight")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(folder)
	path := filepath.Join(folder, "greenlight.db")
	made, err := store.Open(context.Background(), path)
	if err != nil {
		return nil, err
	}
	if err := made.Close(); err != nil {
		return nil, err
	}
	return os.ReadFile(path)
})

func (w *world) open() {
	w.Helper()
	far := farSides{
		"lambda": recorded{w}, "monitoring": inProcess{w.alarms},
		"sts": inProcess{w.roles}, "s3": inProcess{w.bucket},
	}
	maps.Copy(far, w.settings.more)
	w.life = conceive(w.T, w.path, far, w.settings)
	w.begin()
}

// restart ends the controller and starts it again on the same database.
func (w *world) restart() {
	w.Helper()
	w.life.end(w.T)
	w.life = nil
	w.open()
}

// crash kills the controller and starts it again on the same database.
func (w *world) crash() {
	w.Helper()
	w.kill(w.T)
	w.life = nil
	w.open()
}

// client is the SDK's, of any account and region. It tries nothing twice.
func (w *world) client(account, region string) *codedeploy.Client {
	return codedeploy.NewFromConfig(aws.Config{
		Region:      region,
		Credentials: credentials.NewStaticCredentialsProvider(account, "secret", ""),
		HTTPClient:  &http.Client{Transport: here{w}},
		Retryer:     func() aws.Retryer { return aws.NopRetryer{} },
	}, func(o *codedeploy.Options) { o.BaseEndpoint = aws.String("http://greenlight.test") })
}

// here calls the controller that lives now.
type here struct{ w *world }

func (h here) RoundTrip(r *http.Request) (*http.Response, error) {
	return inProcess{h.w.handler}.RoundTrip(r)
}

func (w *world) application(name string, platform types.ComputePlatform) {
	w.Helper()
	_, err := w.ours.CreateApplication(context.Background(), &codedeploy.CreateApplicationInput{
		ApplicationName: &name, ComputePlatform: platform,
	})
	w.must(err)
}

// group makes a deployment group of the application, like g unless varied.
func (w *world) group(name string, vary ...func(*codedeploy.CreateDeploymentGroupInput)) {
	w.Helper()
	in := &codedeploy.CreateDeploymentGroupInput{
		ApplicationName: aws.String(app), DeploymentGroupName: &name, ServiceRoleArn: aws.String(role),
		DeploymentStyle: &types.DeploymentStyle{
			DeploymentType: types.DeploymentTypeBlueGreen, DeploymentOption: types.DeploymentOptionWithTrafficControl,
		},
		AutoRollbackConfiguration: rollbackOn(types.AutoRollbackEvent("").Values()...),
	}
	for _, v := range vary {
		v(in)
	}
	_, err := w.ours.CreateDeploymentGroup(context.Background(), in)
	w.must(err)
}

// update changes the group g.
func (w *world) update(change func(*codedeploy.UpdateDeploymentGroupInput)) {
	w.Helper()
	in := &codedeploy.UpdateDeploymentGroupInput{ApplicationName: aws.String(app), CurrentDeploymentGroupName: aws.String(group)}
	change(in)
	_, err := w.ours.UpdateDeploymentGroup(context.Background(), in)
	w.must(err)
}

// rollback gives the group g another automatic rollback.
func (w *world) rollback(config *types.AutoRollbackConfiguration) {
	w.Helper()
	w.update(func(in *codedeploy.UpdateDeploymentGroupInput) { in.AutoRollbackConfiguration = config })
}

func rollbackOn(events ...types.AutoRollbackEvent) *types.AutoRollbackConfiguration {
	return &types.AutoRollbackConfiguration{Enabled: true, Events: events}
}

func rollbackOff() *types.AutoRollbackConfiguration { return &types.AutoRollbackConfiguration{} }

// watch has the group g watch alarms.
func (w *world) watch(names ...string) {
	w.Helper()
	w.update(func(in *codedeploy.UpdateDeploymentGroupInput) { in.AlarmConfiguration = alarmsOn(names...) })
}

func alarmsOn(names ...string) *types.AlarmConfiguration {
	config := &types.AlarmConfiguration{Enabled: true}
	for _, name := range names {
		config.Alarms = append(config.Alarms, types.Alarm{Name: &name})
	}
	return config
}

// appSpec is the AppSpec that leads f's alias from one version to another.
func appSpec(from, to string, hooks ...string) string {
	return fmt.Sprintf(`{"version":0.0,"Resources":[{"f":{"Type":"AWS::Lambda::Function","Properties":`+
		`{"Name":"f","Alias":"live","CurrentVersion":%q,"TargetVersion":%q}}}],"Hooks":[%s]}`, from, to, strings.Join(hooks, ","))
}

// The Hooks of an AppSpec.
func before(function string) string { return fmt.Sprintf(`{"BeforeAllowTraffic":%q}`, function) }
func after(function string) string  { return fmt.Sprintf(`{"AfterAllowTraffic":%q}`, function) }

func inline(content string) *types.RevisionLocation {
	return &types.RevisionLocation{
		RevisionType:   types.RevisionLocationTypeAppSpecContent,
		AppSpecContent: &types.AppSpecContent{Content: &content},
	}
}

// request is a CreateDeployment in the group g.
type request = codedeploy.CreateDeploymentInput

// create calls CreateDeployment and does not wait for anything.
func (w *world) create(config, content string, vary ...func(*request)) (string, error) {
	in := &request{
		ApplicationName: aws.String(app), DeploymentGroupName: aws.String(group),
		DeploymentConfigName: &config, Revision: inline(content),
	}
	for _, v := range vary {
		v(in)
	}
	out, err := w.ours.CreateDeployment(context.Background(), in)
	if err != nil {
		return "", err
	}
	return aws.ToString(out.DeploymentId), nil
}

// deploy creates a deployment and lets it go as far as it can at this moment.
func (w *world) deploy(config, content string, vary ...func(*request)) string {
	w.Helper()
	id, err := w.create(config, content, vary...)
	w.must(err)
	w.settle()
	return id
}

func in(name string) func(*request) {
	return func(r *request) { r.DeploymentGroupName = &name }
}

// settle waits until nothing that is due is left to do.
func (w *world) settle() { w.Helper(); w.advance(0) }

// advance moves the controller's clock, and through everything on the way.
func (w *world) advance(d time.Duration) {
	w.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if _, err := w.clock.Advance(ctx, d); err != nil {
		w.Fatal(err)
	}
}

// patience bounds what takes real time.
const patience = 30 * time.Second

// eventually waits, in real time, for something that the controller's clock
// does not hold up: a call that has reached a far side, say.
func (w *world) eventually(what string, done func() bool) {
	w.Helper()
	look := time.NewTicker(time.Millisecond)
	defer look.Stop()
	limit := time.NewTimer(patience)
	defer limit.Stop()
	for !done() {
		select {
		case <-look.C:
		case <-limit.C:
			w.Fatalf("did not happen within %s: %s", patience, what)
		}
	}
}

// stop calls StopDeployment; rollback nil leaves autoRollbackEnabled out.
func (w *world) stop(id string, rollback *bool) (types.StopStatus, error) {
	out, err := w.ours.StopDeployment(context.Background(), &codedeploy.StopDeploymentInput{
		DeploymentId: &id, AutoRollbackEnabled: rollback,
	})
	if err != nil {
		return "", err
	}
	if out.Status == types.StopStatusSucceeded && aws.ToString(out.StatusMessage) != stopDone || aws.ToString(out.StatusMessage) == "" {
		w.Errorf("StopDeployment answers %s with the message %q", out.Status, aws.ToString(out.StatusMessage))
	}
	return out.Status, nil
}

const stopDone = "No more commands will be scheduled for execution in the deployment instances"

// wantStop calls StopDeployment and wants an answer.
func (w *world) wantStop(id string, rollback *bool, want types.StopStatus) {
	w.Helper()
	got, err := w.stop(id, rollback)
	w.must(err)
	if got != want {
		w.Fatalf("StopDeployment answers %s, want %s", got, want)
	}
}

func (w *world) must(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

// refused wants an error of the API, by its code and parts of its message.
func (w *world) refused(err error, code string, parts ...string) {
	w.Helper()
	wantRefusal(w.T, err, code, parts...)
}

func wantRefusal(t *testing.T, err error, code string, parts ...string) {
	t.Helper()
	var refusal smithy.APIError
	if !errors.As(err, &refusal) {
		t.Fatalf("error is %v, want %s", err, code)
	}
	if refusal.ErrorCode() != code {
		t.Errorf("error is %v, want %s", err, code)
	}
	for _, part := range parts {
		if !strings.Contains(refusal.ErrorMessage(), part) {
			t.Errorf("message is %q, want it to hold %q", refusal.ErrorMessage(), part)
		}
	}
}

// says wants an error of the API to have exactly this message.
func (w *world) says(err error, message string) {
	w.Helper()
	var refusal smithy.APIError
	if !errors.As(err, &refusal) || refusal.ErrorMessage() != message {
		w.Errorf("error is %v, want the message %q", err, message)
	}
}
