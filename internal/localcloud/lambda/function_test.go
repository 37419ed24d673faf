package lambda

import (
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	client "github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"
)

var (
	uuidSyntax     = regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`)
	modifiedSyntax = regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+0000$`)
)

func TestCreateFunction(t *testing.T) {
	c := newCloud(t)
	out := c.create("f", func(in *client.CreateFunctionInput) {
		in.Environment = &types.Environment{Variables: map[string]string{"STAGE": "test"}}
		in.Tags = map[string]string{"team": "green"}
		in.VpcConfig = &types.VpcConfig{SubnetIds: []string{"subnet-1"}, SecurityGroupIds: []string{"sg-1"}}
	})
	if *out.FunctionArn != testARN || *out.Version != "$LATEST" || out.State != types.StateActive ||
		out.LastUpdateStatus != types.LastUpdateStatusSuccessful {
		t.Errorf("created %s version %s, %s/%s", *out.FunctionArn, *out.Version, out.State, out.LastUpdateStatus)
	}
	if *out.Timeout != 3 || *out.MemorySize != 128 || *out.EphemeralStorage.Size != 512 || out.Architectures[0] != "x86_64" {
		t.Errorf("defaults: timeout %d, memory %d, storage %d, %v", *out.Timeout, *out.MemorySize, *out.EphemeralStorage.Size, out.Architectures)
	}
	if !uuidSyntax.MatchString(*out.RevisionId) || !modifiedSyntax.MatchString(*out.LastModified) {
		t.Errorf("RevisionId %q, LastModified %q", *out.RevisionId, *out.LastModified)
	}
	got := must(c.GetFunction(t.Context(), &client.GetFunctionInput{FunctionName: name}))(t)
	if got.Configuration.Environment.Variables["STAGE"] != "test" || got.Tags["team"] != "green" ||
		got.Configuration.VpcConfig.SubnetIds[0] != "subnet-1" || *got.Configuration.CodeSha256 != *out.CodeSha256 {
		t.Errorf("GetFunction: %+v, tags %v", got.Configuration, got.Tags)
	}
}

func TestCreateFunctionRefuses(t *testing.T) {
	c := newCloud(t, func(o *Options) { o.CodeStorage = 4 << 10 })
	c.create("taken")
	tests := []struct {
		name   string
		change func(*client.CreateFunctionInput)
		code   string
		text   string
	}{
		{"name taken", func(in *client.CreateFunctionInput) { in.FunctionName = aws.String("taken") },
			"ResourceConflictException", "Function already exist: taken"},
		{"bad name", func(in *client.CreateFunctionInput) { in.FunctionName = aws.String("a b") },
			"ValidationException", "functionName"},
		{"image", func(in *client.CreateFunctionInput) { in.PackageType = types.PackageTypeImage },
			"InvalidParameterValueException", "PackageType Image"},
		{"code in S3", func(in *client.CreateFunctionInput) {
			in.Code = &types.FunctionCode{S3Bucket: aws.String("bucket"), S3Key: aws.String("key")}
		}, "InvalidParameterValueException", "S3"},
		{"layers", func(in *client.CreateFunctionInput) { in.Layers = []string{"arn:aws:lambda:eu-west-1:1:layer:l:1"} },
			"InvalidParameterValueException", "Layers"},
		{"dead letters", func(in *client.CreateFunctionInput) {
			in.DeadLetterConfig = &types.DeadLetterConfig{TargetArn: aws.String("arn:aws:sqs:eu-west-1:1:q")}
		}, "InvalidParameterValueException", "DeadLetterConfig"},
		{"unknown runtime", func(in *client.CreateFunctionInput) { in.Runtime = "cobol85" },
			"InvalidParameterValueException", "cobol85"},
		{"no handler", func(in *client.CreateFunctionInput) { in.Handler = nil },
			"InvalidParameterValueException", "Runtime and Handler are mandatory"},
		{"bad role", func(in *client.CreateFunctionInput) { in.Role = aws.String("me") }, "ValidationException", "role"},
		{"timeout", func(in *client.CreateFunctionInput) { in.Timeout = aws.Int32(901) }, "ValidationException", "900"},
		{"memory", func(in *client.CreateFunctionInput) { in.MemorySize = aws.Int32(64) }, "ValidationException", "128"},
		{"reserved variable", func(in *client.CreateFunctionInput) {
			in.Environment = &types.Environment{Variables: map[string]string{"AWS_REGION": "x", "_HANDLER": "y", "OK": "z"}}
		}, "InvalidParameterValueException", "Reserved keys used in this request: AWS_REGION, _HANDLER"},
		{"environment too large", func(in *client.CreateFunctionInput) {
			in.Environment = &types.Environment{Variables: map[string]string{"BIG": strings.Repeat("x", 4096)}}
		}, "InvalidParameterValueException", "exceeded the 4KB limit"},
		{"not a zip", func(in *client.CreateFunctionInput) { in.Code = &types.FunctionCode{ZipFile: []byte("hello")} },
			"InvalidParameterValueException", "Could not unzip uploaded file"},
		{"no bootstrap", func(in *client.CreateFunctionInput) {
			in.Code = &types.FunctionCode{ZipFile: zipOf(t, packed{name: "main", content: "x"})}
		}, "InvalidParameterValueException", "'bootstrap'"},
		{"storage full", func(in *client.CreateFunctionInput) {
			in.Code = &types.FunctionCode{ZipFile: zipOf(t, packed{name: "bootstrap", content: noise(8 << 10)})}
		}, "CodeStorageExceededException", "limit exceeded"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			in := &client.CreateFunctionInput{
				FunctionName: name, Role: aws.String(testRole), Handler: aws.String("bootstrap"),
				Runtime: types.RuntimeProvidedal2023, Code: &types.FunctionCode{ZipFile: codeOf(t, "f")},
			}
			test.change(in)
			_, err := c.CreateFunction(t.Context(), in)
			wantCode(t, err, test.code, test.text)
		})
	}
}

func TestUpdateFunctionConfigurationKeepsWhatIsAbsent(t *testing.T) {
	c := newCloud(t)
	created := c.create("f", func(in *client.CreateFunctionInput) {
		in.Environment = &types.Environment{Variables: map[string]string{"AA": "1"}}
		in.Description = aws.String("first")
	})
	updated := must(c.UpdateFunctionConfiguration(t.Context(), &client.UpdateFunctionConfigurationInput{
		FunctionName: name, Timeout: aws.Int32(30), RevisionId: created.RevisionId,
	}))(t)
	if *updated.Timeout != 30 || *updated.Description != "first" || updated.Environment.Variables["AA"] != "1" {
		t.Errorf("updated to %+v", updated)
	}
	if *updated.RevisionId == *created.RevisionId {
		t.Error("the revision id did not change")
	}
	_, err := c.UpdateFunctionConfiguration(t.Context(), &client.UpdateFunctionConfigurationInput{
		FunctionName: name, Timeout: aws.Int32(31), RevisionId: created.RevisionId,
	})
	wantCode(t, err, "PreconditionFailedException", "does not match the latest Revision Id")
	cleared := must(c.UpdateFunctionConfiguration(t.Context(), &client.UpdateFunctionConfigurationInput{
		FunctionName: name, Environment: &types.Environment{Variables: map[string]string{}},
	}))(t)
	if cleared.Environment != nil {
		t.Errorf("environment %v, want none", cleared.Environment)
	}
}

func TestUpdateFunctionCode(t *testing.T) {
	c := newCloud(t)
	created := c.create("f")
	dry := must(c.UpdateFunctionCode(t.Context(), &client.UpdateFunctionCodeInput{
		FunctionName: name, ZipFile: codeOf(t, "two"), DryRun: true,
	}))(t)
	if *dry.CodeSha256 == *created.CodeSha256 {
		t.Error("a dry run does not show the new code")
	}
	after := must(c.GetFunctionConfiguration(t.Context(), &client.GetFunctionConfigurationInput{FunctionName: name}))(t)
	if *after.CodeSha256 != *created.CodeSha256 || *after.RevisionId != *created.RevisionId {
		t.Error("a dry run changed the function")
	}
	_, err := c.UpdateFunctionCode(t.Context(), &client.UpdateFunctionCodeInput{
		FunctionName: name, ZipFile: zipOf(t, packed{name: "other"}),
	})
	wantCode(t, err, "InvalidParameterValueException", "'bootstrap'")
	published := must(c.UpdateFunctionCode(t.Context(), &client.UpdateFunctionCodeInput{
		FunctionName: name, ZipFile: codeOf(t, "two"), Publish: true,
	}))(t)
	if *published.Version != "1" || *published.FunctionArn != testARN+":1" || *published.CodeSha256 != *dry.CodeSha256 {
		t.Errorf("published %s as %s", *published.FunctionArn, *published.Version)
	}
}

func TestDeleteFunction(t *testing.T) {
	c := newCloud(t)
	c.create("f")
	c.publish("f", "one", "two")
	must(c.CreateAlias(t.Context(), &client.CreateAliasInput{FunctionName: name, Name: aws.String("live"), FunctionVersion: aws.String("1")}))(t)
	remove := func(qualifier string) error {
		_, err := c.DeleteFunction(t.Context(), &client.DeleteFunctionInput{FunctionName: name, Qualifier: aws.String(qualifier)})
		return err
	}
	wantCode(t, remove("1"), "ResourceConflictException", "Unable to delete version because the following aliases reference it: [live]")
	wantCode(t, remove("$LATEST"), "InvalidParameterValueException", "$LATEST version cannot be deleted")
	wantCode(t, remove("live"), "InvalidParameterValueException", "aliases")
	for _, version := range []string{"2", "99"} { // one that does not exist is no error
		if err := remove(version); err != nil {
			t.Errorf("delete version %s: %v", version, err)
		}
	}
	c.publish("f", "three")
	versions := must(c.ListVersionsByFunction(t.Context(), &client.ListVersionsByFunctionInput{FunctionName: name}))(t)
	var numbers []string
	for _, v := range versions.Versions {
		numbers = append(numbers, *v.Version)
	}
	if got := strings.Join(numbers, " "); got != "$LATEST 1 3" {
		t.Errorf("versions %s, want a deleted number never used again", got)
	}
	must(c.DeleteFunction(t.Context(), &client.DeleteFunctionInput{FunctionName: name}))(t)
	_, err := c.GetAlias(t.Context(), &client.GetAliasInput{FunctionName: name, Name: aws.String("live")})
	wantCode(t, err, "ResourceNotFoundException", "Cannot find alias arn: "+testARN+":live")
	_, err = c.DeleteFunction(t.Context(), &client.DeleteFunctionInput{FunctionName: name})
	wantCode(t, err, "ResourceNotFoundException", "Function not found: "+testARN)
}

func TestWaitersAndPaginators(t *testing.T) {
	c := newCloud(t)
	for _, name := range []string{"c", "a", "b"} {
		c.create(name)
	}
	wait := client.NewFunctionActiveV2Waiter(c)
	if err := wait.Wait(t.Context(), &client.GetFunctionInput{FunctionName: aws.String("a")}, 1e9); err != nil {
		t.Error(err)
	}
	var names []string
	pages := client.NewListFunctionsPaginator(c, &client.ListFunctionsInput{MaxItems: aws.Int32(2)})
	for pages.HasMorePages() {
		page := must(pages.NextPage(t.Context()))(t)
		for _, f := range page.Functions {
			names = append(names, *f.FunctionName)
		}
	}
	if got := strings.Join(names, " "); got != "a b c" {
		t.Errorf("listed %q", got)
	}
	_, err := c.ListFunctions(t.Context(), &client.ListFunctionsInput{Marker: aws.String("?")})
	wantCode(t, err, "InvalidParameterValueException", "Marker")
}

func TestFunctionsOfOthersAreInvisible(t *testing.T) {
	c := newCloud(t)
	c.create("f")
	for _, other := range []*client.Client{c.as("210987654321", testRegion), c.as(testAccount, "us-east-1")} {
		_, err := other.GetFunction(t.Context(), &client.GetFunctionInput{FunctionName: name})
		wantCode(t, err, "ResourceNotFoundException", "Function not found: arn:aws:lambda:")
		list := must(other.ListFunctions(t.Context(), &client.ListFunctionsInput{}))(t)
		if len(list.Functions) != 0 {
			t.Errorf("listed %d functions of somebody else", len(list.Functions))
		}
	}
}

// noise does not compress.
func noise(n int) string {
	b := make([]byte, n)
	_, _ = rand.NewChaCha8([32]byte{}).Read(b)
	return string(b)
}
