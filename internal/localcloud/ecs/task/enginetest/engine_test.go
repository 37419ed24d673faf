package enginetest

import (
	"context"
	"testing"

	"github.com/moby/moby/client"
)

// TestEngine shows that an engine starts, takes an image and comes back with it.
func TestEngine(t *testing.T) {
	e := Start(t)
	name := e.Image(t, "greenlight-test/busybox:1", map[string]string{"www/index.html": "hello"})
	e.Down(t)
	e.Up(t)
	c, err := client.New(client.WithHost(e.Address))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	image, err := c.ImageInspect(context.Background(), name)
	if err != nil {
		t.Fatal(err)
	}
	if image.ID == "" {
		t.Error("the image has no id")
	}
}
