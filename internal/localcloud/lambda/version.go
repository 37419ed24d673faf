package lambda

import (
	"context"
	"slices"
	"strings"
	"unicode/utf8"
)

type publishVersionInput struct {
	CodeSHA256  string `json:"CodeSha256"`
	Description *string
	RevisionID  string `json:"RevisionId"`
}

// publishVersion implements PublishVersion. When neither code nor
// configuration has changed since the last version, the answer is that one.
func (s *Service) publishVersion(ctx context.Context, r *request) (any, error) {
	in, err := decode[publishVersionInput](r)
	if err != nil {
		return nil, err
	}
	ref, err := r.bare()
	if err != nil {
		return nil, err
	}
	if in.Description != nil && utf8.RuneCountInString(*in.Description) > maxDescription {
		return nil, invalidMember("description", *in.Description, "Member must have length less than or equal to 256")
	}
	var answer configuration
	err = s.change(ctx, ref, func(f *function) ([]write, error) {
		if in.RevisionID != "" && in.RevisionID != f.latest.RevisionID {
			return nil, staleRevision()
		}
		if present := base64Sum(f.latest.CodeSHA256); in.CodeSHA256 != "" && in.CodeSHA256 != present {
			return nil, invalidParameterValue.errorf("CodeSHA256 (%s) is different from current CodeSHA256 in $LATEST (%s)."+
				" Please try again with the CodeSHA256 in $LATEST.", shortened(in.CodeSHA256), present)
		}
		v, writes := s.publish(f, in.Description)
		answer = f.qualified(v)
		return writes, nil
	})
	if err != nil {
		return nil, err
	}
	return answer, nil
}

// publish makes $LATEST of f a version if it has changed since the last one.
func (s *Service) publish(f *function, description *string) (*version, []write) {
	v, isNew := f.publish(description, s.clock.Now())
	if !isNew {
		return v, nil
	}
	return v, []write{saveFunction(f), saveVersion(f.id, v)}
}

// deleteVersion implements DeleteFunction with a qualifier.
func (s *Service) deleteVersion(ctx context.Context, ref reference) error {
	if ref.Qualifier == latestVersion {
		return invalidParameterValue.errorf("$LATEST version cannot be deleted without deleting the function.")
	}
	if !isVersion(ref.Qualifier) {
		return invalidParameterValue.errorf("Deletion of aliases is not currently supported.")
	}
	return s.change(ctx, ref, func(f *function) ([]write, error) {
		if names := f.aliasesOf(ref.Qualifier); len(names) > 0 {
			return nil, resourceConflict.errorf("Unable to delete version because the following aliases reference it: [%s]",
				strings.Join(names, ", "))
		}
		v, ok := f.version(ref.Qualifier)
		if !ok {
			return nil, nil
		}
		f.versions = slices.DeleteFunc(f.versions, func(other *version) bool { return other == v })
		delete(f.Provisioned, v.Number)
		delete(f.Policies, v.Number)
		return []write{saveFunction(f), removeVersion(f.id, v.Number)}, nil
	})
}

// listVersions implements ListVersionsByFunction.
func (s *Service) listVersions(_ context.Context, r *request) (any, error) {
	type output struct {
		Versions   []configuration
		NextMarker string `json:",omitzero"`
	}
	f, err := s.bareFunction(r)
	if err != nil {
		return nil, err
	}
	all := make([]configuration, 0, len(f.versions)+1)
	for _, v := range f.all() {
		all = append(all, f.qualified(v))
	}
	page, next, err := pageOf(all, r.URL.Query(), func(c configuration) string { return versionKey(c.Version) })
	if err != nil {
		return nil, err
	}
	return output{page, next}, nil
}
