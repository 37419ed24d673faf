package bench

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"

	"greenlight/internal/api"
	"greenlight/internal/awsaccess"
	"greenlight/internal/awswire"
	"greenlight/internal/clock"
	"greenlight/internal/codedeploy"
	"greenlight/internal/lambdadriver/lambdatest"
	"greenlight/internal/server"
	"greenlight/internal/store"
)

// endpoint is a server that is asked over TCP with signed requests.
type endpoint struct {
	b       *testing.B
	address string
	created int // applications, so far
}

// signed is a request in its bytes on the wire, and one that warms a
// connection up.
type signed struct{ bytes, warm []byte }

const secretKey = "a/secret+of/the=bench"

// keyring knows one caller, with the rights of the whole account.
type keyring struct{}

func (keyring) Key(id string) (awswire.Secret, bool) {
	return awswire.Secret{SecretAccessKey: secretKey, Account: account, PrincipalARN: "arn:aws:iam::" + account + ":root"}, id == account
}

// newSigned serves a database that has so many applications and ended
// deployments, with verified signatures, until the benchmark ends.
func newSigned(b *testing.B, rows int) *endpoint {
	b.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	db, err := store.Open(ctx, databasePath(b))
	must(b, err)
	fill(b, db, rows)
	now, err := server.OpenClock(ctx, db, clock.Real)
	must(b, err)
	controller, err := server.Open(ctx, server.Options{
		Store: db, Clock: now, Auth: awswire.Signed(keyring{}, time.Now),
		Access: awsaccess.New(awsaccess.Options{Base: aws.Config{HTTPClient: lambdatest.New().Client()}}),
		Quotas: api.Quotas{Applications: 1e6},
	})
	must(b, err)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	must(b, err)
	var done sync.WaitGroup
	done.Go(func() { must(b, controller.Live(ctx, listener)) })
	b.Cleanup(func() {
		cancel()
		done.Wait()
		must(b, db.Close())
	})
	return &endpoint{b: b, address: listener.Addr().String()}
}

// fill writes rows as the operations would, a thousand in a transaction.
func fill(b *testing.B, db *store.Store, rows int) {
	b.Helper()
	scope := store.Scope{Account: account, Region: region}
	began := time.Now().Add(-time.Duration(rows) * time.Second)
	for from := 0; from < rows; from += 1000 {
		must(b, db.Tx(b.Context(), func(tx *store.Tx) error {
			for i := from; i < min(rows, from+1000); i++ {
				at := began.Add(time.Duration(i) * time.Second)
				if err := insertRow(tx, scope, i, at); err != nil {
					return err
				}
			}
			return nil
		}))
	}
}

func insertRow(tx *store.Tx, scope store.Scope, i int, at time.Time) error {
	name := application(i)
	err := tx.CreateApplication(store.Application{Scope: scope, ID: codedeploy.NewUUID(), Name: name,
		ComputePlatform: codedeploy.ComputePlatformLambda, CreateTime: at})
	if err != nil {
		return err
	}
	return tx.InsertDeployment(store.Deployment{
		Scope: scope, ID: codedeploy.NewDeploymentID(), ApplicationID: name, GroupID: name, RevisionIdentity: "r",
		Info: codedeploy.DeploymentInfo{
			ApplicationName: name, DeploymentGroupName: "live", DeploymentConfigName: "CodeDeployDefault.LambdaAllAtOnce",
			Status: codedeploy.DeploymentStatusSucceeded, CreateTime: codedeploy.NewTimestamp(at), CompleteTime: codedeploy.NewTimestamp(at),
		},
	})
}

// startMoto runs moto's server and gives it as many rows as the other has; nil
// when it is not on the machine.
func startMoto(b *testing.B) *endpoint {
	b.Helper()
	if err := exec.Command("python3", "-c", "import moto.server, flask").Run(); err != nil {
		b.Logf("skip: python3 has no moto.server: %v", err)
		return nil
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	must(b, err)
	e := &endpoint{b: b, address: listener.Addr().String()}
	must(b, listener.Close()) // for moto to take
	_, port, _ := strings.Cut(e.address, ":")
	cmd := exec.Command("python3", "-m", "moto.server", "-H", "127.0.0.1", "-p", port)
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + b.TempDir()}
	must(b, cmd.Start())
	b.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	until(b, 50*time.Millisecond, func() bool {
		conn, err := net.Dial("tcp", e.address)
		if err == nil {
			_ = conn.Close()
		}
		return err == nil
	})
	e.fill(fewRows)
	return e
}

// fill makes applications and deployments through the API.
func (e *endpoint) fill(rows int) {
	e.b.Helper()
	c := e.dial()
	defer c.close()
	for i := range rows {
		name := application(i)
		c.do(e.sign("CreateApplication", object{"applicationName": name, "computePlatform": "Lambda"}))
		c.do(e.sign("CreateDeploymentGroup", object{"applicationName": name, "deploymentGroupName": "live",
			"serviceRoleArn": "arn:aws:iam::" + account + ":role/deploy", "deploymentStyle": blueGreen}))
		c.do(e.sign("CreateDeployment", object{"applicationName": name, "deploymentGroupName": "live",
			"revision": object{"revisionType": "AppSpecContent", "appSpecContent": object{"content": "{}"}}}))
	}
}

// sign is a request in its bytes on the wire.
func (e *endpoint) sign(operation string, in object) []byte {
	e.b.Helper()
	body, err := json.Marshal(in)
	must(e.b, err)
	r, err := http.NewRequest(http.MethodPost, "http://"+e.address+"/", bytes.NewReader(body))
	must(e.b, err)
	r.Header.Set("Content-Type", "application/x-amz-json-1.1")
	r.Header.Set("X-Amz-Target", "CodeDeploy_20141006."+operation)
	sum := sha256.Sum256(body)
	caller := aws.Credentials{AccessKeyID: account, SecretAccessKey: secretKey}
	must(e.b, v4.NewSigner().SignHTTP(e.b.Context(), caller, r, hex.EncodeToString(sum[:]), "codedeploy", region, time.Now()))
	var wire bytes.Buffer
	must(e.b, r.Write(&wire))
	return wire.Bytes()
}

// connection is a client that does no more than it must, as those of load
// generators: on a small machine what it costs is taken from the server. It dials
// again when the server has closed, as moto's does after every answer.
type connection struct {
	*endpoint
	conn net.Conn // nil: closed
	in   *bufio.Reader
}

func (e *endpoint) dial() *connection { return &connection{endpoint: e} }

func (c *connection) open() {
	var err error
	c.conn, err = net.Dial("tcp", c.address)
	must(c.b, err)
	must(c.b, c.conn.SetDeadline(time.Now().Add(time.Minute)))
	c.in = bufio.NewReader(c.conn)
}

func (c *connection) close() {
	if c.conn != nil {
		_ = c.conn.Close()
	}
	c.conn = nil
}

// do sends a request and reads its answer to the end, which must be 200.
func (c *connection) do(request []byte) {
	if c.conn == nil {
		c.open()
	}
	if _, err := c.conn.Write(request); err != nil {
		c.b.Fatal(err)
	}
	answer, err := readAnswer(c.in)
	if err != nil {
		c.b.Fatal(err)
	}
	if answer.closes {
		c.close()
	}
}

// answer is what a client must know of an answer to go on.
type answer struct {
	length int
	closes bool
}

// readAnswer reads an answer and forgets its body. One that is not 200 is an
// error, and so is one that does not tell its length.
func readAnswer(in *bufio.Reader) (answer, error) {
	status, err := in.ReadSlice('\n')
	if err != nil {
		return answer{}, err
	}
	ok := bytes.HasPrefix(status, []byte("HTTP/1.1 200 "))
	a := answer{length: -1}
	for {
		line, err := in.ReadSlice('\n')
		if err != nil {
			return a, err
		}
		if len(line) <= len("\r\n") {
			break
		}
		if err := a.header(line); err != nil {
			return a, err
		}
	}
	if !ok || a.length < 0 {
		body := make([]byte, max(0, a.length))
		_, _ = io.ReadFull(in, body)
		return a, fmt.Errorf("answered %d bytes, not 200 with a length: %s", a.length, body)
	}
	_, err = in.Discard(a.length)
	return a, err
}

// header takes in a line of the head.
func (a *answer) header(line []byte) (err error) {
	name, value, _ := bytes.Cut(bytes.TrimRight(line, "\r\n"), []byte(": "))
	switch {
	case bytes.EqualFold(name, []byte("Content-Length")):
		a.length, err = strconv.Atoi(string(value))
	case bytes.EqualFold(name, []byte("Connection")):
		a.closes = bytes.EqualFold(value, []byte("close"))
	}
	return err
}
