package codedeploy

import "time"

// Step is one shift of traffic to the new version.
type Step struct {
	Percent int           // share of the new version after the step, 1 to 100
	After   time.Duration // wait since the previous step; 0 on the first
}

// Schedule returns the steps of a traffic routing configuration (lambda.md 4.3).
// They rise strictly and end at 100 percent, after which there is no wait. A
// configuration that CreateDeploymentConfig would refuse is an
// InvalidTrafficRoutingConfigurationException.
func Schedule(config TrafficRoutingConfig) ([]Step, error) {
	if err := checkTrafficRouting(config); err != nil {
		return nil, err
	}
	switch config.Type {
	case TrafficRoutingTypeTimeBasedCanary:
		canary := config.TimeBasedCanary
		return []Step{
			{Percent: int(*canary.CanaryPercentage)},
			{Percent: 100, After: minutes(*canary.CanaryInterval)},
		}, nil
	case TrafficRoutingTypeTimeBasedLinear:
		linear := config.TimeBasedLinear
		return linearSteps(int(*linear.LinearPercentage), minutes(*linear.LinearInterval)), nil
	default:
		return []Step{{Percent: 100}}, nil
	}
}

// linearSteps rises by percent every interval; where percent does not divide
// 100 the last step is smaller.
func linearSteps(percent int, interval time.Duration) []Step {
	steps := []Step{{Percent: percent}}
	for shifted := percent; shifted < 100; {
		shifted = min(shifted+percent, 100)
		steps = append(steps, Step{Percent: shifted, After: interval})
	}
	return steps
}

func minutes(n int64) time.Duration { return time.Duration(n) * time.Minute }

// Weight returns a percentage as the fraction that Lambda takes. One division
// of integers gives the number nearest to the decimal text, so that 30 percent
// is written 0.3 and not 0.30000000000000004.
func Weight(percent int) Double { return Double(float64(percent) / 100) }
