package ecs

import (
	"fmt"
	"slices"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"
)

func TestTaskDefinitionsByEveryReference(t *testing.T) {
	bubble(t, func(t *testing.T, c *cloud) {
		c.fixture()
		must(c.DeregisterTaskDefinition(t.Context(), &sdk.DeregisterTaskDefinitionInput{TaskDefinition: aws.String("app:3")}))(t)
		for reference, revision := range map[string]int32{
			"app": 2, "app:1": 1, "app:3": 3, arnPrefix + "task-definition/app:2": 2, arnPrefix + "task-definition/app": 2,
		} {
			out, err := c.DescribeTaskDefinition(t.Context(), &sdk.DescribeTaskDefinitionInput{TaskDefinition: aws.String(reference)})
			d := must(out, err)(t).TaskDefinition
			if d.Revision != revision || *d.TaskDefinitionArn != arnPrefix+"task-definition/app:"+fmt.Sprint(revision) {
				t.Errorf("%s is %s", reference, *d.TaskDefinitionArn)
			}
			if inactive := d.Status == types.TaskDefinitionStatusInactive; inactive != (revision == 3) || inactive != (d.DeregisteredAt != nil) {
				t.Errorf("%s is %s", reference, d.Status)
			}
			web := d.ContainerDefinitions[0]
			if !*web.Essential || web.PortMappings[0].Protocol != "tcp" || *web.PortMappings[0].ContainerPort != 80 || *web.Memory != 64 {
				t.Errorf("%s has %+v", reference, web)
			}
		}
		for _, reference := range []string{"none", "app:9"} {
			_, err := c.DescribeTaskDefinition(t.Context(), &sdk.DescribeTaskDefinitionInput{TaskDefinition: aws.String(reference)})
			wantCode(t, err, "ClientException", "Unable to describe task definition.")
		}
		if next := c.register("app"); next != arnPrefix+"task-definition/app:4" {
			t.Errorf("the next revision is %s", next)
		}
	})
}

func TestListTaskDefinitions(t *testing.T) {
	bubble(t, func(t *testing.T, c *cloud) {
		c.fixture()
		for range 9 {
			c.register("other")
		}
		c.register("other")
		var seen []string
		pages := sdk.NewListTaskDefinitionsPaginator(c, &sdk.ListTaskDefinitionsInput{MaxResults: aws.Int32(4), Sort: types.SortOrderDesc})
		for pages.HasMorePages() {
			seen = append(seen, must(pages.NextPage(t.Context()))(t).TaskDefinitionArns...)
		}
		if len(seen) != 13 || seen[0] != arnPrefix+"task-definition/other:10" || seen[1] != arnPrefix+"task-definition/other:9" || seen[12] != arnPrefix+"task-definition/app:1" {
			t.Errorf("listed %v", seen)
		}
		one := must(c.ListTaskDefinitions(t.Context(), &sdk.ListTaskDefinitionsInput{FamilyPrefix: aws.String("app")}))(t).TaskDefinitionArns
		if len(one) != 3 {
			t.Errorf("family app has %v", one)
		}
		families := must(c.ListTaskDefinitionFamilies(t.Context(), &sdk.ListTaskDefinitionFamiliesInput{FamilyPrefix: aws.String("o")}))(t).Families
		if !slices.Equal(families, []string{"other"}) {
			t.Errorf("families %v", families)
		}
		_, err := c.ListTaskDefinitions(t.Context(), &sdk.ListTaskDefinitionsInput{MaxResults: aws.Int32(101)})
		wantCode(t, err, "InvalidParameterException", "found 101")
	})
}

func TestRegisterTaskDefinitionRefuses(t *testing.T) {
	type in = sdk.RegisterTaskDefinitionInput
	cases := map[string]struct {
		change func(*in)
		text   string
	}{
		"family":        {func(i *in) { i.Family = aws.String("a b") }, "Family contains invalid characters"},
		"no containers": {func(i *in) { i.ContainerDefinitions = []types.ContainerDefinition{} }, "Container list cannot be empty."},
		"no name":       {func(i *in) { i.ContainerDefinitions[0].Name = nil }, "Container.name should not be null or empty."},
		"bad name":      {func(i *in) { i.ContainerDefinitions[0].Name = aws.String("a b") }, "invalid characters"},
		"no image":      {func(i *in) { i.ContainerDefinitions[0].Image = nil }, "Container.image should not be null or empty."},
		"same name":     {func(i *in) { i.ContainerDefinitions = append(i.ContainerDefinitions, i.ContainerDefinitions[0]) }, "unique"},
		"no memory":     {func(i *in) { i.ContainerDefinitions[0].Memory = nil }, "At least one of 'memory' or 'memoryReservation' must be specified."},
		"too little":    {func(i *in) { i.ContainerDefinitions[0].Memory = aws.Int32(3) }, "at least 4"},
		"reservation":   {func(i *in) { i.ContainerDefinitions[0].MemoryReservation = aws.Int32(65) }, "greater than"},
		"no essential":  {func(i *in) { i.ContainerDefinitions[0].Essential = aws.Bool(false) }, "essential"},
		"port":          {func(i *in) { i.ContainerDefinitions[0].PortMappings[0].ContainerPort = aws.Int32(65536) }, "65536"},
		"no port":       {func(i *in) { i.ContainerDefinitions[0].PortMappings[0].ContainerPort = nil }, "The container port 0"},
		"udp":           {func(i *in) { i.ContainerDefinitions[0].PortMappings[0].Protocol = "udp" }, "udp"},
		"port twice": {func(i *in) {
			i.ContainerDefinitions[0].PortMappings = append(i.ContainerDefinitions[0].PortMappings, i.ContainerDefinitions[0].PortMappings...)
		}, "twice"},
		"secrets": {func(i *in) {
			i.ContainerDefinitions[0].Secrets = []types.Secret{{Name: aws.String("A"), ValueFrom: aws.String("arn")}}
		}, "'secrets' is not available in the local ECS."},
		"environment file": {func(i *in) {
			i.ContainerDefinitions[0].EnvironmentFiles = []types.EnvironmentFile{{Type: "s3", Value: aws.String("arn")}}
		}, "'environmentFiles' is not available"},
		"volumes":      {func(i *in) { i.Volumes = []types.Volume{{Name: aws.String("v")}} }, "volumes is not available"},
		"health check": {func(i *in) { i.ContainerDefinitions[0].HealthCheck = &types.HealthCheck{Command: []string{"true"}} }, "CMD"},
		"interval": {func(i *in) {
			i.ContainerDefinitions[0].HealthCheck = &types.HealthCheck{Command: []string{"CMD", "true"}, Interval: aws.Int32(4)}
		}, "interval of 4"},
		"stop timeout":   {func(i *in) { i.ContainerDefinitions[0].StopTimeout = aws.Int32(-1) }, "stop timeout"},
		"network mode":   {func(i *in) { i.NetworkMode = "x" }, "networkMode"},
		"Fargate bridge": {func(i *in) { i.RequiresCompatibilities = []types.Compatibility{"FARGATE"} }, "Fargate only supports network mode"},
		"Fargate size": {func(i *in) {
			i.RequiresCompatibilities, i.NetworkMode, i.Memory = []types.Compatibility{"FARGATE"}, "awsvpc", aws.String("512")
		}, "'cpu' be defined"},
		"size": {func(i *in) { i.Cpu = aws.String("much") }, "cpu"},
		"tags": {func(i *in) { i.Tags = []types.Tag{{Key: aws.String("aws:x")}} }, "aws:"},
	}
	bubble(t, func(t *testing.T, c *cloud) {
		for name, test := range cases {
			t.Log(name)
			input := &in{Family: aws.String("app"), ContainerDefinitions: []types.ContainerDefinition{{
				Name: aws.String("web"), Image: aws.String("app"), Memory: aws.Int32(64),
				PortMappings: []types.PortMapping{{ContainerPort: aws.Int32(80)}},
			}}}
			test.change(input)
			_, err := c.RegisterTaskDefinition(t.Context(), input)
			code := "ClientException"
			switch name {
			case "tags":
				code = "InvalidParameterException"
			case "udp", "volumes":
				code = "UnsupportedFeatureException"
			}
			wantCode(t, err, code, test.text)
		}
	})
}

func TestFargateTaskDefinition(t *testing.T) {
	bubble(t, func(t *testing.T, c *cloud) {
		c.fixture()
		d := must(c.RegisterTaskDefinition(t.Context(), &sdk.RegisterTaskDefinitionInput{
			Family: aws.String("far"), NetworkMode: "awsvpc", Cpu: aws.String(".5 vCPU"), Memory: aws.String("1 GB"),
			RequiresCompatibilities: []types.Compatibility{"FARGATE"},
			ContainerDefinitions: []types.ContainerDefinition{{Name: aws.String("web"), Image: aws.String("app"),
				PortMappings:     []types.PortMapping{{ContainerPort: aws.Int32(80)}},
				LogConfiguration: &types.LogConfiguration{LogDriver: "awslogs", Options: map[string]string{"a": "b"}}}},
		}))(t).TaskDefinition
		if *d.Cpu != "512" || *d.Memory != "1024" || *d.ContainerDefinitions[0].PortMappings[0].HostPort != 80 ||
			d.ContainerDefinitions[0].LogConfiguration.Options["a"] != "b" {
			t.Errorf("definition %+v", d)
		}
		fargate := func(in *sdk.CreateServiceInput) { in.TaskDefinition, in.LaunchType = d.TaskDefinitionArn, "FARGATE" }
		_, err := c.CreateService(t.Context(), serviceInput(fargate))
		wantCode(t, err, "InvalidParameterException", "Network Configuration must be provided when networkMode 'awsvpc' is specified.")
		s := must(c.CreateService(t.Context(), serviceInput(fargate, func(in *sdk.CreateServiceInput) {
			in.NetworkConfiguration = &types.NetworkConfiguration{AwsvpcConfiguration: &types.AwsVpcConfiguration{Subnets: []string{"subnet-1"}}}
		})))(t).Service
		if *s.PlatformVersion != "LATEST" || s.TaskSets[0].NetworkConfiguration.AwsvpcConfiguration.AssignPublicIp != "DISABLED" ||
			s.TaskSets[0].LaunchType != "FARGATE" {
			t.Errorf("service %+v", s)
		}
	})
}
