package appspec

import (
	"encoding/json"
	"fmt"
)

// ECS is an AppSpec for the ECS platform, checked against ecs.md 2.2. Whether
// the task definition, its container, the subnets and the capacity providers
// exist is for ECS to judge.
type ECS struct {
	Label             string // name of the resource, not interpreted
	TaskDefinition    string // as written: an ARN, family:revision or family
	ContainerName     string
	ContainerPort     int                   // 1 to 65535
	PlatformVersion   string                `json:",omitzero"`  // empty: not given
	Network           *ECSNetwork           `json:",omitzero"`  // nil: not given; three empty members count as not given
	CapacityProviders []ECSCapacityProvider `json:",omitempty"` // nil: not given
	Hooks             []Hook                `json:",omitempty"` // in the order of the file, no event twice
}

// ECSNetwork is an AwsvpcConfiguration with all of its members.
type ECSNetwork struct {
	Subnets        []string // not empty, nor is any of them
	SecurityGroups []string // the same
	AssignPublicIP string   // ENABLED or DISABLED
}

// ECSCapacityProvider is one entry of a CapacityProviderStrategy.
type ECSCapacityProvider struct {
	CapacityProvider string
	Base             int `json:",omitzero"` // tasks, at least 0; above 0 in one entry at most
	Weight           int `json:",omitzero"` // at least 0
}

// ParseECS reads an AppSpec, JSON or YAML. The error is an *Error that tells
// all problems, CheckECS's, and speaks for the first: its Tail is the second
// sentence of the message of INVALID_REVISION (ecs.md 2.3,
// codedeploy.InvalidAppSpec) and names the member's path and the rule.
func ParseECS(text []byte) (*ECS, error) {
	c := checkECS(text)
	if err := c.err(); err != nil {
		return nil, err
	}
	return &c.spec, nil
}

// CheckECS returns all problems of an AppSpec at once, at most 100, in the
// order of the checks (text, version, resource, its properties, hooks); nil
// when ParseECS accepts it.
func CheckECS(text []byte) []Problem { return checkECS(text).problems() }

// Hook is the function of a lifecycle event, empty when it has none.
func (s ECS) Hook(event string) string {
	for _, hook := range s.Hooks {
		if hook.Event == event {
			return hook.Function
		}
	}
	return ""
}

// ecsDocument is the canonical form of ecs.md 2.2.
type ecsDocument struct {
	Version   json.Number              `json:"version"`
	Resources []map[string]ecsResource `json:"Resources"`
	Hooks     []map[string]string      `json:"Hooks,omitempty"`
}

type ecsResource struct {
	Type       string
	Properties ecsProperties
}

type ecsProperties struct {
	TaskDefinition           string
	LoadBalancerInfo         ecsLoadBalancerInfo
	PlatformVersion          string                `json:",omitzero"`
	NetworkConfiguration     *ecsNetworkDocument   `json:",omitzero"`
	CapacityProviderStrategy []ECSCapacityProvider `json:",omitempty"`
}

type ecsLoadBalancerInfo struct {
	ContainerName string
	ContainerPort int
}

type ecsNetworkDocument struct {
	AwsvpcConfiguration ecsVPC
}

type ecsVPC struct {
	Subnets, SecurityGroups []string
	AssignPublicIP          string `json:"AssignPublicIp"`
}

// JSON is the canonical text of the AppSpec, one line of JSON, which parses
// back to the same value.
func (s ECS) JSON() []byte {
	properties := ecsProperties{
		TaskDefinition:           s.TaskDefinition,
		LoadBalancerInfo:         ecsLoadBalancerInfo{s.ContainerName, s.ContainerPort},
		PlatformVersion:          s.PlatformVersion,
		CapacityProviderStrategy: s.CapacityProviders,
	}
	if s.Network != nil {
		properties.NetworkConfiguration = &ecsNetworkDocument{ecsVPC(*s.Network)}
	}
	document := ecsDocument{
		Version:   "0.0",
		Resources: []map[string]ecsResource{{s.Label: {ecsType, properties}}},
	}
	for _, hook := range s.Hooks {
		document.Hooks = append(document.Hooks, map[string]string{hook.Event: hook.Function})
	}
	content, err := json.Marshal(document)
	if err != nil {
		panic(fmt.Sprintf("appspec: strings cannot be marshalled: %v", err)) // json.Marshal has no error for these types
	}
	return content
}
