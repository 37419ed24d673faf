package codedeploy

import (
	"encoding/json"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// serviceModel is the model as the tests read it, apart from the generator.
type serviceModel struct {
	Operations map[string]struct {
		Input, Output *struct{ Shape string }
		Errors        []struct{ Shape string }
		Deprecated    bool
	}
	Shapes map[string]struct {
		Type      string
		Exception bool
		Enum      []string
		Required  []string
		Members   map[string]any
	}
}

func readModel(t *testing.T) serviceModel {
	t.Helper()
	data, err := os.ReadFile("model/codedeploy-2014-10-06.json")
	if err != nil {
		t.Fatal(err)
	}
	var model serviceModel
	if err := json.Unmarshal(data, &model); err != nil {
		t.Fatal(err)
	}
	return model
}

func TestEveryExceptionOfTheModelIsGenerated(t *testing.T) {
	if len(ExceptionCodes) != 113 {
		t.Errorf("%d exceptions, want 113", len(ExceptionCodes))
	}
	for name, shape := range readModel(t).Shapes {
		if shape.Exception != slices.Contains(ExceptionCodes, ExceptionCode(name)) {
			t.Errorf("%s: exception in the model %t, generated %t", name, shape.Exception, !shape.Exception)
		}
	}
}

func TestEveryOperationOfTheModelIsGenerated(t *testing.T) {
	if len(Operations) != 47 {
		t.Errorf("%d operations, want 47", len(Operations))
	}
	model := readModel(t)
	for name, modelled := range model.Operations {
		operation, ok := OperationNamed(name)
		if !ok {
			t.Errorf("%s is missing", name)
			continue
		}
		want := OutputNone
		if modelled.Output != nil {
			want = OutputEmpty
			if len(model.Shapes[modelled.Output.Shape].Members) > 0 {
				want = OutputMembers
			}
		}
		if operation.Output != want || operation.Deprecated != modelled.Deprecated || len(operation.Exceptions) != len(modelled.Errors) {
			t.Errorf("%s: got %+v, want output %d, deprecated %t, %d exceptions",
				name, operation, want, modelled.Deprecated, len(modelled.Errors))
		}
		for _, exception := range modelled.Errors {
			if !slices.Contains(operation.Exceptions, ExceptionCode(exception.Shape)) {
				t.Errorf("%s: %s is missing", name, exception.Shape)
			}
		}
	}
}

func TestOperationsWithoutAnOutputShape(t *testing.T) {
	var none, empty []string
	for _, operation := range Operations {
		switch operation.Output {
		case OutputNone:
			none = append(none, operation.Name)
		case OutputEmpty:
			empty = append(empty, operation.Name)
		}
	}
	if want := []string{"AddTagsToOnPremisesInstances", "ContinueDeployment", "DeleteApplication", "DeleteDeploymentConfig",
		"DeregisterOnPremisesInstance", "RegisterApplicationRevision", "RegisterOnPremisesInstance",
		"RemoveTagsFromOnPremisesInstances", "SkipWaitTimeForInstanceTermination", "UpdateApplication"}; !slices.Equal(none, want) {
		t.Errorf("empty body: %v, want %v", none, want)
	}
	if want := []string{"DeleteResourcesByExternalId", "TagResource", "UntagResource"}; !slices.Equal(empty, want) {
		t.Errorf("body {}: %v, want %v", empty, want)
	}
}

func TestOperationNamesAreCaseSensitive(t *testing.T) {
	if _, ok := OperationNamed("getDeployment"); ok {
		t.Error("getDeployment was found")
	}
}

func TestEveryInputStructureHasTheModelsMembers(t *testing.T) {
	model := readModel(t)
	for _, operation := range Operations {
		input := reflect.TypeOf(operation.NewInput()).Elem()
		members := model.Shapes[model.Operations[operation.Name].Input.Shape].Members
		if input.NumField() != len(members) {
			t.Errorf("%s has %d fields, want %d", input.Name(), input.NumField(), len(members))
		}
		for field := range input.Fields() {
			member, _, _ := strings.Cut(field.Tag.Get("json"), ",")
			if _, ok := members[member]; !ok {
				t.Errorf("%s.%s has no member %s in the model", input.Name(), field.Name, member)
			}
		}
	}
}

func TestConstraintsHoldEveryEnumAndRequiredMember(t *testing.T) {
	enums := 0
	for name, shape := range readModel(t).Shapes {
		if len(shape.Enum) > 0 {
			enums++
		}
		constraint := Constraints[name]
		if !slices.Equal(constraint.Enum, shape.Enum) || !slices.Equal(constraint.Required, shape.Required) {
			t.Errorf("%s: got %+v, want enum %v and required %v", name, constraint, shape.Enum, shape.Required)
		}
	}
	if enums != 34 {
		t.Errorf("%d enumerations, want 34", enums)
	}
	if got := Constraints["Arn"]; got.Min != 1 || got.Max != 1011 {
		t.Errorf("Arn is %+v, want 1 to 1011", got)
	}
}

func TestIsKnown(t *testing.T) {
	if !IsKnown(ComputePlatformECS) || IsKnown(ComputePlatform("ecs")) || IsKnown(ComputePlatform("")) {
		t.Error("ECS should be known; ecs and the empty value should not")
	}
	if IsKnown(minimumHealthyHostsMostConcurrency) {
		t.Error("MOST_CONCURRENCY is outside the enumeration")
	}
	for _, values := range [][]string{texts(ErrorCode("").Values()), texts(TriggerEventType("").Values())} {
		if len(values) == 0 || slices.Contains(values, "") {
			t.Errorf("values %q", values)
		}
	}
}

func texts[S ~string](values []S) []string {
	var found []string
	for _, value := range values {
		found = append(found, string(value))
	}
	return found
}
