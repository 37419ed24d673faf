package lambda

import (
	"context"

	"github.com/google/uuid"
)

// codeInput is FunctionCode of the service model.
type codeInput struct {
	ZipFile         []byte
	S3Bucket        string
	S3Key           string
	S3ObjectVersion string
	ImageURI        string `json:"ImageUri"`
}

type createFunctionInput struct {
	settingsInput
	FunctionName         string
	Code                 codeInput
	PackageType          string
	Publish              bool
	Architectures        []string
	Tags                 map[string]string
	CodeSigningConfigARN string `json:"CodeSigningConfigArn"`
}

func newRevisionID() string { return uuid.NewString() }

// createFunction implements CreateFunction. The function is active when the
// answer is sent.
func (s *Service) createFunction(ctx context.Context, r *request) (any, error) {
	in, err := decode[createFunctionInput](r)
	if err != nil {
		return nil, err
	}
	ref, err := parseReference(r.caller, in.FunctionName, "")
	if err != nil {
		return nil, err
	}
	if ref.Qualifier != "" {
		return nil, invalidMember("functionName", in.FunctionName, "Member must not have a qualifier")
	}
	config, err := in.settings()
	if err != nil {
		return nil, err
	}
	if in.Code, err = s.fetch(ctx, ref.Account, in.Code); err != nil {
		return nil, err
	}
	code, err := s.receive(in.Code, config)
	if err != nil {
		return nil, err
	}
	f := &function{
		functionDocument: functionDocument{Partition: ref.Partition, NextVersion: 1, Tags: in.Tags},
		id:               ref.functionID, aliases: map[string]*alias{},
		latest: &version{
			Number: latestVersion, Settings: config, CodeSHA256: code.sum, CodeSize: code.size,
			Modified: s.clock.Now(), RevisionID: newRevisionID(),
		},
	}
	return s.addFunction(ctx, f, code, in.Publish)
}

// settings checks everything about the input but the code.
func (in *createFunctionInput) settings() (settings, error) {
	if in.PackageType != "" && in.PackageType != "Zip" {
		return settings{}, invalidParameterValue.errorf(
			"PackageType %s is not available in the local Lambda, which runs deployment packages (Zip).", shortened(in.PackageType))
	}
	if in.CodeSigningConfigARN != "" {
		return settings{}, unavailable("CodeSigningConfigArn")
	}
	if err := checkTags(in.Tags); err != nil {
		return settings{}, err
	}
	config := defaultSettings()
	if in.Architectures != nil {
		config.Architectures = in.Architectures
	}
	return config, config.apply(&in.settingsInput)
}

// addFunction makes f appear, with its first version if publish is set.
func (s *Service) addFunction(ctx context.Context, f *function, code *receivedCode, publish bool) (any, error) {
	e, release := s.functions.claim(f.id)
	defer release()
	if e.current.Load() != nil {
		return nil, resourceConflict.errorf("Function already exist: %s", f.id.Name)
	}
	if err := s.admit(f.id.scope(), code); err != nil {
		return nil, err
	}
	defer s.code.release(code.sum) // the versions have holds of their own
	shown := f.latest
	if publish {
		shown, _ = f.publish(nil, f.latest.Modified)
	}
	writes := []write{saveFunction(f)}
	for _, v := range f.all() {
		writes = append(writes, saveVersion(f.id, v))
	}
	if err := s.replace(ctx, e, f, writes...); err != nil {
		return nil, err
	}
	return f.unqualified(shown), nil
}

// getFunction implements GetFunction. Code has no Location: the package that
// was uploaded is not kept, only what it contained.
func (s *Service) getFunction(_ context.Context, r *request) (any, error) {
	type code struct{ RepositoryType string }
	type concurrency struct{ ReservedConcurrentExecutions int }
	type output struct {
		Configuration configuration
		Code          code
		Tags          map[string]string `json:",omitzero"`
		Concurrency   *concurrency      `json:",omitzero"`
	}
	f, shown, err := s.lookup(r)
	if err != nil {
		return nil, err
	}
	out := output{Configuration: shown, Code: code{"S3"}, Tags: f.Tags}
	if f.Reserved != nil {
		out.Concurrency = &concurrency{*f.Reserved}
	}
	return out, nil
}

// getFunctionConfiguration implements GetFunctionConfiguration.
func (s *Service) getFunctionConfiguration(_ context.Context, r *request) (any, error) {
	_, shown, err := s.lookup(r)
	if err != nil {
		return nil, err
	}
	return shown, nil
}

// lookup finds what a call names and presents it under the ARN it was asked by.
func (s *Service) lookup(r *request) (*function, configuration, error) {
	ref, err := r.function()
	if err != nil {
		return nil, configuration{}, err
	}
	f, err := s.existing(ref)
	if err != nil {
		return nil, configuration{}, err
	}
	v, err := f.lookup(ref)
	if err != nil {
		return nil, configuration{}, err
	}
	return f, f.configuration(v, ref.ARN()), nil
}

// bareFunction is the function of a reading operation that takes no qualifier.
func (s *Service) bareFunction(r *request) (*function, error) {
	ref, err := r.bare()
	if err != nil {
		return nil, err
	}
	return s.existing(ref)
}

// existing is the function that ref names, whatever its qualifier.
func (s *Service) existing(ref reference) (*function, error) {
	if f := s.functions.find(ref.functionID); f != nil {
		return f, nil
	}
	return nil, functionNotFound(ref.ARN())
}

type updateConfigurationInput struct {
	settingsInput
	RevisionID string `json:"RevisionId"`
}

// updateFunctionConfiguration implements UpdateFunctionConfiguration.
func (s *Service) updateFunctionConfiguration(ctx context.Context, r *request) (any, error) {
	in, err := decode[updateConfigurationInput](r)
	if err != nil {
		return nil, err
	}
	ref, err := r.bare()
	if err != nil {
		return nil, err
	}
	var answer configuration
	err = s.change(ctx, ref, func(f *function) ([]write, error) {
		if in.RevisionID != "" && in.RevisionID != f.latest.RevisionID {
			return nil, staleRevision()
		}
		next := *f.latest
		if err := next.Settings.apply(&in.settingsInput); err != nil {
			return nil, err
		}
		next.Modified, next.RevisionID = s.clock.Now(), newRevisionID()
		f.latest = &next
		answer = f.unqualified(f.latest)
		return []write{saveVersion(f.id, f.latest)}, nil
	})
	if err != nil {
		return nil, err
	}
	return answer, nil
}

// deleteFunction implements DeleteFunction: the whole function, or the one
// version that the qualifier names. A version that does not exist is no error.
func (s *Service) deleteFunction(ctx context.Context, r *request) (any, error) {
	ref, err := r.function()
	if err != nil {
		return nil, err
	}
	if ref.Qualifier != "" {
		return nil, s.deleteVersion(ctx, ref)
	}
	if _, err := s.existing(ref); err != nil {
		return nil, err
	}
	e, release := s.functions.claim(ref.functionID)
	defer release()
	if e.current.Load() == nil {
		return nil, functionNotFound(ref.ARN())
	}
	return nil, s.replace(ctx, e, nil, removeFunction(ref.functionID))
}

// listFunctions implements ListFunctions.
func (s *Service) listFunctions(_ context.Context, r *request) (any, error) {
	type output struct {
		Functions  []configuration
		NextMarker string `json:",omitzero"`
	}
	query := r.URL.Query()
	every := query.Get("FunctionVersion")
	if every != "" && every != "ALL" {
		return nil, invalidMember("functionVersion", every, "Member must satisfy enum value set: [ALL]")
	}
	var all []configuration
	for _, f := range s.functions.list(scopeOf(r.caller)) {
		if every == "" {
			all = append(all, f.unqualified(f.latest))
			continue
		}
		for _, v := range f.all() {
			all = append(all, f.qualified(v))
		}
	}
	page, next, err := pageOf(all, query, func(c configuration) string {
		return c.FunctionName + ":" + versionKey(c.Version)
	})
	if err != nil {
		return nil, err
	}
	return output{page, next}, nil
}
