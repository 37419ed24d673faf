package lambda

import (
	"context"
	"strconv"
	"time"
)

// accountConcurrency is the limit of invocations at work in one account and
// region, and minUnreserved what of it cannot be reserved (Lambda quotas).
const (
	accountConcurrency = 1000
	minUnreserved      = 100
)

// reserved is how much concurrency the functions of a scope have reserved,
// without the one called except.
func (s *Service) reserved(in scope, except string) int {
	sum := 0
	for _, f := range s.functions.list(in) {
		if f.Reserved != nil && f.id.Name != except {
			sum += *f.Reserved
		}
	}
	return sum
}

type concurrencyOutput struct {
	ReservedConcurrentExecutions *int `json:",omitzero"`
}

// putConcurrency implements PutFunctionConcurrency.
func (s *Service) putConcurrency(ctx context.Context, r *request) (any, error) {
	type input struct{ ReservedConcurrentExecutions *int }
	in, err := decode[input](r)
	if err != nil {
		return nil, err
	}
	ref, err := r.bare()
	if err != nil {
		return nil, err
	}
	wanted := in.ReservedConcurrentExecutions
	if wanted == nil {
		return nil, invalidMember("reservedConcurrentExecutions", "null", "Member must not be null")
	}
	if *wanted < 0 {
		return nil, invalidMember("reservedConcurrentExecutions", strconv.Itoa(*wanted),
			"Member must have value greater than or equal to 0")
	}
	if accountConcurrency-s.reserved(ref.scope(), ref.Name)-*wanted < minUnreserved {
		return nil, invalidParameterValue.errorf("Specified ReservedConcurrentExecutions for function decreases account's"+
			" UnreservedConcurrentExecution below its minimum value of [%d].", minUnreserved)
	}
	err = s.change(ctx, ref, func(f *function) ([]write, error) {
		f.Reserved = wanted
		return []write{saveFunction(f)}, nil
	})
	return concurrencyOutput{wanted}, err
}

// deleteConcurrency implements DeleteFunctionConcurrency.
func (s *Service) deleteConcurrency(ctx context.Context, r *request) (any, error) {
	ref, err := r.bare()
	if err != nil {
		return nil, err
	}
	return nil, s.change(ctx, ref, func(f *function) ([]write, error) {
		f.Reserved = nil
		return []write{saveFunction(f)}, nil
	})
}

// getConcurrency implements GetFunctionConcurrency.
func (s *Service) getConcurrency(_ context.Context, r *request) (any, error) {
	f, err := s.bareFunction(r)
	if err != nil {
		return nil, err
	}
	return concurrencyOutput{f.Reserved}, nil
}

// provisioned is a provisioned concurrency configuration. Environments start
// here in milliseconds when they are needed, so none are started beforehand
// and every configuration is ready at once.
type provisioned struct {
	Requested int
	Modified  time.Time
}

type provisionedOutput struct {
	RequestedProvisionedConcurrentExecutions int
	AvailableProvisionedConcurrentExecutions int
	AllocatedProvisionedConcurrentExecutions int
	Status                                   string
	LastModified                             string
}

func (p provisioned) output() provisionedOutput {
	return provisionedOutput{p.Requested, p.Requested, p.Requested, "READY", formatTime(p.Modified)}
}

// putProvisioned implements PutProvisionedConcurrencyConfig.
func (s *Service) putProvisioned(ctx context.Context, r *request) (any, error) {
	type input struct{ ProvisionedConcurrentExecutions int }
	in, err := decode[input](r)
	if err != nil {
		return nil, err
	}
	ref, err := r.provisionable()
	if err != nil {
		return nil, err
	}
	if in.ProvisionedConcurrentExecutions < 1 || in.ProvisionedConcurrentExecutions > accountConcurrency {
		return nil, invalidMember("provisionedConcurrentExecutions", strconv.Itoa(in.ProvisionedConcurrentExecutions),
			"Member must have value between 1 and "+strconv.Itoa(accountConcurrency))
	}
	config := provisioned{in.ProvisionedConcurrentExecutions, s.clock.Now()}
	err = s.change(ctx, ref, func(f *function) ([]write, error) {
		if _, err := f.lookup(ref); err != nil {
			return nil, err
		}
		if f.Provisioned == nil {
			f.Provisioned = map[string]provisioned{}
		}
		f.Provisioned[ref.Qualifier] = config
		return []write{saveFunction(f)}, nil
	})
	return config.output(), err
}

// provisionable is the version or alias that a call names.
func (r *request) provisionable() (reference, error) {
	ref, err := r.function()
	if err != nil {
		return reference{}, err
	}
	if ref.Qualifier == "" || ref.Qualifier == latestVersion {
		return reference{}, invalidParameterValue.errorf("Provisioned Concurrency Configs cannot be applied to unpublished function versions.")
	}
	return ref, nil
}

// getProvisioned implements GetProvisionedConcurrencyConfig.
func (s *Service) getProvisioned(_ context.Context, r *request) (any, error) {
	ref, err := r.provisionable()
	if err != nil {
		return nil, err
	}
	f, err := s.existing(ref)
	if err != nil {
		return nil, err
	}
	if _, err := f.lookup(ref); err != nil {
		return nil, err
	}
	config, ok := f.Provisioned[ref.Qualifier]
	if !ok {
		return nil, noProvisionedConfig()
	}
	return config.output(), nil
}

func noProvisionedConfig() error {
	return provisionedConfigNotFound.errorf("No Provisioned Concurrency Config found for this function")
}

// deleteProvisioned implements DeleteProvisionedConcurrencyConfig. A
// configuration that does not exist is no error.
func (s *Service) deleteProvisioned(ctx context.Context, r *request) (any, error) {
	ref, err := r.provisionable()
	if err != nil {
		return nil, err
	}
	return nil, s.change(ctx, ref, func(f *function) ([]write, error) {
		if _, ok := f.Provisioned[ref.Qualifier]; !ok {
			return nil, nil
		}
		delete(f.Provisioned, ref.Qualifier)
		return []write{saveFunction(f)}, nil
	})
}
