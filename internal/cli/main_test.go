package cli

import (
	"os"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"greenlight": func() { os.Exit(Main(os.Args[1:], os.Stdin, os.Stdout, os.Stderr)) },
	})
}

// TestScripts runs the command line as a person would. Each script may hold a
// folder server/ with the answers of a CodeDeploy server (see farSide).
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup:               setUp,
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits":  exits,
			"served": served,
		},
	})
}

func setUp(env *testscript.Env) error {
	server := newFarSide(env.WorkDir)
	env.Defer(server.close)
	env.Values[farSideKey{}] = server
	env.Setenv("AWS_ENDPOINT_URL", server.url())
	env.Setenv("HOME", env.WorkDir)
	env.Setenv("NOWHERE", nowhere())
	return nil
}
