package api

import "greenlight/internal/codedeploy"

// The tag filters that choose a Server group's hosts: for EC2 instances and for
// on-premises ones the same rules under two names (api.md 2).

const (
	maxFilters        = 10 // in one list
	maxFilterLists    = 3  // in a set
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

func notBesideEC2Filters(r *request, m *member, set *codedeploy.EC2TagSet) error {
	if len(ec2Lists(set)) > 0 && len(given[[]codedeploy.EC2TagFilter](r, "ec2TagFilters")) > 0 {
		return m.bad("ec2TagFilters and ec2TagSet cannot both be specified.")
	}
	return nil
}

func notBesideOnPremisesFilters(r *request, m *member, set *codedeploy.OnPremisesTagSet) error {
	if len(onPremisesLists(set)) > 0 && len(given[[]codedeploy.TagFilter](r, "onPremisesInstanceTagFilters")) > 0 {
		return m.bad("onPremisesInstanceTagFilters and onPremisesTagSet cannot both be specified.")
	}
	return nil
}

func fewEC2Lists(_ *request, m *member, set *codedeploy.EC2TagSet) error {
	return m.fewLists(len(ec2Lists(set)))
}

func fewOnPremisesLists(_ *request, m *member, set *codedeploy.OnPremisesTagSet) error {
	return m.fewLists(len(onPremisesLists(set)))
}

func (m *member) fewLists(lists int) error {
	if lists <= maxFilterLists {
		return nil
	}
	return m.tooMany.Errorf("An %s of %d tag groups was given; at most %d are allowed.", m.called(), lists, maxFilterLists)
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

func ec2SetOfLists(_ *request, m *member, set *codedeploy.EC2TagSet) error {
	return setOfLists(m, ec2Lists(set), ec2Filter)
}

func onPremisesSetOfLists(_ *request, m *member, set *codedeploy.OnPremisesTagSet) error {
	return setOfLists(m, onPremisesLists(set), onPremisesFilter)
}

// setOfLists judges the lists of a set, which unlike a plain list may not be
// empty: an empty one would match nothing.
func setOfLists[F any](m *member, set [][]F, plain func(F) tagFilter) error {
	for _, list := range set {
		if len(list) == 0 {
			return m.bad("A tag group of the %s is empty.", m.called())
		}
		if err := filterList(plain)(nil, m, list); err != nil {
			return err
		}
	}
	return nil
}

// filterList makes the judgement of a plain list of filters.
func filterList[F any](plain func(F) tagFilter) func(*request, *member, []F) error {
	return func(_ *request, m *member, list []F) error {
		if len(list) > maxFilters {
			return m.bad("%d tag filters were given in one list of %s; at most %d are allowed.", len(list), m.called(), maxFilters)
		}
		for _, filter := range list {
			if err := plain(filter).judge(m); err != nil {
				return err
			}
		}
		return nil
	}
}

// judge refuses a filter that lacks what its type compares, or has what its
// type ignores. Empty text counts as absent; without a type, what is given is
// compared.
func (f tagFilter) judge(m *member) error {
	key, value := f.key != "", f.value != ""
	switch {
	case !key && !value:
		return m.bad("A tag filter of %s has neither a Key nor a Value.", m.called())
	case f.kind == filterKeyOnly && (!key || value):
		return m.bad("Values must not be provided for key-only filters, and a Key must be: a tag filter of %s has the Type KEY_ONLY.", m.called())
	case f.kind == filterValueOnly && (key || !value):
		return m.bad("Keys must not be provided for value-only filters, and a Value must be: a tag filter of %s has the Type VALUE_ONLY.", m.called())
	case f.kind == filterKeyAndValue && (!key || !value):
		return m.bad("A tag filter of %s with the Type KEY_AND_VALUE needs both a Key and a Value.", m.called())
	}
	return nil
}
