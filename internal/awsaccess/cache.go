package awsaccess

import (
	"context"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
)

// cacheLimit bounds a Cache: As values come from deployment groups, of which anybody may make many.
const cacheLimit = 4096

// Cache keeps one value per As, typically a service client, whose making costs far more than a call. It is safe for
// concurrent use.
type Cache[T any] struct {
	build func(context.Context, As) (T, error)

	mu     sync.RWMutex
	values map[As]T
}

// NewCache returns an empty cache that makes its values with build. Errors are not kept.
func NewCache[T any](build func(context.Context, As) (T, error)) *Cache[T] {
	return &Cache[T]{build: build, values: make(map[As]T)}
}

// Clients is a cache of service clients made from a's configurations.
func Clients[T any](a *Access, newClient func(aws.Config) T) *Cache[T] {
	return NewCache(func(ctx context.Context, as As) (T, error) {
		cfg, err := a.Config(ctx, as)
		if err != nil {
			return *new(T), err
		}
		return newClient(cfg), nil
	})
}

// Get returns the value of as, making it if there is none. Concurrent first calls agree on one value.
func (c *Cache[T]) Get(ctx context.Context, as As) (T, error) {
	c.mu.RLock()
	v, ok := c.values[as]
	c.mu.RUnlock()
	if ok {
		return v, nil
	}
	made, err := c.build(ctx, as)
	if err != nil {
		return made, err
	}
	return c.keep(as, made), nil
}

// keep stores made unless somebody was faster. A full cache drops any one value: it is rebuilt when it is needed again.
func (c *Cache[T]) keep(as As, made T) T {
	c.mu.Lock()
	defer c.mu.Unlock()
	if v, ok := c.values[as]; ok {
		return v
	}
	if len(c.values) >= cacheLimit {
		for victim := range c.values {
			delete(c.values, victim)
			break
		}
	}
	c.values[as] = made
	return made
}
