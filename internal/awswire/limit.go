package awswire

import (
	"math"
	"sync"

	"golang.org/x/time/rate"
)

// Limiter says whether a caller may be served now. It is asked once per authorized request and must be safe for
// concurrent use.
type Limiter interface {
	Allow(c Caller) bool
}

// PerAccount gives each account a token bucket of its own that holds what comes in during one second, and at least one
// token. It keeps every account it has met, so it belongs behind an authenticator that knows its accounts.
func PerAccount(perSecond float64) Limiter {
	return &perAccount{perSecond: rate.Limit(perSecond), burst: max(1, int(math.Ceil(perSecond)))}
}

type perAccount struct {
	perSecond rate.Limit
	burst     int
	accounts  sync.Map // account -> *rate.Limiter
}

func (l *perAccount) Allow(c Caller) bool {
	bucket, ok := l.accounts.Load(c.Account)
	if !ok {
		bucket, _ = l.accounts.LoadOrStore(c.Account, rate.NewLimiter(l.perSecond, l.burst))
	}
	return bucket.(*rate.Limiter).Allow()
}
