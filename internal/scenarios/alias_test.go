package scenarios

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"greenlight/internal/lambdadriver/lambdatest"
)

// alias moves f's alias as somebody else would.
func (w *world) alias(version string, weights map[string]float64) {
	w.far.SetAlias(account, region, "f", "live", version, weights)
}

// wantAlias wants f's alias to be as written: "1" or "1 {2:0.1}".
func (w *world) wantAlias(want string) {
	w.Helper()
	a, _ := w.far.Alias(account, region, "f", "live")
	got := a.Version
	if len(a.Weights) > 0 {
		got = traffic(a.Version, a.Weights)
	}
	if got != want {
		w.Errorf("the alias is %s, want %s", got, want)
	}
}

// wantUpdates wants exactly these UpdateAlias, in this order. Written is what the
// request said, the empty map included: "1 {2:0.1}", "2 {}". Every one carried a
// revision id; one that Lambda refused ends in "refused".
func (w *world) wantUpdates(want ...string) {
	w.Helper()
	var got []string
	for _, u := range w.far.Updates("f", "live") {
		got = append(got, written(u))
	}
	if !slices.Equal(got, want) {
		w.Errorf("UpdateAlias:\n got %q\nwant %q", got, want)
	}
}

// wantGranted wants these UpdateAlias to have been granted; refused ones do not
// matter.
func (w *world) wantGranted(want ...string) {
	w.Helper()
	var got []string
	for _, u := range w.far.Updates("f", "live") {
		if u.Granted {
			got = append(got, written(u))
		}
	}
	if !slices.Equal(got, want) {
		w.Errorf("granted UpdateAlias:\n got %q\nwant %q", got, want)
	}
}

func written(u lambdatest.Update) string {
	text := traffic(u.Version, u.Weights)
	if u.RevisionID == "" {
		text += " without revision id"
	}
	if !u.Granted {
		text += " refused"
	}
	return text
}

func traffic(version string, weights map[string]float64) string {
	if weights == nil {
		return version + " without weights"
	}
	var shares []string
	for _, v := range slices.Sorted(maps.Keys(weights)) {
		shares = append(shares, fmt.Sprintf("%s:%v", v, weights[v]))
	}
	return version + " {" + strings.Join(shares, " ") + "}"
}

// slack is what the controller's clock, which goes on with the wall's, may show
// more than was advanced.
const slack = 10 * time.Second

// wantPauses wants these pauses between the updates of the alias.
func (w *world) wantPauses(want ...time.Duration) {
	w.Helper()
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.shown) != len(want)+1 {
		w.Fatalf("%d updates, want %d pauses between them", len(w.shown), len(want))
	}
	for i, pause := range want {
		if got := w.shown[i+1].Sub(w.shown[i]); got < pause || got > pause+slack {
			w.Errorf("pause %d was %s, want %s", i+1, got, pause)
		}
	}
}
