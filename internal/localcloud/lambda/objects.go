package lambda

import (
	"context"
	"errors"

	"greenlight/internal/awswire"
)

// Objects reads objects of S3 on behalf of an account; version "" is the latest.
// What S3 refuses is an *awswire.Error with S3's code.
type Objects interface {
	Get(ctx context.Context, account, bucket, key, version string) ([]byte, error)
}

// fetch brings code that is in S3, as if it had been uploaded with the call.
func (s *Service) fetch(ctx context.Context, account string, in codeInput) (codeInput, error) {
	switch {
	case in.S3Bucket == "" && in.S3Key == "" && in.S3ObjectVersion == "":
		return in, nil
	case len(in.ZipFile) > 0:
		return in, invalidParameterValue.errorf("Please do not provide other FunctionCode parameters when providing a ZipFile.")
	case in.S3Bucket == "" || in.S3Key == "":
		return in, invalidParameterValue.errorf("Please provide a source for function code: S3Bucket and S3Key belong together.")
	case s.options.Objects == nil:
		return in, invalidParameterValue.errorf("Code in S3 is not available in the local Lambda: upload it as ZipFile.")
	}
	zipped, err := s.options.Objects.Get(ctx, account, in.S3Bucket, in.S3Key, in.S3ObjectVersion)
	if refusal, ok := errors.AsType[*awswire.Error](err); ok {
		return in, invalidParameterValue.errorf("Error occurred while GetObject. S3 Error Code: %s. S3 Error Message: %s", refusal.Code, refusal.Message)
	}
	if err != nil {
		return in, err
	}
	return codeInput{ZipFile: zipped, ImageURI: in.ImageURI}, nil
}
