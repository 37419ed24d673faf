package ecs

import (
	"context"
	"slices"

	"greenlight/internal/sqldb"
)

// The statuses of clusters and services, and of task sets that are neither
// PRIMARY nor DRAINING.
const (
	statusActive   = "ACTIVE"
	statusDraining = "DRAINING"
	statusInactive = "INACTIVE"
)

// cluster is a row of the table of that name. Deleted, it stays as INACTIVE.
type cluster struct {
	scope
	Name, Status      string
	Settings          []keyValue
	Configuration     opaque         `json:",omitzero"`
	CapacityProviders []string       `json:",omitzero"`
	Strategy          []strategyItem `json:",omitzero"`
	Tags              tags           `json:",omitzero"`
}

func (c *cluster) arn() string { return c.scope.arn("cluster/" + c.Name) }

// shownCluster is Cluster of the model.
type shownCluster struct {
	ARN               string         `json:"clusterArn"`
	Name              string         `json:"clusterName"`
	Status            string         `json:"status"`
	Instances         int            `json:"registeredContainerInstancesCount"`
	Running           int            `json:"runningTasksCount"`
	Pending           int            `json:"pendingTasksCount"`
	Services          int            `json:"activeServicesCount"`
	Statistics        []keyValue     `json:"statistics"`
	Tags              []tag          `json:"tags"`
	Settings          []keyValue     `json:"settings"`
	Configuration     opaque         `json:"configuration,omitzero"`
	CapacityProviders []string       `json:"capacityProviders"`
	Strategy          []strategyItem `json:"defaultCapacityProviderStrategy"`
}

type clusterAnswer struct {
	Cluster *shownCluster `json:"cluster"`
}

// show presents a cluster with the counts of its services and tasks. What only
// an include asks for is always there.
func (c *cluster) show(tx *sqldb.Tx) (*shownCluster, error) {
	v := &shownCluster{
		ARN: c.arn(), Name: c.Name, Status: c.Status, Tags: c.Tags.list(), Settings: c.Settings,
		Configuration: c.Configuration, CapacityProviders: c.CapacityProviders, Strategy: c.Strategy,
	}
	live, err := list[task](tx, `SELECT document FROM task WHERE account = $1 AND region = $2 AND cluster = $3 AND stopped = 0`,
		c.Account, c.Region, c.Name)
	if err != nil {
		return nil, err
	}
	v.Pending, v.Running = counts(live)
	v.Services, err = countServices(tx, c, statusActive)
	return v, err
}

func countServices(tx *sqldb.Tx, c *cluster, status string) (n int, err error) {
	err = tx.QueryRow(`SELECT COUNT(*) FROM service WHERE account = $1 AND region = $2 AND cluster = $3 AND status = $4`,
		c.Account, c.Region, c.Name, status).Scan(&n)
	return n, err
}

type createClusterInput struct {
	Name              string         `json:"clusterName"`
	Tags              []tag          `json:"tags"`
	Settings          []keyValue     `json:"settings"`
	Configuration     opaque         `json:"configuration"`
	CapacityProviders []string       `json:"capacityProviders"`
	Strategy          []strategyItem `json:"defaultCapacityProviderStrategy"`
}

// createCluster implements CreateCluster. A cluster that is there already is
// answered as it is.
func (s *Service) createCluster(ctx context.Context, in *createClusterInput) (any, error) {
	name := in.Name
	if name == "" {
		name = defaultCluster
	}
	if !validName.MatchString(name) {
		return nil, invalidParameter.errorf("Cluster name %q must have 1 to 255 letters, digits, hyphens and underscores.", shortened(name))
	}
	given, err := newTags(in.Tags)
	if err != nil {
		return nil, err
	}
	c := &cluster{
		scope: scopeOf(ctx), Name: name, Status: statusActive, Settings: in.Settings, Configuration: in.Configuration,
		CapacityProviders: in.CapacityProviders, Strategy: in.Strategy, Tags: given,
	}
	if len(c.Settings) == 0 {
		c.Settings = []keyValue{{"containerInsights", "disabled"}}
	}
	return s.changeCluster(ctx, name, func(present *cluster) (*cluster, error) {
		if present != nil && present.Status == statusActive {
			return present, nil
		}
		return c, nil
	})
}

// changeCluster saves what fn makes of a cluster, nil if there is none, and
// answers with it.
func (s *Service) changeCluster(ctx context.Context, name string, fn func(*cluster) (*cluster, error)) (any, error) {
	var shown *shownCluster
	err := s.db.Tx(ctx, func(tx *sqldb.Tx) error {
		c, err := findCluster(tx, scopeOf(ctx), name)
		if err != nil {
			return err
		}
		if c, err = fn(c); err != nil {
			return err
		}
		if err := saveCluster(tx, c); err != nil {
			return err
		}
		shown, err = c.show(tx)
		return err
	})
	return clusterAnswer{shown}, err
}

type describeClustersInput struct {
	Clusters []string `json:"clusters"`
	Include  []string `json:"include"`
}

type describeClustersOutput struct {
	Clusters []*shownCluster `json:"clusters"`
	Failures []failure       `json:"failures"`
}

// describeClusters implements DescribeClusters.
func (s *Service) describeClusters(ctx context.Context, in *describeClustersInput) (any, error) {
	if len(in.Clusters) > maxPage {
		return nil, invalidParameter.errorf("At most %d clusters can be described, found %d.", maxPage, len(in.Clusters))
	}
	if len(in.Clusters) == 0 {
		in.Clusters = []string{defaultCluster}
	}
	scope := scopeOf(ctx)
	var out describeClustersOutput
	err := s.db.View(ctx, func(tx *sqldb.Tx) error {
		out = describeClustersOutput{Clusters: []*shownCluster{}, Failures: []failure{}}
		for _, reference := range in.Clusters {
			c, err := clusterBy(tx, scope, reference)
			if err != nil {
				return err
			}
			if c == nil {
				resource, _ := scope.resource("cluster", reference)
				out.Failures = append(out.Failures, failure{scope.arn(shortened(resource)), "MISSING"})
				continue
			}
			shown, err := c.show(tx)
			if err != nil {
				return err
			}
			out.Clusters = append(out.Clusters, shown)
		}
		return nil
	})
	return out, err
}

// clusterBy finds a cluster by name or ARN; nil for what names none.
func clusterBy(tx *sqldb.Tx, in scope, reference string) (*cluster, error) {
	name, err := clusterName(in, reference)
	if err != nil {
		return nil, nil
	}
	return findCluster(tx, in, name)
}

// listClusters implements ListClusters.
func (s *Service) listClusters(ctx context.Context, in *pageRequest) (any, error) {
	var arns []string
	err := s.db.View(ctx, func(tx *sqldb.Tx) error {
		arns = nil
		in := scopeOf(ctx)
		all, err := list[cluster](tx, `SELECT document FROM cluster WHERE account = $1 AND region = $2`, in.Account, in.Region)
		for _, c := range all {
			if c.Status == statusActive {
				arns = append(arns, c.arn())
			}
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	slices.Sort(arns)
	page, next, err := pageOf(arns, *in, itself, false)
	return struct {
		ARNs []string `json:"clusterArns"`
		Next string   `json:"nextToken,omitzero"`
	}{page, next}, err
}

type updateClusterInput struct {
	Cluster       string     `json:"cluster"`
	Settings      []keyValue `json:"settings"`
	Configuration opaque     `json:"configuration"`
}

// updateCluster implements UpdateCluster and UpdateClusterSettings.
func (s *Service) updateCluster(ctx context.Context, in *updateClusterInput) (any, error) {
	return s.changeActiveCluster(ctx, in.Cluster, func(c *cluster) {
		if len(in.Settings) > 0 {
			c.Settings = in.Settings
		}
		if in.Configuration != nil {
			c.Configuration = in.Configuration
		}
	})
}

type capacityProvidersInput struct {
	Cluster           string         `json:"cluster"`
	CapacityProviders []string       `json:"capacityProviders"`
	Strategy          []strategyItem `json:"defaultCapacityProviderStrategy"`
}

// putCapacityProviders implements PutClusterCapacityProviders. They are only
// remembered: every task runs on this machine.
func (s *Service) putCapacityProviders(ctx context.Context, in *capacityProvidersInput) (any, error) {
	return s.changeActiveCluster(ctx, in.Cluster, func(c *cluster) {
		c.CapacityProviders, c.Strategy = in.CapacityProviders, in.Strategy
	})
}

func (s *Service) changeActiveCluster(ctx context.Context, reference string, fn func(*cluster)) (any, error) {
	name, err := clusterName(scopeOf(ctx), reference)
	if err != nil {
		return nil, err
	}
	return s.changeCluster(ctx, name, func(c *cluster) (*cluster, error) {
		if c == nil || c.Status != statusActive {
			return nil, noCluster()
		}
		fn(c)
		return c, nil
	})
}

type clusterInput struct {
	Cluster string `json:"cluster"`
}

// deleteCluster implements DeleteCluster.
func (s *Service) deleteCluster(ctx context.Context, in *clusterInput) (any, error) {
	scope := scopeOf(ctx)
	name, err := clusterName(scope, in.Cluster)
	if err != nil {
		return nil, err
	}
	var shown *shownCluster
	err = s.db.Tx(ctx, func(tx *sqldb.Tx) error {
		c, err := activeCluster(tx, scope, name)
		if err != nil {
			return err
		}
		for _, status := range []string{statusActive, statusDraining} {
			if n, err := countServices(tx, c, status); err != nil {
				return err
			} else if n > 0 {
				return clusterContainsServices.errorf("The Cluster cannot be deleted while Services are active.")
			}
		}
		c.Status = statusInactive
		if err := saveCluster(tx, c); err != nil {
			return err
		}
		shown, err = c.show(tx)
		return err
	})
	return clusterAnswer{shown}, err
}
