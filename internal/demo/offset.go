package demo

import (
	"errors"
	"math/rand/v2"
	"net"
	"strconv"
)

// The ports of the load balancer's listeners, as on AWS.
const (
	clientPort = 80
	testPort   = 8080
)

// Listeners are bound between firstOffset and firstOffset+offsets and above by
// their own port: below what systems give to outgoing connections, of which the
// demo makes many.
const (
	firstOffset = 10_000
	offsets     = 12_000
)

// freeOffset is what can be added to some ports so that all of them are free.
func freeOffset(ports ...int) (int, error) {
	for range 100 {
		offset := firstOffset + rand.IntN(offsets)
		if free(offset, ports) {
			return offset, nil
		}
	}
	return 0, errors.New("no free ports were found for the load balancer")
}

func free(offset int, ports []int) bool {
	for _, port := range ports {
		listener, err := net.Listen("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(offset+port)))
		if err != nil {
			return false
		}
		_ = listener.Close() // it was only to see
	}
	return true
}
