package api_test

import (
	"fmt"
	"strings"
	"testing"

	"greenlight/internal/codedeploy"
)

const (
	badTrigger        = codedeploy.InvalidTriggerConfigException
	onlyStyleOfLambda = "For LAMBDA deployment, the deployment type must be BLUE_GREEN, and deployment option must be WITH_TRAFFIC_CONTROL."

	atOnce       = `"trafficRoutingConfig":{"type":"AllAtOnce"}`
	lambdaAtOnce = `"computePlatform":"Lambda",` + atOnce
	ecsAtOnce    = `"computePlatform":"ECS",` + atOnce
	goOn         = `"deploymentReadyOption":{"actionOnTimeout":"CONTINUE_DEPLOYMENT"}`
)

// TestObservedRules has a fresh server for every case: none may live on what
// another one left.
func TestObservedRules(t *testing.T) {
	for rule, cases := range observedRules {
		for i, r := range cases {
			t.Run(fmt.Sprintf("%s/%d", rule, i), func(t *testing.T) {
				c := newIdleClient(t)
				c.applications(t)
				operation, application, _ := strings.Cut(r.name, " ")
				body := r.body
				switch operation {
				case "CreateDeploymentConfig":
					body = with(t, `{"deploymentConfigName":"x"}`, body)
				case "CreateDeploymentGroup":
					c.ok(t, "CreateDeploymentConfig", `{"deploymentConfigName":"of-lambda",`+lambdaAtOnce+`}`)
					c.ok(t, "CreateDeploymentConfig", `{"deploymentConfigName":"of-server",`+hosts("HOST_COUNT", "1")+`}`)
					body = groupOf(t, application, body)
				case "CreateDeployment":
					c.ok(t, "CreateDeploymentGroup", groupOf(t, application, `{}`))
				}
				if r.want == "" {
					c.ok(t, operation, body)
					return
				}
				r.check(t, c, operation, body)
			})
		}
	}
}

func aConfig(members string, want codedeploy.ExceptionCode, says string) refusal {
	return refusal{"CreateDeploymentConfig", `{` + members + `}`, want, says}
}

// aGroup is a good group of the application with changes.
func aGroup(application, changes string, want codedeploy.ExceptionCode, says string) refusal {
	return refusal{"CreateDeploymentGroup " + application, changes, want, says}
}

func aRelease(application, revision string, want codedeploy.ExceptionCode, says string) refusal {
	return refusal{"CreateDeployment " + application,
		`{"applicationName":"` + application + `","deploymentGroupName":"g","revision":` + revision + `}`, want, says}
}

func hosts(kind, value string) string {
	return `"minimumHealthyHosts":{"type":"` + kind + `","value":` + value + `}`
}

// shift is a configuration for Lambda of a type with settings.
func shift(kind, settings string) string {
	return `"computePlatform":"Lambda","trafficRoutingConfig":{"type":"` + kind + `"` + settings + `}`
}

func canaryOf(percent, minutes string) string {
	return `,"timeBasedCanary":{"canaryPercentage":` + percent + `,"canaryInterval":` + minutes + `}`
}

func linearOf(percent, minutes string) string {
	return `,"timeBasedLinear":{"linearPercentage":` + percent + `,"linearInterval":` + minutes + `}`
}

func keepBlue(minutes string) string {
	return `"terminateBlueInstancesOnDeploymentSuccess":{"action":"KEEP_ALIVE","terminationWaitTimeInMinutes":` + minutes + `}`
}

func readyAfter(action, minutes string) string {
	return colors(`"actionOnTimeout":"`+action+`","waitTimeInMinutes":`+minutes, `"action":"KEEP_ALIVE"`)
}

func targetGroup(name string) string {
	return `{"loadBalancerInfo":{"targetGroupInfoList":[{"name":"` + name + `"}]}}`
}

// twoTriggers are given as name and topic of each.
func twoTriggers(name, topic, otherName, otherTopic string) string {
	return `{"triggerConfigurations":[` + triggerTo(name, topic) + `,` + triggerTo(otherName, otherTopic) + `]}`
}

func triggerTo(name, topic string) string {
	return `{"triggerName":"` + name + `","triggerTargetArn":"arn:aws:sns:eu-west-1:111122223333:` + topic + `","triggerEvents":["DeploymentSuccess"]}`
}

func manyTriggers(n int) string {
	return `{"triggerConfigurations":` + repeat(n, triggerTo("t%[1]d", "t%[1]d")) + `}`
}
