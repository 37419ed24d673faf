package lambdatest

import (
	"encoding/json"
	"io"
	"net/http"
	"time"
)

const maxBody = 6 << 20 // Lambda's own bound on a payload

func (l *Lambda) getAlias(c call) (answer, *Failure) {
	l.mu.Lock()
	defer l.mu.Unlock()
	at, _ := locate(c.caller, c.PathValue("function"))
	state := l.alias(at, c.PathValue("alias"))
	if state == nil {
		return answer{}, missing("Cannot find alias arn: %s:%s", at.arn(), c.PathValue("alias"))
	}
	return ok(aliasBody(at, c.PathValue("alias"), shown(state, c.lie)))
}

func (l *Lambda) updateAlias(c call) (answer, *Failure) {
	var in updateBody
	if err := json.NewDecoder(io.LimitReader(c.Body, maxBody)).Decode(&in); err != nil {
		return answer{}, invalid("Could not parse request body: %v", err)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	at, _ := locate(c.caller, c.PathValue("function"))
	name := c.PathValue("alias")
	state := l.alias(at, name)
	refused := l.refusal(at, state, in)
	l.updates = append(l.updates, in.update(at, name, refused == nil && !c.lie))
	switch {
	case c.lie && state != nil:
		return ok(aliasBody(at, name, shown(state, true)))
	case refused != nil:
		return answer{}, refused
	}
	version, weights := in.over(state.now)
	l.write(state, version, weights)
	return ok(aliasBody(at, name, state.now))
}

// refusal tells what Lambda has against an update, or nil. The lock is held.
func (l *Lambda) refusal(at place, state *aliasState, in updateBody) *Failure {
	if state == nil {
		return missing("Cannot find alias arn: %s", at.arn())
	}
	if in.RevisionID != "" && in.RevisionID != state.now.RevisionID {
		return &Failure{Status: Precondition.Status, Code: Precondition.Code, Message: Precondition.Message}
	}
	version, weights := in.over(state.now)
	versions := l.functions[at].versions
	if !versions[version] {
		return missing("Function not found: %s:%s", at.arn(), version)
	}
	if len(weights) > 1 {
		return invalid("Number of items in AdditionalVersionWeights cannot be greater than 1")
	}
	for additional, weight := range weights {
		switch {
		case !versions[additional]:
			return missing("Function not found: %s:%s", at.arn(), additional)
		case additional == version:
			return invalid("Invalid function version %s. Function version %s is already included in routing configuration.", additional, version)
		case weight < 0 || weight > 1:
			return invalid("Weight %v of version %s is not between 0.0 and 1.0", weight, additional)
		}
	}
	return nil
}

func (l *Lambda) invoke(c call) (answer, *Failure) {
	payload, err := io.ReadAll(io.LimitReader(c.Body, maxBody))
	if err != nil {
		return answer{}, invalid("Could not read payload: %v", err)
	}
	if c.lie {
		return answer{status: http.StatusAccepted}, nil
	}
	in, tell, refused := l.accept(c, payload)
	if refused != nil {
		return answer{}, refused
	}
	if tell != nil {
		tell(in)
	}
	if in.Type != "Event" {
		return ok(map[string]any{})
	}
	return answer{status: http.StatusAccepted}, nil
}

// accept records an invocation and returns whom to tell: outside the lock, because the listener may call back.
func (l *Lambda) accept(c call, payload []byte) (Invocation, func(Invocation), *Failure) {
	l.mu.Lock()
	defer l.mu.Unlock()
	name := c.PathValue("function")
	at, qualifier := locate(c.caller, name)
	if qualifier == "" {
		qualifier = c.URL.Query().Get("Qualifier")
	}
	f := l.functions[at]
	if f == nil || !f.has(qualifier) {
		return Invocation{}, nil, missing("Function not found: %s", at.arn())
	}
	in := Invocation{
		Account:      at.account,
		Region:       at.region,
		Function:     at.name,
		FunctionName: name,
		Qualifier:    c.URL.Query().Get("Qualifier"),
		Type:         c.Header.Get("X-Amz-Invocation-Type"),
		LogType:      c.Header.Get("X-Amz-Log-Type"),
		Payload:      payload,
		Time:         time.Now(),
	}
	l.invocations = append(l.invocations, in)
	return in, l.onInvoke, nil
}

func (f *function) has(qualifier string) bool {
	return qualifier == "" || qualifier == "$LATEST" || f.versions[qualifier] || f.aliases[qualifier] != nil
}

func (l *Lambda) getProvisioned(c call) (answer, *Failure) {
	l.mu.Lock()
	defer l.mu.Unlock()
	at, _ := locate(c.caller, c.PathValue("function"))
	state := l.alias(at, c.URL.Query().Get("Qualifier"))
	if state == nil {
		return answer{}, missing("Function not found: %s", at.arn())
	}
	if state.provisioned == nil {
		return answer{}, &Failure{
			Status:  http.StatusNotFound,
			Code:    "ProvisionedConcurrencyConfigNotFoundException",
			Message: "No Provisioned Concurrency Config found for this function",
		}
	}
	return ok(provisionedBody{Status: state.provisioned.status, StatusReason: state.provisioned.reason})
}

func shown(state *aliasState, lie bool) Alias {
	if lie {
		return state.before
	}
	return state.now
}
