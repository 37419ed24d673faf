package demo

import (
	"time"

	"github.com/aws/aws-sdk-go-v2/service/codedeploy/types"
)

// Stage is where the story is shown: a terminal, a build log, a test.
type Stage interface {
	// Title announces an act.
	Title(text string)
	// Tell says something in prose; a stage breaks lines where it must.
	Tell(text string)
	// Code shows lines as they are: commands, what a log holds.
	Code(lines ...string)
	// Show draws what is going on now, in place of what it showed before.
	Show(Picture)
	// Settle leaves the last picture standing, with how the deployment ended. The
	// next Show begins anew.
	Settle()
	// Check says what was expected, and whether it came so.
	Check(held bool, text string)
}

// Picture is one moment of a deployment under traffic.
type Picture struct {
	Deployment *types.DeploymentInfo
	Targets    []types.DeploymentTarget
	Old, New   string    // the releases between which the traffic is moved, as the answers name them
	Now        time.Time // by the deployment's clock
	Speed      int       // how many times as fast as the wall's that clock runs now
	Traffic    Traffic
}
