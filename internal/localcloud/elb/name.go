package elb

import (
	"regexp"
	"strings"
)

const maxName = 32

var namePattern = regexp.MustCompile(`^[A-Za-z0-9-]+$`)

// checkName holds the name of a load balancer or a target group, which what says, to the model's rules.
func checkName(what, name string) error {
	switch {
	case name == "":
		return required("Name", name)
	case len(name) > maxName:
		return invalid("%s name '%s' cannot be longer than '%d' characters", what, name, maxName)
	case !namePattern.MatchString(name):
		return invalid("%s name '%s' can only contain characters that are alphanumeric characters and hyphens(-)", what, name)
	case strings.HasPrefix(name, "-") || strings.HasSuffix(name, "-"):
		return invalid("%s name '%s' cannot begin or end with '-'", what, name)
	case what == "Load balancer" && strings.HasPrefix(name, "internal-"):
		return invalid("%s name '%s' cannot begin with 'internal-'", what, name)
	}
	return nil
}
