package lambda

import (
	"context"

	"greenlight/internal/awswire"
)

// receivedCode is an uploaded deployment package that was found good.
type receivedCode struct {
	archive *archive
	sum     string // SHA-256 of the zip, in hex
	size    int64  // of the zip
}

// receive checks an uploaded package for a function with these settings.
func (s *Service) receive(in codeInput, config settings) (*receivedCode, error) {
	if in.ImageURI != "" {
		return nil, invalidParameterValue.errorf("ImageUri is not available in the local Lambda: upload the code as ZipFile.")
	}
	a, err := openArchive(in.ZipFile)
	if err != nil {
		return nil, err
	}
	if err := a.checkHandler(config.Runtime, config.Handler); err != nil {
		return nil, err
	}
	return &receivedCode{a, sumOf(in.ZipFile), int64(len(in.ZipFile))}, nil
}

// admit unpacks a package and holds it for the caller, unless the account's storage is full.
func (s *Service) admit(in scope, code *receivedCode) error {
	if s.storageUsed(in)+code.size > s.options.CodeStorage {
		return codeStorageExceeded.errorf("Code storage limit exceeded.")
	}
	return s.code.install(code.archive, code.sum)
}

// storageUsed is the size of all versions of all functions of an account in a
// region, in bytes as uploaded.
func (s *Service) storageUsed(in scope) int64 {
	var used int64
	for _, f := range s.functions.list(in) {
		for _, v := range f.all() {
			used += v.CodeSize
		}
	}
	return used
}

type updateCodeInput struct {
	codeInput
	Architectures []string
	DryRun        bool
	Publish       bool
	RevisionID    string `json:"RevisionId"`
}

// updateFunctionCode implements UpdateFunctionCode.
func (s *Service) updateFunctionCode(ctx context.Context, r *request) (any, error) {
	in, err := decode[updateCodeInput](r)
	if err != nil {
		return nil, err
	}
	ref, err := r.bare()
	if err != nil {
		return nil, err
	}
	if in.codeInput, err = s.fetch(ctx, r.caller.Account, in.codeInput); err != nil {
		return nil, err
	}
	update := codeUpdate{service: s, in: in}
	err = s.change(ctx, ref, update.apply)
	if update.installed != "" {
		s.code.release(update.installed) // the version has a hold of its own
	}
	if err != nil {
		return nil, err
	}
	return update.answer, nil
}

// codeUpdate is one UpdateFunctionCode on its way.
type codeUpdate struct {
	service   *Service
	in        *updateCodeInput
	installed string // the content that was unpacked and is held for this operation
	answer    configuration
}

func (u *codeUpdate) apply(f *function) ([]write, error) {
	if u.in.RevisionID != "" && u.in.RevisionID != f.latest.RevisionID {
		return nil, staleRevision()
	}
	next := *f.latest
	if u.in.Architectures != nil {
		next.Settings.Architectures = u.in.Architectures
	}
	if err := checkArchitectures(next.Settings.Architectures); err != nil {
		return nil, err
	}
	code, err := u.service.receive(u.in.codeInput, next.Settings)
	if err != nil {
		return nil, err
	}
	next.CodeSHA256, next.CodeSize = code.sum, code.size
	next.Modified, next.RevisionID = u.service.clock.Now(), newRevisionID()
	if u.in.DryRun {
		u.answer = f.unqualified(&next)
		return nil, nil
	}
	if err := u.service.admit(f.id.scope(), code); err != nil {
		return nil, err
	}
	u.installed, f.latest = code.sum, &next
	u.answer = f.unqualified(f.latest)
	writes := []write{saveVersion(f.id, f.latest)}
	if !u.in.Publish {
		return writes, nil
	}
	published, more := u.service.publish(f, nil)
	u.answer = f.qualified(published)
	return append(writes, more...), nil
}

// getAccountSettings implements GetAccountSettings.
func (s *Service) getAccountSettings(_ context.Context, r *request) (any, error) {
	type limits struct {
		TotalCodeSize, CodeSizeUnzipped, CodeSizeZipped int64
		ConcurrentExecutions                            int
		UnreservedConcurrentExecutions                  int
	}
	type usage struct{ TotalCodeSize, FunctionCount int64 }
	type output struct {
		AccountLimit limits
		AccountUsage usage
	}
	in := scopeOf(r.caller)
	return output{
		limits{s.options.CodeStorage, maxUnzipped, maxZipped, accountConcurrency, accountConcurrency - s.reserved(in, "")},
		usage{s.storageUsed(in), int64(len(s.functions.list(in)))},
	}, nil
}

func scopeOf(caller awswire.Caller) scope { return scope{caller.Account, caller.Region} }

// getCodeSigning implements GetFunctionCodeSigningConfig, which Terraform asks
// of every function: no code here is signed.
func (s *Service) getCodeSigning(_ context.Context, r *request) (any, error) {
	f, err := s.bareFunction(r)
	if err != nil {
		return nil, err
	}
	return struct{ FunctionName string }{f.id.Name}, nil
}
