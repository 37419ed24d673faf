package lambda

import (
	"context"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	client "github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"

	"greenlight/internal/awswire"
)

// oneBucket is an S3 with one bucket, named bucket.
type oneBucket map[string][]byte // "<account>/<key>/<version>" -> content

func (b oneBucket) Get(_ context.Context, account, bucket, key, version string) ([]byte, error) {
	content, ok := b[account+"/"+key+"/"+version]
	if bucket != "bucket" || !ok {
		return nil, &awswire.Error{Status: 404, Code: "NoSuchKey", Message: "The specified key does not exist."}
	}
	return content, nil
}

func TestCodeInS3(t *testing.T) {
	first, second := codeOf(t, "first"), codeOf(t, "the second")
	c := newCloud(t, func(o *Options) {
		o.Objects = oneBucket{testAccount + "/key/": first, testAccount + "/key/v2": second}
	})
	made := c.create("f", func(in *client.CreateFunctionInput) {
		in.Code = &types.FunctionCode{S3Bucket: aws.String("bucket"), S3Key: aws.String("key")}
	})
	updated := must(c.UpdateFunctionCode(t.Context(), &client.UpdateFunctionCodeInput{
		FunctionName: aws.String("f"), S3Bucket: aws.String("bucket"), S3Key: aws.String("key"), S3ObjectVersion: aws.String("v2"),
	}))(t)
	if made.CodeSize != int64(len(first)) || updated.CodeSize != int64(len(second)) || *made.CodeSha256 == *updated.CodeSha256 {
		t.Errorf("got sizes %d and %d", made.CodeSize, updated.CodeSize)
	}
	for name, test := range map[string]struct {
		in   client.UpdateFunctionCodeInput
		text string
	}{
		"no such object": {client.UpdateFunctionCodeInput{S3Bucket: aws.String("bucket"), S3Key: aws.String("none")}, "S3 Error Code: NoSuchKey"},
		"no key":         {client.UpdateFunctionCodeInput{S3Bucket: aws.String("bucket")}, "S3Bucket and S3Key"},
		"both": {client.UpdateFunctionCodeInput{S3Bucket: aws.String("bucket"), S3Key: aws.String("key"), ZipFile: first},
			"Please do not provide other FunctionCode parameters"},
	} {
		t.Run(name, func(t *testing.T) {
			test.in.FunctionName = aws.String("f")
			_, err := c.UpdateFunctionCode(t.Context(), &test.in)
			wantCode(t, err, "InvalidParameterValueException", test.text)
		})
	}
}
