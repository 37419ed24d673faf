package api

import (
	"maps"
	"slices"
	"testing"

	"greenlight/internal/codedeploy"
)

// TestOperationsAreTheModels holds that every operation of the model is routed,
// and nothing else.
func TestOperationsAreTheModels(t *testing.T) {
	var want []string
	for _, operation := range codedeploy.Operations {
		want = append(want, operation.Name)
	}
	slices.Sort(want)
	got := slices.Sorted(maps.Keys(new(API).operations()))
	if len(want) != 47 || !slices.Equal(got, want) {
		t.Errorf("the %d operations are\n%v, want the model's %d\n%v", len(got), got, len(want), want)
	}
}
