package engine

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"greenlight/internal/awsaccess"
	"greenlight/internal/ecsdriver"
)

// ECSDriver is what the engine asks of ECS and of the load balancer in front of
// the service. Errors are *awsaccess.Fault.
type ECSDriver interface {
	// Service reads a service with its task sets: DescribeServices.
	Service(ctx context.Context, as awsaccess.As, cluster, service string) (ecsdriver.Service, error)
	// CreateTaskSet is idempotent under the spec's client token.
	CreateTaskSet(ctx context.Context, as awsaccess.As, spec ecsdriver.TaskSetSpec) (ecsdriver.TaskSet, error)
	// PromoteTaskSet makes a task set the primary one.
	PromoteTaskSet(ctx context.Context, as awsaccess.As, cluster, service, taskSet string) error
	// DeleteTaskSet deletes with force; one that is gone counts as deleted.
	DeleteTaskSet(ctx context.Context, as awsaccess.As, cluster, service, taskSet string) error
	// TargetGroups reads target groups, in the order of their names.
	TargetGroups(ctx context.Context, as awsaccess.As, names []string) ([]ecsdriver.TargetGroup, error)
	// Listener reads a listener with its rules.
	Listener(ctx context.Context, as awsaccess.As, arn string) (ecsdriver.Listener, error)
	// Attach names both groups of the pair in the rules that belong to it, all
	// traffic on blue.
	Attach(ctx context.Context, as awsaccess.As, listener string, pair ecsdriver.Pair) (ecsdriver.Share, error)
	// Shift gives green its percentage in every rule that belongs to the pair,
	// and does nothing where it has it already.
	Shift(ctx context.Context, as awsaccess.As, listener string, pair ecsdriver.Pair, green int) (ecsdriver.Share, error)
}

// ECSAnswer is what the acts of an ECS deployment bring back.
type ECSAnswer struct {
	Service *ecsdriver.Service      // nil: not read, or gone
	Refused bool                    // its deployment controller is not one that is accepted
	Groups  []ecsdriver.TargetGroup // of observe
	Prod    *ecsdriver.Listener     // of observe and look
	Test    *ecsdriver.Listener     // likewise; nil without a test route
	Share   *ecsdriver.Share        // of attach and shift
	Green   *ecsdriver.TaskSet      // of create
}

// ecsHands carry the acts of ECS deployments out.
type ecsHands struct {
	driver      ECSDriver
	controllers []string // of the services that it works on
}

func (h ecsHands) carryOut(ctx context.Context, d Deployment, act Act) Outcome {
	switch act.Kind {
	case ActObserve, ActLook:
		return h.observe(ctx, d)
	case ActSteady:
		return h.read(ctx, d)
	case ActAttach, ActShift:
		return h.shift(ctx, d, act)
	case ActClear:
		return h.clear(ctx, d)
	case ActCreate:
		return h.create(ctx, d)
	case ActPromote:
		return h.promote(ctx, d, act)
	case ActDelete:
		return h.thenRead(ctx, d, h.driver.DeleteTaskSet(ctx, d.as(), d.ecs().cluster(), d.ecs().service(), d.Progress.ECS.arnOf(act.TaskSet)))
	default:
		return Outcome{Err: fmt.Errorf("unknown act %q", act.Kind)}
	}
}

// observe reads the service, the target groups and the listeners (ecs.md 6.2).
// A rollback puts back what is left: of that, only the service is looked at, and
// it may be gone.
func (h ecsHands) observe(ctx context.Context, d Deployment) Outcome {
	if d.Snapshot.RollbackOf != "" {
		out := h.read(ctx, d)
		if out.Err != nil && asFault(out.Err).Kind == awsaccess.NotFound {
			return Outcome{}
		}
		return out
	}
	out := h.read(ctx, d)
	if out.Err == nil {
		out.ECS.Groups, out.Err = h.driver.TargetGroups(ctx, d.as(), d.ecs().groups())
	}
	if out.Err == nil {
		out.ECS.Prod, out.Err = h.listener(ctx, d, RouteProd)
	}
	if out.Err == nil {
		out.ECS.Test, out.Err = h.listener(ctx, d, RouteTest)
	}
	return out
}

func (h ecsHands) listener(ctx context.Context, d Deployment, route Route) (*ecsdriver.Listener, error) {
	arn := d.ecs().listener(route)
	if arn == "" {
		return nil, nil
	}
	l, err := h.driver.Listener(ctx, d.as(), arn)
	return &l, err
}

// read reads the service.
func (h ecsHands) read(ctx context.Context, d Deployment) Outcome {
	s, err := h.driver.Service(ctx, d.as(), d.ecs().cluster(), d.ecs().service())
	if err != nil {
		return Outcome{Err: err}
	}
	return Outcome{ECS: ECSAnswer{Service: &s, Refused: !slices.Contains(h.controllers, s.Controller)}}
}

// thenRead reads the service after a call that changed it. The call counts also
// when the reading fails: it will be read again.
func (h ecsHands) thenRead(ctx context.Context, d Deployment, err error) Outcome {
	if err != nil {
		return Outcome{Err: err}
	}
	out := h.read(ctx, d)
	out.Err = nil
	return out
}

// shift moves traffic, or prepares for it, and reads the service afterwards.
// Traffic goes to the green side only if that is still there: without a share in
// the answer nothing was moved. To go back, ECS is not asked beforehand.
func (h ecsHands) shift(ctx context.Context, d Deployment, act Act) Outcome {
	if act.Percent > 0 {
		out := h.read(ctx, d)
		if out.Err != nil || unfit(&d, out.ECS.Service) != nil || d.Progress.ECS.New.in(*out.ECS.Service).leaving() {
			return out
		}
	}
	var share ecsdriver.Share
	var err error
	arn, pair := d.ecs().listener(act.Route), d.Progress.ECS.Pair
	if act.Kind == ActAttach {
		share, err = h.driver.Attach(ctx, d.as(), arn, pair)
	} else {
		share, err = h.driver.Shift(ctx, d.as(), arn, pair, act.Percent)
	}
	out := h.thenRead(ctx, d, err)
	out.ECS.Share = &share
	return out
}

// promote counts also when ECS refuses it because an earlier attempt, whose
// answer was lost, has done it.
func (h ecsHands) promote(ctx context.Context, d Deployment, act Act) Outcome {
	err := h.driver.PromoteTaskSet(ctx, d.as(), d.ecs().cluster(), d.ecs().service(), d.Progress.ECS.arnOf(act.TaskSet))
	if err == nil {
		return h.thenRead(ctx, d, nil)
	}
	out := h.read(ctx, d)
	if out.Err == nil && slices.ContainsFunc(out.ECS.Service.TaskSets, func(t ecsdriver.TaskSet) bool {
		return t.ID == act.TaskSet && t.Status == ecsdriver.StatusPrimary
	}) {
		return out
	}
	return Outcome{Err: err}
}

// clear deletes the leftovers that were found, as far as ECS is not at it already
// and nobody has made one the primary task set meanwhile.
func (h ecsHands) clear(ctx context.Context, d Deployment) Outcome {
	out := h.read(ctx, d)
	if out.Err != nil {
		return out
	}
	for _, set := range out.ECS.Service.TaskSets {
		if set.Status != ecsdriver.StatusActive || !slices.Contains(d.Progress.ECS.Leftovers, set.ID) {
			continue
		}
		if err := h.driver.DeleteTaskSet(ctx, d.as(), d.ecs().cluster(), d.ecs().service(), cmp.Or(set.ARN, set.ID)); err != nil {
			return Outcome{Err: err}
		}
	}
	return h.read(ctx, d)
}

// create makes the green task set, unless an earlier attempt whose answer was
// lost has made it.
func (h ecsHands) create(ctx context.Context, d Deployment) Outcome {
	out := h.read(ctx, d)
	if out.Err != nil {
		return out
	}
	for _, set := range out.ECS.Service.TaskSets {
		if set.ExternalID == d.ID && set.Status != ecsdriver.StatusDrain {
			return Outcome{ECS: ECSAnswer{Green: &set, Service: out.ECS.Service}}
		}
	}
	green, err := h.driver.CreateTaskSet(ctx, d.as(), taskSetSpec(d))
	if err != nil {
		return Outcome{Err: err}
	}
	return Outcome{ECS: ECSAnswer{Green: &green}}
}

// taskSetSpec is the green task set: what the AppSpec says, and of the rest what
// the original has (ecs.md 6.3).
func taskSetSpec(d Deployment) ecsdriver.TaskSetSpec {
	e, from := d.Progress.ECS.AppSpec, d.Progress.ECS.Template
	spec := ecsdriver.TaskSetSpec{
		Cluster: d.ecs().cluster(), Service: d.ecs().service(),
		ExternalID: d.ID, ClientToken: "greenlight-" + d.ID,
		TaskDefinition: e.TaskDefinition,
		TargetGroupARN: d.Progress.ECS.Pair.Green,
		ContainerName:  e.ContainerName, ContainerPort: e.ContainerPort,
		PlatformVersion: cmp.Or(e.PlatformVersion, from.PlatformVersion),
		Network:         from.Network,
		Registries:      from.Registries,
		Tags:            d.Progress.ECS.Tags,
	}
	if n := e.Network; n != nil {
		spec.Network = &ecsdriver.Network{Subnets: n.Subnets, SecurityGroups: n.SecurityGroups, AssignPublicIP: n.AssignPublicIP}
	}
	switch {
	case e.CapacityProviders != nil:
		for _, p := range e.CapacityProviders {
			spec.CapacityProviders = append(spec.CapacityProviders,
				ecsdriver.CapacityProvider{CapacityProvider: p.CapacityProvider, Base: p.Base, Weight: p.Weight})
		}
	case len(from.CapacityProviders) > 0:
		spec.CapacityProviders = from.CapacityProviders
	default:
		spec.LaunchType = from.LaunchType
	}
	if spec.LaunchType == "FARGATE" {
		spec.PlatformVersion = cmp.Or(spec.PlatformVersion, "LATEST")
	}
	return spec
}
