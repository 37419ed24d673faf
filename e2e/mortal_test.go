package e2e

import (
	"math/rand/v2"
	"os"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/aws/smithy-go"
)

// mortal is a server that is killed again and again, at moments that come from a
// seed.
type mortal struct {
	t      *testing.T
	random *rand.Rand

	server   *server
	kills    int         // still to come in this round
	lives    []time.Time // when each process was started
	revived  func()      // called after each restart
	active   int         // deployments of the round that are not known to have ended
	underWay []int       // active, at each kill

	mu  sync.Mutex
	ups []span // while it answered; the last has no end while it does
}

type span struct{ from, to time.Time }

// newMortal runs a server for the crash tests. The seed is printed; E2E_SEED
// repeats it.
func newMortal(t *testing.T, start func(testing.TB, string) *server) *mortal {
	t.Helper()
	seed := rand.Uint64()
	if text := os.Getenv("E2E_SEED"); text != "" {
		seed = must(strconv.ParseUint(text, 10, 64))(t)
	}
	t.Logf("E2E_SEED=%d", seed)
	m := &mortal{t: t, random: rand.New(rand.NewPCG(seed, 0)), lives: []time.Time{time.Now()}, revived: func() {}}
	m.server = start(t, "fast")
	m.ups = []span{{from: time.Now()}}
	return m
}

// arm has the present process killed some time from now, in the middle of
// whatever it does then.
func (m *mortal) arm() {
	if m.kills > 0 {
		process := m.server.cmd.Process
		time.AfterFunc(time.Duration(5+m.random.IntN(395))*time.Millisecond, func() {
			m.mu.Lock()
			m.ups[len(m.ups)-1].to = time.Now()
			m.mu.Unlock()
			_ = process.Kill() // or the test has ended
		})
	}
}

// alive is the present server, and the number of its life; a new one if the last
// one was killed.
func (m *mortal) alive() (*server, int) {
	m.t.Helper()
	select {
	case <-m.server.exited:
		m.kills--
		m.underWay = append(m.underWay, m.active)
		m.restart("fast")
		m.arm()
	default:
	}
	return m.server, len(m.lives) - 1
}

func (m *mortal) restart(clock string) {
	m.t.Helper()
	m.lives = append(m.lives, time.Now())
	m.server = m.server.restart(clock)
	m.mu.Lock()
	m.ups = append(m.ups, span{from: time.Now()})
	m.mu.Unlock()
	m.revived()
}

// life is the one that a moment belongs to. What a process has begun ends with
// it.
func (m *mortal) life(at time.Time) int {
	life := 0
	for life+1 < len(m.lives) && !at.Before(m.lives[life+1]) {
		life++
	}
	return life
}

// up tells whether the server answered all of the time between two moments.
func (m *mortal) up(from, to time.Time) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, up := range m.ups {
		if !from.Before(up.from) && (up.to.IsZero() || to.Before(up.to)) {
			return true
		}
	}
	return false
}

// ask makes a call until it is answered, by the server of the life that is
// returned. A refusal fails the test.
func (m *mortal) ask(call func(*server) error) int {
	m.t.Helper()
	for {
		s, life := m.alive()
		err := call(s)
		if err == nil {
			return life
		}
		m.mourn(s, err)
	}
}

// mourn waits for the end of a server that could not answer a call.
func (m *mortal) mourn(s *server, err error) {
	m.t.Helper()
	if isA[smithy.APIError](err) {
		m.t.Fatal(err)
	}
	select {
	case <-s.exited:
	case <-time.After(patience):
		m.t.Fatalf("a call failed although nobody killed the server: %v", err)
	}
}
