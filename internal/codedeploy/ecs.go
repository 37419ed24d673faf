package codedeploy

import "strings"

// defaultCluster is the cluster of a service that names none (ecs.md 3.1).
const defaultCluster = "default"

// Names returns the short names of a service that is given by names or ARNs.
// The cluster is the one given, else that in the service's ARN, else the default
// one.
func (s ECSService) Names() (cluster, service string) {
	path := strings.Split(resourcePath(s.ServiceName), "/")
	service = path[len(path)-1]
	switch cluster = resourcePath(s.ClusterName); {
	case cluster != "":
	case len(path) > 1:
		cluster = path[0]
	default:
		cluster = defaultCluster
	}
	return cluster, service
}

// Address returns what ECS is to be asked for: names and ARNs as they were given,
// so that ECS refuses those of elsewhere, and the cluster where none was.
func (s ECSService) Address() (cluster, service string) {
	if s.ClusterName != "" {
		return s.ClusterName, s.ServiceName
	}
	cluster, _ = s.Names()
	return cluster, s.ServiceName
}

// resourcePath is an ARN's resource without its type, such as c/s of
// arn:aws:ecs:us-east-1:111122223333:service/c/s; any other text is itself.
func resourcePath(text string) string {
	if !strings.HasPrefix(text, "arn:") {
		return text
	}
	_, path, _ := strings.Cut(text, "/")
	return path
}
