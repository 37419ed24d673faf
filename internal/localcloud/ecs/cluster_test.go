package ecs

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"
)

func TestClusters(t *testing.T) {
	bubble(t, func(t *testing.T, c *cloud) {
		if out := must(c.CreateCluster(t.Context(), &sdk.CreateClusterInput{}))(t); *out.Cluster.ClusterName != "default" {
			t.Errorf("created %s", *out.Cluster.ClusterName)
		}
		c.serve()
		out := must(c.DescribeClusters(t.Context(), &sdk.DescribeClustersInput{Clusters: []string{"c1", arnPrefix + "cluster/default", "c2"}}))(t)
		if len(out.Clusters) != 2 || out.Clusters[0].RunningTasksCount != 2 || out.Clusters[0].ActiveServicesCount != 1 || *out.Clusters[0].Status != "ACTIVE" {
			t.Errorf("clusters %+v", out.Clusters)
		}
		if len(out.Failures) != 1 || *out.Failures[0].Arn != arnPrefix+"cluster/c2" || *out.Failures[0].Reason != "MISSING" {
			t.Errorf("failures %+v", out.Failures)
		}
		if *out.Clusters[1].Settings[0].Value != "disabled" {
			t.Errorf("settings %+v", out.Clusters[1].Settings)
		}
		must(c.PutClusterCapacityProviders(t.Context(), &sdk.PutClusterCapacityProvidersInput{Cluster: aws.String("default"), CapacityProviders: []string{"FARGATE"},
			DefaultCapacityProviderStrategy: []types.CapacityProviderStrategyItem{{CapacityProvider: aws.String("FARGATE"), Weight: 1}}}))(t)
		again := must(c.CreateCluster(t.Context(), &sdk.CreateClusterInput{}))(t).Cluster
		if len(again.CapacityProviders) != 1 || len(again.DefaultCapacityProviderStrategy) != 1 {
			t.Errorf("creating again changed %+v", again)
		}
		if deleted := must(c.DeleteCluster(t.Context(), &sdk.DeleteClusterInput{Cluster: aws.String("default")}))(t).Cluster; *deleted.Status != "INACTIVE" {
			t.Errorf("deleted %+v", deleted)
		}
		arns := must(c.ListClusters(t.Context(), &sdk.ListClustersInput{}))(t).ClusterArns
		if len(arns) != 1 || arns[0] != arnPrefix+"cluster/c1" {
			t.Errorf("listed %v", arns)
		}
	})
}

func TestAccountsAndRegionsAreApart(t *testing.T) {
	bubble(t, func(t *testing.T, c *cloud) {
		c.serve()
		for _, other := range []*sdk.Client{c.as("999988887777", testRegion), c.as(testAccount, "eu-west-1")} {
			_, err := other.DescribeServices(t.Context(), &sdk.DescribeServicesInput{Cluster: aws.String("c1"), Services: []string{"s1"}})
			wantCode(t, err, "ClusterNotFoundException", "")
			_, err = other.DescribeTaskDefinition(t.Context(), &sdk.DescribeTaskDefinitionInput{TaskDefinition: aws.String("app:1")})
			wantCode(t, err, "ClientException", "")
			_, err = other.ListTagsForResource(t.Context(), &sdk.ListTagsForResourceInput{ResourceArn: aws.String(arnPrefix + "service/c1/s1")})
			wantCode(t, err, "InvalidParameterException", "")
		}
	})
}

func TestTagsOfEverything(t *testing.T) {
	bubble(t, func(t *testing.T, c *cloud) {
		s := c.serve(func(in *sdk.CreateServiceInput) {
			in.Tags = []types.Tag{{Key: aws.String("made"), Value: aws.String("yes")}}
		})
		for _, arn := range []string{
			arnPrefix + "cluster/c1", *s.ServiceArn, *s.TaskSets[0].TaskSetArn, *c.tasks("RUNNING")[0].TaskArn, *s.TaskDefinition,
		} {
			must(c.TagResource(t.Context(), &sdk.TagResourceInput{ResourceArn: &arn, Tags: []types.Tag{
				{Key: aws.String("b"), Value: aws.String("2")}, {Key: aws.String("a"), Value: aws.String("1")}}}))(t)
			must(c.UntagResource(t.Context(), &sdk.UntagResourceInput{ResourceArn: &arn, TagKeys: []string{"a", "made"}}))(t)
			tags := must(c.ListTagsForResource(t.Context(), &sdk.ListTagsForResourceInput{ResourceArn: &arn}))(t).Tags
			if len(tags) != 1 || *tags[0].Key != "b" || *tags[0].Value != "2" {
				t.Errorf("%s has %+v", arn, tags)
			}
		}
		c.settle()
		if d := must(c.DescribeServices(t.Context(), &sdk.DescribeServicesInput{Cluster: aws.String("c1"), Services: []string{*s.ServiceArn},
			Include: []types.ServiceField{"TAGS"}}))(t).Services[0]; len(d.Tags) != 1 {
			t.Errorf("tags %+v", d.Tags)
		}
		missing := arnPrefix + "service/c1/none"
		_, err := c.TagResource(t.Context(), &sdk.TagResourceInput{ResourceArn: &missing, Tags: []types.Tag{{Key: aws.String("a")}}})
		wantCode(t, err, "ResourceNotFoundException", "")
	})
}

func TestServiceReferences(t *testing.T) {
	bubble(t, func(t *testing.T, c *cloud) {
		c.serve()
		for _, in := range []sdk.DescribeServicesInput{
			{Cluster: aws.String("c1"), Services: []string{"s1"}},
			{Cluster: aws.String(arnPrefix + "cluster/c1"), Services: []string{arnPrefix + "service/c1/s1"}},
			{Services: []string{"c1/s1"}}, {Services: []string{arnPrefix + "service/c1/s1"}},
			{Cluster: aws.String("c1"), Services: []string{arnPrefix + "service/s1"}},
		} {
			if out := must(c.DescribeServices(t.Context(), &in))(t); len(out.Services) != 1 {
				t.Errorf("%v: failures %+v", in.Services, out.Failures)
			}
		}
		out := must(c.DescribeServices(t.Context(), &sdk.DescribeServicesInput{Cluster: aws.String("c1"), Services: []string{"none"}}))(t)
		if len(out.Failures) != 1 || *out.Failures[0].Reason != "MISSING" || *out.Failures[0].Arn != arnPrefix+"service/c1/none" {
			t.Errorf("failures %+v", out.Failures)
		}
		_, err := c.DescribeServices(t.Context(), &sdk.DescribeServicesInput{Cluster: aws.String("c1"), Services: make([]string, 11)})
		wantCode(t, err, "InvalidParameterException", "found 11")
	})
}

func TestWhatIsNotOfferedSaysSo(t *testing.T) {
	bubble(t, func(t *testing.T, c *cloud) {
		_, err := c.RunTask(t.Context(), &sdk.RunTaskInput{TaskDefinition: aws.String("app")})
		wantCode(t, err, "UnsupportedFeatureException", "RunTask is not available in the local ECS.")
	})
}
