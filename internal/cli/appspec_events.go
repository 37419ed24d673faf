package cli

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/codedeploy/types"

	"greenlight/internal/appspec"
	"greenlight/internal/codedeploy"
)

func explanationOf(platform types.ComputePlatform, text []byte, testListener bool) (explanation, error) {
	if platform == types.ComputePlatformEcs {
		return explainECS(text, testListener)
	}
	return explainLambda(text)
}

// explainLambda tells lambda.md 5.2.
func explainLambda(text []byte) (explanation, error) {
	spec, err := appspec.ParseLambda(text)
	if err != nil {
		return explanation{}, err
	}
	shift := fmt.Sprintf("shifts %s:%s from version %s to %s", spec.FunctionName(), spec.Alias, spec.CurrentVersion, spec.TargetVersion)
	return explanation{
		Platform: "Lambda",
		AppSpec:  spec.JSON(),
		Events: eventsOf(codedeploy.LambdaEvents(), spec.Hook,
			map[codedeploy.LifecycleEventName]string{codedeploy.EventAllowTraffic: shift}),
		facts: []fact{
			{"function", spec.Function},
			{"alias", fmt.Sprintf("%s, version %s to %s", spec.Alias, spec.CurrentVersion, spec.TargetVersion)},
		},
	}, nil
}

// explainECS tells ecs.md 5.2: six events, with a test listener eight.
func explainECS(text []byte, testListener bool) (explanation, error) {
	spec, err := appspec.ParseECS(text)
	if err != nil {
		return explanation{}, err
	}
	told := explanation{
		Platform: "ECS",
		AppSpec:  spec.JSON(),
		Events: eventsOf(codedeploy.ECSEvents(testListener), spec.Hook, map[codedeploy.LifecycleEventName]string{
			codedeploy.EventInstall:          "creates the replacement task set and waits until it is steady",
			codedeploy.EventAllowTestTraffic: "sends the test listener's traffic to the replacement",
			codedeploy.EventAllowTraffic:     "shifts the traffic, then makes the replacement the primary task set",
		}),
		facts: ecsFacts(spec),
	}
	const testHook = string(codedeploy.EventAfterAllowTestTraffic)
	if function := spec.Hook(testHook); function != "" && !testListener {
		told.Unused = []explainedEvent{{Name: testHook, Hook: function}}
	}
	return told, nil
}

func eventsOf(names []codedeploy.LifecycleEventName, hook func(string) string, work map[codedeploy.LifecycleEventName]string) []explainedEvent {
	var all []explainedEvent
	for _, name := range names {
		all = append(all, explainedEvent{string(name), work[name], hook(string(name))})
	}
	return all
}

// ecsFacts tells what the replacement task set is made of. What the file
// leaves out is the original's (ecs.md 6.3).
func ecsFacts(spec *appspec.ECS) []fact {
	const original = "as the original task set"
	facts := []fact{
		{"task definition", spec.TaskDefinition},
		{"container", fmt.Sprintf("%s, port %d", spec.ContainerName, spec.ContainerPort)},
		{"platform version", cmp.Or(spec.PlatformVersion, original)},
		{"network", original},
		{"capacity providers", original},
	}
	if n := spec.Network; n != nil {
		facts[3].value = fmt.Sprintf("subnets %s; security groups %s; public IP %s",
			strings.Join(n.Subnets, ", "), strings.Join(n.SecurityGroups, ", "), n.AssignPublicIP)
	}
	var providers []string
	for _, p := range spec.CapacityProviders {
		providers = append(providers, fmt.Sprintf("%s (base %d, weight %d)", p.CapacityProvider, p.Base, p.Weight))
	}
	if len(providers) > 0 {
		facts[4].value = strings.Join(providers, ", ")
	}
	return facts
}
