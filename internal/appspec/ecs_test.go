package appspec

import (
	"encoding/json"
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"

	"greenlight/internal/codedeploy"
)

// validECS is the AppSpec that the tables change one piece of.
const validECS = `version: 0.0
Resources:
  - TargetService:
      Type: AWS::ECS::Service
      Properties:
        TaskDefinition: app:2
        LoadBalancerInfo:
          ContainerName: web
          ContainerPort: 80
        PlatformVersion: 1.4.0
        NetworkConfiguration:
          AwsvpcConfiguration:
            Subnets: [subnet-1]
            SecurityGroups: [sg-1]
            AssignPublicIp: DISABLED
        CapacityProviderStrategy:
          - {CapacityProvider: FARGATE, Base: 1}
          - {CapacityProvider: FARGATE_SPOT, Weight: 3}
Hooks:
  - AfterInstall: after
`

// parsedECS is what it says, and E66 with it.
func parsedECS() ECS {
	return ECS{
		Label: "TargetService", TaskDefinition: "app:2", ContainerName: "web", ContainerPort: 80, PlatformVersion: "1.4.0",
		Network:           &ECSNetwork{[]string{"subnet-1"}, []string{"sg-1"}, "DISABLED"},
		CapacityProviders: []ECSCapacityProvider{{"FARGATE", 1, 0}, {"FARGATE_SPOT", 0, 3}},
		Hooks:             []Hook{{"AfterInstall", "after"}},
	}
}

func withECS(t testing.TB, old, replacement string) string {
	t.Helper()
	if strings.Count(validECS, old) != 1 {
		t.Fatalf("%q is not once in the AppSpec", old)
	}
	return strings.Replace(validECS, old, replacement, 1)
}

func acceptECS(t *testing.T, content string) ECS {
	t.Helper()
	spec, err := ParseECS([]byte(content))
	if err != nil {
		t.Fatalf("ParseECS: %v", err)
	}
	return *spec
}

func refuseECS(t *testing.T, content string) *Error {
	t.Helper()
	spec, err := ParseECS([]byte(content))
	e, ok := errors.AsType[*Error](err)
	if !ok {
		t.Fatalf("ParseECS = %+v, %v; want an *Error", spec, err)
	}
	if problems := CheckECS([]byte(content)); !slices.Equal(problems, e.Problems) || problems[0].Rule != e.Rule {
		t.Errorf("CheckECS = %v; the error has %v and rule %s", problems, e.Problems, e.Rule)
	}
	return e
}

const (
	atProperties = "Resources[0].TargetService.Properties"
	atBalancer   = atProperties + ".LoadBalancerInfo"
	atVPC        = atProperties + ".NetworkConfiguration.AwsvpcConfiguration"
	atStrategy   = atProperties + ".CapacityProviderStrategy"
)

// ecsRefusals is layer B of ecs.md 2.3 row by row.
var ecsRefusals = []refusal{
	{"no version", "version: 0.0\n", "", "M9", 1, "version must be 0.0, found nothing"},
	{"other version", "version: 0.0", "version: 1", "M9", 1, "version must be 0.0, found the number 1"},
	{"no resources", "Resources:", "Other:", "M10", 1, "Resources must be a list of exactly one resource"},
	{"empty resources", "Resources:", "Resources: []\nOther:", "M10", 2, "found a list of 0 items"},
	{"two resources", "Hooks:", "  - B: {}\nHooks:", "M10", 3, "exactly one resource, found a list of 2 items"},
	{"two labels", "Hooks:", "    B: {}\nHooks:", "M10", 3, "Resources[0] must be a map of exactly one key"},
	{"resource of text", "- TargetService:", "- A: text\nOther:\n  -", "M10", 3, `Resources[0].A must be a map of Type and Properties, found "text"`},
	{"no type", "Type:", "Kind:", "M11", 4, "Resources[0].TargetService.Type must be AWS::ECS::Service, found nothing"},
	{"Lambda", "AWS::ECS::Service", "AWS::Lambda::Function", "M11", 4, "This is an AppSpec for the Lambda platform."},
	{"case of the type", "AWS::ECS::Service", "aws::ecs::service", "M11", 4, "Did you mean AWS::ECS::Service?"},
	{"no properties", "Properties:", "Other:", "M12", 4, atProperties + " must be given, found nothing"},
	{"no task definition", "        TaskDefinition: app:2\n", "", "M12", 6, atProperties + ".TaskDefinition must be given, found nothing"},
	{"empty task definition", "app:2", `""`, "M12", 6, "TaskDefinition must be given, found an empty string"},
	{"numeric task definition", "app:2", "12", "M12", 6, "Put a name in quotation marks."},
	{"list of task definitions", "app:2", "[a]", "M12", 6, "TaskDefinition must be a text"},
	{"long task definition", "app:2", strings.Repeat("a", maxText+1), "M12", 6, "at most 1024 bytes"},
	{"no load balancer", "LoadBalancerInfo:", "Other:", "M12", 6, atBalancer + " must be given, found nothing"},
	{"no container name", "ContainerName: web", "Other: web", "M12", 8, atBalancer + ".ContainerName must be given"},
	{"null container name", "ContainerName: web", "ContainerName:", "M12", 8, "found null"},
	{"no port", "          ContainerPort: 80\n", "", "M12", 8, atBalancer + ".ContainerPort must be given, found nothing"},
	{"placeholder port", "ContainerPort: 80", `ContainerPort: ""`, "M12", 9, "ContainerPort must be given, found an empty string"},
	{"quoted port", "ContainerPort: 80", `ContainerPort: "80"`, "M13", 9, atBalancer + ".ContainerPort must be an integer from 1 to 65535, found \"80\". Write the number without quotation marks."},
	{"port 0", "ContainerPort: 80", "ContainerPort: 0", "M13", 9, "found the number 0"},
	{"port too high", "ContainerPort: 80", "ContainerPort: 65536", "M13", 9, "found the number 65536"},
	{"port of many digits", "ContainerPort: 80", "ContainerPort: 99999999999999999999", "M13", 9, "found the number 9999"},
	{"octal port", "ContainerPort: 80", "ContainerPort: 0120", "M13", 9, "found the number 0120"},
	{"fraction of a port", "ContainerPort: 80", "ContainerPort: 80.0", "M13", 9, "found the number 80.0"},
	{"boolean port", "ContainerPort: 80", "ContainerPort: true", "M13", 9, "found the boolean true"},
	{"no subnets", "            Subnets: [subnet-1]\n", "", "M12", 13, atVPC + " must have all of Subnets, SecurityGroups and AssignPublicIp or none, found no Subnets"},
	{"empty groups", "[sg-1]", "[]", "M12", 13, "found no SecurityGroups"},
	{"only subnets", "            SecurityGroups: [sg-1]\n            AssignPublicIp: DISABLED\n", "", "M12", 13, "found no SecurityGroups and no AssignPublicIp"},
	{"assign true", "DISABLED", "true", "M12", 15, "AssignPublicIp must be ENABLED or DISABLED, found the boolean true"},
	{"assign in lower case", "DISABLED", "disabled", "M12", 15, "Did you mean DISABLED?"},
	{"subnets of text", "[subnet-1]", "subnet-1", "M12", 13, atVPC + ".Subnets must be a list"},
	{"numeric subnet", "[subnet-1]", "[subnet-1, 2]", "M12", 13, atVPC + ".Subnets[1] must be a text"},
	{"one empty group", "[sg-1]", `[sg-1, ""]`, "M12", 14, atVPC + ".SecurityGroups[1] must be given"},
	{"network of text", "NetworkConfiguration:", "NetworkConfiguration: awsvpc\n        Other:", "M12", 11, "must be a map with AwsvpcConfiguration"},
	{"platform version 1.4", "1.4.0", "1.4", "M12", 10, atProperties + ".PlatformVersion must be a text"},
	{"strategy of text", "CapacityProviderStrategy:", "CapacityProviderStrategy: FARGATE\n        Other:", "M12", 16, "must be a list of maps with CapacityProvider"},
	{"entry of text", "{CapacityProvider: FARGATE, Base: 1}", "FARGATE", "M12", 17, atStrategy + "[0] must be a map of CapacityProvider"},
	{"no provider", "CapacityProvider: FARGATE,", "", "M12", 17, atStrategy + "[0].CapacityProvider must be given"},
	{"quoted weight", "Weight: 3", `Weight: "3"`, "M13", 18, atStrategy + "[1].Weight must be an integer of at least 0"},
	{"negative base", "Base: 1", "Base: -1", "M13", 17, "[0].Base must be an integer of at least 0, found the number -1"},
	{"two bases", "Weight: 3", "Weight: 3, Base: 2", "M12", 17, atStrategy + " must have at most one entry with a Base above 0, found 2"},
	{"no weight", "Weight: 3", "Weight: 0", "M12", 17, atStrategy + " must have an entry with a Weight above 0"},
	{"hooks as a map", "  - AfterInstall: after", "  AfterInstall: after", "M14", 20, "Each event is an entry of its own"},
	{"other platform's hook", "AfterInstall", "ApplicationStop", "M14", 20, `found "ApplicationStop". ApplicationStop is an event of the EC2/On-Premises platform.`},
	{"hook of Install", "AfterInstall", "Install", "M14", 20, "Install creates the replacement task set and cannot have a function."},
	{"hook twice", "  - AfterInstall: after", "  - AfterInstall: after\n  - afterinstall: again", "M14", 21, "Hooks[1]: AfterInstall must be named at most once, found again after line 20"},
	{"no function", "AfterInstall: after", `AfterInstall: ""`, "M15", 20, "Line 20: AfterInstall: The Lambda function name cannot be null or empty."},
	{"function of list", "AfterInstall: after", "AfterInstall: [after]", "M14", 20, "the function of AfterInstall must be a name or an ARN"},
}

func TestECSRefusals(t *testing.T) {
	for _, r := range ecsRefusals {
		t.Run(r.name, func(t *testing.T) {
			e := refuseECS(t, withECS(t, r.old, r.replacement))
			if e.Rule != r.rule || e.Line != r.line || !strings.Contains(e.Tail, r.tail) {
				t.Errorf("got %s, line %d, tail %q", e.Rule, e.Line, e.Tail)
			}
			if len(e.Problems) != 1 {
				t.Errorf("one fault gives %d problems: %v", len(e.Problems), e.Problems)
			}
		})
	}
}

func TestE53(t *testing.T) {
	for _, content := range []string{"{{{", "", "version: 0.0\n\t- a", "\xff"} {
		if e := refuseECS(t, content); e.Tail != codedeploy.TailNotWellFormed || e.Rule != "M8" {
			t.Errorf("%q: rule %s, tail %q", content, e.Rule, e.Tail)
		}
	}
}

func TestE54(t *testing.T) {
	want := parsedECS()
	for name, content := range map[string]string{
		"YAML": validECS,
		"lower-case keys": strings.NewReplacer("Resources:", "resources:", "Hooks", "hooks", "Type", "type", "Properties", "properties",
			"TaskDefinition", "taskdefinition", "LoadBalancerInfo", "loadbalancerinfo", "ContainerName", "containername", "ContainerPort", "containerPort",
			"PlatformVersion", "platformversion", "NetworkConfiguration", "networkconfiguration", "AwsvpcConfiguration", "awsvpcconfiguration",
			"Subnets", "subnets", "SecurityGroups", "securitygroups", "AssignPublicIp", "assignpublicip", "CapacityProviderStrategy", "capacityproviderstrategy",
			"CapacityProvider", "capacityprovider", "Base", "base", "Weight", "weight", "AfterInstall", "afterinstall").Replace(validECS),
		"integer version":  withECS(t, "version: 0.0", "version: 0"),
		"text version":     withECS(t, "version: 0.0", `version: "0.0"`),
		"other keys":       withECS(t, "PlatformVersion", "Unknown: {a: [b]}\n        PlatformVersion"),
		"case, last wins":  withECS(t, "ContainerPort: 80", "containerport: \"81\"\n          ContainerPort: 80"),
		"quoted texts":     withECS(t, "app:2", `"app:2"`),
		"explicit zeros":   withECS(t, "Weight: 3", "Weight: 3, Base: 0"),
		"no base nor null": withECS(t, "Base: 1", "Base: 1, Weight: ~"),
	} {
		t.Run(name, func(t *testing.T) {
			if got := acceptECS(t, content); !reflect.DeepEqual(got, want) {
				t.Errorf("got %+v", got)
			}
		})
	}
	t.Run("any label", func(t *testing.T) {
		want.Label = "My Service"
		if got := acceptECS(t, withECS(t, "TargetService", "My Service")); !reflect.DeepEqual(got, want) {
			t.Errorf("got %+v", got)
		}
	})
}

func TestOptionalMembersMayBeLeftOut(t *testing.T) {
	head, _, _ := strings.Cut(validECS, "        PlatformVersion")
	want := ECS{Label: "TargetService", TaskDefinition: "app:2", ContainerName: "web", ContainerPort: 80}
	for name, tail := range map[string]string{
		"nothing":       "",
		"nulls":         "        PlatformVersion:\n        NetworkConfiguration:\n        CapacityProviderStrategy:\nHooks:\n",
		"empty":         "        PlatformVersion: ''\n        NetworkConfiguration: {}\n        CapacityProviderStrategy: []\nHooks: []\n",
		"empty network": "        NetworkConfiguration: {AwsvpcConfiguration: {Subnets: [], SecurityGroups: [''], AssignPublicIp: ''}}\n",
	} {
		t.Run(name, func(t *testing.T) {
			if got := acceptECS(t, head+tail); !reflect.DeepEqual(got, want) {
				t.Errorf("got %+v", got)
			}
		})
	}
}

func TestECSHook(t *testing.T) {
	spec := acceptECS(t, withECS(t, "AfterInstall: after", "BeforeAllowTraffic: one\n  - BeforeInstall: two"))
	for event, want := range map[string]string{"BeforeAllowTraffic": "one", "BeforeInstall": "two", "AfterInstall": "", "Install": ""} {
		if got := spec.Hook(event); got != want {
			t.Errorf("%s has %q, want %q", event, got, want)
		}
	}
}

// TestECSComesBack: from its canonical text, and from the engine's record.
func TestECSComesBack(t *testing.T) {
	for _, spec := range []ECS{
		parsedECS(),
		{Label: "ü \" \\ <é>\u2028", TaskDefinition: "<TASK_DEFINITION>", ContainerName: "0", ContainerPort: 65535},
	} {
		if got := acceptECS(t, string(spec.JSON())); !reflect.DeepEqual(got, spec) {
			t.Errorf("parsed back %+v, want %+v", got, spec)
		}
		saved, err := json.Marshal(spec)
		if err != nil {
			t.Fatal(err)
		}
		var got ECS
		if err := json.Unmarshal(saved, &got); err != nil || !reflect.DeepEqual(got, spec) {
			t.Errorf("%s gives %+v, %v", saved, got, err)
		}
	}
}

func TestECSProblemsAreBounded(t *testing.T) {
	head, _, _ := strings.Cut(validECS, "Hooks:")
	if got := len(CheckECS([]byte(head + "Hooks:\n" + strings.Repeat("- x: y\n", 1000)))); got != maxProblems {
		t.Errorf("%d problems", got)
	}
	long := withECS(t, "TargetService", strings.Repeat("é", 500))
	e := refuseECS(t, strings.Replace(long, "80", `"80"`, 1))
	if shown := strings.Count(e.Tail, "é"); shown != maxShown {
		t.Errorf("%d characters of the label shown", shown)
	}
}

func TestPlatform(t *testing.T) {
	for name, test := range map[string]struct {
		content string
		want    codedeploy.ComputePlatform
	}{
		"Lambda":           {valid, "Lambda"},
		"ECS":              {validECS, "ECS"},
		"ECS misspelt":     {strings.Replace(validECS, "Service\n", "Servcie\n", 1), "ECS"},
		"ECS without type": {withECS(t, "Type: AWS::ECS::Service", "Kind: x"), "ECS"},
		"ECS by its hook":  {"Hooks: [{afterinstall: f}]", "ECS"},
		"Lambda untyped":   {with(t, "Type: AWS::Lambda::Function", "Kind: x"), "Lambda"},
		"resources as map": {"Resources: {a: {Type: AWS::ECS::Service}}", "ECS"},
		"no AppSpec":       {"version: 0.0\nos: linux", ""},
		"a list":           {"[1, [2], {a: b}]", ""},
		"odd hooks":        {"Resources: text\nHooks: [1, [2]]", ""},
		"not well-formed":  {"{{{", ""},
	} {
		t.Run(name, func(t *testing.T) {
			if got := Platform([]byte(test.content)); got != test.want {
				t.Errorf("Platform = %q, want %q", got, test.want)
			}
		})
	}
}
