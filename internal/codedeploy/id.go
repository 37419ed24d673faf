package codedeploy

import (
	"crypto/rand"
	"fmt"
	"regexp"
)

const (
	deploymentIDPrefix   = "d-"
	deploymentIDLength   = 9
	deploymentIDAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
)

var (
	deploymentIDPattern = regexp.MustCompile(`^d-[A-Z0-9]{9}$`)
	namePattern         = regexp.MustCompile(`^[A-Za-z0-9+=,.@_-]+$`) // and at most 100: a count would be compiled into as many copies
)

// NewDeploymentID returns a fresh deployment id such as d-75I7MBT7C (api.md 2).
// With 36^9 of them a fresh one is taken already with a chance of one in 10^14
// per stored id. Nobody draws again: the store refuses such an id, and the
// caller gets an internal fault and may repeat the call.
func NewDeploymentID() string {
	// Bytes from the last, incomplete round of the alphabet are dropped: they
	// would make its first letters likelier.
	const usable = 256 - 256%len(deploymentIDAlphabet)
	id := []byte(deploymentIDPrefix)
	for len(id) < len(deploymentIDPrefix)+deploymentIDLength {
		var drawn [1]byte
		rand.Read(drawn[:]) // never fails (crypto/rand)
		if int(drawn[0]) < usable {
			id = append(id, deploymentIDAlphabet[int(drawn[0])%len(deploymentIDAlphabet)])
		}
	}
	return string(id)
}

// IsDeploymentID says whether text has the form of a deployment id. A text that
// has not is an InvalidDeploymentIdException (api.md 2).
func IsDeploymentID(text string) bool { return deploymentIDPattern.MatchString(text) }

// NewUUID returns a random UUID (version 4) in lower case: the form of
// application, deployment group and deployment configuration ids.
func NewUUID() string {
	var id [16]byte
	rand.Read(id[:]) // never fails (crypto/rand)
	id[6] = id[6]&0x0f | 0x40
	id[8] = id[8]&0x3f | 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", id[0:4], id[4:6], id[6:8], id[8:10], id[10:16])
}

// IsName says whether text can name an application, a deployment group or a
// deployment configuration: 1 to 100 characters of A-Z a-z 0-9 + = , . @ _ -
// (api.md 2).
func IsName(text string) bool { return len(text) <= 100 && namePattern.MatchString(text) }
