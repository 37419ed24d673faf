package scenarios

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
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
	w.open()
	t.Cleanup(func() { w.end(t) })
	w.ours = w.client(account, region)
	w.application(app, types.ComputePlatformLambda)
	w.group(group)
	return w
}

func (w *world) open() {
	w.Helper()
	far := farSides{
		"lambda": recorded{w}, "monitoring": inProcess{w.alarms},
		"sts": inProcess{w.roles}, "s3": inProcess{w.bucket},
	}
	w.life = conceive(w.T, w.path, far, w.settings)
	w.begin()
}

// restart ends the controller and starts it again on the same database.
func (w *world) restart() {
	w.Helper()
	w.life.end(w.T)
	w.open()
}

// crash kills the controller and starts it again on the same database.
func (w *world) crash() {
	w.Helper()
	w.kill(w.T)
	w.open()
}

// recorded is the Lambda far side; it notes when, by the controller's clock, an
// alias was set.
type recorded struct{ w *world }

func (f recorded) RoundTrip(r *http.Request) (*http.Response, error) {
	f.w.tell(r.Method)
	answer, err := f.w.far.Transport().RoundTrip(r)
	if err == nil && answer.StatusCode == http.StatusOK && r.Method == http.MethodPut {
		f.w.shows()
	}
	if err == nil && f.w.loses(r.Method) {
		<-r.Context().Done()
		return nil, r.Context().Err()
	}
	return answer, err
}

// watchCalls returns what closes when Lambda is next called with a method: PUT
// is an update of the alias, POST an invoke. The call may be stalled then.
func (w *world) watchCalls(method string) <-chan struct{} {
	w.mu.Lock()
	defer w.mu.Unlock()
	called := make(chan struct{})
	w.calling = map[string]chan struct{}{method: called}
	return called
}

func (w *world) shows() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.shown = append(w.shown, w.clock.Now())
}

// loses says whether the answer to this call is to be lost: see loseAnswer.
func (w *world) loses(method string) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	lost := w.losing[method]
	if lost != nil {
		close(lost)
		delete(w.losing, method)
	}
	return lost != nil
}

func (w *world) tell(method string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if called := w.calling[method]; called != nil {
		close(called)
		delete(w.calling, method)
	}
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

// hookEvent is what a hook function receives.
type hookEvent struct {
	DeploymentID string `json:"DeploymentId"`
	ExecutionID  string `json:"LifecycleEventHookExecutionId"`
}

// invoked are the payloads that a hook function has received.
func (w *world) invoked(function string) []hookEvent {
	w.Helper()
	var events []hookEvent
	for _, in := range w.far.Invocations(function) {
		events = append(events, w.payload(in))
	}
	return events
}

// payload wants exactly the two members of lambda.md 5.1.
func (w *world) payload(in lambdatest.Invocation) (e hookEvent) {
	w.Helper()
	var members map[string]string
	if err := json.Unmarshal(in.Payload, &members); err != nil || len(members) != 2 {
		w.Fatalf("payload %s: %v", in.Payload, err)
	}
	e = hookEvent{members["DeploymentId"], members["LifecycleEventHookExecutionId"]}
	if e.DeploymentID == "" || !strings.HasPrefix(e.ExecutionID, "eyJlbmNyeXB0ZWREYXRhIjoi") {
		w.Fatalf("payload %s", in.Payload)
	}
	if in.Type != "Event" || in.Qualifier != "" {
		w.Errorf("invoked as %q with the qualifier %q, want Event without", in.Type, in.Qualifier)
	}
	return e
}

// execution is the execution id that a hook function received last.
func (w *world) execution(function string) string {
	w.Helper()
	events := w.invoked(function)
	if len(events) == 0 {
		w.Fatalf("%s was not invoked", function)
	}
	return events[len(events)-1].ExecutionID
}

// report is what a hook function does with its event.
func (w *world) report(id, execution string, status types.LifecycleEventStatus) error {
	return w.reportAs(w.ours, id, execution, status)
}

func (w *world) reportAs(client *codedeploy.Client, id, execution string, status types.LifecycleEventStatus) error {
	out, err := client.PutLifecycleEventHookExecutionStatus(context.Background(), &codedeploy.PutLifecycleEventHookExecutionStatusInput{
		DeploymentId: &id, LifecycleEventHookExecutionId: &execution, Status: status,
	})
	if err == nil && aws.ToString(out.LifecycleEventHookExecutionId) != execution {
		err = fmt.Errorf("the answer does not echo the execution id: %q", aws.ToString(out.LifecycleEventHookExecutionId))
	}
	return err
}

// succeed and fail have a hook function report on the event it received last.
func (w *world) succeed(id, function string) {
	w.Helper()
	w.must(w.report(id, w.execution(function), types.LifecycleEventStatusSucceeded))
	w.settle()
}

func (w *world) fail(id, function string) {
	w.Helper()
	w.must(w.report(id, w.execution(function), types.LifecycleEventStatusFailed))
	w.settle()
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
	var refusal smithy.APIError
	if !errors.As(err, &refusal) {
		w.Fatalf("error is %v, want %s", err, code)
	}
	if refusal.ErrorCode() != code {
		w.Errorf("error is %v, want %s", err, code)
	}
	for _, part := range parts {
		if !strings.Contains(refusal.ErrorMessage(), part) {
			w.Errorf("message is %q, want it to hold %q", refusal.ErrorMessage(), part)
		}
	}
}
