package elb

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strconv"
	"syscall"
	"time"

	"greenlight/internal/localcloud/elb/proxy"
)

const (
	// shutWait is how long an operation waits for the running requests of a port that it takes away. The port itself is
	// free long before.
	shutWait = time.Second
	// shutGrace is how long those requests may go on after that.
	shutGrace = 30 * time.Second
)

// door is the port of a listener. One that could not be bound again after a restart has neither web nor relay.
type door struct {
	port     int64 // the listener's; another may be bound
	protocol string
	web      *proxy.Listener
	relay    *proxy.Relay
	shown    *listener
}

type doors map[string]*door

func (d *door) bound() bool { return d.web != nil || d.relay != nil }

func (d *door) address() string {
	if d.web != nil {
		return d.web.Addr().String()
	}
	return d.relay.Addr().String()
}

// show makes l what is done with every later request.
func (d *door) show(l *listener, group groupOf) {
	if d.shown == l {
		return
	}
	switch {
	case d.web != nil:
		d.web.Swap(l.proxyRules(group))
	case d.relay != nil:
		d.relay.Swap(l.onlyGroup(group))
	default:
		return
	}
	d.shown = l
}

func (d *door) close(ctx context.Context) error {
	switch {
	case d.web != nil:
		return d.web.Close(ctx)
	case d.relay != nil:
		return d.relay.Close(ctx)
	}
	return nil
}

func (ds doors) close() {
	ended, end := context.WithCancel(context.Background())
	end()
	for _, d := range ds {
		_ = d.close(ended) // nothing was served yet
	}
}

// open binds the ports that a draft's listeners need and do not have. The error is for the client.
func (p *plane) open(d *draft) (doors, error) {
	opened := doors{}
	for arn, document := range d.touched {
		l, isListener := document.(*listener)
		if !isListener {
			continue
		}
		p.mu.RLock()
		old := p.doors[arn]
		p.mu.RUnlock()
		if old != nil && old.port == l.Port && old.protocol == l.Protocol {
			continue
		}
		opened[arn] = &door{port: l.Port, protocol: l.Protocol}
		if err := p.bind(opened[arn], d.world, l); err != nil {
			opened.close()
			return nil, fault(codeInvalidConfiguration, "The port of the listener cannot be bound: %s", err.Error())
		}
	}
	return opened, nil
}

// bind binds the port of a listener. The error tells address and reason.
func (p *plane) bind(d *door, w *world, l *listener) (err error) {
	port := p.options.Port(int(l.Port))
	address := net.JoinHostPort(p.options.Host, strconv.Itoa(port))
	if l.Protocol == protocolTCP {
		idle := read(l.settings(), l.Attributes).seconds(attributeTCPIdle)
		d.relay, err = proxy.ListenTCP(address, proxy.Options{IdleTimeout: idle})
	} else {
		b := w.balancers[l.LoadBalancerARN]
		idle := read(b.settings(), b.Attributes).seconds(attributeIdle)
		d.web, err = proxy.Listen(address, proxy.Options{IdleTimeout: idle})
	}
	if errors.Is(err, syscall.EADDRINUSE) {
		return fmt.Errorf("%s is in use by another load balancer or another program", address)
	}
	return err
}

// shut closes ports. Running requests may go on for a while.
func (p *plane) shut(closing []*door) {
	if len(closing) == 0 {
		return
	}
	all := make(chan struct{}, len(closing))
	for _, d := range closing {
		p.work.Go(func() {
			ctx, cancel := context.WithTimeout(p.ctx, shutGrace)
			defer cancel()
			_ = d.close(ctx) // an error says that requests were cut
			all <- struct{}{}
		})
	}
	enough := time.NewTimer(shutWait)
	defer enough.Stop()
	for range closing {
		select {
		case <-all:
		case <-enough.C:
			return
		}
	}
}
