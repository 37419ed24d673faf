// Command proxybench is the parts around a proxy under load, each a process of
// its own, and Greenlight's proxy as one:
//
//	proxybench upstream                              prints the addresses of two small servers
//	proxybench balance TARGET TARGET                 prints the address of the proxy
//	proxybench load ADDRESS CONNECTIONS DURATION     prints requests answered and failed
//
// The first two serve until their standard input ends.
package main

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"os"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"greenlight/internal/localcloud/elb/proxy"
)

func main() {
	switch os.Args[1] {
	case "upstream":
		fmt.Println(small(), small())
		_, _ = io.Copy(io.Discard, os.Stdin)
	case "balance":
		fmt.Println(balance(os.Args[2:]))
		_, _ = io.Copy(io.Discard, os.Stdin)
	case "load":
		connections, err := strconv.Atoi(os.Args[3])
		must(err)
		lasts, err := time.ParseDuration(os.Args[4])
		must(err)
		answered, failed := load(os.Args[2], connections, lasts)
		fmt.Println(answered, failed)
	}
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}

var answer = []byte("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 13\r\n\r\nHello, world!")

// small is a server that answers whatever is asked as cheaply as can be.
func small() string {
	socket, err := net.Listen("tcp", "127.0.0.1:0")
	must(err)
	go func() {
		for {
			c, err := socket.Accept()
			must(err)
			go serve(c)
		}
	}()
	return socket.Addr().String()
}

func serve(c net.Conn) {
	defer c.Close()
	r := bufio.NewReader(c)
	for {
		line, err := r.ReadSlice('\n')
		if err != nil {
			return
		}
		if len(line) > 2 {
			continue
		}
		if _, err := c.Write(answer); err != nil {
			return
		}
	}
}

// balance is the proxy as a listener of the local cloud uses it.
func balance(targets []string) net.Addr {
	group := proxy.NewGroup()
	group.Set(targets)
	l, err := proxy.Listen("127.0.0.1:0", proxy.Options{})
	must(err)
	l.Swap(nil, proxy.Action{Forward: &proxy.Forward{Groups: []proxy.Weighted{{Group: group, ARN: "arn", Weight: 1}}}})
	return l.Addr()
}

// load asks on all connections until the time is over.
func load(address string, connections int, lasts time.Duration) (answered, failed int64) {
	var all sync.WaitGroup
	var bad atomic.Int64
	var good atomic.Int64
	end := time.Now().Add(lasts)
	for range connections {
		all.Go(func() {
			for time.Now().Before(end) {
				n, err := ask(address, end)
				good.Add(n)
				if err != nil {
					bad.Add(1)
				}
			}
		})
	}
	all.Wait()
	return good.Load(), bad.Load()
}

// ask uses one connection until the end or a failure.
func ask(address string, end time.Time) (n int64, err error) {
	c, err := net.Dial("tcp", address)
	if err != nil {
		return 0, err
	}
	defer c.Close()
	request := []byte("GET /hello HTTP/1.1\r\nHost: " + address + "\r\nUser-Agent: bench\r\nAccept: */*\r\n\r\n")
	r := bufio.NewReader(c)
	for time.Now().Before(end) {
		if _, err := c.Write(request); err != nil {
			return n, err
		}
		if err := read(r); err != nil {
			return n, err
		}
		n++
	}
	return n, nil
}

// read reads an answer and checks it.
func read(r *bufio.Reader) error {
	line, err := r.ReadSlice('\n')
	if err != nil {
		return err
	}
	if !bytes.HasPrefix(line, []byte("HTTP/1.1 200 ")) {
		return fmt.Errorf("answered %q", line)
	}
	for len(line) > 2 {
		if line, err = r.ReadSlice('\n'); err != nil {
			return err
		}
	}
	body, err := r.Peek(13)
	if err != nil {
		return err
	}
	if string(body) != "Hello, world!" {
		return fmt.Errorf("the body was %q", body)
	}
	_, err = r.Discard(13)
	return err
}
