package ecs

import (
	"context"
	"encoding/json"
	"slices"

	"greenlight/internal/awswire"
)

// operations are those of ecs.md 14.1 and 14.2, and a few that Terraform asks
// for beside them. What else the model has is refused by name.
func (s *Service) operations() map[string]awswire.JSONOperation {
	all := map[string]awswire.JSONOperation{
		"CreateCluster":               operation(s.createCluster),
		"DescribeClusters":            operation(s.describeClusters),
		"ListClusters":                operation(s.listClusters),
		"UpdateCluster":               operation(s.updateCluster),
		"UpdateClusterSettings":       operation(s.updateCluster),
		"PutClusterCapacityProviders": operation(s.putCapacityProviders),
		"DeleteCluster":               operation(s.deleteCluster),

		"RegisterTaskDefinition":     operation(s.registerTaskDefinition, "inferenceAccelerators", "proxyConfiguration", "volumes"),
		"DescribeTaskDefinition":     operation(s.describeTaskDefinition),
		"ListTaskDefinitions":        operation(s.listTaskDefinitions),
		"ListTaskDefinitionFamilies": operation(s.listFamilies),
		"DeregisterTaskDefinition":   operation(s.deregisterTaskDefinition),

		"CreateService":    operation(s.createService, serviceExtras...),
		"UpdateService":    operation(s.updateService, append(slices.Clone(serviceExtras), "deploymentController")...),
		"DescribeServices": operation(s.describeServices),
		"ListServices":     operation(s.listServices),
		"DeleteService":    operation(s.deleteService),

		"CreateTaskSet":               operation(s.createTaskSet),
		"DescribeTaskSets":            operation(s.describeTaskSets),
		"UpdateTaskSet":               operation(s.updateTaskSet),
		"UpdateServicePrimaryTaskSet": operation(s.updatePrimary),
		"DeleteTaskSet":               operation(s.deleteTaskSet),

		"ListTasks":     operation(s.listTasks),
		"DescribeTasks": operation(s.describeTasks),
		"StopTask":      operation(s.stopTask),

		"TagResource":         operation(s.tagResource),
		"UntagResource":       operation(s.untagResource),
		"ListTagsForResource": operation(s.listTags),
	}
	for _, name := range notOffered {
		all[name] = func(context.Context, []byte) (any, error) { return nil, notHere(name) }
	}
	return all
}

// serviceExtras are members of services that nothing here could honor.
var serviceExtras = []string{"serviceConnectConfiguration", "volumeConfigurations", "vpcLatticeConfigurations"}

// notOffered are operations that people may well try.
var notOffered = []string{
	"ContinueServiceDeployment", "CreateCapacityProvider", "DeleteCapacityProvider", "DeleteTaskDefinitions",
	"DescribeCapacityProviders", "DescribeContainerInstances", "DescribeServiceDeployments", "DescribeServiceRevisions",
	"ExecuteCommand", "GetTaskProtection", "ListAccountSettings", "ListContainerInstances", "ListServiceDeployments",
	"ListServicesByNamespace", "PutAccountSetting", "PutAccountSettingDefault", "RegisterContainerInstance", "RunTask",
	"StartTask", "StopServiceDeployment", "UpdateCapacityProvider", "UpdateTaskProtection",
}

// operation decodes the request for fn. Members listed as refused must be absent
// or say nothing.
func operation[In any](fn func(context.Context, *In) (any, error), refused ...string) awswire.JSONOperation {
	return func(ctx context.Context, body []byte) (any, error) {
		in := new(In)
		if err := awswire.Decode(body, in); err != nil {
			return nil, err
		}
		if err := refuse(body, refused); err != nil {
			return nil, err
		}
		return fn(ctx, in)
	}
}

func refuse(body []byte, refused []string) error {
	if len(refused) == 0 {
		return nil
	}
	var members map[string]opaque
	if err := json.Unmarshal(body, &members); err != nil {
		return err // the body has been decoded once: it is an object
	}
	for _, name := range refused {
		if !saysNothing(members[name]) {
			return notHere("The member " + name)
		}
	}
	return nil
}

// saysNothing reports whether a member is absent or one of the forms in which
// clients leave a member unused.
func saysNothing(member opaque) bool {
	if len(member) == 0 {
		return true
	}
	var value any
	return json.Unmarshal(member, &value) == nil && isNothing(value)
}

func isNothing(value any) bool {
	switch v := value.(type) {
	case nil:
		return true
	case []any:
		return len(v) == 0
	case map[string]any:
		if v["enabled"] == false || v["enable"] == false {
			return true
		}
		for _, member := range v {
			if !isNothing(member) {
				return false
			}
		}
		return true
	case string:
		return v == ""
	case bool:
		return !v
	}
	return false
}
