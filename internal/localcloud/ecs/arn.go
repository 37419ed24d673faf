package ecs

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"math/big"
	"regexp"
	"strconv"
	"strings"

	"greenlight/internal/awswire"
)

// scope is an account in a region. Everything that is stored belongs to one.
type scope struct{ Account, Region string }

func scopeOf(ctx context.Context) scope {
	c := awswire.CallerFrom(ctx)
	return scope{c.Account, c.Region}
}

// arn names a resource of the scope: "cluster/c", "service/c/s".
func (s scope) arn(resource string) string {
	return "arn:" + awswire.Partition(s.Region) + ":ecs:" + s.Region + ":" + s.Account + ":" + resource
}

// resource is what an ARN of the scope names, and false for an ARN of another.
// What is no ARN is its own resource of the kind.
func (s scope) resource(kind, reference string) (string, bool) {
	if !strings.HasPrefix(reference, "arn:") {
		return kind + "/" + reference, true
	}
	return strings.CutPrefix(reference, s.arn(""))
}

// serviceKey identifies a service.
type serviceKey struct {
	scope
	Cluster, Name string
}

func (k serviceKey) arn() string { return k.scope.arn("service/" + k.Cluster + "/" + k.Name) }

func (k serviceKey) taskSetARN(id string) string {
	return k.scope.arn("task-set/" + k.Cluster + "/" + k.Name + "/" + id)
}

// taskSetPrefix begins the id of every task set; a decimal number follows
// (ecs.md 1).
const taskSetPrefix = "ecs-svc/"

var taskSetNumbers = big.NewInt(9_000_000_000_000_000_000)

func newTaskSetID() string {
	n, err := rand.Int(rand.Reader, taskSetNumbers)
	if err != nil {
		panic(err) // the system's source of randomness never fails
	}
	return taskSetPrefix + strconv.FormatInt(n.Int64()+1, 10)
}

// newHexID is the id of a task, an event or a container.
func newHexID() string {
	var b [16]byte
	rand.Read(b[:]) // never fails
	return hex.EncodeToString(b[:])
}

var validName = regexp.MustCompile(`^[a-zA-Z0-9_-]{1,255}$`)

// defaultCluster is meant where no cluster is named.
const defaultCluster = "default"

// clusterName reads a name or an ARN of a cluster.
func clusterName(in scope, reference string) (string, error) {
	if reference == "" {
		return defaultCluster, nil
	}
	resource, ok := in.resource("cluster", reference)
	name, isCluster := strings.CutPrefix(resource, "cluster/")
	if !ok || !isCluster {
		return "", noCluster()
	}
	if !validName.MatchString(name) {
		return "", invalidParameter.errorf("Identifier must be a cluster's name or ARN, found %q.", shortened(reference))
	}
	return name, nil
}

// serviceName reads a service's name, "cluster/name", or ARN in its long or old
// form. A reference that names the cluster must not contradict the other one.
func serviceName(in scope, cluster, reference string) (serviceKey, error) {
	resource, ok := in.resource("service", reference)
	path, isService := strings.CutPrefix(resource, "service/")
	if reference == "" || !ok || !isService {
		return serviceKey{}, noService()
	}
	named, name, qualified := strings.Cut(path, "/")
	if !qualified {
		named, name = cluster, path
	}
	wanted, err := clusterName(in, cluster)
	if err != nil {
		return serviceKey{}, err
	}
	if qualified && cluster != "" && named != wanted {
		return serviceKey{}, invalidParameter.errorf("Identifier is for %s. Your cluster is %s", shortened(named), wanted)
	}
	if qualified {
		wanted = named
	}
	if !validName.MatchString(name) || !validName.MatchString(wanted) {
		return serviceKey{}, invalidParameter.errorf("Invalid service identifier %q.", shortened(reference))
	}
	return serviceKey{in, wanted, name}, nil
}

// taskSetID reads an id or an ARN of one of the service's task sets.
func taskSetID(k serviceKey, reference string) (string, error) {
	id := reference
	if strings.HasPrefix(reference, "arn:") {
		id = strings.TrimPrefix(reference, k.taskSetARN(""))
	}
	if !strings.HasPrefix(id, taskSetPrefix) {
		return "", noTaskSet()
	}
	return id, nil
}

// taskID reads an id or an ARN of a task, whose cluster must be the one given.
func taskID(in scope, cluster, reference string) string {
	return strings.TrimPrefix(reference, in.arn("task/"+cluster+"/"))
}

// definitionReference is "family", "family:revision" or the ARN of a task
// definition, taken apart. Revision 0 means the latest that is ACTIVE.
type definitionReference struct {
	Family   string
	Revision int
}

func parseDefinition(in scope, reference string) (definitionReference, error) {
	resource, ok := in.resource("task-definition", reference)
	path, isDefinition := strings.CutPrefix(resource, "task-definition/")
	if !ok || !isDefinition {
		return definitionReference{}, client.errorf("TaskDefinition not found.")
	}
	family, number, numbered := strings.Cut(path, ":")
	if !validName.MatchString(family) {
		return definitionReference{}, invalidParameter.errorf("Invalid task definition identifier %q.", shortened(reference))
	}
	if !numbered {
		return definitionReference{Family: family}, nil
	}
	revision, err := strconv.Atoi(number)
	if err != nil || revision < 1 {
		return definitionReference{}, client.errorf("Invalid revision number. Number: %s", shortened(number))
	}
	return definitionReference{family, revision}, nil
}
