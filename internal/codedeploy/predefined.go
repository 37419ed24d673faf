package codedeploy

import (
	"fmt"
	"slices"
	"time"
)

// PredefinedPrefix begins the names of the predefined configurations and of no
// other (api.md 2).
const PredefinedPrefix = "CodeDeployDefault."

// Configurations that groups and rollbacks use when nobody names one.
const (
	ConfigOneAtATime      = PredefinedPrefix + "OneAtATime"
	ConfigLambdaAllAtOnce = PredefinedPrefix + "LambdaAllAtOnce"
	ConfigECSAllAtOnce    = PredefinedPrefix + "ECSAllAtOnce"
)

// minimumHealthyHostsMostConcurrency stands outside the model's enumeration;
// AWS answers it for OneAtATime and never accepts it.
const minimumHealthyHostsMostConcurrency MinimumHealthyHostsType = "MOST_CONCURRENCY"

// predefinedCreateTime is one fixed instant for all: the day CodeDeploy opened.
var predefinedCreateTime = time.Date(2014, time.November, 12, 0, 0, 0, 0, time.UTC)

// predefined is the table of api.md 5.1; the ids count in its order. Entries
// are made anew for each caller because they hold pointers.
var predefined = []struct {
	name     string
	platform ComputePlatform
	hosts    func() *MinimumHealthyHosts
	routing  func() *TrafficRoutingConfig
}{
	{"OneAtATime", ComputePlatformServer, hosts(minimumHealthyHostsMostConcurrency, 1), nil},
	{"HalfAtATime", ComputePlatformServer, hosts(MinimumHealthyHostsTypeFleetPercent, 50), nil},
	{"AllAtOnce", ComputePlatformServer, hosts(MinimumHealthyHostsTypeFleetPercent, 0), nil},
	{"LambdaAllAtOnce", ComputePlatformLambda, nil, allAtOnce},
	{"LambdaCanary10Percent5Minutes", ComputePlatformLambda, nil, canary(10, 5)},
	{"LambdaCanary10Percent10Minutes", ComputePlatformLambda, nil, canary(10, 10)},
	{"LambdaCanary10Percent15Minutes", ComputePlatformLambda, nil, canary(10, 15)},
	{"LambdaCanary10Percent30Minutes", ComputePlatformLambda, nil, canary(10, 30)},
	{"LambdaLinear10PercentEvery1Minute", ComputePlatformLambda, nil, linear(10, 1)},
	{"LambdaLinear10PercentEvery2Minutes", ComputePlatformLambda, nil, linear(10, 2)},
	{"LambdaLinear10PercentEvery3Minutes", ComputePlatformLambda, nil, linear(10, 3)},
	{"LambdaLinear10PercentEvery10Minutes", ComputePlatformLambda, nil, linear(10, 10)},
	{"ECSAllAtOnce", ComputePlatformECS, nil, allAtOnce},
	{"ECSCanary10Percent5Minutes", ComputePlatformECS, nil, canary(10, 5)},
	{"ECSCanary10Percent15Minutes", ComputePlatformECS, nil, canary(10, 15)},
	{"ECSLinear10PercentEvery1Minutes", ComputePlatformECS, nil, linear(10, 1)},
	{"ECSLinear10PercentEvery3Minutes", ComputePlatformECS, nil, linear(10, 3)},
}

// Predefined returns the predefined configuration of that full name, such as
// CodeDeployDefault.AllAtOnce. The caller may change what it gets.
func Predefined(name string) (DeploymentConfigInfo, bool) {
	for i, entry := range predefined {
		if PredefinedPrefix+entry.name != name {
			continue
		}
		info := DeploymentConfigInfo{
			DeploymentConfigID:   fmt.Sprintf("00000000-0000-0000-0000-%012d", i+1),
			DeploymentConfigName: name,
			ComputePlatform:      entry.platform,
			CreateTime:           NewTimestamp(predefinedCreateTime),
		}
		if entry.hosts != nil {
			info.MinimumHealthyHosts = entry.hosts()
		}
		if entry.routing != nil {
			info.TrafficRoutingConfig = entry.routing()
		}
		return info, true
	}
	return DeploymentConfigInfo{}, false
}

// PredefinedNames returns the full names of the predefined configurations, by
// name: their order in ListDeploymentConfigs.
func PredefinedNames() []string {
	names := make([]string, len(predefined))
	for i, entry := range predefined {
		names[i] = PredefinedPrefix + entry.name
	}
	slices.Sort(names)
	return names
}

// DefaultConfig names the configuration of a group or deployment that names
// none (api.md 4). For Lambda and ECS it is also that of rollbacks
// (deployments.md 5.2).
func DefaultConfig(platform ComputePlatform) string {
	switch platform {
	case ComputePlatformLambda:
		return ConfigLambdaAllAtOnce
	case ComputePlatformECS:
		return ConfigECSAllAtOnce
	default:
		return ConfigOneAtATime
	}
}

func hosts(kind MinimumHealthyHostsType, value int64) func() *MinimumHealthyHosts {
	return func() *MinimumHealthyHosts {
		return &MinimumHealthyHosts{Type: kind, Value: new(value)}
	}
}

func allAtOnce() *TrafficRoutingConfig {
	return &TrafficRoutingConfig{Type: TrafficRoutingTypeAllAtOnce}
}

func canary(percent, minutes int64) func() *TrafficRoutingConfig {
	return func() *TrafficRoutingConfig {
		return &TrafficRoutingConfig{
			Type:            TrafficRoutingTypeTimeBasedCanary,
			TimeBasedCanary: &TimeBasedCanary{CanaryPercentage: new(percent), CanaryInterval: new(minutes)},
		}
	}
}

func linear(percent, minutes int64) func() *TrafficRoutingConfig {
	return func() *TrafficRoutingConfig {
		return &TrafficRoutingConfig{
			Type:            TrafficRoutingTypeTimeBasedLinear,
			TimeBasedLinear: &TimeBasedLinear{LinearPercentage: new(percent), LinearInterval: new(minutes)},
		}
	}
}
