package e2e

import (
	"encoding/json"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	ecstypes "github.com/aws/aws-sdk-go-v2/service/ecs/types"
)

// TestTerraform_Service makes a service with all that it needs in one
// configuration, releases it with the SDK, and wants Terraform to be content
// with what the release has changed, given what its users tell it to ignore.
func TestTerraform_Service(t *testing.T) {
	t.Parallel()
	s := startECS(t, "fast")
	tf := newTerraform(t, s)
	tf.env = append(tf.env, "TF_VAR_task="+taskFile)
	tf.use("service")
	tf.apply("10 added, 0 changed, 0 destroyed")
	tf.planNothing()

	var made struct{ Prod, Test, Blue, Green string }
	must(0, json.Unmarshal([]byte(tf.do("output", "-json", "listeners")), &made))(t)
	w := webService{
		name: "s1", groups: [2]string{"blue", "green"}, groupARNs: [2]string{made.Blue, made.Green},
		prod: listener{made.Prod, s.listenerURL(80)}, test: listener{made.Test, s.listenerURL(81)},
	}
	s.cloud = newCloud(t, s.URL, terraformAccount, "any")
	s.registerForFargate("app:2")
	id := s.deployService(w, ecsCanary, serviceSpec("app:2"))
	s.checkServiceEnd(id, w, "Blue DRAINING 0 blue, Green PRIMARY 100 green")
	s.checkServing(w, id, "app:2", [2]int{0, 100})
	tf.planNothing()

	tf.do("destroy", "-auto-approve")
	s.checkNothingLeft(terraformAccount)
	if left := processesIn(s.data); len(left) > 0 {
		t.Errorf("destroyed, and there are still %v", left)
	}
}

// registerForFargate makes a revision of app that runs where the configuration's
// first one does.
func (s *server) registerForFargate(release string) {
	s.t.Helper()
	var in ecs.RegisterTaskDefinitionInput
	must(0, json.Unmarshal([]byte(taskDefinition(release)), &in))(s.t)
	in.NetworkMode = ecstypes.NetworkModeAwsvpc
	in.RequiresCompatibilities = []ecstypes.Compatibility{ecstypes.CompatibilityFargate}
	in.Cpu, in.Memory = aws.String("256"), aws.String("512")
	must(s.ecs.RegisterTaskDefinition(s.t.Context(), &in))(s.t)
}
