package lambda

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strconv"
	"unicode/utf8"
)

// aliasInput is what CreateAlias and UpdateAlias take.
type aliasInput struct {
	Name            string
	FunctionVersion *string
	Description     *string
	RoutingConfig   *struct{ AdditionalVersionWeights map[string]float64 }
	RevisionID      string `json:"RevisionId"`
}

// createAlias implements CreateAlias.
func (s *Service) createAlias(ctx context.Context, r *request) (any, error) {
	in, err := decode[aliasInput](r)
	if err != nil {
		return nil, err
	}
	ref, err := r.bare()
	if err != nil {
		return nil, err
	}
	if err := checkAliasName(in.Name); err != nil {
		return nil, err
	}
	if in.FunctionVersion == nil {
		return nil, invalidMember("functionVersion", "null", "Member must not be null")
	}
	var answer aliasConfiguration
	err = s.change(ctx, ref, func(f *function) ([]write, error) {
		if _, ok := f.aliases[in.Name]; ok {
			return nil, resourceConflict.errorf("Alias already exists: %s", ref.qualified(in.Name).ARN())
		}
		a, err := f.setAlias(alias{Name: in.Name}, in)
		if err != nil {
			return nil, err
		}
		answer = f.aliasConfiguration(a)
		return []write{saveAlias(f.id, a)}, nil
	})
	if err != nil {
		return nil, err
	}
	return answer, nil
}

// updateAlias implements UpdateAlias. An absent member keeps what is set; an
// empty map of weights clears them (lambda.md 4.3).
func (s *Service) updateAlias(ctx context.Context, r *request) (any, error) {
	in, err := decode[aliasInput](r)
	if err != nil {
		return nil, err
	}
	ref, err := r.alias()
	if err != nil {
		return nil, err
	}
	var answer aliasConfiguration
	err = s.change(ctx, ref, func(f *function) ([]write, error) {
		a, ok := f.aliases[ref.Qualifier]
		if !ok {
			return nil, resourceNotFound.errorf("Alias not found: %s", ref.ARN())
		}
		if in.RevisionID != "" && in.RevisionID != a.RevisionID {
			return nil, staleRevision()
		}
		a, err := f.setAlias(*a, in)
		if err != nil {
			return nil, err
		}
		answer = f.aliasConfiguration(a)
		return []write{saveAlias(f.id, a)}, nil
	})
	if err != nil {
		return nil, err
	}
	return answer, nil
}

// setAlias puts a, changed as the input says, into f.
func (f *function) setAlias(a alias, in *aliasInput) (*alias, error) {
	set(&a.Version, in.FunctionVersion)
	set(&a.Description, in.Description)
	if in.RoutingConfig != nil {
		a.Weights = in.RoutingConfig.AdditionalVersionWeights
	}
	a.RevisionID = newRevisionID()
	if err := f.checkAlias(&a); err != nil {
		return nil, err
	}
	f.aliases[a.Name] = &a
	return &a, nil
}

func (f *function) checkAlias(a *alias) error {
	if utf8.RuneCountInString(a.Description) > maxDescription {
		return invalidMember("description", a.Description, "Member must have length less than or equal to 256")
	}
	if a.Version != latestVersion && !isVersion(a.Version) {
		return invalidMember("functionVersion", a.Version,
			`Member must satisfy regular expression pattern: (\$LATEST|[0-9]+)`)
	}
	main, ok := f.version(a.Version)
	if !ok {
		return functionNotFound(f.reference().qualified(a.Version).ARN())
	}
	return f.checkWeights(main, a.Weights)
}

// checkWeights holds the rules for an alias that points to two versions.
func (f *function) checkWeights(main *version, weights map[string]float64) error {
	if len(weights) > 1 {
		return invalidParameterValue.errorf("Number of items in AdditionalVersionWeights cannot be greater than 1")
	}
	for number, weight := range weights {
		entry := "{" + number + "=" + strconv.FormatFloat(weight, 'g', -1, 64) + "}"
		if !isVersion(number) {
			return invalidMember("routingConfig.additionalVersionWeights", entry,
				"Map keys must satisfy constraint: [Member must satisfy regular expression pattern: [0-9]+]")
		}
		if !(weight >= 0 && weight <= 1) {
			return invalidMember("routingConfig.additionalVersionWeights", entry, "Map value must satisfy constraint:"+
				" [Member must have value less than or equal to 1.0, Member must have value greater than or equal to 0.0]")
		}
		if err := f.checkPair(main, number); err != nil {
			return err
		}
	}
	return nil
}

// checkPair says whether two versions may share an alias.
func (f *function) checkPair(main *version, number string) error {
	switch {
	case main.Number == latestVersion:
		return invalidParameterValue.errorf("$LATEST is not supported for an alias pointing to more than 1 version")
	case main.Number == number:
		return invalidParameterValue.errorf("Invalid function version %s."+
			" Function version %s is already included in routing configuration.", number, number)
	}
	additional, ok := f.version(number)
	if !ok {
		return functionNotFound(f.reference().qualified(number).ARN())
	}
	if additional.Settings.Role != main.Settings.Role {
		return invalidParameterValue.errorf("The versions %s and %s have different execution roles;"+
			" an alias can point to two versions only if their roles are the same.", main.Number, number)
	}
	return nil
}

func checkAliasName(name string) error {
	if isAliasName(name) {
		return nil
	}
	return invalidMember("name", name, "Member must satisfy regular expression pattern: (?!^[0-9]+$)([a-zA-Z0-9-_]+)")
}

// alias is the alias that a call's path names.
func (r *request) alias() (reference, error) {
	ref, err := r.bare()
	if err != nil {
		return reference{}, err
	}
	name := r.PathValue("Name")
	return ref.qualified(name), checkAliasName(name)
}

// getAlias implements GetAlias.
func (s *Service) getAlias(_ context.Context, r *request) (any, error) {
	ref, err := r.alias()
	if err != nil {
		return nil, err
	}
	if f := s.functions.find(ref.functionID); f != nil {
		if a, ok := f.aliases[ref.Qualifier]; ok {
			return f.aliasConfiguration(a), nil
		}
	}
	return nil, aliasNotFound(ref)
}

// deleteAlias implements DeleteAlias. An alias that does not exist is no error.
func (s *Service) deleteAlias(ctx context.Context, r *request) (any, error) {
	ref, err := r.alias()
	if err != nil {
		return nil, err
	}
	return nil, s.change(ctx, ref, func(f *function) ([]write, error) {
		if _, ok := f.aliases[ref.Qualifier]; !ok {
			return nil, nil
		}
		delete(f.aliases, ref.Qualifier)
		delete(f.Provisioned, ref.Qualifier)
		delete(f.Policies, ref.Qualifier)
		return []write{saveFunction(f), removeAlias(f.id, ref.Qualifier)}, nil
	})
}

// listAliases implements ListAliases.
func (s *Service) listAliases(_ context.Context, r *request) (any, error) {
	type output struct {
		Aliases    []aliasConfiguration
		NextMarker string `json:",omitzero"`
	}
	f, err := s.bareFunction(r)
	if err != nil {
		return nil, err
	}
	wanted := r.URL.Query().Get("FunctionVersion")
	var all []aliasConfiguration
	for _, name := range slices.Sorted(maps.Keys(f.aliases)) {
		if a := f.aliases[name]; cmp.Or(wanted, a.Version) == a.Version {
			all = append(all, f.aliasConfiguration(a))
		}
	}
	page, next, err := pageOf(all, r.URL.Query(), func(a aliasConfiguration) string { return a.Name })
	if err != nil {
		return nil, err
	}
	return output{page, next}, nil
}
