package codedeploy

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestSchedule(t *testing.T) {
	const minute = time.Minute
	for _, test := range []struct {
		name   string
		config *TrafficRoutingConfig
		want   []Step
	}{
		{"AllAtOnce", allAtOnce(), []Step{{100, 0}}},
		{"canary 10 percent 5 minutes", canary(10, 5)(), []Step{{10, 0}, {100, 5 * minute}}},
		{"linear 50 percent", linear(50, 3)(), []Step{{50, 0}, {100, 3 * minute}}},
		{"linear 30 percent leaves a smaller last step", linear(30, 2)(),
			[]Step{{30, 0}, {60, 2 * minute}, {90, 2 * minute}, {100, 2 * minute}}},
		{"linear 99 percent", linear(99, 1)(), []Step{{99, 0}, {100, minute}}},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, err := Schedule(*test.config)
			if err != nil || !slices.Equal(got, test.want) {
				t.Errorf("got %v, %v, want %v", got, err, test.want)
			}
		})
	}
}

func TestScheduleOfEveryPredefinedConfiguration(t *testing.T) {
	shifts := map[string]time.Duration{ // lambda.md section 1
		"LambdaAllAtOnce":                0,
		"LambdaCanary10Percent5Minutes":  5 * time.Minute,
		"LambdaCanary10Percent10Minutes": 10 * time.Minute, "LambdaCanary10Percent15Minutes": 15 * time.Minute,
		"LambdaCanary10Percent30Minutes":     30 * time.Minute,
		"LambdaLinear10PercentEvery1Minute":  9 * time.Minute,
		"LambdaLinear10PercentEvery2Minutes": 18 * time.Minute, "LambdaLinear10PercentEvery3Minutes": 27 * time.Minute,
		"LambdaLinear10PercentEvery10Minutes": 90 * time.Minute,
		"ECSAllAtOnce":                        0, "ECSCanary10Percent5Minutes": 5 * time.Minute, "ECSCanary10Percent15Minutes": 15 * time.Minute,
		"ECSLinear10PercentEvery1Minutes": 9 * time.Minute, "ECSLinear10PercentEvery3Minutes": 27 * time.Minute,
	}
	for name, want := range shifts {
		info, ok := Predefined(PredefinedPrefix + name)
		if !ok {
			t.Errorf("%s is missing", name)
			continue
		}
		steps, err := Schedule(*info.TrafficRoutingConfig)
		if err != nil || duration(steps) != want {
			t.Errorf("%s takes %s, %v, want %s", name, duration(steps), err, want)
		}
	}
}

func duration(steps []Step) time.Duration {
	var total time.Duration
	for _, step := range steps {
		total += step.After
	}
	return total
}

func TestScheduleOfAnyLinearConfiguration(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		percent := rapid.Int64Range(1, 99).Draw(t, "percent")
		interval := rapid.Int64Range(1, maxShiftMinutes/(100/percent)).Draw(t, "interval")
		steps, err := Schedule(*linear(percent, interval)())
		if err != nil {
			t.Fatal(err)
		}
		if want := int((100 + percent - 1) / percent); len(steps) != want {
			t.Fatalf("%d steps, want ceil(100/%d) = %d", len(steps), percent, want)
		}
		if want := time.Duration(len(steps)-1) * minutes(interval); duration(steps) != want {
			t.Fatalf("takes %s, want %s", duration(steps), want)
		}
		checkSteps(t, steps, int(percent))
	})
}

func TestScheduleOfAnyCanaryConfiguration(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		percent := rapid.Int64Range(1, 99).Draw(t, "percent")
		interval := rapid.Int64Range(1, maxShiftMinutes).Draw(t, "interval")
		steps, err := Schedule(*canary(percent, interval)())
		if err != nil || len(steps) != 2 || duration(steps) != minutes(interval) {
			t.Fatalf("got %v, %v", steps, err)
		}
		checkSteps(t, steps, int(percent))
	})
}

// checkSteps holds what every schedule keeps: it starts at once with the first
// share, waits before each further step, rises, and ends at 100 percent; only
// the last step may be smaller than the first.
func checkSteps(t *rapid.T, steps []Step, first int) {
	if steps[0] != (Step{Percent: first}) {
		t.Fatalf("begins with %+v", steps[0])
	}
	for i := 1; i < len(steps); i++ {
		rise := steps[i].Percent - steps[i-1].Percent
		last := i == len(steps)-1
		if rise <= 0 || steps[i].After <= 0 || (!last && rise != first) {
			t.Fatalf("step %d of %v", i, steps)
		}
	}
	if last := steps[len(steps)-1].Percent; last != 100 {
		t.Fatalf("ends at %d", last)
	}
}

func TestScheduleRefusesWhatIsNoConfiguration(t *testing.T) {
	for _, config := range []*TrafficRoutingConfig{{}, canary(0, 5)(), linear(10, 0)()} {
		if steps, err := Schedule(*config); CodeOf(err) != InvalidTrafficRoutingConfigurationException || steps != nil {
			t.Errorf("got %v, %v", steps, err)
		}
	}
}

func TestWeightIsTheDecimalNumber(t *testing.T) {
	for percent := range 101 {
		text, err := json.Marshal(Weight(percent))
		if err != nil || len(text) > len("0.99") {
			t.Errorf("%d percent is written %s, %v", percent, text, err)
		}
	}
	for percent, want := range map[int]string{30: "0.3", 7: "0.07", 58: "0.58", 100: "1.0", 0: "0.0"} {
		if text, err := json.Marshal(Weight(percent)); err != nil || string(text) != want {
			t.Errorf("%d percent is written %s, %v, want %s", percent, text, err, want)
		}
	}
}

func TestTrafficRoutingLimits(t *testing.T) {
	const lambda, ecs = ComputePlatformLambda, ComputePlatformECS
	const percentage = "Valid traffic routing percentage is from 1 to 99"
	const interval = "Canary interval must be between 1 and 2880 minutes (2 days)"
	both := canary(10, 5)()
	both.TimeBasedLinear = linear(10, 1)().TimeBasedLinear
	for _, test := range []struct {
		name     string
		platform ComputePlatform
		config   *TrafficRoutingConfig
		want     string // part of the message; empty: accepted
	}{
		{"AllAtOnce", lambda, allAtOnce(), ""},
		{"canary up to two days", ecs, canary(99, 2880)(), ""},
		{"canary over two days", ecs, canary(99, 2881)(), interval},
		{"canary without wait", lambda, canary(10, 0)(), interval},
		{"canary without interval", lambda, &TrafficRoutingConfig{Type: "TimeBasedCanary",
			TimeBasedCanary: &TimeBasedCanary{CanaryPercentage: new(int64(10))}}, "canaryInterval is missing"},
		{"canary 0 percent", lambda, canary(0, 5)(), percentage},
		{"canary 100 percent", lambda, canary(100, 5)(), percentage},
		{"canary without percentage", lambda, &TrafficRoutingConfig{Type: "TimeBasedCanary",
			TimeBasedCanary: &TimeBasedCanary{CanaryInterval: new(int64(5))}}, "canaryPercentage is missing"},
		{"linear 99 percent 2880 minutes", lambda, linear(99, 2880)(), ""},
		{"linear 99 percent 2881 minutes", lambda, linear(99, 2881)(), "between 1 and 2880 minutes"},
		{"linear 50 percent 1440 minutes", lambda, linear(50, 1440)(), ""},
		{"linear 50 percent 1441 minutes", lambda, linear(50, 1441)(), "between 1 and 1440 minutes"},
		{"linear 33 percent 960 minutes", ecs, linear(33, 960)(), ""},
		{"linear 33 percent 961 minutes", ecs, linear(33, 961)(), "between 1 and 960 minutes"},
		{"linear 10 percent 288 minutes", ecs, linear(10, 288)(), ""},
		{"linear 10 percent 289 minutes", ecs, linear(10, 289)(), "between 1 and 288 minutes"},
		{"linear 1 percent 28 minutes", ecs, linear(1, 28)(), ""},
		{"linear 1 percent 29 minutes", ecs, linear(1, 29)(), "linearInterval is 29"},
		{"linear without wait", ecs, linear(10, 0)(), "linearInterval is 0"},
		{"linear with a huge wait", ecs, linear(10, 1<<62)(), "linearInterval is 4611686018427387904"},
		{"linear 0 percent", ecs, linear(0, 1)(), percentage},
		{"linear -1 percent", ecs, linear(-1, 1)(), percentage + "; linearPercentage is -1"},
		{"two sub-objects", lambda, both, "nothing else"},
		{"canary without sub-object", lambda, &TrafficRoutingConfig{Type: "TimeBasedCanary"}, "needs timeBasedCanary"},
		{"linear without sub-object", lambda, &TrafficRoutingConfig{Type: "TimeBasedLinear"}, "needs timeBasedLinear"},
		{"AllAtOnce with a sub-object", lambda, &TrafficRoutingConfig{Type: "AllAtOnce", TimeBasedCanary: both.TimeBasedCanary}, "neither"},
		{"unknown type", lambda, &TrafficRoutingConfig{Type: "allatonce"}, `"allatonce"`},
		{"no type", lambda, &TrafficRoutingConfig{}, `""`},
		{"Lambda without configuration", lambda, nil, "missing for Lambda"},
		{"ECS without configuration", ecs, nil, "missing for ECS"},
		{"Server without configuration", ComputePlatformServer, nil, ""},
		{"Server with configuration", ComputePlatformServer, allAtOnce(), "should be null for Server"},
	} {
		t.Run(test.name, func(t *testing.T) {
			err := ValidateTrafficRouting(test.platform, test.config)
			if test.want == "" {
				if err != nil {
					t.Errorf("refused: %v", err)
				}
				return
			}
			if CodeOf(err) != InvalidTrafficRoutingConfigurationException || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want %q in it", err, test.want)
			}
		})
	}
}

func TestTrafficRoutingOfAnUnknownPlatform(t *testing.T) {
	if err := ValidateTrafficRouting("Kubernetes", nil); CodeOf(err) != InvalidComputePlatformException {
		t.Errorf("got %v", err)
	}
}
