package e2e

import (
	"maps"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/codedeploy"
	"github.com/aws/aws-sdk-go-v2/service/codedeploy/types"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
)

// crashRelease is one deployment of the crash test of services, with what was
// seen of it.
type crashRelease struct {
	service *crashService
	config  string
	release string
	refuser string // the event whose hook reports Failed, "" for none
	stops   bool   // somebody stops it once traffic moves
	agreed  string // an event whose hook reports Succeeded, "" for none

	id       string
	info     types.DeploymentInfo
	rollback types.DeploymentInfo
	asked    bool            // to stop
	greens   map[string]bool // ids of the task sets that it made
}

// plan chooses what a service deploys next.
func (c *serviceCrash) plan(s *crashService) *crashRelease {
	d := &crashRelease{service: s, greens: map[string]bool{}, release: "app:2"}
	if s.release == "app:2" {
		d.release = "app:3"
	}
	d.config = []string{ecsAllAtOnce, ecsCanary, ecsLinear}[c.random.IntN(3)]
	events := []string{"AfterInstall", "BeforeAllowTraffic", "AfterAllowTraffic"}
	if s.test.arn != "" {
		events = append(events, "AfterAllowTestTraffic")
	}
	switch c.random.IntN(8) {
	case 0, 1, 2:
		d.refuser = events[c.random.IntN(len(events))]
	case 3:
		d.refuser = "BeforeInstall"
	case 4:
		d.config, d.stops = ecsLinear, true
	case 5:
	default:
		d.agreed = events[c.random.IntN(len(events))]
	}
	return d
}

func (d *crashRelease) spec() string {
	var hooks []string
	if d.refuser != "" {
		hooks = append(hooks, d.refuser+":"+hookBefore+refusing)
	}
	if d.agreed != "" {
		hooks = append(hooks, d.agreed+":"+hookBefore)
	}
	return serviceSpec(d.release, hooks...)
}

// create calls CreateDeployment until there is an answer. When one is lost the
// deployment may exist all the same.
func (c *serviceCrash) create(d *crashRelease) {
	c.t.Helper()
	for d.id == "" {
		s, _ := c.alive()
		answer, err := s.codeDeploy.CreateDeployment(c.t.Context(), serviceDeployment(d.service.name, d.config, d.spec()))
		if err == nil {
			d.id = aws.ToString(answer.DeploymentId)
			break
		}
		c.mourn(s, err)
		if ids := c.unknown(d.service); len(ids) > 0 {
			d.id = ids[len(ids)-1] // the oldest: it may have been rolled back since
			c.adopted++
		}
	}
	d.service.known[d.id] = true
}

// unknown are the deployments of a service of which the test has not heard, the
// latest first.
func (c *serviceCrash) unknown(s *crashService) []string {
	c.t.Helper()
	var answer *codedeploy.ListDeploymentsOutput
	c.ask(func(server *server) (err error) {
		answer, err = server.codeDeploy.ListDeployments(c.t.Context(), &codedeploy.ListDeploymentsInput{
			ApplicationName: aws.String(application), DeploymentGroupName: &s.name,
		})
		return err
	})
	return slices.DeleteFunc(answer.Deployments, func(id string) bool { return s.known[id] })
}

// follow looks at the deployments of a round, and at what ECS has of them, until
// all have ended, their rollbacks too, and all kills have happened.
func (c *serviceCrash) follow(round []*crashRelease) {
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
		c.noteGreens(round)
		infos := c.read(slices.Collect(maps.Keys(ids)))
		c.active = len(ids)
		for _, d := range round {
			if info, ok := infos[d.rollbackID()]; ok {
				d.rollback = info
			}
			if info, ok := infos[d.id]; ok {
				d.info = info
				c.stop(d)
			}
		}
		return len(ids) == 0 && c.kills == 0
	})
}

func (d *crashRelease) rollbackID() string {
	if d.info.RollbackInfo == nil {
		return ""
	}
	return aws.ToString(d.info.RollbackInfo.RollbackDeploymentId)
}

// read is what GetDeployment tells of some deployments.
func (c *serviceCrash) read(ids []string) map[string]types.DeploymentInfo {
	c.t.Helper()
	infos := map[string]types.DeploymentInfo{}
	if len(ids) == 0 {
		c.alive()
		return infos
	}
	c.ask(func(s *server) error {
		answer, err := s.codeDeploy.BatchGetDeployments(c.t.Context(), &codedeploy.BatchGetDeploymentsInput{DeploymentIds: ids})
		if err != nil {
			return err
		}
		for _, info := range answer.DeploymentsInfo {
			infos[aws.ToString(info.DeploymentId)] = info
		}
		return nil
	})
	return infos
}

// noteGreens keeps which task sets each deployment has made, as ECS tells it.
func (c *serviceCrash) noteGreens(round []*crashRelease) {
	c.t.Helper()
	var names []string
	makers := map[string]*crashRelease{}
	for _, d := range round {
		names = append(names, d.service.name)
		makers[d.id] = d
	}
	var answer *ecs.DescribeServicesOutput
	c.ask(func(s *server) (err error) {
		answer, err = s.ecs.DescribeServices(c.t.Context(), &ecs.DescribeServicesInput{Cluster: aws.String(cluster), Services: names})
		return err
	})
	for _, service := range answer.Services {
		for _, set := range service.TaskSets {
			if d := makers[aws.ToString(set.ExternalId)]; d != nil {
				d.greens[aws.ToString(set.Id)] = true
			}
		}
	}
}

// stop stops a deployment that is to be stopped, once its traffic moves. It may
// have ended in between.
func (c *serviceCrash) stop(d *crashRelease) {
	c.t.Helper()
	if !d.stops || d.asked || ended(d.info.Status) || !c.shifting(d) {
		return
	}
	c.ask(func(s *server) error {
		_, err := s.codeDeploy.StopDeployment(c.t.Context(), &codedeploy.StopDeploymentInput{
			DeploymentId: &d.id, AutoRollbackEnabled: aws.Bool(true),
		})
		if isA[*types.DeploymentAlreadyCompletedException](err) {
			return nil
		}
		d.asked = d.asked || err == nil
		return err
	})
}

// shifting tells whether a deployment moves production traffic.
func (c *serviceCrash) shifting(d *crashRelease) (yes bool) {
	c.t.Helper()
	c.ask(func(s *server) error {
		answer, err := s.codeDeploy.GetDeploymentTarget(c.t.Context(), &codedeploy.GetDeploymentTargetInput{
			DeploymentId: &d.id, TargetId: aws.String(cluster + ":" + d.service.name),
		})
		if isA[*types.DeploymentNotStartedException](err) {
			return nil
		}
		if err == nil {
			yes = eventOf(answer.DeploymentTarget.EcsTarget, "AllowTraffic") == eventRunning
		}
		return err
	})
	return yes
}

// target is what a record tells, after the kills of a round.
func (c *serviceCrash) target(id string, s *crashService) *types.ECSTarget {
	c.t.Helper()
	return c.server.serviceTarget(id, s.name)
}

// identifiers are the ids of a target's task sets by their labels.
func identifiers(target *types.ECSTarget) map[string]string {
	ids := map[string]string{}
	for _, set := range target.TaskSetsInfo {
		ids[strings.ToLower(string(set.TaskSetLabel))] = aws.ToString(set.Identifer)
	}
	return ids
}
