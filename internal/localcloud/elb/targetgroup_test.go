package elb

import (
	"testing"

	sdk "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"
)

func (b *bench) describeGroup(arn string) types.TargetGroup {
	b.t.Helper()
	return must(b.DescribeTargetGroups(b.t.Context(), &sdk.DescribeTargetGroupsInput{TargetGroupArns: []string{arn}}))(b.t).TargetGroups[0]
}

func TestTargetGroup_Defaults(t *testing.T) {
	b := start(t, Options{})
	web := b.describeGroup(b.group("web"))
	if *web.HealthCheckPath != "/" || *web.HealthCheckPort != "traffic-port" || *web.HealthCheckIntervalSeconds != 30 ||
		*web.HealthCheckTimeoutSeconds != 5 || *web.HealthyThresholdCount != 5 || *web.UnhealthyThresholdCount != 2 ||
		*web.Matcher.HttpCode != "200" || *web.ProtocolVersion != "HTTP1" || web.LoadBalancerArns == nil || len(web.LoadBalancerArns) != 0 {
		t.Errorf("HTTP: got %+v", web)
	}
	tcp := b.describeGroup(b.group("tcp", func(in *sdk.CreateTargetGroupInput) { in.Protocol = types.ProtocolEnumTcp }))
	if tcp.HealthCheckProtocol != types.ProtocolEnumTcp || tcp.HealthCheckPath != nil || tcp.Matcher != nil || *tcp.HealthCheckTimeoutSeconds != 10 {
		t.Errorf("TCP: got %+v", tcp)
	}
	mixed := b.describeGroup(b.group("mixed", func(in *sdk.CreateTargetGroupInput) {
		in.Protocol, in.HealthCheckProtocol = types.ProtocolEnumTcp, types.ProtocolEnumHttp
	}))
	if *mixed.HealthCheckPath != "/" || *mixed.Matcher.HttpCode != "200-399" || *mixed.HealthCheckTimeoutSeconds != 6 {
		t.Errorf("TCP with an HTTP check: got %+v", mixed)
	}
}

func TestTargetGroup_Modify(t *testing.T) {
	b := start(t, Options{})
	arn := b.group("tgA")
	got := must(b.ModifyTargetGroup(t.Context(), &sdk.ModifyTargetGroupInput{
		TargetGroupArn: &arn, HealthCheckPath: new("/health?deep=1"), Matcher: &types.Matcher{HttpCode: new("200-299,301")},
		HealthyThresholdCount: new(int32(2)), HealthCheckPort: new("8081"),
	}))(t).TargetGroups[0]
	if *got.HealthCheckPath != "/health?deep=1" || *got.Matcher.HttpCode != "200-299,301" || *got.HealthyThresholdCount != 2 ||
		*got.HealthCheckPort != "8081" || *got.HealthCheckIntervalSeconds != 30 {
		t.Errorf("got %+v", got)
	}
	_, err := b.ModifyTargetGroup(t.Context(), &sdk.ModifyTargetGroupInput{TargetGroupArn: &arn, HealthCheckTimeoutSeconds: new(int32(30))})
	wantFault(t, err, "ValidationError", "interval must be greater than the timeout")
	_, err = b.ModifyTargetGroup(t.Context(), &sdk.ModifyTargetGroupInput{TargetGroupArn: new(arn + "0")})
	wantFault(t, err, "ValidationError", "is not a valid target group ARN")
}

func TestTargetGroup_Refusals(t *testing.T) {
	b := start(t, Options{})
	b.group("tgA")
	tests := map[string]struct {
		change        func(*sdk.CreateTargetGroupInput)
		code, message string
	}{
		"other settings": {func(in *sdk.CreateTargetGroupInput) { in.Name, in.Port = new("tgA"), new(int32(81)) }, "DuplicateTargetGroupName", "'tgA' exists"},
		"no protocol":    {func(in *sdk.CreateTargetGroupInput) { in.Protocol = "" }, "ValidationError", "protocol must be specified"},
		"no port":        {func(in *sdk.CreateTargetGroupInput) { in.Port = nil }, "ValidationError", "port must be specified"},
		"port":           {func(in *sdk.CreateTargetGroupInput) { in.Port = new(int32(65536)) }, "ValidationError", "'65536'"},
		"TLS":            {func(in *sdk.CreateTargetGroupInput) { in.Protocol = types.ProtocolEnumHttps }, "ValidationError", "'HTTPS' must be HTTP or TCP"},
		"lambda":         {func(in *sdk.CreateTargetGroupInput) { in.TargetType = types.TargetTypeEnumLambda }, "ValidationError", "'lambda'"},
		"gRPC":           {func(in *sdk.CreateTargetGroupInput) { in.ProtocolVersion = new("GRPC") }, "ValidationError", "'GRPC'"},
		"interval":       {func(in *sdk.CreateTargetGroupInput) { in.HealthCheckIntervalSeconds = new(int32(4)) }, "ValidationError", "between 5 and 300"},
		"threshold":      {func(in *sdk.CreateTargetGroupInput) { in.UnhealthyThresholdCount = new(int32(11)) }, "ValidationError", "between 2 and 10"},
		"path":           {func(in *sdk.CreateTargetGroupInput) { in.HealthCheckPath = new("health") }, "ValidationError", "'health'"},
		"matcher":        {func(in *sdk.CreateTargetGroupInput) { in.Matcher = &types.Matcher{HttpCode: new("200-500")} }, "ValidationError", "'200-499'"},
		"no matcher":     {func(in *sdk.CreateTargetGroupInput) { in.Matcher = &types.Matcher{HttpCode: new("fine")} }, "ValidationError", "'fine'"},
		"check port":     {func(in *sdk.CreateTargetGroupInput) { in.HealthCheckPort = new("http") }, "ValidationError", "'http'"},
		"check protocol": {func(in *sdk.CreateTargetGroupInput) { in.HealthCheckProtocol = types.ProtocolEnumTcp }, "ValidationError", "'TCP'"},
		"no checks":      {func(in *sdk.CreateTargetGroupInput) { in.HealthCheckEnabled = new(false) }, "ValidationError", "must be true"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			in := &sdk.CreateTargetGroupInput{Name: new("other"), Protocol: types.ProtocolEnumHttp, Port: new(int32(80)), TargetType: types.TargetTypeEnumIp}
			test.change(in)
			_, err := b.CreateTargetGroup(t.Context(), in)
			wantFault(t, err, test.code, test.message)
		})
	}
	_, err := b.DescribeTargetGroups(t.Context(), &sdk.DescribeTargetGroupsInput{Names: []string{"tgA", "tgZ"}})
	wantFault(t, err, "TargetGroupNotFound", "One or more target groups not found")
}

func TestTargets_Refusals(t *testing.T) {
	b := start(t, Options{})
	ip := b.group("ip")
	instance := b.group("instance", func(in *sdk.CreateTargetGroupInput) { in.TargetType = types.TargetTypeEnumInstance })
	tests := map[string]struct {
		group, id     string
		port          int32
		code, message string
	}{
		"host name in an ip group": {ip, "localhost", 80, "ValidationError", "'localhost'"},
		"EC2 instance":             {instance, "i-0123456789abcdef0", 80, "InvalidTarget", "There are no EC2 instances here"},
		"neither":                  {instance, "a b", 80, "InvalidTarget", "'a b'"},
		"port":                     {ip, "127.0.0.1", 70000, "ValidationError", "'70000'"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := b.RegisterTargets(t.Context(), &sdk.RegisterTargetsInput{
				TargetGroupArn: &test.group, Targets: []types.TargetDescription{{Id: &test.id, Port: &test.port}},
			})
			wantFault(t, err, test.code, test.message)
		})
	}
	if err := b.service.RegisterTarget(account, region, instance, TargetID{"localhost", 1}); err != nil {
		t.Error(err)
	}
	if err := b.service.RegisterTarget(account, "us-east-1", instance, TargetID{"localhost", 1}); err == nil {
		t.Error("a target group of another region was found")
	}
}
