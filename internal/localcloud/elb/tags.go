package elb

import (
	"context"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"
)

const (
	maxTags          = 50
	maxTagKey        = 128
	maxTagValue      = 256
	maxTaggedPerCall = 20
)

// tags are a resource's, by key.
type tags map[string]string

type tag struct{ Key, Value string }

// newTags checks the tags of a request.
func newTags(given []tag) (tags, error) {
	all := tags{}
	for _, t := range given {
		switch _, twice := all[t.Key]; {
		case twice:
			return nil, fault(codeDuplicateTagKeys, "The tag key '%s' was specified more than once", t.Key)
		case t.Key == "" || utf8.RuneCountInString(t.Key) > maxTagKey:
			return nil, invalid("The tag key '%s' must have 1 to %d characters", t.Key, maxTagKey)
		case utf8.RuneCountInString(t.Value) > maxTagValue:
			return nil, invalid("The value of the tag '%s' must have at most %d characters", t.Key, maxTagValue)
		case strings.HasPrefix(strings.ToLower(t.Key), "aws:"):
			return nil, invalid("The tag key '%s' must not begin with 'aws:', which is reserved", t.Key)
		}
		all[t.Key] = t.Value
	}
	return all, checkCount(all)
}

func checkCount(all tags) error {
	if len(all) > maxTags {
		return fault(codeTooManyTags, "A resource can have at most %d tags", maxTags)
	}
	return nil
}

// tagged puts other tags on the resource of an ARN, of whichever kind it is.
func (d *draft) tagged(sc scope, arn string, set func(tags) (tags, error)) error {
	var err error
	switch {
	case kindLoadBalancer.is(arn):
		var found *loadBalancer
		if found, err = d.balancer(sc, arn); err != nil {
			return err
		}
		b := *found
		b.Tags, err = set(b.Tags)
		d.putBalancer(&b)
	case kindTargetGroup.is(arn):
		var found *targetGroup
		if found, err = d.group(sc, arn); err != nil {
			return err
		}
		g := *found
		g.Tags, err = set(g.Tags)
		d.putGroup(&g)
	case kindListener.is(arn):
		var found *listener
		if found, err = d.listener(sc, arn); err != nil {
			return err
		}
		l := *found
		l.Tags, err = set(l.Tags)
		d.putListener(&l)
	default:
		return d.changeRule(sc, arn, func(r *rule) error {
			r.Tags, err = set(r.Tags)
			return err
		})
	}
	return err
}

// tagsOf finds the tags of the resource of an ARN.
func (w *world) tagsOf(sc scope, arn string) (tags, error) {
	switch {
	case kindLoadBalancer.is(arn):
		b, err := w.balancer(sc, arn)
		if err != nil {
			return nil, err
		}
		return b.Tags, nil
	case kindTargetGroup.is(arn):
		g, err := w.group(sc, arn)
		if err != nil {
			return nil, err
		}
		return g.Tags, nil
	case kindListener.is(arn):
		l, err := w.listener(sc, arn)
		if err != nil {
			return nil, err
		}
		return l.Tags, nil
	}
	_, r, err := w.rule(sc, arn)
	if err != nil {
		return nil, err
	}
	return r.Tags, nil
}

type addTagsInput struct {
	ResourceARNs []string `query:"ResourceArns"`
	Tags         []tag
}

// addTags implements AddTags.
func (s *Service) addTags(ctx context.Context, sc scope, in *addTagsInput) (any, error) {
	more, err := newTags(in.Tags)
	if err != nil {
		return nil, err
	}
	return nothing{}, s.changeTags(ctx, sc, in.ResourceARNs, func(old tags) (tags, error) {
		all := tags{}
		maps.Copy(all, old)
		maps.Copy(all, more)
		return all, checkCount(all)
	})
}

type removeTagsInput struct {
	ResourceARNs []string `query:"ResourceArns"`
	TagKeys      []string
}

// removeTags implements RemoveTags.
func (s *Service) removeTags(ctx context.Context, sc scope, in *removeTagsInput) (any, error) {
	return nothing{}, s.changeTags(ctx, sc, in.ResourceARNs, func(old tags) (tags, error) {
		left := maps.Clone(old)
		for _, key := range in.TagKeys {
			delete(left, key)
		}
		return left, nil
	})
}

func (s *Service) changeTags(ctx context.Context, sc scope, arns []string, set func(tags) (tags, error)) error {
	if err := checkTagged(arns); err != nil {
		return err
	}
	return s.change(ctx, func(d *draft) error {
		for _, arn := range arns {
			if err := d.tagged(sc, arn, set); err != nil {
				return err
			}
		}
		return nil
	})
}

func checkTagged(arns []string) error {
	if len(arns) == 0 || len(arns) > maxTaggedPerCall {
		return invalid("The request must name 1 to %d resources", maxTaggedPerCall)
	}
	return nil
}

type describeTagsInput struct {
	ResourceARNs []string `query:"ResourceArns"`
}

type (
	describeTagsOutput struct{ TagDescriptions list[tagDescription] }
	tagDescription     struct {
		ResourceARN string `xml:"ResourceArn"`
		Tags        list[tag]
	}
)

// describeTags implements DescribeTags.
func (s *Service) describeTags(_ context.Context, sc scope, in *describeTagsInput) (any, error) {
	if err := checkTagged(in.ResourceARNs); err != nil {
		return nil, err
	}
	var out describeTagsOutput
	for _, arn := range in.ResourceARNs {
		found, err := s.world.Load().tagsOf(sc, arn)
		if err != nil {
			return nil, err
		}
		description := tagDescription{ResourceARN: arn}
		for _, key := range slices.Sorted(maps.Keys(found)) {
			description.Tags = append(description.Tags, tag{key, found[key]})
		}
		out.TagDescriptions = append(out.TagDescriptions, description)
	}
	return out, nil
}
