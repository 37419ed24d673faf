package scenarios

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/codedeploy/types"
)

// badECSAppSpec is the first sentence of ecs.md 2.3.
const badECSAppSpec = "The deployment failed because the AppSpec file that specifies the deployment configuration is missing or has an invalid configuration."

// refusedAppSpec wants a deployment to end at its AppSpec's text, before anything
// is asked of AWS (ecs.md 2.3, layer B), and returns it.
func (w *ecsWorld) refusedAppSpec(content string) *ecsSight {
	w.Helper()
	before, roles := len(w.cloud.called()), len(w.roles.asked())
	id := w.run(ecsAllAtOnce, content)
	s := w.see(id).status("Failed").events("K/K/K/K/K/K").targetStatus("Failed").taskSets("").nothingToRollBack()
	if s.info.StartTime == nil || s.info.CompleteTime == nil {
		w.Errorf("started %v, complete %v", s.info.StartTime, s.info.CompleteTime)
	}
	if after := len(w.cloud.called()); after != before {
		w.Errorf("calls were made: %+v", w.cloud.called()[before:])
	}
	if got := w.roles.asked()[roles:]; len(got) > 0 {
		w.Errorf("roles were asked for: %q", got)
	}
	return s
}

func TestE53_UnreadableECSAppSpec(t *testing.T) {
	w := newECSWorld(t)
	w.refusedAppSpec("{{{").failure("INVALID_REVISION",
		badECSAppSpec+" The input AppSpec file is a not well-formed yaml. The template cannot be parsed.")
	w.wantWeights(w.l80, 1, -1)
}

// What AWS's GitHub action sends: an integer for the version, keys as the user
// wrote them.
func TestE54_AppSpecInOtherCase(t *testing.T) {
	w := newECSWorld(t)
	id := w.run(ecsAllAtOnce, `{"version":0,"resources":[{"MyService":{"type":"AWS::ECS::Service","properties":{"taskDefinition":"app:2",`+
		`"loadBalancerInfo":{"containerName":"web","containerPort":80}}}}]}`)
	w.see(id).status("Succeeded").events("S/S/S/S/S/S")
	w.wantWeights(w.l80, 0, 100)
}

func TestE55_InvalidECSAppSpecs(t *testing.T) {
	const load = `"LoadBalancerInfo":{"ContainerName":"web","ContainerPort":80}`
	resource := func(properties string) string {
		return `{"TargetService":{"Type":"AWS::ECS::Service","Properties":{"TaskDefinition":"app:2",` + properties + `}}}`
	}
	spec := func(resources, hooks string) string {
		return `{"version":0.0,"Resources":[` + resources + `],"Hooks":[` + hooks + `]}`
	}
	w := newECSWorld(t)
	for _, c := range []struct{ name, content, path, rule string }{
		{"port in quotation marks", spec(resource(`"LoadBalancerInfo":{"ContainerName":"web","ContainerPort":"80"}`), ""),
			"Resources[0].TargetService.Properties.LoadBalancerInfo.ContainerPort", "integer"},
		{"two resources", spec(resource(load)+","+resource(load), ""), "Resources", "one"},
		{"Lambda AppSpec", appSpec("1", "2"), "Resources[0].f.Type", "AWS::ECS::Service"},
		{"Subnets only", spec(resource(load+`,"NetworkConfiguration":{"AwsvpcConfiguration":{"Subnets":["subnet-1"]}}`), ""),
			"Resources[0].TargetService.Properties.NetworkConfiguration.AwsvpcConfiguration", "no SecurityGroups and no AssignPublicIp"},
		{"hook of EC2", spec(resource(load), `{"ApplicationStop":"f"}`), "Hooks[0]", "ApplicationStop"},
	} {
		w.Logf("%s", c.name) // one world for all: nothing may come of any of them
		w.refusedAppSpec(c.content).says("INVALID_REVISION", badECSAppSpec+" ", c.path, c.rule)
	}
	w.wantWrites()
	w.wantWeights(w.l80, 1, -1)
	w.alone("app:1")
}

func TestE56_NoRevision(t *testing.T) {
	w := newECSWorld(t)
	_, err := w.start(ecsAllAtOnce, "", func(r *request) { r.Revision = nil })
	w.refused(err, "RevisionRequiredException")
	w.says(err, "RevisionLocation must be specified")
	if _, err = w.start(ecsAllAtOnce, "", func(r *request) { r.Revision = &types.RevisionLocation{} }); err == nil {
		t.Error("a revision without a type is accepted")
	}
}
