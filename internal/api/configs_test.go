package api_test

import (
	"strconv"
	"testing"
	"time"

	"greenlight/internal/api"
	"greenlight/internal/codedeploy"
	"greenlight/internal/store"
)

func TestCreateDeploymentConfigThenGet(t *testing.T) {
	c := newClient(t)
	for name, settings := range map[string]string{
		"Server host count": `{"computePlatform":"Server","minimumHealthyHosts":{"type":"HOST_COUNT","value":0}}`,
		"Server percentage": `{"computePlatform":"Server","minimumHealthyHosts":{"type":"FLEET_PERCENT","value":99}}`,
		"Server zonal": `{"computePlatform":"Server","minimumHealthyHosts":{"type":"HOST_COUNT","value":1},
			"zonalConfig":{"firstZoneMonitorDurationInSeconds":0,"monitorDurationInSeconds":60,"minimumHealthyHostsPerZone":{"type":"FLEET_PERCENT","value":99}}}`,
		"Server zonal with the default of hosts": `{"computePlatform":"Server","minimumHealthyHosts":{"type":"HOST_COUNT","value":1},"zonalConfig":{"monitorDurationInSeconds":1}}`,
		"Lambda at once":                         `{"computePlatform":"Lambda","trafficRoutingConfig":{"type":"AllAtOnce"}}`,
		"Lambda canary":                          `{"computePlatform":"Lambda","trafficRoutingConfig":{"type":"TimeBasedCanary","timeBasedCanary":{"canaryPercentage":10,"canaryInterval":3}}}`,
		"ECS linear":                             `{"computePlatform":"ECS","trafficRoutingConfig":{"type":"TimeBasedLinear","timeBasedLinear":{"linearPercentage":50,"linearInterval":10}}}`,
		"longest canary":                         `{"computePlatform":"ECS","trafficRoutingConfig":{"type":"TimeBasedCanary","timeBasedCanary":{"canaryPercentage":99,"canaryInterval":2880}}}`,
	} {
		t.Run(name, func(t *testing.T) {
			id := c.ok(t, "CreateDeploymentConfig", with(t, settings, `{"deploymentConfigName":"x"}`))["deploymentConfigId"].(string)
			info := c.ok(t, "GetDeploymentConfig", `{"deploymentConfigName":"x"}`)["deploymentConfigInfo"].(object)
			if created, _ := info["createTime"].(float64); created < 1.7e9 {
				t.Errorf("createTime is %v, not epoch seconds", info["createTime"])
			}
			delete(info, "createTime")
			equal(t, info, with(t, settings, `{"deploymentConfigName":"x","deploymentConfigId":`+quoted(id)+`}`))
			c.ok(t, "DeleteDeploymentConfig", `{"deploymentConfigName":"x"}`)
		})
	}
}

func TestDeploymentConfigIsForServerByDefault(t *testing.T) {
	c := newClient(t)
	c.ok(t, "CreateDeploymentConfig", `{"deploymentConfigName":"x","minimumHealthyHosts":{"type":"HOST_COUNT","value":1}}`)
	info := c.ok(t, "GetDeploymentConfig", `{"deploymentConfigName":"x"}`)["deploymentConfigInfo"].(object)
	if info["computePlatform"] != "Server" {
		t.Errorf("the default platform is %v, want Server", info["computePlatform"])
	}
}

func TestPredefinedConfigsAreReadable(t *testing.T) {
	c := newClient(t)
	info := c.ok(t, "GetDeploymentConfig", `{"deploymentConfigName":"CodeDeployDefault.LambdaCanary10Percent5Minutes"}`)["deploymentConfigInfo"].(object)
	delete(info, "createTime")
	equal(t, info, `{"deploymentConfigId":"00000000-0000-0000-0000-000000000005","deploymentConfigName":"CodeDeployDefault.LambdaCanary10Percent5Minutes",
		"computePlatform":"Lambda","trafficRoutingConfig":{"type":"TimeBasedCanary","timeBasedCanary":{"canaryPercentage":10,"canaryInterval":5}}}`)
}

const (
	badHosts   = codedeploy.InvalidMinimumHealthyHostValueException
	badRouting = codedeploy.InvalidTrafficRoutingConfigurationException
	badZonal   = codedeploy.InvalidZonalDeploymentConfigurationException
)

func TestCreateDeploymentConfigRefusals(t *testing.T) {
	c := newClient(t)
	c.ok(t, "CreateDeploymentConfig", `{"deploymentConfigName":"taken","minimumHealthyHosts":{"type":"HOST_COUNT","value":1}}`)
	for _, r := range []refusal{
		{body: `{}`, want: codedeploy.DeploymentConfigNameRequiredException},
		{body: `{"deploymentConfigName":"a b","computePlatform":"x"}`, want: codedeploy.InvalidDeploymentConfigNameException},
		{body: `{"deploymentConfigName":"CodeDeployDefault.Mine","computePlatform":"x"}`, want: codedeploy.InvalidDeploymentConfigNameException, says: "reserved"},
		{body: `{"deploymentConfigName":"x","computePlatform":"ecs","trafficRoutingConfig":{}}`, want: codedeploy.InvalidComputePlatformException},
		{body: `{"deploymentConfigName":"x","computePlatform":"ECS","minimumHealthyHosts":{},"trafficRoutingConfig":{}}`, want: badHosts},
		{body: `{"deploymentConfigName":"x","computePlatform":"ECS","trafficRoutingConfig":{},"zonalConfig":{}}`, want: badRouting},
		{body: `{"deploymentConfigName":"taken","computePlatform":"ECS","trafficRoutingConfig":{"type":"AllAtOnce"},"zonalConfig":{}}`, want: badZonal},
		{body: `{"deploymentConfigName":"taken","computePlatform":"ECS","trafficRoutingConfig":{"type":"AllAtOnce"}}`, want: codedeploy.DeploymentConfigAlreadyExistsException},
	} {
		t.Run(string(r.want), func(t *testing.T) { r.check(t, c, "CreateDeploymentConfig", r.body) })
	}
	for _, r := range []refusal{
		{name: "no hosts", body: `{}`, want: badHosts, says: "minimum healthy hosts argument is missing"},
		{name: "no type", body: `{"minimumHealthyHosts":{"value":1}}`, want: badHosts},
		{name: "most concurrency", body: `{"minimumHealthyHosts":{"type":"MOST_CONCURRENCY","value":1}}`, want: badHosts},
		{name: "no value", body: `{"minimumHealthyHosts":{"type":"HOST_COUNT"}}`, want: badHosts},
		{name: "negative count", body: `{"minimumHealthyHosts":{"type":"HOST_COUNT","value":-1}}`, want: badHosts, says: "-1"},
		{name: "100 percent", body: `{"minimumHealthyHosts":{"type":"FLEET_PERCENT","value":100}}`, want: badHosts, says: "100"},
		{name: "routing on Server", body: `{"minimumHealthyHosts":{"type":"HOST_COUNT","value":1},"trafficRoutingConfig":{"type":"AllAtOnce"}}`, want: badRouting},
		{name: "negative monitor", body: `{"minimumHealthyHosts":{"type":"HOST_COUNT","value":1},"zonalConfig":{"monitorDurationInSeconds":-1}}`, want: badZonal},
		{name: "negative first monitor", body: `{"minimumHealthyHosts":{"type":"HOST_COUNT","value":1},"zonalConfig":{"firstZoneMonitorDurationInSeconds":-1}}`, want: badZonal},
		{name: "zone type", body: `{"minimumHealthyHosts":{"type":"HOST_COUNT","value":1},"zonalConfig":{"minimumHealthyHostsPerZone":{"type":"X","value":1}}}`, want: badZonal},
		{name: "zone of 100 percent", body: `{"minimumHealthyHosts":{"type":"HOST_COUNT","value":1},"zonalConfig":{"minimumHealthyHostsPerZone":{"type":"FLEET_PERCENT","value":100}}}`, want: badZonal},
	} {
		t.Run(r.name, func(t *testing.T) {
			r.check(t, c, "CreateDeploymentConfig", with(t, r.body, `{"deploymentConfigName":"x"}`))
		})
	}
}

func TestTrafficRoutingRefusals(t *testing.T) {
	c := newClient(t)
	for _, r := range []refusal{
		{name: "missing", body: `null`},
		{name: "hosts", body: `{"type":"AllAtOnce"},"minimumHealthyHosts":{"type":"HOST_COUNT","value":1}`, want: badHosts,
			says: "minimum healthy hosts should be null for Lambda deployment configuration"},
		{name: "zonal", body: `{"type":"AllAtOnce"},"zonalConfig":{"monitorDurationInSeconds":1}`, want: badZonal},
		{name: "no type", body: `{}`},
		{name: "unknown type", body: `{"type":"allAtOnce"}`},
		{name: "AllAtOnce with canary", body: `{"type":"AllAtOnce","timeBasedCanary":{"canaryPercentage":1,"canaryInterval":1}}`},
		{name: "AllAtOnce with linear", body: `{"type":"AllAtOnce","timeBasedLinear":{"linearPercentage":1,"linearInterval":1}}`},
		{name: "canary without settings", body: `{"type":"TimeBasedCanary"}`},
		{name: "canary with both", body: `{"type":"TimeBasedCanary","timeBasedCanary":{"canaryPercentage":1,"canaryInterval":1},"timeBasedLinear":{"linearPercentage":1,"linearInterval":1}}`},
		{name: "linear with canary settings", body: `{"type":"TimeBasedLinear","timeBasedCanary":{"canaryPercentage":1,"canaryInterval":1}}`},
		{name: "canary without percentage", body: `{"type":"TimeBasedCanary","timeBasedCanary":{"canaryInterval":1}}`, says: "canaryPercentage"},
		{name: "canary of 0 percent", body: `{"type":"TimeBasedCanary","timeBasedCanary":{"canaryPercentage":0,"canaryInterval":1}}`, says: "from 1 to 99"},
		{name: "canary of 100 percent", body: `{"type":"TimeBasedCanary","timeBasedCanary":{"canaryPercentage":100,"canaryInterval":1}}`, says: "Valid traffic routing percentage is from 1 to 99"},
		{name: "canary without interval", body: `{"type":"TimeBasedCanary","timeBasedCanary":{"canaryPercentage":10}}`},
		{name: "canary of 0 minutes", body: `{"type":"TimeBasedCanary","timeBasedCanary":{"canaryPercentage":10,"canaryInterval":0}}`},
		{name: "canary of 2881 minutes", body: `{"type":"TimeBasedCanary","timeBasedCanary":{"canaryPercentage":10,"canaryInterval":2881}}`,
			says: "Canary interval must be between 1 and 2880 minutes (2 days)"},
		{name: "linear of 0 percent", body: `{"type":"TimeBasedLinear","timeBasedLinear":{"linearPercentage":0,"linearInterval":1}}`},
		{name: "linear without interval", body: `{"type":"TimeBasedLinear","timeBasedLinear":{"linearPercentage":50}}`},
		{name: "linear beyond all numbers", body: `{"type":"TimeBasedLinear","timeBasedLinear":{"linearPercentage":1,"linearInterval":9223372036854775807}}`},
	} {
		t.Run(r.name, func(t *testing.T) {
			if r.want == "" {
				r.want = badRouting
			}
			r.check(t, c, "CreateDeploymentConfig", `{"deploymentConfigName":"x","computePlatform":"Lambda","trafficRoutingConfig":`+r.body+`}`)
		})
	}
}

// TestLinearShiftLimit is the arithmetic of api.md 5: floor(100/p) intervals
// in 2880 minutes, a minute more on any is too many.
func TestLinearShiftLimit(t *testing.T) {
	c := newClient(t)
	for percent, longest := range map[string]int{"99": 2880, "50": 1440, "33": 960, "10": 288, "1": 28} {
		t.Run(percent+" percent", func(t *testing.T) {
			body := func(name string, interval int) string {
				return `{"deploymentConfigName":"` + name + `","computePlatform":"ECS","trafficRoutingConfig":{"type":"TimeBasedLinear",
					"timeBasedLinear":{"linearPercentage":` + percent + `,"linearInterval":` + strconv.Itoa(interval) + `}}}`
			}
			c.ok(t, "CreateDeploymentConfig", body("longest-"+percent, longest))
			c.refused(t, "CreateDeploymentConfig", body("longer", longest+1), badRouting)
		})
	}
}

func TestDeploymentConfigLimit(t *testing.T) {
	c := newHarness(t, api.Quotas{DeploymentConfigs: 1}).client()
	const body = `{"minimumHealthyHosts":{"type":"HOST_COUNT","value":1}}`
	c.ok(t, "CreateDeploymentConfig", with(t, body, `{"deploymentConfigName":"a"}`))
	c.refused(t, "CreateDeploymentConfig", with(t, body, `{"deploymentConfigName":"b"}`), codedeploy.DeploymentConfigLimitExceededException)
	c.refused(t, "CreateDeploymentConfig", with(t, body, `{"deploymentConfigName":"a"}`), codedeploy.DeploymentConfigAlreadyExistsException)
	c.refused(t, "GetDeploymentConfig", `{"deploymentConfigName":"b"}`, codedeploy.DeploymentConfigDoesNotExistException)
}

func TestDeploymentConfigOperationsRefuse(t *testing.T) {
	c := newClient(t)
	for operation, refusals := range map[string][]refusal{
		"GetDeploymentConfig": {
			{body: `{}`, want: codedeploy.DeploymentConfigNameRequiredException},
			{body: `{"deploymentConfigName":"a/b"}`, want: codedeploy.InvalidDeploymentConfigNameException},
			{body: `{"deploymentConfigName":"none"}`, want: codedeploy.DeploymentConfigDoesNotExistException, says: "none"},
		},
		"DeleteDeploymentConfig": {
			{body: `{}`, want: codedeploy.DeploymentConfigNameRequiredException},
			{body: `{"deploymentConfigName":"a/b"}`, want: codedeploy.InvalidDeploymentConfigNameException},
			{body: `{"deploymentConfigName":"CodeDeployDefault.OneAtATime"}`, want: codedeploy.InvalidOperationException},
		},
		"ListDeploymentConfigs": {
			{body: `{"nextToken":"AAAA"}`, want: codedeploy.InvalidNextTokenException},
		},
	} {
		for _, r := range refusals {
			t.Run(operation+" "+string(r.want), func(t *testing.T) { r.check(t, c, operation, r.body) })
		}
	}
}

func TestDeleteDeploymentConfigWaitsUntilNobodyUsesIt(t *testing.T) {
	c := newClient(t)
	c.ok(t, "CreateDeploymentConfig", `{"deploymentConfigName":"x","computePlatform":"Lambda","trafficRoutingConfig":{"type":"AllAtOnce"}}`)
	c.ok(t, "CreateApplication", `{"applicationName":"a","computePlatform":"Lambda"}`)
	c.ok(t, "CreateDeploymentGroup", `{"applicationName":"a","deploymentGroupName":"g",`+testRole+`,`+lambdaStyle+`,"deploymentConfigName":"x"}`)
	c.refused(t, "DeleteDeploymentConfig", `{"deploymentConfigName":"x"}`, codedeploy.DeploymentConfigInUseException)
	c.deploy(t, "a", "g", "d-AAAAAAAAA", codedeploy.DeploymentStatusInProgress)
	c.ok(t, "DeleteDeploymentGroup", `{"applicationName":"a","deploymentGroupName":"g"}`)
	c.refused(t, "DeleteDeploymentConfig", `{"deploymentConfigName":"x"}`, codedeploy.DeploymentConfigInUseException)
	c.end(t, "d-AAAAAAAAA")
	for range 2 {
		if answer := c.ok(t, "DeleteDeploymentConfig", `{"deploymentConfigName":"x"}`); answer != nil {
			t.Errorf("DeleteDeploymentConfig answers %v, want an empty body", answer)
		}
	}
	c.refused(t, "GetDeploymentConfig", `{"deploymentConfigName":"x"}`, codedeploy.DeploymentConfigDoesNotExistException)
}

// deploy stores a deployment of the group as the engine would.
func (c client) deploy(t testing.TB, application, group, id string, status codedeploy.DeploymentStatus) {
	t.Helper()
	err := c.store.Tx(t.Context(), func(tx *store.Tx) error {
		app, err := tx.Application(c.scope(), application)
		if err != nil {
			return err
		}
		g, err := tx.Group(app.ID, group)
		if err != nil {
			return err
		}
		d := store.Deployment{
			Scope: c.scope(), ID: id, ApplicationID: app.ID, GroupID: g.ID, RevisionIdentity: "r", Version: 1,
			Snapshot: []byte("{}"), Progress: []byte("{}"),
			Info: codedeploy.DeploymentInfo{
				ApplicationName: app.Name, DeploymentGroupName: g.Name, DeploymentConfigName: g.Info.DeploymentConfigName,
				DeploymentID: id, Status: status, CreateTime: codedeploy.NewTimestamp(time.Now()), ComputePlatform: app.ComputePlatform,
				Revision: &codedeploy.RevisionLocation{
					RevisionType:   codedeploy.RevisionLocationTypeAppSpecContent,
					AppSpecContent: &codedeploy.AppSpecContent{SHA256: "ab"},
				},
			},
		}
		if status.Terminal() {
			d.Info.CompleteTime = d.Info.CreateTime
		}
		return tx.InsertDeployment(d)
	})
	if err != nil {
		t.Fatal(err)
	}
}

// end lets a stored deployment succeed.
func (c client) end(t *testing.T, id string) {
	t.Helper()
	err := c.store.Tx(t.Context(), func(tx *store.Tx) error {
		d, err := tx.Deployment(id)
		if err != nil {
			return err
		}
		d.Info.Status, d.Info.CompleteTime = codedeploy.DeploymentStatusSucceeded, codedeploy.NewTimestamp(time.Now())
		return tx.SaveDeployment(d)
	})
	if err != nil {
		t.Fatal(err)
	}
}
