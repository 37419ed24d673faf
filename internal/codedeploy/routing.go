package codedeploy

import "strconv"

// maxShiftMinutes bounds the duration of a traffic shift: two days (api.md 5).
const maxShiftMinutes = 2880

// ValidateTrafficRouting checks the traffic routing configuration of a
// deployment configuration for a platform (api.md 5): Lambda and ECS need one,
// Server takes none. The error is an *Exception.
func ValidateTrafficRouting(platform ComputePlatform, config *TrafficRoutingConfig) error {
	switch {
	case !IsKnown(platform):
		return InvalidComputePlatformException.Errorf("The compute platform %q is none of Server, Lambda, ECS", platform)
	case platform == ComputePlatformServer && config == nil:
		return nil
	case platform == ComputePlatformServer:
		return badRouting("traffic routing configuration should be null for %s deployment configuration", platform)
	case config == nil:
		return badRouting("traffic routing configuration argument is missing for %s deployment configuration", platform)
	default:
		return checkTrafficRouting(*config)
	}
}

func checkTrafficRouting(config TrafficRoutingConfig) error {
	canary, linear := config.TimeBasedCanary, config.TimeBasedLinear
	switch config.Type {
	case TrafficRoutingTypeAllAtOnce:
		if canary != nil || linear != nil {
			return badRouting("Traffic routing type AllAtOnce takes neither timeBasedCanary nor timeBasedLinear")
		}
		return nil
	case TrafficRoutingTypeTimeBasedCanary:
		if canary == nil || linear != nil {
			return badRouting("Traffic routing type TimeBasedCanary needs timeBasedCanary and nothing else")
		}
		return checkCanary(*canary)
	case TrafficRoutingTypeTimeBasedLinear:
		if linear == nil || canary != nil {
			return badRouting("Traffic routing type TimeBasedLinear needs timeBasedLinear and nothing else")
		}
		return checkLinear(*linear)
	default:
		return badRouting("The traffic routing type %q is none of TimeBasedCanary, TimeBasedLinear, AllAtOnce", config.Type)
	}
}

func checkCanary(canary TimeBasedCanary) error {
	if err := checkPercentage("canaryPercentage", canary.CanaryPercentage); err != nil {
		return err
	}
	if !within(canary.CanaryInterval, 1, maxShiftMinutes) {
		return badRouting("Canary interval must be between 1 and %d minutes (2 days); canaryInterval is %s",
			maxShiftMinutes, shown(canary.CanaryInterval))
	}
	return nil
}

// checkLinear applies AWS's own arithmetic for the limit, floor(100/p) times
// the interval, although the shift itself takes one interval less where p
// divides 100.
func checkLinear(linear TimeBasedLinear) error {
	if err := checkPercentage("linearPercentage", linear.LinearPercentage); err != nil {
		return err
	}
	longest := maxShiftMinutes / (100 / *linear.LinearPercentage)
	if !within(linear.LinearInterval, 1, longest) {
		return badRouting("Linear interval must be between 1 and %d minutes for %d percent, "+
			"so that the shift takes at most %d minutes (2 days); linearInterval is %s",
			longest, *linear.LinearPercentage, maxShiftMinutes, shown(linear.LinearInterval))
	}
	return nil
}

func checkPercentage(member string, percentage *int64) error {
	if !within(percentage, 1, 99) {
		return badRouting("Valid traffic routing percentage is from 1 to 99; %s is %s", member, shown(percentage))
	}
	return nil
}

func within(number *int64, low, high int64) bool {
	return number != nil && *number >= low && *number <= high
}

// shown names a number in a message.
func shown(number *int64) string {
	if number == nil {
		return "missing"
	}
	return strconv.FormatInt(*number, 10)
}

func badRouting(format string, a ...any) error {
	return InvalidTrafficRoutingConfigurationException.Errorf(format, a...)
}
