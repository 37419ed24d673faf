package api

import (
	"slices"
	"unicode/utf8"

	"greenlight/internal/codedeploy"
)

// The tag filters that choose a Server group's hosts: for EC2 instances and for
// on-premises ones the same rules under two names (api.md 2).

const (
	maxFilters        = 10 // in one list
	maxFilterLists    = 3  // in a set
	maxFilterKey      = maxTagKey
	maxFilterValue    = maxTagValue
	filterKeyOnly     = "KEY_ONLY"
	filterValueOnly   = "VALUE_ONLY"
	filterKeyAndValue = "KEY_AND_VALUE"
)

// tagFilter is a filter of either family.
type tagFilter struct{ key, kind, value string }

func ec2Filter(f codedeploy.EC2TagFilter) tagFilter {
	return tagFilter{key: f.Key, kind: string(f.Type), value: f.Value}
}

func onPremisesFilter(f codedeploy.TagFilter) tagFilter {
	return tagFilter{key: f.Key, kind: string(f.Type), value: f.Value}
}

func ec2Tags(filters []codedeploy.EC2TagFilter, set *codedeploy.EC2TagSet) rule {
	return tagFilters(filters, ec2Lists(set), ec2Filter, codedeploy.InvalidEC2TagException)
}

func onPremisesTags(filters []codedeploy.TagFilter, set *codedeploy.OnPremisesTagSet) rule {
	return tagFilters(filters, onPremisesLists(set), onPremisesFilter, codedeploy.InvalidTagException)
}

func ec2TagForms(filters []codedeploy.EC2TagFilter, set *codedeploy.EC2TagSet) rule {
	return rule{format: must(len(filters) == 0 || len(ec2Lists(set)) == 0, codedeploy.InvalidEC2TagCombinationException,
		"ec2TagFilters and ec2TagSet cannot both be specified.")}
}

func onPremisesTagForms(filters []codedeploy.TagFilter, set *codedeploy.OnPremisesTagSet) rule {
	return rule{format: must(len(filters) == 0 || len(onPremisesLists(set)) == 0, codedeploy.InvalidOnPremisesTagCombinationException,
		"onPremisesInstanceTagFilters and onPremisesTagSet cannot both be specified.")}
}

func tagSetSizes(ec2 *codedeploy.EC2TagSet, onPremises *codedeploy.OnPremisesTagSet) rule {
	most := max(len(ec2Lists(ec2)), len(onPremisesLists(onPremises)))
	return rule{format: must(most <= maxFilterLists, codedeploy.TagSetListLimitExceededException,
		"A tag set of %d tag groups was given; at most %d are allowed.", most, maxFilterLists)}
}

func ec2Lists(set *codedeploy.EC2TagSet) [][]codedeploy.EC2TagFilter {
	if set == nil {
		return nil
	}
	return set.EC2TagSetList
}

func onPremisesLists(set *codedeploy.OnPremisesTagSet) [][]codedeploy.TagFilter {
	if set == nil {
		return nil
	}
	return set.OnPremisesTagSetList
}

// tagFilters judges a plain list, which may be empty, and the lists of a set,
// which may not: an empty one would match nothing.
func tagFilters[F any](filters []F, set [][]F, plain func(F) tagFilter, code codedeploy.ExceptionCode) rule {
	return rule{format: func() error {
		if slices.ContainsFunc(set, func(list []F) bool { return len(list) == 0 }) {
			return code.Errorf("A tag group of a tag set is empty.")
		}
		for _, list := range append([][]F{filters}, set...) {
			if len(list) > maxFilters {
				return code.Errorf("%d tag filters were given in one list; at most %d are allowed.", len(list), maxFilters)
			}
			for _, filter := range list {
				if err := plain(filter).judge(code); err != nil {
					return err
				}
			}
		}
		return nil
	}}
}

// judge refuses a filter that lacks what its type compares, or has what its
// type ignores. Empty text counts as absent; without a type, what is given is
// compared.
func (f tagFilter) judge(code codedeploy.ExceptionCode) error {
	switch f.kind {
	case "", filterKeyOnly, filterValueOnly, filterKeyAndValue:
	default:
		return code.Errorf("The tag filter type %q is not one of %v.", excerpt(f.kind), codedeploy.TagFilterType("").Values())
	}
	key, value := f.key != "", f.value != ""
	switch {
	case !key && !value:
		return code.Errorf("A tag filter has neither a key nor a value.")
	case f.kind == filterKeyOnly && (!key || value):
		return code.Errorf("A tag filter of type KEY_ONLY needs a key and cannot have a value.")
	case f.kind == filterValueOnly && (key || !value):
		return code.Errorf("A tag filter of type VALUE_ONLY needs a value and cannot have a key.")
	case f.kind == filterKeyAndValue && (!key || !value):
		return code.Errorf("A tag filter of type KEY_AND_VALUE needs both a key and a value.")
	case utf8.RuneCountInString(f.key) > maxFilterKey:
		return code.Errorf("The key %q of a tag filter is longer than %d characters.", excerpt(f.key), maxFilterKey)
	case utf8.RuneCountInString(f.value) > maxFilterValue:
		return code.Errorf("The value of the tag filter with the key %q is longer than %d characters.", excerpt(f.key), maxFilterValue)
	}
	return nil
}
