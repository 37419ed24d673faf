package lambda

import (
	"context"
	"maps"
	"strings"
	"unicode/utf8"
)

// Bounds of tags (Lambda quotas).
const (
	maxTags     = 50
	maxTagKey   = 128
	maxTagValue = 256
)

func checkTags(tags map[string]string) error {
	if len(tags) > maxTags {
		return invalidParameterValue.errorf("Number of tags exceeds function tag limit of %d.", maxTags)
	}
	for key, value := range tags {
		if n := utf8.RuneCountInString(key); n < 1 || n > maxTagKey || strings.HasPrefix(strings.ToLower(key), "aws:") {
			return invalidParameterValue.errorf("The tag key '%s' must have 1 to %d characters and not begin with aws:.", shortened(key), maxTagKey)
		}
		if utf8.RuneCountInString(value) > maxTagValue {
			return invalidParameterValue.errorf("The value of the tag '%s' must have at most %d characters.", shortened(key), maxTagValue)
		}
	}
	return nil
}

// listTags implements ListTags.
func (s *Service) listTags(_ context.Context, r *request) (any, error) {
	ref, err := parseResourceARN(r.caller, r.PathValue("ARN"))
	if err != nil {
		return nil, err
	}
	f, err := s.existing(ref)
	if err != nil {
		return nil, err
	}
	tags := f.Tags
	if tags == nil {
		tags = map[string]string{}
	}
	return struct{ Tags map[string]string }{tags}, nil
}

// tagResource implements TagResource.
func (s *Service) tagResource(ctx context.Context, r *request) (any, error) {
	type input struct{ Tags map[string]string }
	in, err := decode[input](r)
	if err != nil {
		return nil, err
	}
	return nil, s.changeTags(ctx, r, func(tags map[string]string) { maps.Copy(tags, in.Tags) })
}

// untagResource implements UntagResource.
func (s *Service) untagResource(ctx context.Context, r *request) (any, error) {
	return nil, s.changeTags(ctx, r, func(tags map[string]string) {
		for _, key := range r.URL.Query()["tagKeys"] {
			delete(tags, key)
		}
	})
}

func (s *Service) changeTags(ctx context.Context, r *request, fn func(tags map[string]string)) error {
	ref, err := parseResourceARN(r.caller, r.PathValue("ARN"))
	if err != nil {
		return err
	}
	return s.change(ctx, ref, func(f *function) ([]write, error) {
		if f.Tags == nil {
			f.Tags = map[string]string{}
		}
		fn(f.Tags)
		if err := checkTags(f.Tags); err != nil {
			return nil, err
		}
		return []write{saveFunction(f)}, nil
	})
}
