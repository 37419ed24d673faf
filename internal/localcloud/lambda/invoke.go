package lambda

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"time"

	"greenlight/internal/awswire"
	"greenlight/internal/localcloud/lambda/runtime"
)

// The limits of an invocation's payload, in bytes (Lambda quotas).
const (
	maxSyncPayload  = 6 << 20
	maxEventPayload = 1 << 20
	maxContext      = 3583 // X-Amz-Client-Context
)

// invocation is one call of Invoke, decoded.
type invocation struct {
	reference
	requestID     string
	kind          string // RequestResponse, Event, DryRun
	wantsTail     bool
	clientContext string
	payload       []byte
}

const (
	kindSync   = "RequestResponse"
	kindEvent  = "Event"
	kindDryRun = "DryRun"
)

// serveInvoke implements Invoke.
func (s *Service) serveInvoke(w http.ResponseWriter, r *http.Request) {
	in, err := readInvocation(w, r)
	if err != nil {
		s.WriteError(w, r, err)
		return
	}
	// A function goes on when its caller hangs up.
	ctx := context.WithoutCancel(r.Context())
	switch in.kind {
	case kindDryRun:
		err = s.dryRun(in)
		if err == nil {
			w.WriteHeader(http.StatusNoContent)
		}
	case kindEvent:
		err = s.accept(ctx, in)
		if err == nil {
			w.WriteHeader(http.StatusAccepted)
		}
	default:
		err = s.invokeNow(ctx, w, in)
	}
	if err != nil {
		s.WriteError(w, r, err)
	}
}

func readInvocation(w http.ResponseWriter, r *http.Request) (*invocation, error) {
	call := &request{Request: r, caller: awswire.CallerFrom(r.Context())}
	ref, err := call.function()
	if err != nil {
		return nil, err
	}
	in := &invocation{
		reference: ref, requestID: awswire.RequestID(r.Context()), kind: r.Header.Get("X-Amz-Invocation-Type"),
		wantsTail: r.Header.Get("X-Amz-Log-Type") == "Tail", clientContext: r.Header.Get("X-Amz-Client-Context"),
	}
	if in.requestID == "" {
		in.requestID = newRevisionID()
	}
	if in.kind == "" {
		in.kind = kindSync
	}
	if err := checkEnum("invocationType", in.kind, kindEvent, kindSync, kindDryRun); err != nil {
		return nil, err
	}
	if len(in.clientContext) > maxContext {
		return nil, invalidRequestContent.errorf("Client context must be smaller than %d bytes.", maxContext+1)
	}
	if in.payload, err = readBody(w, r, maxBody, "InvokeFunction"); err != nil {
		return nil, err
	}
	return in, in.checkPayload()
}

func (in *invocation) checkPayload() error {
	size := len(in.payload)
	if in.kind == kindEvent && size > maxEventPayload {
		return requestTooLarge.errorf("%d byte payload is too large for the Event invocation type (limit %d bytes)", size, maxEventPayload)
	}
	if size > maxSyncPayload {
		return bodyTooLarge(maxSyncPayload, "InvokeFunction")
	}
	if size > 0 && !json.Valid(in.payload) {
		return invalidRequestContent.errorf("Could not parse request body into json: the payload of %s bytes is not JSON.", strconv.Itoa(size))
	}
	return nil
}

// dryRun says whether an invocation would find something to execute.
func (s *Service) dryRun(in *invocation) error {
	f, err := s.existing(in.reference)
	if err != nil {
		return err
	}
	_, err = f.lookup(in.reference)
	return err
}

// invokeNow executes a synchronous invocation and sends its result. An error
// means that nothing was sent.
func (s *Service) invokeNow(ctx context.Context, w http.ResponseWriter, in *invocation) error {
	result, executed, err := s.execute(ctx, in)
	if err != nil {
		return err
	}
	header := w.Header()
	header.Set("X-Amz-Executed-Version", executed)
	header.Set("Content-Type", "application/json")
	header.Set("Content-Length", strconv.Itoa(len(result.Payload)))
	if result.FunctionError != "" {
		header.Set("X-Amz-Function-Error", result.FunctionError)
	}
	if in.wantsTail {
		header.Set("X-Amz-Log-Result", base64.StdEncoding.EncodeToString(result.LogTail))
	}
	w.WriteHeader(http.StatusOK)
	_, _ = w.Write(result.Payload) // a client that has gone
	return nil
}

// execute runs an invocation on the version that it leads to, and says which
// that was. Errors are those of Invoke; a function that fails is a result.
func (s *Service) execute(ctx context.Context, in *invocation) (runtime.Result, string, error) {
	f, v, err := s.chooseHeld(in.reference)
	if err != nil {
		return runtime.Result{}, "", err
	}
	defer s.code.release(v.CodeSHA256)
	in.Partition = f.Partition
	limit := 0
	if f.Reserved != nil {
		if limit = *f.Reserved; limit == 0 {
			return runtime.Result{}, "", throttle(reasonReserved)
		}
	}
	pool, err := s.pools.in(f.id.scope())
	if err != nil {
		return runtime.Result{}, "", err
	}
	result, err := pool.Invoke(ctx, s.invocable(f, v), limit, runtime.Invocation{
		RequestID: in.requestID, ARN: in.ARN(), Payload: in.payload, ClientContext: in.clientContext,
	})
	return result, v.Number, executionError(err, limit)
}

// invocable is what the runtime needs to execute v.
func (s *Service) invocable(f *function, v *version) runtime.Code {
	return runtime.Code{
		Key: v.key(f.id), Function: f.id.Name, Version: v.Number,
		Runtime: v.Settings.Runtime, Handler: v.Settings.Handler, Dir: s.code.path(v.CodeSHA256),
		Timeout: time.Duration(v.Settings.Timeout) * time.Second, MemoryMB: v.Settings.MemorySize,
		Environment: s.environment(f, v),
	}
}

// chooseHeld is choose with the code of the version held against removal. A
// version that is replaced between the two is chosen anew.
func (s *Service) chooseHeld(ref reference) (*function, *version, error) {
	for {
		f, err := s.existing(ref)
		if err != nil {
			return nil, nil, err
		}
		v, err := f.choose(ref, s.options.Random)
		if err != nil {
			return nil, nil, err
		}
		if s.code.tryHold(v.CodeSHA256) {
			return f, v, nil
		}
	}
}

// choose is lookup for an invocation: an alias with weights sends each
// invocation to one of its versions by chance.
func (f *function) choose(ref reference, random func() float64) (*version, error) {
	if a, ok := f.aliases[ref.Qualifier]; ok {
		chance := random()
		for number, weight := range a.Weights { // at most one
			if chance < weight {
				ref = ref.qualified(number)
			}
		}
	}
	return f.lookup(ref)
}

// executionError turns what kept a function from being executed into Lambda's
// errors.
func executionError(err error, limit int) error {
	switch {
	case errors.Is(err, runtime.ErrThrottled) && limit > 0:
		return throttle(reasonReserved)
	case errors.Is(err, runtime.ErrThrottled):
		return throttle(reasonAccount)
	case errors.Is(err, runtime.ErrUnsupportedRuntime):
		return invalidRuntime.errorf("%v", err)
	}
	return err
}
