package engine

import (
	"fmt"
	"slices"

	"greenlight/internal/codedeploy"
	"greenlight/internal/ecsdriver"
)

// observe keeps what is there before anything begins: the service, its primary
// task set, and which of the two target groups that one uses (ecs.md 6.2).
func (ecsLife) observe(d *Deployment, in ECSAnswer) {
	if d.Progress.ECS == nil {
		d.Progress.ECS = &ECSProgress{}
	}
	e := d.Progress.ECS
	e.Seen = true
	s := in.Service
	if s == nil || s.Status != ecsdriver.StatusActive {
		e.Primary, e.Original.Gone, e.New.Gone = "", true, true
		return
	}
	e.Service, e.Tags = s.ARN, s.Tags
	if d.Snapshot.RollbackOf != "" {
		e.see(*s)
		return
	}
	for _, set := range s.TaskSets {
		if set.Status == ecsdriver.StatusPrimary {
			e.Template = &set
			e.Original = TaskSet{ID: set.ID}
		}
	}
	if in.Prod != nil {
		e.ALB = in.Prod.Application
	}
	if e.Template != nil {
		e.pairUp(in.Groups)
	}
	e.see(*s)
}

// pairUp tells blue from green: blue is the group that the primary task set
// uses, whatever the order of the two (ecs.md 3.1).
func (e *ECSProgress) pairUp(groups []ecsdriver.TargetGroup) {
	blue := slices.IndexFunc(groups, func(g ecsdriver.TargetGroup) bool { return g.ARN == e.Template.TargetGroupARN })
	if blue < 0 || len(groups) != 2 {
		return
	}
	green := 1 - blue
	e.Pair = ecsdriver.Pair{Blue: groups[blue].ARN, Green: groups[green].ARN}
	e.Original.Group, e.New.Group = groups[blue].Name, groups[green].Name
	e.Share = ecsdriver.Share{Blue: 100}
}

// judgeStart is why a deployment cannot start on what was observed (ecs.md 7.3,
// 11).
func (l ecsLife) judgeStart(d *Deployment, in ECSAnswer) *failure {
	if d.Snapshot.RollbackOf != "" {
		return l.judgeBack(d, in)
	}
	if bad := unfit(d, in.Service); bad != nil {
		return bad
	}
	e := d.Progress.ECS
	switch {
	case in.Refused:
		return &failure{Code: codedeploy.ErrorCodeInvalidECSService, Message: codedeploy.MessageECSController,
			Why: fmt.Sprintf("The deployment controller of the service is %s.", in.Service.Controller)}
	case e.Template == nil:
		return &failure{Code: codedeploy.ErrorCodeInvalidECSService, Message: codedeploy.MessageNoPrimaryTaskSet}
	case e.Pair.Blue == "":
		return noPair(fmt.Sprintf("The primary task set %s uses the target group %q; the deployment group names %q.",
			e.Template.ID, e.Template.TargetGroupARN, d.ecs().groups()))
	}
	return nil
}

// unfit is why a service cannot be worked on, at the start or later.
func unfit(d *Deployment, s *ecsdriver.Service) *failure {
	cluster, service := d.ecs().names()
	switch {
	case s == nil:
		return &failure{Code: codedeploy.ErrorCodeInvalidECSService, Message: codedeploy.MessageECSServiceMissing(cluster, service)}
	case s.Status != ecsdriver.StatusActive:
		return &failure{Code: codedeploy.ErrorCodeInvalidECSService, Message: codedeploy.MessageECSServiceStatus(cluster, service, s.Status)}
	}
	return nil
}

// noPair is the failure of a group whose target groups cannot carry a blue/green
// deployment.
func noPair(why string) *failure {
	return &failure{Code: codedeploy.ErrorCodeElasticLoadBalancingInvalid, Message: codedeploy.MessageNoTargetGroupPair, Why: why}
}
