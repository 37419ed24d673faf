package api

import "greenlight/internal/codedeploy"

// greenInstances judges which hosts of a blue/green deployment are the green
// ones. Whether the deployment is one is judged with its group.
func greenInstances(r *request, m *member, of *codedeploy.TargetInstances) error {
	if of == nil {
		return nil
	}
	lists := ec2Lists(of.EC2TagSet)
	if len(of.TagFilters) > 0 && len(lists) > 0 {
		return m.bad("The tagFilters and the ec2TagSet of %s cannot both be specified.", m.called())
	}
	if len(lists) > maxFilterLists {
		return m.bad("An ec2TagSet of %d tag groups was given in %s; at most %d are allowed.", len(lists), m.called(), maxFilterLists)
	}
	if len(of.AutoScalingGroups) > maxAutoScalingGroups {
		return m.bad("%d Auto Scaling groups were given in %s; at most %d are allowed.", len(of.AutoScalingGroups), m.called(), maxAutoScalingGroups)
	}
	if err := filterList(ec2Filter)(r, m, of.TagFilters); err != nil {
		return err
	}
	return setOfLists(m, lists, ec2Filter)
}
