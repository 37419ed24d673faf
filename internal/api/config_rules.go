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

func isCustomName(text string) bool { return !strings.HasPrefix(text, codedeploy.PredefinedPrefix) }

// platformOf is the platform that the request is for.
func platformOf(r *request) codedeploy.ComputePlatform {
	return platformOr(given[codedeploy.ComputePlatform](r, "computePlatform"))
}

func healthyHosts(r *request, m *member, hosts *codedeploy.MinimumHealthyHosts) error {
	platform := platformOf(r)
	switch server := platform == codedeploy.ComputePlatformServer; {
	case !server && hosts != nil:
		return m.bad("minimum healthy hosts should be null for %s deployment configuration: %s was given", platform, m.called())
	case !server:
		return nil
	case hosts == nil:
		return m.bad("minimum healthy hosts argument is missing: %s must be specified", m.called())
	}
	return healthyValue(m, "value", *hosts.Value, hosts.Type == codedeploy.MinimumHealthyHostsTypeFleetPercent)
}

// healthyValue judges a number, or percentage, of hosts that must stay healthy.
func healthyValue(m *member, part string, value int64, percent bool) error {
	switch {
	case value < 0:
		return m.bad("The %s.%s %d is negative.", m.called(), part, value)
	case percent && value > maxPercent:
		return m.bad("The %s.%s %d is too high: a fleet percentage is from 0 to %d.", m.called(), part, value, maxPercent)
	}
	return nil
}

func zones(r *request, m *member, config *codedeploy.ZonalConfig) error {
	if config == nil {
		return nil
	}
	if platform := platformOf(r); platform != codedeploy.ComputePlatformServer {
		return m.bad("Zonal deployments are only supported with EC2 deployments: %s was given on the compute platform %s", m.called(), platform)
	}
	for _, seconds := range []*int64{config.FirstZoneMonitorDurationInSeconds, config.MonitorDurationInSeconds} {
		if seconds != nil && *seconds < 0 {
			return m.bad("A monitor duration of %d seconds in %s is negative.", *seconds, m.called())
		}
	}
	if hosts := config.MinimumHealthyHostsPerZone; hosts != nil {
		return healthyValue(m, "minimumHealthyHostsPerZone.value", *hosts.Value, hosts.Type == codedeploy.MinimumHealthyHostsPerZoneTypeFleetPercent)
	}
	return nil
}

func routing(r *request, m *member, config *codedeploy.TrafficRoutingConfig) error {
	platform := platformOf(r)
	switch server := platform == codedeploy.ComputePlatformServer; {
	case server && config != nil:
		return m.bad("Traffic routing configuration should be null for %s deployment configuration: %s was given", platform, m.called())
	case server:
		return nil
	case config == nil:
		return m.bad("Traffic routing configuration cannot be null nor empty for deployment configurations on this platform: %s must be specified", m.called())
	}
	return routingFormat(m, config)
}

func routingFormat(m *member, config *codedeploy.TrafficRoutingConfig) error {
	canary, linear := config.TimeBasedCanary, config.TimeBasedLinear
	wantCanary := config.Type == codedeploy.TrafficRoutingTypeTimeBasedCanary
	wantLinear := config.Type == codedeploy.TrafficRoutingTypeTimeBasedLinear
	switch {
	case wantCanary != (canary != nil):
		return m.bad("timeBasedCanary goes with the traffic routing type TimeBasedCanary and with no other; the type is %s.", config.Type)
	case wantLinear != (linear != nil):
		return m.bad("timeBasedLinear goes with the traffic routing type TimeBasedLinear and with no other; the type is %s.", config.Type)
	case wantCanary:
		return canaryFormat(m, canary)
	case wantLinear:
		return linearFormat(m, linear)
	}
	return nil
}

func canaryFormat(m *member, canary *codedeploy.TimeBasedCanary) error {
	if !isPercentage(canary.CanaryPercentage) {
		return m.bad("Valid traffic routing percentage is from 1 to %d: see %s", maxPercent, m.called())
	}
	if !isInterval(canary.CanaryInterval) {
		return m.bad("Canary interval must be between 1 and %d minutes (2 days): see %s", maxShiftMinutes, m.called())
	}
	return nil
}

// linearFormat bounds the shift as AWS does: by the whole intervals that fit
// into 100 percent, although the shift itself takes fewer where these divide
// evenly (api.md 5, observed).
func linearFormat(m *member, linear *codedeploy.TimeBasedLinear) error {
	if !isPercentage(linear.LinearPercentage) {
		return m.bad("Valid traffic routing percentage is from 1 to %d: see %s", maxPercent, m.called())
	}
	steps := 100 / *linear.LinearPercentage
	if !isInterval(linear.LinearInterval) || steps**linear.LinearInterval > maxShiftMinutes {
		return m.bad("Linear interval must be between 1 and %d minutes at %d percent, so that the shift takes at most %d minutes (2 days): see %s",
			maxShiftMinutes/steps, *linear.LinearPercentage, maxShiftMinutes, m.called())
	}
	return nil
}

func isPercentage(value *int64) bool { return *value >= 1 && *value <= maxPercent }

func isInterval(minutes *int64) bool {
	return *minutes >= 1 && *minutes <= maxShiftMinutes
}
