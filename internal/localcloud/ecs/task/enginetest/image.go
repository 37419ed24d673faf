package enginetest

import (
	"archive/tar"
	"bytes"
	"context"
	"io"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/moby/moby/client"
)

// applets are the programs of busybox that images have.
var applets = []string{"sh", "cat", "echo", "env", "false", "httpd", "id", "kill", "ls", "nc", "sleep", "tail", "touch",
	"test", "true", "wget"}

// Image makes an image of busybox and the given files (path without the leading slash to content; all executable), and
// returns its name. Changes are lines of a Dockerfile, as `CMD ["httpd", "-f"]`.
func (e *Engine) Image(t testing.TB, name string, files map[string]string, changes ...string) string {
	t.Helper()
	c, err := client.New(client.WithHost(e.Address))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = c.Close() }()
	result, err := c.ImageImport(context.Background(),
		client.ImageImportSource{Source: rootFS(t, files), SourceName: "-"}, name, client.ImageImportOptions{Changes: changes})
	if err != nil {
		t.Fatal(err)
	}
	defer result.Close()
	said, err := io.ReadAll(result)
	if err != nil || strings.Contains(string(said), `"error"`) {
		t.Fatalf("importing %s: %v: %s", name, err, said)
	}
	return name
}

func rootFS(t testing.TB, files map[string]string) io.Reader {
	t.Helper()
	program, err := os.ReadFile(busybox)
	if err != nil {
		t.Skipf("no busybox to make images of: %v; get it with: %s", err, Install)
	}
	var archive bytes.Buffer
	w := tar.NewWriter(&archive)
	for _, dir := range []string{"bin/", "etc/", "tmp/", "proc/", "sys/", "dev/", "run/"} {
		write(t, w, tar.Header{Typeflag: tar.TypeDir, Name: dir, Mode: 0o755}, nil)
	}
	write(t, w, tar.Header{Typeflag: tar.TypeReg, Name: "bin/busybox", Mode: 0o755}, program)
	for _, applet := range applets {
		write(t, w, tar.Header{Typeflag: tar.TypeSymlink, Name: "bin/" + applet, Linkname: "busybox", Mode: 0o777}, nil)
	}
	write(t, w, tar.Header{Typeflag: tar.TypeReg, Name: "etc/passwd", Mode: 0o644},
		[]byte("root:x:0:0::/:/bin/sh\nnobody:x:65534:65534::/:/bin/sh\n"))
	for _, path := range slices.Sorted(maps.Keys(files)) {
		write(t, w, tar.Header{Typeflag: tar.TypeReg, Name: path, Mode: 0o755}, []byte(files[path]))
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return &archive
}

func write(t testing.TB, w *tar.Writer, h tar.Header, content []byte) {
	t.Helper()
	h.Size = int64(len(content))
	if err := w.WriteHeader(&h); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(content); err != nil {
		t.Fatal(err)
	}
}
