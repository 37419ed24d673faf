package ecs

import (
	"cmp"
	"context"
	"slices"
	"strconv"

	"greenlight/internal/sqldb"
)

// shownTask is Task of the model.
type shownTask struct {
	ARN           string           `json:"taskArn"`
	ClusterARN    string           `json:"clusterArn"`
	Definition    string           `json:"taskDefinitionArn"`
	Group         string           `json:"group"`
	StartedBy     string           `json:"startedBy"`
	LastStatus    string           `json:"lastStatus"`
	DesiredStatus string           `json:"desiredStatus"`
	Health        string           `json:"healthStatus"`
	Connectivity  string           `json:"connectivity,omitzero"`
	CPU           string           `json:"cpu,omitzero"`
	Memory        string           `json:"memory,omitzero"`
	LaunchType    string           `json:"launchType,omitzero"`
	Platform      string           `json:"platformVersion,omitzero"`
	Containers    []shownContainer `json:"containers"`
	Attachments   []opaque         `json:"attachments"`
	Created       moment           `json:"createdAt"`
	Started       moment           `json:"startedAt,omitzero"`
	Stopping      moment           `json:"stoppingAt,omitzero"`
	Stopped       moment           `json:"stoppedAt,omitzero"`
	StopCode      string           `json:"stopCode,omitzero"`
	StoppedReason string           `json:"stoppedReason,omitzero"`
	Version       int              `json:"version"`
	Tags          []tag            `json:"tags"`
}

type shownContainer struct {
	ARN        string         `json:"containerArn"`
	TaskARN    string         `json:"taskArn"`
	Name       string         `json:"name"`
	Image      string         `json:"image"`
	RuntimeID  string         `json:"runtimeId,omitzero"`
	LastStatus string         `json:"lastStatus"`
	ExitCode   *int           `json:"exitCode,omitzero"`
	Reason     string         `json:"reason,omitzero"`
	Health     string         `json:"healthStatus"`
	Bindings   []shownBinding `json:"networkBindings"`
	Interfaces []opaque       `json:"networkInterfaces"`
}

type shownBinding struct {
	IP       string `json:"bindIP"`
	Port     int    `json:"containerPort"`
	HostPort int    `json:"hostPort"`
	Protocol string `json:"protocol"`
}

func (t *task) show() shownTask {
	k := t.Service
	shown := shownTask{
		ARN: t.arn(), ClusterARN: k.scope.arn("cluster/" + k.Cluster), Definition: t.Definition, Group: "service:" + k.Name,
		StartedBy: t.TaskSet, LastStatus: t.LastStatus, DesiredStatus: t.DesiredStatus, Health: t.health(),
		CPU: t.CPU, Memory: t.Memory, LaunchType: t.Placement.LaunchType, Platform: t.Placement.PlatformVersion,
		Created: t.Created, Started: t.Started, Stopping: t.Stopping, Stopped: t.Stopped,
		StopCode: t.StopCode, StoppedReason: t.StoppedReason, Version: 1, Tags: t.Tags.list(),
	}
	if t.LastStatus == taskRunning {
		shown.Connectivity = "CONNECTED"
	}
	for _, c := range t.Containers {
		shown.Containers = append(shown.Containers, c.show(t))
	}
	return shown
}

func (c container) show(t *task) shownContainer {
	k := t.Service
	shown := shownContainer{
		ARN: k.scope.arn("container/" + k.Cluster + "/" + t.ID + "/" + c.ID), TaskARN: t.arn(), Name: c.Name, Image: c.Image,
		RuntimeID: c.RuntimeID, LastStatus: c.LastStatus, ExitCode: c.ExitCode, Reason: c.Reason, Health: c.Health,
	}
	for _, b := range c.Ports {
		shown.Bindings = append(shown.Bindings, shownBinding{b.Host, b.Port, b.HostPort, "tcp"})
	}
	return shown
}

type listTasksInput struct {
	Cluster       string `json:"cluster"`
	Service       string `json:"serviceName"`
	Family        string `json:"family"`
	StartedBy     string `json:"startedBy"`
	DesiredStatus string `json:"desiredStatus"`
	LaunchType    string `json:"launchType"`
	pageRequest
}

// listTasks implements ListTasks: those that are to run, unless told.
func (s *Service) listTasks(ctx context.Context, in *listTasksInput) (any, error) {
	scope := scopeOf(ctx)
	name, err := clusterName(scope, in.Cluster)
	if err != nil {
		return nil, err
	}
	wanted := cmp.Or(in.DesiredStatus, taskRunning)
	if !slices.Contains([]string{taskRunning, taskPending, taskStopped}, wanted) {
		return nil, invalidParameter.errorf("Desired status %q must be RUNNING, PENDING or STOPPED.", shortened(wanted))
	}
	var arns []string
	err = s.db.View(ctx, func(tx *sqldb.Tx) error {
		arns = nil
		if _, err := activeCluster(tx, scope, name); err != nil {
			return err
		}
		if in.Service != "" {
			if k, err := serviceName(scope, name, in.Service); err != nil {
				return err
			} else if v, err := findService(tx, k); err != nil || v == nil {
				return cmp.Or(err, noService())
			} else {
				in.Service = v.Name
			}
		}
		all, err := list[task](tx, `SELECT document FROM task WHERE account = $1 AND region = $2 AND cluster = $3`,
			scope.Account, scope.Region, name)
		for _, t := range all {
			if t.DesiredStatus == wanted && in.selects(t) {
				arns = append(arns, t.arn())
			}
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	slices.Sort(arns)
	page, next, err := pageOf(arns, in.pageRequest, itself, false)
	return struct {
		ARNs []string `json:"taskArns"`
		Next string   `json:"nextToken,omitzero"`
	}{page, next}, err
}

func (in *listTasksInput) selects(t *task) bool {
	r, err := parseDefinition(t.Service.scope, t.Definition)
	return (in.Service == "" || in.Service == t.Service.Name) && (in.StartedBy == "" || in.StartedBy == t.TaskSet) &&
		(in.LaunchType == "" || in.LaunchType == t.Placement.LaunchType) && (in.Family == "" || err == nil && in.Family == r.Family)
}

type describeTasksInput struct {
	Cluster string   `json:"cluster"`
	Tasks   []string `json:"tasks"`
}

type describeTasksOutput struct {
	Tasks    []shownTask `json:"tasks"`
	Failures []failure   `json:"failures"`
}

// describeTasks implements DescribeTasks. STOPPED tasks are shown for a while.
func (s *Service) describeTasks(ctx context.Context, in *describeTasksInput) (any, error) {
	scope := scopeOf(ctx)
	name, err := clusterName(scope, in.Cluster)
	if err != nil {
		return nil, err
	}
	if n := len(in.Tasks); n == 0 || n > maxPage {
		return nil, invalidParameter.errorf("Between 1 and %d tasks must be specified, found %d.", maxPage, n)
	}
	var out describeTasksOutput
	err = s.db.View(ctx, func(tx *sqldb.Tx) error {
		out = describeTasksOutput{[]shownTask{}, []failure{}}
		if _, err := activeCluster(tx, scope, name); err != nil {
			return err
		}
		for _, reference := range in.Tasks {
			id := taskID(scope, name, reference)
			t, err := findTask(tx, scope, name, id)
			switch {
			case err != nil:
				return err
			case t == nil:
				out.Failures = append(out.Failures, failure{scope.arn("task/" + name + "/" + shortened(id)), "MISSING"})
			default:
				out.Tasks = append(out.Tasks, t.show())
			}
		}
		return nil
	})
	return out, err
}

type stopTaskInput struct {
	Cluster string `json:"cluster"`
	Task    string `json:"task"`
	Reason  string `json:"reason"`
}

// stopTask implements StopTask. The service replaces the task.
func (s *Service) stopTask(ctx context.Context, in *stopTaskInput) (any, error) {
	scope := scopeOf(ctx)
	name, err := clusterName(scope, in.Cluster)
	if err != nil {
		return nil, err
	}
	const longest = 1024
	if len(in.Reason) > longest {
		return nil, invalidParameter.errorf("The reason must have at most %s characters.", strconv.Itoa(longest))
	}
	now := s.now()
	var t *task
	err = s.db.Tx(ctx, func(tx *sqldb.Tx) (err error) {
		if _, err := activeCluster(tx, scope, name); err != nil {
			return err
		}
		if t, err = findTask(tx, scope, name, taskID(scope, name, in.Task)); err != nil {
			return err
		}
		if t == nil {
			return invalidParameter.errorf("The referenced task was not found.")
		}
		t.unwant(stopByUser, cmp.Or(in.Reason, "Task stopped by user"), now)
		return saveTask(tx, t)
	})
	if err != nil {
		return nil, err
	}
	s.mark(t.Service)
	return struct {
		Task shownTask `json:"task"`
	}{t.show()}, nil
}
