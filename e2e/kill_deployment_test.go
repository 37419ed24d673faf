package e2e

import (
	"maps"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/codedeploy"
	"github.com/aws/aws-sdk-go-v2/service/codedeploy/types"
)

// refusing is the ending of the hook functions that report Failed.
const refusing = "_refusing"

// crashDeployment is one deployment of the crash test, with what was seen of it.
type crashDeployment struct {
	release
	group  *crashGroup
	config string

	id       string
	info     types.DeploymentInfo
	rollback types.DeploymentInfo
	target   *types.LambdaTarget
	// For each event the last life in which it was seen not to have begun, and
	// the first in which it was seen to have ended.
	pendingIn, endedIn [3]int
	settledIn          int // the life after which nothing may happen
}

// refuser is the event that has to fail, -1 if none.
func (d *crashDeployment) refuser() int {
	switch {
	case d.before == hookBefore+refusing:
		return 0
	case d.after == hookAfter+refusing:
		return 2
	}
	return -1
}

// hook is the function of an event, "" for none.
func (d *crashDeployment) hook(event int) string {
	return [3]string{d.before, "", d.after}[event]
}

// plan chooses what a group deploys next: to the version that its alias does not
// have, by any configuration, with and without hooks, a third of them refused.
func (c *crash) plan(g *crashGroup) *crashDeployment {
	d := &crashDeployment{group: g, release: release{function: function, alias: g.name, from: g.version, to: "2"}}
	if g.version == "2" {
		d.to = "1"
	}
	d.config = []string{allAtOnce, canary, canary, linear}[c.random.IntN(4)]
	switch c.random.IntN(9) {
	case 0:
	case 1:
		d.before = hookBefore
	case 2:
		d.after = hookAfter
	case 3:
		d.before, d.after = hookBefore+refusing, hookAfter
	case 4, 5:
		d.before, d.after = hookBefore, hookAfter+refusing
	default:
		d.before, d.after = hookBefore, hookAfter
	}
	return d
}

// create calls CreateDeployment until there is an answer. When one is lost the
// deployment may exist all the same.
func (c *crash) create(d *crashDeployment) {
	c.t.Helper()
	_, life := c.alive()
	d.pendingIn = [3]int{life, life, life}
	d.endedIn = [3]int{-1, -1, -1}
	for d.id == "" {
		s, _ := c.alive()
		answer, err := s.codeDeploy.CreateDeployment(c.t.Context(), d.deployment(application, d.group.name, d.config))
		if err == nil {
			d.id = aws.ToString(answer.DeploymentId)
			break
		}
		c.mourn(s, err)
		if d.id = c.unknown(d.group); d.id != "" {
			c.adopted++
		}
	}
	d.group.known[d.id] = true
}

// unknown is the deployment that a user has made in a group and of which the
// test has not heard, "" if there is none.
func (c *crash) unknown(g *crashGroup) string {
	c.t.Helper()
	ids := c.list(g)
	ids = slices.DeleteFunc(ids, func(id string) bool { return g.known[id] })
	for id, info := range c.read(ids) {
		if info.Creator == types.DeploymentCreatorUser {
			return id
		}
	}
	return ""
}

// list is the group's deployments.
func (c *crash) list(g *crashGroup) []string {
	c.t.Helper()
	var answer *codedeploy.ListDeploymentsOutput
	c.ask(func(s *server) (err error) {
		answer, err = s.codeDeploy.ListDeployments(c.t.Context(), &codedeploy.ListDeploymentsInput{
			ApplicationName: aws.String(application), DeploymentGroupName: &g.name,
		})
		return err
	})
	return answer.Deployments
}

// read is what GetDeployment tells of many.
func (c *crash) read(ids []string) map[string]types.DeploymentInfo {
	c.t.Helper()
	infos := map[string]types.DeploymentInfo{}
	for some := range slices.Chunk(ids, 25) {
		c.ask(func(s *server) error {
			answer, err := s.codeDeploy.BatchGetDeployments(c.t.Context(), &codedeploy.BatchGetDeploymentsInput{DeploymentIds: some})
			if err != nil {
				return err
			}
			for _, info := range answer.DeploymentsInfo {
				infos[aws.ToString(info.DeploymentId)] = info
			}
			return nil
		})
	}
	return infos
}

// follow looks at the deployments of a round until all have ended, their
// rollbacks too, and all kills have happened.
func (c *crash) follow(round []*crashDeployment) {
	c.t.Helper()
	eventuallyWithin(c.t, roundLimit, "a round to end", func() bool {
		ids := map[string]bool{}
		for _, d := range round {
			if !ended(d.info.Status) {
				ids[d.id] = true
			} else if id := d.rollbackID(); id != "" && !ended(d.rollback.Status) {
				ids[id] = true
			}
		}
		c.alive() // also when nothing is left to read: kills may still be to come
		infos := c.read(slices.Collect(maps.Keys(ids)))
		c.active = len(ids)
		for _, d := range round {
			if info, ok := infos[d.rollbackID()]; ok {
				d.rollback = info
			}
			if info, ok := infos[d.id]; ok {
				d.info = info
				c.lookAtEvents(d)
			}
		}
		return len(ids) == 0 && c.kills == 0
	})
}

func (d *crashDeployment) rollbackID() string {
	if d.info.RollbackInfo == nil {
		return ""
	}
	return aws.ToString(d.info.RollbackInfo.RollbackDeploymentId)
}

// lookAtEvents notes in which lives the events of a deployment can have run.
func (c *crash) lookAtEvents(d *crashDeployment) {
	c.t.Helper()
	if d.info.Status == types.DeploymentStatusCreated {
		return
	}
	life := c.ask(func(s *server) error {
		answer, err := s.codeDeploy.GetDeploymentTarget(c.t.Context(), &codedeploy.GetDeploymentTargetInput{
			DeploymentId: &d.id, TargetId: aws.String(function),
		})
		if err == nil {
			d.target = answer.DeploymentTarget.LambdaTarget
		}
		return err
	})
	for i, event := range d.target.LifecycleEvents {
		switch {
		case event.Status == eventPending:
			d.pendingIn[i] = life
		case event.Status != eventRunning && d.endedIn[i] < 0:
			d.endedIn[i] = life
		}
	}
}
