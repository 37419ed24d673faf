package cli

import (
	"bytes"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/codedeploy/types"
	"github.com/google/go-cmp/cmp"

	"greenlight/internal/demo"
)

// picture is a deployment from version 1 to 2 with the given share on 2.
func picture(status types.DeploymentStatus, weight float64) demo.Picture {
	event := types.LifecycleEvent{
		LifecycleEventName: aws.String("AllowTraffic"), Status: types.LifecycleEventStatusInProgress, StartTime: at(0),
	}
	return demo.Picture{
		Deployment: &types.DeploymentInfo{
			DeploymentId: aws.String("d-R8M2PX0QC"), ApplicationName: aws.String("shop"), DeploymentGroupName: aws.String("hello"),
			DeploymentConfigName: aws.String("CodeDeployDefault.LambdaAllAtOnce"), Status: status, CreateTime: at(0),
		},
		Targets: []types.DeploymentTarget{{LambdaTarget: &types.LambdaTarget{
			TargetId: aws.String("hello"), Status: types.TargetStatusInProgress, LifecycleEvents: []types.LifecycleEvent{event},
			LambdaFunctionInfo: &types.LambdaFunctionInfo{
				FunctionName: aws.String("hello"), FunctionAlias: aws.String("live"),
				CurrentVersion: aws.String("1"), TargetVersion: aws.String("2"), TargetVersionWeight: weight,
			},
		}}},
		Old: "1", New: "2", Now: *at(90), Speed: 30,
		Traffic: demo.Traffic{
			Recent: demo.Tally{Calls: 100, Failures: 3, Versions: map[string]int{"1": 75, "2": 25}},
			Total:  demo.Tally{Calls: 412, Failures: 7},
		},
	}
}

// sitePicture is a deployment of a web service from release 1 to 2 with the given
// percentage on 2.
func sitePicture(status types.DeploymentStatus, weight float64) demo.Picture {
	p := picture(status, 0)
	p.Targets = []types.DeploymentTarget{{EcsTarget: &types.ECSTarget{
		TargetId: aws.String("demo:web"), Status: types.TargetStatusInProgress,
		LifecycleEvents: p.Targets[0].LambdaTarget.LifecycleEvents,
		TaskSetsInfo: []types.ECSTaskSet{
			{TaskSetLabel: types.TargetLabelBlue, Identifer: aws.String("ecs-svc/1"), Status: aws.String("PRIMARY"),
				DesiredCount: 2, RunningCount: 2, TrafficWeight: 100 - weight, TargetGroup: &types.TargetGroupInfo{Name: aws.String("web-a")}},
			{TaskSetLabel: types.TargetLabelGreen, Identifer: aws.String("ecs-svc/2"), Status: aws.String("ACTIVE"),
				DesiredCount: 2, RunningCount: 2, TrafficWeight: weight, TargetGroup: &types.TargetGroupInfo{Name: aws.String("web-b")}},
		},
	}}}
	return p
}

// siteBack is the same deployment seen from its rollback: the sides stay.
func siteBack(p demo.Picture) demo.Picture {
	p.Deployment.RollbackInfo = &types.RollbackInfo{RollbackTriggeringDeploymentId: aws.String("d-V1C9HD7TE")}
	return p
}

// back is the same deployment seen from its rollback, whose versions are the
// other way round.
func back(p demo.Picture) demo.Picture {
	info := p.Targets[0].LambdaTarget.LambdaFunctionInfo
	info.CurrentVersion, info.TargetVersion = info.TargetVersion, info.CurrentVersion
	p.Deployment.RollbackInfo = &types.RollbackInfo{RollbackTriggeringDeploymentId: aws.String("d-V1C9HD7TE")}
	return p
}

func newDemoScreen(out *bytes.Buffer, width int, paint bool) *demoScreen {
	size := func() (int, int) { return width, 24 }
	return &demoScreen{screen: &screen{out: out, paint: paint, size: size}, size: size}
}

var escape = regexp.MustCompile(`\x1b\[[0-9;]*[A-Za-z]`)

// shown is what stands on the terminal after one picture.
func shown(out *bytes.Buffer) string {
	return strings.ReplaceAll(escape.ReplaceAllString(out.String(), ""), "\r", "")
}

func TestDemoScreen(t *testing.T) {
	tests := map[string]struct {
		picture demo.Picture
		want    string
	}{
		"on the way": {picture(types.DeploymentStatusInProgress, 0.5), `
  d-R8M2PX0QC  shop/hello  LambdaAllAtOnce
    ● AllowTraffic              0.0s

  hello:live  version 1  50% ░░░░░░░░░░░░░░██████████████ 50%  version 2
  answers     version 1  75% ░░░░░░░░░░░░░░░░░░░░░███████ 25%  version 2
  errors      3 in the last second, 7 of 412 calls in this act
  clock       12:01:30 on the server, 30 times as fast as yours

`},
		"a rollback keeps the sides": {back(picture(types.DeploymentStatusInProgress, 1)), `
  d-R8M2PX0QC  shop/hello  LambdaAllAtOnce  rolls back d-V1C9HD7TE
    ● AllowTraffic              0.0s

  hello:live  version 1 100% ░░░░░░░░░░░░░░░░░░░░░░░░░░░░ 0%   version 2
  answers     version 1  75% ░░░░░░░░░░░░░░░░░░░░░███████ 25%  version 2
  errors      3 in the last second, 7 of 412 calls in this act
  clock       12:01:30 on the server, 30 times as fast as yours

`},
		"a web service on the way": {sitePicture(types.DeploymentStatusInProgress, 50), `
  d-R8M2PX0QC  shop/hello  LambdaAllAtOnce
    ● AllowTraffic              0.0s
    Blue 1  PRIMARY, 2 of 2 running  50%  web-a
    Green 2  ACTIVE, 2 of 2 running  50%  web-b

  demo:web    release 1  50% ░░░░░░░░░░░░░░██████████████ 50%  release 2
  answers     release 1  75% ░░░░░░░░░░░░░░░░░░░░░███████ 25%  release 2
  errors      3 in the last second, 7 of 412 calls in this act
  clock       12:01:30 on the server, 30 times as fast as yours

`},
		"a web service goes back": {siteBack(sitePicture(types.DeploymentStatusInProgress, 0)), `
  d-R8M2PX0QC  shop/hello  LambdaAllAtOnce  rolls back d-V1C9HD7TE
    ● AllowTraffic              0.0s
    Blue 1  PRIMARY, 2 of 2 running  100%  web-a
    Green 2  ACTIVE, 2 of 2 running  0%  web-b

  demo:web    release 1 100% ░░░░░░░░░░░░░░░░░░░░░░░░░░░░ 0%   release 2
  answers     release 1  75% ░░░░░░░░░░░░░░░░░░░░░███████ 25%  release 2
  errors      3 in the last second, 7 of 412 calls in this act
  clock       12:01:30 on the server, 30 times as fast as yours

`},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			var out bytes.Buffer
			newDemoScreen(&out, 80, true).Show(test.picture)
			if diff := cmp.Diff(test.want, shown(&out)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestDemoScreenFits: a line that wrapped would break the redrawing.
func TestDemoScreenFits(t *testing.T) {
	for _, width := range []int{30, 50, 66, 80, 200} {
		var out bytes.Buffer
		d := newDemoScreen(&out, width, true)
		for _, weight := range []float64{0, 0.1, 1} {
			d.Show(picture(types.DeploymentStatusInProgress, weight))
			d.Show(back(picture(types.DeploymentStatusFailed, weight)))
			d.Show(sitePicture(types.DeploymentStatusInProgress, 100*weight))
		}
		d.Settle()
		d.Tell(strings.Repeat("many words ", 40))
		d.Check(false, strings.Repeat("several words ", 20))
		for line := range strings.Lines(shown(&out)) {
			if columns := utf8.RuneCountInString(strings.TrimSuffix(line, "\n")); columns > min(width, 80) {
				t.Errorf("%d columns of %d: %q", columns, width, line)
			}
		}
	}
}

func TestDemoScreenHonorsNoColor(t *testing.T) {
	var out bytes.Buffer
	d := newDemoScreen(&out, 80, false)
	d.Title("An act")
	d.Show(picture(types.DeploymentStatusFailed, 0.5))
	d.Settle()
	d.Check(true, "all is well")
	if color := regexp.MustCompile(`\x1b\[[0-9;]*m`); color.MatchString(out.String()) {
		t.Errorf("there are colors in %q", out.String())
	}
}

func TestDemoLines(t *testing.T) {
	var out bytes.Buffer
	l := &demoLines{lines: lines{out: &out}}
	l.Title("1  First")
	l.Tell("What it is about.")
	for range 3 {
		l.Show(picture(types.DeploymentStatusInProgress, 0.1))
	}
	l.Show(picture(types.DeploymentStatusSucceeded, 1))
	l.Settle()
	l.Check(true, "it held")
	l.Title("2  Second")
	l.Check(false, "it did not")
	want := `== 1  First
What it is about.
d-R8M2PX0QC  shop/hello  LambdaAllAtOnce
  InProgress
  AllowTraffic started
  hello:live: 10% on version 2
  hello:live: 100% on version 2
d-R8M2PX0QC succeeded
  ok: it held

== 2  Second
  NOT SO: it did not
`
	if diff := cmp.Diff(want, out.String()); diff != "" {
		t.Error(diff)
	}
}
