package codedeploy

import "testing"

func TestECSServiceNames(t *testing.T) {
	const arn = "arn:aws:ecs:eu-west-1:111122223333:"
	for _, c := range []struct {
		given            ECSService
		cluster, service string
		asked            string // the cluster that ECS is asked for
	}{
		{ECSService{ClusterName: "c", ServiceName: "s"}, "c", "s", "c"},
		{ECSService{ServiceName: "s"}, "default", "s", "default"},
		{ECSService{ServiceName: arn + "service/c/s"}, "c", "s", "c"},
		{ECSService{ServiceName: arn + "service/s"}, "default", "s", "default"}, // of an old account
		{ECSService{ClusterName: "c", ServiceName: arn + "service/s"}, "c", "s", "c"},
		{ECSService{ClusterName: arn + "cluster/c", ServiceName: arn + "service/c/s"}, "c", "s", arn + "cluster/c"},
	} {
		cluster, service := c.given.Names()
		if cluster != c.cluster || service != c.service {
			t.Errorf("%+v is %s:%s, want %s:%s", c.given, cluster, service, c.cluster, c.service)
		}
		if asked, as := c.given.Address(); asked != c.asked || as != c.given.ServiceName {
			t.Errorf("%+v is asked for as %s, %s", c.given, asked, as)
		}
	}
}
