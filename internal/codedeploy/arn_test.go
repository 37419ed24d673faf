package codedeploy

import (
	"strings"
	"testing"
)

func TestARNsAreWrittenAndRead(t *testing.T) {
	for _, test := range []struct {
		text string
		want ARN
	}{
		{ApplicationARN("aws", "eu-west-1", "111122223333", "orders"),
			ARN{Partition: "aws", Region: "eu-west-1", Account: "111122223333", Kind: ResourceApplication, Application: "orders"}},
		{DeploymentGroupARN("aws-cn", "cn-north-1", "111122223333", "orders", "live"),
			ARN{Partition: "aws-cn", Region: "cn-north-1", Account: "111122223333", Kind: ResourceDeploymentGroup, Application: "orders", DeploymentGroup: "live"}},
		{DeploymentConfigARN("aws-us-gov", "us-gov-west-1", "111122223333", "slow"),
			ARN{Partition: "aws-us-gov", Region: "us-gov-west-1", Account: "111122223333", Kind: ResourceDeploymentConfig, DeploymentConfig: "slow"}},
		{"arn:aws:codedeploy:eu-west-1::application:orders",
			ARN{Partition: "aws", Region: "eu-west-1", Kind: ResourceApplication, Application: "orders"}},
	} {
		t.Run(test.text, func(t *testing.T) {
			got, err := ParseARN(test.text)
			if err != nil || got != test.want {
				t.Errorf("got %+v, %v, want %+v", got, err, test.want)
			}
			if got.String() != test.text {
				t.Errorf("written again as %s", got)
			}
		})
	}
}

func TestARNTexts(t *testing.T) {
	for got, want := range map[string]string{
		ApplicationARN("aws", "eu-west-1", "111122223333", "orders"):             "arn:aws:codedeploy:eu-west-1:111122223333:application:orders",
		DeploymentGroupARN("aws", "eu-west-1", "111122223333", "orders", "live"): "arn:aws:codedeploy:eu-west-1:111122223333:deploymentgroup:orders/live",
		DeploymentConfigARN("aws", "eu-west-1", "111122223333", "slow"):          "arn:aws:codedeploy:eu-west-1:111122223333:deploymentconfig:slow",
		LambdaAliasARN("cn-north-1", "111122223333", "orders-fn", "live"):        "arn:aws-cn:lambda:cn-north-1:111122223333:function:orders-fn:live",
	} {
		if got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

func TestParseARNRefusals(t *testing.T) {
	for text, want := range map[string]ExceptionCode{
		"":       InvalidArnException,
		"orders": InvalidArnException,
		"arn:aws:codedeploy:eu-west-1:111122223333":                                      InvalidArnException,
		"arn::codedeploy:eu-west-1:111122223333:application:a":                           InvalidArnException,
		"arn:other:codedeploy:eu-west-1:111122223333:application:a":                      InvalidArnException,
		"arn:aws:codedeploy:eu-west-1:1234:application:a":                                InvalidArnException,
		"arn:aws:codedeploy:eu-west-1:111122223333:application:":                         InvalidArnException,
		"arn:aws:codedeploy:eu-west-1:111122223333:application:a/b":                      InvalidArnException,
		"arn:aws:codedeploy:eu-west-1:111122223333:deploymentgroup:a":                    InvalidArnException,
		"arn:aws:codedeploy:eu-west-1:111122223333:deploymentgroup:a/b/c":                InvalidArnException,
		"arn:aws:codedeploy:eu-west-1:111122223333:" + strings.Repeat("a", maxARNLength): InvalidArnException,
		"arn:aws:codedeploy:eu-west-1:111122223333:instance/host_4IwLNI2Alh":             ArnNotSupportedException,
		"arn:aws:codedeploy:eu-west-1:111122223333:instance:host":                        ArnNotSupportedException,
		"arn:aws:lambda:eu-west-1:111122223333:function:f":                               ArnNotSupportedException,
		"arn:aws:s3:::bucket": ArnNotSupportedException,
	} {
		if got, err := ParseARN(text); CodeOf(err) != want || got != (ARN{}) {
			t.Errorf("%s: got %+v, %v, want %s", text, got, err, want)
		}
	}
}

func TestARNInRegionAndAccount(t *testing.T) {
	own := ARN{Region: "eu-west-1", Account: "111122223333"}
	for _, test := range []struct {
		arn             ARN
		region, account string
		want            bool
	}{
		{own, "eu-west-1", "111122223333", true},
		{own, "us-east-1", "111122223333", false},
		{own, "eu-west-1", "444455556666", false},
		{ARN{Region: "eu-west-1"}, "eu-west-1", "444455556666", true},
		{ARN{Region: "eu-west-1"}, "us-east-1", "444455556666", false},
	} {
		if got := test.arn.In(test.region, test.account); got != test.want {
			t.Errorf("%+v in %s of %s: %t", test.arn, test.region, test.account, got)
		}
	}
}

func FuzzParseARN(f *testing.F) {
	for _, seed := range []string{"arn:aws:codedeploy:eu-west-1:111122223333:deploymentgroup:a/b",
		"arn:aws:codedeploy:eu-west-1::application:a", "arn:aws:codedeploy:r:111122223333:deploymentconfig:a", "arn:aws:lambda:::x"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		arn, err := ParseARN(text)
		if err != nil {
			if code := CodeOf(err); code != InvalidArnException && code != ArnNotSupportedException {
				t.Fatalf("%q: unexpected error %v", text, err)
			}
			return
		}
		if arn.String() != text {
			t.Fatalf("%q was read as %+v and written as %s", text, arn, arn)
		}
	})
}

func TestPartitionOf(t *testing.T) {
	for region, want := range map[string]string{
		"eu-west-1": "aws", "us-east-1": "aws", "": "aws", "cn-northwest-1": "aws-cn", "us-gov-east-1": "aws-us-gov",
	} {
		if got := PartitionOf(region); got != want {
			t.Errorf("%s: %s, want %s", region, got, want)
		}
	}
}

func TestIsServiceRoleARN(t *testing.T) {
	for text, want := range map[string]bool{
		"arn:aws:iam::111122223333:role/deploy":             true,
		"arn:aws-us-gov:iam::111122223333:role/path/deploy": true,
		"arn:aws:iam::111122223333:role/":                   false,
		"arn:aws:iam::1111:role/deploy":                     false,
		"arn:aws:iam::111122223333:user/deploy":             false,
		"arn:aws:sts::111122223333:role/deploy":             false,
		"deploy":                                            false,
		"":                                                  false,
	} {
		if got := IsServiceRoleARN(text); got != want {
			t.Errorf("%q: %t, want %t", text, got, want)
		}
	}
}
