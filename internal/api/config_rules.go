package api

import (
	"strings"

	"greenlight/internal/codedeploy"
)

// What a custom configuration must satisfy (api.md 5). Everything is a matter
// of form here, because the platform is part of the request.

// maxShiftMinutes bounds the time between the first and the last shift.
const maxShiftMinutes = 2880

// maxPercent is the most that may shift at once, and the most hosts that may
// have to stay healthy.
const maxPercent = 99

func requiredConfigName(value string) rule {
	return name(value, "deployment configuration name",
		codedeploy.DeploymentConfigNameRequiredException, codedeploy.InvalidDeploymentConfigNameException)
}

func customConfigName(value string) rule {
	return rule{format: must(!strings.HasPrefix(value, codedeploy.PredefinedPrefix), codedeploy.InvalidDeploymentConfigNameException,
		"The deployment configuration name %q begins with %q, which is reserved.", excerpt(value), codedeploy.PredefinedPrefix)}
}

func minimumHealthyHosts(hosts *codedeploy.MinimumHealthyHosts, platform codedeploy.ComputePlatform) rule {
	const code = codedeploy.InvalidMinimumHealthyHostValueException
	return rule{format: func() error {
		switch server := platform == codedeploy.ComputePlatformServer; {
		case !server && hosts != nil:
			return code.Errorf("minimum healthy hosts should be null for %s deployment configuration", platform)
		case !server:
			return nil
		case hosts == nil:
			return code.Errorf("minimum healthy hosts argument is missing")
		case !codedeploy.IsKnown(hosts.Type):
			return code.Errorf("The minimum healthy hosts type %q is not one of %v.", excerpt(string(hosts.Type)), hosts.Type.Values())
		}
		return healthyValue(hosts.Value, hosts.Type == codedeploy.MinimumHealthyHostsTypeFleetPercent, code)
	}}
}

// healthyValue judges a number, or percentage, of hosts that must stay healthy.
func healthyValue(value *int64, percent bool, code codedeploy.ExceptionCode) error {
	switch {
	case value == nil:
		return code.Errorf("The minimum healthy hosts value is missing.")
	case *value < 0:
		return code.Errorf("The minimum healthy hosts value %d is negative.", *value)
	case percent && *value > maxPercent:
		return code.Errorf("The minimum healthy hosts value %d is too high: a fleet percentage is from 0 to %d.", *value, maxPercent)
	}
	return nil
}

func zonal(config *codedeploy.ZonalConfig, platform codedeploy.ComputePlatform) rule {
	const code = codedeploy.InvalidZonalDeploymentConfigurationException
	if config == nil {
		return rule{}
	}
	return rule{format: func() error {
		if platform != codedeploy.ComputePlatformServer {
			return code.Errorf("zonal configuration should be null for %s deployment configuration", platform)
		}
		for _, seconds := range []*int64{config.FirstZoneMonitorDurationInSeconds, config.MonitorDurationInSeconds} {
			if seconds != nil && *seconds < 0 {
				return code.Errorf("The monitor duration of %d seconds is negative.", *seconds)
			}
		}
		hosts := config.MinimumHealthyHostsPerZone
		if hosts == nil {
			return nil
		}
		if !codedeploy.IsKnown(hosts.Type) {
			return code.Errorf("The type %q of the minimum healthy hosts per zone is not one of %v.", excerpt(string(hosts.Type)), hosts.Type.Values())
		}
		return healthyValue(hosts.Value, hosts.Type == codedeploy.MinimumHealthyHostsPerZoneTypeFleetPercent, code)
	}}
}

func trafficRouting(config *codedeploy.TrafficRoutingConfig, platform codedeploy.ComputePlatform) rule {
	return rule{format: func() error {
		switch server := platform == codedeploy.ComputePlatformServer; {
		case server && config != nil:
			return badRouting("traffic routing configuration should be null for %s deployment configuration", platform)
		case server:
			return nil
		case config == nil:
			return badRouting("traffic routing configuration argument is missing")
		}
		return routingFormat(config)
	}}
}

func badRouting(format string, args ...any) error {
	return codedeploy.InvalidTrafficRoutingConfigurationException.Errorf(format, args...)
}

func routingFormat(config *codedeploy.TrafficRoutingConfig) error {
	canary, linear := config.TimeBasedCanary, config.TimeBasedLinear
	if !codedeploy.IsKnown(config.Type) {
		return badRouting("The traffic routing type %q is not one of %v.", excerpt(string(config.Type)), config.Type.Values())
	}
	wantCanary := config.Type == codedeploy.TrafficRoutingTypeTimeBasedCanary
	wantLinear := config.Type == codedeploy.TrafficRoutingTypeTimeBasedLinear
	switch {
	case wantCanary != (canary != nil):
		return badRouting("timeBasedCanary goes with the traffic routing type TimeBasedCanary and with no other; the type is %s.", config.Type)
	case wantLinear != (linear != nil):
		return badRouting("timeBasedLinear goes with the traffic routing type TimeBasedLinear and with no other; the type is %s.", config.Type)
	case wantCanary:
		return canaryFormat(canary)
	case wantLinear:
		return linearFormat(linear)
	}
	return nil
}

func canaryFormat(canary *codedeploy.TimeBasedCanary) error {
	if !isPercentage(canary.CanaryPercentage) {
		return badRouting("Valid traffic routing percentage is from 1 to %d", maxPercent)
	}
	if !isInterval(canary.CanaryInterval) {
		return badRouting("Canary interval must be between 1 and %d minutes (2 days)", maxShiftMinutes)
	}
	return nil
}

// linearFormat bounds the shift as AWS does: by the whole intervals that fit
// into 100 percent, although the shift itself takes fewer where these divide
// evenly (api.md 5, observed).
func linearFormat(linear *codedeploy.TimeBasedLinear) error {
	if !isPercentage(linear.LinearPercentage) {
		return badRouting("Valid traffic routing percentage is from 1 to %d", maxPercent)
	}
	steps := 100 / *linear.LinearPercentage
	if !isInterval(linear.LinearInterval) || steps**linear.LinearInterval > maxShiftMinutes {
		return badRouting("Linear interval must be between 1 and %d minutes at %d percent, so that the shift takes at most %d minutes (2 days)",
			maxShiftMinutes/steps, *linear.LinearPercentage, maxShiftMinutes)
	}
	return nil
}

func isPercentage(value *int64) bool { return value != nil && *value >= 1 && *value <= maxPercent }

func isInterval(minutes *int64) bool {
	return minutes != nil && *minutes >= 1 && *minutes <= maxShiftMinutes
}
