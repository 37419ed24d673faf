package codedeploy

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"
)

// TestPredefinedConfigurations holds the table of api.md 5.1 as clients see it.
func TestPredefinedConfigurations(t *testing.T) {
	canary := func(minutes int) string {
		return fmt.Sprintf(`"trafficRoutingConfig":{"timeBasedCanary":{"canaryInterval":%d,"canaryPercentage":10},"type":"TimeBasedCanary"}`, minutes)
	}
	linear := func(minutes int) string {
		return fmt.Sprintf(`"trafficRoutingConfig":{"timeBasedLinear":{"linearInterval":%d,"linearPercentage":10},"type":"TimeBasedLinear"}`, minutes)
	}
	hosts := func(kind string, value int) string {
		return fmt.Sprintf(`"minimumHealthyHosts":{"type":%q,"value":%d}`, kind, value)
	}
	const allAtOnce = `"trafficRoutingConfig":{"type":"AllAtOnce"}`
	table := []struct{ name, platform, body string }{
		{"OneAtATime", "Server", hosts("MOST_CONCURRENCY", 1)},
		{"HalfAtATime", "Server", hosts("FLEET_PERCENT", 50)},
		{"AllAtOnce", "Server", hosts("FLEET_PERCENT", 0)},
		{"LambdaAllAtOnce", "Lambda", allAtOnce},
		{"LambdaCanary10Percent5Minutes", "Lambda", canary(5)},
		{"LambdaCanary10Percent10Minutes", "Lambda", canary(10)},
		{"LambdaCanary10Percent15Minutes", "Lambda", canary(15)},
		{"LambdaCanary10Percent30Minutes", "Lambda", canary(30)},
		{"LambdaLinear10PercentEvery1Minute", "Lambda", linear(1)},
		{"LambdaLinear10PercentEvery2Minutes", "Lambda", linear(2)},
		{"LambdaLinear10PercentEvery3Minutes", "Lambda", linear(3)},
		{"LambdaLinear10PercentEvery10Minutes", "Lambda", linear(10)},
		{"ECSAllAtOnce", "ECS", allAtOnce},
		{"ECSCanary10Percent5Minutes", "ECS", canary(5)},
		{"ECSCanary10Percent15Minutes", "ECS", canary(15)},
		{"ECSLinear10PercentEvery1Minutes", "ECS", linear(1)},
		{"ECSLinear10PercentEvery3Minutes", "ECS", linear(3)},
	}
	if names := PredefinedNames(); len(names) != len(table) || !slices.IsSorted(names) {
		t.Errorf("names %v", names)
	}
	for i, row := range table {
		t.Run(row.name, func(t *testing.T) {
			info, ok := Predefined("CodeDeployDefault." + row.name)
			if !ok || !slices.Contains(PredefinedNames(), info.DeploymentConfigName) {
				t.Fatalf("not found or not listed: %+v", info)
			}
			if info.CreateTime.IsZero() {
				t.Error("no createTime")
			}
			info.CreateTime = Timestamp{}
			want := fmt.Sprintf(`{"computePlatform":%q,"deploymentConfigId":"00000000-0000-0000-0000-%012d","deploymentConfigName":"CodeDeployDefault.%s",%s}`,
				row.platform, i+1, row.name, row.body)
			if got, err := json.Marshal(info); err != nil || string(got) != want {
				t.Errorf("got  %s, %v\nwant %s", got, err, want)
			}
		})
	}
}

func TestPredefinedTakesFullNamesOnly(t *testing.T) {
	for _, name := range []string{"", "AllAtOnce", "CodeDeployDefault.", "CodeDeployDefault.allatonce", "CodeDeployDefault.Other"} {
		if info, ok := Predefined(name); ok {
			t.Errorf("%q is %+v", name, info)
		}
	}
}

func TestPredefinedIsTheCallersOwn(t *testing.T) {
	first, _ := Predefined(ConfigLambdaAllAtOnce)
	first.TrafficRoutingConfig.Type = "changed"
	first, _ = Predefined("CodeDeployDefault.HalfAtATime")
	*first.MinimumHealthyHosts.Value = 7
	second, _ := Predefined(ConfigLambdaAllAtOnce)
	third, _ := Predefined("CodeDeployDefault.HalfAtATime")
	if second.TrafficRoutingConfig.Type != TrafficRoutingTypeAllAtOnce || *third.MinimumHealthyHosts.Value != 50 {
		t.Errorf("changed: %+v, %d", second.TrafficRoutingConfig, *third.MinimumHealthyHosts.Value)
	}
}

func TestDefaultConfigExists(t *testing.T) {
	for platform, want := range map[ComputePlatform]string{
		ComputePlatformServer: "CodeDeployDefault.OneAtATime",
		ComputePlatformLambda: "CodeDeployDefault.LambdaAllAtOnce",
		ComputePlatformECS:    "CodeDeployDefault.ECSAllAtOnce",
	} {
		info, ok := Predefined(DefaultConfig(platform))
		if !ok || info.DeploymentConfigName != want || info.ComputePlatform != platform {
			t.Errorf("%s: %+v, want %s", platform, info, want)
		}
	}
}
