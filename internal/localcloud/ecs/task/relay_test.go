package task

import (
	"io"
	"net"
	"net/netip"
	"testing"
)

// TestRelay passes bytes both ways, to those who are let in.
func TestRelay(t *testing.T) {
	for name, c := range map[string]struct {
		from string
		want string
	}{"inside": {"127.0.0.0/8", "echo"}, "outside": {"192.0.2.0/24", ""}} {
		t.Run(name, func(t *testing.T) {
			echo, inside := echoServer(t), listen(t)
			r := &relay{listener: inside, from: netip.MustParsePrefix(c.from), to: echo, open: map[net.Conn]bool{}}
			r.work.Go(r.accept)
			defer r.close()
			conn, err := net.Dial("tcp", inside.Addr().String())
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close()
			_, _ = conn.Write([]byte("echo")) // fails when the relay has hung up
			_ = conn.(*net.TCPConn).CloseWrite()
			got, _ := io.ReadAll(conn)
			if string(got) != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

// TestRelayCloses ends connections that nobody else would.
func TestRelayCloses(t *testing.T) {
	echo, inside := echoServer(t), listen(t)
	r := &relay{listener: inside, from: netip.MustParsePrefix("127.0.0.0/8"), to: echo, open: map[net.Conn]bool{}}
	r.work.Go(r.accept)
	conn, err := net.Dial("tcp", inside.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, err := conn.Write([]byte("x")); err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadFull(conn, make([]byte, 1)); err != nil {
		t.Fatal(err)
	}
	r.close()
	if _, err := conn.Read(make([]byte, 1)); err == nil {
		t.Error("the connection is still open")
	}
}

func listen(t *testing.T) net.Listener {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	return l
}

func echoServer(t *testing.T) string {
	t.Helper()
	l := listen(t)
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer conn.Close()
				_, _ = io.Copy(conn, conn)
			}()
		}
	}()
	return l.Addr().String()
}
