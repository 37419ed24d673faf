package dev

import (
	"archive/zip"
	"bytes"
	"context"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"

	"greenlight/internal/clock"
)

const account = "111122223333"

// start runs dev on a new data directory until the test ends.
func start(t *testing.T) *Dev {
	t.Helper()
	d, err := Open(t.Context(), Options{Listen: "127.0.0.1:0", Data: t.TempDir(), Clock: clock.Real})
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.WithoutCancel(t.Context()))
	ended := make(chan error, 1)
	go func() { ended <- d.Run(ctx) }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	return d
}

// config is what an SDK needs to know to reach d.
func (d *Dev) config() aws.Config {
	return aws.Config{
		BaseEndpoint: &d.URL, Region: "us-east-1", RetryMaxAttempts: 1,
		Credentials: credentials.NewStaticCredentialsProvider(account, "any", ""),
	}
}

func must[T any](v T, err error) func(*testing.T) T {
	return func(t *testing.T) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// functionZip is a deployment package that is never invoked.
func functionZip(t *testing.T, marker string) []byte {
	t.Helper()
	var packed bytes.Buffer
	archive := zip.NewWriter(&packed)
	entry := must(archive.Create("bootstrap"))(t)
	must(entry.Write([]byte("#!/bin/sh\n# " + marker + "\n")))(t)
	if err := archive.Close(); err != nil {
		t.Fatal(err)
	}
	return packed.Bytes()
}
