// Command greenlight is a deployment controller that speaks the AWS CodeDeploy
// API, and its client.
package main

import (
	"os"

	"greenlight/internal/cli"
)

func main() {
	os.Exit(cli.Main(os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}
