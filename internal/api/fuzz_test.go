package api_test

import (
	"net/http"
	"testing"

	"greenlight/internal/codedeploy"
)

// FuzzOperation sends anything to any operation: the answer is good or a clear
// refusal, and never a fault of the server.
func FuzzOperation(f *testing.F) {
	for i, operation := range codedeploy.Operations {
		for _, b := range baselines {
			if b.operation == operation.Name {
				f.Add(uint8(i), []byte(b.body))
			}
		}
	}
	front := newFront(f, nil)
	f.Fuzz(func(t *testing.T, which uint8, body []byte) {
		operation := codedeploy.Operations[int(which)%len(codedeploy.Operations)]
		if w := front.post(t, operation.Name, amzJSON, body); w.Code != http.StatusOK && !refuses(t, w, body) {
			t.Errorf("%s %q: %d %s", operation.Name, body, w.Code, w.Body)
		}
	})
}
