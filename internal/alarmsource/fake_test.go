package alarmsource_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"sync"

	"github.com/aws/smithy-go/encoding/cbor"
)

// cloudWatch is a far side with alarms, speaking CloudWatch's CBOR protocol. It keeps to the real one's bounds: at most 100
// names in a request, and composite alarms only when they are asked for.
type cloudWatch struct {
	mu        sync.Mutex
	metric    map[string]string // state by name
	composite map[string]string
	calls     int
	refuse    func(call int) (status int, code string) // 0: do not
}

func (c *cloudWatch) Do(r *http.Request) (*http.Response, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.calls++
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	if c.refuse != nil {
		if status, code := c.refuse(c.calls); status != 0 {
			return c.fault(status, code), nil
		}
	}
	in, err := cbor.Decode(body)
	if err != nil {
		return c.fault(400, "SerializationException"), nil
	}
	request := in.(cbor.Map)
	names := request["AlarmNames"].(cbor.List)
	if len(names) > 100 {
		return c.fault(400, "ValidationError"), nil
	}
	kinds, _ := request["AlarmTypes"].(cbor.List)
	out := cbor.Map{"MetricAlarms": list(names, c.metric)}
	for _, kind := range kinds {
		if kind == cbor.String("CompositeAlarm") {
			out["CompositeAlarms"] = list(names, c.composite)
		}
	}
	return respond(200, out), nil
}

func (c *cloudWatch) fault(status int, code string) *http.Response {
	return respond(status, cbor.Map{"__type": cbor.String(code), "message": cbor.String("no")})
}

func list(names cbor.List, states map[string]string) cbor.List {
	alarms := cbor.List{}
	for _, name := range names {
		if state, ok := states[string(name.(cbor.String))]; ok {
			alarms = append(alarms, cbor.Map{"AlarmName": name, "StateValue": cbor.String(state)})
		}
	}
	return alarms
}

func respond(status int, body cbor.Map) *http.Response {
	w := httptest.NewRecorder()
	w.Header().Set("Smithy-Protocol", "rpc-v2-cbor")
	w.Header().Set("Content-Type", "application/cbor")
	w.WriteHeader(status)
	w.Write(cbor.Encode(body))
	return w.Result()
}
