package ecs

import (
	"context"
	"slices"

	"greenlight/internal/sqldb"
)

type describeServicesInput struct {
	Cluster  string   `json:"cluster"`
	Services []string `json:"services"`
	Include  []string `json:"include"`
}

type describeServicesOutput struct {
	Services []*shownService `json:"services"`
	Failures []failure       `json:"failures"`
}

// maxDescribed is how many services one DescribeServices can name.
const maxDescribed = 10

// describeServices implements DescribeServices. An unknown service is among the
// failures, an unknown cluster is an exception.
func (s *Service) describeServices(ctx context.Context, in *describeServicesInput) (any, error) {
	scope := scopeOf(ctx)
	if n := len(in.Services); n == 0 || n > maxDescribed {
		return nil, invalidParameter.errorf("Between 1 and %d services must be specified, found %d.", maxDescribed, n)
	}
	var out describeServicesOutput
	err := s.db.View(ctx, func(tx *sqldb.Tx) error {
		out = describeServicesOutput{[]*shownService{}, []failure{}}
		for _, reference := range in.Services {
			k, err := serviceName(scope, in.Cluster, reference)
			if err != nil {
				return err
			}
			if c, err := findCluster(tx, scope, k.Cluster); err != nil {
				return err
			} else if c == nil {
				return noCluster()
			}
			v, err := findService(tx, k)
			if err != nil {
				return err
			}
			if v == nil {
				out.Failures = append(out.Failures, failure{k.arn(), "MISSING"})
				continue
			}
			h, err := loadHousehold(tx, k)
			if err != nil {
				return err
			}
			out.Services = append(out.Services, s.show(h, slices.Contains(in.Include, "TAGS")))
		}
		return nil
	})
	return out, err
}

type listServicesInput struct {
	Cluster    string `json:"cluster"`
	LaunchType string `json:"launchType"`
	Scheduling string `json:"schedulingStrategy"`
	pageRequest
}

// listServices implements ListServices: those that are not INACTIVE.
func (s *Service) listServices(ctx context.Context, in *listServicesInput) (any, error) {
	scope := scopeOf(ctx)
	name, err := clusterName(scope, in.Cluster)
	if err != nil {
		return nil, err
	}
	var arns []string
	err = s.db.View(ctx, func(tx *sqldb.Tx) error {
		arns = nil
		if _, err := activeCluster(tx, scope, name); err != nil {
			return err
		}
		all, err := list[service](tx, `SELECT document FROM service
			WHERE account = $1 AND region = $2 AND cluster = $3 AND status <> 'INACTIVE' ORDER BY name`, scope.Account, scope.Region, name)
		for _, v := range all {
			if in.Scheduling != "DAEMON" && (in.LaunchType == "" || in.LaunchType == v.Placement.LaunchType) {
				arns = append(arns, v.arn())
			}
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	page, next, err := pageOf(arns, in.pageRequest, itself, false)
	return struct {
		ARNs []string `json:"serviceArns"`
		Next string   `json:"nextToken,omitzero"`
	}{page, next}, err
}

type deleteServiceInput struct {
	Cluster string `json:"cluster"`
	Service string `json:"service"`
	Force   bool   `json:"force"`
}

// deleteService implements DeleteService: DRAINING until the last task has
// stopped, then INACTIVE and shown for a while.
func (s *Service) deleteService(ctx context.Context, in *deleteServiceInput) (any, error) {
	k, err := serviceName(scopeOf(ctx), in.Cluster, in.Service)
	if err != nil {
		return nil, err
	}
	return s.changeService(ctx, k, func(_ *sqldb.Tx, h *household, now instant) error {
		if h.service.Desired > 0 && !in.Force {
			return invalidParameter.errorf("The service cannot be stopped while it is scaled above 0.")
		}
		h.service.Status, h.service.Desired = statusDraining, 0
		for _, set := range h.sets {
			set.drain(now)
		}
		return nil
	})
}

// changeService lets fn change an ACTIVE service, saves it, and answers with it.
func (s *Service) changeService(ctx context.Context, k serviceKey,
	fn func(tx *sqldb.Tx, h *household, now instant) error) (any, error) {
	now := s.now()
	var shown *shownService
	err := s.db.Tx(ctx, func(tx *sqldb.Tx) error {
		h, err := activeHousehold(tx, k)
		if err != nil {
			return err
		}
		if err := fn(tx, h, now); err != nil {
			return err
		}
		if err := h.saveService(tx); err != nil {
			return err
		}
		shown, err = s.showNow(tx, k)
		return err
	})
	if err != nil {
		return nil, err
	}
	s.mark(k)
	return serviceAnswer{shown}, nil
}
