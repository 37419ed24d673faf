package scenarios

import (
	"os"
	"testing"
)

// TestMain makes the test binary also the program that the local ECS runs as the
// tasks of a service.
func TestMain(m *testing.M) {
	if release := os.Getenv("SCENARIO_RELEASE"); release != "" {
		os.Exit(serveRelease(release))
	}
	os.Exit(m.Run())
}
