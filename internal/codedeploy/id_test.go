package codedeploy

import (
	"regexp"
	"strings"
	"testing"
)

func TestNewDeploymentIDHasTheForm(t *testing.T) {
	seen := map[string]bool{}
	letters := map[rune]bool{}
	for range 1000 {
		id := NewDeploymentID()
		if !IsDeploymentID(id) {
			t.Fatalf("%q has not the form of a deployment id", id)
		}
		if seen[id] {
			t.Fatalf("%q was drawn twice in a thousand", id)
		}
		seen[id] = true
		for _, letter := range id[2:] {
			letters[letter] = true
		}
	}
	if len(letters) != 36 {
		t.Errorf("%d letters in use, want 36", len(letters))
	}
}

func TestIsDeploymentID(t *testing.T) {
	for text, want := range map[string]bool{
		"d-75I7MBT7C": true, "d-KSA62M70K": true, "d-AAAAAAAAA": true, "d-000000000": true,
		"": false, "d-": false, "d-75I7MBT7": false, "d-75I7MBT7CC": false, "d-75i7mbt7c": false,
		"D-75I7MBT7C": false, "d-75I7MBT7C\n": false, " d-75I7MBT7C": false, "d-75I7MBT7_": false,
	} {
		if got := IsDeploymentID(text); got != want {
			t.Errorf("%q: %t, want %t", text, got, want)
		}
	}
}

func TestNewUUIDIsLowerCaseVersion4(t *testing.T) {
	form := regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`)
	first, second := NewUUID(), NewUUID()
	if !form.MatchString(first) || !form.MatchString(second) || first == second {
		t.Errorf("got %s and %s", first, second)
	}
}

func TestIsName(t *testing.T) {
	for text, want := range map[string]bool{
		"orders": true, "A": true, "a+=,.@_-Z9": true, strings.Repeat("x", 100): true, "CodeDeployDefault.AllAtOnce": true,
		"": false, strings.Repeat("x", 101): false, "a/b": false, "a:b": false, "a b": false, "naïve": false, "a\n": false,
	} {
		if got := IsName(text); got != want {
			t.Errorf("%q: %t, want %t", text, got, want)
		}
	}
}
